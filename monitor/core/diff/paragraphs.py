"""Two lists of paragraphs -> what became of each: kept, changed, split, joined, moved, deleted or new."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from monitor.core.diff.likeness import Bag, Joint, Likeness, bag, dice, joined, likenesses, shared, weight, within
from monitor.core.diff.matching import Budget, Run, patient_runs
from monitor.core.diff.tokens import folded

PAIR_FROM = 0.3
"""Likeness from which two paragraphs of one gap are the same, reworded (measured: flat between 0.2 and 0.4)."""

SURE_FROM = 0.8
"""Likeness from which two paragraphs that stand at the same end of a gap are the same, whatever else there is."""

MOVE_FROM = 0.7
MOVE_LENGTH = 30
"""Likeness and characters from which a paragraph elsewhere is the same, moved."""

GROWTH = 0.05
"""By how much a neighbour must raise the likeness to be the other half of a split or joined paragraph."""

PART_FROM = 0.7
"""How much of a neighbour must stand in what the other side has over, where it raises the likeness by less."""

JOINED_FROM = 0.6
"""Likeness from which one paragraph and all that stands in its gap are the same text."""

ELSEWHERE = 0.3
"""How much more alike a paragraph elsewhere must be, for two not to be paired in their gap."""


GIANT = 50_000
"""Characters of a paragraph that is compared word by word without asking how much alike it is."""

PARAGRAPHS_LIMIT = 20_000
"""Changed paragraphs beyond which none is compared with any other, and those that stand together are told as one."""


class BlockOp(StrEnum):
    EQUAL = "equal"
    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_OUT = "moved out"
    MOVED_IN = "moved in"


class Span(NamedTuple):
    """Positions `start` up to, but not with, `stop`."""

    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start


class Pair(NamedTuple):
    old: Span
    new: Span


class _Neighbour(NamedTuple):
    """A paragraph beside a pair, and the pair with it."""

    wider: Pair
    words: Bag
    is_new: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs of the old and the new text, by position. `cosmetic`: they differ in no word."""

    op: BlockOp
    old: Span
    new: Span
    cosmetic: bool = False


def blocks(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Block]:
    """What became of the paragraphs, in the order of the new text; what left stands before what came.

    A moved paragraph is told twice: where it went out and where it came in, each time with both positions.
    """
    return _Alignment(old, new, budget).blocks()


