"""The command channel: a program of the user's own that gets each message on its standard input."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from monitor.core.text import printable
from monitor.errors import ConfigError, DeliveryFailed
from monitor.ports import Message

DEADLINE = 30.0
"""Seconds for one run."""
SAID_MAX = 4_096
"""Bytes of what it says on its standard error that are looked at."""
LAST_WORDS = 0.5
"""Seconds that are given to what it said last, once it has ended."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
"""Of the monitor's environment; the rest may hold secrets that are none of the program's."""


class CommandChannel:
    """Runs `command` once for each message, without a shell. The webhook body is its input; MONITOR_MESSAGE_ID,
    MONITOR_MESSAGE_TYPE and MONITOR_SUBJECT are in its environment.

    Exit status 0 means taken. Any other, and what it has not done by the deadline, is tried again; it may then get the
    same message twice, with the same id.
    """

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str] = os.environ, *, deadline: float = DEADLINE
    ) -> None:
        """Raises ConfigError where the program is not there."""
        program = Path(command[0])
        if not program.is_absolute() or not os.access(program, os.X_OK) or program.is_dir():
            raise ConfigError(
                f"channels.{name}.command", f"{command[0]!r} is no program; name one that is there by its whole path"
            )
        self._command, self._deadline = tuple(command), deadline
        self._environ = {key: environ[key] for key in _PASSED_ON if key in environ}

    async def send(self, message: Message, now: datetime) -> str:  # noqa: ARG002  # the port's
        about = {
            "MONITOR_MESSAGE_ID": message.id,
            "MONITOR_MESSAGE_TYPE": message.type,
            "MONITOR_SUBJECT": printable(message.subject, 500),
        }
        try:
            async with asyncio.timeout(self._deadline):
                status, said = await _run(self._command, self._environ | about, message.body.encode("utf-8", "replace"))
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._name} had not ended after {self._deadline:g} s") from error
        except OSError as error:
            raise DeliveryFailed(f"{self._name} cannot be run: {error.strerror}") from error
        if status != 0:
            words = printable(said.decode("utf-8", "replace"), 200)
            raise DeliveryFailed(f"{self._name} ended with {status} {words}".strip())
        return "exit status 0"

    @property
    def _name(self) -> str:
        return Path(self._command[0]).name


async def _run(command: Sequence[str], environ: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """Its exit status and the first that it said. Nothing that it has started outlives it."""
    async with _listening() as (words, stderr):
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=stderr,
                env=environ,
                start_new_session=True,
            )
        finally:
            os.close(stderr)
        try:
            # It need not read what it is given.
            with suppress(BrokenPipeError, ConnectionResetError):
                await process.communicate(body)
            status = await process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(words.ended.wait(), LAST_WORDS)
    return status, bytes(words.said)


class _Words(asyncio.Protocol):
    """The first that comes through a pipe; the rest is let by."""

    def __init__(self) -> None:
        self.said, self.ended = bytearray(), asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.said += data[: SAID_MAX - len(self.said)]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the protocol's
        self.ended.set()


@asynccontextmanager
async def _listening() -> AsyncIterator[tuple[_Words, int]]:
    """A pipe of our own and its end to write to, which is the caller's to close. asyncio's own pipe for a program is
    read at the program's speed, and where the program dies with the pipe full, its end is never seen."""
    reading, writing = os.pipe()
    transport, words = await asyncio.get_running_loop().connect_read_pipe(_Words, os.fdopen(reading, "rb", 0))
    try:
        yield words, writing
    finally:
        transport.close()
