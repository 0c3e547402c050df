"""Headlines: where a page says its own, what is remembered of what stood there, and which of them are a test."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.text import fold


class Surface(StrEnum):
    """Where a headline can be read. `headline` is the one that the article is taken to have, wherever it was found;
    the others are places: `h1` the page's own heading, `feed` the source that lists it, `slug` the words of its
    address."""

    HEADLINE = "headline"
    H1 = "h1"
    TITLE = "title"
    OG_TITLE = "og:title"
    JSON_LD = "json-ld"
    FEED = "feed"
    SLUG = "slug"


REMEMBERED = (Surface.HEADLINE, Surface.OG_TITLE, Surface.TITLE, Surface.JSON_LD)
"""The surfaces that are watched for tests: those of the page itself. An article's address and its source are not made
anew at each fetch."""


@dataclass(frozen=True, slots=True)
class SurfaceText:
    """What one surface says. A site's name at the end of <title> is taken off where it is known."""

    surface: Surface
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text of a surface, the first and the last look at which it stood there, and at how many it did: in all, and
    while the test lasted that it is part of."""

    text: str
    first_at: datetime
    last_at: datetime
    looks: int = 1
    tested: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Looks in a row that found one text."""

    text: str
    first_at: datetime
    last_at: datetime
    looks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineTest:
    """Texts that a surface shows by turns. It began with the second of them, at `since`, and was seen to be a test at
    `known_at`; `told_at` is when people were told, `ended_at` when one of the texts had stood alone for long enough."""

    texts: tuple[str, ...]
    since: datetime
    known_at: datetime
    told_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceMemory:
    """What is remembered of one surface: its latest wordings, its latest turns (oldest first, the last one is what it
    shows), and its latest test."""

    wordings: tuple[Wording, ...]
    turns: tuple[Turn, ...]
    test: HeadlineTest | None = None

    @property
    def shown(self) -> str:
        return self.turns[-1].text


KEY_MAX = 500
"""Characters of a headline that are remembered and compared: more is a defect of the page."""


def key_of(text: str) -> str:
    """Equal for texts that differ in quotation marks, dashes and spaces only."""
    return fold(text[:KEY_MAX])


def same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or key_of(one) == key_of(other)


def among(text: str | None, texts: Sequence[str]) -> bool:
    return text is not None and any(same(text, other) for other in texts)


class Follows(StrEnum):
    """What a surface says after an edit of the headline: the new one, still the former one, or words of its own."""

    NEW = "new"
    FORMER = "former"
    OTHER = "other"


def follows(said: SurfaceText, former: str | None, new: str | None) -> Follows:
    """By the letter; an address by its words: it says that headline which has more of them, and half of them at the
    least."""
    if said.surface is Surface.SLUG:
        return _slug_follows(said.text, former, new)
    if same(said.text, new):
        return Follows.NEW
    return Follows.FORMER if same(said.text, former) else Follows.OTHER


def _slug_follows(slug: str, former: str | None, new: str | None) -> Follows:
    wanted = set(slug.split())
    before, after = (len(wanted & set(_WORD.findall(fold(text or "").casefold()))) for text in (former, new))
    if before == after or 2 * max(before, after) < len(wanted):
        return Follows.OTHER
    return Follows.NEW if after > before else Follows.FORMER


_WORD = re.compile(r"\w+")
