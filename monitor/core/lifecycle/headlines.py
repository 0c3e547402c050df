"""Variants of a headline: texts that a page shows by turns, to find out which is read most (an A/B test), told from
edits by what has come back.

A text that comes back once may have been an edit that was undone: then the page is looked at some more, at once. One
that comes back twice is a test. From then on a flip between its texts is no edit, until one of them has stood alone for
so long that chance does not explain it: then that one is the headline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, log, prod

from monitor.core.article import Content, Declaration, Field, Reading, Version
from monitor.core.headline import (
    KEY_MAX,
    REMEMBERED,
    HeadlineTest,
    Surface,
    SurfaceMemory,
    Turn,
    Wording,
    among,
    same,
)
from monitor.core.text import printable

Memory = Mapping[Surface, SurfaceMemory]

MOST_WORDINGS = 8
"""Texts remembered of each surface."""
MOST_TURNS = 6
MOST_TESTED = 6
"""Texts of one test; a surface that shows more of them shows something else than variants."""
RETURNS = 2
RETURNS_WITHIN = timedelta(hours=6)
"""So many returns within this time are a test: newsrooms go back on a headline, but hardly twice."""
REGULAR = 1.25
"""Turns that differ by no more than this factor go by the clock."""
BY_LOT = 0.001
"""By the shares that were seen, the turns have to be as likely as this where each look is a lot of its own."""
AT_ONCE = timedelta(minutes=2)
"""A text that is gone this soon after it was seen was not taken back: the page shows another to each reader."""
FLICKERS_WITHIN = timedelta(days=7)
"""So long two such sights count together, however rare a variant is."""
QUICK = timedelta(minutes=30)
"""A text that is back this soon may be one of a test: the page is looked at again."""
LOOKS = 4
"""So many looks in a row have to show the text before it is believed: where two are shown by lot, chance does it in one
case of eight."""
TOLD_AFTER = timedelta(minutes=5)
"""While a new headline spreads over a publisher's caches, old and new come by turns as well, for minutes."""
ALONE_AT_LEAST, ALONE_LOOKS = timedelta(hours=1), 6
ALONE_UNTOLD = timedelta(minutes=10)
"""How long one text has to be alone before a test is over; shorter for one that was never told: it may have been the
caches."""
CHANCE = 0.0001
"""By the shares that were seen, the looks that one text has had alone have to be less likely than this: a test of a day
has a hundred looks at which such a row might begin."""
ALONE_AT_MOST, ENOUGH_LOOKS = timedelta(days=1), 20
"""So long, and at so many looks, no variant is so rare that it is waited for."""
RESUMED_WITHIN = timedelta(days=1)
"""A test whose texts come by turns again this soon was not over: it goes on, and is not told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What is remembered after a look, and what it means for the headline. `variants` are the texts of the test that
    runs; `waits`: the text shown is to be seen some more before it is believed; `told` is what people are to read of a
    test that has just become certain, which began at `since`."""

    memory: Memory = field(default_factory=dict)
    variants: tuple[str, ...] = ()
    waits: bool = False
    told: str | None = None
    since: datetime | None = None

    def steadied(self, base: Version, reading: Reading) -> Reading:
        """The reading with the headline of the version, where both are variants."""
        former, shown = base.content.headline, reading.content.headline
        if former == shown or not (among(former, self.variants) and among(shown, self.variants)):
            return reading
        return replace(reading, content=replace(reading.content, headline=former))

    def ended(self, now: datetime) -> bool:
        """Whether the test of the headline is over since this look."""
        test = self._test
        return test is not None and test.ended_at == now

    def last_sighted(self, base: Version, reading: Reading) -> Version:
        """The version, last seen when its own headline was: looks at other variants were counted as sights of it."""
        former, texts = base.content.headline, self._test.texts if self._test else ()
        if self.variants or same(former, reading.content.headline) or not among(former, texts):
            return base
        sights = (w.last_at for w in self.memory[Surface.HEADLINE].wordings if same(w.text, former))
        return replace(base, last_seen_at=min(base.last_seen_at, *sights))

    @property
    def _test(self) -> HeadlineTest | None:
        known = self.memory.get(Surface.HEADLINE)
        return known.test if known else None


# ------------------------------------------------------------------------------------------------- a look


def after_look(memory: Memory, content: Content, now: datetime) -> Titles:
    """After a look that found this content."""
    shown = {said.surface: said.text for said in content.headlines}
    if content.headline is not None:
        shown[Surface.HEADLINE] = content.headline
    return _judged(_remembered(memory, {s: shown[s] for s in REMEMBERED if s in shown}, now), now)


