"""The port `Extract` in worker processes: a page that stalls or crashes its parser costs one process, no more."""

import sys
from datetime import datetime
from math import inf

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture
from monitor.errors import ExtractionFailed
from monitor.ports import Hints

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
        async with self._turn:
            try:
                with anyio.fail_after(self._timeout):
                    answer = await self._ask(capture, hints)
            except TimeoutError:
                raise ExtractionFailed("timeout", capture.final_url) from None
            except BrokenWorkerProcess:
                raise ExtractionFailed("crashed", capture.final_url) from None
        if isinstance(answer, str):
            raise ExtractionFailed(answer, capture.final_url)
        return answer

    async def _ask(self, capture: Capture, hints: Hints) -> Reading | SamePage | str:
        return await to_process.run_sync(
            _work,
            self._memory,
            capture.body,
            capture.final_url,
            capture.header("content-type"),
            capture.header("last-modified"),
            capture.captured_at,
            hints,
            cancellable=True,
            # Turns are taken above: waiting for one must not eat into a page's time.
            limiter=CapacityLimiter(inf),
        )


def _work(
    memory: int,
    body: bytes,
    url: str,
    content_type: str | None,
    last_modified: str | None,
    captured_at: datetime,
    hints: Hints,
) -> Reading | SamePage | str:
    """What runs in the worker: the reading, or the reason why there is none (errors of ours do not travel)."""
    # Imported here: the parsers are the worker's, and the process that watches never pays for them.
    from monitor.extract.read import read_page

    _limit(memory)
    try:
        return read_page(
            body,
            url,
            content_type=content_type,
            captured_at=captured_at,
            hints=hints,
            last_modified=last_modified,
        )
    except ExtractionFailed as failure:
        return failure.reason
    except MemoryError:
        return "memory"
    except Exception:
        # Whatever a hostile page makes a parser raise: the page is given up, the watch goes on.
        return "crashed"


_limited = False


def _limit(memory: int) -> None:
    """Caps the address space of this worker, once."""
    global _limited
    if _limited or sys.platform == "win32":
        return
    import resource  # Unix only

    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    _limited = True
