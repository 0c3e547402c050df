"""From the publisher's edit to the receiver: how long after the fetch that settled a change its webhook arrives, by the
real daemon as a process; and what a second receiver that never answers costs the first.

    python -m tests.bench.alerts [--edits 40]

Half of the edits move the stamp and are settled by the fetch that shows them first, half do not and are settled by the
one that confirms them. The time counts from the last byte of that fetch to the first of the webhook. Beside it stands
the same with a receiver on another channel that accepts and never answers.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.alerts.receiver import Posted, Receiver, receiving
from tests.origin import Origin, Received, Reply
from tests.test_kill import CONFIG, story

DEAD = "\n[[channels]]\nname = 'dead'\ntype = 'webhook'\nurl = '{}'\n"
PATIENCE = 30.0


@dataclass
class Desk:
    """The page as it stands, and when each edition was read from it."""

    edition: int = 0
    served: dict[int, list[float]] = field(default_factory=dict)

    async def __call__(self, _: Received, writer: asyncio.StreamWriter) -> None:
        edition = self.edition
        writer.write(Reply(200, story(1, edition).encode(), (("Content-Type", "text/html"),)).encoded())
        await writer.drain()
        self.served.setdefault(edition, []).append(time.monotonic())
        writer.close()


class Watched(list[Posted]):
    """Notes when each request came."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, post: Posted) -> None:
        self.at.append(time.monotonic())
        super().append(post)


async def delays(edits: int, dead: Receiver | None) -> tuple[list[float], list[float]]:
    """Seconds, of announced and of stealth edits."""
    desk, posts, found = Desk(), Watched(), ([], [])  # type: tuple[Desk, Watched, tuple[list[float], list[float]]]
    with tempfile.TemporaryDirectory() as folder:
        async with Origin() as origin, receiving() as receiver:
            receiver.posts = posts
            url = origin.serve("/story", desk)
            config = Path(folder) / "config.toml"
            text = CONFIG.format(store=Path(folder) / "monitor.db", hook=receiver.url)
            text += DEAD.format(dead.url) if dead else ""
            config.write_text(f"{text}\n[[articles]]\nurl = '{url}'\nevery = '300ms'\n")
            daemon = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "monitor", "--config", str(config), "run"),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await _until(lambda: len(desk.served.get(0, [])) >= 2)
                for edition in range(1, edits + 1):
                    desk.edition = edition
                    await _until(lambda: len(posts) > sum(map(len, found)))
                    announced = edition % 2 == 1
                    change = json.loads(posts[-1].body)["data"]["change"]
                    assert change["declaration"] == ("announced" if announced else "stealth"), change
                    settled = desk.served[edition][0 if announced else 1]
                    found[0 if announced else 1].append(posts.at[-1] - settled)
            finally:
                daemon.terminate()
                await daemon.wait()
    return found


async def _until(happens: object) -> None:
    assert callable(happens)
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "nothing came"
        await asyncio.sleep(0.005)


def _told(name: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return (
        f"{name:10} n {len(ordered):3}  median {statistics.median(ordered):.2f} s"
        f"  p95 {ordered[int(0.95 * len(ordered))]:.2f} s  max {ordered[-1]:.2f} s"
    )


async def measured(edits: int) -> None:
    alone = await delays(edits, None)
    async with receiving(None) as dead:
        beside = await delays(edits, dead)
    for title, (announced, stealth) in (("alone", alone), ("beside a receiver that never answers", beside)):
        sys.stdout.write(f"{title}\n  {_told('announced', announced)}\n  {_told('stealth', stealth)}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=40)
    asyncio.run(measured(parser.parse_args().edits))


if __name__ == "__main__":
    main()
