"""What the rules would do, and what a message would say: of changes and events that have been recorded."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.messages import compose
from monitor.core.diff import Edit
from monitor.core.lifecycle import NOT_STANDING
from monitor.core.policy import AlertEvent, Policy
from monitor.core.rules import Delivery, Subject, plan
from monitor.ports import Message
from monitor.store import Batch, DeliveryState, EventRow, OutboxRow, Store, StoredChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change or an event, and the deliveries that the rules ask for."""

    at: datetime
    subject: Subject
    deliveries: tuple[Delivery, ...]
    change: StoredChange | None = None
    event: EventRow | None = None


async def subject_of(store: Store, change: StoredChange) -> Subject:
    """What the rules look at: the text as far as it stood in two fetches. The article's tags are those it has now."""
    told = await store.told(change.id)
    edits: tuple[Edit, ...] = told if told is not None else await store.edits(change.id)
    article = await store.article(change.article_id)
    return Subject(
        event=AlertEvent.CHANGED,
        article=article,
        fields=change.fields,
        declaration=change.declaration,
        edits=edits,
        words=change.words_added + change.words_removed,
        cosmetic=change.cosmetic,
        source=await store.source_of(article),
        entries=change.entries,
    )


async def replayed(store: Store, policy: Policy, *, since: datetime, until: datetime) -> AsyncIterator[Told]:
    """Everything recorded from `since` to before `until` that the rules of the policy would tell of, oldest first,
    changes before events of the same time. What was withdrawn at the second look is left out."""
    events = [event for event in await store.events(since=since) if event.not_after < until]
    async for change in store.changes(since=since):
        if change.recorded_at >= until:
            break
        while events and events[0].not_after < change.recorded_at:
            if (told := await _of_event(store, policy, events.pop(0))) is not None:
                yield told
        if change.state not in NOT_STANDING and (told := await _of_change(store, policy, change)) is not None:
            yield told
    for event in events:
        if (told := await _of_event(store, policy, event)) is not None:
            yield told


async def _of_change(store: Store, policy: Policy, change: StoredChange) -> Told | None:
    subject = await subject_of(store, change)
    deliveries = plan(policy, subject, now=change.recorded_at)
    return Told(at=change.recorded_at, subject=subject, deliveries=deliveries, change=change) if deliveries else None


async def _of_event(store: Store, policy: Policy, event: EventRow) -> Told | None:
    article = await store.article(event.article_id)
    subject = Subject(event=event.event, article=article, source=await store.source_of(article))
    deliveries = plan(policy, subject, now=event.not_after)
    return Told(at=event.not_after, subject=subject, deliveries=deliveries, event=event) if deliveries else None


def subject_ids(told: Told) -> dict[str, int | None]:
    """What its deliveries are about, by the columns of the outbox."""
    if told.change is not None:
        change = told.change
        return {
            "change_id": change.id,
            "from_version_id": change.from_version_id,
            "to_version_id": change.to_version_id,
        }
    assert told.event is not None
    return {"event_id": told.event.id, "to_version_id": told.subject.article.current_version_id}


async def previewed(store: Store, change: StoredChange, channel: str, rule: str, now: datetime) -> Message:
    """The message that would tell this channel of the change; nothing is written and nothing is sent."""
    article = await store.article(change.article_id)
    row = OutboxRow(
        id=0,
        message_id="msg_preview",
        channel=channel,
        article_id=article.id,
        change_id=change.id,
        event_id=None,
        event=AlertEvent.CHANGED,
        rule=rule,
        state=DeliveryState.PENDING,
        created_at=change.recorded_at,
        due_at=now,
        from_version_id=change.from_version_id,
        to_version_id=change.to_version_id,
        stage=article.stage,
        headline=change.headline,
        tags=article.tags,
        attempts=0,
        first_attempt_at=None,
        last_error=None,
        closed_at=None,
        sent_as=None,
        url=change.url,
    )
    return await compose(store, Batch(message_id=row.message_id, channel=channel, deliveries=(row,), attempts=0))
