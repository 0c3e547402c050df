"""What every rendering shares: which paragraphs to show, how much of an edit to mark, and the words beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import bidirectional

import regex

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp, Span
from monitor.core.diff.paragraphs import same_words
from monitor.core.diff.tokens import tokenise
from monitor.core.facts import Fact, FactKind
from monitor.core.text import printable
from monitor.render.cuts import head

SURVIVES = 1 / 3
"""Share of the shorter text below which an edit is shown as whole old and whole new. Of the shorter: a paragraph that
grew to ten times its length is still all there."""

CONTEXT = 1
"""Unchanged paragraphs shown on either side of an edit."""

OPENING = 40
"""Characters of a moved paragraph that are shown where it stood."""

PILCROW = "¶"
"""Stands for a paragraph break inside an edit."""

BROKEN = PILCROW + "\n"
"""The same, where lines are ours to break."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged paragraphs that are not shown."""

    edits: tuple[Edit, ...]

    @property
    def label(self) -> str:
        return f"… {counted(len(self.edits), f'unchanged {noun(self.edits[0].field)}')}"


@dataclass(frozen=True, slots=True)
class Left:
    """The place that a paragraph moved away from."""

    edit: Edit

    @property
    def label(self) -> str:
        old_at, new_at = self.edit.old_at or 0, self.edit.new_at or 0
        return f"{noun(self.edit.field)} {old_at + 1} moved to {new_at + 1}: {clipped(self.edit.old, OPENING)}"


Row = Edit | Fold
Place = Row | Left


