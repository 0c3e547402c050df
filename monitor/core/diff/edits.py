"""What a diff is made of: Edit, its spans, and what can be counted and proved of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import regex

from monitor.core.article import TEXT_FIELDS, Block, BlockKind, Content, Field, Rank
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
        super().__init__(f"the diff does not rebuild the {side} {field}; nothing was recorded, please report it")


def texts(content: Content, field: Field) -> tuple[str, ...]:
    """The compared text of one field, a paragraph a string. A line break inside a block ends a paragraph."""
    if field is Field.BODY:
        return tuple(line for block in core_blocks(content) for line in block.text.split("\n"))
    if field is Field.HEADLINE:
        return (content.headline,) if content.headline else ()
    if field is Field.STANDFIRST:
        return (content.standfirst,) if content.standfirst else ()
    several = {Field.BYLINE: content.byline, Field.CAPTIONS: content.captions, Field.CORRECTIONS: content.corrections}
    return tuple(line for text in several.get(field, ()) for line in text.split("\n"))


def core_blocks(content: Content) -> tuple[Block, ...]:
    return tuple(block for block in content.blocks if block.rank is Rank.CORE)


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


def rebuild(edits: Iterable[Edit], field: Field, side: Side) -> tuple[str, ...]:
    """The paragraphs of one field as the edits have them."""
    own = [edit for edit in edits if edit.field is field]
    if side == "old":
        placed = sorted((edit.old_at, _spelt(edit, side)) for edit in own if edit.old_at is not None)
    else:
        placed = sorted((edit.new_at, _spelt(edit, side)) for edit in own if edit.new_at is not None)
    return tuple(line for _, text in placed for line in ([text] if field in WHOLE else text.split("\n")))


def _spelt(edit: Edit, side: Side) -> str:
    """The text of one side, which its spans must spell too."""
    text, gone = (edit.old, "insert") if side == "old" else (edit.new, "delete")
    if "".join(part for op, part in edit.spans if op != gone) != text:
        raise BrokenDiff(edit.field, side)
    return text


def check(edits: Sequence[Edit], old: Content, new: Content) -> None:
    """Prove that the edits turn the text of `old` into that of `new`. Raises BrokenDiff; called at every write."""
    for field in TEXT_FIELDS:
        if rebuild(edits, field, "old") != texts(old, field):
            raise BrokenDiff(field, "old")
        if rebuild(edits, field, "new") != texts(new, field):
            raise BrokenDiff(field, "new")
