"""HTML pages: the feeds they name, and the links on them that read like headlines."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.core.policy import Selection
from monitor.discover.filters import fits_any
from monitor.discover.found import Found, FoundKind, Item, Link, refused
from monitor.discover.links import ENTRIES_MAX, absolute, plain_title

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_FEED_WORDS = re.compile(
    r"(?:^|[/.?=_-])(?:rss|feed|atom|rdf)(?:\d?\.xml|\.json)?(?:[/?&]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
DEPTH_MAX = 5_000
_BOX = re.compile(
    r"<(/?)(?:div|section|article|aside|nav|main|header|footer|blockquote|center|figure|details|ul|ol|dl|fieldset)\b",
    re.IGNORECASE,
)
"""Elements that stay open until they are closed, and for each of which a parser looks through all that are open."""
_RAW = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_FURNITURE = "header, footer, nav, aside, form, script, style, template"
HEADLINE_WORDS = 4
"""A link with so many words reads like a headline, not like a menu."""
_TEXT_MAX = 5_000_000
"""Characters of all links together: links that stand inside each other, a hundred thousand deep, would take minutes."""


def read_listing(text: str, url: str, selection: Selection) -> Found:
    """What a page at `url` offers: feeds it declares (or, with none declared, links to), and its links to articles in
    the order of the page: those that `selection` asks for by `links` or `pattern`, otherwise those to other pages of
    its own site that read like headlines."""
    if _is_bottomless(text) and _is_bottomless(_RAW.sub("", text)):
        return refused("boxes nested deeper than any page nests them")
    page = LexborHTMLParser(text)
    base = _base(page, url)
    feeds = _declared_feeds(page, base) or _linked_feeds(page, base)
    title, language = _title(page), _language(page)
    if selection.links or selection.pattern:
        items, cut = _chosen(page, base, selection)
    else:
        items, cut = _headlines(page, base)
    return Found(
        kind=FoundKind.LISTING, items=items, feeds=feeds, listed=len(items), cut=cut, title=title, language=language
    )


def _is_bottomless(text: str) -> bool:
    depth = 0
    for closes in _BOX.findall(text):
        depth = max(0, depth - 1) if closes else depth + 1
        if depth > DEPTH_MAX:
            return True
    return False


def _base(page: LexborHTMLParser, url: str) -> str:
    base = page.css_first("base[href]")
    return (absolute(base.attributes.get("href"), url) if base else None) or url


def _title(page: LexborHTMLParser) -> str | None:
    title = page.css_first("title")
    return plain_title(title.text()) if title else None


def _language(page: LexborHTMLParser) -> str | None:
    root = page.css_first("html[lang]")
    return (root.attributes.get("lang") or None) if root else None


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
    return _first_of(item for href, text in _links(page) if (item := _item(href, text, base)))


def _chosen(page: LexborHTMLParser, base: str, selection: Selection) -> tuple[tuple[Item, ...], bool]:
    """The links that the selector picks, or that stand in what it picks; without one, the site's own. Of these, those
    that fit a pattern."""
    found = _links(page, selection.links or "a[href]")
    items = (Item(url=url, title=plain_title(text)) for href, text in found if (url := absolute(href, base)))
    others = (item for item in items if not _same_page(item.url, base))
    near = (item for item in others if selection.links or _same_site(item.url, base))
    return _first_of(item for item in near if fits_any(item.url, selection.pattern))


def _first_of(items: Iterable[Item]) -> tuple[tuple[Item, ...], bool]:
    """Each address once, under its first title that is one; at most ENTRIES_MAX, and whether there are more."""
    found: dict[str, Item] = {}
    for item in items:
        known = found.get(item.url)
        if known is None or (known.title is None and item.title):
            found[item.url] = item
        if len(found) > ENTRIES_MAX:
            break
    return tuple(found.values())[:ENTRIES_MAX], len(found) > ENTRIES_MAX


def _links(page: LexborHTMLParser, selector: str = "a[href]") -> Iterator[tuple[str, str]]:
    """Address and text of the links that the selector picks, or that stand in what it picks."""
    room = _TEXT_MAX
    for node in _anchors(page, selector):
        text = node.text()
        room -= len(text)
        if room < 0:
            return
        yield node.attributes.get("href") or "", text


def _anchors(page: LexborHTMLParser, selector: str) -> Iterator[LexborNode]:
    for node in page.css(selector):
        if node.tag == "a" and "href" in node.attributes:
            yield node
        else:
            yield from node.css("a[href]")


def _item(href: str, text: str, base: str) -> Item | None:
    title = plain_title(text)
    address = absolute(href, base)
    if title is None or address is None or len(title.split()) < HEADLINE_WORDS:
        return None
    return Item(url=address, title=title) if _same_site(address, base) and not _same_page(address, base) else None


def _same_site(address: str, base: str) -> bool:
    there, here = ((urlsplit(url).hostname or "").removeprefix("www.") for url in (address, base))
    return there == here


def _same_page(address: str, base: str) -> bool:
    """Two pages of other sites that have one path are not meant here: a listing links to articles."""
    there, here = urlsplit(address), urlsplit(base)
    return _same_site(address, base) and (there.path.rstrip("/"), there.query) == (here.path.rstrip("/"), here.query)
