"""Engines: how this program opens SQLite and PostgreSQL."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from monitor.errors import StoreUnavailable

READERS = 4
"""Threads that read, and connections that they read with."""
WRITERS = 4
"""Threads that write to PostgreSQL; SQLite has one writer."""
BUSY_TIMEOUT_MS = 10_000


@dataclass(frozen=True, slots=True)
class Location:
    """Where a store is: a file, or a server's URL. `shown` is for people and holds no password."""

    url: URL
    shown: str
    file: Path | None = None


def locate(url: str) -> Location:
    """Understand a store URL. Raises StoreUnavailable for one that names no store."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUnavailable(_no_store(url)) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _file(parsed)
    if backend in ("postgresql", "postgres"):
        server = parsed.set(drivername="postgresql+psycopg")
        return Location(server, server.render_as_string(hide_password=True))
    raise StoreUnavailable(_no_store(parsed.render_as_string(hide_password=True)))


def _file(url: URL) -> Location:
    if not url.database or url.database == ":memory:":
        raise StoreUnavailable("a store in memory would forget everything; name a file: sqlite:///monitor.db")
    file = Path(unquote(url.database)).absolute()
    return Location(url, str(file), file)


def _no_store(url: str) -> str:
    return f"{url!r} names no store; write sqlite:///monitor.db or postgresql+psycopg://user@host/name"


def reading_engine(location: Location) -> Engine:
    """For reads only: what is read in one transaction is one state of the store."""
    if location.file is None:
        return _postgresql(location, READERS).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    engine = _sqlite(location.file, mode="ro", pool=READERS)
    event.listen(engine, "begin", lambda connection: _say(connection, "BEGIN"))
    return engine


def writing_engine(location: Location) -> Engine:
    """For writes. On SQLite each transaction takes the write lock at its start: one that reads first and locks later
    fails at once when another writer was faster (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout."""
    if location.file is None:
        return _postgresql(location, WRITERS)
    engine = _sqlite(location.file, mode="rw", pool=0)
    event.listen(engine, "begin", lambda connection: _say(connection, "BEGIN IMMEDIATE"))
    return engine


def _say(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _sqlite(file: Path, *, mode: str, pool: int) -> Engine:
    def connect() -> sqlite3.Connection:
        return connect_sqlite(file, mode=mode)

    if pool:
        return create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=pool, max_overflow=0)
    return create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)


def connect_sqlite(file: Path, *, mode: str) -> sqlite3.Connection:
    """A connection as we want it. `mode` is ro, rw or rwc (which creates the file)."""
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys=ON")
    if mode != "ro":
        connection.execute("PRAGMA journal_mode=WAL")
        # What was answered must survive a power cut; group commit makes that cheap.
        connection.execute("PRAGMA synchronous=FULL")
    return connection


def _postgresql(location: Location, size: int) -> Engine:
    options: dict[str, Any] = {"connect_timeout": 10, "application_name": "monitor"}
    try:
        return create_engine(
            location.url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=True,
            connect_args=options,
        )
    except ModuleNotFoundError:
        raise StoreUnavailable(
            "PostgreSQL needs a further part of this program: pip install 'article-monitor[postgres]'"
        ) from None
