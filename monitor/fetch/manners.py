"""Requests to one host come one at a time and a delay apart, whatever led to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.core.address import Address
from monitor.core.capture import Outcome
from monitor.fetch.faults import Fault
from monitor.ports import Clock

LONGEST_WAIT = 45.0
"""Seconds for all the turns of a visit: with the usual deadline on top, its host is still leased to it."""
MANY_HOSTS = 1_024


class Patience:
    """How long a visit may take: its deadline, which stands still while it waits for its turn at a host, and how many
    seconds it may wait in all."""

    def __init__(self, deadline: asyncio.Timeout, longest_wait: float = LONGEST_WAIT) -> None:
        self._deadline, self.left = deadline, longest_wait

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Raises TimeoutError when it has waited for long enough."""
        loop, until = asyncio.get_running_loop(), self._deadline.when()
        began = loop.time()
        self._deadline.reschedule(None)
        try:
            async with asyncio.timeout(self.left):
                yield
        finally:
            waited = loop.time() - began
            self.left = max(0.0, self.left - waited)
            self._deadline.reschedule(until + waited if until is not None else None)


@dataclass(slots=True)
class _Host:
    asked: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    rested_at: float = 0.0


class Manners:
    """Turns at hosts. Whoever visits a host has leased it, but redirects lead to it from others, and its robots.txt
    is asked for before its pages."""

    def __init__(self, clock: Clock, delay: timedelta) -> None:
        self._clock, self._delay = clock, delay.total_seconds()
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, address: Address, patience: Patience) -> AsyncIterator[None]:
        """Wait until the host may be asked, and keep others from it until the block ends. Raises Fault where too many
        others are before us."""
        name = address.host.rstrip(".")
        host = self._host(name)
        host.users += 1
        try:
            await _first(name, host, patience)
            try:
                await self._rested(host, patience)
                yield
            finally:
                host.rested_at = self._clock.monotonic() + self._delay
                host.asked.release()
        finally:
            host.users -= 1

    async def _rested(self, host: _Host, patience: Patience) -> None:
        """A delay that is longer than the visit may wait is cut: to end it here would help nobody, ever."""
        rest = host.rested_at - self._clock.monotonic()
        if rest > 0:
            with suppress(TimeoutError):
                async with patience.waiting():
                    await self._clock.sleep(rest)

    def _host(self, name: str) -> _Host:
        if len(self._hosts) > MANY_HOSTS:
            now = self._clock.monotonic()
            self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.rested_at > now}
        return self._hosts.setdefault(name, _Host())


async def _first(name: str, host: _Host, patience: Patience) -> None:
    try:
        async with patience.waiting():
            await host.asked.acquire()
    except TimeoutError:
        raise Fault(Outcome.THROTTLED, f"{name} is busy with other visits of ours") from None
