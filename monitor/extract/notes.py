"""Correction notes, found where publishers put them: at the head or foot, in an aside, in a footer, in JSON-LD."""

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from monitor.core.text import fold, normalise
from monitor.core.timestamps import is_stamp_line
from monitor.extract.extent import words_in
from monitor.extract.phrases import table
from monitor.extract.tree import Passage, Place

LONGEST = 900
SHORTEST = 16
FEWEST_WORDS = 4

_TABLE = table("notes.toml")
_NAMES = table("names.toml")


def _any_of(key: str) -> str:
    return "|".join(phrase for phrases in _TABLE[key].values() for phrase in phrases)


_STARTS = re.compile(rf"^[\W_]*(?:{_any_of('starts')})")
_LABEL = re.compile(rf"^[\W_]*(?:{_any_of('labels')})[\W_]*$")
_POLICY = re.compile(_any_of("policies"))

_ELSEWHERE = frozenset(
    (*_NAMES["plain_asides"], "comment", "respond", "commenting", "nav", "navigation", "form", "menu")
) - {"ad", "ads", "advert", "advertisement", "share", "sharing"} | {"article", "dialog", "search", "banner"}
_OTHER_STORIES = frozenset(("related", "recommended", "recommendations", "teaser", "teasers", "mostread", "comments"))
_MOST_READ = frozenset(("most", "read"))


def starts_like_note(text: str) -> bool:
    return len(text) <= LONGEST and _starts_like_note(text)


# All passages of a page are asked twice, those of a live blog at every check of it.
@lru_cache(maxsize=16384)
def _starts_like_note(text: str) -> bool:
    return _STARTS.match(fold(text[:120]).casefold()) is not None


def is_note(passage: Passage) -> bool:
    """Whether the passage is a correction note: it starts like one, and says something of this article."""
    return starts_like_note(passage.text) and _says_something(passage)


def _says_something(passage: Passage) -> bool:
    """Whether it is no link, no menu, no time, and no word to readers who have found an error."""
    if len(passage.text) < SHORTEST or passage.link_share > 0.6 or words_in(passage) < FEWEST_WORDS:
        return False
    if passage.place.within("nav", "button", "h1") or is_stamp_line(passage.text):
        return False
    return _POLICY.search(fold(passage.text).casefold()) is None


def find_notes(passages: Sequence[Passage], *, after: int, body: Sequence[Passage]) -> list[Passage]:
    """The correction notes of the article, those in its asides and footers with them: paragraphs that start like one,
    and what stands under a heading that says so."""
    near = _near(body)
    found = []
    for passage in passages[after + 1 :]:
        if not (is_note(passage) or _is_headed(passages, passage)) or not is_read(passage):
            continue
        below = bool(body) and passage.index > body[-1].index
        if not below or any(place.number in near for place in passage.place.up()):
            found.append(passage)
    return found


def _is_headed(passages: Sequence[Passage], passage: Passage) -> bool:
    """Whether the passage before it is nothing but "Correction"."""
    if passage.place.tag != "p" or not passage.index:
        return False
    before = passages[passage.index - 1]
    return (
        len(before.text) <= 40
        and before.place.parent is passage.place.parent
        and before.link_share < 0.5
        and _LABEL.match(fold(before.text).casefold()) is not None
        and len(passage.text) <= LONGEST
        and _says_something(passage)
    )


LEVELS = 6
"""A note below the body shares one of so many places with it, the article's at the most: the page's own footer, which
tells readers how to ask for corrections, shares the page."""


def _near(body: Sequence[Passage]) -> frozenset[int]:
    if not body:
        return frozenset()
    near: list[int] = []
    for place in list(body[-1].place.up())[:LEVELS]:
        if place.tag == "body" and len(near) > 1:
            break
        near.append(place.number)
        if place.tag in ("article", "main"):
            break
    return frozenset(near)


def is_read(passage: Passage) -> bool:
    """Whether a note that stands in an aside is the article's: not a reader's comment, not another page's teaser."""
    if passage.gone is None:
        return True
    return passage.gone not in _ELSEWHERE and not any(_is_elsewhere(place) for place in passage.place.up())


def _is_elsewhere(place: Place) -> bool:
    """Whether a place lists other stories by its name, whatever else it was taken out for."""
    return bool(place.words & _OTHER_STORIES) or place.words >= _MOST_READ or place.tag == "nav"


_TAG = re.compile(r"<[^>]{0,200}>")


DEEPEST = 4


def declared_notes(value: Any, depth: int = 0) -> Iterator[str]:
    """The texts of schema.org's `correction`: a text, a CorrectionComment, or a list of them. Publishers' systems
    leave empty ones, and addresses of their rules, which say nothing."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from declared_notes(item, depth + 1)
    elif isinstance(value, dict):
        yield from declared_notes(value.get("text") or value.get("@value") or value.get("description"), depth + 1)
    elif isinstance(value, str):
        text = normalise(_TAG.sub(" ", html.unescape(value)))
        if len(text.split()) >= FEWEST_WORDS or (len(text) >= SHORTEST and not text.isascii()):
            yield text


def all_notes(printed: Sequence[str], declared: Any) -> tuple[str, ...]:
    """The notes as printed, and those of JSON-LD that are not printed too."""
    words = [_letters(text) for text in printed]
    more = [text for text in declared_notes(declared) if not any(_letters(text) in shown for shown in words)]
    return tuple(dict.fromkeys((*printed, *more)))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text)).casefold()
