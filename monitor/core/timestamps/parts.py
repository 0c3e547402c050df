"""The parts of a printed line, and the spot where the next one is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from enum import Enum, auto

import regex

from monitor.core.article import ClaimKind, Precision
from monitor.core.timestamps.stamp import Clock, PartialDay


class Part(Enum):
    LABEL = auto()
    DAY = auto()
    TIME = auto()
    ZONE = auto()
    SAME_DAY = auto()
    AGO = auto()
    FILLER = auto()
    GAP = auto()


@dataclass(frozen=True, slots=True)
class Ago:
    """ "14 hours ago"; `span` is None where the unit has no fixed length."""

    span: timedelta | None
    precision: Precision | None


@dataclass(frozen=True, slots=True)
class Zone:
    zone: tzinfo
    given: str


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a line, with its place in it. `weak` parts count only beside stronger ones."""

    part: Part
    start: int
    end: int
    value: ClaimKind | tuple[PartialDay, ...] | Clock | Zone | int | Ago | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a line: the publisher's words, the same folded, how to read them, and the parts read before."""

    raw: str
    folded: str
    language: str | None
    day_first: bool | None
    place: int = 0
    before: tuple[Token, ...] = ()

    @property
    def in_number(self) -> bool:
        return self.place > 0 and self.folded[self.place - 1].isdigit()


def alternation(phrases: Iterable[str]) -> str:
    """A pattern for any of these phrases; the first that fits wins, so give the longest first."""
    return "|".join(regex.escape(phrase, special_only=True) for phrase in phrases)


def longest_first(phrases: Iterable[str]) -> list[str]:
    return sorted(phrases, key=lambda phrase: (-len(phrase), phrase))


class Starts:
    """Tells fast that none of many phrases can begin at a place: most words of a line are none of ours."""

    def __init__(self, phrases: Iterable[str]) -> None:
        starts = {phrase[:3] for phrase in phrases}
        self._one, self._two, self._three = (frozenset(s for s in starts if len(s) == n) for n in (1, 2, 3))

    def __call__(self, spot: Spot) -> bool:
        start = spot.folded[spot.place : spot.place + 3]
        return start in self._three or start[:2] in self._two or start[:1] in self._one
