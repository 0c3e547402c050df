"""Many hosts with everything due at once, on the real runner: each is asked for one thing at a time, with its delay."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.app import App
from monitor.core.address import host_of
from tests.fakes import page
from tests.origin import Origin, Received, Reply, redirect
from tests.test_main_path import program

DELAY = timedelta(milliseconds=400)
TAKES = 0.02
"""Seconds that a server takes to answer."""
ROUNDING = 0.005
"""Seconds: clocks of the event loop and of the store are not one."""


@dataclass
class House:
    """One host, and when it was asked and had answered."""

    origin: Origin
    times: list[tuple[float, float]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: Received, writer: asyncio.StreamWriter) -> None:
        began = time.monotonic()
        self.asked.append(request.target)
        reply = self._feed() if request.target == "/feed" else self._story(request.target)
        await asyncio.sleep(TAKES)
        writer.write(reply.encoded())
        await writer.drain()
        self.times.append((began, time.monotonic()))

    def _feed(self) -> Reply:
        items = "".join(f"<item><link>{self.origin.url}/fed/{n}</link></item>" for n in range(3))
        feed = f"<rss version='2.0'><channel>{items}</channel></rss>"
        return Reply(200, feed.encode(), (("Content-Type", "text/xml"),))

    def _story(self, target: str) -> Reply:
        text = f"Nobody knows the story of {self.origin.address}{target} better than the people who live there."
        return Reply(200, page(text, headline=f"Story {target}"), (("Content-Type", "text/html"),))


async def rush(folder: Path, *, hosts: int, articles: int) -> list[House]:
    """All articles and a feed of all hosts are due at once, and are looked at until nothing is left."""
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(program(folder, "http://127.0.0.1:9/"))
        policy = replace(
            app.policy,
            fetch=replace(app.policy.fetch, delay=DELAY),
            schedule=replace(app.policy.schedule, fresh=timedelta(days=1), min=timedelta(days=1)),
        )
        await app.reload(policy)
        houses = []
        for number in range(hosts):
            house = House(await stack.enter_async_context(Origin(address=f"127.0.4.{number + 1}")))
            house.origin.otherwise = house.answer
            houses.append(house)
            now, name = app.clock.now(), house.origin.address
            for article in range(articles):
                await app.store.add_article(f"{house.origin.url}/{article}", host=name, now=now)
            await app.store.add_source(f"{house.origin.url}/feed", host=name, now=now)
        await _work(app, wanted=hosts * (articles + 3))
    return houses


async def _work(app: App, *, wanted: int) -> None:
    """As the daemon's jobs do, until so many articles have been read."""
    running = asyncio.create_task(app.runner.run(app.handlers()))
    async with asyncio.timeout(600):
        while sum(row.article.version_count for row in await app.store.articles()) < wanted:
            await app.tick(app.clock.now())
            await app.discover(app.clock.now())
            await asyncio.sleep(0.05)
    app.runner.stop()
    await app.runner.drain(timedelta(seconds=10))
    await running


async def crossroads(folder: Path, *, hosts: int, articles: int) -> House:
    """A house that the articles of other hosts are sent on to, and that has articles of its own."""
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(program(folder, "http://127.0.0.1:9/"))
        fetch = replace(app.policy.fetch, delay=DELAY, respect_robots=True)
        schedule = replace(app.policy.schedule, fresh=timedelta(days=1), min=timedelta(days=1))
        await app.reload(replace(app.policy, fetch=fetch, schedule=schedule))
        house = House(await stack.enter_async_context(Origin(address="127.0.5.1")))
        house.origin.otherwise = house.answer
        urls = [f"{house.origin.url}/{article}" for article in range(articles)]
        for number in range(hosts):
            origin = await stack.enter_async_context(Origin(address=f"127.0.5.{number + 2}"))
            for article in range(articles):
                onward = redirect(f"{house.origin.url}/{number}/{article}")
                urls.append(origin.serve(f"/{article}", onward))
        for url in urls:
            await app.store.add_article(url, host=host_of(url), now=app.clock.now())
        await _work(app, wanted=len(urls))
    return house


def has_manners(house: House, articles: int) -> None:
    times = sorted(house.times)
    pauses = [later[0] - earlier[1] for earlier, later in pairwise(times)]
    assert min(pauses) >= DELAY.total_seconds() - ROUNDING
    read = [target for target in house.asked if target != "/feed"]
    assert sorted(read) == sorted({*(f"/{n}" for n in range(articles)), *(f"/fed/{n}" for n in range(3))})
    assert len(read) == len(set(read)), "one look at each, however late it was"


async def test_half_a_dozen_hosts_are_asked_for_one_thing_at_a_time(tmp_path: Path) -> None:
    for house in await rush(tmp_path, hosts=6, articles=6):
        has_manners(house, 6)


async def test_a_host_that_others_lead_to_is_asked_for_one_thing_at_a_time(tmp_path: Path) -> None:
    house = await crossroads(tmp_path, hosts=4, articles=3)

    assert len(house.asked) == len(set(house.asked)) == 1 + 5 * 3, "robots.txt, and each story once"
    times = sorted(house.times)
    assert min(later[0] - earlier[1] for earlier, later in pairwise(times)) >= DELAY.total_seconds() - ROUNDING


@pytest.mark.full
async def test_fifty_hosts_with_two_thousand_articles_are_asked_for_one_thing_at_a_time(tmp_path: Path) -> None:
    for house in await rush(tmp_path, hosts=50, articles=40):
        has_manners(house, 40)
