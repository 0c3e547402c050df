"""Bytes -> Found: what kind of document it is, and whether it is safe to read on."""

import re
import zlib
from dataclasses import replace

from monitor.core.policy import EVERYTHING, Selection
from monitor.core.text import Decoded, decode
from monitor.discover.claims import claims_of
from monitor.discover.feeds import read_feed
from monitor.discover.found import Found, FoundKind, refused
from monitor.discover.jsonfeed import read_json_feed
from monitor.discover.listing import read_listing
from monitor.discover.opml import read_opml
from monitor.discover.plain import read_urls
from monitor.discover.sitemaps import read_sitemap

BYTES_MAX = 10_000_000
"""Unpacked. The sitemap protocol allows 50 MB; no news sitemap (1,000 entries at the most) comes near this."""
TAG_MAX = 65_536
"""Characters of one tag. Parsers compare each attribute with all before it: 50,000 keep one busy for a minute."""
_HUGE_TAG = re.compile(rf"<[A-Za-z][^<>]{{{TAG_MAX}}}")
_GZIP = b"\x1f\x8b"
_PROLOG = 64_000
"""Characters within which the first element must begin."""
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_BEFORE_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b([^\[>]*)(?:\[(.*?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
_SUBSET_MAX = 4_000
_ENTITY = re.compile(r"<!ENTITY\s+(%\s+)?\S+\s+((?:\"[^\"]*\"|'[^']*'|[^\"'>])*)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")

_FEEDS = {"rss": FoundKind.RSS, "rdf": FoundKind.RDF, "feed": FoundKind.ATOM, "entry": FoundKind.ATOM}
_SITEMAPS = {"urlset": FoundKind.SITEMAP, "sitemapindex": FoundKind.SITEMAP_INDEX}
_PAGES = frozenset({"html", "head", "body", "title", "meta", "div", "main", "script", "link", "article", "section"})


def discover(body: bytes, *, content_type: str | None, url: str, selection: Selection = EVERYTHING) -> Found:
    """Read a feed, a sitemap or a page that was fetched from `url`; `selection` says which links of a page are its
    articles. Never raises: what cannot be read, or is built to harm its reader, comes back as `refused` with a
    reason."""
    unpacked = _unpacked(body)
    if unpacked is None:
        return refused("packed data that is damaged, or too large when unpacked")
    if len(unpacked) > BYTES_MAX:
        return refused(f"larger than {BYTES_MAX:,} bytes")
    text = _decoded(unpacked, content_type).text.lstrip("\ufeff \t\r\n")
    found = _read(text, url, selection, content_type)
    return replace(found, items=tuple(replace(item, claims=claims_of(item)) for item in found.items))


def _read(text: str, url: str, selection: Selection, content_type: str | None) -> Found:
    if not text:
        return refused("empty")
    if text[0] in "{[":
        return read_json_feed(text, url)
    return _marked_up(text, url, selection, content_type) if text[0] == "<" else _unmarked(text, url)


def _unpacked(body: bytes) -> bytes | None:
    if not body.startswith(_GZIP):
        return body
    try:
        unpacker = zlib.decompressobj(wbits=31)
        unpacked = unpacker.decompress(body, BYTES_MAX + 1)
    except zlib.error:
        return None
    return unpacked if unpacker.eof else None


def _decoded(body: bytes, content_type: str | None) -> Decoded:
    declared = _XML_ENCODING.search(body[:300])
    return decode(body, content_type=content_type, hint=declared.group(1).decode("ascii") if declared else None)


def _marked_up(text: str, url: str, selection: Selection, content_type: str | None) -> Found:
    if _HUGE_TAG.search(text):
        return refused("a tag larger than any page needs")
    start, doctype = _before_root(text[:_PROLOG])
    root = _ROOT.match(text, start)
    name = root.group(1).lower() if root else ""
    if name in _SITEMAPS:
        return refused("a sitemap with a document type") if doctype else read_sitemap(text, url, _SITEMAPS[name])
    if name == "opml":
        return refused("a list of feeds with a document type") if doctype else read_opml(text, url)
    if name in _FEEDS:
        harm = _harm_in(doctype) if doctype else None
        return refused(harm) if harm else read_feed(text, url, _FEEDS[name])
    if name in _PAGES or "html" in (content_type or "").lower() or (doctype and "html" in doctype.group(1).lower()):
        return read_listing(text, url, selection)
    return refused(f"XML that is no feed and no sitemap: its first element is <{name[:40]}>" if name else "not XML")


def _before_root(text: str) -> tuple[int, re.Match[str] | None]:
    """Where the first element begins, and the document type before it."""
    at, doctype = 0, None
    while True:
        blank = _BEFORE_ROOT.match(text, at)
        if blank:
            at = blank.end()
        found = _DOCTYPE.match(text, at)
        if not found:
            return at, doctype
        doctype, at = doctype or found, found.end()


def _harm_in(doctype: re.Match[str]) -> str | None:
    """Old feeds declare the Latin 1 entities of the W3C, and that is fine. An entity that fetches something, or that
    is made of other entities (the "billion laughs"), has no place in a feed."""
    subset = doctype.group(2) or ""
    if len(subset) > _SUBSET_MAX:
        return "a document type longer than any feed needs"
    for parameter, value in _ENTITY.findall(subset):
        words = value.strip()
        if words.upper().startswith(("SYSTEM", "PUBLIC")):
            if not (parameter and "//W3C//ENTITIES" in words.upper()):
                return "an entity that would be fetched from elsewhere"
        elif re.search(r"[&%](?!#)", words):
            return "entities made of entities"
    return None


def _unmarked(text: str, url: str) -> Found:
    return read_urls(text, url) or refused("neither XML nor JSON nor a list of addresses")
