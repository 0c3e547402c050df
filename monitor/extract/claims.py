"""Everything on a page that could be a claim of its times, handed to `core.timestamps` to be weighed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.core.article import Claim, ClaimKind, ClaimSource
from monitor.core.policy import SiteRule
from monitor.core.text import normalise
from monitor.core.timestamps import (
    claim_of,
    country_of_host,
    is_stamp_line,
    label_of,
    parse_machine,
    read_lines,
    reconcile,
    same_update,
    says_which,
)
from monitor.core.timestamps.words import OF_THE_PAGE, fold
from monitor.extract.phrases import table
from monitor.extract.structured import Structured, text_of
from monitor.extract.tree import HEADINGS, Passage, class_words, nodes_above

LONGEST_LINE = 220
LONGEST_LABEL = 40
MOST_LINES = 24
MOST_TIMES = 12
BELOW_THE_STANDFIRST = 10
"""How far below what may be a standfirst a line with a label can stand: captions, players and names come first."""
MOST_PROSE = 3
"""How many long paragraphs end the head of a page, where the times of the article stand."""
_FIGURE = re.compile(r"\d")
LONGEST_RAW = 200

_NAMES = table("names.toml")
PUBLISHED_METAS = tuple(_NAMES["published_metas"])
UPDATED_METAS = tuple(_NAMES["updated_metas"])
UPDATED_WORDS = frozenset(_NAMES["updated"])
PUBLISHED_WORDS = frozenset(_NAMES["published"])


def collect(structured: Structured, *, zone: str | None, last_modified: str | None) -> list[Claim]:
    """The claims for machines and those of the site rule: everything but the visible lines."""
    found: list[Claim | None] = []
    for entity in (structured.main, structured.webpage):
        pairs = (("datePublished", ClaimKind.PUBLISHED), ("dateModified", ClaimKind.UPDATED))
        here = [machine(kind, text_of(entity.get(key)), ClaimSource.JSON_LD, zone) for key, kind in pairs]
        found.extend(here)
        if any(here):
            break
    for names, kind in ((PUBLISHED_METAS, ClaimKind.PUBLISHED), (UPDATED_METAS, ClaimKind.UPDATED)):
        found.append(machine(kind, structured.meta(*names), ClaimSource.META, zone))
    for name, value in structured.microdata[:6]:
        kind = ClaimKind.PUBLISHED if name == "datePublished" else ClaimKind.UPDATED
        found.append(machine(kind, value, ClaimSource.MICRODATA, zone))
    found.append(machine(ClaimKind.UPDATED, last_modified, ClaimSource.HTTP, zone))
    return list(dict.fromkeys(claim for claim in found if claim is not None))


_REGION = re.compile(r"\s*([A-Za-z]{2,3})[-_]([A-Za-z]{2})\b")


def locale_of(tree: LexborHTMLParser, structured: Structured, host: str) -> str | None:
    """The page's language with the country of its readers, as the page says or else its domain; that decides the order
    of day and month. American English is what systems say unasked: it decides nothing."""
    html = tree.css_first("html")
    language = structured.language
    for stated in ((html.attributes.get("lang") if html else None), structured.meta("og:locale")):
        match = _REGION.match(stated or "")
        if match and match[1].lower() == language and match[2].lower() != "us":
            return f"{language}-{match[2].lower()}"
    country = country_of_host(host)
    return f"{language}-{country}" if language and country else language


def machine(kind: ClaimKind, raw: str | None, source: ClaimSource, zone: str | None) -> Claim | None:
    raw = normalise(raw or "")[:LONGEST_RAW]
    if not raw:
        return None
    return claim_of(kind, parse_machine(raw, zone=zone), raw, source)


def site_claims(
    tree: LexborHTMLParser, site: SiteRule | None, *, language: str | None, captured_at: datetime | None
) -> list[Claim]:
    """What the site rule's selectors point at, with the publisher's words."""
    if site is None:
        return []
    claims: list[Claim] = []
    for selector, kind in ((site.published, ClaimKind.PUBLISHED), (site.updated, ClaimKind.UPDATED)):
        node = tree.css_first(selector) if selector else None
        raw = normalise(node.text()) if node else ""
        if not raw:
            continue
        read = read_lines(
            [raw],
            language=language,
            zone=site.zone,
            day_first=site.day_first,
            captured_at=captured_at,
            published_at=None,
            source=ClaimSource.SITE,
        )
        claims.extend(replace(claim, kind=kind) for claim in read[:1])
    return claims


def time_claims(
    tree: LexborHTMLParser,
    *,
    zone: str | None,
    language: str | None = None,
    headline: LexborNode | None = None,
    apart: AbstractSet[int] = frozenset(),
) -> list[Claim]:
    """<time datetime> nearest to the headline, the first of each kind; times in the story and in teasers are none, nor
    are those in the elements `apart` (by `mem_id`)."""
    claims: dict[ClaimKind, Claim] = {}
    for node in _times_near(tree, headline, apart):
        kind = _kind_of(node, language)
        claim = machine(kind, node.attributes.get("datetime"), ClaimSource.TIME, zone)
        if claim is not None and claim.doubt != "unparsed":
            claims.setdefault(kind, claim)
    return list(claims.values())


def _times_near(tree: LexborHTMLParser, headline: LexborNode | None, apart: AbstractSet[int]) -> list[LexborNode]:
    """Those between the headline and the story, in page order, then those before it, nearest first; where there are
    none, those at the foot of the story's own article."""
    heading = headline.tag if headline is not None and headline.tag in HEADINGS else "h1"
    nodes = tree.css(f"{heading}, h1, time[datetime], p")
    wanted = headline.mem_id if headline is not None else None
    place = next((n for n, node in enumerate(nodes) if node.mem_id == wanted), None)
    if place is None:
        place = next((n for n, node in enumerate(nodes) if node.tag == "h1"), 0)
    home = {above.mem_id: above.tag or "" for above in nodes_above(nodes[place])} if nodes else {}
    after = _before_the_story(nodes[place:], MOST_PROSE)
    before = _before_the_story(reversed(nodes[:place]), 1)
    near = [node for node in (*after, *before) if node.tag == "time" and _is_the_articles(node, home, apart)]
    if near or apart:
        return near[:MOST_TIMES]
    foot = [node for node in nodes[place:] if node.tag == "time" and _is_at_the_foot(node)]
    return foot[:MOST_TIMES]


