"""Who writes: groups that commit together, items that fail alone, and errors that say what to do."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, exc, text

from monitor.errors import StoreBusy, StoreError, StoreUnavailable
from monitor.store import Store
from monitor.store.engine import locate, writing_engine
from monitor.store.faults import BrokenRule, DamagedStore, translate
from monitor.store.writer import GROUP_ITEMS, GroupWriter, Unwritten, Work
from tests.store.desk import NOON


class Bench:
    """A writer over a real file that counts its commits and can be held up."""

    def __init__(self, url: str) -> None:
        self.engine = writing_engine(locate(url))
        self.commits = 0
        event.listen(self.engine, "commit", self._count)
        self.writer = GroupWriter(self.engine, "the bench")
        self.gate = threading.Event()

    def _count(self, _: Connection) -> None:
        self.commits += 1

    def hold_up(self) -> "asyncio.Task[None]":
        """Keep the writer busy, so that what comes meanwhile has to wait."""

        def wait(connection: Connection) -> None:
            self.gate.wait(10)

        return asyncio.create_task(self.writer.write(wait))


@pytest.fixture
def bench(sqlite_url: str) -> Bench:
    return Bench(sqlite_url)


def insert(name: str) -> Work[Any]:
    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO host (name) VALUES (:name)"), {"name": name})
        return name

    return work


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("something")
    error.sqlite_errorcode = code
    return error


def hosts(url: str) -> set[str]:
    connection = sqlite3.connect(locate(url).file or "")
    names = {name for (name,) in connection.execute("SELECT name FROM host")}
    connection.close()
    return names


async def waiting(bench: Bench, works: list[Work[Any]]) -> list[object]:
    """What becomes of work that had to wait for a writer that was busy."""
    busy = bench.hold_up()
    await asyncio.sleep(0)
    tasks = [asyncio.create_task(bench.writer.write(work)) for work in works]
    await asyncio.sleep(0)
    bench.gate.set()
    _, *ends = await asyncio.gather(busy, *tasks, return_exceptions=True)
    return ends


async def test_what_waits_is_committed_in_groups(bench: Bench, sqlite_url: str) -> None:
    names = [f"h{n}" for n in range(3 * GROUP_ITEMS)]

    ends = await waiting(bench, [insert(name) for name in names])
    await bench.writer.close()

    assert ends == names
    assert hosts(sqlite_url) == set(names)
    assert bench.commits < len(names) / 3


async def test_an_item_that_fails_takes_nobody_with_it(bench: Bench, sqlite_url: str) -> None:
    def half_done(connection: Connection) -> None:
        connection.execute(text("INSERT INTO host (name) VALUES ('half')"))
        raise RuntimeError("in the middle")

    def broken(connection: Connection) -> None:
        connection.execute(text("INSERT INTO article (id) VALUES (1)"))

    def nothing(connection: Connection) -> None:
        connection.execute(text("INSERT INTO host (name) VALUES ('nothing')"))
        raise Unwritten("fenced")

    ends = await waiting(bench, [insert("a"), half_done, insert("b"), broken, nothing, insert("c")])
    await bench.writer.close()

    assert [type(end).__name__ for end in ends] == ["str", "RuntimeError", "str", "BrokenRule", "str", "str"]
    assert ends[4] == "fenced"
    assert hosts(sqlite_url) == {"a", "b", "c"}


async def test_a_full_disk_fails_the_group_and_the_next_one_is_tried_anew(bench: Bench, sqlite_url: str) -> None:
    def limit(pages: int) -> Work[Any]:
        def work(connection: Connection) -> None:
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))

        return work

    def fill(connection: Connection) -> None:
        connection.execute(text("INSERT INTO host (name) VALUES (:name)"), {"name": "x" * 500_000})

    await bench.writer.write(limit(1))
    ends = await waiting(bench, [insert("small"), fill, insert("small too")])
    full = [end for end in ends if isinstance(end, StoreUnavailable)]
    assert full
    assert all(end.full for end in full)

    await bench.writer.write(limit(1_000_000))
    assert await bench.writer.write(insert("after")) == "after"
    await bench.writer.close()
    answered = {str(end) for end in ends if isinstance(end, str)}
    assert hosts(sqlite_url) == answered | {"after"}


async def test_an_error_that_ends_the_whole_transaction_is_told_to_all_whose_work_it_undid(
    bench: Bench, sqlite_url: str
) -> None:
    def ends_all(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")  # as SQLite itself does on some errors
        raise exc.OperationalError("INSERT", None, sqlite_error(sqlite3.SQLITE_FULL))

    before, failed, after = await waiting(bench, [insert("before"), ends_all, insert("after")])
    await bench.writer.close()

    assert isinstance(before, StoreUnavailable)
    assert isinstance(failed, StoreUnavailable)
    assert after == "after"
    assert hosts(sqlite_url) == {"after"}


async def test_nothing_is_written_after_the_end(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    await store.add_article("https://a.example/", host="a.example", now=NOON)
    await store.close()

    with pytest.raises(StoreUnavailable, match="has been closed"):
        await store.add_article("https://b.example/", host="b.example", now=NOON)


async def test_what_was_asked_before_the_end_is_still_written(bench: Bench, sqlite_url: str) -> None:
    busy = bench.hold_up()
    await asyncio.sleep(0)
    asked = asyncio.create_task(bench.writer.write(insert("late")))
    await asyncio.sleep(0)
    closing = asyncio.create_task(bench.writer.close())
    bench.gate.set()
    await asyncio.gather(busy, asked, closing)

    assert hosts(sqlite_url) == {"late"}


async def test_a_caller_that_is_cancelled_does_not_undo_what_it_asked_for(bench: Bench, sqlite_url: str) -> None:
    busy = bench.hold_up()
    await asyncio.sleep(0)
    asked = asyncio.create_task(bench.writer.write(insert("kept")))
    await asyncio.sleep(0)
    asked.cancel()
    bench.gate.set()
    await busy
    await bench.writer.close()

    assert hosts(sqlite_url) == {"kept"}


async def test_two_processes_can_write_by_turns(sqlite_url: str) -> None:
    one, two = Store.open(sqlite_url), Store.open(sqlite_url)

    await asyncio.gather(
        *(
            store.add_article(f"https://{n}.example/{side}", host=f"{n}.example", now=NOON)
            for n in range(20)
            for side, store in enumerate((one, two))
        )
    )

    assert len(await one.articles()) == 40
    await one.close()
    await two.close()


# -- errors


@pytest.mark.parametrize(
    ("original", "kind", "words"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), StoreUnavailable, "is full; make room"),
        (sqlite_error(sqlite3.SQLITE_BUSY), StoreBusy, "locked by another program"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), StoreBusy, "locked by another program"),
        (sqlite_error(sqlite3.SQLITE_LOCKED), StoreBusy, "locked by another program"),
        (sqlite_error(sqlite3.SQLITE_READONLY), StoreUnavailable, "read-only"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), StoreUnavailable, "read-only"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT), DamagedStore, "damaged"),
        (sqlite_error(sqlite3.SQLITE_NOTADB), DamagedStore, "damaged"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), StoreUnavailable, "cannot be opened"),
        (sqlite_error(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY), BrokenRule, "please report it"),
        (sqlite_error(sqlite3.SQLITE_IOERR), StoreUnavailable, "check the disk"),
        (psycopg.errors.DiskFull("x"), StoreUnavailable, "is full; make room"),
        (psycopg.errors.LockNotAvailable("x"), StoreBusy, "locked by another program"),
        (psycopg.errors.SerializationFailure("x"), StoreBusy, "locked by another program"),
        (psycopg.errors.ReadOnlySqlTransaction("x"), StoreUnavailable, "read-only"),
        (psycopg.errors.DataCorrupted("x"), DamagedStore, "damaged"),
        (psycopg.errors.UniqueViolation("x"), BrokenRule, "please report it"),
        (psycopg.errors.InvalidPassword("x"), StoreUnavailable, "user or password"),
        (psycopg.errors.InvalidCatalogName("x"), StoreUnavailable, "createdb"),
        (psycopg.errors.AdminShutdown("x"), StoreUnavailable, "is it running"),
        (psycopg.OperationalError("x"), StoreUnavailable, "is it running"),
    ],
)
def test_every_error_of_a_driver_is_told_in_our_words(original: Exception, kind: type[StoreError], words: str) -> None:
    told = translate(exc.DBAPIError.instance("SELECT 1", None, original, type(original)), "/srv/monitor.db")

    assert type(told) is kind
    assert words in str(told)
    assert "/srv/monitor.db" in str(told) or kind is BrokenRule
    assert isinstance(told, StoreUnavailable) is (not issubclass(kind, (StoreBusy, BrokenRule)))
    assert getattr(told, "full", False) is ("full" in words)


def test_a_pool_that_is_exhausted_is_a_busy_store() -> None:
    assert type(translate(exc.TimeoutError("x"), "db")) is StoreBusy


async def test_no_foreign_error_leaves_the_store(tmp_path: Path, sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    await store.articles()
    file = locate(sqlite_url).file
    assert file is not None
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE attempt")
        connection.execute("DROP TABLE check_log")
    connection.close()

    with pytest.raises(StoreError):
        await store.check_log(1)
    await store.close()
