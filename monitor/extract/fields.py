"""The journalism round the body, read before anything is cleaned away: headline, standfirst, byline, captions."""

import itertools
import re
from collections.abc import Mapping, Sequence

from monitor.core.article import Rank
from monitor.core.text import fold, normalise
from monitor.extract.extent import UNSPACED, words_in
from monitor.extract.lines import rank
from monitor.extract.phrases import table
from monitor.extract.structured import Structured, texts_of
from monitor.extract.tree import HEADINGS, Page, Passage, Place, class_words

# A letter of a script without spaces is a word of its own.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_NAMES = table("names.toml")
HEADLINE_WORDS = frozenset(("headline", "hed", "title", "titre", "titulo", "titel", "titolo"))
LOGO_WORDS = frozenset(("logo", "brand", "masthead"))
STANDFIRST_WORDS = frozenset(_NAMES["standfirsts"])
BYLINE_WORDS = frozenset(_NAMES["bylines"])
CAPTION_WORDS = frozenset(_NAMES["captions"])
SHOWING_PICTURES = frozenset(
    [
        "carousel",
        "slider",
        "slideshow",
        "swiper",
        "lightbox",
        "widget",
        "overlay",
        "modal",
        "only-sr",
        "hidden-visually",
        "reader-screen",
    ]
)
"""Names of places that hold the article's own pictures as often as other things."""

LONGEST_STANDFIRST = 1200
LONGEST_CAPTION = 900


def words_of(text: str | None) -> list[str]:
    return _WORD.findall(fold(text or "").casefold())


def likeness(one: str | None, other: str | None) -> float:
    """How many of the words of the shorter text stand in the other, from 0 to 1."""
    first, second = set(words_of(one)), set(words_of(other))
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def sameness(one: str | None, other: str | None) -> float:
    """How many of the words of both texts they share, from 0 to 1."""
    first, second = set(words_of(one)), set(words_of(other))
    return 2 * len(first & second) / max(1, len(first) + len(second))


def find_headline(page: Page, structured: Structured) -> Passage | None:
    """The heading that says what the page's own metadata says, an h1 before others; else the likeliest h1."""
    title = structured.headline or structured.title
    in_h1 = _places_within(page, "h1")
    headings = [p for p in page.passages if p.place.tag in HEADINGS or p.place.number in in_h1]
    for tags, enough in ((("h1",), 0.5), (("h2", "h3"), 0.8)):
        places = _places_within(page, *tags)
        candidates = [p for p in headings if p.place.number in places]
        best = max(candidates, key=lambda p: (round(sameness(p.text, title), 1), -p.index), default=None)
        if best is not None and sameness(best.text, title) >= enough:
            return best
    return max((p for p in headings if p.place.number in in_h1 and not _is_logo(p)), key=_likely_headline, default=None)


def _places_within(page: Page, *tags: str) -> set[int]:
    """The numbers of the places that are, or stand in, an element of one of these kinds."""
    found: set[int] = set()
    for place in page.places:
        if place.tag in tags or (place.parent is not None and place.parent.number in found):
            found.add(place.number)
    return found


def _is_logo(passage: Passage) -> bool:
    """Whether a heading is the newsroom's name: some pages set it as their h1."""
    return any(place.words & LOGO_WORDS for place in itertools.islice(passage.place.up(), 2))


def _likely_headline(passage: Passage) -> tuple[bool, bool, int, int]:
    place = passage.place
    named = any(up.words & HEADLINE_WORDS for up in list(place.up())[:2])
    return (not place.within("nav", "aside"), named, min(passage.count, 4), -passage.index)


def heading_text(page: Page, passage: Passage | None) -> str | None:
    """The whole heading, where line breaks or blocks divide it."""
    if passage is None:
        return None
    heading = passage.place.within("h1") or passage.place

    def is_part(other: Passage) -> bool:
        return heading in other.place.up()

    # They stand together.
    before = [*itertools.takewhile(is_part, reversed(page.passages[: passage.index]))][::-1]
    after = itertools.takewhile(is_part, page.passages[passage.index :])
    return normalise(" ".join([part.text for part in (*before, *after)])) or None


def find_standfirst(
    passages: Sequence[Passage], structured: Structured, *, after: int, first_body: int, body: Sequence[Passage]
) -> list[Passage]:
    """The passages between headline and body that introduce the story: named so, or equal to the description."""
    description = structured.description
    named, described = [], []
    for passage in passages:
        if not after - 6 <= passage.index < first_body or passage.index == after:
            continue
        if passage.link_share > 0.5 or words_in(passage) < 4 or len(passage.text) > LONGEST_STANDFIRST:
            continue
        if passage.place.within("figure", "figcaption", "nav", "h1"):
            continue
        if _opens(passage, body) or rank(passage, language=None, edge=False) is not Rank.CORE:
            continue
        if _describes(passage.text, description):
            described.append(passage)
        elif passage.index > after and _named(passage.place, STANDFIRST_WORDS):
            named.append(passage)
    found = sorted({*named, *described}, key=lambda p: p.index)
    opening = {p.index for p in body}
    return [p for p in found if p.index not in opening] or found


