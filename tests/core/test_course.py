"""Where the watch of an article goes: its stages, what is told of them, where and when it is asked for next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.article import Stage
from monitor.core.capture import Hop, Outcome
from monitor.core.lifecycle import address_to_ask, should_ask_conditionally
from monitor.core.lifecycle.rates import HostHabits
from monitor.core.policy import Policy, SchedulePolicy
from tests.core.test_lifecycle import EDITED, oddment, plain
from tests.fakes import BODY, NOON, Watch, capture, reading, watched

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# -- stages


def test_the_live_marker_makes_an_article_live_and_its_end_cools_it() -> None:
    watch = watched((0 * SECOND, plain(marker="Being updated")))
    assert watch.stage.value == "live"
    assert watch.article.interval == 2 * MINUTE

    watch.sees(12 * HOUR, plain())

    assert watch.stage.value == "cooling"
    assert watch.article.interval
    assert watch.article.interval > 10 * MINUTE
    assert [tuple(d.version.change.fields) for d, _ in watch.changes.values() if d.version and d.version.change] == [
        ("live",)
    ]


def test_a_quiet_article_settles_and_an_edit_reopens_it() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.sees(25 * HOUR, plain())
    assert watch.stage.value == "settled"

    watch.sees(9 * DAY, plain(*EDITED, stamp="12:05"))

    assert watch.stage.value == "cooling"
    events = [h.event for d in watch.decisions for h in d.happenings]
    assert events == ["found", "settled", "reopened"]


def test_the_marker_that_goes_is_told_with_its_window() -> None:
    live = plain(marker="Being updated")
    watch = watched((0 * SECOND, live), (2 * MINUTE, live), (4 * MINUTE, plain()), (6 * MINUTE, plain()))

    [cooling] = [h for d in watch.decisions for h in d.happenings if h.event == "cooling"]
    assert (cooling.not_before, cooling.not_after) == (NOON + 2 * MINUTE, NOON + 4 * MINUTE)


def test_an_article_that_is_quiet_for_long_enough_retires_once() -> None:
    watch = watched((0 * SECOND, plain()))
    for days in (2, 30, 61, 62):
        watch.sees(days * DAY, plain())

    assert [h.event for d in watch.decisions for h in d.happenings] == ["found", "settled", "retired"]
    assert watch.article.next_check_at is None


def test_an_outage_before_it_does_not_make_a_missing_article_gone_sooner() -> None:
    watch = watched((0 * SECOND, plain()))
    for hours in (1, 20, 30):
        watch.meets(hours * HOUR, Outcome.UNREACHABLE)
    for minutes in (0, 5, 10):
        watch.meets(31 * HOUR + minutes * MINUTE, Outcome.MISSING, 404)
    assert watch.stage.value != "gone"

    watch.meets(40 * HOUR, Outcome.BROKEN)
    watch.meets(56 * HOUR, Outcome.MISSING, 404)
    assert watch.stage.value == "gone"


def test_a_missing_article_is_gone_only_when_seen_missing_for_long_and_comes_back() -> None:
    watch = watched((0 * SECOND, plain()))
    for hours in (1, 9, 17):
        watch.meets(hours * HOUR, Outcome.MISSING, 404)
        assert watch.stage.value != "gone"
    watch.meets(26 * HOUR, Outcome.MISSING, 404)
    assert watch.stage.value == "gone"
    watch.sees(30 * HOUR, plain())

    assert watch.alerts == ["gone", "restored"]
    assert watch.stage.value != "gone"


def test_two_answers_of_410_an_hour_apart_are_enough() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.meets(HOUR, Outcome.GONE, 410)
    watch.meets(2 * HOUR, Outcome.GONE, 410)

    assert watch.stage.value == "gone"


def test_failures_of_different_kinds_are_one_failing_and_one_recovery() -> None:
    watch = watched((0 * SECOND, plain()))
    for number, outcome in enumerate((Outcome.MISSING, *[Outcome.UNREACHABLE] * 7, Outcome.MISSING, Outcome.BROKEN)):
        watch.meets((1 + number) * HOUR, outcome)
    watch.sees(20 * HOUR, plain())

    assert watch.alerts == ["failing", "recovered"]


def test_a_clock_that_is_set_back_does_not_make_an_article_fail_twice() -> None:
    watch = watched((0 * SECOND, plain()))
    for minutes in (60, 80, 100, 120, 140, 90, 110):
        watch.meets(minutes * MINUTE, Outcome.UNREACHABLE)
    watch.sees(3 * HOUR, plain())

    assert watch.alerts == ["failing", "recovered"]


def test_an_article_that_failed_before_it_was_ever_read_recovers_when_it_is_found() -> None:
    watch = Watch()
    for number in range(7):
        watch.meets(number * HOUR, Outcome.UNREACHABLE)
    watch.sees(8 * HOUR, plain())

    assert watch.alerts == ["failing", "recovered"]
    assert [event.event for event in watch.decisions[-1].happenings] == ["recovered", "found"]


def test_a_candidate_of_a_source_is_missed_by_nobody() -> None:
    watch = Watch(only_live=True)
    watch.article = watch.article.but(candidate=True)
    for number in range(7):
        watch.meets(number * HOUR, Outcome.UNREACHABLE)
    watch.sees(8 * HOUR, plain(marker="Being updated"))

    assert [event.event for decision in watch.decisions for event in decision.happenings] == ["found", "live"]


def test_a_paused_article_that_is_looked_at_by_hand_recovers_too() -> None:
    watch = watched((0 * SECOND, plain()))
    for number in range(7):
        watch.meets((1 + number) * HOUR, Outcome.UNREACHABLE)
    watch.article = watch.article.but(stage=Stage.PAUSED, next_check_at=None)
    watch.sees(9 * HOUR, plain(*EDITED, stamp="20:59"))

    assert watch.alerts == ["failing", "announced: 1 -> 2", "recovered"]


def test_an_article_that_is_gone_is_not_called_failing_too() -> None:
    watch = watched((0 * SECOND, plain()))
    for number, outcome in enumerate((*[Outcome.GONE] * 3, *[Outcome.UNREACHABLE] * 7, Outcome.GONE, Outcome.BROKEN)):
        watch.meets((1 + number) * HOUR, outcome, 410)
    watch.sees(20 * HOUR, plain())

    assert watch.alerts == ["gone", "restored"]


def test_a_live_article_that_is_missing_once_is_looked_at_again_soon() -> None:
    watch = watched((0 * SECOND, plain(marker="Being updated")))

    watch.meets(2 * MINUTE, Outcome.MISSING, 404)

    assert watch.article.next_check_at == NOON + 2 * MINUTE + 90 * SECOND


def test_an_article_that_is_only_missing_is_called_gone_after_a_day_and_never_failing() -> None:
    watch, after = watched((0 * SECOND, plain(marker="Being updated"))), HOUR
    while watch.stage is not Stage.GONE:
        watch.meets(after, Outcome.MISSING, 404)
        assert watch.article.next_check_at
        after = watch.article.next_check_at - NOON

    assert watch.alerts == ["gone"]
    assert 25 * HOUR <= watch.decisions[-1].at - NOON <= 34 * HOUR
    assert len(watch.decisions) < 20


def test_an_article_that_had_settled_before_it_went_does_not_settle_again_when_it_is_back() -> None:
    watch = watched((0 * SECOND, plain()), (25 * HOUR, plain()))
    watch.meets(30 * HOUR, Outcome.GONE, 410)
    watch.meets(32 * HOUR, Outcome.GONE, 410)

    watch.sees(50 * HOUR, plain())

    assert [h.event for d in watch.decisions for h in d.happenings] == ["found", "settled", "gone", "restored"]
    assert watch.stage is Stage.SETTLED


def test_an_article_that_went_in_its_first_hours_settles_when_it_is_back() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.meets(HOUR, Outcome.GONE, 410)
    watch.meets(3 * HOUR, Outcome.GONE, 410)

    watch.sees(50 * HOUR, plain())

    assert [h.event for d in watch.decisions for h in d.happenings] == ["found", "gone", "restored", "settled"]


@pytest.mark.parametrize(
    ("statuses", "known_for", "told"),
    [
        ((301,), 24 * HOUR, ["moved"]),
        ((308, 301), 24 * HOUR, ["moved"]),
        ((302,), 24 * HOUR, []),
        ((301, 302), 24 * HOUR, []),
        ((301,), 22 * HOUR, []),
        ((301,), None, []),
    ],
)
def test_an_article_has_moved_when_it_has_been_sent_on_for_good_for_a_day(
    statuses: tuple[int, ...], known_for: timedelta | None, told: list[str]
) -> None:
    watch = watched((0 * SECOND, plain()))
    watch.aliases = {MOVED: NOON + HOUR - known_for} if known_for else {}

    assert sent_on(watch, HOUR, *statuses) == told
    assert watch.article.moved_to == (MOVED if told else None)
    assert sent_on(watch, 2 * HOUR, *statuses) == [], "once"


MOVED = "https://news.example/moved"


def sent_on(watch: Watch, after: timedelta, *statuses: int) -> list[str]:
    """What is told of a visit that such redirects lead to another address."""
    hops = tuple(Hop(f"https://news.example/{number}", status) for number, status in enumerate(statuses))
    body, at = plain(), watch.start + after
    answer = replace(capture(at, body=body), final_url=MOVED, hops=hops)
    return [happening.event for happening in watch.visits(answer, reading(body, at=at)).happenings]


def test_a_moved_article_is_asked_for_where_it_is_and_by_turns_where_it_was() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.aliases = {MOVED: NOON - DAY}
    sent_on(watch, HOUR, 301)
    asked = [address_to_ask(watch.article)]
    for tries in range(3):
        watch.meets((2 + tries) * HOUR, Outcome.MISSING, 404)
        asked.append(address_to_ask(watch.article))

    assert asked == [MOVED, watch.article.url, MOVED, watch.article.url]
    watch.sees(6 * HOUR, plain())
    assert address_to_ask(watch.article) == watch.article.url, "it is back where it was"


def test_what_has_moved_to_another_host_is_asked_for_where_it_was() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.article = watch.article.but(moved_to="https://archive.example/story")

    assert address_to_ask(watch.article) == watch.article.url


def test_an_article_that_was_first_found_behind_a_redirect_has_not_moved() -> None:
    watch, body = Watch(), plain()
    sent_on = replace(capture(NOON, body=body), final_url="https://news.example/b", hops=(Hop("x", 301),))

    [found] = watch.visits(sent_on, reading(body, at=NOON)).happenings
    assert found.event == "found"


def test_a_candidate_without_a_live_marker_is_not_watched_until_it_has_one() -> None:
    watch = Watch(only_live=True)
    watch.article = watch.article.but(candidate=True)
    watch.sees(0 * SECOND, plain())
    assert (watch.article.candidate, watch.article.version_count) == (True, 0)

    watch.sees(HOUR, plain(marker="Being updated"))

    assert (watch.article.candidate, watch.article.version_count, watch.stage) == (False, 1, Stage.LIVE)


def test_a_paused_article_that_is_checked_by_hand_stays_paused() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.article = watch.article.but(stage=Stage.PAUSED, next_check_at=None)

    watch.sees(HOUR, plain(*EDITED, stamp="12:59"))

    assert watch.article.version_count == 2
    assert (watch.stage, watch.article.next_check_at) == (Stage.PAUSED, None)


# -- intervals


def test_an_edit_is_followed_closely_for_a_while() -> None:
    watch = watched((0 * SECOND, plain()), (11 * HOUR, plain()))
    assert watch.article.interval
    assert watch.article.interval > 10 * MINUTE

    watch.sees(11 * HOUR, plain(*EDITED, stamp="12:01"))
    assert watch.article.interval == 2 * MINUTE

    watch.sees(20 * HOUR, plain(*EDITED, stamp="12:01"))
    assert watch.article.interval > 5 * MINUTE


def test_an_article_that_is_stamped_anew_at_every_fetch_is_looked_at_as_one_that_is_never_edited() -> None:
    watch, quiet = watched((0 * SECOND, plain())), watched((0 * SECOND, plain()))
    for hours in range(1, 12):
        watch.sees(hours * HOUR, plain(stamp=f"{10 + hours}:00"))
        quiet.sees(hours * HOUR, plain())

    assert watch.article.version_count > 1
    assert watch.article.interval == quiet.article.interval


def test_what_differs_at_every_fetch_is_looked_at_as_one_that_is_never_edited() -> None:
    watch, quiet = watched((0 * SECOND, plain(*BODY, oddment(0)))), watched((0 * SECOND, plain()))
    for number in range(1, 9):
        watch.sees(number * HOUR, plain(*BODY, oddment(2 * number)))
        watch.sees(number * HOUR + 30 * SECOND, plain(*BODY, oddment(2 * number + 1)))
        quiet.sees(number * HOUR + 30 * SECOND, plain())

    assert set(watch.states) == {"withdrawn"}
    assert watch.article.interval == quiet.article.interval


def test_an_edit_that_is_taken_back_is_none() -> None:
    watch = watched((0 * SECOND, plain()), (12 * HOUR, plain(*EDITED)), (12 * HOUR + 30 * SECOND, plain()))

    assert watch.states == ["withdrawn"]
    assert watch.article.interval
    assert watch.article.interval > 10 * MINUTE


def test_what_the_host_is_known_for_counts() -> None:
    calm, busy = watched((0 * SECOND, plain())), watched((0 * SECOND, plain()))
    calm.habits, busy.habits = HostHabits(articles=40, edited=0), HostHabits(articles=40, edited=30)
    for watch in (calm, busy):
        watch.sees(12 * HOUR, plain())

    assert calm.article.interval
    assert busy.article.interval
    assert calm.article.interval > 3 * busy.article.interval


def test_an_interval_of_its_own_is_kept_whatever_happens() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.article = watch.article.but(every=HOUR)
    for hours in range(1, 4):
        watch.sees(hours * HOUR, plain(BODY[0] + f" Boat {hours}.", *BODY[1:], stamp=f"12:0{hours}"))

    assert watch.article.interval == HOUR


def test_an_old_quiet_article_is_retired() -> None:
    watch = watched((0 * SECOND, plain()))
    watch.sees(25 * HOUR, plain())
    watch.sees(61 * DAY, plain())

    assert watch.stage.value == "retired"
    assert watch.article.next_check_at is None


def in_vain(watch: Watch, after: timedelta, body: bytes) -> None:
    """A visit that asked with validators, and got the whole page."""
    at = watch.start + after
    watch.visits(replace(capture(at, body=body), conditional=True), reading(body, at=at))


def test_validators_that_are_of_no_use_are_left_out_until_the_page_changes() -> None:
    watch = watched((0 * SECOND, plain()))
    for times in range(20):
        assert should_ask_conditionally(watch.article)
        in_vain(watch, (times + 1) * HOUR, plain())
    assert not should_ask_conditionally(watch.article)
    watch.sees(30 * HOUR, plain())
    assert not should_ask_conditionally(watch.article)

    watch.sees(31 * HOUR, plain(*EDITED, stamp="18:59"))

    assert should_ask_conditionally(watch.article)


def test_validators_that_were_of_use_once_are_sent_on() -> None:
    watch = watched((0 * SECOND, plain()))
    for times in range(19):
        in_vain(watch, (times + 1) * HOUR, plain())
    watch.meets(20 * HOUR, Outcome.NOT_MODIFIED, 304)
    in_vain(watch, 21 * HOUR, plain())

    assert should_ask_conditionally(watch.article)


def test_an_article_is_asked_for_no_sooner_than_its_page_is_stale() -> None:
    def sees(marker: str | None = None, every: timedelta | None = None) -> timedelta:
        watch = Watch(policy=Policy(schedule=SchedulePolicy(fresh=MINUTE, min=MINUTE)))
        watch.article = watch.article.but(every=every)
        body = plain(marker=marker) if marker else plain()
        answer = replace(capture(NOON, body=body), headers=(("Cache-Control", "max-age=240"),))
        watch.visits(answer, reading(body, at=NOON))
        assert watch.article.next_check_at
        return watch.article.next_check_at - NOON

    assert sees() == 4 * MINUTE
    assert sees("Being updated") == 2 * MINUTE, "a live article is: its page is stale whatever its server says"
    assert sees(every=MINUTE) == MINUTE, "and so is one whose interval somebody has set"


def test_a_304_is_believed_ten_times_and_then_checked() -> None:
    watch = watched((0 * SECOND, plain()))
    for times in range(10):
        assert should_ask_conditionally(watch.article)
        watch.meets((times + 1) * HOUR, Outcome.NOT_MODIFIED, 304)

    assert not should_ask_conditionally(watch.article)
