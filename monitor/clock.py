"""The machine's clocks: the one place where time comes from. Everything else gets it as an argument or a port."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """The port `Clock` on the clocks of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # this is where time comes from

    def monotonic(self) -> float:
        return time.monotonic()  # noqa: TID251  # this is where time comes from

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