def _opens(passage: Passage, body: Sequence[Passage]) -> bool:
    """Whether it is just the first paragraph of the body, set like those that follow it."""
    following = [p for p in body if p.index > passage.index][:3]
    return (
        bool(body)
        and passage.index >= body[0].index
        and not passage.place.words & STANDFIRST_WORDS
        and any(_set_alike(passage.place, p.place) for p in following)
    )


def _set_alike(one: Place, other: Place) -> bool:
    return one is other or (one.tag == other.tag and one.parent is other.parent)


def _describes(text: str, description: str | None) -> bool:
    words = words_of(text)
    return len(words) >= 5 and likeness(text, description) >= 0.8 and len(words) >= 0.4 * len(words_of(description))


def _named(place: Place, names: frozenset[str]) -> bool:
    """Whether the place or the one round it is called so; what has no name at all does not count."""
    called = (up.words for up in itertools.islice(place.up(), 4) if up.words or up is place)
    return any(words & names for words in itertools.islice(called, 2))


ABOVE_HEADLINE = 4
BELOW_HEADLINE = 12
"""So far from the headline, in passages, a byline may stand."""
LONGEST_SIGNED = 200


def names_in_lines(page: Page, *, after: int) -> dict[int, list[str]]:
    """The names that parts of a line are marked as (`<span class="byline">`), by the passage they stand in. Asked for
    while the tree is whole."""
    found: dict[int, list[str]] = {}
    for passage in page.passages[max(0, after - ABOVE_HEADLINE) : after + BELOW_HEADLINE]:
        if passage.index != after and len(passage.text) <= LONGEST_SIGNED:
            nodes = passage.place.node.css("[class],[rel],[itemprop]")
            names = [normalise(node.text()) for node in nodes[:20] if class_words(node.attributes) & BYLINE_WORDS]
            if names:
                found[passage.index] = names
    return found


def find_byline(
    page: Page, structured: Structured, *, after: int, first_body: int, marked: Mapping[int, list[str]]
) -> tuple[str, ...]:
    """The authors' names: as JSON-LD has them, else the meta element, else a line of the head named so, below the
    headline before one above it. `marked` are names marked within lines."""
    names = texts_of(structured.main.get("author")) or texts_of(structured.metas.get("author", []))
    people = tuple(dict.fromkeys(person_of(name) for name in names if _is_name(name)))
    if people:
        return people
    below = page.passages[after + 1 : max(after + 1, first_body)]
    for passage in (*below, *page.passages[max(0, after - ABOVE_HEADLINE) : max(0, after)]):
        named = passage.count <= 15 and _named(passage.place, BYLINE_WORDS)
        said = marked.get(passage.index) or ([passage.text] if named else [])
        people = tuple(dict.fromkeys(name for text in said if _is_name(name := person_of(text))))
        if people:
            return people
    return ()


_BY = re.compile(
    rf"^(?:(?:{'|'.join(_NAMES['by'])})(?:\s*:\s*|\s+)|(?:{'|'.join(_NAMES['by_unspaced'])})(?:\s*[:：・]\s*|\s+))",
    re.IGNORECASE,
)


def person_of(name: str) -> str:
    """The name without the word before it ("By", "Von")."""
    return _BY.sub("", normalise(name)).strip(" ,|-–")


def _is_name(name: str) -> bool:
    return (
        bool(name) and "://" not in name and "@" not in name and len(name) <= 120 and not any(c.isdigit() for c in name)
    )


BEFORE_HEADLINE = 12
AFTER_BODY = 2
"""So far from the article, in passages that stay, its pictures may stand."""


def find_captions(passages: Sequence[Passage], *, after: int, last_body: int, taken: frozenset[int]) -> list[Passage]:
    """What stands under the pictures of the article, from the one above the headline on."""
    beyond = [p.index for p in passages[last_body + 1 :] if not p.gone and not p.place.within("figure", "li")]
    end = beyond[AFTER_BODY] if len(beyond) > AFTER_BODY else len(passages)
    return [p for p in passages[max(0, after - BEFORE_HEADLINE) : end] if p.index not in taken and _is_caption(p)]


_LENGTH = re.compile(r"^\d{1,2}:\d\d\s")


def is_named_caption(passage: Passage) -> bool:
    """Whether a passage that stands among the body's is called a caption itself, and is one."""
    return bool(passage.place.words & NAMED_CAPTIONS) and _is_caption(passage)


NAMED_CAPTIONS = frozenset(("caption", "captions", "figcaption", "bildunterschrift", "bildtext"))


def _is_caption(passage: Passage) -> bool:
    if len(passage.text) > LONGEST_CAPTION or passage.place.within("nav", "h1"):
        return False
    nearest = passage.place.within("figcaption", "li", "button")
    under = nearest is not None and nearest.tag == "figcaption"
    # A picture that opens when it is pressed: all in it counts as the button's.
    pressed = under and passage.place.within("button") is not None
    if not pressed and (passage.link_share > 0.7 or (passage.gone and passage.gone not in SHOWING_PICTURES)):
        return False
    if not pressed and rank(passage, language=None, edge=False) is Rank.NOISE:
        return False
    if under:
        return True
    if nearest is not None or words_in(passage) < 2 or _LENGTH.match(passage.text):
        return False
    return passage.place.within("figure") is not None or _named(passage.place, CAPTION_WORDS)
