"""The ordered policy: which of a page's claims come first, and which are not believed, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.core.article import Claim, ClaimKind, ClaimSource, Precision
from monitor.core.timestamps.clocks import SHOWN, TRANSPORT, ZONES_EAST, span_of
from monitor.core.timestamps.stamp import AHEAD

_TRUST = {
    source: rank
    for rank, source in enumerate(
        (
            ClaimSource.SITE,
            ClaimSource.JSON_LD,
            ClaimSource.META,
            ClaimSource.MICRODATA,
            ClaimSource.VISIBLE,
            ClaimSource.TIME,
            ClaimSource.FEED,
            ClaimSource.HTTP,
            ClaimSource.INFERRED,
        )
    )
}
_FINENESS = {Precision.SECOND: 0, Precision.MINUTE: 1, Precision.DAY: 2, None: 3}
_LASTING = frozenset({"relative", "dynamic"})
"""Doubts that only whoever read or watched the clock can know; all others are found here anew."""

_PARTS_OF_HOURS = {timedelta(minutes=m) for m in (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765)}
"""Zones that are no whole hours away from UTC."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)


def reconcile(claims: Iterable[Claim], *, captured_at: datetime | None) -> tuple[Claim, ...]:
    """The claims of one page in the order of trust, duplicates dropped, each doubted or believed.

    A site rule's lines come first (somebody wrote it for that page), then JSON-LD, meta, microdata, visible lines,
    `<time>`, and the transport's own times, which are never believed. Within a source the finer comes first, then
    the latest update and the earliest publication. A clock without a zone is placed by another claim of its kind
    that shows the same minute in some zone; else by its site's zone; else by the zone that another pair has shown
    or the other claims state. An update that repeats the publication is no claim, unless the page says nothing later
    and shows its readers an update line that agrees. Calling it again, or in another order, gives the same.
    """
    fresh = _without_doubles(sorted((_cleared(claim) for claim in claims), key=_order))
    placed = _Places.of(fresh).place_all(fresh)
    ordered = _without_doubles(sorted(placed, key=_order))
    judged = [_doubted(claim, _own_doubt(claim, captured_at)) for claim in ordered]
    published = [claim for claim in judged if claim.kind is ClaimKind.PUBLISHED and _states(claim)]
    judged = [_doubted(claim, _doubt_beside(claim, published)) if claim.believed else claim for claim in judged]
    return tuple(weighed(claim) for claim in _without_conflicts(_with_shown_repeats(judged)))


def _cleared(claim: Claim) -> Claim:
    keep = claim.doubt in _LASTING and claim.source not in TRANSPORT
    return claim if keep else replace(claim, doubt=None, believed=True)


def _order(claim: Claim) -> tuple[object, ...]:
    at = claim.at or _EARLIEST
    newest_first = (_EARLIEST - at) if claim.kind is ClaimKind.UPDATED else (at - _EARLIEST)
    return (
        _TRUST[claim.source],
        claim.kind is ClaimKind.UPDATED,
        claim.at is None,
        _FINENESS[claim.precision],
        newest_first,
        claim.wall or "",
        -len(claim.raw),
        claim.raw,
        claim.zone or "",
        claim.doubt or "",
    )


def _tells(claim: Claim) -> bool:
    return claim.believed and claim.at is not None


def _states(claim: Claim) -> bool:
    """Whether the publisher gives a time; a day that had to be searched for speaks against nothing."""
    return claim.believed and claim.source is not ClaimSource.INFERRED


def _doubted(claim: Claim, doubt: str | None) -> Claim:
    if doubt is None:
        return claim
    return replace(claim, doubt=doubt, believed=doubt == "no_zone")


# ------------------------------------------------------------------------------------------------- doubles


def _without_doubles(ordered: Sequence[Claim]) -> list[Claim]:
    """One claim for each moment that a source gives; a coarser one that agrees with a finer says nothing more."""
    kept: list[Claim] = []
    for claim in ordered:
        if not any(_repeats(claim, earlier) for earlier in kept):
            kept.append(claim)
    return kept


def _repeats(claim: Claim, earlier: Claim) -> bool:
    alike = (claim.source, claim.kind, claim.doubt) == (earlier.source, earlier.kind, earlier.doubt)
    if not alike or claim.wall != earlier.wall:
        return False
    if claim.at is None or earlier.at is None:
        same = (claim.zone, claim.precision) == (earlier.zone, earlier.precision)
        return claim.at is earlier.at and same and (claim.wall is not None or claim.raw == earlier.raw)
    if claim.precision is Precision.MINUTE and earlier.precision is Precision.SECOND:
        return claim.at == _minute(earlier.at)
    return claim.at == earlier.at and claim.precision is earlier.precision


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


