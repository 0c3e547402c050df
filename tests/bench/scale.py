"""What many watched articles cost the daemon: how long a tick takes, how long a start, how much CPU it uses while
nothing is due, and how much memory.

    python -m tests.bench.scale [--articles 100000] [--hosts 2000] [--seconds 60]

The store is filled with articles whose next look lies ahead, and then has a daemon of its own as a process. Beside it
stands a daemon on a store with ten articles: what the program costs whatever it watches. `all due` is a tick while
every article waits, as after a long outage.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import SystemClock
from monitor.store import Store

FEW = 10
AHEAD = timedelta(days=1)
TICKS = 50
STAGES = ("live", "cooling", "settled", "settled", "settled", "retired", "gone")


def fill(file: Path, articles: int, hosts: int, *, now: datetime, ahead: timedelta = AHEAD) -> None:
    """A store with so many articles on so many hosts, each looked at before and due again after `ahead`."""
    asyncio.run(Store.open(f"sqlite:///{file}").close())
    at, soon = _ms(now), _ms(now + ahead)
    gap = _ms(now) - _ms(now - timedelta(hours=2))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany("INSERT INTO host (name) VALUES (?)", ((_host(n),) for n in range(hosts)))
        connection.executemany(
            "INSERT INTO article (id, url, host, origin, tags, added_at, stage, candidate, next_check_at, interval,"
            " asked_gap, achieved_gap, last_checked_at, last_seen_at, last_outcome, headline, check_seq)"
            " VALUES (?, ?, ?, 'user', '[]', ?, ?, 0, ?, ?, ?, ?, ?, ?, 'unchanged', ?, 40)",
            (
                (
                    *(n, f"https://{_host(n % hosts)}/2022/01/25/story-{n}", _host(n % hosts), at - 90 * gap),
                    *(STAGES[n % len(STAGES)], soon + n, gap, gap, gap + n % 1000, at - n, at - n),
                    f"What the council of ward {n} decided on Tuesday",
                )
                for n in range(1, articles + 1)
            ),
        )
        connection.executemany(
            "INSERT INTO article_url (url, article_id, kind, added_at) VALUES (?, ?, 'asked', ?)",
            ((f"https://{_host(n % hosts)}/2022/01/25/story-{n}", n, at) for n in range(1, articles + 1)),
        )
        connection.executemany(
            "INSERT INTO check_log (article_id, first_at, last_at, checks, outcome, status)"
            " VALUES (?, ?, ?, 40, 'unchanged', 200)",
            ((n, at - gap, at - n) for n in range(1, articles + 1)),
        )


def _host(number: int) -> str:
    return f"paper-{number}.example"


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


async def tick_ms(file: Path, now: datetime) -> float:
    """What the daemon asks of the store each second, as the median of some."""
    store, times = Store.open(f"sqlite:///{file}"), []
    for _ in range(TICKS):
        began = time.perf_counter()
        await store.due_hosts(now, 16)
        await store.due_sources(now, 100)
        await store.outbox_due(now)
        times.append(1000 * (time.perf_counter() - began))
    await store.close()
    return statistics.median(times)


async def status_ms(file: Path) -> float:
    store, began = Store.open(f"sqlite:///{file}"), time.perf_counter()
    await store.status(SystemClock().now())
    took = 1000 * (time.perf_counter() - began)
    await store.close()
    return took


async def daemon(file: Path, seconds: float) -> tuple[float, float, float, float]:
    """Seconds until it has started, on the clock and of CPU time; its CPU in percent over so many seconds after that,
    and its memory in MB."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "monitor", "--store", f"sqlite:///{file}", "run"),
        cwd=file.parent,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert process.stderr
    try:
        while line := await process.stderr.readline():
            if line.startswith(b"{") and json.loads(line).get("event") == "started":
                break
        started, start_cpu = time.perf_counter() - began, _cpu(process.pid)
        await asyncio.sleep(2)  # what belongs to the start is not idling
        before, at = _cpu(process.pid), time.perf_counter()
        await asyncio.sleep(seconds)
        cpu = 100 * (_cpu(process.pid) - before) / (time.perf_counter() - at)
        return started, start_cpu, cpu, _rss(process.pid)
    finally:
        process.terminate()
        await process.communicate()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    print(
        f"{'articles':>9} {'tick':>9} {'all due':>9} {'status':>9} {'start':>8} {'(CPU)':>8} {'idle CPU':>9} {'RSS':>8}"
    )
    for articles, hosts in ((FEW, FEW), (options.articles, options.hosts)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "monitor.db"
            fill(file, articles, hosts, now=SystemClock().now())
            now = SystemClock().now()
            tick, crowded = (asyncio.run(tick_ms(file, at)) for at in (now, now + 2 * AHEAD))
            status = asyncio.run(status_ms(file))
            started, start_cpu, cpu, rss = asyncio.run(daemon(file, options.seconds))
        times = f"{tick:>6.1f} ms {crowded:>6.1f} ms {status:>6.0f} ms {started:>6.2f} s {start_cpu:>6.2f} s"
        print(f"{articles:>9,} {times} {cpu:>7.2f} % {rss:>5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
