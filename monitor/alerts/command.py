"""The command channel: a program of the user's own that gets each message on its standard input."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from monitor.core.text import printable
from monitor.errors import ConfigError, DeliveryFailed
from monitor.ports import Message

DEADLINE = 30.0
"""Seconds for one run."""
SAID_MAX = 4_096
"""Bytes of what it says on its standard error that are looked at."""
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
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env=self._environ | about,
                start_new_session=True,
            )
        except OSError as error:
            raise DeliveryFailed(f"{self._name} cannot be run: {error.strerror}") from error
        try:
            async with asyncio.timeout(self._deadline):
                said = await _talk(process, message.body.encode("utf-8", "replace"))
                status = await process.wait()
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._name} had not ended after {self._deadline:g} s") from error
        finally:
            await _end(process)
        if status != 0:
            words = printable(said.decode("utf-8", "replace"), 200)
            raise DeliveryFailed(f"{self._name} ended with {status} {words}".strip())
        return "exit status 0"

    @property
    def _name(self) -> str:
        return Path(self._command[0]).name


async def _talk(process: asyncio.subprocess.Process, body: bytes) -> bytes:
    """Give it the body, which it need not read; the first that it says."""
    assert process.stdin is not None
    assert process.stderr is not None
    writing = asyncio.create_task(_write(process.stdin, body))
    try:
        said = b""
        while piece := await process.stderr.read(SAID_MAX):
            said += piece[: SAID_MAX - len(said)]
        await writing
    finally:
        writing.cancel()
    return said


async def _write(stdin: asyncio.StreamWriter, body: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(body)
        await stdin.drain()
        stdin.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Nothing that it has started outlives it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
