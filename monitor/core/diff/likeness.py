"""How alike two paragraphs are, and which of many are: weighted bags of words, and an index over them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import add
from typing import NamedTuple

Bag = Mapping[str, int]

INDEX_LIMIT = 200_000
"""Entries of the word index that are multiplied out; beyond, the commonest words are left out."""

CANDIDATES = 3
"""Paragraphs looked at more closely for each, where words were left out."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORDS = re.compile(r"\w+")
_WEIGHT_LIMIT = 7


class Likeness(NamedTuple):
    old: int
    new: int
    dice: float


def bag(text: str) -> Bag:
    """Words and how much they weigh: a long word says more than a short one. In unspaced scripts letters and pairs of
    letters: of pairs alone, hardly one stands twice in a text that was reworded a word at a time."""
    text = text.casefold()
    if text.isascii() or not _UNSPACED.search(text):
        words = Counter(_WORDS.findall(text))
        return {word: count * min(len(word), _WEIGHT_LIMIT) for word, count in words.items()}
    letters = "".join(_WORDS.findall(text))
    return Counter(chain(letters, map(add, letters, letters[1:])))


def joined(bags: Iterable[Bag]) -> Counter[str]:
    together: Counter[str] = Counter()
    for one in bags:
        together.update(one)
    return together


def weight(one: Bag) -> int:
    return sum(one.values())


def shared(one: Bag, other: Bag) -> int:
    """The weight of the words that both hold."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return sum(min(weight, many[word]) for word, weight in few.items() if word in many)


def dice(old: Bag, new: Bag) -> float:
    """The weight of the shared words over the mean weight of both: 0 to 1."""
    whole = weight(old) + weight(new)
    return 2 * shared(old, new) / whole if whole else 0.0


def within(part: Bag, whole: Bag) -> float:
    """How much of the part stands in the whole: 0 to 1."""
    return shared(part, whole) / weight(part) if part else 0.0


class Joint:
    """The words of several old paragraphs and of several new ones, more and more of them: how alike they are together,
    and what one more would do to that. To ask costs no more than that one paragraph has words."""

    def __init__(self, old: Iterable[Bag], new: Iterable[Bag]) -> None:
        self._old, self._new = joined(old), joined(new)
        self._whole, self._shared = weight(self._old) + weight(self._new), shared(self._old, self._new)

    @property
    def dice(self) -> float:
        return 2 * self._shared / self._whole if self._whole else 0.0

    def dice_with(self, one: Bag, *, new: bool) -> float:
        whole = self._whole + weight(one)
        return 2 * (self._shared + self._gain(one, new)) / whole if whole else 0.0

    def lacks(self, one: Bag, *, new: bool) -> float:
        """How much of that paragraph stands in what the other side has over: 0 to 1."""
        return self._gain(one, new) / weight(one) if one else 0.0

    def take(self, one: Bag, *, new: bool) -> None:
        self._shared += self._gain(one, new)
        self._whole += weight(one)
        (self._new if new else self._old).update(one)

    def _gain(self, one: Bag, new: bool) -> int:
        own, other = (self._new, self._old) if new else (self._old, self._new)
        return sum(max(0, min(weight, other[word] - own.get(word, 0))) for word, weight in one.items() if word in other)


def likenesses(old: Mapping[int, Bag], new: Mapping[int, Bag], least: float) -> list[Likeness]:
    """All pairs at least that much alike, by position. Where there is too much to compare, only the likeliest ones."""
    if len(old) == len(new) == 1:
        (a, here), (b, there) = *old.items(), *new.items()
        likeness = Likeness(a, b, dice(here, there))
        return [likeness] if likeness.dice >= least else []
    common, complete = _shared_weights(old, new)
    if not complete:
        common = {(a, b): shared(old[a], new[b]) for a, b in _likeliest(common)}
    old_sizes = {at: weight(one) for at, one in old.items()}
    new_sizes = {at: weight(one) for at, one in new.items()}
    alike = (Likeness(a, b, 2 * size / (old_sizes[a] + new_sizes[b])) for (a, b), size in common.items())
    return sorted(pair for pair in alike if pair.dice >= least)


Weights = dict[tuple[int, int], int]


def _shared_weights(old: Mapping[int, Bag], new: Mapping[int, Bag]) -> tuple[Weights, bool]:
    old_index, new_index = _index(old), _index(new)
    words = [(len(places) * len(new_index[word]), word) for word, places in old_index.items() if word in new_index]
    left = INDEX_LIMIT
    shared: Weights = defaultdict(int)
    for size, word in sorted(words):
        left -= size
        if left < 0:
            return shared, False
        for a, weight in old_index[word]:
            for b, other in new_index[word]:
                shared[a, b] += min(weight, other)
    return shared, True


def _index(bags: Mapping[int, Bag]) -> dict[str, list[tuple[int, int]]]:
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, one in bags.items():
        for word, weight in one.items():
            index[word].append((at, weight))
    return index


def _likeliest(shared: Weights) -> Sequence[tuple[int, int]]:
    best: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (a, b), weight in shared.items():
        best[a].append((-weight, b))
    return [(a, b) for a, others in best.items() for _, b in sorted(others)[:CANDIDATES]]
