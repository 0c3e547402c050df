from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.core.policy import FetchPolicy
from monitor.fetch import HttpFetch
from tests.origin import Origin

START = datetime(2022, 1, 25, 9, 28, tzinfo=UTC)
LOOPBACK = ip_network("127.0.0.0/8")


@dataclass(slots=True)
class SetClock:
    """Stands still until it is told to pass; each look at the time of day lets one second go by."""

    seconds: float = 0.0

    def now(self) -> datetime:
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def passes(self, time: timedelta) -> None:
        self.seconds += time.total_seconds()


def loopback_policy(**changes: object) -> FetchPolicy:
    """Loopback opened, robots.txt left alone, little patience."""
    settings: dict[str, object] = {
        "allow_networks": (LOOPBACK,),
        "respect_robots": False,
        "timeout": timedelta(seconds=5),
        "user_agent": "newsbot/1.0 (+https://example.org/bot)",
    }
    return FetchPolicy(**(settings | changes))  # type: ignore[arg-type]  # keys are FetchPolicy's


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    async with Origin() as origin:
        yield origin


@pytest.fixture
async def fetch(clock: SetClock) -> AsyncIterator[HttpFetch]:
    fetch = HttpFetch(loopback_policy(), clock)
    yield fetch
    await fetch.aclose()


def words(text: str) -> list[str]:
    """A table of single words, written as prose."""
    return text.split()
