"""Correction notes on real pages, through the real check path: linked, and shown wherever a change is."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.core.corrections import linked
from monitor.store import Store
from tests.bench.confirm import Desk
from tests.conftest import Monitor
from tests.core.corrections.stories import DE, EN, FR, STORIES, WRONG_COUNT, Story, Text, story
from tests.fakes import page
from tests.test_masks import Watch, watch

LANGUAGES = {EN[0]: "en", DE[0]: "de", FR[0]: "fr"}
NAMES = (
    "a number and its note",
    "a name and its note",
    "a paragraph taken out with its note",
    "two notes for two facts",
    "a silent number, noted later",
    "a silent name, noted beside additions",
    "the first of two silent edits, noted later",
    "a note that speaks of an edit before the one it came with",
    "a note of nothing that was seen",
    "a note alone",
    "a number without a note",
    "a note reworded",
    "a note removed",
    "German, with its change",
    "French, later",
)
TOLD = [each for each in STORIES if each.name in NAMES]


def html(text: Text) -> str:
    language = next((tag for first, tag in LANGUAGES.items() if first[:30] == text.body[0][:30]), "en")
    note = "".join(f'<p class="correction">{words}</p>' for words in text.notes)
    return page(*text.body, headline=text.headline, note=note, language=language).decode()


async def lived(watched: Watch, told: Story) -> None:
    for text in told.versions:
        # Each version is looked at until nothing of it waits.
        await watched.sees(html(text))
        await watched.sees(html(text))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield Desk(store)
    await store.close()


def test_a_dozen_stories_are_told() -> None:
    assert len(TOLD) >= 12


@pytest.mark.parametrize("told", TOLD, ids=lambda each: each.name)
async def test_notes_of_pages_are_linked_right(desk: Desk, told: Story) -> None:
    watched = await watch(desk)
    await lived(watched, told)
    found = linked(await desk.store.told_changes(watched.article_id))
    rows = {row.version.number: row.change for row in await watched.history() if row.change}
    notes = {number: found[change.id] for number, change in rows.items()}

    assert {
        number: [(note.link.value, tuple(each.version for each in note.explains)) for note in of_version.notes]
        for number, of_version in notes.items()
        if of_version.notes
    } == {number: list(links) for number, links in told.links.items()}
    assert {number for number, of_version in notes.items() if of_version.facts_without_note} == told.silent


SHOWN = story("silent, then noted").edit("12 people", "17 people").then().note(WRONG_COUNT)


async def _live(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    await lived(await watch(Desk(store)), SHOWN)
    await store.close()


def test_links_are_shown_wherever_a_change_is(tmp_path: Path, monitor: Monitor) -> None:
    asyncio.run(_live(tmp_path / "monitor.db"))
    explains = "explains the change that led to version 2 (it names “12” and “17”)."

    history = monitor("history", "1").out
    assert "version 3: The note “Correction: An earlier version" in history
    assert explains in " ".join(history.split())
    told = json.loads(monitor("history", "1", "--json").out)["versions"]
    assert [each["change"] and each["change"]["facts_without_note"] for each in told] == [None, False, False]
    assert told[1]["change"]["noted_by"] == [{"change": told[2]["change"]["id"], "version": 3}]
    [note] = told[2]["change"]["notes"]
    assert (note["link"], note["notice"], note["explains"]) == (
        "earlier_change",
        "correction",
        [{"change": told[1]["change"]["id"], "version": 2}],
    )
    assert "The note of version 3 explains this change." in monitor("diff", "1", "1", "2").out
    assert "explains the change that led to version 2" in monitor("diff", "1", "2", "3", "--format", "html").out
    assert "explains the change that led to version 2" in monitor("history", "1", "--format", "html").out
    [_, last] = [json.loads(line) for line in monitor("changes", "--json").out.splitlines()]
    assert last["notes"] == told[2]["change"]["notes"]


def test_facts_without_a_note_are_named(tmp_path: Path, monitor: Monitor) -> None:
    async def live() -> None:
        store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
        await lived(await watch(Desk(store)), story("silent").edit("12 people", "17 people"))
        await store.close()

    asyncio.run(live())
    assert "numbers, names, dates or quotations changed without a note: version 2" in monitor("history", "1").out
    assert "Numbers, names, dates or quotations changed without a note." in monitor("diff", "1").out
