"""The few statements that SQLite and PostgreSQL spell each in their own way."""

from typing import TYPE_CHECKING, Union

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql

Upsert = Union["InsertPostgresql", InsertSqlite]

_CHANGE_ORDER = 0x6368616E
"""The key of the advisory lock under which changes get their ids ("chan")."""


def upsert(connection: Connection, table: Table) -> Upsert:
    """An INSERT that can say what happens when the row is there already."""
    if connection.dialect.name == "sqlite":
        return insert_sqlite(table)
    from sqlalchemy.dialects.postgresql import insert  # an extra: most stores are files, and need not wait for it

    return insert(table)


def insert_or_ignore(connection: Connection, table: Table) -> Upsert:
    return upsert(connection, table).on_conflict_do_nothing()


def keep_change_order(connection: Connection) -> None:
    """Let changes become visible in the order of their ids: who has read up to one never misses an earlier one.

    On PostgreSQL transactions end in any order, so those that add a change take turns; on SQLite they do anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGE_ORDER})")
