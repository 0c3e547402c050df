"""One request at a time to a host, its delay apart, whoever asks and whatever led there."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.clock import SystemClock
from monitor.core.address import Address, parse_address
from monitor.core.capture import Capture, Outcome
from monitor.fetch import HttpFetch
from monitor.fetch.faults import Fault
from monitor.fetch.manners import MANY_HOSTS, Manners, Patience
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.origin import Origin, Received, Reply, Response, page, redirect

DELAY = 0.15
TAKES = 0.05
"""Seconds: between two requests; that a server takes for an answer."""
ROUNDING = 0.002


@dataclass
class Doorkeeper:
    """Answers slowly, and notes when it was asked and had answered."""

    origin: Origin
    times: list[tuple[float, float]] = field(default_factory=list)

    def serve(self, path: str, response: Reply) -> str:
        async def answer(_: Received, writer: asyncio.StreamWriter) -> None:
            began = time.monotonic()
            await asyncio.sleep(TAKES)
            writer.write(response.encoded())
            await writer.drain()
            self.times.append((began, time.monotonic()))

        served: Response = answer
        return self.origin.serve(path, served)

    @property
    def pauses(self) -> list[float]:
        return [later[0] - earlier[1] for earlier, later in pairwise(sorted(self.times))]


@pytest.fixture
def door(origin: Origin) -> Doorkeeper:
    return Doorkeeper(origin)


def policy_with(**changes: object) -> HttpFetch:
    settings: dict[str, object] = {"delay": timedelta(seconds=DELAY)}
    return HttpFetch(loopback_policy(**(settings | changes)), SystemClock())


@pytest.fixture
async def slow() -> AsyncIterator[HttpFetch]:
    fetch = policy_with()
    yield fetch
    await fetch.aclose()


async def visit(fetch: HttpFetch, *urls: str) -> list[Capture]:
    return await asyncio.gather(*(fetch.fetch(Request(url=url)) for url in urls))


async def test_visits_that_meet_at_a_host_take_turns(door: Doorkeeper, slow: HttpFetch) -> None:
    captures = await visit(slow, *(door.serve(f"/{number}", page()) for number in range(5)))

    assert {capture.outcome for capture in captures} == {Outcome.FETCHED}
    assert len(door.times) == 5
    assert min(door.pauses) >= DELAY - ROUNDING


async def test_redirects_from_elsewhere_take_turns_too(door: Doorkeeper, slow: HttpFetch) -> None:
    async with Origin(address="127.0.0.2") as one, Origin(address="127.0.0.3") as other:
        urls = [from_.serve("/", redirect(door.serve(f"/{from_.address}", page()))) for from_ in (one, other)]

        captures = await visit(slow, door.serve("/own", page()), *urls)

    assert [len(capture.hops) for capture in captures] == [0, 1, 1]
    assert len(door.times) == 3
    assert min(door.pauses) >= DELAY - ROUNDING


async def test_a_redirect_within_a_host_is_a_request_like_any_other(door: Doorkeeper, slow: HttpFetch) -> None:
    door.serve("/new", page())

    (capture,) = await visit(slow, door.serve("/old", redirect("/new")))

    assert capture.final_url.endswith("/new")
    assert min(door.pauses) >= DELAY - ROUNDING


async def test_robots_txt_is_a_request_like_any_other(door: Doorkeeper) -> None:
    door.serve("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /private/"))
    fetch = policy_with(respect_robots=True)

    await visit(fetch, door.serve("/story", page()))
    await fetch.aclose()

    assert len(door.times) == 2
    assert min(door.pauses) >= DELAY - ROUNDING


async def test_hosts_do_not_wait_for_each_other(door: Doorkeeper, slow: HttpFetch) -> None:
    async with Origin(address="127.0.0.2") as other:
        there = Doorkeeper(other)
        await visit(slow, door.serve("/", page()), there.serve("/", page()))

    assert door.times[0][0] < there.times[0][1]
    assert there.times[0][0] < door.times[0][1]


async def test_the_ports_of_a_host_and_the_dot_behind_it_are_one_host(door: Doorkeeper) -> None:
    async def loopback(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    fetch = HttpFetch(loopback_policy(delay=timedelta(seconds=DELAY)), SystemClock(), resolve=loopback)
    async with Origin() as other:
        beside = Doorkeeper(other, door.times)
        await visit(
            fetch,
            door.serve("/", page()).replace("127.0.0.1", "news.example"),
            beside.serve("/", page()).replace("127.0.0.1", "news.example."),
        )
    await fetch.aclose()

    assert len(door.times) == 2
    assert min(door.pauses) >= DELAY - ROUNDING


async def test_the_deadline_of_a_visit_stands_still_while_it_waits_for_its_turn(door: Doorkeeper) -> None:
    fetch = policy_with(timeout=timedelta(seconds=4 * TAKES))

    captures = await visit(fetch, *(door.serve(f"/{number}", page()) for number in range(4)))
    await fetch.aclose()

    assert [capture.outcome for capture in captures] == [Outcome.FETCHED] * 4


async def test_a_visit_that_was_cancelled_gives_up_its_turn(door: Doorkeeper, slow: HttpFetch) -> None:
    first = asyncio.ensure_future(visit(slow, door.serve("/first", page())))
    second = asyncio.ensure_future(visit(slow, door.serve("/second", page())))
    await asyncio.sleep(TAKES / 2)
    for cancelled in (second, first):
        cancelled.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    (capture,) = await visit(slow, door.serve("/third", page()))

    assert capture.outcome is Outcome.FETCHED


STORY = parse_address("https://news.example/story")


async def ask(manners: Manners, address: Address = STORY, *, wait: float, hold: float = 0.0) -> None:
    async with asyncio.timeout(1) as deadline, manners.turn(address, Patience(deadline, wait)):
        await asyncio.sleep(hold)


async def test_who_has_waited_for_long_enough_leaves() -> None:
    manners = Manners(SystemClock(), timedelta(0))
    holding = asyncio.ensure_future(ask(manners, wait=1, hold=0.1))
    await asyncio.sleep(0)

    with pytest.raises(Fault) as found:
        await ask(manners, wait=0.01)

    assert found.value.outcome is Outcome.THROTTLED
    assert found.value.detail == "news.example is busy with other visits of ours"
    await holding
    await ask(manners, wait=0.01)


async def test_a_delay_that_is_longer_than_a_visit_is_cut() -> None:
    manners = Manners(SystemClock(), timedelta(hours=1))
    await ask(manners, wait=0.05)

    began = time.monotonic()
    await ask(manners, wait=0.05)

    assert 0.05 - ROUNDING < time.monotonic() - began < 1


async def test_the_waits_of_a_visit_are_bounded_together() -> None:
    manners = Manners(SystemClock(), timedelta(hours=1))
    began = time.monotonic()
    async with asyncio.timeout(1) as deadline:
        patience = Patience(deadline, 0.1)
        for _ in range(5):
            async with manners.turn(STORY, patience):
                pass

    assert 0.1 - ROUNDING < time.monotonic() - began < 1
    assert patience.left == 0


async def test_hosts_that_have_rested_are_forgotten() -> None:
    clock = SetClock()
    manners = Manners(clock, timedelta(seconds=2))
    for number in range(5 * MANY_HOSTS):
        await ask(manners, parse_address(f"https://host{number}.example/"), wait=1)
        clock.passes(timedelta(seconds=0.5))

    assert len(manners._hosts) <= MANY_HOSTS + 1
