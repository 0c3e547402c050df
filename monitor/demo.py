"""The small newsroom on loopback and its scripted day: what `monitor demo` watches.

Everything is real but the news: an HTTP server with a feed and pages, a webhook receiver that checks signatures, a
mail server that keeps what it is sent, and the daemon with its own store. The newsroom waits until the monitor has seen
each edit before it makes the next, so that a slow machine tells the same story.
"""

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Email
from email.policy import default as email_policy
from html import escape
from ipaddress import IPv4Network

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.app import opened
from monitor.core.article import Article
from monitor.core.policy import (
    ChannelPolicy,
    ChannelType,
    EmailPolicy,
    FetchPolicy,
    Policy,
    SchedulePolicy,
    Security,
    SourceEntry,
    StorePolicy,
)
from monitor.daemon import Daemon
from monitor.ports import Clock
from monitor.store import HistoryRow, Store

PATIENCE = timedelta(seconds=40)
"""How long the newsroom waits for the monitor to see one edit before the demo gives up."""
BREATH = 2.0
"""Seconds between two edits, for the eyes of who is watching."""


# -- the stories


@dataclass(frozen=True, slots=True)
class Story:
    """One page of the newsroom. Times are aware UTC; `updated_at` None: never updated."""

    slug: str
    headline: str
    standfirst: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime | None = None
    live: bool = False
    correction: str | None = None


