"""The port `Extract` in worker processes: a page that stalls or crashes its parser costs one process, no more."""

import resource
import sys
from datetime import datetime
from importlib import import_module
from math import inf
from types import ModuleType
from typing import Any

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture
from monitor.errors import ExtractionFailed
from monitor.ports import Hints

TIMEOUT = 10.0
"""Seconds that one page may take; the slowest of 255 real ones took 0.2."""

MEMORY = 1 << 30
"""Bytes of address space that a worker may take on top of what it starts with."""

WORKERS = 2


class WorkerExtract:
    """Reads pages in up to `workers` processes, which start at first need and are kept.

    A page that takes longer than `timeout` seconds loses its process; one that crashes it or runs out of memory too.
    Both raise ExtractionFailed. Safe to use from many tasks of one event loop.
    """

    def __init__(self, *, workers: int = WORKERS, timeout: float = TIMEOUT, memory: int = MEMORY) -> None:
        self._turn = CapacityLimiter(workers)
        self._timeout = timeout
        self._memory = memory

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        async with self._turn:
            try:
                with anyio.fail_after(self._timeout):
                    return await self._read(capture, hints)
            except TimeoutError:
                raise ExtractionFailed("timeout", capture.final_url) from None
            except MemoryError:
                raise ExtractionFailed("memory", capture.final_url) from None
            except BrokenWorkerProcess:
                raise ExtractionFailed("crashed", capture.final_url) from None

    async def _read(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        limiter = CapacityLimiter(inf)  # turns are taken above, so that waiting for one costs no page its time
        with _no_main():
            return await to_process.run_sync(
                _work,
                capture.body,
                capture.final_url,
                capture.header("content-type"),
                capture.header("last-modified"),
                capture.captured_at,
                hints,
                self._memory,
                cancellable=True,
                limiter=limiter,
            )
