"""What every rendering shares: what is shown, what is folded, what is marked, and what is said beside it."""

from typing import cast

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp, Span, SpanOp, diff
from monitor.core.facts import Fact, FactKind, Notice
from monitor.render.cuts import abridged, head, tail
from monitor.render.passages import (
    Fold,
    Left,
    bracketed,
    clipped,
    fact_lines,
    is_rewritten,
    marked,
    note,
    sections,
    shown,
)
from tests.render.articles import (
    EDITED,
    FAMILY,
    FILLER,
    FIRE,
    JOINED,
    MAYOR,
    MOVED,
    OWNER,
    SPLIT,
    article,
    edit_of,
)

NOTE = FactKind.CORRECTION


def side(spans: tuple[Span, ...], gone: SpanOp) -> str:
    return "".join(text for op, text in spans if op != gone)


# Which paragraphs


def test_only_fields_that_changed_are_told() -> None:
    old = article(FIRE, headline="Fire", captions=("A photo",))
    new = article(OWNER, headline="Fire", captions=("A photo",))

    assert [section.field for section in sections(diff(old, new))] == [Field.BODY]


def test_unchanged_paragraphs_fold_to_one_of_context() -> None:
    _, body = sections(EDITED)
    first, before, fold, after, last = body.rows

    assert isinstance(first, Edit)
    assert isinstance(last, Edit)
    assert (first.op, last.op) == (EditOp.REPLACE, EditOp.DELETE)
    assert [row.new for row in (before, after) if isinstance(row, Edit)] == [FILLER[0], FILLER[-1]]
    assert isinstance(fold, Fold)
    assert fold.label == "… 4 unchanged paragraphs"


def test_a_single_unchanged_paragraph_is_not_worth_folding() -> None:
    old = article("a b c", *FILLER[:3], "d e f")
    (body,) = sections(diff(old, article("a b x", *FILLER[:3], "d e y")))

    assert not any(isinstance(row, Fold) for row in body.rows)


def test_the_place_that_a_paragraph_left_is_between_its_former_neighbours() -> None:
    old = article(FIRE, *FILLER[:3], OWNER, *FILLER[3:], MAYOR)
    new = article(FIRE, OWNER, *FILLER, MAYOR)
    (body,) = sections(diff(old, new))

    at = next(at for at, place in enumerate(body.places) if isinstance(place, Left))
    neighbours = [place.new for place in (body.places[at - 1], body.places[at + 1]) if isinstance(place, Edit)]
    assert neighbours == [FILLER[2], FILLER[3]]
    assert not any(isinstance(row, Left) for row in body.rows)


def test_a_paragraph_that_left_the_end_is_told_at_the_end() -> None:
    (body,) = sections(diff(article(OWNER, MAYOR, FIRE), article(FIRE, OWNER, MAYOR)))
    last = body.places[-1]

    assert isinstance(last, Left)
    assert last.label == "paragraph 3 moved to 1: At least 12 people died in a fire at a…"


def test_captions_are_not_called_paragraphs() -> None:
    captions = ("The harbour on Monday, seen from the lighthouse", *FILLER)
    (section,) = sections(diff(article(captions=captions), article(captions=(*captions[1:], captions[0]))))

    labels = [place.label for place in section.places if not isinstance(place, Edit)]
    assert labels == ["caption 1 moved to 7: The harbour on Monday, seen from the…", "… 4 unchanged captions"]


# What is marked


@pytest.mark.parametrize(
    ("old", "new", "whole"),
    [
        ("Mayor resigns after fire", "City votes in the autumn", True),
        ("Fire kills 12 at textile factory", "Fire kills 17 at textile factory", False),
        ("Mayor to resign over fire, sources say", "Mayor: I will not go before the election", True),
        ("It is over.", "It is over. " + MAYOR * 3, False),
        (f"{MAYOR} {OWNER} It is over.", "It is over.", False),
    ],
)
def test_where_less_than_a_third_survives_the_whole_is_shown(old: str, new: str, whole: bool) -> None:
    edit = edit_of(old, new)

    assert is_rewritten(edit) is whole
    assert (marked(edit) == (("delete", old), ("insert", new))) is whole


