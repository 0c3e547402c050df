"""Two simulated days in the ordinary run, twenty-four with `-m full`: the history and the alerts equal the truth."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.core.policy import SchedulePolicy
from tests.longrun.desk import World
from tests.longrun.press import at_noon
from tests.longrun.story import Story

SPRING, AUTUMN = at_noon(2022, 3, 26), at_noon(2022, 11, 5)
"""The day before Europe sets its clocks forwards, and the day before North America sets them back."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIGHT = SchedulePolicy(live=timedelta(minutes=6), fresh=timedelta(minutes=30))
FULL = SchedulePolicy(live=timedelta(minutes=10), fresh=timedelta(hours=1))


def story(
    folder: Path, *, days: float, articles: int, hosts: int, start: datetime, schedule: SchedulePolicy = LIGHT
) -> Story:
    world = World.of(seed=1, start=start, days=days, articles=articles, hosts=hosts, schedule=schedule)
    return Story(world=world, folder=folder, days=days)


def small(folder: Path, *, days: float = 2, start: datetime = SPRING) -> Story:
    return story(folder, days=days, articles=7, hosts=3, start=start)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is some: a run writes as often as months of watching do."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as made:
        yield Path(made)


async def test_two_days_of_a_small_press_are_kept_and_told_as_they_were(folder: Path) -> None:
    assert await story(folder, days=2, articles=36, hosts=8, start=SPRING).run() == []


@pytest.mark.parametrize(("zone", "start"), [("Europe/Berlin", SPRING), ("America/New_York", AUTUMN)])
async def test_neither_summer_time_nor_the_zone_of_the_machine_matters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, zone: str, start: datetime
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert await small(folder, start=start, days=1).run() == []
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_a_clock_that_is_set_by_an_hour_costs_no_version_and_no_alert(folder: Path) -> None:
    told = small(folder)
    told.steps += [(0.5 * DAY, HOUR), (0.9 * DAY, -HOUR), (1.3 * DAY, -HOUR)]

    assert await told.run() == []


async def test_three_days_without_a_network_are_outlived(folder: Path) -> None:
    told = small(folder, days=5)
    told.tick = 30
    told.network_down(1 * DAY, 3 * DAY)
    for channel in told.world.inboxes:
        told.receiver_down(channel, 1 * DAY, 3 * DAY)

    assert await told.run() == []


async def test_three_days_in_which_the_monitor_does_not_run_are_outlived(folder: Path) -> None:
    told = small(folder, days=5)
    told.tick = 30
    told.stops.append((1 * DAY, 3 * DAY))

    assert await told.run() == []


async def test_a_receiver_that_is_down_for_hours_gets_everything_once_it_is_back(folder: Path) -> None:
    told = small(folder)
    told.receiver_down("hook", 0.4 * DAY, 9 * HOUR)
    told.receiver_down("mail", 0.8 * DAY, 5 * HOUR)

    assert await told.run() == []


@pytest.mark.full
async def test_twenty_four_days_of_five_hundred_articles_with_everything_that_happens(folder: Path) -> None:
    told = story(folder, days=24, articles=500, hosts=50, start=SPRING, schedule=FULL)
    told.tick = 20
    told.steps += [(3.3 * DAY, HOUR), (5.1 * DAY, -HOUR)]
    told.network_down(8 * DAY, 3 * DAY)
    told.stops.append((14 * DAY, 3 * DAY))
    told.receiver_down("hook", 6 * DAY, 9 * HOUR)
    told.receiver_down("mail", 19 * DAY, 5 * HOUR)

    assert await told.run() == []
