"""A live blog is laid out before it is compared: its entries under the ids they are known by, in the order they had,
with those past the page's end carried over. What is left to differ was done by the newsroom, not by the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from monitor.core.article import Block, Content, Entry, Reading, Version
from monitor.core.blog import Order, compared, order_of
from monitor.core.diff import bag, dice
from monitor.core.lifecycle.steady import without_flips

ALIKE = 0.5
"""Two texts this much alike (0 to 1), under one time, are wordings of one entry."""
SURELY_ALIKE = 0.8
"""The same whatever their times."""
UNLIKE = 0.25
"""Texts less alike than this have nothing but the id in common."""
MISNAMED = 0.5
"""With more of the entries unlike those of their ids than this, the ids are made anew at each fetch."""
TURNED = 0.5
"""With more of the steps between known entries going back than this, the page was turned."""
FEW = 2
"""So many entries that are missing where a page ends were removed; more are past the end of a shorter page."""


Texts = Mapping[str, tuple[str, ...]]


def steadied(base: Version, reading: Reading) -> Reading:
    """The reading with what the page and the extractor did to it undone."""
    return without_flips(base, laid_out(base, reading))


def laid_out(base: Version, reading: Reading) -> Reading:
    """The reading with its entries as `base` would show them; as it is where either has none.

    Entries are known again by their ids, or, where those changed, by time and likeness of text. A page that shows them
    in the reverse order is turned back. What `base` has beyond the last entry shown is carried over, so that a version
    holds the blog as far as it is known; an entry that is missing from the midst of those shown was removed.
    """
    old, new = base.content, reading.content
    if not old.entries or not new.entries:
        return reading
    content = _Layout(old, _known_again(old, new)).content()
    return reading if content == new else replace(reading, content=content)


# ------------------------------------------------------------------------------------------------- identity


def _known_again(old: Content, new: Content) -> Content:
    """`new` with the ids that its entries had in `old`."""
    before, after = old.entry_texts, new.entry_texts
    names = _names(old.entries, new.entries, before, after)
    if all(name == known for name, known in names.items()):
        return new
    return replace(
        new,
        entries=tuple(replace(entry, id=names[entry.id]) for entry in new.entries),
        blocks=tuple(
            block if block.entry is None else replace(block, entry=names[block.entry]) for block in new.blocks
        ),
    )


def _names(old: Sequence[Entry], new: Sequence[Entry], before: Texts, after: Texts) -> dict[str, str]:
    """The id by which each entry of `new` is known, by the one that its page gives it."""
    known = {entry.id: entry for entry in old}
    names = {entry.id: entry.id for entry in new if entry.id in known}
    changed = [name for name in names if before[name] != after[name]]
    if _are_misnamed(changed, len(names), before, after):
        names = {name: name for name in names if name not in changed}
    for known_again in (_same_words, _same_time, _likest):
        taken = set(names.values())
        free = {entry.id: entry for entry in old if entry.id not in taken}
        for entry in new:
            if free and entry.id not in names:
                found = known_again(entry, after[entry.id], free.values(), before)
                if found is not None:
                    names[entry.id] = free.pop(found.id).id
    return _with_own(names, new, known)


def _are_misnamed(changed: Sequence[str], all_known: int, before: Texts, after: Texts) -> bool:
    """Whether ids stand on other entries than before: most of them on words that nothing is left of, or that another
    one had."""
    if len(changed) <= MISNAMED * all_known:
        return False
    owners = set(before.values())
    wrong = [name for name in changed if after[name] in owners or _likeness(before[name], after[name]) < UNLIKE]
    return len(wrong) > MISNAMED * all_known


def _with_own(names: Mapping[str, str], new: Sequence[Entry], known: Mapping[str, Entry]) -> dict[str, str]:
    """The names, and for an entry that is none of those known its own id, or one like it where that is another's."""
    found = dict(names)
    taken = {*names.values(), *known}
    for entry in new:
        if entry.id not in found:
            name = entry.id
            while name in taken:
                name += "'"
            taken.add(name)
            found[entry.id] = name
    return found


def _same_words(_: Entry, texts: Sequence[str], free: Iterable[Entry], before: Texts) -> Entry | None:
    return next((other for other in free if before[other.id] == texts), None)


def _same_time(entry: Entry, texts: Sequence[str], free: Iterable[Entry], before: Texts) -> Entry | None:
    """The likest of those with the very time."""
    return _like([other for other in free if _share_time(entry, other)], texts, before, ALIKE)


def _likest(_: Entry, texts: Sequence[str], free: Iterable[Entry], before: Texts) -> Entry | None:
    """One so like that its time must have been put right."""
    return _like(list(islice(free, FREE_LOOKED_AT)), texts, before, SURELY_ALIKE)


FREE_LOOKED_AT = 40
"""So many entries are compared with one that has the time of none."""


