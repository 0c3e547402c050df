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


def joined(bags: Iterable[Bag]) -> Bag:
    together: Counter[str] = Counter()
    for one in bags:
        together.update(one)
    return together


def dice(old: Bag, new: Bag) -> float:
    """The weight of the shared words over the mean weight of both: 0 to 1."""
    whole = sum(old.values()) + sum(new.values())
    shared = sum(min(weight, new[word]) for word, weight in old.items() if word in new)
    return 2 * shared / whole if whole else 0.0


def less(one: Bag, other: Bag) -> Bag:
    """What the one has more of than the other."""
    return {word: weight - other.get(word, 0) for word, weight in one.items() if weight > other.get(word, 0)}


def within(part: Bag, whole: Bag) -> float:
    """How much of the part stands in the whole: 0 to 1."""
    shared = sum(min(weight, whole[word]) for word, weight in part.items() if word in whole)
    return shared / sum(part.values()) if part else 0.0


def likenesses(old: Mapping[int, Bag], new: Mapping[int, Bag], least: float) -> list[Likeness]:
    """All pairs at least that much alike, by position. Where there is too much to compare, only the likeliest ones."""
    if len(old) == len(new) == 1:
        (a, here), (b, there) = *old.items(), *new.items()
        likeness = Likeness(a, b, dice(here, there))
        return [likeness] if likeness.dice >= least else []
    shared, complete = _shared_weights(old, new)
    if not complete:
        shared = _exactly(old, new, _likeliest(shared))
    old_sizes = {at: sum(one.values()) for at, one in old.items()}
    new_sizes = {at: sum(one.values()) for at, one in new.items()}
    alike = (Likeness(a, b, 2 * weight / (old_sizes[a] + new_sizes[b])) for (a, b), weight in shared.items())
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


def _exactly(old: Mapping[int, Bag], new: Mapping[int, Bag], pairs: Iterable[tuple[int, int]]) -> Weights:
    return {
        (a, b): sum(min(weight, new[b][word]) for word, weight in old[a].items() if word in new[b]) for a, b in pairs
    }
