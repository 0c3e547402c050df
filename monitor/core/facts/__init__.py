"""Edits -> the facts to read first: a number that changed, a quotation, the headline, what came, went and moved.

Facts say what the text does, never what is true: "a number changed", not "the facts were changed". Precision goes
before recall, since the diff below shows the rest. Hedging and negation are left out: they could not be told with any
reliability.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

import regex

from monitor.core.article import FactKind, Field
from monitor.core.diff.edits import Edit, EditOp, changed
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts.fact import Fact, Notice, weight
from monitor.core.facts.names import capitals_mean_names, name_facts
from monitor.core.facts.notices import notice_facts
from monitor.core.facts.numbers import number_facts
from monitor.core.facts.quotations import quotation_facts
from monitor.core.facts.said import sides

__all__ = ["Fact", "FactKind", "Notice", "facts"]


def facts(edits: Sequence[Edit]) -> tuple[Fact, ...]:
    """What the edits change, the weightiest first, otherwise in reading order. Cosmetic edits state nothing."""
    told = [edit for edit in changed(edits) if not edit.cosmetic]
    if not told:
        return ()
    before, after = sides(edits)
    capitals = capitals_mean_names(edits)
    found = chain(
        notice_facts(told),
        _whole_texts(told),
        _surfaces(told),
        number_facts(told, before, after, capitals=capitals),
        quotation_facts(told, before, after),
        name_facts(told, edits) if capitals else (),
    )
    return tuple(sorted(dict.fromkeys(found), key=weight))


def _whole_texts(edits: Sequence[Edit]) -> Iterator[Fact]:
    for edit in edits:
        if not (edit.old or edit.new):
            continue  # an empty paragraph says nothing
        if edit.field is Field.HEADLINE:
            yield Fact(kind=FactKind.HEADLINE, field=edit.field, old=edit.old, new=edit.new)
        elif edit.field is Field.BODY and edit.op in _WHOLE_PARAGRAPH:
            yield Fact(kind=_WHOLE_PARAGRAPH[edit.op], field=edit.field, old=edit.old, new=edit.new)


_WHOLE_PARAGRAPH = {
    EditOp.INSERT: FactKind.PARAGRAPH_ADDED,
    EditOp.DELETE: FactKind.PARAGRAPH_REMOVED,
    EditOp.MOVE: FactKind.PARAGRAPH_MOVED,
}


def _surfaces(edits: Sequence[Edit]) -> Iterator[Fact]:
    """Passages that differ in capitals or punctuation alone."""
    for edit in edits:
        kind = _surface(edit.old, edit.new) if edit.op in (EditOp.REPLACE, EditOp.MOVE) else None
        if kind:
            yield Fact(kind=kind, field=edit.field, old=edit.old, new=edit.new)


# Signs that are read out are words: "$5" and "€5", "5" and "5 %" differ in more than punctuation.
_READ_OUT = regex.compile(rf"[{UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]+|[\p{{Sc}}%‰°§&@+=]", regex.VERSION1)


def _surface(old: str, new: str) -> FactKind | None:
    if old == new:
        return None
    if old.lower() == new.lower():
        return FactKind.CASE
    return FactKind.PUNCTUATION if _is_read_alike(old.lower(), new.lower()) else None


def _is_read_alike(old: str, new: str) -> bool:
    pairs = zip_longest(_READ_OUT.finditer(old), _READ_OUT.finditer(new))
    return all(a and b and a.group() == b.group() for a, b in pairs)
