"""By what a live blog's entries are known from one fetch to the next: the ids that the page gives them, never where
they stand. Where it gives none, their printed time and opening words."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

from monitor.core.text import normalise, squeeze
from monitor.extract.outline import Outline
from monitor.extract.structured import JsonLd, Structured, text_of
from monitor.extract.tree import Passage, Place

Ids = list[str | None]
Head = dict[str, str]

NEAR = 8
"""An id of one of so many places at an entry's head is the entry's."""
FILLED = 0.8
"""An attribute that so many of the entries have names them."""
LONGEST = 200
OPENING = 60
"""Letters of an entry's opening by which it is told from others."""

_NAMING = re.compile(r"^(?:id|name|data-(?:[\w-]*-)?(?:id|key|uuid|guid|urn|anchor|slug))$")
# Made anew at each fetch, or by whoever built the page.
_MADE_UP = re.compile(
    r"^(?:ember|:r|«r|react|radix|headlessui|mui-|ext-gen|yui_|gpt|google_ads|ad-|ad_|player|video|jw)"
)
_NUMBER = re.compile(r"(\d+)\D*$")


def ids_of(places: Sequence[Place], heads: Sequence[Head], updates: Sequence[JsonLd | None]) -> Ids:
    """An id for each of the places, with these heads, of which JSON-LD says these things; None for one that has none:
    from the first attribute that stands at most heads and tells them apart; else from JSON-LD; else from links and
    anchors that point at them."""
    names = list(dict.fromkeys(name for head in heads for name in head))
    for name in sorted(names, key=lambda name: name != "id"):
        found = [head.get(name) for head in heads]
        if _tell_apart(found):
            return found
    declared: Ids = [_declared_id(update) if update else None for update in updates]
    if _tell_apart(declared):
        return declared
    pointed = [_fragment(place) for place in places]
    return pointed if _tell_apart(pointed) else [None] * len(places)


def head_of(place: Place, outline: Outline) -> Head:
    """The attributes at the head of an entry that may name it."""
    found: Head = {}
    for inner in outline.places(place, NEAR):
        for name, value in inner.attributes.items():
            if value and name not in found and len(value) <= LONGEST and _may_name(name):
                found[name] = value.strip()
    return found


@lru_cache(maxsize=256)
def _may_name(attribute: str) -> bool:
    return _NAMING.match(attribute) is not None


def _tell_apart(found: Sequence[str | None]) -> bool:
    """Whether these are names: most have one, hardly two the same one (a pinned entry may stand twice), nobody made
    them up for this fetch, and they do not just count the places."""
    values = [value for value in found if value]
    if len(values) < FILLED * len(found) or not values or any(_MADE_UP.match(value) for value in values[:3]):
        return False
    if len(set(values)) < max(1, FILLED * len(values)):
        return False
    return not _counts(values)


def _counts(values: Sequence[str]) -> bool:
    """Whether they are positions: 0, 1, 2 ... or 1, 2, 3 ... from the top of the page."""
    numbers = [int(match[1]) for value in values if (match := _NUMBER.search(value))]
    return len(numbers) == len(values) and numbers in (list(range(len(values))), list(range(1, len(values) + 1)))


# -- as JSON-LD has them


def updates_of(heads: Sequence[Head], held: Sequence[Sequence[Passage]], structured: Structured) -> list[JsonLd | None]:
    """What JSON-LD says of each of the entries with these heads, which hold these passages: the update whose id stands
    at its head, or whose headline or opening words are its own."""
    if not structured.live_updates:
        return [None] * len(heads)
    named = {name: update for update in structured.live_updates if (name := _declared_id(update))}
    found = [next((named[value] for value in head.values() if value in named), None) for head in heads]
    if len(structured.live_updates) <= sum(update is not None for update in found):
        return found
    said: dict[str, JsonLd] = {}
    for update in structured.live_updates:
        for key in ("headline", "articleBody"):
            if opening := _opening(text_of(update.get(key)) or ""):
                said.setdefault(opening, update)
    return [
        update or next((said[key] for p in passages[:4] if (key := _opening(p.text)) in said), None)
        for update, passages in zip(found, held, strict=True)
    ]


def _opening(text: str) -> str:
    letters = squeeze(normalise(text[: 4 * OPENING]))[:OPENING]
    return letters if len(letters) >= 12 else ""


def _declared_id(update: JsonLd) -> str | None:
    """The fragment of its address, or the end of its path."""
    for key in ("@id", "url", "identifier"):
        value = text_of(update.get(key))
        if value and len(value) <= 4 * LONGEST:
            return _name_in(value)
    return None


# An entry's address is asked for at every check of its blog; none is longer than 4 * LONGEST.
@lru_cache(maxsize=8192)
def _name_in(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    name = unquote(parts.fragment) or parts.query or parts.path.rstrip("/").rpartition("/")[2]
    return name[:LONGEST] or None


# -- as links point at them


def _fragment(place: Place) -> str | None:
    """The anchor within an entry, or what its link to itself points at."""
    anchor = place.node.css_first("a[name], a[id], span[id]")
    if anchor is not None:
        return anchor.attributes.get("name") or anchor.attributes.get("id")
    link = place.node.css_first('a[href*="#"]')
    href = (link.attributes.get("href") or "") if link is not None else ""
    name = href.rpartition("#")[2]
    return name[:LONGEST] if name and "/" not in name and "=" not in name else None


# -- where the page gives none


def names_of(
    found: Iterable[str | None],
    printed: Iterable[str],
    held: Iterable[Sequence[Passage]],
    opening: Callable[[Sequence[Passage]], str],
) -> Iterator[str]:
    """The ids, and for an entry without one a digest of its printed time and its opening words."""
    for name, time, passages in zip(found, printed, held, strict=True):
        yield name or _digest(f"{time}\0{opening(passages)}")


def _digest(words: str) -> str:
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()
