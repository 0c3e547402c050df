"""Sitemaps, news sitemaps and sitemap indexes (sitemaps.org 0.9), with a parser that resolves and fetches nothing."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from monitor.discover.found import Found, FoundKind, Item, Link, refused
from monitor.discover.links import ENTRIES_MAX, SECTIONS_MAX, absolute, instant_of, plain_title

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_sitemap(text: str, url: str, kind: FoundKind) -> Found:
    """The newest ENTRIES_MAX pages of a sitemap that came from `url`, or the sitemaps of an index. The text has no
    document type."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return refused("broken XML")
    if root is None:
        return refused("broken XML")
    if kind is FoundKind.SITEMAP_INDEX:
        links = [link for node in _named(root, "sitemap") if (link := _sitemap(node, url))]
        return Found(kind=kind, feeds=tuple(links[:ENTRIES_MAX]), cut=len(links) > ENTRIES_MAX)
    entries = list(_named(root, "url"))
    items = [item for node in entries if (item := _item(node, url))]
    newest = sorted(items, key=_age)[:ENTRIES_MAX] if len(items) > ENTRIES_MAX else items
    return Found(kind=kind, items=tuple(newest), listed=len(entries), cut=len(items) > ENTRIES_MAX)


def _sitemap(node: etree._Element, base: str) -> Link | None:
    url = absolute(_word(node, "loc"), base)
    return Link(url=url, type="application/xml", updated_at=instant_of(_word(node, "lastmod"))) if url else None


def _item(node: etree._Element, base: str) -> Item | None:
    url = absolute(_word(node, "loc"), base)
    if url is None:
        return None
    news = next(_named(node, "news"), None)
    published = _word(news, "publication_date") if news is not None else None
    updated = _word(node, "lastmod")
    return Item(
        url=url,
        title=plain_title(_word(news, "title")) if news is not None else None,
        updated_at=instant_of(updated),
        published_at=instant_of(published),
        raw_updated=updated,
        raw_published=published,
        sections=_sections(news) if news is not None else (),
        language=_language(news) if news is not None else None,
    )


def _sections(news: etree._Element) -> tuple[str, ...]:
    """The protocol has no section of its own; publishers write one, or say it in keywords and genres."""
    words = ",".join(_word(news, name) or "" for name in ("section", "genres", "keywords")).split(",")
    return tuple(name for word in words[:SECTIONS_MAX] if (name := plain_title(word)))


def _language(news: etree._Element) -> str | None:
    publication = next(_named(news, "publication"), None)
    return _word(publication, "language") if publication is not None else None


def _age(item: Item) -> float:
    return -((item.updated_at or item.published_at or _EPOCH).timestamp())


def _named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name, whatever namespace they claim: many sitemaps claim a wrong one, or none."""
    return (child for child in node.iterchildren("{*}" + name))


def _word(node: etree._Element, name: str) -> str | None:
    found = next(_named(node, name), None)
    words = str(found.xpath("string()")).strip() if found is not None else ""
    return words or None


# -- an index

SITEMAPS_MAX = 5
"""Sitemaps of one index that are read at a poll: each holds up to ENTRIES_MAX articles."""
_NEWS = re.compile(r"news", re.IGNORECASE)


def worth_reading(sitemaps: Iterable[Link], index: str) -> tuple[Link, ...]:
    """Of the sitemaps that an index names, on whatever host they are, those to read: its news sitemaps where it names
    some, otherwise the newest; at most SITEMAPS_MAX."""
    others = {link.url: link for link in sitemaps if link.url != index}
    news = [link for link in others.values() if _NEWS.search(urlsplit(link.url).path)]
    newest = sorted(news or others.values(), key=lambda link: link.updated_at or _EPOCH, reverse=True)
    return tuple(newest[:SITEMAPS_MAX])
