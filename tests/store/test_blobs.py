"""Bytes by their hash: whole or as a delta, and exactly what they were."""

from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import CorruptVersion
from monitor.store.blobs import KEYFRAME_DELTAS, MOST_KEYFRAME, Keyframe, Packed, name_of, pack, unpack

PAGE = b"".join(b"<p>%d %s</p>" % (n, sha256(b"%d" % n).hexdigest().encode()) for n in range(400))


def keyframe(raw: bytes, deltas: int = 0) -> Keyframe:
    return Keyframe(name_of(raw), raw, deltas)


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=2000), base=st.binary(max_size=2000), cut=st.integers(0, 2000))
def test_what_is_packed_is_unpacked_exactly(raw: bytes, base: bytes, cut: int) -> None:
    alike = base[:cut] + raw
    packed = pack(alike, keyframe(base))

    assert unpack(packed, base) == alike
    assert packed.sha256 == sha256(alike).hexdigest()


def test_a_page_that_is_much_like_its_keyframe_is_a_small_delta() -> None:
    packed = pack(PAGE.replace(b"<p>7 ", b"<p>seven "), keyframe(PAGE))

    assert packed.base_sha256 == name_of(PAGE)
    assert len(packed.data) < 200


def test_a_delta_larger_than_half_the_whole_becomes_a_keyframe() -> None:
    other = Random(1).randbytes(len(PAGE))
    half = len(PAGE) * 6 // 10

    assert pack(other, keyframe(PAGE)).base_sha256 is None
    assert pack(other[:half] + PAGE[half:], keyframe(PAGE)).base_sha256 is None
    assert pack(other[: half // 3] + PAGE[half // 3 :], keyframe(PAGE)).base_sha256 is not None


@pytest.mark.parametrize(("deltas", "alone"), [(0, False), (KEYFRAME_DELTAS - 1, False), (KEYFRAME_DELTAS, True)])
def test_after_64_deltas_a_new_keyframe_begins(deltas: int, alone: bool) -> None:
    packed = pack(PAGE + b"!", keyframe(PAGE, deltas))

    assert (packed.base_sha256 is None) is alone


def test_what_is_short_beside_a_keyframe_stands_alone() -> None:
    short = PAGE[: len(PAGE) // MOST_KEYFRAME - 1]

    assert pack(short, keyframe(PAGE)).base_sha256 is None
    assert pack(PAGE[: len(PAGE) // MOST_KEYFRAME + 1], keyframe(PAGE)).base_sha256 is not None


def test_a_delta_is_not_read_with_another_keyframe() -> None:
    packed = pack(PAGE + b"!", keyframe(PAGE))

    with pytest.raises(CorruptVersion):
        unpack(packed, PAGE[1:])


def test_a_damaged_frame_cannot_fill_the_memory() -> None:
    bomb = pack(b"\0" * 50_000_000)
    short = Packed(bomb.sha256, None, bomb.codec, 10, bomb.data)

    with pytest.raises(CorruptVersion):
        unpack(short)
