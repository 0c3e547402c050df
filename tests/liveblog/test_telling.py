"""What people are told of a live blog: through the real check path, on a second look, in a mail and in a webhook."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.alerts.messages import compose
from monitor.core.article import Declaration
from monitor.store import Batch, Store
from tests.bench.confirm import Desk
from tests.liveblog.desk import CONFIRM, PACE, URL, looked_at
from tests.liveblog.press import Blog, render


class Watch:
    """A blog under watch, visit by visit."""

    def __init__(self, folder: Path, blog: Blog, shape: str) -> None:
        self.blog, self.shape = blog, shape
        self.store = Store.open(f"sqlite:///{folder / 'store.db'}")
        self.desk = Desk(self.store)
        self.article = 0

    async def __aenter__(self) -> "Watch":
        article, _ = await self.store.add_article(URL, host="k1.news.example", now=self.blog.now)
        self.article = article.id
        await self.looks()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.store.close()

    async def looks(self) -> list[str]:
        checks = await looked_at(self.desk, self.article, self.shape, self.blog)
        self.blog.now += PACE
        return [checked.outcome for checked in checks]

    async def looks_once(self, later: timedelta = timedelta(0)) -> str:
        self.desk.served.body, self.desk.served.now = render(self.shape, self.blog), self.blog.now + later
        return (await self.desk.checker.check(self.article)).outcome

    async def named(self) -> list[list[str]]:
        return [
            [made.what.value for made in row.change.entries]
            for row in await self.store.history(self.article)
            if row.change is not None
        ]


async def test_an_entry_that_comes_between_two_looks_is_named_once(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog(stamp=None).starts(12), "bare") as watch:
        watch.blog.rewrites(4)
        assert await watch.looks_once() == "changed"
        watch.blog.now += CONFIRM
        watch.blog.adds()
        await watch.looks()

        assert await watch.named() == [["edited"], ["added"]]


async def test_a_rewriting_that_is_taken_back_at_the_second_look_is_told_to_nobody(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog().starts(12), "wire") as watch:
        before = replace(watch.blog, posts=list(watch.blog.posts))
        watch.blog.rewrites(4)
        await watch.looks_once()
        watch.blog = before
        await watch.looks_once(CONFIRM)

        states = [row.state for row in await watch.store.deliveries() if row.event == "changed"]
        assert states == ["withdrawn"]


async def test_additions_wait_to_be_gathered_and_a_rewritten_entry_does_not(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog().starts(12), "declared") as watch:
        watch.blog.adds()
        await watch.looks()
        [added] = [row for row in await watch.store.deliveries() if row.event == "changed"]
        assert added.due_at - added.created_at == timedelta(minutes=10)

        watch.blog.rewrites(3)
        await watch.looks()
        edited = max((row for row in await watch.store.deliveries() if row.event == "changed"), key=lambda row: row.id)
        assert edited.due_at - edited.created_at == CONFIRM


async def test_a_blog_whose_stamp_stands_still_is_not_accused_of_what_it_adds(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog().starts(12), "declared") as watch:
        watch.blog.adds(2, stamps=False)
        assert await watch.looks() == ["changed"]
        watch.blog.rewrites(3)
        await watch.looks()

        declared = [row.change.declaration for row in await watch.store.history(watch.article) if row.change]
        assert declared == [Declaration.ANNOUNCED, Declaration.STEALTH]


async def test_more_of_the_blog_is_kept_and_told_to_nobody(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog(most=6).starts(14), "wire") as watch:
        watch.blog.most = 12
        assert await watch.looks() == ["changed"], "there is nothing to confirm"

        [row] = [row for row in await watch.store.history(watch.article) if row.change]
        assert row.change
        assert (row.change.declaration, row.change.entries) == (None, ())
        assert [delivery for delivery in await watch.store.deliveries() if delivery.event == "changed"] == []
        current = await watch.store.version(row.version.id)
        assert len(current.content.entries) == 12


async def test_an_alert_says_which_entries_were_touched(tmp_path: Path) -> None:
    async with Watch(tmp_path, Blog().starts(12), "declared") as watch:
        watch.blog.adds(2)
        title = watch.blog.posts[3].title
        watch.blog.rewrites(3)
        await watch.looks()

        [delivery] = [row for row in await watch.store.deliveries() if row.event == "changed"]
        message = await compose(
            watch.store, Batch(message_id="msg_1", channel="hook", deliveries=(delivery,), attempts=0)
        )
        change = json.loads(message.body)["data"]["change"]
        assert [(made["what"], made["declaration"]) for made in change["entries"]] == [
            ("edited", "undetermined"),
            ("added", "announced"),
            ("added", "announced"),
        ]
        assert change["entries_total"] == 3
        assert "+2 entries, 1 rewritten" in message.subject
        assert f'Entry "{title}" of 2026-03-03 09:21 UTC rewritten' in message.text
