"""What notes explain in 223 stories, in 28 languages."""

from pathlib import Path

import pytest

from tests.core.corrections.scripted import Scripted, scripted, told_of

HERE = Path(__file__).parent
STORIES = [*scripted(HERE / "stories.toml"), *scripted(HERE / "newsrooms.toml")]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_note_is_linked_right(story: Scripted) -> None:
    for wanted, told, step in told_of(story):
        assert told == wanted, step
