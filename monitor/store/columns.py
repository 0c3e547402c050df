"""How our values stand in a column: times as whole UTC milliseconds, hashes as bytes, lists as JSON."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is declared INTEGER."""


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, rounded down. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {at!r}")
    return (at - _EPOCH) // _MILLISECOND


def instant(stored: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=stored)


class UtcMs(TypeDecorator[datetime]):
    """An aware datetime as an integer: it sorts, compares and survives any driver's idea of time zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: Any, _: Dialect) -> datetime | None:
        return None if value is None else instant(value)


class SpanMs(TypeDecorator[timedelta]):
    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, _: Dialect) -> int | None:
        return None if value is None else value // _MILLISECOND

    def process_result_value(self, value: Any, _: Dialect) -> timedelta | None:
        return None if value is None else timedelta(milliseconds=value)


class Sha256(TypeDecorator[str]):
    """A hash in hexadecimal, kept in its 32 bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, _: Dialect) -> str | None:
        return None if value is None else bytes(value).hex()


class Words(TypeDecorator[str]):
    """Text from outside. PostgreSQL refuses NUL, and both refuse lone surrogates: they become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else storable(value)

    def process_result_value(self, value: Any, _: Dialect) -> str | None:
        return None if value is None else str(value)


def storable(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Listed(TypeDecorator[tuple[str, ...]]):
    """A tuple of short texts as a JSON list; one entry is found with `holds`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _: Dialect) -> str | None:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: Any, _: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


def entry_pattern(entry: str) -> str:
    """The LIKE pattern (escape character: \\) of a `Listed` that holds this entry.

    >>> entry_pattern("50%")
    '%"50\\\\%"%'
    """
    quoted = json.dumps(entry).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{quoted}%"
