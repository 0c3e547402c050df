"""One worker process: its parent's side, which asks and may kill, and its own, which answers until nobody asks."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

from monitor.errors import ExtractionFailed
from monitor.garbage import look_seldom

READY, BEGUN = b"ready\n", b"begun\n"
FAREWELL = 2.0
"""Seconds that an idle worker may take to end by itself once it is sent away."""


class WorkerGone(Exception):
    """The process ended while it was at what it was asked."""


class WorkerLeft(WorkerGone):
    """The process ended before it began: what it was asked is not to blame."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What comes from the worker instead of an answer: why there is none."""

    reason: str


class Worker:
    """A process that is asked one thing at a time. All but `kill` may block: call them from a thread.

    `memory` is the address space in bytes that it may take on top of what it starts with, `patience` the seconds after
    which it ends by itself if it is still at one page, should nobody be left to kill it (Linux; elsewhere not kept).
    """

    def __init__(self, *, memory: int, patience: float) -> None:
        program = f"from monitor.extract.process import serve; serve({memory}, {int(patience) + 1})"
        self.answered = 0
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, this program, no words from outside
            # It finds what this process finds, and nothing in the folder that the user happens to be in.
            [sys.executable, "-P", "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asks, self._answers = self._process.stdin, self._process.stdout

    def await_start(self) -> None:
        """Raises WorkerLeft where the process does not come up."""
        if self._answers.readline() != READY:
            raise WorkerLeft

    def ask(self, work: bytes) -> Any:
        """What the pickled callable returns in the process, or GivenUp. Raises WorkerGone or WorkerLeft."""
        try:
            pickle.dump(work, self._asks, pickle.HIGHEST_PROTOCOL)
            self._asks.flush()
        except OSError as failure:
            raise WorkerLeft from failure
        if self._answers.readline() != BEGUN:
            raise WorkerLeft
        try:
            answer = pickle.load(self._answers)  # noqa: S301  # from a process of our own
        except (EOFError, OSError, pickle.UnpicklingError) as failure:
            raise WorkerGone from failure
        self.answered += 1
        return answer

    def kill(self) -> None:
        self._process.kill()

    def send_away(self) -> None:
        """End the process, by itself where it is idle, and leave nothing of it behind."""
        with suppress(OSError):
            self._asks.close()
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()


# ------------------------------------------------------------------------------- in the process


def serve(memory: int, patience: int) -> None:
    """Answer until the other side closes or dies."""
    asks, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a parser prints must not come between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _settle_in(memory)
    with suppress(EOFError, BrokenPipeError):
        _write(answers, READY)
        for number in count():
            work = pickle.load(asks)  # noqa: S301  # from the process that started this one
            _write(answers, BEGUN)
            _end_after(patience)
            _write(answers, pickle.dumps(_answer(work), pickle.HIGHEST_PROTOCOL))
            _end_after(0)
            if number == 0:
                # The first page has brought the parsers in.
                look_seldom()


def _write(answers: BinaryIO, written: bytes) -> None:
    answers.write(written)
    answers.flush()


def _answer(work: bytes) -> Any:
    """The answer, or the reason why there is none."""
    try:
        asked: Callable[[], Any] = pickle.loads(work)  # noqa: S301  # as above
        return asked()
    except ExtractionFailed as failure:
        return GivenUp(failure.reason)
    except MemoryError:
        return GivenUp("memory")
    except Exception:
        # Whatever a hostile page makes a parser raise: the page is given up, the watch goes on.
        return GivenUp("crashed")


def _settle_in(memory: int) -> None:
    """Ctrl-C is left to the process that watches, and the address space is capped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource  # Unix only

        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            used = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _end_after(seconds: int) -> None:
    """The default action of the signal ends a process wherever it is stuck. None is set for 0."""
    if sys.platform != "win32":
        signal.alarm(seconds)
