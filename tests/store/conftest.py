"""One `store` over SQLite and over a real PostgreSQL."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store import Store
from monitor.store.readings import Readings
from tests.store.desk import Desk


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store: to copy it is quicker than to migrate each test's own."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(f"sqlite:///{file}")._readers.dispose()
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    file = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = Store.open(store_url)
    yield store
    await store.close()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests read has been on the disk."""
    for module in ("recording", "versions"):
        monkeypatch.setattr(f"monitor.store.{module}.RECENT", Readings(most=0))


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)