def _like(others: Sequence[Entry], texts: Sequence[str], before: Texts, enough: float) -> Entry | None:
    likely = [(_likeness(before[other.id], texts), other) for other in others]
    best = max(likely, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= enough else None


def _share_time(one: Entry, other: Entry) -> bool:
    if one.at is not None and other.at is not None:
        return one.at == other.at
    return one.wall is not None and one.wall == other.wall


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return dice(bag("\n".join(one)), bag("\n".join(other)))


# ------------------------------------------------------------------------------------------------- layout


class _Layout:
    """The entries of two Contents under the same ids, and where those of the later one are put."""

    def __init__(self, old: Content, new: Content) -> None:
        self.old, self.new = old, new
        self.before = {entry.id: entry for entry in old.entries}
        self.shown = {entry.id: entry for entry in new.entries}
        self.order = order_of(old.entries) or Order.NEWEST_FIRST
        self.is_turned = self._is_turned()

    def content(self) -> Content:
        pinned = [entry for entry in self.new.entries if entry.pinned]
        standing = [entry for entry in self.new.entries if not entry.pinned]
        if self.is_turned:
            standing.reverse()
        newer, older = self._past_the_ends(standing)
        entries = [*pinned, *self._in_order(newer, standing, older)]
        entries = [_with_known(entry, self.before.get(entry.id)) for entry in entries]
        if [entry.id for entry in entries] == [entry.id for entry in self.new.entries]:
            return replace(self.new, entries=tuple(entries))
        return replace(self.new, entries=tuple(entries), blocks=tuple(self._blocks(entries)))

    def _in_order(self, newer: list[Entry], standing: list[Entry], older: list[Entry]) -> list[Entry]:
        if self.order is Order.NEWEST_FIRST:
            return [*newer, *standing, *older]
        return [*older, *standing, *newer]

    def _is_turned(self) -> bool:
        """Whether the page shows the known entries in the reverse order, or, where it shows hardly any of them, all of
        its own."""
        places = {name: at for at, name in enumerate(self.before) if not self.before[name].pinned}
        common = [places[name] for name, entry in self.shown.items() if name in places and not entry.pinned]
        steps = len(common) - 1
        if steps >= FEW:
            back = sum(one > other for one, other in pairwise(common))
            return back > TURNED * steps
        now = order_of(self.new.entries)
        return now is not None and now is not self.order and order_of(self.old.entries) is not None

    def _past_the_ends(self, standing: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """The entries that are known and lie past the page's end: newer, and older, than those shown; each in the order
        of `old`."""
        olds = [entry for entry in self.old.entries if not entry.pinned]
        if self.order is Order.OLDEST_FIRST:
            olds.reverse()
        at_all = [at for at, entry in enumerate(olds) if entry.id in self.shown and not self.shown[entry.id].pinned]
        first, last = (at_all[0], at_all[-1]) if at_all else (0, -1)
        newer = [entry for entry in olds[:first] if entry.id not in self.shown]
        older = [entry for entry in olds[last + 1 :] if entry.id not in self.shown]
        older += self._unpinned(standing)
        if not self._may_end_before(newer):
            newer = []
        if self.order is Order.OLDEST_FIRST:
            newer.reverse()
            older.reverse()
        return newer, older

    def _may_end_before(self, newer: Sequence[Entry]) -> bool:
        """Whether the page can have ended before its newest entries: one that begins with the oldest."""
        begins_with_oldest = self.is_turned is (self.order is Order.NEWEST_FIRST)
        return begins_with_oldest and (self.is_turned or len(newer) > FEW)

    def _unpinned(self, standing: Sequence[Entry]) -> list[Entry]:
        """Entries that were kept at the top and are shown no more: their own places lie past the page's end, unless
        they are later than something that is shown."""
        gone = [entry for entry in self.old.entries if entry.pinned and entry.id not in self.shown]
        return [
            replace(entry, pinned=False) for entry in gone if not any(compared(other, entry) > 0 for other in standing)
        ]

    # -- blocks

    def _blocks(self, entries: Iterable[Entry]) -> Iterable[Block]:
        """The blocks of the page, entry by entry in that order; what stands above and below the entries stays there."""
        shown, carried = _by_entry(self.new.blocks), _by_entry(self.old.blocks)
        at_all = [at for at, block in enumerate(self.new.blocks) if block.entry is not None]
        start, end = (at_all[0], at_all[-1] + 1) if at_all else (len(self.new.blocks), len(self.new.blocks))
        yield from self.new.blocks[:start]
        for entry in entries:
            yield from (shown if entry.id in self.shown else carried).get(entry.id, ())
        yield from self.new.blocks[end:]


def _by_entry(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in blocks:
        if block.entry is not None:
            found.setdefault(block.entry, []).append(block)
    return found


def _with_known(entry: Entry, before: Entry | None) -> Entry:
    """An entry whose page gives less of its time than before keeps what was known."""
    if before is None or entry.at is not None or before.at is None:
        return entry
    return replace(entry, at=before.at, wall=None)
