"""The outbox: lease, compose, send, mark. Twice is possible, with the same id; never is not."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

import structlog

from monitor.alerts.messages import compose, disabled_notice
from monitor.alerts.retries import retry_at
from monitor.core.hours import is_quiet
from monitor.core.policy import ChannelPolicy
from monitor.errors import DeliveryFailed
from monitor.ports import Channel, Clock, Message
from monitor.store import ANY_TIME, Batch, Store, Terms

_log = structlog.get_logger()

LEASE = timedelta(minutes=3)
"""Longer than any channel's deadline: a lease that ran out belongs to a process that died."""
TRIES_WHILE_DOWN = 2
"""Two deliveries that fail in a row speak of the receiver; one may speak of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What one pass did, in messages. `failed` ones are tried again, `dead` ones are not."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(
            sent=self.sent + other.sent, failed=self.failed + other.failed, dead=self.dead + other.dead
        )


class _Ending(Enum):
    """`refused`: for good, by a receiver that is well. `expired`: the last try of its life failed. `throttled`: the
    receiver said when to come back."""

    SENT = auto()
    FAILED = auto()
    REFUSED = auto()
    EXPIRED = auto()
    THROTTLED = auto()


_COUNTS = {
    _Ending.SENT: DeliveryReport(sent=1),
    _Ending.FAILED: DeliveryReport(failed=1),
    _Ending.THROTTLED: DeliveryReport(failed=1),
    _Ending.REFUSED: DeliveryReport(dead=1),
    _Ending.EXPIRED: DeliveryReport(dead=1),
}


@dataclass(slots=True)
class _Line:
    """One channel and how it fares. `down_since` is set while its last attempt is a failed one; `not_before` is when
    it is tried next then. `stubborn` messages failed while others got through: they keep to their own schedule."""

    name: str
    channel: Channel
    policy: ChannelPolicy | None
    fresh: bool
    busy: bool = False
    down_since: datetime | None = None
    not_before: datetime | None = None
    stubborn: set[str] = field(default_factory=set)


class Outbox:
    """Delivers what is due. `jitter` gives a number in [0, 1); `owner` names this process in the leases.

    `policies` say when each channel wants to be left alone, and how much it takes; one without is sent to at any time.
    `eager`: what waits for a retry is tried at once on the first pass, as a daemon does that starts. A run that is
    repeated by a scheduler leaves it False, and keeps to the times that are written down.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        jitter: Callable[[], float],
        *,
        policies: Iterable[ChannelPolicy] = (),
        owner: str = "outbox",
        eager: bool = True,
    ) -> None:
        self._store, self._clock, self._jitter, self._owner = store, clock, jitter, owner
        known = {policy.name: policy for policy in policies}
        self._lines = {name: _Line(name, channel, known.get(name), fresh=eager) for name, channel in channels.items()}
        self._stopping = False

    async def deliver(self, now: datetime) -> DeliveryReport:
        """Send what is due: channels beside one another, in order within each.

        Raises StoreError when the store fails: no message is sent without a lease written first.
        """
        await self._begin(now)
        due = [name for name in await self._store.outbox_due(now) if name in self._lines]
        ended = await asyncio.gather(*(self.deliver_channel(n, now) for n in due), return_exceptions=True)
        report = DeliveryReport()
        for part in ended:
            if isinstance(part, BaseException):
                raise part
            report += part
        return report

    async def deliver_channel(self, name: str, now: datetime) -> DeliveryReport:
        """Send what is due on one channel. Does nothing while an earlier call is still at work on it, or while the
        channel is down and it is not yet time to try it again."""
        line = self._lines.get(name)
        if line is None or line.busy or self._stopping:
            return DeliveryReport()
        line.busy = True
        try:
            await self._begin(now)
            if line.not_before is not None and now < line.not_before:
                return DeliveryReport()
            return await self._drain(line, now)
        finally:
            line.busy = False

    async def shout(self, names: Sequence[str], notice: Message) -> bool:
        """Send a notice over these channels at once, with no row of it; whether one of them took it."""
        lines = [self._lines[name] for name in names if name in self._lines]
        return any([await _told(line, notice, self._clock.now()) for line in lines])

    def clock_set_back(self) -> None:
        """Times that were noted by the former clock mean nothing now: every channel is tried at the next pass."""
        for line in self._lines.values():
            line.not_before = None

    def stop(self) -> None:
        """Take nothing more. A pass that is running ends with the message that it is at."""
        self._stopping = True

    async def _begin(self, now: datetime) -> None:
        for line in self._lines.values():
            if line.fresh:
                line.fresh = False
                await self._store.hasten(line.name, now)

    async def _drain(self, line: _Line, started: datetime) -> DeliveryReport:
        """All that is due on one channel, until there is no more of it or the receiver proves to be down."""
        report, failed = DeliveryReport(), list[str]()
        was_down = line.down_since is not None
        while len(failed) < TRIES_WHILE_DOWN and not self._stopping:
            batch = await self._lease(line)
            if batch is None:
                break
            ending = await self._attempt(line, batch, started)
            report += _COUNTS[ending]
            if ending is _Ending.THROTTLED:
                break
            if ending is _Ending.SENT:
                line.stubborn.update(failed)
                failed.clear()
                if was_down:
                    was_down = False
                    await self._store.hasten(line.name, self._clock.now())
            elif ending is not _Ending.REFUSED and batch.message_id not in line.stubborn:
                failed.append(batch.message_id)
        return report

    async def _lease(self, line: _Line) -> Batch | None:
        now = self._clock.now()
        terms = _terms(line.policy, now) if line.policy else ANY_TIME
        return await self._store.lease_deliveries(line.name, owner=self._owner, now=now, until=now + LEASE, terms=terms)

    async def _attempt(self, line: _Line, batch: Batch, started: datetime) -> _Ending:
        message = await compose(self._store, batch)
        try:
            answer = await _send(line.channel, message, self._clock.now())
        except DeliveryFailed as failure:
            return await self._failed(line, batch, failure, started)
        await _to_the_end(self._store.mark_sent(batch, now=self._clock.now(), answer=answer))
        line.down_since = line.not_before = None
        line.stubborn.discard(batch.message_id)
        _log.info("delivery_sent", **_names(line, batch), answer=answer)
        return _Ending.SENT

    async def _failed(self, line: _Line, batch: Batch, failure: DeliveryFailed, started: datetime) -> _Ending:
        error = str(failure)
        next_at = self._next_try(line, batch, failure, started)
        await _to_the_end(self._store.mark_failed(batch, now=self._clock.now(), error=error, next_at=next_at))
        if next_at is None:
            line.stubborn.discard(batch.message_id)
            _log.error("delivery_dead", **_names(line, batch), error=error)
        else:
            _log.warning("delivery_failed", **_names(line, batch), error=error, next_at=next_at.isoformat())
        if failure.refusal.disable:
            await self._disable(line, batch, error)
        if failure.refusal.permanent or failure.refusal.disable:
            return _Ending.REFUSED
        if next_at is None:
            return _Ending.EXPIRED
        return _Ending.THROTTLED if failure.refusal.retry_after is not None else _Ending.FAILED

    def _next_try(self, line: _Line, batch: Batch, failure: DeliveryFailed, started: datetime) -> datetime | None:
        if failure.refusal.permanent or failure.refusal.disable:
            return None
        alone = batch.message_id in line.stubborn
        if not alone:
            line.down_since = line.down_since or started
        next_at = retry_at(
            started,
            first_at=batch.first_attempt_at or started,
            attempts=batch.attempts + 1,
            jitter=self._jitter(),
            retry_after=failure.refusal.retry_after,
            down_since=None if alone else line.down_since,
        )
        if not alone:
            line.not_before = next_at
        return next_at

    async def _disable(self, line: _Line, batch: Batch, reason: str) -> None:
        """The receiver wants no more: stop, and say so over the first other channel that takes it."""
        now = self._clock.now()
        await self._store.disable_channel(line.name, now, reason)
        _log.error("channel_disabled", channel=line.name, reason=reason)
        notice = disabled_notice(line.name, reason, batch.message_id, now)
        for other in self._lines.values():
            if other is not line and await _told(other, notice, now):
                return


