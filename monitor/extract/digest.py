"""What proves that a page reads as it did: a digest of its visible text and of what it says for machines."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.core.timestamps import is_stamp_line
from monitor.extract.phrases import table
from monitor.extract.structured import Structured
from monitor.extract.tree import HEADINGS, INLINE, UNREAD, hidden
from monitor.ports import Hints


def page_digest(tree: LexborHTMLParser, structured: Structured, hints: Hints, *, extractor: str, live: bool) -> str:
    """A digest that is equal only for two pages with equal text, claims and rules of reading. `live`: by what it says
    for machines, the page is an open live blog at this hour.

    Text is compared run by run, with the kinds of elements that it stands in: what joins or divides paragraphs,
    makes one a heading, links a line or hides it may be read differently. Names of classes, wrappers, pictures, and
    times since ("5 minutes ago", in a block of their own) do not count: they move no word. Takes the unseen elements
    out of the tree, whose scripts must have been read and taken out before.
    """
    digest = blake2b(digest_size=16)
    tree.strip_tags(_UNSEEN)
    for part in (
        extractor,
        repr(live),
        repr(hints.site),
        repr(hints.markers),
        repr(_said(structured)),
        " ".join(_shape(tree)),
        _text(tree),
    ):
        digest.update(part.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()


# Elements without text of their own are not worth a walk through the tree.
_UNSEEN = [
    "head",
    *sorted(UNREAD - {"head", "base", "embed", "input", "link", "meta", "param", "script", "source", "track"}),
]

_KEYS = (
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
_ENTRY_KEYS = ("@id", "url", "headline", "datePublished", "dateModified")
_NAMES = table("names.toml")
_TIMES = frozenset((*_NAMES["published_metas"], *_NAMES["updated_metas"]))
_TELLS = re.compile("time|date|title|description|author|modified|publish|locale|language|type")


def _said(structured: Structured) -> tuple[object, ...]:
    """What the page says for machines that a Reading may depend on; not its tokens and counters."""
    return (
        structured.title,
        structured.canonical,
        structured.language,
        structured.microdata,
        [(key, structured.main.get(key)) for key in _KEYS],
        [structured.webpage.get(key) for key in ("datePublished", "dateModified")],
        [[update.get(key) for key in _ENTRY_KEYS] for update in structured.live_updates],
        sorted((name, said) for name, said in structured.metas.items() if name in _TIMES or _TELLS.search(name)),
    )


_SHAPING = HEADINGS | frozenset(
    (
        *("p", "br", "li", "dt", "dd", "td", "th", "blockquote", "figcaption", "article", "main", "aside", "footer"),
        *("a", "b", "strong", "em", "i"),
    )
)


def _shape(tree: LexborHTMLParser) -> Iterator[str]:
    """The kinds of the elements that text stands in, what is hidden, and the times of <time>."""
    root = tree.body or tree.root
    if root is not None:
        yield " ".join([tag for node in root.traverse() if (tag := node.tag) in _SHAPING])
    for node in tree.css('time[datetime], [hidden], [style*="display"]'):
        attributes = node.attributes
        yield f"{attributes.get('datetime')} {hidden(attributes)}"


# Stands between two runs of text: no page holds it, the parser takes it out.
_BORDER = "\0"
_GAPS = f"{_BORDER} {_BORDER} "


def _text(tree: LexborHTMLParser) -> str:
    """The visible text, run by run, less the words that move with the clock."""
    root = tree.body or tree.root
    if root is None:
        return ""
    text = _words(root)
    return _settled(tree.clone()) if _may_move(text) else text


def _words(root: LexborNode) -> str:
    """The runs of text with single spaces. One where two runs meet counts: it may part two words."""
    text = " ".join(root.text(separator=_BORDER).split())
    while _GAPS in text:
        text = text.replace(_GAPS, f"{_BORDER} ")
    return text


# What a page shows of the time since moves by itself, and says nothing of the article: "5 minutes ago" in a block of
# its own. In a sentence of the story, however short and whatever is linked in it, "3 days ago" is the story's.
SHORT_LINE = 40
_NUMBER = re.compile(r"\d+ ?([^\W\d_]+)\.?(?:\s([^\W\d_]+))?")
_UNITS = frozenset(_NAMES["units"])
_AFTER = frozenset(_NAMES["ago"])
_BEFORE = ("vor ", "il y a ", "hace ", "há ", "před ", "πριν ")
_GLUED = re.compile(r"(?:分|時間|日|秒|小时|分钟|天|시간|분|일)(?:前|전)")


def _may_move(text: str) -> bool:
    short = "\n".join([run for run in text.split(_BORDER) if len(run) <= SHORT_LINE])
    return any(_is_since(match) for match in _NUMBER.finditer(short))


def _settled(tree: LexborHTMLParser) -> str:
    """The text block by block, which tells a time since that stands alone from one that is marked in a sentence."""
    root = tree.body or tree.root
    assert root is not None, "a page with text has a root"
    tree.unwrap_tags(_INLINE)
    root.merge_text_nodes()
    return _BORDER.join([_without_since(block) for block in _words(root).split(_BORDER)])


_INLINE = sorted(INLINE)


def _without_since(block: str) -> str:
    if len(block) > SHORT_LINE:
        return block
    rest = _NUMBER.sub(lambda match: "…" if _is_since(match) else match.group(), block)
    return rest if rest == block or not _WORD.search(rest) or is_stamp_line(block) else block


_WORD = re.compile(r"\w")


def _is_since(match: re.Match[str]) -> bool:
    unit, following = match.group(1).lower(), (match.group(2) or "").lower()
    if unit in _UNITS:
        before = match.string[max(0, match.start() - 8) : match.start()].lower()
        if following in _AFTER or before.endswith(_BEFORE):
            return True
    return not unit.isascii() and _GLUED.match(unit) is not None
