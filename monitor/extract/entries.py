"""The entries of a live blog: alike places of a page, each with a time or an id, that together hold most of its text.

What they are called does not matter, but for three guards: lists of products, teasers, comments and programmes look
alike too.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise, takewhile
from operator import itemgetter
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from monitor.core.text import fold
from monitor.extract.clock import CLOCK, CLOCK_LINE, shows_clock
from monitor.extract.containers import LEAVES
from monitor.extract.entry_times import Times, times_of
from monitor.extract.identity import head_of, ids_of, names_of, updates_of
from monitor.extract.outline import Outline, says_something
from monitor.extract.phrases import table
from monitor.extract.structured import JsonLd, Structured
from monitor.extract.tree import HEADINGS, Page, Passage, Place, nodes_above

_TABLE = table("entries.toml")
_NAMES = table("names.toml")
LIVE = frozenset(_TABLE["live"])
_ADDRESSES, _HEADLINES = (re.compile("|".join(_TABLE[key])) for key in ("addresses", "headlines"))
PINNED = frozenset(_TABLE["pinned"])
PINNED_LABELS = frozenset(fold(label).casefold() for label in _TABLE["pinned_labels"])
NOT_ENTRIES = frozenset(_NAMES["no_bodies"]) | frozenset(_TABLE["no_entries"])
"""Words of places whose items are no entries, however alike and however long."""

FEWEST = 3
"""Alike places from which on they are a live blog, where nothing but their times says so."""
SHARE = 0.6
DECLARED_SHARE = 0.3
"""The part of the page's prose that its entries hold, at the least; of a page that declares its entries."""
MARKED = 0.8
"""The part of the entries that have a time, or an id."""
CLOSE = 0.85
"""With so much of the richest candidate's prose, another may be the entries as well: the finer division is."""
LINKED_HEADINGS = 0.5
LOOKED_AT = 40
"""So many of the places, evenly spread, tell what all of them are."""
LEAST = 30
"""Characters that entries hold on average, at the least: a programme's items are shorter."""
MOST = 0.7
"""An entry that holds more of all entries' prose than this is an article, and the others stand round it."""

_ENTRY_TAGS = frozenset(("div", "article", "li", "section", "p", "tr", "td", "dd", "details", "blockquote"))
_ELSEWHERE_TAGS = frozenset(("nav", "footer", "aside", "form", "menu", "dialog"))
_TIMES = (
    "[data-unixtime], [data-timestamp], [data-time], [data-datetime], [data-published], [data-date], "
    'meta[itemprop~="datePublished"], meta[itemprop~="dateModified"]'
)


