"""Content x Content -> edits: difflib on two levels, paragraphs and words, with diff-match-patch's clean-up."""

import re
from collections.abc import Sequence
from itertools import compress, count
from operator import ne

from monitor.core.article import TEXT_FIELDS, BlockKind, Content, Field
from monitor.core.diff.edits import (
    WHOLE,
    BrokenDiff,
    DiffStats,
    Edit,
    EditOp,
    Span,
    SpanOp,
    apply,
    changed,
    check,
    fields_of,
    is_cosmetic,
    stats,
    texts,
)
from monitor.core.diff.likeness import bag, dice
from monitor.core.diff.matching import Budget
from monitor.core.diff.paragraphs import Block, BlockOp, blocks, same_words
from monitor.core.diff.patches import patch_of
from monitor.core.diff.words import OPERATIONS, Op, bridged, word_ops

DIFF_VERSION = "2"

__all__ = [
    "DIFF_VERSION",
    "BrokenDiff",
    "DiffStats",
    "Edit",
    "EditOp",
    "Span",
    "SpanOp",
    "apply",
    "bag",
    "changed",
    "check",
    "dice",
    "diff",
    "fields_of",
    "is_cosmetic",
    "patch_text",
    "stats",
    "text_ops",
    "texts",
]


def diff(old: Content, new: Content) -> tuple[Edit, ...]:
    """The edits that turn the text of `old` into that of `new`, in reading order, unchanged paragraphs included.

    Fields follow each other as a reader meets them: headline, standfirst, byline, body, captions, corrections. Only
    core blocks take part. The same two texts always give the same edits: work is bounded by counts, not by a clock.
    """
    budget = Budget(OPERATIONS)
    return tuple(edit for field in TEXT_FIELDS for edit in _field_edits(field, old, new, budget))


def text_ops(old: str, new: str) -> list[Op]:
    """The engine on two plain texts, a line a paragraph: `=`, `-` and `+` runs that rebuild both.

    A moved paragraph is a deletion and an insertion.
    """
    budget = Budget(OPERATIONS)
    olds, news = _lines(old), _lines(new)
    start, end = same_ends(olds, news)
    before, after = olds[start : len(olds) - end], news[start : len(news) - end]
    ops: list[Op] = [("=", "".join(olds[:start]))] if start else []
    for block in blocks(before, after, budget):
        ops += _block_ops(block.op, "".join(before[slice(*block.old)]), "".join(after[slice(*block.new)]), budget)
    if end:
        ops.append(("=", "".join(olds[len(olds) - end :])))
    return bridged(ops)


LONG = 200
"""Paragraphs on both sides from which on those at the ends that are the same are not looked at: a live blog has
hundreds, and one more at its top."""


