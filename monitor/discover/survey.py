"""What a site offers: from the address that a person has, mostly a front page, to the sources behind it."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from monitor.core.capture import Capture, Outcome
from monitor.discover.found import Found, FoundKind
from monitor.discover.links import absolute

FEEDS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.json")
SITEMAPS = ("/sitemap_news.xml", "/news-sitemap.xml")
"""Where sites keep a feed or a news sitemap that their front page does not name."""
NAMED_MAX = 10
"""Feeds named by one page that are looked at; some pages name one for each of their authors."""
_ROBOTS_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_FORMATS = (FoundKind.ATOM, FoundKind.JSON, FoundKind.RSS, FoundKind.RDF, FoundKind.SITEMAP, FoundKind.SITEMAP_INDEX)
"""Those first that tell when an article was updated."""
SAME = 0.5
"""Two documents that share this part of the smaller one's articles are one source in two forms."""

Visit = Callable[[str], Awaitable[Capture]]
Read = Callable[[Capture], Awaitable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source that a site offers, read once. `same` are others that list the same articles."""

    url: str
    found: Found
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found at an address. `problem` says why it could not be read, `found` what it is otherwise, and
    `candidates`, best first, what its site offers where it is a page; `asked` counts the addresses that were tried,
    and `hindered` says what ended the search before its time: a host that wants to be left alone."""

    url: str
    outcome: Outcome
    found: Found | None = None
    problem: str | None = None
    candidates: tuple[Candidate, ...] = ()
    asked: int = 1
    hindered: str | None = None

    @property
    def is_page(self) -> bool:
        return self.found is not None and self.found.kind is FoundKind.LISTING


async def survey(url: str, *, visit: Visit, read: Read, page_wanted: bool) -> Survey:
    """Read the address once. Where it is a page, and not wanted as one, read the feeds that it names; where none of
    them can be read, look where feeds and news sitemaps are kept."""
    capture = await visit(url)
    if capture.outcome is not Outcome.FETCHED:
        return Survey(url=url, outcome=capture.outcome, problem=capture.detail or capture.outcome.value)
    found = await read(capture)
    if found.kind is not FoundKind.LISTING or page_wanted:
        return Survey(url=url, outcome=capture.outcome, found=found)
    look = _Look(visit, read)
    named = [link.url for link in found.feeds[:NAMED_MAX]]
    candidates = await look.every(named) or await _common(look, capture.final_url)
    return Survey(
        url=url,
        outcome=capture.outcome,
        found=found,
        candidates=ranked(candidates),
        asked=1 + len(look.seen),
        hindered=look.hindered,
    )


@dataclass(slots=True)
class _Look:
    visit: Visit
    read: Read
    seen: set[str] = field(default_factory=set)
    hindered: str | None = None

    async def every(self, urls: Iterable[str]) -> list[Candidate]:
        """Those of the addresses that yield articles."""
        return [candidate for url in urls if (candidate := await self.one(url))]

    async def first(self, urls: Iterable[str]) -> list[Candidate]:
        """The first of them, if any; the rest are not asked."""
        for url in urls:
            if candidate := await self.one(url):
                return [candidate]
        return []

    async def one(self, url: str) -> Candidate | None:
        """The source at that address, which is asked once at the most."""
        if url in self.seen or self.hindered:
            return None
        self.seen.add(url)
        capture = await self.visit(url)
        if capture.outcome is Outcome.THROTTLED:
            self.hindered = capture.detail or capture.outcome.value
        if capture.outcome is not Outcome.FETCHED:
            return None
        found = await self.read(capture)
        return Candidate(url=url, found=found) if found.kind in _FORMATS and (found.items or found.feeds) else None


async def _common(look: _Look, page: str) -> list[Candidate]:
    """The first feed and the first news sitemap in the usual places; any sitemap where there is neither."""
    told = await _from_robots(look, page)
    news = [url for url in told if "news" in urlsplit(url).path.lower()]
    feeds = await look.first(urljoin(page, path) for path in FEEDS)
    sitemaps = await look.first((*news, *(urljoin(page, path) for path in SITEMAPS)))
    return feeds + sitemaps or await look.first(told)


async def _from_robots(look: _Look, page: str) -> list[str]:
    """The sitemaps that robots.txt names (sitemaps.org, "Submitting Sitemaps")."""
    capture = await look.visit(urljoin(page, "/robots.txt"))
    if capture.outcome is not Outcome.FETCHED:
        return []
    text = capture.body[:500_000].decode("utf-8-sig", "replace")
    named = (absolute(match.group(1), page) for match in _ROBOTS_SITEMAP.finditer(text))
    return list(dict.fromkeys(url for url in named if url))[:NAMED_MAX]


# -- which of them is best


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Best first: what lists current articles before whole archives, the longer before the shorter, and what tells of
    updates before what does not. Of several that list the same articles only the best is left, and names the others;
    feeds of comments are left out where there is anything else."""
    given = list(candidates)
    articles = [candidate for candidate in given if not _COMMENTS.search(candidate.url)]
    best: list[Candidate] = []
    for candidate in sorted(articles or given, key=_rank):
        twin = next((n for n, better in enumerate(best) if _alike(candidate, better)), None)
        if twin is None:
            best.append(candidate)
        else:
            kept = best[twin]
            best[twin] = Candidate(url=kept.url, found=kept.found, same=(*kept.same, candidate.url))
    return tuple(best)


def _rank(candidate: Candidate) -> tuple[bool, int, int]:
    found = candidate.found
    of_all_times = found.kind is FoundKind.SITEMAP_INDEX or (
        found.kind is FoundKind.SITEMAP and not any(item.published_at for item in found.items)
    )
    return of_all_times, -len(found.items), _FORMATS.index(found.kind)


def _alike(one: Candidate, other: Candidate) -> bool:
    these, those = ({item.url for item in candidate.found.items} for candidate in (one, other))
    smaller = min(len(these), len(those))
    return bool(smaller) and len(these & those) >= SAME * smaller
