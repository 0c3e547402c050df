"""The composition root: policy -> everything wired. The only thrower of dice, and the one who hands out the clock."""

import asyncio
import os
import random  # noqa: TID251  # this is where chance comes from
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from monitor.alerts.channels import open_channels
from monitor.alerts.outbox import DeliveryReport, Outbox
from monitor.alerts.ping import Switch
from monitor.check import Checked, Checker
from monitor.clock import SystemClock
from monitor.core.address import host_of, normalise_url
from monitor.core.article import Article
from monitor.core.capture import Capture, Outcome
from monitor.core.policy import AlertEvent, Policy, Selection
from monitor.core.rules import Subject, plan
from monitor.discover import Found, Survey, discover, refused, survey
from monitor.errors import ExtractionFailed, StoreError, StoreUnavailable
from monitor.extract import WorkerExtract, rule_for
from monitor.fetch import HttpFetch, guarded_client
from monitor.health import Health
from monitor.poll import Polled, Poller
from monitor.ports import Clock, Handler, Request, Runner
from monitor.runner import LocalRunner
from monitor.store import SourceRow, Store, owner

_log = structlog.get_logger()

VISIT_ARTICLES = 20
VISIT_TIME = timedelta(seconds=20)
"""A host visit ends after so many articles or this time: what a crash loses, and what one host takes, is bounded."""
LEASE = timedelta(seconds=90)
MOST_LOOKS = 4
"""How often a check by hand looks again: a second time, a third where the second showed something else, and more where
a headline that has come back may be one of several."""

ANYTHING = "application/xhtml+xml, */*;q=0.9"
"""For an address of which only its answer will tell whether it is a page or a feed."""
WAIT_FOR_HOST = timedelta(seconds=60)
RETIRED = timedelta(minutes=5)
"""Longer than any visit or delivery: after a reload, the old connections are closed when so much time has passed."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An article that was not looked at, because its host asked for a pause."""

    article: Article
    until: datetime


@dataclass(frozen=True, slots=True)
class Postponed:
    """A source that was not polled, because its host asked for a pause or somebody else visits it."""

    source: SourceRow
    until: datetime


@asynccontextmanager
async def opened(policy: Policy, store: Store, *, daemon: bool = False) -> AsyncIterator["App"]:
    """The whole program on this store, closed again at the end (the store is not).

    A `daemon` tries at its start what waits for a retry; a single run keeps to the times that are written down.
    """
    app = App(policy, store, clock=SystemClock(), jitter=random.random, eager=daemon)
    try:
        yield app
    finally:
        await app.aclose()


class _Closable(Protocol):
    async def aclose(self) -> None: ...