class _Alignment:
    def __init__(self, old: Sequence[str], new: Sequence[str], budget: Budget) -> None:
        self.old, self.new, self.budget = old, new, budget
        self.old_keys, self.new_keys = _keys(old, new)
        self.runs = patient_runs(self.old_keys, self.new_keys, budget)
        self.gaps = list(_gaps(self.runs, len(old), len(new)))
        self.left_old = {at for gap in self.gaps for at in range(*gap.old)}
        self.left_new = {at for gap in self.gaps for at in range(*gap.new)}
        self.moves: list[tuple[int, int]] = []
        self.pairs: list[Pair] = []

    def blocks(self) -> list[Block]:
        self._take_exact_moves()
        crowded = len(self.left_old) + len(self.left_new) > PARAGRAPHS_LIMIT
        if not crowded:
            self._take_likenesses()
        return list(self._told(_stretches if crowded else _singles))

    def _take_likenesses(self) -> None:
        if self._is_one_giant():
            self._pair(self.gaps[0])
            return
        self.old_bags = {at: bag(self.old[at]) for at in sorted(self.left_old)}
        self.new_bags = {at: bag(self.new[at]) for at in sorted(self.left_new)}
        self._take_joined_gaps(self.gaps)
        self._take_ends()
        self._take_joined_gaps(map(self._rest, self.gaps))
        alike = likenesses(_of(self.old_bags, self.left_old), _of(self.new_bags, self.left_new), PAIR_FROM)
        self._take_pairs(alike)
        self._grow_pairs()
        self._take_moves(alike)

    def _is_one_giant(self) -> bool:
        """Whether all that is left is one paragraph on either side, so long that its words are better compared once
        than twice."""
        if [(gap.old.size, gap.new.size) for gap in self.gaps] != [(1, 1)] or not self.left_old:
            return False
        return min(len(self.old[self.gaps[0].old.start]), len(self.new[self.gaps[0].new.start])) > GIANT

    def _take_exact_moves(self) -> None:
        """Paragraphs that stand once in the gaps of either side, in different gaps or out of order."""
        here, there = _once(self.old_keys, self.left_old), _once(self.new_keys, self.left_new)
        for key, at in here.items():
            if key in there and self._movable(at, there[key]):
                self._move(at, there[key])

    def _movable(self, old: int, new: int) -> bool:
        return min(len(self.old[old].strip()), len(self.new[new].strip())) >= MOVE_LENGTH

    def _move(self, old: int, new: int) -> None:
        self.moves.append((old, new))
        self.left_old.discard(old)
        self.left_new.discard(new)

    def _pair(self, pair: Pair) -> None:
        self.pairs.append(pair)
        self.left_old.difference_update(range(*pair.old))
        self.left_new.difference_update(range(*pair.new))

    def _take_joined_gaps(self, gaps: Iterable[Pair]) -> None:
        """One paragraph on one side and several on the other, of the same words: it was split, or they were joined."""
        for gap in gaps:
            if min(gap.old.size, gap.new.size) == 1 and gap.old.size != gap.new.size and self._all_left(gap):
                self._take_joined_gap(gap)

    def _take_joined_gap(self, gap: Pair) -> None:
        """Only if the whole gap is more alike than any one of its paragraphs is; but for those at its ends that are not
        part of it."""
        is_split = gap.old.size == 1
        lone = self.old_bags[gap.old.start] if is_split else self.new_bags[gap.new.start]
        several, bags = (gap.new, self.new_bags) if is_split else (gap.old, self.old_bags)
        parts = {at: bags[at] for at in range(*several)}
        size = weight(lone)
        best = max(2 * shared(part, lone) / max(1, size + weight(part)) for part in parts.values())
        likeness = dice(lone, joined(parts.values()))
        if likeness >= JOINED_FROM and likeness > best + GROWTH:
            inner = _covering([at for at, part in parts.items() if within(part, lone) >= PART_FROM], several)
            self._pair(Pair(gap.old, inner) if is_split else Pair(inner, gap.new))

    def _all_left(self, pair: Pair) -> bool:
        return self.left_old.issuperset(range(*pair.old)) and self.left_new.issuperset(range(*pair.new))

    def _take_ends(self) -> None:
        """From either end of each gap the paragraphs that are hardly reworded: no other can be meant, and none need be
        compared with them."""
        for gap in self.gaps:
            for pairs in (zip(range(*gap.old), range(*gap.new), strict=False), _from_the_end(gap)):
                for old, new in pairs:
                    if not (old in self.left_old and new in self.left_new) or self._reworded(old, new):
                        break
                    self._pair(Pair(_single(old), _single(new)))

    def _rest(self, gap: Pair) -> Pair:
        """What is left between the ends of a gap."""
        old = [at for at in range(*gap.old) if at in self.left_old]
        new = [at for at in range(*gap.new) if at in self.left_new]
        return Pair(_covering(old, gap.old), _covering(new, gap.new))

    def _reworded(self, old: int, new: int) -> bool:
        return dice(self.old_bags[old], self.new_bags[new]) < SURE_FROM

    def _take_pairs(self, alike: Sequence[Likeness]) -> None:
        """In each gap the heaviest chain of likenesses that cross nowhere."""
        gap_of_old = _gap_index(gap.old for gap in self.gaps)
        gap_of_new = _gap_index(gap.new for gap in self.gaps)
        better = self._better_elsewhere(alike)
        chains: dict[int, list[Likeness]] = defaultdict(list)
        for one in alike:
            if gap_of_old[one.old] == gap_of_new[one.new] and self._free(one) and one not in better:
                chains[gap_of_old[one.old]].append(one)
        for chain in chains.values():
            for one in heaviest_rise(chain):
                self._pair(Pair(_single(one.old), _single(one.new)))

    def _free(self, one: Likeness) -> bool:
        return one.old in self.left_old and one.new in self.left_new

    def _better_elsewhere(self, alike: Sequence[Likeness]) -> set[Likeness]:
        best_old: dict[int, float] = defaultdict(float)
        best_new: dict[int, float] = defaultdict(float)
        for one in alike:
            if one.dice >= MOVE_FROM and self._movable(one.old, one.new):
                best_old[one.old] = max(best_old[one.old], one.dice)
                best_new[one.new] = max(best_new[one.new], one.dice)
        return {one for one in alike if max(best_old[one.old], best_new[one.new]) > one.dice + ELSEWHERE}

    def _grow_pairs(self) -> None:
        """A paragraph that was split or joined: take in the neighbours that make the pair more alike."""
        waiting, self.pairs = self.pairs, []
        for pair in waiting:
            self.pairs.append(self._grown(pair))

    def _grown(self, pair: Pair) -> Pair:
        """By neighbours that raise the likeness much, or that are for the most part what the other side has over: a
        short part of a long paragraph raises it by little."""
        joint: Joint | None = None
        while near := self._neighbours(pair):
            if not self.budget.take(sum(len(one.words) for one in near)):
                break
            joint = joint or self._joint(pair)
            likeness = joint.dice
            best, risen = max(
                ((one, joint.dice_with(one.words, new=one.is_new)) for one in near), key=lambda found: found[1]
            )
            if risen <= likeness:
                break
            if risen <= likeness + GROWTH and joint.lacks(best.words, new=best.is_new) < PART_FROM:
                break
            joint.take(best.words, new=best.is_new)
            pair = best.wider
            self.left_old.difference_update(range(*pair.old))
            self.left_new.difference_update(range(*pair.new))
        return pair

    def _joint(self, pair: Pair) -> Joint:
        return Joint((self.old_bags[at] for at in range(*pair.old)), (self.new_bags[at] for at in range(*pair.new)))

    def _neighbours(self, pair: Pair) -> list[_Neighbour]:
        (a, b), (c, d) = pair
        old = ((a - 1, Span(a - 1, b)), (b, Span(a, b + 1)))
        new = ((c - 1, Span(c - 1, d)), (d, Span(c, d + 1)))
        return [
            *(_Neighbour(Pair(span, pair.new), self.old_bags[at], False) for at, span in old if at in self.left_old),
            *(_Neighbour(Pair(pair.old, span), self.new_bags[at], True) for at, span in new if at in self.left_new),
        ]

    def _take_moves(self, alike: Sequence[Likeness]) -> None:
        for one in sorted(alike, key=lambda one: (-one.dice, one.old, one.new)):
            if one.dice >= MOVE_FROM and self._free(one) and self._movable(one.old, one.new):
                self._move(one.old, one.new)

    def _told(self, parts: "Parts") -> Iterator[Block]:
        out, into = dict(self.moves), {new: old for old, new in self.moves}
        told = [*self.pairs, *(self._kept(run, step) for run in self.runs for step in range(run.size))]
        old_at = new_at = 0
        for pair in [*sorted(told), Pair(Span(len(self.old), 0), Span(len(self.new), 0))]:
            yield from (_left(span, out) for span in parts(range(old_at, pair.old.start), out))
            yield from (_came(span, into) for span in parts(range(new_at, pair.new.start), into))
            if pair.old.size > 0:
                yield self._block(pair)
            old_at, new_at = pair.old.stop, pair.new.stop

    @staticmethod
    def _kept(run: Run, step: int) -> Pair:
        return Pair(_single(run.old + step), _single(run.new + step))

    def _block(self, pair: Pair) -> Block:
        old, new = self.old[slice(*pair.old)], self.new[slice(*pair.new)]
        if old == new:
            return Block(BlockOp.EQUAL, *pair)
        return Block(BlockOp.CHANGED, *pair, cosmetic=same_words(" ".join(old), " ".join(new)))


