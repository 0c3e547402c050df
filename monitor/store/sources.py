"""Sources: feeds, sitemaps and listing pages that yield articles."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from monitor.core.capture import Validators
from monitor.core.policy import Selection
from monitor.store.articles import add_host
from monitor.store.rows import SitemapRow, SourceRow
from monitor.store.tables import article, host, source
from monitor.store.visits import open_to_visits
from monitor.store.writer import Unwritten

_articles = (
    select(func.count())
    .select_from(article)
    .where(article.c.source_id == source.c.id)
    .correlate(source)
    .scalar_subquery()
)
_sources = select(source, _articles.label("articles"))
_watched = _sources.where(source.c.removed_at.is_(None))


_SELECTION = tuple(key.name for key in fields(Selection))
_FORGOTTEN = {"etag": None, "last_modified": None, "sitemaps": None}
"""What lets a poll be short: asked for differently, a source is read whole."""


def add(
    connection: Connection,
    url: str,
    *,
    host_name: str,
    now: datetime,
    only_live: bool,
    mentions: tuple[str, ...],
    tags: tuple[str, ...],
    every: timedelta | None,
    selection: Selection,
    origin: str,
) -> tuple[SourceRow, bool]:
    """The source of that address, and whether it is new. What is asked of it is taken over; one that is new, was
    removed, or is asked for differently is due at once."""
    wishes: dict[str, Any] = {
        "only_live": only_live,
        "mentions": mentions,
        "tags": tags,
        "every": every,
        "origin": origin,
        **{name: getattr(selection, name) for name in _SELECTION},
    }
    row = connection.execute(_sources.where(source.c.url == url)).first()
    if row is None:
        add_host(connection, host_name)
        values = {"url": url, "host": host_name, "added_at": now, "next_poll_at": now, **wishes}
        made = connection.execute(insert(source).values(values).returning(source.c.id)).scalar_one()
        return read(connection, made), True
    changed = {name: value for name, value in wishes.items() if getattr(row, name) != value}
    if row.removed_at is not None or changed:
        again = {"removed_at": None, "next_poll_at": now, "seq": source.c.seq + 1, **_FORGOTTEN}
        connection.execute(update(source).where(source.c.id == row.id).values({**changed, **again}))
    return read(connection, row.id), False


def read(connection: Connection, source_id: int) -> SourceRow:
    return _source_of(connection.execute(_sources.where(source.c.id == source_id)).one())


def address(connection: Connection, source_id: int) -> str | None:
    return connection.execute(select(source.c.url).where(source.c.id == source_id)).scalar()


def watched(connection: Connection) -> list[SourceRow]:
    return [_source_of(row) for row in connection.execute(_watched.order_by(source.c.id))]


def one_watched(connection: Connection, source_id: int) -> SourceRow | None:
    row = connection.execute(_watched.where(source.c.id == source_id)).one_or_none()
    return None if row is None else _source_of(row)


def due(connection: Connection, now: datetime, limit: int) -> list[SourceRow]:
    """Those whose time has come, on hosts that nobody visits and that need not be left alone."""
    on_free_hosts = _sources.join(host, host.c.name == source.c.host).where(open_to_visits(now))
    statement = on_free_hosts.where(source.c.next_poll_at <= now).order_by(source.c.next_poll_at).limit(limit)
    return [_source_of(row) for row in connection.execute(statement)]


def remove(connection: Connection, source_id: int, now: datetime) -> None:
    """Poll it no more. Its articles stay watched."""
    gone = {"removed_at": now, "next_poll_at": None, "seq": source.c.seq + 1}
    connection.execute(update(source).where(source.c.id == source_id).values(gone))


def record_poll(
    connection: Connection,
    source_id: int,
    *,
    seq: int,
    now: datetime,
    next_poll_at: datetime | None,
    outcome: str,
    detail: str,
    validators: Validators,
    kind: str | None,
    items: int,
    new: int,
    error_streak: int,
    filtered: int,
    sitemaps: Mapping[str, SitemapRow],
) -> bool:
    """What a poll came to. Raises Unwritten (False) when another poll, or the user, was faster."""
    values = {
        "seq": seq + 1,
        "last_polled_at": now,
        "next_poll_at": next_poll_at,
        "outcome": outcome,
        "detail": detail,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "kind": kind,
        "items": items,
        "new_items": new,
        "error_streak": error_streak,
        "filtered": filtered,
        "sitemaps": _written(sitemaps),
    }
    fenced = update(source).where(source.c.id == source_id, source.c.seq == seq)
    if connection.execute(fenced.values(values)).rowcount != 1:
        raise Unwritten(False)
    return True


def _source_of(row: Row[Any]) -> SourceRow:
    return SourceRow(
        id=row.id,
        url=row.url,
        host=row.host,
        origin=row.origin,
        kind=row.kind,
        only_live=row.only_live,
        mentions=row.mentions,
        tags=row.tags,
        every=row.every,
        seq=row.seq,
        added_at=row.added_at,
        next_poll_at=row.next_poll_at,
        last_polled_at=row.last_polled_at,
        outcome=row.outcome,
        detail=row.detail,
        validators=Validators(row.etag, row.last_modified),
        items=row.items,
        new=row.new_items,
        error_streak=row.error_streak,
        selection=Selection(**{name: getattr(row, name) for name in _SELECTION}),
        filtered=row.filtered,
        sitemaps=_read_back(row.sitemaps),
        articles=row.articles,
    )


def _written(sitemaps: Mapping[str, SitemapRow]) -> str | None:
    if not sitemaps:
        return None
    return json.dumps(
        {url: [s.validators.etag, s.validators.last_modified, s.items, s.filtered] for url, s in sitemaps.items()}
    )


def _read_back(words: str | None) -> dict[str, SitemapRow]:
    kept = json.loads(words) if words else {}
    return {
        url: SitemapRow(validators=Validators(etag, last_modified), items=items, filtered=filtered)
        for url, (etag, last_modified, items, filtered) in kept.items()
    }
