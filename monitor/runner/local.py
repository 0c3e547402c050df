"""The runner of one machine: an asyncio pool in this process."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from monitor.ports import Handler

_log = structlog.get_logger()
_Key = tuple[str, str]


class LocalRunner:
    """Runs handlers for keys, each key at most once at a time, at most `concurrency` of one kind together: slow hosts
    must not keep alerts waiting.

    It holds nothing worth keeping: what is due stands in the store, and the next tick asks again.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._waiting: dict[_Key, None] = {}
        self._running: dict[_Key, asyncio.Task[None]] = {}
        self._wakened = asyncio.Event()
        self._stopped = False

    def free(self, kind: str) -> int:
        """How many more keys of that kind would start at once."""
        return max(0, self._concurrency - sum(key[0] == kind for key in (*self._running, *self._waiting)))

    async def wake(self, kind: str, keys: Sequence[str]) -> int:
        """Ask for these keys; those already waiting or running are dropped. Returns how many are new."""
        asked = dict.fromkeys((kind, key) for key in keys)
        new = [key for key in asked if key not in self._running and key not in self._waiting]
        if self._stopped:
            return 0
        self._waiting.update(dict.fromkeys(new))
        self._wakened.set()
        return len(new)

    async def run(self, handlers: Mapping[str, Handler]) -> None:
        """Serve until `stop`, then return when all started work has ended. What only waited is left alone."""
        while not (self._stopped and not self._running):
            for key in self._startable():
                del self._waiting[key]
                self._start(key, handlers[key[0]])
            await self._wakened.wait()
            self._wakened.clear()

    def _startable(self) -> list[_Key]:
        room = Counter(key[0] for key in self._running)
        chosen = []
        for key in () if self._stopped else self._waiting:
            if room[key[0]] < self._concurrency:
                room[key[0]] += 1
                chosen.append(key)
        return chosen

    def stop(self) -> None:
        self._stopped = True
        self._waiting.clear()
        self._wakened.set()

    async def drain(self, deadline: timedelta) -> None:
        """Wait for the started work; cancel what is left after the deadline."""
        tasks = list(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=deadline.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _start(self, key: _Key, handler: Handler) -> None:
        task = asyncio.create_task(handler(key[1]), name=":".join(key))
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: _Key, task: asyncio.Task[None]) -> None:
        del self._running[key]
        self._wakened.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # One unit that fails must not stop the others; the store still says that it is due.
            _log.error("work_failed", kind=key[0], key=key[1], error=str(error), exc_info=error)
