"""A history as a picture: where things stand, and what is left out where there is no room."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.article import Declaration, Stage
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import AlertEvent
from monitor.render.timeline import DENSE, Timeline, stages, timeline
from monitor.store import EventRow, HistoryRow
from tests.render.paging import MINUTE, NOON, row

DAY = timedelta(days=1)


def drawn(rows: Sequence[HistoryRow], events: Sequence[EventRow] = (), *, until: datetime | None = None) -> Timeline:
    return timeline(rows, events, until or rows[-1].version.last_seen_at, UTC)


def event(kind: AlertEvent, at: datetime) -> EventRow:
    return EventRow(id=1, article_id=1, url="u", event=kind, not_before=at - MINUTE, not_after=at, detail="")


def life(rows: Sequence[HistoryRow], events: Sequence[EventRow] = ()) -> list[str]:
    return [stage.value for stage, _, _ in stages(rows, events, NOON + 90 * DAY)]


def test_later_stands_further_to_the_right() -> None:
    marks = drawn([row(n) for n in range(1, 8)]).versions

    assert [mark.at for mark in marks] == sorted({mark.at for mark in marks})
    assert [mark.label for mark in marks] == ["1", "2", "3", "4", "5", "6", "7"]


def test_a_long_quiet_stretch_is_drawn_short_and_still_longer_than_a_short_one() -> None:
    third = replace(row(3).version, first_seen_at=NOON + 30 * DAY, last_seen_at=NOON + 30 * DAY)
    one, two, three = drawn([row(1), row(2), HistoryRow(version=third, change=None)]).versions

    assert 1 < (three.at - two.at) / (two.at - one.at) < 5


def test_a_version_is_marked_by_what_its_change_declares() -> None:
    rows = [row(1), row(2, Declaration.STEALTH), row(3, None), row(4, state=ChangeState.WITHDRAWN)]

    assert [mark.kind for mark in drawn(rows).versions] == ["first", "stealth", "unmarked", "withdrawn"]


def test_the_window_lies_between_the_last_sight_of_the_old_and_the_first_of_the_new() -> None:
    picture = drawn([row(1), row(2, Declaration.STEALTH)])
    (window,), (old, new) = picture.windows, picture.sights

    assert window.start == pytest.approx(old.start + old.width, abs=0.02)
    assert window.start + window.width == pytest.approx(new.start, abs=0.02)


def test_a_time_of_the_publisher_stands_once_where_it_says_and_leads_to_who_first_said_it() -> None:
    published, updated = NOON - timedelta(hours=1), NOON + 8 * MINUTE
    rows = [row(1, published=published), row(2, published=published, updated=updated), row(3, updated=updated)]
    picture = drawn(rows)

    assert [(stamp.kind, stamp.shown_at) for stamp in picture.stamps] == [
        ("published", picture.versions[0].at),
        ("updated", picture.versions[1].at),
    ]
    assert picture.stamps[0].at < picture.versions[0].at < picture.stamps[1].at < picture.versions[1].at
    assert picture.stated == {"published", "updated"}


@pytest.mark.parametrize(
    ("rows", "events", "expected"),
    [
        ([row(1, live=True), row(2, live=True), row(3)], [], ["live", "cooling"]),
        ([row(1)], [(AlertEvent.SETTLED, 3)], ["cooling", "settled"]),
        ([row(1)], [(AlertEvent.SETTLED, 3), (AlertEvent.REOPENED, 9)], ["cooling", "settled", "cooling"]),
        ([row(1, live=True)], [(AlertEvent.GONE, 1), (AlertEvent.RESTORED, 2)], ["live", "gone", "live"]),
        ([row(1)], [(AlertEvent.FAILING, 1), (AlertEvent.RECOVERED, 2), (AlertEvent.CHANGED, 3)], ["cooling"]),
        # One that begins with the last sight is the one it is in now.
        ([row(1, live=True)], [(AlertEvent.GONE, 90)], ["live", "gone"]),
        # What was withdrawn took no mark off.
        ([row(1, live=True), row(2, state=ChangeState.WITHDRAWN), row(3, live=True)], [], ["live"]),
    ],
)
def test_the_stages_follow_the_live_marker_and_the_events(
    rows: list[HistoryRow], events: list[tuple[AlertEvent, int]], expected: list[str]
) -> None:
    assert life(rows, [event(kind, NOON + days * DAY) for kind, days in events]) == expected


def test_stages_leave_no_gap_and_reach_to_the_end() -> None:
    stretches = stages([row(1, live=True), row(2)], [event(AlertEvent.SETTLED, NOON + 4 * DAY)], NOON + 9 * DAY)

    assert [start for _, start, _ in stretches[1:]] == [end for _, _, end in stretches[:-1]]
    assert (stretches[0][1], stretches[-1][2]) == (NOON, NOON + 9 * DAY)


def test_a_single_sight_is_a_picture_too() -> None:
    once = HistoryRow(version=replace(row(1).version, last_seen_at=NOON), change=None)
    picture = drawn([once])

    assert [bar.kind for bar in picture.stages] == [Stage.COOLING]
    assert picture.stages[0].width > 0
    assert [tick.label for tick in picture.ticks] == ["25 Jan 12:00"]


def test_times_on_the_axis_are_in_the_zone_that_was_asked_for() -> None:
    ticks = timeline([row(1)], [], NOON + DAY, ZoneInfo("Asia/Tokyo")).ticks

    assert [tick.label for tick in ticks] == ["25 Jan 21:00", "26 Jan 21:00"]


def test_a_short_history_tells_the_seconds() -> None:
    first, second = row(1).version, replace(row(2).version, first_seen_at=NOON + timedelta(seconds=20))
    rows = [HistoryRow(version=head, change=None) for head in (first, replace(second, last_seen_at=NOON + MINUTE))]

    assert drawn(rows).ticks[-1].label == "12:01:00"


def test_the_day_is_named_once_a_day() -> None:
    labels = [tick.label for tick in drawn([row(1), row(2), row(3)]).ticks]

    assert labels[0] == "25 Jan 12:00"
    assert all(":" in label and " " not in label for label in labels[1:])


@example(gaps=[60] * 80)
@given(gaps=st.lists(st.integers(0, 400_000), min_size=1, max_size=80))
def test_nothing_leaves_the_picture_and_no_label_meets_the_next(gaps: list[int]) -> None:
    rows, at = [], NOON
    for number, gap in enumerate(gaps, start=1):
        at += timedelta(seconds=gap)
        head = replace(row(1).version, number=number, first_seen_at=at, last_seen_at=at)
        rows.append(HistoryRow(version=head, change=None))
    picture = drawn(rows)

    bars = [*picture.stages, *picture.sights, *picture.windows]
    assert all(bar.start >= 0 and bar.start + bar.width <= 100 for bar in bars)
    assert all(0 <= mark.at <= 100 for mark in (*picture.versions, *picture.ticks))
    for wide in (False, True):
        shown = [m.at for m in picture.versions if m.label and (wide or not m.roomy)]
        assert all(after - before >= (2.6 if wide else 6.5) for before, after in pairwise(shown))
    assert picture.dense is (len(rows) >= DENSE)


def test_a_pause_is_a_stage_and_after_it_goes_on_what_was_before() -> None:
    paused = [
        event(AlertEvent.SETTLED, NOON + 2 * DAY),
        event(AlertEvent.PAUSED, NOON + 3 * DAY),
        event(AlertEvent.RESUMED, NOON + 5 * DAY),
        event(AlertEvent.RETIRED, NOON + 70 * DAY),
    ]

    assert life([row(1)], paused) == ["cooling", "settled", "paused", "settled", "retired"]
