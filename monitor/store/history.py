"""What happened: changes, versions in their order, events, checks."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, bindparam, select, type_coerce

from monitor.core.article import Claim, ClaimSource, Content, Declaration, Field
from monitor.core.blog import EntryChange
from monitor.core.corrections import ToldChange
from monitor.core.diff import Edit
from monitor.core.lifecycle import NOT_STANDING, ChangeState
from monitor.core.policy import AlertEvent
from monitor.errors import CorruptVersion, Misuse
from monitor.store import blobs
from monitor.store.articles import has_tag, stands
from monitor.store.columns import entry_pattern
from monitor.store.documents import Misplaced, claims_of, edits_of, entry_changes_of, patch_of, reading_of
from monitor.store.rows import (
    CheckRange,
    EventRow,
    HistoryRow,
    ObservationRow,
    RecordedDiff,
    StoredChange,
    VersionHead,
)
from monitor.store.settling import ANNOUNCED_LATE
from monitor.store.tables import article, change, change_state, check_log, event, observation, reading, version
from monitor.store.zstandard import Unreadable

AT_ONCE = 500
"""Changes read in one statement."""

_older = version.alias("older")
_newer = version.alias("newer")


def _state_of(column: str) -> Any:
    """The newest state of a change."""
    return (
        select(change_state.c[column])
        .where(change_state.c.change_id == change.c.id, change_state.c.state != ANNOUNCED_LATE)
        .order_by(change_state.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


_late_by = (
    select(change_state.c.late_by)
    .where(change_state.c.change_id == change.c.id, change_state.c.state == ANNOUNCED_LATE)
    .order_by(change_state.c.id)
    .limit(1)
    .scalar_subquery()
)

_changes = (
    select(
        change,
        article.c.url,
        article.c.host,
        article.c.tags,
        _older.c.number.label("from_number"),
        _newer.c.number.label("to_number"),
        _newer.c.headline,
        _state_of("state").label("state"),
        _state_of("reason").label("reason"),
        _late_by.label("late_by"),
        reading.c.method,
    )
    .join(reading, reading.c.id == change.c.to_reading_id)
    .join(article, article.c.id == change.c.article_id)
    .join(_older, _older.c.id == change.c.from_version_id)
    .join(_newer, _newer.c.id == change.c.to_version_id)
)


BY_ENTRIES = "entries"
"""The method by which live blogs are read (see `extract`): no other change has entries to tell of."""


def _change_of(connection: Connection, row: Row[Any]) -> StoredChange:
    old_claims, new_claims = _claims(row)
    return StoredChange(
        id=row.id,
        article_id=row.article_id,
        url=row.url,
        host=row.host,
        tags=row.tags,
        headline=row.headline,
        from_version=row.from_number,
        to_version=row.to_number,
        from_version_id=row.from_version_id,
        to_version_id=row.to_version_id,
        state=ChangeState(row.state),
        state_reason=row.reason,
        declaration=Declaration(row.declaration) if row.declaration else None,
        claims_moved=tuple(ClaimSource(source) for source in row.claims_moved),
        claims_still=tuple(ClaimSource(source) for source in row.claims_still),
        fields=tuple(Field(field) for field in row.fields),
        words_added=row.words_added,
        words_removed=row.words_removed,
        similarity=row.similarity,
        cosmetic=row.cosmetic,
        not_before=row.not_before,
        not_after=row.not_after,
        recorded_at=row.recorded_at,
        announced_late_by=row.late_by,
        old_claims=old_claims,
        new_claims=new_claims,
        entries=_entries_told(connection, row.id) if row.method == BY_ENTRIES else (),
    )


def _claims(row: Row[Any]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Of the older and of the newer version. Raises CorruptVersion."""
    try:
        return claims_of(row.claims)
    except Unreadable as error:
        raise CorruptVersion(row.diff_sha256, "the claims of its change cannot be read") from error


def _entries_told(connection: Connection, change_id: int) -> tuple[EntryChange, ...]:
    """Nothing where they cannot be read: who asks for the diff is told so, and a list of changes stays one."""
    with suppress(CorruptVersion):
        return entry_changes(connection, change_id)
    return ()


# -- changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """Which changes are wanted; None is any. `since` is about when they were recorded."""

    since: datetime | None = None
    declaration: Declaration | None = None
    field: Field | None = None
    host: str | None = None
    tag: str | None = None
    withdrawn: bool = False


def page_of_changes(connection: Connection, wanted: ChangeFilter, *, after: int, limit: int) -> list[StoredChange]:
    """Up to `limit` changes with an id greater than `after`, oldest first."""
    statement = _wanted(_changes, wanted).where(change.c.id > after).order_by(change.c.id).limit(limit)
    return [_change_of(connection, row) for row in connection.execute(statement)]


