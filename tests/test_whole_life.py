"""One article from its discovery to its restoration: real pages over loopback, the real path, an injected clock."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from monitor.app import App
from monitor.core.article import Field
from monitor.core.policy import AlertEvent, RulePolicy, SchedulePolicy
from monitor.store import EventRow, Store
from tests.alerts.receiver import Receiver, receiving
from tests.fakes import BODY, NOON, FakeClock, page
from tests.origin import Origin, Reply, redirect
from tests.origin import page as answer
from tests.test_main_path import policy_for

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOST = "127.0.0.1"
PRINTED = "09:00 GMT 25.01.2022"
STAMPED = "09:00 GMT 25.01.2022 (Updated: 12:58 GMT 25.01.2022)"
MARKER = "Being updated"
UPDATED = (*BODY, "The harbour master added that the first boat is to sail again on Friday at eight.")
STEALTHY = (BODY[0].replace("12 people", "17 people"), *UPDATED[1:])
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{url}/</link>
<item><title>Ferry</title><link>{url}/story</link></item></channel></rss>"""


@dataclass
class Desk:
    app: App
    clock: FakeClock
    receiver: Receiver

    async def watches_until(self, moment: timedelta) -> None:
        """Look at everything at the times that the program has set itself, and send what there is to send."""
        end = NOON + moment
        while (due := await self._next_look()) is not None and due <= end:
            self._goes_on(to=due)
            await self.app.visit(HOST)
            await self.app.deliver_due()
        self._goes_on(to=end)

    async def polls(self) -> None:
        for source in await self.app.store.due_sources(self.clock.now(), 10):
            await self.app.poll(str(source.id))

    async def events(self) -> list[EventRow]:
        return await self.app.store.events()

    @property
    def told(self) -> list[str]:
        return [json.loads(post.body)["type"].removeprefix("article.") for post in self.receiver.posts]

    async def _next_look(self) -> datetime | None:
        times = [row.article.next_check_at for row in await self.app.store.articles(candidates=True)]
        return min((at for at in times if at is not None), default=None)

    def _goes_on(self, *, to: datetime) -> None:
        if to > self.clock.now():
            self.clock.advance(to - self.clock.now())


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    clock, random = FakeClock(), Random(7)
    async with receiving() as receiver:
        policy = replace(
            policy_for(receiver.url),
            schedule=SchedulePolicy(fresh=HOUR),
            rules=(RulePolicy(channels=("hook",), events=tuple(AlertEvent)),),
        )
        store = Store.open(f"sqlite:///{folder / 'monitor.db'}")
        app = App(policy, store, clock=clock, jitter=random.random)
        try:
            await app.ensure(clock.now())
            yield Desk(app, clock, receiver)
        finally:
            await app.aclose()
            await store.close()


def html(*paragraphs: str, dates: str, marker: str = "") -> Reply:
    return Reply(200, page(*paragraphs, dates=dates, marker=marker), (("Content-Type", "text/html"),))


async def test_a_whole_life_is_told_once_and_in_order_each_with_its_window(tmp_path: Path) -> None:
    async with Origin() as origin, desk(tmp_path) as watch:
        store = watch.app.store
        origin.serve("/feed", Reply(200, FEED.format(url=origin.url).encode(), (("Content-Type", "text/xml"),)))
        await store.add_source(f"{origin.url}/feed", host=HOST, now=NOON, only_live=True, origin="user")

        # found in a feed, and live
        origin.serve("/story", html(dates=PRINTED, marker=MARKER))
        await watch.polls()
        await watch.watches_until(HOUR)
        # updated, and stamped
        origin.serve("/story", html(*UPDATED, dates=STAMPED, marker=MARKER))
        await watch.watches_until(2 * HOUR)
        # the marker is gone; then nothing for nine days
        origin.serve("/story", html(*UPDATED, dates=STAMPED))
        await watch.watches_until(9 * DAY)
        # a stealth edit
        origin.serve("/story", html(*STEALTHY, dates=STAMPED))
        await watch.watches_until(12 * DAY)
        # another address, for good
        origin.serve("/story", redirect("/archive/story", 301))
        archived = html(*STEALTHY, dates=STAMPED)
        origin.serve("/archive/story", archived)
        await watch.watches_until(15 * DAY)
        # gone, and back
        origin.serve("/archive/story", answer("<p>Gone.", status=410))
        await watch.watches_until(18 * DAY)
        origin.serve("/archive/story", archived)
        await watch.watches_until(21 * DAY)

        events = await watch.events()
        assert [event.event for event in events] == [
            *("found", "live", "cooling", "settled", "reopened", "settled", "moved", "gone", "restored")
        ]
        found, live, cooling, settled, reopened, again, moved, gone, restored = events
        _happened(found, after=0 * HOUR, within=MINUTE)
        _happened(live, after=0 * HOUR, within=MINUTE)
        _happened(cooling, after=2 * HOUR, within=3 * MINUTE)
        assert cooling.not_before <= NOON + 2 * HOUR <= cooling.not_after
        _happened(settled, after=DAY + HOUR, within=3 * HOUR)
        _happened(reopened, after=9 * DAY, within=DAY + 6 * HOUR)
        _happened(again, after=10 * DAY, within=2 * DAY)
        _happened(moved, after=13 * DAY, within=DAY)
        _happened(gone, after=15 * DAY, within=DAY)
        _happened(restored, after=18 * DAY, within=DAY)
        assert moved.detail == f"it is found at {origin.url}/archive/story now"
        assert gone.not_before <= NOON + 15 * DAY <= gone.not_after
        assert restored.not_before < gone.not_after <= NOON + 18 * DAY <= restored.not_after

        [row] = await store.articles()
        first, update, unmarked, stealth = await store.history(row.article.id)
        assert first.change is None
        changes = [entry.change for entry in (update, unmarked, stealth) if entry.change]
        assert [change.declaration for change in changes] == ["announced", None, "stealth"]
        assert changes[1].fields == (Field.LIVE,)
        for change, at in zip(changes, (HOUR, 2 * HOUR, 9 * DAY), strict=True):
            assert change.not_before <= NOON + at <= change.not_after
        assert changes[0].not_after - changes[0].not_before < 3 * MINUTE
        assert changes[1].not_after - changes[1].not_before < 3 * MINUTE

        assert watch.told == [
            *("found", "live", "changed", "cooling", "settled"),
            *("reopened", "changed", "settled", "moved", "gone", "restored"),
        ]
        assert await store.verify() == []


def _happened(event: EventRow, *, after: timedelta, within: timedelta) -> None:
    """The event's window lies around that moment of the story, no longer than that."""
    assert event.not_before <= event.not_after
    assert NOON + after <= event.not_after <= NOON + after + within, event
