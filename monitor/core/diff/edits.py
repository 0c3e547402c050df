"""What a diff is made of: Edit, its spans, and what can be counted and proved of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import Literal

import regex

from monitor.core.article import TEXT_FIELDS, BlockKind, Content, Field
from monitor.errors import MonitorError

SpanOp = Literal["equal", "insert", "delete"]
Span = tuple[SpanOp, str]
Side = Literal["old", "new"]

WHOLE = frozenset({Field.HEADLINE, Field.STANDFIRST})
"""Fields that are one text: compared as a whole, never cut into paragraphs."""

_WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]|"
    r"[[\p{L}\p{M}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]"
    r"[[\p{L}\p{M}\p{N}'’.,:\-\u200c\u200d]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]*",
    regex.V1,
)


class EditOp(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What became of one or more paragraphs (or of a headline, a caption ...).

    `old` and `new` are whole texts, "" where there is none; several paragraphs joined or split are joined by a line
    feed. `spans` is the inner diff: its equal and delete texts make `old`, its equal and insert texts make `new`.
    `old_at` and `new_at` are the position of the first paragraph in the old and new field, counted from 0; None
    where the text does not stand on that side. A move stands where the text went.
    `cosmetic`: the two differ, but in no word (quotation marks, dashes, spaces).
    """

    field: Field
    op: EditOp
    old: str
    new: str
    spans: tuple[Span, ...] = ()
    old_at: int | None = None
    new_at: int | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    cosmetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffStats:
    """Words inserted and deleted, and how much of the text survived (0 to 1)."""

    words_added: int
    words_removed: int
    similarity: float


class BrokenDiff(MonitorError):
    """The edits do not turn the old text into the new one: a defect of this program, never of the page."""

    def __init__(self, field: Field, side: Side) -> None:
        self.field, self.side = field, side
        super().__init__(f"the diff does not hold for the {side} {field}; nothing was recorded, please report it")


def texts(content: Content, field: Field) -> tuple[str, ...]:
    """The compared text of one field, a paragraph a string. A line break inside a block ends a paragraph."""
    if field is Field.BODY:
        return tuple("\n".join(content.paragraphs).split("\n")) if content.paragraphs else ()
    if field is Field.HEADLINE:
        return (content.headline,) if content.headline else ()
    if field is Field.STANDFIRST:
        return (content.standfirst,) if content.standfirst else ()
    several = {Field.BYLINE: content.byline, Field.CAPTIONS: content.captions, Field.CORRECTIONS: content.corrections}
    return tuple(line for text in several.get(field, ()) for line in text.split("\n"))


def changed(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Those that change something."""
    return tuple(edit for edit in edits if edit.op is not EditOp.EQUAL)


def fields_of(edits: Iterable[Edit]) -> tuple[Field, ...]:
    """The fields that something changed in."""
    return tuple(dict.fromkeys(edit.field for edit in changed(edits)))


def is_cosmetic(edits: Iterable[Edit]) -> bool:
    """Whether something changed, but no word did: quotation marks, dashes, spaces."""
    told = changed(edits)
    return bool(told) and all(edit.cosmetic for edit in told)


def stats(edits: Iterable[Edit]) -> DiffStats:
    """Words of all fields. A move adds and removes only what was reworded on the way; a cosmetic edit nothing.

    `similarity` is the share of characters, of both sides together, that stands in kept text; 1 for two empty texts.
    """
    added = removed = 0
    kept = whole = 0
    for edit in edits:
        if edit.op is EditOp.EQUAL:
            kept, whole = kept + 2 * len(edit.old), whole + 2 * len(edit.old)
            continue
        whole += len(edit.old) + len(edit.new)
        kept += len(edit.old) + len(edit.new) if edit.cosmetic else 2 * _length(edit.spans, "equal")
        if not edit.cosmetic:
            added += sum(words(text) for op, text in edit.spans if op == "insert")
            removed += sum(words(text) for op, text in edit.spans if op == "delete")
    return DiffStats(words_added=added, words_removed=removed, similarity=round(kept / whole, 4) if whole else 1.0)


def _length(spans: Sequence[Span], op: SpanOp) -> int:
    return sum(len(text) for kind, text in spans if kind == op)


def words(text: str) -> int:
    """Words of the text; in scripts without spaces every character counts as one."""
    if text.isascii():
        return sum(any(map(str.isalnum, word)) for word in text.split())
    return sum(1 for _ in _WORD.finditer(text))


def apply(edits: Iterable[Edit], old: Content) -> dict[Field, tuple[str, ...]]:
    """The text of every field, a paragraph a string, after the edits.

    Each edit must find its old text where it says that this stands; together they must use up the old text and leave no
    gap in the new one. Raises BrokenDiff where they do not.
    """
    own: dict[Field, list[Edit]] = {field: [] for field in TEXT_FIELDS}
    for edit in edits:
        own.setdefault(edit.field, []).append(edit)
    return {field: _applied(field, of_field, texts(old, field)) for field, of_field in own.items()}


def _applied(field: Field, edits: Sequence[Edit], olds: tuple[str, ...]) -> tuple[str, ...]:
    after = [_rewritten(edit) for edit in edits]
    if _joined(field, "old", [(edit.old_at, edit.old) for edit in edits]) != olds:
        raise BrokenDiff(field, "old")
    return _joined(field, "new", [(edit.new_at, text) for edit, text in zip(edits, after, strict=True)])


def _joined(field: Field, side: Side, texts: Iterable[tuple[int | None, str]]) -> tuple[str, ...]:
    """The paragraphs of one side, in its order, from texts with their positions; those without one do not stand there.
    Raises BrokenDiff where a text does not begin where the one before it ends."""
    whole = field in WHOLE
    paragraphs: list[str] = []
    for at, text in sorted([(at, text) for at, text in texts if at is not None], key=itemgetter(0)):
        if at != len(paragraphs):
            raise BrokenDiff(field, side)
        if whole or "\n" not in text:
            paragraphs.append(text)
        else:
            paragraphs += text.split("\n")
    return tuple(paragraphs)


def _rewritten(edit: Edit) -> str:
    """What the spans make of the old text of one edit; it must be the new text that the edit states."""
    if edit.op is EditOp.EQUAL and edit.old == edit.new and edit.spans == (("equal", edit.old),):
        return edit.new
    at = 0
    made: list[str] = []
    for op, text in edit.spans:
        if op != "insert":
            if not edit.old.startswith(text, at):
                raise BrokenDiff(edit.field, "old")
            at += len(text)
        if op != "delete":
            made.append(text)
    if at != len(edit.old) or (edit.old and edit.old_at is None):
        raise BrokenDiff(edit.field, "old")
    new = "".join(made)
    if new != edit.new or (new and edit.new_at is None) or (edit.op is EditOp.EQUAL and new != edit.old):
        raise BrokenDiff(edit.field, "new")
    return new


def check(edits: Iterable[Edit], old: Content, new: Content) -> None:
    """Prove that the edits turn the text of `old` into that of `new`. Raises BrokenDiff; called at every write."""
    for field, text in apply(edits, old).items():
        if text != texts(new, field):
            raise BrokenDiff(field, "new")
