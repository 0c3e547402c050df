"""Correction notes, found where publishers put them: at the head or foot, in an aside, in a footer."""

import re
from functools import lru_cache

from monitor.core.text import fold
from monitor.core.timestamps import is_stamp_line
from monitor.extract.phrases import table
from monitor.extract.tree import Passage, Place

LONGEST = 900
_STARTS = re.compile(
    r"^[\W_]*(?:" + "|".join(start for starts in table("notes.toml")["starts"].values() for start in starts) + ")"
)


_ELSEWHERE = frozenset(
    (*table("names.toml")["plain_asides"], "comment", "respond", "commenting", "nav", "navigation", "form", "menu")
) - {"ad", "ads", "advert", "advertisement", "share", "sharing"} | {"article", "dialog", "search", "banner"}


_OTHER_STORIES = frozenset(("related", "recommended", "recommendations", "teaser", "teasers", "mostread", "comments"))
_MOST_READ = frozenset(("most", "read"))


@lru_cache(maxsize=2048)
def starts_like_note(text: str) -> bool:
    return len(text) <= LONGEST and _STARTS.match(fold(text[:120]).casefold()) is not None


def is_note(passage: Passage) -> bool:
    """Whether the passage is a correction note: it starts like one, says something, and is no link or menu."""
    if len(passage.text) < 16 or passage.link_share > 0.6 or passage.count < 4:
        return False
    return (
        starts_like_note(passage.text)
        and not passage.place.within("nav", "button", "h1")
        and not is_stamp_line(passage.text)
    )


def is_read(passage: Passage) -> bool:
    """Whether a note that stands in an aside is the article's: not a reader's comment, not another page's teaser."""
    if passage.gone is None:
        return True
    return passage.gone not in _ELSEWHERE and not any(_is_elsewhere(place) for place in passage.place.up())


def _is_elsewhere(place: Place) -> bool:
    """Whether a place lists other stories by its name, whatever else it was taken out for."""
    return bool(place.words & _OTHER_STORIES) or place.words >= _MOST_READ or place.tag == "nav"
