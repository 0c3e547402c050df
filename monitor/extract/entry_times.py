"""When a live blog's entries were written, and rewritten: as their elements say, as JSON-LD does, or as printed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from selectolax.lexbor import LexborNode

from monitor.core.article import ClaimKind, Precision
from monitor.core.cached import cached_by_text
from monitor.core.text import normalise
from monitor.core.timestamps import Stamp, is_stamp_line, label_of, parse_machine, parse_words, read_lines
from monitor.core.timestamps.zones import at_home, named, place
from monitor.extract.claims import UPDATED_WORDS
from monitor.extract.clock import CLOCK, CLOCK_LINE, SINCE
from monitor.extract.structured import JsonLd, text_of
from monitor.extract.tree import Passage, class_words

AHEAD = timedelta(minutes=15)
"""How far an entry's clock may go before the last time that the page is known to have been written or read."""


@dataclass(frozen=True, slots=True)
class Times:
    """What one entry says of its times. `raw` are the words, or the value, of the first; `wall` is what a printed clock
    shows where it gives no instant (`T14:05` where its day is not said either), `zone` the zone printed with it."""

    at: datetime | None = None
    wall: str | None = None
    zone: tzinfo | None = None
    updated_at: datetime | None = None
    raw: str = ""


_UNKNOWN = Times()


def times_of(
    lines: Sequence[Passage],
    nodes: Sequence[LexborNode],
    update: JsonLd | None,
    *,
    zone: str | None,
    language: str | None,
) -> Times:
    """The times of an entry, by its lines that show a clock, its elements, and what JSON-LD says of it. `zone` (IANA)
    is that of clocks printed without one."""
    found = _of_elements(nodes, zone)
    if update is not None:
        found = _or_else(found, _of_update(update, zone))
    if lines and (found.at is None or found.updated_at is None):
        found = _or_else(found, _printed(lines, found, zone, language))
    if found.updated_at is not None and found.at is not None and found.updated_at <= found.at:
        found = Times(found.at, found.wall, found.zone, None, found.raw)
    return found


def _or_else(found: Times, other: Times) -> Times:
    if found is _UNKNOWN:
        return other
    known = found.at is not None
    return Times(
        at=found.at if known else other.at,
        wall=None if known else found.wall or other.wall,
        zone=found.zone or other.zone,
        updated_at=found.updated_at or other.updated_at,
        raw=found.raw or other.raw,
    )


# -- for machines

LONGEST_VALUE = 100
"""Characters of a time for machines that may be kept."""
_VALUES = ("datetime", "data-unixtime", "data-timestamp", "data-datetime", "data-time", "data-published", "data-date")


def _of_elements(nodes: Sequence[LexborNode], zone: str | None) -> Times:
    found = _UNKNOWN
    for node in nodes:
        attributes = node.attributes
        value = attributes.get("datetime") or _value(attributes)
        stamp = _machine(value, zone) if value else None
        if stamp is None or stamp.precision is Precision.DAY:
            continue
        if len(nodes) == 1:
            return _time_of(value or "", zone)
        if _is_of_update(attributes):
            found = _or_else(found, Times(updated_at=stamp.at))
        elif found.at is None and found.wall is None:
            wall = stamp.wall if stamp.at is None else None
            found = replace(found, at=stamp.at, wall=wall, raw=value or "")
    return found


def _value(attributes: dict[str, str | None]) -> str | None:
    return next((value for name in _VALUES if (value := attributes.get(name))), None) or attributes.get("content")


def _is_of_update(attributes: dict[str, str | None]) -> bool:
    return attributes.get("itemprop") == "dateModified" or (
        "class" in attributes and not UPDATED_WORDS.isdisjoint(class_words(attributes))
    )


@cached_by_text(8192, LONGEST_VALUE)
def _machine(value: str, zone: str | None) -> Stamp | None:
    return parse_machine(value, zone=zone)


@cached_by_text(8192, LONGEST_VALUE)
def _time_of(value: str, zone: str | None) -> Times:
    stamp = _machine(value, zone)
    return Times(
        at=stamp.at if stamp else None,
        wall=stamp.wall if stamp and stamp.at is None else None,
        raw=value,
    )


def _of_update(update: JsonLd, zone: str | None) -> Times:
    written, rewritten = update.get("datePublished"), update.get("dateModified")
    if isinstance(written, str) and isinstance(rewritten, str) and len(rewritten) <= LONGEST_VALUE:
        return _declared(written, rewritten, zone)
    return _said(text_of(written), text_of(rewritten), zone)


@cached_by_text(8192, LONGEST_VALUE)
def _declared(written: str, rewritten: str, zone: str | None) -> Times:
    return _said(text_of(written), text_of(rewritten), zone)


def _said(written: str | None, rewritten: str | None, zone: str | None) -> Times:
    found = _time_of(written, zone) if written else _UNKNOWN
    later = _machine(rewritten, zone) if rewritten else None
    return found if later is None else Times(found.at, found.wall, found.zone, later.at, found.raw)


# -- for readers


