"""Walk the whole store and say what is wrong with it. Repairs nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select, text

from monitor.core import diff as differ
from monitor.core.article import Content
from monitor.core.lifecycle import ChangeState
from monitor.errors import CorruptVersion
from monitor.store import blobs
from monitor.store.documents import claims_of, edits_of, reading_of
from monitor.store.rows import DeliveryState
from monitor.store.settling import ANNOUNCED_LATE
from monitor.store.tables import article, blob, change, change_state, outbox, reading, version
from monitor.store.zstandard import Unreadable

Progress = Callable[[int, int], None]
"""Told how many of how many stored pages, readings and diffs have been checked."""


def problems(connection: Connection, progress: Progress | None = None) -> Iterator[str]:
    """Each problem as a sentence."""
    yield from _file(connection)
    yield from _blobs(connection, progress)
    yield from _readings(connection)
    yield from _diffs(connection)
    for sentence, statement in _PROMISES:
        for (name,) in connection.execute(statement):
            yield sentence.format(name)


def _file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"the database file is damaged: {line}"
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"row {row[1]} of {row[0]} names a row of {row[2]} that is not there"


def _blobs(connection: Connection, progress: Progress | None) -> Iterator[str]:
    total = connection.execute(select(func.count()).select_from(blob)).scalar_one()
    for done, name in enumerate(blobs.names(connection), start=1):
        try:
            blobs.read(connection, name)
        except CorruptVersion as error:
            yield f"{error}{_needed_by(connection, name)}"
        if progress is not None:
            progress(done, total)


def _needed_by(connection: Connection, name: str) -> str:
    statement = (
        select(article.c.url, version.c.number)
        .join(version, version.c.article_id == article.c.id)
        .join(reading)
        .where((version.c.page_sha256 == name) | (reading.c.content_sha256 == name))
    )
    users = [f"version {row.number} of {row.url}" for row in connection.execute(statement)]
    return f"; it is needed by {', '.join(users)}" if users else ""


def _readings(connection: Connection) -> Iterator[str]:
    statement = select(reading.c.id, reading.c.version_id, reading.c.content_sha256).order_by(reading.c.id)
    for row in connection.execute(statement):
        try:
            reading_of(blobs.read(connection, row.content_sha256))
        except CorruptVersion:
            continue  # told with the blobs
        except (KeyError, TypeError, ValueError) as error:
            yield f"the reading {row.id} of version {row.version_id} is no reading ({type(error).__name__})"


def _diffs(connection: Connection) -> Iterator[str]:
    """Does each recorded diff turn the older text into the newer one?"""
    for row in connection.execute(select(change).order_by(change.c.id)):
        try:
            old, new = (_content(connection, side) for side in (row.from_reading_id, row.to_reading_id))
            differ.check(edits_of(blobs.read(connection, row.diff_sha256), old), old, new)
            claims_of(row.claims)
        except CorruptVersion:
            continue  # told with the blobs
        except (differ.BrokenDiff, Unreadable, KeyError, TypeError, ValueError):
            yield f"the recorded diff of change {row.id} does not lead from one of its versions to the other"


def _content(connection: Connection, reading_id: int) -> Content:
    name = connection.execute(select(reading.c.content_sha256).where(reading.c.id == reading_id)).scalar_one()
    return reading_of(blobs.read(connection, name)).content


# -- promises that no constraint can keep

_count = select(func.count()).select_from(version).where(version.c.article_id == article.c.id).scalar_subquery()
_highest = select(func.max(version.c.number)).where(version.c.article_id == article.c.id).scalar_subquery()
_current = version.alias("current")
_from, _to, _base = version.alias("from_version"), version.alias("to_version"), blob.alias("base")
_states = select(change_state.c.id).where(change_state.c.change_id == change.c.id)
_settled = _states.where(change_state.c.state.not_in([ChangeState.PROVISIONAL.value, ANNOUNCED_LATE]))
_held = outbox.c.state == DeliveryState.HELD.value

_PROMISES: tuple[tuple[str, Select[Any]], ...] = (
    (
        "{} counts another number of versions than are stored",
        select(article.c.url).where(
            (article.c.version_count != _count) | (func.coalesce(_highest, 0) != article.c.version_count)
        ),
    ),
    (
        "{} points at a version of another article",
        select(article.c.url)
        .join(_current, _current.c.id == article.c.current_version_id)
        .where(_current.c.article_id != article.c.id),
    ),
    (
        "{} has versions and points at none",
        select(article.c.url).where(article.c.version_count > 0, article.c.current_version_id.is_(None)),
    ),
    (
        "version {} has no reading",
        select(version.c.id).where(~select(reading.c.id).where(reading.c.version_id == version.c.id).exists()),
    ),
    ("change {} has no state", select(change.c.id).where(~_states.exists())),
    (
        "change {} does not lead forward within its article",
        select(change.c.id)
        .join(_from, _from.c.id == change.c.from_version_id)
        .join(_to, _to.c.id == change.c.to_version_id)
        .where(
            (_from.c.article_id != change.c.article_id)
            | (_to.c.article_id != change.c.article_id)
            | (_from.c.number >= _to.c.number)
        ),
    ),
    (
        "a delivery of change {} is still held, although the change is settled",
        select(outbox.c.change_id).join(change).where(_held, _settled.exists()),
    ),
    (
        "a delivery of change {} is held, and no article waits for its second look",
        select(outbox.c.change_id).where(
            _held, ~select(article.c.id).where(article.c.hold_change_id == outbox.c.change_id).exists()
        ),
    ),
    (
        "the stored bytes {} lean on others that lean on others",
        select(blob.c.sha256).join(_base, _base.c.sha256 == blob.c.base_sha256).where(_base.c.base_sha256.is_not(None)),
    ),
)