def _is_at_the_foot(node: LexborNode) -> bool:
    """Whether it stands in a footer of the element that holds the story."""
    above = list(nodes_above(node))
    foot = next((n for n, place in enumerate(above) if place.tag == "footer"), None)
    article = next((place for place in above[foot:] if place.tag == "article"), None) if foot is not None else None
    return article is not None and sum(map(_is_prose, article.css("p"))) >= MOST_PROSE


def _is_prose(node: LexborNode) -> bool:
    if node.tag != "p":
        return False
    text = node.text()
    return len(text) > LONGEST_LINE and len(" ".join(text.split())) > LONGEST_LINE


def _before_the_story(nodes: Iterable[LexborNode], most: int) -> Iterator[LexborNode]:
    prose = 0
    for node in nodes:
        if _is_prose(node):
            prose += 1
            if prose == most:
                return
        yield node


def _is_the_articles(node: LexborNode, home: Mapping[int, str], apart: AbstractSet[int]) -> bool:
    """No time of a teaser, a navigation or a sentence. `home` are the places that the headline stands in."""
    others = ("nav", "aside", "article") if "article" in home.values() else ("nav", "aside")
    for above in nodes_above(node):
        if above.mem_id in home:
            return True
        if above.tag in others or above.mem_id in apart or _is_prose(above):
            return False
    return True


def _kind_of(node: LexborNode, language: str | None) -> ClaimKind:
    """Its own name says which time it is, then the words before it, then the name of what it stands in alone."""
    named = _named_kind(class_words(node.attributes))
    if named is None:
        named = label_of(_words_before(node), language)
    parent = node.parent
    if named is None and parent is not None and len(parent.css("time")) == 1:
        named = _named_kind(class_words(parent.attributes))
    return named or ClaimKind.PUBLISHED


def _named_kind(names: AbstractSet[str]) -> ClaimKind | None:
    """Some call a time both when nothing was edited yet ("entry-date published updated")."""
    if names & PUBLISHED_WORDS:
        return ClaimKind.PUBLISHED
    return ClaimKind.UPDATED if names & UPDATED_WORDS else None


