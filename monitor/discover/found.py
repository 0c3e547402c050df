"""What a source yields: Found, Item, Link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.article import Claim


class FoundKind(StrEnum):
    """What the document is. `sitemap-index`: a sitemap of sitemaps. `listing`: an HTML page. `urls`: a plain list of
    addresses. `opml`: a list of feeds. `refused`: none of these, or not safe to read; `Found.reason` says why."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap-index"
    LISTING = "listing"
    URLS = "urls"
    OPML = "opml"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article that a source names. `url` is absolute, http or https. Times are aware UTC, None where the words
    (`raw_updated`, `raw_published`) give no instant; a bare date is its midnight. `sections` are its categories,
    `language` its own where it differs from its document's; both as written. `claims` are its times as claims."""

    url: str
    title: str | None = None
    updated_at: datetime | None = None
    published_at: datetime | None = None
    raw_updated: str | None = None
    raw_published: str | None = None
    sections: tuple[str, ...] = ()
    language: str | None = None
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A feed that a page or a list of feeds names, or a sitemap that an index names. `tags` are the folders that a
    list keeps it in, `asks` what it says for this program alone: names and words as written there; `updated_at` is
    when the index says that it last changed."""

    url: str
    title: str | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one document holds. `listed` counts its entries, those without a usable address included; `cut` says that
    it holds more than were read."""

    kind: FoundKind
    items: tuple[Item, ...] = ()
    feeds: tuple[Link, ...] = ()
    listed: int = 0
    cut: bool = False
    title: str | None = None
    language: str | None = None
    reason: str | None = None


def refused(reason: str) -> Found:
    return Found(kind=FoundKind.REFUSED, reason=reason)