@dataclass(frozen=True, slots=True, eq=False)
class LiveEntry:
    """One entry as it stands on the page, and what JSON-LD says of it. A clock without a day stands in `times` as it
    is printed."""

    id: str
    place: Place
    passages: tuple[Passage, ...]
    times: Times
    update: JsonLd | None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where times stand: elements by the number of their place, and lines, both sorted."""

    numbers: Sequence[int]
    nodes: Sequence[LexborNode]
    lines: Sequence[int]

    @classmethod
    def of(cls, page: Page, after: int) -> "_Marks":
        timed = list(page.times)
        others = page.tree.css(_TIMES)
        known = {place.node.mem_id: place.number for place in page.places} if others else {}
        timed += [(number, node) for node in others if (number := _number(node, known)) is not None]
        timed.sort(key=itemgetter(0))
        # Most of a page's passages are neither short nor begin with a figure, and need not be asked.
        lines = [
            passage.index
            for passage in page.passages[after + 1 :]
            if (len(text := passage.text) <= CLOCK_LINE or text[0].isdigit()) and shows_clock(text)
        ]
        return cls([number for number, _ in timed], [node for _, node in timed], lines)

    def within(self, outline: Outline, place: Place) -> bool:
        return outline.holds(place, self.numbers) or outline.shows(place, self.lines)

    def times(self, outline: Outline, place: Place) -> tuple[LexborNode, ...]:
        start = bisect_left(self.numbers, place.number)
        return tuple(self.nodes[start : bisect_right(self.numbers, outline.end[place.number])])


def _is_elsewhere(place: Place) -> bool:
    """Whether its names say that a place is for something else than the article."""
    return not NOT_ENTRIES.isdisjoint(place.words) or "Comment" in (place.attributes.get("itemtype") or "")


def _number(node: LexborNode, known: Mapping[int, int]) -> int | None:
    if node.mem_id in known:
        return known[node.mem_id]
    return next((known[above.mem_id] for above in nodes_above(node) if above.mem_id in known), None)


def find_entries(
    page: Page,
    structured: Structured,
    *,
    url: str,
    after: int,
    zone: str | None = None,
    language: str | None = None,
    wanted: bool = False,
) -> tuple[LiveEntry, ...]:
    """The entries in the order of the page, a copy of a pinned one left out; none where the page is no live blog.

    `after` is the index of the headline, `zone` (IANA) that of clocks printed without one. `wanted`: the page is known
    to be a live blog, which may have but one entry.
    """
    vouched = structured.declares_entries or wanted
    if not vouched and len(page.passages) - after < 2 * FEWEST:
        return ()
    search = _Search(page, structured, url, after, vouched)
    held = {place: search.outline.passages(place) for place in search.places()} or search.flat()
    entries = tuple(_told_apart(search, held, zone, language)) if held else ()
    return entries if search.is_live or _say_when(entries) else ()


def _say_when(entries: Sequence[LiveEntry]) -> bool:
    """Whether the entries of a page that nothing calls live have times that can be read, by the clock."""
    told = sum(entry.times.at is not None or entry.times.wall is not None for entry in entries)
    return told >= MARKED * len(entries)


class _Search:
    def __init__(self, page: Page, structured: Structured, url: str, after: int, vouched: bool) -> None:
        self.page, self.structured, self.url, self.after = page, structured, url, after
        self.vouched = vouched
        self.outline = Outline.of(page)
        self.marks = _Marks.of(page, after)

    def places(self) -> list[Place]:
        if not self.vouched and len(self.marks.numbers) + len(self.marks.lines) < FEWEST and not self.is_live:
            return []
        groups = [group for group in self._alike().values() if self._is_likely(group)]
        marked = [group for group in groups if self._is_timed(group)]
        if not marked:
            marked = [group for group in groups if self._is_named(group)]
        if not marked:
            return self._lone() if self.vouched else []
        richest = max(map(self._held, marked))
        close = [group for group in marked if self._held(group) >= CLOSE * richest]
        group = max(close, key=lambda group: (len(group), -self.outline.depth[group[0].number]))
        return self._with_siblings(group)

    @cached_property
    def is_live(self) -> bool:
        """Whether address, headline or metadata call the page live."""
        if self.vouched or "LiveBlogPosting" in self.structured.types:
            return True
        headline = fold(self.structured.headline or self.structured.title).casefold()
        return _ADDRESSES.search(urlsplit(self.url).path.lower()) is not None or _HEADLINES.search(headline) is not None

    # -- places that look alike

    def _alike(self) -> dict[tuple[str, int, str], list[Place]]:
        """Places of the article below the headline, by tag, depth and the first of their class names; those that stand
        together where nothing is prose, as the links of a list do, left out."""
        groups: dict[tuple[str, int, str], list[Place]] = defaultdict(list)
        outline, elsewhere = self.outline, self._elsewhere
        for place in self.page.places:
            number = place.number
            if elsewhere[number] or place.parent is None or not outline.prose[place.parent.number]:
                continue
            if place.tag in _ENTRY_TAGS and outline.last[number] >= 0 and outline.first[number] > self.after:
                names = (place.attributes.get("class") or "").split(maxsplit=1)
                groups[place.tag, outline.depth[number], names[0] if names else ""].append(place)
        return groups

    def _is_likely(self, group: Sequence[Place]) -> bool:
        least = 2 if self.vouched else FEWEST
        if len(group) < least:
            return False
        held = [self.outline.prose[place.number] for place in group]
        if sum(held) < self._enough:
            return False
        if not self.vouched and max(held) > MOST * sum(held):
            return False
        if sum(held) < LEAST * len(group):
            return False
        return not self._lists_others(group)

    def _held(self, group: Iterable[Place]) -> int:
        return sum(self.outline.prose[place.number] for place in group)

    @cached_property
    def _enough(self) -> float:
        elsewhere = self._elsewhere
        below = sum(
            len(passage.text)
            for passage in self.page.passages[self.after + 1 :]
            if not elsewhere[passage.place.number] and says_something(passage)
        )
        return max(1.0, (DECLARED_SHARE if self.vouched else SHARE) * below)

    @cached_property
    def _elsewhere(self) -> Sequence[bool]:
        """By number, whether a place is, or stands in, one for something else than the article."""
        found: list[bool] = []
        for place in self.page.places:
            inside = place.parent is not None and found[place.parent.number]
            found.append(inside or place.tag in _ELSEWHERE_TAGS or (bool(place.attributes) and _is_elsewhere(place)))
        return found

    def _stands_elsewhere(self, place: Place) -> bool:
        return self._elsewhere[place.number]

    def _lists_others(self, group: Sequence[Place]) -> bool:
        """Whether the items are articles of their own or lead to others: each headed by a link to another page."""
        linked = headed = 0
        looked_at = group[:: max(1, len(group) // LOOKED_AT)]
        for place in looked_at:
            passages = self.outline.passages(place)
            headed += any(passage.place.tag == "h1" for passage in passages)
            lead = next((p for p in passages if p.place.tag in HEADINGS), None)
            if lead is None:
                lead = next((p for p in passages if not shows_clock(p.text)), passages[0])
            linked += lead.link_share > 0.8 and self._leads_away(lead)
        return headed > 1 or linked > LINKED_HEADINGS * len(looked_at)

    def _leads_away(self, lead: Passage) -> bool:
        """Whether the link that is an item's heading leads to another page."""
        link = lead.place.node.css_first("a[href]") or next(
            (above for above in nodes_above(lead.place.node) if above.tag == "a"), None
        )
        try:
            there = urlsplit((link.attributes.get("href") or "") if link is not None else "").path.rstrip("/")
        except ValueError:
            return False
        return bool(there) and not there.startswith(urlsplit(self.url).path.rstrip("/"))

    # -- their marks

    def _is_timed(self, group: Sequence[Place]) -> bool:
        return sum(self.marks.within(self.outline, place) for place in group) >= MARKED * len(group)

    def _is_named(self, group: Sequence[Place]) -> bool:
        """Whether ids do, where there are no times: those of places, not of paragraphs, on a page, or in one of its
        places, that is called live."""
        if group[0].tag == "p" or not (self.is_live or any(LIVE & place.words for place in group[0].up())):
            return False
        held = [self.outline.passages(place) for place in group]
        heads = [head_of(place, self.outline) for place in group]
        ids = ids_of(group, heads, updates_of(heads, held, self.structured))
        return sum(value is not None for value in ids) >= MARKED * len(group)

    def _lone(self) -> list[Place]:
        """The only entry of a page that is known to be a live blog: the nearest place round a time that holds prose."""
        for number in self.marks.numbers or [self.page.passages[i].place.number for i in self.marks.lines]:
            for place in self.page.places[number].up():
                held = self.outline.prose[place.number]
                if self.outline.first[place.number] <= self.after or self._stands_elsewhere(place):
                    break
                if held:
                    return [place]
        return []

    def flat(self) -> dict[Place, list[Passage]]:
        """Entries that no place holds: lines with a time, alike and side by side, each with the prose below it. Their
        times must run one way."""
        if not self.is_live:
            return {}
        groups: dict[tuple[int, str], list[Passage]] = defaultdict(list)
        for index in self.marks.lines:
            place = self.page.passages[index].place
            alone = self.outline.first[place.number] == self.outline.last[place.number]
            if place.parent is not None and alone and heads_entry(self.page.passages[index]):
                groups[place.parent.number, place.tag].append(self.page.passages[index])
        for group in sorted(groups.values(), key=len, reverse=True):
            if self._stands_elsewhere(group[0].place):
                continue
            if len(group) >= FEWEST and runs_one_way([CLOCK.search(passage.text) for passage in group]):
                held = self._below(group)
                told = sum(len(p.text) for passages in held.values() for p in passages if says_something(p))
                if told >= max(self._enough, LEAST * len(group)):
                    return held
        return {}

    def _below(self, heads: Sequence[Passage]) -> dict[Place, list[Passage]]:
        """What stands under each line, up to the next one or the end of the place that holds them."""
        around = heads[0].place.parent
        assert around is not None, "the lines stand side by side in it"
        start, end = heads[0].index, self.outline.last[around.number]
        own = _set_alike(self.page.passages[start : end + 1], around)
        starts = [*(head.index for head in heads), end + 1]
        return {
            head.place: [passage for passage in own if first <= passage.index < stop]
            for head, (first, stop) in zip(heads, pairwise(starts), strict=True)
        }

    def _with_siblings(self, group: Sequence[Place]) -> list[Place]:
        """The entries and those of their siblings that are set otherwise: pinned ones, key events, the last one."""
        numbers = {place.number for place in group}
        parents = {place.parent.number for place in group if place.parent is not None}
        names = Counter(name for place in group for name in place.words)
        common = {name for name, times in names.items() if 2 * times > len(group)}
        more = [
            place
            for place in self.page.places
            if place.tag == group[0].tag
            and place.number not in numbers
            and self.outline.first[place.number] > self.after
            and self.outline.last[place.number] >= 0
            and self._belongs(place, parents, numbers, common)
        ]
        return sorted((*group, *more), key=lambda place: place.number)

    def _belongs(self, place: Place, parents: set[int], numbers: set[int], common: set[str]) -> bool:
        if not self.marks.within(self.outline, place) or self._stands_elsewhere(place):
            return False
        if place.parent is not None and place.parent.number in parents:
            return True
        inside = any(up.number in numbers for up in place.up())
        around = any(place.number < number <= self.outline.end[place.number] for number in numbers)
        return bool(common) and common <= place.words and not inside and not around