def same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many paragraphs of long texts are the same at the start, and at the end. Of short ones none are counted: a
    paragraph that stands twice may have a better partner."""
    most = min(len(old), len(new))
    if most < LONG:
        return 0, 0
    differ = compress(count(), map(ne, old, new))
    start = next(differ, most)
    differ = compress(count(), map(ne, reversed(old), reversed(new)))
    return start, min(next(differ, most), most - start)


_LINE = re.compile(r"[^\n]*\n+|[^\n]+")


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)


def _block_ops(op: BlockOp, old: str, new: str, budget: Budget) -> list[Op]:
    match op:
        case BlockOp.EQUAL:
            return [("=", old)]
        case BlockOp.CHANGED:
            return word_ops(old, new, budget)
        case BlockOp.DELETED | BlockOp.MOVED_OUT:
            return [("-", old)]
        case BlockOp.INSERTED | BlockOp.MOVED_IN:
            return [("+", new)]


_SPAN_OPS: dict[str, SpanOp] = {"=": "equal", "-": "delete", "+": "insert"}


def _field_edits(field: Field, old: Content, new: Content, budget: Budget) -> list[Edit]:
    olds, news = texts(old, field), texts(new, field)
    if field in WHOLE:
        return _whole_edits(field, olds, news, budget)
    old_kinds, new_kinds = _kinds(old, field, len(olds)), _kinds(new, field, len(news))
    start, end = same_ends(olds, news)
    inner_olds, inner_news = olds[start : len(olds) - end], news[start : len(news) - end]
    edits = [_kept(field, text, at, at, new_kinds[at]) for at, text in enumerate(news[:start])]
    for block in blocks(inner_olds, inner_news, budget):
        if block.op is BlockOp.MOVED_OUT:
            continue
        before, after = "\n".join(inner_olds[slice(*block.old)]), "\n".join(inner_news[slice(*block.new)])
        old_at, new_at = start + block.old.start, start + block.new.start
        edits.append(
            Edit(
                field=field,
                op=_EDIT_OPS[block.op],
                old=before,
                new=after,
                spans=_spans(_block_spans(block, before, after, budget)),
                old_at=old_at if block.old.size else None,
                new_at=new_at if block.new.size else None,
                kind=new_kinds[new_at] if block.new.size else old_kinds[old_at],
                cosmetic=block.cosmetic,
            )
        )
    moved = len(news) - len(olds)
    rest = range(len(olds) - end, len(olds))
    return edits + [_kept(field, olds[at], at, at + moved, new_kinds[at + moved]) for at in rest]


def _kept(field: Field, text: str, old_at: int, new_at: int, kind: BlockKind) -> Edit:
    spans: tuple[Span, ...] = (("equal", text),) if text else ()
    return Edit(field=field, op=EditOp.EQUAL, old=text, new=text, spans=spans, old_at=old_at, new_at=new_at, kind=kind)


_EDIT_OPS = {
    BlockOp.EQUAL: EditOp.EQUAL,
    BlockOp.CHANGED: EditOp.REPLACE,
    BlockOp.DELETED: EditOp.DELETE,
    BlockOp.INSERTED: EditOp.INSERT,
    BlockOp.MOVED_IN: EditOp.MOVE,
}


def _block_spans(block: Block, old: str, new: str, budget: Budget) -> list[Op]:
    return word_ops(old, new, budget) if block.op is BlockOp.MOVED_IN else _block_ops(block.op, old, new, budget)


def _spans(ops: list[Op]) -> tuple[Span, ...]:
    return tuple((_SPAN_OPS[op], text) for op, text in ops if text)


def _whole_edits(field: Field, olds: tuple[str, ...], news: tuple[str, ...], budget: Budget) -> list[Edit]:
    """A headline is one text: however little of it survives, the new one replaces the old one."""
    old, new = "".join(olds), "".join(news)
    if not olds and not news:
        return []
    replaced = EditOp.EQUAL if old == new else EditOp.REPLACE
    op = replaced if olds and news else EditOp.DELETE if olds else EditOp.INSERT
    return [
        Edit(
            field=field,
            op=op,
            old=old,
            new=new,
            spans=_spans(word_ops(old, new, budget)),
            old_at=0 if olds else None,
            new_at=0 if news else None,
            cosmetic=op is EditOp.REPLACE and same_words(old, new),
        )
    ]


def _kinds(content: Content, field: Field, count: int) -> list[BlockKind]:
    """The kind of each of the compared paragraphs, which are so many."""
    if field is not Field.BODY:
        return [BlockKind.PARAGRAPH] * count
    if count == len(content.core):
        return [block.kind for block in content.core]
    return [block.kind for block in content.core for _ in range(1 + block.text.count("\n"))]


def patch_text(old: Content, new: Content) -> str:
    """The change of the body, paragraphs joined by line feeds, as diff-match-patch writes patches: it applies to the
    old body with any port of that library. "" where the body is the same. For showing and passing on; versions are
    stored whole."""
    before, after = "\n".join(texts(old, Field.BODY)), "\n".join(texts(new, Field.BODY))
    return patch_of(text_ops(before, after))
