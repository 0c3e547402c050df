"""kill -9 of the real daemon at random moments, a webhook and a mail server as receivers: no version and no alert is
lost, a kill doubles one message a channel at the most, doubles carry the same id, and each article's alerts keep their
order."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from random import Random

import pytest

from monitor.clock import SystemClock
from monitor.store import Store
from tests.alerts.reckoning import Receivers, complaints, mark, receivers
from tests.forked import Command, forks
from tests.origin import Origin
from tests.origin import page as reply

ARTICLES = 6
CONFIG = """
[store]
url = "sqlite:///{store}"
[fetch]
user_agent = "test"
delay = "0s"
allow_networks = ["127.0.0.0/8"]
respect_robots = false
[schedule]
live = "200ms"
fresh = "200ms"
confirm = "100ms"
[[channels]]
name = "hook"
type = "webhook"
url = "{hook}"
"""
MAIL = """
[[channels]]
name = "mail"
type = "email"
to = ["desk@news.example"]
gather = "0s"
storm = 0
[email]
host = "localhost"
port = {port}
security = "none"
from = "Monitor <monitor@news.example>"
"""


def story(article: int, edition: int) -> str:
    """The page of one edition. Odd editions move the stamp, even ones do not: both ways of telling are used."""
    minute = (edition + 1) // 2
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Story {article}</title></head><body>
<main><article><h1>Harbour story number {article}</h1>
<p>09:00 GMT 25.01.2022 (Updated: 10:{minute % 60:02d} GMT 25.01.2022)</p>
<p>The harbour authority counted {mark(article, edition)} crates on the quay when the fog had lifted at noon.</p>
<p>Nobody could say who had ordered them, and the clerk of the port said that the papers were still at sea.</p>
<p>The crates are to be opened on Friday, in the presence of the mayor and of two officers of the customs.</p>
</article></main></body></html>"""


async def kills(folder: Path, times: int) -> None:
    random = Random(20220125)
    store_file = folder / "monitor.db"
    async with Origin() as origin, receivers() as there, forks() as daemons:
        config = folder / "config.toml"
        config.write_text(CONFIG.format(store=store_file, hook=there.hook.url) + MAIL.format(port=there.smtp_port))
        store = Store.open(f"sqlite:///{store_file}")
        try:
            await _play(origin, there, store, partial(daemons.running, "--config", str(config), "run"), random, times)
        finally:
            await store.close()


async def _play(
    origin: Origin,
    there: Receivers,
    store: Store,
    daemon: Callable[[], AbstractAsyncContextManager[Command]],
    random: Random,
    times: int,
) -> None:
    now = SystemClock().now
    editions = dict.fromkeys(range(1, ARTICLES + 1), 0)
    ids = {}
    for number in editions:
        url = origin.serve(f"/{number}", reply(story(number, 0)))
        ids[number] = (await store.add_article(url, host="127.0.0.1", now=now()))[0].id
    for number in range(times):
        async with daemon() as process:
            await _until_it_runs(store, process)
            # Every fourth kill falls into the start, the others into the midst of the work.
            at_work = number % 4 == 0 or await _until_it_works(origin, store, editions, ids)
            stop_at = asyncio.get_running_loop().time() + random.uniform(0.0, 1.0)
            while at_work and asyncio.get_running_loop().time() < stop_at:
                await _edit_what_was_seen(origin, store, editions, ids)
                await asyncio.sleep(0.02)
            process.kill()
        await there.life_ends()
    async with daemon():
        await _until_quiet(store, editions, ids)
    await _judge(there, store, editions, ids, times)


async def _until_it_runs(store: Store, process: Command) -> None:
    while True:
        state = await store.daemon()
        if state and state.running and state.pid == process.pid:
            return
        assert process.is_alive(), "the daemon ended by itself"
        await asyncio.sleep(0.02)


async def _until_it_works(origin: Origin, store: Store, editions: dict[int, int], ids: dict[int, int]) -> bool:
    before = sum(editions.values())
    for _ in range(1000):
        await _edit_what_was_seen(origin, store, editions, ids)
        if sum(editions.values()) > before:
            return True
        await asyncio.sleep(0.02)
    raise AssertionError("the daemon does nothing")


async def _edit_what_was_seen(origin: Origin, store: Store, editions: dict[int, int], ids: dict[int, int]) -> None:
    """The next edition comes only when one is in the store: what a site overwrites unseen is not our loss."""
    for number, edition in editions.items():
        versions = await store.history(ids[number], withdrawn=True)
        article = await store.article(ids[number])
        if len(versions) == edition + 1 and article.hold is None:
            editions[number] += 1
            origin.serve(f"/{number}", reply(story(number, edition + 1)))


async def _until_quiet(store: Store, editions: dict[int, int], ids: dict[int, int]) -> None:
    now = SystemClock().now
    for _ in range(600):
        seen = [
            len(await store.history(ids[number], withdrawn=True)) == edition + 1 for number, edition in editions.items()
        ]
        alerts = (await store.status(now())).alerts
        if all(seen) and not alerts.pending and not alerts.held:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the daemon did not come to rest")


async def _judge(there: Receivers, store: Store, editions: dict[int, int], ids: dict[int, int], times: int) -> None:
    edits = sum(editions.values())
    assert edits > times, "too few edits happened for this to prove anything"
    for number, edition in editions.items():
        texts = [v.content.paragraphs[0] for v in await store.versions(ids[number])]
        assert [f" {mark(number, n)} crates" in text for n, text in enumerate(texts)] == [True] * (edition + 1)
    changes = [change async for change in store.changes(withdrawn=True)]
    assert len(changes) == edits
    arrivals = there.arrivals()
    assert complaints(arrivals, editions, ("hook", "mail")) == []
    assert await store.verify() == []
    doubles = {channel: sum(a.channel == channel for a in arrivals) - edits for channel in ("hook", "mail")}
    print(f"{times} kills, {edits} edits, doubles: {doubles}")


async def test_forty_kills_lose_no_version_and_no_alert(tmp_path: Path) -> None:
    await kills(tmp_path, 40)


@pytest.mark.full
async def test_a_thousand_kills_lose_no_version_and_no_alert(tmp_path: Path) -> None:
    await kills(tmp_path, 1000)
