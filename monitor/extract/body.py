"""Which passages of the page are the body: trafilatura says where it is, the page's own structure where it ends."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.core.article import Block, BlockKind, Rank
from monitor.core.text import normalise, squeeze
from monitor.extract.lines import after_the_story, ends_like_prose, is_styled, names_linked, rank
from monitor.extract.notes import is_note
from monitor.extract.tree import HEADINGS, Page, Passage, Place

Key = tuple[str, frozenset[str], int]
"""How a container looks: tag, words of its names, depth."""

THIN = 250
"""A body of fewer characters than this is looked for by other means too."""

SHARE = 0.15
"""A container with this part of the body's text is one of the body's own."""

LISTS = frozenset(("li", "ul", "ol", "dl", "dt", "dd"))
TABLES = frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption", "colgroup"))
CELLS = ("td", "th")
CELL_HOLDS = 3
CELL_LENGTH = 300
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
    method = "trafilatura"
    found = _by_trafilatura(passages, html, first, thorough=False)
    if _length(found) < THIN:
        method = "recall"
        found = _by_trafilatura(passages, html, first, thorough=True)
    fuller = next((text for text in articles if _tells_more(text, found)), None)
    if fuller is not None:
        return Body((), "json-ld", tuple(line for part in fuller.split("\n") if (line := normalise(part))))
    return Body(tuple(found), method if found else "none")


def _tells_more(text: str, found: Sequence[Passage]) -> bool:
    """Whether JSON-LD has the same article at more than twice the length: the page shows its opening only, or builds
    itself in the browser."""
    if len(text) < THIN or len(text) < FULLER * _length(found):
        return False
    squeezed = _squeeze(text)
    return all(_squeeze(passage.text)[:60] in squeezed for passage in found if _goes_on(passage))


FULLER = 2.5


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
        # Any but "python", which would render the text as well; the body is the same.
        output_format="txt",
    )
    if not isinstance(document, Document) or document.body is None:
        return "", set()
    known: dict[etree._Element, str] = {}
    lines = [known[e] if e in known else known.setdefault(e, _squeeze(_text_of(e))) for e in _leaves(document.body)]
    return "".join(lines), {line for line in lines if line}


def _text_of(element: etree._Element) -> str:
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def _leaves(body: etree._Element) -> Iterable[etree._Element]:
    yield from body
    for tag in ("item", "cell", "p", "head", "quote"):
        yield from body.iter(tag)


def _squeeze(text: str) -> str:
    return squeeze(normalise(text))


def _selection(passages: Sequence[Passage], text: str, lines: set[str], first: int) -> list[Passage]:
    """The passages that trafilatura took, less strays, and those that stand among them in the body's containers."""
    taken = {p.index for p in passages if p.index >= first and _is_taken(p, text, lines)}
    homes = _Homes(passages)
    own = homes.of_body([p for p in passages if p.index in taken])
    if not own:
        return [p for p in passages if p.index in taken]
    nested = _nested(passages, own, homes, first)
    taken |= {p.index for p in passages if p.index >= first and homes.key(p) in nested and _goes_on(p)}
    own |= nested
    start, end = _span(passages, taken, homes, own)
    opening = {p.index for p in passages if p.index in taken and p.index < start and _opens(p)}
    selected = [
        p
        for p in passages
        if not _in_figure(p) and (p.index in opening or (start <= p.index <= end and _belongs(p, taken, homes, own)))
    ]
    wrappers = Counter(homes.wrapper(p) for p in selected)
    for passage in selected:
        wrapper = homes.wrapper(passage)
        depth = len(wrapper) + (passage.place.tag not in LEAVES)
        passage.boxed = homes.key(passage) not in own or (depth > BOX_DEPTH and wrappers[wrapper] < 3)
    return selected


def _belongs(passage: Passage, taken: set[int], homes: "_Homes", own: frozenset[Key]) -> bool:
    """Whether a passage between the body's first and last is of the body."""
    if homes.key(passage) in own:
        return True
    return passage.link_share < 0.5 and (passage.index in taken or passage.place.within("blockquote") is not None)


def _opens(passage: Passage) -> bool:
    """Whether a passage above the body's container is a paragraph of the story: a claim in a box, a first sentence."""
    return passage.place.tag == "p" and _goes_on(passage)


BOX_DEPTH = 2
"""A passage deeper below the body's container than this, and wrapped as no other two are, is in a box."""


NESTED_SHARE = 0.3


def _nested(passages: Sequence[Passage], own: frozenset[Key], homes: "_Homes", first: int) -> frozenset[Key]:
    """The containers inside the body's that hold much running text too: their names misled (a part that is "hidden"
    until the reader scrolls)."""
    prose: Counter[Key] = Counter()
    nested: set[Key] = set()
    for passage in passages:
        if passage.index >= first and _goes_on(passage) and not _in_figure(passage):
            key = homes.key(passage)
            prose[key] += len(passage.text)
            if key not in own and any(homes.key_of(up) in own for up in homes.home(passage).up()):
                nested.add(key)
    enough = NESTED_SHARE * sum(prose[key] for key in own)
    return frozenset(key for key in nested if prose[key] >= enough)


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


def _span(passages: Sequence[Passage], taken: set[int], homes: "_Homes", own: frozenset[Key]) -> tuple[int, int]:
    """From the first to the last passage taken in the body's containers, and on over the prose that goes on there."""
    inside = [at for at, p in enumerate(passages) if p.index in taken and homes.key(p) in own]
    start, end = inside[0], inside[-1]
    while end + 1 < len(passages) and homes.key(passages[end + 1]) in own and _goes_on(passages[end + 1]):
        end += 1
    return passages[start].index, passages[end].index


