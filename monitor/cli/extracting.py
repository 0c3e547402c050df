"""`extract`: what the monitor sees on a page, read exactly as a check would read it."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from monitor.cli.session import Session
from monitor.core.address import host_of
from monitor.core.article import Content, Reading
from monitor.core.capture import Capture, Outcome
from monitor.core.wire import content_json
from monitor.errors import Misuse, MonitorError
from monitor.extract import EXTRACTOR, WorkerExtract, rule_for
from monitor.ports import Extract, Hints, Request


async def one(session: Session, page: str, url: str | None, now: datetime) -> Content:
    """Read one page from a file, from stdin or from the web. Raises when it cannot be had or read."""
    async with AsyncExitStack() as stack:
        extract = WorkerExtract()
        stack.push_async_callback(extract.aclose)
        if page.startswith(("http://", "https://")):
            capture = await _fetched(session, page)
        else:
            capture = _captured(url or _address_of(page), _bytes_of(page), now)
        return await _read(session, extract, capture)


async def lines(session: Session, source: BinaryIO) -> None:
    """Answer each line of stdin with one line, flushed before the next is read; the end of input ends it."""
    extract = WorkerExtract()
    try:
        while line := await asyncio.to_thread(source.readline):
            if line.strip():
                answer = json.dumps(await _answer(session, extract, line), ensure_ascii=False)
                sys.stdout.buffer.write(answer.encode("utf-8", "replace") + b"\n")
                sys.stdout.buffer.flush()
    finally:
        await extract.aclose()


async def _answer(session: Session, extract: Extract, line: bytes) -> dict[str, Any]:
    """The Content of one request; a page that fails still yields one, with nulls and `error`."""
    url = ""
    try:
        asked = json.loads(line)
        url = str(asked["url"])
        body = await asyncio.to_thread(Path(asked["html_path"]).read_bytes)
        capture = _captured(url, body, _moment(asked.get("captured_at")))
        return content_json(await _read(session, extract, capture))
    except (MonitorError, OSError, ValueError, KeyError, TypeError) as error:
        nothing = content_json(Content(url=url, extractor=EXTRACTOR))
        return nothing | {"error": f"{type(error).__name__}: {error}"}


def _moment(words: str | None) -> datetime | None:
    """Null is absent, naive is UTC (DESIGN: the command line)."""
    if words is None:
        return None
    at = datetime.fromisoformat(words)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _read(session: Session, extract: Extract, capture: Capture) -> Content:
    site = rule_for(host_of(capture.url) if "://" in capture.url else "", session.policy.sites)
    reading = await extract.extract(capture, Hints(site=site, markers=session.policy.live.markers))
    assert isinstance(reading, Reading)  # without a digest in the hints there is always something to read
    return reading.content


async def _fetched(session: Session, url: str) -> Capture:
    from monitor.app import SystemClock
    from monitor.fetch import HttpFetch

    fetch = HttpFetch(session.policy.fetch, SystemClock())
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


def _captured(url: str, body: bytes, at: datetime | None) -> Capture:
    known = at or datetime(1970, 1, 1, tzinfo=UTC)
    return Capture(
        url=url,
        final_url=url,
        outcome=Outcome.FETCHED,
        asked_at=known,
        captured_at=known,
        status=200,
        body=body,
    )
