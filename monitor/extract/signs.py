"""What a page asks of its reader, seen in its markup: fields, puzzles, a redirect. Read anew from a page whose text
says little, since the tree that the text was read from has lost what is not shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.tree import nodes_above


@dataclass(frozen=True, slots=True)
class Signs:
    """`password` and `asks`: the fields that stand under the page's own heading. `challenge`: a puzzle. `moves_on`:
    the page sends its reader elsewhere. `film`: something to watch or hear under the heading. `unlisted`: search
    engines are told to pass the page over."""

    password: bool
    asks: bool
    challenge: bool
    moves_on: bool
    film: bool
    unlisted: bool

    @classmethod
    def of(cls, html: str, url: str) -> "Signs":
        tree = LexborHTMLParser(html)
        return cls(
            password=_stands_out(tree, "input[type=password]"),
            asks=_stands_out(tree, "input[type=email], input[type=date], input[type=checkbox]"),
            challenge=any(_is_puzzle(node) for node in _some(tree, "div, iframe, script, form", most=400)),
            moves_on=any(_leaves(node, url) for node in _some(tree, "meta[http-equiv]")),
            film=_stands_out(tree, "video, audio, iframe"),
            unlisted=any("noindex" in (n.attributes.get("content") or "") for n in _some(tree, "meta[name=robots]")),
        )


MOST = 12
HEADINGS = "h1, h2, h3, h4"


def _some(tree: LexborHTMLParser, selector: str, most: int = MOST) -> list[LexborNode]:
    return tree.css(selector)[:most]


def _stands_out(tree: LexborHTMLParser, selector: str) -> bool:
    """Whether such an element belongs to the page's first heading: a box of its own has its own. On a page without
    headings any is meant."""
    nodes = _some(tree, selector)
    first = (tree.css_first("h1") or tree.css_first(HEADINGS)) if nodes else None
    if first is None:
        return bool(nodes)
    return any(
        (heading := next(_headings_up(node), None)) is not None
        and heading.mem_id == first.mem_id
        and _stands_before(first, node)
        for node in nodes
    )


def _stands_before(heading: LexborNode, node: LexborNode) -> bool:
    """Whether the heading comes first of the two, in the innermost element that holds both."""
    held = {up.mem_id for up in nodes_above(heading)}
    branch = node
    for up in nodes_above(node):
        if up.mem_id in held:
            break
        branch = up
    after = branch.prev
    while after is not None:
        if after.mem_id in held or after.mem_id == heading.mem_id:
            return True
        after = after.prev
    return False


LEVELS = 30


def _headings_up(node: LexborNode) -> Iterator[LexborNode]:
    """The first heading of each element that the node stands in, innermost first."""
    for up in islice(nodes_above(node), LEVELS):
        if up.tag in ("noscript", "template"):
            return
        heading = up.css_first(HEADINGS)
        if heading is not None:
            yield heading


_PUZZLES = re.compile(
    r"captcha|cf-turnstile|challenge-platform|px-captcha|_incapsula_|geetest|arkoselabs|funcaptcha", re.IGNORECASE
)


def _is_puzzle(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(_PUZZLES.search((attributes.get(name) or "")[:300]) for name in ("class", "id", "src", "action"))


_REFRESH = re.compile(r"\s*(\d+)(?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
AT_ONCE = 10


def _leaves(node: LexborNode, url: str) -> bool:
    """A refresh that leads elsewhere, and soon: pages that reload themselves in a minute are common."""
    attributes = node.attributes
    if (attributes.get("http-equiv") or "").lower() != "refresh":
        return False
    match = _REFRESH.match(attributes.get("content") or "")
    if match is None or len(match[1]) > 3 or int(match[1]) > AT_ONCE:
        return False
    target: str = match[2]
    try:
        return urlsplit(urljoin(url, target.strip())).path != urlsplit(url).path
    except ValueError:
        return True
