"""What a person waits for: CPU time (user and system, of the whole process) of commands that read.

    python -m tests.bench.start [--runs 5] [--versions 2000]

Each command runs on a store with one article of 20 versions and on one with many, in turns; beside it stands a bare
interpreter, and one that only loads SQLAlchemy. Figures are medians in milliseconds; `ratio` is many to 20, which for
`diff` is to stay near 1: it reads two versions, not the history. Only where others lie between the two does it also
read what was said of each change in between.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from monitor.store import Store
from tests.store.desk import MINUTE, SECOND, Desk, Story

FEW = 20
BARE = {"python": "pass", "sqlalchemy": "import sqlalchemy.dialects.sqlite.pysqlite"}
COMMANDS = ("--version", "--help", "history 1", "diff 1", "diff 1 first last", "diff 1 --at 2022-01-25T13:00Z --json")


async def fill(file: Path, versions: int) -> None:
    """An article of twenty paragraphs, one of them reworded in each version."""
    store = Store.open(f"sqlite:///{file}")
    desk = Desk(store)
    article = await desk.watches()
    text = [f"Paragraph {n} tells what the council of ward {n} decided, and how it voted." for n in range(20)]
    for version in range(versions):
        text[version % 20] = f"Paragraph {version % 20} was written for edition {version} after a vote of the council."
        await desk.reads(article, Story(text=tuple(text), updated=10 * version - 60), 10 * version * MINUTE + SECOND)
    await store.close()


def cpu_ms(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measured(commands: list[list[str]], folder: Path, runs: int) -> list[float]:
    """The median of each; they take turns, so that another's load falls on all of them."""
    for command in commands:
        cpu_ms(command, folder)  # writes what Python keeps of compiled modules
    turns = [[cpu_ms(command, folder) for command in commands] for _ in range(runs)]
    return [statistics.median(times) for times in zip(*turns, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--versions", type=int, default=2000)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        for file, versions in (("few.db", FEW), ("many.db", options.versions)):
            asyncio.run(fill(folder / file, versions))
        _report(folder, options.runs, options.versions)


def _report(folder: Path, runs: int, versions: int) -> None:
    bare = measured([[sys.executable, "-c", code] for code in BARE.values()], folder, runs)
    for words, time in zip(BARE, bare, strict=True):
        print(f"{words:<40} {time:6.0f}")
    print(f"{'':<40} {FEW:>6} {versions:>6}  ratio")
    for command in COMMANDS:
        program = [sys.executable, "-m", "monitor"]
        few, many = measured(
            [[*program, "--store", file, *command.split()] for file in ("few.db", "many.db")], folder, runs
        )
        print(f"{command:<40} {few:6.0f} {many:6.0f}  {many / few:.2f}")


if __name__ == "__main__":
    main()
