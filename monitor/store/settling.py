"""Held changes get their final state, and what was held for them goes where it belongs."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from monitor.core.article import Hold
from monitor.core.lifecycle import ChangeState, Settlement
from monitor.core.rules import waits_until
from monitor.store import gathering
from monitor.store.rows import DeliveryState
from monitor.store.tables import change_state, outbox

ANNOUNCED_LATE = "announced_late"


def note(
    connection: Connection,
    change_id: int,
    state: ChangeState,
    at: datetime,
    reason: str,
    told_sha256: str | None = None,
) -> None:
    """Add a state to a change. The rows of the past stay as they are. `told_sha256` names the edits that people are
    told of, where not all of them stood."""
    row = {"change_id": change_id, "state": state.value, "at": at, "reason": reason, "diff_sha256": told_sha256}
    connection.execute(insert(change_state), row)


def note_late_stamp(connection: Connection, change_id: int, late_by: timedelta, at: datetime) -> None:
    reason = "the publisher's stamp followed"
    row = {"change_id": change_id, "state": ANNOUNCED_LATE, "at": at, "reason": reason, "late_by": late_by}
    connection.execute(insert(change_state), row)


def settle(
    connection: Connection,
    settlement: Settlement,
    at: datetime,
    told_again: Collection[str],
    told_sha256: str | None = None,
) -> None:
    """Write the change's state and move its held deliveries. `told_again` are the channels that hear of the next
    change: where two are merged, its delivery speaks for both; the other channels get their own."""
    note(connection, settlement.change_id, settlement.state, at, settlement.reason, told_sha256)
    if settlement.merge:
        _close_held(connection, settlement.change_id, DeliveryState.MERGED, at, told_again)
        release(connection, settlement.change_id, at)
    elif settlement.release:
        if settlement.told is not None:
            _close_others(connection, settlement.change_id, at, settlement.channels)
        release(connection, settlement.change_id, at)
    else:
        _close_held(connection, settlement.change_id, DeliveryState.WITHDRAWN, at, None)


def release(connection: Connection, change_id: int, at: datetime) -> None:
    """Let the held deliveries of a change go out: now, or when their gathering is over."""
    held = select(outbox).where(outbox.c.change_id == change_id, gathering.in_state(DeliveryState.HELD))
    for row in connection.execute(held.order_by(outbox.c.id)).all():
        due_at = waits_until(at, row.gather, row.digest)
        freed = {"state": DeliveryState.PENDING.value, "due_at": due_at}
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(freed))
        if row.digest is None:
            gathering.join(connection, row.channel, row.article_id, due_at=due_at, gather=row.gather)


def release_unconfirmed(connection: Connection, hold: Hold | None, at: datetime, reason: str) -> None:
    """Nothing stays held: tell it, marked as not confirmed."""
    if hold is not None:
        settlement = Settlement(change_id=hold.change_id, state=ChangeState.UNCONFIRMED, release=True, reason=reason)
        settle(connection, settlement, at, ())


def _close_held(
    connection: Connection, change_id: int, state: DeliveryState, at: datetime, channels: Collection[str] | None
) -> None:
    closed = (
        update(outbox)
        .where(outbox.c.change_id == change_id, gathering.in_state(DeliveryState.HELD))
        .values(state=state.value, closed_at=at)
    )
    if channels is not None:
        closed = closed.where(outbox.c.channel.in_(list(channels)))
    connection.execute(closed)


def _close_others(connection: Connection, change_id: int, at: datetime, channels: Collection[str]) -> None:
    """What a channel's rules asked for did not stand: it is not told."""
    held = select(outbox.c.channel).where(outbox.c.change_id == change_id, gathering.in_state(DeliveryState.HELD))
    others = set(connection.execute(held).scalars()) - set(channels)
    _close_held(connection, change_id, DeliveryState.WITHDRAWN, at, others)
