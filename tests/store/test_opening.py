"""Opening a store: where it is, whether it is ours, and what is said when it is not."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from monitor.errors import SchemaMismatch, StoreBusy, StoreError, StoreUnavailable
from monitor.store import (
    Store,
    indexes,  # noqa: F401  # its indexes join the metadata
)
from monitor.store import schema as schemas
from monitor.store.engine import locate, writing_engine
from monitor.store.tables import HEAD, REVISIONS, metadata
from tests.store.desk import MINUTE, NOON, SECOND, Desk, Story


def opened(url: str, **options: bool) -> None:
    """Open it, and let go of it again."""
    Store.open(url, **options)._readers.dispose()


def contents(file: Path) -> bytes:
    return file.read_bytes()


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """A store with one article in it."""
    file = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, file)
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO host (name) VALUES ('news.example')")
    connection.close()
    return file


# -- making one


async def test_a_store_that_is_closed_is_a_single_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    await store.add_article("https://a.example/", host="a.example", now=NOON)
    await store.articles()
    await store.close()

    assert [file.name for file in tmp_path.iterdir()] == ["monitor.db"]


async def test_a_store_is_made_with_the_folder_it_is_in(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a/b/monitor.db")
    await store.add_article("https://a.example/", host="a.example", now=NOON)
    await store.close()

    assert store.location == f"{tmp_path}/a/b/monitor.db"
    assert (tmp_path / "a/b/monitor.db").exists()


def test_a_store_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"there is no store at .*'monitor add URL' makes one"):
        opened(f"sqlite:///{tmp_path}/monitor.db", create=False)
    with pytest.raises(StoreUnavailable, match="there is no store"):
        opened(f"sqlite:///{tmp_path}/monitor.db", readonly=True)

    assert list(tmp_path.iterdir()) == []


def test_an_empty_server_is_filled_and_then_known(empty_postgresql: str) -> None:
    with pytest.raises(StoreUnavailable, match="there is no store"):
        opened(empty_postgresql, create=False)
    opened(empty_postgresql)
    opened(empty_postgresql, create=False)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_that_start_at_once_on_nothing_make_one_store(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("empty_postgresql")
    program = "import sys; from monitor.store import Store; Store.open(sys.argv[1])._readers.dispose()"
    children = [subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE) for _ in range(3)]

    ends = [(child.communicate()[1].decode(), child.returncode) for child in children]

    assert ends == [("", 0)] * 3


def test_the_migrations_make_the_tables_that_the_program_knows(store_url: str) -> None:
    engine = create_engine(locate(store_url).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_known_schemas_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS
    assert scripts.get_current_head() == HEAD


@contextmanager
def of_revision(revision: str, file: Path) -> Iterator[Connection]:
    """A connection to a store as an older release made it."""
    scripts = Config()
    scripts.set_main_option("script_location", "monitor.store:migrations")
    scripts.set_main_option("path_separator", "os")
    file.touch()
    engine = writing_engine(locate(f"sqlite:///{file}"))
    with engine.begin() as connection:
        scripts.attributes["connection"] = connection
        command.upgrade(scripts, revision)
        yield connection
    engine.dispose()


async def test_a_store_of_the_first_schema_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    with of_revision(REVISIONS[0], file) as connection:
        connection.execute(text("INSERT INTO host (name) VALUES ('news.example')"))

    desk = Desk(Store.open(f"sqlite:///{file}"))
    article = await desk.watches()
    await desk.reads(article, Story(), SECOND)
    await desk.reads(article, Story(headline="Mayor stays"), 6 * MINUTE)

    assert (await desk.store.known(article.id)).held is not None
    assert await desk.store.verify() == []
    await desk.store.close()
    assert Path(f"{file}.schema-{REVISIONS[0]}").exists(), "a copy of what was there is kept"


async def test_a_store_that_knew_only_when_failing_began_knows_since_when_an_article_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    with of_revision("0003", file) as connection:
        connection.execute(text("INSERT INTO host (name) VALUES ('news.example')"))
        made = text(
            "INSERT INTO article (id, url, host, origin, tags, stage, candidate, added_at, failing_since, gone_streak)"
            " VALUES (:id, :url, 'news.example', 'user', '[]', 'live', 0, 1, 5000, :missing)"
        )
        connection.execute(made, {"id": 1, "url": "https://news.example/1", "missing": 2})
        connection.execute(made, {"id": 2, "url": "https://news.example/2", "missing": 0})

    store = Store.open(f"sqlite:///{file}")
    missing, failing = await store.article(1), await store.article(2)
    assert (missing.missing_since, failing.missing_since) == (missing.failing_since, None)
    assert missing.failing_since is not None
    await store.close()


# -- what is not ours, not whole, or not now


def test_words_that_name_no_store_say_what_does() -> None:
    for url in ("nonsense", "mysql://u:secret@h/x", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StoreUnavailable) as told:
            opened(url)
        assert "sqlite:///monitor.db" in str(told.value)
        assert "secret" not in str(told.value)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"is a folder; .*name one in it"):
        opened(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are my notes, and they are longer than a header")

    with pytest.raises(StoreUnavailable, match="is not a store of this program; nothing was changed"):
        opened(f"sqlite:///{file}")

    assert file.read_text().startswith("these are my notes")
    assert list(tmp_path.iterdir()) == [file]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.close()
    before = contents(file)

    with pytest.raises(StoreUnavailable, match="a database of another program"):
        opened(f"sqlite:///{file}")

    assert contents(file) == before


def test_a_server_database_of_another_program_is_left_alone(empty_postgresql: str) -> None:
    engine = create_engine(empty_postgresql)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE article (id int)"))
    engine.dispose()

    with pytest.raises(StoreUnavailable, match="a database of another program"):
        opened(empty_postgresql)


@pytest.mark.parametrize("upgrade", [None, True, False])
def test_a_newer_store_is_never_written(file: Path, upgrade: bool | None) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = contents(file)

    with pytest.raises(SchemaMismatch, match=r"newer release.*upgrade this program") as told:
        Store.open(f"sqlite:///{file}", upgrade=upgrade)

    assert (told.value.found, told.value.wanted) == ("9999", HEAD)
    assert contents(file) == before


def test_a_newer_store_on_a_server_is_never_written(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(SchemaMismatch, match="newer release"):
        opened(postgresql_url)


@pytest.fixture
def older(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """To a release that has a further migration, the store of today is an old one."""
    monkeypatch.setattr(schemas, "HEAD", "next")
    monkeypatch.setattr(schemas, "REVISIONS", (*REVISIONS, "next"))
    return file


def test_an_older_file_is_copied_before_it_is_upgraded(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[bool] = []
    monkeypatch.setattr(schemas, "migrate", lambda _: copies.append(Path(f"{older}.schema-{HEAD}").exists()))

    opened(f"sqlite:///{older}")

    assert copies == [True]
    with sqlite3.connect(f"{older}.schema-{HEAD}") as connection:
        assert connection.execute("SELECT name FROM host").fetchall() == [("news.example",)]
    connection.close()


def test_an_older_store_is_not_upgraded_unasked_on_a_server_or_when_it_is_only_read(
    older: Path, postgresql_url: str
) -> None:
    for url, readonly in ((postgresql_url, False), (f"sqlite:///{older}", True)):
        with pytest.raises(SchemaMismatch, match=r"older release.*'monitor db upgrade'"):
            opened(url, readonly=readonly)


def test_a_damaged_header_is_told_and_the_file_is_left_alone(file: Path) -> None:
    damaged = bytearray(contents(file))
    damaged[100:4096] = os.urandom(3996)
    file.write_bytes(damaged)

    with pytest.raises(StoreUnavailable, match=r"is damaged .*restore a backup"):
        opened(f"sqlite:///{file}")

    assert contents(file) == bytes(damaged)


def spoil(file: Path, name: str) -> None:
    """Overwrite the first page of a table or index."""
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    connection.close()
    with file.open("r+b") as stream:
        stream.seek((found[0] - 1) * 4096)
        stream.write(b"\x7f" * 4096)


async def test_a_daemon_does_not_start_on_a_damaged_file_and_writes_nothing(file: Path) -> None:
    spoil(file, "sqlite_autoindex_article_1")
    damaged = contents(file)
    store = Store.open(f"sqlite:///{file}")

    with pytest.raises(StoreUnavailable, match="is damaged"):
        await store.hold_daemon(pid=1, host="here", now=NOON)
    await store.close()

    assert contents(file) == damaged


async def test_once_damage_was_met_nothing_is_written_any_more(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    sound = contents(file)
    spoil(file, "sqlite_autoindex_article_1")
    with pytest.raises(StoreUnavailable, match="is damaged"):
        await store.add_article("https://a.example/", host="a.example", now=NOON)
    file.write_bytes(sound)

    with pytest.raises(StoreUnavailable, match="is damaged"):
        await store.lease_host("news.example", owner="a", now=NOON, until=NOON + SECOND)
    await store.close()


def test_a_locked_database_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.engine.BUSY_TIMEOUT_MS", 10)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreBusy, match="locked by another program; try again"):
        opened(f"sqlite:///{file}")
    holder.close()


def _open_as_somebody_else(url: str, template: Path, *, readonly: bool = False) -> str:
    """The error, if any, that somebody without rights gets. In a process of its own: os.access asks the real user."""
    program = (
        "import os, sys\n"
        "from monitor.errors import StoreError\n"
        "from monitor.store import Store\n"
        "Store.open(sys.argv[3])._readers.dispose()\n"  # so that all is loaded: another user may not read our Python
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    Store.open(sys.argv[1], readonly=bool(int(sys.argv[2])))._readers.dispose()\n"
        "except StoreError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, url, str(int(readonly)), f"sqlite:///{template}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that other users can reach."""
    folder = Path(mkdtemp(prefix="monitor-public-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_is_told(public: Path, sqlite_template: Path) -> None:
    public.chmod(0o555)

    said = _open_as_somebody_else(f"sqlite:///{public}/monitor.db", sqlite_template)
    assert said.startswith(f"StoreUnavailable the folder {public} cannot be written to; make it writable")
    said = _open_as_somebody_else(f"sqlite:///{public}/deeper/monitor.db", sqlite_template)
    assert said.startswith(f"StoreUnavailable the folder {public}/deeper cannot be made")
    public.chmod(0o755)


def test_a_store_that_is_read_only_is_told_but_can_be_read(public: Path, sqlite_template: Path) -> None:
    public.chmod(0o777)
    file = public / "monitor.db"
    shutil.copy(sqlite_template, file)
    file.chmod(0o444)

    said = _open_as_somebody_else(f"sqlite:///{file}", sqlite_template)
    assert said.startswith(f"StoreUnavailable the store {file} is read-only; make it writable")
    assert _open_as_somebody_else(f"sqlite:///{file}", sqlite_template, readonly=True) == ""


def test_a_store_that_may_not_be_read_is_told(public: Path, sqlite_template: Path) -> None:
    file = public / "monitor.db"
    shutil.copy(sqlite_template, file)
    file.chmod(0o000)

    assert "cannot be read (Permission denied)" in _open_as_somebody_else(f"sqlite:///{file}", sqlite_template)


async def test_a_store_that_was_opened_for_reading_is_not_written(sqlite_url: str) -> None:
    store = Store.open(sqlite_url, readonly=True)
    with pytest.raises(StoreUnavailable, match="for reading only"):
        await store.add_article("https://a.example/", host="a.example", now=NOON)
    assert await store.articles() == []
    await store.close()


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as told:
        opened("postgresql://monitor:secret@127.0.0.1:9/monitor")

    assert "cannot be reached" in str(told.value) or "does not answer" in str(told.value)
    assert "secret" not in str(told.value)


def test_a_server_without_the_database_is_told(postgresql_server: str) -> None:
    url = postgresql_server.replace("/postgres?", "/nowhere?")

    with pytest.raises(StoreUnavailable, match="does not exist"):
        opened(url)


# -- a copy


async def test_a_backup_is_a_whole_store(desk: Desk, tmp_path: Path) -> None:
    article = await desk.watches()
    await desk.reads(article, Story(), SECOND)
    target = tmp_path / "copy.db"
    if desk.store._location.file is None:
        with pytest.raises(StoreUnavailable, match="pg_dump"):
            await desk.store.backup(target)
        return

    await desk.store.backup(target)

    copy = Store.open(f"sqlite:///{target}", create=False)
    assert await copy.verify() == []
    assert len(await copy.history(article.id)) == 1
    await copy.close()
    with pytest.raises(StoreUnavailable, match="exists already"):
        await desk.store.backup(target)


async def test_a_backup_that_cannot_be_written_is_told(sqlite_url: str, tmp_path: Path) -> None:
    store = Store.open(sqlite_url)
    with pytest.raises(StoreError):
        await store.backup(tmp_path / "no" / "such" / "folder.db")
    await store.close()


# -- what opening costs


def test_opening_a_store_of_this_release_loads_no_migration_tool_and_no_other_driver(sqlite_url: str) -> None:
    program = (
        "import sys; from monitor.store import Store; store = Store.open(sys.argv[1])\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "store._readers.dispose()\n"
        "print(sorted(loaded & {'alembic', 'mako', 'psycopg', 'structlog', 'httpx2', 'lxml', 'trafilatura'}))"
    )
    done = subprocess.run([sys.executable, "-c", program, sqlite_url], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
