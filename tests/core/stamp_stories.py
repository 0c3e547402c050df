"""Hundreds of lives of a page, told by axes: what was edited, which sources carry a stamp, and how each stamp behaves.

Every story has real pages and an answer from `answer`, which knows nothing of pages and of the code under test: it
reads DESIGN's table of declarations on bare times. The page is seen as it was, once or more, and at last as it is.
The publication is a week old; whatever was edited was edited between the last two visits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, cycle, product

from monitor.core.article import Declaration
from tests.fakes import BODY, NOON

BORN = datetime(2022, 1, 18, 9, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
EDITS = ("body", "headline", "standfirst", "caption", "correction", "addition")
SHOWN = ("visible", "site")
METADATA = ("json-ld", "meta", "microdata", "time")
TRUSTED = ("site", "json-ld", "meta", "microdata", "visible", "time")

Shown = datetime | str | None
"""What a stamp says at one visit: a time, words that are none ("Updated 5 minutes ago"), or nothing."""


@dataclass(frozen=True)
class Stamp:
    """One source's update time. `unit` is how fine it is; `zone` is given as UTC or not at all."""

    source: str
    before: Shown
    after: Shown
    unit: timedelta = MINUTE
    zone: bool = True
    runs: bool = False
    """It shows the time of the visit, less what `lags` says a cache held it back."""


@dataclass(frozen=True)
class Story:
    name: str
    stamps: tuple[Stamp, ...]
    edit: str | None
    visits: tuple[int, ...] = (0, 10, 20)
    lags: tuple[int, ...] = (0, 0, 0)
    born_stated: bool = True
    expected: Declaration | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expected", answer(self))

    @property
    def last_sight(self) -> datetime:
        return NOON + timedelta(minutes=self.visits[-2])

    @property
    def found(self) -> datetime:
        return NOON + timedelta(minutes=self.visits[-1])

    def pages(self) -> Iterator[tuple[timedelta, bytes]]:
        for number, minutes in enumerate(self.visits):
            last = number == len(self.visits) - 1
            now = NOON + timedelta(minutes=minutes - self.lags[number])
            says = [(s, now if s.runs else s.after if last else s.before) for s in self.stamps]
            yield timedelta(minutes=minutes), paper(self.edit if last else None, says, born=self.born_stated)


# ------------------------------------------------------------------------------------------------- the answer


def answer(story: Story) -> Declaration | None:
    """What DESIGN's table says of this story."""
    stamps = [s for s in story.stamps if not s.runs]
    begun = NOON + timedelta(minutes=story.visits[0])
    believed = [(s, _believed(s.before, s, story, begun), _believed(s.after, s, story, story.found)) for s in stamps]
    moved = [s for s, old, new in believed if new and (old or _born(s.before)) and new > _time(s.before)]
    first = [
        s
        for s, _, new in believed
        if new and s.before is None and not _born(new) and not any(o for _, o, _ in believed)
    ]
    if story.edit is None:
        return Declaration.RESTAMPED if moved or first else None
    if moved or first:
        return Declaration.ANNOUNCED
    if not any(s.before or s.after or s.runs for s in story.stamps):
        return Declaration.UNSTAMPED
    back = any(old and new and new < old for _, old, new in believed)
    beside = any(new and s.before is None and not _born(new) for s, _, new in believed)
    if back or beside or _contradict(story):
        return Declaration.UNDETERMINED
    still = [(s, new) for s, old, new in believed if old and new and old == new]
    ahead = any(isinstance(s.after, datetime) and _earliest(s, s.after) > story.last_sight for s in stamps)
    accused = any(_latest(s, new) <= story.last_sight for s, new in still)
    return Declaration.STEALTH if accused and not ahead else Declaration.UNDETERMINED


def _believed(shown: Shown, stamp: Stamp, story: Story, seen: datetime) -> datetime | None:
    """A time that is no words, not in the future, not before the publication, nor (unseen by readers) equal to it."""
    if not isinstance(shown, datetime):
        return None
    if _earliest(stamp, shown) > seen + timedelta(minutes=10):
        return None
    if story.born_stated and stamp.zone and shown < _floor(BORN, stamp.unit):
        return None
    if story.born_stated and _born(shown) and stamp.source not in SHOWN:
        return None
    return None if _outvoted(stamp, shown, story) else shown


def _born(shown: Shown) -> bool:
    return (
        isinstance(shown, datetime)
        and shown.date() == BORN.date()
        and shown.time() in (BORN.time(), datetime.min.time())
    )


