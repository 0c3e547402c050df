"""Which passages of the page are the body: trafilatura says where it is, the page's own structure where it ends."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from trafilatura import bare_extraction

from monitor.core.article import Block, BlockKind, Rank
from monitor.core.text import normalise
from monitor.extract.lines import after_the_story, names_linked, rank
from monitor.extract.tree import HEADINGS, Page, Passage, Place

THIN = 250
"""A body of fewer characters than this is looked for by other means too."""

SHARE = 0.15
"""A container with this part of the body's text is one of the body's own."""

LISTS = frozenset(("li", "ul", "ol", "dl", "dt", "dd"))
TABLES = frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption", "colgroup"))
LEAVES = HEADINGS | LISTS | TABLES | frozenset(("p", "blockquote", "q", "pre", "center", "figcaption"))


@dataclass(frozen=True, slots=True)
class Body:
    """The body's passages in reading order, and by what method they were found; `texts` where no passages of the page
    hold it (a page that builds itself in the browser, with its text in JSON-LD)."""

    passages: tuple[Passage, ...]
    method: str
    texts: tuple[str, ...] = ()


def find_body(page: Page, *, first: int, articles: Iterable[str]) -> Body:
    """The body of a page whose asides are marked. `first` is where it can begin at the earliest (after the
    headline), `articles` are bodies as JSON-LD has them."""
    passages = [passage for passage in page.passages if not passage.gone]
    html = _cleaned(page)
    found: list[Passage] = []
    for method, thorough in (("trafilatura", False), ("recall", True)):
        found = _by_trafilatura(passages, html, first, thorough=thorough)
        if _length(found) >= THIN:
            return Body(tuple(found), method)
    for text in articles:
        if len(text) >= THIN and len(text) > 2 * _length(found):
            return Body((), "json-ld", tuple(line for part in text.split("\n") if (line := normalise(part))))
    return Body(tuple(found), "recall" if found else "none")


def _length(passages: Iterable[Passage]) -> int:
    return sum(len(passage.text) for passage in passages)


def _cleaned(page: Page) -> str:
    """The page without its asides, as HTML. Takes them out of the tree: nodes are not touched afterwards."""
    for place in page.places:
        if place.dropped and not any(up.dropped for up in place.up() if up is not place):
            place.node.decompose()
    return page.tree.html or ""


def _by_trafilatura(passages: Sequence[Passage], html: str, first: int, *, thorough: bool) -> list[Passage]:
    text, lines = _trafilatura(html, thorough=thorough)
    return _selection(passages, text, lines, first) if text else []


def _trafilatura(html: str, *, thorough: bool) -> tuple[str, set[str]]:
    """What trafilatura takes for the text, squeezed, and its lines, squeezed. It keeps no state that could change
    what it reads: `deduplicate` and the metadata, which would, stay off."""
    document = bare_extraction(
        html,
        fast=not thorough,
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=False,
    )
    if document is None or document.body is None:
        return "", set()
    lines = [_squeeze("".join(element.itertext())) for element in _leaves(document.body)]
    return "".join(lines), {line for line in lines if line}


def _leaves(body: etree._Element) -> Iterable[etree._Element]:
    yield from body
    for tag in ("item", "cell", "p", "head", "quote"):
        yield from body.iter(tag)


_NO_LETTERS = re.compile(r"[\W_]+")


def _squeeze(text: str) -> str:
    return _NO_LETTERS.sub("", normalise(text)).casefold()


def _selection(passages: Sequence[Passage], text: str, lines: set[str], first: int) -> list[Passage]:
    """The passages that trafilatura took, less strays, and those that stand among them in the body's containers."""
    taken = {p.index for p in passages if p.index >= first and _is_taken(p, text, lines)}
    homes = _Homes(passages)
    own = homes.of_body([p for p in passages if p.index in taken])
    if not own:
        return [p for p in passages if p.index in taken]
    start, end = _span(passages, taken, homes, own)
    return [
        p
        for p in passages
        if (start <= p.index <= end and not _in_figure(p))
        and (homes.key(p) in own or (p.index in taken and homes.inside(p, own)))
    ]


def _in_figure(passage: Passage) -> bool:
    return passage.place.within("figure", "figcaption") is not None


def _is_taken(passage: Passage, text: str, lines: set[str]) -> bool:
    key = _squeeze(passage.text)
    if len(key) < 24:
        return key in lines
    if key in text:
        return True
    middle = len(key) // 2
    parts = (key[:24], key[middle : middle + 24], key[-24:])
    return len(key) > 72 and sum(part in text for part in parts) >= 2


def _span(
    passages: Sequence[Passage], taken: set[int], homes: "_Homes", own: frozenset[tuple[object, ...]]
) -> tuple[int, int]:
    inside = [p.index for p in passages if p.index in taken and homes.key(p) in own]
    return min(inside), max(inside)


