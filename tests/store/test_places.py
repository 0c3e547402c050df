"""What is remembered of the places between an article's paragraphs goes with the check that saw them."""

from dataclasses import replace

import pytest

from monitor.core.lifecycle.places import UNSEEN, Places
from tests.store.desk import HOUR, MINUTE, NOON, Desk, Story, capture

SEEN = Places(shown={0: frozenset(), 2**64 - 1: frozenset({1, 2**63 + 7})}, turned=frozenset({2**64 - 1}))


@pytest.mark.parametrize("later", [UNSEEN, Places(shown={}), replace(SEEN, turned=frozenset())])
async def test_what_was_seen_last_is_what_is_known(desk: Desk, later: Places) -> None:
    article = await desk.watches()
    story = Story()
    for minutes, places in enumerate((SEEN, later)):
        decision = await desk.decides(article, capture(NOON + minutes * MINUTE, body=story.body), story.reading())
        assert await desk.store.record(replace(decision, places=places))
        assert (await desk.store.known(article.id)).places == places


async def test_a_check_that_is_fenced_off_leaves_nothing_of_it(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, Story(), MINUTE)
    late = await desk.decides(article, capture(NOON + HOUR, body=Story().body), Story().reading())
    await desk.reads(article, Story(), 2 * MINUTE)

    assert await desk.store.record(replace(late, places=SEEN)) is None
    assert (await desk.store.known(article.id)).places == UNSEEN
