"""The same reading in worker processes, and what becomes of pages that stall or crash one."""

from datetime import UTC, datetime

import anyio
import pytest

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture, Outcome
from monitor.errors import ExtractionFailed
from monitor.extract import WorkerExtract
from monitor.extract.read import read_page
from monitor.ports import Hints

from .pages import PARAGRAPHS, Story

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
