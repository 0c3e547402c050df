"""The `monitor` command as a fork of a process that has imported it already: a life waits for no imports.

    python -m tests.forked

It reads the words of a command, a line of JSON each, and answers with the process id, then, when the command has
ended, with its exit code. One command runs at a time.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Command:
    """A command that runs. It has to end before the next one is asked for."""

    def __init__(self, pid: int, answers: asyncio.StreamReader) -> None:
        self.pid, self._answers = pid, answers

    def is_alive(self) -> bool:
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def has_ended(self) -> None:
        await self._answers.readline()


class Forks:
    """The parent of all commands."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._asks, self._answers = process.stdin, process.stdout

    @asynccontextmanager
    async def running(self, *words: str) -> AsyncIterator[Command]:
        """A command, which is killed where it does not end before."""
        self._asks.write(json.dumps(words).encode() + b"\n")
        command = Command(int(await self._answers.readline()), self._answers)
        try:
            yield command
        finally:
            command.kill()
            await command.has_ended()


@asynccontextmanager
async def forks() -> AsyncIterator[Forks]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.forked", stdin=pipe, stdout=pipe, cwd=ROOT
    )
    try:
        yield Forks(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


def main() -> None:
    for name in ("monitor.cli", "monitor.app", "monitor.daemon", "monitor.cli.logs"):
        importlib.import_module(name)
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _child(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(words: Sequence[str]) -> None:
    """Nothing of what it reads or prints comes between the orders and the answers."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    code = 1
    try:
        importlib.import_module("monitor.cli").main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
