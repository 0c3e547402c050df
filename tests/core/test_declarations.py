"""Edits x stamps: what is announced, what is stealth, and where the honest word is `undetermined`.

Each story is told with real pages. It begins at noon with a first visit; at 12:10 the page is as it was; at 12:20 it is
not. So whatever was edited was edited between 12:10:00 and 12:20:00, unless a story says otherwise.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.article import ClaimSource, Content, Declaration, Reading
from monitor.core.lifecycle import Decision
from monitor.core.policy import SiteRule
from monitor.core.wire import content_from_json, content_json
from monitor.extract.read import read_page
from monitor.ports import Hints
from tests.core.stamp_stories import BORN, Stamp, Story, at, paper, stories
from tests.fakes import BODY, NOON, URL, Watch, capture, page

ANNOUNCED, STEALTH = Declaration.ANNOUNCED, Declaration.STEALTH
UNDETERMINED, UNSTAMPED, RESTAMPED = Declaration.UNDETERMINED, Declaration.UNSTAMPED, Declaration.RESTAMPED
EDITED = (BODY[0].replace("12 people", "17 people"), *BODY[1:])


def day(clock: str, date: int = 25) -> datetime:
    hour, minute, second = (int(part) for part in (clock + ":00")[:8].split(":"))
    return NOON.replace(day=date, hour=hour, minute=minute, second=second)


@dataclass(frozen=True)
class Stamps:
    """What a page says of its times. `visible` and `words` are on the page, the rest in its metadata."""

    published: str | None = "09:00"
    visible: str | None = None
    words: str | None = None
    ld: str | None = None
    meta: str | None = None
    naive_ld: bool = False


def told(stamps: Stamps, *, edited: bool = False, at: datetime = NOON) -> bytes:
    paragraphs = EDITED if edited else BODY
    return page(*paragraphs, dates=_line(stamps, at), structured=_structured(stamps, at), meta=_meta(stamps, at))


def _line(stamps: Stamps, at: datetime) -> str:
    parts = []
    if stamps.published:
        parts.append(f"{day(stamps.published):%H:%M GMT %d.%m.%Y}")
    if stamps.visible:
        parts.append(f"(Updated: {_when(stamps.visible, at):%H:%M GMT %d.%m.%Y})")
    return " ".join(parts) + (f"</p><p>{stamps.words}" if stamps.words else "")


def _structured(stamps: Stamps, at: datetime) -> str:
    members = [f'"datePublished": "{day(stamps.published).isoformat()}"'] if stamps.published else []
    if stamps.ld:
        members.append(f'"dateModified": "{_when(stamps.ld, at).isoformat()}"')
    return ", ".join(members)


def _meta(stamps: Stamps, at: datetime) -> str:
    if not stamps.meta:
        return ""
    return f'<meta property="article:modified_time" content="{_when(stamps.meta, at).isoformat()}">'


def _when(clock: str, at: datetime) -> datetime:
    """`now` is the time of the visit: a clock that follows ours."""
    return at if clock == "now" else day(clock)


STORIES: list[tuple[str, Stamps, Stamps, bool, Declaration | None]] = [
    # the visible line, to the minute
    ("no stamp, before or after", Stamps(), Stamps(), True, UNSTAMPED),
    ("no times at all", Stamps(published=None), Stamps(published=None), True, UNSTAMPED),
    ("a visible stamp appears", Stamps(), Stamps(visible="12:15"), True, ANNOUNCED),
    ("a visible stamp moves", Stamps(visible="11:30"), Stamps(visible="12:15"), True, ANNOUNCED),
    ("a visible stamp moves by a minute", Stamps(visible="11:30"), Stamps(visible="11:31"), True, ANNOUNCED),
    ("a visible stamp stands still", Stamps(visible="11:30"), Stamps(visible="11:30"), True, STEALTH),
    ("a visible stamp goes back", Stamps(visible="11:30"), Stamps(visible="11:00"), True, UNDETERMINED),
    ("a visible stamp vanishes", Stamps(visible="11:30"), Stamps(), True, UNDETERMINED),
    ("a stamp of the last sight's own minute", Stamps(visible="12:10"), Stamps(visible="12:10"), True, UNDETERMINED),
    ("a stamp of the minute before", Stamps(visible="12:09"), Stamps(visible="12:09"), True, STEALTH),
    ("a stamp inside the window", Stamps(visible="12:14"), Stamps(visible="12:14"), True, UNDETERMINED),
    ("a stamp that lies ahead", Stamps(visible="12:25"), Stamps(visible="12:25"), True, UNDETERMINED),
    ("a stamp from the far future", Stamps(visible="18:00"), Stamps(visible="18:00"), True, UNDETERMINED),
    ("a stamp before the publication", Stamps(visible="08:00"), Stamps(visible="08:00"), True, UNDETERMINED),
    # nothing was written
    ("the text stands, a stamp appears", Stamps(), Stamps(visible="12:15"), False, RESTAMPED),
    ("the text stands, the stamp moves", Stamps(visible="11:30"), Stamps(visible="12:15"), False, RESTAMPED),
    ("the text stands, the metadata moves", Stamps(ld="11:30"), Stamps(ld="12:15"), False, RESTAMPED),
    ("the text stands, so does the stamp", Stamps(visible="11:30"), Stamps(visible="11:30"), False, None),
    ("the text stands, the stamp vanishes", Stamps(visible="11:30"), Stamps(), False, None),
    ("the text stands, the stamp goes back", Stamps(visible="11:30"), Stamps(visible="11:00"), False, None),
    # metadata only
    ("JSON-LD appears", Stamps(), Stamps(ld="12:15"), True, ANNOUNCED),
    ("JSON-LD moves", Stamps(ld="11:30:20"), Stamps(ld="12:15:20"), True, ANNOUNCED),
    ("JSON-LD moves by a second", Stamps(ld="11:30:20"), Stamps(ld="11:30:21"), True, ANNOUNCED),
    ("JSON-LD stands still", Stamps(ld="11:30:20"), Stamps(ld="11:30:20"), True, STEALTH),
    ("JSON-LD of a second before the last sight", Stamps(ld="12:09:58"), Stamps(ld="12:09:58"), True, STEALTH),
    ("JSON-LD inside the window", Stamps(ld="12:12:00"), Stamps(ld="12:12:00"), True, UNDETERMINED),
    ("JSON-LD goes back", Stamps(ld="11:30"), Stamps(ld="11:00"), True, UNDETERMINED),
    ("JSON-LD vanishes", Stamps(ld="11:30"), Stamps(), True, UNDETERMINED),
    ("JSON-LD repeats the publication", Stamps(ld="09:00"), Stamps(ld="09:00"), True, UNDETERMINED),
    ("JSON-LD leaves the publication", Stamps(ld="09:00"), Stamps(ld="12:15"), True, ANNOUNCED),
    ("JSON-LD before the publication", Stamps(ld="08:00"), Stamps(ld="08:00"), True, UNDETERMINED),
    ("JSON-LD in the future", Stamps(ld="20:00"), Stamps(ld="20:00"), True, UNDETERMINED),
    ("a meta time appears", Stamps(), Stamps(meta="12:15"), True, ANNOUNCED),
    ("a meta time moves", Stamps(meta="11:30"), Stamps(meta="12:15"), True, ANNOUNCED),
    ("a meta time stands still", Stamps(meta="11:30"), Stamps(meta="11:30"), True, STEALTH),
    ("a meta time goes back", Stamps(meta="11:30"), Stamps(meta="10:30"), True, UNDETERMINED),
    ("a meta time vanishes", Stamps(meta="11:30"), Stamps(), True, UNDETERMINED),
    # several sources
    ("all move", Stamps(visible="11:30", ld="11:30:20"), Stamps(visible="12:15", ld="12:15:20"), True, ANNOUNCED),
    (
        "only the metadata moves",
        Stamps(visible="11:30", ld="11:30"),
        Stamps(visible="11:30", ld="12:15"),
        True,
        ANNOUNCED,
    ),
    (
        "only the visible line moves",
        Stamps(visible="11:30", ld="11:30"),
        Stamps(visible="12:15", ld="11:30"),
        True,
        ANNOUNCED,
    ),
    ("only the meta time moves", Stamps(ld="11:30", meta="11:30"), Stamps(ld="11:30", meta="12:15"), True, ANNOUNCED),
    ("all stand still", Stamps(visible="11:30", ld="11:30:20"), Stamps(visible="11:30", ld="11:30:20"), True, STEALTH),
    (
        "all three stand still",
        Stamps(visible="11:30", ld="11:30", meta="11:30"),
        Stamps(visible="11:30", ld="11:30", meta="11:30"),
        True,
        STEALTH,
    ),
    (
        "one goes back, one stands still",
        Stamps(visible="11:30", ld="11:30"),
        Stamps(visible="11:30", ld="11:00"),
        True,
        UNDETERMINED,
    ),
    ("one vanishes, one stands still", Stamps(visible="11:30", ld="11:30"), Stamps(ld="11:30"), True, STEALTH),
    ("one vanishes, one moves", Stamps(visible="11:30", ld="11:30"), Stamps(ld="12:15"), True, ANNOUNCED),
    (
        "another source appears beside one that stands still",
        Stamps(visible="11:30"),
        Stamps(visible="11:30", ld="12:15"),
        True,
        UNDETERMINED,
    ),
    (
        "the visible line repeats the publication, JSON-LD moves",
        Stamps(visible="09:00", ld="11:30"),
        Stamps(visible="09:00", ld="12:15"),
        True,
        ANNOUNCED,
    ),
    # the day only
    (
        "a date of the same day",
        Stamps(words="Updated: 25 January 2022"),
        Stamps(words="Updated: 25 January 2022"),
        True,
        UNDETERMINED,
    ),
    (
        "a date of five days ago",
        Stamps(published=None, words="Updated: 20 January 2022"),
        Stamps(published=None, words="Updated: 20 January 2022"),
        True,
        STEALTH,
    ),
    (
        "a date moves to today",
        Stamps(published=None, words="Updated: 20 January 2022"),
        Stamps(published=None, words="Updated: 25 January 2022"),
        True,
        ANNOUNCED,
    ),
    (
        "a date appears",
        Stamps(published=None),
        Stamps(published=None, words="Updated: 25 January 2022"),
        True,
        ANNOUNCED,
    ),
    (
        "a date of today beside JSON-LD that stands still",
        Stamps(words="Updated: 25 January 2022", ld="11:30:20"),
        Stamps(words="Updated: 25 January 2022", ld="11:30:20"),
        True,
        STEALTH,
    ),
    (
        "a date of today beside JSON-LD that moves",
        Stamps(words="Updated: 25 January 2022", ld="11:30:20"),
        Stamps(words="Updated: 25 January 2022", ld="12:15:20"),
        True,
        ANNOUNCED,
    ),
    # relative words
    (
        "relative words that change",
        Stamps(words="Updated 5 minutes ago"),
        Stamps(words="Updated 25 minutes ago"),
        True,
        UNDETERMINED,
    ),
    (
        "relative words that do not",
        Stamps(words="Updated 3 hours ago"),
        Stamps(words="Updated 3 hours ago"),
        True,
        UNDETERMINED,
    ),
    (
        "relative words, the text stands",
        Stamps(words="Updated 5 minutes ago"),
        Stamps(words="Updated 25 minutes ago"),
        False,
        None,
    ),
    (
        "relative words beside a line that stands still",
        Stamps(words="Updated 5 minutes ago", ld="11:30:00"),
        Stamps(words="Updated 25 minutes ago", ld="11:30:00"),
        True,
        STEALTH,
    ),
    (
        "relative words beside metadata that moves",
        Stamps(words="Updated 5 minutes ago", ld="11:30:00"),
        Stamps(words="Updated 1 minute ago", ld="12:15:00"),
        True,
        ANNOUNCED,
    ),
    # a clock that follows ours
    ("a dynamic clock", Stamps(ld="now"), Stamps(ld="now"), True, UNDETERMINED),
    ("a dynamic clock, the text stands", Stamps(ld="now"), Stamps(ld="now"), False, None),
    ("a dynamic meta clock", Stamps(meta="now"), Stamps(meta="now"), True, UNDETERMINED),
    (
        "a dynamic clock beside a line that stands still",
        Stamps(visible="11:30", ld="now"),
        Stamps(visible="11:30", ld="now"),
        True,
        STEALTH,
    ),
    (
        "a dynamic clock beside a line that moves",
        Stamps(visible="11:30", ld="now"),
        Stamps(visible="12:15", ld="now"),
        True,
        ANNOUNCED,
    ),
    # the time of publication
    (
        "the publication time is rewritten",
        Stamps(published="09:00", visible="11:30"),
        Stamps(published="10:00", visible="11:30"),
        True,
        UNDETERMINED,
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "edited", "expected"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES]
)
def test_a_change_is_declared_as_its_story_says(
    before: Stamps, after: Stamps, edited: bool, expected: Declaration | None
) -> None:
    watch = Watch()
    for minutes in (0, 10):
        at = timedelta(minutes=minutes)
        watch.sees(at, told(before, at=NOON + at))
    assert watch.article.version_count == 1
    at = timedelta(minutes=20)
    watch.sees(at, told(after, edited=edited, at=NOON + at))

    assert (watch.declarations or [None])[-1] == expected
    assert watch.article.version_count == 1 + (
        edited or (before != after and expected is not None) or len(watch.changes)
    )


def test_a_second_edit_within_the_stamps_own_minute_is_no_stealth() -> None:
    watch = Watch()
    watch.sees(timedelta(0), told(Stamps(visible="11:30")))
    at = timedelta(seconds=10)
    first = replace(Stamps(), visible="12:00")
    watch.sees(at, told(first, edited=True))
    twice = page(
        EDITED[0].replace("17", "19"), *BODY[1:], dates=_line(first, NOON), structured=_structured(first, NOON)
    )
    watch.sees(timedelta(seconds=50), twice)

    assert watch.declarations == [ANNOUNCED, UNDETERMINED]


def test_the_witnesses_of_a_declaration_are_named() -> None:
    watch = Watch()
    watch.sees(timedelta(0), told(Stamps(visible="11:30", ld="11:30:00")))
    decision = watch.sees(timedelta(minutes=20), told(Stamps(visible="11:30", ld="12:15:00"), edited=True))

    assert decision.version
    assert decision.version.change
    assert decision.version.change.claims_moved == (ClaimSource.JSON_LD,)
    assert decision.version.change.claims_still == (ClaimSource.VISIBLE,)


@pytest.mark.parametrize(("minutes", "late"), [(25, True), (34, True), (36, False), (90, False)])
def test_a_stamp_that_follows_within_a_quarter_of_an_hour_announces_late(minutes: int, late: bool) -> None:
    watch = Watch()
    before = Stamps(visible="11:30")
    watch.sees(timedelta(0), told(before))
    watch.sees(timedelta(minutes=10), told(before))
    watch.sees(timedelta(minutes=20), told(before, edited=True))
    watch.sees(timedelta(minutes=21), told(before, edited=True))
    watch.sees(timedelta(minutes=minutes), told(Stamps(visible="12:21"), edited=True))

    assert watch.declarations == [STEALTH, RESTAMPED]
    assert watch.late == ({1: timedelta(minutes=minutes - 20)} if late else {})


def test_a_dynamic_clock_never_makes_a_version() -> None:
    watch = Watch()
    for minute in range(0, 60, 10):
        at = timedelta(minutes=minute)
        watch.sees(at, told(Stamps(ld="now"), at=NOON + at))

    assert watch.article.version_count == 1


# ------------------------------------------------------------------------------------------------- a thousand stories

HINTS = Hints(site=SiteRule(host="news.example", updated="p.stamp-site"))


@lru_cache(maxsize=4096)
def read(body: bytes, minutes: float) -> Reading:
    found = read_page(body, URL, content_type="text/html", captured_at=NOON + timedelta(minutes=minutes), hints=HINTS)
    assert isinstance(found, Reading)
    return found


class StoredWatch(Watch):
    """A watch whose versions went through the store's JSON, as all do before they are compared again."""

    def sees(self, after: timedelta, body: bytes) -> Decision:
        decision = self.visits(capture(self.start + after, body=body), read(body, after.total_seconds() / 60))
        self.versions = {n: replace(v, content=_kept(v.content)) for n, v in self.versions.items()}
        return decision

    def _number(self, content: object) -> int:
        return max(v.number for v in self.versions.values() if v.content == content)


