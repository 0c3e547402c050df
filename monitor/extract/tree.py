"""A page as passages: each run of visible text with the place it stands at, read in one walk of the tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.core.text import normalise

# What a reader sees nothing of, or not as text; and what stands inside a line.
UNREAD = frozenset(
    {
        *("script", "style", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas", "audio"),
        *("video", "map", "select", "option", "datalist", "textarea", "input", "noframes", "link", "meta", "base"),
        *("head", "title", "source", "track", "param", "progress", "meter", "dialog"),
    }
)
INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "br"),
    }
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
DEEPEST = 400
"""Elements nested deeper than this are read as text of the place they stand in: no newsroom nests so far."""


@dataclass(slots=True, eq=False)
class Place:
    """One element that text stands in. `dropped` tells why the rules of `clean` take it out with all that it holds,
    None where it stays."""

    tag: str
    node: LexborNode
    parent: "Place | None"
    attributes: dict[str, str | None] = field(default_factory=dict)
    number: int = 0
    dropped: str | None = None
    _words: frozenset[str] | None = None
    _above: "tuple[Place, ...] | None" = None

    @property
    def words(self) -> frozenset[str]:
        """The words of its class, id and kindred names. Not asked for while a page may prove unchanged."""
        if self._words is None:
            self._words = class_words(self.attributes)
        return self._words

    def up(self) -> "tuple[Place, ...]":
        """This place and those it stands in, innermost first."""
        if self._above is None:
            self._above = self.parent.up() if self.parent is not None else ()
        return (self, *self._above)

    def within(self, *tags: str) -> "Place | None":
        for place in self.up():
            if place.tag in tags:
                return place
        return None


@dataclass(slots=True, eq=False)
class Passage:
    """One run of text between two block borders. `linked`, `strong` and `slanted` count the characters in links, in
    bold and in italics. `gone` tells why `clean` takes it for no part of the article;
    `boxed`: it stands in a box of its own among the body's paragraphs."""

    text: str
    place: Place
    index: int
    linked: int = 0
    strong: int = 0
    slanted: int = 0
    links: int = 0
    gone: str | None = None
    boxed: bool = False

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.text))

    @property
    def count(self) -> int:
        return len(self.text.split())


_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PIECES = re.compile(r"[^A-Za-z0-9]+")
_NAMING = frozenset(("class", "id", "data-component", "data-testid", "data-type", "itemprop", "rel", "name"))
_GENERATED = frozenset(("css", "sc", "jsx", "svelte", "emotion", "styled", "astro", "hyperion"))
_NONE: frozenset[str] = frozenset()


def class_words(attributes: dict[str, str | None]) -> frozenset[str]:
    """The words of class, id and data-component names; pieces that a build tool made up ("cuyyBm", "1ad3f9") are
    none."""
    if not attributes:
        return _NONE
    named = [_words_in(value[:600]) for key, value in attributes.items() if key in _NAMING and value]
    return named[0] if len(named) == 1 else _NONE.union(*named)


@lru_cache(maxsize=8192)
def _words_in(value: str) -> frozenset[str]:
    return _NONE.union(*[_words_of(name) for name in value.split()])


# Names are shared where the values that list them are not.
@lru_cache(maxsize=8192)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(_split(name))


def _split(name: str) -> Iterator[str]:
    pieces = [piece for piece in _PIECES.split(name) if piece]
    if pieces and pieces[0].lower() in _GENERATED:
        return
    for number, piece in enumerate(pieces):
        if piece.isalpha() and piece.islower():
            # One word, as most are.
            yield piece
            continue
        words = _CAMEL.findall(piece)
        if number and _made_up(piece, words):
            continue
        for word in words:
            if not word.isdigit():
                yield word.lower()


def _made_up(piece: str, words: list[str]) -> bool:
    """Whether a later piece of a name looks like a hash: digits in it, or capitals where no word begins."""
    if piece.isalpha():
        return len(piece) >= 5 and len(words) > 1 and any(len(word) <= 2 for word in words)
    return any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)


