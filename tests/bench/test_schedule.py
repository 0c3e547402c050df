"""The simulator itself, and on a small scale what it is there to show."""

import random
from dataclasses import replace

import pytest

from monitor.core.lifecycle.rates import HostHabits
from tests.bench.lives import WORLDS, Host, Life, base_rates, draw_hosts, draw_life
from tests.bench.schedule import at_budget, draw, score
from tests.bench.watching import FOUND_AFTER, LADDERS, WAYS, fixed, looks_at

REQUESTS = 60.0
QUIET = Life(
    host=Host(habit=1, midnight=0), host_number=0, born=12, edits=(), live_until=0, deleted=False, rate=lambda *_: 0.0
)  # fmt: skip


def test_the_drawn_lives_show_the_published_base_rates() -> None:
    rates = base_rates(draw("base", 1, 10_000, unmarked=False).lives)

    assert rates == pytest.approx(
        {
            "edited within a day": 15,
            "edited within a week": 18,
            "of those, on day one": 83,
            "deleted within a week": 1.5,
        },
        rel=0.15,
    )


def test_lives_are_drawn_the_same_from_the_same_seed() -> None:
    def lives() -> list[tuple[float, ...]]:
        dice = random.Random(7)
        [host, *_] = draw_hosts(WORLDS["base"], 10, dice)
        return [draw_life(WORLDS["base"], host, 0, dice).edits for _ in range(200)]

    assert lives() == lives()


def test_a_version_that_is_overwritten_before_a_look_is_missed() -> None:
    life = replace(QUIET, edits=(1.2, 1.4, 2.5))
    looks = [FOUND_AFTER, 1.0, 2.0, 3.0]

    result = score([(life, looks)] * 2)

    assert result.seen == pytest.approx(100 * 2 / 3)
    assert result.p50 == pytest.approx(36)


def test_a_deleted_article_is_looked_at_until_that_is_seen() -> None:
    life = replace(QUIET, edits=(10.5,), deleted=True)

    assert len(looks_at(life, fixed, 1.0, HostHabits())) == 12


@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_watching_is_given_as_many_requests(name: str) -> None:
    population = draw("base", 1, 150, unmarked=True)
    everyone = replace(population, lives=[life for life in population.lives if life.edits])

    looks = at_budget(everyone, WAYS[name], REQUESTS)

    assert sum(len(ages) for _, ages in looks) / len(looks) == pytest.approx(REQUESTS, rel=0.04)


@pytest.mark.parametrize("unmarked", [False, True])
def test_for_as_many_requests_more_versions_are_seen_and_sooner_than_by_any_ladder(unmarked: bool) -> None:
    population = draw("base", 1, 1000, unmarked=unmarked)
    ours = score(at_budget(population, WAYS["this project"], REQUESTS))
    ladders = [score(at_budget(population, WAYS[name], REQUESTS)) for name in LADDERS]

    assert ours.seen > max(ladder.seen for ladder in ladders)
    assert ours.p50 < min(ladder.p50 for ladder in ladders)