def _wanted(statement: Select[Any], wanted: ChangeFilter) -> Select[Any]:
    if wanted.since is not None:
        statement = statement.where(change.c.recorded_at >= wanted.since)
    if wanted.declaration is not None:
        statement = statement.where(change.c.declaration == wanted.declaration.value)
    if wanted.field is not None:
        listed = type_coerce(change.c.fields, Text)
        statement = statement.where(listed.like(entry_pattern(wanted.field.value), escape="\\"))
    if wanted.host is not None:
        statement = statement.where(article.c.host == wanted.host)
    if wanted.tag is not None:
        statement = statement.where(has_tag(wanted.tag))
    if not wanted.withdrawn:
        statement = statement.where(stands())
    return statement


def read_change(connection: Connection, change_id: int) -> StoredChange:
    row = connection.execute(_changes.where(change.c.id == change_id)).first()
    if row is None:
        raise Misuse(f"there is no change {change_id}; 'monitor changes' lists those there are")
    return _change_of(connection, row)


def read_changes(connection: Connection, ids: Sequence[int]) -> dict[int, StoredChange]:
    """Those of them that can be read."""
    found: dict[int, StoredChange] = {}
    for start in range(0, len(ids), AT_ONCE):
        for row in connection.execute(_changes.where(change.c.id.in_(ids[start : start + AT_ONCE]))):
            with suppress(CorruptVersion):
                found[row.id] = _change_of(connection, row)
    return found


def _id_of(number: str) -> Any:
    return (
        select(version.c.id)
        .where(version.c.article_id == bindparam("the_article"), version.c.number == bindparam(number))
        .scalar_subquery()
    )


_ends = _changes.where(
    change.c.to_version_id == _id_of("the_new"),  # unique: no other change of the article is looked at
    change.c.from_version_id == _id_of("the_old"),
)


def change_between(connection: Connection, article_id: int, old: int, new: int) -> StoredChange | None:
    """The change whose ends are the versions of these numbers; None where none was recorded between the two."""
    row = connection.execute(_ends, {"the_article": article_id, "the_old": old, "the_new": new}).first()
    return _change_of(connection, row) if row else None


def steps(connection: Connection, article_id: int, old: int, new: int) -> list[StoredChange]:
    """The changes that lead from one version to a later one, by their numbers, in order; withdrawn ones left out."""
    statement = _changes.where(
        change.c.article_id == article_id, _older.c.number >= old, _newer.c.number <= new, stands()
    )
    return [_change_of(connection, row) for row in connection.execute(statement.order_by(_newer.c.number))]


def told_changes(connection: Connection, article_id: int, *, until: int | None, limit: int) -> list[ToldChange]:
    """The last changes of an article that stand, up to the one with the id `until`, in order, each with what people are
    told of it. Those whose diff cannot be read are left out."""
    wanted = _changes.where(change.c.article_id == article_id, change.c.is_text, stands())
    if until is not None:
        wanted = wanted.where(change.c.id <= until)
    found = []
    for row in connection.execute(wanted.order_by(change.c.id.desc()).limit(limit)).all()[::-1]:
        with suppress(CorruptVersion):
            own = told(connection, row.id)
            found.append(
                ToldChange(
                    change_id=row.id,
                    version=row.to_number,
                    edits=own if own is not None else edits(connection, row.id),
                    not_before=row.not_before,
                    not_after=row.not_after,
                    claims=_claims(row)[1],
                )
            )
    return found


def recorded_diff(connection: Connection, change_id: int) -> RecordedDiff:
    """Everything that was recorded of a diff, read at once. Raises CorruptVersion."""
    name, raw = _diff(connection, change_id)
    release = connection.execute(select(change.c.diff_version).where(change.c.id == change_id)).scalar_one()
    return RecordedDiff(
        edits=_edits(connection, change_id, name, raw),
        patch=patch_of(raw),
        diff_version=release,
        entries=entry_changes_of(raw),
    )


def edits(connection: Connection, change_id: int) -> tuple[Edit, ...]:
    """The diff as it was recorded. Raises CorruptVersion."""
    return _edits(connection, change_id, *_diff(connection, change_id))


def _edits(connection: Connection, change_id: int, name: str, raw: bytes) -> tuple[Edit, ...]:
    try:
        return edits_of(raw, lambda: older_text(connection, change_id))
    except Misplaced as error:
        raise CorruptVersion(name, "its unchanged paragraphs do not stand where it says") from error


def older_text(connection: Connection, change_id: int) -> Content:
    """What the change leads from, as it was compared."""
    wanted = select(reading.c.content_sha256).join(change, change.c.from_reading_id == reading.c.id)
    name = connection.execute(wanted.where(change.c.id == change_id)).scalar_one()
    return reading_of(blobs.read(connection, name)).content


def told(connection: Connection, change_id: int) -> tuple[Edit, ...] | None:
    """The edits that people are told of; None where they are those that were recorded. Raises CorruptVersion."""
    raw = _told(connection, change_id)
    return edits_of(raw, lambda: older_text(connection, change_id)) if raw is not None else None


def _told(connection: Connection, change_id: int) -> bytes | None:
    name: str | None = connection.execute(
        select(change_state.c.diff_sha256)
        .where(change_state.c.change_id == change_id, change_state.c.diff_sha256.is_not(None))
        .order_by(change_state.c.id.desc())
        .limit(1)
    ).scalar()
    return blobs.read(connection, name) if name is not None else None


