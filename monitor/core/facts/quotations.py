"""Quotations that came, went, or were reworded."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from monitor.core.article import FactKind
from monitor.core.diff.edits import Edit, EditOp, words
from monitor.core.diff.likeness import bag, dice
from monitor.core.facts.fact import Fact
from monitor.core.facts.places import is_one_wording, places
from monitor.core.facts.quotes import Quotation
from monitor.core.facts.said import IN_ITS_WORDS, Said

ALIKE = 0.4
"""How alike two quotations of a passage are of which one is the other's former wording (Dice, by words)."""

ALIKE_ELSEWHERE = 0.6
"""The same, where one stands in another paragraph."""

STATEMENT = 3
"""Words of a quotation that is told though its whole paragraph went: somebody's words, not a word in quotation marks.
What comes with a new paragraph is read there; what went can be read nowhere any more."""

COMPARED = 50
"""Quotations of one side that are compared with those of the other. Beyond, they came and went."""

COMPARED_UP_TO = 2_000
"""Characters of a quotation that are compared."""


class _Quoted(NamedTuple):
    """A quotation of one side, and the number of the edit it stands in."""

    at: int
    quotation: Quotation


def quotation_facts(edits: Sequence[Edit], before: Said, after: Said) -> Iterator[Fact]:
    """Of the changed passages, and of paragraphs that went. A quotation that stands elsewhere now, or in two parts,
    has not changed."""
    if not (before.has_readable_quotations and after.has_readable_quotations):
        return
    edits = [edit for edit in edits if edit.field in IN_ITS_WORDS]
    gone = _unknown([edit.old for edit in edits], after)
    come = _unknown([edit.new for edit in edits], before)
    gone, come = _without_parted(gone, come)
    come, gone = _without_parted(come, gone)
    for old, new in _reworded(edits, gone[:COMPARED], come[:COMPARED]):
        gone.remove(old)
        come.remove(new)
        yield _fact(edits[new.at], old.quotation.text, new.quotation.text)
    yield from (_fact(edits[one.at], one.quotation.text, "") for one in gone if _is_missed(edits[one.at], one))
    yield from (_fact(edits[one.at], "", one.quotation.text) for one in come if edits[one.at].op is not EditOp.INSERT)


def _fact(edit: Edit, old: str, new: str) -> Fact:
    return Fact(kind=FactKind.QUOTATION, field=edit.field, old=old, new=new)


def _unknown(texts: Sequence[str], other: Said) -> list[_Quoted]:
    return [
        _Quoted(at, quotation)
        for at, text in enumerate(texts)
        for quotation in other.reader.quotations(text)
        if not other.quotes(quotation.key)
    ]


def _is_missed(edit: Edit, one: _Quoted) -> bool:
    return edit.op is not EditOp.DELETE or words(one.quotation.text) >= STATEMENT


def _without_parted(wholes: list[_Quoted], parts: list[_Quoted]) -> tuple[list[_Quoted], list[_Quoted]]:
    """Both without the quotations that were parted: “We are sorry and will pay” -> “We are sorry”, he said, “and will
    pay”."""
    kept, left = [], list(parts)
    for whole in wholes[:COMPARED]:
        run = _run(whole.quotation.key, left[:COMPARED])
        if run:
            del left[run.start : run.stop]
        else:
            kept.append(whole)
    return kept + wholes[COMPARED:], left


def _run(key: str, parts: Sequence[_Quoted]) -> range | None:
    """The neighbours that are the key when joined."""
    for start, first in enumerate(parts):
        if not key.startswith(first.quotation.key):
            continue
        joined = accumulate((part.quotation.key for part in parts[start:]), lambda text, part: f"{text} {part}")
        for stop, text in enumerate(joined, start + 1):
            if len(text) > len(key):
                break
            if text == key:
                return range(start, stop)
    return None


def _reworded(
    edits: Sequence[Edit], gone: Sequence[_Quoted], come: Sequence[_Quoted]
) -> Iterator[tuple[_Quoted, _Quoted]]:
    """Each with its former wording: the likeliest first."""
    bags = {one: bag(one.quotation.text[:COMPARED_UP_TO]) for one in (*gone, *come)}
    likely = []
    for i, old in enumerate(gone):
        for j, new in enumerate(come):
            likeness = dice(bags[old], bags[new])
            if _contains(old.quotation.key, new.quotation.key):
                likeness = max(likeness, ALIKE_ELSEWHERE)
            if likeness >= (ALIKE if old.at == new.at else ALIKE_ELSEWHERE):
                likely.append((-likeness, i, j))
    taken_old, taken_new = set(), set()
    for _, i, j in sorted(likely):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            yield gone[i], come[j]
    left_old = [one for i, one in enumerate(gone) if i not in taken_old]
    left_new = [one for j, one in enumerate(come) if j not in taken_new]
    yield from _in_one_place(edits, left_old, left_new)


def _contains(old: str, new: str) -> bool:
    """Whether one is a part of the other, and more than a word."""
    short, long = sorted((old, new), key=len)
    return words(short) > 1 and f" {short} " in f" {long} "


def _in_one_place(
    edits: Sequence[Edit], gone: Sequence[_Quoted], come: Sequence[_Quoted]
) -> Iterator[tuple[_Quoted, _Quoted]]:
    """Quotations with no word in common, of which one stands where the other stood."""
    for at in sorted({one.at for one in gone} & {one.at for one in come}):
        old, new = [one for one in gone if one.at == at], [one for one in come if one.at == at]
        if len(old) == len(new) == 1 and _is_one_place(edits[at], old[0].quotation, new[0].quotation):
            yield old[0], new[0]


def _is_one_place(edit: Edit, old: Quotation, new: Quotation) -> bool:
    found = (place for place in places(edit, [old], [new]) if place.old_parts and place.new_parts)
    return any(is_one_wording(edit, place) for place in found)