def nodes_above(node: LexborNode) -> Iterator[LexborNode]:
    """The elements that a node stands in, innermost first."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def hidden(attributes: dict[str, str | None]) -> bool:
    """Whether the element is not shown, as far as it says so itself."""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    return style is not None and "display:none" in style.replace(" ", "").lower()


@dataclass(slots=True, eq=False)
class Page:
    """The parsed page: its passages in reading order, the places they stand in, parents first, and its `time` elements,
    each with the number of its place."""

    tree: LexborHTMLParser
    passages: list[Passage]
    places: list[Place]
    times: list[tuple[int, LexborNode]] = field(default_factory=list)


def read_passages(tree: LexborHTMLParser) -> Page:  # noqa: C901  # one loop for all nodes, without calls for each
    """All visible text of the page, a passage a block."""
    root = tree.body or tree.root
    writer = _Writer()
    if root is None:
        return Page(tree, [], [])
    place = Place("body", root, None, root.attributes)
    places = [place]
    # The elements round the node in hand, each with what comes after what is read of it and how text in it is set.
    around: list[tuple[LexborNode | None, Place, bool, bool, bool, bool]] = []
    node, inline, link, strong, slanted = root.child, False, False, False, False
    # One turn of this loop is paid for every node of every page that changed: it calls little, and makes little.
    while True:
        if node is None:
            if not inline and (writer.pieces or writer.links):
                writer.flush(place)
            if not around:
                return Page(tree, writer.passages, places, writer.times)
            node, place, inline, link, strong, slanted = around.pop()
            continue
        tag, after = node.tag or "", node.next
        if tag == "-text":
            writer.write(node.text_content or "", link, strong, slanted)
            node = after
        elif tag == "br":
            writer.line_break(place)
            node = after
        elif tag in INLINE or (len(around) >= DEEPEST and _is_read(tag)):
            # An element within a line: its text stands in the place that the line does.
            around.append((after, place, inline, link, strong, slanted))
            if tag == "a":
                link = True
                writer.links += 1
            elif tag == "time":
                writer.times.append((place.number, node))
            inline, strong = True, strong or tag in ("b", "strong")
            slanted = slanted or tag in ("i", "em")
            node = node.child
        elif _is_read(tag):
            if writer.pieces or writer.links:
                writer.flush(place)
            around.append((after, place, inline, link, strong, slanted))
            place = Place(tag, node, place, node.attributes, len(places))
            places.append(place)
            inline, link, strong = False, link or tag == "button", strong or tag in HEADINGS
            node = node.child
        else:
            node = after


# A page has few kinds of elements for its thousands of them.
@lru_cache(maxsize=512)
def _is_read(tag: str) -> bool:
    return tag not in UNREAD and tag[:1] not in ("-", "!")


class _Writer:
    """Gathers the text between two block borders into passages."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.pieces: list[str] = []
        self.times: list[tuple[int, LexborNode]] = []
        self._breaks = 0
        self.linked = self.strong = self.slanted = self.links = 0

    def write(self, text: str, link: bool, strong: bool, slanted: bool) -> None:
        if text.isspace():
            if self.pieces:
                self.pieces.append(" ")
            return
        self._breaks = 0
        self.pieces.append(text)
        if link or strong or slanted:
            length = len(text.strip())
            self.linked += length if link else 0
            self.strong += length if strong else 0
            self.slanted += length if slanted else 0

    def line_break(self, place: Place) -> None:
        self._breaks += 1
        if self._breaks >= 2:
            self.flush(place)
        elif self.pieces:
            self.pieces.append("\n")

    def flush(self, place: Place) -> None:
        pieces = self.pieces
        text = normalise(pieces[0] if len(pieces) == 1 else "".join(pieces))
        if text:
            index = len(self.passages)
            self.passages.append(Passage(text, place, index, self.linked, self.strong, self.slanted, self.links))
        pieces.clear()
        self._breaks = 0
        self.linked = self.strong = self.slanted = self.links = 0
