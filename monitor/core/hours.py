"""Hours of the day where a receiver is: when nothing is sent, and when a digest is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(r"(\d{1,2}):(\d\d)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to before `end` on the clock there, over midnight where `end` is not later; every day."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def contain(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When what has gathered goes out as one message: every so often (`every`, on the multiples of it since midnight
    UTC), or once a day at a time of day (`at`, in `zone`). One of the two is set."""

    every: timedelta | None = None
    at: time | None = None
    zone: str = "UTC"

    def __str__(self) -> str:
        """As the store keeps it; `digest_of` reads it."""
        if self.at is not None:
            return f"at {self.at:%H:%M} {self.zone}"
        assert self.every is not None
        return f"every {round(self.every.total_seconds())} s"

    def next_after(self, moment: datetime) -> datetime:
        """The first time for it after the moment, in UTC."""
        if self.every is not None:
            midnight = datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
            return midnight + ((moment - midnight) // self.every + 1) * self.every
        assert self.at is not None
        zone = ZoneInfo(self.zone)
        today = moment.astimezone(zone).date()
        # Where the clock is set back, the hour that comes twice counts the first time; where it is set forward, the
        # hour that is left out is taken as if it had not been. So it is once on every day.
        days = (datetime.combine(today + n * _DAY, self.at, zone).astimezone(UTC) for n in range(3))
        return next(at for at in days if at > moment)


def time_of_day(words: str) -> time | None:
    """`08:00`; None for anything else. `24:00` is the midnight at the end of the day."""
    match = _TIME.fullmatch(words.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def hours_of(words: str) -> Hours | None:
    """`22:00-07:00`; None for anything else."""
    start, dash, end = words.partition("-")
    first, last = time_of_day(start), time_of_day(end)
    return Hours(first, last) if dash and first is not None and last is not None and first != last else None


def digest_of(words: str) -> Digest:
    """What `str` of a digest says."""
    kind, value, rest = words.split(" ", 2)
    if kind == "at":
        return Digest(at=time_of_day(value), zone=rest)
    return Digest(every=timedelta(seconds=int(value)))


def is_quiet(quiet: Iterable[Hours], zone: str, moment: datetime) -> bool:
    there = moment.astimezone(ZoneInfo(zone)).time()
    return any(hours.contain(there) for hours in quiet)
