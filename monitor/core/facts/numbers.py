"""Numbers that changed where they stand, came, or went."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from monitor.core.article import FactKind
from monitor.core.diff.edits import Edit, EditOp
from monitor.core.facts.fact import Fact
from monitor.core.facts.names import DATED, is_in_title_case
from monitor.core.facts.numerals import Number
from monitor.core.facts.places import Place, is_one_wording, places
from monitor.core.facts.said import IN_ITS_WORDS, Said
from monitor.core.timestamps.words import fold


def number_facts(edits: Sequence[Edit], before: Said, after: Said, *, capitals: bool) -> Iterator[Fact]:
    """Of the reworded passages: those in a paragraph that came or went as a whole are told by that. A number that is
    said elsewhere too has neither come nor gone. `capitals`: the language keeps them for names."""
    if not (before.has_readable_numbers and after.has_readable_numbers):
        return
    for edit in edits:
        if edit.op in (EditOp.REPLACE, EditOp.MOVE) and edit.field in IN_ITS_WORDS:
            yield from _facts_of(edit, before, after, capitals=capitals)


def _facts_of(edit: Edit, before: Said, after: Said, *, capitals: bool) -> Iterator[Fact]:
    for place in places(edit, before.reader.numbers(edit.old), after.reader.numbers(edit.new)):
        pairs = _pairs(edit, place)
        for old, new in pairs:
            if not old.same(new):
                yield _fact(edit, old, new)
        paired_old, paired_new = {old for old, _ in pairs}, {new for _, new in pairs}
        for old in place.old_parts:
            if old not in paired_old and not after.numbers(old) and not (capitals and _is_named(edit.old, old)):
                yield _fact(edit, old, None)
        for new in place.new_parts:
            if new not in paired_new and not before.numbers(new) and not (capitals and _is_named(edit.new, new)):
                yield _fact(edit, None, new)


def _fact(edit: Edit, old: Number | None, new: Number | None) -> Fact:
    return Fact(
        kind=FactKind.NUMBER,
        field=edit.field,
        old=old.text if old else "",
        new=new.text if new else "",
        context=_context(edit.new, new) if new else _context(edit.old, old) if old else "",
    )


Pairs = list[tuple[Number, Number]]


def _pairs(edit: Edit, place: Place[Number]) -> Pairs:
    """Numbers of which one stands where the other stood."""
    old, new = place.old_parts, place.new_parts
    if not old or not new:
        return []
    if len(old) == len(new) and is_one_wording(edit, place):
        return list(zip(old, new, strict=True))
    return _neighbours(edit, place)


def _neighbours(edit: Edit, place: Place[Number]) -> Pairs:
    """Numbers of one shape between the same two words, or behind the same word at the end of the place."""
    pairs: Pairs = []
    olds = [_slot(edit.old, place.old.stop, number) for number in place.old_parts]
    news = [_slot(edit.new, place.new.stop, number) for number in place.new_parts]
    first = 0
    for old, slot in zip(place.old_parts, olds, strict=True):
        at = next((at for at, other in enumerate(news[first : first + NEAR], first) if slot.is_that_of(other)), None)
        if at is not None:
            pairs.append((old, place.new_parts[at]))
            first = at + 1
    return pairs


NEAR = 8
"""Numbers ahead that one is compared with."""

NEARBY = 40
"""Characters in which the next word is looked for."""
_LAST_WORD = regex.compile(r"([\p{L}\p{M}\p{N}]+)[^\p{L}\p{M}\p{N}]*$")
_NEXT_WORD = regex.compile(r"([\p{L}\p{M}\p{N}]+)")


class _Slot(NamedTuple):
    """A number's shape and the words beside it; `last`: no word of the place follows."""

    shape: str
    behind: str
    ahead: str
    last: bool

    def is_that_of(self, other: "_Slot") -> bool:
        alike = self.shape == other.shape and self.behind == other.behind
        return alike and (self.ahead == other.ahead or self.last or other.last)


def _slot(text: str, stop: int, number: Number) -> _Slot:
    following = text[number.stop : number.stop + NEARBY]
    return _Slot(
        number.shape,
        _word(_LAST_WORD, text[max(0, number.start - NEARBY) : number.start]),
        _word(_NEXT_WORD, following),
        not _word(_NEXT_WORD, following[: max(0, stop - number.stop)]),
    )


def _word(pattern: regex.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1).casefold() if match else ""


# -- numbers that are a part of a name

_CAPITAL_BEFORE = regex.compile(r"(?<=[^.!?:\s][ (])(\p{Lu}[\p{L}\p{M}'’]+) $")
_OF_NAMES = regex.compile(r"(?:1[89]|20)\d\d|\d{1,3}|\d{1,2}\.\d{1,2}")


def _is_named(text: str, number: Number) -> bool:
    """Whether the number ends a name: "Euro 2020", "Windows 11", "Boeing 737". Not "May 17", nor "Monday 17 May"."""
    if not number.bare or not _OF_NAMES.fullmatch(number.figures) or is_in_title_case(text):
        return False
    before = _CAPITAL_BEFORE.search(text[max(0, number.start - NEARBY) : number.start])
    return before is not None and fold(before.group(1)) not in DATED


# -- the words round a number

CONTEXT = 30
"""Characters on either side."""


def _context(text: str, number: Number) -> str:
    start, stop = max(0, number.start - CONTEXT), min(len(text), number.stop + CONTEXT)
    lead, tail = text[start : number.start].rpartition("\n")[2], text[number.stop : stop].partition("\n")[0]
    if start and len(lead) == CONTEXT:
        lead = "…" + (lead.partition(" ")[2] or lead)
    if stop < len(text) and len(tail) == CONTEXT:
        tail = (tail.rpartition(" ")[0] or tail) + "…"
    return f"{lead}{number.text}{tail}".strip()
