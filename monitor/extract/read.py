"""One page, told from the top: decode, read what stands outside the body, prove unchanged or read the body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.core.article import Content, Rank, Reading, SamePage
from monitor.core.policy import SiteRule
from monitor.core.text import decode, fingerprint, normalise
from monitor.core.timestamps import zone_of_host
from monitor.errors import ExtractionFailed
from monitor.extract import claims as clock
from monitor.extract.blocks import blocks_of
from monitor.extract.body import Body, find_body
from monitor.extract.clean import mark_asides
from monitor.extract.digest import page_digest
from monitor.extract.fields import (
    find_byline,
    find_captions,
    find_headline,
    find_standfirst,
    headline_text,
    is_named_caption,
    names_in_lines,
    person_of,
)
from monitor.extract.inferred import infer_published
from monitor.extract.lines import rank
from monitor.extract.markers import Marker, find_marker, place_of
from monitor.extract.notes import all_notes, find_notes
from monitor.extract.release import reader
from monitor.extract.structured import Structured, read_structured
from monitor.extract.suspicions import find_suspicions
from monitor.extract.tree import Page, Passage, read_passages
from monitor.extract.unscripted import are_scripts, pieces_of, take_out_scripts, unscripted_digest
from monitor.ports import Hints

LONGEST_TAG = 64_000
MOST_ATTRIBUTES = 1_000
MOST_TAGS = 20_000
"""Pages with fewer tags (the longest real ones have 8,000) need no look at how deep they nest."""
DEEPEST_BOXES = 10_000


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
    pieces, rules = pieces_of(body), reader(hints)
    unscripted = unscripted_digest(pieces, rules, url, content_type or "", repr(replace(hints, page_digest=None)))
    known, _, known_unscripted = (hints.page_digest or "").partition(_AND)
    if unscripted == known_unscripted and hints.method is None:
        return SamePage(hints.page_digest or "")
    _refuse_hostile(body, url)
    decoded = decode(body, content_type=content_type, hint=hints.charset)
    tree = LexborHTMLParser(decoded.text)
    structured = read_structured(tree, url)
    scripts = take_out_scripts(tree)
    live = find_marker(structured, (), added=(), captured_at=captured_at).live
    digest = page_digest(tree, structured, hints, extractor=rules, live=live)
    if digest == known and hints.method is None:
        return SamePage(hints.page_digest or "")
    page = read_passages(tree)
    fingerprints = tuple(sorted(fingerprint(passage.text) for passage in page.passages))
    article = _Article(page, structured, url, hints, captured_at, last_modified, decoded.text)
    content = article.content()
    # What a live blog says of its end has to be held against the clock, whatever stands in its bytes.
    sure = decoded.charset == "utf-8" and not live and are_scripts(pieces, scripts)
    return Reading(
        content=content,
        page_digest=digest + _AND + unscripted if sure else digest,
        page_blocks=fingerprints,
        charset=decoded.charset,
        suspicions=find_suspicions(page, content, structured, html=decoded.text, url=url),
        declared=structured.declares_article,
        canonical=structured.address(url),
        marker_place=article.marker_place,
    )


_AND = "."
"""Stands between the two parts of a digest: that of the page as it reads, and, where it proves anything, that of its
bytes."""


# Possessive throughout and closed by the end of the text: linear on any input. One step an attribute.
_OPENING = re.compile(rb"<[A-Za-z/][^>=]*+(?:=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|)[^>=]*+)*+")
_RAW = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+)")


def _refuse_hostile(body: bytes, url: str) -> None:
    """A linear look for tags that cost a parser quadratic time: those with very many attributes, and boxes in boxes
    without end. Values do not count, one attribute may well carry a picture. Raw text is passed over only where
    something was found."""
    for is_hostile in (_has_hostile_tag, _is_bottomless):
        if is_hostile(body) and is_hostile(_RAW.sub(b"", body)):
            raise ExtractionFailed("too_large", url)


def _has_hostile_tag(body: bytes) -> bool:
    for tag in [tag for tag in _OPENING.findall(body) if len(tag) > 2 * MOST_ATTRIBUTES]:
        bare = _VALUE.sub(b" ", tag)
        if len(bare) > LONGEST_TAG or len(bare.split()) > MOST_ATTRIBUTES:
            return True
    return False


# Elements that stay open until they are closed, and for each of which a parser looks through all that are open.
_BOX = re.compile(
    rb"<(/?)(?:div|section|article|aside|nav|main|header|footer|blockquote|center|figure|details|ul|ol|dl|fieldset)\b",
    re.IGNORECASE,
)


def _is_bottomless(body: bytes) -> bool:
    if body.count(b"<") < MOST_TAGS:
        return False
    depth = 0
    for closes in _BOX.findall(body):
        depth = max(0, depth - 1) if closes else depth + 1
        if depth > DEEPEST_BOXES:
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
    text: str
    marker_place: str | None = None

    def content(self) -> Content:
        page, structured, site = self.page, self.structured, self.hints.site
        headline = find_headline(page, structured)
        after = headline.index if headline else -1
        locale = clock.locale_of(page.tree, structured, self._host)
        machine = clock.collect(structured, zone=self._zone, last_modified=self.last_modified)
        machine += clock.site_claims(page.tree, site, language=locale, captured_at=self.captured_at)
        machine += clock.time_claims(
            page.tree, zone=self._zone, language=locale, headline=headline.place.node if headline else None
        )
        chosen = _Chosen.by(site, page)
        signed = names_in_lines(page, after=after)
        mark_asides(page, headline)
        title = headline_text(page, headline, structured)
        body = self._body(after, chosen)
        taken = body.passages
        first, last = (taken[0].index, taken[-1].index) if taken else (after + 8, after + 8)
        told = [p for p in taken if _is_story(p, structured.language)]
        edges = self._edges(after, first, last, told)
        marker = chosen.marker or find_marker(structured, edges, added=self.hints.markers, captured_at=self.captured_at)
        marked = {p.index for p in edges if marker.words == p.text}
        self.marker_place = next((place_of(p) for p in edges if marker.live and marker.words == p.text), None)
        story = [p for p in told if p.index not in marked]
        standfirst = chosen.standfirst or find_standfirst(
            page.passages, structured, after=after, first_body=self._end_of_head(story, after), body=story
        )
        outside = {p.index for p in standfirst} | marked | ({after} if headline else set())
        outside |= {p.index for p in page.passages if p.text in chosen.corrections}
        notes = [p for p in find_notes(page.passages, after=after, body=taken) if p.index not in outside]
        outside |= {p.index for p in notes}
        if not chosen.body:
            outside |= {p.index for p in taken if is_named_caption(p)}
        kept = replace(body, passages=tuple(p for p in body.passages if p.index not in outside))
        captions = chosen.captions or find_captions(
            page.passages,
            after=after,
            last_body=last,
            taken=frozenset(p.index for p in kept.passages)
            | frozenset(p for p in outside if not is_named_caption(page.passages[p])),
        )
        lines = list(
            clock.candidate_lines(page.passages, headline=after, first=first, last=last, language=structured.language)
        )[: clock.MOST_LINES]
        return Content(
            url=self.url,
            headline=(chosen.headline or title),
            standfirst=_joined(standfirst),
            byline=chosen.byline or find_byline(page, structured, after=after, first_body=first, marked=signed),
            blocks=blocks_of(kept, language=structured.language),
            captions=_texts(captions),
            corrections=chosen.corrections or all_notes(_texts(notes), structured.main.get("correction")),
            live=marker.live,
            live_marker=marker.words,
            language=structured.language,
            claims=clock.weigh(
                machine,
                lines,
                clock.far_lines(page.passages, machine, frozenset(lines)),
                language=locale,
                zone=self._zone,
                day_first=site.day_first if site else None,
                captured_at=self.captured_at,
                search=lambda: infer_published(
                    self.text,
                    self.url,
                    page.passages,
                    language=locale,
                    zone=self._zone,
                    captured_at=self.captured_at,
                ),
            ),
            method=body.method,
            extractor=reader(self.hints),
        )

    @property
    def _zone(self) -> str | None:
        """The zone of times printed without one: the site rule's, else that of the country the host is in."""
        site = self.hints.site
        return (site.zone if site else None) or zone_of_host(self._host)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def _body(self, after: int, chosen: "_Chosen") -> Body:
        only = self.hints.method
        if only == "site" or (only is None and chosen.body):
            return Body(tuple(chosen.body), "site")
        return find_body(self.page, first=after + 1, articles=self.structured.bodies, only=only)

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

    headline: str | None = None
    standfirst: list[Passage] = field(default_factory=list)
    byline: tuple[str, ...] = ()
    body: list[Passage] = field(default_factory=list)
    captions: list[Passage] = field(default_factory=list)
    corrections: tuple[str, ...] = ()
    marker: Marker | None = None

    @classmethod
    def by(cls, site: SiteRule | None, page: Page) -> "_Chosen":
        if site is None:
            return cls()
        dropped = {p.index for selector in site.drop for p in _picked(page, selector)}
        mark = next(iter(_said(page, site.live)), None)
        return cls(
            headline=next(iter(_said(page, site.headline)), None),
            standfirst=_picked(page, site.standfirst),
            byline=tuple(person_of(name) for name in _said(page, site.byline)),
            body=[p for p in _picked(page, site.body) if p.index not in dropped],
            captions=_picked(page, site.captions),
            corrections=_said(page, site.corrections),
            marker=Marker(True, mark) if mark else None,
        )


def _said(page: Page, selector: str | None) -> tuple[str, ...]:
    """What the elements say, each once; they may stand inside a line."""
    texts = (normalise(node.text()) for node in page.tree.css(selector)) if selector else ()
    return tuple(dict.fromkeys(text for text in texts if text))


def _picked(page: Page, selector: str | None) -> list[Passage]:
    nodes = {node.mem_id for node in page.tree.css(selector)} if selector else set()
    if not nodes:
        return []
    return [p for p in page.passages if any(place.node.mem_id in nodes for place in p.place.up())]


def _joined(passages: Sequence[Passage]) -> str | None:
    return " ".join(passage.text for passage in passages) or None


def _texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.text for passage in passages))
