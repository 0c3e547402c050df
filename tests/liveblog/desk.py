"""The real checker, store and extraction before a scripted blog; only the network is faked."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from monitor.check import Checked
from monitor.core.article import Content
from monitor.core.blog import EntryChange
from monitor.store import Store
from tests.bench.confirm import Desk
from tests.liveblog import shapes  # noqa: F401  # the shapes put themselves among press.SHAPES
from tests.liveblog.press import Blog, render
from tests.liveblog.scripts import Script

URL = "https://k1.news.example/live/storm"
PACE, CONFIRM = timedelta(minutes=9), timedelta(seconds=30)
_KEY = re.compile(r"k\d{3}q")


@dataclass(slots=True)
class Seen:
    """What one visit, with its second look, came to: the entries that were named, and the alerts that were written."""

    step: int
    expected: set[tuple[str, str]]
    named: list[tuple[str, str]] = field(default_factory=list)
    changes: list[EntryChange] = field(default_factory=list)
    told: int = 0
    outcomes: list[str] = field(default_factory=list)
    content: Content | None = None

    @property
    def wrong(self) -> str:
        if sorted(self.named) != sorted(self.expected):
            return f"step {self.step}: {sorted(self.expected)} was done, {sorted(self.named)} named ({self.outcomes})"
        if bool(self.told) != bool(self.expected):
            return f"step {self.step}: {self.told} alerts for {sorted(self.expected)} ({self.outcomes})"
        return ""


async def played(folder: Path, script: Script) -> list[Seen]:
    """The visits of one script, the first left out."""
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    try:
        return await _played(Desk(store), script)
    finally:
        await store.close()


async def _played(desk: Desk, script: Script) -> list[Seen]:
    blog = script.start()
    article, _ = await desk.store.add_article(URL, host="k1.news.example", now=blog.now)
    await looked_at(desk, article.id, script.shape, blog)
    seen = []
    for number, step in enumerate(script.steps):
        blog.now += PACE
        visit = Seen(number, step(blog) or set())
        before = await _latest(desk, article.id)
        visit.outcomes = [checked.outcome for checked in await looked_at(desk, article.id, script.shape, blog)]
        await _note(desk, article.id, visit, *before)
        seen.append(visit)
    return seen


async def looked_at(desk: Desk, article_id: int, shape: str, blog: Blog) -> list[Checked]:
    checks: list[Checked] = []
    while not checks or (checks[-1].look_again and len(checks) < 4):
        blog.visit += 1
        desk.served.body, desk.served.now = render(shape, blog), blog.now + len(checks) * CONFIRM
        checks.append(await desk.checker.check(article_id))
    return checks


async def _latest(desk: Desk, article_id: int) -> tuple[int, int]:
    history = await desk.store.history(article_id)
    changes = [row.change.id for row in history if row.change]
    deliveries = [row.id for row in await desk.store.deliveries() if row.event == "changed"]
    return max(changes, default=0), max(deliveries, default=0)


async def _note(desk: Desk, article_id: int, visit: Seen, change: int, delivery: int) -> None:
    history = await desk.store.history(article_id)
    for row in history:
        if row.change is None or row.change.id <= change:
            continue
        old = await desk.store.version(row.change.from_version_id)
        new = await desk.store.version(row.change.to_version_id)
        visit.content = new.content
        for made in await desk.store.entry_changes(row.change.id):
            visit.changes.append(made)
            visit.named.append((made.what.value, _key_of(made.id, new.content) or _key_of(made.id, old.content)))
    rows = await desk.store.deliveries()
    visit.told = sum(row.id > delivery and row.event == "changed" and row.state == "pending" for row in rows)


def _key_of(name: str, content: Content) -> str:
    """The word by which an entry is known to its newsroom."""
    text = " ".join(block.text for block in content.blocks if block.entry == name)
    found = _KEY.search(text)
    return found.group() if found else ""