def after_same_page(memory: Memory, now: datetime) -> Titles:
    """After a look that found the page of the look before."""
    return _judged(_remembered(memory, {surface: known.shown for surface, known in memory.items()}, now), now)


def _remembered(memory: Memory, shown: Mapping[Surface, str], now: datetime) -> Memory:
    """Most surfaces have always said the same, and share one memory: it is made once."""
    made: dict[tuple[int, str], SurfaceMemory] = {}
    after = dict(memory)
    for surface, text in shown.items():
        known = memory.get(surface)
        key = (id(known), text)
        if key not in made:
            made[key] = _after(known, text, now)
        after[surface] = made[key]
    return after


def without_look(memory: Memory) -> Titles:
    """After a page that says nothing of what readers are shown: an old copy of it."""
    return Titles(memory=memory, variants=_running(memory.get(Surface.HEADLINE)))


def _judged(memory: Memory, now: datetime) -> Titles:
    certain = [surface for surface in REMEMBERED if surface in memory and _is_certain(memory[surface], now)]
    headline = memory.get(Surface.HEADLINE)
    judged = Titles(
        memory={**memory, **{surface: _as_told(memory[surface], now) for surface in certain}},
        variants=_running(headline),
        waits=headline is not None and _waits(headline),
    )
    if not certain or _is_told_already(memory, certain[0]):
        return judged
    known = judged.memory[certain[0]]
    since = known.test.since if known.test else None
    return replace(judged, told=in_words(known, certain, now), since=since)


def _running(known: SurfaceMemory | None) -> tuple[str, ...]:
    return known.test.texts if known and known.test and known.test.runs else ()


def _waits(known: SurfaceMemory) -> bool:
    """Whether the text shown may be a variant and has not been seen often enough: it is another than those of the test
    that runs, one of a test that is just over, or has come back quickly."""
    turn, before, test = known.turns[-1], known.turns[:-1], known.test
    if turn.looks >= LOOKS or not before:
        return False
    if test is not None and test.runs:
        return not among(turn.text, test.texts)
    if test is not None and test.ended_at is not None and turn.first_at - test.ended_at <= RESUMED_WITHIN:
        return among(turn.text, test.texts)
    return any(same(turn.text, earlier.text) and _is_quick(turn, earlier) for earlier in before)


# ------------------------------------------------------------------------------------------------- what is remembered


def _after(known: SurfaceMemory | None, text: str, now: datetime) -> SurfaceMemory:
    text = text[:KEY_MAX]
    if known is None:
        return SurfaceMemory(
            wordings=(Wording(text=text, first_at=now, last_at=now),),
            turns=(Turn(text=text, first_at=now, last_at=now),),
        )
    turns = _turns_after(known.turns, text, now)
    test = _test_after(known, turns, now)
    begins = test is not None and test.runs and (known.test is None or known.test.since != test.since)
    wordings = _wordings_after(known.wordings, text, now, tested=test is not None and test.runs and not begins)
    if begins and test is not None:
        wordings = tuple(replace(wording, tested=_looks_at(wording.text, turns, test)) for wording in wordings)
    return SurfaceMemory(wordings=_latest(wordings, test), turns=turns, test=test)


def _turns_after(turns: tuple[Turn, ...], text: str, now: datetime) -> tuple[Turn, ...]:
    last = turns[-1]
    if same(last.text, text):
        return (*turns[:-1], replace(last, last_at=max(last.last_at, now), looks=last.looks + 1))
    return (*turns, Turn(text=text, first_at=now, last_at=now))[-MOST_TURNS:]


def _wordings_after(wordings: tuple[Wording, ...], text: str, now: datetime, *, tested: bool) -> tuple[Wording, ...]:
    if not any(same(wording.text, text) for wording in wordings):
        wordings = (*wordings, Wording(text=text, first_at=now, last_at=now, looks=0))
    return tuple(
        replace(w, last_at=max(w.last_at, now), looks=w.looks + 1, tested=w.tested + tested)
        if same(w.text, text)
        else w
        for w in wordings
    )


def _latest(wordings: tuple[Wording, ...], test: HeadlineTest | None) -> tuple[Wording, ...]:
    """The most that are kept: those of the test, then the latest."""
    if len(wordings) <= MOST_WORDINGS:
        return wordings
    tested = test.texts if test else ()
    oldest = min(wordings[:-1], key=lambda wording: (among(wording.text, tested), wording.last_at))
    return tuple(wording for wording in wordings if wording is not oldest)


