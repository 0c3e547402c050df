"""What one check of a long live blog costs, beside what reading its page as one long body takes in the same run.

    python -m tests.bench.live_blog [--entries 300] [--checks 12] [--shape declared]

A blog gets an entry between one check and the next; the real Checker, store and extraction look at it, in this process
(which looks for garbage as seldom as the daemon and its workers do), and only the network is faked. CPU milliseconds of
this process (all its threads): the median of the checks, and the ratio, which is what to compare; milliseconds depend
on the machine and on what else it does. `megabytes` is what a day of so many entries, added one by one, takes in the
store.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import structlog

from monitor.extract.read import read_page
from monitor.garbage import look_seldom
from monitor.ports import Hints
from monitor.store import Store
from tests.bench.confirm import Desk
from tests.liveblog import shapes
from tests.liveblog.press import SHAPES, Blog, render

URL = "https://k1.news.example/live/storm"
PACE = timedelta(minutes=4)


def main() -> None:
    asked = argparse.ArgumentParser(description="What one check of a long live blog costs.")
    asked.add_argument("--entries", type=int, default=300)
    asked.add_argument("--checks", type=int, default=12)
    asked.add_argument("--shape", choices=sorted(SHAPES), default="declared")
    asked.add_argument("--day", action="store_true", help="from the first entry to the last, and how much is stored")
    given = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    look_seldom()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        if given.day:
            asyncio.run(checked(file, given.shape, 3, given.entries - 3))
            print(f"megabytes of a day of {given.entries} entries: {file.stat().st_size / 1e6:.1f}")
        else:
            costs = asyncio.run(checked(file, given.shape, given.entries, given.checks))
            print(report(costs, as_one_body(given.shape, given.entries)))


async def checked(file: Path, shape: str, entries: int, checks: int) -> list[float]:
    """The CPU milliseconds of each check but the first."""
    store = Store.open(f"sqlite:///{file}")
    try:
        desk, blog = Desk(store), Blog().starts(entries)
        article, _ = await store.add_article(URL, host="k1.news.example", now=blog.now)
        costs = []
        for _ in range(checks + 1):
            desk.served.body, desk.served.now = render(shape, blog), blog.now
            before = time.process_time()
            await desk.checker.check(article.id)
            costs.append(1000 * (time.process_time() - before))
            blog.now += PACE
            blog.adds()
        return costs[1:]
    finally:
        await store.close()


def as_one_body(shape: str, entries: int, rounds: int = 5) -> float:
    """The CPU milliseconds of reading the page by trafilatura's method, the fastest of some rounds."""
    page = render(shape, Blog().starts(entries))
    return min(_milliseconds(page) for _ in range(rounds))


def _milliseconds(page: bytes) -> float:
    before = time.process_time()
    read_page(page, URL, hints=Hints(method="trafilatura"))
    return 1000 * (time.process_time() - before)


def report(costs: list[float], alone: float) -> str:
    middle = statistics.median(costs)
    return (
        f"{len(costs)} checks: median {middle:.1f} ms, least {min(costs):.1f} ms; as one body {alone:.1f} ms; "
        f"ratio {middle / alone:.2f}"
    )


if __name__ == "__main__":
    assert shapes.__name__, "the shapes put themselves among SHAPES"
    main()
