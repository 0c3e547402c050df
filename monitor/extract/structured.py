"""What a page says of itself for machines: JSON-LD, meta elements, microdata, link relations."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.core.text import fold, normalise
from monitor.extract.tree import nodes_above

JsonLd = Mapping[str, Any]

_ARTICLES = frozenset(("BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report", "Reportage", "Review"))
_PAGES = frozenset(("WebPage", "ItemPage", "CollectionPage"))
DEEPEST = 12


@dataclass(slots=True)
class Structured:
    """`main` is the JSON-LD object of this article, `webpage` that of the page around it. `metas` has lower-case
    names, each with its values in page order. `live_updates` are the entries of a live blog as JSON-LD has them;
    `marks_updates`: the page marks their elements as such (microdata)."""

    main: JsonLd = field(default_factory=dict)
    webpage: JsonLd = field(default_factory=dict)
    metas: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    title: str = ""
    language: str | None = None
    microdata: list[tuple[str, str]] = field(default_factory=list)
    live_updates: tuple[JsonLd, ...] = ()
    marks_updates: bool = False

    def meta(self, *names: str) -> str | None:
        """The first value of the first of these names that has one."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)

    @property
    def headline(self) -> str | None:
        return text_of(self.main.get("headline")) or self.meta("og:title", "twitter:title")

    @property
    def description(self) -> str | None:
        return text_of(self.main.get("description")) or self.meta("og:description", "description")

    @property
    def bodies(self) -> tuple[str, ...]:
        """The article's text as JSON-LD has it, with its line breaks."""
        value = self.main.get("articleBody")
        return tuple(text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))

    @property
    def declares_entries(self) -> bool:
        return bool(self.live_updates) or self.marks_updates

    @property
    def declares_article(self) -> bool:
        """Whether the page's metadata calls it an article."""
        return bool(self.main) or self.meta("og:type") == "article"

    def address(self, url: str) -> str | None:
        """The address that the page gives itself, made whole by the one it was found at."""
        said = self.canonical or self.meta("og:url")
        try:
            return urljoin(url, said) if said else None
        except ValueError:
            return None

    @property
    def types(self) -> frozenset[str]:
        return types_of(self.main)


def read_structured(tree: LexborHTMLParser, url: str) -> Structured:
    found = Structured()
    objects: list[JsonLd] = []
    entries: set[int] = set()
    for node in tree.css(_SPEAKING):
        attributes = node.attributes
        if "liveBlogUpdate" in (attributes.get("itemprop") or ""):
            entries.add(node.mem_id)
        if entries and any(above.mem_id in entries for above in nodes_above(node)):
            # What an entry says is its own, not the page's.
            continue
        if node.tag == "script":
            objects.extend(_objects(_loads(node.text()), 0))
        elif node.tag == "link":
            found.canonical = found.canonical or attributes.get("href")
        else:
            _take_attributes(found, node, attributes)
    title = tree.css_first("title")
    found.title = normalise(title.text()) if title else ""
    found.language = _language(tree, found)
    found.main = _main(objects, url, found)
    found.live_updates, found.marks_updates = tuple(_updates(objects)), bool(entries)
    found.webpage = next((o for o in objects if types_of(o) & _PAGES), {})
    return found


# One walk through the tree for all of them; an element that two of these match would come twice.
_SPEAKING = (
    'meta, link[rel="canonical"], script[type*="ld+json" i], '
    '[itemprop="datePublished"]:not(meta), [itemprop="dateModified"]:not(meta), [itemprop~="liveBlogUpdate"]:not(meta)'
)


MOST_UPDATES = 2_000
"""More entries than any live blog's page lists."""


def _updates(objects: list[JsonLd]) -> Iterator[JsonLd]:
    for entity in objects:
        listed = entity.get("liveBlogUpdate")
        for update in (listed if isinstance(listed, list) else [listed])[:MOST_UPDATES]:
            if isinstance(update, dict):
                yield update


def _take_attributes(found: Structured, node: LexborNode, attributes: dict[str, str | None]) -> None:
    content, itemprop = attributes.get("content"), attributes.get("itemprop")
    if node.tag == "meta":
        name = attributes.get("property") or attributes.get("name") or itemprop
        if name and content:
            found.metas.setdefault(name.strip().lower(), []).append(content.strip())
    if itemprop in ("datePublished", "dateModified"):
        value = attributes.get("datetime") or content or normalise(node.text())
        if value:
            found.microdata.append((itemprop, value.strip()))


def _language(tree: LexborHTMLParser, found: Structured) -> str | None:
    html = tree.css_first("html")
    declared = (html.attributes.get("lang") or html.attributes.get("xml:lang")) if html else None
    code = declared or found.meta("og:locale", "content-language", "language", "dc.language")
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\b)", code or "")
    return match.group(1).lower() if match else None


_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$|;\s*$")
_COMMA = re.compile(r",(?=\s*[}\]])")


def _loads(text: str) -> Any:
    text = text.strip()
    if text.startswith(("<", "/")) or text.endswith((">", ";")):
        text = _WRAPPING.sub("", text).strip()
    for mend in (False, True):
        try:
            document = json.loads(_COMMA.sub("", text) if mend else text, strict=False)
        except (ValueError, RecursionError):
            continue
        return None if _is_bottomless(document) else document
    return None


MOST_NESTED = 60
"""Levels of JSON beyond which it is built to exhaust whoever walks it."""


def _is_bottomless(document: Any) -> bool:
    level = [document]
    for _ in range(MOST_NESTED):
        # JSON has no other containers, and none of their kinds are derived.
        dicts, lists = [v for v in level if type(v) is dict], [v for v in level if type(v) is list]
        level = [value for values in (*map(dict.values, dicts), *lists) for value in values]
        if not level:
            return False
    return True


def _objects(value: Any, depth: int) -> Iterator[JsonLd]:
    """The objects that stand for themselves: top level, lists, @graph, mainEntity."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if key in value:
                yield from _objects(value[key], depth + 1)


def types_of(entity: JsonLd) -> frozenset[str]:
    value = entity.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(name.rsplit("/", 1)[-1] for name in names if isinstance(name, str))


def _is_article(entity: JsonLd) -> bool:
    return any(name in _ARTICLES or name.endswith("Article") for name in types_of(entity))


def _main(objects: list[JsonLd], url: str, found: Structured) -> JsonLd:
    """The article object that speaks of this page: by address, by headline, else the first with a date."""
    articles = [entity for entity in objects if _is_article(entity)]
    if not articles:
        return {}
    title = fold(found.meta("og:title") or found.title).casefold()
    return max(articles, key=lambda entity: _fitness(entity, url, found.canonical, title))


def _fitness(entity: JsonLd, url: str, canonical: str | None, title: str) -> int:
    here = {_path(address) for address in (url, canonical) if address}
    addresses = {_path(a) for a in _addresses(entity)}
    headline = fold(text_of(entity.get("headline")) or "").casefold()
    return (
        4 * bool(here & addresses)
        + 4 * bool(headline and title and (headline in title or title in headline))
        + 2 * ("datePublished" in entity or "dateModified" in entity)
        + ("headline" in entity)
    )


def _addresses(entity: JsonLd) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = entity.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and len(value) > 1:
            yield value


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.rstrip("/") or address
    except ValueError:
        return address


def text_of(value: Any) -> str | None:
    """The words of a JSON-LD value: a text, an object with a name or text, or the first of a list."""
    if isinstance(value, str):
        return normalise(value) or None
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("@value") or value.get("text") or value.get("name"))
    return None


def texts_of(value: Any) -> tuple[str, ...]:
    """All of them, where a list may stand."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := text_of(item)))
