"""Where an edit reworded the text, and which numbers or quotations stand there."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

import regex

from monitor.core.diff.edits import Edit


class Part(Protocol):
    """A number or a quotation of a text, by characters."""

    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...


P = TypeVar("P", bound=Part)


class Stretch(NamedTuple):
    start: int
    stop: int


class Place(NamedTuple, Generic[P]):
    """A place that was reworded, old and new, and the parts of both texts that it touches; with as much of the wording
    round it as these need: in "5 million" only the 5 may have changed."""

    old: Stretch
    new: Stretch
    old_parts: Sequence[P]
    new_parts: Sequence[P]


def places(edit: Edit, old_parts: Sequence[P], new_parts: Sequence[P]) -> Iterator[Place[P]]:
    """The places of an edit in order, given the parts of its texts in order."""
    olds, news = _Parts(old_parts), _Parts(new_parts)
    for old, new in _reworded(edit):
        before, after = olds.touching(old), news.touching(new)
        # The wording beside a place is the same on both sides: what reaches into it on one side does on the other.
        left = max(0, old.start - _first(before, old).start, new.start - _first(after, new).start)
        right = max(0, _last(before, old).stop - old.stop, _last(after, new).stop - new.stop)
        if left or right:
            old = Stretch(max(0, old.start - left), min(len(edit.old), old.stop + right))
            new = Stretch(max(0, new.start - left), min(len(edit.new), new.stop + right))
            before, after = olds.touching(old), news.touching(new)
        yield Place(old, new, before, after)


def _first(parts: Sequence[P], otherwise: Stretch) -> P | Stretch:
    return parts[0] if parts else otherwise


def _last(parts: Sequence[P], otherwise: Stretch) -> P | Stretch:
    return parts[-1] if parts else otherwise


def _reworded(edit: Edit) -> Iterator[tuple[Stretch, Stretch]]:
    old_at = new_at = 0
    for same, run in groupby(edit.spans, key=lambda span: span[0] == "equal"):
        spans = list(run)
        old_to = old_at + sum(len(text) for op, text in spans if op != "insert")
        new_to = new_at + sum(len(text) for op, text in spans if op != "delete")
        if not same:
            yield Stretch(old_at, old_to), Stretch(new_at, new_to)
        old_at, new_at = old_to, new_to


class _Parts(Generic[P]):
    """The parts of one text, to be asked for by stretches."""

    def __init__(self, parts: Sequence[P]) -> None:
        self._parts = parts
        self._starts, self._stops = [part.start for part in parts], [part.stop for part in parts]

    def touching(self, stretch: Stretch) -> Sequence[P]:
        return self._parts[bisect_right(self._stops, stretch.start) : bisect_left(self._starts, stretch.stop)]


_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
FEW_WORDS = 3
"""Words that one side of a place may have besides: "at least 85" -> "92"."""


PART = "#"
"""Stands for a part among the words: no word is written so."""


def is_one_wording(edit: Edit, place: Place[P]) -> bool:
    """Whether the parts of a place stand in the same words, or in a few more of them on one side."""
    old, new = _wording(edit.old, place.old, place.old_parts), _wording(edit.new, place.new, place.new_parts)
    short, long = (old, new) if len(old) < len(new) else (new, old)
    return len(long) - len(short) <= FEW_WORDS and _is_within(short, long)


def _wording(text: str, stretch: Stretch, parts: Sequence[Part]) -> list[str]:
    at, found = stretch.start, []
    for part in parts:
        found += _WORD.findall(text[at : max(at, part.start)].casefold())
        found.append(PART)
        at = part.stop
    return found + _WORD.findall(text[at : stretch.stop].casefold())


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether all words of one stand in the other in the same order."""
    left = iter(long)
    return all(word in left for word in short)
