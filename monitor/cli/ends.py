"""Which two versions a diff is asked about: numbers, `first`, `last`, times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from monitor.cli.session import moment
from monitor.core.article import Article
from monitor.errors import Misuse, UnknownVersion
from monitor.render import sentences
from monitor.store import Store, VersionHead


class Place(StrEnum):
    FIRST = "first"
    LAST = "last"


Name = int | Place | datetime
"""A version by its number, by its place among those that stand, or by a time at which it stood."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ends asked for. No `end` is the newest version, no `start` the one before the end."""

    start: Name | None = None
    end: Name | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """The numbers of two versions, and what is to be said of how they were found."""

    old: int
    new: int
    remarks: tuple[str, ...] = ()


def wanted(words: Sequence[str], at: Sequence[str], now: datetime) -> Wanted:
    """The ends, in the order FROM, TO: first those given as words, then those given as `--at`. Raises Misuse."""
    if len(words) + len(at) > 2:
        raise Misuse("a diff has two ends: give at most two of FROM, TO and --at TIME")
    names: list[Name] = [*(_name(word, now) for word in words), *(_time(word, now) for word in at)]
    return Wanted(*names)


def _name(word: str, now: datetime) -> Name:
    if word in tuple(Place):
        return Place(word)
    if word.isascii() and word.isdigit():
        return int(word.lstrip("0")[:_DIGITS] or "0")
    try:
        return _time(word, now)
    except Misuse:
        raise Misuse(
            f"{word!r} is no version; give a number, first, last, or a time: 2022-01-25T09:40Z, 2022-01-25, or how"
            " long ago, such as 2h"
        ) from None


_DIGITS = 12
"""More than any count of versions has; Python refuses to read numbers of thousands of digits."""


def _time(word: str, now: datetime) -> datetime:
    at = moment(word, now)
    assert at is not None
    return at


async def find(store: Store, article: Article, wanted: Wanted, tz: tzinfo) -> Ends:
    """Find the two versions. Those whose change was withdrawn are passed over, unless their number is given. Raises
    UnknownVersion."""
    finder = _Finder(store, article, tz)
    if wanted.start is not None:
        old = await finder.number(wanted.start)
        new = await finder.number(Place.LAST if wanted.end is None else wanted.end)
        return Ends(old, new, tuple(finder.remarks))
    newest = await finder.number(Place.LAST)
    return Ends(await finder.before(newest), newest)


class _Finder:
    def __init__(self, store: Store, article: Article, tz: tzinfo) -> None:
        self._store, self._article, self._tz = store, article, tz
        self.remarks: list[str] = []

    async def number(self, name: Name) -> int:
        if isinstance(name, datetime):
            return await self._at(name)
        if isinstance(name, Place):
            return (await self._outermost(name)).number
        count = self._article.version_count
        if not 1 <= name <= count:
            raise UnknownVersion(str(name), self._has(count) + (f"; {self._look}" if count < 2 else ""))
        return name

    async def before(self, number: int) -> int:
        earlier = await self._store.standing(self._article.id, below=number)
        if earlier is None:
            raise UnknownVersion("to compare with", f"{self._has(1)} and a diff needs two; {self._look}")
        return earlier.number

    async def _at(self, at: datetime) -> int:
        """What stood on the page then, as far as is known: between two sights it can have been either."""
        first = await self._outermost(Place.FIRST)
        found = await self._store.standing(self._article.id, seen_by=at)
        if found is None:
            raise UnknownVersion(
                f"as old as {self._shown(at)}", f"'first' is that seen at {self._shown(first.first_seen_at)}"
            )
        following = await self._store.standing(self._article.id, above=found.number)
        if following and found.last_seen_at < at:
            self.remarks.append(self._either(at, found, following))
        return found.number

    def _either(self, at: datetime, old: VersionHead, new: VersionHead) -> str:
        return (
            f"at {self._shown(at)} either version {old.number} or {new.number} stood: {old.number} was last seen at"
            f" {self._shown(old.last_seen_at)}, {new.number} first at {self._shown(new.first_seen_at)};"
            f" comparing version {old.number}"
        )

    async def _outermost(self, place: Place) -> VersionHead:
        above = 0 if place is Place.FIRST else None
        found = await self._store.standing(self._article.id, above=above)
        if found is None:
            raise UnknownVersion("to compare", f"{self._has(0)}; {self._look}")
        return found

    def _has(self, count: int) -> str:
        if count > 1:
            return f"{self._article.url} has versions 1 to {count}"
        return f"{self._article.url} has {'only one version' if count else 'no version yet'}"

    @property
    def _look(self) -> str:
        return f"'monitor check {self._article.id}' looks at it now"

    def _shown(self, at: datetime) -> str:
        return sentences.moment(at, self._tz)
