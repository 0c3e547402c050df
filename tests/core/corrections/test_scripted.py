"""What notes explain in 72 stories, in 27 languages."""

from pathlib import Path

import pytest

from tests.core.corrections.scripted import Scripted, scripted, told_of

STORIES = scripted(Path(__file__).parent / "stories.toml")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_note_is_linked_right(story: Scripted) -> None:
    for wanted, told, step in told_of(story):
        assert told == wanted, step
