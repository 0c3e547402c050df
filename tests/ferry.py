"""A ferry runs aground: a store with an article that has been through everything, and some that have not."""

from dataclasses import replace
from pathlib import Path

from monitor.store import Store
from tests.store.desk import HOUR, MINUTE, NOON, SECOND, Desk, Story

PARAGRAPHS = (
    "The harbour authority said that 12 people were brought ashore on Tuesday morning.",
    "The ship had left the dock at six in thick fog, and its master reported trouble with the steering soon after.",
    "A spokeswoman told reporters that the water was calm — and that nobody was badly hurt so far. ½ é 漢字 🚢",
)
RECOUNTED = (PARAGRAPHS[0].replace("12 people", "17 people"), *PARAGRAPHS[1:])
FIRST = Story(headline="Ferry runs aground", text=PARAGRAPHS, updated=-60)
RETITLED = FIRST.but(headline="Ferry runs aground in fog", updated=4)
STEALTH = RETITLED.but(text=RECOUNTED)
WRONG = STEALTH.but(headline="Ferry sinks")
RESTAMPED = STEALTH.but(updated=48)
LIVE = RESTAMPED.but(live=True)


async def _ferry(desk: Desk) -> None:
    """Article 1. Version 2 is announced, 3 a stealth edit, 4 withdrawn, 5 a new stamp and 6 the live marker alone."""
    article = await desk.watches("https://news.example/ferry")
    for story, after in (
        (FIRST, SECOND),
        (FIRST, 3 * MINUTE),
        (RETITLED, 6 * MINUTE),
        (RETITLED, 18 * MINUTE),
        (STEALTH, 20 * MINUTE),
        (STEALTH, 20 * MINUTE + 30 * SECOND),
        (WRONG, 40 * MINUTE),
        (STEALTH, 40 * MINUTE + 30 * SECOND),
        (RESTAMPED, 50 * MINUTE),
        (LIVE, HOUR),
    ):
        assert await desk.reads(article, story, after)


async def _others(desk: Desk) -> None:
    """2: read once. 3: never. 4: its edit waits for a second look. 5: as 4, and none was taken. 6: a stamp followed.
    7: quotation marks alone. 8: back at its first wording. 9: a page without a stamp."""
    hosts = ("once", "never", "held", "unseen", "late", "marks", "back", "bare")
    once, _, held, unseen, late, marks, back, bare = [await desk.watches(f"https://{host}.example/") for host in hosts]
    await desk.reads(once, FIRST, SECOND)
    for article in (held, unseen, late):
        await desk.reads(article, FIRST, SECOND)
        await desk.reads(article, FIRST.but(text=RECOUNTED), 20 * MINUTE)
    await desk.reads(late, FIRST.but(text=RECOUNTED), 20 * MINUTE + 30 * SECOND)
    await desk.reads(late, FIRST.but(text=RECOUNTED, updated=22), 25 * MINUTE)
    await desk.store.pause(unseen.id, NOON + HOUR)
    quoting = FIRST.but(text=('He said "never again" to the reporters at the quay.',))
    await desk.reads(marks, quoting, SECOND)
    await desk.reads(marks, quoting.but(text=("He said “never again” to the reporters at the quay.",)), 20 * MINUTE)
    for minute, story in enumerate((FIRST, RETITLED, replace(FIRST, updated=9)), start=1):
        await desk.reads(back, story, 5 * minute * MINUTE)
    for minute, text in ((1, PARAGRAPHS), (20, RECOUNTED)):
        await desk.reads(bare, FIRST.but(text=text, dated=False), minute * MINUTE)


async def tell(file: Path) -> None:
    """Write the stories into a store of this file."""
    store = Store.open(f"sqlite:///{file}")
    desk = Desk(store)
    await _ferry(desk)
    await _others(desk)
    await store.close()
