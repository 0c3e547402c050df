"""The local runner: one at a time per key, so many per kind, and an end that loses no work."""

import asyncio
from datetime import timedelta

from monitor.runner import LocalRunner


class Work:
    """A handler that waits at a gate and remembers who was there together."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.started: list[str] = []
        self.most = self.now = 0

    async def __call__(self, key: str) -> None:
        self.started.append(key)
        self.now += 1
        self.most = max(self.most, self.now)
        await self.gate.wait()
        self.now -= 1


async def _turns(times: int = 5) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


async def test_a_key_runs_once_at_a_time_and_is_asked_for_once() -> None:
    runner, work = LocalRunner(4), Work()
    running = asyncio.create_task(runner.run({"visit": work}))

    assert await runner.wake("visit", ["a", "b", "a"]) == 2
    await _turns()
    assert await runner.wake("visit", ["a", "c"]) == 1
    work.gate.set()
    await _turns()
    runner.stop()
    await running

    assert sorted(work.started) == ["a", "b", "c"]


async def test_no_more_of_a_kind_run_than_allowed_and_another_kind_has_its_own_room() -> None:
    runner, visits, deliveries = LocalRunner(2), Work(), Work()
    running = asyncio.create_task(runner.run({"visit": visits, "deliver": deliveries}))

    await runner.wake("visit", ["a", "b", "c", "d"])
    await runner.wake("deliver", ["desk"])
    await _turns()

    assert (len(visits.started), len(deliveries.started)) == (2, 1)
    assert (runner.free("visit"), runner.free("deliver")) == (0, 1)
    visits.gate.set()
    deliveries.gate.set()
    await _turns(10)
    runner.stop()
    await running
    assert (visits.started, visits.most) == (["a", "b", "c", "d"], 2)


async def test_a_handler_that_fails_does_not_stop_the_others() -> None:
    seen = []

    async def work(key: str) -> None:
        seen.append(key)
        if key == "bad":
            raise ValueError("no")

    runner = LocalRunner(1)
    running = asyncio.create_task(runner.run({"visit": work}))
    await runner.wake("visit", ["bad", "good"])
    await _turns(10)
    runner.stop()
    await running

    assert seen == ["bad", "good"]


async def test_what_has_started_may_end_and_what_waits_is_left() -> None:
    runner, work = LocalRunner(1), Work()
    running = asyncio.create_task(runner.run({"visit": work}))
    await runner.wake("visit", ["a", "b"])
    await _turns()
    runner.stop()
    work.gate.set()
    await runner.drain(timedelta(seconds=5))
    await running

    assert work.started == ["a"]
    assert await runner.wake("visit", ["c"]) == 0


async def test_work_that_does_not_end_in_time_is_cut_off() -> None:
    runner, work = LocalRunner(1), Work()
    running = asyncio.create_task(runner.run({"visit": work}))
    await runner.wake("visit", ["a"])
    await _turns()
    runner.stop()
    await runner.drain(timedelta(0))
    await asyncio.wait_for(running, 5)

    assert work.now == 1
