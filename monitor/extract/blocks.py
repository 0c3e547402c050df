"""The body's passages as typed blocks, each with its rank: the story, what stands beside it, what is none of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from monitor.core.article import Block, BlockKind, Rank
from monitor.extract.body import Body
from monitor.extract.containers import CELLS, LEAVES
from monitor.extract.lines import after_the_story, is_label, is_styled, names_linked, rank
from monitor.extract.notes import is_note
from monitor.extract.signatures import Signatures, beside
from monitor.extract.tree import HEADINGS, Page, Passage, Place

CELL_LENGTH = 300
"""A cell longer than this lays out a page."""


def blocks_of(body: Body, *, language: str | None, page: Page, outside: Collection[int]) -> tuple[Block, ...]:
    """The passages as typed blocks with their rank; cells of one table row are one block. What stands among them on the
    page and is no part of the article is kept as noise, but for `outside`: the indices of other fields' passages."""
    passages = body.passages
    if body.texts:
        return tuple(Block(BlockKind.PARAGRAPH, text) for text in body.texts)
    ranks = [rank(passage, language=language, edge=False) for passage in passages]
    _rank_edges(passages, ranks, language)
    _rank_link_lists(passages, ranks)
    _rank_boxes(passages, ranks)
    ranks = _without_empty_headings(passages, ranks)
    _rank_sections(passages, ranks)
    after = after_the_story(passages, ranks)
    ranks = [Rank.PERIPHERAL if at in after else r for at, r in enumerate(ranks)]
    rank_of = {passage.index: rank for passage, rank in zip(passages, ranks, strict=True)}
    shown = sorted((*passages, *beside(page, passages, outside)), key=lambda passage: passage.index)
    signatures = Signatures(page, [p for p in shown if rank_of.get(p.index) is Rank.CORE])
    return tuple(typed(shown, rank_of, signatures=signatures))


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
BOX_LITTLE = 120
BOX_WORDS = 40


def _rank_boxes(passages: Sequence[Passage], ranks: list[Rank]) -> None:
    """Small boxes among the paragraphs: fact boxes, calls to the reader, lines under embeds. They are kept beside
    the story: a line set apart by its style or in no paragraph, what closes the body, a headed box of a few lines."""
    total = sum(len(passage.text) for passage in passages)
    story = [at for at, passage in enumerate(passages) if ranks[at] is Rank.CORE and not passage.boxed]
    if not story:
        return
    for box in _boxes(passages):
        core = [at for at in box if ranks[at] is Rank.CORE and not is_note(passages[at])]
        length = sum(len(passages[at].text) for at in core)
        small = length <= max(BOX_LITTLE, BOX_SHARE * total) and all(passages[at].count <= BOX_WORDS for at in core)
        headed = len(box) > 1 and passages[box[0]].place.tag in HEADINGS
        styled = all(is_styled(passages[at]) and passages[at].place.tag not in HEADINGS for at in core)
        bare = len(box) == 1 and passages[box[0]].place.tag not in LEAVES
        if small and (headed or styled or bare or box[0] > story[-1]):
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


SECTIONS = 3
"""So many headings that look alike, each over running text, head the sections of the story."""


def _rank_sections(passages: Sequence[Passage], ranks: list[Rank]) -> None:
    """Headings that are links, or stand over one, and have the story below them: a list of products, of places."""
    sections: dict[tuple[str, frozenset[str], str, frozenset[str]], list[int]] = {}
    told = False
    for at in range(len(passages) - 1, -1, -1):
        place = passages[at].place
        if place.tag not in HEADINGS:
            told = told or (ranks[at] is Rank.CORE and not passages[at].boxed)
        else:
            if told and place.parent is not None and not is_label(passages[at]):
                sections.setdefault((place.tag, place.words, place.parent.tag, place.parent.words), []).append(at)
            told = False
    for headings in sections.values():
        if len(headings) >= SECTIONS:
            for at in headings:
                ranks[at] = Rank.CORE


def typed(
    shown: Sequence[Passage],
    rank_of: Mapping[int, Rank],
    *,
    signatures: Signatures | None = None,
    entry: str | None = None,
) -> Iterable[Block]:
    """The passages as blocks, all of one entry. `rank_of` goes by their indices; those without a rank are none of the
    body's."""
    row: Place | None = None
    cells: list[str] = []
    signature: str | None = None
    for passage in shown:
        passage_rank = rank_of.get(passage.index)
        here = _row(passage) if passage_rank is not None and passage.place.tag in CELLS else None
        if row is not None and here is not row:
            yield Block(BlockKind.ROW, " | ".join(cells), entry=entry, signature=signature)
            cells = []
        signature = signatures.of(passage, core=passage_rank is Rank.CORE) if signatures else None
        row = here
        if here is not None:
            cells.append(passage.text)
        else:
            yield Block(kind_of(passage.place), passage.text, passage_rank or Rank.NOISE, entry, signature)
    if cells:
        yield Block(BlockKind.ROW, " | ".join(cells), entry=entry, signature=signature)


def _row(passage: Passage) -> Place | None:
    """The table row that a cell stands in; None in a table that lays out the page."""
    return passage.place.within("tr") if len(passage.text) <= CELL_LENGTH else None


def kind_of(place: Place) -> BlockKind:
    up: Place | None = place
    while up is not None:
        if up.tag in _KINDS:
            return _KINDS[up.tag]
        up = up.parent
    return BlockKind.PARAGRAPH


_KINDS = {
    **dict.fromkeys(HEADINGS, BlockKind.SUBHEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.ITEM),
    "blockquote": BlockKind.QUOTE,
}
