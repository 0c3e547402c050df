"""One `store` over SQLite and over a real PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from monitor.store import Store
from tests.conftest import database_url, on_server
from tests.store.desk import Desk

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store: to copy it is quicker than to migrate each test's own."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(f"sqlite:///{file}")._readers.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    name = f"monitor_template_{os.getpid()}"
    on_server(postgresql_server, f"CREATE DATABASE {name}")
    Store.open(database_url(postgresql_server, name))._readers.dispose()
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    file = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    name = f"monitor_test_{os.getpid()}_{next(_numbers)}"
    on_server(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} STRATEGY file_copy")
    yield database_url(postgresql_server, name)
    on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


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
