"""The port `Extract` in worker processes: a page that stalls or crashes its parser costs one process, no more."""

import asyncio
import pickle
import weakref
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture
from monitor.errors import ExtractionFailed
from monitor.extract.process import GivenUp, Worker, WorkerGone, WorkerLeft
from monitor.ports import Hints

T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that one page may take."""

START = 60.0
"""Seconds that a worker may take to come up, on a machine that is busy with other things."""

MEMORY = 1 << 30
"""Bytes of address space that a worker may take on top of what it starts with (kept on Linux only)."""

WORKERS = 2

PAGES = 500
"""A worker is replaced after so many pages: parsers leak a little, and their caches only grow."""

IDLE = 300.0
"""Seconds after which a worker that nobody asked leaves."""


class WorkerExtract:
    """Reads pages in up to `workers` processes. They start at first need, are replaced, between pages, after `pages`
    of them, and leave when they were `idle` for so many seconds.

    A page that takes longer than `timeout` seconds, crashes its process or runs out of memory costs that process and
    raises ExtractionFailed. Safe to use from many tasks of one event loop.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        timeout: float = TIMEOUT,
        memory: int = MEMORY,
        pages: int = PAGES,
        idle: float = IDLE,
    ) -> None:
        self._turn = CapacityLimiter(workers)
        self._threads = CapacityLimiter(2 * workers)
        self._timeout, self._memory, self._pages, self._idle_for = timeout, memory, pages, idle
        self._idle: dict[Worker, asyncio.TimerHandle] = {}
        self._workers: set[Worker] = set()
        weakref.finalize(self, _end, self._workers)

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        return await self.read(
            capture.body,
            capture.final_url,
            content_type=capture.header("content-type"),
            last_modified=capture.header("last-modified"),
            captured_at=capture.captured_at,
            hints=hints,
        )

    async def read(
        self,
        body: bytes,
        url: str,
        *,
        content_type: str | None = None,
        last_modified: str | None = None,
        captured_at: datetime | None = None,
        hints: Hints | None = None,
    ) -> Reading | SamePage:
        """As `extract`, for a page of which less is known: without `captured_at` relative times stay unresolved."""
        work = partial(_read, body, url, content_type, last_modified, captured_at, hints or Hints())
        return await self.run(work, url=url)

    async def run(self, work: Callable[[], T], *, url: str) -> T:
        """Run anything that reads bytes from `url` in a worker, under the same limits. `work` must be picklable."""
        asked = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        # Turns are taken before the clock starts: waiting for one must not eat into a page's time.
        async with self._turn:
            try:
                answer = await self._answer(asked)
            except TimeoutError:
                raise ExtractionFailed("timeout", url) from None
            except WorkerGone:
                raise ExtractionFailed("crashed", url) from None
        if isinstance(answer, GivenUp):
            raise ExtractionFailed(answer.reason, url)
        return answer  # type: ignore[no-any-return]  # what `work` returned, over a pipe

    async def _answer(self, asked: bytes) -> Any:
        while True:
            worker = await self._worker()
            try:
                return await self._ask(worker, asked)
            except WorkerLeft:
                if not worker.answered:
                    raise
                # It had died at rest: that costs no page.

    # -- workers come and go

    async def _worker(self) -> Worker:
        """The one that was asked last, whose caches are warm, or a new one."""
        if self._idle:
            worker, leaving = self._idle.popitem()
            leaving.cancel()
            return worker
        worker = Worker(memory=self._memory, patience=2 * self._timeout)
        self._workers.add(worker)
        await self._in_time(START, worker, worker.await_start)
        return worker

    async def _ask(self, worker: Worker, asked: bytes) -> Any:
        answer = await self._in_time(self._timeout, worker, worker.ask, asked)
        if worker.answered < self._pages:
            self._rest(worker)
        else:
            await self._send_away(worker)
        return answer

    async def _in_time(self, seconds: float, worker: Worker, call: Callable[..., T], *args: bytes) -> T:
        """The call's answer; the worker dies where there is none, in time or at all, or where nobody waits for it."""
        try:
            with anyio.fail_after(seconds):
                return await to_thread.run_sync(call, *args, abandon_on_cancel=True, limiter=self._threads)
        except BaseException:
            worker.kill()
            await self._send_away(worker)
            raise

    def _rest(self, worker: Worker) -> None:
        # The timer must not hold the extractor: with it, its workers end.
        leave = partial(_dismiss, worker, self._idle, self._workers)
        self._idle[worker] = asyncio.get_running_loop().call_later(self._idle_for, leave)

    async def _send_away(self, worker: Worker) -> None:
        with CancelScope(shield=True):
            await to_thread.run_sync(worker.send_away, limiter=self._threads)
        self._workers.discard(worker)


def _dismiss(worker: Worker, idle: dict[Worker, asyncio.TimerHandle], workers: set[Worker]) -> None:
    del idle[worker]
    workers.discard(worker)
    asyncio.get_running_loop().run_in_executor(None, worker.send_away)


def _end(workers: Iterable[Worker]) -> None:
    """What becomes of the workers when nobody holds the extractor any more, or the program ends."""
    for worker in workers:
        worker.kill()
        worker.send_away()


def _read(
    body: bytes,
    url: str,
    content_type: str | None,
    last_modified: str | None,
    captured_at: datetime | None,
    hints: Hints,
) -> Reading | SamePage:
    # Imported here: the parsers are the worker's, and the process that watches never pays for them.
    from monitor.extract.read import read_page

    return read_page(
        body, url, content_type=content_type, captured_at=captured_at, hints=hints, last_modified=last_modified
    )