def _looks_at(text: str, turns: Sequence[Turn], test: HeadlineTest) -> int:
    """At how many looks the text was there since the test began."""
    return sum(turn.looks for turn in turns if turn.first_at >= test.since and same(turn.text, text))


# ------------------------------------------------------------------------------------------------- tests


def _test_after(known: SurfaceMemory, turns: tuple[Turn, ...], now: datetime) -> HeadlineTest | None:
    test = known.test
    if test is not None and test.runs:
        if _stands_alone(test, known.wordings, turns, now):
            return replace(test, ended_at=now)
        return _joined(test, turns)
    if test is not None and test.ended_at is not None and now - test.ended_at <= RESUMED_WITHIN:
        return replace(test, ended_at=None) if _goes_on(test, turns) else test
    return _begun(turns, now) or test


def _joined(test: HeadlineTest, turns: tuple[Turn, ...]) -> HeadlineTest:
    """A text between two of the test's own is one of them."""
    if len(turns) < 2 or turns[-1].looks > 1 or not among(turns[-1].text, test.texts):
        return test
    between = turns[-2].text
    if among(between, test.texts) or len(test.texts) >= MOST_TESTED:
        return test
    return replace(test, texts=(*test.texts, between))


def _goes_on(test: HeadlineTest, turns: tuple[Turn, ...]) -> bool:
    """Whether another text of a test that was over has come, and was gone quickly."""
    if len(turns) < 3 or turns[-1].looks > 1 or not all(among(turn.text, test.texts) for turn in turns[-3:]):
        return False
    return same(turns[-1].text, turns[-3].text) and _is_quick(turns[-1], turns[-3])


def _is_quick(turn: Turn, earlier: Turn) -> bool:
    return turn.first_at - earlier.last_at <= QUICK


def _flickered(turn: Turn, following: Turn) -> bool:
    return following.first_at - turn.last_at <= AT_ONCE and turn.looks == 1


def _begun(turns: tuple[Turn, ...], now: datetime) -> HeadlineTest | None:
    recent = tuple(turn for turn in turns if now - turn.last_at <= RETURNS_WITHIN)
    found = _between_returns(recent)
    if not found:
        lasting = tuple(turn for turn in turns if now - turn.last_at <= FLICKERS_WITHIN)
        found = _between_returns(lasting[-5:]) if _is_flickering(lasting) else ()
    if not found:
        return None
    texts: list[str] = []
    for turn in found:
        if not among(turn.text, texts):
            texts.append(turn.text)
    return HeadlineTest(texts=tuple(texts), since=found[1].first_at, known_at=now)


