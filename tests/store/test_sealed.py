"""What was committed stays as it is, and damage is told and never mended."""
# ruff: noqa: S608  # the statements are put together from names that stand in this file

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from monitor.core.capture import Outcome
from monitor.errors import CorruptVersion
from monitor.store import Store
from monitor.store.engine import locate, writing_engine
from monitor.store.faults import BrokenRule
from tests.store.desk import MINUTE, NOON, SECOND, Desk, Story

STORY = Story()
SEALED = ("blob", "version", "reading", "change", "change_state", "event", "attempt")


@pytest.fixture
async def lived(desk: Desk) -> Desk:
    """An article that has been through something: a row in every table."""
    article = await desk.watches()
    await desk.reads(article, STORY.but(live=True), SECOND)
    await desk.reads(article, STORY.but(updated=2), 6 * MINUTE)
    await desk.reads(article, STORY.but(updated=9, text=("All of it was wrong.",)), 16 * MINUTE)
    await desk.meets(article, Outcome.SERVER_ERROR, 20 * MINUTE, status=500, body=b"sorry")
    await desk.sends("hook", 20 * MINUTE)
    return desk


async def tamper(store: Store, statement: str, **values: object) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text(statement), values)

    await store._writer.write(work)


@pytest.mark.parametrize("table", SEALED)
async def test_a_committed_row_is_never_altered(lived: Desk, table: str) -> None:
    column = {"blob": "raw_len", "version": "number"}.get(table, "id")
    with pytest.raises(BrokenRule, match="never altered"):
        await tamper(lived.store, f"UPDATE {table} SET {column} = {column} + 1")


@pytest.mark.parametrize("table", [*SEALED, "observation"])
async def test_a_committed_row_is_never_deleted(lived: Desk, table: str) -> None:
    with pytest.raises(BrokenRule, match=r"never (altered or )?deleted"):
        await tamper(lived.store, f"DELETE FROM {table}")


async def test_last_seen_at_only_grows(lived: Desk) -> None:
    await tamper(lived.store, "UPDATE version SET last_seen_at = last_seen_at + 1")
    with pytest.raises(BrokenRule, match="never altered"):
        await tamper(lived.store, "UPDATE version SET last_seen_at = last_seen_at - 1")


async def test_a_visit_that_ends_late_does_not_take_back_what_was_seen(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, STORY, 9 * MINUTE)
    await desk.reads(article, STORY, 5 * MINUTE)

    [row] = await desk.store.history(article.id)

    assert row.version.last_seen_at > NOON + 8 * MINUTE


async def test_no_state_points_at_a_missing_version(lived: Desk) -> None:
    for column in ("current_version_id", "hold_told_version_id", "hold_change_id"):
        with pytest.raises(BrokenRule):
            await tamper(lived.store, f"UPDATE article SET {column} = 4711")


async def test_times_are_whole_utc_milliseconds(lived: Desk) -> None:
    def kinds(connection: Connection) -> set[object]:
        return set(connection.execute(text("SELECT last_seen_at FROM version")).scalars())

    times = await lived.store._read(kinds)

    assert all(isinstance(at, int) for at in times)
    assert int(NOON.timestamp() * 1000) + 600 in times


async def test_a_time_without_a_zone_is_refused(desk: Desk) -> None:
    with pytest.raises(Exception, match="without a zone"):
        await desk.store.add_article("https://news.example/x", host="news.example", now=NOON.replace(tzinfo=None))


# -- damage


def flip(data: bytes) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 0x20]) + data[-2:]


def halve(data: bytes) -> bytes:
    return data[: len(data) // 2]


def empty(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [flip, halve, empty])
async def test_a_wrong_hash_is_reported_and_never_repaired(lived: Desk, damage: Callable[[bytes], bytes]) -> None:
    store = lived.store
    [first, *_] = await store.versions(1)
    assert first.page_sha256 is not None
    name = bytes.fromhex(first.page_sha256)
    await _unseal_and_damage(store, name, damage)

    for _ in range(2):
        with pytest.raises(CorruptVersion) as told:
            await store.page(first.page_sha256)
        assert told.value.sha256 == first.page_sha256
    problems = await store.verify()
    assert any(
        first.page_sha256[:12] in problem and "version 1 of https://news.example/story" in problem
        for problem in problems
    )


async def test_an_article_whose_keyframe_is_damaged_goes_on_with_a_new_one(lived: Desk) -> None:
    store = lived.store
    first, *_ = await store.versions(1)
    assert first.page_sha256 is not None
    await _unseal_and_damage(store, bytes.fromhex(first.page_sha256), flip)
    [article] = [row.article for row in await store.articles()]

    recorded = await lived.reads(article, STORY.but(updated=30, headline="New"), 31 * MINUTE)

    assert recorded is not None
    assert recorded.version_id is not None
    assert (await store.capture_of(recorded.version_id)).body == STORY.but(updated=30, headline="New").body


async def test_verify_finds_a_diff_that_does_not_lead_anywhere(lived: Desk) -> None:
    store = lived.store
    one, two = [change async for change in store.changes()]
    await _unseal(store, "change", "altered")
    await tamper(
        store,
        "UPDATE change SET diff_sha256 = (SELECT diff_sha256 FROM change WHERE id = :two) WHERE id = :one",
        one=one.id,
        two=two.id,
    )

    assert await store.verify() == [
        f"the recorded diff of change {one.id} does not lead from one of its versions to the other"
    ]


async def test_verify_finds_a_wrong_count_and_a_foreign_version(lived: Desk) -> None:
    other = await lived.watches("https://news.example/other")
    await tamper(
        lived.store, "UPDATE article SET version_count = 1, current_version_id = 1 WHERE id = :id", id=other.id
    )

    assert set(await lived.store.verify()) == {
        "https://news.example/other counts another number of versions than are stored",
        "https://news.example/other points at a version of another article",
    }


async def test_a_sound_store_has_nothing_to_report(lived: Desk) -> None:
    seen: list[tuple[int, int]] = []

    assert await lived.store.verify(lambda done, total: seen.append((done, total))) == []

    assert seen[-1][0] == seen[-1][1] == len(seen)


async def _unseal_and_damage(store: Store, name: bytes, damage: Callable[[bytes], bytes]) -> None:
    """Change stored bytes behind the store's back, as a broken disk would."""
    await _unseal(store, "blob", "altered")

    def work(connection: Connection) -> None:
        data = connection.execute(text("SELECT data FROM blob WHERE sha256 = :name"), {"name": name}).scalar_one()
        broken = {"data": damage(bytes(data)), "name": name}
        connection.execute(text("UPDATE blob SET data = :data WHERE sha256 = :name"), broken)

    await store._writer.write(work)


async def _unseal(store: Store, table: str, what: str) -> None:
    """Remove the trigger. PostgreSQL changes a table only when nobody reads it."""
    on = f" ON {table}" if store._location.file is None else ""
    engine = writing_engine(locate(store._location.url.render_as_string(hide_password=False)))
    with engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {table}_is_never_{what}{on}"))
    engine.dispose()