def _kept(content: Content) -> Content:
    return content_from_json(json.loads(json.dumps(content_json(content))))


def declared(story: Story) -> Declaration | None:
    """How the last visit of the story is declared; None where it made no change."""
    watch, told = StoredWatch(), 0
    for after, body in story.pages():
        told = len(watch.declarations)
        watch.sees(after, body)
    return watch.declarations[-1] if len(watch.declarations) > told else None


STORIES_BY_AXES = stories()


@pytest.mark.parametrize("story", STORIES_BY_AXES, ids=lambda story: story.name)
def test_a_story_made_of_axes_is_declared_as_design_says(story: Story) -> None:
    assert declared(story) == story.expected


def test_the_axes_make_enough_stories() -> None:
    assert len(STORIES_BY_AXES) >= 500
    assert {story.expected for story in STORIES_BY_AXES} == {None, *Declaration}


@pytest.mark.parametrize("minutes", [21, 25, 34, 36, 90])
@pytest.mark.parametrize("source", ["visible", "site", "json-ld", "meta", "microdata", "time"])
def test_a_stamp_of_any_source_that_follows_its_edit_announces_it_late(source: str, minutes: int) -> None:
    watch = StoredWatch()
    for number, minute in enumerate((0, 10, 20, minutes)):
        shown = at("11:30") if number < 3 else at("12:18")
        edited = "body" if number >= 2 else None
        watch.sees(timedelta(minutes=minute), paper(edited, [(Stamp(source, shown, shown), shown)], born=True))

    assert watch.declarations == [STEALTH, RESTAMPED]
    assert watch.late == ({1: timedelta(minutes=minutes - 20)} if minutes <= 35 else {})


