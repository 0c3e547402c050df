"""How the watch is doing: counts, lag, what fails."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, case, func, select, type_coerce

from monitor.core.article import Stage
from monitor.store import channels
from monitor.store.rows import AlertCounts, DeliveryState, FailingArticle, HostStatus, SharedAddress, StoreStatus
from monitor.store.tables import article, article_url, host

FAILING_LISTED = 100
_watched = article.c.removed_at.is_(None)


def status(connection: Connection, now: datetime) -> StoreStatus:
    due, oldest = connection.execute(
        select(func.count(), func.min(article.c.next_check_at)).where(article.c.next_check_at <= now)
    ).one()
    candidates = select(func.count()).select_from(article).where(_watched, article.c.candidate)
    return StoreStatus(
        articles=_stages(connection),
        candidates=connection.execute(candidates).scalar_one(),
        due=due,
        lag_seconds=(now - oldest).total_seconds() if oldest is not None else 0.0,
        hosts=_hosts(connection, now),
        failing=_failing(connection),
        alerts=_alerts(connection),
        disabled_channels=channels.disabled(connection),
        shared_addresses=_shared(connection),
    )


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
        )
        for row in connection.execute(statement)
    )


def _span(milliseconds: Any) -> timedelta | None:
    return timedelta(milliseconds=round(milliseconds)) if milliseconds is not None else None


def _failing(connection: Connection) -> tuple[FailingArticle, ...]:
    """Those out of sight the longest first."""
    statement = (
        select(article)
        .where(_watched, article.c.failing_since.is_not(None), article.c.stage != Stage.GONE.value)
        .order_by(article.c.failing_since)
        .limit(FAILING_LISTED)
    )
    return tuple(
        FailingArticle(
            article_id=row.id,
            url=row.url,
            since=row.failing_since,
            error_streak=row.error_streak,
            outcome=row.last_outcome,
        )
        for row in connection.execute(statement)
    )


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
