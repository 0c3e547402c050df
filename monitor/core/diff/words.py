"""One text x its later wording -> runs of words kept, deleted and inserted, as an editor would mark them up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

from monitor.core.diff.matching import Budget, Run, numbered, shared_runs
from monitor.core.diff.tokens import Tokens, tokenise

Op = tuple[str, str]
"""`=`, `-` or `+`, and the text."""

OPERATIONS = 3_000_000
"""What one diff may spend, all its paragraphs together. What comes after is told by whole paragraphs."""

TOKEN_COST = 4
"""Operations that a token is worth: about as long as it takes to look at so many pairs."""

BRIDGE = 40
"""Characters around a paragraph break that are too few to part two longer edits."""

SCATTERED = 6
"""Characters up to which a kept run between two insertions may be there by chance."""

WHOLE_BELOW = 0.33
"""Share of the shorter text that must be kept, for words to be marked one by one."""

LONG = 2_000
"""Tokens in a paragraph from which sentences are matched first."""


def word_ops(old: str, new: str, budget: Budget | None = None) -> list[Op]:
    """The runs that rebuild both texts exactly; deletions stand before insertions."""
    if old == new:
        return [("=", old)] if old else []
    budget = budget or Budget(OPERATIONS)
    if not old or not new:
        return _replaced(old, new)
    before, after = tokenise(old), tokenise(new)
    if not budget.take(TOKEN_COST * (len(before.texts) + len(after.texts))):
        return _replaced(old, new)
    ops = _Comparison(before, after).ops(budget)
    return _replaced(old, new) if _is_in_shreds(ops, min(len(old), len(new))) else ops


def _is_in_shreds(ops: Sequence[Op], size: int) -> bool:
    """Whether so little is kept, and between edits, that the two are better read one after the other. A beginning and
    an end that stayed are no shreds."""
    between = any(op == "=" for op, _ in ops[1:-1])
    return between and sum(len(text) for op, text in ops if op == "=") < WHOLE_BELOW * size


def _replaced(old: str, new: str) -> list[Op]:
    return [(op, text) for op, text in (("-", old), ("+", new)) if text]


@dataclass(slots=True)
class _Part:
    """Tokens `old_from..old_to` and `new_from..new_to`: kept when `same`, else replaced by each other."""

    same: bool
    old_from: int
    old_to: int
    new_from: int
    new_to: int

    @property
    def is_insertion(self) -> bool:
        return not self.same and self.old_from == self.old_to

    @property
    def is_deletion(self) -> bool:
        return not self.same and self.new_from == self.new_to

    @property
    def size(self) -> int:
        """Tokens kept, where they are."""
        return self.old_to - self.old_from if self.same else 0


class _Comparison:
    def __init__(self, old: Tokens, new: Tokens) -> None:
        self.old, self.new = old, new
        numbers: dict[str, int] = {}
        self.old_ids = [numbers.setdefault(key, len(numbers)) for key in old.keys]
        self.new_ids = [numbers.setdefault(key, len(numbers)) for key in new.keys]
        self.old_ends = [0, *accumulate(map(len, old.texts))]
        self.new_ends = [0, *accumulate(map(len, new.texts))]
        wordy = {key: _is_word(key) for key in numbers}
        self.old_words = [0, *accumulate(wordy[key] for key in old.keys)]

    def ops(self, budget: Budget) -> list[Op]:
        parts = _parts(self._runs(budget), len(self.old_ids), len(self.new_ids))
        parts = self._without_crumbs(parts)
        parts = self._without_crumbs(self._slid(parts))
        return tidy(op for part in parts for op in self._spelt(part))

    def _runs(self, budget: Budget) -> list[Run]:
        if max(len(self.old_ids), len(self.new_ids)) <= LONG:
            return shared_runs(self.old_ids, self.new_ids, budget)
        return self._runs_by_sentence(budget)

    def _runs_by_sentence(self, budget: Budget) -> list[Run]:
        old_cuts, new_cuts = _sentence_ends(self.old), _sentence_ends(self.new)
        numbers: dict[tuple[int, ...], int] = {}
        old_ids = numbered(self.old_ids, old_cuts, numbers)
        new_ids = numbered(self.new_ids, new_cuts, numbers)
        runs: list[Run] = []
        old_at = new_at = 0
        for run in [*shared_runs(old_ids, new_ids, budget), Run(len(old_ids), len(new_ids), 0)]:
            old_from, new_from = old_cuts[run.old], new_cuts[run.new]
            gap = shared_runs(self.old_ids[old_at:old_from], self.new_ids[new_at:new_from], budget)
            runs += [Run(found.old + old_at, found.new + new_at, found.size) for found in gap]
            old_at, new_at = old_cuts[run.old + run.size], new_cuts[run.new + run.size]
            if run.size:
                runs.append(Run(old_from, new_from, old_at - old_from))
        return runs

    def _without_crumbs(self, parts: Iterable[_Part]) -> list[_Part]:
        """Drop kept runs that only alternate with edits: diff-match-patch's semantic clean-up, on tokens."""
        kept: list[_Part] = []
        for part in parts:
            kept.append(part)
            while len(kept) >= 3 and not kept[-1].same and self._is_crumb(*kept[-3:]):
                before, _, after = kept[-3:]
                kept[-3:] = [_Part(False, before.old_from, after.old_to, before.new_from, after.new_to)]
        return kept

    def _is_crumb(self, before: _Part, same: _Part, after: _Part) -> bool:
        if not self._has_word(same):
            return True
        size = max(self._sizes(same))
        if size > max(self._sizes(before)) or size > max(self._sizes(after)):
            return False
        if self._is_number_for_number(before) and self._is_number_for_number(after):
            return False
        # Where nothing was reworded, nothing is told as if it were; but letters that stand scattered were not kept.
        only = (before.is_insertion and after.is_insertion) or (before.is_deletion and after.is_deletion)
        return not only or size <= SCATTERED

    def _has_word(self, same: _Part) -> bool:
        return self.old_words[same.old_from] < self.old_words[same.old_to]

    def _is_number_for_number(self, part: _Part) -> bool:
        """One number in the place of another: readers want each of those by itself."""
        if part.old_to - part.old_from != 1 or part.new_to - part.new_from != 1:
            return False
        return _is_number(self.old.keys[part.old_from]) and _is_number(self.new.keys[part.new_from])

    def _sizes(self, part: _Part) -> tuple[int, int]:
        return (
            self.old_ends[part.old_to] - self.old_ends[part.old_from],
            self.new_ends[part.new_to] - self.new_ends[part.new_from],
        )

    def _slid(self, parts: list[_Part]) -> list[_Part]:
        """Move pure insertions and deletions to where a sentence, a quotation or a phrase ends."""
        old_size, new_size = len(self.old_ids), len(self.new_ids)
        # An edit at either end of the text may slide away from it: kept text comes to stand there.
        parts = [_Part(True, 0, 0, 0, 0), *parts, _Part(True, old_size, old_size, new_size, new_size)]
        for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
            if part.same:
                continue
            if part.is_insertion:
                by = _best_shift(self.new, self.new_ids, part.new_from, part.new_to, before.size, after.size)
            elif part.is_deletion:
                by = _best_shift(self.old, self.old_ids, part.old_from, part.old_to, before.size, after.size)
            else:
                continue
            _shift(before, part, after, by)
        return _parts_again(parts)

    def _spelt(self, part: _Part) -> list[Op]:
        """The part as text. Tokens that are equal but for white space or quotation marks show that difference."""
        old = self.old.texts[part.old_from : part.old_to]
        new = self.new.texts[part.new_from : part.new_to]
        if not part.same:
            return [("-", "".join(old)), ("+", "".join(new))]
        if old == new:
            return [("=", "".join(old))]
        return [op for a, b in zip(old, new, strict=True) for op in _token_ops(a, b)]


