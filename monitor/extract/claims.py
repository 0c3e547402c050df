"""Everything on a page that could be a claim of its times, handed to `core.timestamps` to be weighed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from monitor.core.article import Claim, ClaimKind, ClaimSource
from monitor.core.policy import SiteRule
from monitor.core.text import normalise
from monitor.core.timestamps import claim_of, is_stamp_line, parse_machine, read_lines, reconcile
from monitor.extract.phrases import table
from monitor.extract.structured import Structured, text_of
from monitor.extract.tree import Passage, class_words

LONGEST_LINE = 220
LONGEST_LABEL = 40
MOST_LINES = 24
_FIGURE = re.compile(r"\d")
LONGEST_RAW = 200

_NAMES = table("names.toml")
PUBLISHED_METAS = tuple(_NAMES["published_metas"])
UPDATED_METAS = tuple(_NAMES["updated_metas"])
UPDATED_WORDS = frozenset(_NAMES["updated"])


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


def time_claims(tree: LexborHTMLParser, *, zone: str | None) -> list[Claim]:
    """<time datetime> and data-unixtime nearest to the headline: the first of each kind in the main article."""
    scope = tree.css_first("article:has(h1), main:has(h1)") or tree.body
    if scope is None:
        return []
    claims: dict[ClaimKind, Claim] = {}
    for node in scope.css("time[datetime]")[:12]:
        attributes = node.attributes
        around = class_words(attributes) | (class_words(node.parent.attributes) if node.parent else frozenset())
        kind = ClaimKind.UPDATED if around & UPDATED_WORDS else ClaimKind.PUBLISHED
        if kind not in claims:
            claim = machine(kind, attributes.get("datetime"), ClaimSource.TIME, zone)
            if claim is not None:
                claims[kind] = claim
    return list(claims.values())


def candidate_lines(
    passages: Sequence[Passage], *, headline: int, first: int, last: int, language: str | None
) -> Iterator[str]:
    """The lines that can carry a visible stamp: from a little above the headline to the body, and just after it.

    Lines without a figure are left out unless the next one has some: a label may stand alone."""
    near = [
        p.text
        for p in passages
        if p.index != headline
        and len(p.text) <= LONGEST_LINE
        and (
            headline - 8 <= p.index <= first
            or last < p.index <= last + 6
            or (first < p.index <= first + 4 and is_stamp_line(p.text, language))
        )
    ]
    for text, following in pairwise([*near, ""]):
        if _FIGURE.search(text) or (len(text) <= LONGEST_LABEL and _FIGURE.search(following)):
            yield text


def weigh(
    claims: Iterable[Claim],
    lines: Sequence[str],
    *,
    language: str | None,
    zone: str | None,
    day_first: bool | None,
    captured_at: datetime | None,
) -> tuple[Claim, ...]:
    """All claims in the order of trust, with their doubts."""
    known = list(claims)
    published = next((c.at for c in known if c.kind is ClaimKind.PUBLISHED and c.at and c.believed), None)
    visible = read_lines(
        lines,
        language=language,
        zone=zone,
        day_first=day_first,
        captured_at=captured_at,
        published_at=published,
    )
    return reconcile([*known, *visible], captured_at=captured_at)
