"""Bodies: decoded within a bound, and known to be whole."""

import gzip
import sys
import zlib
from collections.abc import AsyncIterator, Callable

import brotli  # type: ignore[import-untyped]  # publishes no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.capture import Outcome
from monitor.fetch.body import DECODERS, PIECE, TooLarge, read_body
from monitor.fetch.exchange import Answer
from monitor.fetch.faults import Fault

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

HTML = "<p>Été: the mayor resigns.".encode() * 400


def bare_deflate(raw: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(raw) + coder.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "deflate (bare)": bare_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
CODINGS = sorted(CODERS)
CODED = [coding for coding in CODINGS if coding != "identity"]


def answer(wire: bytes, *codings: str, chunk: int = 1_000, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(wire), chunk):
            yield wire[start : start + chunk]

    named = tuple(("Content-Encoding", coding.partition(" (")[0]) for coding in codings)
    return Answer(200, named + headers, stream())


async def body_of(given: Answer, cap: int = 1_000_000) -> bytes:
    into = bytearray()
    await read_body(given, into, cap)
    return bytes(into)


@pytest.mark.parametrize("chunk", [1, 2, 7, 1_000, 1_000_000])
@pytest.mark.parametrize("coding", CODINGS)
async def test_each_coding_is_read_whatever_the_chunks(coding: str, chunk: int) -> None:
    assert await body_of(answer(CODERS[coding](HTML), coding, chunk=chunk)) == HTML


@settings(max_examples=40, deadline=None)
@given(raw=st.binary(max_size=3_000), coding=st.sampled_from(CODINGS), chunk=st.integers(1, 500))
async def test_what_was_coded_is_read_back(raw: bytes, coding: str, chunk: int) -> None:
    assert await body_of(answer(CODERS[coding](raw), coding, chunk=chunk)) == raw


@pytest.mark.parametrize("coding", CODED)
async def test_a_body_larger_than_a_piece_is_whole(coding: str) -> None:
    raw = bytes(range(256)) * (PIECE // 64)
    assert await body_of(answer(CODERS[coding](raw), coding, chunk=65_536), cap=len(raw)) == raw


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("lost", [1, 4, 20])
async def test_a_truncated_coding_is_found(coding: str, lost: int) -> None:
    wire = CODERS[coding](HTML)

    with pytest.raises(Fault) as found:
        await body_of(answer(wire[:-lost], coding))

    assert found.value.outcome is Outcome.BROKEN


@pytest.mark.parametrize("coding", CODED)
async def test_a_damaged_coding_is_found(coding: str) -> None:
    wire = bytearray(CODERS[coding](HTML))
    wire[len(wire) // 2 :] = b"\xff" * (len(wire) // 2)

    with pytest.raises(Fault) as found:
        await body_of(answer(bytes(wire), coding))

    assert found.value.outcome is Outcome.BROKEN


@pytest.mark.parametrize("coding", CODED)
async def test_text_that_claims_a_coding_is_found(coding: str) -> None:
    with pytest.raises(Fault):
        await body_of(answer(HTML, coding))


@pytest.mark.parametrize("coding", CODED)
async def test_a_coded_body_of_no_bytes_is_empty(coding: str) -> None:
    assert await body_of(answer(b"", coding)) == b""


@pytest.mark.parametrize("coding", CODINGS)
async def test_what_is_over_the_cap_is_given_up_with_what_fits(coding: str) -> None:
    into = bytearray()
    with pytest.raises(TooLarge):
        await read_body(answer(CODERS[coding](HTML), coding), into, 1_500)

    assert bytes(into) == HTML[:1_500]


@pytest.mark.parametrize("coding", [coding for coding in CODED if coding.islower()])
def test_a_decoder_gives_a_bomb_out_in_pieces(coding: str) -> None:
    wire = CODERS[coding](bytes(2_000_000))
    decoder = DECODERS[coding.partition(" (")[0].removeprefix("x-")]()

    assert max(len(piece) for piece in decoder.feed(wire)) <= PIECE


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_body_of_exactly_the_cap_is_read(coding: str) -> None:
    assert await body_of(answer(CODERS[coding](HTML), coding), cap=len(HTML)) == HTML


async def test_the_wire_is_bounded_too() -> None:
    wire = zlib.compress(b"")[:2] + b"\x00\x00\x00\xff\xff" * 1_000  # stored blocks of no bytes, without end
    with pytest.raises(TooLarge):
        await body_of(answer(wire, "deflate"), cap=1_500)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
async def test_members_that_follow_each_other_are_one_body(coding: str) -> None:
    wire = CODERS[coding](b"one, ") + CODERS[coding](b"two, ") + CODERS[coding](b"three")

    for chunk in (1, 5, 1_000):
        assert await body_of(answer(wire, coding, chunk=chunk)) == b"one, two, three"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
async def test_thousands_of_members_are_given_up(coding: str) -> None:
    with pytest.raises(Fault, match="pieces"):
        await body_of(answer(CODERS[coding](b"") * 5_000, coding, chunk=65_536))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "deflate (bare)", "br"])
async def test_junk_behind_the_end_is_ignored(coding: str) -> None:
    assert await body_of(answer(CODERS[coding](HTML) + b"\r\n\0\0", coding, chunk=1)) == HTML


@pytest.mark.parametrize("codings", [("gzip", "gzip"), ("br", "gzip"), ("gzip, br",), ("identity, gzip, zstd",)])
async def test_stacked_codings_are_not_decoded(codings: tuple[str, ...]) -> None:
    with pytest.raises(Fault, match="times over"):
        await body_of(answer(gzip.compress(HTML), *codings))


@pytest.mark.parametrize("coding", ["compress", "dcb", "aes128gcm", "gzip;q=1", "\x1b[2J"])
async def test_an_unknown_coding_is_named_and_not_read(coding: str) -> None:
    with pytest.raises(Fault) as found:
        await body_of(answer(HTML, coding))

    assert "\x1b" not in found.value.detail


@pytest.mark.parametrize("coding", ["", "identity", "none", "UTF-8", "identity, identity"])
async def test_what_means_no_coding_is_none(coding: str) -> None:
    assert await body_of(answer(HTML, coding)) == HTML


async def test_a_zstd_body_that_wants_too_large_a_window_is_refused() -> None:
    coder = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    wire = coder.compress(HTML) + coder.flush()
    assert zstd.decompress(wire) == HTML  # the library by itself takes it

    with pytest.raises(Fault, match="damaged"):
        await body_of(answer(wire, "zstd"))
