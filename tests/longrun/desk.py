"""The program itself on a real store, driven as the daemon's jobs drive it, with its ports faked."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Connection

from monitor.alerts.outbox import Outbox
from monitor.app import App
from monitor.core.policy import (
    ChannelPolicy,
    ChannelType,
    EmailPolicy,
    FetchPolicy,
    Policy,
    SchedulePolicy,
    SourceEntry,
)
from monitor.ports import Handler
from monitor.runner import LocalRunner
from monitor.store import Store
from monitor.store.writer import GroupWriter, _Item
from tests.longrun.clock import SharedClock
from tests.longrun.press import Press
from tests.longrun.world import FEED, Inbox, Reader, Servers

T = TypeVar("T")
CHANNELS = (
    ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/"),
    ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@example.org",)),
)
MAINTAIN = 60.0
"""Seconds between two runs of `maintain`; the other jobs run at every tick."""
IDLE = 300.0
"""The longest time without a tick, where nothing is due."""
BLOCKED = 16
"""The same in ticks, where what is due cannot be done yet."""
ADD = 1800.0
"""Seconds between two looks of a person at what came out on hosts without a feed."""


class CountingRunner(LocalRunner):
    """The real runner; the clock hears of each unit of work that starts, and of its end. What waits for room is not
    under way: it starts when another of its kind ends."""

    def __init__(self, concurrency: int, clock: SharedClock) -> None:
        super().__init__(concurrency)
        self._clock = clock
        self._without_room: Counter[str] = Counter()

    async def wake(self, kind: str, keys: Sequence[str]) -> int:
        room = self.free(kind)
        new = await super().wake(kind, keys)
        self._clock.begin(min(new, room))
        self._without_room[kind] += max(0, new - room)
        return new

    async def run(self, handlers: Mapping[str, Handler]) -> None:
        await super().run({kind: self._counted(kind, handler) for kind, handler in handlers.items()})

    def stop(self) -> None:
        self._without_room.clear()
        super().stop()

    def _counted(self, kind: str, handler: Handler) -> Handler:
        async def work(key: str) -> None:
            try:
                await handler(key)
            finally:
                if self._without_room[kind]:
                    self._without_room[kind] -= 1
                    self._clock.begin()
                self._clock.end()

        return work


@dataclass
class World:
    """Everything outside the program, and what is asked of it."""

    press: Press
    clock: SharedClock
    servers: Servers
    inboxes: dict[str, Inbox]
    policy: Policy
    random: Random

    @classmethod
    def of(
        cls, *, seed: int, start: datetime, days: float, articles: int, hosts: int, schedule: SchedulePolicy
    ) -> "World":
        clock = SharedClock(at=start, start=start)
        press = Press.of(Random(seed), start=start, days=days, articles=articles, hosts=hosts)
        delay = timedelta(seconds=2)
        feeds = tuple(
            SourceEntry(url=f"https://news{n}.example{FEED}", every=timedelta(minutes=30), only_live=n == 1)
            for n in range(0, hosts, 2)
        )
        policy = Policy(
            fetch=FetchPolicy(delay=delay),
            schedule=schedule,
            channels=CHANNELS,
            sources=feeds,
            email=EmailPolicy(host="mail.example"),
        )
        return cls(
            press=press,
            clock=clock,
            servers=Servers(press=press, clock=clock, random=Random(seed + 1), delay=delay),
            inboxes={c.name: Inbox(clock=clock, random=Random(seed + 2)) for c in CHANNELS},
            policy=policy,
            random=Random(seed + 3),
        )


class FakedApp(App):
    """The program with its ports faked; what is behind them is the program's own."""

    def __init__(self, world: World, store: Store) -> None:
        self._world = world
        super().__init__(world.policy, store, clock=world.clock, jitter=world.random.random, eager=True)
        self.runner = CountingRunner(world.policy.schedule.concurrency, world.clock)

    def _wire(self, policy: Policy) -> None:
        super()._wire(policy)
        servers, reader = self._world.servers, Reader(self._world.press)
        self.extract = reader  # type: ignore[assignment]  # a port, though the attribute is typed by its adapter
        self.fetch = servers  # type: ignore[assignment]  # the same
        self.checker._fetch, self.checker._extract, self.poller._fetch = servers, reader, servers
        self.outbox = Outbox(self.store, self._world.inboxes, self.clock, self.jitter, owner=self.owner)


