"""What is known of a host's articles: how many of them were ever edited."""

from sqlalchemy import BigInteger, Connection, and_, case, func, select, type_coerce

from monitor.core.lifecycle.rates import HostHabits
from monitor.store.articles import stands
from monitor.store.tables import article, change

DAY_MS = 24 * 60 * 60 * 1000
ASKED_ANEW = 64
"""Counting reads every article of the host, and habits are slow: it is done once in so many questions."""


class Habits:
    """The habits of hosts, as this process has counted them."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, HostHabits]] = {}

    def of(self, connection: Connection, host: str) -> HostHabits:
        questions, habits = self._counted.get(host, (ASKED_ANEW, HostHabits()))
        if questions >= ASKED_ANEW:
            questions, habits = 0, count(connection, host)
        self._counted[host] = (questions + 1, habits)
        return habits


def count(connection: Connection, host: str) -> HostHabits:
    """Of the host's articles that have been watched for a day, how many show an edit that stands."""
    edit = select(change.c.id).where(change.c.article_id == article.c.id, change.c.is_text, stands())
    edited = and_(article.c.version_count > 1, edit.exists())
    watched_for = type_coerce(article.c.last_checked_at, BigInteger) - type_coerce(article.c.added_at, BigInteger)
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(case((edited, 1), else_=0)), 0)).where(
            article.c.host == host, article.c.version_count > 0, watched_for >= DAY_MS
        )
    ).one()
    return HostHabits(articles=row[0], edited=row[1])
