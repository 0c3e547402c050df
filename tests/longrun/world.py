"""The world outside the ports: servers that answer from the truth, or fail; a reader of their pages; receivers."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from monitor.core.article import Content, Reading, SamePage
from monitor.core.capture import Capture, Outcome, Validators
from monitor.core.lifecycle import said_key
from monitor.errors import DeliveryFailed
from monitor.ports import Hints, Message, Request
from tests.longrun.clock import SharedClock
from tests.longrun.press import Press, Span, said

T = TypeVar("T")
FEED = "/feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request as the servers saw it: from and until when (true time, in seconds), and the edition that was shown;
    `captured_at` is the monitor's own clock."""

    url: str
    host: str
    began: float
    ended: float
    captured_at: datetime
    outcome: Outcome
    edition: int | None = None


@dataclass
class Servers:
    """The port Fetch. `down` are the times without any network; one server in five gives validators that never
    change."""

    press: Press
    clock: SharedClock
    random: Random
    delay: timedelta
    down: list[Span] = field(default_factory=list)
    trouble: float = 0.04
    visits: list[Visit] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)

    async def fetch(self, request: Request) -> Capture:
        began, asked_at = self.clock.ticks, self.clock.now()
        await self.clock.sleep(self.random.uniform(0.1, 1.5))
        answer = self._answer(request)
        host = request.url.split("/")[2]
        self.visits.append(
            Visit(
                url=request.url,
                host=host,
                began=began,
                ended=self.clock.ticks,
                captured_at=self.clock.now(),
                outcome=answer.outcome,
                edition=answer.edition,
            )
        )
        return Capture(
            url=request.url,
            final_url=request.url,
            outcome=answer.outcome,
            asked_at=asked_at,
            captured_at=self.clock.now(),
            status=answer.status,
            headers=(("Content-Type", "text/html"), ("ETag", answer.etag)) if answer.etag else (),
            body=answer.body,
            conditional=bool(request.validators),
            retry_after=answer.retry_after,
        )

    def crawl_delay(self, url: str) -> timedelta | None:
        return timedelta(seconds=40) if url.startswith("https://news3.") else None

    def delay_of(self, host: str) -> timedelta:
        return max(self.delay, self.crawl_delay(f"https://{host}/") or timedelta(0))

    async def aclose(self) -> None:
        pass

    def _answer(self, request: Request) -> "_Answer":
        now = self.clock.true_time
        if any(now in span for span in self.down):
            return _Answer(Outcome.UNREACHABLE)
        if self.random.random() < self.trouble:
            return self.random.choice(TROUBLES)
        if request.url.endswith(FEED):
            return self._feed(request.url.removesuffix(FEED), request.validators, now)
        return self._page(request, now)

    def _page(self, request: Request, now: datetime) -> "_Answer":
        life = self.press.lives[request.url]
        if any(now in span for span in life.removed):
            return _Answer(Outcome.GONE, 410)
        number = life.edition_at(now)
        if number is None or any(now in span for span in life.missing):
            return _Answer(Outcome.MISSING, 404)
        host = int(life.host.removeprefix("news").removesuffix(".example"))
        etag = '"fixed"' if host % 5 == 4 else f'"{number}"'
        if request.validators.etag == etag:
            return _Answer(Outcome.NOT_MODIFIED, 304)
        self.served[request.url] += 1
        noise = self.served[request.url] if host % 2 else 0
        body = json.dumps({"url": life.url, "edition": number, "noise": noise})
        return _Answer(Outcome.FETCHED, 200, body.encode(), etag=etag, edition=number)

    def _feed(self, site: str, validators: Validators, now: datetime) -> "_Answer":
        """Those of the host that came out in the last two days."""
        news = [life for life in self.press.of_host(site.removeprefix("https://")) if life.edition_at(now) is not None]
        fresh = [life for life in news if now - life.editions[0].at < timedelta(days=2)]
        items = "".join(f"<item><title>{life.url}</title><link>{life.url}</link></item>" for life in fresh)
        etag = f'"{hash(items)}"'
        if validators.etag == etag:
            return _Answer(Outcome.NOT_MODIFIED, 304)
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        return _Answer(Outcome.FETCHED, 200, feed.encode(), etag=etag)


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Outcome
    status: int | None = None
    body: bytes = b""
    etag: str | None = None
    edition: int | None = None
    retry_after: timedelta | None = None


TROUBLES = (
    _Answer(Outcome.UNREACHABLE),
    _Answer(Outcome.SERVER_ERROR, 500),
    _Answer(Outcome.THROTTLED, 429, retry_after=timedelta(minutes=4)),
    _Answer(Outcome.MISSING, 404),
    _Answer(Outcome.BROKEN),
    _Answer(Outcome.FETCHED, 200, b'{"consent": true}'),
)


@dataclass
class Reader:
    """The port Extract, and what feeds are read with."""

    press: Press

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        page = json.loads(capture.body)
        if "consent" in page:
            wall = Content(url=capture.url, headline="Before you continue", method="press", extractor="1")
            return Reading(content=wall, page_digest="consent", suspicions=("consent",))
        content = self.press.lives[page["url"]].content(page["edition"])
        digest = f"{said_key(content)}/{hash(said(content))}"
        if digest == hints.page_digest and hints.method is None:
            return SamePage(digest)
        return Reading(content=content, page_digest=digest, declared=True, canonical=capture.url)

    async def run(self, work: Callable[[], T], **_: Any) -> T:
        return work()


@dataclass
class Inbox:
    """The port Channel: a receiver that is down at times, and at times takes a message but fails to say so."""

    clock: SharedClock
    random: Random
    down: list[Span] = field(default_factory=list)
    unsure: float = 0.02
    taken: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)

    async def send(self, message: Message, now: datetime) -> str:  # noqa: ARG002  # the port's
        await self.clock.sleep(0.3)
        if any(self.clock.true_time in span for span in self.down):
            raise DeliveryFailed("the receiver does not answer")
        self.taken[message.id] += 1
        if self.random.random() < self.unsure:
            raise DeliveryFailed("the connection broke after the message was sent")
        self.acknowledged[message.id] += 1
        return "204"
