"""The live marker: "Being updated" and its kin, believed only where newsrooms put it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from monitor.core.text import fold
from monitor.core.timestamps import parse_machine
from monitor.extract.phrases import table
from monitor.extract.structured import Structured, text_of
from monitor.extract.tree import Passage

MOST_WORDS = 30
"""A marker is a short block of its own; running text that holds such words is the story's."""

LONGEST = 1_000
"""Characters of such a block, however few its words are."""

_TABLE = table("markers.toml")
_ALONE = frozenset(fold(phrase).casefold() for phrase in _TABLE["alone"]["phrases"])
_OPEN = tuple(fold(phrase).casefold() for phrases in _TABLE["open"].values() for phrase in phrases)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class Marker:
    live: bool
    words: str | None = None


def find_marker(
    structured: Structured, passages: Iterable[Passage], *, added: tuple[str, ...], captured_at: datetime | None
) -> Marker:
    """Whether the page says that it is still being written, and in which words.

    `passages` are those of the head and the ends of the article, the only places where the words count.
    """
    phrases = (*_OPEN, *(fold(phrase).casefold() for phrase in added if phrase.strip()))
    for passage in passages:
        if passage.link_share <= 0.3 and is_marker(passage.text, phrases):
            return Marker(True, passage.text)
    if _open_live_blog(structured, captured_at):
        return Marker(True, "LiveBlogPosting")
    return Marker(False)


def place_of(passage: Passage) -> str:
    """Stands for a marker's words and where on the page they are: equal on all pages of a host whose template shows
    them."""
    stands_in = ("/".join((place.tag, *sorted(place.words))) for place in list(passage.place.up())[:4])
    key = "\0".join((fold(passage.text).casefold(), *stands_in))
    return blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()


def is_marker(text: str, phrases: Iterable[str] = _OPEN) -> bool:
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS:
        return False
    key = _EDGES.sub("", fold(text).casefold())
    return any(key == phrase or (phrase not in _ALONE and _begins(key, phrase)) for phrase in phrases)


def _begins(key: str, phrase: str) -> bool:
    return key.startswith(phrase) and not key[len(phrase) : len(phrase) + 1].isalnum()


def _open_live_blog(structured: Structured, captured_at: datetime | None) -> bool:
    """schema.org: a LiveBlogPosting is open while it has no coverageEndTime, or one that is still to come."""
    if "LiveBlogPosting" not in structured.types:
        return False
    end = text_of(structured.main.get("coverageEndTime"))
    if end is None:
        return True
    stamp = parse_machine(end)
    return bool(stamp and stamp.at and captured_at and stamp.at > captured_at)
