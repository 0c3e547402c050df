"""What of a page is not the article: judged by local signs (tags, roles, words of class names), with guards."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from monitor.extract.extent import DENSITY, extent
from monitor.extract.notes import is_note
from monitor.extract.phrases import table
from monitor.extract.tree import Page, Passage, Place, hidden

_NAMES = table("names.toml")

ASIDE_TAGS = frozenset(("nav", "aside", "footer", "form", "button", "menu", "fieldset", "dialog", "noscript"))
ASIDE_ROLES = frozenset(
    [
        "navigation",
        "complementary",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tablist",
        "tooltip",
    ]
)
# Words of class and id names, whole words only: "ad" must not hit "header" or "read".
ASIDE_WORDS = frozenset(_NAMES["asides"])
ASIDE_PAIRS = (
    frozenset(("most", "read")),
    frozenset(("most", "viewed")),
    frozenset(("most", "popular")),
    frozenset(("read", "more")),
    frozenset(("read", "next")),
    frozenset(("read", "also")),
    frozenset(("up", "next")),
    frozenset(("sign", "up")),
    frozenset(("more", "on")),
    frozenset(("more", "from")),
    frozenset(("more", "stories")),
    frozenset(("more", "news")),
    frozenset(("see", "also")),
    frozenset(("next", "article")),
    frozenset(("next", "prev")),
    frozenset(("next", "previous")),
    frozenset(("news", "link")),
    frozenset(("author", "bio")),
    frozenset(("latest", "news")),
    frozenset(("video", "player")),
    frozenset(("screen", "reader")),
    frozenset(("visually", "hidden")),
    frozenset(("sr", "only")),
)
PLAIN_WORDS = frozenset(_NAMES["plain_asides"])
"""Words that are never a body's own name, even where the others have misled, nor a paragraph's or heading's."""

LEAVES = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "blockquote"))

EMBEDDING = frozenset(("widget", "widgets", "social"))
"""Words for what is embedded too: with a quotation in it, it is what the story shows of another's words."""

NOTE_WORDS = frozenset(_NAMES["notes"])
NO_BODY_TAGS = frozenset(("nav", "footer", "dialog"))
NEVER_JUDGED = frozenset(("body", "main", "h1"))

NO_BODIES = frozenset(_NAMES["no_bodies"])
"""Words that are the name of no body, however long what stands there: readers' comments, questions of consent."""

ELSEWHERE = NO_BODIES | {"article"}

MOST = 0.35
"""A place that holds more of the page's prose than this is no aside, whatever it is called."""

LITTLE = 400
"""With fewer characters of prose than this a place may go whatever its share: a short report has long neighbours."""

MOST_PLAIN = 0.8
"""The same for a place whose name leaves no doubt: readers may write more than the newsroom."""

LONG = 160
"""A paragraph longer than this is not judged by its class."""

KEPT = 0.6
"""Cleaning that leaves less of the page's prose than this has gone wrong: judge by tag, role and plain names alone."""


def mark_asides(page: Page, headline: Passage | None) -> None:
    """Sets `dropped` on every place that is not the article, and `gone` on the passages in them."""
    running = [passage for passage in page.passages if _is_prose(passage)]
    prose = _lengths(page, running)
    total = prose[0] if prose and prose[0] else 1
    heading = {place.number for place in headline.place.up()} if headline else set()
    sacred = heading | _richest(page, running, headline.index if headline else -1)
    kept_places = _with_notes(page.passages)
    for strict in (False, True):
        for place in page.places:
            place.dropped = None
            if place.number in sacred or place.number in kept_places or place.tag in NEVER_JUDGED:
                continue
            place.dropped = _reason(place, prose[place.number], total, by_name=not strict)
        _mark_others(page, (heading, sacred), prose)
        _mark_forms(page, sacred | kept_places, prose)
        _hand_down(page)
        if not _has_gone_wrong(running):
            return


FORM_SHARE = 0.2


def _mark_forms(page: Page, kept: set[int], prose: Sequence[int]) -> None:
    """A small box round a form asks the reader for something, whatever it is called. In a stub, where it would be a
    fair part of all text, nothing is made of it."""
    forms = [place for place in page.places if place.tag == "form"]
    lengths = _lengths(page, page.passages) if forms else []
    for form in forms:
        box = form.parent
        if box is None or box.number in kept or box.tag in NEVER_JUDGED:
            continue
        if lengths[box.number] <= min(LITTLE, FORM_SHARE * prose[0]):
            box.dropped = box.dropped or "form"


def _hand_down(page: Page) -> None:
    """What stands in a dropped place is gone with it. Places come parents first."""
    gone: list[str | None] = []
    for place in page.places:
        gone.append(place.dropped or (gone[place.parent.number] if place.parent else None))
    for passage in page.passages:
        passage.gone = gone[passage.place.number]


def _lengths(page: Page, passages: Iterable[Passage]) -> list[int]:
    """Characters of these passages in each place, with all it holds. Places come parents first."""
    lengths = [0] * len(page.places)
    for passage in passages:
        lengths[passage.place.number] += len(passage.text)
    for place in reversed(page.places):
        if place.parent is not None:
            lengths[place.parent.number] += lengths[place.number]
    return lengths


