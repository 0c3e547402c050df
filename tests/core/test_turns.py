"""Whose turn it is, when a host has more due articles than manners allow requests."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.article import Article, Hold, Stage
from monitor.core.lifecycle.turns import turns

NOON = datetime(2022, 1, 25, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def due(
    number: int, late: timedelta, *, every: timedelta | None = HOUR, live: bool = False, held: bool = False
) -> Article:
    return Article(
        id=number,
        url=f"https://news.example/{number}",
        host="news.example",
        stage=Stage.LIVE if live else Stage.COOLING,
        added_at=NOON,
        next_check_at=NOON - late,
        interval=every,
        hold=Hold(change_id=1, told_version_id=1, since=NOON) if held else None,
    )


def order(*articles: Article, places: int = 20) -> list[int]:
    return [article.id for article in turns(articles, now=NOON, places=places)]


def test_a_change_that_waits_for_its_second_look_goes_before_live_articles() -> None:
    assert order(due(1, MINUTE, live=True), due(2, SECOND, held=True)) == [2, 1]


def test_live_articles_go_before_the_rest_however_long_those_have_waited() -> None:
    assert order(due(1, 9 * HOUR), due(2, SECOND, live=True), places=1) == [2]


def test_of_the_rest_the_one_that_is_latest_in_its_own_measure_goes_first() -> None:
    slow = due(1, 3 * HOUR, every=24 * HOUR)
    quick = due(2, 20 * MINUTE, every=10 * MINUTE)

    assert order(slow, quick) == [2, 1]


def test_a_found_article_is_not_kept_waiting() -> None:
    assert order(due(1, 3 * HOUR, every=2 * HOUR), due(2, 5 * MINUTE, every=None)) == [2, 1]


def test_live_articles_leave_the_rest_one_request_of_four() -> None:
    live = [due(number, MINUTE, every=2 * MINUTE, live=True) for number in range(1, 30)]
    rest = [due(number, HOUR) for number in range(101, 130)]

    served = order(*live, *rest, places=8)

    assert [number > 100 for number in served] == [False, False, True, False, False, False, True, False]


def test_on_a_slow_host_the_request_that_is_left_for_the_rest_is_another_one_each_time() -> None:
    live = [due(number, MINUTE, every=2 * MINUTE, live=True) for number in range(1, 30)]
    waiting = due(101, HOUR)

    firsts = [turns([*live, waiting], now=NOON, places=2, shift=shift)[0].id for shift in range(4)]

    assert firsts == [101, 1, 1, 1], "a visit that ends after one request still gets to the rest, one time of four"


@given(
    lates=st.lists(st.tuples(st.integers(0, 9999), st.sampled_from([None, 2, 60, 999]), st.booleans(), st.booleans())),
    places=st.integers(0, 30),
)
def test_every_place_is_used_and_nobody_is_looked_at_twice(
    lates: list[tuple[int, int | None, bool, bool]], places: int
) -> None:
    articles = [
        due(number, late * SECOND, every=every * MINUTE if every else None, live=live, held=held)
        for number, (late, every, live, held) in enumerate(lates)
    ]
    served = order(*articles, places=places)

    assert len(served) == len(set(served)) == min(places, len(articles))


def test_under_too_much_to_do_live_articles_keep_their_interval_and_all_others_grow_by_one_factor() -> None:
    """A host that bears a request every two seconds, and twice as much to do."""
    asked = {1: (2 * MINUTE, True), 2: (2 * MINUTE, True)}
    asked |= {number: (MINUTE * (1 if number % 2 else 4), False) for number in range(10, 106)}
    articles = {
        number: due(number, 0 * SECOND, every=every, live=live).but(next_check_at=NOON)
        for number, (every, live) in asked.items()
    }
    looks: dict[int, list[timedelta]] = {number: [] for number in asked}
    for step in range(10_000):
        now = NOON + step * 2 * SECOND
        waiting = [one for one in articles.values() if one.next_check_at and one.next_check_at <= now]
        for one in turns(waiting, now=now, places=1):
            looks[one.id].append(now - NOON)
            articles[one.id] = one.but(next_check_at=now + asked[one.id][0])

    stretch = {
        number: (looks[number][-1] - looks[number][10]) / (len(looks[number]) - 11) / every
        for number, (every, _) in asked.items()
    }
    others = [factor for number, factor in stretch.items() if number >= 10]
    assert max(stretch[1], stretch[2]) < 1.05
    assert min(others) > 1.5
    assert max(others) / min(others) < 1.05