@dataclass(frozen=True, slots=True)
class Section:
    """A field that changed. `rows` are its `places` without those that moved paragraphs left."""

    field: Field
    places: tuple[Place, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(place for place in self.places if not isinstance(place, Left))

    @property
    def title(self) -> str:
        return str(self.field).capitalize()


def sections(edits: Iterable[Edit], context: int = CONTEXT) -> list[Section]:
    """The fields that changed, in reading order, their unchanged paragraphs folded."""
    found = []
    for field, group in groupby(edits, key=lambda edit: edit.field):
        own = list(group)
        if any(edit.op is not EditOp.EQUAL for edit in own):
            found.append(Section(field, tuple(_folded(list(placed(own)), context))))
    return found


def placed(edits: Sequence[Edit]) -> Iterator[Edit | Left]:
    """The edits of one field, and the places that moved paragraphs left, where the old text had them."""
    away = sorted((edit for edit in edits if edit.op is EditOp.MOVE), key=lambda edit: edit.old_at or 0, reverse=True)
    for edit in edits:
        if edit.op is not EditOp.MOVE and edit.old_at is not None:
            while away and (away[-1].old_at or 0) < edit.old_at:
                yield Left(away.pop())
        yield edit
    yield from (Left(edit) for edit in reversed(away))


def _folded(places: Sequence[Edit | Left], context: int) -> Iterator[Place]:
    told = [at for at, place in enumerate(places) if isinstance(place, Left) or place.op is not EditOp.EQUAL]
    near = {at + step for at in told for step in range(-context, context + 1)}
    for shown, group in groupby(enumerate(places), key=lambda item: item[0] in near):
        own = [place for _, place in group]
        kept = tuple(place for place in own if isinstance(place, Edit))
        if shown or len(own) == 1:
            yield from own
        else:
            yield Fold(kept)


def is_rewritten(edit: Edit) -> bool:
    """Whether too little survives for a word-by-word view to be readable. What differs in no word survives."""
    if edit.op not in (EditOp.REPLACE, EditOp.MOVE) or edit.cosmetic:
        return False
    kept = sum(len(text) for op, text in _plain(edit.spans)[0] if op == "equal")
    return kept < SURVIVES * min(len(edit.old), len(edit.new))


def stands_apart(edit: Edit) -> bool:
    """Whether old and new stand each by itself: one took the place of the other, or only one of them is there."""
    return edit.op in (EditOp.INSERT, EditOp.DELETE) or is_rewritten(edit)


def marked(edit: Edit) -> tuple[Span, ...]:
    """The spans to show: those of the edit, or whole old and whole new. Where a passage differs in no word, its new
    form stands unmarked (`note` counts those), unless nothing else differs."""
    if edit.op is EditOp.EQUAL:
        return (("equal", edit.new),)
    if edit.spans and edit.cosmetic:
        return _plain(edit.spans, breaks_only=True)[0]
    if edit.spans and not is_rewritten(edit):
        return _plain(edit.spans)[0]
    whole: tuple[Span, ...] = (("delete", edit.old), ("insert", edit.new))
    return tuple((op, text) for op, text in whole if text)


def note(edit: Edit) -> str:
    """What is to be said of an edit besides its text; "" for most."""
    notes = []
    if edit.op is EditOp.MOVE and edit.old_at is not None and edit.new_at is not None:
        notes.append(f"moved from {noun(edit.field)} {edit.old_at + 1} to {edit.new_at + 1}")
    if edit.op is EditOp.REPLACE and edit.old.count("\n") != edit.new.count("\n"):
        notes.append("paragraphs joined" if edit.old.count("\n") > edit.new.count("\n") else "paragraph split")
    if edit.cosmetic:
        notes.append("no word differs")
    elif not is_rewritten(edit) and (count := _plain(edit.spans)[1]):
        notes.append(f"+{counted(count, 'typographic change')}")
    return ", ".join(notes)


def _plain(spans: Sequence[Span], *, breaks_only: bool = False) -> tuple[tuple[Span, ...], int]:
    """The spans, those that replace each other and differ in no word as kept text in its new form; and their number."""
    unmarked = _unmarked_break if breaks_only else _unmarked
    told: list[Span] = []
    count = 0
    for before, span in zip([("equal", ""), *spans], [*spans, ("equal", "")], strict=True):
        if before[0] == "delete" and span[0] == "insert":
            told.pop()
            pieces, alike = unmarked(before[1], span[1])
            told += pieces
            count += alike
        elif span[1]:
            told.append(span)
    return tuple(_joined(told)), count


def _unmarked_break(old: str, new: str) -> tuple[list[Span], int]:
    """A break between paragraphs that came or went, without the space that stood in its place."""
    if "\n" not in old + new or (old + new).strip():
        return [("delete", old), ("insert", new)], 0
    return ([("insert", new)] if "\n" in new else [("delete", old), ("equal", new)]), 0


def _unmarked(old: str, new: str) -> tuple[list[Span], int]:
    """What is to be marked of one replacement, and how many typographic changes stand beside it unmarked."""
    if not (old + new).strip():
        return _unmarked_break(old, new)
    if _alike(old, new):
        return [("equal", new)], 1
    before, after = tokenise(old).texts, tokenise(new).texts
    start = _alike_at_start(before, after)
    end = _alike_at_start(before[start:][::-1], after[start:][::-1])
    (first_old, gone, last_old), (first, come, last) = (_parted(tokens, start, end) for tokens in (before, after))
    spans: list[Span] = [("equal", first), ("delete", gone), ("insert", come), ("equal", last)]
    count = (first_old.strip() != first.strip()) + (last_old.strip() != last.strip())
    return [span for span in spans if span[1]], count


def _parted(tokens: Sequence[str], start: int, end: int) -> tuple[str, str, str]:
    stop = len(tokens) - end
    return "".join(tokens[:start]), "".join(tokens[start:stop]), "".join(tokens[stop:])


def _alike_at_start(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens at the start differ in no word."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (a, b) in pairs if not _alike(a, b)), min(len(old), len(new)))


def _alike(old: str, new: str) -> bool:
    """Whether two passages differ in no word and in no paragraph break."""
    return old.count("\n") == new.count("\n") and same_words(old, new)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    for op, group in groupby(spans, key=lambda span: span[0]):
        yield op, "".join(text for _, text in group)


_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_LIKE_MARKS = regex.compile(r"\[(?=-)|-(?=\])|\{(?=\+)|\+(?=\})")


def bracketed(span: Span) -> str:
    """A span as wdiff marks it, `[-old-]` and `{+new+}`. What a page has of such brackets is set apart from ours."""
    before, after = _MARKS[span[0]]
    text = _LIKE_MARKS.sub(r"\g<0> ", with_breaks(span))
    words = text.rstrip("\n")
    return before + words + after + text[len(words) :]


def with_breaks(span: Span) -> str:
    """The text of a span where lines are ours to break: at each paragraph break, but not at one that is gone."""
    op, text = span
    return shown(text, PILCROW if op == "delete" and text.isspace() else BROKEN)


_PILE = regex.compile(r"(\p{M}{8})\p{M}+")
"""Marks on one letter, more than any language writes: they would run into the lines above and below."""


def shown(text: str, break_mark: str = PILCROW) -> str:
    """Text of a page made inert, with the white space at its ends that parts it from its neighbours. `break_mark`
    stands for each paragraph break."""
    return break_mark.join(_shown_line(line) for line in text.split("\n"))


def _shown_line(line: str) -> str:
    clean = printable(line)
    if not clean:
        return " " if line else ""
    return " " * line[0].isspace() + _PILE.sub(r"\1", clean) + " " * line[-1].isspace()


def clipped(text: str, limit: int) -> str:
    """One inert line of at most `limit` characters, its cut marked with an ellipsis."""
    return head(_PILE.sub(r"\1", printable(text)), limit)


def noun(field: Field) -> str:
    """What a field is made of."""
    return _NOUNS.get(field, "paragraph")


_NOUNS = {Field.BYLINE: "name", Field.CAPTIONS: "caption", Field.CORRECTIONS: "correction"}


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


_LABELS = {
    FactKind.HEADLINE: "Headline",
    FactKind.CORRECTION: "Correction note",
    FactKind.NUMBER: "Number",
    FactKind.QUOTATION: "Quotation",
    FactKind.NAME: "Perhaps a name",
}
_COUNTED = {
    FactKind.PARAGRAPH_REMOVED: ("paragraph", "removed"),
    FactKind.PARAGRAPH_ADDED: ("paragraph", "added"),
    FactKind.PARAGRAPH_MOVED: ("paragraph", "moved"),
    FactKind.PUNCTUATION: ("passage", "with other punctuation only"),
    FactKind.CASE: ("passage", "with other capitals only"),
}
FACT_WIDTH = 100
CONTEXT_WIDTH = 80
"""Characters of the words that stand round a number."""

FACTS_SHOWN = 12


def fact_lines(facts: Iterable[Fact], width: int = FACT_WIDTH) -> list[str]:
    """The facts as lines of plain text, inert: "Number changed: 12 → 17". At most `width` characters of each side."""
    told = list(facts)
    lines = list(dict.fromkeys(_fact_line(fact, width) for fact in told if fact.kind in _LABELS))
    more = len(lines) - FACTS_SHOWN
    lines = lines[:FACTS_SHOWN] + ([f"… {more} more"] if more > 0 else [])
    counts = Counter(fact.kind for fact in told if fact.kind in _COUNTED)
    for kind, (noun, what) in _COUNTED.items():
        if counts[kind]:
            lines.append(f"{counted(counts[kind], noun)} {what}")
    return lines


def _fact_line(fact: Fact, width: int) -> str:
    old, new = clipped(fact.old, width), clipped(fact.new, width)
    if fact.kind is FactKind.CORRECTION and fact.new and fact.notice:
        return new  # it says itself what it is
    told = _said_of(fact, old, new)
    return f"{told} ({clipped(fact.context, CONTEXT_WIDTH)})" if fact.context else told


def _said_of(fact: Fact, old: str, new: str) -> str:
    label = _LABELS[fact.kind]
    if fact.kind is FactKind.CORRECTION and not old:
        return f"{label}: {new}"
    if old and new:
        # Between two texts that run from right to left, an arrow would run the wrong way.
        leftward = any(bidirectional(character) in ("R", "AL", "AN") for character in old + new)
        return f"{label} changed from {old} to {new}" if leftward else f"{label} changed: {old} → {new}"
    return f"{label} added: {new}" if new else f"{label} removed: {old}"
