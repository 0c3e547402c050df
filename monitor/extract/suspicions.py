"""Reasons to think that a page is not the article at all.

A page that shows the headline its own head promises, with a date or a declaration, is the article, whatever it is
about and however short it is: walls, error pages and lists of teasers do not do that. Of such a page only little is
asked: does its text break off at a call to pay, or say that it was removed. All others must stand up to what they say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from monitor.core.article import Content
from monitor.core.text import fold
from monitor.extract.extent import words_of
from monitor.extract.fields import sameness
from monitor.extract.phrases import table
from monitor.extract.signs import Signs
from monitor.extract.structured import Structured, types_of
from monitor.extract.tree import HEADINGS, Page, Passage

_TABLE: dict[str, dict[str, list[str]]] = table("suspicions.toml")
_KINDS = tuple(kind for kind in _TABLE if kind != "choices")


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined) if joined else None


_TITLES = {kind: _any(_TABLE[kind]["titles"]) for kind in _KINDS}
_WORDS = {kind: _any(_TABLE[kind]["words"]) for kind in _KINDS}


def _beginning(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of them, at the beginning of a passage or of a sentence in it."""
    return re.compile(rf"(?:^|[.!?。！？]\s*)(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})")


_REMOVALS = _beginning(_TABLE["error"]["removals"])
_SAYS = {
    kind: _beginning([*_TABLE[kind]["says"], *_TABLE[kind].get("removals", ())])
    for kind in _KINDS
    if _TABLE[kind]["says"]
}
_CHOICES = re.compile("|".join(_TABLE["choices"]["words"]))
_STEMS = [re.compile(stem) for stem in _TABLE["consent"]["stems"]]
_OWNERS = re.compile(
    rf"\b(?:{'|'.join(_TABLE['consent']['owners'])})\b|{'|'.join(_TABLE['consent']['owners_unspaced'])}"
)

FULL = 150
"""Words of body from which on a page that shows its headline is an article, whatever stands around it."""

LONG = 300
"""Words of body from which on nobody looks whether some of them are calls to the reader."""

LONGEST_TITLE = 500
MOST_PASSAGES = 2_000
"""Characters and passages beyond which nobody looks for a headline."""

SHORT = 60
"""Words of body under which a page without a date has to have nothing of a wall about it."""

TEASER = 120
"""Words of body up to which a call to pay that follows it means that the rest is missing."""

NEAR = 8
"""Passages between the body's last and a call to pay that cuts it off."""


def find_suspicions(
    page: Page, content: Content, structured: Structured, *, heading: Passage | None, html: str, url: str
) -> tuple[str, ...]:
    """What the page seems to be instead: `empty`, `listing`, `consent`, `login`, `gate` (age, app, network),
    `error`, `challenge`, `paywall`, or `stray` where nothing on it is what its head says. Empty for an article.
    `heading` is what was taken for its headline."""
    sight = _Sight(page, content, structured, heading, html, url)
    if sight.is_shown and sight.is_declared and (sight.is_long or sight.told >= FULL):
        return ()
    return tuple(dict.fromkeys(_reasons(sight)))


@dataclass
class _Sight:
    """A page looked at, each thing once."""

    page: Page
    content: Content
    structured: Structured
    heading: Passage | None
    html: str
    url: str

    @cached_property
    def words(self) -> int:
        return sum(words_of(text) for text in self.content.paragraphs)

    @cached_property
    def is_long(self) -> bool:
        return any(words >= LONG for words in accumulate(map(words_of, self.content.paragraphs)))

    @cached_property
    def told(self) -> int:
        """Words of the body that are nobody's call to the reader."""
        return sum(words_of(text) for text in self.content.paragraphs if not _said(text))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What the page is called in its head."""
        head = self.structured
        names = (head.title, head.headline, head.meta("og:title"), head.meta("twitter:title"))
        return tuple(dict.fromkeys(name[:LONGEST_TITLE] for name in names if name))

    @cached_property
    def is_shown(self) -> bool:
        """Whether a passage of the page, a heading first, says what its head says."""
        if self.heading is not None and self._is_title(self.heading, 0.5):
            return True
        candidates = (p for p in self.page.passages[:MOST_PASSAGES] if _is_open(p) and p.link_share <= 0.5)
        return any(self._is_title(p, 0.8) for p in candidates)

    def _is_title(self, passage: Passage, enough: float) -> bool:
        if len(passage.text) > LONGEST_TITLE:
            return False
        # Scripts without spaces have no words to compare.
        squeezed = _squeezed(passage.text)
        return any(sameness(passage.text, title) >= enough for title in self.titles) or (
            len(squeezed) > 8 and any(squeezed in _squeezed(title) for title in self.titles)
        )

    @cached_property
    def is_declared(self) -> bool:
        return self.structured.declares_article

    @cached_property
    def is_stamped(self) -> bool:
        return any(claim.at for claim in self.content.claims if claim.source.value != "http")

    @cached_property
    def is_dated_openly(self) -> bool:
        return any(claim.at for claim in self.content.claims if claim.source.value in ("visible", "time", "site"))

    @cached_property
    def is_evident(self) -> bool:
        """The page is what its head says: a headline shown, with a date or a declaration; or a site rule's own."""
        if self.content.method == "site" and self.content.paragraphs:
            return True
        return self.is_shown and (self.is_stamped or self.is_declared)

    @cached_property
    def texts(self) -> list[str]:
        """What the page says: its body, or all of it where it has none."""
        if self.words >= 8:
            return list(self.content.paragraphs)
        return [p.text for p in self.page.passages[:400] if not p.place.within("nav", "footer")]

    @cached_property
    def signs(self) -> Signs:
        return Signs.of(self.html, self.url)


