"""How the watch is doing: counts, lag, what fails."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, case, func, select, type_coerce

from monitor.core.article import Stage
from monitor.core.health import Sight
from monitor.store import channels, volatility
from monitor.store.columns import UtcMs
from monitor.store.rows import (
    AlertCounts,
    DeliveryState,
    FailingArticle,
    FailingSource,
    HostStatus,
    LateArticle,
    SharedAddress,
    StoreStatus,
)
from monitor.store.tables import article, article_url, check_log, daemon, host, source

FAILING_LISTED = 100
LATE_LISTED = 100
LATE = timedelta(minutes=1)
"""An article that has been due for longer is late: a visit to its host may take as long."""
_watched = article.c.removed_at.is_(None)
_failing = (
    # A paused article is not looked at, and one that is gone has been answered for.
    _watched,
    article.c.failing_since.is_not(None),
    article.c.next_check_at.is_not(None),
    article.c.stage != Stage.GONE.value,
)


def status(connection: Connection, now: datetime) -> StoreStatus:
    due, oldest = connection.execute(
        select(func.count(), func.min(article.c.next_check_at)).where(article.c.next_check_at <= now)
    ).one()
    candidates = select(func.count()).select_from(article).where(_watched, article.c.candidate)
    return StoreStatus(
        articles=_stages(connection),
        candidates=connection.execute(candidates).scalar_one(),
        due=due,
        lag_seconds=_lag(oldest, now),
        hosts=_hosts(connection, now),
        failing=_failing_articles(connection),
        alerts=_alerts(connection),
        disabled_channels=channels.disabled(connection),
        shared_addresses=_shared(connection),
        late=_late_articles(connection, now),
        late_count=_count(connection, article.c.next_check_at <= now - LATE),
        failing_count=_count(connection, *_failing),
        failing_sources=failing_sources(connection),
        sight=sight(connection, now),
        masked_blocks=volatility.masked(connection),
    )


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(article).where(*conditions)).scalar_one()


def _stages(connection: Connection) -> dict[Stage, int]:
    counted: Any = (
        select(article.c.stage, func.count()).where(_watched, article.c.candidate.is_(False)).group_by(article.c.stage)
    )
    return {Stage(stage): count for stage, count in connection.execute(counted)}


def _hosts(connection: Connection, now: datetime) -> tuple[HostStatus, ...]:
    statement = (
        select(
            host,
            func.count(article.c.id).label("articles"),
            func.sum(case((article.c.next_check_at <= now, 1), else_=0)).label("due"),
            func.min(article.c.next_check_at).label("oldest"),
            # Times are numbers to the database, and their mean may have a fraction.
            func.avg(type_coerce(article.c.asked_gap, Integer)).label("asked"),
            func.avg(type_coerce(article.c.achieved_gap, Integer)).label("achieved"),
        )
        .join(article)
        .where(_watched)
        .group_by(host.c.name)
        .order_by(host.c.name)
    )
    return tuple(
        HostStatus(
            name=row.name,
            articles=row.articles,
            due=int(row.due),
            asked=_span(row.asked),
            achieved=_span(row.achieved),
            not_before=row.not_before,
            error_streak=row.error_streak,
            lag_seconds=_lag(row.oldest, now),
        )
        for row in connection.execute(statement)
    )


def _lag(oldest: datetime | None, now: datetime) -> float:
    return max((now - oldest).total_seconds(), 0.0) if oldest is not None else 0.0


def _span(milliseconds: Any) -> timedelta | None:
    return timedelta(milliseconds=round(milliseconds)) if milliseconds is not None else None


def _late_articles(connection: Connection, now: datetime) -> tuple[LateArticle, ...]:
    """Those that have waited longest first."""
    statement = (
        select(article)
        .where(article.c.next_check_at <= now - LATE)
        .order_by(article.c.next_check_at, article.c.host)
        .limit(LATE_LISTED)
    )
    return tuple(
        LateArticle(
            article_id=row.id,
            url=row.url,
            due_at=row.next_check_at,
            asked=row.asked_gap,
            achieved=row.achieved_gap,
        )
        for row in connection.execute(statement)
    )


def _failing_articles(connection: Connection) -> tuple[FailingArticle, ...]:
    """Those out of sight the longest first."""
    last = select(func.max(check_log.c.id)).where(check_log.c.article_id == article.c.id).correlate(article)
    worst = select(article).where(*_failing).order_by(article.c.failing_since, article.c.id).limit(FAILING_LISTED)
    statement = (
        select(article, check_log.c.status, check_log.c.detail)
        .outerjoin(check_log, check_log.c.id == last.scalar_subquery())
        .where(article.c.id.in_(worst.with_only_columns(article.c.id)))
        .order_by(article.c.failing_since, article.c.id)
    )
    return tuple(
        FailingArticle(
            article_id=row.id,
            url=row.url,
            since=row.failing_since,
            error_streak=row.error_streak,
            outcome=row.last_outcome,
            status=row.status,
            detail=row.detail or "",
        )
        for row in connection.execute(statement)
    )


def failing_sources(connection: Connection) -> tuple[FailingSource, ...]:
    """Those with the most failed polls in a row first."""
    statement = (
        select(source)
        .where(source.c.removed_at.is_(None), source.c.error_streak > 0)
        .order_by(source.c.error_streak.desc(), source.c.id)
        .limit(FAILING_LISTED)
    )
    return tuple(
        FailingSource(
            source_id=row.id,
            url=row.url,
            error_streak=row.error_streak,
            outcome=row.outcome,
            detail=row.detail or "",
            last_polled_at=row.last_polled_at,
            next_poll_at=row.next_poll_at,
        )
        for row in connection.execute(statement)
    )


# -- whether anything is seen

_seen_at = case(
    # A visit to a candidate succeeds when its page was read, whatever became of it.
    (article.c.failing_since.is_(None), article.c.last_checked_at),
    else_=article.c.last_seen_at,
)


def sight(connection: Connection, now: datetime, awake_since: datetime | None = None) -> Sight:
    """A daemon that has just started has missed nothing yet, whatever fell due before it."""
    started = connection.execute(select(daemon.c.since)).scalar() or now
    started = max(filter(None, (started, awake_since)))
    # What lies ahead was written while the clock was wrong.
    seen = connection.execute(select(func.max(_seen_at, type_=UtcMs)).where(_seen_at <= now)).scalar()
    missed = _missed(now, seen, started)
    since = connection.execute(select(func.min(article.c.failing_since)).where(*missed)).scalar()
    waiting = _waiting(connection, now, max(filter(None, (seen, started))))
    times = [at for at in (since, waiting) if at is not None]
    if not times:
        return Sight(seen_at=seen)
    return Sight(seen_at=seen, missed_since=min(times), met=_met(connection, missed))


def _missed(now: datetime, seen: datetime | None, started: datetime) -> list[ColumnElement[bool]]:
    """Articles that this daemon has visited in vain, and that could be seen before. One that is gone was answered."""
    conditions = [
        article.c.next_check_at.is_not(None),
        article.c.failing_since <= now,
        article.c.last_checked_at >= started,
        article.c.gone_streak == 0,
    ]
    return [*conditions, article.c.failing_since > seen] if seen is not None else conditions


def _waiting(connection: Connection, now: datetime, at_least: datetime) -> datetime | None:
    """Since when something due has not even been visited."""
    statement = select(func.min(article.c.next_check_at)).where(
        article.c.next_check_at <= now, article.c.failing_since.is_(None)
    )
    oldest = connection.execute(statement).scalar()
    return max(oldest, at_least) if oldest is not None else None


def _met(connection: Connection, missed: Sequence[ColumnElement[bool]]) -> tuple[tuple[str, int], ...]:
    counted = func.count().label("articles")
    statement = (
        select(article.c.last_outcome, counted)
        .where(*missed)
        .group_by(article.c.last_outcome)
        .order_by(counted.desc(), article.c.last_outcome)
        .limit(3)
    )
    return tuple((row.last_outcome, row.articles) for row in connection.execute(statement))


# -- alerts and addresses


def _alerts(connection: Connection) -> AlertCounts:
    waiting = channels.waiting(connection)
    return AlertCounts(
        pending=waiting.get(DeliveryState.PENDING.value, 0),
        held=waiting.get(DeliveryState.HELD.value, 0),
        dead=waiting.get(DeliveryState.DEAD.value, 0),
    )


def _shared(connection: Connection) -> tuple[SharedAddress, ...]:
    several = select(article_url.c.url).group_by(article_url.c.url).having(func.count() > 1)
    statement = (
        select(article_url.c.url, article.c.url.label("article"))
        .join(article)
        .where(article_url.c.url.in_(several), _watched)
        .order_by(article_url.c.url, article.c.id)
    )
    owners: dict[str, list[str]] = {}
    for row in connection.execute(statement):
        owners.setdefault(row.url, []).append(row.article)
    return tuple(SharedAddress(url=url, articles=tuple(of)) for url, of in owners.items() if len(of) > 1)
