"""Versions with their Content, and what was known before a visit."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from monitor.core.article import Article, Declaration, Version
from monitor.core.capture import Capture
from monitor.core.lifecycle import HeldChange, Known
from monitor.core.lifecycle.headlines import is_flip
from monitor.core.lifecycle.rates import COUNTED
from monitor.errors import CorruptVersion, UnknownVersion
from monitor.store import articles, blobs, places
from monitor.store.documents import capture_of
from monitor.store.habits import Habits
from monitor.store.readings import RECENT
from monitor.store.tables import change, host, reading, source, version
from monitor.store.zstandard import Unreadable


def known(connection: Connection, article_id: int, habits: Habits) -> Known:
    """Everything `decide` asks of the past. Raises UnknownArticle, CorruptVersion."""
    found = articles.read(connection, article_id)
    edits = connection.execute(_text_changes, {"the_article": article_id}).all()
    last = edits[0] if edits else None
    only_live, mentions, listed_by = _wishes(connection, found)
    return Known(
        article=found,
        only_live=only_live,
        mentions=mentions,
        source=listed_by,
        current=_sighted(connection, found.current_version_id) if found.current_version_id else None,
        held=_held(connection, found),
        last_change_id=last.id if last else None,
        last_change_at=last.not_after if last else None,
        last_declaration=Declaration(last.declaration) if last and last.declaration else None,
        edits=sum(not is_flip(found.headlines, row.fields, row.declaration, row.not_after) for row in edits),
        habits=habits.of(connection, found.host),
        host_errors=connection.execute(_host_errors, {"the_host": found.host}).scalar_one(),
        places=places.read(connection, found.host, article_id),
    )


_host_errors = select(host.c.error_streak).where(host.c.name == bindparam("the_host"))


_text_changes = (
    select(change.c.id, change.c.not_after, change.c.declaration, change.c.fields)
    .where(change.c.article_id == bindparam("the_article"), change.c.is_text, articles.stands())
    .order_by(change.c.id.desc())
    .limit(COUNTED + 1)
)


def _wishes(connection: Connection, found: Article) -> tuple[bool, tuple[str, ...], str | None]:
    """What its source asks of a candidate, and the address of the source."""
    if found.source_id is None:
        return False, (), None
    row = connection.execute(_its_source, {"the_source": found.source_id}).one()
    return (row.only_live, row.mentions, row.url) if found.candidate else (False, (), row.url)


_its_source = select(source.c.only_live, source.c.mentions, source.c.url).where(source.c.id == bindparam("the_source"))


def _held(connection: Connection, found: Article) -> HeldChange | None:
    if found.hold is None:
        return None
    return HeldChange(change_id=found.hold.change_id, told=_sighted(connection, found.hold.told_version_id))


# -- one version

_with_reading = select(version, reading.c.content_sha256).join(reading).order_by(reading.c.id.desc()).limit(1)
_by_id = _with_reading.where(version.c.id == bindparam("the_id"))
_by_number = _with_reading.where(
    version.c.article_id == bindparam("the_article"), version.c.number == bindparam("the_number")
)


def read(connection: Connection, version_id: int) -> Version:
    """Raises UnknownVersion, CorruptVersion."""
    row = connection.execute(_by_id, {"the_id": version_id}).first()
    if row is None:
        raise UnknownVersion(f"with the id {version_id}", "'monitor history ARTICLE' shows those there are")
    return _version_of(connection, row)


def by_number(connection: Connection, article_id: int, number: int) -> Version:
    """Raises UnknownVersion, CorruptVersion."""
    row = connection.execute(_by_number, {"the_article": article_id, "the_number": number}).first()
    if row is None:
        count = articles.read(connection, article_id).version_count
        raise UnknownVersion(
            str(number), f"it has {count}" if count else "it has none yet: 'monitor check' looks at it"
        )
    return _version_of(connection, row)


def every(connection: Connection, article_id: int) -> list[Version]:
    """All versions, by number."""
    numbers = select(version.c.id).where(version.c.article_id == article_id).order_by(version.c.number)
    return [read(connection, version_id) for version_id in connection.execute(numbers).scalars().all()]


def _sighted(connection: Connection, version_id: int) -> Version:
    """The version with the last time its words were certainly there, which for one that was seen once is the moment
    it was asked for: before it was first held in hands."""
    row = connection.execute(_by_id, {"the_id": version_id}).one()
    return _version_of(connection, row, sighted=True)


def _version_of(connection: Connection, row: Row[Any], *, sighted: bool = False) -> Version:
    stored = RECENT.of(row.content_sha256, blobs.read(connection, row.content_sha256))
    return Version(
        id=row.id,
        article_id=row.article_id,
        number=row.number,
        content=stored.content,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at if sighted else max(row.first_seen_at, row.last_seen_at),
        page_sha256=row.page_sha256,
        page_blocks=stored.page_blocks,
    )


def capture(connection: Connection, version_id: int) -> Capture:
    """The visit that found the version, with its page. Raises UnknownVersion, CorruptVersion."""
    wanted: Select[Any] = select(version.c.exchange, version.c.page_sha256).where(version.c.id == version_id)
    row = connection.execute(wanted).first()
    if row is None:
        raise UnknownVersion(f"with the id {version_id}", "'monitor history ARTICLE' shows those there are")
    body = blobs.read(connection, row.page_sha256)
    try:
        return capture_of(row.exchange, body)
    except Unreadable as error:
        raise CorruptVersion(row.page_sha256, "its headers cannot be read") from error
