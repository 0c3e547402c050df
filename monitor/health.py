"""What the daemon tells of itself: that it sees nothing, that a source fails, that its disk is full. Told once, and
once that it is over."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from monitor.alerts.messages import notice_message
from monitor.core.health import Notice, Sight
from monitor.core.policy import HealthPolicy
from monitor.core.text import printable
from monitor.errors import StoreUnavailable
from monitor.ports import Message
from monitor.store import FailingSource, Store

_log = structlog.get_logger()

SIGHT, DISK = "sight", "disk"
RETRY = timedelta(seconds=30)
"""After a write for which there was no room, nothing is fetched or sent for so long, and until one has succeeded."""
Shout = Callable[[Sequence[str], Message], Awaitable[bool]]
"""Sends a message over these channels at once, beside the outbox; whether one of them took it."""
_OPEN = frozenset({Notice.BLIND, Notice.SOURCE_FAILING, Notice.DISK_FULL})


class Health:
    """Looks after the monitor itself. `channels` are those that hear of it.

    What has been told is read back from the outbox, so that a restart does not tell it again.
    """

    def __init__(self, store: Store, policy: HealthPolicy, channels: Sequence[str], shout: Shout) -> None:
        self._store, self._policy, self._shout = store, policy, shout
        self._channels = [name for name in channels if not policy.channels or name in policy.channels]
        self._open: dict[str, datetime] | None = None
        self._sees = False
        self._refused_at: datetime | None = None
        self._full_since: datetime | None = None
        self._awake_since: datetime | None = None

    @property
    def is_well(self) -> bool:
        """Whether the last look found that the monitor sees, and there has been room since."""
        return self._sees and self._full_since is None

    async def look(self, now: datetime) -> None:
        """Tell what has become wrong, and what is right again."""
        told = await self._told()
        await self._look_at_disk(now)
        if self._full_since is not None:
            return  # that nothing is seen now is our own doing
        await self._look_at_sight(told.get(SIGHT), now)
        await self._look_at_sources(told, now)

    async def _told(self) -> dict[str, datetime]:
        """When each thing that is still wrong was told."""
        if self._open is None:
            last = await self._store.last_notices()
            self._open = {about: at for about, (notice, at) in last.items() if notice in _OPEN}
        return self._open

    async def _look_at_sight(self, told_at: datetime | None, now: datetime) -> None:
        sight = await self._store.sight(now, awake_since=self._awake_since)
        blind = sight.is_blind(now, self._policy.blind_after)
        again = told_at is not None and sight.seen_at is not None and sight.seen_at > told_at
        self._sees = again if told_at is not None else not blind
        if blind and told_at is None:
            await self._raise(Notice.BLIND, SIGHT, _blind(sight), now)
        elif again and sight.seen_at is not None:
            words = f"Checks succeed again, the last one at {_clock(sight.seen_at)}."
            await self._end(Notice.SEES, SIGHT, words, now)

    async def _look_at_sources(self, told: dict[str, datetime], now: datetime) -> None:
        failing = {f"source {source.source_id}": source for source in await self._store.failing_sources()}
        for about, source in failing.items():
            if source.error_streak >= self._policy.source_failing_after and about not in told:
                await self._raise(Notice.SOURCE_FAILING, about, _failing(source), now)
        healed = [about for about in told if about.startswith("source ") and about not in failing]
        if not healed:
            return
        for known in await self._store.sources():
            about = f"source {known.id}"
            if about in healed and known.last_polled_at and known.last_polled_at > told[about]:
                words = f"The source {printable(known.url, 300)} can be read again: {known.items} items."
                await self._end(Notice.SOURCE_RECOVERED, about, words, now)

    # -- the disk

    def refused(self, now: datetime) -> None:
        """The store had no room for a write."""
        self._refused_at = now
        self.has_room(now)

    def wrote(self, now: datetime) -> None:
        """A write has succeeded."""
        if self._refused_at is not None and not timedelta(0) <= now - self._refused_at < RETRY:
            self._refused_at = None

    @property
    def can_write(self) -> bool:
        """Whether nothing says that a write would be refused."""
        return self._refused_at is None

    def has_room(self, now: datetime) -> bool:
        """Whether there is room for what a fetch may bring. That there is none is logged once, and when there is."""
        free = self._store.room()
        room = self.can_write and (free is None or free >= self._policy.disk_reserve)
        if not room and self._full_since is None:
            self._full_since = now
            _log.error(Notice.DISK_FULL.value, message=self._full_words())
        elif room and self._full_since is not None:
            self._full_since, self._awake_since = None, now
            _log.info(Notice.DISK_HAS_ROOM.value, message=_ROOM_AGAIN)
        return room

    def _full_words(self) -> str:
        free, wanted = self._store.room(), self._policy.disk_reserve
        left = f" ({free / 1e6:.1f} MB free, {wanted / 1e6:.1f} MB wanted)" if free is not None else ""
        return (
            f"The disk of the store {self._store.location} has too little room{left}. Nothing is fetched until it has"
            " more; make room, and the monitor goes on by itself."
        )

    async def _look_at_disk(self, now: datetime) -> None:
        told = await self._told()
        if not self.has_room(now):
            if DISK not in told and await self._tell_of_full_disk(now):
                told[DISK] = now
        elif DISK in told:
            await self._store.notify(self._channels, Notice.DISK_HAS_ROOM, about=DISK, sentence=_ROOM_AGAIN, now=now)
            told.pop(DISK)

    async def _tell_of_full_disk(self, now: datetime) -> bool:
        """By the outbox while its rows can be written, else directly."""
        words = self._full_words()
        if self.can_write:
            try:
                await self._store.notify(self._channels, Notice.DISK_FULL, about=DISK, sentence=words, now=now)
            except StoreUnavailable:
                self._refused_at = now
            else:
                return True
        message_id = f"msg_{Notice.DISK_FULL}_{(self._full_since or now).timestamp():.0f}"
        return await self._shout(self._channels, notice_message(message_id, Notice.DISK_FULL, DISK, words, now))

    # -- telling

    async def _raise(self, notice: Notice, about: str, sentence: str, now: datetime) -> None:
        await self._store.notify(self._channels, notice, about=about, sentence=sentence, now=now)
        (await self._told())[about] = now
        _log.error(notice.value, about=about, message=sentence)

    async def _end(self, notice: Notice, about: str, sentence: str, now: datetime) -> None:
        await self._store.notify(self._channels, notice, about=about, sentence=sentence, now=now)
        (await self._told()).pop(about)
        _log.info(notice.value, about=about, message=sentence)


_ROOM_AGAIN = "There is room again on the disk of the store; articles are fetched as before."


def _blind(sight: Sight) -> str:
    last = f"the last one at {_clock(sight.seen_at)}" if sight.seen_at else "none so far"
    met = ", ".join(f"{outcome} ({count})" for outcome, count in sight.met)
    since = f"since {_clock(sight.missed_since)}" if sight.missed_since else ""
    why = f" The visits met: {met}." if met else " Nothing that was due has been visited."
    return f"No check has succeeded {since}, though articles were due ({last}).{why}"


def _failing(source: FailingSource) -> str:
    why = f"{source.outcome}, {printable(source.detail, 200)}" if source.detail else str(source.outcome)
    return f"The source {printable(source.url, 300)} could not be read {source.error_streak} times in a row: {why}."


def _clock(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%d %b %Y %H:%M UTC").lstrip("0")
