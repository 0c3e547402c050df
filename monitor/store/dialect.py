"""The few statements that SQLite and PostgreSQL spell each in their own way."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

_CHANGE_ORDER = 0x6368616E
"""The key of the advisory lock under which changes get their ids ("chan")."""


def upsert(connection: Connection, table: Table) -> InsertPostgresql | InsertSqlite:
    """An INSERT that can say what happens when the row is there already."""
    return insert_postgresql(table) if connection.dialect.name == "postgresql" else insert_sqlite(table)


def insert_or_ignore(connection: Connection, table: Table) -> InsertPostgresql | InsertSqlite:
    return upsert(connection, table).on_conflict_do_nothing()


def keep_change_order(connection: Connection) -> None:
    """Let changes become visible in the order of their ids: who has read up to one never misses an earlier one.

    On PostgreSQL transactions end in any order, so those that add a change take turns; on SQLite they do anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGE_ORDER})")
