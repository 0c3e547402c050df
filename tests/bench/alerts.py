"""From edit to webhook, through the real daemon: how long after the page that settled a change did its alert arrive?

    python -m tests.bench.alerts [--edits 60] [--stuck]

A change whose stamp moved is settled by the look that finds it, a stealth one by the second look. The time is from the
last byte of that page to the whole of the POST, in seconds. `--stuck` adds a channel whose receiver takes every
connection and never answers: the other channel should not notice it.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

from monitor.clock import SystemClock
from monitor.store import Store
from tests.alerts.receiver import Posted, Receiver, receiving
from tests.alerts.reckoning import mark
from tests.forked import forks
from tests.origin import Origin, Received
from tests.origin import page as reply
from tests.test_kill import CONFIG, story

ARTICLES = 6
STUCK = """
[[channels]]
name = "stuck"
type = "webhook"
url = "{hook}"
"""


class Stamped(list[Posted]):
    """Posts, and when each had come."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, post: Posted) -> None:
        self.times.append(time.monotonic())
        super().append(post)


class Site:
    """Stories that go on when their last edition was told; `shown` says when each edition was served."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self.editions: dict[int, int] = {}
        self.shown: dict[tuple[int, int], list[float]] = defaultdict(list)

    async def seen(self, article: int) -> None:
        """Until the first edition was served."""
        for _ in range(600):
            if self.shown[article, 0]:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the daemon does nothing")

    def publish(self, article: int, edition: int) -> str:
        async def show(_: Received, writer: asyncio.StreamWriter) -> None:
            writer.write(reply(story(article, edition), connection="close").encoded())
            await writer.drain()
            self.shown[article, edition].append(time.monotonic())

        self.editions[article] = edition
        return self._origin.serve(f"/{article}", show)


@asynccontextmanager
async def watched(folder: Path, hook: Receiver, *more: str) -> AsyncIterator[Site]:
    """A site whose articles the daemon watches."""
    file = folder / "monitor.db"
    config = folder / "config.toml"
    config.write_text(CONFIG.format(store=file, hook=hook.url) + "".join(more))
    async with Origin() as origin:
        site = Site(origin)
        store = Store.open(f"sqlite:///{file}")
        for article in range(1, ARTICLES + 1):
            await store.add_article(site.publish(article, 0), host="127.0.0.1", now=SystemClock().now())
        await store.close()
        async with forks() as daemons, daemons.running("--config", str(config), "run"):
            for article in site.editions:
                await site.seen(article)
            await asyncio.sleep(2)  # what was served last is recorded too
            yield site


async def measure(edits: int, *, stuck: bool) -> tuple[list[float], list[float]]:
    """Seconds for each announced change, and for each stealth one."""
    announced: list[float] = []
    stealth: list[float] = []
    async with receiving() as hook, receiving(None) as dead:
        hook.posts = posts = Stamped()
        with tempfile.TemporaryDirectory() as folder:
            more = (STUCK.format(hook=dead.url),) if stuck else ()
            async with watched(Path(folder), hook, *more) as site:
                while len(announced) + len(stealth) < edits:
                    for article, edition in list(site.editions.items()):
                        came = _arrival(posts, article, edition)
                        if edition and came is None:
                            continue
                        if edition and came is not None:
                            first, *later = site.shown[article, edition]
                            (announced if edition % 2 else stealth).append(came - (first if edition % 2 else later[0]))
                        site.publish(article, edition + 1)
                    await asyncio.sleep(0.01)
    return announced, stealth


def _arrival(posts: Stamped, article: int, edition: int) -> float | None:
    wanted = str(mark(article, edition)).encode()
    return next((at for post, at in zip(posts, posts.times, strict=True) if wanted in post.body), None)


def told(name: str, seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20, method="inclusive")
    return f"{name}: {len(seconds)} edits, median {cuts[9]:.2f} s, 95 % {cuts[18]:.2f} s, most {max(seconds):.2f} s"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--edits", type=int, default=60)
    options.add_argument("--stuck", action="store_true")
    chosen = options.parse_args()
    announced, stealth = asyncio.run(measure(chosen.edits, stuck=chosen.stuck))
    print(told("announced", announced))
    print(told("stealth", stealth))


if __name__ == "__main__":
    main()
