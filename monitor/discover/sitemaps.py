"""Sitemaps, news sitemaps and sitemap indexes (sitemaps.org 0.9), with a parser that resolves and fetches nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from monitor.discover.found import Found, FoundKind, Item, Link, refused
from monitor.discover.links import ENTRIES_MAX, absolute, instant_of, plain_title

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
        links = [link for node in _named(root, "sitemap") if (link := absolute(_word(node, "loc"), url))]
        feeds = tuple(Link(url=link, type="application/xml") for link in links[:ENTRIES_MAX])
        return Found(kind=kind, feeds=feeds, cut=len(links) > ENTRIES_MAX)
    entries = list(_named(root, "url"))
    items = [item for node in entries if (item := _item(node, url))]
    newest = sorted(items, key=_age)[:ENTRIES_MAX] if len(items) > ENTRIES_MAX else items
    return Found(kind=kind, items=tuple(newest), listed=len(entries), cut=len(items) > ENTRIES_MAX)


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
    )


def _age(item: Item) -> float:
    return -((item.updated_at or item.published_at or _EPOCH).timestamp())


def _named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name, whatever namespace they claim: many sitemaps claim a wrong one, or none."""
    return (child for child in node.iterchildren("{*}" + name))


def _word(node: etree._Element, name: str) -> str | None:
    found = next(_named(node, name), None)
    words = str(found.xpath("string()")).strip() if found is not None else ""
    return words or None