def _token_ops(old: str, new: str) -> list[Op]:
    if old == new:
        return [("=", old)]
    word = old.rstrip()
    if word == new.rstrip():
        return [("=", word), ("-", old[len(word) :]), ("+", new[len(word) :])]
    return [("-", old), ("+", new)]


def _parts(runs: Sequence[Run], old_size: int, new_size: int) -> list[_Part]:
    parts: list[_Part] = []
    old_at = new_at = 0
    for run in [*runs, Run(old_size, new_size, 0)]:
        if old_at < run.old or new_at < run.new:
            parts.append(_Part(False, old_at, run.old, new_at, run.new))
        old_at, new_at = run.old + run.size, run.new + run.size
        if run.size:
            parts.append(_Part(True, run.old, old_at, run.new, new_at))
    return parts


def _parts_again(parts: Iterable[_Part]) -> list[_Part]:
    """Without empty parts, and edits that met joined."""
    joined: list[_Part] = []
    for part in parts:
        if part.old_from == part.old_to and part.new_from == part.new_to:
            continue
        if joined and joined[-1].same is part.same:
            last = joined[-1]
            joined[-1] = _Part(part.same, last.old_from, part.old_to, last.new_from, part.new_to)
        else:
            joined.append(part)
    return joined


def _shift(before: _Part, part: _Part, after: _Part, by: int) -> None:
    part.old_from, part.old_to = part.old_from + by, part.old_to + by
    part.new_from, part.new_to = part.new_from + by, part.new_to + by
    before.old_to, before.new_to = part.old_from, part.new_from
    after.old_from, after.new_from = part.old_to, part.new_to


def _best_shift(tokens: Tokens, ids: Sequence[int], start: int, stop: int, left: int, right: int) -> int:
    """By how many tokens to move the span `start..stop` so that its borders fall best; the rightmost of equals."""
    lowest = 0
    while -lowest < left and ids[start + lowest - 1] == ids[stop + lowest - 1]:
        lowest -= 1
    highest = 0
    while highest < right and ids[start + highest] == ids[stop + highest]:
        highest += 1
    if not lowest and not highest:
        return 0
    return max(
        range(lowest, highest + 1),
        key=lambda by: (_border(tokens, start + by) + _border(tokens, stop + by), by),
    )