# ------------------------------------------------------------------------------------------------- honest publishers


@dataclass(frozen=True)
class Press:
    """A newsroom that stamps each edit when it makes it, in all its sources, each in its own way, in its own zone."""

    stamps: tuple[Stamp, ...]
    edits: tuple[timedelta, ...]
    hours_east: int
    stamps_birth: bool

    def page(self, after: timedelta) -> bytes:
        made = [edit for edit in self.edits if edit <= after]
        last = NOON + made[-1] if made else BORN if self.stamps_birth else None
        says = [(stamp, self._face(last, stamp)) for stamp in self.stamps]
        return paper(None, [(s, shown) for s, shown in says if shown], born=True, people=12 + len(made))

    def _face(self, at: datetime | None, stamp: Stamp) -> datetime | None:
        return at if at is None or stamp.zone else at + timedelta(hours=self.hours_east)


UNITS = [timedelta(minutes=1), timedelta(days=1)]
PRESS_STAMPS = st.sampled_from(["visible", "json-ld", "meta", "microdata", "time"]).flatmap(
    lambda source: st.builds(
        Stamp,
        st.just(source),
        st.none(),
        st.none(),
        st.sampled_from(UNITS if source == "visible" else [timedelta(seconds=1), *UNITS]),
        st.booleans(),
    )
)
PRESSES = st.builds(
    Press,
    st.lists(PRESS_STAMPS, min_size=1, max_size=3, unique_by=lambda stamp: stamp.source).map(tuple),
    st.lists(st.integers(1, 2 * 86400).map(lambda s: timedelta(seconds=s)), max_size=3, unique=True)
    .map(sorted)
    .map(tuple),
    st.integers(-11, 13),
    st.booleans(),
)
VISITS = st.lists(st.integers(0, 2 * 86400 + 600), min_size=2, max_size=6, unique=True).map(sorted)


def watched(press: Press, visits: list[int]) -> StoredWatch:
    watch = StoredWatch()
    for seconds in visits:
        after = timedelta(seconds=seconds)
        watch.sees(after, press.page(after))
    return watch


@given(PRESSES, VISITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_who_stamps_every_edit_is_never_accused(press: Press, visits: list[int]) -> None:
    assert STEALTH not in watched(press, visits).declarations


@given(PRESSES, VISITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_who_stamped_once_and_then_never_announces_nothing_more(press: Press, visits: list[int]) -> None:
    first = press.edits[:1]
    silent = replace(press, edits=first)
    watch = StoredWatch()
    for number, seconds in enumerate(visits):
        after = timedelta(seconds=seconds)
        page_then = silent.page(after)
        people = b"%d people" % (12 + sum(edit <= after for edit in press.edits))
        watch.sees(after, page_then.replace(b"12 people", people).replace(b"13 people", people))
        if number and all(edit <= timedelta(seconds=visits[number - 1]) for edit in first):
            told = watch.decisions[-1].version
            assert not (told and told.change and told.change.declaration in (ANNOUNCED, RESTAMPED))
