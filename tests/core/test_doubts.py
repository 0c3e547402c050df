"""Pages that may not be the article: seen by comparing, kept apart, believed only when they last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.article import Stage
from monitor.core.lifecycle import decide
from tests.fakes import BODY, NOON, Watch, capture, page, reading, watched

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LONG = (
    *BODY,
    "Divers will go down to the wreck as soon as the wind allows it, the authority said, and the channel stays closed.",
    "Two tugs held the hull upright through the night while volunteers on the quay handed out blankets and soup.",
    "The line runs three ships on the route; one of the others was already in the yard for repairs to its engine.",
    "Insurers put the damage at several millions, though nobody would say who is to pay for the lost cargo of fish.",
    "Schools on the island were shut for the day, since half of the teachers live across the sound in the town.",
    "The last accident of the kind was in the winter of 1987, when a coaster drove onto the same rocks in a gale.",
    "An inquiry has been opened, and the recorder of the bridge was brought ashore by the police before noon.",
)
OTHERWISE = tuple(
    f"Entirely new reporting on the salvage, part {n}: cranes, chains, costs and quarrels." for n in "abcdefgh"
)
REWRITTEN = (*LONG[:3], *OTHERWISE)
ELSEWHERE = (
    "Welcome to our kitchen pages, where a new dish is cooked every day by somebody who has never cooked before.",
    "Choose among soups, stews, pies and sweets, or let chance choose for you with one push of the big red button.",
    "Our cooks answer letters on weekdays between nine and twelve, with the exception of public holidays and fairs.",
)
STAMP = "09:00 GMT 25.01.2022 (Updated: {} GMT 25.01.2022)"


def told(*paragraphs: str, stamp: str = "11:30", **more: str) -> bytes:
    return page(*paragraphs, dates=STAMP.format(stamp), **more)


# -- by size


@pytest.mark.parametrize(
    ("body", "doubt"), [(LONG[:3], "collapsed"), (REWRITTEN, "rewritten")], ids=["collapsed", "rewritten"]
)
def test_a_page_that_lost_much_of_its_article_is_looked_at_again_before_it_is_a_version(
    body: tuple[str, ...], doubt: str
) -> None:
    watch = watched((0 * SECOND, told(*LONG)), (MINUTE, told(*body)))
    [_, doubted] = watch.decisions
    assert (doubted.version, doubted.outcome) == (None, "suspect")
    assert doubted.observation
    assert doubted.observation.detail == doubt
    assert watch.article.next_check_at == NOON + MINUTE + 30 * SECOND

    watch.sees(90 * SECOND, told(*body))

    assert watch.alerts == ["stealth: 1 -> 2"], "seen twice: told without a third look"
    assert watch.states == ["confirmed"]
    assert watch.article.suspect_streak == 0


def test_a_page_that_comes_back_whole_was_never_a_version() -> None:
    watch = watched((0 * SECOND, told(*LONG)), (MINUTE, told(*LONG[:3])), (90 * SECOND, told(*LONG)))

    assert (len(watch.versions), watch.alerts) == (1, [])


def test_a_rewriting_after_a_wall_is_looked_at_again_as_soon() -> None:
    watch = watched((0 * SECOND, told(*LONG)), (MINUTE, page(*ELSEWHERE, headline="The kitchen pages")))

    watch.sees(3 * MINUTE, told(*REWRITTEN))
    assert watch.article.next_check_at == NOON + 3 * MINUTE + 30 * SECOND
    watch.sees(4 * MINUTE, told(*REWRITTEN))

    assert watch.alerts == ["stealth: 1 -> 2"]


def test_a_rewriting_beside_a_block_that_rotates_is_told_without_the_block() -> None:
    watch = watched(
        (0 * SECOND, told(*LONG, "A first teaser of some length, for a show of old lamps and their keepers."))
    )
    watch.sees(
        MINUTE, told(*REWRITTEN, "Another teaser, for twelve recipes with the last of the year's apples in them.")
    )
    watch.sees(
        90 * SECOND, told(*REWRITTEN, "The third teaser: why rope costs twice what it did when spring began here.")
    )

    assert watch.alerts == ["stealth: 1 -> 2"]
    assert "teaser" not in "\n".join(edit.new for edit in watch.told[0] if edit.op != "equal")


def test_a_rewriting_that_the_stamp_announces_is_told_at_once() -> None:
    watch = watched((0 * SECOND, told(*LONG)), (MINUTE, told(*REWRITTEN, stamp="12:01")))

    assert watch.alerts == ["announced: 1 -> 2"]


def test_a_stub_that_grows_is_no_suspect() -> None:
    watch = watched((0 * SECOND, told(*LONG[:3])), (MINUTE, told(*LONG)), (90 * SECOND, told(*LONG)))

    assert watch.alerts == ["stealth: 1 -> 2"]
    assert {decision.outcome for decision in watch.decisions} == {"first", "changed", "unchanged"}


def test_one_new_sentence_in_a_short_item_is_no_rewriting() -> None:
    watch = watched((0 * SECOND, told(*BODY)), (MINUTE, told(BODY[0], BODY[1], "Nobody was hurt, it is said now.")))

    assert watch.decisions[-1].outcome == "changed"


# -- another page


def test_a_page_that_shares_nothing_with_the_article_is_believed_only_at_length() -> None:
    watch = watched((0 * SECOND, told(*LONG)))
    for after in (MINUTE, 3 * MINUTE, 13 * MINUTE):
        assert watch.sees(after, page(*ELSEWHERE, headline="The kitchen pages")).outcome == "suspect"
    assert watch.decisions[-1].observation
    assert watch.decisions[-1].observation.detail == "unrelated"

    watch.sees(75 * MINUTE, page(*ELSEWHERE, headline="The kitchen pages"))

    assert len(watch.versions) == 2
    assert watch.article.stage is not Stage.FOUND


def test_a_page_that_shares_nothing_and_keeps_changing_is_never_a_version() -> None:
    watch = watched((0 * SECOND, told(*LONG)))
    for number in range(1, 12):
        body = page(
            *ELSEWHERE[:2], f"Dish number {number} of the day is cooked by guest {number * 7}.", headline="Kitchen"
        )
        watch.sees(number * HOUR, body)

    assert len(watch.versions) == 1
    assert "failing" in watch.alerts, "an article that is not seen for hours is something to tell"


def test_a_page_of_all_addresses_is_no_article_however_often_it_is_seen() -> None:
    watch = watched((0 * SECOND, told(*LONG)))
    watch.twins = ("https://news.example/other",)
    for hours in range(1, 12):
        watch.sees(hours * HOUR, page(*ELSEWHERE, headline="We are working on it"))

    assert len(watch.versions) == 1
    assert watch.decisions[1].observation
    assert watch.decisions[1].observation.detail == "shared"


def test_an_article_at_two_addresses_declares_itself() -> None:
    watch = Watch(twins=("https://news.example/other",))
    canonical = '<link rel="canonical" href="https://news.example/other">'

    assert watch.sees(0 * SECOND, told(*LONG, meta=canonical)).outcome == "first"


@pytest.mark.parametrize(
    ("answered", "doubt"),
    [
        ("https://news.example/", "elsewhere"),
        ("https://news.example/2022/", "elsewhere"),
        ("https://news.example/2022/story", None),
        ("https://www.news.example/2022/story/", None),
        ("https://news.example/2022/another-address-of-the-story", None),
    ],
)
def test_the_front_page_is_no_article(answered: str, doubt: str | None) -> None:
    watch = Watch()
    watch.article = replace(watch.article, url="https://news.example/2022/story")
    front = reading(page(*LONG).replace(b"NewsArticle", b"WebSite"), at=NOON)
    front = replace(front, declared=False, suspicions=())

    decision = watch.visits(replace(capture(NOON, body=b"x"), final_url=answered), front)

    assert (decision.observation.detail if decision.observation else None) == doubt


def test_background_shared_with_other_articles_is_no_sign() -> None:
    """Agencies reuse paragraphs: a story that is rewritten around its background is related to itself."""
    watch = watched((0 * SECOND, told(*LONG, headline="Ferry runs aground")))

    decision = watch.sees(MINUTE, told(*OTHERWISE, *LONG[-3:], headline="Owners of the ship blame the pilot"))

    assert decision.observation
    assert decision.observation.detail == "rewritten"


# -- a marker that belongs to the host's pages


def test_a_marker_on_articles_whatever_their_age_is_furniture_and_moves_no_stage() -> None:
    watch = Watch(furniture=True)
    watch.sees(0 * SECOND, told(*LONG, marker="Being updated"))
    assert watch.stage is Stage.COOLING

    watch.sees(MINUTE, told(*LONG))

    assert (len(watch.versions), watch.alerts) == (1, [])


def test_a_marker_that_turns_out_to_be_furniture_is_no_edit_of_the_publishers() -> None:
    watch = watched((0 * SECOND, told(*LONG, marker="Being updated")))
    assert watch.stage.value == "live"
    watch.furniture = True

    watch.sees(MINUTE, told(*LONG, marker="Being updated", around="something else"))

    assert len(watch.versions) == 1
    assert watch.stage is Stage.COOLING


# -- another method


def test_pages_read_by_two_methods_are_never_compared() -> None:
    watch = watched((0 * SECOND, told(*LONG)))
    other = reading(told(*REWRITTEN), at=NOON + MINUTE)
    other = replace(other, content=replace(other.content, method="json-ld"))

    first = decide(watch._known(), capture(NOON + MINUTE, body=b"a"), other, policy=watch.policy, jitter=0.5)
    assert first.observation
    assert first.observation.detail == "method"
    again = decide(
        replace(watch._known(), suspect=other), capture(NOON + HOUR, body=b"a"), other, policy=watch.policy, jitter=0.5
    )
    assert again.version
    assert again.version.change is None
    assert again.deliveries == ()
