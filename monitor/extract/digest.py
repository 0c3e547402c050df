"""What proves that a page reads as it did: a digest of its visible text and of what it says for machines."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.phrases import table
from monitor.extract.structured import Structured
from monitor.extract.tree import UNREAD
from monitor.ports import Hints

# What a page shows of the time since: it moves by itself, and says nothing of the article. Only in short runs of
# text: in a sentence of the story, "3 days ago" is the story's.
SHORT_LINE = 40
_NUMBER = re.compile(r"\d+ ?([^\W\d_]+)\.?(?:\s([^\W\d_]+))?")
_NAMES = table("names.toml")
_UNITS = frozenset(_NAMES["units"])
_AFTER = frozenset(_NAMES["ago"])
_BEFORE = ("vor ", "il y a ", "hace ", "há ", "před ", "πριν ")
_GLUED = re.compile(r"(?:分|時間|日|秒|小时|分钟|天|시간|분|일)(?:前|전)")


def _settled(text: str) -> Iterator[str]:
    """The words of the text, less those that move with the clock."""
    for line in text.split("\n"):
        words = " ".join(line.split())
        if words:
            yield _NUMBER.sub(_without_since, words) if len(words) <= SHORT_LINE else words


def _without_since(match: re.Match[str]) -> str:
    unit, following = match.group(1).lower(), (match.group(2) or "").lower()
    if unit in _UNITS:
        before = match.string[max(0, match.start() - 8) : match.start()].lower()
        if following in _AFTER or before.endswith(_BEFORE):
            return ""
    return "" if _GLUED.match(unit) else match.group()


_UNSEEN = ["head", *sorted(UNREAD - {"head", "base", "source", "track", "param"})]


def page_digest(tree: LexborHTMLParser, structured: Structured, hints: Hints, *, extractor: str) -> str:
    """A digest that is equal for two pages with equal text, claims and rules of reading. Takes the unseen elements
    out of the tree, whose JSON-LD must have been read before."""
    digest = blake2b(digest_size=16)
    for part in (extractor, repr(hints.site), repr(hints.markers), _machine_part(tree, structured)):
        digest.update(part.encode("utf-8", "replace") + b"\0")
    tree.strip_tags(_UNSEEN)
    root = tree.body or tree.root
    text = root.text(separator="\n") if root is not None else ""
    digest.update(" ".join(_settled(text)).encode("utf-8", "replace"))
    return digest.hexdigest()


_SAID = (
    "@type",
    "headline",
    "description",
    "datePublished",
    "dateModified",
    "coverageEndTime",
    "author",
    "correction",
    "articleBody",
)


def _machine_part(tree: LexborHTMLParser, structured: Structured) -> str:
    times = [node.attributes.get("datetime") for node in tree.css("time[datetime]")]
    said = [(key, structured.main.get(key)) for key in _SAID]
    pages = [structured.webpage.get(key) for key in ("datePublished", "dateModified")]
    metas = sorted((name, values) for name, values in structured.metas.items() if _tells(name))
    return repr(
        (structured.title, structured.canonical, structured.language, said, pages, structured.microdata, times, metas)
    )


def _tells(name: str) -> bool:
    return any(
        part in name for part in ("time", "date", "title", "description", "author", "modified", "publish", "locale")
    )
