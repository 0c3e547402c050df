"""What a visit means: kept, held, told, withdrawn; and pages that are not the article."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core import diff as differ
from monitor.core.capture import Outcome
from tests.fakes import BODY, NOON, capture, page, reading, watched

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STAMP = "09:00 GMT 25.01.2022 (Updated: {} GMT 25.01.2022)"
EDITED = (BODY[0].replace("12 people", "17 people"), *BODY[1:])
TWICE = (BODY[0].replace("12 people", "19 people"), *BODY[1:])


def plain(*paragraphs: str, stamp: str = "11:30", **more: str) -> bytes:
    return page(*paragraphs, dates=STAMP.format(stamp), **more)


# -- held, told, withdrawn


def test_an_announced_change_is_told_at_once() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED, stamp="12:01")))

    assert watch.states == ["confirmed"]
    assert watch.alerts == ["announced: 1 -> 2"]


def test_an_unannounced_change_is_held_until_a_second_fetch_shows_it_again() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)))
    assert (watch.states, watch.alerts) == (["provisional"], [])
    assert watch.article.next_check_at == NOON + MINUTE + 30 * SECOND

    watch.sees(MINUTE + 30 * SECOND, plain(*EDITED))

    assert (watch.states, watch.alerts) == (["confirmed"], ["stealth: 1 -> 2"])
    assert watch.article.hold is None


def test_an_unmodified_page_confirms_a_held_change() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)))

    watch.meets(2 * MINUTE, Outcome.NOT_MODIFIED, 304)

    assert (watch.states, watch.alerts) == (["confirmed"], ["stealth: 1 -> 2"])


def test_a_change_that_goes_back_is_withdrawn_and_nobody_is_told() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)), (90 * SECOND, plain()))

    assert (watch.states, watch.alerts) == (["withdrawn"], [])
    assert watch.article.current_version_id == 1
    assert len(watch.versions) == 2


def test_an_edit_after_a_withdrawn_one_is_compared_with_what_stands() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)), (90 * SECOND, plain()))

    decision = watch.sees(10 * MINUTE, plain(*TWICE, stamp="12:09"))

    assert decision.version
    assert decision.version.change
    assert decision.version.change.from_version_id == 1
    assert watch.alerts == ["announced: 1 -> 3"]


def test_a_wording_that_is_changed_again_is_held_once_more_and_told_when_it_stands() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)), (90 * SECOND, plain(*TWICE)))
    assert (watch.states, watch.alerts) == (["withdrawn", "provisional"], [])

    watch.sees(2 * MINUTE, plain(*TWICE))

    assert watch.states == ["withdrawn", "confirmed"]
    assert watch.alerts == ["stealth: 1 -> 3"]


def test_an_edit_that_stands_is_told_without_the_block_that_rotates_beside_it() -> None:
    watch = watched((0 * SECOND, plain(*BODY, oddment(0))))
    watch.sees(MINUTE, plain(*EDITED, oddment(1)))
    watch.sees(90 * SECOND, plain(*EDITED, oddment(2)))

    assert watch.alerts == ["stealth: 1 -> 2"]
    [edit] = differ.changed(watch.told[0])
    assert "17 people" in edit.new
    assert watch.states == ["confirmed", "provisional"]

    watch.sees(2 * MINUTE, plain(*EDITED, oddment(3)))
    assert watch.states == ["confirmed", "withdrawn", "withdrawn"]
    assert watch.article.current_version_id == 2
    assert len(watch.alerts) == 1


def test_a_second_edit_that_comes_with_the_second_look_is_told_by_the_third() -> None:
    longer = (*EDITED, "The first boat is to sail on Friday at eight, the harbour master added later.")
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)), (90 * SECOND, plain(*longer)))
    assert watch.alerts == ["stealth: 1 -> 2"]

    watch.sees(2 * MINUTE, plain(*longer))

    assert watch.alerts == ["stealth: 1 -> 2", "stealth: 2 -> 3"]


def test_what_differs_at_every_fetch_is_never_told_and_not_looked_at_for_ever() -> None:
    watch = watched((0 * SECOND, plain(*BODY, oddment(0))))
    for number in range(1, 9):
        watch.sees(number * MINUTE, plain(*BODY, oddment(number)))

    assert watch.alerts == []
    assert set(watch.states) == {"withdrawn"}
    assert watch.article.current_version_id == 1
    assert watch.article.hold is None
    assert len(watch.versions) == 9, "nothing that was seen is lost"


def test_an_edit_that_came_between_two_rotations_is_not_taken_for_the_page_that_was() -> None:
    """What is set aside leaves nothing behind by which the next page could pass for unchanged."""
    watch = watched((0 * SECOND, plain(*BODY, oddment(0))))
    watch.sees(MINUTE, plain(*BODY, oddment(1)))
    watch.sees(90 * SECOND, plain(*BODY, oddment(2)))

    assert (watch.article.body_sha256, watch.article.page_digest, bool(watch.article.validators)) == (None, None, False)


def oddment(number: int) -> str:
    texts = (
        "A lighthouse museum reopens next week with a show of old lamps, lenses and the letters of its keepers.",
        "Twelve recipes for the last apples of the year, from our readers on the western islands and beyond.",
        "Why the price of rope has doubled since spring, and what that means for the small boats of the coast.",
    )
    return f"{texts[number % 3]} Part {number}."


def test_a_change_is_told_unconfirmed_after_three_failed_looks() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)))
    for tries in range(1, 4):
        assert watch.alerts == []
        watch.meets(MINUTE + tries * 30 * SECOND, Outcome.UNREACHABLE)

    assert (watch.states, watch.alerts) == (["unconfirmed"], ["stealth: 1 -> 2"])
    assert watch.article.hold is None


def test_a_change_is_told_unconfirmed_after_ten_minutes() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)))

    watch.meets(12 * MINUTE, Outcome.SERVER_ERROR, 500)

    assert (watch.states, watch.alerts) == (["unconfirmed"], ["stealth: 1 -> 2"])


def test_a_stamp_that_follows_confirms_the_held_change() -> None:
    watch = watched((0 * SECOND, plain()), (MINUTE, plain(*EDITED)), (90 * SECOND, plain(*EDITED, stamp="12:01")))

    assert watch.states == ["confirmed", "confirmed"]
    assert watch.alerts == ["stealth: 1 -> 2"]
    assert watch.late == {1: 30 * SECOND}


def test_a_return_to_an_earlier_text_is_a_new_version() -> None:
    watch = watched(
        (0 * SECOND, plain()), (MINUTE, plain(*EDITED, stamp="12:01")), (HOUR, plain(stamp="12:59"))
    )  # fmt: skip

    assert watch.article.version_count == 3
    assert watch.alerts == ["announced: 1 -> 2", "announced: 2 -> 3"]


def test_quotation_marks_and_dashes_make_a_version_that_is_not_told() -> None:
    straight = ('The mayor said "we will rebuild" - and left.', *BODY)
    curly = ("The mayor said “we will rebuild” – and left.", *BODY)
    watch = watched((0 * SECOND, plain(*straight)), (MINUTE, plain(*curly)))

    assert watch.article.version_count == 2
    assert watch.alerts == []
    assert watch.article.hold is None


# -- pages that are not the article


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.BLOCKED, 403),
        (Outcome.THROTTLED, 429),
        (Outcome.SERVER_ERROR, 500),
        (Outcome.UNREACHABLE, None),
        (Outcome.BROKEN, 200),
        (Outcome.REFUSED, None),
        (Outcome.DISALLOWED, None),
        (Outcome.MISSING, 404),
    ],
)
def test_a_visit_without_the_article_is_an_observation(outcome: Outcome, status: int | None) -> None:
    watch = watched((0 * SECOND, plain()))

    decision = watch.meets(HOUR, outcome, status)

    assert decision.version is None
    assert decision.observation
    assert decision.observation.kind == outcome.value
    assert watch.article.current_version_id == 1
    assert watch.article.next_check_at
    assert watch.article.next_check_at > decision.at


def test_a_suspicious_page_is_kept_apart_and_looked_at_again_soon() -> None:
    watch = watched((0 * SECOND, plain()))
    at = NOON + HOUR

    decision = watch.visits(capture(at, body=plain()), replace(reading(plain(*EDITED), at=at), suspicions=("consent",)))

    assert decision.version is None
    assert decision.observation
    assert watch.article.next_check_at
    assert watch.article.next_check_at - at < 3 * MINUTE


def test_retry_after_is_obeyed_and_parks_the_host() -> None:

    watch = watched((0 * SECOND, plain()))

    throttled = replace(capture(NOON + HOUR, Outcome.THROTTLED, status=429), retry_after=2 * HOUR)
    decision = watch.visits(throttled, None)

    assert decision.host_not_before == NOON + 3 * HOUR
    assert watch.article.next_check_at
    assert watch.article.next_check_at >= NOON + 3 * HOUR


def test_failing_is_told_once_and_recovery_once() -> None:
    watch = watched((0 * SECOND, plain()))
    for tries in range(12):
        watch.meets(HOUR + tries * 15 * MINUTE, Outcome.SERVER_ERROR, 500)
    watch.sees(5 * HOUR, plain())
    watch.sees(6 * HOUR, plain())

    assert watch.alerts == ["failing", "recovered"]
