"""How the publisher's clocks move: between two versions, and against ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import regex

from monitor.core.article import Claim, ClaimKind, ClaimSource, ClockMark, Precision

ZONES_WEST = timedelta(hours=12)
ZONES_EAST = timedelta(hours=14)
"""How far local clocks lie behind and before UTC, at the most."""

CACHED = timedelta(minutes=15)
"""How long a cache in front of a page may make a running clock stand still."""

ALONE = 2
"""How often in a row a fresh stamp moves without the text before it is taken for a running clock behind a cache."""

AT_FETCH = timedelta(seconds=60)
"""A stamp no older than this when it is fetched sits at the fetch time."""

IN_STEP = timedelta(seconds=5)
"""Two clocks that went on by the same time, but for this much, run together."""

TRANSPORT = frozenset({ClaimSource.HTTP, ClaimSource.FEED})
SHOWN = frozenset({ClaimSource.SITE, ClaimSource.VISIBLE})
"""Where a reader sees the publisher's own words for a time."""

_SILENT = frozenset({"relative", "dynamic", "transport", "unparsed"})
"""Doubts that leave nothing to compare."""


@dataclass(frozen=True, slots=True)
class Moves:
    """How each source's update time went from one version to the next. A source in none of these says nothing."""

    moved: tuple[ClaimSource, ...] = ()
    still: tuple[ClaimSource, ...] = ()
    appeared: tuple[ClaimSource, ...] = ()
    vanished: tuple[ClaimSource, ...] = ()
    backwards: tuple[ClaimSource, ...] = ()


def compare_claims(old: Sequence[Claim], new: Sequence[Claim]) -> Moves:
    """Compare the update times of two versions source by source, like with like; transport never witnesses.

    A source has *moved* when a time that it gives now, and that is believed, is later than what it gave before;
    what it gave before need not have been believed (a `dateModified` that equalled `datePublished` and leaves it
    has moved). It stood *still* when both sides are believed and cover the same moment: `09:55 GMT` and
    `12:55 MSK` do, and so do a minute and a second within it. A clock whose zone is not known is compared as shown.
    """
    found: dict[str, list[ClaimSource]] = {}
    for source in ClaimSource:
        verdict = None if source in TRANSPORT else _verdict(_updates(old, source), _updates(new, source))
        if verdict:
            found.setdefault(verdict, []).append(source)
    return Moves(**{verdict: tuple(sources) for verdict, sources in found.items()})


def _updates(claims: Iterable[Claim], source: ClaimSource) -> list[Claim]:
    return [claim for claim in claims if claim.kind is ClaimKind.UPDATED and claim.source is source]


def _verdict(old: list[Claim], new: list[Claim]) -> str | None:
    before, after = _comparable(old), _comparable(new)
    believed = [claim for claim in after if claim.believed]
    if not old:
        return "appeared" if any(not _repeats_publication(claim) for claim in believed) else None
    if not new:
        gone = any(claim.believed and not _repeats_publication(claim) for claim in before)
        return "vanished" if gone else None
    if not before or not believed:
        return None
    return _direction(before, believed)


def _repeats_publication(claim: Claim) -> bool:
    """Whether it says no more than that nothing was edited yet: to come or to go it need not be stamped."""
    return claim.doubt == "same_as_published"


