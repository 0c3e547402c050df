"""Boxes that come and go on a host, through the real check path: learned, masked, kept, told to nobody."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from monitor.core.article import Rank
from monitor.core.lifecycle import ChangeState
from monitor.store import HistoryRow, Store
from tests.bench.confirm import CONFIRM, INTERVAL, START, Desk
from tests.conftest import Monitor
from tests.fakes import BODY, page

PROMOTIONS = (
    "Why the price of rope has doubled since spring, and who pays for it in the end.",
    "Lighthouse keeper retires after forty years on the rock, and nobody wants the post.",
    "How the moon makes the tides, explained with a bucket and two oranges.",
    "The last sail maker of the old harbour still sews by hand, ten hours a day.",
    "What became of the whaler that every child of the town has drawn once.",
)
EDITED = (BODY[0].replace("12 people", "17 people"), *BODY[1:])


def boxed(box: str | None, paragraphs: tuple[str, ...] = BODY, **fields: str) -> str:
    said = [f"<p>{text}</p>" for text in paragraphs]
    if box is not None:
        said.insert(1, f'<div class="kasten mitte">{box}</div>')
    body = page("@", **fields).decode()
    return body.replace("<p>@</p>", "\n".join(said))


class Watch:
    """One article of the host, looked at when its time has come."""

    def __init__(self, desk: Desk, article_id: int) -> None:
        self.desk, self.article_id, self.now = desk, article_id, START

    async def sees(self, html: str, *, after: timedelta | None = None) -> str:
        self.now += after or timedelta(0)
        self.desk.served.body, self.desk.served.now = html.encode(), self.now
        checked = await self.desk.checker.check(self.article_id)
        self.now += CONFIRM if checked.look_again else INTERVAL
        return checked.outcome

    async def sees_all(self, pages: Iterable[str]) -> None:
        for html in pages:
            await self.sees(html)

    async def told(self) -> list[str]:
        """The words that alerts of changes say are new, as small letters."""
        rows = [row for row in await self.desk.store.deliveries() if row.article_id == self.article_id]
        due = [row for row in rows if row.event == "changed" and row.state.value == "pending"]
        return [await self.desk._words(row.change_id) for row in reversed(due) if row.change_id]

    async def history(self, *, everything: bool = False) -> list[HistoryRow]:
        return await self.desk.store.history(self.article_id, withdrawn=everything)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield Desk(store)
    await store.close()


async def watch(desk: Desk, name: str = "story") -> Watch:
    article, _ = await desk.store.add_article(f"https://news.example/{name}", host="news.example", now=START)
    return Watch(desk, article.id)


def rotating() -> Iterator[str]:
    return (boxed(text) for text in cycle(PROMOTIONS))


async def with_a_past(desk: Desk) -> Watch:
    """An article whose host has shown its boxes."""
    watched = await watch(desk)
    pages = rotating()
    await watched.sees_all(next(pages) for _ in range(6))
    assert len((await desk.store.status(watched.now)).masked_blocks) == 1
    return watched


async def test_six_fetches_of_boxes_that_rotate_tell_nothing(desk: Desk) -> None:
    watched = await with_a_past(desk)

    assert await watched.told() == []
    assert len(await watched.history()) == 1


async def test_a_box_that_a_cache_shows_twice_is_told_of_until_it_is_a_habit(desk: Desk) -> None:
    watched = await watch(desk)
    pages = [boxed(text) for text in (*PROMOTIONS, *PROMOTIONS) for _ in range(2)]
    await watched.sees_all(pages[:8])
    told = await watched.told()
    await watched.sees_all(pages[8:])

    assert await watched.told() == told
    assert len(told) == 2


async def test_status_says_which_block_is_masked_and_why(desk: Desk) -> None:
    watched = await with_a_past(desk)
    [mask] = (await desk.store.status(watched.now)).masked_blocks

    assert (mask.host, mask.signature) == ("news.example", "amid: div.kasten.mitte")
    assert mask.reason == (
        "it came, went or turned over 5 times on an article that stood still "
        "(1 within a minute or so, 1 back to a text that had gone)"
    )


async def test_an_edit_beside_a_box_that_rotates_is_told_alone(desk: Desk) -> None:
    watched = await with_a_past(desk)
    await watched.sees_all((boxed(PROMOTIONS[1], EDITED), boxed(PROMOTIONS[2], EDITED)))

    [told] = await watched.told()
    assert "17 people" in told
    assert "rope" not in told
    assert next(row.version.number for row in await watched.history()) == 1
    assert len(await watched.history()) == 2


async def test_an_edit_that_came_with_a_box_that_turns_out_to_rotate_is_told_alone(desk: Desk) -> None:
    watched = await watch(desk)
    await watched.sees_all((boxed(PROMOTIONS[0]), boxed(PROMOTIONS[1], EDITED), boxed(PROMOTIONS[2], EDITED)))

    [told] = await watched.told()
    assert "17 people" in told
    assert "lighthouse" not in told


async def test_a_masked_block_s_own_edit_is_kept_and_told_to_nobody(desk: Desk) -> None:
    watched = await with_a_past(desk)
    # From here on the version itself has the block masked.
    await watched.sees_all((boxed(PROMOTIONS[0], EDITED), boxed(PROMOTIONS[0], EDITED)))
    told = await watched.told()
    new = PROMOTIONS[0].replace("doubled", "trebled")
    await watched.sees(boxed(new, EDITED))

    assert await watched.told() == told
    [*_, last] = await watched.history(everything=True)
    assert last.change
    assert (last.change.words_added, last.change.words_removed) == (1, 1), "beside the text that stood there before"
    assert last.change.state is ChangeState.MASKED
    assert new in (await desk.store.version(last.version.id)).content.paragraphs
    assert last.version.id not in [row.version.id for row in await watched.history()]


async def test_a_text_that_was_met_is_not_kept_again(desk: Desk) -> None:
    watched = await with_a_past(desk)
    before = len(await watched.history(everything=True))
    await watched.sees_all(boxed(text) for text in (*PROMOTIONS, *PROMOTIONS))

    assert len(await watched.history(everything=True)) == before + len(PROMOTIONS) - 5


async def test_what_one_article_has_taught_holds_for_the_next(desk: Desk) -> None:
    await with_a_past(desk)
    other = await watch(desk, "other")
    words = tuple(text.replace("ferry", "tanker").replace("ship", "tanker") for text in BODY)
    await other.sees(boxed(PROMOTIONS[0], words, headline="Tanker is towed into the bay"))
    for text in PROMOTIONS[1:]:
        assert await other.sees(boxed(text, words, headline="Tanker is towed into the bay")) == "unchanged"

    assert await other.told() == []


async def test_a_mask_is_dropped_in_silence_and_a_later_edit_is_told(desk: Desk) -> None:
    watched = await with_a_past(desk)
    for day in range(9):
        # Something beside the story moves, or nothing would be read.
        await watched.sees(boxed(PROMOTIONS[0], around=f"<p>{day} boats</p>"), after=timedelta(days=1))
    assert (await desk.store.status(watched.now)).masked_blocks == ()
    assert await watched.told() == []

    edited = boxed(PROMOTIONS[0].replace("doubled", "trebled"))
    await watched.sees_all((edited, edited))
    [told] = await watched.told()
    assert "trebled" in told


async def _edited(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    watched = await with_a_past(Desk(store))
    await watched.sees_all((boxed(PROMOTIONS[1], EDITED), boxed(PROMOTIONS[2], EDITED)))
    version = await store.version((await watched.history())[-1].version.id)
    assert [block.rank for block in version.content.blocks].count(Rank.MASKED) == 1
    await watched.sees(boxed(PROMOTIONS[0].replace("doubled", "trebled"), EDITED))
    await store.close()


def test_what_is_masked_is_marked_where_it_is_shown(tmp_path: Path, monitor: Monitor) -> None:
    asyncio.run(_edited(tmp_path / "monitor.db"))
    html, text, status = (monitor(*words) for words in (("show", "1", "--format", "html"), ("show", "1"), ("status",)))
    assert '<p class="note">Masked: it came, went or turned over' in html.out
    assert "[masked: it came, went or turned over" in text.out
    assert "masks     1 on 1 host" in status.out
    assert "masked    news.example: amid: div.kasten.mitte (it came" in status.out
    everything, shown = (monitor("changes", *words) for words in (("--all", "--json"), ("--json",)))
    assert '"state": "masked"' in everything.out
    assert '"state": "masked"' not in shown.out
