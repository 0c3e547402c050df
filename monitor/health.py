"""What the daemon tells of itself: that it sees nothing, that a source fails. Told once, and once that it is over."""

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from monitor.core.health import Notice, Sight
from monitor.core.policy import HealthPolicy
from monitor.core.text import printable
from monitor.store import FailingSource, Store

_log = structlog.get_logger()

SIGHT = "sight"
_OPEN = frozenset({Notice.BLIND, Notice.SOURCE_FAILING, Notice.DISK_FULL})


class Health:
    """Looks after the monitor itself. `channels` are those that hear of it.

    What has been told is read back from the outbox, so that a restart does not tell it again.
    """

    def __init__(self, store: Store, policy: HealthPolicy, channels: Sequence[str]) -> None:
        self._store, self._policy = store, policy
        self._channels = [name for name in channels if not policy.channels or name in policy.channels]
        self._open: dict[str, datetime] | None = None
        self._sees = False

    @property
    def is_well(self) -> bool:
        """Whether the last look found that the monitor sees."""
        return self._sees

    async def look(self, now: datetime) -> None:
        """Tell what has become wrong, and what is right again."""
        told = await self._told()
        await self._look_at_sight(told.get(SIGHT), now)
        await self._look_at_sources(told, now)

    async def _told(self) -> dict[str, datetime]:
        """When each thing that is still wrong was told."""
        if self._open is None:
            last = await self._store.last_notices()
            self._open = {about: at for about, (notice, at) in last.items() if notice in _OPEN}
        return self._open

    async def _look_at_sight(self, told_at: datetime | None, now: datetime) -> None:
        sight = await self._store.sight(now)
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

    async def _raise(self, notice: Notice, about: str, sentence: str, now: datetime) -> None:
        await self._store.notify(self._channels, notice, about=about, sentence=sentence, now=now)
        (await self._told())[about] = now
        _log.error(notice.value, about=about, message=sentence)

    async def _end(self, notice: Notice, about: str, sentence: str, now: datetime) -> None:
        await self._store.notify(self._channels, notice, about=about, sentence=sentence, now=now)
        (await self._told()).pop(about)
        _log.info(notice.value, about=about, message=sentence)


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
