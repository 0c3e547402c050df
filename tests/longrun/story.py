"""One long run from beginning to end: what happens to the clock, the network, the receivers and the program."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.longrun import judging
from tests.longrun.desk import World, open_store, serve
from tests.longrun.press import Span

HOUR = timedelta(hours=1)


@dataclass
class Story:
    """`steps` sets the wall clock at a time after the start; `stops` are the times in which the program does not
    run."""

    world: World
    folder: Path
    days: float
    tick: float = 10.0
    steps: list[tuple[timedelta, timedelta]] = field(default_factory=list)
    stops: list[tuple[timedelta, timedelta]] = field(default_factory=list)

    def network_down(self, start: timedelta, lasting: timedelta) -> None:
        self.world.servers.down.append(self._span(start, lasting))

    def receiver_down(self, channel: str, start: timedelta, lasting: timedelta) -> None:
        self.world.inboxes[channel].down.append(self._span(start, lasting))

    async def run(self) -> list[str]:
        """Live through it, let what waits go out, and judge. The problems found."""
        world, begin = self.world, self.world.clock.start
        end = begin + timedelta(days=self.days)
        for start, lasting in sorted(self.stops):
            await self._serve(begin + start)
            await world.clock.run_to((start + lasting).total_seconds())
        await self._serve(end)
        world.servers.trouble = 0
        await self._serve(end + 2 * HOUR)
        store = open_store(self.folder)
        try:
            return await judging.problems(world, store)
        finally:
            await store.close()

    async def _serve(self, until: datetime) -> None:
        store = open_store(self.folder)
        try:
            await serve(self.world, store, until=until, tick=self.tick, at_tick=self._set_the_clock)
        finally:
            await store.close()

    def _set_the_clock(self) -> None:
        for step in [*self.steps]:
            if self.world.clock.true_time >= self.world.clock.start + step[0]:
                self.steps.remove(step)
                self.world.clock.step(step[1])

    def _span(self, start: timedelta, lasting: timedelta) -> Span:
        begin = self.world.clock.start + start
        return Span(begin, begin + lasting)