_STOPS = frozenset(".!?…。！？؟۔।॥")
_CLOSING = frozenset("\"'”’»›」』)]）")
_OPENING = frozenset('"“„«‹‘‚「『([（')
_PHRASE_END = frozenset(",;:،、，；：–—")
_WORD = regex.compile(r"[\p{L}\p{N}]")


def _is_number(key: str) -> bool:
    return any(map(str.isdecimal, key[:2]))


def _is_word(key: str) -> bool:
    return key.isalnum() or _WORD.search(key) is not None


def _border(tokens: Tokens, at: int) -> int:
    """How well a border before token `at` falls: 5 at the ends of the text and of lines, 0 inside a compound."""
    if at <= 0 or at >= len(tokens.texts) or "\n" in tokens.texts[at - 1]:
        return 5
    if _ends_sentence(tokens, at):
        return 4
    before, last = tokens.texts[at - 1], tokens.texts[at - 1].rstrip()[-1:]
    if last in _CLOSING or tokens.texts[at][0] in _OPENING:
        return 3
    if last in _PHRASE_END:
        return 2
    return 1 if before[-1:].isspace() else 0


def _ends_sentence(tokens: Tokens, at: int) -> bool:
    """Whether token `at - 1` is the last of a sentence, closing quotation marks and brackets included. White space must
    follow, but for the full stops of scripts that put none."""
    last = tokens.texts[at - 1]
    mark = last.rstrip()
    spaced = mark != last
    for before in range(at - 2, max(-1, at - 5), -1):
        if mark not in _CLOSING:
            break
        mark = tokens.texts[before]
    return mark in _STOPS and (spaced or mark > "\u3000")


def _sentence_ends(tokens: Tokens) -> list[int]:
    """Token positions at which a sentence begins, and the end."""
    enders = {text for text in set(tokens.texts) if text.rstrip() in _STOPS | _CLOSING}
    cuts = [at for at, text in enumerate(tokens.texts[:-1], start=1) if text in enders and _ends_sentence(tokens, at)]
    return [0, *cuts, len(tokens.texts)]


@dataclass(slots=True)
class _Group:
    """One edit and the kept text after it, in pieces."""

    deleted: list[str]
    inserted: list[str]
    kept: str = ""
    size: int = 0


def tidy(ops: Iterable[Op]) -> list[Op]:
    """Join runs, put deletions before insertions, and give white space that both end with back to the kept text."""
    return _told(_grouped(ops))


def bridged(ops: Iterable[Op]) -> list[Op]:
    """Tidy, for several paragraphs in one text: no edit is broken by a paragraph break, or by the few words around it,
    alone."""
    groups: list[_Group] = []
    for group in _grouped(ops):
        while groups and _is_bridge(groups[-1], group):
            before = groups.pop()
            before.deleted += [before.kept, *group.deleted]
            before.inserted += [before.kept, *group.inserted]
            size = max(sum(map(len, before.deleted)), sum(map(len, before.inserted)))
            group = _Group(before.deleted, before.inserted, group.kept, size)
        groups.append(group)
    return _told(groups)


def _is_bridge(before: _Group, after: _Group) -> bool:
    if not before.size or not after.size:
        return False
    kept = before.kept
    if len(kept) > BRIDGE:
        return False
    return not _is_word(kept) or ("\n" in kept and len(kept) <= min(before.size, after.size))


def _grouped(ops: Iterable[Op]) -> list[_Group]:
    groups = [_Group([], [])]
    kept: list[str] = []
    for op, text in [*ops, ("", "")]:
        if op == "=":
            kept.append(text)
            continue
        if kept:
            groups[-1].kept = "".join(kept)
            groups.append(_Group([], []))
            kept = []
        (groups[-1].deleted if op == "-" else groups[-1].inserted).append(text)
    for group in groups:
        group.size = max(sum(map(len, group.deleted)), sum(map(len, group.inserted)))
    return groups


def _told(groups: Iterable[_Group]) -> list[Op]:
    told: list[Op] = []
    for group in groups:
        deleted, inserted = "".join(group.deleted), "".join(group.inserted)
        shared = _shared_space(deleted[::-1], inserted[::-1])
        stop = -shared if shared else None
        kept = deleted[len(deleted) - shared :] + group.kept
        for op, text in (("-", deleted[:stop]), ("+", inserted[:stop]), ("=", kept)):
            if text and told and told[-1][0] == op:
                told[-1] = (op, told[-1][1] + text)
            elif text:
                told.append((op, text))
    return told


def _shared_space(old: str, new: str) -> int:
    size = 0
    for a, b in zip(old, new, strict=False):
        if a != b or not a.isspace():
            break
        size += 1
    return size
