"""Places where a page's boxes take turns, each shown at two looks as from a cache, through the real check path."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import Store
from tests.bench.confirm import CONFIRM, INTERVAL, START, Desk
from tests.fakes import BODY, page

HEADING = "<h3>What the harbour master knew of the fog</h3>"
OTHER_HEADING = "<h3>Two oranges and a bucket</h3>"
BOX = '<div class="kasten"><p>The last sail maker of the old harbour still sews by hand.</p></div>'
LINK = '<p>Read more: <a href="/rope">Why the price of rope has doubled since spring</a></p>'
OTHER_LINK = '<p>Read more: <a href="/moon">How the moon makes the tides, with two oranges</a></p>'
EDITED = (BODY[0], BODY[1], BODY[2].replace("calm", "rough"))
BARE = ""


def story(*middle: str, end: str = "", paragraphs: tuple[str, ...] = BODY, **fields: str) -> str:
    """The page with these between its first two paragraphs."""
    first, *rest = (f"<p>{text}</p>" for text in paragraphs)
    return page("@", **fields).decode().replace("<p>@</p>", "\n".join((first, *middle, *rest, end)))


class Watch:
    """One article, looked at when its time has come."""

    def __init__(self, desk: Desk, article_id: int) -> None:
        self.desk, self.article_id, self.now = desk, article_id, START

    async def sees(self, *pages: str) -> list[str]:
        """The outcomes of a look at each."""
        outcomes = []
        for html in pages:
            self.desk.served.body, self.desk.served.now = html.encode(), self.now
            checked = await self.desk.checker.check(self.article_id)
            self.now += CONFIRM if checked.look_again else INTERVAL
            outcomes.append(checked.outcome)
        return outcomes

    @property
    async def told(self) -> list[str]:
        """The words that alerts of changes say came, as small letters; empty where some only went."""
        rows = [row for row in await self.desk.store.deliveries() if row.article_id == self.article_id]
        due = [row for row in rows if row.event == "changed" and row.state.value == "pending"]
        return [await self.desk._words(row.change_id) for row in reversed(due) if row.change_id]

    async def kept(self) -> str:
        """The text of all versions."""
        rows = await self.desk.store.history(self.article_id, withdrawn=True)
        said = [(await self.desk.store.version(row.version.id)).content.paragraphs for row in rows]
        return "\n".join(text for paragraphs in said for text in paragraphs)


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    article, _ = await store.add_article("https://news.example/story", host="news.example", now=START)
    yield Watch(Desk(store), article.id)
    await store.close()


async def test_a_heading_that_takes_turns_with_links_is_told_to_nobody(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (LINK, LINK, HEADING, HEADING, OTHER_LINK, OTHER_LINK)))

    assert await watch.told == []
    assert "harbour master" in await watch.kept()


async def test_a_box_that_takes_turns_with_links_that_came_after_the_version_is_told_to_nobody(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (BARE, BARE, LINK, LINK, BOX, BOX, OTHER_LINK, OTHER_LINK)))

    assert await watch.told == []


async def test_a_heading_that_gave_way_to_one_link_after_another_is_not_gone(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (HEADING, HEADING, LINK, LINK, OTHER_LINK, OTHER_LINK)))

    assert await watch.told == []


@pytest.mark.parametrize("boxes", [(LINK, HEADING, OTHER_HEADING), (HEADING, LINK, OTHER_HEADING)])
async def test_another_heading_in_such_a_place_is_told_to_nobody(watch: Watch, boxes: tuple[str, ...]) -> None:
    await watch.sees(*(story(middle) for middle in boxes for _ in range(2)))

    assert await watch.told == []


async def test_such_a_place_may_stand_empty_for_a_look(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (LINK, HEADING, HEADING, BARE, OTHER_HEADING, OTHER_HEADING)))

    assert await watch.told == []


async def test_a_heading_in_a_place_that_has_stood_still_is_told_at_the_second_look(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (LINK, HEADING, HEADING, OTHER_LINK, OTHER_LINK, BARE)))
    await watch.sees(*[story(OTHER_HEADING)] * 2)

    [told] = await watch.told
    assert "oranges" in told


@pytest.mark.parametrize("moves", [False, True], ids=["the same page", "a page that moves elsewhere"])
async def test_a_heading_that_stays_in_the_place_of_a_link_is_told_from_the_next_look_on(
    watch: Watch, moves: bool
) -> None:
    around = (f"<p>{number if moves else 0} boats</p>" for number in range(9))
    await watch.sees(*(story(middle, around=next(around)) for middle in (LINK, LINK, HEADING, HEADING)))
    assert await watch.told == []

    since = watch.now
    await watch.sees(*(story(HEADING, around=next(around)) for _ in range(2)))
    [told] = await watch.told
    assert "harbour master" in told
    assert watch.now - since <= INTERVAL + CONFIRM


async def test_a_heading_that_a_link_replaced_for_good_is_told_to_be_gone(watch: Watch) -> None:
    await watch.sees(*(story(middle) for middle in (HEADING, HEADING, LINK, LINK, LINK, LINK)))

    assert len(await watch.told) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(story(), story(HEADING), id="where nothing stood"),
        pytest.param(story(LINK), story(LINK, HEADING), id="beside a link that stands"),
        pytest.param(story(LINK), story(OTHER_LINK, HEADING), id="beside a link that turned over"),
        pytest.param(story(LINK), story(HEADING, end=LINK), id="where a link stood that stands elsewhere"),
        pytest.param(story(OTHER_HEADING), story(HEADING), id="in the place of another heading"),
        pytest.param(story(LINK, OTHER_HEADING), story(HEADING), id="in the place of another heading, less a link"),
        pytest.param(story(LINK), story(HEADING, paragraphs=EDITED), id="with an edit elsewhere"),
        pytest.param(story(LINK), story(HEADING, headline="Ferry is towed into port"), id="with another headline"),
    ],
)
async def test_a_heading_is_told_at_the_second_look(watch: Watch, before: str, after: str) -> None:
    await watch.sees(before, before, after, after)

    [told] = await watch.told
    assert "harbour master" in told


async def test_a_paragraph_in_the_place_of_a_link_is_told_at_the_second_look(watch: Watch) -> None:
    said = '<p>The pilot had <a href="/fog">warned of the fog</a>, he told the inquiry, and nobody had heard him.</p>'
    await watch.sees(story(LINK), story(LINK), story(said), story(said))

    [told] = await watch.told
    assert "pilot" in told


async def test_a_heading_that_went_from_beside_a_link_that_turned_over_is_told_at_the_second_look(watch: Watch) -> None:
    await watch.sees(story(LINK, HEADING), *[story(OTHER_LINK)] * 2)

    assert len(await watch.told) == 1


async def test_a_stamp_that_moves_with_a_heading_tells_of_it_at_once(watch: Watch) -> None:
    stamps = ('"dateModified": "2026-06-01T09:00:00Z"', '"dateModified": "2026-06-01T12:04:00Z"')
    await watch.sees(story(LINK, structured=stamps[0]), story(HEADING, structured=stamps[1]))

    assert len(await watch.told) == 1


async def test_what_places_show_is_kept_only_while_it_is_not_what_the_version_has(watch: Watch, tmp_path: Path) -> None:
    def rows() -> int:
        with closing(sqlite3.connect(tmp_path / "monitor.db")) as store:
            [count] = store.execute("SELECT count(*) FROM host_memory WHERE kind LIKE 'places %'").fetchone()
        return int(count)

    counts = []
    for middle in (LINK, LINK, OTHER_LINK, LINK):
        await watch.sees(story(middle))
        counts.append(rows())

    assert counts == [0, 0, 1, 0]
