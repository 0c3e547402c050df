"""RSS, RDF and Atom, read by feedparser from memory."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from monitor.discover.found import Found, FoundKind, Item, Link, refused
from monitor.discover.links import ENTRIES_MAX, SECTIONS_MAX, absolute, plain_title

_END = {
    FoundKind.RSS: re.compile(r"</(?:\w+:)?item\s*>", re.IGNORECASE),
    FoundKind.RDF: re.compile(r"</(?:\w+:)?item\s*>", re.IGNORECASE),
    FoundKind.ATOM: re.compile(r"</(?:\w+:)?entry\s*>", re.IGNORECASE),
}
DEPTH_MAX = 5_000
"""Elements open at once. Sloppy feeds leave an element open in every entry; more than that is an attack."""
_TAGS = re.compile(r"<!\[CDATA\[|<!--|<(/)?[A-Za-z_](?![^<>]*/>)")
_OPAQUE = {"<![CDATA[": "]]>", "<!--": "-->"}
_REVISED = re.compile(r"<(?:[\w.-]+:)?(?:modified|updated)\b")
_ROOT_NAME = re.compile(r"<((?:[\w.-]+:)?(?:rss|rdf|feed|entry))\b", re.IGNORECASE)


def read_feed(text: str, url: str, kind: FoundKind) -> Found:
    """The entries of a feed that came from `url`, at most ENTRIES_MAX of them. A feed that is not well formed gives
    what could be read of it."""
    kept, cut = _opening(text, kind)
    if _too_deep(kept):
        return refused("elements nested deeper than any feed nests them")
    try:
        # Bytes in a BytesIO, and nothing else: given a str or bytes that is a path, feedparser opens that file.
        parsed = feedparser.parse(
            BytesIO(kept.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        # Its parser for broken feeds is old and raises whatever comes; one bad source must not be more than that.
        return refused(f"a feed too broken to read ({type(error).__name__})")
    entries = parsed.entries[:ENTRIES_MAX]
    revised = kind is FoundKind.ATOM or bool(_REVISED.search(kept))
    items = [item for entry in entries if (item := _item(entry, url, revised))]
    return Found(
        kind=kind,
        items=tuple(items),
        feeds=_elsewhere(parsed.feed, url),
        listed=len(entries),
        cut=cut,
        title=plain_title(_word(parsed.feed, "title"), markup=True),
        language=_word(parsed.feed, "language"),
    )


def _opening(text: str, kind: FoundKind) -> tuple[str, bool]:
    """The text up to the last entry that is read, with the elements closed that stand open there."""
    for count, end in enumerate(_END[kind].finditer(text), start=1):
        if count == ENTRIES_MAX:
            if not _END[kind].search(text, end.end()):
                break
            root = _ROOT_NAME.search(text)
            closing = f"</{root.group(1)}>" if root else ""
            return text[: end.end()] + ("</channel>" if kind is FoundKind.RSS else "") + closing, True
    return text, False


def _too_deep(text: str) -> bool:
    """Whether so many elements stand open at once; half a million of them keep the reader busy for a minute."""
    depth = at = 0
    while tag := _TAGS.search(text, at):
        at = tag.end()
        if tag.group() in _OPAQUE:
            at = text.find(_OPAQUE[tag.group()], at)
            if at < 0:
                break
            continue
        depth += -1 if tag.group(1) else 1
        if depth > DEPTH_MAX:
            return True
    return False


def _item(entry: Mapping[str, Any], url: str, revised: bool) -> Item | None:
    """The entry as an item. Where the feed writes no time of revision (`revised`), what feedparser calls `updated` is
    Dublin Core's date: the time of publication."""
    address = absolute(_address(entry), url)
    if address is None:
        return None
    detail = entry.get("title_detail") or {}
    published = "published" if "published" in entry or revised else "updated"
    return Item(
        url=address,
        title=plain_title(_word(entry, "title"), markup=detail.get("type") != "text/plain"),
        updated_at=_instant(entry, "updated_parsed") if revised else None,
        published_at=_instant(entry, f"{published}_parsed"),
        raw_updated=_word(entry, "updated") if revised else None,
        raw_published=_word(entry, published),
        sections=_sections(entry),
        language=detail.get("language") or None,
    )


def _sections(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Its categories: RSS writes the name as the element's text, Atom as a term and perhaps a label."""
    tags = (entry.get("tags") or ())[:SECTIONS_MAX]
    written = (str(tag[key]) for tag in tags for key in ("term", "label") if tag.get(key))
    names = (plain_title(name, markup=True) for name in written)
    return tuple(dict.fromkeys(name for name in names if name))


def _address(entry: Mapping[str, Any]) -> str | None:
    """Where the article is: the link that was wrapped for counting clicks, if it is named, else the entry's link (or
    its link to itself), else an id that is an address."""
    for key in ("feedburner_origlink", "link"):
        if word := _word(entry, key):
            return word
    for link in entry.get("links") or ():
        if link.get("rel") == "self" and link.get("href"):
            return str(link["href"])
    identity = _word(entry, "id") or ""
    return identity if identity.startswith(("http://", "https://")) else None


def _elsewhere(feed: Mapping[str, Any], url: str) -> tuple[Link, ...]:
    """Where the same feed is said to live (Atom's `self`), when that is not here."""
    links = feed.get("links") or []
    found = (absolute(link.get("href"), url) for link in links if link.get("rel") == "self")
    return tuple(Link(url=address) for address in found if address and address != url)


def _word(entry: Mapping[str, Any], key: str) -> str | None:
    # Asking a feedparser dict for `updated` where there is none gives `published`, with a warning: hence `in`.
    value = entry[key] if key in entry else None  # noqa: SIM401
    return str(value) if value else None


def _instant(entry: Mapping[str, Any], key: str) -> datetime | None:
    parsed = entry[key] if key in entry else None  # noqa: SIM401
    if not isinstance(parsed, struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
