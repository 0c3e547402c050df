"""What every verb needs: the configuration, the store, a place to print to, and one way to say what went wrong."""

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from monitor.errors import Misuse, MonitorError

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.app import App
    from monitor.config import Loaded
    from monitor.core.policy import Policy
    from monitor.store import Store

PANELS = {
    "watch": "Watch",
    "read": "Read what changed",
    "tell": "Alerts",
    "keep": "Look after it",
}

_T = TypeVar("_T")
LEAST_WIDTH = 20
PIPED_WIDTH = 160
"""Where output is no terminal, tables may be this wide unless $COLUMNS says otherwise."""


@dataclass
class Session:
    """The global options and what follows from them, made on first need."""

    config: str | None = None
    store_url: str | None = None
    quiet: bool = False
    verbose: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def out(self) -> "Console":
        """For data. Page text is printed as text, never read as mark-up."""
        return console(sys.stdout)

    @cached_property
    def err(self) -> "Console":
        """For talk."""
        return console(sys.stderr)

    @cached_property
    def loaded(self) -> "Loaded":
        from monitor.config import load

        return load(self.config, store=self.store_url, environ=self.environ)

    @property
    def policy(self) -> "Policy":
        return self.loaded.policy

    def say(self, words: str) -> None:
        """Talk: not data, and not said with --quiet."""
        if not self.quiet:
            self.err.print(words, style="dim" if self.err.is_terminal else "")

    def warn(self, words: str) -> None:
        self.err.print(f"warning: {words}", style="yellow" if self.err.is_terminal else "")

    def store(self, *, create: bool = False) -> "AbstractAsyncContextManager[Store]":
        """The store of this configuration. Reading verbs do not make one where there is none."""
        return _opened(self.policy.store.url, create=create)

    @asynccontextmanager
    async def app(self, *, daemon: bool = False) -> "AsyncIterator[App]":
        """The whole program on the store, for verbs that fetch or send."""
        from monitor.app import opened

        async with self.store(create=True) as store, opened(self.policy, store, daemon=daemon) as app:
            yield app


@asynccontextmanager
async def _opened(url: str, *, create: bool) -> "AsyncIterator[Store]":
    from monitor.store import Store

    store = Store.open(url, create=create)
    try:
        yield store
    finally:
        await store.close()


def console(stream: Any) -> "Console":
    from rich.console import Console

    terminal = stream.isatty()
    # $COLUMNS, else what the terminal says, else ours: nothing is printed at all within 0 columns.
    width = max(shutil.get_terminal_size((PIPED_WIDTH, 0)).columns, LEAST_WIDTH)
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width, soft_wrap=not terminal)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run one verb's work. A failure inside a group of tasks is raised as itself."""
    import asyncio

    try:
        return asyncio.run(work)
    except BaseExceptionGroup as group:
        raise _first(group) from group


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def fail(error: MonitorError) -> NoReturn:
    """Say in a sentence what went wrong, and end with its exit code."""
    from monitor.core.text import printable

    console(sys.stderr).print(f"error: {printable(str(error))}" if "\n" not in str(error) else f"error: {error}")
    sys.exit(error.exit_code)


def now() -> datetime:
    """The time of the command line's own questions (`--since 2h`)."""
    from monitor.clock import SystemClock

    return SystemClock().now()


def emit(document: object) -> None:
    """One JSON document, indented for people where it goes to a terminal."""
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


# -- times


def zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Misuse(f'{name!r} is no time zone; use a name such as "Europe/London" or "UTC"') from None


def clock_time(at: datetime | None, tz: tzinfo) -> str:
    """`25 Jan 2022 09:55:03`, or a dash."""
    return at.astimezone(tz).strftime("%d %b %Y %H:%M:%S").lstrip("0") if at else "–"


def ago(at: datetime | None, since: datetime) -> str:
    """How long before `since`, in the largest unit that says something."""
    return f"{span(since - at)} ago" if at else "never"


def span(length: timedelta) -> str:
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def moment(words: str | None, reference: datetime) -> datetime | None:
    """`--since`, `--at`: a date or time (UTC unless it says otherwise), or how long ago, such as `2h`. Aware UTC."""
    if words is None:
        return None
    from monitor.config import duration

    try:
        return reference - duration(words)
    except (ValueError, OverflowError):
        pass
    try:
        at = datetime.fromisoformat(words)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Misuse(
            f"{words!r} is no time; write 2022-01-25T09:40Z, 2022-01-25, or how long ago, such as 2h"
        ) from None