def same_words(old: str, new: str) -> bool:
    """Whether two texts differ in no word: only in quotation marks, dashes, ellipses, spaces or what is invisible."""
    return old == new or folded(old) == folded(new)


Parts = Callable[[range, Container[int]], Iterable[Span]]


def _singles(places: range, _: Container[int]) -> Iterable[Span]:
    return map(_single, places)


def _stretches(places: range, moved: Container[int]) -> Iterator[Span]:
    """Those that stand together as one, but each that moved by itself."""
    start = places.start
    for at in places:
        if at in moved:
            yield from (Span(start, at), _single(at)) if start < at else (_single(at),)
            start = at + 1
    if start < places.stop:
        yield Span(start, places.stop)


def _left(span: Span, out: Mapping[int, int]) -> Block:
    if span.start in out:
        return Block(BlockOp.MOVED_OUT, span, _single(out[span.start]))
    return Block(BlockOp.DELETED, span, Span(0, 0))


def _came(span: Span, into: Mapping[int, int]) -> Block:
    if span.start in into:
        return Block(BlockOp.MOVED_IN, _single(into[span.start]), span)
    return Block(BlockOp.INSERTED, Span(0, 0), span)


def _single(at: int) -> Span:
    return Span(at, at + 1)


def _keys(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    """A number for each paragraph, the same for paragraphs that differ in no word. What both sides have as it stands
    need not be folded, which costs more than all the rest; a variant of it is found by its likeness."""
    shared = set(old).intersection(new)
    numbers: dict[str, int] = {}
    known = {text: -at for at, text in enumerate(dict.fromkeys(text for text in old if text in shared), start=1)}

    def number(text: str) -> int:
        if text not in known:
            known[text] = numbers.setdefault(folded(text), len(numbers))
        return known[text]

    return [number(text) for text in old], [number(text) for text in new]


def _once(keys: Sequence[int], among: Iterable[int]) -> dict[int, int]:
    places = sorted(among)
    counts = Counter(keys[at] for at in places)
    return {keys[at]: at for at in places if counts[keys[at]] == 1}


def _gaps(runs: Sequence[Run], old_size: int, new_size: int) -> Iterator[Pair]:
    old_at = new_at = 0
    for run in [*runs, Run(old_size, new_size, 0)]:
        if old_at < run.old or new_at < run.new:
            yield Pair(Span(old_at, run.old), Span(new_at, run.new))
        old_at, new_at = run.old + run.size, run.new + run.size


def _from_the_end(gap: Pair) -> Iterable[tuple[int, int]]:
    return zip(reversed(range(*gap.old)), reversed(range(*gap.new)), strict=False)


def _of(bags: Mapping[int, Bag], places: Iterable[int]) -> dict[int, Bag]:
    return {at: bags[at] for at in sorted(places)}


def _covering(places: Sequence[int], whole: Span) -> Span:
    """From the first to the last of the places; a span of one stays as it is."""
    return Span(places[0], places[-1] + 1) if places and whole.size > 1 else whole


def _gap_index(spans: Iterable[Span]) -> dict[int, int]:
    return {at: number for number, span in enumerate(spans) for at in range(*span)}


def heaviest_rise(pairs: Sequence[Likeness]) -> list[Likeness]:
    """The chain of pairs, rising on both sides, whose likenesses sum to most."""
    ordered = sorted(pairs, key=lambda one: (one.old, -one.new))
    places = sorted({one.new for one in ordered})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    before: list[int] = []
    for index, one in enumerate(ordered):
        place = bisect_right(places, one.new)
        weight, previous = _highest(best, place - 1)
        before.append(previous)
        _raise(best, place, (weight + one.dice, index))
    chain: list[Likeness] = []
    at = _highest(best, len(places))[1]
    while at >= 0:
        chain.append(ordered[at])
        at = before[at]
    return chain[::-1]


def _highest(tree: Sequence[tuple[float, int]], place: int) -> tuple[float, int]:
    """The highest entry up to `place` of a Fenwick tree; the first of equals."""
    highest = (0.0, -1)
    while place > 0:
        if tree[place][0] > highest[0]:
            highest = tree[place]
        place -= place & -place
    return highest


def _raise(tree: list[tuple[float, int]], place: int, entry: tuple[float, int]) -> None:
    while place < len(tree):
        if entry[0] > tree[place][0]:
            tree[place] = entry
        place += place & -place
