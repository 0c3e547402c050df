"""The containers that passages stand in, told from what merely wraps a paragraph."""

import itertools
from collections import Counter
from collections.abc import Sequence

from monitor.extract.lines import is_running_text
from monitor.extract.tree import HEADINGS, Passage, Place

Key = tuple[str, frozenset[str], int]
"""How a container looks: tag, words of its names, depth."""

SHARE = 0.15
"""A container with this part of the body's text is one of the body's own."""

LINKED_SHARE = 0.35
"""A second container with so many characters in links for those outside of them lists other stories."""

FAR = 15
"""With more passages than this in between, what stands below the body is no part of it."""

LISTS = frozenset(("li", "ul", "ol", "dl", "dt", "dd"))
TABLES = frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption", "colgroup"))
CELLS = ("td", "th")
CELL_HOLDS = 3
LEAVES = HEADINGS | LISTS | TABLES | frozenset(("p", "blockquote", "q", "pre", "center", "figcaption"))


class Homes:
    """The containers that passages stand in. A wrapper round a single passage is no container, so that wrapping
    paragraphs, as experiments with a page's layout do, moves nothing; nor is one of several such wrappers that
    happens to hold a second."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        standing = {passage.place.number: passage.place for passage in passages}
        places: dict[int, Place] = {}
        self._held: Counter[int] = Counter()
        for place in standing.values():
            for up in place.up():
                places[up.number] = up
                self._held[up.number] += 1
        self._direct: Counter[int] = Counter(passage.place.number for passage in passages)
        self._passages = passages
        self._found: dict[int, Key] = {}
        self._keys: dict[int, Key] = {}
        self._alike: Counter[Key] = Counter()
        self._held_alike: Counter[Key] = Counter()
        for number, place in places.items():
            key = self.key_of(place)
            self._alike[key] += 1
            self._held_alike[key] += self._held[number]

    def home(self, passage: Passage) -> Place:
        place = passage.place
        if place.tag not in LEAVES and self._direct[place.number] > 1:
            return place
        wrapped = 1
        while place.parent is not None and self._is_passed(place, wrapped):
            wrapped = self._held[place.number] if place.tag in LEAVES else wrapped
            place = place.parent
        return place

    def _is_passed(self, place: Place, wrapped: int) -> bool:
        """Whether a place is no container: it wraps one passage, or the passages (`wrapped`) of one list or table.
        A cell that holds a whole text is a container: such tables lay out a page."""
        held = self._held[place.number]
        if place.tag in LEAVES:
            return held == 1 or not (place.tag in CELLS and held > CELL_HOLDS)
        key = self.key_of(place)
        return held in (1, wrapped) or self._held_alike[key] < 2 * self._alike[key]

    def key(self, passage: Passage) -> Key:
        """Containers that look alike at the same depth are one: a body in several sections."""
        key = self._found.get(passage.index)
        if key is None:
            key = self._found[passage.index] = self.key_of(self.home(passage))
        return key

    def key_of(self, place: Place) -> Key:
        key = self._keys.get(place.number)
        if key is None:
            depth = self.key_of(place.parent)[2] + 1 if place.parent is not None else 1
            key = self._keys[place.number] = (place.tag, place.words, depth)
        return key

    def of_body(self, passages: Sequence[Passage], first: int) -> frozenset[Key]:
        """The containers that hold a fair part of the text taken, from the passage `first` on: the largest, and
        those that are no list of other stories, each a link and a sentence, and do not stand apart below it."""
        held: Counter[Key] = Counter()
        for passage in passages:
            if passage.link_share < 0.6:
                held[self.key(passage)] += len(passage.text)
        enough = {key: None for key, length in held.items() if length >= SHARE * sum(held.values())}
        richest = self._richest(first)
        if richest is not None and richest in held:
            enough[richest] = None
        if len(enough) < 2:
            return frozenset(enough)
        linked = Counter(dict.fromkeys(enough, 0))
        for passage in self._passages:
            if (key := self.key(passage)) in linked:
                linked[key] += passage.linked
        largest = max(enough, key=lambda key: held[key] - 3 * linked[key])
        last = max(passage.index for passage in passages if self.key(passage) == largest)
        trailing = [key for key in enough if self._is_apart(key, passages, last)]
        return frozenset(
            key for key in enough if key == largest or (linked[key] < LINKED_SHARE * held[key] and key not in trailing)
        )

    def _richest(self, first: int) -> Key | None:
        """The container with the most running text, a second witness where an extractor took a part of the body."""
        prose: Counter[Key] = Counter()
        for passage in self._passages:
            if passage.index >= first and is_running_text(passage):
                prose[self.key(passage)] += len(passage.text)
        return max(prose, key=lambda key: prose[key], default=None)

    def _is_apart(self, key: Key, passages: Sequence[Passage], last: int) -> bool:
        """Whether a container stands below the others, and far below or with but one passage of those taken: a list
        of other stories, a notice."""
        held = [passage.index for passage in passages if self.key(passage) == key]
        between = sum(last < passage.index < held[0] for passage in self._passages)
        return held[0] > last and (len(held) == 1 or between > FAR)

    def wrappers(self, passage: Passage) -> tuple[tuple[str, frozenset[str]], ...]:
        """What stands between the passage and its container, lists and tables not counted."""
        home = self.home(passage)
        between = itertools.takewhile(lambda place: place is not home, passage.place.up())
        return tuple((place.tag, place.words) for place in between if place.tag not in LISTS | TABLES)