class App:
    """Everything wired. Each method that takes `now` is a plain step that a simulator can call."""

    def __init__(
        self, policy: Policy, store: Store, *, clock: Clock, jitter: Callable[[], float], eager: bool = False
    ) -> None:
        self.store, self.clock, self.jitter, self.eager = store, clock, jitter, eager
        self.owner = owner(socket.gethostname(), os.getpid())
        self._held: set[str] = set()
        self.extract = WorkerExtract()
        self.runner: Runner = LocalRunner(policy.schedule.concurrency)
        self._retired: list[tuple[float, tuple[_Closable, ...]]] = []
        self._wire(policy)

    def _wire(self, policy: Policy) -> None:
        """Build everything anew; nothing is taken over unless all of it could be built."""
        fetch, hook_client = HttpFetch(policy.fetch, self.clock, sites=policy.sites), guarded_client(policy.fetch)
        channels = open_channels(policy, hook_client)
        self.policy, self.fetch, self._hook_client = policy, fetch, hook_client
        self.checker = Checker(
            store=self.store,
            fetch=fetch,
            extract=self.extract,
            policy=policy,
            rule_for=partial(rule_for, configured=[site.rule for site in policy.sites]),
            jitter=self.jitter,
            once_more=self._once_more,
        )
        self.poller = Poller(
            store=self.store, fetch=fetch, discover=self._discover, schedule=policy.schedule, jitter=self.jitter
        )
        url, every = policy.health.ping_url, policy.health.ping_every
        self.switch = Switch(url, every, hook_client) if url else None
        self.outbox = Outbox(
            self.store,
            channels,
            self.clock,
            self.jitter,
            policies=policy.channels,
            owner=self.owner,
            eager=self.eager,
        )
        self.health = Health(self.store, policy.health, tuple(channels), self.outbox.shout)

    async def reload(self, policy: Policy) -> None:
        """Take over a new configuration; work that has started ends under the old one.

        Raises ConfigError, and changes nothing, where a channel cannot work as it is written.
        """
        fetch, hook_client, outbox = self.fetch, self._hook_client, self.outbox
        self._wire(policy)
        outbox.stop()
        self._retired.append((self.clock.monotonic(), (fetch, hook_client)))
        await self.ensure(self.clock.now())

    async def aclose(self) -> None:
        self._retired.append((0.0, (self.fetch, self._hook_client)))
        await self._close_retired(timedelta(0))

    async def _close_retired(self, age: timedelta) -> None:
        """Close the connections of configurations that were replaced so long ago that nothing uses them any more."""
        ripe = self.clock.monotonic() - age.total_seconds()
        for since, connections in [*self._retired]:
            if since <= ripe:
                self._retired.remove((since, connections))
                for connection in connections:
                    await connection.aclose()

    async def _discover(self, capture: Capture, selection: Selection) -> Found:
        read = partial(
            discover,
            capture.body,
            content_type=capture.header("content-type"),
            url=capture.final_url,
            selection=selection,
        )
        try:
            return await self.extract.run(read, url=capture.url)
        except ExtractionFailed as failure:
            return refused(f"it had to be given up ({failure.reason})")

    # -- configuration

    async def ensure(self, now: datetime) -> None:
        """Make the store mirror the configuration: its articles and sources are watched, its channels known.

        An article or source that was taken out of the file is paused; its history stays.
        """
        await self.store.sync_channels(self.policy, now)
        await self._ensure_articles(now)
        await self._ensure_sources(now)

    async def _ensure_articles(self, now: datetime) -> None:
        known = await self.store.config_articles()
        wanted = {normalise_url(entry.url): entry for entry in self.policy.articles}
        for url, entry in wanted.items():
            await self.store.add_article(
                url, host=host_of(url), now=now, tags=entry.tags, every=entry.every, origin="config"
            )
        for url, article_id in known.items():
            if url not in wanted:
                article = await self.store.article(article_id)
                subject = Subject(event=AlertEvent.PAUSED, article=article, source=await self.store.source_of(article))
                told = plan(self.policy, subject, now=now)
                await self.store.unlist(article_id, now, told)

    async def _ensure_sources(self, now: datetime) -> None:
        wanted = {normalise_url(entry.url): entry for entry in self.policy.sources}
        for url, entry in wanted.items():
            await self.store.add_source(
                url,
                host=host_of(url),
                now=now,
                only_live=entry.only_live,
                mentions=entry.mentions,
                tags=entry.tags,
                every=entry.every,
                selection=entry.selection,
                origin="config",
            )
        for source in await self.store.sources():
            if source.origin == "config" and source.url not in wanted:
                await self.store.remove_source(source.id, now)

    # -- the steps of the daemon

    async def tick(self, now: datetime) -> int:
        """Ask the runner for a visit to every host that has something due. Writes nothing: no half state."""
        if not self.health.has_room(now):
            return 0
        free = self.runner.free("visit")
        hosts = await self.store.due_hosts(now, free) if free else []
        return await self.runner.wake("visit", hosts)

    async def discover(self, now: datetime) -> int:
        if not self.health.has_room(now):
            return 0
        sources = await self.store.due_sources(now, 100)
        return await self.runner.wake("poll", [str(source.id) for source in sources])

    async def deliver(self, now: datetime) -> int:
        if not self.health.can_write:
            return 0
        return await self.runner.wake("deliver", await self.store.outbox_due(now))

    async def maintain(self, now: datetime) -> None:
        await self._close_retired(RETIRED)
        await self.health.look(now)
        released = await self.store.release_overdue_holds(now)
        if released:
            _log.warning("holds_released", count=released, why="no check settled them in time")

    async def ping(self, now: datetime) -> None:
        """Tell the dead man's switch that the monitor is well; where it is not, silence tells it."""
        if self.switch is not None and self.health.is_well:
            await self.switch.ping(now)

    # -- the units of work

    async def visit(self, host: str, *, told: Callable[[], Awaitable[object]] | None = None) -> list[Checked]:
        """Check the due articles of one host, one after another, with its delay between them. `told` is called when a
        check has left alerts to send."""
        began = self.clock.monotonic()
        checked: list[Checked] = []
        if not await self._take(host):
            return checked
        try:
            for article in await self.store.due_articles(host, self.clock.now(), VISIT_ARTICLES):
                if checked and not await self._go_on(host, checked[-1].article.url, began):
                    break
                checked.append(await self.checker.check(article.id))
                if checked[-1].tells and told is not None:
                    await told()
                if checked[-1].host_wide:
                    break
        finally:
            await self._release(host, checked[-1].article.url if checked else None)
        return checked

    async def clock_set_back(self, by: timedelta) -> None:
        """What was planned by the clock as it was is due as soon as it would have been."""
        now = self.clock.now()
        self.outbox.clock_set_back()
        await self.store.pull_in(now, by)

    async def poll(self, source_id: str) -> Polled | None:
        """Poll one source, holding its host. None when it is gone, or somebody else visits its host just now."""
        source = await self.store.source(int(source_id))
        return await self._poll(source) if source is not None and await self._take(source.host) else None

    async def _poll(self, source: SourceRow) -> Polled:
        """Poll it, its host being held; others that its sitemaps are on are held as long, each with its own delay."""
        began = self.clock.monotonic()
        asked = {source.host: source.url}

        async def onward(url: str) -> bool:
            host = host_of(url)
            free = await (self._go_on(host, url, began) if host in asked else self._call_on(host, began))
            if free:
                asked[host] = url
            return free

        try:
            return await self.poller.poll(source, onward)
        finally:
            await asyncio.gather(*(self._release(host, url) for host, url in asked.items()))

    async def _call_on(self, host: str, began: float) -> bool:
        """Hold one more host, when it is free before the visit has to end."""
        left = VISIT_TIME.total_seconds() - (self.clock.monotonic() - began)
        return left > 0 and await self._wait_for(host, timedelta(seconds=left)) is None

    async def _go_on(self, host: str, url: str, began: float) -> bool:
        """Whether the visit has time for one more; waits the host's delay and keeps the lease."""
        if self.clock.monotonic() - began > VISIT_TIME.total_seconds():
            return False
        await self.clock.sleep(self._delay(url).total_seconds())
        return await self._lease(host)

    async def _once_more(self, url: str) -> bool:
        """Wait until the host of a visit that is under way may be asked one more time; False where it wants so long a
        delay that the visit would not end."""
        if self._delay(url) > VISIT_TIME:
            return False
        await self.clock.sleep(self._delay(url).total_seconds())
        return await self._lease(host_of(url))

    async def _take(self, host: str) -> bool:
        """Hold the host, so that nobody else visits it meanwhile: neither another process nor, since a lease is a
        process's, another unit of work of this one."""
        if host in self._held:
            return False
        self._held.add(host)
        taken = False
        try:
            taken = await self._lease(host)
        finally:
            if not taken:
                self._held.discard(host)
        return taken

    async def _lease(self, host: str) -> bool:
        now = self.clock.now()
        return await self.store.lease_host(host, owner=self.owner, now=now, until=now + LEASE)

    async def _release(self, host: str, url: str | None) -> None:
        delay = self._delay(url) if url else timedelta(0)
        try:
            await self.store.release_host(host, owner=self.owner, not_before=self.clock.now() + delay)
        finally:
            self._held.discard(host)

    def _delay(self, url: str) -> timedelta:
        """Between two requests to the host of that address: ours, or what its robots.txt asks for if that is longer."""
        return max(self.policy.fetch.delay, self.fetch.crawl_delay(url) or timedelta(0))

    # -- what the command line asks for

    async def survey(self, url: str, selection: Selection) -> Survey:
        """What the site at that address offers as sources. With `links` or `pattern` the page itself is meant."""
        page_wanted = bool(selection.links or selection.pattern)
        read = partial(self._discover, selection=selection)
        return await survey(url, visit=self._look, read=read, page_wanted=page_wanted)

    async def _look(self, url: str) -> Capture:
        """One visit that nothing is recorded of, as polite as a check: its host is waited for, held, and given back."""
        host = host_of(url)
        until = await self._wait_for(host)
        if until is not None:
            now, detail = self.clock.now(), f"{host} asked for a pause until {until:%H:%M} UTC"
            return Capture(
                url=url, final_url=url, outcome=Outcome.THROTTLED, asked_at=now, captured_at=now, detail=detail
            )
        try:
            return await self.fetch.fetch(Request(url=url, accept=ANYTHING))
        finally:
            await self._release(host, url)

    async def check_now(self, articles: Sequence[Article], report: Callable[[Checked | Parked], None]) -> None:
        """Check these articles, hosts side by side, and look again where something waits for it; `report` each
        result."""
        again: list[Article] = []

        def remember(result: Checked | Parked) -> None:
            if isinstance(result, Checked) and result.look_again:
                again.append(result.article)
            report(result)

        await self._check_all(articles, remember)
        for _ in range(MOST_LOOKS):
            if not again:
                return
            await self.clock.sleep(self.policy.schedule.confirm.total_seconds())
            due, again = again, []
            await self._check_all(due, remember)

    async def _check_all(self, articles: Iterable[Article], report: Callable[[Checked | Parked], None]) -> None:
        by_host: dict[str, list[Article]] = defaultdict(list)
        for article in articles:
            by_host[article.host].append(article)
        await asyncio.gather(*(self._check_host(host, of, report) for host, of in by_host.items()))

    async def _check_host(
        self, host: str, articles: Sequence[Article], report: Callable[[Checked | Parked], None]
    ) -> None:
        for article in articles:
            until = await self._wait_for(host)
            if until is not None:
                report(Parked(article, until))
                continue
            try:
                report(await self.checker.check(article.id))
            finally:
                await self._release(host, article.url)

    async def _wait_for(self, host: str, longest: timedelta = WAIT_FOR_HOST) -> datetime | None:
        """Wait until the host is free and lease it; the end of its pause when that is too far away."""
        give_up = self.clock.monotonic() + longest.total_seconds()
        while True:
            now = self.clock.now()
            row = await self.store.host(host)
            parked = row.not_before if row and row.not_before and row.not_before > now else None
            if parked is None and await self._take(host):
                return None
            until = parked or now + timedelta(milliseconds=200)
            if self.clock.monotonic() > give_up or until - now > longest:
                return until
            await self.clock.sleep((until - now).total_seconds())

    async def poll_now(self, sources: Sequence[SourceRow], report: Callable[[Polled | Postponed], None]) -> None:
        """Poll these sources, hosts side by side, those of one host with its delay; `report` each result."""
        by_host: dict[str, list[SourceRow]] = defaultdict(list)
        for source in sources:
            by_host[source.host].append(source)
        await asyncio.gather(*(self._poll_host(host, of, report) for host, of in by_host.items()))

    async def _poll_host(
        self, host: str, sources: Sequence[SourceRow], report: Callable[[Polled | Postponed], None]
    ) -> None:
        for listed in sources:
            until = await self._wait_for(host)
            if until is not None:
                report(Postponed(listed, until))
                continue
            # Read anew: while its host was waited for, another process may have polled it.
            source = await self.store.source(listed.id)
            if source is None:
                await self._release(host, None)
            else:
                report(await self._poll(source))

    async def deliver_due(self) -> DeliveryReport:
        """Send everything that is due now, on every channel."""
        return await self.outbox.deliver(self.clock.now())

    def handlers(self) -> dict[str, Handler]:
        """What the runner calls for each kind of work."""

        async def tell() -> None:
            """An alert need not wait for the next tick; where the store is busy, that one sends it."""
            with suppress(StoreError):
                await self.deliver(self.clock.now())

        async def visit(host: str) -> None:
            await self.visit(host, told=tell)

        async def poll(source_id: str) -> None:
            await self.poll(source_id)

        async def deliver(channel: str) -> None:
            await self.outbox.deliver_channel(channel, self.clock.now())

        kinds = {"visit": visit, "poll": poll, "deliver": deliver}
        return {kind: partial(self._while_there_is_room, handler) for kind, handler in kinds.items()}

    async def _while_there_is_room(self, handler: Handler, key: str) -> None:
        """What a full disk refuses is still due, and is done when there is room."""
        try:
            await handler(key)
        except StoreUnavailable as error:
            if not error.full:
                raise
            self.health.refused(self.clock.now())