async def serve(world: World, store: Store, *, until: datetime, tick: float, at_tick: Callable[[], object]) -> None:
    """Run the program until then (true time), tick by tick, as its daemon does."""
    clock, agenda = world.clock, Agenda(store.location)
    app = FakedApp(world, store)
    await app.ensure(clock.now())
    running = asyncio.create_task(app.runner.run(app.handlers()))
    maintained, added = -MAINTAIN, -ADD
    while clock.true_time < until:
        before = clock.now()
        at_tick()
        if clock.now() < before:
            await app.clock_set_back(before - clock.now())
        for job in (app.tick, app.discover, app.deliver):
            await job(clock.now())
        if clock.ticks - maintained >= MAINTAIN:
            maintained = clock.ticks
            await app.maintain(clock.now())
        if clock.ticks - added >= ADD:
            added = clock.ticks
            await _add_by_hand(world, store)
        await clock.run_to(clock.ticks + tick * agenda.ticks(clock.now(), tick))
    await _come_to_rest(app, clock)
    await running
    agenda.close()
    await app.aclose()


async def _come_to_rest(app: FakedApp, clock: SharedClock) -> None:
    """As at SIGTERM: what has started may end."""
    app.runner.stop()
    app.outbox.stop()
    await clock.run_out()


async def _add_by_hand(world: World, store: Store) -> None:
    """Articles of hosts without a feed are named by a person, soon after they come out."""
    fed = {source.url.split("/")[2] for source in world.policy.sources}
    known = {row.article.url for row in await store.articles()}
    for life in world.press.lives.values():
        if life.host not in fed and life.url not in known and life.editions[0].at <= world.clock.true_time:
            await store.add_article(life.url, host=life.host, now=world.clock.now())


class Agenda:
    """When something is due next: the ticks until then would find nothing, and are left out."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._blocked = 1

    def ticks(self, now: datetime, tick: float) -> int:
        """How many ticks on something is to be looked at. What is due now, after a tick, waits for a host's or a
        receiver's pause."""
        [[due]] = self._connection.execute(
            "SELECT min(at) FROM (SELECT min(next_check_at) AS at FROM article"
            " UNION ALL SELECT min(next_poll_at) FROM source"
            " UNION ALL SELECT min(due_at) FROM outbox WHERE state = 'pending')"
        )
        wait = due / 1000 - now.timestamp() if due is not None else IDLE
        self._blocked = 1 if wait > 0 else min(2 * self._blocked, BLOCKED)
        return max(self._blocked, int(min(IDLE, wait) / tick))

    def close(self) -> None:
        self._connection.close()


class AtOnce(ThreadPoolExecutor):
    """Does what it is asked for in the caller's thread: a day of hand-overs between threads takes longer than the work
    that is handed over."""

    def submit(self, work: Callable[..., T], /, *arguments: Any, **options: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*arguments, **options))
        except Exception as error:
            done.set_exception(error)
        return done


class WriterAtOnce(GroupWriter):
    """The store's own writer, for whom the same holds: each item is a group."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        item = _Item(work)
        self._group(item)
        outcome: T = item.future.result()
        return outcome


def open_store(folder: Path) -> Store:
    store = Store.open(f"sqlite:///{folder / 'monitor.db'}")
    threaded = store._writer
    assert isinstance(threaded, GroupWriter)
    store._threads, store._writer = AtOnce(), WriterAtOnce(threaded._engine, threaded._location)
    asyncio.get_running_loop().set_default_executor(AtOnce())
    return store
