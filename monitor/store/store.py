"""The store: everything that is kept, and every transaction there is.

All methods are safe to call from one event loop at a time. They raise StoreError: StoreUnavailable (`full` tells a
full disk), StoreBusy, SchemaMismatch, CorruptVersion; Misuse for what is not there.
"""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text

from monitor.core.article import Article, Listed, Stage
from monitor.core.capture import Capture, Validators
from monitor.core.health import Notice, Sight
from monitor.core.lifecycle import HOLD_MAX, Decision, Known
from monitor.core.lifecycle.volatility import Memory
from monitor.core.policy import EVERYTHING, Policy, Selection
from monitor.core.rules import Delivery
from monitor.errors import Misuse, StoreUnavailable
from monitor.store import articles as watching
from monitor.store import (
    channels,
    doubts,
    enqueue,
    health,
    lock,
    outbox,
    recording,
    schema,
    sources,
    versions,
    visits,
    volatility,
)
from monitor.store import verify as verifying
from monitor.store.archive import Archive, P, Step, T
from monitor.store.engine import WRITERS, Location, locate, reading_engine, writing_engine
from monitor.store.faults import damaged
from monitor.store.habits import Habits
from monitor.store.rows import (
    ANY_TIME,
    ArticleRow,
    AttemptRow,
    Batch,
    DaemonState,
    DeliveryState,
    FailingSource,
    HostRow,
    OutboxRow,
    Recorded,
    SitemapRow,
    SourceRow,
    StoreStatus,
    Terms,
)
from monitor.store.tables import article as article_table
from monitor.store.writer import GroupWriter, NoWriter, PoolWriter, Writer

OVERDUE = HOLD_MAX + timedelta(minutes=5)
"""A change that has been held this long without a check is told as it is."""


