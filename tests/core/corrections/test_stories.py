"""Notes are linked to the changes they explain, and to no others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.core import diff as differ
from monitor.core.article import Block, BlockKind, Content
from monitor.core.corrections import Notes, ToldChange, linked
from tests.core.corrections.stories import STORIES, Story, Text

FOUND = datetime(2022, 1, 24, 12, tzinfo=UTC)
LOOKS = timedelta(hours=18)
"""Between two versions of a story lies a night, so that the day that a note names is one change's."""


def content(text: Text) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, paragraph) for paragraph in text.body)
    return Content(url="https://news.example/ferry", headline=text.headline, blocks=blocks, corrections=text.notes)


def notes_of(story: Story) -> dict[int, Notes]:
    """By the number of the version that the change led to."""
    contents = [content(text) for text in story.versions]
    found = linked(
        [
            ToldChange(
                change_id=100 + number,
                version=number,
                edits=differ.diff(old, new),
                not_before=FOUND + LOOKS * (number - 1) - timedelta(minutes=10),
                not_after=FOUND + LOOKS * (number - 1),
            )
            for number, (old, new) in enumerate(pairwise(contents), start=2)
        ]
    )
    return {change_id - 100: notes for change_id, notes in found.items()}


def test_there_are_sixty_stories() -> None:
    assert len(STORIES) >= 60
    assert len({story.name for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_note_of_a_story_is_linked_right(story: Story) -> None:
    found = notes_of(story)
    told = {
        number: [(note.link.value, tuple(change.version for change in note.explains)) for note in notes.notes]
        for number, notes in found.items()
        if notes.notes
    }

    assert told == {number: list(links) for number, links in story.links.items()}
    assert {number for number, notes in found.items() if notes.facts_without_note} == story.silent