def _richest(page: Page, running: Sequence[Passage], after: int) -> set[int]:
    """The place below the headline that the most running text stands in, paragraph beside paragraph, with those it
    stands in: the body, whatever it is called and however much stands elsewhere. A wrapper round one passage is no
    such place."""
    held = [0] * len(page.places)
    for passage in page.passages:
        held[passage.place.number] += 1
    for place in reversed(page.places):
        if place.parent is not None:
            held[place.parent.number] += held[place.number]
    other = [False] * len(page.places)
    depths = [0] * len(page.places)
    for place in page.places:
        above = place.parent.number if place.parent is not None else place.number
        other[place.number] = other[above] or _is_no_body(place)
        depths[place.number] = depths[above] + 1
    prose: Counter[int] = Counter()
    for passage in running:
        place = passage.place
        if passage.index <= after or other[place.number]:
            continue
        while held[place.number] == 1 and place.parent is not None:
            place = place.parent
        prose[place.number] += len(passage.text)
    return _with_all_round(page, prose, depths)


def _is_no_body(place: Place) -> bool:
    """One word may mislead, two do not."""
    return place.tag in NO_BODY_TAGS or (bool(place.attributes) and _names_no_body(place.words))


# A page has few names for its thousands of places.
@lru_cache(maxsize=2048)
def _names_no_body(words: frozenset[str]) -> bool:
    return bool(words & NO_BODIES) or len(words & ASIDE_WORDS) + sum(pair <= words for pair in ASIDE_PAIRS) > 1


def _with_all_round(page: Page, prose: Counter[int], depths: Sequence[int]) -> set[int]:
    """The numbers of the places with the most prose, those that look alike taken together (a body in sections), and
    of all that they stand in."""
    alike: dict[tuple[str, frozenset[str], int], list[int]] = {}
    for number in prose:
        place = page.places[number]
        alike.setdefault((place.tag, place.words, depths[number]), []).append(number)
    if not alike:
        return set()
    best = max(alike.values(), key=lambda numbers: (sum(prose[number] for number in numbers), -numbers[0]))
    return {place.number for number in best for place in page.places[number].up()}


def _is_prose(passage: Passage) -> bool:
    return len(passage.text) > FEWEST and extent(passage) > 60 and passage.link_share < 0.4


FEWEST = 60 // DENSITY
"""Characters that have this extent at the most are not counted."""


def _with_notes(passages: list[Passage]) -> set[int]:
    """The innermost places that a correction stands in: they are read, whatever they are called."""
    return {
        place.number
        for passage in passages
        if is_note(passage)
        for place in list(passage.place.up())[:2]
        if place.tag in ("aside", "footer", "p", "div", "section") and len(passage.text) > 40
    }


def _has_gone_wrong(running: Sequence[Passage]) -> bool:
    """Whether most paragraphs of the page, of all its running text, went out with the asides; readers' and other
    articles' do not count."""
    prose = [
        passage
        for passage in running
        if passage.place.tag == "p" and passage.gone != "article" and passage.gone not in NO_BODIES
    ]
    total = sum(len(p.text) for p in prose)
    gone = sum(len(p.text) for p in prose if p.gone)
    return gone > max(2 * LITTLE, (1 - KEPT) * total)


def _reason(place: Place, prose: int, total: int, *, by_name: bool) -> str | None:
    if not place.attributes and place.tag not in ASIDE_TAGS:
        return None
    small = prose <= max(LITTLE, MOST * total)
    # A page streamed in pieces keeps its article hidden until a script shows it: only small parts are believed.
    if small and hidden(place.attributes):
        return "hidden"
    if small and place.tag in ASIDE_TAGS:
        return place.tag
    role = (place.attributes.get("role") or "").lower()
    if small and role in ASIDE_ROLES:
        return role
    if not NOTE_WORDS.isdisjoint(place.words):
        return None
    word = _aside_word(place)
    if word is not None and word not in PLAIN_WORDS and (not by_name or place.tag in LEAVES):
        return None
    if word is None or not (small or (word in PLAIN_WORDS and prose <= MOST_PLAIN * total)):
        return None
    if place.tag == "p" and len(place.node.text()) > LONG:
        return None
    if word in EMBEDDING and place.node.css_first("blockquote") is not None:
        return None
    return word


def _aside_word(place: Place) -> str | None:
    return _aside_word_of(place.words)


@lru_cache(maxsize=2048)
def _aside_word_of(words: frozenset[str]) -> str | None:
    hit = words & ASIDE_WORDS
    if hit:
        return min(hit)
    return next(("-".join(sorted(pair)) for pair in ASIDE_PAIRS if pair <= words), None)


def _mark_others(page: Page, own: Iterable[set[int]], prose: list[int]) -> None:
    """Other articles on the page: the next one of an endless scroll, cards of related ones."""
    articles = [place for place in page.places if place.tag == "article"]
    if len(articles) < 2:
        return
    mine = next((mine for numbers in own if (mine := [place for place in articles if place.number in numbers])), [])
    if not mine:
        best = max(articles, key=lambda place: prose[place.number])
        if prose[best.number] < 0.5 * sum(
            prose[p.number] for p in articles if p.parent and not p.parent.within("article")
        ):
            return
        mine = [best]
    family = {p.number for place in mine for p in place.up()}
    inside = {place.number for place in mine}
    for place in articles:
        if place.number in family or any(up.number in inside for up in place.up()):
            continue
        if prose[place.number] <= 2 * max(LITTLE, sum(prose[number] for number in inside)):
            place.dropped = place.dropped or "article"
