"""Who writes: on SQLite one thread that commits in groups, on PostgreSQL a few threads with a transaction each."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import StoreUnavailable
from monitor.store.faults import DamagedStore, translate, translated

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP_ITEMS = 50
GROUP_SECONDS = 0.02
"""A group takes in what is waiting, up to so many items, for so long; then it commits. Nobody waits for company."""


class Writer(Protocol):
    async def write(self, work: Work[T], /) -> T:
        """Run `work` in a transaction and return when it has been committed. Raises StoreError; then nothing of it
        was kept."""
        ...

    async def close(self) -> None: ...


class Unwritten(Exception):  # no error: it tells the writer to undo the item, and the caller what came of it
    """Raised by an item of work that found it has nothing to write: all it did is undone, `outcome` is returned."""

    def __init__(self, outcome: object = None) -> None:
        self.outcome = outcome


class _Item:
    __slots__ = ("future", "outcome", "work")

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.outcome: Any = None


class GroupWriter:
    """One thread, one connection. Items that come while a group commits share the next one's commit; each has a
    savepoint of its own, so that one which fails takes nobody with it."""

    def __init__(self, engine: Engine, location: str) -> None:
        self._engine, self._location = engine, location
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._damage: DamagedStore | None = None
        self._closed = self._ending = False

    async def write(self, work: Work[T]) -> T:
        if self._closed:
            raise StoreUnavailable(f"the store {self._location} has been closed")
        item = _Item(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
            self._thread.start()
        self._queue.put(item)
        # A caller that is cancelled leaves; what it asked for is still written.
        outcome: T = await asyncio.shield(asyncio.wrap_future(item.future))
        return outcome

    async def close(self) -> None:
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    # -- in the thread

    def _serve(self) -> None:
        more = True
        while more:
            first = self._queue.get()
            if first is None:
                break
            more = self._group(first)
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.close()

    def _group(self, first: _Item) -> bool:
        """Write one group; False when the writer is to end after it."""
        done: list[_Item] = []
        waiting: _Item | None = first
        try:
            with translated(self._location):
                connection = self._ready()
                with connection.begin():
                    ends = time.perf_counter() + GROUP_SECONDS
                    while waiting is not None:
                        done.append(waiting)
                        self._run(connection, waiting)
                        waiting = self._next(len(done), ends)
        except BaseException as error:  # the thread must live on, and every caller must hear of it
            self._failed(done or [first], error)
            return not self._ending
        for item in done:
            if not item.future.done():
                item.future.set_result(item.outcome)
        return not self._ending

    def _next(self, taken: int, ends: float) -> _Item | None:
        if taken >= GROUP_ITEMS or time.perf_counter() >= ends:
            return None
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        self._ending = item is None
        return item

    def _run(self, connection: Connection, item: _Item) -> None:
        """Run one item under its savepoint. Only what ends the whole transaction leaves this function."""
        savepoint = connection.begin_nested()
        try:
            item.outcome = item.work(connection)
            savepoint.commit()
        except Unwritten as nothing:
            savepoint.rollback()
            item.outcome = nothing.outcome
        except Exception as error:
            ours = _ours(error, self._location)
            if _rolled_back(connection):
                # A full disk ends the whole transaction, the neighbours' work too (sqlite.org/lang_transaction.html).
                raise ours from error
            self._note_damage(ours)
            savepoint.rollback()
            item.future.set_exception(ours)

    def _ready(self) -> Connection:
        if self._damage is not None:
            raise self._damage
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _note_damage(self, error: BaseException) -> None:
        """A damaged file is not written any more, however sound the part that the next write would touch."""
        if isinstance(error, DamagedStore):
            self._damage = error

    def _failed(self, items: list[_Item], error: BaseException) -> None:
        self._note_damage(error)
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.invalidate()
                connection.close()
        for item in items:
            if not item.future.done():
                item.future.set_exception(error)


def _rolled_back(connection: Connection) -> bool:
    raw = connection.connection.dbapi_connection
    return raw is None or not getattr(raw, "in_transaction", True)


def _ours(error: Exception, location: str) -> Exception:
    return translate(error, location) if isinstance(error, SQLAlchemyError) else error


class PoolWriter:
    """A few threads, a transaction each: PostgreSQL groups the commits itself."""

    def __init__(self, engine: Engine, location: str, threads: int) -> None:
        self._engine, self._location = engine, location
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="store-writer")

    async def write(self, work: Work[T]) -> T:
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._write, work)
        outcome: T = await asyncio.shield(future)
        return outcome

    def _write(self, work: Work[T]) -> T:
        try:
            with translated(self._location), self._engine.begin() as connection:
                return work(connection)
        except Unwritten as nothing:
            return nothing.outcome  # type: ignore[return-value]  # the work chose it as its own outcome

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


class NoWriter:
    """Of a store that was opened for reading."""

    def __init__(self, location: str) -> None:
        self._location = location

    async def write(self, _: Work[T]) -> T:
        raise StoreUnavailable(f"the store {self._location} was opened for reading only")

    async def close(self) -> None:
        pass
