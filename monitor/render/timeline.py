"""A history as a picture: when each version stood, what the publisher's clock said, and which stage the article was in.

Only geometry: where things stand, in percent of the width, so that the drawing fits any screen and its letters keep
their size. Long quiet stretches are drawn short: a gap of a day is about three times as wide as one of ten minutes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from math import log2

from monitor.core.article import Stage
from monitor.core.lifecycle import NOT_STANDING
from monitor.core.policy import AlertEvent
from monitor.core.text import printable
from monitor.render.sentences import moment, window
from monitor.store import EventRow, HistoryRow

EDGE = 1.5
"""Percent left free at either end."""

DIGIT, NARROW_DIGIT = 1.0, 2.3
ROOM, NARROW_ROOM = 1.6, 4.2
"""Percent that a number takes on a wide screen and on a phone: each digit, and what stands around it."""

DENSE = 40
"""Versions from which there is room for strokes only."""

SHORT = timedelta(minutes=10)
"""A history up to which the seconds are told."""

LEAST = 0.5
"""Percent that the shortest stage is drawn with."""

TICK_ROOM, NARROW_TICK_ROOM = 17.0, 36.0
"""The same for a time on the axis."""

LETTER, NARROW_LETTER, MARGIN = 1.0, 2.3, 1.5
"""Percent that a letter of a stage's name takes on a wide screen and on a phone, and the room around the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time. `name` is "" where there is no room for it, `roomy` where only a wide screen has it."""

    start: float
    width: float
    kind: str
    title: str
    name: str = ""
    roomy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One instant. `label` is "" where there is no room; `roomy` labels are for wide screens only."""

    at: float
    kind: str
    title: str
    label: str = ""
    roomy: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time that the publisher stated, and where the version stands that was the first to state it."""

    at: float
    shown_at: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    stages: tuple[Bar, ...]
    sights: tuple[Bar, ...]
    windows: tuple[Bar, ...]
    versions: tuple[Mark, ...]
    stamps: tuple[Stamp, ...]
    ticks: tuple[Mark, ...]
    dense: bool

    @property
    def stated(self) -> frozenset[str]:
        """The kinds of time that the publisher stated."""
        return frozenset(stamp.kind for stamp in self.stamps)


Stretch = tuple[Stage, datetime, datetime]


def timeline(rows: Sequence[HistoryRow], events: Sequence[EventRow], until: datetime, tz: tzinfo) -> Timeline:
    """The picture of these versions, oldest first and at least one, up to `until`, the end of what is known."""
    stretches = stages(rows, events, until)
    stated = list(_stated(rows))
    place = _places([*_sights(rows), *(at for at, _, _ in stated), *(at for _, *both in stretches for at in both)])
    return Timeline(
        stages=tuple(_stage_bar(stretch, place, tz) for stretch in stretches),
        sights=tuple(_sight(row, place, tz) for row in rows),
        windows=tuple(_window(row, place, tz) for row in rows if row.change is not None),
        versions=tuple(_numbered([_version(row, place, tz) for row in rows])),
        stamps=tuple(_stamp(*one, place, tz) for one in stated),
        ticks=tuple(_ticks(sorted({row.version.first_seen_at for row in rows} | {until}), place, tz)),
        dense=len(rows) >= DENSE,
    )


# -- the scale


def _places(instants: Iterable[datetime]) -> Mapping[datetime, float]:
    """Where each instant stands. Gaps count by their logarithm."""
    ordered = sorted(set(instants))
    sums = [0.0]
    for before, after in pairwise(ordered):
        sums.append(sums[-1] + 1 + log2(1 + (after - before).total_seconds() / 60))
    whole = sums[-1] or 1.0
    return {at: round(EDGE + (100 - 2 * EDGE) * way / whole, 2) for at, way in zip(ordered, sums, strict=True)}


def _sights(rows: Sequence[HistoryRow]) -> Iterator[datetime]:
    for row in rows:
        yield from (row.version.first_seen_at, row.version.last_seen_at)
        if row.change is not None:
            yield from (row.change.not_before, row.change.not_after)