BOX_KIND = 3
"""Boxes that look alike round so many passages are how a page sets its paragraphs; others hold something else."""
_UNBOXED = LEAVES | {"figure", "a"}


def _set_alike(passages: Sequence[Passage], around: Place) -> list[Passage]:
    """Those of the passages in a place that stand in it as its paragraphs do, not in a box of their own."""

    def boxes(passage: Passage) -> list[tuple[str, frozenset[str]]]:
        between = takewhile(lambda up: up is not around, passage.place.up())
        return [(up.tag, up.words) for up in between if up.tag not in _UNBOXED]

    kinds = Counter(box for passage in passages for box in boxes(passage))
    return [passage for passage in passages if all(kinds[box] >= BOX_KIND for box in boxes(passage))]


def heads_entry(passage: Passage) -> bool:
    """Whether a line can stand over an entry: it begins with its time, and is set as a heading or is short."""
    match = CLOCK.search(passage.text)
    if match is None or len(passage.text) > LONGEST_HEAD:
        return False
    return match.start() <= BEFORE_CLOCK and (
        passage.place.tag in HEADINGS or 2 * passage.strong > len(passage.text) or len(passage.text) <= CLOCK_LINE
    )


LONGEST_HEAD = 200
BEFORE_CLOCK = 3
ONE_WAY = 0.8


