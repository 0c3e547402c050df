"""The Content of one page, told from the top: what must be read while the page is whole, the body, what stands round
it, the times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from monitor.core.article import Block, Claim, ClaimKind, Content, Entry, Rank
from monitor.core.timestamps import zone_of_host
from monitor.extract import claims as clock
from monitor.extract import liveblog
from monitor.extract.blocks import blocks_of
from monitor.extract.body import Body, find_body
from monitor.extract.chosen import Chosen
from monitor.extract.clean import mark_asides
from monitor.extract.entries import LiveEntry, find_entries
from monitor.extract.fields import (
    find_byline,
    find_captions,
    find_headline,
    find_standfirst,
    heading_text,
    is_named_caption,
    names_in_lines,
)
from monitor.extract.inferred import infer_published
from monitor.extract.lines import rank
from monitor.extract.markers import Marker, find_marker, place_of
from monitor.extract.notes import all_notes, find_notes
from monitor.extract.release import reader
from monitor.extract.structured import Structured
from monitor.extract.surfaces import headlines_of
from monitor.extract.tree import Page, Passage
from monitor.ports import Hints

HEAD = 8
"""So many passages below the headline belong to the head of a page without a body."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What is read before anything is taken out of the page."""

    heading: str | None
    chosen: Chosen
    marked: dict[int, list[str]]
    machine: list[Claim]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The body, less what stands in it but is a field of its own, and those fields."""

    body: Body
    marker: Marker
    marker_place: str | None
    standfirst: Sequence[Passage]
    notes: Sequence[Passage]
    captions: Sequence[Passage]

    @property
    def outside(self) -> frozenset[int]:
        """The indices of the passages that are read as other fields than the body."""
        return frozenset(passage.index for passage in (*self.standfirst, *self.notes, *self.captions))


@dataclass
class ArticleOnPage:
    """One page on its way to a Content. `text` is its HTML, decoded."""

    page: Page
    structured: Structured
    url: str
    hints: Hints
    captured_at: datetime | None
    last_modified: str | None
    text: str

    def read(self) -> tuple[Content, str | None]:
        """The Content, and the place of its live marker."""
        head = self._head()
        entries = self._entries
        mark_asides(self.page, self.headline)
        body = self._body(head.chosen)
        first, last = (body.passages[0].index, body.passages[-1].index) if body.passages else (self._below,) * 2
        parts = self._parts(head.chosen, body, first, last)
        claims = self._claims(head.machine, first, last)
        content = Content(
            url=self.url,
            headline=head.chosen.headline or head.heading or self.structured.headline,
            standfirst=" ".join(passage.text for passage in parts.standfirst) or None,
            byline=head.chosen.byline or self._byline(head, first),
            blocks=self._blocks(parts),
            entries=self._dated(entries, claims),
            captions=_texts(parts.captions),
            corrections=head.chosen.corrections
            or all_notes(_texts(parts.notes), self.structured.main.get("correction")),
            live=parts.marker.live,
            live_marker=parts.marker.words,
            language=self.structured.language,
            claims=claims,
            method=body.method,
            extractor=reader(self.hints),
            headlines=headlines_of(self.structured, heading=head.chosen.headline or head.heading, url=self.url),
        )
        return content, parts.marker_place

    # -- while the page is whole

    def _head(self) -> _Head:
        site, tree = self.hints.site, self.page.tree
        machine = clock.collect(self.structured, zone=self._zone, last_modified=self.last_modified)
        machine += clock.site_claims(tree, site, language=self._locale, captured_at=self.captured_at)
        near = self.headline.place.node if self.headline else None
        apart = frozenset(entry.place.node.mem_id for entry in self._entries)
        machine += clock.time_claims(tree, zone=self._zone, language=self._locale, headline=near, apart=apart)
        return _Head(
            heading=heading_text(self.page, self.headline),
            chosen=Chosen.by(site, self.page),
            marked=names_in_lines(self.page, after=self._after),
            machine=machine,
        )

    @cached_property
    def headline(self) -> Passage | None:
        return find_headline(self.page, self.structured)

    @property
    def _after(self) -> int:
        return self.headline.index if self.headline else -1

    @property
    def _below(self) -> int:
        return self._after + HEAD

    @cached_property
    def _locale(self) -> str | None:
        return clock.locale_of(self.page.tree, self.structured, self._host)

    @property
    def _zone(self) -> str | None:
        """The zone of times printed without one: the site rule's, else that of the country the host is in."""
        site = self.hints.site
        return (site.zone if site else None) or zone_of_host(self._host)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).hostname or ""

    # -- the entries of a live blog

    @cached_property
    def _entries(self) -> tuple[LiveEntry, ...]:
        """None where the page is read by another method, or is no live blog."""
        only = self.hints.method
        if only not in (None, liveblog.METHOD):
            return ()
        return find_entries(
            self.page,
            self.structured,
            url=self.url,
            after=self._after,
            zone=self._zone,
            language=self._locale,
            wanted=only is not None,
        )

    @cached_property
    def _in_entries(self) -> frozenset[int]:
        """The passages of the entries: what stands in them is told of with them, and nothing of the page's own."""
        return frozenset(passage.index for entry in self._entries for passage in entry.passages)

    def _blocks(self, parts: _Parts) -> tuple[Block, ...]:
        language = self.structured.language
        if self._entries:
            return liveblog.entry_blocks(parts.body, self._entries, language=language)
        return blocks_of(parts.body, language=language, page=self.page, outside=parts.outside)

    def _dated(self, entries: Sequence[LiveEntry], claims: Sequence[Claim]) -> tuple[Entry, ...]:
        if not entries:
            return ()
        published, updated = (
            next((c.at for c in claims if c.kind is kind and c.believed and c.at), None)
            for kind in (ClaimKind.PUBLISHED, ClaimKind.UPDATED)
        )
        return liveblog.entries_of(
            self.page,
            entries,
            zone=self._zone,
            language=self._locale,
            published_at=published,
            written_at=updated or self.captured_at,
        )

    # -- the body, and what stands round it

    def _body(self, chosen: Chosen) -> Body:
        only = self.hints.method
        if self._entries:
            return liveblog.body_of(self.page, self._entries, first=self._after + 1)
        if only == "site" or (only is None and chosen.body):
            return Body(tuple(chosen.body), "site")
        return find_body(self.page, first=self._after + 1, articles=self.structured.bodies, only=only)

    def _parts(self, chosen: Chosen, body: Body, first: int, last: int) -> _Parts:
        passages, taken = self.page.passages, body.passages
        # Of a live blog, what stands above its entries: their words are not the page's.
        loose = [passage for passage in taken if passage.index not in self._in_entries]
        story = [passage for passage in loose if _is_story(passage, self.structured.language)]
        edges = self._edges(min(self._in_entries, default=first), last, story)
        marker = chosen.marker or find_marker(
            self.structured, edges, added=self.hints.markers, captured_at=self.captured_at
        )
        marks = [passage for passage in edges if marker.words == passage.text]
        story = [passage for passage in story if passage not in marks]
        standfirst = chosen.standfirst or find_standfirst(
            passages, self.structured, after=self._after, first_body=self._end_of_head(story), body=story
        )
        outside = {passage.index for passage in (*standfirst, *marks)} | {self._after}
        if chosen.corrections:
            outside |= {passage.index for passage in passages if passage.text in chosen.corrections}
        outside |= self._in_entries
        notes = [note for note in find_notes(passages, after=self._after, body=taken) if note.index not in outside]
        outside |= {note.index for note in notes}
        pictured = set() if chosen.body else {passage.index for passage in loose if is_named_caption(passage)}
        outside -= self._in_entries
        kept = tuple(passage for passage in taken if passage.index not in outside | pictured)
        captions = chosen.captions or find_captions(
            passages,
            after=self._after,
            last_body=last,
            taken=frozenset(passage.index for passage in kept) | (outside - pictured) | self._in_entries,
        )
        place = next((place_of(mark) for mark in marks if marker.live), None)
        return _Parts(replace(body, passages=kept), marker, place, standfirst, notes, captions)

    def _end_of_head(self, story: Sequence[Passage]) -> int:
        """The index before which a standfirst stands: the second passage of the story, whose first may be it."""
        return story[min(1, len(story) - 1)].index if story else self._below

    def _edges(self, first: int, last: int, story: Sequence[Passage]) -> list[Passage]:
        """Where a live marker can stand: round the headline, and in the first and last passages of the body."""
        # Three at the head: the standfirst may be counted among the body's at this point.
        near = {p.index for p in (*story[:3], *story[-2:])}
        after = self._after
        return [
            p
            for p in self.page.passages
            if p.index in near or after - 3 <= p.index < first or last < p.index <= last + 2
            if p.index != after and not p.place.within("nav", "li", "button") and p.gone in (None, "aside", "footer")
        ]

    def _byline(self, head: _Head, first: int) -> tuple[str, ...]:
        return find_byline(self.page, self.structured, after=self._after, first_body=first, marked=head.marked)

    # -- the times

    def _claims(self, machine: list[Claim], first: int, last: int) -> tuple[Claim, ...]:
        passages, site = self.page.passages, self.hints.site
        if self._entries:
            passages = liveblog.outside(passages, self._in_entries, language=self._locale)
        near = clock.candidate_lines(
            passages, headline=self._after, first=first, last=last, language=self.structured.language
        )
        lines = list(near)[: clock.MOST_LINES]
        return clock.weigh(
            machine,
            lines,
            clock.far_lines(passages, machine, frozenset(lines)),
            language=self._locale,
            zone=self._zone,
            day_first=site.day_first if site else None,
            captured_at=self.captured_at,
            search=self._search,
        )

    def _search(self) -> Claim | None:
        return infer_published(
            self.text,
            self.url,
            self.page.passages,
            language=self._locale,
            zone=self._zone,
            captured_at=self.captured_at,
        )


def _is_story(passage: Passage, language: str | None) -> bool:
    """Whether a passage of the body says something of the story: no date line, no counter, no credit."""
    return rank(passage, language=language, edge=True) is Rank.CORE


def _texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.text for passage in passages))
