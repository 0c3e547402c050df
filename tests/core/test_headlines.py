"""Which headlines are variants of a test: what comes back, how often, how soon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Content, Declaration, Field, Reading, Version
from monitor.core.headline import Follows, Surface, SurfaceText, follows
from monitor.core.lifecycle.headlines import (
    LOOKS,
    MOST_TESTED,
    MOST_TURNS,
    MOST_WORDINGS,
    Memory,
    Titles,
    after_look,
    after_same_page,
    is_flip,
    seen_tests,
    without_look,
)
from monitor.store.headlines import headlines_of, headlines_text

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def content(headline: str, **surfaces: str) -> Content:
    said = tuple(SurfaceText(Surface[name.upper()], text) for name, text in surfaces.items())
    return Content(url="https://news.example/story", headline=headline, headlines=said)


def look(memory: Memory, letter: str, at: datetime, **surfaces: str) -> Titles:
    """A letter is a headline, a dot the same page again."""
    return after_same_page(memory, at) if letter == "." else after_look(memory, content(letter, **surfaces), at)


def after(
    letters: str, every: timedelta = 2 * MINUTE, *, start: datetime = NOON, memory: Memory | None = None
) -> Titles:
    """After these looks."""
    titles = without_look(memory or {})
    for number, letter in enumerate(letters):
        titles = look(titles.memory, letter, start + number * every)
    return titles


@pytest.mark.parametrize(
    ("letters", "every", "variants"),
    [
        ("A", MINUTE, ""),
        ("ABCD", MINUTE, ""),
        ("AABBCC", MINUTE, ""),
        ("ABA", MINUTE, ""),
        ("AAABBBAAA", 10 * MINUTE, ""),
        ("ABAB", MINUTE, "AB"),
        ("ABAB", HOUR, "AB"),
        ("ABAB", 5 * HOUR, ""),
        ("ABCAB", MINUTE, "ABC"),
        ("ABACA", MINUTE, "ABC"),
        ("ZABAB", MINUTE, "AB"),
        ("AB.AB", MINUTE, "AB"),
        ("A.B.A.B", MINUTE, "AB"),
        ("ABABC", MINUTE, "AB"),
        ("ABABCA", MINUTE, "ABC"),
        ("AABBABA", 40 * MINUTE, "AB"),
        ("ABBBBBBAAAAAAB", 20 * MINUTE, "AB"),
        ("ABBBBBBBBAAAAAB", 20 * MINUTE, ""),
    ],
)
def test_two_returns_within_six_hours_are_a_test(letters: str, every: timedelta, variants: str) -> None:
    assert "".join(after(letters, every).variants) == variants


def test_two_sights_at_once_days_apart_are_a_test() -> None:
    memory = after("ABA", 30 * SECOND).memory

    later = after("BA", 30 * SECOND, start=NOON + 2 * DAY, memory=memory)
    assert later.variants == ("A", "B")
    slower = after("BA", 10 * MINUTE, start=NOON + 2 * DAY, memory=memory)
    assert slower.variants == ()
    too_late = after("BA", 30 * SECOND, start=NOON + 9 * DAY, memory=memory)
    assert too_late.variants == ()


@pytest.mark.parametrize(
    ("letters", "every", "waits"),
    [
        ("AB", MINUTE, False),
        ("ABA", MINUTE, True),
        ("ABA..", MINUTE, True),
        ("ABA...", MINUTE, False),
        ("ABA", 20 * MINUTE, False),
        ("ABAB", MINUTE, False),
        ("ABABC", MINUTE, True),
        ("ABABC...", MINUTE, False),
    ],
)
def test_what_may_be_a_flip_is_seen_four_times_before_it_is_believed(
    letters: str, every: timedelta, waits: bool
) -> None:
    assert after(letters, every).waits is waits
    assert LOOKS == 4


def test_a_text_that_differs_in_quotation_marks_is_the_same() -> None:
    memory: Memory = {}
    for number, text in enumerate(("'Never' - mayor", "‘Never’ – mayor", '"Never" — mayor') * 2):
        memory = after_look(memory, content(text), NOON + number * MINUTE).memory

    assert len(memory[Surface.HEADLINE].wordings) == 1
    assert memory[Surface.HEADLINE].wordings[0].looks == 6


# -- telling


def told(letters: str, every: timedelta = MINUTE) -> list[int]:
    """The looks at which people are told."""
    found, titles = [], Titles()
    for number, letter in enumerate(letters):
        titles = look(titles.memory, letter, NOON + number * every)
        if titles.told:
            found.append(number)
    return found


def test_a_test_is_told_once_and_not_before_it_has_lasted_five_minutes() -> None:
    assert told("ABAB" * 20) == [6]
    assert told("ABAB", 20 * MINUTE) == [3]
    assert told("ABABBBBBBBBB") == []
    assert told("ABABBBBBBBBA") == [11]


def test_it_is_told_with_shares_and_times() -> None:
    titles = after("AAABAAAB")

    assert titles.told == (
        '2 headlines are shown by turns: "A" (3 of 5 looks, first 12:00, last 12:12 UTC); '
        '"B" (2 of 5 looks, first 12:06, last 12:14 UTC)'
    )
    [seen] = seen_tests(titles.memory)
    assert [(w.text, w.tested) for w in seen.wordings] == [("A", 3), ("B", 2)]
    assert seen.test.since == NOON + 6 * MINUTE
    assert seen.looks == 5


def flips(surfaces: str, looks: int = 12) -> list[str]:
    """What is told where these surfaces flip together and the others stand still."""
    lines: list[str] = []
    titles = Titles()
    for number in range(looks):
        letter = "AB"[number % 2]
        said = {name: letter if name in surfaces.split() else "A" for name in ("h1", "title", "og_title", "json_ld")}
        headline = letter if "h1" in surfaces else "A"
        titles = after_look(titles.memory, content(headline, **said), NOON + number * MINUTE)
        lines += [titles.told.partition(' "')[0]] if titles.told else []
    return lines


@pytest.mark.parametrize(
    ("surfaces", "line"),
    [
        ("h1 title og_title json_ld", "2 headlines are shown by turns:"),
        ("h1", "2 headlines are shown by turns:"),
        ("title", "2 headlines are shown by turns in title:"),
        ("json_ld title", "2 headlines are shown by turns in title and json-ld:"),
        ("og_title", "2 headlines are shown by turns in og:title:"),
    ],
)
def test_surfaces_that_flip_together_are_told_of_once(surfaces: str, line: str) -> None:
    assert flips(surfaces) == [line]


@pytest.mark.parametrize(("first", "lines"), [(Surface.HEADLINE, 1), (Surface.OG_TITLE, 2)])
def test_what_joins_the_test_of_the_headline_is_not_told_of_again(first: Surface, lines: int) -> None:
    found, titles = 0, Titles()
    for number in range(40):
        late = "A" if number < 20 else "AB"[number % 2]
        early = "AB"[number % 2]
        headline, social = (early, late) if first is Surface.HEADLINE else (late, early)
        titles = after_look(titles.memory, content(headline, og_title=social), NOON + number * MINUTE)
        found += titles.told is not None
    assert found == lines


# -- the end


@pytest.mark.parametrize(
    ("flipping", "alone", "every", "ends"),
    [
        ("ABABABABAB", 11, 6 * MINUTE, False),  # chance does that once in a thousand nights
        ("ABABABABAB", 14, 6 * MINUTE, True),
        ("ABABABABAB", 30, MINUTE, False),  # half an hour is no time
        ("AAAAAAAAAB" * 3, 40, 6 * MINUTE, False),  # the other one is rare
        ("AAAAAAAAAB" * 3, 25, HOUR, True),  # but not that rare
        (("A" * 10 + "B" * 10) * 2, 16, 6 * MINUTE, False),  # turns are long
    ],
)
def test_a_test_ends_when_one_text_has_been_alone_too_long_for_chance(
    flipping: str, alone: int, every: timedelta, ends: bool
) -> None:
    before = after(flipping, 6 * MINUTE)
    start = NOON + len(flipping) * 6 * MINUTE
    found = after("A" * alone, every, start=start, memory=before.memory)

    assert (found.variants == ()) is ends


def test_a_test_that_was_not_over_goes_on_and_is_not_told_again() -> None:
    ended = after("ABABABABAB" + "A" * 20, 6 * MINUTE)
    assert ended.variants == ()

    again = after("BAB", MINUTE, start=NOON + 4 * HOUR, memory=ended.memory)
    assert again.variants == ("A", "B")
    assert again.told is None
    long_after = after("BABABABABAB", MINUTE, start=NOON + 4 * DAY, memory=ended.memory)
    [seen] = seen_tests(long_after.memory)
    assert seen.test.since == NOON + 4 * DAY + MINUTE
    assert seen.test.told_at is not None


# -- what a flip does to a reading


def version(headline: str, last_seen_at: datetime = NOON) -> Version:
    return Version(
        id=1, article_id=1, number=1, content=content(headline), first_seen_at=NOON, last_seen_at=last_seen_at
    )


def test_only_a_flip_between_variants_is_undone() -> None:
    titles = after("ABAB")
    reading = Reading(content=content("B"), page_digest="")

    assert titles.steadied(version("A"), reading).content.headline == "A"
    assert titles.steadied(version("C"), reading) is reading
    assert titles.steadied(version("A"), replace(reading, content=content("C"))).content.headline == "C"


def test_an_edit_that_ends_a_test_was_made_after_the_last_sight_of_the_former_headline() -> None:
    ended = after("ABABABABAB" + "B" * 20, 6 * MINUTE)
    last_seen = version("A", last_seen_at=NOON + 3 * HOUR)
    reading = Reading(content=content("B"), page_digest="")

    assert ended.last_sighted(last_seen, reading).last_seen_at == NOON + 8 * 6 * MINUTE
    assert ended.last_sighted(last_seen, replace(reading, content=content("A"))) is last_seen
    assert ended.last_sighted(last_seen, replace(reading, content=content("C"))).last_seen_at == NOON + 8 * 6 * MINUTE


@pytest.mark.parametrize(
    ("fields", "declaration", "at", "is_one"),
    [
        ((Field.HEADLINE,), Declaration.STEALTH, NOON + 2 * MINUTE, True),
        ((Field.HEADLINE,), Declaration.ANNOUNCED, NOON + 2 * MINUTE, False),
        ((Field.HEADLINE, Field.BODY), Declaration.STEALTH, NOON + 2 * MINUTE, False),
        ((Field.HEADLINE,), Declaration.STEALTH, NOON - HOUR, False),
        ((Field.HEADLINE,), Declaration.STEALTH, NOON + 5 * HOUR, False),
    ],
)
def test_a_change_of_the_headline_before_the_test_was_known_was_a_flip(
    fields: tuple[Field, ...], declaration: Declaration, at: datetime, is_one: bool
) -> None:
    assert is_flip(after("ABABAB").memory, fields, declaration, at) is is_one
    assert not is_flip(after("AB").memory, fields, declaration, at)


# -- what is remembered


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("ABCDEFGHIJKLMNOP."), st.integers(0, 40)), min_size=1, max_size=120))
def test_memory_is_bounded_and_survives_the_store(looks: list[tuple[str, int]]) -> None:
    titles, at, last = without_look({}), NOON, ""
    for letter, minutes in looks:
        at += minutes * MINUTE
        titles = look(titles.memory, letter, at, og_title=letter * 900)
        last = last if letter == "." else letter
    for surface, known in titles.memory.items():
        assert len(known.wordings) <= MOST_WORDINGS
        assert len(known.turns) <= MOST_TURNS
        assert known.shown in {wording.text for wording in known.wordings}
        if known.test:
            assert len(known.test.texts) <= MOST_TESTED
        assert surface is not Surface.HEADLINE or known.shown == last
    if titles.memory:
        assert headlines_of(headlines_text(titles.memory)) == titles.memory
        assert len(headlines_text(titles.memory)) < 12_000


def test_the_memory_of_a_quiet_article_is_small() -> None:
    titles = without_look({})
    long = "Harbour bridge closed for weeks after inspectors find cracks in girders"
    for number in range(500):
        titles = after_look(
            titles.memory, content(long, title=long, og_title=long, json_ld=long), NOON + number * 10 * MINUTE
        )
    assert len(headlines_text(titles.memory)) < 300


# -- which surfaces follow an edit


@pytest.mark.parametrize(
    ("surface", "text", "says"),
    [
        (Surface.OG_TITLE, "Mayor denies resigning", Follows.NEW),
        (Surface.TITLE, "Mayor resigns after long night", Follows.FORMER),
        (Surface.JSON_LD, "What we know about the mayor", Follows.OTHER),
        (Surface.SLUG, "mayor resigns after long night", Follows.FORMER),
        (Surface.SLUG, "mayor denies resigning", Follows.NEW),
        (Surface.SLUG, "the night in pictures of town", Follows.OTHER),
        (Surface.FEED, "Mayor resigns after long night", Follows.FORMER),
    ],
)
def test_a_surface_says_the_new_headline_the_former_or_another(surface: Surface, text: str, says: Follows) -> None:
    assert follows(SurfaceText(surface, text), "Mayor resigns after long night", "Mayor denies resigning") is says
