"""A live blog's entries as the body of a Content: their passages, ranked and typed, and what is known of each."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from monitor.core.article import Block, Entry, Rank
from monitor.core.blog import Order, compared, order_of
from monitor.core.cached import LONGEST, cached_by_text
from monitor.core.text import squeeze
from monitor.core.timestamps.zones import place
from monitor.extract.blocks import typed
from monitor.extract.body import Body
from monitor.extract.clock import CLOCK_LINE
from monitor.extract.entries import LiveEntry, is_pinned_label
from monitor.extract.entry_times import Times, day_in, is_time_line, on_days
from monitor.extract.fields import HEADLINE_WORDS
from monitor.extract.lines import is_running_text, rank
from monitor.extract.structured import text_of
from monitor.extract.tree import HEADINGS, Page, Passage

METHOD = "entries"

ABOVE = 4
"""So many passages above an entry can be the heading of its day."""
LONGEST_HEADLINE = 250
MOST_PINNED = 3
"""No blog keeps more entries than this at its top, by which times out of order there are taken for pins."""


def body_of(page: Page, entries: Sequence[LiveEntry], *, first: int) -> Body:
    """The paragraphs between the headline and the entries, and all that stands in the entries. What `clean` took for
    other articles of the page, or for other people's words, is an entry's own."""
    own = {passage.index for entry in entries for passage in entry.passages}
    start = min(own)
    told = {_squeezed(passage.text) for entry in entries for passage in entry.passages[:ABOVE]}
    taken = [
        passage
        for passage in page.passages[first:start]
        if passage.gone is None and _introduces(passage) and _squeezed(passage.text) not in told
    ]
    for entry in entries:
        kept = [passage for passage in entry.passages if passage.gone is None or passage.gone in _KEPT]
        # An entry of which nothing is left was taken for something else whole.
        taken += kept or entry.passages
    return Body(tuple(taken), METHOD)


_squeezed = cached_by_text(16384)(squeeze)


_KEPT = frozenset(("article", "ticker", "widget", "widgets", "social"))
"""What an entry, or what is quoted in it, may have been taken for."""


def _introduces(passage: Passage) -> bool:
    """Whether a passage above the entries is the story's, and no list of what they say."""
    if passage.place.within("figure", "figcaption") is not None or not is_running_text(passage):
        return False
    return passage.links == 0 or passage.place.within("li") is None


def outside(passages: Sequence[Passage], own: AbstractSet[int], *, language: str | None) -> list[Passage]:
    """The passages of the page that can say something of its own times: none in the entries (`own` are their indexes),
    between them, or over the first as the heading of its day."""
    start, end = min(own), max(own)
    while start and day_in(passages[start - 1].text, language, None):
        start -= 1
    return [passage for passage in passages if not start <= passage.index <= end]


# -- blocks


def entry_blocks(body: Body, entries: Sequence[LiveEntry], *, language: str | None) -> tuple[Block, ...]:
    """The blocks of a body that `body_of` gave, each with the entry it belongs to. An entry's time and the word
    "Pinned" are told of in its Entry; noise in it is left out."""
    entry_of = {passage.index: entry.id for entry in entries for passage in entry.passages}
    found: list[Block] = []
    for name, passages in _runs(body.passages, entry_of):
        kept = passages if name is None else [p for p in passages if not _is_told_of(p.text, language)]
        edges = (0, len(kept) - 1)
        ranks = {p.index: _rank(p, language, at in edges) for at, p in enumerate(kept)}
        found += typed([p for p in kept if ranks[p.index] is not Rank.NOISE], ranks, entry=name)
    return tuple(found)


def _is_told_of(text: str, language: str | None) -> bool:
    return len(text) <= CLOCK_LINE and (is_time_line(text, language) or is_pinned_label(text))


RANKS_KEPT = 16_384
"""As many as ten blogs of 300 entries have, in some MB."""
_ranks: dict[tuple[object, ...], Rank] = {}


