"""One poll of one source: fetch, discover, record."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.core.address import host_of, normalise_url
from monitor.core.article import Listed
from monitor.core.capture import HOST_WIDE, Capture, Outcome, Validators
from monitor.core.lifecycle import HOST_WIDE_MAX, fresh_for
from monitor.core.policy import SchedulePolicy, Selection
from monitor.discover import Found, FoundKind, kept, worth_reading
from monitor.errors import BadUrl
from monitor.ports import Fetch, Request
from monitor.store import SitemapRow, SourceRow, Store

_log = structlog.get_logger()

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
BACKOFF_MAX = timedelta(hours=6)

Onward = Callable[[str], Awaitable[bool]]
"""Asked before each further request of a poll, which may go to another host: waits as long as manners ask there, and
says whether there is time for it."""


async def _at_once(url: str) -> bool:  # noqa: ARG001  # the host of a single request needs no pause
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll came to: how many items the source lists, how many of them its selection left out, and how many
    of the rest were new to us."""

    source: SourceRow
    outcome: str
    items: int = 0
    filtered: int = 0
    new: int = 0
    detail: str = ""

    @property
    def failed(self) -> bool:
        return self.outcome not in ("polled", "not_modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sitemap:
    """What became of one sitemap of an index: what to remember of it, and why it could not be read; `host_wide`: nor
    will others of its host be."""

    row: SitemapRow | None
    new: int = 0
    problem: str | None = None
    host_wide: bool = False


class Poller:
    """Polls sources. `discover` reads a document in a worker process, as extraction does."""

    def __init__(
        self,
        *,
        store: Store,
        fetch: Fetch,
        discover: Callable[[Capture, Selection], Awaitable[Found]],
        schedule: SchedulePolicy,
        jitter: Callable[[], float],
    ) -> None:
        self._store, self._fetch, self._discover = store, fetch, discover
        self._schedule, self._jitter = schedule, jitter

    async def poll(self, source: SourceRow, onward: Onward = _at_once) -> Polled:
        """Poll it, and of an index the sitemaps worth reading, as far as `onward` lets us."""
        capture = await self._fetch.fetch(Request(url=source.url, validators=source.validators, accept=ACCEPT))
        if capture.outcome is Outcome.NOT_MODIFIED:
            if source.sitemaps:
                return await self._poll_index(source, capture, tuple(source.sitemaps), onward)
            polled = Polled(
                source=source,
                outcome="not_modified",
                items=source.items,
                filtered=source.filtered,
                detail=_unused(source, source.kind),
            )
            return await self._record(source, capture, polled)
        if capture.outcome is not Outcome.FETCHED:
            polled = Polled(source=source, outcome=capture.outcome.value, detail=_unfetched(capture))
            return await self._record(source, capture, polled)
        found = await self._discover(capture, source.selection)
        if found.kind is FoundKind.SITEMAP_INDEX:
            sitemaps = worth_reading(found.feeds, source.url)
            urls = [link.url for link in sitemaps if _is_address(link.url)]
            return await self._poll_index(source, capture, urls, onward)
        if problem := _problem(source, found):
            return await self._record(source, capture, Polled(source=source, outcome="refused", detail=problem))
        chosen, new = await self._add(source, found, capture.captured_at)
        polled = Polled(
            source=source,
            outcome="polled",
            items=len(found.items),
            filtered=len(found.items) - chosen,
            new=new,
            detail=_unused(source, found.kind),
        )
        return await self._record(source, capture, polled, found.kind)

    async def _add(self, source: SourceRow, found: Found, now: datetime) -> tuple[int, int]:
        """Watch what its selection keeps: how many that are, and how many of them are new. With `only_live` or
        `mentions` a new one is a candidate until its page has been read."""
        chosen = kept(found, source.selection, now)
        new = 0
        for item in chosen:
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
                listed=Listed(source_id=source.id, headline=item.title, claims=item.claims),
                soonest=self._schedule.min,
            )
            new += created
        return len(chosen), new

    # -- an index of sitemaps

    async def _poll_index(self, source: SourceRow, capture: Capture, urls: Sequence[str], onward: Onward) -> Polled:
        read = await self._sitemaps(source, urls, onward)
        rows = {url: sitemap.row for url, sitemap in read.items() if sitemap.row}
        problems = {url: sitemap.problem for url, sitemap in read.items() if sitemap.problem}
        polled = Polled(
            source=source,
            outcome="polled" if rows else "refused",
            items=sum(row.items for row in rows.values()),
            filtered=sum(row.filtered for row in rows.values()),
            new=sum(sitemap.new for sitemap in read.values()),
            detail="; ".join(
                filter(None, (_problems_of(problems, len(urls)), _unused(source, FoundKind.SITEMAP_INDEX)))
            ),
        )
        whole = len(rows) == len(urls) and not problems
        return await self._record(source, capture, polled, FoundKind.SITEMAP_INDEX, rows, whole=whole)

    async def _sitemaps(self, source: SourceRow, urls: Sequence[str], onward: Onward) -> dict[str, _Sitemap]:
        """Each of them; those there was no time for, and those of a host that wants to be left alone, stay as they
        were."""
        read: dict[str, _Sitemap] = {}
        shut: set[str] = set()
        for url in urls:
            before, host = source.sitemaps.get(url), host_of(url)
            if host in shut or not await onward(url):
                read[url] = _Sitemap(row=before)
                continue
            read[url] = await self._sitemap(source, url, before)
            if read[url].host_wide:
                shut.add(host)
        return read

    async def _sitemap(self, source: SourceRow, url: str, before: SitemapRow | None) -> _Sitemap:
        validators = before.validators if before else Validators()
        capture = await self._fetch.fetch(Request(url=url, validators=validators, accept=ACCEPT))
        if capture.outcome is Outcome.NOT_MODIFIED:
            return _Sitemap(row=before)
        if capture.outcome is not Outcome.FETCHED:
            why = _unfetched(capture) or capture.outcome.value
            return _Sitemap(row=_unread(before), problem=why, host_wide=capture.outcome in HOST_WIDE)
        found = await self._discover(capture, source.selection)
        if found.kind is FoundKind.SITEMAP_INDEX:
            return _Sitemap(row=None, problem="it is an index itself; follow it as a source of its own")
        if problem := _problem(source, found):
            return _Sitemap(row=_unread(before), problem=problem)
        chosen, new = await self._add(source, found, capture.captured_at)
        row = SitemapRow(validators=capture.validators, items=len(found.items), filtered=len(found.items) - chosen)
        return _Sitemap(row=row, new=new)

    # -- what it came to

    async def _record(
        self,
        source: SourceRow,
        capture: Capture,
        polled: Polled,
        kind: FoundKind | None = None,
        sitemaps: Mapping[str, SitemapRow] | None = None,
        *,
        whole: bool = True,
    ) -> Polled:
        """Keep it. What was not read `whole` is asked for without conditions the next time."""
        streak = source.error_streak + 1 if polled.failed else 0
        wait = source.every or self._schedule.sources
        if polled.failed:
            longest = max(wait, HOST_WIDE_MAX) if capture.outcome in HOST_WIDE else BACKOFF_MAX
            wait = max(min(wait * 2 ** min(streak, 10), longest), capture.retry_after or timedelta(0))
        elif source.every is None:
            wait = max(wait, fresh_for(capture))
        await self._store.record_poll(
            source.id,
            seq=source.seq,
            now=capture.captured_at,
            next_poll_at=capture.captured_at + wait * (0.9 + 0.2 * self._jitter()),
            outcome=polled.outcome,
            detail=polled.detail,
            validators=_validators(source, capture) if whole and not polled.failed else Validators(),
            kind=kind or source.kind,
            items=polled.items,
            new=polled.new,
            error_streak=streak,
            filtered=polled.filtered,
            sitemaps=source.sitemaps if sitemaps is None else sitemaps,
        )
        _log.info(
            "polled",
            source=source.id,
            url=source.url,
            outcome=polled.outcome,
            items=polled.items,
            filtered=polled.filtered,
            new=polled.new,
        )
        return polled