def runs_one_way(clocks: Sequence[re.Match[str] | None]) -> bool:
    """Whether clock times rise or fall from line to line, but for a few, and midnights."""
    minutes = [
        60 * int(found[0]) + int(found[1]) for match in clocks if match and (found := _FIGURES.findall(match[0]))[1:]
    ]
    steps = [other - one for one, other in pairwise(minutes) if other != one]
    rising = sum(step > 0 for step in steps)
    return len(steps) >= FEWEST - 1 and max(rising, len(steps) - rising) >= ONE_WAY * len(steps)


_FIGURES = re.compile(r"\d+")


# -- one entry from another


def _told_apart(
    search: _Search, known: Mapping[Place, Sequence[Passage]], zone: str | None, language: str | None
) -> Iterator[LiveEntry]:
    """Each entry once: of one that is pinned and stands in its own place too, the first is kept, as pinned."""
    outline = search.outline
    places, held = list(known), [tuple(passages) for passages in known.values()]
    heads = [head_of(place, outline) for place in places]
    updates = updates_of(heads, held, search.structured)
    clocked = frozenset(search.marks.lines)
    times = [
        times_of(_ends(passages, clocked), search.marks.times(outline, place), update, zone=zone, language=language)
        for place, passages, update in zip(places, held, updates, strict=True)
    ]
    names = list(names_of(ids_of(places, heads, updates), [time.raw for time in times], held, _opening))
    standing, shared = Counter(names), _shared_above(places)
    seen: set[str] = set()
    for name, place, passages, time, update in zip(names, places, held, times, updates, strict=True):
        if name not in seen:
            seen.add(name)
            pinned = standing[name] > 1 or is_pinned(place, passages, shared)
            yield LiveEntry(name, place, passages, time, update, pinned)


