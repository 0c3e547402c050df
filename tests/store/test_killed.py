"""kill -9 of a process that records, at random moments: what was answered is there, and nothing is there by halves."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from monitor.store import Store

CHILD = """
import asyncio, os, sys
from tests.store.desk import MINUTE, NOON, SECOND, Desk, Story
from monitor.store import Store

async def work(desk, number, start):
    article = await desk.watches(f"https://news.example/{number}")
    for edition in range(start, start + 100_000):
        lines = tuple(f"Line {edition * n}." for n in range(20))
        story = Story(headline=f"Edition {edition}", text=lines, dated=edition % 3 != 0)
        recorded = await desk.reads(article, story, SECOND + edition * MINUTE)
        if recorded is not None and recorded.number is not None:
            os.write(1, f"{article.id} {recorded.number} {recorded.change_id}\\n".encode())
        while (batch := await desk.leases("hook", edition * MINUTE)) is not None:
            await desk.store.mark_sent(batch, now=NOON + edition * MINUTE, answer="ok")

async def main():
    desk = Desk(Store.open(sys.argv[1]))
    await asyncio.gather(*(work(desk, number, int(sys.argv[2])) for number in range(8)))

asyncio.run(main())
"""


async def killed_again_and_again(url: str, *, kills: int, seed: int) -> int:
    """The number of versions that the killed processes had been told were stored."""
    dice = random.Random(seed)
    answered: set[tuple[int, int]] = set()
    for kill in range(kills):
        answered |= _killed_once(url, kill * 10_000, after=dice.uniform(0.02, 0.4))
        store = Store.open(url, create=False)
        assert await store.verify() == []
        assert answered <= await store._read(_versions)
        assert await store._read(_untold) == []
        await store.close()
    return len(answered)


def _killed_once(url: str, start: int, *, after: float) -> set[tuple[int, int]]:
    """Start a process that records, let it answer once, and kill it so long after."""
    root = Path(__file__).resolve().parents[2]
    arguments = [sys.executable, "-c", CHILD, url, str(start)]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=root)
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(after)  # the moment of death is real time: that is what is tested
    os.kill(child.pid, signal.SIGKILL)
    lines = [first, *child.stdout]
    child.stdout.close()
    child.wait()
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {(int(line[0]), int(line[1])) for line in whole}


def _versions(connection: Connection) -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in connection.execute(text("SELECT article_id, number FROM version"))}


def _untold(connection: Connection) -> list[int]:
    """Changes in the text without a delivery: every one of them is asked for by the rules of the test, but for those
    that were set aside."""
    statement = text(
        "SELECT id FROM change WHERE is_text AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.change_id = change.id)"
        " AND NOT EXISTS (SELECT 1 FROM change_state WHERE change_id = change.id AND state = 'withdrawn')"
    )
    return list(connection.execute(statement).scalars())


async def test_ten_kills_lose_nothing_that_was_answered(store_url: str) -> None:
    kills = 10 if store_url.startswith("sqlite") else 4

    assert await killed_again_and_again(store_url, kills=kills, seed=1) >= kills


@pytest.mark.full
async def test_two_hundred_kills_lose_nothing_that_was_answered(store_url: str) -> None:
    assert await killed_again_and_again(store_url, kills=200, seed=2) > 200
    if store_url.startswith("sqlite"):
        connection = sqlite3.connect(store_url.removeprefix("sqlite:///"))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