# ------------------------------------------------------------------------------------------------- zones


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the page's clocks without a zone may stand: the claims that have one, and the zones that they show."""

    anchors: tuple[Claim, ...]
    shown: frozenset[timedelta]
    stated: frozenset[timedelta]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> "_Places":
        anchors = tuple(
            claim
            for claim in sorted(claims, key=_order)
            if claim.at and claim.wall is None and claim.doubt is None and claim.source not in TRANSPORT
        )
        pairs = (_distance(claim, anchors) for claim in claims)
        stated = (_stated(claim.zone) for claim in anchors)
        return cls(anchors, frozenset(d for d in pairs if d is not None), frozenset(d for d in stated if d))

    def place_all(self, claims: Sequence[Claim]) -> list[Claim]:
        return [self._place(claim) for claim in claims]

    def _place(self, claim: Claim) -> Claim:
        if claim.wall is None or claim.zone is not None or claim.doubt is not None:
            return claim
        anchor = _matching(claim, self.anchors)
        if anchor and anchor.at:
            at = anchor.at if claim.precision is Precision.SECOND else _minute(anchor.at)
            return replace(claim, at=at)
        shown = _shown(claim.wall)
        if claim.at is not None or shown is None or claim.precision is Precision.DAY:
            return claim
        distances = self.shown or self.stated
        return replace(claim, at=shown - min(distances)) if len(distances) == 1 else claim


def _stated(zone: str | None) -> timedelta | None:
    """The offset of `+02:00`. UTC says nothing of what the page prints."""
    if not zone or zone[0] not in "+-" or len(zone) not in (5, 6):
        return None
    digits = zone[1:].replace(":", "")
    if not digits.isdigit():
        return None
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return None if distance == timedelta(0) else distance if zone[0] == "+" else -distance


def _shown(wall: str) -> datetime | None:
    try:
        return None if wall.startswith("T") else datetime.fromisoformat(wall).replace(tzinfo=UTC)
    except ValueError:
        return None


def _matching(claim: Claim, anchors: Sequence[Claim]) -> Claim | None:
    """The most trusted claim of the same kind that this clock shows in some zone."""
    if claim.wall is None or claim.precision is Precision.DAY:
        return None
    return next((a for a in anchors if a.kind is claim.kind and _offset_between(claim, a) is not None), None)


def _distance(claim: Claim, anchors: Sequence[Claim]) -> timedelta | None:
    """How far this clock is set from UTC, as another claim of its kind shows."""
    if claim.zone is not None or claim.doubt is not None:
        return None
    anchor = _matching(claim, anchors)
    return _offset_between(claim, anchor) if anchor else None


def _offset_between(claim: Claim, anchor: Claim) -> timedelta | None:
    """The zone in which the anchor's instant reads as this clock does; None if there is none on earth."""
    if claim.wall is None or anchor.at is None or anchor.precision is Precision.DAY:
        return None
    seconds = claim.precision is Precision.SECOND and anchor.precision is Precision.SECOND
    at = anchor.at if seconds else _minute(anchor.at)
    if claim.wall.startswith("T"):
        shown = datetime.combine(at.date(), datetime.fromisoformat(f"2000-01-01{claim.wall}").time(), UTC)
        shown = shown if seconds else _minute(shown)
        around = [shown - at + timedelta(days=d) for d in (-1, 0, 1)]
        return next((d for d in sorted(around, key=abs) if _is_zone(d)), None)
    shown_at = _shown(claim.wall)
    if shown_at is None:
        return None
    distance = (shown_at if seconds else _minute(shown_at)) - at
    return distance if _is_zone(distance) else None


def same_update(line: Claim, claim: Claim) -> bool:
    """Whether a printed line gives the minute of the update that another source gives; without a zone of its own, in
    some zone."""
    if line.kind is not ClaimKind.UPDATED or claim.kind is not ClaimKind.UPDATED or claim.at is None:
        return False
    if line.at is not None and line.zone is not None:
        return line.precision is not Precision.DAY and _minute(line.at) == _minute(claim.at)
    return _matching(line, [claim]) is not None


def _is_zone(distance: timedelta) -> bool:
    whole = distance % timedelta(hours=1) == timedelta(0)
    return (whole and -timedelta(hours=12) <= distance <= ZONES_EAST) or distance in _PARTS_OF_HOURS


# ------------------------------------------------------------------------------------------------- doubts


def _own_doubt(claim: Claim, captured_at: datetime | None) -> str | None:
    """What speaks against a claim by itself."""
    if claim.source in TRANSPORT:
        return "transport"
    if claim.doubt is not None:
        return claim.doubt
    if claim.at is None and not claim.wall:
        return "unparsed"
    early = ZONES_EAST if claim.precision is Precision.DAY or claim.at is None else timedelta(0)
    shown = _face(claim)
    if captured_at and shown and shown - early > captured_at + AHEAD:
        return "future"
    return "no_zone" if claim.at is None else None


def _doubt_beside(claim: Claim, published: Sequence[Claim]) -> str | None:
    """What speaks against an update time beside the publication: that of its own source, else the most trusted."""
    if claim.kind is not ClaimKind.UPDATED:
        return None
    first = next((other for other in published if other.source is claim.source), published[0] if published else None)
    if first is None:
        return None
    if _days_differ(claim, first):
        return "same_as_published" if claim.source not in SHOWN and _agrees(claim, first) else None
    moments = _comparable(claim, first)
    if moments is None:
        return None
    if _cover(claim, first):
        return "same_as_published"
    return "before_published" if moments[0] < moments[1] else None


