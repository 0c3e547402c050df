"""HTML pages: the feeds they name, and the links on them that read like headlines."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.discover.found import Found, FoundKind, Item, Link
from monitor.discover.links import ENTRIES_MAX, absolute, plain_title

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_FEED_WORDS = re.compile(
    r"(?:^|[/.?=_-])(?:rss|feed|atom|rdf)(?:\d?\.xml|\.json)?(?:[/?&]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FURNITURE = "header, footer, nav, aside, form, script, style, template"
HEADLINE_WORDS = 4
"""A link with so many words reads like a headline, not like a menu."""
_TEXT_MAX = 5_000_000
"""Characters of all links together: links that stand inside each other, a hundred thousand deep, would take minutes."""


def read_listing(text: str, url: str) -> Found:
    """What a page at `url` offers: feeds it declares (or, with none declared, links to), and the links to other pages
    of its own site that read like headlines, in the order of the page."""
    page = LexborHTMLParser(text)
    base = _base(page, url)
    feeds = _declared_feeds(page, base) or _linked_feeds(page, base)
    items, cut = _headlines(page, base)
    return Found(kind=FoundKind.LISTING, items=items, feeds=feeds, listed=len(items), cut=cut, title=_title(page))


def _base(page: LexborHTMLParser, url: str) -> str:
    base = page.css_first("base[href]")
    return (absolute(base.attributes.get("href"), url) if base else None) or url


def _title(page: LexborHTMLParser) -> str | None:
    title = page.css_first("title")
    return plain_title(title.text()) if title else None


def _declared_feeds(page: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for node in page.css("link[rel~=alternate][type][href]"):
        kind = (node.attributes.get("type") or "").split(";")[0].strip().lower()
        address = absolute(node.attributes.get("href"), base)
        if kind in _FEED_TYPES and address:
            found.setdefault(address, Link(url=address, title=plain_title(node.attributes.get("title")), type=kind))
    return tuple(found.values())


def _linked_feeds(page: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for href, text in _links(page):
        address = absolute(href, base) if _FEED_WORDS.search(href) else None
        if address:
            found.setdefault(address, Link(url=address, title=plain_title(text)))
    return tuple(found.values())[:50]


def _headlines(page: LexborHTMLParser, base: str) -> tuple[tuple[Item, ...], bool]:
    for node in page.css(_FURNITURE):
        node.decompose()
    found: dict[str, Item] = {}
    for href, text in _links(page):
        item = _item(href, text, base)
        if item is not None:
            found.setdefault(item.url, item)
            if len(found) > ENTRIES_MAX:
                break
    return tuple(found.values())[:ENTRIES_MAX], len(found) > ENTRIES_MAX


def _links(page: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    room = _TEXT_MAX
    for node in page.css("a[href]"):
        text = node.text()
        room -= len(text)
        if room < 0:
            return
        yield node.attributes.get("href") or "", text


def _item(href: str, text: str, base: str) -> Item | None:
    title = plain_title(text)
    address = absolute(href, base)
    if title is None or address is None or len(title.split()) < HEADLINE_WORDS:
        return None
    there, here = urlsplit(address), urlsplit(base)
    same_site = (there.hostname or "").removeprefix("www.") == (here.hostname or "").removeprefix("www.")
    same_page = (there.path.rstrip("/"), there.query) == (here.path.rstrip("/"), here.query)
    return Item(url=address, title=title) if same_site and not same_page else None