def _time(shown: Shown) -> datetime:
    assert isinstance(shown, datetime)
    return shown


def _contradict(story: Story) -> bool:
    return any(isinstance(s.after, datetime) and _outvoted(s, s.after, story) for s in story.stamps)


def _outvoted(stamp: Stamp, shown: datetime, story: Story) -> bool:
    """A source that lies whole hours off a more trusted one has another zone, and is wrong about it."""
    for other in story.stamps:
        value = other.before if shown is stamp.before else other.after
        if TRUSTED.index(other.source) >= TRUSTED.index(stamp.source) or not isinstance(value, datetime) or other.runs:
            continue
        off = abs(_floor(value, MINUTE) - _floor(shown, MINUTE))
        fine = stamp.unit != DAY and other.unit != DAY and stamp.zone and other.zone
        if (
            fine
            and off
            and off % timedelta(hours=1) == timedelta(0)
            and off <= timedelta(hours=14)
            and not _born(value)
        ):
            return True
    return False


def _floor(at: datetime, unit: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % unit


def _earliest(stamp: Stamp, shown: datetime) -> datetime:
    return shown - (timedelta(0) if stamp.zone else timedelta(hours=14))


def _latest(stamp: Stamp, shown: datetime) -> datetime:
    return _floor(shown, stamp.unit) + stamp.unit + (timedelta(0) if stamp.zone else timedelta(hours=12))


# ------------------------------------------------------------------------------------------------- the pages


def paper(edit: str | None, says: list[tuple[Stamp, Shown]], *, born: bool, people: int = 12) -> bytes:
    """The page after that edit, with what its stamps say."""
    text = [BODY[0].replace("12 people", f"{people} people"), *BODY[1:3]]
    if edit == "body":
        text[0] = text[0].replace("12 people", "17 people")
    if edit == "addition":
        text.append("The owners of the ferry said late in the day that they would pay for every cabin that was lost.")
    note = (
        "<p>Correction: an earlier version of this article named the wrong harbour.</p>" if edit == "correction" else ""
    )
    headline = "Ferry runs aground in thick fog" if edit == "headline" else "Ferry runs aground in fog"
    standfirst = "Passengers waited for hours" if edit == "standfirst" else "Passengers waited until noon"
    caption = "The ferry seen from the old pier" if edit == "caption" else "The ferry seen from the new pier"
    by_source = {stamp.source: _printed(stamp, shown) for stamp, shown in says if shown is not None}
    members = [f'"datePublished": "{BORN.isoformat()}"'] if born else []
    if "json-ld" in by_source:
        members.append(f'"dateModified": "{by_source["json-ld"]}"')
    entity = ", ".join(['"@type": "NewsArticle"', f'"headline": "{headline}"', *members])
    meta = f'<meta property="article:modified_time" content="{by_source["meta"]}">' if "meta" in by_source else ""
    data = f'<meta itemprop="dateModified" content="{by_source["microdata"]}">' if "microdata" in by_source else ""
    time = f'<time class="updated" datetime="{by_source["time"]}"></time>' if "time" in by_source else ""
    lines = "".join(f'<p class="stamp-{source}">{by_source[source]}</p>' for source in SHOWN if source in by_source)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>{meta}
<script type="application/ld+json">{{"@context": "https://schema.org", {entity}}}</script></head><body><main><article>
<h1>{headline}</h1><p class="standfirst">{standfirst} before the tide let the tugs come alongside.</p>
{data}{time}{lines}<figure><img src="ferry.jpg" alt=""><figcaption>{caption} on Tuesday.</figcaption></figure>
{paragraphs}{note}</article></main></body></html>""".encode()


def _printed(stamp: Stamp, shown: Shown) -> str:
    if isinstance(shown, str):
        return shown
    assert shown is not None
    if stamp.source in SHOWN:
        if stamp.unit == DAY:
            return f"Updated: {shown:%d %B %Y}"
        return f"Updated: {shown:%H:%M GMT %d.%m.%Y}" if stamp.zone else f"Updated: {shown:%d %B %Y, %H:%M}"
    if stamp.unit == DAY:
        return f"{shown:%Y-%m-%d}"
    zone = "+00:00" if stamp.zone else ""
    return f"{shown:%Y-%m-%dT%H:%M:%S}{zone}" if stamp.unit == SECOND else f"{shown:%Y-%m-%dT%H:%M}{zone}"


# ------------------------------------------------------------------------------------------------- the axes


def at(clock: str, day: int = 25) -> datetime:
    hour, minute, second = (int(part) for part in (clock + ":00")[:8].split(":"))
    return NOON.replace(day=day, hour=hour, minute=minute, second=second)


FINE: dict[str, tuple[Shown, Shown]] = {
    "stands": (at("11:30:20"), at("11:30:20")),
    "moves": (at("11:30:20"), at("12:15:40")),
    "moves by a minute": (at("11:30:20"), at("11:31:20")),
    "appears": (None, at("12:15:40")),
    "vanishes": (at("11:30:20"), None),
    "stands in the minute of the last sight": (at("12:10:00"), at("12:10:00")),
    "stands in the minute before it": (at("12:09:00"), at("12:09:00")),
    "lies in the window": (at("12:14:20"), at("12:14:20")),
    "goes back": (at("11:30:20"), at("10:51:20")),
    "lies before the publication": (at("08:00:20", 18), at("08:00:20", 18)),
    "lies ahead": (at("12:25:20"), at("12:25:20")),
    "lies in the future": (at("23:40:20", 27), at("23:40:20", 27)),
    "repeats the publication": (BORN, BORN),
    "leaves the publication": (BORN, at("12:15:40")),
    "appears as the publication": (None, BORN),
    "moves into the future": (at("11:30:20"), at("23:40:20", 27)),
}
DAYS: dict[str, tuple[Shown, Shown]] = {
    "says a day long past": (at("00:00", 21), at("00:00", 21)),
    "says yesterday": (at("00:00", 24), at("00:00", 24)),
    "says today": (at("00:00"), at("00:00")),
    "moves to today": (at("00:00", 21), at("00:00")),
    "appears with today": (None, at("00:00")),
    "vanishes": (at("00:00", 21), None),
    "goes back a day": (at("00:00", 22), at("00:00", 21)),
    "lies before the publication": (at("00:00", 12), at("00:00", 12)),
    "lies in the future": (at("00:00", 29), at("00:00", 29)),
    "says the day of publication": (at("00:00", 18), at("00:00", 18)),
}


def stories() -> list[Story]:
    """All of them, each under a name of its own."""
    told = [
        *_alone(),
        *_without_zone(),
        *_by_the_day(),
        *_in_pairs(),
        *_contradicting(),
        *_words(),
        *_running(),
        *_bare(),
    ]
    return list({story.name: story for story in told}.values())


def _alone() -> Iterator[Story]:
    edits = cycle(EDITS)
    for source, (how, (before, after)) in product((*SHOWN, *METADATA), FINE.items()):
        units = (MINUTE,) if source in SHOWN else (SECOND, MINUTE)
        for unit in units:
            stamp = _coarse(Stamp(source, before, after, unit))
            for edit in (next(edits), next(edits), None):
                yield Story(f"{source} to the {_name(unit)} {how}, {edit or 'nothing'}", (stamp,), edit)


def _without_zone() -> Iterator[Story]:
    edits = cycle(EDITS)
    kept = ("stands", "moves", "appears", "vanishes", "goes back", "lies in the future")
    long_ago = {"stands for two days": (at("11:30:20", 23), at("11:30:20", 23))}
    for source, how in product((*SHOWN, *METADATA), (*kept, *long_ago)):
        before, after = (FINE | long_ago)[how]
        stamp = _coarse(Stamp(source, before, after, MINUTE if source in SHOWN else SECOND, zone=False))
        for edit in (next(edits), None):
            yield Story(f"{source} without a zone {how}, {edit or 'nothing'}", (stamp,), edit)


def _by_the_day() -> Iterator[Story]:
    edits = cycle(EDITS)
    for source, (how, (before, after)) in product((*SHOWN, *METADATA), DAYS.items()):
        stamp = Stamp(source, before, after, DAY, zone=False)
        for edit in (next(edits), None):
            yield Story(f"{source} by the day {how}, {edit or 'nothing'}", (stamp,), edit)


def _in_pairs() -> Iterator[Story]:
    edits = cycle((*EDITS, None))
    first = ("stands", "moves", "appears", "vanishes", "goes back", "repeats the publication", "lies in the future")
    second = {
        "stands": (at("11:30:20"), at("11:30:20")),
        "moves": (at("11:30:20"), at("12:15:40")),
        "appears": (None, at("12:15:40")),
        "lies in the window": (at("12:14:20"), at("12:14:20")),
        "repeats the publication": (BORN, BORN),
    }
    sources = [
        pair
        for pair in combinations(("visible", "json-ld", "meta", "microdata", "site"), 2)
        if pair != ("visible", "site")
    ]
    for (one, other), how, also in product(sources, first, second):
        if (one, other) not in sources[:5] and (how, also) not in (
            ("stands", "stands"),
            ("stands", "moves"),
            ("moves", "stands"),
        ):
            continue
        stamps = (Stamp(one, *FINE[how]), Stamp(other, *second[also]))
        edit = next(edits)
        yield Story(f"{one} {how}, {other} {also}, {edit or 'nothing'}", tuple(map(_coarse, stamps)), edit)


def _contradicting() -> Iterator[Story]:
    edits = cycle(EDITS)
    for (one, other), hours in product(
        (("json-ld", "visible"), ("json-ld", "meta"), ("site", "json-ld"), ("meta", "microdata")), (1, 2, 5)
    ):
        for how in ("stands", "moves"):
            before, after = FINE[how]
            off = (_hours(before, hours), _hours(before, hours))
            stamps = (Stamp(one, before, after), Stamp(other, *off))
            yield Story(f"{one} {how}, {other} {hours} hours behind stands", tuple(map(_coarse, stamps)), next(edits))


def _words() -> Iterator[Story]:
    edits = cycle((*EDITS, None))
    phrases = (
        ("Updated 5 minutes ago", "Updated 25 minutes ago"),
        ("Updated 3 hours ago", "Updated 3 hours ago"),
        ("Updated just now", "Updated 10 minutes ago"),
    )
    beside: tuple[Stamp | None, ...] = (
        None,
        Stamp("json-ld", *FINE["stands"]),
        Stamp("meta", *FINE["moves"]),
        Stamp("json-ld", *FINE["lies in the window"]),
    )
    for source, (before, after), other in product(SHOWN, phrases, beside):
        for edit in (next(edits), next(edits)):
            stamps = tuple(_coarse(s) for s in (Stamp(source, before, after), other) if s is not None)
            also = f" beside {other.source} {other.after}" if other is not None else ""
            yield Story(f"{source} says {before!r}, then {after!r}{also}, {edit or 'nothing'}", stamps, edit)


def _running() -> Iterator[Story]:
    edits = cycle((*EDITS, None))
    beside: tuple[Stamp | None, ...] = (None, Stamp("visible", *FINE["stands"]), Stamp("visible", *FINE["moves"]))
    fetches: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
        "": ((0, 10, 20), (0, 0, 0)),
        " five minutes late": ((0, 10, 20), (5, 5, 5)),
        " three hours behind": ((0, 10, 20), (180, 180, 180)),
        " three hours ahead": ((0, 10, 20), (-180, -180, -180)),
        " behind a cache": ((0, 10, 20, 30), (3, 6, 2, 5)),
        " behind a slow cache": ((0, 10, 25, 40), (1, 8, 3, 9)),
    }
    for source, other, (how, (visits, lags)) in product((*METADATA, *SHOWN), beside, fetches.items()):
        if other is not None and source in SHOWN:
            other = replace(other, source="json-ld")
        for edit in (next(edits), next(edits)):
            stamps = tuple(_coarse(s) for s in (Stamp(source, None, None, SECOND, runs=True), other) if s is not None)
            also = f" beside one that {_gait(other)}" if other is not None else ""
            yield Story(f"{source} runs{how}{also}, {edit or 'nothing'}", stamps, edit, visits, lags)


def _bare() -> Iterator[Story]:
    for edit, born in product((*EDITS, None), (True, False)):
        yield Story(f"no stamp{'' if born else ' and no time'}, {edit or 'nothing'}", (), edit, born_stated=born)
    for source, edit in product(SHOWN, EDITS):
        stamp = _coarse(Stamp(source, *FINE["stands"]))
        yield Story(f"{source} stands, no publication, {edit}", (stamp,), edit, born_stated=False)


def _gait(stamp: Stamp) -> str:
    return "stands" if stamp.before == stamp.after else "moves"


def _coarse(stamp: Stamp) -> Stamp:
    """The stamp with its times as coarse as it prints them."""

    def coarse(shown: Shown) -> Shown:
        return _floor(shown, stamp.unit) if isinstance(shown, datetime) else shown

    return replace(stamp, before=coarse(stamp.before), after=coarse(stamp.after))


def _hours(shown: Shown, hours: int) -> datetime:
    return _time(shown) - timedelta(hours=hours)


def _name(unit: timedelta) -> str:
    return {SECOND: "second", MINUTE: "minute"}[unit]
