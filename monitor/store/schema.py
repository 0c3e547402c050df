"""Is there a store, and is it ours? Opening one at this release's schema costs one query and no migration tool."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from monitor.errors import SchemaMismatch, StoreUnavailable
from monitor.store.engine import Location, connect_sqlite, reading_engine, writing_engine
from monitor.store.faults import damaged, of_sqlite, translated
from monitor.store.tables import HEAD, REVISIONS

_MAGIC = b"SQLite format 3\0"


def ensure(location: Location, *, create: bool, upgrade: bool | None, readonly: bool) -> None:
    """See to it that the store is there and of this release's schema.

    `upgrade` None: on SQLite yes, keeping a copy beside it; on PostgreSQL only an empty database is filled. Raises
    StoreUnavailable or SchemaMismatch, and has then written nothing.
    """
    found = _found_in_file(location, location.file) if location.file else _found_on_server(location)
    if found == HEAD:
        if location.file and not readonly:
            _require_writable(location.file)
        return
    if found is not None and found not in REVISIONS:
        raise SchemaMismatch(
            f"the store {location.shown} was written by a newer release (schema {found}, this one knows {HEAD});"
            " upgrade this program",
            found=found,
            wanted=HEAD,
        )
    if found is None:
        _create(location, create=create and not readonly)
    else:
        _upgrade(location, found, allowed=_may_upgrade(location, upgrade) and not readonly)


def _create(location: Location, *, create: bool) -> None:
    if not create:
        raise StoreUnavailable(
            f"there is no store at {location.shown} yet; 'monitor add URL' makes one, --store names another"
        )
    if location.file:
        _make_folder(location.file.parent)
        _require_writable(location.file)
        with translated(location.shown), closing(connect_sqlite(location.file, mode="rwc")):
            pass
    migrate(location)


def _may_upgrade(location: Location, upgrade: bool | None) -> bool:
    return location.file is not None if upgrade is None else upgrade


def _upgrade(location: Location, found: str, *, allowed: bool) -> None:
    if not allowed:
        raise SchemaMismatch(
            f"the store {location.shown} was written by an older release (schema {found}, this one needs {HEAD});"
            " run 'monitor db upgrade'",
            found=found,
            wanted=HEAD,
        )
    if location.file:
        _require_writable(location.file)
        keep_copy(location, Path(f"{location.file}.schema-{found}"))
    migrate(location)


def migrate(location: Location) -> None:
    """Bring the schema to HEAD in one transaction; of several processes at once, one does it and the others find it
    done."""
    from monitor.store.migrations import run  # the migration tool takes long to import and is needed once

    engine = writing_engine(location)
    try:
        with translated(location.shown):
            run(engine)
    finally:
        engine.dispose()


def keep_copy(location: Location, target: Path) -> None:
    """A consistent copy of a SQLite store while others use it. Raises StoreUnavailable; never overwrites."""
    assert location.file is not None
    if target.exists():
        raise StoreUnavailable(f"{target} exists already; name a file that does not")
    # Written under another name first: a half-written copy must not look like a backup.
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with translated(location.shown), closing(connect_sqlite(location.file, mode="ro")) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _to_disk(unfinished)
        unfinished.rename(target)
    except OSError as error:
        raise StoreUnavailable(f"the copy {target} cannot be written ({error.strerror}); name another place") from error


def _to_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# -- what is there


def _found_in_file(location: Location, file: Path) -> str | None:
    """The schema of the store in that file; None where there is none yet."""
    try:
        if file.is_dir():
            raise StoreUnavailable(
                f"{file} is a folder; the store is a file: name one in it, such as {file}/monitor.db"
            )
        if not file.exists() or file.stat().st_size == 0:
            return None
        with file.open("rb") as stream:
            magic = stream.read(len(_MAGIC))
    except OSError as error:
        raise StoreUnavailable(f"the store {file} cannot be read ({error.strerror}); check who owns it") from error
    if magic != _MAGIC:
        raise StoreUnavailable(f"{file} is not a store of this program; nothing was changed: name another file")
    try:
        with closing(connect_sqlite(file, mode="ro")) as connection:
            return _schema_in(connection, file)
    except sqlite3.Error as error:
        raise of_sqlite(error, location.shown) from error


def _schema_in(connection: sqlite3.Connection, file: Path) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if not {"alembic_version", "article", "outbox"} <= tables:
        raise StoreUnavailable(f"{file} is a database of another program; nothing was changed: name another file")
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise damaged(str(file), "it does not name its schema")
    return str(row[0])


def _found_on_server(location: Location) -> str | None:
    engine = reading_engine(location)
    try:
        with translated(location.shown):
            return _schema_on(engine, location)
    finally:
        engine.dispose()


def _schema_on(engine: Engine, location: Location) -> str | None:
    with engine.connect() as connection:
        version_table = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar()
        article_table = connection.execute(text("SELECT to_regclass('article')")).scalar()
        if version_table is None and article_table is None:
            return None
        if version_table is None or article_table is None:
            raise StoreUnavailable(f"{location.shown} is a database of another program; name an empty one")
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the folder {folder} cannot be made ({error.strerror}); name a store elsewhere with --store"
        ) from error


def _require_writable(file: Path) -> None:
    """SQLite writes beside its file too: the folder must be writable."""
    if file.exists() and not os.access(file, os.W_OK):
        raise StoreUnavailable(f"the store {file} is read-only; make it writable, or name another with --store")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StoreUnavailable(
            f"the folder {file.parent} cannot be written to; make it writable, or name a store elsewhere with --store"
        )