def _terms(policy: ChannelPolicy, now: datetime) -> Terms:
    return Terms(quiet=is_quiet(policy.quiet, policy.zone, now), most=policy.most, window=policy.storm_window)


async def _send(channel: Channel, message: Message, now: datetime) -> str:
    try:
        return await channel.send(message, now)
    except DeliveryFailed:
        raise
    except Exception as error:
        # A defect of one channel may cost that channel its delivery, never the queue or its neighbours.
        _log.exception("channel_broke", message_id=message.id)
        raise DeliveryFailed(f"the channel itself failed ({type(error).__name__})") from error


async def _told(line: _Line, notice: Message, now: datetime) -> bool:
    try:
        await _send(line.channel, notice, now)
    except DeliveryFailed:
        return False
    return True


async def _to_the_end(marking: Coroutine[Any, Any, None]) -> None:
    """Write down what has happened even when this task is cancelled meanwhile; then let the cancelling go on."""
    task = asyncio.ensure_future(marking)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _names(line: _Line, batch: Batch) -> dict[str, Any]:
    return {
        "channel": line.name,
        "message_id": batch.message_id,
        "articles": sorted({row.article_id for row in batch.deliveries if row.article_id is not None}),
        "alert": batch.deliveries[-1].event or batch.deliveries[-1].notice or "test",
        "attempt": batch.attempts + 1,
    }
