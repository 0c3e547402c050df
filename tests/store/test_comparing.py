"""What a diff asks of the store: which version stood at a time, and the change between two of them."""

import pytest

from monitor.core.diff import DIFF_VERSION
from monitor.errors import Misuse
from monitor.store import Store, StoredChange, VersionHead
from tests.store.desk import MINUTE, NOON, SECOND, Desk, Story

STORY = Story(updated=-60)
WITHDRAWN = STORY.but(headline="Mayor resigns?")
EDITED = STORY.but(headline="Mayor denies resigning", updated=4)
AGAIN = STORY.but(headline="Mayor stays", updated=9)


@pytest.fixture
async def mayor(desk: Desk) -> Desk:
    """Versions 1 to 4, of which the second was withdrawn, beside an article of one version."""
    article, other = await desk.watches(), await desk.watches("https://other.example/")
    await desk.reads(other, STORY, SECOND)
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, WITHDRAWN, MINUTE)
    await desk.reads(article, STORY, 90 * SECOND)
    await desk.reads(article, EDITED, 6 * MINUTE)
    await desk.reads(article, AGAIN, 11 * MINUTE)
    return desk


def number(head: VersionHead | None) -> int | None:
    return head.number if head else None


async def test_the_version_that_stood_at_a_time_is_the_last_that_was_seen_by_then(mayor: Desk) -> None:
    store = mayor.store

    for after, expected in (
        (0 * SECOND, None),
        (SECOND, 1),
        (70 * SECOND, 1),  # the second was on the page, and is withdrawn
        (6 * MINUTE - SECOND, 1),
        (6 * MINUTE, 3),
        (365 * 24 * 60 * MINUTE, 4),
    ):
        assert number(await store.standing(1, seen_by=NOON + after)) == expected, after


async def test_the_neighbours_of_a_version_are_those_that_stand(mayor: Desk) -> None:
    store = mayor.store

    assert number(await store.standing(1)) == 4
    assert number(await store.standing(1, above=0)) == 1
    assert number(await store.standing(1, below=3)) == 1
    assert number(await store.standing(1, above=1)) == 3
    assert number(await store.standing(1, above=4)) is None
    assert number(await store.standing(1, below=1)) is None
    assert number(await store.standing(99)) is None


async def test_a_version_that_stands_is_given_as_the_history_gives_it(mayor: Desk) -> None:
    rows = await mayor.store.history(1)

    assert [await mayor.store.standing(1, above=row.version.number - 1) for row in rows] == [r.version for r in rows]


async def test_a_change_is_found_by_its_ends(mayor: Desk) -> None:
    store = mayor.store
    recorded = [row.change for row in await store.history(1, withdrawn=True) if row.change]

    assert [(c.from_version, c.to_version) for c in recorded] == [(1, 2), (1, 3), (3, 4)]
    for change in recorded:
        assert await store.change_between(1, change.from_version, change.to_version) == change
    for old, new in ((3, 1), (1, 4), (2, 3), (1, 1), (0, 99)):
        assert await store.change_between(1, old, new) is None
    assert await store.change_between(2, 1, 3) is None


async def test_the_steps_between_two_versions_pass_over_what_was_withdrawn(mayor: Desk) -> None:
    def ends(changes: list[StoredChange]) -> list[tuple[int, int]]:
        return [(change.from_version, change.to_version) for change in changes]

    assert ends(await mayor.store.steps(1, 1, 4)) == [(1, 3), (3, 4)]
    assert ends(await mayor.store.steps(1, 3, 4)) == [(3, 4)]
    assert ends(await mayor.store.steps(1, 4, 1)) == ends(await mayor.store.steps(2, 1, 4)) == []


async def test_a_diff_comes_back_as_it_was_recorded(mayor: Desk) -> None:
    store: Store = mayor.store
    change = await store.change_between(1, 1, 3)
    assert change

    diff = await store.recorded_diff(change.id)

    assert (diff.edits, diff.patch) == (await store.edits(change.id), await store.patch(change.id))
    assert diff.diff_version == DIFF_VERSION
    with pytest.raises(Misuse, match="no change 99"):
        await store.recorded_diff(99)
