"""Whether the monitor itself is well, and whether it says so when it is not."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.core.capture import Outcome, Validators
from monitor.store import Store
from tests.bench.scale import fill
from tests.conftest import Monitor
from tests.store.desk import NOON, Desk, Story

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield store
    await store.close()


# -- status


@pytest.mark.parametrize(("articles", "hosts"), [(0, 0), (5, 2), (5_000, 300)])
def test_status_stays_readable_however_many_articles_are_late(
    monitor: Monitor, tmp_path: Path, articles: int, hosts: int
) -> None:
    fill(tmp_path / "monitor.db", articles, hosts, now=SystemClock().now() - HOUR, ahead=timedelta(0))

    ran = monitor("status")

    lines = ran.out.splitlines()
    assert len(lines) <= 30
    assert f"due       {articles}" in ran.out
    assert sum(line.startswith("late ") for line in lines) == min(articles, 10) + (articles > 10)
    assert ("... and 4990 more" in ran.out) == (articles == 5_000)
    document = json.loads(monitor("status", "--json").out)
    assert document["late_count"] == articles
    assert len(document["hosts"]) == hosts


def test_status_says_how_late_against_what_was_asked(monitor: Monitor, tmp_path: Path) -> None:
    fill(tmp_path / "monitor.db", 1, 1, now=SystemClock().now() - 5 * HOUR, ahead=2 * HOUR)

    ran = monitor("status")

    assert "story-1: due for 3 h (asked: every 2 h, achieved: 2 h)" in ran.out
    [late] = json.loads(monitor("status", "--json").out)["late"]
    assert (late["asked"], late["article_id"]) == (7200.0, 1)


async def fails(store: Store, source_id: int, times: int, *, first: int = 0) -> None:
    """So many polls of the source that fail, ten minutes apart."""
    for number in range(first, first + times):
        await polls(store, source_id, number, outcome="server_error", streak=number + 1 - first)


async def polls(store: Store, source_id: int, number: int, *, outcome: str = "polled", streak: int = 0) -> None:
    at = NOON + number * 10 * MINUTE
    assert await store.record_poll(
        source_id,
        seq=number,
        now=at,
        next_poll_at=at + 10 * MINUTE,
        outcome=outcome,
        detail="503" if streak else "",
        validators=Validators(),
        kind="rss",
        items=0,
        new=0,
        error_streak=streak,
    )


async def test_status_says_what_fails_since_when_and_why(store: Store) -> None:
    desk = Desk(store)
    article = await desk.watches()
    paused = await desk.watches("https://other.example/story")
    for one in (article, paused):
        await desk.reads(one, Story(), MINUTE)
        await desk.meets(one, Outcome.SERVER_ERROR, HOUR, status=503)
    await store.pause(paused.id, NOON + HOUR)
    source, _ = await store.add_source("https://news.example/rss", host="news.example", now=NOON)
    await fails(store, source.id, 2)

    found = await store.status(NOON + 2 * HOUR)

    assert [(f.url, f.since, f.outcome, f.status) for f in found.failing] == [
        (article.url, NOON + HOUR, "server_error", 503)
    ]
    assert found.failing_count == 1
    assert [(f.url, f.outcome, f.detail, f.error_streak) for f in found.failing_sources] == [
        (source.url, "server_error", "503", 2)
    ]


def test_status_says_which_hosts_want_to_be_left_alone_until_when(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    fill(file, 5, 2, now=SystemClock().now())
    tomorrow = SystemClock().now() + timedelta(days=1)
    with closing(sqlite3.connect(file)) as connection, connection:
        blocked = (tomorrow.timestamp() * 1000, "paper-1.example")
        connection.execute("UPDATE host SET not_before = ?, error_streak = 3 WHERE name = ?", blocked)

    ran = monitor("status")

    [line] = [line for line in ran.out.splitlines() if line.startswith("blocked")]
    assert f"paper-1.example: left alone until {tomorrow.day} " in line
    assert "3 errors in a row" in line
    assert json.loads(monitor("status", "--json").out)["blocked_hosts"] == ["paper-1.example"]
