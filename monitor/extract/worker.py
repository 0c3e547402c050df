"""The port `Extract` in worker processes: a page that stalls or crashes its parser costs one process, no more."""

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import inf
from typing import TypeVar

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture
from monitor.errors import ExtractionFailed
from monitor.ports import Hints

T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that one page may take, a worker's start included."""

MEMORY = 1 << 30
"""Bytes of address space that a worker may take on top of what it starts with (not enforced on Windows)."""

WORKERS = 2


class WorkerExtract:
    """Reads pages in up to `workers` processes, which start at first need and are kept.

    A page that takes longer than `timeout` seconds, crashes its process or runs out of memory costs that process and
    raises ExtractionFailed. Safe to use from many tasks of one event loop.
    """

    def __init__(self, *, workers: int = WORKERS, timeout: float = TIMEOUT, memory: int = MEMORY) -> None:
        self._turn = CapacityLimiter(workers)
        self._timeout = timeout
        self._memory = memory

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
        async with self._turn:
            try:
                with anyio.fail_after(self._timeout):
                    answer = await to_process.run_sync(
                        _work,
                        self._memory,
                        work,
                        cancellable=True,
                        # Turns are taken above: waiting for one must not eat into a page's time.
                        limiter=CapacityLimiter(inf),
                    )
            except TimeoutError:
                raise ExtractionFailed("timeout", url) from None
            except BrokenWorkerProcess:
                raise ExtractionFailed("crashed", url) from None
        if isinstance(answer, _GivenUp):
            raise ExtractionFailed(answer.reason, url)
        return answer


@dataclass(frozen=True, slots=True)
class _GivenUp:
    """What travels from the worker instead of an error."""

    reason: str


def _work(memory: int, work: Callable[[], T]) -> T | _GivenUp:
    """What runs in the worker: the answer, or the reason why there is none."""
    _settle_in(memory)
    try:
        return work()
    except ExtractionFailed as failure:
        return _GivenUp(failure.reason)
    except MemoryError:
        return _GivenUp("memory")
    except Exception:
        # Whatever a hostile page makes a parser raise: the page is given up, the watch goes on.
        return _GivenUp("crashed")


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


_settled_in = False


def _settle_in(memory: int) -> None:
    """Once a worker: its address space is capped, and Ctrl-C is left to the process that watches."""
    global _settled_in
    if _settled_in or sys.platform == "win32":
        return
    import resource  # Unix only

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    _settled_in = True
