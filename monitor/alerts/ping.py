"""A dead man's switch: a service elsewhere that raises the alarm when it has not heard from us for a while."""

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2
import structlog

from monitor.core.text import printable

_log = structlog.get_logger()

DEADLINE = 10.0
"""Seconds for one ping. What is left of the answer is not read."""


class Switch:
    """Asks for `url` at most every `every`. The path of the address is as good as a password: it is never named."""

    def __init__(self, url: str, every: timedelta, client: httpx2.AsyncClient) -> None:
        self._url, self._every, self._client = url, every, client
        self._host = urlsplit(url).hostname or "the switch"
        self._last: datetime | None = None
        self._failing = False

    async def ping(self, now: datetime) -> bool | None:
        """Whether it was heard; None when it is not time yet. The first failure in a row is logged, and the end."""
        if self._last is not None and timedelta(0) <= now - self._last < self._every:
            return None
        self._last = now
        error = await self._ask()
        if error is not None and not self._failing:
            _log.warning("ping_failed", host=self._host, error=error)
        elif error is None and self._failing:
            _log.info("ping_heard", host=self._host)
        self._failing = error is not None
        return error is None

    async def _ask(self) -> str | None:
        """What went wrong; None when it answered with 2xx."""
        try:
            request = self._client.build_request("GET", self._url, headers={"accept-encoding": "identity"})
            async with asyncio.timeout(DEADLINE):
                response = await self._client.send(request, stream=True, follow_redirects=False)
                await response.aclose()
        except TimeoutError:
            return f"no answer within {DEADLINE:g} s"
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            return type(error).__name__ if self._names_the_path(error) else printable(str(error), 200)
        return None if response.is_success else f"it answered {response.status_code}"

    def _names_the_path(self, error: Exception) -> bool:
        split = urlsplit(self._url)
        return not str(error) or any(len(part) > 1 and part in str(error) for part in (split.path, split.query))