def _is_address(url: str) -> bool:
    try:
        return bool(host_of(url))
    except BadUrl:
        return False


def _validators(source: SourceRow, capture: Capture) -> Validators:
    return source.validators if capture.outcome is Outcome.NOT_MODIFIED else capture.validators


def _unread(before: SitemapRow | None) -> SitemapRow | None:
    """One that failed is asked for whole the next time."""
    return replace(before, validators=Validators()) if before else None


def _problems_of(problems: Mapping[str, str], asked: int) -> str:
    if not asked:
        return "it names no sitemap; look whether it has moved"
    if not problems:
        return ""
    url, problem = next(iter(problems.items()))
    return f"{len(problems)} of {asked} sitemaps could not be read, such as {url}: {problem}"


# -- what is no source


def _unfetched(capture: Capture) -> str:
    way = "; look whether it is right; [fetch] allow_networks opens private ones"
    return (capture.detail or "") + (way if capture.outcome is Outcome.REFUSED else "")


def _problem(source: SourceRow, found: Found) -> str | None:
    """Why this document yields no articles, and what to do; None where it does."""
    if found.kind is FoundKind.REFUSED:
        return f"{found.reason or 'it cannot be read'}; open the address: is it still a source?"
    if found.kind is FoundKind.OPML:
        return "it is a list of feeds; 'monitor sources add --from FILE' follows what it names"
    if found.kind is FoundKind.LISTING:
        return _no_listing(source, found)
    return None


def _unused(source: SourceRow, kind: str | None) -> str:
    """What was asked for that only a page has, and what to do; "" where there is no such thing."""
    links = source.selection.links
    if links is None or kind in (None, FoundKind.LISTING):
        return ""
    return f"links {links!r} is for pages, and this is a feed or sitemap ({kind}): all of it was read; take links away"


def _no_listing(source: SourceRow, found: Found) -> str | None:
    chosen = source.selection
    # A feed may answer with an error page: its `pattern` then does not make it a listing.
    meant = chosen.links or (chosen.pattern and source.kind in (None, FoundKind.LISTING))
    if not meant:
        feeds = ", ".join(link.url for link in found.feeds[:5])
        names = f"it names these feeds: {feeds}" if feeds else "it names no feed"
        return f"it is a web page, not a feed; {names}; to watch the page itself, say which links: links or pattern"
    if not found.items:
        asked = f"links {chosen.links!r}" if chosen.links else f"pattern {', '.join(chosen.pattern)}"
        return f"no link on the page fits {asked}; look whether the page was rebuilt"
    return None
