"""The daemon as a process: it starts, refuses a second one, reloads, and ends well."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.clock import SystemClock
from monitor.core.policy import Policy
from monitor.daemon import Daemon
from monitor.store import Store
from tests.conftest import fill_up
from tests.fakes import page as article_page
from tests.origin import Origin, Reply
from tests.test_kill import CONFIG


def configured(folder: Path, more: str = "") -> Path:
    file = folder / "config.toml"
    file.write_text(CONFIG.format(store=folder / "monitor.db", hook="http://127.0.0.1:9/") + more)
    return file


async def start(config: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "monitor", "--config", str(config), "run"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def logged(process: asyncio.subprocess.Process, event: str) -> dict[str, object]:
    """The next log event of that name; what comes before it is passed over."""
    assert process.stderr
    while line := await asyncio.wait_for(process.stderr.readline(), 60):
        if line.startswith(b"{") and (found := json.loads(line)).get("event") == event:
            return dict(found)
    raise AssertionError(f"the daemon ended without {event}")


@asynccontextmanager
async def running(config: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await start(config)
    try:
        await logged(process, "started")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_sigterm_drains_and_exits_with_0(tmp_path: Path) -> None:
    async with running(configured(tmp_path)) as process:
        process.send_signal(signal.SIGTERM)
        await logged(process, "stopped")

        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "monitor.db", "monitor.db.lock"]


async def test_a_second_daemon_refuses_and_says_who_holds_the_store(tmp_path: Path) -> None:
    config = configured(tmp_path)
    async with running(config) as first:
        second = await start(config)
        _, said = await asyncio.wait_for(second.communicate(), 60)

        assert second.returncode == 1
        assert str(first.pid) in said.decode()
        assert b"Traceback" not in said


async def test_other_verbs_work_beside_the_daemon_and_see_that_it_is_well(tmp_path: Path) -> None:
    config = configured(tmp_path)
    async with running(config):
        for words in (["status", "--check"], ["list"], ["add", "https://a.example/"]):
            verb = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "monitor", "--config", str(config), *words),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            _, said = await asyncio.wait_for(verb.communicate(), 60)
            assert verb.returncode == 0, said


async def test_a_daemon_that_is_well_asks_its_dead_mans_switch(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /alive HTTP/1.1")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        heard.set()

    async with await asyncio.start_server(answers, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with running(configured(tmp_path, f"[health]\nping_url = 'http://127.0.0.1:{port}/alive'\n")):
            await asyncio.wait_for(heard.wait(), 60)


async def test_a_daemon_says_once_that_its_disk_is_full_and_still_ends_well(small_disk: Path) -> None:
    async with running(configured(small_disk, "[health]\ndisk_reserve = '0B'\n")) as process:
        fill_up(small_disk, 0)
        assert "too little room" in str((await logged(process, "disk_full"))["message"])

        process.send_signal(signal.SIGTERM)

        assert (await asyncio.wait_for(process.communicate(), 60))[1].count(b"disk_full") == 0
        assert process.returncode == 0


class SteppedClock(SystemClock):
    """The machine's own, until somebody sets the one on the wall."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


async def comes_true(asked: Callable[[], Awaitable[bool]]) -> bool:
    """Within half a minute."""
    for _ in range(300):
        if await asked():
            return True
        await asyncio.sleep(0.1)
    return False


@pytest.mark.parametrize("stops", [False, True], ids=["while it runs", "while it is stopped"])
async def test_a_clock_that_is_set_back_does_not_make_a_daemon_wait_for_the_old_time(
    tmp_path: Path, stops: bool
) -> None:
    clock, soon = SteppedClock(), timedelta(minutes=31)
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    app = App(Policy(), store, clock=clock, jitter=lambda: 0.5)
    planned = clock.now() + timedelta(minutes=30)
    article, _ = await store.add_article("http://127.0.0.1:9/", host="127.0.0.1", now=planned)

    async def ticks() -> bool:
        state = await store.daemon()
        return state is not None and state.last_tick_at is not None

    async def is_soon() -> bool:
        at = (await store.article(article.id)).next_check_at
        return at is not None and at < clock.now() + soon

    try:
        daemon = Daemon(app)
        serving = asyncio.create_task(daemon.run())
        assert await comes_true(ticks)
        if stops:
            daemon.stop()
            await serving
        clock.ahead = timedelta(hours=-5)
        if stops:
            app = App(Policy(), store, clock=clock, jitter=lambda: 0.5)
            daemon = Daemon(app)
            serving = asyncio.create_task(daemon.run())
        assert await comes_true(is_soon)
        daemon.stop()
        await serving
    finally:
        await app.aclose()
        await store.close()


async def test_a_reload_takes_over_what_is_new_and_refuses_what_is_wrong(tmp_path: Path) -> None:
    config = configured(tmp_path)
    async with Origin() as origin, running(config) as process:
        body = article_page(dates="09:00 GMT 25.01.2022")
        url = origin.serve("/story", Reply(200, body, (("Content-Type", "text/html"),)))
        configured(tmp_path, "[[articles]]\nurll = 'x'\n")
        process.send_signal(signal.SIGHUP)
        refused = await logged(process, "reload_refused")
        assert "urll" in str(refused["error"])

        configured(tmp_path, f"[[articles]]\nurl = '{url}'\ntags = ['harbour']\n")
        process.send_signal(signal.SIGHUP)
        await logged(process, "reloaded")
        assert (await logged(process, "checked"))["outcome"] == "first"

        configured(tmp_path)
        process.send_signal(signal.SIGHUP)
        await logged(process, "reloaded")
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    try:
        [row] = await store.articles()
        assert (row.article.stage.value, row.article.tags, row.versions) == ("paused", ("harbour",), 1)
        assert row.article.last_seen_at
        assert row.article.last_seen_at <= SystemClock().now()
    finally:
        await store.close()