# -- the stages


def stages(rows: Sequence[HistoryRow], events: Sequence[EventRow], until: datetime) -> list[Stretch]:
    """Which stage the article was in, from its first version on."""
    moves = sorted([*_moves(rows), *_turns(rows, events)], key=lambda move: move[0])
    ends = [*(at for at, _ in moves[1:]), max(until, moves[-1][0])]
    stretches: list[Stretch] = []
    for (at, stage), end in zip(moves, ends, strict=True):
        if stretches and stretches[-1][0] is stage:
            stretches[-1] = (stage, stretches[-1][1], end)
        elif at < end or at == moves[-1][0]:  # a stage that only begins is what the article is in now
            stretches.append((stage, at, end))
    return stretches


Move = tuple[datetime, Stage]


def _moves(rows: Sequence[HistoryRow]) -> Iterator[Move]:
    """The live marker comes and goes with a version."""
    before: bool | None = None
    for row in rows:
        fallen = row.change is not None and row.change.state in NOT_STANDING
        if row.version.live is not before and not fallen:
            before = row.version.live
            yield row.version.first_seen_at, _marked(before)


def _marked(live: bool) -> Stage:
    return Stage.LIVE if live else Stage.COOLING


def _turns(rows: Sequence[HistoryRow], events: Sequence[EventRow]) -> Iterator[Move]:
    first = rows[0].version.first_seen_at
    last: Stage | None = None
    rested: Stage | None = None
    for event in events:
        if event.not_after < first:
            continue
        live = next((r.version.live for r in reversed(rows) if r.version.first_seen_at <= event.not_after), False)
        stage = _TURNS.get(event.event)
        if event.event is AlertEvent.RESUMED:
            yield event.not_after, rested or _marked(live)
        elif stage is not None:
            rested = last if stage is Stage.PAUSED else rested
            last = stage
            yield event.not_after, stage
        elif event.event in (AlertEvent.REOPENED, AlertEvent.RESTORED):
            last = _marked(live)
            yield event.not_after, last


_TURNS = {
    AlertEvent.LIVE: Stage.LIVE,
    AlertEvent.COOLING: Stage.COOLING,
    AlertEvent.SETTLED: Stage.SETTLED,
    AlertEvent.GONE: Stage.GONE,
    AlertEvent.RETIRED: Stage.RETIRED,
    AlertEvent.PAUSED: Stage.PAUSED,
}


def _stage_bar(stretch: Stretch, place: Mapping[datetime, float], tz: tzinfo) -> Bar:
    stage, start, end = stretch
    width = max(LEAST, round(place[end] - place[start], 2))
    return Bar(
        start=place[start],
        width=width,
        kind=stage.value,
        title=f"{stage.value} from {moment(start, tz)} to {moment(end, tz)}",
        name=stage.value if width >= len(stage.value) * LETTER + MARGIN else "",
        roomy=width < len(stage.value) * NARROW_LETTER + MARGIN,
    )


# -- our clock


def _sight(row: HistoryRow, place: Mapping[datetime, float], tz: tzinfo) -> Bar:
    version = row.version
    return Bar(
        start=place[version.first_seen_at],
        width=round(place[version.last_seen_at] - place[version.first_seen_at], 2),
        kind="withdrawn" if row.change and row.change.state in NOT_STANDING else "seen",
        title=f"version {version.number} was seen from {moment(version.first_seen_at, tz)} "
        f"to {moment(version.last_seen_at, tz)}",
    )


def _window(row: HistoryRow, place: Mapping[datetime, float], tz: tzinfo) -> Bar:
    change = row.change
    assert change is not None
    return Bar(
        start=place[change.not_before],
        width=round(place[change.not_after] - place[change.not_before], 2),
        kind="window",
        title=f"changed {window(change.not_before, change.not_after, tz)}",
    )


