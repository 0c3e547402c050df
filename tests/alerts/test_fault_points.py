"""kill -9 at every named point of recording and delivering: nothing is lost, and at most one message comes twice."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.store import Store
from tests.alerts.mortal import POINTS, PUBLISHED, Order, story
from tests.alerts.reckoning import complaints, receivers

KILLED = -signal.SIGKILL
ROOT = Path(__file__).resolve().parents[2]


class Mortal:
    """The process that forks a life for every order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def lives(self, order: Order) -> int:
        """0, or minus the signal that ended it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order.line())
        return int(await asyncio.wait_for(self._process.stdout.readline(), 30))


@pytest.fixture(scope="module")
async def mortal(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mortal]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.alerts.mortal", stdin=pipe, stdout=pipe, cwd=ROOT
    )
    assert process.stdin
    mortal = Mortal(process)
    async with receivers() as there:
        url = f"sqlite:///{shutil.copy(empty_store, tmp_path_factory.mktemp('first') / 'monitor.db')}"
        assert await mortal.lives(Order(store=url, hook=there.hook.url, smtp_port=there.smtp_port, life=0)) == 0
        await there.life_ends()
        assert complaints(there.arrivals(), PUBLISHED, ("hook", "mail")) == []
    yield mortal
    process.stdin.close()
    await process.wait()


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    Store.open(f"sqlite:///{file}")._readers.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, empty_store: Path) -> Iterator[str]:
    """A store of its own in memory where there is some: a kill asks nothing of the disk, and a test waits for it."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_url")
        return
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with TemporaryDirectory(prefix="monitor-kills-", dir=memory) as folder:
        yield f"sqlite:///{shutil.copy(empty_store, Path(folder) / 'monitor.db')}"


async def killed_at(
    mortal: Mortal, url: str, place: tuple[str | None, str], *, passages: Sequence[int], build: str | None = None
) -> list[str]:
    """What is wrong after a life for each of the passages at which it died there, and one that lived to its end."""
    channel, point = place
    async with receivers() as there:
        whole = Order(store=url, hook=there.hook.url, smtp_port=there.smtp_port, life=len(passages), build=build)
        for life, passage in enumerate(passages):
            order = replace(whole, life=life, point=point, channel=channel, passage=passage)
            assert await mortal.lives(order) == KILLED, "the point was not passed"
            await there.life_ends()
        assert await mortal.lives(whole) == 0
        await there.life_ends()
    return [*await _versions_amiss(url), *complaints(there.arrivals(), PUBLISHED, ("hook", "mail"))]


async def _versions_amiss(url: str) -> list[str]:
    store = Store.open(url, create=False)
    amiss = [str(finding) for finding in await store.verify()]
    for row in await store.articles():
        number = int(row.article.url.rpartition("/")[2])
        texts = [version.content.paragraphs[0] for version in await store.versions(row.article.id)]
        if texts != [story(number, edition).text[0] for edition in range(PUBLISHED[number] + 1)]:
            amiss.append(f"versions of article {number} are not what was published")
    await store.close()
    return amiss


def _name(point: tuple[str | None, str]) -> str:
    return "-".join(part for part in point if part)


@pytest.mark.parametrize("place", POINTS, ids=_name)
async def test_a_kill_there_loses_nothing(mortal: Mortal, url: str, place: tuple[str | None, str]) -> None:
    assert await killed_at(mortal, url, place, passages=(2,)) == []


@pytest.mark.full
@pytest.mark.parametrize("place", POINTS, ids=_name)
async def test_a_kill_at_each_passage_there_loses_nothing(
    mortal: Mortal, url: str, place: tuple[str | None, str]
) -> None:
    assert await killed_at(mortal, url, place, passages=(1, 2)) == []


@pytest.mark.parametrize(
    ("build", "place", "complaint"),
    [
        ("mark_before_send", ("hook", "marked"), "hook: the alert of edition 1 of article 2 was lost"),
        ("mark_before_send", ("mail", "marked"), "mail: the alert of edition 1 of article 2 was lost"),
        ("split_commit", (None, "alert_row_written"), "mail: the alert of edition 1 of article 1 was lost"),
        ("new_id_each_try", ("hook", "sent"), "hook: edition 1 of article 2 came again with another id"),
        ("new_id_each_try", ("mail", "sent"), "mail: edition 1 of article 2 came again with another id"),
    ],
)
async def test_a_broken_build_is_found_out(
    mortal: Mortal, url: str, build: str, place: tuple[str | None, str], complaint: str
) -> None:
    found = await killed_at(mortal, url, place, passages=(2,), build=build)

    assert complaint in found