def _days_differ(claim: Claim, first: Claim) -> bool:
    """A day and a time cannot be told apart within a day and the zones around it."""
    days = [one.precision is Precision.DAY for one in (claim, first)]
    if not any(days) or (all(days) and _comparable(claim, first)):
        return False
    shown, born = _face(claim), _face(first)
    return shown is not None and born is not None and shown + timedelta(days=1) + ZONES_EAST > born


def _face(claim: Claim) -> datetime | None:
    """The instant, or what its clock shows where no zone was given, as if that were UTC."""
    return claim.at or _shown(claim.wall or "")


def _comparable(one: Claim, other: Claim) -> tuple[datetime, datetime] | None:
    """What two claims show, where that is in one zone: both give an instant, or both a clock without a zone."""
    if one.at and other.at:
        return one.at, other.at
    if one.at or other.at:
        return None
    first, second = _face(one), _face(other)
    return (first, second) if first and second else None


def _cover(one: Claim, other: Claim) -> bool:
    """Whether two claims give the same moment, as far as the coarser of them says."""
    moments = _comparable(one, other)
    if moments is None:
        return False
    if Precision.MINUTE in (one.precision, other.precision):
        return _minute(moments[0]) == _minute(moments[1])
    return moments[0] == moments[1]


def _with_shown_repeats(claims: Sequence[Claim]) -> list[Claim]:
    """A page that was never edited often says "Updated" with the time of its publication. What its readers are shown
    is a claim, and so is the metadata that it repeats; but only where the page says nothing later."""
    updates = [claim for claim in claims if claim.kind is ClaimKind.UPDATED]
    if any(claim.believed and claim.precision is not Precision.DAY for claim in updates):
        return list(claims)
    lines = [claim for claim in updates if claim.source in SHOWN and (claim.believed or _repeats_publication(claim))]
    return [replace(claim, believed=True) if _is_shown(claim, lines) else claim for claim in claims]


def _repeats_publication(claim: Claim) -> bool:
    return claim.doubt == "same_as_published"


def _is_shown(claim: Claim, lines: Sequence[Claim]) -> bool:
    return _repeats_publication(claim) and any(_agrees(line, claim) for line in lines)


def _agrees(line: Claim, claim: Claim) -> bool:
    """Whether the line says what the claim says, as far as it says anything: its minute, or a day that holds it."""
    if line.precision is not Precision.DAY:
        return _cover(line, claim)
    if line.wall and claim.wall:
        return claim.wall.startswith(line.wall)
    span, at = span_of(line), claim.at
    return span is not None and at is not None and span[0] <= at < span[1]


def _without_conflicts(claims: Sequence[Claim]) -> list[Claim]:
    """Claims that lie whole hours off the most trusted one of their kind: a wrong zone, not another moment."""
    first: dict[ClaimKind, Claim] = {}
    for claim in claims:
        if _tells(claim) and claim.precision is not Precision.DAY:
            first.setdefault(claim.kind, claim)
    return [_doubted(claim, "conflict") if _conflicts(claim, first.get(claim.kind)) else claim for claim in claims]


def _conflicts(claim: Claim, first: Claim | None) -> bool:
    if first is None or first.source is claim.source or not _tells(claim) or claim.precision is Precision.DAY:
        return False
    if first.at is None or claim.at is None:
        return False
    seconds = claim.precision is first.precision is Precision.SECOND
    distance = (claim.at - first.at) if seconds else (_minute(claim.at) - _minute(first.at))
    return distance != timedelta(0) and abs(distance) <= ZONES_EAST and distance % timedelta(hours=1) == timedelta(0)


# ------------------------------------------------------------------------------------------------- confidence

_CONFIDENCE = {
    ClaimSource.SITE: 0.95,
    ClaimSource.JSON_LD: 0.95,
    ClaimSource.META: 0.9,
    ClaimSource.MICRODATA: 0.85,
    ClaimSource.VISIBLE: 0.8,
    ClaimSource.TIME: 0.6,
    ClaimSource.FEED: 0.5,
    ClaimSource.INFERRED: 0.4,
    ClaimSource.HTTP: 0.3,
}
_WITHOUT_ZONE = 0.1
"""What a clock loses that gives no zone, wherever its zone was taken from."""
_TIME_ONLY = 0.5
_DOUBTED = {"transport": 1.0, "same_as_published": 0.5, "conflict": 0.3, "future": 0.2, "before_published": 0.2}
"""What a doubt leaves of it; none of it where the words gave no time, or a clock or words that merely follow ours."""


def weighed(claim: Claim) -> Claim:
    """The claim with its confidence: what its source is worth, less what its words leave open, by its doubt."""
    worth = _CONFIDENCE[claim.source]
    if claim.wall is not None and claim.source is not ClaimSource.INFERRED:
        worth = min(worth, _TIME_ONLY) if claim.wall.startswith("T") else worth - _WITHOUT_ZONE
    share = 1.0 if claim.believed else _DOUBTED.get(claim.doubt or "", 0.0)
    return replace(claim, confidence=round(worth * share, 3))