def _squeezed(text: str) -> str:
    return "".join(fold(text).casefold().split())


def _is_open(passage: Passage) -> bool:
    return passage.gone is None and not passage.place.within("nav", "footer")


_QUOTED = re.compile(r"[“„«「][^”“»」]{0,600}[”“»」]|\"[^\"]{0,600}\"")


def _key(text: str) -> str:
    """The text without what somebody is quoted with, in the form that the patterns are written for."""
    return fold(_QUOTED.sub(" ", text[:2000])).casefold().strip()


def _said(text: str) -> list[str]:
    """As which kinds of page a passage speaks to the reader."""
    key = _key(text)
    return [kind for kind, pattern in _SAYS.items() if pattern.search(key)]


def _reasons(sight: _Sight) -> Iterator[str]:
    found = [*_by_heading(sight), *_by_cards(sight)]
    if _is_raw(sight.html):
        found.append("error")
    if sight.is_evident and sight.told < FULL:
        found += [*_by_offer(sight), *_by_removal(sight), *_by_density(sight, strict=True)]
    elif not sight.is_evident:
        found += _by_words(sight)
        if sight.told < SHORT:
            found += [*_by_signs(sight), *_by_absence(sight)]
    yield from found
    if not found and _is_empty(sight):
        yield "empty"


def _is_raw(html: str) -> bool:
    """Data or plain text, served as a page."""
    head = html[:2000].lstrip().lower()
    return bool(head) and (head[0] in "{[" or "<" not in head or (head.startswith("<?xml") and "<html" not in head))


# -- what it is called


def _by_heading(sight: _Sight) -> Iterator[str]:
    vouched = sight.is_shown and sight.is_stamped and (sight.is_declared or sight.told >= FULL)
    for kind in _KINDS:
        if not vouched and _matches(_TITLES[kind], sight):
            yield kind
        if _matches(_WORDS[kind], sight) and not _speaks_as_article(sight):
            yield kind


def _speaks_as_article(sight: _Sight) -> bool:
    """Whether a page headed by a word that heads walls too is an article by that name."""
    if sight.is_shown and sight.told >= FULL:
        return True
    if not sight.is_shown or any(_said(text) for text in sight.content.paragraphs):
        return False
    return sight.told >= SHORT or (sight.told >= 10 and (sight.is_stamped or sight.is_declared))


_BORDERS = re.compile(r"\s[|\-–—·•»:]+\s")


def _matches(pattern: re.Pattern[str] | None, sight: _Sight) -> bool:
    return pattern is not None and any(pattern.fullmatch(name) for name in _names(sight))


def _names(sight: _Sight) -> list[str]:
    """The heading, and where no heading says the same the title, with and without the name of the site."""
    names = [sight.heading.text] if sight.heading else [p.text for p in sight.page.passages if _is_heading(p)][:3]
    if not names or not sight.is_shown:
        names += [sight.structured.title, *_BORDERS.split(sight.structured.title)[:2]]
    return [key for name in names if (key := fold(name[:LONGEST_TITLE]).casefold().strip(" .!?:;-'"))]


def _is_heading(passage: Passage) -> bool:
    return passage.place.tag in ("h1", "h2") and passage.link_share < 0.5


# -- what it says


def _by_words(sight: _Sight) -> Iterator[str]:
    """What a page says to its reader; of one that shows its headline, what most of its words say."""
    yield from _by_density(sight, strict=sight.told >= FULL)
    said = [(words_of(text), _said(text)) for text in sight.texts]
    total = sum(words for words, _ in said)
    for kind in _SAYS:
        spoken = sum(words for words, kinds in said if kind in kinds)
        if spoken and (2 * spoken >= total or (total < FULL and not sight.is_shown)):
            yield kind


