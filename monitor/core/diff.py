"""Content x Content -> edits."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from monitor.core.article import BlockKind, Content, Field

DIFF_VERSION = "1"

SpanOp = Literal["equal", "insert", "delete"]
Span = tuple[SpanOp, str]


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
    `old_at` and `new_at` are the position of the first paragraph in the old and new field, counted from 0.
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


def diff(old: Content, new: Content) -> tuple[Edit, ...]:
    """The edits that turn the text of `old` into that of `new`, in reading order, unchanged paragraphs included."""
    raise NotImplementedError


def text_ops(old: str, new: str) -> list[tuple[str, str]]:
    """The inner engine on two plain texts: `=`, `-` and `+` runs that rebuild both."""
    raise NotImplementedError
