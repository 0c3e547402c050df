"""A page's places as an outline: what each holds, with all that stands in it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.extract.extent import extent
from monitor.extract.tree import Page, Passage, Place

PROSE = 40
"""A passage longer than this, and not half of links, says something."""


@dataclass(frozen=True, slots=True)
class Outline:
    """By the number of a place: the first and the last passage in it (`first` is greater where there is none), the
    last place in it, how deep it stands, and how many characters of prose it holds."""

    page: Page
    first: Sequence[int]
    last: Sequence[int]
    end: Sequence[int]
    depth: Sequence[int]
    prose: Sequence[int]

    @classmethod
    def of(cls, page: Page) -> "Outline":
        size = len(page.places)
        first, last, prose = [len(page.passages)] * size, [-1] * size, [0] * size
        end, depth = list(range(size)), [0] * size
        # Paid for every page that may be a live blog, for each of its thousands of places: it calls little.
        for passage in page.passages:
            number = passage.place.number
            if last[number] < 0:
                first[number] = passage.index
            last[number] = passage.index
            if says_something(passage):
                prose[number] += len(passage.text)
        above = [place.parent.number if place.parent is not None else 0 for place in page.places]
        for number in range(1, size):
            depth[number] = depth[above[number]] + 1
        # What stands in a place stands in the one above it.
        for number in range(size - 1, 0, -1):
            up = above[number]
            if last[number] >= 0:
                first[up] = min(first[up], first[number])
                last[up] = max(last[up], last[number])
                prose[up] += prose[number]
            if end[up] < end[number]:
                end[up] = end[number]
        return cls(page, first, last, end, depth, prose)

    def passages(self, place: Place) -> list[Passage]:
        """All in the place, in reading order: they stand together."""
        return self.page.passages[self.first[place.number] : self.last[place.number] + 1]

    def places(self, place: Place, most: int) -> list[Place]:
        """The place and the first of those in it."""
        return self.page.places[place.number : min(self.end[place.number] + 1, place.number + most)]

    def holds(self, place: Place, numbers: Sequence[int]) -> bool:
        """Whether one of the places with these numbers, which are sorted, is the place or stands in it."""
        at = bisect_left(numbers, place.number)
        return at < len(numbers) and numbers[at] <= self.end[place.number]

    def shows(self, place: Place, indexes: Sequence[int]) -> bool:
        """Whether one of the passages with these indexes, which are sorted, stands in it."""
        at = bisect_left(indexes, self.first[place.number])
        return at < len(indexes) and indexes[at] <= self.last[place.number]


def says_something(passage: Passage) -> bool:
    text = passage.text
    return (len(text) > PROSE or (not text.isascii() and extent(passage) > PROSE)) and passage.linked < 0.4 * len(text)
