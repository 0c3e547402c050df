"""Servers that reset, stall or leave at each stage of a fetch, and visitors who are cancelled there: nothing stays."""

import asyncio
import gc
import resource
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest

from monitor.core.capture import Outcome
from monitor.fetch import HttpFetch
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.origin import Origin, Received, page

PATIENCE = 0.25
"""The deadline of a visit here, in seconds."""
AT_ONCE = 30
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
STAGES = {
    "asked": b"",
    "status": b"HTTP/1.1 2",
    "headers": HEAD,
    "body": HEAD + b"Content-Length: 5000\r\n\r\n<p>The mayor",
    "chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<p>The mayor",
    "gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n\x1f\x8b\x08",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 500\r\n\r\n",
    "error": b"HTTP/1.1 500 Oh\r\nContent-Length: 5000\r\n\r\n<p>Sorry",
}
ENDS = ("resets", "stalls", "leaves")


@asynccontextmanager
async def hostile() -> AsyncIterator[tuple[list[str], list[Received]]]:
    """Addresses at which something goes wrong, each at a stage of its own; and a good one. And what was asked."""
    async with Origin() as origin, Origin() as doors:
        urls = [origin.serve("/good", page("<p>The mayor resigns."))]
        for stage, end in product(STAGES, ENDS):

            async def answer(
                _: Received, writer: asyncio.StreamWriter, sent: bytes = STAGES[stage], end: str = end
            ) -> None:
                writer.write(sent)
                await _ends(writer, end)

            urls.append(origin.serve(f"/{stage}/{end}", answer))
        urls += [f"{url}/" for url in await _doors(doors)]
        yield urls, origin.requests


async def _doors(origin: Origin) -> list[str]:
    """Servers that do not even wait to be asked."""
    origin.serve("/", b"")
    return [origin.url, f"https://127.0.0.1:{origin.port}"]


def _at_host(number: int, url: str) -> str:
    """Visits to one host take turns; these are to go on side by side."""
    return url.replace("127.0.0.1", f"host{number}.example")


async def _loopback(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


async def _ends(writer: asyncio.StreamWriter, how: str) -> None:
    if how == "resets":
        writer.transport.abort()
    elif how == "stalls":
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(4 * PATIENCE):
                await writer.wait_closed()


async def visits(times: int, *, seed: int = 7) -> tuple[Counter[Outcome | None], list[int]]:
    """So many visits, every fourth of them cancelled somewhere on its way; and the memory after each tenth, in KiB."""
    random, outcomes, memory = Random(seed), Counter[Outcome | None](), list[int]()
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=PATIENCE)), SetClock(), resolve=_loopback)
    async with hostile() as (urls, asked):

        async def visit(url: str, patience: float | None) -> None:
            try:
                async with asyncio.timeout(patience):
                    outcomes[(await fetch.fetch(Request(url=url))).outcome] += 1
            except TimeoutError:
                outcomes[None] += 1

        for _ in range(10):
            for _ in range(times // 10 // AT_ONCE):
                chosen = random.choices(urls, k=AT_ONCE)
                await asyncio.gather(
                    *(
                        visit(_at_host(n, url), random.uniform(0, PATIENCE / 4) if n % 4 == 0 else None)
                        for n, url in enumerate(chosen)
                    )
                )
            asked.clear()
            gc.collect()
            memory.append(_memory())
        await fetch.aclose()
    return outcomes, memory


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def _sockets() -> int:
    found = 0
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that of the listing itself
            found += str(file.readlink()).startswith("socket:")
    return found


def _children() -> int:
    return sum(1 for task in Path("/proc/self/task").iterdir() for _ in (task / "children").read_text().split())


async def nothing_is_left_of(times: int) -> list[int]:
    await visits(AT_ONCE * 10)  # what is loaded and cached once
    gc.collect()
    before = (_sockets(), _children(), len(asyncio.all_tasks()))
    outcomes, memory = await visits(times)
    await asyncio.sleep(0)
    gc.collect()

    assert (_sockets(), _children(), len(asyncio.all_tasks())) == before
    assert set(outcomes) == {Outcome.FETCHED, Outcome.UNREACHABLE, Outcome.BROKEN, Outcome.SERVER_ERROR, None}
    print(f"{times} visits: {dict(outcomes)}; KiB after each tenth: {memory}")
    return memory


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux what is open")


async def test_hundreds_of_broken_visits_leave_nothing() -> None:
    await nothing_is_left_of(600)


@pytest.mark.full
async def test_twenty_thousand_broken_visits_leave_nothing() -> None:
    memory = await nothing_is_left_of(20_000)

    assert memory[-1] - memory[0] < 4 * 1024
