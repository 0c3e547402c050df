"""One page, told from the top: decode, read what stands outside the body, prove unchanged or read the body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.core.article import Content, Rank, Reading, SamePage
from monitor.core.policy import SiteRule
from monitor.core.text import decode, fingerprint, normalise
from monitor.core.timestamps import zone_of_host
from monitor.errors import ExtractionFailed
from monitor.extract import claims as clock
from monitor.extract.body import Body, blocks_of, find_body
from monitor.extract.clean import mark_asides
from monitor.extract.digest import page_digest
from monitor.extract.fields import (
    find_byline,
    find_captions,
    find_headline,
    find_standfirst,
    headline_text,
)
from monitor.extract.lines import rank
from monitor.extract.markers import find_marker
from monitor.extract.notes import is_note, is_read
from monitor.extract.release import EXTRACTOR
from monitor.extract.structured import Structured, read_structured, texts_of
from monitor.extract.suspicions import find_suspicions
from monitor.extract.tree import Page, Passage, read_passages
from monitor.extract.unscripted import are_scripts, pieces_of, take_out_scripts, unscripted_digest
from monitor.ports import Hints

LONGEST_TAG = 64_000
MOST_ATTRIBUTES = 1_000


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    captured_at: datetime | None = None,
    hints: Hints | None = None,
    last_modified: str | None = None,
) -> Reading | SamePage:
    """What the page says, or SamePage where it reads as `hints.page_digest` remembers.

    The same bytes and hints give the same Reading, whatever was read before. `last_modified` is the HTTP header.
    Raises ExtractionFailed for a page that is built to stall a parser.
    """
    hints = hints or Hints()
    pieces = pieces_of(body)
    unscripted = unscripted_digest(pieces, EXTRACTOR, url, content_type or "", repr(replace(hints, page_digest=None)))
    known, _, known_unscripted = (hints.page_digest or "").partition(_AND)
    if unscripted == known_unscripted:
        return SamePage(hints.page_digest or "")
    _refuse_hostile(body, url)
    decoded = decode(body, content_type=content_type, hint=hints.charset)
    tree = LexborHTMLParser(decoded.text)
    structured = read_structured(tree, url)
    scripts = take_out_scripts(tree)
    live = find_marker(structured, (), added=(), captured_at=captured_at).live
    digest = page_digest(tree, structured, hints, extractor=EXTRACTOR, live=live)
    if digest == known:
        return SamePage(hints.page_digest or "")
    page = read_passages(tree)
    fingerprints = tuple(sorted({fingerprint(passage.text) for passage in page.passages}))
    article = _Article(page, structured, url, hints, captured_at, last_modified)
    content = article.content()
    # What a live blog says of its end has to be held against the clock, whatever stands in its bytes.
    sure = decoded.charset == "utf-8" and not live and are_scripts(pieces, scripts)
    return Reading(
        content=content,
        page_digest=digest + _AND + unscripted if sure else digest,
        page_blocks=fingerprints,
        charset=decoded.charset,
        suspicions=find_suspicions(page, content, title=structured.title, declared=_declared(structured)),
    )


_AND = "."
"""Stands between the two parts of a digest: that of the page as it reads, and, where it proves anything, that of its
bytes."""


def _declared(structured: Structured) -> bool:
    return bool(structured.main) or structured.meta("og:type") == "article"


# Possessive throughout and closed by the end of the text: linear on any input. One step an attribute.
_OPENING = re.compile(rb"<[A-Za-z/][^>=]*+(?:=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|)[^>=]*+)*+")
_RAW = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+)")


def _refuse_hostile(body: bytes, url: str) -> None:
    """A linear look for tags that cost a parser quadratic time: those with very many attributes. Their values do not
    count, one attribute may well carry a picture. Raw text is passed over only where something was found."""
    if _has_hostile_tag(body) and _has_hostile_tag(_RAW.sub(b"", body)):
        raise ExtractionFailed("too_large", url)


def _has_hostile_tag(body: bytes) -> bool:
    for tag in [tag for tag in _OPENING.findall(body) if len(tag) > 2 * MOST_ATTRIBUTES]:
        bare = _VALUE.sub(b" ", tag)
        if len(bare) > LONGEST_TAG or len(bare.split()) > MOST_ATTRIBUTES:
            return True
    return False


@dataclass(slots=True)
class _Article:
    """The fields of one page, each read once."""

    page: Page
    structured: Structured
    url: str
    hints: Hints
    captured_at: datetime | None
    last_modified: str | None

    def content(self) -> Content:
        page, structured, site = self.page, self.structured, self.hints.site
        headline = find_headline(page, structured)
        after = headline.index if headline else -1
        machine = clock.collect(structured, zone=self._zone, last_modified=self.last_modified)
        machine += clock.site_claims(page.tree, site, language=structured.language, captured_at=self.captured_at)
        machine += clock.time_claims(page.tree, zone=self._zone)
        chosen = _Chosen.by(site, page)
        mark_asides(page, headline.place if headline else None)
        title = headline_text(page, headline, structured)
        body = self._body(after, chosen)
        taken = body.passages
        first, last = (taken[0].index, taken[-1].index) if taken else (after + 8, after + 8)
        story = [p for p in taken if _is_story(p, structured.language)]
        edges = self._edges(after, first, last, story)
        marker = find_marker(structured, edges, added=self.hints.markers, captured_at=self.captured_at)
        marked = {p.index for p in edges if marker.words == p.text}
        story = [p for p in story if p.index not in marked]
        standfirst = chosen.standfirst or find_standfirst(
            page.passages, structured, after=after, first_body=self._end_of_head(story, after), body=story
        )
        outside = {p.index for p in standfirst} | marked | ({after} if headline else set())
        notes = [p for p in page.passages if p.index > after and p.index not in outside and is_note(p) and is_read(p)]
        outside |= {p.index for p in notes}
        kept = replace(body, passages=tuple(p for p in body.passages if p.index not in outside))
        captions = chosen.captions or find_captions(
            page.passages,
            after=after,
            last_body=last,
            taken=frozenset(p.index for p in kept.passages) | frozenset(outside),
        )
        lines = list(
            clock.candidate_lines(page.passages, headline=after, first=first, last=last, language=structured.language)
        )[: clock.MOST_LINES]
        return Content(
            url=self.url,
            headline=(chosen.headline or title),
            standfirst=_joined(standfirst),
            byline=find_byline(page, structured, after=after, first_body=first),
            blocks=blocks_of(kept, language=structured.language),
            captions=_texts(captions),
            corrections=tuple(dict.fromkeys((*_texts(notes), *texts_of(structured.main.get("correction"))))),
            live=marker.live,
            live_marker=marker.words,
            language=structured.language,
            claims=clock.weigh(
                machine,
                lines,
                language=structured.language,
                zone=self._zone,
                day_first=site.day_first if site else None,
                captured_at=self.captured_at,
            ),
            method=body.method,
            extractor=EXTRACTOR,
        )

    @property
    def _zone(self) -> str | None:
        """The zone of times printed without one: the site rule's, else that of the country the host is in."""
        site = self.hints.site
        return (site.zone if site else None) or zone_of_host(urlsplit(self.url).hostname or "")

    def _body(self, after: int, chosen: "_Chosen") -> Body:
        if chosen.body:
            return Body(tuple(chosen.body), "site")
        return find_body(self.page, first=after + 1, articles=self.structured.bodies)

    def _end_of_head(self, story: Sequence[Passage], after: int) -> int:
        """The index before which a standfirst stands: the second passage of the story, whose first may be it."""
        return story[min(1, len(story) - 1)].index if story else after + 8

    def _edges(self, after: int, first: int, last: int, story: Sequence[Passage]) -> list[Passage]:
        """Where a live marker can stand: round the headline, and in the first and last passages of the body."""
        # Three at the head: the standfirst may be counted among the body's at this point.
        near = {p.index for p in (*story[:3], *story[-2:])}
        return [
            p
            for p in self.page.passages
            if p.index in near or after - 3 <= p.index < first or last < p.index <= last + 2
            if p.index != after and not p.place.within("nav", "li", "button") and p.gone in (None, "aside", "footer")
        ]


