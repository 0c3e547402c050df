"""A publisher that shows its headlines as a script says, and a desk that watches it: the real checker, store and
extraction, looking when the article is due. Only the network is faked, and time goes as fast as it can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from monitor.check import Checker
from monitor.core import diff as differ
from monitor.core.article import Article
from monitor.core.capture import Capture, Outcome
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy
from monitor.extract import rule_for
from monitor.ports import Request
from monitor.store import DeliveryState, OutboxRow, Store
from tests.bench.confirm import Read

HOOK = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

HEADLINES = {
    "A": "Harbour bridge closed after inspectors find cracks",
    "B": "Cracks shut harbour bridge for weeks, inspectors say",
    "C": "Commuters face weeks of detours as bridge shuts",
    "D": "Engineers warned of bridge cracks two years ago",
}
BODY = (
    "The harbour bridge was closed to all traffic on Monday after inspectors found cracks in two of its girders.",
    "The city said that the work would take at least three weeks and cost about 2 million euros in the first phase.",
    "Buses are sent round by the northern tunnel, where drivers should expect to wait for up to forty minutes.",
)
LATER = "A second inspection on Monday night found no further cracks, a spokeswoman for the city told reporters."


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the page says. Each surface says `headline`, a letter of HEADLINES or a text, unless it is given its own;
    "" leaves it out. `stamp` is the publisher's update time in minutes after noon."""

    headline: str = "A"
    h1: str | None = None
    title: str | None = None
    og: str | None = None
    machine: str | None = None
    body: tuple[str, ...] = BODY
    stamp: int | None = -60
    marker: str = ""
    suffix: str = " | The Daily"

    def html(self) -> bytes:
        h1, title, og, machine = (
            words(self.headline if own is None else own) for own in (self.h1, self.title, self.og, self.machine)
        )
        stamp = f', "dateModified": "{(NOON + self.stamp * MINUTE).isoformat()}"' if self.stamp is not None else ""
        said = f', "headline": "{machine}"' if machine else ""
        return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}{self.suffix}</title>
{f'<meta property="og:title" content="{og}">' if og else ""}<meta property="og:site_name" content="The Daily">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"datePublished": "2026-06-01T10:00:00+00:00"{stamp}{said}}}</script></head>
<body><nav><a href="/">Home</a></nav><main><article>{f"<h1>{h1}</h1>" if h1 else ""}
{f'<p class="mark">{self.marker}</p>' if self.marker else ""}
{"".join(f"<p>{text}</p>" for text in self.body)}</article></main></body></html>""".encode()


def words(headline: str) -> str:
    return HEADLINES.get(headline, headline)


Script = Callable[[int, timedelta], Front]
"""What is shown at the n-th look, which is so long after noon."""


def by_look(letters: str, fronts: Callable[[str], Front] | None = None) -> Script:
    """A letter a look; the last one stays. `fronts` gives the page for a letter."""
    made = fronts or (lambda shown: Front(headline=shown))
    shown = letters.replace(" ", "")
    return lambda look, _: made(shown[min(look, len(shown) - 1)])


def by_time(*steps: tuple[timedelta, Front]) -> Script:
    """From each time on, that page."""
    return lambda _, after: next(front for since, front in reversed(steps) if after >= since)


def by_lot(letters: str, *, seed: int, until: timedelta = timedelta(days=9), then: Front | None = None) -> Script:
    """Another one at each look, by lot, as often as its letter stands; afterwards `then`."""
    lot = Random(seed)
    drawn: dict[int, str] = {}

    def shown(look: int, after: timedelta) -> Front:
        if after >= until and then is not None:
            return then
        return Front(headline=drawn.setdefault(look, lot.choice(letters)))

    return shown


@dataclass(frozen=True, slots=True)
class Told:
    """What went out: `line` in the words of the stories, when it was free to go."""

    line: str
    after: timedelta


@dataclass
class Desk:
    """`looks` are the outcomes, and when each was after noon."""

    store: Store
    policy: Policy
    looks: list[tuple[timedelta, str]]
    article: Article

    async def told(self) -> list[Told]:
        rows = [row for row in await self.store.deliveries() if row.state is DeliveryState.PENDING]
        rows.sort(key=lambda row: (row.due_at, row.id))
        return [Told(await self._line(row), row.due_at - NOON) for row in rows]

    async def withdrawn(self) -> list[OutboxRow]:
        return [row for row in await self.store.deliveries() if row.state is DeliveryState.WITHDRAWN]

    async def _line(self, row: OutboxRow) -> str:
        if row.change_id is None:
            event = next(e for e in await self.store.events(self.article.id) if e.id == row.event_id)
            return f"{event.event}: {lettered(event.detail)}" if event.event is AlertEvent.VARIANT else event.event
        change = await self.store.change(row.change_id)
        edits = differ.changed(await self.store.told(row.change_id) or await self.store.edits(row.change_id))
        head = next((edit for edit in edits if edit.field == "headline"), None)
        moved = f" {letter(head.old)}->{letter(head.new)}" if head else ""
        return f"{change.declaration}: {' '.join(differ.fields_of(edits))}{moved}"


def letter(text: str) -> str:
    return next((name for name, said in HEADLINES.items() if said == text), text)


def lettered(detail: str) -> str:
    """The letters of the headlines that are named, and the surface."""
    head = detail.partition(": ")[0].partition(" by turns")[2].removeprefix(" in ")
    named = "".join(sorted(name for name, said in HEADLINES.items() if f'"{said}"' in detail))
    return f"{named} in {head}" if head else named


async def watch(store: Store, script: Script, *, lasts: timedelta, policy: Policy | None = None) -> Desk:
    """The desk after it has watched for so long."""
    policy = policy or Policy(channels=(HOOK,))
    fetch = _Served(script)
    checker = Checker(
        store=store,
        fetch=fetch,
        extract=Read(),
        policy=policy,
        rule_for=lambda host: rule_for(host, ()),
        jitter=lambda: 0.5,
        once_more=_never,
    )
    url = "https://news.example/2026/06/harbour-bridge-closed-after-cracks-found"
    article, _ = await store.add_article(url, host="news.example", now=NOON)
    desk = Desk(store, policy, [], article)
    while (due := desk.article.next_check_at) is not None and due - NOON <= lasts:
        fetch.now = due
        checked = await checker.check(article.id)
        desk.looks.append((due - NOON, checked.outcome))
        desk.article = await store.article(article.id)
    return desk


class _Served:
    """The port Fetch."""

    def __init__(self, script: Script) -> None:
        self.script, self.look, self.now = script, 0, NOON

    async def fetch(self, request: Request) -> Capture:
        body = self.script(self.look, self.now - NOON).html()
        self.look += 1
        return Capture(
            url=request.url,
            final_url=request.url,
            outcome=Outcome.FETCHED,
            asked_at=self.now,
            captured_at=self.now,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=body,
        )


async def _never(_: str) -> bool:
    return False


def lines(told: Sequence[Told]) -> list[str]:
    return [each.line for each in told]