def first_edition(now: datetime) -> tuple[Story, ...]:
    """The three stories of the morning: one of them is marked "Being updated"."""
    return (
        Story(
            slug="harbour-ferry",
            headline="Ferry runs aground at Port Albany",
            standfirst="Rescue boats are taking passengers off the Northern Star in thick fog.",
            paragraphs=(
                "The ferry Northern Star ran aground on a sandbank outside Port Albany early on Tuesday with about "
                "140 people on board, the harbour authority said.",
                "Rescuers have brought 12 people ashore so far, and nobody is believed to be badly hurt, coast guard "
                "spokeswoman Ines Harrow told reporters on the quay.",
                "“We have calm water and plenty of boats, and we will get everyone home today,” Harrow said.",
                "The operator of the line, Albany Coastal, said the ship had been inspected in the spring and that "
                "its radar was working when it left the dock at six.",
                "Fog has closed the northern channel twice this month, and pilots have asked for a new beacon.",
            ),
            published_at=now - timedelta(minutes=52),
            live=True,
        ),
        Story(
            slug="library-hours",
            headline="City library to open on Sundays from March",
            standfirst="The council found the money after readers collected nine thousand names.",
            paragraphs=(
                "The central library will open on Sundays from the first of March, the city council decided.",
                "Two branch libraries will follow in the autumn if the trial goes well, the head librarian said.",
                "Readers had handed over a petition in November, the longest in the history of the town.",
            ),
            published_at=now - timedelta(hours=5),
        ),
        Story(
            slug="orchard-frost",
            headline="Late frost spares most orchards, growers say",
            standfirst="Cherries suffered in the valley, but apples came through almost untouched.",
            paragraphs=(
                "Growers in the Lower Valley lost about a tenth of their cherry blossom to the frost at the weekend.",
                "Apple trees, which flower later, were spared almost everywhere, the growers' union said.",
                "It is too early to speak of prices, the union said, because the hail season has not begun.",
            ),
            published_at=now - timedelta(hours=9),
        ),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the newsroom does. `versions` is how many versions the story should have once it has been seen."""

    says: str
    edit: Callable[[Story, datetime], Story]
    versions: int


def stamp(now: datetime) -> datetime:
    """What the newsroom's clock shows. On the full minute it is a second late: a stamp without seconds could not tell
    of a second edit within its minute, and the demo's stealth edit follows within seconds."""
    return now if now.second else now - timedelta(seconds=1)


def _announced(story: Story, now: datetime) -> Story:
    more = (
        "All 140 passengers had left the ship by mid-morning, the harbour authority said in an update, and divers are "
        "looking at the hull."
    )
    paragraphs = (story.paragraphs[0], story.paragraphs[1], more, *story.paragraphs[2:])
    return replace(story, paragraphs=paragraphs, updated_at=stamp(now))


def _stealth(story: Story, _: datetime) -> Story:
    said = story.paragraphs[1].replace("12 people", "17 people")
    return replace(story, paragraphs=(story.paragraphs[0], said, *story.paragraphs[2:]))


def _headline(story: Story, now: datetime) -> Story:
    return replace(
        story, headline="All 140 passengers safe after ferry runs aground at Port Albany", updated_at=stamp(now)
    )


def _noise(story: Story, _: datetime) -> Story:
    return story


def _correction(story: Story, now: datetime) -> Story:
    note = (
        "Correction: An earlier version of this article said that 12 people had been brought ashore by boat. "
        "The number was 17."
    )
    return replace(story, correction=note, updated_at=stamp(now))


def _marker_gone(story: Story, _: datetime) -> Story:
    return replace(story, live=False)


SCRIPT = (
    Step("adds a paragraph and moves its “Updated” time", _announced, 2),
    Step("changes 12 people to 17, and leaves the “Updated” time alone", _stealth, 3),
    Step("rewrites the headline", _headline, 4),
    Step("changes only the adverts, counters and links around the story", _noise, 4),
    Step("appends a correction", _correction, 5),
    Step("takes the “Being updated” mark off", _marker_gone, 6),
)
EDITS = SCRIPT[-1].versions - 1


# -- the newsroom


@dataclass
class Newsroom:
    """A server with pages, a feed, a webhook receiver and a mailbox. `visits` counts requests for the live story."""

    clock: Clock
    secret: str = field(default_factory=lambda: "whsec_" + base64.b64encode(os.urandom(24)).decode())
    stories: dict[str, Story] = field(default_factory=dict)
    hooks: list[dict[str, object]] = field(default_factory=list)
    unsigned: int = 0
    mails: list[Email] = field(default_factory=list)
    visits: int = 0
    port: int = 0
    smtp_port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lead(self) -> Story:
        return next(iter(self.stories.values()))

    def publish(self, story: Story) -> None:
        self.stories[story.slug] = story

    async def _page(self, request: Request) -> Response:
        story = self.stories.get(request.path_params["slug"])
        if story is None:
            return PlainTextResponse("not found", status_code=404)
        self.visits += story is self.lead
        return Response(page(story, self.stories.values(), self.visits), media_type="text/html")

    async def _feed(self, _: Request) -> Response:
        return Response(feed(self.url, list(self.stories.values())), media_type="application/rss+xml")

    async def _hook(self, request: Request) -> Response:
        body = await request.body()
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except WebhookVerificationError:
            self.unsigned += 1
            return PlainTextResponse("bad signature", status_code=401)
        self.hooks.append(json.loads(body) | {"id": request.headers["webhook-id"]})
        return PlainTextResponse("thank you")

    async def handle_DATA(self, _: SMTP, __: SmtpSession, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.mails.append(message_from_bytes(content, policy=email_policy))
        return "250 kept"

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Newsroom"]:
        """Serve on free ports of 127.0.0.1."""
        routes = [
            Route("/news/{slug}", self._page),
            Route("/feed.xml", self._feed),
            Route("/hook", self._hook, methods=["POST"]),
        ]
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        server = _Server(uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        mailbox = await self._open_mailbox()
        try:
            yield self
        finally:
            mailbox.close()
            server.should_exit = True
            await serving

    async def _open_mailbox(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        mailbox = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", 0)
        self.smtp_port = mailbox.sockets[0].getsockname()[1]
        return mailbox


class _Server(uvicorn.Server):
    """uvicorn takes over the signals of the process it runs in; here they belong to the daemon."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def page(story: Story, others: Iterable[Story], visit: int) -> str:
    """The story's page. What stands around it (advert, counter, links, tokens) is another at each visit."""
    links = "".join(
        f'<li><a href="/news/{other.slug}">{escape(other.headline)}</a></li>'
        for other in others
        if other.slug != story.slug
    )
    said = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
    note = f'<aside class="correction"><p>{escape(story.correction)}</p></aside>' if story.correction else ""
    live = '<p class="live-mark">Being updated</p>' if story.live else ""
    offers = ("winter tyres", "garden chairs", "reading glasses", "mountain boots", "tea from Assam")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(story.headline)} | The Albany Post</title>
<meta property="og:title" content="{escape(story.headline)}">
<meta property="og:type" content="article">
<meta name="description" content="{escape(story.standfirst)}">
<script type="application/ld+json">{_structured(story)}</script>
<script>window.visit = {{"token": "{visit * 7919 % 99991:05d}"}};</script></head>
<body class="v{visit}">
<header><nav><ul><li><a href="/">Home</a></li>
<li><a href="/weather">Weather, {visit % 9 + 1} degrees</a></li></ul></nav></header>
<main><article>
<h1>{escape(story.headline)}</h1>
{live}
<p class="standfirst">{escape(story.standfirst)}</p>
<p class="byline">By Nora Quill</p>
<p class="dates">{_dates(story)}</p>
<p class="meta"><span>{visit * 13 + 240} views</span> <span>{visit % 50 + 2} minutes ago</span></p>
{said}
<div class="ad-slot" id="ad-{visit}"><span>Advertisement</span>
<a rel="sponsored" href="/ad/{visit}">Save {visit * 7 % 50 + 5}% on {offers[visit % len(offers)]} this week</a></div>
{note}
</article>
<section class="related"><h2>More news</h2><ul>{links}</ul></section></main>
<footer><p>The Albany Post, a newspaper that does not exist. Page {visit}.</p></footer>
</body></html>"""


def _structured(story: Story) -> str:
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published_at.isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": "Nora Quill"},
    }
    if story.updated_at:
        document["dateModified"] = story.updated_at.isoformat(timespec="seconds")
    return json.dumps(document)


def _dates(story: Story) -> str:
    published = story.published_at.strftime("%H:%M GMT %d.%m.%Y")
    return published + (f" (Updated: {story.updated_at:%H:%M GMT %d.%m.%Y})" if story.updated_at else "")


def feed(url: str, stories: Sequence[Story]) -> str:
    items = "".join(
        f"<item><title>{escape(story.headline)}</title><link>{url}/news/{story.slug}</link>"
        f"<guid>{url}/news/{story.slug}</guid>"
        f"<pubDate>{story.published_at:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Albany Post</title>'
        f"<link>{url}/</link><description>News that never happened</description>{items}</channel></rss>"
    )


# -- the day


@dataclass(frozen=True, slots=True)
class Day:
    """What came of it."""

    article: Article
    history: tuple[HistoryRow, ...]
    hooks: tuple[dict[str, object], ...]
    mails: tuple[Email, ...]
    unsigned: int
    complete: bool


def policy_for(newsroom: Newsroom, base: Policy) -> Policy:
    """The demo's own short intervals; the store is whatever was asked for."""
    return Policy(
        store=StorePolicy(url=base.store.url),
        fetch=FetchPolicy(
            user_agent="article-monitor demo (watches its own newsroom on this machine)",
            delay=timedelta(milliseconds=50),
            allow_networks=(IPv4Network("127.0.0.0/8"),),
        ),
        schedule=SchedulePolicy(
            live=timedelta(seconds=1),
            fresh=timedelta(seconds=1),
            confirm=timedelta(seconds=1),
            sources=timedelta(seconds=3),
        ),
        sources=(SourceEntry(url=f"{newsroom.url}/feed.xml", only_live=True, tags=("demo",)),),
        email=EmailPolicy(
            host="127.0.0.1", port=newsroom.smtp_port, security=Security.NONE, sender="monitor@albany.example"
        ),
        channels=(
            ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url=f"{newsroom.url}/hook", secret=newsroom.secret),
            ChannelPolicy(name="desk", type=ChannelType.EMAIL, to=("desk@albany.example",), gather=timedelta(0)),
        ),
    )


async def spend_the_day(
    newsroom: Newsroom, store: Store, base: Policy, *, tell: Callable[[str, str], None], serve: bool = False
) -> Day:
    """Run the real daemon on the newsroom while it edits its lead story. `tell(who, what)` hears of every step."""
    clock = newsroom.clock
    for story in first_edition(clock.now()):
        newsroom.publish(story)
    tell("newsroom", f"publishes three stories at {newsroom.url}; one is marked “Being updated”")
    async with opened(policy_for(newsroom, base), store, daemon=True) as app:
        daemon = Daemon(app, tick=0.25)
        running = asyncio.create_task(daemon.run())
        try:
            watch = _Watch(newsroom, store, running, tell)
            complete = await watch.first_sight() and await watch.edits()
            await watch.alerts()
            if serve:
                tell("newsroom", "stays open; Ctrl-C ends the demo")
                await running
        finally:
            daemon.stop()
            with suppress(asyncio.CancelledError):
                await running
    article = await watch.article()
    assert article is not None
    return Day(
        article=article,
        history=tuple(await store.history(article.id)),
        hooks=tuple(newsroom.hooks),
        mails=tuple(newsroom.mails),
        unsigned=newsroom.unsigned,
        complete=complete,
    )


@dataclass
class _Watch:
    """Follows what the monitor has seen, so that the newsroom can go on."""

    newsroom: Newsroom
    store: Store
    daemon: "asyncio.Task[None]"
    tell: Callable[[str, str], None]

    async def article(self) -> Article | None:
        url = f"{self.newsroom.url}/news/{self.newsroom.lead.slug}"
        return next((row.article for row in await self.store.articles() if row.article.url == url), None)

    async def first_sight(self) -> bool:
        if not await self._until(lambda article, _: article is not None and article.version_count == 1):
            return False
        self.tell("monitor", "found it through the feed, keeps version 1, and leaves the other two alone")
        return True

    async def edits(self) -> bool:
        for step in SCRIPT:
            await self.newsroom.clock.sleep(BREATH)
            visits = self.newsroom.visits
            self.newsroom.publish(step.edit(self.newsroom.lead, self.newsroom.clock.now()))
            self.tell("newsroom", step.says)
            if not await self._until(self._seen(step, visits + 4)):
                return False
            await self._tell_of(step)
        return True

    def _seen(self, step: Step, visits: int) -> Callable[[Article | None, int], bool]:
        """Seen and settled; an edit that is none must have been looked at several times."""
        quiet = step.edit is _noise
        return lambda article, held: bool(
            article
            and article.version_count >= step.versions
            and not held
            and (not quiet or self.newsroom.visits >= visits)
        )

    async def _tell_of(self, step: Step) -> None:
        article = await self.article()
        assert article is not None
        row = (await self.store.history(article.id))[-1]
        if step.edit is _noise:
            self.tell("monitor", "looked several times and saw no change")
        elif row.change:
            words = f"version {row.version.number}: {', '.join(row.change.fields)}"
            self.tell("monitor", words + (f", {row.change.declaration}" if row.change.declaration else ""))

    async def alerts(self) -> None:
        """Wait until nothing is on its way any more."""
        await self._until(lambda _, __: True, settled=True)

    async def _until(self, enough: Callable[[Article | None, int], bool], *, settled: bool = False) -> bool:
        clock = self.newsroom.clock
        deadline = clock.monotonic() + PATIENCE.total_seconds()
        while clock.monotonic() < deadline:
            if self.daemon.done():
                await self.daemon
                return False
            status = await self.store.status(clock.now())
            on_their_way = status.alerts.pending if settled else 0
            if enough(await self.article(), status.alerts.held) and not on_their_way:
                return True
            await clock.sleep(0.1)
        return False
