"""When a note says that its article was corrected: "corrected at 14:30", "amended on 3 May"."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

import regex

from monitor.core import timestamps
from monitor.core.article import Claim, Precision
from monitor.core.facts.notices import corrected_words

if TYPE_CHECKING:
    from monitor.core.timestamps import Stamp

NEAR = 48
"""Characters before and after the verb in which the time stands."""

BETWEEN = 3
"""Words that may stand between the two: "corrected on Monday at"."""

LONGEST = 7
"""Words of a time."""

TOLERANCE = timedelta(minutes=5)
"""Those who write "corrected at 14:30" look at the clock before or after."""

WESTMOST, EASTMOST = timedelta(hours=-12), timedelta(hours=14)
"""A day that is given without a zone can be the day of any."""


class NamedTime(NamedTuple):
    """The span in which the correction was made by the note's own words (aware UTC), and the words. None where they
    give a clock whose zone is not known."""

    start: datetime | None
    stop: datetime | None
    words: str

    @property
    def is_known(self) -> bool:
        return self.start is not None

    def meets(self, not_before: datetime, not_after: datetime) -> bool:
        """Whether a change that was made in this window can be the one."""
        assert self.start is not None
        assert self.stop is not None
        return self.start <= not_after and not_before <= self.stop


_END = regex.compile(r"(?<!\p{Nd})[.!?](?=\s|$)|[。！？]|[:：;](?!\d)|\n")
_DIGIT = regex.compile(r"\p{Nd}")


READ = 600
"""Characters of a note in which times are looked for."""


def named_times(note: str, *, read_at: datetime, claims: Iterable[Claim] = ()) -> tuple[NamedTime, ...]:
    """The times of the corrections, as the note gives them. `read_at` is when the note was first seen; of a clock
    without a zone the zone is that of the page's own `claims`."""
    offset = _offset(claims)
    found: dict[tuple[datetime | None, datetime | None], NamedTime] = {}
    for match in corrected_words().finditer(note[:READ]):
        for words in _candidates(note, match.start(), match.end()):
            stamp = timestamps.parse_words(words, captured_at=read_at)
            named = _span(stamp, words, read_at, offset) if stamp and not stamp.relative else None
            if named is not None and named.start is not None and named.start > read_at:
                named = NamedTime(None, None, words)  # it lies ahead: no time of what was read
            if named is not None:
                named = named._replace(words=_trimmed(words, stamp, read_at))
                found.setdefault((named.start, named.stop), named)
                break
    return tuple(found.values())


def _trimmed(words: str, stamp: "Stamp | None", read_at: datetime) -> str:
    """Without what stands behind the time and says nothing of it: "Tuesday 3 May to give the right"."""
    while " " in words:
        shorter, _, last = words.rpartition(" ")
        if _DIGIT.search(last):
            break
        read = timestamps.parse_words(shorter, captured_at=read_at)
        if read is None or stamp is None or (read.at, read.wall) != (stamp.at, stamp.wall):
            break
        words = shorter
    return words


def _candidates(note: str, start: int, stop: int) -> Iterator[str]:
    """Stretches beside the verb that may be a time and nothing else, the longest first."""
    after = note[stop : stop + NEAR]
    end = _END.search(after, pos=2)
    words = after[: end.start() if end else None].strip(" ,(-–—").split()
    for skipped in range(min(BETWEEN + 1, len(words))):
        if _DIGIT.search(" ".join(words[skipped : skipped + 2])):
            yield from (
                " ".join(words[skipped:last]) for last in range(min(len(words), skipped + LONGEST), skipped, -1)
            )
    before = note[max(0, start - NEAR) : start]
    before = before[max((cut.end() for cut in _END.finditer(before)), default=0) :]
    digit = _DIGIT.search(before)
    if digit is not None:
        words = before[digit.start() :].split()
        for last in range(min(len(words), LONGEST), 0, -1):
            if len(words) - last <= BETWEEN:
                yield " ".join(words[:last])


def _span(stamp: "Stamp", words: str, read_at: datetime, offset: timedelta | None) -> NamedTime | None:
    if stamp.at is not None and stamp.precision is not Precision.DAY:
        return NamedTime(stamp.at - TOLERANCE, stamp.at + stamp_width(stamp) + TOLERANCE, words)
    wall = stamp.wall or (f"{stamp.at:%Y-%m-%d}" if stamp.at else None)
    if wall is None:
        return None
    day, _, clock = wall.partition("T")
    if clock and offset is not None:
        at = _instant(day, clock, read_at, offset)
        return NamedTime(at - TOLERANCE, at + stamp_width(stamp) + TOLERANCE, words)
    if not day:
        return NamedTime(None, None, words)
    midnight = datetime.combine(date.fromisoformat(day), time(), UTC)
    if offset is not None:
        return NamedTime(midnight - offset, midnight - offset + timedelta(days=1), words)
    return NamedTime(midnight - EASTMOST, midnight - WESTMOST + timedelta(days=1), words)


def stamp_width(stamp: "Stamp") -> timedelta:
    return stamp.precision.width if stamp.precision else timedelta(minutes=1)


def _instant(day: str, clock: str, read_at: datetime, offset: timedelta) -> datetime:
    """Of a clock without a day, the latest such time before the note was read."""
    if day:
        return datetime.fromisoformat(f"{day}T{clock}+00:00") - offset
    local = (read_at + offset).date()
    at = datetime.combine(local, time.fromisoformat(clock), UTC) - offset
    return at if at <= read_at + TOLERANCE else at - timedelta(days=1)


def _offset(claims: Iterable[Claim]) -> timedelta | None:
    """How far the clock of the page is ahead of UTC, where its own stamps tell."""
    for claim in claims:
        if claim.zone is None or claim.at is None:
            continue
        if claim.zone.upper() in ("GMT", "UTC", "Z"):
            return timedelta(0)
        match = _OFFSET.fullmatch(claim.zone)
        if match:
            size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
            return -size if match[1] in "-−" else size
    return None


_OFFSET = regex.compile(r"(?:GMT|UTC)?([+\-−])(\d{1,2}):?(\d\d)?")
