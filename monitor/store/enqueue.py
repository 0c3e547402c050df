"""Deliveries are written in the transaction of what they tell of."""

from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from monitor.core.article import Article
from monitor.core.health import Notice
from monitor.core.lifecycle import Decision, NewVersion
from monitor.core.policy import AlertEvent
from monitor.core.rules import Delivery, waits_until
from monitor.store import gathering
from monitor.store.columns import milliseconds
from monitor.store.dialect import insert_or_ignore
from monitor.store.rows import DeliveryState
from monitor.store.tables import channel, outbox

CHANGED = AlertEvent.CHANGED
TEST = "test"


def message_id(*parts: object) -> str:
    """`msg_` and 26 letters: the same for the same delivery, another for every other (130 bits of a hash)."""
    digest = sha256("\0".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).digest()
    return "msg_" + b32encode(digest).decode("ascii")[:26].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """What the deliveries of a decision can be about: what it has just recorded. Events by their kind."""

    change_id: int | None
    version_id: int | None
    event_ids: Mapping[str, int]


def enqueue(connection: Connection, decision: Decision, subjects: Subjects) -> tuple[int, ...]:
    """One row for each delivery of the decision; their ids."""
    return tuple(
        _insert(connection, decision.article, delivery, _subject(decision, delivery, subjects), decision.at)
        for delivery in decision.deliveries
    )


def enqueue_event(
    connection: Connection, article: Article, event_id: int, deliveries: Sequence[Delivery], now: datetime
) -> None:
    """One row for each delivery that tells of an event outside any check."""
    subject = {"event_id": event_id, "to_version_id": article.current_version_id}
    for delivery in deliveries:
        _insert(connection, article, delivery, subject, now)


def enqueue_past(
    connection: Connection,
    article: Article,
    subject: Mapping[str, int | None],
    deliveries: Sequence[Delivery],
    now: datetime,
) -> int:
    """Tell of what was recorded before, due from now on as its rule has it; channels that were told of it are left
    out. How many."""
    about = "change_id" if subject.get("change_id") is not None else "event_id"
    told = set(connection.execute(select(outbox.c.channel).where(outbox.c[about] == subject[about])).scalars())
    fresh = [delivery for delivery in deliveries if delivery.channel not in told]
    for delivery in fresh:
        due_at = waits_until(now, delivery.gather, delivery.digest)
        _insert(connection, article, replace(delivery, due_at=due_at, held=False), subject, now)
    return len(fresh)


def _subject(decision: Decision, delivery: Delivery, subjects: Subjects) -> dict[str, Any]:
    """A change between two versions, or an event."""
    if delivery.event is not CHANGED:
        to_version_id = subjects.version_id or decision.article.current_version_id
        return {"event_id": subjects.event_ids.get(delivery.event), "to_version_id": to_version_id}
    return {
        "change_id": subjects.change_id,
        "from_version_id": _told_version(decision.version),
        "to_version_id": subjects.version_id,
    }


def _told_version(new: NewVersion | None) -> int | None:
    """The version that people know of: the alert speaks from it."""
    if new is None or new.change is None:
        return None
    return new.told_version_id or new.change.from_version_id


def _insert(
    connection: Connection, article: Article, delivery: Delivery, subject: Mapping[str, Any], at: datetime
) -> int:
    receiver = channel_row(connection, delivery.channel)
    state = DeliveryState.HELD if delivery.held else DeliveryState.PENDING
    values = {
        "message_id": message_id(article.url, milliseconds(at), *sorted(subject.items()), delivery.channel),
        "channel": delivery.channel,
        "article_id": article.id,
        "event": delivery.event.value,
        "rule": delivery.rule,
        "state": state.value,
        "created_at": at,
        "due_at": delivery.due_at,
        "gather": delivery.gather,
        "digest": delivery.digest,
        "urgent": delivery.urgent,
        "stage": article.stage.value,
        "headline": article.headline,
        "tags": article.tags,
        **subject,
    }
    if receiver.disabled_at is not None:
        values |= dead(at, receiver.disabled_reason)
    made: int = connection.execute(_new, values).scalar_one()
    if values["state"] == DeliveryState.PENDING.value and delivery.digest is None:
        gathering.join(connection, delivery.channel, article.id, due_at=delivery.due_at, gather=delivery.gather)
    return made


_new = insert(outbox).returning(outbox.c.id)


def dead(at: datetime, reason: str | None) -> dict[str, Any]:
    return {
        "state": DeliveryState.DEAD.value,
        "closed_at": at,
        "last_error": f"the channel is disabled: {reason or 'no reason was noted'}",
    }


def channel_row(connection: Connection, name: str) -> Row[Any]:
    """The channel; one that no configuration has been synced for yet is noted as it is."""
    found = connection.execute(_channel, {"the_name": name}).first()
    if found is None:
        connection.execute(insert_or_ignore(connection, channel).values(name=name, in_config=True))
        found = connection.execute(_channel, {"the_name": name}).one()
    return found


_channel = select(channel).where(channel.c.name == bindparam("the_name"))


def enqueue_test(connection: Connection, name: str, now: datetime) -> int:
    """A test message for the channel, due at once."""
    channel_row(connection, name)
    before = connection.execute(select(func.max(outbox.c.id))).scalar()
    values = {
        "message_id": message_id(TEST, name, milliseconds(now), before),
        "channel": name,
        "event": TEST,
        "rule": TEST,
        "state": DeliveryState.PENDING.value,
        "created_at": now,
        "due_at": now,
        "tags": (),
    }
    made: int = connection.execute(_new, values).scalar_one()
    return made


def enqueue_notice(
    connection: Connection, names: Sequence[str], notice: Notice, *, about: str, sentence: str, now: datetime
) -> None:
    """What the monitor tells of itself, for each of the channels, due at once. Told again at the same instant it is the
    same message, and nothing is added."""
    for name in names:
        receiver = channel_row(connection, name)
        values = {
            "message_id": message_id(notice, about, milliseconds(now), name),
            "channel": name,
            "event": notice.value,
            "rule": about,
            "state": DeliveryState.PENDING.value,
            "created_at": now,
            "due_at": now,
            "headline": sentence,
            "tags": (),
        }
        if receiver.disabled_at is not None:
            values |= dead(now, receiver.disabled_reason)
        connection.execute(insert_or_ignore(connection, outbox).values(values))


def last_notices(connection: Connection) -> dict[str, tuple[Notice, datetime]]:
    """What was told last of each thing that was ever told of, and when."""
    statement = (
        select(outbox.c.rule, outbox.c.event, outbox.c.created_at)
        # The first two conditions are what an index knows: of all deliveries, most tell of a change.
        .where(
            outbox.c.change_id.is_(None),
            outbox.c.event_id.is_(None),
            outbox.c.event.in_([notice.value for notice in Notice]),
        )
        .order_by(outbox.c.id)
    )
    return {row.rule: (Notice(row.event), row.created_at) for row in connection.execute(statement)}
