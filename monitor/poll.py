"""One poll of one source: fetch, discover, record."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.core.address import host_of, normalise_url
from monitor.core.capture import Capture, Outcome, Validators
from monitor.core.policy import SchedulePolicy
from monitor.discover import Found, FoundKind
from monitor.errors import BadUrl
from monitor.ports import Fetch, Request
from monitor.store import SourceRow, Store

_log = structlog.get_logger()

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
BACKOFF_MAX = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll came to: how many items the source lists, and how many of them were new to us."""

    source: SourceRow
    outcome: str
    items: int = 0
    new: int = 0
    detail: str = ""


class Poller:
    """Polls sources. `discover` reads a document in a worker process, as extraction does."""

    def __init__(
        self,
        *,
        store: Store,
        fetch: Fetch,
        discover: Callable[[Capture], Awaitable[Found]],
        schedule: SchedulePolicy,
        jitter: Callable[[], float],
    ) -> None:
        self._store, self._fetch, self._discover = store, fetch, discover
        self._schedule, self._jitter = schedule, jitter

    async def poll(self, source: SourceRow) -> Polled:
        capture = await self._fetch.fetch(Request(url=source.url, validators=source.validators, accept=ACCEPT))
        if capture.outcome is Outcome.NOT_MODIFIED:
            return await self._record(source, capture, Polled(source=source, outcome="not_modified"))
        if capture.outcome is not Outcome.FETCHED:
            detail = capture.detail or ""
            return await self._record(
                source, capture, Polled(source=source, outcome=capture.outcome.value, detail=detail)
            )
        found = await self._discover(capture)
        if found.kind in (FoundKind.REFUSED, FoundKind.LISTING):
            polled = Polled(source=source, outcome="refused", detail=_why_refused(found))
        else:
            new = await self._add(source, found, capture.captured_at)
            polled = Polled(source=source, outcome="polled", items=len(found.items), new=new)
        return await self._record(source, capture, polled, found)

    async def _add(self, source: SourceRow, found: Found, now: datetime) -> int:
        """Watch what is new. With `only_live` or `mentions` it is a candidate until its page has been read."""
        new = 0
        for item in found.items:
            try:
                url = normalise_url(item.url)
            except BadUrl:
                continue  # a feed may link to mailto: and the like; the rest of it is still good
            _, created = await self._store.add_article(
                url,
                host=host_of(url),
                now=now,
                tags=source.tags,
                source_id=source.id,
                candidate=source.only_live or bool(source.mentions),
                origin="source",
            )
            new += created
        return new

    async def _record(self, source: SourceRow, capture: Capture, polled: Polled, found: Found | None = None) -> Polled:
        failed = polled.outcome not in ("polled", "not_modified")
        streak = source.error_streak + 1 if failed else 0
        wait = source.every or self._schedule.sources
        if failed:
            wait = max(min(wait * 2 ** min(streak, 10), BACKOFF_MAX), capture.retry_after or timedelta(0))
        await self._store.record_poll(
            source.id,
            seq=source.seq,
            now=capture.captured_at,
            next_poll_at=capture.captured_at + wait * (0.9 + 0.2 * self._jitter()),
            outcome=polled.outcome,
            detail=polled.detail,
            validators=capture.validators if polled.outcome == "polled" else _kept(source, failed),
            kind=found.kind if found else source.kind,
            items=polled.items if found else source.items,
            new=polled.new,
            error_streak=streak,
        )
        _log.info(
            "polled",
            source=source.id,
            url=source.url,
            outcome=polled.outcome,
            items=polled.items,
            new=polled.new,
        )
        return polled


def _why_refused(found: Found) -> str:
    if found.kind is FoundKind.REFUSED:
        return found.reason or "it cannot be read"
    feeds = ", ".join(link.url for link in found.feeds[:5])
    return "it is a web page, not a feed; " + (f"it names these feeds: {feeds}" if feeds else "it names no feed")


def _kept(source: SourceRow, failed: bool) -> Validators:
    return Validators() if failed else source.validators