def _words_before(node: LexborNode) -> str:
    said = ""
    before = node.prev
    while before is not None and not said.strip():
        said = before.text_content or "" if before.tag == "-text" else before.text()
        before = before.prev
    return said[-LONGEST_LINE:]


def candidate_lines(
    passages: Sequence[Passage], *, headline: int, first: int, last: int, language: str | None
) -> Iterator[str]:
    """The lines that can carry a visible stamp: from a little above the headline to the body, and, where a label says
    what they are, just after it, where the teasers of other stories begin.

    Lines without a figure are left out unless the next one has some: a label may stand alone."""
    near = [
        p.text
        for p in passages
        if p.index != headline
        and len(p.text) <= LONGEST_LINE
        and (
            headline - 8 <= p.index <= first
            or (first < p.index <= first + 4 and is_stamp_line(p.text, language))
            or (first + 4 < p.index <= first + BELOW_THE_STANDFIRST and is_stamp_line(p.text, language, labelled=True))
        )
    ]
    end = [p.text for p in passages if last < p.index <= last + 6 and len(p.text) <= LONGEST_LINE]
    for text, following in pairwise([*near, *_labelled(end, language), ""]):
        if _FIGURE.search(text) or (len(text) <= LONGEST_LABEL and _FIGURE.search(following)):
            yield text


def _labelled(lines: Sequence[str], language: str | None) -> Iterator[str]:
    """The lines with a label, and those that one in an element of its own may speak of."""
    waits = 0
    for text in lines:
        alone = len(text) <= LONGEST_LABEL and label_of(text, language) is not None
        waits = 2 if alone else waits - 1
        if alone or waits >= 0 or says_which(text, language):
            yield text


def far_lines(passages: Sequence[Passage], claims: Iterable[Claim], near: AbstractSet[str]) -> list[str]:
    """Lines anywhere else that show the minute of an update that the page states for machines."""
    minutes = {
        f"{c.at:%M}" for c in claims if c.kind is ClaimKind.UPDATED and c.at and c.source is not ClaimSource.HTTP
    }
    if not minutes:
        return []
    shown = re.compile(rf"[:.hH時时點点시]\s?(?:{'|'.join(sorted(minutes))})(?!\d)")
    found = (p.text for p in passages if len(p.text) <= LONGEST_LINE and p.text not in near)
    return [text for text in found if shown.search(text)][:MOST_LINES]


def weigh(
    claims: Iterable[Claim],
    lines: Sequence[str],
    far: Sequence[str] = (),
    *,
    language: str | None,
    zone: str | None,
    day_first: bool | None,
    captured_at: datetime | None,
    search: Callable[[], Claim | None] = lambda: None,
) -> tuple[Claim, ...]:
    """All claims in the order of trust, with their doubts. `search` is asked for the publication where none is stated.

    A line far from the headline, or one that speaks of the page and not of the article, counts only where it repeats
    an update that the page states for machines."""
    known = list(claims)
    published = next((c.at for c in known if c.kind is ClaimKind.PUBLISHED and c.at and c.believed), None)

    def read(texts: Sequence[str]) -> list[Claim]:
        found = read_lines(
            texts,
            language=language,
            zone=zone,
            day_first=day_first,
            captured_at=captured_at,
            published_at=published,
        )
        return list(found)

    visible = [claim for claim in read(lines) if not _speaks_of_the_page(claim) or _is_repeated(claim, known)]
    if not any(claim.kind is ClaimKind.UPDATED for claim in visible):
        visible += [claim for claim in read(far) if _is_repeated(claim, known)][:1]
    stated = [*known, *visible]
    if not any(claim.kind is ClaimKind.PUBLISHED and (claim.at or claim.wall) for claim in stated):
        stated += [claim for claim in [search()] if claim]
    return reconcile(stated, captured_at=captured_at)


def _speaks_of_the_page(claim: Claim) -> bool:
    return fold(claim.raw).startswith(OF_THE_PAGE)


def _is_repeated(line: Claim, claims: Iterable[Claim]) -> bool:
    return any(same_update(line, claim) for claim in claims if claim.source is not ClaimSource.HTTP)