def _between_returns(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns from the first text that came back on; none where texts came back too seldom."""
    returned = [at for at, turn in enumerate(turns) if any(same(turn.text, earlier.text) for earlier in turns[:at])]
    if len(returned) < RETURNS:
        return ()
    first = next(at for at, turn in enumerate(turns) if any(same(turn.text, later.text) for later in turns[at + 1 :]))
    return turns[first:] if _is_by_turns(turns[first:]) else ()


def _is_by_turns(turns: tuple[Turn, ...]) -> bool:
    """Whether texts that came back did so quickly, by the clock, or as if by lot. One that stood for hours, at every
    look, and came back after another that did was put there by hand."""
    lasted = [after.first_at - turn.first_at for turn, after in pairwise(turns[1:])]
    if max(lasted) <= max(QUICK, REGULAR * min(lasted)):
        return True
    looks = sum(turn.looks for turn in turns) + len(turns)
    shares = (
        (sum(other.looks + 1 for other in turns if same(other.text, turn.text)) / looks, turn.looks - 1)
        for turn in turns[1:-1]
    )
    return prod(share**again for share, again in shares) >= BY_LOT


def _is_flickering(turns: tuple[Turn, ...]) -> bool:
    """Whether another text came and was gone at once, twice."""
    if len(turns) < 5 or not all(same(turn.text, turns[-1].text) for turn in (turns[-3], turns[-5])):
        return False
    return _flickered(turns[-4], turns[-3]) and _flickered(turns[-2], turns[-1])


def _stands_alone(test: HeadlineTest, wordings: Sequence[Wording], turns: tuple[Turn, ...], now: datetime) -> bool:
    """Whether the text shown has been the only one too often for chance, and for longer than any before it."""
    turn = turns[-1]
    seen = sum(wording.tested for wording in wordings)
    others = sum(wording.tested for wording in wordings if not same(wording.text, turn.text))
    # What the shares were before this turn; one look each is added, for few looks say little.
    before = max(seen - (turn.looks - 1), others)
    share = (others + 1) / (before + 2)
    alone = now - turn.first_at
    if alone >= ALONE_AT_MOST and turn.looks >= ENOUGH_LOOKS:
        return True
    needed = max(ALONE_LOOKS, ceil(log(CHANCE) / log(1 - share)))
    longest = max((later.first_at - earlier.first_at for earlier, later in pairwise(turns[1:])), default=timedelta(0))
    least = ALONE_AT_LEAST if test.told_at is not None else ALONE_UNTOLD
    return turn.looks >= needed and alone >= max(least, 2 * longest)


# ------------------------------------------------------------------------------------------------- what is told


def _is_told_already(memory: Memory, first: Surface) -> bool:
    """Whether a test that `first` belongs to has been told of: surfaces that flip together are one test, and that of
    the headline speaks for all."""
    told = [surface for surface in REMEMBERED if surface in memory and _is_told(memory[surface])]
    return Surface.HEADLINE in told or bool(told and first is not Surface.HEADLINE)


def _is_certain(known: SurfaceMemory, now: datetime) -> bool:
    """Whether the test was seen to flip for long enough, at this look as well."""
    test = known.test
    if test is None or not test.runs or test.told_at is not None:
        return False
    return known.turns[-1].looks == 1 and now - test.since >= TOLD_AFTER


def _is_told(known: SurfaceMemory) -> bool:
    return known.test is not None and known.test.runs and known.test.told_at is not None


def _as_told(known: SurfaceMemory, now: datetime) -> SurfaceMemory:
    assert known.test is not None
    return replace(known, test=replace(known.test, told_at=now))


def in_words(known: SurfaceMemory, surfaces: Sequence[Surface], now: datetime) -> str:
    """The texts of a test, each with its share and times (UTC)."""
    shares = list(shares_of(known))
    looks = sum(wording.tested for wording in shares)
    dated = any(at.date() != now.date() for wording in shares for at in (wording.first_at, wording.last_at))
    form = "%Y-%m-%d %H:%M" if dated else "%H:%M"
    said = "; ".join(
        f'"{printable(wording.text, 120)}" ({wording.tested} of {looks} looks, first {wording.first_at:{form}}, '
        f"last {wording.last_at:{form}} UTC)"
        for wording in shares
    )
    where = "" if surfaces[0] is Surface.HEADLINE else f" in {' and '.join(surfaces)}"
    return f"{len(shares)} headlines are shown by turns{where}: {said}"


@dataclass(frozen=True, slots=True)
class SeenTest:
    """The latest test of some surfaces that flip together, and its wordings as the first of them showed them, the one
    seen most first."""

    surfaces: tuple[Surface, ...]
    test: HeadlineTest
    wordings: tuple[Wording, ...]

    @property
    def looks(self) -> int:
        return sum(wording.tested for wording in self.wordings)


def seen_tests(memory: Memory) -> tuple[SeenTest, ...]:
    found: list[SeenTest] = []
    for surface in REMEMBERED:
        known = memory.get(surface)
        if known is None or known.test is None:
            continue
        alike = next((at for at, seen in enumerate(found) if _flip_together(seen.test, known.test)), None)
        if alike is None:
            found.append(SeenTest((surface,), known.test, tuple(shares_of(known))))
        else:
            found[alike] = replace(found[alike], surfaces=(*found[alike].surfaces, surface))
    return tuple(found)


def _flip_together(one: HeadlineTest, other: HeadlineTest) -> bool:
    alike = len(one.texts) == len(other.texts) and all(among(text, other.texts) for text in one.texts)
    return alike and one.since == other.since


def shares_of(known: SurfaceMemory) -> Iterator[Wording]:
    """The wordings of the latest test, the one seen most first."""
    texts = known.test.texts if known.test else ()
    tested = (wording for wording in known.wordings if among(wording.text, texts))
    yield from sorted(tested, key=lambda wording: -wording.tested)


def is_flip(memory: Memory, fields: Sequence[Field], declaration: Declaration | None, at: datetime) -> bool:
    """Whether a change that was taken for an edit at that time belongs to the test that was not known of yet."""
    known = memory.get(Surface.HEADLINE)
    if known is None or known.test is None or tuple(fields) != (Field.HEADLINE,):
        return False
    return known.test.since <= at <= known.test.known_at and declaration is not Declaration.ANNOUNCED
