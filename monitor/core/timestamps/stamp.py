"""What a time says once its words are read: an instant, how fine it is, and what it leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.core.article import Precision
from monitor.core.timestamps.zones import place

AHEAD = timedelta(minutes=10)
"""How far a publisher's clock may go before ours and still be believed."""

YEARS = range(1990, 2101)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that a publisher gave. `at` is aware UTC, None where zone or day is not known; `zone` is as given.

    `wall` is what the clock shows where no zone was given (ISO: `2022-01-25T09:55`, `2022-01-25`, or `T09:55` without
    a day); it stays when the site's zone gave the instant, because a better source may put it right. `relative`
    words ("2 hours ago") are resolved against the capture, and mean no more than that.
    """

    at: datetime | None
    precision: Precision | None
    zone: str | None = None
    wall: str | None = None
    relative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known around a printed time: the reader's language, the site's zone and order of day and month,
    when we looked, and when the article was published."""

    language: str | None = None
    zone: str | None = None
    day_first: bool | None = None
    captured_at: datetime | None = None
    published_at: datetime | None = None
    day: date | None = None
    """The day that stands before a bare time in the same line."""
    since: datetime | None = None
    """The instant that stands before a bare time in the same line: an update is not earlier."""

    @property
    def site(self) -> tzinfo | None:
        return place(self.zone)


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day as printed; the year may be missing."""

    year: int | None
    month: int
    day: int

    def on(self, year: int) -> date | None:
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Clock:
    hour: int
    minute: int
    second: int | None = None

    @property
    def time(self) -> time:
        return time(self.hour, self.minute, self.second or 0)

    @property
    def precision(self) -> Precision:
        return Precision.MINUTE if self.second is None else Precision.SECOND

    @property
    def iso(self) -> str:
        return f"T{self.hour:02}:{self.minute:02}" + ("" if self.second is None else f":{self.second:02}")


def seal(day: date, clock: Clock | None, zone: tzinfo | None, given: str | None, site: tzinfo | None) -> Stamp:
    """The stamp of a full day, with or without a clock time; `zone` was `given` in words, `site` is assumed."""
    precision = clock.precision if clock else Precision.DAY
    shown = day.isoformat() + (clock.iso if clock else "")
    at = _instant(day, clock.time if clock else time(), zone or site)
    return Stamp(at, precision, given, None if given else shown)


def _instant(day: date, clock: time, zone: tzinfo | None) -> datetime | None:
    if zone is None:
        return None
    try:
        return datetime.combine(day, clock, zone).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def pick_day(readings: Iterable[PartialDay], setting: Setting) -> date | None:
    """The one day that all possible readings of a printed day leave, given when it can have been; None if not one."""
    days = {day for reading in readings for day in _years(reading, setting)}
    if len(days) > 1:
        days = {day for day in days if _within(day, setting)}
    return days.pop() if len(days) == 1 else None


def _years(reading: PartialDay, setting: Setting) -> set[date]:
    if reading.year:
        day = reading.on(reading.year)
        return {day} if day and day.year in YEARS else set()
    seen = setting.captured_at or setting.published_at
    if setting.day:
        return _nearest({day for y in (-1, 0, 1) if (day := reading.on(setting.day.year + y))}, setting.day)
    if seen is None:
        return set()
    found = {day for year in (seen.year - 1, seen.year, seen.year + 1) if (day := reading.on(year))}
    past = [day for day in found if day <= seen.date() + _DAY]
    return {max(past)} if past and setting.captured_at else _nearest(found, seen.date())


def _nearest(days: set[date], seen: date) -> set[date]:
    return {min(days, key=lambda day: (abs(day - seen), day))} if days else set()


def _within(day: date, setting: Setting) -> bool:
    """Between publication and capture, with a day to spare for zones."""
    captured, published = setting.captured_at, setting.published_at
    return (captured is None or day <= captured.date() + _DAY) and (published is None or day >= published.date() - _DAY)


def on_some_day(clock: Clock, zone: tzinfo | None, given: str | None, setting: Setting) -> Stamp:
    """The stamp of a bare time. Its day is that of the line, else the only one that puts it between publication and
    capture; if there are more, the day stays open."""
    known = zone or setting.site
    if setting.day:
        return _after(clock, setting.day, zone, given, setting)
    open_stamp = Stamp(None, clock.precision, given, clock.iso)
    if known is None:
        return open_stamp
    days = _possible(clock, known, setting)
    if len(days) != 1:
        return open_stamp
    return seal(days.pop().astimezone(known).date(), clock, zone, given, setting.site)


def _after(clock: Clock, day: date, zone: tzinfo | None, given: str | None, setting: Setting) -> Stamp:
    """The time on that day, or on the next where it would lie before what stands before it in the line."""
    stamp = seal(day, clock, zone, given, setting.site)
    if stamp.at and setting.since and stamp.at < setting.since.replace(second=0, microsecond=0) and day < date.max:
        return seal(day + _DAY, clock, zone, given, setting.site)
    return stamp


def _possible(clock: Clock, zone: tzinfo, setting: Setting) -> set[datetime]:
    """The instants that a bare time can mean: on all days from publication to capture, so far as both are known."""
    captured, published = setting.captured_at, setting.published_at
    known = [at.astimezone(zone).date() for at in (published, captured) if at is not None]
    if not known:
        return set()
    days = _days_between(min(known), max(known))
    if published is None:
        days = [known[0], known[0] - _DAY] if known[0] > date.min else known
    found = [at for day in days if (at := _instant(day, clock.time, zone)) and _fits(at, setting)]
    return set(found[:1] if published is None else found)


def _days_between(first: date, last: date) -> list[date]:
    """The first and, where there are any, the next and the last: more than one that fits is as bad as many."""
    return sorted({first, min(first + _DAY, last) if first < last else last, last})


def _fits(at: datetime, setting: Setting) -> bool:
    captured, published = setting.captured_at, setting.published_at
    if published is not None and at < published.replace(second=0, microsecond=0):
        return False
    return captured is None or at - AHEAD <= captured


def relative_day(offset: int, clock: Clock, zone: tzinfo | None, given: str | None, setting: Setting) -> Stamp:
    """ "Today at 12:19": the day is that of the capture in the zone of the time."""
    known = zone or setting.site
    if known is None or setting.captured_at is None:
        return Stamp(None, clock.precision, given, clock.iso)
    day = setting.captured_at.astimezone(known).date() + offset * _DAY
    return seal(day, clock, zone, given, setting.site)
