# ruff: noqa: E501  # a row of a table is a line
"""How publishers' clocks move: between two versions, and against ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Claim, ClaimKind, ClaimSource, ClockMark, Precision
from monitor.core.timestamps import (
    Moves,
    compare_claims,
    could_have_moved,
    disbelieve,
    parse_machine,
    parse_words,
    reconcile,
    watch_clocks,
)
from monitor.core.timestamps.printed import claim_of

JSON_LD, META, VISIBLE, HTTP = ClaimSource.JSON_LD, ClaimSource.META, ClaimSource.VISIBLE, ClaimSource.HTTP
NOON = datetime(2022, 1, 25, 12, tzinfo=UTC)


def updated(raw: str, source: ClaimSource = JSON_LD, *, zone: str | None = None) -> Claim:
    stamp = parse_machine(raw, zone=zone) or parse_words(raw, language="en", zone=zone, captured_at=NOON)
    return claim_of(ClaimKind.UPDATED, stamp, raw, source)


def doubted(claim: Claim, doubt: str) -> Claim:
    return replace(claim, believed=False, doubt=doubt)


def shown_repeat(raw: str, source: ClaimSource = VISIBLE) -> Claim:
    """An update line that repeats the publication, on a page that says nothing later."""
    return replace(updated(raw, source), doubt="same_as_published")


# ------------------------------------------------------------------------------------------------- two versions

EARLY, LATE = updated("2022-01-25T09:28:00Z"), updated("2022-01-25T09:55:00Z")


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        ([], [], Moves()),
        ([EARLY], [LATE], Moves(moved=(JSON_LD,))),
        ([EARLY], [EARLY], Moves(still=(JSON_LD,))),
        ([LATE], [EARLY], Moves(backwards=(JSON_LD,))),
        ([], [LATE], Moves(appeared=(JSON_LD,))),
        ([LATE], [], Moves(vanished=(JSON_LD,))),
        ([updated("09:55 GMT 25.01.2022", VISIBLE)], [updated("12:55 МСК 25.01.2022", VISIBLE)], Moves(still=(VISIBLE,))),
        ([updated("09:55 GMT 25.01.2022", VISIBLE)], [updated("09:56 GMT 25.01.2022", VISIBLE)], Moves(moved=(VISIBLE,))),
        ([updated("2022-01-25T09:55Z")], [updated("2022-01-25T09:55:41Z")], Moves(still=(JSON_LD,))),
        ([updated("2022-01-25T09:55:40Z")], [updated("2022-01-25T09:55:41Z")], Moves(moved=(JSON_LD,))),
        ([updated("25 January 2022", VISIBLE)], [updated("25 January 2022 09:55", VISIBLE)], Moves(still=(VISIBLE,))),
        ([updated("25 January 2022", VISIBLE)], [updated("26 January 2022", VISIBLE)], Moves(moved=(VISIBLE,))),
        ([updated("25 January 2022 09:28", VISIBLE)], [updated("25 January 2022 09:55", VISIBLE)], Moves(moved=(VISIBLE,))),
        ([updated("Updated 9:28pm", VISIBLE)], [updated("Updated 9:45pm", VISIBLE)], Moves(moved=(VISIBLE,))),
        ([updated("Updated 9:28pm", VISIBLE)], [updated("Updated 9:28pm", VISIBLE)], Moves(still=(VISIBLE,))),
        ([EARLY], [updated("2022-01-25T09:55:00Z", META)], Moves(appeared=(META,), vanished=(JSON_LD,))),
        ([EARLY, updated("09:28 GMT 25.01.2022", VISIBLE)], [EARLY, updated("09:55 GMT 25.01.2022", VISIBLE)], Moves(moved=(VISIBLE,), still=(JSON_LD,))),
        ([updated("2022-01-25T09:28:00Z", HTTP)], [updated("2022-01-25T09:55:00Z", HTTP)], Moves()),
        ([doubted(EARLY, "same_as_published")], [LATE], Moves(moved=(JSON_LD,))),
        ([doubted(EARLY, "same_as_published")], [doubted(EARLY, "same_as_published")], Moves()),
        ([shown_repeat("09:28 GMT 25.01.2022")], [updated("09:55 GMT 25.01.2022", VISIBLE)], Moves(moved=(VISIBLE,))),
        ([shown_repeat("09:28 GMT 25.01.2022")], [shown_repeat("09:28 GMT 25.01.2022")], Moves(still=(VISIBLE,))),
        ([], [shown_repeat("09:28 GMT 25.01.2022")], Moves()),
        ([shown_repeat("09:28 GMT 25.01.2022")], [], Moves()),
        ([doubted(EARLY, "dynamic")], [LATE], Moves()),
        ([EARLY], [doubted(LATE, "dynamic")], Moves()),
        ([EARLY], [doubted(LATE, "conflict")], Moves()),
        ([updated("Updated 5 minutes ago", VISIBLE)], [updated("Updated 9 minutes ago", VISIBLE)], Moves()),
        ([updated("Updated 5 minutes ago", VISIBLE)], [updated("09:55 GMT 25.01.2022", VISIBLE)], Moves()),
        ([], [updated("Updated 5 minutes ago", VISIBLE)], Moves()),
        ([], [doubted(LATE, "future")], Moves()),
        ([doubted(LATE, "future")], [LATE], Moves()),
        ([EARLY, LATE], [LATE], Moves(still=(JSON_LD,))),
        ([LATE], [EARLY, LATE], Moves(backwards=(JSON_LD,))),
        ([EARLY], [EARLY, LATE], Moves(moved=(JSON_LD,))),
    ],
)  # fmt: skip
def test_claims_are_compared_source_by_source(old: list[Claim], new: list[Claim], moves: Moves) -> None:
    assert compare_claims(old, new) == moves


def test_the_same_words_are_the_same_stamp_however_their_day_was_found() -> None:
    resolved = parse_words("Updated 9:28am", zone="UTC", captured_at=NOON)
    left_open = parse_words("Updated 9:28am", zone="UTC")
    old, new = (claim_of(ClaimKind.UPDATED, stamp, "Updated 9:28am", VISIBLE) for stamp in (resolved, left_open))

    assert (old.at is None, new.at is None) == (False, True)
    assert compare_claims([old], [new]) == compare_claims([new], [old]) == Moves(still=(VISIBLE,))


def test_publication_times_are_not_compared() -> None:
    old, new = (replace(claim, kind=ClaimKind.PUBLISHED) for claim in (EARLY, LATE))

    assert compare_claims([old], [new]) == Moves()


def test_a_first_edit_moves_the_update_time_that_equalled_the_publication() -> None:
    published = replace(EARLY, kind=ClaimKind.PUBLISHED)

    moves = compare_claims(
        reconcile([published, EARLY], captured_at=NOON), reconcile([published, LATE], captured_at=NOON)
    )

    assert moves == Moves(moved=(JSON_LD,))


# ------------------------------------------------------------------------------------------------- stealth


@pytest.mark.parametrize(
    ("stamp", "not_before", "could"),
    [
        (updated("2022-01-25T09:55:12Z"), "09:55:13", True),
        (updated("2022-01-25T09:55:12Z"), "09:55:12", False),
        (updated("2022-01-25T09:55:00Z"), "09:55:30", False),
        (updated("2022-01-25T09:55:00Z"), "09:56:00", True),
        (updated("09:55 GMT 25.01.2022", VISIBLE), "09:55:59", False),
        (updated("09:55 GMT 25.01.2022", VISIBLE), "09:56:00", True),
        (updated("09:55 GMT 25.01.2022", VISIBLE), "09:54:00", False),
        (updated("2022-01-25T09:55:12+00:00"), "09:55:13", True),
        (updated("2022-01-25T00:00:00Z"), "18:00:00", False),
        (updated("2022-01-24T00:00:00-05:00"), "18:00:00", True),
        (updated("2022-01-25", zone="Europe/Berlin"), "18:00:00", False),
        (updated("2022-01-24", zone="Europe/Berlin"), "10:59:00", False),
        (updated("2022-01-24", zone="Europe/Berlin"), "11:00:00", True),
        (updated("2022-01-24"), "11:59:00", False),
        (updated("2022-01-24"), "12:00:00", True),
        (updated("25 January 2022 09:55", VISIBLE), "20:00:00", False),
        (updated("25 January 2022 09:55", VISIBLE), "21:56:00", True),
        (updated("Updated 9:55", VISIBLE), "23:00:00", False),
        (doubted(updated("2022-01-25T09:55:12Z"), "dynamic"), "11:00:00", False),
        (updated("2022-01-25T09:55:12Z", HTTP), "11:00:00", False),
        (shown_repeat("09:55 GMT 25.01.2022"), "11:00:00", True),
        (shown_repeat("2022-01-25T09:55:12Z", JSON_LD), "11:00:00", False),
        (replace(EARLY, kind=ClaimKind.PUBLISHED), "11:00:00", False),
    ],
)
def test_a_stamp_could_have_moved_when_its_own_unit_had_ended(stamp: Claim, not_before: str, could: bool) -> None:
    start = datetime.fromisoformat(f"2022-01-25T{not_before}+00:00")

    assert could_have_moved([stamp], not_before=start, not_after=start + timedelta(minutes=2)) is could


def test_one_stamp_that_could_have_moved_is_enough() -> None:
    stamps = [updated("25 January 2022", VISIBLE, zone="Europe/London"), updated("2022-01-25T09:55:12Z")]

    assert could_have_moved(stamps, not_before=NOON, not_after=NOON + timedelta(minutes=1))


def test_a_stamp_ahead_of_the_window_makes_the_others_worthless() -> None:
    stamps = [updated("2022-01-25T09:55:12Z"), updated("2022-01-25T12:00:30Z", META)]

    assert not could_have_moved(stamps, not_before=NOON, not_after=NOON + timedelta(minutes=1))


def test_no_stamp_could_have_moved_where_there_is_none() -> None:
    assert not could_have_moved([], not_before=NOON, not_after=NOON)


@given(st.integers(0, 3 * 86400), st.integers(0, 3600), st.sampled_from(["second", "minute", "day"]))
@settings(max_examples=120, deadline=None)
def test_nobody_is_accused_for_an_edit_that_its_stamp_could_hide(after: int, length: int, unit: str) -> None:
    """An edit anywhere in the window, stamped as coarsely as the stamp is, must differ from the stamp."""
    raw = {"second": "2022-01-25T09:55:12Z", "minute": "09:55 GMT 25.01.2022", "day": "25 January 2022"}[unit]
    stamp = updated(raw, zone="Asia/Tokyo")
    assert stamp.at is not None
    assert stamp.precision is not None
    start = stamp.at + timedelta(seconds=after)
    edits = [start, start + timedelta(seconds=length)]
    hidden = any((edit - stamp.at) // stamp.precision.width == 0 for edit in edits)

    accused = could_have_moved([stamp], not_before=start, not_after=edits[-1])

    assert not (accused and hidden)


# ------------------------------------------------------------------------------------------------- watching

Marks = Mapping[str, ClockMark]


def watch(*captures: tuple[str, str, bool], source: ClaimSource = JSON_LD) -> Marks:
    """Captures as (time of capture, what the clock shows, whether the text changed), all of one day."""
    clocks: Marks = {}
    for captured, shown, changed in captures:
        at = datetime.fromisoformat(f"2022-01-25T{captured}+00:00")
        stamp = updated(shown if "T" in shown else f"2022-01-25T{shown}Z", source)
        clocks = watch_clocks(clocks, [stamp], captured_at=at, text_changed=changed)
    return clocks


@pytest.mark.parametrize(
    ("captures", "dynamic"),
    [
        ([("10:00:02", "10:00:01", True)], False),
        ([("10:00:02", "10:00:01", False), ("10:05:02", "10:05:01", False)], True),
        ([("10:00:02", "10:00:01", False), ("10:05:02", "10:05:01", True)], False),
        ([("10:00:00", "09:00:00", False), ("10:05:02", "10:05:01", False)], False),
        ([("10:00:50", "10:00:01", False), ("10:05:02", "10:04:31", False)], True),
        ([("10:00:00", "09:00:00", False), ("10:05:02", "10:05:01", True)], False),
        ([("10:00:00", "09:00:00", False), ("10:05:00", "09:30:00", False)], False),
        ([("10:00:02", "13:00:01", False), ("10:05:02", "13:05:01", False)], True),
        ([("10:00:02", "09:55:00", False), ("10:30:02", "10:20:00", True)], False),
        ([("10:00:30", "2022-01-25T10:00Z", False), ("10:05:40", "2022-01-25T10:05Z", False)], True),
        ([("10:00:00", "09:55:00", False), ("10:05:00", "09:55:00", False)], False),
        ([("10:00:00", "2022-01-25T18:00", False), ("10:05:10", "2022-01-25T18:05", False)], True),
        # behind a cache: fresh at every fetch, and on the move, but never in step
        ([("10:00:00", "09:57:00", False), ("10:10:00", "10:04:00", False)], False),
        ([("10:00:00", "09:57:00", False), ("10:10:00", "10:04:00", False), ("10:20:00", "10:18:00", False)], True),
        (
            [
                ("10:00:00", "09:57:00", False),
                ("10:10:00", "10:04:00", False),
                ("10:15:00", "10:04:00", False),
                ("10:20:00", "10:18:00", False),
            ],
            True,
        ),
        ([("10:00:00", "09:57:00", False), ("10:10:00", "10:04:00", False), ("10:20:00", "10:18:00", True)], False),
        ([("10:00:00", "09:57:00", False), ("10:10:00", "10:04:00", True), ("10:20:00", "10:18:00", False)], False),
        ([("10:00:00", "09:57:00", False), ("10:30:00", "10:04:00", False), ("10:50:00", "10:48:00", False)], False),
        (
            [
                ("10:00:00", "09:57:00", False),
                ("10:10:00", "10:04:00", False),
                ("10:40:00", "10:04:00", False),
                ("10:50:00", "10:48:00", False),
            ],
            False,
        ),
    ],
)
def test_a_clock_that_follows_ours_is_dynamic(captures: list[tuple[str, str, bool]], dynamic: bool) -> None:
    assert watch(*captures)["updated:json-ld"].dynamic is dynamic


FOLLOWED = [("10:00:02", "10:00:01", False), ("10:05:02", "10:05:01", False)]


@pytest.mark.parametrize(
    ("later", "dynamic"),
    [
        ([("10:10:02", "10:05:01", False)], True),
        ([("10:20:02", "10:05:01", False)], True),
        ([("10:20:04", "10:05:01", False)], False),
        ([("10:10:02", "10:05:01", False), ("10:20:04", "10:05:01", False)], False),
        ([("10:10:02", "10:05:01", False), ("10:15:02", "10:15:01", True)], True),
        ([("10:50:02", "10:20:00", True)], True),
    ],
)
def test_a_dynamic_clock_is_believed_again_when_it_has_stood_still_for_long(
    later: list[tuple[str, str, bool]], dynamic: bool
) -> None:
    assert watch(*FOLLOWED, *later)["updated:json-ld"].dynamic is dynamic


def test_a_page_dated_today_whenever_it_is_fetched_has_a_dynamic_clock() -> None:
    clocks: Marks = {}
    for day in (25, 26):
        stamp = updated(f"{day} January 2022", VISIBLE, zone="Europe/London")
        at = datetime(2022, 1, day, 12, tzinfo=UTC)
        clocks = watch_clocks(clocks, [stamp], captured_at=at, text_changed=False)

    assert clocks["updated:visible"].dynamic


def test_a_silent_source_keeps_its_mark_and_transport_gets_none() -> None:
    clocks = watch(*FOLLOWED)

    later = watch_clocks(clocks, [updated("2022-01-25T10:00:00Z", HTTP)], captured_at=NOON, text_changed=False)

    assert later == clocks


def test_a_capture_that_is_not_later_changes_no_mark() -> None:
    clocks = watch(*FOLLOWED)
    before = datetime(2022, 1, 25, 10, 1, tzinfo=UTC)

    assert watch_clocks(clocks, [LATE], captured_at=before, text_changed=False) == clocks


def test_claims_of_a_dynamic_clock_are_disbelieved_and_no_others() -> None:
    published = replace(EARLY, kind=ClaimKind.PUBLISHED)
    visible = updated("09:55 GMT 25.01.2022", VISIBLE)

    claims = disbelieve([published, LATE, visible], watch(*FOLLOWED))

    assert claims == (published, replace(doubted(LATE, "dynamic"), confidence=0.0), visible)


def test_relative_words_stay_relative_beside_a_dynamic_clock() -> None:
    words = updated("Updated 5 minutes ago")

    assert disbelieve([words], watch(*FOLLOWED)) == (words,)


def test_precision_is_kept_by_the_helper_of_these_tests() -> None:
    assert (updated("09:55 GMT 25.01.2022").precision, LATE.precision) == (Precision.MINUTE, Precision.SECOND)