class Store(Archive):
    def __init__(self, location: Location, readers: Engine, writer: Writer, daemon_lock: lock.DaemonLock) -> None:
        super().__init__(location, readers)
        self._writer, self._lock = writer, daemon_lock
        self._habits = Habits()

    @classmethod
    def open(cls, url: str, *, create: bool = True, upgrade: bool | None = None, readonly: bool = False) -> "Store":
        """Open the store at a URL (sqlite:///FILE or postgresql+psycopg://...), making it where there is none.

        `upgrade` None: an older SQLite store is upgraded, after a copy was kept beside it; a PostgreSQL store is not,
        but an empty database is filled. Raises StoreUnavailable, StoreBusy, SchemaMismatch: each says what to do.
        """
        location = locate(url)
        schema.ensure(location, create=create, upgrade=upgrade, readonly=readonly)
        readers = reading_engine(location)
        daemon_lock = lock.FileLock(location.file) if location.file else lock.ServerLock(readers, location.shown)
        return cls(location, readers, _writer(location, readonly=readonly), daemon_lock)

    async def close(self) -> None:
        # Readers first: only a writer that is the last to leave can fold SQLite's -wal file into the store.
        await super().close()
        await self._writer.close()
        self._lock.release()

    # -- how everything below is done

    async def _write(self, step: Step[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Run one step in a transaction of its own, and return when it is on the disk."""

        def work(connection: Connection) -> T:
            return step(connection, *arguments, **options)

        return await self._writer.write(work)

    # -- the daemon

    async def hold_daemon(self, *, pid: int, host: str, now: datetime) -> None:
        """Be the one daemon of this store until `release_daemon` or the end of the process.

        Raises StoreBusy, naming who holds it; StoreUnavailable when the file is damaged: then nothing is written.
        """
        if not await asyncio.to_thread(self._take_lock):
            raise lock.refusal(await self._read(lock.read, running=True), self.location)
        try:
            await self._read(self._check_file)
            await self._write(lock.note_start, pid=pid, host=host, now=now)
        except BaseException:
            self._lock.release()
            raise

    def _take_lock(self) -> bool:
        # Who only asks whether a daemon runs holds the lock for a moment: one refusal is not the last word.
        return any(self._lock.take() for _ in range(50))

    def _check_file(self, connection: Connection) -> None:
        if self._location.file:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
            if found != "ok":
                raise damaged(self.location, str(found))

    async def release_daemon(self, now: datetime) -> None:
        try:
            await self._write(lock.note_stop, now)
        finally:
            self._lock.release()

    async def beat(self, *, tick_at: datetime | None = None, deliver_at: datetime | None = None) -> None:
        """Note that a loop of the daemon is alive. Raises StoreBusy when the lock was lost to another daemon."""
        if not await asyncio.to_thread(self._still_mine):
            raise lock.refusal(await self._read(lock.read, running=True), self.location)
        await self._write(lock.note_beat, tick_at=tick_at, deliver_at=deliver_at)

    def _still_mine(self) -> bool:
        """A lock on a server ends when the connection breaks; it is taken again, unless another was faster."""
        return self._lock.is_mine() or self._lock.take()

    async def daemon(self) -> DaemonState | None:
        """The daemon that runs, or ran last; None when there never was one."""
        running = await asyncio.to_thread(self._lock.is_taken)
        return await self._read(lock.read, running=running)

    # -- articles

    async def add_article(
        self,
        url: str,
        *,
        host: str,
        now: datetime,
        tags: Sequence[str] = (),
        every: timedelta | None = None,
        source_id: int | None = None,
        candidate: bool = False,
        origin: str = watching.USER,
        listed: Listed | None = None,
        soonest: timedelta = timedelta(0),
    ) -> tuple[Article, bool]:
        """Watch an article from now on, and whether it is new. `url` is normalised; `origin` is user, config or source.

        One that is known is returned with the tags added; unless it is a source that lists it again, a removed or
        paused one goes on. A candidate is watched only once its page is what its source asks for. `listed` is what the
        source says of it: news there bring its next look forward, `soonest` after the last.
        """
        return await self._write(
            watching.add,
            url,
            host_name=host,
            now=now,
            tags=tuple(tags),
            every=every,
            source_id=source_id,
            candidate=candidate,
            origin=origin,
            listed=listed,
            soonest=soonest,
        )

    async def article(self, article_id: int) -> Article:
        return await self._read(watching.read, article_id)

    async def source_of(self, article: Article) -> str | None:
        """The address of the source that brought it."""
        return await self._read(sources.address, article.source_id) if article.source_id is not None else None

    async def aliases(self, article_id: int) -> dict[str, datetime]:
        """The addresses that the article has been found at, and since when."""
        return await self._read(watching.aliases, article_id)

    async def find_article(self, words: str) -> Article:
        """The article by its id, an address of it, or a part of its address or headline that no other has.

        Raises UnknownArticle, with the candidates when there are several.
        """
        return await self._read(watching.find, words)

    async def articles(
        self,
        *,
        stage: Stage | None = None,
        tag: str | None = None,
        host: str | None = None,
        candidates: bool = False,
        removed: bool = False,
    ) -> list[ArticleRow]:
        return await self._read(
            watching.listed, stage=stage, tag=tag, host_name=host, candidates=candidates, removed=removed
        )

    async def pause(self, article_id: int, now: datetime, told: Sequence[Delivery] = ()) -> None:
        """Look at it no more until it is resumed. A held change is told, marked as not confirmed; `told` are the
        deliveries that tell of the pause itself."""
        await self._write(watching.pause, article_id, now, told)

    async def unlist(self, article_id: int, now: datetime, told: Sequence[Delivery] = ()) -> None:
        """Pause an article that was taken out of the configuration; named there again, it goes on."""
        await self._write(watching.unlist, article_id, now, told)

    async def resume(self, article_id: int, now: datetime, told: Sequence[Delivery] = ()) -> None:
        """Watch it again; it is due at once."""
        await self._write(watching.resume, article_id, now, told)

    async def remove(self, article_id: int, now: datetime) -> None:
        """Watch it no more. Its history stays."""
        await self._write(watching.remove, article_id, now)

    async def config_articles(self) -> dict[str, int]:
        """The ids, by URL, of the articles that the configuration brought in."""
        return await self._read(watching.of_config)

    # -- checks

    async def due_hosts(self, now: datetime, limit: int) -> list[str]:
        """Hosts with due articles that nobody visits and that need not be left alone, most urgent first."""
        return await self._read(visits.due_hosts, now, limit)

    async def due_articles(self, host: str, now: datetime, limit: int) -> list[Article]:
        return await self._read(visits.due_articles, host, now, limit)

    async def pull_in(self, now: datetime, by: timedelta) -> int:
        """After the clock was set back: what was planned by the former clock keeps its distance. How many articles."""
        return await self._write(visits.pull_in, now, by)

    async def lease_host(self, host: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take the host, or keep it for longer; False while another owner has it."""
        return await self._write(visits.lease, host, owner=owner, now=now, until=until)

    async def release_host(self, host: str, *, owner: str, not_before: datetime | None) -> None:
        """Give the host back, to be left alone until then (or longer, when a check has said so)."""
        await self._write(visits.release, host, owner=owner, not_before=not_before)

    async def host(self, host: str) -> HostRow | None:
        return await self._read(visits.read_host, host)

    async def known(self, article_id: int) -> Known:
        """What `decide` asks of the past. Raises UnknownArticle, CorruptVersion."""
        return await self._read(versions.known, article_id, self._habits)

    async def twins(self, article: Article, key: str) -> tuple[str, ...]:
        """The addresses of other articles of its host where a page that says the same was found."""
        return await self._read(doubts.twins, article.host, article.id, key)

    async def volatile(self, host: str) -> Memory:
        """What is known of the blocks that come and go on a host, by signature."""
        return await self._read(volatility.read, host)

    async def is_furniture(self, article: Article, place: str, before: datetime) -> bool:
        """Whether its host shows this live marker at this place whatever the age of the article."""
        return await self._read(doubts.is_furniture, article.host, article.id, place, before)

    async def last_suspect(self, article_id: int) -> Capture | None:
        """The last visit, where its page was not taken for the article."""
        return await self._read(doubts.last_suspect, article_id)

    async def record(self, decision: Decision) -> Recorded | None:
        """Write all of it in one transaction; None, and nothing kept, when another check was recorded meanwhile."""
        prepared = recording.NOTHING_TO_KEEP
        if recording.keeps_bytes(decision):
            prepared = await self._read(recording.prepare, decision)
        return await self._write(recording.record, decision, prepared)

    async def release_overdue_holds(self, now: datetime) -> int:
        """Tell, as not confirmed, what has been held for too long without a check. How many."""
        if not await self._read(_overdue, now):
            return 0
        return await self._write(_release_overdue, now)

    # -- sources

    async def add_source(
        self,
        url: str,
        *,
        host: str,
        now: datetime,
        only_live: bool = False,
        mentions: Sequence[str] = (),
        tags: Sequence[str] = (),
        every: timedelta | None = None,
        selection: Selection = EVERYTHING,
        origin: str = watching.USER,
    ) -> tuple[SourceRow, bool]:
        """Poll a source from now on, and whether it is new. For one that is known, what is asked of it is replaced."""
        return await self._write(
            sources.add,
            url,
            host_name=host,
            now=now,
            only_live=only_live,
            mentions=tuple(mentions),
            tags=tuple(tags),
            every=every,
            selection=selection,
            origin=origin,
        )

    async def sources(self) -> list[SourceRow]:
        return await self._read(sources.watched)

    async def source(self, source_id: int) -> SourceRow | None:
        """None when it is no longer polled."""
        return await self._read(sources.one_watched, source_id)

    async def due_sources(self, now: datetime, limit: int) -> list[SourceRow]:
        return await self._read(sources.due, now, limit)

    async def remove_source(self, source_id: int, now: datetime) -> None:
        """Poll it no more. Its articles stay watched."""
        await self._write(sources.remove, source_id, now)

    async def record_poll(
        self,
        source_id: int,
        *,
        seq: int,
        now: datetime,
        next_poll_at: datetime | None,
        outcome: str,
        detail: str,
        validators: Validators,
        kind: str | None,
        items: int,
        new: int,
        error_streak: int,
        filtered: int = 0,
        sitemaps: Mapping[str, SitemapRow] | None = None,
    ) -> bool:
        """Write what a poll came to; False, and nothing kept, when the source changed meanwhile."""
        return await self._write(
            sources.record_poll,
            source_id,
            seq=seq,
            now=now,
            next_poll_at=next_poll_at,
            outcome=outcome,
            detail=detail,
            validators=validators,
            kind=kind,
            items=items,
            new=new,
            error_streak=error_streak,
            filtered=filtered,
            sitemaps=sitemaps or {},
        )

    # -- channels and deliveries

    async def sync_channels(self, policy: Policy, now: datetime) -> None:
        """Mirror the configured channels and rules; what a removed channel had to send becomes dead letters."""
        await self._write(channels.sync, policy, now)

    async def disable_channel(self, name: str, now: datetime, reason: str) -> None:
        """Send nothing more on it; what waits becomes dead letters."""
        await self._write(channels.disable, name, now, reason)

    async def outbox_due(self, now: datetime) -> list[str]:
        """The channels with a delivery whose time and turn have come."""
        return await self._read(outbox.due, now)

    async def lease_deliveries(
        self, channel: str, *, owner: str, now: datetime, until: datetime, terms: Terms = ANY_TIME
    ) -> Batch | None:
        """The next message of the channel, with an id that stays the same at every try; None when there is none."""
        return await self._write(outbox.lease, channel, owner=owner, now=now, until=until, terms=terms)

    async def mark_sent(self, batch: Batch, *, now: datetime, answer: str) -> None:
        await self._write(outbox.mark_sent, batch, now=now, answer=answer)

    async def mark_failed(self, batch: Batch, *, now: datetime, error: str, next_at: datetime | None) -> None:
        """Note a failed attempt; try again at `next_at`, or never: None makes it a dead letter."""
        await self._write(outbox.mark_failed, batch, now=now, error=error, next_at=next_at)

    async def hasten(self, channel: str, now: datetime) -> int:
        """Let what waits for a retry on this channel be tried now. How many deliveries."""
        return await self._write(outbox.hasten, channel, now)

    async def tell_of_past(
        self, article: Article, subject: Mapping[str, int | None], deliveries: Sequence[Delivery], now: datetime
    ) -> int:
        """Deliveries of a change or an event that was recorded before (`subject` are its ids, by the columns of the
        outbox). Channels that were told of it are left out. How many."""
        return await self._write(enqueue.enqueue_past, article, subject, deliveries, now)

    async def deliveries(
        self,
        *,
        ids: Sequence[int] = (),
        state: str | None = None,
        change_id: int | None = None,
        message: str | None = None,
        limit: int | None = None,
    ) -> list[OutboxRow]:
        """The newest first. `state` is one of DeliveryState; Misuse is raised for another. `message` is the id of the
        message that carries them."""
        wanted = _delivery_state(state)
        return await self._read(outbox.listed, ids=ids, state=wanted, change_id=change_id, message=message, limit=limit)

    async def attempts(self, outbox_id: int) -> list[AttemptRow]:
        """Every try of one delivery, oldest first."""
        return await self._read(outbox.attempts, outbox_id)

    async def retry_deliveries(
        self, *, ids: Sequence[int] = (), since: datetime | None = None, until: datetime | None = None, now: datetime
    ) -> list[int]:
        """Send dead letters again: these, or those written from `since` until `until`, or all. Which ones they were."""
        return await self._write(outbox.retry, ids=ids, since=since, until=until, now=now)

    async def test_delivery(self, channel: str, now: datetime) -> int:
        """Put a test message for the channel into the outbox; its id."""
        return await self._write(_test_delivery, channel, now)

    async def notify(
        self, channels: Sequence[str], notice: Notice, *, about: str, sentence: str, now: datetime
    ) -> None:
        """Put what the monitor tells of itself into the outbox, once for each channel."""
        await self._write(enqueue.enqueue_notice, channels, notice, about=about, sentence=sentence, now=now)

    async def last_notices(self) -> dict[str, tuple[Notice, datetime]]:
        """What was told last of each thing that was ever told of, and when."""
        return await self._read(enqueue.last_notices)

    # -- upkeep

    def room(self) -> int | None:
        """Bytes that are free on the disk of the store; None where a server keeps it, or the folder is not there."""
        file = self._location.file
        try:
            return shutil.disk_usage(file.parent).free if file is not None else None
        except OSError:
            return None

    async def sight(self, now: datetime, *, awake_since: datetime | None = None) -> Sight:
        """When a check succeeded last, and since when what was due after it has not been seen. What fell due before
        `awake_since`, or before the daemon's start, counts from then on."""
        return await self._read(health.sight, now, awake_since)

    async def failing_sources(self) -> tuple[FailingSource, ...]:
        """Sources whose last poll failed, the longest row of failures first."""
        return await self._read(health.failing_sources)

    async def status(self, now: datetime) -> StoreStatus:
        return await self._read(health.status, now)

    async def verify(self, progress: verifying.Progress | None = None) -> list[str]:
        """Read everything and check every promise; the problems as sentences. `progress` is called in a thread."""
        return await self._read(_all_problems, progress)

    async def backup(self, path: Path | str) -> None:
        """Write a consistent copy of the store to a file that does not exist yet, while others use the store."""
        if self._location.file is None:
            raise StoreUnavailable(
                f"{self.location} is backed up with PostgreSQL's own tool: pg_dump -Fc --file=FILE URL"
            )
        await asyncio.to_thread(schema.keep_copy, self._location, Path(path))


def _writer(location: Location, *, readonly: bool) -> Writer:
    if readonly:
        return NoWriter(location.shown)
    engine = writing_engine(location)
    if location.file is None:
        return PoolWriter(engine, location.shown, WRITERS)
    return GroupWriter(engine, location.shown)


def _delivery_state(words: str | None) -> DeliveryState | None:
    if words is None:
        return None
    try:
        return DeliveryState(words)
    except ValueError:
        raise Misuse(f"{words!r} is no state of a delivery; there are {', '.join(DeliveryState)}") from None


def _all_problems(connection: Connection, progress: verifying.Progress | None) -> list[str]:
    return list(verifying.problems(connection, progress))


def _overdue(connection: Connection, now: datetime) -> list[int]:
    late = select(article_table.c.id).where(article_table.c.hold_since <= now - OVERDUE)
    return list(connection.execute(late).scalars())


def _release_overdue(connection: Connection, now: datetime) -> int:
    late = _overdue(connection, now)
    for article_id in late:
        watching.let_go(connection, article_id, now, "no second look was taken in time")
    return len(late)


def _test_delivery(connection: Connection, name: str, now: datetime) -> int:
    made = enqueue.enqueue_test(connection, name, now)
    channels.enable(connection, name)
    return made
