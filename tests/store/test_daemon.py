"""One daemon a store."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from monitor.errors import StoreBusy
from monitor.store import Store
from tests.store.desk import MINUTE, NOON, URL

HOLDER = """
import asyncio, os, sys
from datetime import UTC, datetime
from monitor.store import Store

async def hold():
    store = Store.open(sys.argv[1])
    await store.hold_daemon(pid=os.getpid(), host="press.example", now=datetime(2022, 1, 25, 12, tzinfo=UTC))
    print("held", flush=True)
    await asyncio.sleep(600)

asyncio.run(hold())
"""


@contextmanager
def another_daemon(url: str) -> Iterator[subprocess.Popen[str]]:
    """A daemon in a process of its own that holds the store."""
    child = subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


async def test_a_second_daemon_is_refused_and_told_who_holds_the_store(store_url: str, store: Store) -> None:
    with another_daemon(store_url) as holder:
        with pytest.raises(StoreBusy) as told:
            await store.hold_daemon(pid=1, host="here", now=NOON)

        assert f"process id {holder.pid} on press.example, running since 25 Jan 2022 12:00:00 UTC" in str(told.value)


async def test_every_other_verb_works_while_a_daemon_runs(store_url: str, store: Store) -> None:
    with another_daemon(store_url):
        await store.add_article(URL, host="news.example", now=NOON)

        assert len(await store.articles()) == 1
        assert await store.verify() == []


async def test_whether_a_daemon_runs_is_asked_of_the_lock(store_url: str, store: Store) -> None:
    assert await store.daemon() is None
    with another_daemon(store_url) as holder:
        state = await store.daemon()
        assert state is not None
        assert (state.running, state.pid, state.host, state.since) == (True, holder.pid, "press.example", NOON)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()

    assert not await _runs_still(store)
    await store.hold_daemon(pid=2, host="here", now=NOON + MINUTE)
    await store.release_daemon(NOON + 2 * MINUTE)


async def _runs_still(store: Store) -> bool:
    """Asked for some seconds: a server needs a moment to see that its client is dead."""
    for _ in range(100):
        state = await store.daemon()
        assert state is not None
        if not state.running:
            return False
        await asyncio.sleep(0.05)
    return True


async def test_a_daemon_that_stopped_makes_room_for_the_next(store: Store) -> None:
    await store.hold_daemon(pid=1, host="here", now=NOON)
    await store.beat(tick_at=NOON + MINUTE)
    await store.beat(deliver_at=NOON + 2 * MINUTE)
    running = await store.daemon()
    assert running is not None
    assert (running.running, running.last_tick_at, running.last_deliver_at) == (True, NOON + MINUTE, NOON + 2 * MINUTE)

    await store.release_daemon(NOON + 3 * MINUTE)

    stopped = await store.daemon()
    assert stopped is not None
    assert (stopped.running, stopped.stopped_at) == (False, NOON + 3 * MINUTE)
    await store.hold_daemon(pid=2, host="here", now=NOON + 4 * MINUTE)
    assert (await store.daemon()) is not None


async def test_a_daemon_whose_connection_broke_takes_its_lock_again(postgresql_url: str) -> None:
    store = Store.open(postgresql_url)
    await store.hold_daemon(pid=1, host="here", now=NOON)
    await _break_connections(store)

    await store.beat(tick_at=NOON + MINUTE)

    state = await store.daemon()
    assert state is not None
    assert state.running
    await store.close()


async def test_a_daemon_whose_lock_went_to_another_hears_of_it(postgresql_url: str) -> None:
    store, other = Store.open(postgresql_url), Store.open(postgresql_url)
    await store.hold_daemon(pid=1, host="here", now=NOON)
    await _break_connections(store)
    await other.hold_daemon(pid=2, host="there", now=NOON + MINUTE)

    with pytest.raises(StoreBusy, match="process id 2 on there"):
        await store.beat(tick_at=NOON + MINUTE)
    await store.close()
    await other.close()


async def _break_connections(store: Store) -> None:
    """As a server does that restarts."""
    engine = create_engine(store._location.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