def _is_story(passage: Passage, language: str | None) -> bool:
    """Whether a passage of the body says something of the story: no date line, no counter, no credit."""
    return rank(passage, language=language, edge=True) is Rank.CORE


@dataclass(slots=True)
class _Chosen:
    """What a site rule picks, field by field; empty where it picks nothing."""

    headline: str | None
    standfirst: list[Passage]
    body: list[Passage]
    captions: list[Passage]

    @classmethod
    def by(cls, site: SiteRule | None, page: Page) -> "_Chosen":
        if site is None:
            return cls(None, [], [], [])
        headline = page.tree.css_first(site.headline) if site.headline else None
        dropped = {p.index for selector in site.drop for p in _picked(page, selector)}
        return cls(
            normalise(headline.text()) if headline else None,
            _picked(page, site.standfirst),
            [p for p in _picked(page, site.body) if p.index not in dropped],
            _picked(page, site.captions),
        )


def _picked(page: Page, selector: str | None) -> list[Passage]:
    nodes = {node.mem_id for node in page.tree.css(selector)} if selector else set()
    if not nodes:
        return []
    return [p for p in page.passages if any(place.node.mem_id in nodes for place in p.place.up())]


def _joined(passages: Sequence[Passage]) -> str | None:
    return " ".join(passage.text for passage in passages) or None


def _texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.text for passage in passages))
