"""Deliveries on their way: leased, sent, then marked. Twice is possible, never is not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from monitor.core.article import Stage
from monitor.core.health import Notice
from monitor.core.policy import AlertEvent
from monitor.store import channels
from monitor.store.enqueue import TEST
from monitor.store.gathering import in_state
from monitor.store.rows import STORM, AttemptRow, Batch, DeliveryState, OutboxRow, Terms
from monitor.store.tables import article, attempt, channel, outbox

FARTHEST_LEASE = timedelta(hours=1)
"""A lease that ends later was written while the clock was wrong."""
_TICK = timedelta(milliseconds=1)

_EVENTS, _NOTICES = frozenset(AlertEvent), frozenset(Notice)
_pending = in_state(DeliveryState.PENDING)
_earlier = outbox.alias("earlier")
_before = and_(
    # Of one article, a channel gets its deliveries in their order: one that waits for a retry is not overtaken. One
    # that waits for a digest is: others do not wait with it.
    in_state(DeliveryState.PENDING, _earlier),
    _earlier.c.channel == outbox.c.channel,
    _earlier.c.article_id == outbox.c.article_id,
    _earlier.c.id < outbox.c.id,
    or_(
        _earlier.c.sent_as.is_not(None),
        func.coalesce(_earlier.c.digest, "") == func.coalesce(outbox.c.digest, ""),
    ),
)
_is_first = ~select(_earlier.c.id).where(_before).exists()

_later = outbox.alias("later")
_goes_in_quiet = or_(
    outbox.c.urgent,
    outbox.c.event == TEST,
    select(_later.c.id)
    .where(
        in_state(DeliveryState.PENDING, _later),
        _later.c.channel == outbox.c.channel,
        _later.c.article_id == outbox.c.article_id,
        _later.c.id > outbox.c.id,
        _later.c.urgent,
    )
    .exists(),
)
"""What is urgent, and what it must not overtake."""

MOST_AT_ONCE = 10_000
"""Deliveries in one message."""


def _ready(now: datetime) -> ColumnElement[bool]:
    """A delivery whose time and turn have come."""
    unleased = or_(
        outbox.c.leased_until.is_(None),
        outbox.c.leased_until <= now,
        outbox.c.leased_until > now + FARTHEST_LEASE,
    )
    return and_(_pending, outbox.c.due_at <= now, unleased, _is_first)


def due(connection: Connection, now: datetime) -> list[str]:
    """The channels that have something to send, the longest waiting first."""
    statement = (
        select(outbox.c.channel, outbox.c.due_at)
        .join(channel)
        .where(_ready(now), channel.c.disabled_at.is_(None))
        .order_by(outbox.c.due_at)
    )
    return list(dict.fromkeys(row.channel for row in connection.execute(statement)))


# -- leasing


def lease(
    connection: Connection, name: str, *, owner: str, now: datetime, until: datetime, terms: Terms
) -> Batch | None:
    """The next message of the channel, leased to `owner`; None when there is none whose time has come.

    A lease that ran out is taken again, with the same id and the same deliveries.
    """
    # The channel's row is the lock: two who lease at once take turns.
    locked = select(channel.c.disabled_at).where(channel.c.name == name).with_for_update()
    found = connection.execute(locked).first()
    if found is None or found.disabled_at is not None:
        return None
    ready = and_(outbox.c.channel == name, _ready(now), *([_goes_in_quiet] if terms.quiet else []))
    storm = False
    if terms.most:
        room = _room(connection, name, now, terms)
        if _waiting(connection, ready, room + 1) > room:
            storm = room > 0
            ready = ready if storm else and_(ready, ~_counts)
    first = connection.execute(select(outbox).where(ready).order_by(outbox.c.due_at, outbox.c.id).limit(1)).first()
    if first is None:
        return None
    storm = storm and first.article_id is not None and first.sent_as is None
    rows = _all_due(connection, name, now, terms) if storm else _together(connection, first, now)
    ids = [row.id for row in rows]
    message_id = first.sent_as or first.message_id
    leased = {"sent_as": message_id, "leased_by": owner, "leased_until": until}
    if storm:
        leased["digest"] = STORM
    connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(leased))
    return _batch(connection, message_id, name, ids)


_counts = and_(outbox.c.article_id.is_not(None), outbox.c.sent_as.is_(None))
"""What makes another message; what the monitor tells of itself, and what is sent again, is none that a storm brings."""
_message = case(
    (outbox.c.digest.is_not(None), literal("digest ") + outbox.c.rule + outbox.c.digest),
    (outbox.c.gather.is_not(None), literal("article ") + cast(outbox.c.article_id, String)),
    else_=cast(outbox.c.id, String),
)
"""Deliveries with the same one go out together."""


def _room(connection: Connection, name: str, now: datetime, terms: Terms) -> int:
    """How many messages may go out on the channel now."""
    sent = (
        select(outbox.c.sent_as, func.max(case((outbox.c.digest == STORM, 1), else_=0)).label("storm"))
        .where(
            outbox.c.channel == name,
            outbox.c.state == DeliveryState.SENT.value,
            # What was sent while the clock was wrong is not waited for.
            outbox.c.closed_at.between(now - terms.window + _TICK, now + terms.window),
            outbox.c.article_id.is_not(None),
        )
        .group_by(outbox.c.sent_as)
        .limit(terms.most)
    )
    rows = connection.execute(sent).all()
    return 0 if any(row.storm for row in rows) else terms.most - len(rows)


def _waiting(connection: Connection, ready: ColumnElement[bool], most: int) -> int:
    """How many messages are waiting to go out, counted up to `most`."""
    kinds = select(_message).where(ready, _counts).distinct().limit(most).subquery()
    return connection.execute(select(func.count()).select_from(kinds)).scalar_one()


def _all_due(connection: Connection, name: str, now: datetime, terms: Terms) -> Sequence[Row[Any]]:
    """All that may go out on the channel, whatever it is of."""
    stuck = or_(_earlier.c.sent_as.is_not(None), _earlier.c.due_at > now)
    free = ~select(_earlier.c.id).where(_before, stuck).exists()
    due = select(outbox.c.id).where(outbox.c.channel == name, _pending, _counts, outbox.c.due_at <= now, free)
    if terms.quiet:
        due = due.where(_goes_in_quiet)
    return connection.execute(due.order_by(outbox.c.id).limit(MOST_AT_ONCE)).all()


def _together(connection: Connection, first: Row[Any], now: datetime) -> Sequence[Row[Any]]:
    """The deliveries that go out as one message with `first`."""
    line = select(outbox).where(outbox.c.channel == first.channel, _pending).order_by(outbox.c.id)
    if first.sent_as is not None:
        return connection.execute(line.where(outbox.c.sent_as == first.sent_as)).all()
    if first.digest is not None:
        same = and_(outbox.c.rule == first.rule, outbox.c.digest == first.digest, outbox.c.due_at <= now, _counts)
        return connection.execute(line.where(same).limit(MOST_AT_ONCE)).all()
    if first.gather is None:
        return [first]
    alike = and_(outbox.c.article_id == first.article_id, outbox.c.digest.is_(None))
    return list(takewhile(lambda row: _gathered(row, now), connection.execute(line.where(alike)).all()))


def _gathered(row: Row[Any], now: datetime) -> bool:
    return row.gather is not None and row.sent_as is None and row.due_at <= now


def _batch(connection: Connection, message_id: str, name: str, ids: Iterable[int]) -> Batch:
    rows = connection.execute(_rows.where(outbox.c.id.in_(list(ids))).order_by(outbox.c.id)).all()
    deliveries = tuple(_delivery_of(row) for row in rows)
    tried = [row.first_attempt_at for row in deliveries if row.first_attempt_at is not None]
    return Batch(
        message_id=message_id,
        channel=name,
        deliveries=deliveries,
        attempts=max(row.attempts for row in deliveries),
        # It is given up when the youngest of what it carries is.
        first_attempt_at=max(tried) if len(tried) == len(deliveries) else None,
    )


# -- marking


def mark_sent(connection: Connection, batch: Batch, *, now: datetime, answer: str) -> None:
    _note(connection, batch, now, answer, succeeded=True)
    done = {"state": DeliveryState.SENT.value, "closed_at": now, "last_error": None}
    _close_attempt(connection, batch, now, done)


def mark_failed(connection: Connection, batch: Batch, *, now: datetime, error: str, next_at: datetime | None) -> None:
    """Try again at `next_at`; None gives the message up: it becomes a dead letter."""
    _note(connection, batch, now, error, succeeded=False)
    state: dict[str, Any] = {"last_error": error}
    if next_at is None:
        state |= {"state": DeliveryState.DEAD.value, "closed_at": now}
    else:
        state |= {"due_at": next_at}
    _close_attempt(connection, batch, now, state)
    if next_at is None:
        _pass_on(connection, batch, now)


def _pass_on(connection: Connection, batch: Batch, now: datetime) -> None:
    """What waited its turn behind a message that is given up was waiting for the same receiver: its life counts from
    when it was due, or began to wait. It is tried itself all the same, once at the least."""
    since = batch.first_attempt_at or now
    waited = update(outbox).where(
        outbox.c.channel == batch.channel,
        outbox.c.article_id.in_({row.article_id for row in batch.deliveries if row.article_id is not None}),
        outbox.c.id > min(row.id for row in batch.deliveries),
        _pending,
        outbox.c.attempts == 0,
        outbox.c.due_at <= now,
    )
    began = case((outbox.c.due_at > since, outbox.c.due_at), else_=literal(since, outbox.c.due_at.type))
    connection.execute(waited.values(attempts=batch.attempts + 1, first_attempt_at=began))


def _note(connection: Connection, batch: Batch, now: datetime, answer: str, *, succeeded: bool) -> None:
    """Every attempt is a row, that of a delivery which was closed meanwhile too: it was made."""
    rows = [
        {"outbox_id": delivery.id, "at": now, "succeeded": succeeded, "answer": answer} for delivery in batch.deliveries
    ]
    connection.execute(insert(attempt), rows)


def _close_attempt(connection: Connection, batch: Batch, now: datetime, state: dict[str, Any]) -> None:
    ids = [delivery.id for delivery in batch.deliveries]
    values = {
        "attempts": outbox.c.attempts + 1,
        "first_attempt_at": batch.first_attempt_at or now,
        "leased_by": None,
        "leased_until": None,
        **state,
    }
    connection.execute(update(outbox).where(outbox.c.id.in_(ids), _pending).values(values))


def hasten(connection: Connection, name: str, now: datetime) -> int:
    """Let what waits for a retry on this channel be tried now: the receiver is back, or we are. How many."""
    retried = update(outbox).where(outbox.c.channel == name, _pending, outbox.c.attempts > 0, outbox.c.due_at > now)
    return connection.execute(retried.values(due_at=now)).rowcount


def retry(
    connection: Connection, *, ids: Sequence[int], since: datetime | None, until: datetime | None, now: datetime
) -> list[int]:
    """Make dead letters pending again: these, or those written in this time, or all. A channel that had been switched
    off by its receiver is tried again. Which ones they were; letters of a channel that is no longer configured stay."""
    dead = in_state(DeliveryState.DEAD)
    conditions = [dead, outbox.c.channel.in_(select(channel.c.name).where(channel.c.in_config))]
    if ids:
        conditions.append(outbox.c.id.in_(list(ids)))
    if since is not None:
        conditions.append(outbox.c.created_at >= since)
    if until is not None:
        conditions.append(outbox.c.created_at < until)
    chosen = connection.execute(select(outbox.c.id, outbox.c.channel).where(*conditions)).all()
    for name in {row.channel for row in chosen}:
        channels.enable(connection, name)
    again = {
        "state": DeliveryState.PENDING.value,
        "due_at": now,
        "attempts": 0,
        "first_attempt_at": None,
        "closed_at": None,
    }
    for row in chosen:
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(again))
    return [row.id for row in chosen]


# -- reading

_rows = select(outbox, article.c.url).outerjoin(article)


def listed(
    connection: Connection,
    *,
    ids: Sequence[int],
    state: DeliveryState | None,
    change_id: int | None,
    message: str | None,
    limit: int | None,
) -> list[OutboxRow]:
    """The newest first."""
    statement = _rows.order_by(outbox.c.id.desc()).limit(limit)
    if ids:
        statement = statement.where(outbox.c.id.in_(list(ids)))
    if state is not None:
        statement = statement.where(outbox.c.state == state.value)
    if change_id is not None:
        statement = statement.where(outbox.c.change_id == change_id)
    if message is not None:
        statement = statement.where(or_(outbox.c.sent_as == message, outbox.c.message_id == message))
    return [_delivery_of(row) for row in connection.execute(statement)]


def attempts(connection: Connection, outbox_id: int) -> list[AttemptRow]:
    """Oldest first."""
    statement = select(attempt).where(attempt.c.outbox_id == outbox_id).order_by(attempt.c.id)
    return [
        AttemptRow(outbox_id=row.outbox_id, at=row.at, succeeded=row.succeeded, answer=row.answer)
        for row in connection.execute(statement)
    ]


def _delivery_of(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        message_id=row.message_id,
        channel=row.channel,
        article_id=row.article_id,
        change_id=row.change_id,
        event_id=row.event_id,
        event=AlertEvent(row.event) if row.event in _EVENTS else None,
        rule=row.rule,
        state=DeliveryState(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        from_version_id=row.from_version_id,
        to_version_id=row.to_version_id,
        stage=Stage(row.stage) if row.stage else None,
        headline=row.headline,
        tags=row.tags,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at,
        last_error=row.last_error,
        closed_at=row.closed_at,
        sent_as=row.sent_as,
        url=row.url,
        notice=Notice(row.event) if row.event in _NOTICES else None,
        digest=row.digest,
    )