def _goes_on(passage: Passage) -> bool:
    return len(passage.text) > 60 and passage.link_share < 0.3 and ends_like_prose(passage.text)


class _Homes:
    """The containers that passages stand in. A wrapper round a single passage is no container, so that wrapping
    paragraphs, as experiments with a page's layout do, moves nothing."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        standing = {passage.place.number: passage.place for passage in passages}
        self._held: Counter[int] = Counter(up.number for place in standing.values() for up in place.up())
        self._direct: Counter[int] = Counter(passage.place.number for passage in passages)

    def home(self, passage: Passage) -> Place:
        place = passage.place
        if place.tag not in LEAVES and self._direct[place.number] > 1:
            return place
        while place.parent is not None and self._is_passed(place):
            place = place.parent
        return place

    def _is_passed(self, place: Place) -> bool:
        """A cell that holds a whole text is a container: such tables lay out a page."""
        held = self._held[place.number]
        return held == 1 or (place.tag in LEAVES and not (place.tag in CELLS and held > CELL_HOLDS))

    def key(self, passage: Passage) -> Key:
        """Containers that look alike at the same depth are one: a body in several sections."""
        return self.key_of(self.home(passage))

    def key_of(self, place: Place) -> Key:
        return (place.tag, place.words, sum(1 for _ in place.up()))

    def of_body(self, passages: Sequence[Passage]) -> frozenset[Key]:
        """The containers that hold a fair part of the text taken."""
        held: Counter[Key] = Counter()
        for passage in passages:
            if passage.link_share < 0.6:
                held[self.key(passage)] += len(passage.text)
        total = sum(held.values())
        return frozenset(key for key, length in held.items() if length >= SHARE * total)

    def wrapper(self, passage: Passage) -> tuple[tuple[str, frozenset[str]], ...]:
        """What stands between the passage and its container, lists and tables not counted."""
        home = self.home(passage)
        between = itertools.takewhile(lambda place: place is not home, passage.place.up())
        return tuple((place.tag, place.words) for place in between if place.tag not in LISTS | TABLES)


def blocks_of(body: Body, *, language: str | None) -> tuple[Block, ...]:
    """The passages as typed blocks with their rank; cells of one table row are one block."""
    passages = body.passages
    if body.texts:
        return tuple(Block(BlockKind.PARAGRAPH, text) for text in body.texts)
    ranks = [rank(passage, language=language, edge=False) for passage in passages]
    _rank_edges(passages, ranks, language)
    _rank_link_lists(passages, ranks)
    _rank_boxes(passages, ranks)
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
        length = sum(len(passages[at].text) for at in items)
        if len(items) > 1 and linked > 0.4 * length and not all(names_linked(passages[at]) for at in items):
            for at in items:
                ranks[at] = Rank.NOISE


BOX_SHARE = 0.12
BOX_WORDS = 40


def _rank_boxes(passages: Sequence[Passage], ranks: list[Rank]) -> None:
    """Small boxes among the paragraphs: fact boxes, calls to the reader, lines under embeds. They are kept beside
    the story: a line set apart by its style, what closes the body, and a headed box of a few lines."""
    total = sum(len(passage.text) for passage in passages)
    story = [at for at, passage in enumerate(passages) if ranks[at] is Rank.CORE and not passage.boxed]
    if not story:
        return
    for box in _boxes(passages):
        core = [at for at in box if ranks[at] is Rank.CORE and not is_note(passages[at])]
        length = sum(len(passages[at].text) for at in core)
        small = length <= BOX_SHARE * total and all(passages[at].count <= BOX_WORDS for at in core)
        headed = len(box) > 1 and passages[box[0]].place.tag in HEADINGS
        styled = all(is_styled(passages[at]) and passages[at].place.tag not in HEADINGS for at in core)
        if small and (headed or styled or box[0] > story[-1]):
            for at in core:
                ranks[at] = Rank.PERIPHERAL


def _boxes(passages: Sequence[Passage]) -> Iterable[list[int]]:
    box: list[int] = []
    for at, passage in enumerate(passages):
        if passage.boxed:
            box.append(at)
        elif box:
            yield box
            box = []
    if box:
        yield box


def _without_empty_headings(passages: Sequence[Passage], ranks: list[Rank]) -> list[Rank]:
    """A heading over nothing but links elsewhere is noise with them; a label ("Advertisement") in between is none."""
    ranks = list(ranks)
    over_links = False
    for at in range(len(passages) - 1, -1, -1):
        if ranks[at] is Rank.NOISE:
            over_links = over_links or passages[at].link_share > 0.5
            continue
        if passages[at].place.tag in HEADINGS and over_links:
            ranks[at] = Rank.NOISE
        over_links = False
    return ranks


def _blocks(passages: Sequence[Passage], ranks: Sequence[Rank]) -> Iterable[Block]:
    row: Place | None = None
    cells: list[str] = []
    for passage, passage_rank in zip(passages, ranks, strict=True):
        here = _row(passage)
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


def _row(passage: Passage) -> Place | None:
    """The table row that the passage is a cell of; None in a table that lays out the page."""
    is_cell = passage.place.tag in CELLS and len(passage.text) <= CELL_LENGTH
    return passage.place.within("tr") if is_cell else None


def kind_of(place: Place) -> BlockKind:
    for up in place.up():
        if up.tag in HEADINGS:
            return BlockKind.SUBHEADING
        if up.tag in ("li", "dd", "dt"):
            return BlockKind.ITEM
        if up.tag == "blockquote":
            return BlockKind.QUOTE
    return BlockKind.PARAGRAPH