def _rank(passage: Passage, language: str | None, edge: bool) -> Rank:
    """As `rank`, which looks at nothing else of a passage. Most of a blog's entries were looked at a minute ago."""
    if len(passage.text) > LONGEST:
        return rank(passage, language=language, edge=edge)
    told = (passage.place.tag, passage.linked, passage.strong, passage.slanted, passage.links)
    key = (passage.text, language, edge, *told)
    known = _ranks.get(key)
    if known is None:
        if len(_ranks) >= RANKS_KEPT:
            _ranks.clear()
        known = _ranks[key] = rank(passage, language=language, edge=edge)
    return known


def _runs(passages: Iterable[Passage], entry_of: dict[int, str]) -> Iterator[tuple[str | None, list[Passage]]]:
    run: list[Passage] = []
    name: str | None = None
    for passage in passages:
        mine = entry_of.get(passage.index)
        if run and mine != name:
            yield name, run
            run = []
        name = mine
        run.append(passage)
    if run:
        yield name, run


# -- entries


def entries_of(
    page: Page,
    found: Sequence[LiveEntry],
    *,
    zone: str | None,
    language: str | None,
    published_at: datetime | None,
    written_at: datetime | None,
) -> tuple[Entry, ...]:
    """The entries as they are known, with their days. `published_at` is when the blog was, `written_at` the last time
    that its page is known to have been written, or else was read."""
    times = [entry.times for entry in found]
    if any(time.at is None and time.wall for time in times):
        times = on_days(
            times,
            _days(page, found, language, published_at or written_at),
            zone=place(zone),
            newest_first=_runs_back(times),
            first=published_at,
            latest=written_at,
        )
    entries = [
        Entry(entry.id, time.at, _headline(entry), time.updated_at, entry.pinned, time.wall)
        for entry, time in zip(found, times, strict=True)
    ]
    return tuple(_with_pins(entries))


def _runs_back(times: Sequence[Times]) -> bool:
    """Whether the page begins with the newest. Clocks without a day tell as well: midnight passes once."""
    shown = [Entry(str(at), time.at, None, wall=time.wall) for at, time in enumerate(times)]
    return order_of(shown) is not Order.OLDEST_FIRST


def _days(page: Page, found: Sequence[LiveEntry], language: str | None, seen: datetime | None) -> list[date | None]:
    """The day of the heading that each entry stands under."""
    days: list[date | None] = []
    day: date | None = None
    end = max(0, found[0].passages[0].index - ABOVE)
    for entry in found:
        start = entry.passages[0].index
        for passage in page.passages[end:start]:
            day = day_in(passage.text, language, seen) or day
        days.append(day)
        end = max(end, entry.passages[-1].index + 1)
    return days


def _headline(entry: LiveEntry) -> str | None:
    """An entry's heading, else what JSON-LD calls it."""
    for passage in entry.passages:
        place, text = passage.place, passage.text
        named = place.tag in HEADINGS or (len(text) <= LONGEST_HEADLINE and not HEADLINE_WORDS.isdisjoint(place.words))
        if named and not is_time_line(text, None):
            return text
    return text_of(entry.update.get("headline")) if entry.update else None


def _with_pins(entries: list[Entry]) -> list[Entry]:
    """Entries at the top that are out of their time's order are kept there."""
    order = order_of(entries)
    if order is None:
        return entries
    step = 1 if order is Order.OLDEST_FIRST else -1
    rest = [entry for entry in entries if not entry.pinned]
    # Clocks without a day go the wrong way at midnight too.
    out_of_order = [
        at for at in range(min(MOST_PINNED, len(rest) - 2)) if rest[at].at and compared(rest[at], rest[at + 1]) == -step
    ]
    kept = {entry.id for entry in rest[: max(out_of_order, default=-1) + 1]}
    return [_pinned(entry) if entry.id in kept else entry for entry in entries]


def _pinned(entry: Entry) -> Entry:
    return Entry(entry.id, entry.at, entry.headline, entry.updated_at, True, entry.wall)
