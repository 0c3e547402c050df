"""`extract`: what the monitor sees on a page, read exactly as a check would read it."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from monitor.cli.session import Session
from monitor.core.article import Content, Reading, SamePage
from monitor.core.capture import Capture, Outcome
from monitor.core.wire import content_json
from monitor.errors import Misuse, MonitorError
from monitor.extract import EXTRACTOR, WorkerExtract, rule_for
from monitor.ports import Hints, Request


async def one(session: Session, page: str, url: str | None, now: datetime) -> Content:
    """Read one page from a file, from stdin or from the web. Raises when it cannot be had or read."""
    extract = WorkerExtract()
    if page.startswith(("http://", "https://")):
        capture = await _fetched(session, page)
        return _content(await extract.extract(capture, _hints(session, capture.final_url)))
    address = url or _address_of(page)
    return await _read(session, extract, _bytes_of(page), address, now)


async def lines(session: Session, source: BinaryIO) -> None:
    """Answer each line of stdin with one line, flushed before the next is read; the end of input ends it."""
    extract = WorkerExtract()
    while line := await asyncio.to_thread(source.readline):
        if line.strip():
            answer = json.dumps(await _answer(session, extract, line), ensure_ascii=False)
            sys.stdout.buffer.write(answer.encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()


async def _answer(session: Session, extract: WorkerExtract, line: bytes) -> dict[str, Any]:
    """The Content of one request; a page that fails still yields one, with nulls and `error`."""
    url = ""
    try:
        asked = json.loads(line)
        url = str(asked["url"])
        body = await asyncio.to_thread(Path(asked["html_path"]).read_bytes)
        return content_json(await _read(session, extract, body, url, _moment(asked.get("captured_at"))))
    except (MonitorError, OSError, ValueError, KeyError, TypeError) as error:
        nothing = content_json(Content(url=url, extractor=EXTRACTOR))
        return nothing | {"error": f"{type(error).__name__}: {error}"}


def _moment(words: str | None) -> datetime | None:
    """Null is absent, naive is UTC (DESIGN: the command line)."""
    if words is None:
        return None
    at = datetime.fromisoformat(words)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _read(session: Session, extract: WorkerExtract, body: bytes, url: str, at: datetime | None) -> Content:
    return _content(await extract.read(body, url, captured_at=at, hints=_hints(session, url)))


def _hints(session: Session, url: str) -> Hints:
    host = urlsplit(url).hostname or ""
    return Hints(site=rule_for(host, [site.rule for site in session.policy.sites]), markers=session.policy.live.markers)


def _content(reading: Reading | SamePage) -> Content:
    assert isinstance(reading, Reading)  # without a digest in the hints there is always something to read
    return reading.content


async def _fetched(session: Session, url: str) -> Capture:
    from monitor.clock import SystemClock
    from monitor.fetch import HttpFetch

    fetch = HttpFetch(session.policy.fetch, SystemClock(), sites=session.policy.sites)
    try:
        capture = await fetch.fetch(Request(url=url))
    finally:
        await fetch.aclose()
    if capture.outcome is not Outcome.FETCHED:
        raise MonitorError(f"{url} could not be fetched: {capture.outcome.value} ({capture.detail or capture.status})")
    return capture


def _bytes_of(page: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if page == "-" else Path(page).read_bytes()
    except OSError as error:
        raise Misuse(f"{page} cannot be read: {error.strerror}; give a FILE, a URL, or - for stdin") from None


def _address_of(page: str) -> str:
    return "http://localhost/" if page == "-" else Path(page).absolute().as_uri()
