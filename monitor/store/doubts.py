"""What the rest of a host, and the visit before, say of a page that may not be the article."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select

from monitor.core.capture import Capture
from monitor.errors import CorruptVersion
from monitor.store import blobs
from monitor.store.documents import capture_of
from monitor.store.tables import article, observation, version
from monitor.store.zstandard import Unreadable

SUSPECT = "suspect"
FURNITURE = (2, 0.5)
"""A marker on so many older articles of the host, and on this share of them, is furniture of its pages: newsrooms do
forget to take single markers down."""


def twins(connection: Connection, host: str, article_id: int, key: str) -> tuple[str, ...]:
    """The addresses of other articles of the host where a page was found that says the same, believed or not."""
    asked = {"the_host": host, "the_key": key, "the_article": article_id}
    return tuple(connection.execute(_twins, asked).scalars())


_of_host, _key = article.c.host == bindparam("the_host"), bindparam("the_key", type_=article.c.said_key.type)
_twins = (
    select(article.c.url)
    .where(
        or_(and_(_of_host, article.c.said_key == _key), and_(_of_host, article.c.suspect_key == _key)),
        article.c.id != bindparam("the_article"),
    )
    .order_by(article.c.id)
    .limit(20)
)


def is_furniture(connection: Connection, host: str, article_id: int, place: str, before: datetime) -> bool:
    """Whether the host shows this marker at this place on articles whatever their age: on most of those that were
    published, or first seen, before then."""
    born = func.coalesce(version.c.claimed_published_at, article.c.added_at)
    carrying = func.coalesce(func.sum(case((article.c.marker_place == place, 1), else_=0)), 0)
    row = connection.execute(
        select(func.count(), carrying)
        .select_from(article)
        .join(version, version.c.id == article.c.current_version_id)
        .where(article.c.host == host, article.c.id != article_id, born < before)
    ).one()
    enough, share = FURNITURE
    return bool(row[1] >= enough and row[1] >= share * row[0])


def last_suspect(connection: Connection, article_id: int) -> Capture | None:
    """The last visit, where its page was not taken for the article. Raises CorruptVersion."""
    row = connection.execute(
        select(observation.c.kind, observation.c.exchange, observation.c.page_sha256)
        .where(observation.c.article_id == article_id)
        .order_by(observation.c.id.desc())
        .limit(1)
    ).first()
    if row is None or row.kind != SUSPECT or row.page_sha256 is None:
        return None
    body = blobs.read(connection, row.page_sha256)
    try:
        return capture_of(row.exchange, body)
    except Unreadable as error:
        raise CorruptVersion(row.page_sha256, "its headers cannot be read") from error
