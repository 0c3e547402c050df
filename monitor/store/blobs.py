"""Bytes by their hash: a zstd keyframe, and later ones as zstd with that keyframe before them, one step deep.

`pack` and `unpack` are pure. What is packed is unpacked again and compared before it is stored, and every read is
hashed: bytes that do not match raise CorruptVersion and are never repaired.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, select

from monitor.errors import CorruptVersion
from monitor.store.dialect import insert_or_ignore
from monitor.store.tables import blob
from monitor.store.zstandard import Unreadable, compress, decompress

KEYFRAME_SHARE = 0.5
"""A delta that takes more than this share of the whole page's own size is stored whole instead: a new keyframe."""
KEYFRAME_DELTAS = 64
"""After so many deltas the next one is stored whole: a damaged keyframe costs this many versions at the most."""
SURELY_SMALL = 40
"""A delta of a 40th of the raw page is kept without asking what the whole would take: no page shrinks to a 20th."""
LEAST_KEYFRAME = 64
"""Bytes below which nothing leans on a blob: zstd wants eight at least, and there is nothing to gain."""
MOST_KEYFRAME = 32
"""So many times as long as what is packed, a keyframe costs more to look through than it saves."""
_WHOLE, _DELTA = "zstd", "zstd-delta"


@dataclass(frozen=True, slots=True)
class Packed:
    """A blob as it is stored. `base_sha256` names the keyframe that it needs, None when it stands alone."""

    sha256: str
    base_sha256: str | None
    codec: str
    raw_len: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A blob that stands alone, unpacked, and how many deltas lean on it."""

    sha256: str
    raw: bytes
    deltas: int = 0

    def serves(self, name: str, length: int) -> bool:
        """Whether a delta for the blob of that name and of so many bytes may lean on it."""
        alike = LEAST_KEYFRAME <= len(self.raw) <= MOST_KEYFRAME * length
        return alike and self.deltas < KEYFRAME_DELTAS and self.sha256 != name


def name_of(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def pack(raw: bytes, keyframe: Keyframe | None = None) -> Packed:
    """The smaller sensible form of `raw`: a delta against the keyframe, or whole."""
    return _packed(name_of(raw), raw, keyframe)


def _packed(name: str, raw: bytes, keyframe: Keyframe | None) -> Packed:
    if keyframe is not None and keyframe.serves(name, len(raw)):
        delta = compress(raw, keyframe.raw)
        if len(delta) <= len(raw) // SURELY_SMALL or len(delta) <= KEYFRAME_SHARE * len(whole := compress(raw)):
            return Packed(name, keyframe.sha256, _DELTA, len(raw), delta)
        return Packed(name, None, _WHOLE, len(raw), whole)
    return Packed(name, None, _WHOLE, len(raw), compress(raw))


def unpack(packed: Packed, keyframe: bytes | None = None) -> bytes:
    """The bytes again, proved by their hash. Raises CorruptVersion."""
    raw = _unpacked(packed, keyframe)
    if name_of(raw) != packed.sha256:
        raise CorruptVersion(packed.sha256, "its hash is another one")
    return raw


def _unpacked(packed: Packed, keyframe: bytes | None) -> bytes:
    try:
        return decompress(packed.data, packed.raw_len, keyframe if packed.base_sha256 else None)
    except Unreadable as error:
        raise CorruptVersion(packed.sha256, "it cannot be unpacked") from error


# -- in the table

_row = select(blob).where(blob.c.sha256 == bindparam("name"))
_deltas = select(func.count()).select_from(blob).where(blob.c.base_sha256 == bindparam("name"))
_exists = select(blob.c.raw_len).where(blob.c.sha256 == bindparam("name"))


def read(connection: Connection, name: str) -> bytes:
    """The bytes of that hash. Raises CorruptVersion when they are damaged or missing."""
    packed = _stored(connection, name)
    if packed.base_sha256 is None:
        return unpack(packed)
    base = _stored(connection, packed.base_sha256)
    if base.base_sha256 is not None:
        raise CorruptVersion(name, "its keyframe is a delta itself")
    return unpack(packed, unpack(base))


def keyframe_near(connection: Connection, name: str | None) -> Keyframe | None:
    """The keyframe that `name` leans on, or is; None where there is no such blob, or it is damaged (then the next
    version stands alone, which mends nothing and loses nothing)."""
    if name is None:
        return None
    try:
        packed = _stored(connection, name)
        key = packed.base_sha256 or name
        deltas = connection.execute(_deltas, {"name": key}).scalar_one()
        return Keyframe(key, read(connection, key), deltas)
    except CorruptVersion:
        return None


def is_stored(connection: Connection, name: str) -> bool:
    return connection.execute(_exists, {"name": name}).first() is not None


def prepare(name: str, raw: bytes, keyframe: Keyframe | None) -> Packed:
    """`raw`, whose name that is, ready to be stored, leaning on the keyframe where that serves."""
    packed = _packed(name, raw, keyframe)
    if _unpacked(packed, keyframe.raw if keyframe else None) != raw:
        raise CorruptVersion(packed.sha256, "it could not be read back before it was stored")
    return packed


def store(connection: Connection, packed: Packed) -> None:
    """Write the blob unless somebody did meanwhile."""
    connection.execute(
        insert_or_ignore(connection, blob),
        {
            "sha256": packed.sha256,
            "base_sha256": packed.base_sha256,
            "codec": packed.codec,
            "raw_len": packed.raw_len,
            "data": packed.data,
        },
    )


def names(connection: Connection) -> Iterator[str]:
    """The hash of every blob, keyframes and their deltas together."""
    ordered = select(blob.c.sha256).order_by(func.coalesce(blob.c.base_sha256, blob.c.sha256))
    yield from connection.execute(ordered).scalars()


def _stored(connection: Connection, name: str) -> Packed:
    row = connection.execute(_row, {"name": name}).first()
    if row is None:
        raise CorruptVersion(name, "it is missing")
    return Packed(row.sha256, row.base_sha256, row.codec, row.raw_len, bytes(row.data))
