"""Fifty scripted live blogs through the real check path: what was done is named, once, and nothing else."""

from pathlib import Path

import pytest

from tests.liveblog.desk import played
from tests.liveblog.scripts import Script, scripts

SCRIPTS = list(scripts())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.name}, {script.shape}")
async def test_what_a_newsroom_does_to_its_blog_is_named_once(tmp_path: Path, script: Script) -> None:
    visits = await played(tmp_path, script)

    assert [visit.wrong for visit in visits if visit.wrong] == []


def test_there_are_fifty() -> None:
    assert len({(script.name, script.shape) for script in SCRIPTS}) == len(SCRIPTS) >= 50