HEAD, FOOT = 4, 3
"""So many passages at either end of an entry can be its time."""


def _ends(passages: Sequence[Passage], clocked: AbstractSet[int]) -> list[Passage]:
    """The lines at either end of an entry that show a clock."""
    ends = passages if len(passages) <= HEAD + FOOT else (*passages[:HEAD], *passages[-FOOT:])
    return [passage for passage in ends if passage.index in clocked]


OPENING_WORDS = 12


def _opening(passages: Sequence[Passage]) -> str:
    """The first words of an entry that are no time."""
    words = (word for passage in passages if not _may_be_time(passage) for word in passage.text.split())
    return " ".join(islice(words, OPENING_WORDS))


def _may_be_time(passage: Passage) -> bool:
    return len(passage.text) <= CLOCK_LINE and CLOCK.search(passage.text) is not None


def _shared_above(places: Sequence[Place]) -> set[int]:
    """The places that several entries stand in."""
    held: Counter[int] = Counter()
    # Most stand side by side, in one place.
    for above, entries in Counter(place.parent for place in places if place.parent is not None).items():
        for up in above.up():
            held[up.number] += entries
    return {number for number, times in held.items() if times > 1}


LABEL_AMONG = 4


def is_pinned(place: Place, passages: Sequence[Passage], shared: AbstractSet[int]) -> bool:
    """Whether an entry says that it is kept at the top: by its name, by that of a box that holds no other, or in a
    line of its own. `shared` are the numbers of the places that several entries stand in."""
    if place.attributes.get("data-pinned") in ("true", "1"):
        return True
    for box in place.up()[:3]:
        if box.number in shared:
            break
        if not PINNED.isdisjoint(box.words):
            return True
    short = [passage.text for passage in passages[:LABEL_AMONG] if len(passage.text) <= CLOCK_LINE]
    return any(map(is_pinned_label, short))


@lru_cache(maxsize=8192)
def is_pinned_label(text: str) -> bool:
    """Whether a line says that an entry is pinned, and nothing else but perhaps its time."""
    if len(text) > CLOCK_LINE:
        return False
    line = fold(text).casefold()
    clock = CLOCK.search(line)
    words = _MARKS.sub("", line[: clock.start()] if clock else line)
    return words in PINNED_LABELS


_MARKS = re.compile(r"^[\W_]+|[\W_]+$")