def entry_changes(connection: Connection, change_id: int) -> tuple[EntryChange, ...]:
    """What became of the entries of a live blog, as far as people are told of it. Raises CorruptVersion."""
    return entry_changes_of(_told(connection, change_id) or _diff(connection, change_id)[1])


def patch(connection: Connection, change_id: int) -> str:
    """The diff-match-patch text of the body. Raises CorruptVersion."""
    return patch_of(_diff(connection, change_id)[1])


def _diff(connection: Connection, change_id: int) -> tuple[str, bytes]:
    """The name of its document, and that."""
    name: str | None = connection.execute(select(change.c.diff_sha256).where(change.c.id == change_id)).scalar()
    if name is None:
        raise Misuse(f"there is no change {change_id}; 'monitor changes' lists those there are")
    return name, blobs.read(connection, name)


# -- one article

_heads = select(*(version.c[column.name] for column in fields(VersionHead)))


def standing(
    connection: Connection,
    article_id: int,
    *,
    seen_by: datetime | None = None,
    below: int | None = None,
    above: int | None = None,
) -> VersionHead | None:
    """The newest version whose change was not withdrawn, of those that were first seen by then, or that have a number
    below the one given; with `above`, the oldest of those with a number above it."""
    wanted = _heads.where(version.c.article_id == article_id, ~_its_fallen_change.exists())
    if seen_by is not None:
        wanted = wanted.where(version.c.first_seen_at <= seen_by)
    if below is not None:
        wanted = wanted.where(version.c.number < below)
    if above is not None:
        wanted = wanted.where(version.c.number > above)
    order = version.c.number.desc() if above is None else version.c.number
    row = connection.execute(wanted.order_by(order).limit(1)).first()
    return _head_of(row) if row else None


_its_fallen_change = select(change.c.id).where(change.c.to_version_id == version.c.id, ~stands())


def of_article(connection: Connection, article_id: int, *, withdrawn: bool) -> list[HistoryRow]:
    """Its versions by number, each with the change that led to it. Those of withdrawn changes are left out unless
    they are asked for."""
    statement = _changes.where(change.c.article_id == article_id)
    changes = {row.to_version_id: _change_of(connection, row) for row in connection.execute(statement)}
    heads = _heads.where(version.c.article_id == article_id).order_by(version.c.number)
    rows = [HistoryRow(version=_head_of(row), change=changes.get(row.id)) for row in connection.execute(heads)]
    return [row for row in rows if withdrawn or not _has_fallen(row)]


def _has_fallen(row: HistoryRow) -> bool:
    return row.change is not None and row.change.state in NOT_STANDING


def _head_of(row: Row[Any]) -> VersionHead:
    return VersionHead(
        id=row.id,
        number=row.number,
        first_seen_at=row.first_seen_at,
        last_seen_at=max(row.first_seen_at, row.last_seen_at),
        headline=row.headline,
        words=row.words,
        live=row.live,
        claimed_published_at=row.claimed_published_at,
        claimed_updated_at=row.claimed_updated_at,
        claimed_updated_raw=row.claimed_updated_raw,
        page_sha256=row.page_sha256,
    )


def events(
    connection: Connection, article_id: int | None, *, since: datetime | None, limit: int | None
) -> list[EventRow]:
    """Oldest first; with a limit, the newest so many."""
    statement = select(event, article.c.url).join(article).order_by(event.c.id.desc()).limit(limit)
    if article_id is not None:
        statement = statement.where(event.c.article_id == article_id)
    if since is not None:
        statement = statement.where(event.c.not_after >= since)
    return [_event_of(row) for row in reversed(connection.execute(statement).all())]


def _event_of(row: Row[Any]) -> EventRow:
    return EventRow(
        id=row.id,
        article_id=row.article_id,
        url=row.url,
        event=AlertEvent(row.event),
        not_before=row.not_before,
        not_after=row.not_after,
        detail=row.detail,
    )


def checks(connection: Connection, article_id: int, limit: int) -> list[CheckRange]:
    """The latest ranges of checks, newest first."""
    columns = ("first_at", "last_at", "checks", "outcome", "status", "detail")
    rows = _latest_of(connection, check_log, article_id, limit, columns)
    return [CheckRange(**row._mapping) for row in rows]


def observations(connection: Connection, article_id: int, limit: int) -> list[ObservationRow]:
    """The latest captures that were not the article, newest first."""
    columns = ("id", "first_at", "last_at", "times", "kind", "detail", "page_sha256")
    rows = _latest_of(connection, observation, article_id, limit, columns)
    return [ObservationRow(**row._mapping) for row in rows]


def _latest_of(
    connection: Connection, table: Any, article_id: int, limit: int, columns: Sequence[str]
) -> Sequence[Row[Any]]:
    wanted = select(*(table.c[name] for name in columns))
    latest = wanted.where(table.c.article_id == article_id).order_by(table.c.id.desc()).limit(limit)
    return connection.execute(latest).all()
