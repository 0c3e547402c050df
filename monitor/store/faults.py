"""Errors of SQLAlchemy and its drivers -> ours. Nothing else of theirs leaves this room."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from monitor.errors import StoreBusy, StoreError, StoreUnavailable

_FULL = (sqlite3.SQLITE_FULL,)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

# SQLSTATE classes, PostgreSQL 18, appendix A.
_PG_FULL = ("53100",)
_PG_BUSY = ("40001", "40P01", "55P03", "57014")
_PG_READ_ONLY = ("25006", "42501")
_PG_DAMAGED = ("XX001", "XX002")


class DamagedStore(StoreUnavailable):
    """The database file itself is broken; nothing may be written to it any more."""


class BrokenRule(StoreError):
    """A constraint or trigger of the store refused: a defect of this program, never of the world."""


@contextmanager
def translated(location: str) -> Iterator[None]:
    """Whatever the database raises inside comes out as a StoreError that says what to do next."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise translate(error, location) from error
    except sqlite3.Error as error:
        raise of_sqlite(error, location) from error


def translate(error: exc.SQLAlchemyError, location: str) -> StoreError:
    original = getattr(error, "orig", None)
    if isinstance(original, sqlite3.Error):
        return of_sqlite(original, location)
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return _of_postgresql(state, original, location)
    if isinstance(error, exc.TimeoutError):
        return StoreBusy(f"the store {location} has no free connection; try again")
    return StoreUnavailable(f"the store {location} cannot be reached ({_line(original or error)}); is it running?")


def of_sqlite(error: sqlite3.Error, location: str) -> StoreError:
    # Extended codes carry the primary one in their lowest byte (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        return _full(location)
    if code in _BUSY:
        return _busy(location)
    if code in _READ_ONLY:
        return _read_only(location)
    if code in _DAMAGED:
        return damaged(location, _line(error))
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreUnavailable(f"the store {location} cannot be opened; check that its folder exists and is writable")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return BrokenRule(f"the store refused a write that breaks a rule of its own ({_line(error)}); please report it")
    return StoreUnavailable(f"the store {location} does not answer ({_line(error)}); check the disk that it is on")


def _of_postgresql(state: str, error: object, location: str) -> StoreError:
    if state in _PG_FULL:
        return _full(location)
    if state in _PG_BUSY:
        return _busy(location)
    if state in _PG_READ_ONLY:
        return _read_only(location)
    if state in _PG_DAMAGED:
        return damaged(location, _line(error))
    if state.startswith("23"):
        return BrokenRule(f"the store refused a write that breaks a rule of its own ({_line(error)}); please report it")
    if state.startswith("28"):
        return StoreUnavailable(f"the store {location} refuses the user or password of its URL")
    if state.startswith("3D"):
        return StoreUnavailable(f"the database of {location} does not exist; make it with 'createdb'")
    return StoreUnavailable(f"the store {location} does not answer ({_line(error)}); is it running?")


def damaged(location: str, how: str) -> DamagedStore:
    return DamagedStore(
        f"the store {location} is damaged ({how}); nothing was written: restore a backup, or save what can be read"
        " with 'sqlite3 FILE .recover' into a new file"
    )


def _full(location: str) -> StoreError:
    return StoreUnavailable(
        f"the disk of the store {location} is full; make room and checks go on by themselves", full=True
    )


def _busy(location: str) -> StoreError:
    return StoreBusy(f"the store {location} is locked by another program; try again when that has ended")


def _read_only(location: str) -> StoreError:
    return StoreUnavailable(
        f"the store {location} is read-only; make the file and its folder writable, or choose another"
    )


def _line(error: object) -> str:
    return " ".join(str(error).split())[:200]