def _printed(lines: Sequence[Passage], known: Times, zone: str | None, language: str | None) -> Times:
    found = Times()
    for passage in lines:
        text = passage.text
        match = CLOCK.search(text)
        if match is None:
            continue
        if len(text) <= CLOCK_LINE and label_before(text[: match.start()], language):
            at = known.at or found.at
            found = replace(found, updated_at=found.updated_at or _updated(text, zone, language, at))
        elif not found.raw and not SINCE.search(match.group()):
            stamp = _words(text if len(text) <= CLOCK_LINE else match.group(), match.group(), zone, language)
            if stamp is not None:
                wall, given = (None, None) if stamp.at else (stamp.wall, _zone(stamp.zone, zone, language))
                found = replace(found, at=stamp.at, wall=wall, zone=given, raw=match.group())
    return found


def _zone(given: str | None, site: str | None, language: str | None) -> tzinfo | None:
    return (at_home(given, site) or named(given, language) or place(given)) if given else None


@lru_cache(maxsize=1024)
def label_before(words: str, language: str | None) -> bool:
    """Whether these words, before a time, say that it is one of an update."""
    return bool(words.strip()) and label_of(words, language) is ClaimKind.UPDATED


@lru_cache(maxsize=8192)
def _words(line: str, clock: str, zone: str | None, language: str | None) -> Stamp | None:
    stamp = parse_words(line, language=language, zone=zone) if line != clock else None
    return stamp or parse_words(clock, language=language, zone=zone)


def _updated(line: str, zone: str | None, language: str | None, at: datetime | None) -> datetime | None:
    claims = read_lines([line], language=language, zone=zone, published_at=at)
    return next((claim.at for claim in claims if claim.kind is ClaimKind.UPDATED), None)


def is_time_line(text: str, language: str | None) -> bool:
    """Whether a line of an entry is nothing but its time."""
    return len(text) <= CLOCK_LINE and _is_stamp(text, language)


@lru_cache(maxsize=8192)
def _is_stamp(text: str, language: str | None) -> bool:
    return is_stamp_line(text, language)


# -- the days of clocks that are printed without one


def day_in(line: str, language: str | None, seen: datetime | None) -> date | None:
    """The day that a heading between entries says."""
    text = normalise(line)
    if len(text) > CLOCK_LINE or not any(map(str.isdigit, text)) or CLOCK.search(text):
        return None
    stamp = parse_words(text, language=language, captured_at=seen)
    shown = stamp.wall if stamp and stamp.precision is Precision.DAY else None
    return date.fromisoformat(shown) if shown and not shown.startswith("T") else None


def on_days(
    times: Sequence[Times],
    headings: Sequence[date | None],
    *,
    zone: tzinfo | None,
    newest_first: bool,
    first: datetime | None,
    latest: datetime | None,
) -> list[Times]:
    """The times with the days that their clocks do not say: a day heading's (`headings` has the one that each stands
    under), else counted from the end that is known, a day for each midnight passed.

    Entries are in the order of the page. `first` is when the blog was published, `latest` when the page was last
    written. `zone` is that of clocks printed without one; where it is unknown, or the end is, clocks stay as they are.
    """
    anchor = latest if newest_first else first
    placed: list[Times] = []
    day: date | None = None
    before: str | None = None
    for time, heading in zip(times, headings, strict=True):
        known = time.zone or zone
        clock = time.wall if time.at is None and time.wall and time.wall.startswith("T") else None
        if clock is None:
            placed.append(time)
            continue
        if before is None and anchor is not None and known is not None:
            day = _day_at(anchor, clock, known, newest_first)
        elif before is not None and day is not None and _passes_midnight(before, clock, newest_first):
            day += timedelta(days=-1 if newest_first else 1)
        before = clock
        placed.append(_placed(time, heading or day, known))
    return placed


def _day_at(anchor: datetime, clock: str, zone: tzinfo, newest_first: bool) -> date:
    """The day of the entry nearest to the anchor: the newest is not later than it, the oldest not earlier."""
    day = anchor.astimezone(zone).date()
    if newest_first and _at(day, clock, zone) > anchor + AHEAD:
        return day - timedelta(days=1)
    if not newest_first and _at(day, clock, zone) < anchor - AHEAD:
        return day + timedelta(days=1)
    return day


def _passes_midnight(before: str, clock: str, newest_first: bool) -> bool:
    """Whether the clock went the wrong way by more than entries out of order would make it."""
    step = _minutes(clock) - _minutes(before)
    return step > _HALF_A_DAY if newest_first else step < -_HALF_A_DAY


_HALF_A_DAY = 12 * 60


def _minutes(clock: str) -> int:
    return 60 * int(clock[1:3]) + int(clock[4:6])


def _placed(time: Times, day: date | None, zone: tzinfo | None) -> Times:
    if day is None or time.wall is None:
        return time
    if zone is None:
        return replace(time, wall=f"{day.isoformat()}{time.wall}")
    return replace(time, at=_at(day, time.wall, zone), wall=None)


def _at(day: date, clock: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}{clock}").replace(tzinfo=zone).astimezone(UTC)
