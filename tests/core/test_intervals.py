"""How long an article waits for its next look: the intervals of typical lives, and what holds of all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.capture import Capture, Outcome
from monitor.core.lifecycle import between_looks
from monitor.core.lifecycle.intervals import FRESH_MOST, fresh_for, host_pause
from monitor.core.lifecycle.rates import HostHabits, edits_a_day
from monitor.core.policy import SchedulePolicy

NOON = datetime(2022, 1, 25, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
USUAL = SchedulePolicy()
UNKNOWN, WIRE, REWRITING = HostHabits(), HostHabits(articles=40, edited=0), HostHabits(articles=40, edited=30)

ages = st.timedeltas(timedelta(0), timedelta(days=400))
habits = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda two: HostHabits(max(two), min(two)))


def wait(
    age: timedelta,
    quiet: timedelta | None = None,
    edits: int = 0,
    host: HostHabits = UNKNOWN,
    schedule: SchedulePolicy = USUAL,
) -> timedelta:
    return between_looks(age=age, quiet=age if quiet is None else quiet, edits=edits, habits=host, schedule=schedule)


@pytest.mark.parametrize(
    ("life", "age", "quiet", "edits", "host", "minutes"),
    [
        ("just found", 0 * DAY, 0 * DAY, 0, UNKNOWN, 2),
        ("quiet for an hour", HOUR, HOUR, 0, UNKNOWN, 2.1),
        ("quiet for six hours", 6 * HOUR, 6 * HOUR, 0, UNKNOWN, 9.5),
        ("quiet for a day", DAY, DAY, 0, UNKNOWN, 39),
        ("quiet for two days", 2 * DAY, 2 * DAY, 0, UNKNOWN, 81),
        ("quiet for a week", 7 * DAY, 7 * DAY, 0, UNKNOWN, 5 * 60),
        ("quiet for sixty days", 60 * DAY, 60 * DAY, 0, UNKNOWN, 46 * 60),
        ("edited once, just now", 6 * HOUR, 0 * DAY, 1, UNKNOWN, 2),
        ("edited once, an hour ago", 6 * HOUR, HOUR, 1, UNKNOWN, 2),
        ("edited once, after a day", DAY, 18 * HOUR, 1, UNKNOWN, 13),
        ("edited once, after a week", 7 * DAY, 6.75 * DAY, 1, UNKNOWN, 101),
        ("edited five times in an hour, after a day", DAY, 23 * HOUR, 5, UNKNOWN, 4.4),
        ("edited five times in an hour, after a week", 7 * DAY, 7 * DAY - HOUR, 5, UNKNOWN, 34),
        ("edited after nine days, just now", 9 * DAY, 0 * DAY, 1, UNKNOWN, 2),
        ("edited after nine days, three hours ago", 9 * DAY, 3 * HOUR, 1, UNKNOWN, 28),
        ("edited after nine days, a day ago", 10 * DAY, DAY, 1, UNKNOWN, 146),
        ("just found, of a host that never edits", 0 * DAY, 0 * DAY, 0, WIRE, 3),
        ("quiet for a day, of a host that never edits", DAY, DAY, 0, WIRE, 90),
        ("quiet for a week, of a host that never edits", 7 * DAY, 7 * DAY, 0, WIRE, 639),
        ("quiet for a day, of a host that rewrites", DAY, DAY, 0, REWRITING, 27),
    ],
)
def test_the_interval_of_a_typical_life(
    life: str, age: timedelta, quiet: timedelta, edits: int, host: HostHabits, minutes: float
) -> None:
    assert wait(age, quiet, edits, host) / MINUTE == pytest.approx(minutes, rel=0.03), life


def test_fresh_is_the_mean_over_the_first_quiet_day() -> None:
    age, looks = timedelta(0), 0
    while age < DAY:
        age, looks = age + wait(age), looks + 1

    assert DAY / looks / USUAL.fresh == pytest.approx(1, rel=0.03)


def test_an_article_that_nobody_ever_edits_is_looked_at_less_than_three_hundred_times_until_it_retires() -> None:
    age, looks = timedelta(0), 0
    while age < USUAL.retire_after:
        age, looks = age + wait(age), looks + 1

    assert looks < 300


@given(age=ages, quiet=ages, edits=st.integers(0, 500), host=habits)
def test_no_interval_is_shorter_than_min_or_longer_than_max(
    age: timedelta, quiet: timedelta, edits: int, host: HostHabits
) -> None:
    assert USUAL.min <= wait(age, quiet, edits, host) <= USUAL.max


def test_a_fresh_that_is_shorter_than_min_is_kept() -> None:
    hasty = SchedulePolicy(fresh=timedelta(seconds=1))

    assert wait(timedelta(0), schedule=hasty) == timedelta(seconds=1)


@given(age=ages, more=ages, edits=st.integers(0, 20), host=habits)
def test_the_longer_it_is_quiet_the_longer_it_waits(
    age: timedelta, more: timedelta, edits: int, host: HostHabits
) -> None:
    assert wait(age, age, edits, host) <= wait(age + more, age + more, edits, host)


@given(age=ages, quiet=ages, edits=st.integers(0, 20), host=habits)
def test_one_more_edit_never_makes_it_wait_longer(
    age: timedelta, quiet: timedelta, edits: int, host: HostHabits
) -> None:
    assert wait(age, quiet, edits + 1, host) <= wait(age, quiet, edits, host)


@given(age=ages, quiet=ages, edits=st.integers(0, 20), articles=st.integers(1, 200), share=st.floats(0, 1))
def test_the_more_its_host_edits_the_shorter_it_waits(
    age: timedelta, quiet: timedelta, edits: int, articles: int, share: float
) -> None:
    edited = round(share * articles)
    calmer, busier = HostHabits(articles, max(edited - 1, 0)), HostHabits(articles, edited)

    assert wait(age, quiet, edits, busier) <= wait(age, quiet, edits, calmer)


def test_a_clock_that_was_set_back_gives_the_interval_of_a_new_article() -> None:
    assert wait(-DAY, -DAY) == wait(timedelta(0), timedelta(0))
    assert wait(-DAY, -DAY, 3) == wait(timedelta(0), timedelta(0), 3)


def test_a_host_is_known_by_its_own_articles_the_more_of_them_there_are() -> None:
    shares = [HostHabits(articles, articles).edited_share for articles in (0, 1, 10, 100, 10_000)]

    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.15)
    assert shares[-1] > 0.99


def test_the_rate_fits_the_base_rates() -> None:
    """An article of an unknown host makes, before anything is seen of it, its first day's edits on the first day."""
    step = timedelta(minutes=5)
    ages = [step * place for place in range(DAY // step)]
    expected = sum(edits_a_day(age=age, quiet=age, edits=0) * (step / DAY) for age in ages)

    assert 0.15 < expected < 0.15 * 2.7


# -- after a failure of the host


def failed(outcome: Outcome = Outcome.UNREACHABLE, retry_after: timedelta | None = None) -> Capture:
    return Capture(
        url="https://news.example/1",
        final_url="https://news.example/1",
        outcome=outcome,
        asked_at=NOON,
        captured_at=NOON,
        retry_after=retry_after,
    )


def pause(streak: int, jitter: float = 0.0, **answer: Any) -> timedelta | None:
    until = host_pause(failed(**answer), streak, jitter)
    return until - NOON if until else None


def test_a_host_that_fails_is_left_alone_twice_as_long_each_time_and_half_an_hour_at_the_most() -> None:
    seconds = [pause(streak) for streak in range(1, 8)]
    assert seconds == [timedelta(seconds=s) for s in (30, 60, 120, 240, 480, 900, 900)]
    assert [pause(streak, 1.0) for streak in (1, 9, 99_999)] == [MINUTE, 30 * MINUTE, 30 * MINUTE]


def test_a_host_is_left_alone_for_as_long_as_it_wishes_where_that_is_longer() -> None:
    assert pause(1, outcome=Outcome.THROTTLED, retry_after=3 * HOUR) == 3 * HOUR
    assert pause(6, outcome=Outcome.THROTTLED, retry_after=5 * MINUTE) == 15 * MINUTE


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.SERVER_ERROR, Outcome.MISSING])
def test_any_refusal_that_says_when_to_come_again_is_its_hosts(outcome: Outcome) -> None:
    assert pause(1, outcome=outcome, retry_after=HOUR) == HOUR
    assert pause(1, outcome=outcome) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": "public, s-maxage=900, max-age=120, must-revalidate"}, 120),
        ({"Cache-Control": "s-maxage=900"}, 0),
        ({"Cache-Control": 'max-age="90"'}, 90),
        ({"Cache-Control": "max-age=200", "Age": "150"}, 50),
        ({"Cache-Control": "max-age=200", "Age": "900"}, 0),
        ({"Cache-Control": "max-age=200", "Age": "old"}, 200),
        ({"Cache-Control": "max-age=60, no-cache"}, 0),
        ({"Cache-Control": "no-store, max-age=60"}, 0),
        ({"Cache-Control": "max-age=99999999999999999999"}, FRESH_MOST.total_seconds()),
        ({"Cache-Control": "max-age=-5"}, 0),
        ({"Cache-Control": "max-age=ever"}, 0),
        ({"Cache-Control": "max-age=31536000"}, FRESH_MOST.total_seconds()),
        ({}, 0),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_its_server_says_within_reason(
    headers: dict[str, str], seconds: float
) -> None:
    answer = replace(failed(Outcome.FETCHED), headers=tuple(headers.items()))

    assert fresh_for(answer).total_seconds() == seconds
    assert fresh_for(replace(answer, outcome=Outcome.SERVER_ERROR)) == timedelta(0)


def test_what_is_the_articles_own_fault_is_not_its_hosts() -> None:
    assert pause(3, outcome=Outcome.MISSING) is None
