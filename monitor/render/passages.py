"""What every rendering shares: which paragraphs to show, how much of an edit to mark, and the words beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp, Span
from monitor.core.facts import Fact, FactKind
from monitor.core.text import printable

SURVIVES = 0.3
"""Share of kept text below which an edit is shown as whole old and whole new."""

CONTEXT = 1
"""Unchanged paragraphs shown on either side of an edit."""

PILCROW = "¶"
"""Stands for a paragraph break inside an edit."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged paragraphs that are not shown."""

    edits: tuple[Edit, ...]

    @property
    def label(self) -> str:
        return f"… {counted(len(self.edits), 'unchanged paragraph')}"


Row = Edit | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A field that changed."""

    field: Field
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        return str(self.field).capitalize()


def sections(edits: Iterable[Edit], context: int = CONTEXT) -> list[Section]:
    """The fields that changed, in reading order, their unchanged paragraphs folded."""
    found = []
    for field, group in groupby(edits, key=lambda edit: edit.field):
        own = list(group)
        if any(edit.op is not EditOp.EQUAL for edit in own):
            found.append(Section(field, tuple(_folded(own, context))))
    return found


def _folded(edits: Sequence[Edit], context: int) -> Iterator[Row]:
    told = [at for at, edit in enumerate(edits) if edit.op is not EditOp.EQUAL]
    near = {at + step for at in told for step in range(-context, context + 1)}
    for shown, group in groupby(enumerate(edits), key=lambda item: item[0] in near):
        own = [edit for _, edit in group]
        if shown or len(own) == 1:
            yield from own
        else:
            yield Fold(tuple(own))


def is_rewritten(edit: Edit) -> bool:
    """Whether too little survives for a word-by-word view to be readable."""
    kept = sum(len(text) for op, text in edit.spans if op == "equal")
    return edit.op in (EditOp.REPLACE, EditOp.MOVE) and 2 * kept < SURVIVES * (len(edit.old) + len(edit.new))


def marked(edit: Edit) -> tuple[Span, ...]:
    """The spans to show: those of the edit, or whole old and whole new."""
    if edit.spans and not is_rewritten(edit):
        return edit.spans
    if edit.op is EditOp.EQUAL:
        return (("equal", edit.new),)
    whole: tuple[Span, ...] = (("delete", edit.old), ("insert", edit.new))
    return tuple((op, text) for op, text in whole if text)


def note(edit: Edit) -> str:
    """What is to be said of an edit besides its text; "" for most."""
    notes = []
    if edit.op is EditOp.MOVE and edit.old_at is not None and edit.new_at is not None:
        notes.append(f"moved from paragraph {edit.old_at + 1} to {edit.new_at + 1}")
    if edit.op is EditOp.REPLACE and edit.old.count("\n") != edit.new.count("\n"):
        notes.append("paragraphs joined" if edit.old.count("\n") > edit.new.count("\n") else "paragraph split")
    if edit.cosmetic:
        notes.append("no word differs")
    return ", ".join(notes)


def shown(text: str) -> str:
    """Text of a page made inert, with the white space at its ends that parts it from its neighbours."""
    return PILCROW.join(_shown_line(line) for line in text.split("\n"))


def _shown_line(line: str) -> str:
    clean = printable(line)
    if not clean:
        return " " if line else ""
    return " " * line[0].isspace() + clean + " " * line[-1].isspace()


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


_LABELS = {
    FactKind.HEADLINE: "Headline",
    FactKind.CORRECTION: "Correction",
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
    old, new = printable(fact.old, width), printable(fact.new, width)
    label = _LABELS[fact.kind]
    if fact.kind is FactKind.CORRECTION and fact.new:
        return new if new.casefold().startswith(label.casefold()) else f"{label}: {new}"
    if fact.old and fact.new:
        return f"{label} changed: {old} → {new}"
    return f"{label} added: {new}" if fact.new else f"{label} removed: {old}"
