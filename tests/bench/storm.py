"""A storm: thousands of changes in a minute, a webhook and a mailbox as receivers. How many messages, whether every
change is listed in one, and how much memory it takes.

    python -m tests.bench.storm [--changes 5000] [--most 20]

The changes are decided and recorded by the real `decide` and store, as fast as they can be, and sent meanwhile by the
real outbox, once a second, to an HTTP and an SMTP server on loopback. The memory is that of the process that does it
all, servers included; beside it stands the same with ten changes.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.alerts.channels import open_channels
from monitor.alerts.email import EmailChannel
from monitor.alerts.outbox import Outbox
from monitor.clock import SystemClock
from monitor.core.policy import ChannelPolicy, ChannelType, Policy
from monitor.fetch import guarded_client
from monitor.store import Store
from tests.alerts.mailroom import Mailbox, mailroom
from tests.alerts.newsroom import LOOPBACK, hook_policy
from tests.alerts.receiver import receiving
from tests.fakes import FakeClock
from tests.store.desk import MINUTE, SECOND, Desk, Story

FEW = 10
MAIL = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@news.example",), gather=timedelta(0))


async def fill(file: Path, articles: int) -> None:
    """So many articles, each seen once."""
    store = Store.open(f"sqlite:///{file}")
    desk = Desk(store)
    for number in range(articles):
        await desk.reads(await desk.watches(f"https://news.example/{number}"), Story(headline=str(number)), SECOND)
    await store.close()


async def storm(file: Path, most: int) -> dict[str, object]:
    store = Store.open(f"sqlite:///{file}")
    async with receiving() as receiver, guarded_client(LOOPBACK) as client, mailroom(Mailbox()) as postman:
        hook = replace(hook_policy(receiver).channels[0], storm=most)
        policy = Policy(fetch=LOOPBACK, channels=(hook, replace(MAIL, storm=most)), email=postman.server)
        channels = open_channels(policy, client) | {"mail": EmailChannel(postman.server, MAIL.to, tls=postman.trust)}
        desk = Desk(store)
        await desk.adopts(policy)
        clock = SystemClock()
        outbox = Outbox(store, channels, clock, lambda: 0.0, policies=policy.channels)
        rows = [row.article for row in await store.articles()]
        started, done = time.monotonic(), asyncio.Event()

        async def sending() -> None:
            while not done.is_set():
                await outbox.deliver(clock.now())
                await asyncio.sleep(1)

        sender = asyncio.create_task(sending())
        for number, article in enumerate(rows):
            await desk.reads(article, Story(headline=f"{number} changed", updated=-10), 5 * MINUTE)
            desk.decisions.clear()
        took = time.monotonic() - started
        done.set()
        await sender
        # What waits for its window is sent ten minutes later; the clock is moved there instead.
        later = FakeClock(clock.now() + 11 * MINUTE)
        await Outbox(store, channels, later, lambda: 0.0, policies=policy.channels).deliver(later.at)

        listed = [
            len(await store.deliveries(message=identity))
            for identity in dict.fromkeys(post.headers["webhook-id"] for post in receiver.posts)
        ]
        lines = "\n".join(next(iter(letter.iter_parts())).get_content() for letter in postman.mailbox.letters)
        mailed = sum(1 for article in rows if f"{article.url}\n" in lines.replace("\r\n", "\n"))
        await store.close()
    return {
        "changes": len(rows),
        "seconds": round(took, 1),
        "webhook_messages": len(receiver.posts),
        "webhook_listed": sum(listed),
        "letters": len(postman.mailbox.letters),
        "mail_listed": mailed,
        "biggest_body": max(len(post.body) for post in receiver.posts),
        "biggest_letter": max(len(str(letter)) for letter in postman.mailbox.letters),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def measured(folder: Path, changes: int, most: int) -> dict[str, object]:
    """In a process of its own, so that its memory is its own."""
    file = folder / f"{changes}.db"
    asyncio.run(fill(file, changes))
    command = [sys.executable, "-m", "tests.bench.storm", "--store", str(file), "--most", str(most)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=5_000)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.store is not None:
        import structlog

        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        sys.stdout.write(json.dumps(asyncio.run(storm(asked.store, asked.most))) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        for changes in (FEW, asked.changes):
            found = measured(Path(folder), changes, asked.most)
            sys.stdout.write("  ".join(f"{key} {value}" for key, value in found.items()) + "\n")


if __name__ == "__main__":
    main()
