"""A copy that is taken amid the work is a store that the program goes on with, as if it had been stopped then."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from monitor.core.policy import SchedulePolicy
from monitor.store import OutboxRow, Store
from tests.conftest import Monitor
from tests.longrun import judging
from tests.longrun.desk import World, serve
from tests.longrun.press import Span, at_noon
from tests.longrun.world import FEED

HOUR, MILLISECOND = timedelta(hours=1), timedelta(milliseconds=1)
START = at_noon(2022, 3, 26)


async def test_the_program_goes_on_with_a_backup_that_was_taken_while_it_worked(tmp_path: Path) -> None:
    schedule = SchedulePolicy(live=timedelta(minutes=10), fresh=timedelta(minutes=30))
    world = World.of(seed=1, start=START, days=1, articles=10, hosts=4, schedule=schedule)
    for inbox in world.inboxes.values():
        inbox.down.append(Span(START + 8 * HOUR, START + 14 * HOUR))
    copy = tmp_path / "copy.db"
    await _work_and_back_up(world, tmp_path / "monitor.db", copy)

    store = Store.open(f"sqlite:///{copy}")
    try:
        assert await store.verify() == []
        waiting = await store.deliveries(state="pending")
        assert waiting
        await _forget_what_came_after(world, store)
        await serve(world, store, until=START + 28 * HOUR, tick=10, at_tick=lambda: None)

        assert await judging.problems(world, store) == []
        _sent_once(world, waiting, {row.id: row for row in await store.deliveries(state="sent")})
    finally:
        await store.close()


async def _work_and_back_up(world: World, file: Path, copy: Path) -> None:
    """Work for fourteen hours, the last six without a receiver; the copy is made after twelve of them."""
    store, its_time = Store.open(f"sqlite:///{file}"), asyncio.Event()

    def look_at_the_clock() -> None:
        if world.clock.true_time >= START + 12 * HOUR:
            its_time.set()

    working = asyncio.create_task(serve(world, store, until=START + 14 * HOUR, tick=10, at_tick=look_at_the_clock))
    try:
        await its_time.wait()
        assert not working.done()
        await store.backup(copy)
        await working
    finally:
        await store.close()


async def _forget_what_came_after(world: World, store: Store) -> None:
    """What was seen after the copy was made is not in it."""
    last: dict[str, datetime] = {
        row.article.url: row.article.last_checked_at
        for row in await store.articles(candidates=True)
        if row.article.last_checked_at is not None
    }
    visits = world.servers.visits
    kept = [v for v in visits if v.url.endswith(FEED) or (v.url in last and v.captured_at <= last[v.url] + MILLISECOND)]
    assert len(kept) < len(visits)
    world.servers.visits = kept


def _sent_once(world: World, waiting: list[OutboxRow], sent: dict[int, OutboxRow]) -> None:
    for row in waiting:
        now = sent[row.id]
        assert world.inboxes[row.channel].acknowledged[now.sent_as or ""] == 1
        assert now.sent_as == (row.sent_as or now.sent_as)
        assert now.message_id == row.message_id


def test_the_verb_makes_a_copy_that_every_verb_reads_and_never_overwrites_one(monitor: Monitor, tmp_path: Path) -> None:
    monitor("add", "https://news.example/story")

    assert monitor("backup", "copy.db").code == 0
    assert monitor("backup", "copy.db").code == 1
    assert "https://news.example/story" in monitor("--store", f"sqlite:///{tmp_path / 'copy.db'}", "list").out
    assert monitor("--store", f"sqlite:///{tmp_path / 'copy.db'}", "verify").code == 0
