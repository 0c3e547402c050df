"""By what a block is known again on other pages of its host: the kinds and names of the elements it stands in below the
body's container, its place in the story, how much of it is links.

Only what stands apart from the story has a signature. The story's own paragraphs and headings have none, so that
nothing that is learned of signatures can touch them.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from monitor.extract.containers import LEAVES
from monitor.extract.lines import is_running_text
from monitor.extract.tree import HEADINGS, Page, Passage, Place

Path = tuple[tuple[str, frozenset[str]], ...]
"""Tag and names of the elements that a passage stands in below the body's container, innermost first."""

OWN_SHARE = 0.15
"""Elements that hold this part of the story's running text, in several passages, are how the page sets paragraphs."""

LEVELS = 4
NAMES = 5
"""So many elements, and names of each, stand in a signature."""

BESIDE = 100
"""So many passages that stand in the body's span and are none of it are kept beside it."""

LINE = 60
"""Characters above which a paragraph is more than a line of a box."""

MOSTLY_LINKS = 0.6
PARTLY_LINKS = 0.2

PLAIN = LEAVES | {"div", "section", "article", "main", "span"}


class Signatures:
    """The signatures of one page's passages. `story` are those of the body's core."""

    def __init__(self, page: Page, story: Sequence[Passage]) -> None:
        running = [passage for passage in story if is_running_text(passage)] or list(story)
        self._around = _around(page, running)
        self._own = self._paths_of(running)
        indices = [passage.index for passage in story]
        self._first, self._last = (indices[0], indices[-1]) if indices else (0, -1)

    def _paths_of(self, running: Sequence[Passage]) -> frozenset[Path]:
        held: Counter[Path] = Counter()
        count: Counter[Path] = Counter()
        for passage in running:
            path = self._path(passage)
            held[path] += len(passage.text)
            count[path] += 1
        enough = OWN_SHARE * sum(held.values())
        most = max(held, key=lambda path: held[path], default=None)
        return frozenset(p for p, length in held.items() if p == most or (length >= enough and count[p] > 1))

    def _path(self, passage: Passage) -> Path:
        levels = []
        for place in passage.place.up():
            if place.number in self._around:
                break
            levels.append((place.tag, place.words))
        return tuple(levels)

    def of(self, passage: Passage, *, core: bool) -> str | None:
        """None for a passage of the story's own kind. `core`: it counts among the story."""
        path = self._path(passage)
        if core and (path in self._own or _is_plain(path) or _is_paragraph(passage, path)):
            return None
        shown = [_said(tag, words) for tag, words in reversed(path[:LEVELS])]
        return " ".join((self._where(passage), *shown, *_linked(passage)))

    def _where(self, passage: Passage) -> str:
        if passage.index < self._first:
            return "before:"
        return "after:" if passage.index > self._last else "amid:"


def _around(page: Page, running: Sequence[Passage]) -> frozenset[int]:
    """The numbers of the places that hold more than half of the running text: the body's container, and all round."""
    held: Counter[int] = Counter()
    for passage in running:
        for place in passage.place.up():
            held[place.number] += len(passage.text)
    total = sum(len(passage.text) for passage in running)
    wide = (number for number, length in held.items() if 2 * length > total)
    return frozenset(number for number in wide if not _is_leaf(page.places[number], len(running)))


def _is_leaf(place: Place, passages: int) -> bool:
    """A story of one paragraph stands in that paragraph, which is no container."""
    return place.tag in LEAVES and passages == 1


def _is_plain(path: Path) -> bool:
    """Whether nothing on the way has a name: how a text is set, not a box in it."""
    return all(tag in PLAIN and not words for tag, words in path) and (not path or path[0][0] in LEAVES)


def _is_paragraph(passage: Passage, path: Path) -> bool:
    """A paragraph or heading of the body's container is the story's, whatever it is called: a lead, a section."""
    if len(path) != 1 or path[0][0] not in LEAVES:
        return False
    return path[0][0] in HEADINGS or (len(passage.text) > LINE and passage.link_share < MOSTLY_LINKS)


def _said(tag: str, words: Collection[str]) -> str:
    return ".".join((tag, *sorted(words)[:NAMES]))


def _linked(passage: Passage) -> tuple[str, ...]:
    if passage.link_share >= MOSTLY_LINKS:
        return ("(links)",)
    return ("(linked)",) if passage.link_share >= PARTLY_LINKS else ()


def beside(page: Page, taken: Sequence[Passage], outside: Collection[int]) -> list[Passage]:
    """The passages that stand in the body's span and belong to nothing that is read. Boxes come and go there; what is
    one at this visit may be taken for text of the story at another."""
    if not taken:
        return []
    known = {passage.index for passage in taken}
    span = page.passages[taken[0].index : taken[-1].index + 1]
    return [p for p in span if p.index not in known and p.index not in outside][:BESIDE]
