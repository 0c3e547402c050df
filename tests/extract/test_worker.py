"""The same reading in worker processes, what becomes of pages that stall or crash one, and how workers come and go."""

import gc
import os
import signal
import sys
import time
from datetime import UTC, datetime
from functools import partial

import anyio
import pytest

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture, Outcome
from monitor.errors import ExtractionFailed
from monitor.extract import WorkerExtract
from monitor.extract.read import read_page
from monitor.garbage import OLDER, YOUNG
from monitor.ports import Hints
from tests.extract.pages import PARAGRAPHS, Story

URL = "https://skerry.example/pier"
NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)


def capture_of(body: bytes) -> Capture:
    return Capture(
        url=URL, final_url=URL, outcome=Outcome.FETCHED, asked_at=NOON, captured_at=NOON, status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),), body=body,
    )  # fmt: skip


async def test_a_worker_reads_what_this_process_reads() -> None:
    extract = WorkerExtract(timeout=60)
    reading = await extract.extract(capture_of(Story().bytes()), Hints())

    assert reading == read_page(Story().bytes(), URL, content_type="text/html; charset=utf-8", captured_at=NOON)
    assert isinstance(reading, Reading)
    assert await extract.extract(capture_of(Story().bytes()), Hints(page_digest=reading.page_digest)) == SamePage(
        reading.page_digest
    )


async def test_a_page_that_stalls_is_given_up_and_the_next_one_read() -> None:
    extract = WorkerExtract(workers=1, timeout=4)
    slow = b"<div>" * 9_000 + b"<hr>" * 600_000
    with anyio.fail_after(60):
        with pytest.raises(ExtractionFailed) as failure:
            await extract.extract(capture_of(slow), Hints())
        reading = await WorkerExtract(workers=1, timeout=60).extract(capture_of(Story().bytes()), Hints())

    assert failure.value.reason == "timeout"
    assert isinstance(reading, Reading)
    assert reading.content.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "page",
    [
        b"<p " + b" ".join(b"a%d" % n for n in range(5_000)) + b">",
        b"<div>" * 400_000,
        b"<!-- <div> --><DIV class=x><section>" * 20_000 + b"x" + b"</section></DIV>" * 20_000,
    ],
    ids=["attributes", "boxes", "boxes that are closed"],
)
async def test_a_hostile_page_is_refused_with_its_reason(page: bytes) -> None:
    with pytest.raises(ExtractionFailed) as failure:
        await WorkerExtract(timeout=60).extract(capture_of(page), Hints())

    assert (failure.value.reason, failure.value.url) == ("too_large", URL)


async def test_several_pages_at_once_keep_apart() -> None:
    extract = WorkerExtract(workers=2, timeout=60)
    headlines: dict[int, str | None] = {}

    async def read(number: int) -> None:
        reading = await extract.extract(capture_of(Story(headline=f"Pier number {number} reopens").bytes()), Hints())
        assert isinstance(reading, Reading)
        headlines[number] = reading.content.headline

    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(read, number)

    assert headlines == {n: f"Pier number {n} reopens" for n in range(4)}


async def gone(pid: int) -> bool:
    """Whether the process ends, within a while."""
    with anyio.move_on_after(30):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            await anyio.sleep(0.01)
    return False


async def test_a_worker_stays_for_some_pages_then_gives_way_to_another() -> None:
    extract = WorkerExtract(workers=1, timeout=60, pages=3)
    pids = [await extract.run(os.getpid, url=URL) for _ in range(9)]

    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 3]
    assert os.getpid() not in pids
    assert await gone(pids[0])
    assert await gone(pids[-1])


async def test_a_worker_that_has_read_a_page_looks_for_garbage_seldom() -> None:
    extract = WorkerExtract(workers=1, timeout=60)
    at_first, later = [await extract.run(gc.get_threshold, url=URL) for _ in range(2)]

    assert at_first == gc.get_threshold()
    assert later == (YOUNG, OLDER, OLDER)
    assert await extract.run(gc.get_freeze_count, url=URL) > 0


