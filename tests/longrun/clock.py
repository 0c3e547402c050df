"""A clock on which many sleep at once: it goes on only when all who are awake have come to rest."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from tests.fakes import FakeClock


@dataclass
class SharedClock(FakeClock):
    """`begin` and `end` count the units of work that are under way; `settled` waits until each of them sleeps or has
    ended. `step` sets the clock on the wall, as an operator does; `ticks` is the true time."""

    start: datetime = field(kw_only=True)
    awake: int = 0
    _sleepers: list[tuple[float, int, asyncio.Event]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _rest: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        wake = asyncio.Event()
        heappush(self._sleepers, (self.ticks + seconds, next(self._numbers), wake))
        self.end()
        await wake.wait()

    def begin(self, units: int = 1) -> None:
        self.awake += units
        self._rest.clear()

    def end(self) -> None:
        self.awake -= 1
        if self.awake == 0:
            self._rest.set()

    async def settled(self) -> None:
        if self.awake:
            await self._rest.wait()

    async def run_to(self, ticks: float) -> None:
        """Let the time until then pass, and everybody do what they woke up for."""
        await self.settled()
        while self._sleepers and self._sleepers[0][0] <= ticks:
            at, _, wake = heappop(self._sleepers)
            self._move(at)
            self.begin()
            wake.set()
            await self.settled()
        self._move(ticks)

    async def run_out(self) -> None:
        """Let everybody who is under way come to the end, however long they sleep."""
        await self.settled()
        while self._sleepers:
            await self.run_to(self._sleepers[0][0])

    def step(self, by: timedelta) -> None:
        self.at += by

    def _move(self, ticks: float) -> None:
        self.advance(timedelta(seconds=max(0.0, ticks - self.ticks)))

    @property
    def true_time(self) -> datetime:
        return self.start + timedelta(seconds=self.ticks)
