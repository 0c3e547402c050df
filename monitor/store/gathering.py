"""Deliveries of one article to one channel that go out together, as one message."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, literal_column, select, update

from monitor.store.rows import DeliveryState
from monitor.store.tables import channel, outbox

GATHER_MAX = timedelta(minutes=30)
"""How long the first of them waits at the most, where the channel does not say."""


def in_state(state: DeliveryState, rows: FromClause = outbox) -> ColumnElement[bool]:
    """Written out, not bound: an index of the rows in one state serves only a statement that names that state."""
    named: ColumnElement[bool] = rows.c.state == literal_column(f"'{state.value}'")
    return named


def join(
    connection: Connection, channel_name: str, article_id: int, *, due_at: datetime, gather: timedelta | None
) -> None:
    """A delivery has just become pending: those of its article that are being gathered wait for it, or, when it does
    not wait itself, go out with it in view, since none overtakes another."""
    whose = {"the_channel": channel_name, "the_article": article_id}
    first = connection.execute(_first, whose).scalar()
    if first is None:
        return
    ends = due_at if gather is None else min(due_at, first + _longest(connection, channel_name))
    connection.execute(_all_wait, {**whose, "ends": ends})


_waiting = and_(
    outbox.c.channel == bindparam("the_channel"),
    outbox.c.article_id == bindparam("the_article"),
    in_state(DeliveryState.PENDING),
    outbox.c.gather.is_not(None),
    outbox.c.sent_as.is_(None),
)
_first = select(outbox.c.created_at).where(_waiting).order_by(outbox.c.id).limit(1)
_all_wait = update(outbox).where(_waiting).values(due_at=bindparam("ends", type_=outbox.c.due_at.type))


def _longest(connection: Connection, channel_name: str) -> timedelta:
    found = connection.execute(_gather_max, {"the_channel": channel_name}).scalar()
    return found if found is not None else GATHER_MAX


_gather_max = select(channel.c.gather_max).where(channel.c.name == bindparam("the_channel"))
