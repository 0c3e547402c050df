"""What is due, and who may visit which host."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    type_coerce,
    update,
)

from monitor.core.article import Article, Stage
from monitor.core.lifecycle.turns import LEFT_FOR_THE_REST, NEVER_SEEN, turns
from monitor.store.articles import add_host, article_of
from monitor.store.columns import milliseconds
from monitor.store.gathering import in_state
from monitor.store.rows import DeliveryState, HostRow
from monitor.store.tables import article, host, host_memory, outbox, source

FARTHEST_PAUSE = timedelta(days=2)
"""A host is asked again after a day at the most: a pause that ends later was written while the clock was wrong."""
FARTHEST_LEASE = timedelta(hours=1)
WINDOW = 1000
"""So many of the articles that have waited longest are read to find their hosts."""


def due_hosts(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Hosts with something due that nobody visits and that need not be left alone: those with a live article first,
    then the one that has waited longest. However many have live articles, the others are left their share."""
    live = _waiting(connection, now, limit, article.c.stage == Stage.LIVE.value)
    waiting = _waiting(connection, now, limit)
    kept = len(live) if len(live) < limit else limit - limit // LEFT_FOR_THE_REST
    hosts = dict.fromkeys([*live[:kept], *waiting, *live])
    return list(hosts)[:limit]


def _waiting(connection: Connection, now: datetime, limit: int, *of: ColumnElement[bool]) -> list[str]:
    """The hosts of such due articles, the longest waiting first."""
    is_open = select(host.c.name).where(host.c.name == article.c.host, open_to_visits(now)).exists()
    due = select(article.c.host).where(article.c.next_check_at <= now, is_open, *of)
    # When everything is due, to group it all takes many times longer than to read what has waited longest.
    first = list(connection.execute(due.order_by(article.c.next_check_at).limit(WINDOW)).scalars())
    hosts = list(dict.fromkeys(first))
    if len(hosts) < limit and len(first) == WINDOW:
        # Grouped by the bare column, SQLite walks the index by host through every article there is.
        grouped = due.group_by(article.c.host, article.c.host + "").order_by(func.min(article.c.next_check_at))
        hosts = list(connection.execute(grouped.limit(limit)).scalars())
    return hosts[:limit]


def open_to_visits(now: datetime) -> ColumnElement[bool]:
    """Whether nobody visits the host, and it need not be left alone."""
    rested = or_(host.c.not_before.is_(None), host.c.not_before <= now, host.c.not_before > now + FARTHEST_PAUSE)
    return and_(rested, _unleased(now))


def _unleased(now: datetime) -> ColumnElement[bool]:
    return or_(host.c.leased_until.is_(None), host.c.leased_until <= now, host.c.leased_until > now + FARTHEST_LEASE)


def due_articles(connection: Connection, name: str, now: datetime, limit: int) -> list[Article]:
    """The due articles of a host whose turn it is, in order (`lifecycle.turns`)."""
    goes_first = or_(article.c.hold_change_id.is_not(None), article.c.stage == Stage.LIVE.value)
    first = (article.c.hold_change_id.is_(None), article.c.next_check_at, article.c.id)
    rest = (_lateness(now).desc(), article.c.id)
    due = select(article).where(article.c.host == name, article.c.next_check_at <= now).limit(limit)
    rows = [
        *connection.execute(due.where(goes_first).order_by(*first)),
        *connection.execute(due.where(not_(goes_first)).order_by(*rest)),
    ]
    return turns([article_of(row) for row in rows], now=now, places=limit, shift=_any_of_four(now))


def _any_of_four(now: datetime) -> int:
    """Looks drawn by lot, and is the same for the same time (Knuth's multiplicative hash)."""
    return (milliseconds(now) * 2_654_435_761 >> 16) % LEFT_FOR_THE_REST


def _lateness(now: datetime) -> ColumnElement[Any]:
    """How long it has been due, in intervals of its own: as `lifecycle.turns.lateness`."""
    late = milliseconds(now) - type_coerce(article.c.next_check_at, BigInteger)
    interval = func.coalesce(type_coerce(article.c.interval, BigInteger), NEVER_SEEN // timedelta(milliseconds=1))
    return late * 1.0 / interval


def lease(connection: Connection, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
    """Take the host, or keep it for longer; False while another owner has it, or it is to be left alone: whoever was
    told that it was free may come after another visit."""
    add_host(connection, name)
    mine_or_free = or_(open_to_visits(now), host.c.leased_by == owner)
    taken = connection.execute(
        update(host).where(host.c.name == name, mine_or_free).values(leased_by=owner, leased_until=until)
    )
    return taken.rowcount == 1


def release(connection: Connection, name: str, *, owner: str, not_before: datetime | None) -> None:
    """Give the host back. It is left alone until `not_before`, or longer when a check has said so."""
    held = connection.execute(
        select(host.c.not_before).where(host.c.name == name, host.c.leased_by == owner).with_for_update()
    ).first()
    if held is None:
        return
    state = {"leased_by": None, "leased_until": None, "not_before": _later(held.not_before, not_before)}
    connection.execute(update(host).where(host.c.name == name).values(state))


def pull_in(connection: Connection, now: datetime, by: timedelta) -> int:
    """The clock was set back by so much: what was planned by the clock before keeps its distance from now. How many
    articles. A lease keeps its end: whoever holds it is at work."""
    moved = 0
    for column in (article.c.next_check_at, host.c.not_before, source.c.next_poll_at, outbox.c.due_at):
        ahead = type_coerce(column, BigInteger)
        nearer = ahead - by // timedelta(milliseconds=1)
        sooner = case((nearer < milliseconds(now), milliseconds(now)), else_=nearer)
        planned = update(column.table).where(column > now)
        if column is outbox.c.due_at:
            planned = planned.where(in_state(DeliveryState.PENDING))
        count = connection.execute(planned.values({column.name: type_coerce(sooner, column.type)})).rowcount
        moved += count if column is article.c.next_check_at else 0
    return moved


def _later(noted: datetime | None, wished: datetime | None) -> datetime | None:
    if noted is None or wished is None:
        return noted or wished
    return wished if noted > wished + FARTHEST_PAUSE else max(noted, wished)


def read_host(connection: Connection, name: str) -> HostRow | None:
    row = connection.execute(_by_name, {"the_name": name}).first()
    return _host_of(row) if row else None


_charset = (
    select(host_memory.c.value)
    .where(host_memory.c.host == host.c.name, host_memory.c.kind == "charset")
    .scalar_subquery()
    .label("charset")
)
_by_name = select(host, _charset).where(host.c.name == bindparam("the_name"))


def _host_of(row: Row[Any]) -> HostRow:
    return HostRow(
        name=row.name,
        not_before=row.not_before,
        charset=row.charset,
        error_streak=row.error_streak,
        leased_by=row.leased_by,
        leased_until=row.leased_until,
    )
