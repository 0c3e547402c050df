"""A hostile origin: whatever it sends, a visit ends in time, in little memory, and with no page."""

import asyncio
import gzip
import resource
import time
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache

import brotli  # type: ignore[import-untyped]  # publishes no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.capture import Outcome
from monitor.fetch import HttpFetch
from monitor.fetch.fetcher import ERROR_PAGE
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.fetch.test_body import bare_deflate, zstd
from tests.origin import Origin, Reply, Response, dripping, endless, resetting, silent

PATIENCE = 0.4
"""The deadline of a visit here, in seconds."""

MIB = 2**20
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CLOSE = OK + b"Connection: close\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
async def wary(clock: SetClock) -> AsyncIterator[HttpFetch]:
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=PATIENCE)), clock)
    yield fetch
    await fetch.aclose()


def framed(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = b"".join(header + b"\r\n" for header in (b"Content-Type: text/html", *headers))
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, lines, len(body), body)


def cut(coding: bytes, body: bytes) -> bytes:
    """A coded body that lacks its last bytes, in a frame that is whole."""
    return framed(body[:-5], b"Content-Encoding: " + coding)


HTML = b"<p>The mayor resigns." * 500

HOSTILE: dict[str, tuple[Response, set[Outcome]]] = {
    "nothing": (b"", {Outcome.UNREACHABLE}),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", {Outcome.UNREACHABLE}),
    "no HTTP, at length": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", {Outcome.BROKEN}),
    "a bare body": (b"<p>Hello", {Outcome.BROKEN, Outcome.UNREACHABLE}),
    "half a status line": (b"HTTP/1.1 20", {Outcome.UNREACHABLE}),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-", {Outcome.UNREACHABLE}),
    "a status of four digits": (b"HTTP/1.1 2000 OK\r\n\r\n", {Outcome.BROKEN}),
    "a status of letters": (b"HTTP/1.1 abc OK\r\n\r\n", {Outcome.BROKEN}),
    "a status below 100": (b"HTTP/1.1 099 OK\r\n\r\n", {Outcome.BROKEN}),
    "HTTP/2 unasked": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {Outcome.BROKEN}),
    "an upgrade": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", {Outcome.BROKEN}),
    "two lengths": (OK + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello", {Outcome.BROKEN}),
    "a negative length": (OK + b"Content-Length: -5\r\n\r\nhello", {Outcome.BROKEN}),
    "a length of words": (OK + b"Content-Length: five\r\n\r\nhello", {Outcome.BROKEN}),
    "an absurd length": (OK + b"Content-Length: " + b"9" * 19 + b"\r\n\r\nhello", {Outcome.BROKEN}),
    "an unknown transfer coding": (OK + b"Transfer-Encoding: gzip\r\n\r\nhello", {Outcome.BROKEN}),
    "a bad chunk size": (CHUNKED + b"zz\r\nhello\r\n", {Outcome.BROKEN}),
    "an endless chunk size": (CHUNKED + b"0" * 200_000, {Outcome.BROKEN}),
    "a header of 5 MB": (OK + b"X: " + b"a" * 5_000_000 + b"\r\n\r\n", {Outcome.BROKEN}),
    "50,000 headers": (OK + b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + b"\r\n", {Outcome.BROKEN}),
    "a NUL in a header": (OK + b"X: a\0b\r\n\r\n", {Outcome.BROKEN}),
    "cut short by length": (OK + b"Content-Length: 5000\r\n\r\n" + HTML[:2_000], {Outcome.BROKEN}),
    "cut short in a chunk": (CHUNKED + b"1000\r\n" + HTML[:1_000], {Outcome.BROKEN}),
    "cut short between chunks": (CHUNKED + b"5\r\nhello\r\n", {Outcome.BROKEN}),
    "cut short before the last line": (CHUNKED + b"5\r\nhello\r\n0\r\n", {Outcome.BROKEN}),
    "gzip cut short": (cut(b"gzip", gzip.compress(HTML)), {Outcome.BROKEN}),
    "deflate cut short": (cut(b"deflate", zlib.compress(HTML)), {Outcome.BROKEN}),
    "bare deflate cut short": (cut(b"deflate", bare_deflate(HTML)), {Outcome.BROKEN}),
    "brotli cut short": (cut(b"br", brotli.compress(HTML)), {Outcome.BROKEN}),
    "zstd cut short": (cut(b"zstd", zstd.compress(HTML)), {Outcome.BROKEN}),
    "gzip cut short by the connection": (
        OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(HTML)[:-9],
        {Outcome.BROKEN},
    ),
    "gzip that is none": (framed(HTML, b"Content-Encoding: gzip"), {Outcome.BROKEN}),
    "stacked codings": (
        framed(gzip.compress(gzip.compress(HTML)), b"Content-Encoding: gzip, gzip"),
        {Outcome.BROKEN},
    ),
    "200 stacked codings": (
        framed(gzip.compress(HTML), b"Content-Encoding: " + b", ".join([b"gzip"] * 200)),
        {Outcome.BROKEN},
    ),
    "reset before an answer": (resetting(), {Outcome.UNREACHABLE}),
    "reset in the head": (resetting(after=OK), {Outcome.UNREACHABLE}),
    "reset in the body": (resetting(after=OK + b"Content-Length: 5000\r\n\r\nhello"), {Outcome.UNREACHABLE}),
    "silence": (silent(), {Outcome.UNREACHABLE}),
    "silence after the head": (silent(after=OK + b"Content-Length: 5\r\n\r\n"), {Outcome.UNREACHABLE}),
    "a dripping head": (dripping(OK, b"X: y\r\n"), {Outcome.UNREACHABLE}),
    "a dripping header": (dripping(OK + b"X: ", b"y"), {Outcome.UNREACHABLE}),
    "a dripping body": (dripping(CLOSE, b"x"), {Outcome.UNREACHABLE}),
    "dripping chunks": (dripping(CHUNKED, b"1\r\nx\r\n"), {Outcome.UNREACHABLE}),
    "a dripping 100 Continue": (dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), {Outcome.UNREACHABLE}),
    "endless 100 Continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), {Outcome.UNREACHABLE}),
    "endless early hints": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 50),
        {Outcome.UNREACHABLE},
    ),
    "an endless body": (endless(CLOSE, bytes(65_536)), {Outcome.BROKEN, Outcome.UNREACHABLE}),
    "endless chunks": (endless(CHUNKED, b"1\r\nx\r\n" * 5_000), {Outcome.BROKEN, Outcome.UNREACHABLE}),
    "endless trailers": (endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 5_000), {Outcome.BROKEN, Outcome.UNREACHABLE}),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_a_hostile_answer_is_no_page_and_ends_in_time(origin: Origin, wary: HttpFetch, name: str) -> None:
    response, outcomes = HOSTILE[name]
    url = origin.serve("/story", response)

    took = []
    for _ in range(3):  # a busy machine may delay one of them, a deadline that is not kept delays each
        started = time.perf_counter()
        capture = await wary.fetch(Request(url=url))
        took.append(time.perf_counter() - started)
        if took[-1] < PATIENCE + 1:
            break

    assert min(took) < PATIENCE + 1
    assert capture.outcome in outcomes
    assert capture.detail
    assert capture.body == b""


