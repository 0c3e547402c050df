"""What a reading verb loads: a person waits for it each time."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["monitor.cli.tables", "monitor.cli.comparing"])
def test_reading_loads_no_client_no_parser_and_no_migrations(module: str) -> None:
    heavy = "httpx2 aiosmtplib trafilatura lxml selectolax alembic psycopg feedparser apscheduler structlog uvicorn"
    code = f"import sys, {module}; print(*(set({heavy.split()!r}) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == []
