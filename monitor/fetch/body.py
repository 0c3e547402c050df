"""Bodies: read within a bound, out of at most one content coding, and known to be whole."""

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # publishes no types

from monitor.core.capture import Outcome
from monitor.fetch.exchange import Answer
from monitor.fetch.faults import Fault

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

ACCEPT_ENCODING = "gzip, br, zstd"
PIECE = 262_144
"""Decoders give out so many bytes at a time: a bomb is noticed one piece after the cap."""

MOST_FRAMES = 100
"""gzip members and zstd frames may follow each other; each costs a decoder, and 20 bytes make one."""

ZSTD_WINDOW_LOG = 23
"""8 MiB: the most that RFC 9659 lets a zstd content coding ask for."""


class TooLarge(Fault):
    def __init__(self, cap: int) -> None:
        super().__init__(Outcome.BROKEN, f"the page is larger than {cap:,} bytes")


class Decoder(Protocol):
    """One content coding, in pieces of about `PIECE` bytes. `whole`: the coding's own end mark was read."""

    @property
    def whole(self) -> bool: ...

    def feed(self, chunk: bytes) -> Iterator[bytes]: ...


async def read_body(answer: Answer, into: bytearray, cap: int) -> None:
    """Read the body into `into`, decoded, and see that it is whole.

    No more than `cap` bytes are read from the wire or kept decoded. On a Fault (TooLarge, damaged, truncated,
    stacked or unknown codings) `into` holds what came before it. A body that ends with the connection and has no
    coding cannot be told from a truncated one: HTTP has no mark for it.
    """
    coding = content_coding(answer)
    decoder = DECODERS[coding]()
    wire = 0
    try:
        async with aclosing(answer.chunks()) as chunks:
            async for chunk in chunks:
                wire += len(chunk)
                _take(decoder.feed(chunk), into, cap)
                if wire > cap:
                    raise TooLarge(cap)
    except (zlib.error, brotli.error, ZstdError) as error:
        raise Fault(Outcome.BROKEN, f"the {coding} body is damaged") from error
    if wire and not decoder.whole:
        raise Fault(Outcome.BROKEN, f"the {coding} body is cut short")


def content_coding(answer: Answer) -> str:
    """The one coding of a body. Raises Fault for several (nobody needs them but bombs) and for unknown ones."""
    named = ",".join(value for name, value in answer.headers if name.lower() == "content-encoding")
    codings = [coding for part in named.split(",") if (coding := part.strip().lower()) not in _NO_CODINGS]
    if len(codings) > 1:
        raise Fault(Outcome.BROKEN, f"the body is coded {len(codings)} times over")
    coding = codings[0].removeprefix("x-") if codings else "identity"
    if coding not in DECODERS:
        raise Fault(Outcome.BROKEN, f"the body has a coding nobody asked for: {coding[:40]}")
    return coding


def declared_length(answer: Answer) -> int:
    """The Content-Length, 0 where there is none."""
    text = answer.header("content-length") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _take(pieces: Iterator[bytes], into: bytearray, cap: int) -> None:
    for piece in pieces:
        room = cap - len(into)
        into += piece[:room]
        if len(piece) > room:
            raise TooLarge(cap)


class _Identity:
    whole = True

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Zlib:
    """gzip (`wbits` 31), or what servers mean by deflate (None): zlib as the RFC says, or bare deflate."""

    def __init__(self, wbits: int | None) -> None:
        self._wbits = wbits
        self._head = b""
        self._frames = 0
        self._decoder = zlib.decompressobj(wbits) if wbits else None

    @property
    def whole(self) -> bool:
        return self._decoder is not None and self._decoder.eof

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < 2:
                return
            chunk, self._wbits = self._head, _zlib_or_bare(self._head)
            self._decoder = zlib.decompressobj(self._wbits)
        while chunk or not self._decoder.eof:
            if self._decoder.eof and not self._another(chunk):
                return
            piece = self._decoder.decompress(chunk, PIECE)
            chunk = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
            if piece:
                yield piece
            if not chunk and len(piece) < PIECE:
                return

    def _another(self, chunk: bytes) -> bool:
        """Whether another gzip member follows. What follows else is ignored, as browsers do."""
        if self._wbits != _GZIP or chunk[0] != 0x1F:
            return False
        self._frames = _counted(self._frames)
        self._decoder = zlib.decompressobj(_GZIP)
        return True


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def whole(self) -> bool:
        return bool(self._decoder.is_finished())

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._decoder.is_finished():
            return
        # The decoder may give out nearly twice of what it was asked for; and it may hold output back though all
        # input is taken, so that only an empty piece says that there is no more.
        piece = self._decoder.process(chunk, output_buffer_limit=PIECE // 2)
        while piece:
            yield piece
            piece = self._decoder.process(b"", output_buffer_limit=PIECE // 2)


class _Zstd:
    def __init__(self) -> None:
        self._frames = 0
        self._decoder = _zstd_decoder()

    @property
    def whole(self) -> bool:
        return self._decoder.eof

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while True:
            if self._decoder.eof:
                if not chunk:
                    return
                self._frames = _counted(self._frames)
                self._decoder = _zstd_decoder()
            piece = self._decoder.decompress(chunk, PIECE)
            chunk = self._decoder.unused_data if self._decoder.eof else b""
            if piece:
                yield piece
            if not self._decoder.eof and self._decoder.needs_input:
                return


def _zstd_decoder() -> ZstdDecompressor:
    return ZstdDecompressor(options={DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})


def _counted(frames: int) -> int:
    if frames >= MOST_FRAMES:
        raise Fault(Outcome.BROKEN, f"the body is coded in more than {MOST_FRAMES} pieces")
    return frames + 1


def _zlib_or_bare(head: bytes) -> int:
    """RFC 1950: the method is 8, and the first two bytes are a multiple of 31."""
    is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


_GZIP = zlib.MAX_WBITS | 16
_NO_CODINGS = ("", "identity", "none", "utf-8", "utf8", "binary")  # the last four are seen, and mean nothing
DECODERS: dict[str, Callable[[], Decoder]] = {
    "identity": _Identity,
    "gzip": lambda: _Zlib(_GZIP),
    "deflate": lambda: _Zlib(None),
    "br": _Brotli,
    "zstd": _Zstd,
}
