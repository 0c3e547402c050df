"""The law of the diff: applied to the old text, the edits give the new one. And what is no such diff is refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from diff_match_patch import diff_match_patch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.article import TEXT_FIELDS, Block, BlockKind, Content, Field, Rank
from monitor.core.diff import BrokenDiff, Edit, EditOp, Span, apply, check, diff, patch_text, texts
from monitor.core.diff.patches import patch_of

# -- contents, and what editors and hostile pages make of them

SPACED = """
the ferry council said on Tuesday that it's twenty-two votes, and the harbour’s old iron ramp will stay
1,200 $5.50 12 000 09:28 25.01.2022 3.5% “no” "no" — – … (AP) St. U.S. x
Совет решил оставить паром, заявил мэр №5
قرر المجلس الإبقاء على العبّارة، ١٥ صوتاً مقابل می\u200cخواهد؟
המועצה החליטה להשאיר את המעבורת. צה"ל
परिषद ने कहा कि नौका चलती रहेगी। क्षेत्र
시의회는 여객선을 12명이 15명이 유지하기로
e\u0301te\u0301 été İstanbul straße ﬁn ½ a\u0301\u0302\u0303
👨\u200d👩\u200d👧 👍🏽 🇬🇧 ❤\ufe0f
"""
UNSPACED = "市 議会 は 夜の 船 を 残す と 決めた。 反対、 八人 「帰る道」 สภาเมือง ตัดสินใจ กำ ၁၂ ក្រុម ກໍາ 12 ３"
STOPS = (".", "!", "?", "…", "。", "؟", "।", ".”", '."', ")", "", ":", ";")
BLANKS = st.sampled_from((" ", " ", " ", "", "\n", "\u00a0", "  ", "\u2028"))
KINDS = st.sampled_from(list(BlockKind))
RANKS = st.sampled_from((Rank.CORE, Rank.CORE, Rank.CORE, Rank.PERIPHERAL))


def _sentences(words: str, between: str) -> st.SearchStrategy[str]:
    several = st.lists(st.sampled_from(words.split()), min_size=1, max_size=14)
    return st.builds(lambda chosen, stop: between.join(chosen) + stop, several, st.sampled_from(STOPS))


SENTENCES = _sentences(SPACED, " ") | _sentences(UNSPACED, "")
ODD = "ab ,.“'\u0301\u200d\u200c\u200b\u00ad\ufeff👨👩🇬🇧日12%\n\r\t—กำ\u202e"
STRANGE = st.text(max_size=12) | st.text(alphabet=ODD, max_size=12)


@st.composite
def _paragraphs(draw: st.DrawFn) -> str:
    sentences = draw(st.lists(SENTENCES, max_size=4))
    return "".join(sentence + draw(BLANKS) for sentence in sentences[:-1]) + "".join(sentences[-1:])


TEXTS = _paragraphs() | STRANGE
Texts = list[str]
Alteration = Callable[[Texts, int, int, str], None]


def _moved(texts: Texts, here: int, there: int, _: str) -> None:
    texts.insert(there, texts.pop(here))


def _swapped(texts: Texts, here: int, there: int, _: str) -> None:
    texts[here], texts[there] = texts[there], texts[here]


def _reworded(texts: Texts, here: int, there: int, new: str) -> None:
    words = texts[here].split(" ")
    words[there % len(words)] = new[:9]
    texts[here] = " ".join(words)


def _split(texts: Texts, here: int, there: int, _: str) -> None:
    middle = len(texts[here]) * (1 + there % 3) // 4
    texts[here : here + 1] = [texts[here][:middle], texts[here][middle:]]


def _merged(texts: Texts, here: int, _: int, new: str) -> None:
    texts[here : here + 2] = [new[:1].join(texts[here : here + 2])]


def _added(texts: Texts, here: int, _: int, new: str) -> None:
    texts.insert(here, new)


def _deleted(texts: Texts, here: int, _: int, __: str) -> None:
    del texts[here]


def _repeated(texts: Texts, here: int, there: int, _: str) -> None:
    texts.insert(there, texts[here])


def _spaced(texts: Texts, here: int, _: int, __: str) -> None:
    texts[here] = texts[here].replace(" ", "\u00a0").replace('"', "”")


ALTERATIONS: Sequence[Alteration] = (_moved, _swapped, _reworded, _split, _merged, _added, _deleted, _repeated, _spaced)


@st.composite
def _revised(draw: st.DrawFn, olds: Sequence[str]) -> Texts:
    news = list(olds)
    for _ in range(draw(st.integers(0, 5))):
        if news:
            at = st.integers(0, len(news) - 1)
            draw(st.sampled_from(ALTERATIONS))(news, draw(at), draw(at), draw(TEXTS))
    return news


def _blocks(draw: st.DrawFn, paragraphs: Sequence[str]) -> tuple[Block, ...]:
    return tuple(Block(draw(KINDS), text, draw(RANKS)) for text in paragraphs)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Content, Content]:
    """A Content and another one: mostly its revision, at times something else altogether."""
    body, few, one = st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=3), st.none() | TEXTS
    related = draw(st.integers(0, 7)) > 0

    def two(texts: st.SearchStrategy[list[str]]) -> tuple[list[str], list[str]]:
        olds = draw(texts)
        return olds, draw(_revised(olds) if related else texts)

    (old_body, new_body), bylines, captions, corrections = two(body), two(few), two(few), two(few)
    headlines, standfirsts = (draw(one), draw(one)), (draw(one), draw(one))
    old, new = (
        Content(
            url="https://example.org/ferry",
            headline=headlines[side],
            standfirst=standfirsts[side],
            byline=tuple(bylines[side]),
            blocks=_blocks(draw, (old_body, new_body)[side]),
            captions=tuple(captions[side]),
            corrections=tuple(corrections[side]),
        )
        for side in (0, 1)
    )
    return old, new


def _holds(old: Content, new: Content) -> None:
    edits = diff(old, new)
    check(edits, old, new)
    assert apply(edits, old) == {field: texts(new, field) for field in TEXT_FIELDS}


SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


@given(revision=revisions())
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
def test_the_edits_turn_any_text_into_any_other(revision: tuple[Content, Content]) -> None:
    _holds(*revision)


@pytest.mark.full
@given(revision=revisions())
@settings(max_examples=10_000, deadline=None, suppress_health_check=SLOW)
def test_the_edits_turn_ten_thousand_texts_into_others(revision: tuple[Content, Content]) -> None:
    _holds(*revision)


# -- the patch


def _patches(old: str, new: str, patch: str) -> bool:
    """Whether the package, given the patch, makes the new text of the old one."""
    engine = diff_match_patch()
    text, applied = engine.patch_apply(engine.patch_fromText(patch), old)
    return bool(text == new and all(applied))


@given(revision=revisions())
@settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
def test_the_patch_applies_to_the_old_body_with_diff_match_patch(revision: tuple[Content, Content]) -> None:
    old, new = ("\n".join(texts(side, Field.BODY)) for side in revision)

    assert _patches(old, new, patch_text(*revision))


@given(st.lists(st.tuples(SENTENCES, SENTENCES, st.integers(0, 40)), max_size=6), st.integers(0, 300))
@settings(max_examples=50, deadline=None)
def test_a_patch_made_piece_by_piece_applies_as_well(edits: list[tuple[str, str, int]], piece: int) -> None:
    kept = "The boat leaves the quay at ten. 🇬🇧 "
    ops = [op for old, new, times in edits for op in (("-", old), ("+", new), ("=", kept * times)) if op[1]]
    old, new = ("".join(text for op, text in ops if op != gone) for gone in "+-")

    assert _patches(old, new, patch_of(ops, piece))


def test_pieces_change_nothing_of_a_patch_that_needs_no_wide_context() -> None:
    kept = [" ".join(f"boat{ten + one}" for one in range(20)) for ten in range(100, 900, 20)]
    ops = [op for text in kept for op in (("=", text), ("-", text[:7].upper()), ("+", "new"))]

    assert patch_of(ops, 500) == patch_of(ops)


def test_a_short_run_between_two_edits_is_never_parted() -> None:
    ops = [op for at in range(100, 140) for op in (("=", f"boat{at} "), ("-", f"OLD{at}"), ("+", "new"))]

    assert patch_of(ops, 1) == patch_of(ops)


# -- what is refused


def _article(*paragraphs: str) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/ferry", blocks=blocks)


def _edit(op: EditOp, old_at: int | None, new_at: int | None, *spans: Span, field: Field = Field.BODY) -> Edit:
    """An edit whose texts are what its spans spell."""
    old, new = ("".join(text for op, text in spans if op != gone) for gone in ("insert", "delete"))
    return Edit(field=field, op=op, old=old, new=new, spans=spans, old_at=old_at, new_at=new_at)


BOAT, QUAY, RAMP = "The boat stays.", "The quay is closed.", "The ramp is new."
OLD = _article(BOAT, QUAY)
KEPT = (_edit(EditOp.EQUAL, 0, 0, ("equal", BOAT)), _edit(EditOp.EQUAL, 1, 1, ("equal", QUAY)))

FORGERIES: dict[str, tuple[Edit, ...]] = {
    "an old paragraph is in no edit": KEPT[:1],
    "an old paragraph is taken twice": (KEPT[0], replace(KEPT[0], new_at=1)),
    "the old text stands elsewhere": (replace(KEPT[0], old_at=1), replace(KEPT[1], old_at=0)),
    "the old text is another": (_edit(EditOp.REPLACE, 0, 0, ("delete", RAMP), ("insert", BOAT)), KEPT[1]),
    "the new text has a gap": (KEPT[0], replace(KEPT[1], new_at=2)),
    "text that stands nowhere is deleted": (*KEPT, _edit(EditOp.DELETE, None, None, ("delete", RAMP))),
    "text is inserted nowhere": (*KEPT, _edit(EditOp.INSERT, None, None, ("insert", RAMP))),
    "the spans delete other text": (replace(KEPT[0], spans=(("delete", RAMP[:15]), ("insert", BOAT))), KEPT[1]),
    "the spans leave old text out": (replace(KEPT[0], op=EditOp.REPLACE, spans=(("insert", BOAT),)), KEPT[1]),
    "the spans make other text": (
        replace(KEPT[0], op=EditOp.REPLACE, spans=(("equal", BOAT), ("insert", "!"))),
        KEPT[1],
    ),
    "what is called equal is not": (_edit(EditOp.EQUAL, 0, 0, ("equal", BOAT), ("insert", "!")), KEPT[1]),
    "a field without text is edited": (*KEPT, _edit(EditOp.DELETE, 0, None, ("delete", RAMP), field=Field.UPDATED)),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_edits_that_do_not_hold_are_refused(forgery: str) -> None:
    with pytest.raises(BrokenDiff):
        apply(FORGERIES[forgery], OLD)


def test_edits_are_applied_in_any_order() -> None:
    edits = (
        _edit(EditOp.INSERT, None, 1, ("insert", RAMP)),
        _edit(EditOp.MOVE, 0, 2, ("equal", BOAT)),
        _edit(
            EditOp.REPLACE, 1, 0, ("equal", "The quay is "), ("delete", "closed"), ("insert", "open"), ("equal", ".")
        ),
    )

    assert apply(edits, OLD)[Field.BODY] == ("The quay is open.", RAMP, BOAT)


def test_a_diff_is_no_proof_of_another_text() -> None:
    edits = diff(OLD, _article(BOAT, RAMP))

    with pytest.raises(BrokenDiff):
        check(edits, OLD, _article(BOAT, QUAY))
    with pytest.raises(BrokenDiff):
        check(edits, _article(QUAY, BOAT), _article(BOAT, RAMP))