def _by_density(sight: _Sight, *, strict: bool) -> Iterator[str]:
    """A long text that asks for consent: its words are few and return, and it says "we"."""
    text = " ".join(_key(text) for text in sight.texts)[:12_000]
    words = max(1, words_of(text))
    counts = [len(stem.findall(text)) for stem in _STEMS]
    distinct, share = sum(1 for count in counts if count), sum(counts) / words
    owned = len(_OWNERS.findall(text))
    if strict:
        is_consent = distinct >= 5 and share >= 0.06 and owned >= max(2, 0.015 * words)
    else:
        is_consent = owned >= 1 and ((distinct >= 4 and share >= 0.03) or (distinct >= 3 and share >= 0.08))
    if is_consent:
        yield "consent"


# -- what is missing from it


def _by_offer(sight: _Sight) -> Iterator[str]:
    """An opening of the article, cut off by a call to pay."""
    if sight.told > TEASER or sight.structured.main.get("isAccessibleForFree") in (True, "True", "true"):
        return
    for passage in _after_the_opening(sight):
        if "paywall" in _said(passage.text):
            yield "paywall"
            return


def _after_the_opening(sight: _Sight) -> Iterable[Passage]:
    body = {text for text in sight.content.paragraphs if not _said(text)} | {sight.content.standfirst}
    head = sight.heading.index if sight.heading else 0
    last = max((p.index for p in sight.page.passages if p.text in body and p.index >= head), default=head)
    return [
        p
        for p in sight.page.passages[head + 1 : last + NEAR + 1]
        if p.gone not in ("hidden", "nav", "footer") and not p.place.within("nav", "footer", "header")
    ]


REMOVAL = 40
"""Words up to which a page that says of itself that it was removed has nothing else to say."""


def _by_removal(sight: _Sight) -> Iterator[str]:
    if sight.words <= REMOVAL and any(_REMOVALS.search(_key(text)) for text in sight.content.paragraphs):
        yield "error"


BRIEF = 40
"""Words of body under which a page of a whole site, with its menus and lists, has a date or a declaration."""

LINKS = 10
"""Linked passages from which on a page is one of a site, not one that somebody wrote by hand."""


def _by_absence(sight: _Sight) -> Iterator[str]:
    """Nothing on the page is what its head says, or it has no headline at all and no date."""
    if sight.is_shown:
        links = sum(1 for p in sight.page.passages if p.link_share > 0.8)
        if sight.signs.unlisted or (sight.told < BRIEF and links >= LINKS):
            yield "stray"
    elif sight.titles and not sight.is_dated_openly and (sight.structured.headline or not sight.content.headline):
        yield "stray" if sight.told >= 8 else "empty"


def _is_empty(sight: _Sight) -> bool:
    content = sight.content
    if content.paragraphs or content.captions or content.live:
        return False
    return not (sight.is_evident and (content.standfirst or sight.signs.film))


# -- what it asks for


def _by_signs(sight: _Sight) -> Iterator[str]:
    signs = sight.signs
    if signs.moves_on:
        yield "error"
    if signs.challenge:
        yield "challenge"
    if signs.password:
        yield "login"
    elif signs.asks or _offers_a_choice(sight):
        yield "gate"


def _offers_a_choice(sight: _Sight) -> bool:
    """Buttons that accept, refuse or go on, right under the page's only words."""
    texts = set(sight.content.paragraphs)
    last = max((p.index for p in sight.page.passages if p.text in texts), default=None)
    if last is None:
        return False
    under = sight.page.passages[last + 1 : last + 4]
    return any(p.place.within("button") and _CHOICES.fullmatch(_key(p.text)) for p in under)


# -- what else stands on it

CARDS = 3
CARD_SHARE = 0.7


def _by_cards(sight: _Sight) -> Iterator[str]:
    """Several articles, each a linked headline and a line: a front page, a section, a search."""
    if sight.is_declared and sight.is_shown:
        return
    texts = set(sight.content.paragraphs)
    prose = [p for p in sight.page.passages if p.text in texts and len(p.text) > 40 and p.link_share <= 0.8]
    cards = sum(1 for p in prose if _is_under_link(sight.page.passages, p.index))
    is_collection = sight.told < SHORT and "CollectionPage" in types_of(sight.structured.webpage)
    if is_collection or (len(prose) >= CARDS and cards >= CARD_SHARE * len(prose)):
        yield "listing"


def _is_under_link(passages: list[Passage], at: int) -> bool:
    """Whether the passage stands under a linked headline, with no more than a label or a date in between."""
    for passage in reversed(passages[max(0, at - 3) : at]):
        if passage.link_share > 0.8 and (passage.place.tag in HEADINGS or len(passage.text) > 20):
            return True
        if len(passage.text) > 30:
            return False
    return False