async def test_no_page_is_lost_where_workers_are_replaced_under_way() -> None:
    extract = WorkerExtract(workers=2, timeout=60, pages=2)
    headlines: dict[int, str | None] = {}
    pids: set[int] = set()

    async def read(number: int) -> None:
        reading = await extract.extract(capture_of(Story(headline=f"Pier number {number} reopens").bytes()), Hints())
        assert isinstance(reading, Reading)
        headlines[number] = reading.content.headline
        pids.add(await extract.run(os.getpid, url=URL))

    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(read, number)

    assert headlines == {n: f"Pier number {n} reopens" for n in range(8)}
    assert len(pids) >= 4


async def test_a_page_that_hangs_costs_its_own_process_only() -> None:
    extract = WorkerExtract(workers=2, timeout=1)
    pids: list[int] = []

    async def hang() -> None:
        with pytest.raises(ExtractionFailed, match="timeout"):
            await extract.run(partial(time.sleep, 3600), url=URL)

    async with anyio.create_task_group() as group:
        group.start_soon(hang)
        pids.extend([await extract.run(os.getpid, url=URL) for _ in range(3)])

    assert len(set(pids)) == 1
    assert await extract.run(os.getpid, url=URL) == pids[0]


@pytest.mark.parametrize("crash", [partial(os._exit, 3), os.abort], ids=["exit", "abort"])
async def test_a_page_that_crashes_its_process_is_given_up_and_the_next_one_read(crash: partial[None]) -> None:
    extract = WorkerExtract(workers=1, timeout=60)
    before = await extract.run(os.getpid, url=URL)
    with pytest.raises(ExtractionFailed) as failure:
        await extract.run(crash, url=URL)

    assert failure.value.reason == "crashed"
    assert await extract.run(os.getpid, url=URL) != before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process cannot be capped")
async def test_a_page_that_takes_too_much_memory_is_given_up() -> None:
    extract = WorkerExtract(workers=1, timeout=60, memory=256 << 20)
    with pytest.raises(ExtractionFailed) as failure:
        await extract.run(partial(bytearray, 1 << 30), url=URL)

    assert failure.value.reason == "memory"
    assert len(await extract.run(partial(bytearray, 1 << 20), url=URL)) == 1 << 20


async def test_a_worker_that_died_at_rest_costs_no_page() -> None:
    extract = WorkerExtract(workers=1, timeout=60)
    before = await extract.run(os.getpid, url=URL)
    os.kill(before, signal.SIGKILL)

    assert await extract.run(os.getpid, url=URL) != before


async def test_a_worker_that_nobody_asks_leaves() -> None:
    extract = WorkerExtract(workers=1, timeout=60, idle=0.01)
    pid = await extract.run(os.getpid, url=URL)

    assert await gone(pid)
    assert await extract.run(os.getpid, url=URL) != pid


async def test_workers_end_with_who_asked_them() -> None:
    extract = WorkerExtract(workers=1, timeout=60)
    pid = await extract.run(os.getpid, url=URL)
    del extract
    gc.collect()

    assert await gone(pid)


async def test_what_a_parser_prints_stays_in_the_worker() -> None:
    extract = WorkerExtract(workers=1, timeout=60)

    assert await extract.run(partial(os.write, 1, b"begun\nnonsense\n"), url=URL) == 15
    assert await extract.run(os.getpid, url=URL) > 0


async def test_who_stops_waiting_leaves_no_worker_behind() -> None:
    extract = WorkerExtract(workers=1, timeout=60)
    pid = await extract.run(os.getpid, url=URL)
    with anyio.move_on_after(0.1):
        await extract.run(partial(time.sleep, 3600), url=URL)

    assert await gone(pid)
    assert await extract.run(os.getpid, url=URL) != pid
