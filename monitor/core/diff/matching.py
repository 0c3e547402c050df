"""Two sequences of numbers -> the runs they share, in order: difflib within a budget of operations, anchors beyond it.

Work is bounded by counting operations, never by a clock: the same input gives the same diff on any machine.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import NamedTuple

PAIRS_LIMIT = 300_000
"""Equal pairs (one from each side) in one gap, up to which difflib looks at all of them."""

FEW = 50
"""One anchor in so many items is enough to split at."""

PHRASE = 16
"""Items in a phrase, on average."""

_CUT_BELOW = 2**64 // PHRASE

MAX_DEPTH = 5


class Run(NamedTuple):
    """`size` items from `old` on one side equal those from `new` on the other."""

    old: int
    new: int
    size: int


class Budget:
    """Operations left for one diff. What is spent depends on the input alone."""

    def __init__(self, operations: int) -> None:
        self.left = operations

    def take(self, operations: int) -> bool:
        if operations > self.left:
            return False
        self.left -= operations
        return True


def shared_runs(old: Sequence[int], new: Sequence[int], budget: Budget) -> list[Run]:
    """The runs that both hold, in order and apart, adjacent ones joined."""
    return _joined(_runs(old, new, budget, 0))


def _runs(old: Sequence[int], new: Sequence[int], budget: Budget, depth: int) -> list[Run]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    runs = [Run(0, 0, head)] if head else []
    if inner_old and inner_new:
        runs += _shifted(_inner_runs(inner_old, inner_new, budget, depth), head, head)
    if tail:
        runs.append(Run(len(old) - tail, len(new) - tail, tail))
    return runs


def _inner_runs(old: Sequence[int], new: Sequence[int], budget: Budget, depth: int) -> list[Run]:
    counts = Counter(new)
    pairs = sum(counts[item] for item in old)
    if not pairs:
        return []
    if pairs <= PAIRS_LIMIT:
        return _difflib_runs(old, new, budget)
    return _anchored_runs(old, new, budget, depth)


def _difflib_runs(old: Sequence[int], new: Sequence[int], budget: Budget) -> list[Run]:
    """difflib's longest-run-first matching. Each look at a range is paid for; what cannot be paid stays unmatched."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    counts = Counter(new)
    cost = [0, *accumulate(counts[item] + 1 for item in old)]
    found: list[Run] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        old_from, old_to, new_from, new_to = waiting.pop()
        if not budget.take(cost[old_to] - cost[old_from]):
            continue
        at, to, size = matcher.find_longest_match(old_from, old_to, new_from, new_to)
        if not size:
            continue
        found.append(Run(at, to, size))
        if old_from < at and new_from < to:
            waiting.append((old_from, at, new_from, to))
        if at + size < old_to and to + size < new_to:
            waiting.append((at + size, old_to, to + size, new_to))
    return sorted(found)


def patient_runs(old: Sequence[int], new: Sequence[int], budget: Budget) -> list[Run]:
    """As `shared_runs`, but what stands exactly once on both sides is matched first, as much of it as stands in order:
    of two swapped stretches the longer one stays."""
    return _joined(_between(_unique_anchors(old, new), old, new, budget, 0))


def _anchored_runs(old: Sequence[int], new: Sequence[int], budget: Budget, depth: int) -> list[Run]:
    """Patience: split at what stands exactly once on both sides, or at shared phrases where that is too little."""
    if depth == MAX_DEPTH or not budget.take(len(old) + len(new)):
        return []
    anchors = _unique_anchors(old, new)
    if len(anchors) < min(len(old), len(new)) / FEW:
        anchors = _phrase_anchors(old, new, budget, depth)
    return _between(anchors, old, new, budget, depth) if anchors else []


def _between(anchors: Iterable[Run], old: Sequence[int], new: Sequence[int], budget: Budget, depth: int) -> list[Run]:
    """The anchors, and what is shared in the gaps that they leave."""
    runs: list[Run] = []
    old_at = new_at = 0
    for anchor in [*_joined(anchors), Run(len(old), len(new), 0)]:
        gap = _runs(old[old_at : anchor.old], new[new_at : anchor.new], budget, depth + 1)
        runs += _shifted(gap, old_at, new_at)
        if anchor.size:
            runs.append(anchor)
        old_at, new_at = anchor.old + anchor.size, anchor.new + anchor.size
    return runs


def _unique_anchors(old: Sequence[int], new: Sequence[int]) -> list[Run]:
    here, there = _once(old), _once(new)
    return [Run(at, to, 1) for at, to in longest_rise([(here[item], there[item]) for item in here if item in there])]


def _once(items: Sequence[int]) -> dict[int, int]:
    counts = Counter(items)
    return {item: at for at, item in enumerate(items) if counts[item] == 1}


def _phrase_anchors(old: Sequence[int], new: Sequence[int], budget: Budget, depth: int) -> list[Run]:
    old_cuts, new_cuts = _phrase_cuts(old), _phrase_cuts(new)
    numbers: dict[tuple[int, ...], int] = {}
    old_ids, new_ids = numbered(old, old_cuts, numbers), numbered(new, new_cuts, numbers)
    return [
        Run(old_cuts[run.old], new_cuts[run.new], old_cuts[run.old + run.size] - old_cuts[run.old])
        for run in _runs(old_ids, new_ids, budget, depth + 1)
    ]


def _phrase_cuts(items: Sequence[int]) -> list[int]:
    """Positions that cut a text without sentences into phrases. Each cut depends only on the few items before it, so
    that an edit moves no cut but those next to it."""
    cuts = [0]
    mark = 0
    for at, item in enumerate(items, start=1):
        # Five bits an item, forgotten after thirteen items: a rolling hash.
        mark = (mark * 32 + item * 0x9E3779B1 + (item >> 5)) & 0xFFFFFFFFFFFFFFFF
        if (mark * 0xD6E8FEB86659FD93) & 0xFFFFFFFFFFFFFFFF < _CUT_BELOW:
            cuts.append(at)
    if cuts[-1] != len(items):
        cuts.append(len(items))
    return cuts


def numbered(items: Sequence[int], cuts: Sequence[int], numbers: dict[tuple[int, ...], int]) -> list[int]:
    """A number for each stretch between two cuts, equal for equal stretches."""
    return [numbers.setdefault(tuple(items[start:stop]), len(numbers)) for start, stop in pairwise(cuts)]


def longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs, given by rising first number, in which the second rises too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        place = bisect_left(ends, value)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [value]
        last[place : place + 1] = [index]
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _common(old: Sequence[int], new: Sequence[int]) -> int:
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _shifted(runs: Iterable[Run], old: int, new: int) -> list[Run]:
    return [Run(run.old + old, run.new + new, run.size) for run in runs]


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and last.old + last.size == run.old and last.new + last.size == run.new:
            joined[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            joined.append(run)
    return joined
