"""OPML 2.0: lists of feeds as feed readers exchange them."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from monitor.discover.found import Found, FoundKind, Link, refused
from monitor.discover.links import ENTRIES_MAX, absolute, plain_title

TAGS_MAX = 20
DEPTH_MAX = 50
"""Folders in folders; no reader makes more than a few."""
OURS = "urn:monitor:sources:1"
"""The namespace of what is said for this program alone: other readers of OPML pass such attributes over (OPML 2.0,
"Extending OPML")."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_opml(text: str, url: str) -> Found:
    """The feeds of a list, each once, with its folders and categories as tags. The text has no document type."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return refused("broken XML")
    body = root.find("{*}body") if root is not None else None
    if body is None:
        return refused("a list of feeds (OPML) without a body")
    feeds: dict[str, Link] = {}
    listed = 0
    for attributes, folders in _outlines(body, ()):
        listed += 1
        link = _link(attributes, folders, url)
        if link is not None and len(feeds) < ENTRIES_MAX:
            feeds.setdefault(link.url, link)
    return Found(kind=FoundKind.OPML, feeds=tuple(feeds.values()), listed=listed, cut=len(feeds) == ENTRIES_MAX)


def _outlines(node: etree._Element, folders: tuple[str, ...]) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Every outline that names a feed, with the titles of those it stands in."""
    for outline in node.iterchildren("{*}outline"):
        attributes = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        if attributes.get("xmlurl"):
            yield attributes, folders
        if len(outline) and len(folders) < DEPTH_MAX:
            title = plain_title(attributes.get("text") or attributes.get("title")) or ""
            yield from _outlines(outline, (*folders, title))


def _link(attributes: dict[str, str], folders: tuple[str, ...], base: str) -> Link | None:
    url = absolute(attributes["xmlurl"], base)
    if url is None:
        return None
    categories = (part.strip(" /") for part in attributes.get("category", "").split(","))
    tags = tuple(dict.fromkeys(tag for tag in (*folders, *categories) if tag))[:TAGS_MAX]
    prefix = f"{{{OURS}}}"
    asks = tuple((name.removeprefix(prefix), said) for name, said in attributes.items() if name.startswith(prefix))
    return Link(url=url, title=plain_title(attributes.get("text") or attributes.get("title")), tags=tags, asks=asks)


def write_opml(links: Iterable[Link]) -> str:
    """The same as a document that feed readers, and `read_opml`, read. What `asks` says is JSON, of which what XML
    cannot hold is escaped."""
    root = etree.Element("opml", nsmap={"monitor": OURS}, version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of monitor"
    body = etree.SubElement(root, "body")
    for link in links:
        outline = etree.SubElement(body, "outline", type="rss")
        outline.set("text", _NO_XML.sub("\ufffd", link.title or link.url))
        outline.set("xmlUrl", _NO_XML.sub("\ufffd", link.url))
        if link.tags:
            outline.set("category", _NO_XML.sub("\ufffd", ",".join(tag.replace(",", " ") for tag in link.tags)))
        for name, said in link.asks:
            outline.set(f"{{{OURS}}}{name}", _NO_XML.sub(lambda found: f"\\u{ord(found.group()):04x}", said))
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"
