"""Zstandard, from the standard library where it has it."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9
_MAX_WINDOW_LOG = 27
_MAX_HASH_LOG = 22


class Unreadable(Exception):  # what it says is all there is to it
    """The bytes are no zstd frame, or not the one that was promised."""


def compress(raw: bytes, before: bytes | None = None) -> bytes:
    """One frame. With `before` it holds only what those bytes do not, and needs them to be read."""
    if before is None:
        return zstd.compress(raw, LEVEL)
    # The window must reach back over all of it, or what is the same at its start is not found.
    window = min(max((len(raw) + len(before)).bit_length(), 10), _MAX_WINDOW_LOG)
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.window_log: window,
        # The level's own table is for several times as much, and to clear it takes a third of the time. In one that has
        # less room than `before` has bytes, its beginning would not be found.
        zstd.CompressionParameter.hash_log: min(max(len(before).bit_length(), 10), _MAX_HASH_LOG),
    }
    return zstd.compress(raw, options=options, zstd_dict=zstd.ZstdDict(before, is_raw=True).as_prefix)


def decompress(data: bytes, raw_len: int, before: bytes | None = None) -> bytes:
    """The bytes again; of a damaged frame at most one more than `raw_len`. Raises Unreadable."""
    prefix = zstd.ZstdDict(before, is_raw=True).as_prefix if before is not None else None
    try:
        return zstd.ZstdDecompressor(zstd_dict=prefix).decompress(data, raw_len + 1)
    except (zstd.ZstdError, EOFError, ValueError) as error:
        raise Unreadable(str(error)) from error
