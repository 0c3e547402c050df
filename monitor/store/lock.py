"""One daemon a store: a lock that ends with the process that holds it, and a row that says who that is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, select, text, update

from monitor.errors import StoreBusy, StoreUnavailable
from monitor.store.dialect import upsert
from monitor.store.faults import translated
from monitor.store.rows import DaemonState
from monitor.store.tables import daemon, outbox
from monitor.store.tables import host as host_table

_THE_ONE = 1
_KEY = 0x6461656D
"""The key of the advisory lock of a PostgreSQL store ("daem")."""


class DaemonLock(Protocol):
    def take(self) -> bool:
        """Take it; False when somebody else has it."""
        ...

    def release(self) -> None: ...

    def is_taken(self) -> bool:
        """Whether anybody has it, this process included."""
        ...

    def is_mine(self) -> bool:
        """Whether this process has it still."""
        ...


class FileLock:
    """A lock on a file beside the store: the system releases it when the process ends, however it ends."""

    def __init__(self, store: Path) -> None:
        self._file = store.with_name(store.name + ".lock")
        self._held: int | None = None

    def take(self) -> bool:
        descriptor = self._open()
        if _lock(descriptor, fcntl.LOCK_EX):
            self._held = descriptor
            return True
        os.close(descriptor)
        return False

    def release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            os.close(held)

    def is_taken(self) -> bool:
        if self._held is not None:
            return True
        if not self._file.exists():
            return False
        with self._opened() as descriptor:
            return not _lock(descriptor, fcntl.LOCK_SH)

    def is_mine(self) -> bool:
        return self._held is not None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        descriptor = self._open(os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _open(self, mode: int = os.O_RDWR | os.O_CREAT) -> int:
        try:
            return os.open(self._file, mode | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreUnavailable(f"the lock {self._file} cannot be opened ({error.strerror})") from error


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class ServerLock:
    """An advisory lock of PostgreSQL, held by a connection of its own: it ends with the connection."""

    def __init__(self, engine: Engine, location: str) -> None:
        self._engine, self._location = engine, location
        self._connection: Connection | None = None

    def take(self) -> bool:
        with translated(self._location):
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar():
                # The lock lives as long as the session: this connection never goes back to the pool.
                connection.detach()
                self._connection = connection
                return True
            connection.close()
            return False

    def release(self) -> None:
        held, self._connection = self._connection, None
        if held is None:
            return
        # The server notices a closed connection only a moment later; one that is broken has lost the lock already.
        with suppress(StoreUnavailable), translated(self._location):
            held.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
        with translated(self._location):
            held.close()

    def is_taken(self) -> bool:
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with translated(self._location), self._engine.connect() as connection:
            return bool(connection.execute(held, {"key": _KEY}).scalar())

    def is_mine(self) -> bool:
        if self._connection is None:
            return False
        try:
            with translated(self._location):
                self._connection.execute(text("SELECT 1"))
        except StoreUnavailable:
            self._connection.invalidate()
            self._connection = None
        return self._connection is not None


# -- who it is


def owner(host: str, pid: int) -> str:
    """The name under which a process holds leases."""
    return f"{host}:{pid}"


def note_start(connection: Connection, *, pid: int, host: str, now: datetime) -> None:
    """Write down who runs now. Whoever ran before runs no more (the lock was free), so what it had leased is free."""
    before = read(connection, running=False)
    if before is not None:
        _free_leases(connection, owner(before.host, before.pid))
    values = {
        "pid": pid,
        "host": host,
        "since": now,
        "stopped_at": None,
        "last_tick_at": None,
        "last_deliver_at": None,
    }
    row = upsert(connection, daemon).values(id=_THE_ONE, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


def _free_leases(connection: Connection, of: str) -> None:
    for table in (host_table, outbox):
        free = {"leased_by": None, "leased_until": None}
        connection.execute(update(table).where(table.c.leased_by == of).values(free))


def note_stop(connection: Connection, now: datetime) -> None:
    connection.execute(update(daemon).values(stopped_at=now))


def note_beat(connection: Connection, *, tick_at: datetime | None, deliver_at: datetime | None) -> None:
    beats = {"last_tick_at": tick_at, "last_deliver_at": deliver_at}
    seen = {name: at for name, at in beats.items() if at is not None}
    if seen:
        connection.execute(update(daemon).values(seen))


def read(connection: Connection, *, running: bool) -> DaemonState | None:
    row = connection.execute(select(daemon)).first()
    if row is None:
        return None
    return DaemonState(
        running=running,
        pid=row.pid,
        host=row.host,
        since=row.since,
        last_tick_at=row.last_tick_at,
        last_deliver_at=row.last_deliver_at,
        stopped_at=row.stopped_at,
    )


def refusal(holder: DaemonState | None, location: str) -> StoreBusy:
    """What a second daemon is told."""
    if holder is None:
        return StoreBusy(f"another daemon holds the store {location}; stop it first")
    since = holder.since.strftime("%d %b %Y %H:%M:%S UTC").lstrip("0")
    return StoreBusy(
        f"the store {location} is held by the daemon with process id {holder.pid} on {holder.host}, running since"
        f" {since}; stop that one first, or name another store with --store"
    )