@pytest.mark.parametrize(("kept", "whole"), [(9, True), (11, False)])
def test_the_limit_is_a_third_of_the_shorter_text(kept: int, whole: bool) -> None:
    spans = (("equal", "k" * kept), ("delete", "d" * (30 - kept)), ("insert", "i" * (60 - kept)))
    old, new = side(cast(tuple[Span, ...], spans), "insert"), side(cast(tuple[Span, ...], spans), "delete")
    edit = Edit(field=Field.BODY, op=EditOp.REPLACE, old=old, new=new, spans=cast(tuple[Span, ...], spans))

    assert is_rewritten(edit) is whole


def test_in_a_mixed_change_typographic_ones_are_plain_and_counted() -> None:
    edit = edit_of('The "mayor" said it\'s over: 12 dead...', "The “mayor” said it’s over: 17 dead…")

    assert marked(edit) == (
        ("equal", "The “mayor” said it’s over: "),
        ("delete", "12"),
        ("insert", "17"),
        ("equal", " dead…"),
    )
    assert note(edit) == "+4 typographic changes"


def test_a_dash_beside_a_number_that_changed_is_not_marked() -> None:
    edit = edit_of("The mayor said it is over - 12 people died", "The mayor said it is over – 17 people died")

    assert ("delete", "12") in marked(edit)
    assert note(edit) == "+1 typographic change"


def test_where_nothing_else_differs_typographic_changes_are_marked() -> None:
    edit = edit_of('He said "no" and left', "He said “no” and left")

    assert ("insert", "“") in marked(edit)
    assert note(edit) == "no word differs"


def test_a_word_that_goes_is_marked_even_beside_quotation_marks() -> None:
    edit = edit_of('He has "not" been charged by them', "He has been “duly” charged by them")

    assert "not" in "".join(text for op, text in marked(edit) if op == "delete")
    assert "duly" in "".join(text for op, text in marked(edit) if op == "insert")


def test_a_split_is_marked_by_the_break_alone() -> None:
    (edit,) = SPLIT

    assert [span for span in marked(edit) if span[0] != "equal"] == [("insert", "\n")]
    assert note(edit) == "paragraph split, no word differs"


def test_joined_paragraphs_are_marked_by_the_break_that_is_gone() -> None:
    (edit,) = JOINED

    assert ("delete", "\n") in marked(edit)
    assert ("insert", " ") not in marked(edit)
    assert note(edit) == "paragraphs joined"


def test_a_break_beside_other_words_stays_marked() -> None:
    spans: tuple[Span, ...] = (("equal", "a b c d"), ("delete", " 12 e"), ("insert", "\n17 e"), ("equal", " f g h i"))
    old, new = side(spans, "insert"), side(spans, "delete")
    edit = Edit(field=Field.BODY, op=EditOp.REPLACE, old=old, new=new, spans=spans)

    assert ("insert", "\n17 ") in marked(edit)
    assert note(edit) == "paragraph split"


def test_a_move_says_from_where_to_where() -> None:
    (move,) = (edit for edit in MOVED if edit.op is EditOp.MOVE)

    assert note(move) == "moved from paragraph 1 to 3"


words = st.lists(
    st.sampled_from(["mayor", "fire", "12", "17", '"no"', "“no”", "it's", "it’s", "-", "–", "...", "…", "'", "中文"]),
    max_size=14,
).map(" ".join)


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_what_is_shown_spells_the_new_text_and_marks_no_word_that_stayed(old: list[str], new: list[str]) -> None:
    for edit in diff(article(*filter(None, old)), article(*filter(None, new))):
        shown_spans = marked(edit)
        assert side(shown_spans, "delete") == edit.new
        gone = "".join(text for op, text in shown_spans if op == "delete")
        assert not regex.sub(r"\s", "", gone) or any(ch in edit.old for ch in gone)


