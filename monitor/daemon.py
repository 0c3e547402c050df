"""The daemon: APScheduler's ticks, signals, readiness. The schedule itself stands in the store."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import App
from monitor.core.policy import Policy
from monitor.errors import MonitorError, StoreError, StoreUnavailable
from monitor.store import DaemonState

_log = structlog.get_logger()

DRAIN = timedelta(seconds=10)
BEAT = timedelta(seconds=5)
"""How often a working loop leaves its mark in the store; `status --check` calls it stalled after several of these."""
BEATING = ("tick", "deliver")
STALLED = timedelta(seconds=60)
TELL_REST = 200
"""To count what there is may take this part of the time at the most: with many articles it is told less often."""
CLOCK_STEP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Job:
    """One fixed tick. Missed runs are folded into one and never dropped; two of one kind never overlap."""

    name: str
    seconds: float
    step: Callable[[datetime], Awaitable[object]]


class Daemon:
    """Runs the App until told to stop. `reload` gives a new policy on SIGHUP; `report` hears what is going on."""

    def __init__(
        self,
        app: App,
        *,
        reload: Callable[[], Policy] | None = None,
        report: Callable[[str], None] | None = None,
        tick: float = 1.0,
    ) -> None:
        self._app, self._reload, self._report = app, reload, report
        self._stopping = asyncio.Event()
        self._beats: dict[str, datetime] = {}
        self._errors: dict[str, str] = {}
        self._tell_at = 0.0
        self._jobs = (
            Job("tick", tick, app.tick),
            Job("discover", tick, app.discover),
            Job("deliver", tick, app.deliver),
            Job("maintain", 60, app.maintain),
            Job("ping", BEAT.total_seconds(), self._ping),
            *([Job("report", 1, self._tell)] if report else ()),
        )

    async def run(self) -> None:
        """Serve until `stop` or a signal. Raises StoreBusy when another daemon holds the store."""
        app, now = self._app, self._app.clock.now()
        last = await app.store.daemon()
        await app.store.hold_daemon(pid=os.getpid(), host=socket.gethostname(), now=now)
        try:
            await app.ensure(now)
            await self._set_back_since(last, now)
            await self._serve()
        finally:
            await self._let_go()

    async def _set_back_since(self, last: DaemonState | None, now: datetime) -> None:
        """Where the last daemon's beat lies ahead, what it planned does too."""
        seen = max((at for at in (last and last.last_tick_at, last and last.stopped_at) if at), default=now)
        if seen - now > BEAT:
            _log.warning("clock_stepped", seconds=(now - seen).total_seconds())
            await self._set_back(seen - now)

    async def _let_go(self) -> None:
        """A full disk does not take the note that the daemon has ended; that the lock is free tells as much."""
        try:
            await self._app.store.release_daemon(self._app.clock.now())
        except StoreUnavailable as error:
            if not error.full:
                raise

    def stop(self) -> None:
        self._stopping.set()

    async def _serve(self) -> None:
        scheduler = self._scheduler()
        self._listen()
        scheduler.start()
        runner = asyncio.create_task(self._app.runner.run(self._app.handlers()))
        watchdog = asyncio.create_task(self._watch_clock(scheduler))
        _log.info("started", store=self._app.store.location, pid=os.getpid())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([stopped, runner, watchdog], return_when=asyncio.FIRST_COMPLETED)
        finally:
            scheduler.shutdown(wait=False)
            watchdog.cancel()
            stopped.cancel()
            await self._drain(runner)
        _log.info("stopped")

    async def _drain(self, runner: "asyncio.Task[None]") -> None:
        """No new work; what has started may end; what is left is cut off and will be due again at the next start."""
        self._app.runner.stop()
        self._app.outbox.stop()
        await self._app.runner.drain(DRAIN)
        await runner

    # -- ticks

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in self._jobs:
            scheduler.add_job(
                self._run_job,
                "interval",
                args=[job],
                seconds=job.seconds,
                id=job.name,
                next_run_time=self._app.clock.now(),
            )
        return scheduler

    async def _run_job(self, job: Job) -> None:
        now = self._app.clock.now()
        try:
            await job.step(now)
            await self._beat(job.name, now)
        except StoreError as error:
            self._store_failed(job, error, now)
        else:
            self._errors.pop(job.name, None)

    def _store_failed(self, job: Job, error: StoreError, now: datetime) -> None:
        """The store may be locked or its disk full for a while: say so once, and try again at the next tick."""
        if isinstance(error, StoreUnavailable) and error.full:
            self._app.health.refused(now)
        elif self._errors.get(job.name) != str(error):
            self._errors[job.name] = str(error)
            _log.error("store_failed", during=job.name, error=str(error))

    async def _beat(self, name: str, now: datetime) -> None:
        last = self._beats.get(name)
        if name not in BEATING or (last and BEAT > now - last > timedelta(0)):
            return
        await self._app.store.beat(**{f"{name}_at": now})
        self._beats[name] = now
        self._app.health.wrote(now)

    async def _ping(self, now: datetime) -> None:
        """Only while both loops run, and what they note of it gets onto the disk."""
        if all(name in self._beats and now - self._beats[name] < STALLED for name in BEATING):
            await self._app.ping(now)

    async def _watch_clock(self, scheduler: AsyncIOScheduler) -> None:
        """Plan the ticks anew when the wall clock was stepped: set back, it would stall APScheduler for as long."""
        clock = self._app.clock
        wall, steady = clock.now(), clock.monotonic()
        while True:
            await clock.sleep(1)
            passed = timedelta(seconds=clock.monotonic() - steady)
            step = clock.now() - wall - passed
            if abs(step) > CLOCK_STEP:
                _log.warning("clock_stepped", seconds=step.total_seconds())
                for job in self._jobs:
                    scheduler.modify_job(job.name, next_run_time=clock.now())
                if step < timedelta(0):
                    await self._set_back(-step)
            wall, steady = clock.now(), clock.monotonic()

    async def _set_back(self, by: timedelta) -> None:
        try:
            await self._app.clock_set_back(by)
        except StoreError as error:
            # Late, then, but not lost: all is due when the clock has caught up.
            _log.error("store_failed", during="clock_stepped", error=str(error))

    async def _tell(self, now: datetime) -> None:
        clock = self._app.clock
        if self._report is None or clock.monotonic() < self._tell_at:
            return
        began = clock.monotonic()
        status = await self._app.store.status(now)
        self._tell_at = clock.monotonic() + TELL_REST * (clock.monotonic() - began)
        stages = ", ".join(f"{count} {stage}" for stage, count in status.articles.items() if count)
        parts = [stages or "no articles yet", f"{status.due} due"]
        if status.alerts.pending or status.alerts.held:
            parts.append(f"{status.alerts.pending + status.alerts.held} alerts on their way")
        if status.alerts.dead:
            parts.append(f"{status.alerts.dead} dead letters")
        self._report(" · ".join(parts))

    # -- signals

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError, ValueError, RuntimeError):  # not in the main thread (tests, demo)
                loop.add_signal_handler(number, self._asked_to_stop)
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(signal.SIGHUP, self._asked_to_reload)

    def _asked_to_stop(self) -> None:
        """The first signal drains, the second ends at once: nothing is lost by that, only fetched again."""
        if self._stopping.is_set():
            os._exit(130)
        _log.info("stopping", drain_seconds=DRAIN.total_seconds())
        self.stop()

    def _asked_to_reload(self) -> None:
        if self._reload is None:
            return
        try:
            policy = self._reload()
        except MonitorError as error:
            _log.error("reload_refused", error=str(error), effect="the old configuration stays in force")
            return
        self._reloading = asyncio.create_task(self._take_over(policy))

    async def _take_over(self, policy: Policy) -> None:
        try:
            await self._app.reload(policy)
        except MonitorError as error:
            _log.error("reload_refused", error=str(error), effect="the old configuration stays in force")
        else:
            _log.info("reloaded")