class _Homes:
    """The containers that passages stand in. A wrapper round a single passage is no container, so that wrapping
    paragraphs, as experiments with a page's layout do, moves nothing."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._held: Counter[int] = Counter(
            place.number for passage in passages for place in passage.place.up()
        )
        self._direct: Counter[int] = Counter(passage.place.number for passage in passages)

    def home(self, passage: Passage) -> Place:
        place = passage.place
        if place.tag not in LEAVES and self._direct[place.number] > 1:
            return place
        while place.parent is not None and (place.tag in LEAVES or self._held[place.number] == 1):
            place = place.parent
        return place

    def key(self, passage: Passage) -> tuple[object, ...]:
        """Containers that look alike at the same depth are one: a body in several sections."""
        home = self.home(passage)
        return (home.tag, home.words, sum(1 for _ in home.up()))

    def of_body(self, passages: Sequence[Passage]) -> frozenset[tuple[object, ...]]:
        """The containers that hold a fair part of the text taken."""
        held: Counter[tuple[object, ...]] = Counter()
        for passage in passages:
            if passage.link_share < 0.6:
                held[self.key(passage)] += len(passage.text)
        total = sum(held.values())
        return frozenset(key for key, length in held.items() if length >= SHARE * total)

    def inside(self, passage: Passage, own: frozenset[tuple[object, ...]]) -> bool:
        """Whether a passage taken stands apart from the body's containers and yet is text of the body."""
        return passage.link_share < 0.5


def blocks_of(body: Body, *, language: str | None) -> tuple[Block, ...]:
    """The passages as typed blocks with their rank; cells of one table row are one block."""
    passages = body.passages
    if body.texts:
        return tuple(Block(BlockKind.PARAGRAPH, text) for text in body.texts)
    ranks = [rank(passage, language=language, edge=False) for passage in passages]
    _rank_edges(passages, ranks, language)
    _rank_link_lists(passages, ranks)
    ranks = _without_empty_headings(passages, ranks)
    after = after_the_story(passages, ranks)
    ranks = [Rank.PERIPHERAL if at in after else r for at, r in enumerate(ranks)]
    return tuple(_blocks(passages, ranks))


EDGE = 2
"""So many passages of the story at either end are where credits stand."""


def _rank_edges(passages: Sequence[Passage], ranks: list[Rank], language: str | None) -> None:
    """Credits at the head and the foot, whatever noise stands outside of them."""
    for order in (range(len(passages)), range(len(passages) - 1, -1, -1)):
        seen = 0
        for at in order:
            if ranks[at] is Rank.CORE:
                ranks[at] = rank(passages[at], language=language, edge=True)
                seen += ranks[at] is Rank.CORE
            if seen == EDGE:
                break


def _rank_link_lists(passages: Sequence[Passage], ranks: list[Rank]) -> None:
    """A list that is half links is a list of other pages, item by item."""
    lists: dict[int, list[int]] = {}
    for at, passage in enumerate(passages):
        place = passage.place.within("ul", "ol")
        if place is not None:
            lists.setdefault(place.number, []).append(at)
    for items in lists.values():
        linked = sum(passages[at].linked for at in items)
        if len(items) > 1 and linked > 0.5 * sum(len(passages[at].text) for at in items):
            if not all(names_linked(passages[at]) for at in items):
                for at in items:
                    ranks[at] = Rank.NOISE


def _without_empty_headings(passages: Sequence[Passage], ranks: list[Rank]) -> list[Rank]:
    """A heading over nothing but noise ("Read more", then links) is noise with it."""
    ranks = list(ranks)
    for at in range(len(passages) - 1, -1, -1):
        below = ranks[at + 1] if at + 1 < len(ranks) else None
        if passages[at].place.tag in HEADINGS and ranks[at] is Rank.CORE and below is Rank.NOISE:
            ranks[at] = Rank.NOISE
    return ranks


def _blocks(passages: Sequence[Passage], ranks: Sequence[Rank]) -> Iterable[Block]:
    row: Place | None = None
    cells: list[str] = []
    for passage, passage_rank in zip(passages, ranks, strict=True):
        here = passage.place.within("tr") if passage.place.within("td", "th") else None
        if row is not None and here is not row:
            yield Block(BlockKind.ROW, " | ".join(cells))
            cells = []
        row = here
        if here is not None:
            cells.append(passage.text)
        else:
            yield Block(kind_of(passage.place), passage.text, passage_rank)
    if cells:
        yield Block(BlockKind.ROW, " | ".join(cells))


def kind_of(place: Place) -> BlockKind:
    for up in place.up():
        if up.tag in HEADINGS:
            return BlockKind.SUBHEADING
        if up.tag in ("li", "dd", "dt"):
            return BlockKind.ITEM
        if up.tag == "blockquote":
            return BlockKind.QUOTE
    return BlockKind.PARAGRAPH
