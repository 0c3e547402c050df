"""The truth: what each article said, and when. Drawn once from a seed, and never asked of the program."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from random import Random
from zoneinfo import ZoneInfo

from monitor.core.article import Block, BlockKind, Claim, ClaimKind, ClaimSource, Content, Precision

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORDS = tuple(
    f"{start}{end}"
    for start in ("over", "under", "out", "fore", "by", "sea", "land", "rail", "high", "mid")
    for end in ("line", "ward", "work", "town", "house", "side", "stone", "field", "gate", "bridge")
)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

Said = tuple[object, ...]


class Stamps(Enum):
    """How a publisher dates its pages."""

    EXACT = auto()
    BERLIN = auto()
    NEW_YORK = auto()
    DAY = auto()
    NONE = auto()

    @property
    def zone(self) -> ZoneInfo | None:
        return {Stamps.BERLIN: BERLIN, Stamps.NEW_YORK: NEW_YORK}.get(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What the page says from `at` on. `stamped_at` is the publisher's "Updated", which a stealth edit leaves alone."""

    at: datetime
    stamped_at: datetime
    headline: str
    paragraphs: tuple[str, ...]
    corrections: tuple[str, ...] = ()
    live: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime

    def __contains__(self, at: object) -> bool:
        return isinstance(at, datetime) and self.start <= at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One article: its editions in their order, and when its address answered 404 or 410 instead."""

    url: str
    host: str
    stamps: Stamps
    editions: tuple[Edition, ...]
    missing: tuple[Span, ...] = ()
    removed: tuple[Span, ...] = ()

    def edition_at(self, at: datetime) -> int | None:
        """The number of the edition that stands then; None before the first."""
        number = bisect_right([edition.at for edition in self.editions], at) - 1
        return number if number >= 0 else None

    def content(self, number: int) -> Content:
        edition = self.editions[number]
        return Content(
            url=self.url,
            headline=edition.headline,
            blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in edition.paragraphs),
            corrections=edition.corrections,
            live=edition.live,
            live_marker="Being updated" if edition.live else None,
            claims=_claims(self.stamps, edition.stamped_at),
            method="press",
            extractor="1",
        )


def said(content: Content) -> Said:
    """What a page says: two contents are one version when these are equal."""
    raws = tuple(claim.raw for claim in content.claims)
    return content.headline, content.paragraphs, content.corrections, content.live, raws


def _claims(stamps: Stamps, at: datetime) -> tuple[Claim, ...]:
    if stamps is Stamps.NONE:
        return ()
    claim = Claim(kind=ClaimKind.UPDATED, at=at, raw="", source=ClaimSource.VISIBLE, precision=Precision.MINUTE)
    if stamps is Stamps.EXACT:
        exact = replace(claim, source=ClaimSource.JSON_LD, precision=Precision.SECOND, zone="Z")
        return (replace(exact, raw=at.strftime("%Y-%m-%dT%H:%M:%SZ")),)
    if stamps is Stamps.DAY:
        day = at.replace(hour=0, minute=0, second=0)
        return (replace(claim, at=day, raw=f"Updated {day:%d %B %Y}", precision=Precision.DAY, zone="GMT"),)
    wall = f"{at.astimezone(stamps.zone):%Y-%m-%dT%H:%M}"
    return (replace(claim, at=None, wall=wall, raw=f"Updated {wall}", doubt="no_zone"),)


@dataclass
class Press:
    """Hosts and the lives of their articles."""

    lives: dict[str, Life] = field(default_factory=dict)

    @classmethod
    def of(cls, random: Random, *, start: datetime, days: float, articles: int, hosts: int) -> "Press":
        press = cls()
        kinds = (Stamps.EXACT, Stamps.BERLIN, Stamps.EXACT, Stamps.NEW_YORK, Stamps.NONE, Stamps.DAY)
        for number in range(articles):
            host = f"news{number % hosts}.example"
            url = f"https://{host}/{number}"
            born = start + days * DAY * random.random() * 0.7
            stamps = kinds[number % hosts % len(kinds)]
            press.lives[url] = _life(random, url, host, stamps, born.replace(microsecond=0), start + days * DAY)
        return press

    def of_host(self, host: str) -> list[Life]:
        return [life for life in self.lives.values() if life.host == host]


def _life(random: Random, url: str, host: str, stamps: Stamps, born: datetime, end: datetime) -> Life:
    live_until = born + timedelta(minutes=random.randint(30, 300)) if random.random() < 0.4 else born
    first = Edition(
        at=born,
        stamped_at=born,
        headline=_sentence(random, 7),
        paragraphs=tuple(_sentence(random, 25) for _ in range(6)),
        live=live_until > born,
    )
    editions = [first]
    for at in _times_of_edits(random, born, live_until, end):
        if at == live_until:
            editions.append(replace(editions[-1], at=at, live=False))
        else:
            editions.append(_edited(random, editions, at, live=at < live_until))
    missing, removed = _absences(random, born, end)
    return Life(url=url, host=host, stamps=stamps, editions=tuple(editions), missing=missing, removed=removed)


def _times_of_edits(random: Random, born: datetime, live_until: datetime, end: datetime) -> list[datetime]:
    """Many while it is live, some on its first day, a late one now and then; some follow at once on another."""
    times = [born + random.random() * (live_until - born) for _ in range(random.randint(1, 8)) if live_until > born]
    times += [born + random.random() * DAY for _ in range(random.choice((0, 0, 1, 1, 2, 4)))]
    times += [born + random.uniform(1, 14) * DAY for _ in range(random.choice((0, 0, 1, 2)))]
    times += [at + timedelta(seconds=random.uniform(5, 50)) for at in times if random.random() < 0.15]
    if live_until > born:
        times.append(live_until)
    return sorted(at.replace(microsecond=0) for at in times if born + MINUTE < at < end)


def _edited(random: Random, editions: Sequence[Edition], at: datetime, *, live: bool) -> Edition:
    last = editions[-1]
    stamped_at = at if random.random() < 0.6 else last.stamped_at
    after = replace(last, at=at, stamped_at=stamped_at, live=live)
    kind = random.random()
    if kind < 0.15 and len(editions) > 1:
        former = editions[-2]
        return replace(after, headline=former.headline, paragraphs=former.paragraphs, stamped_at=former.stamped_at)
    if kind < 0.3:
        return replace(after, headline=_sentence(random, 3) + " " + last.headline)
    if kind < 0.4:
        return replace(after, corrections=(*last.corrections, "Correction: " + _sentence(random, 9)))
    if kind < 0.7:
        return replace(after, paragraphs=(*last.paragraphs, _sentence(random, 14)))
    if kind < 0.8 and len(last.paragraphs) > 5:
        return replace(after, paragraphs=last.paragraphs[:-1])
    where = random.randrange(len(last.paragraphs))
    words = last.paragraphs[where].split()
    words[random.randrange(len(words))] = str(random.randrange(100, 999))
    return replace(after, paragraphs=(*last.paragraphs[:where], " ".join(words), *last.paragraphs[where + 1 :]))


def _absences(random: Random, born: datetime, end: datetime) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    lot, since = random.random(), (born + random.uniform(0.1, 3) * DAY).replace(microsecond=0)
    if lot < 0.08:
        return (Span(since, since + random.uniform(0.2, 3) * DAY),), ()
    if lot < 0.12:
        return (), (Span(since, end + 365 * DAY),)
    return (), ()


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(words))


def at_noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)