# Cutting


graphemes = st.lists(
    st.sampled_from([*"abc", " ", "e\u0301", "कि", FAMILY, "🇩🇪", "👍🏽", "中", "x\u0301\u0302\u0303"]), max_size=60
).map("".join)


@given(graphemes, st.integers(1, 40))
def test_a_cut_falls_between_graphemes(text: str, limit: int) -> None:
    whole = regex.findall(r"\X", text)
    start, end = head(text, limit), tail(text, limit)

    assert len(start) <= limit
    assert len(end) <= limit
    if start != text:
        kept = regex.findall(r"\X", start.removesuffix("…"))
        assert kept == whole[: len(kept)]
    if end != text:
        kept = regex.findall(r"\X", end.removeprefix("…"))
        assert kept == whole[len(whole) - len(kept) :]


def test_a_cut_falls_between_words_where_there_are_any() -> None:
    assert head("The blaze broke out shortly before 22:00 on Monday", 38) == "The blaze broke out shortly before…"
    assert tail("The blaze broke out shortly before 22:00 on Monday", 20) == "…22:00 on Monday"


def test_a_long_passage_is_cut_down_to_what_it_changes() -> None:
    long = "word " * 5_000
    spans = abridged([("equal", long), ("delete", "12"), ("insert", "17"), ("equal", long)], 100, 40, 10)

    assert [span for span in spans if span[0] != "equal"] == [("delete", "12"), ("insert", "17")]
    assert sum(len(text) for _, text in spans) < 100


def test_of_many_changes_the_first_are_told_and_the_rest_hinted_at() -> None:
    changes: list[Span] = [("equal", "a "), ("insert", "b ")] * 50

    assert abridged(changes, 100, 40, 10) == [*changes[:10], ("equal", "…")]


# Words beside


def test_brackets_of_a_page_are_not_taken_for_ours() -> None:
    assert bracketed(("insert", "a [-forged-] {+mark+}")) == "{+a [ -forged- ] { +mark+ }+}"


def test_a_break_stands_outside_the_bracket() -> None:
    assert bracketed(("insert", "\n")) == "{+¶+}\n"
    assert bracketed(("delete", "\n")) == "[-¶-]"


def test_marks_piled_on_a_letter_are_taken_down() -> None:
    assert shown("z" + "\u0301" * 500) == "z" + "\u0301" * 8
    assert len(clipped("z" + "\u0301" * 500, 100)) == 9


def test_the_arrow_runs_only_between_texts_that_run_the_same_way() -> None:
    def line(old: str, new: str) -> str:
        return fact_lines([Fact(kind=FactKind.HEADLINE, field=Field.HEADLINE, old=old, new=new)])[0]

    assert line("Fire", "Big fire") == "Headline changed: Fire → Big fire"
    assert line("حريق", "حريق كبير") == "Headline changed from حريق to حريق كبير"


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (Fact(kind=NOTE, field=Field.CORRECTIONS, new="Korrektur: 17.", notice=Notice.CORRECTION), "Korrektur: 17."),
        (Fact(kind=NOTE, field=Field.CORRECTIONS, new="It was 17."), "Correction note: It was 17."),
        (Fact(kind=NOTE, field=Field.CORRECTIONS, old="It was 17."), "Correction note removed: It was 17."),
        (
            Fact(kind=FactKind.NUMBER, field=Field.BODY, old="12", new="17", context="…brought 17 people ashore…"),
            "Number changed: 12 → 17 (…brought 17 people ashore…)",
        ),
    ],
)
def test_a_fact_is_one_line(fact: Fact, line: str) -> None:
    assert fact_lines([fact]) == [line]