def kind_of(row: HistoryRow) -> str:
    """What a version's mark looks like: by the declaration of the change that led to it."""
    if row.change is None:
        return "first"
    if row.change.state in NOT_STANDING:
        return row.change.state.value
    return row.change.declaration.value if row.change.declaration else "unmarked"


def _version(row: HistoryRow, place: Mapping[datetime, float], tz: tzinfo) -> Mark:
    number, kind = row.version.number, kind_of(row)
    what = "first seen" if kind == "first" else "seen, nothing declared" if kind == "unmarked" else kind
    return Mark(
        at=place[row.version.first_seen_at],
        kind=kind,
        title=f"version {number}, {what}: {moment(row.version.first_seen_at, tz)}",
        label=str(number),
        number=number,
    )


def _numbered(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks, labelled as far as there is room."""
    places = [mark.at for mark in marks]
    digits = max(len(mark.label) for mark in marks)
    always = _spaced(places, NARROW_ROOM + digits * NARROW_DIGIT, ())
    roomy = _spaced(places, ROOM + digits * DIGIT, always)
    for at, mark in enumerate(marks):
        yield _labelled(mark, mark.label, at, always, roomy)


def _labelled(mark: Mark, label: str, at: int, always: set[int], roomy: set[int]) -> Mark:
    shown = label if at in always or at in roomy else ""
    return Mark(at=mark.at, kind=mark.kind, title=mark.title, number=mark.number, label=shown, roomy=at not in always)


def _spaced(places: Sequence[float], room: float, fixed: Iterable[int]) -> set[int]:
    """Which of the places, in rising order, can be labelled with so much room: the fixed ones, and others from the
    left as they fit."""
    taken = set(fixed)
    ahead = sorted(taken)
    last = -room
    for at, place in enumerate(places):
        if at in taken:
            last = place
            continue
        following = next((places[other] for other in ahead if other > at), 100 + room)
        if place - last >= room and following - place >= room:
            taken.add(at)
            last = place
    return taken


# -- the publisher's clock

Stated = tuple[datetime, str, HistoryRow]


def _stated(rows: Sequence[HistoryRow]) -> Iterator[Stated]:
    """Each time that the publisher stated, once, with the version that was the first to state it."""
    known: set[tuple[str, datetime]] = set()
    for row in rows:
        for kind, at in (("published", row.version.claimed_published_at), ("updated", row.version.claimed_updated_at)):
            if at is not None and (kind, at) not in known:
                known.add((kind, at))
                yield at, kind, row


def _stamp(at: datetime, kind: str, row: HistoryRow, place: Mapping[datetime, float], tz: tzinfo) -> Stamp:
    raw = row.version.claimed_updated_raw
    words = f" (“{printable(raw, 80)}”)" if kind == "updated" and raw else ""
    return Stamp(
        at=place[at],
        shown_at=place[row.version.first_seen_at],
        kind=kind,
        title=f"{kind} {moment(at, tz)}{words}, first stated in version {row.version.number}",
    )


# -- the axis


def _ticks(instants: Sequence[datetime], place: Mapping[datetime, float], tz: tzinfo) -> Iterator[Mark]:
    """As many times as fit, the day with the first of each day. The last instant is always told."""
    places = [place[at] for at in instants]
    ends = {0, len(places) - 1} if places[-1] - places[0] >= NARROW_TICK_ROOM else {0}
    always = _spaced(places, NARROW_TICK_ROOM, ends)
    roomy = _spaced(places, TICK_ROOM, always)
    clock = "%H:%M:%S" if timedelta(0) < instants[-1] - instants[0] < SHORT else "%H:%M"
    day: date | None = None
    for at, instant in enumerate(instants):
        if at not in roomy:
            continue
        here = instant.astimezone(tz)
        label = f"{here:{clock}}" if here.date() == day else f"{here.day} {here:%b} {here:{clock}}"
        # A day that only a wide screen names has not been named on a phone.
        day = here.date() if at in always else day
        mark = Mark(at=places[at], kind="tick", title=moment(instant, tz))
        yield _labelled(mark, label, at, always, roomy)