async def test_other_visits_go_on_beside_hostile_ones(origin: Origin, clock: SetClock) -> None:
    async def loopback(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    bad = [origin.serve(f"/{number}", response) for number, (response, _) in enumerate(HOSTILE.values())][:28]
    urls = [
        url.replace("127.0.0.1", f"host{n}.example") for n, url in enumerate([*bad, origin.serve("/", framed(HTML))])
    ]
    fetch = HttpFetch(loopback_policy(), clock, resolve=loopback)

    captures = await asyncio.gather(*(fetch.fetch(Request(url=url)) for url in urls))
    await fetch.aclose()

    assert captures[-1].body == HTML


HEADS = [b"", OK, CLOSE, CHUNKED, OK + b"Content-Encoding: gzip\r\n\r\n", OK + b"Content-Encoding: zstd\r\n\r\n",
         b"HTTP/1.1 ", b"HTTP/1.1 302 F\r\nLocation: ", b"HTTP/1.1 503 X\r\nRetry-After: "]  # fmt: skip
TAILS = st.one_of(st.binary(max_size=60), st.sampled_from([b"\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"\r\n"]))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(HEADS), TAILS, TAILS), min_size=1, max_size=20))
async def test_any_bytes_at_all_end_in_a_capture(answers: list[tuple[bytes, bytes, bytes]]) -> None:
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=PATIENCE)), SetClock())
    async with Origin() as origin:
        for number, pieces in enumerate(answers):
            capture = await fetch.fetch(Request(url=origin.serve(f"/{number}", b"".join(pieces))))
            assert capture.outcome in Outcome
    await fetch.aclose()


GIGABYTE = 2**30


@cache
def bomb(coding: str) -> bytes:
    """A gigabyte of nothing, coded without ever holding it."""
    piece = bytes(16 * MIB)
    if coding == "br":
        packer = brotli.Compressor(quality=1, lgwin=24)
        return b"".join(packer.process(piece) for _ in range(GIGABYTE // len(piece))) + bytes(packer.finish())
    if coding == "zstd":
        coder = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 20})
        pieces = [coder.compress(piece) for _ in range(GIGABYTE // len(piece))]
        return bytes(b"".join(pieces) + coder.flush())
    wbits = {"gzip": 31, "deflate": 15}[coding]
    zipper = zlib.compressobj(1, wbits=wbits)
    # The same 16 MiB again and again, behind a flush that makes them stand alone.
    head = zipper.compress(piece) + zipper.flush(zlib.Z_FULL_FLUSH)
    again = zipper.compress(piece) + zipper.flush(zlib.Z_FULL_FLUSH)
    return head + again * (GIGABYTE // len(piece) - 1)


BOMBS = [(coding, status) for coding in ("gzip", "deflate", "br", "zstd") for status in (200, 302, 404)]


@pytest.mark.parametrize(("coding", "status"), BOMBS)
async def test_a_bomb_costs_no_more_than_the_cap(origin: Origin, fetch: HttpFetch, coding: str, status: int) -> None:
    headers = (f"Content-Encoding: {coding}".encode(), b"Location: /elsewhere")
    url = origin.serve("/bomb", framed(bomb(coding), *headers, status=b"%d X" % status))
    before = peak_mib()

    capture = await fetch.fetch(Request(url=url))

    assert peak_mib() - before < 60
    assert capture.outcome is {200: Outcome.BROKEN, 302: Outcome.MISSING, 404: Outcome.MISSING}[status]
    assert len(capture.body) <= ERROR_PAGE


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def test_an_error_page_that_drips_is_kept_as_far_as_it_came(origin: Origin, wary: HttpFetch) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"

    capture = await wary.fetch(Request(url=origin.serve("/gone", dripping(head, b"gone "))))

    assert capture.outcome is Outcome.MISSING
    assert capture.body.startswith(b"gone ")


async def test_of_a_long_error_page_the_beginning_is_kept(origin: Origin, fetch: HttpFetch) -> None:
    url = origin.serve("/gone", framed(HTML * 50, status=b"410 Gone"))

    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.body) == (Outcome.GONE, (HTML * 50)[:ERROR_PAGE])


async def test_a_page_that_declares_too_great_a_length_is_not_read(origin: Origin, wary: HttpFetch) -> None:
    head = OK + b"Content-Length: 10000001\r\n\r\n"

    capture = await wary.fetch(Request(url=origin.serve("/", silent(after=head))))

    assert capture.outcome is Outcome.BROKEN
    assert "larger than 10,000,000 bytes" in (capture.detail or "")


async def test_the_body_of_a_redirect_is_never_read(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/new", framed(HTML))
    head = b"HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 99999999\r\n\r\n"
    url = origin.serve("/old", endless(head, bytes(65_536)))

    assert (await fetch.fetch(Request(url=url))).body == HTML


@pytest.mark.parametrize("charset", ["hex", "utf-7", "idna", "rot13", "undefined", "\x1b[2J", "x" * 9_000])
async def test_the_charset_of_a_page_is_nothing_to_the_fetcher(origin: Origin, fetch: HttpFetch, charset: str) -> None:
    kind = f"Content-Type: text/html; charset={charset}".encode("latin-1").replace(b"\x1b", b"?")
    url = origin.serve("/", b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nContent-Length: 8\r\n\r\n+ADw-p>x")

    assert (await fetch.fetch(Request(url=url))).body == b"+ADw-p>x"


@pytest.mark.parametrize("extra", [b"!", b"\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"])
async def test_bytes_behind_an_answer_never_answer_the_next_request(
    origin: Origin, fetch: HttpFetch, extra: bytes
) -> None:
    origin.serve("/first", Reply(200, b"<p>First" + extra, (("Content-Length", "8"),)))
    origin.serve("/second", framed(b"<p>Second"))
    first = await fetch.fetch(Request(url=origin.url + "/first"))

    second = await fetch.fetch(Request(url=origin.url + "/second"))

    assert (first.body, second.body) == (b"<p>First", b"<p>Second")
