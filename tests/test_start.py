"""What a command loads: a person waits for it each time."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {
    "httpx2", "aiosmtplib", "aiosmtpd", "trafilatura", "htmldate", "dateparser", "lxml", "selectolax", "feedparser",
    "charset_normalizer", "alembic", "psycopg", "apscheduler", "structlog", "uvicorn", "starlette", "jinja2", "apprise",
}  # fmt: skip
STORE = {"sqlalchemy", "monitor.store", "monitor.config"}
SHOWN = {"rich.console", "monitor.render", "monitor.core.text"}


def loaded(*words: str) -> set[str]:
    """Every module that the command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "monitor", *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(re.findall(r"^import time:.*\| +(\S+)$", ran.stderr, re.MULTILINE))


@pytest.mark.parametrize("words", [("history", "--json"), ("history",), ("diff",), ("diff", "--json")], ids=" ".join)
def test_reading_loads_no_client_no_parser_and_no_migrations(
    words: tuple[str, ...], ferry_store: Path, tmp_path: Path
) -> None:
    for part in ferry_store.parent.glob("monitor.db*"):
        shutil.copy(part, tmp_path)
    verb, *options = words

    modules = loaded("--store", str(tmp_path / "monitor.db"), verb, "news.example", *options)

    assert modules >= STORE
    assert modules & (HEAVY | {"monitor.app", "monitor.fetch", "monitor.extract", "monitor.daemon"}) == set()
    assert verb == "diff" or not modules & {"monitor.render.mail", "monitor.render.terminal"}


def test_a_question_about_the_program_itself_opens_no_store() -> None:
    assert loaded("--help") & (HEAVY | STORE) == set()
    assert loaded("--version") & (HEAVY | STORE | SHOWN | {"asyncio"}) == set()
