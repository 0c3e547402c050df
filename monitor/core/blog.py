"""A live blog's entries from one version to the next: which were added, rewritten, removed or moved, and whether the
publisher said so."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from monitor.core.article import Content, Declaration, Entry
from monitor.core.classify import LATE, Judgement, declare
from monitor.core.text import fold

AHEAD = timedelta(minutes=10)
"""How far an entry's clock may go before ours."""


class Deed(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    REORDERED = "reordered"


MOVES = frozenset((Deed.PINNED, Deed.UNPINNED, Deed.REORDERED))
"""Deeds that touch no word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """What one change did to one entry. `at` is the entry's own time; `declaration` how the deed relates to its own
    update time, or else to the page's; None for a move, of which no clock speaks."""

    id: str
    what: Deed
    at: datetime | None
    headline: str | None
    declaration: Declaration | None = None


class Order(StrEnum):
    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"


def order_of(entries: Iterable[Entry]) -> Order | None:
    """How the entries stand by their times, pinned ones apart; None where those do not say."""
    standing = [entry for entry in entries if not entry.pinned]
    steps = [step for one, other in pairwise(standing) if (step := compared(one, other))]
    forward = sum(step > 0 for step in steps)
    if 2 * forward == len(steps):
        return None
    return Order.OLDEST_FIRST if 2 * forward > len(steps) else Order.NEWEST_FIRST


def compared(one: Entry, other: Entry) -> int:
    """1 where the other entry is later, -1 where it is earlier, 0 where nobody can tell."""
    before, after = (one.at, other.at) if one.at and other.at else (one.wall, other.wall)
    if before is None or after is None or before == after:
        return 0
    return 1 if before < after else -1  # type: ignore[operator]  # two instants, or two clocks as shown


def entry_changes(
    old: Content, new: Content, judged: Judgement, *, not_before: datetime, not_after: datetime
) -> tuple[EntryChange, ...]:
    """What became of the entries from `old` to `new`, in the order of the page, removed ones last. `judged` is how the
    whole change relates to the page's clock; it was made somewhere between the two times (aware UTC).

    An entry that stands beyond the oldest of those known before, and is older than they are, was there before: the page
    shows more of itself. It is kept, and is nobody's deed.
    """
    if not old.entries or not new.entries:
        return ()
    return _Comparison(old, new, judged, not_before, not_after).changes()


class _Comparison:
    def __init__(
        self, old: Content, new: Content, judged: Judgement, not_before: datetime, not_after: datetime
    ) -> None:
        self.old, self.new, self.judged = old, new, judged
        self.not_before, self.not_after = not_before, not_after
        self.before = {entry.id: entry for entry in old.entries}
        self.after = {entry.id: entry for entry in new.entries}

    def changes(self) -> tuple[EntryChange, ...]:
        deeds = self._deeds()
        has_added = Deed.ADDED in deeds.values()
        return tuple(self._change(name, deed, has_added) for name, deed in deeds.items())

    def _change(self, name: str, deed: Deed, has_added: bool) -> EntryChange:
        entry = self.after[name] if name in self.after else self.before[name]
        return EntryChange(
            id=name,
            what=deed,
            at=entry.at,
            headline=entry.headline,
            declaration=self._declaration(entry, deed, has_added),
        )

    def _deeds(self) -> dict[str, Deed]:
        olds, news = self.old.entry_texts, self.new.entry_texts
        moved = self._moved()
        shown = shown_before(self.old.entries, self.new.entries)
        deeds: dict[str, Deed] = {}
        for name, entry in self.after.items():
            if name not in self.before:
                if name not in shown or entry.pinned:
                    deeds[name] = Deed.PINNED if name in shown else Deed.ADDED
            elif olds[name] != news[name] and _differ(olds[name], news[name]):
                deeds[name] = Deed.EDITED
            elif entry.pinned is not self.before[name].pinned:
                deeds[name] = Deed.PINNED if entry.pinned else Deed.UNPINNED
            elif name in moved:
                deeds[name] = Deed.REORDERED
        return deeds | {name: Deed.REMOVED for name in self.before if name not in self.after}

    def _moved(self) -> frozenset[str]:
        """The entries that stand in another order, as few of them as account for it; pinned ones apart."""
        places = {name: at for at, name in enumerate(self.before)}
        common = [
            name
            for name, entry in self.after.items()
            if name in places and not entry.pinned and not self.before[name].pinned
        ]
        sequence = [places[name] for name in common]
        if sequence == sorted(sequence):
            return frozenset()
        staying = _longest_rise(sequence)
        return frozenset(name for name in common if places[name] not in staying)

    # -- what the publisher said

    def _declaration(self, entry: Entry, deed: Deed, has_added: bool) -> Declaration | None:
        if deed in MOVES:
            return None
        if deed is Deed.ADDED:
            return Declaration.ANNOUNCED if self._is_fresh(entry) else self.judged.declaration
        own = self._own_clock(entry) if deed is Deed.EDITED else None
        if own is not None:
            return own
        if self.judged.declaration is Declaration.ANNOUNCED and has_added:
            # The page's stamp may speak of what was added.
            return Declaration.UNDETERMINED
        return self.judged.declaration

    def _is_fresh(self, entry: Entry) -> bool:
        """Whether an entry that was added bears the time of its adding: it announces itself."""
        if entry.at is not None:
            return self.not_before - LATE <= entry.at <= self.not_after + AHEAD
        known = [other.wall for other in self.old.entries if other.wall is not None]
        return entry.wall is not None and bool(known) and self._is_newest(entry)

    def _is_newest(self, entry: Entry) -> bool:
        """Whether an entry with nothing but a printed clock stands where the newest ones do."""
        order = order_of(self.old.entries) or order_of(self.new.entries) or Order.NEWEST_FIRST
        standing = [name for name, other in self.after.items() if not other.pinned]
        ends = standing if order is Order.NEWEST_FIRST else reversed(standing)
        for name in ends:
            if name in self.before:
                return False
            if name == entry.id:
                return True
        return False

    def _own_clock(self, entry: Entry) -> Declaration | None:
        """What the entry's own update time says; None where it says nothing."""
        before = self.before[entry.id].updated_at
        if entry.updated_at is None:
            return None
        if before is None or entry.updated_at > before:
            return Declaration.ANNOUNCED
        if entry.updated_at == before and before + MINUTE < self.not_before:
            return Declaration.STEALTH
        return Declaration.UNDETERMINED


MINUTE = timedelta(minutes=1)
"""The precision that an entry's clock has at the least."""


def _differ(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a word differs: quotation marks and dashes are none."""
    return fold("\n".join(old)) != fold("\n".join(new))


def shown_before(old: Sequence[Entry], new: Sequence[Entry]) -> frozenset[str]:
    """The ids of entries of `new` that are unknown and older than all that were known, or, where they have no times,
    stand beyond those at the oldest end: the page had them all along, out of sight."""
    known = {entry.id for entry in old}
    unknown = [entry for entry in new if entry.id not in known]
    if not unknown:
        return frozenset()
    times = [entry.at for entry in old if entry.at is not None]
    beyond = _beyond(old, new, known)
    return frozenset(
        entry.id
        for entry in unknown
        if (entry.at is not None and times and entry.at < min(times) and (entry.pinned or entry.id in beyond))
        or (entry.at is None and entry.id in beyond)
    )


def _beyond(old: Sequence[Entry], new: Sequence[Entry], known: set[str]) -> frozenset[str]:
    """The unknown entries past the last known one, on the side of the oldest."""
    order = order_of(old) or order_of(new) or Order.NEWEST_FIRST
    standing = [entry.id for entry in new if not entry.pinned]
    if not known.intersection(standing):
        return frozenset(standing)
    found: list[str] = []
    for name in reversed(standing) if order is Order.NEWEST_FIRST else standing:
        if name in known:
            break
        found.append(name)
    return frozenset(found)


def _longest_rise(sequence: Sequence[int]) -> frozenset[int]:
    """The members of a longest rising subsequence of distinct numbers."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for at, value in enumerate(sequence):
        place = bisect_left(tails, value)
        before.append(ends[place - 1] if place else None)
        if place == len(tails):
            tails.append(value)
            ends.append(at)
        else:
            tails[place], ends[place] = value, at
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(sequence[last])
        last = before[last]
    return frozenset(found)


# -- what it means for the change as a whole


def judged_between(
    old: Content, new: Content, *, not_before: datetime, not_after: datetime
) -> tuple[Judgement, tuple[EntryChange, ...]]:
    """How a change relates to the publisher's clocks, those of a live blog's entries with them, and what became of the
    entries. It was made somewhere between the two times (aware UTC)."""
    judged = declare(old, new, not_before=not_before, not_after=not_after)
    changes = entry_changes(old, new, judged, not_before=min(not_before, not_after), not_after=not_after)
    return judged_with(judged, changes, old, new), changes


def judged_with(judged: Judgement, changes: Sequence[EntryChange], old: Content, new: Content) -> Judgement:
    """The judgement of a change, given what became of the entries. What announces itself by times of its own accuses
    nobody because the page's stamp stood still; nor does a move, of which a stamp need not tell."""
    if not changes or judged.declaration not in _UNANNOUNCED or not _all_in_entries(old, new):
        return judged
    declared = {change.declaration for change in changes}
    if declared and declared <= {Declaration.ANNOUNCED, None}:
        announced = Declaration.ANNOUNCED if Declaration.ANNOUNCED in declared else Declaration.UNDETERMINED
        return Judgement(declaration=announced, claims_moved=judged.claims_moved, claims_still=judged.claims_still)
    return judged


_UNANNOUNCED = frozenset((Declaration.STEALTH, Declaration.UNDETERMINED, Declaration.UNSTAMPED))


def _all_in_entries(old: Content, new: Content) -> bool:
    """Whether the two say the same but for their entries."""
    return _outside(old) == _outside(new)


def _outside(content: Content) -> tuple[object, ...]:
    loose = tuple(block.text for block in content.core if block.entry is None)
    return (
        content.headline,
        content.standfirst,
        content.byline,
        content.captions,
        content.corrections,
        loose,
    )


def only_adds(changes: Sequence[EntryChange]) -> bool:
    """Whether entries were added, and no old one was touched."""
    return bool(changes) and all(
        change.what is Deed.ADDED and change.declaration is not Declaration.STEALTH for change in changes
    )


def touches_old(changes: Iterable[EntryChange]) -> bool:
    """Whether an old entry was rewritten or removed, or one slipped in among the old."""
    return any(
        change.what in (Deed.EDITED, Deed.REMOVED) or change.declaration is Declaration.STEALTH for change in changes
    )


# -- in words

DONE = {
    Deed.EDITED: "rewritten",
    Deed.REMOVED: "removed",
    Deed.PINNED: "pinned",
    Deed.UNPINNED: "unpinned",
    Deed.REORDERED: "moved",
}


def counted_entries(changes: Sequence[EntryChange]) -> str:
    """ "+3 entries, 1 rewritten"; "" where no entry was touched."""
    counts = Counter(change.what for change in changes)
    added = counts[Deed.ADDED]
    parts = [f"+{added} {'entry' if added == 1 else 'entries'}"] if added else []
    parts += [f"{counts[deed]} {word}" for deed, word in DONE.items() if counts[deed]]
    return ", ".join(parts)