def _comparable(claims: Iterable[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.doubt not in _SILENT and _shown(claim) is not None]


def _direction(before: list[Claim], after: list[Claim]) -> str | None:
    gained = [claim for claim in after if not any(_same_moment(claim, other) for other in before)]
    lost = [claim for claim in before if not any(_same_moment(claim, other) for other in after)]
    if not gained:
        kept = [claim for claim in before if claim not in lost]
        return "still" if any(claim.believed for claim in kept) else None
    rivals = lost or before
    return "moved" if max(map(_rank, gained)) > max(map(_rank, rivals)) else "backwards"


def _shown(claim: Claim) -> str | datetime | None:
    return claim.at or claim.wall


def _rank(claim: Claim) -> datetime:
    """Where a claim stands among its like; a clock without a zone is ranked as if it were UTC."""
    return claim.at or _as_utc(claim.wall) or datetime.min.replace(tzinfo=UTC)


def _as_utc(wall: str | None) -> datetime | None:
    """A shown clock read as UTC; a time without a day is put on the first day there is, so that it can be ranked."""
    if not wall:
        return None
    try:
        return datetime.fromisoformat(f"0001-01-01{wall}" if wall.startswith("T") else wall).replace(tzinfo=UTC)
    except ValueError:
        return None


def _same_moment(one: Claim, other: Claim) -> bool:
    """Whether two stamps cover one moment. The same words are one stamp, however their day or zone was found."""
    if one.raw == other.raw:
        return True
    if one.at and other.at:
        if one.precision is other.precision:
            return one.at == other.at
        first, second = span_of(one), span_of(other)
        return bool(first and second and first[0] < second[1] and second[0] < first[1])
    if one.wall and other.wall:
        finer, coarser = sorted((one.wall, other.wall), key=len, reverse=True)
        return finer.startswith(coarser)
    return False


def span_of(claim: Claim) -> tuple[datetime, datetime] | None:
    """The earliest and latest moment that a claim can mean. None when it names no day."""
    width = claim.precision.width if claim.precision else timedelta(0)
    early, late = timedelta(0), timedelta(0)
    start = claim.at
    if start is None:
        start = None if not claim.wall or claim.wall.startswith("T") else _as_utc(claim.wall)
        early, late = ZONES_EAST, ZONES_WEST
    elif claim.precision is Precision.DAY and claim.zone is None:
        early, late = ZONES_EAST, ZONES_WEST
    if start is None:
        return None
    try:
        return start - early, start + width + late
    except OverflowError:
        return None


def could_have_moved(claims: Sequence[Claim], *, not_before: datetime, not_after: datetime) -> bool:
    """Whether an edit at any moment of the window would necessarily have moved a believed update stamp.

    `claims` are those that stood still; the edit happened between `not_before` (last sight of the old words) and
    `not_after`. A stamp could have moved when its own minute, second or day had ended before the window began: a
    day whose zone was not given ends twelve hours later than in UTC. Seconds that read 00 may be a minute's, and
    midnight a day's. A time without a day cannot tell, and a stamp that lies ahead of the window makes the whole
    testimony worthless: its clock is not ours. Metadata that repeats the publication may be written once and never
    again; a line that readers are shown is meant.
    """
    stamps = [_as_coarse_as_it_looks(claim) for claim in claims if _can_testify(claim)]
    if not_after < not_before or lies_ahead(stamps, not_before):
        return False
    return any(span[1] <= not_before for claim in stamps if (span := span_of(claim)))


def lies_ahead(claims: Iterable[Claim], not_before: datetime) -> bool:
    """Whether a believed update stamp shows a time after the last sight of the old words: it may be this edit's."""
    return any(span[0] > not_before for claim in claims if _can_testify(claim) and (span := span_of(claim)))


def _can_testify(claim: Claim) -> bool:
    if claim.kind is not ClaimKind.UPDATED or not claim.believed or claim.source in TRANSPORT:
        return False
    return claim.source in SHOWN or not _repeats_publication(claim)


_MIDNIGHT = regex.compile(r"(?<![+\-−:\d])00:00(?::00(?:\.0+)?)?(?![\d:])")


def _as_coarse_as_it_looks(claim: Claim) -> Claim:
    if _MIDNIGHT.search(claim.raw):
        return replace(claim, precision=Precision.DAY)
    if claim.precision is Precision.SECOND and claim.at and claim.at.second == 0:
        return replace(claim, precision=Precision.MINUTE)
    return claim


def watch_clocks(
    clocks: Mapping[str, ClockMark], claims: Iterable[Claim], *, captured_at: datetime, text_changed: bool
) -> Mapping[str, ClockMark]:
    """What each source's update clock shows now, and whether it merely follows ours. Keys are "updated:<source>".

    A clock is dynamic once it moves without a change of text and sat at the fetch time both before and after, or has
    gone on by just as much as ours did (a wrong zone hides it from the first), or moved twice in a row without the
    text and was never older than a cache may make it. A stamp that comes to the fetch time from longer ago is a late
    one; and with a change of text nothing is proved: a live story is stamped, and fetched, by the minute. The clock
    stays dynamic until it has been seen standing still while ours went on for longer than one of its own units and a
    quarter of an hour: a cache in front of the page can hold a running clock that long. A source that is silent keeps
    its mark.
    """
    marks = dict(clocks)
    for source in ClaimSource:
        latest = _latest(claim for claim in claims if claim.source is source)
        if source in TRANSPORT or latest is None:
            continue
        key = f"{ClaimKind.UPDATED.value}:{source.value}"
        marks[key] = _mark(marks.get(key), latest, captured_at, text_changed)
    return marks


def disbelieve(claims: Iterable[Claim], clocks: Mapping[str, ClockMark]) -> tuple[Claim, ...]:
    """The claims, those of dynamic clocks no longer believed."""
    return tuple(
        replace(claim, believed=False, doubt="dynamic", confidence=0.0) if _is_dynamic(claim, clocks) else claim
        for claim in claims
    )


def _is_dynamic(claim: Claim, clocks: Mapping[str, ClockMark]) -> bool:
    mark = clocks.get(f"{claim.kind.value}:{claim.source.value}")
    return mark is not None and mark.dynamic and claim.doubt not in _SILENT


def _latest(claims: Iterable[Claim]) -> Claim | None:
    dated = [
        claim
        for claim in claims
        if claim.kind is ClaimKind.UPDATED and claim.doubt not in (_SILENT - {"dynamic"}) and span_of(claim)
    ]
    return max(dated, key=_rank, default=None)


def _mark(last: ClockMark | None, claim: Claim, captured_at: datetime, text_changed: bool) -> ClockMark:
    shown = _rank(claim)
    if last is None:
        return ClockMark(at=shown, captured_at=captured_at)
    if captured_at <= last.captured_at:
        return last
    if shown == last.at:
        return _standing(last, claim, captured_at)
    alone = last.alone + 1 if not text_changed and _keeps_fresh(last, claim, captured_at) else 0
    follows = last.dynamic or alone >= ALONE or (not text_changed and _follows(last, claim, captured_at))
    return ClockMark(at=shown, captured_at=captured_at, dynamic=follows, alone=alone)


def _standing(last: ClockMark, claim: Claim, captured_at: datetime) -> ClockMark:
    """A clock that stands keeps its name for as long as a cache can have stopped it."""
    stopped = captured_at - last.captured_at <= _width(claim) + CACHED
    if last.dynamic and stopped:
        return last
    return ClockMark(at=last.at, captured_at=captured_at, alone=last.alone if stopped else 0)


def _keeps_fresh(last: ClockMark, claim: Claim, captured_at: datetime) -> bool:
    """Whether it was no older at either fetch than a cache can have made it."""
    return _at_fetch(_as_it_was(last, claim), last.captured_at, CACHED) and _at_fetch(claim, captured_at, CACHED)


def _width(claim: Claim) -> timedelta:
    return claim.precision.width if claim.precision else timedelta(0)


def _as_it_was(last: ClockMark, claim: Claim) -> Claim:
    return replace(claim, at=last.at) if claim.at else replace(claim, wall=last.at.replace(tzinfo=None).isoformat())


def _follows(last: ClockMark, claim: Claim, captured_at: datetime) -> bool:
    ran, went_on = _rank(claim) - last.at, captured_at - last.captured_at
    sat = _at_fetch(_as_it_was(last, claim), last.captured_at) and _at_fetch(claim, captured_at)
    return sat or abs(ran - went_on) <= max(IN_STEP, _width(claim))


def _at_fetch(claim: Claim, captured_at: datetime, age: timedelta = AT_FETCH) -> bool:
    span = span_of(claim)
    if span is None or (claim.at is None and claim.precision is not Precision.DAY):
        return False
    start, end = span
    return start - AT_FETCH <= captured_at <= end + age
