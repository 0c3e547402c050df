"""Variants, reverts and edits, all told by their names through the real check path."""

from pathlib import Path

import pytest

from monitor.store import Store
from tests.headlines.desk import lines, watch
from tests.headlines.stories import Life, lives

LIVES = tuple(lives())


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
async def test_every_life_of_a_headline_is_told_as_what_it_was(tmp_path: Path, life: Life) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    try:
        desk = await watch(store, life.script, lasts=life.lasts)
        told, standing = lines(await desk.told()), await store.history(desk.article.id)
    finally:
        await store.close()
    assert tuple(line for line in told if line not in ("found", "live")) == life.told
    assert len(standing) == life.versions
