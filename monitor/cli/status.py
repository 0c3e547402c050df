"""The verb `status`: what is watched, due, late, failing and blocked, and how the daemon does."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import PANELS, Session, ago, clock_time, emit, now, run, span, zone

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from rich.text import Text

    from monitor.core.policy import HealthPolicy
    from monitor.store import (
        DaemonState,
        FailingArticle,
        FailingSource,
        HostStatus,
        LateArticle,
        MaskedBlock,
        SharedAddress,
        Store,
        StoreStatus,
    )

STALLED = timedelta(seconds=60)
"""A loop that has left no mark for so long has stalled (it leaves one every five seconds)."""
BLOCKED = timedelta(minutes=1)
"""A host that is left alone for longer has asked for it, or failed; a shorter pause is our own manners."""
TOP = 10
"""So many lines of each kind; --json has more."""


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANELS["watch"])(status)


def status(
    context: typer.Context,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Exit 1 when no daemon runs, it has stalled, sees nothing, or its disk is full.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """What is watched, due, late, failing and blocked, and how the daemon does."""
    session: Session = context.obj

    async def work() -> str | None:
        async with session.store() as store:
            found, daemon = await store.status(now()), await store.daemon()
            disk, policy = store.room(), session.policy.health
            illness = _full(disk, policy) or _illness(daemon) or _blindness(found, policy)
            if json:
                emit(_as_json(store, found, daemon) | {"sight": _sight(found, policy), "disk": _disk(disk, policy)})
            elif not check:
                _print(session, store, found, illness or _daemon_line(daemon))
            return illness

    illness = run(work())
    if check and illness:
        session.err.print(illness)
        raise typer.Exit(1)


def _full(free: int | None, policy: "HealthPolicy") -> str | None:
    if free is None or free >= policy.disk_reserve:
        return None
    wanted = f"{free / 1e6:.1f} MB free, {policy.disk_reserve / 1e6:.1f} MB wanted"
    return f"the disk of the store has too little room ({wanted}); nothing is fetched until it has more"


def _illness(daemon: "DaemonState | None") -> str | None:
    """What is wrong with the daemon, in a sentence; None when it is well."""
    at = now()
    if daemon is None or not daemon.running:
        return "no daemon runs on this store; 'monitor run' starts one"
    for name, beat in (("scheduling", daemon.last_tick_at), ("delivery", daemon.last_deliver_at)):
        if at - (beat or daemon.since) > STALLED:
            return f"the daemon's {name} loop has stalled (last sign of life {ago(beat, at)})"
    return None


def _blindness(found: "StoreStatus", policy: "HealthPolicy") -> str | None:
    """What is to be said of a daemon that runs and sees nothing."""
    sight, at = found.sight, now()
    if not sight.is_blind(at, policy.blind_after):
        return None
    met = ", ".join(f"{outcome} ({count})" for outcome, count in sight.met)
    met = f"; the visits met {met}" if met else ""
    seen = (
        f"the last check that succeeded was {ago(sight.seen_at, at)}" if sight.seen_at else "no check has succeeded yet"
    )
    return f"the monitor sees nothing: {seen}{met}"


def _daemon_line(daemon: "DaemonState | None") -> str:
    assert daemon is not None
    return f"running on {daemon.host}, process {daemon.pid}, since {clock_time(daemon.since, zone(None))} UTC"


# -- for people


def _print(session: Session, store: "Store", found: "StoreStatus", daemon: str) -> None:
    out, at = session.out, now()
    out.print(f"store     {store.location}")
    out.print(f"daemon    {daemon}")
    stages = ", ".join(f"{count} {stage}" for stage, count in found.articles.items() if count)
    candidates = f" ({found.candidates} more seen in sources, not wanted so far)" if found.candidates else ""
    out.print(f"articles  {stages or 'none yet'}{candidates}")
    lag = f", the oldest for {span(timedelta(seconds=found.lag_seconds))}" if found.due else ""
    out.print(f"due       {found.due}{lag}")
    masks, hosts = len(found.masked_blocks), len({block.host for block in found.masked_blocks})
    if masks:
        out.print(f"masks     {masks} on {hosts} host{'s' * (hosts != 1)}: blocks that come and go by themselves")
    alerts = found.alerts
    out.print(f"alerts    {alerts.pending} pending, {alerts.held} held, {alerts.dead} dead letters")
    for line in _details(found, at):
        out.print(line)


def _details(found: "StoreStatus", at: datetime) -> Iterator["Text"]:
    """What needs a person's eye first; the hosts, which always have a line, last."""
    failing, late = found.failing[:TOP], found.late[:TOP]
    yield from _rows("late", (_late(article, at) for article in late), found.late_count, style="yellow")
    yield from _rows("failing", (_failing(article, at) for article in failing), found.failing_count, style="red")
    blocked = [host for host in found.hosts if _is_blocked(host, at)]
    yield from _rows("blocked", (_blocked(host) for host in blocked[:TOP]), len(blocked), style="yellow")
    sources = found.failing_sources
    yield from _rows("source", (_source(source, at) for source in sources[:TOP]), len(sources), style="red")
    channels = found.disabled_channels
    words = (f"channel {channel.name}: {channel.disabled_reason}" for channel in channels[:TOP])
    yield from _rows("disabled", words, len(channels), style="red")
    yield from _rows("host", map(_host, _busiest(found.hosts)), len(found.hosts))
    yield from _rows("masked", map(_masked, found.masked_blocks[:TOP]), len(found.masked_blocks))
    yield from _rows("alias", map(_alias, found.shared_addresses[:TOP]), len(found.shared_addresses))


def _rows(label: str, lines: Iterable[str], count: int, *, style: str = "") -> Iterator["Text"]:
    from rich.text import Text

    from monitor.core.text import printable

    for line in lines:
        yield Text(f"{label:<10}{printable(line)}", style=style)
    if count > TOP:
        yield Text(f"{label:<10}... and {count - TOP} more", style=style)


def _late(article: "LateArticle", at: datetime) -> str:
    return f"{article.url}: due for {span(at - article.due_at)}{_gaps(article.asked, article.achieved)}"


def _gaps(asked: timedelta | None, achieved: timedelta | None) -> str:
    if asked is None or achieved is None:
        return ""
    return f" (asked: every {span(asked)}, achieved: {span(achieved)})"


def _failing(article: "FailingArticle", at: datetime) -> str:
    answer = f" {article.status}" if article.status else ""
    why = f", {article.detail}" if article.detail else ""
    tries = f"{article.error_streak} visit{'s' * (article.error_streak != 1)}"
    return f"{article.url}: {article.outcome}{answer}{why}, begun {ago(article.since, at)}, {tries}"


def _is_blocked(host: "HostStatus", at: datetime) -> bool:
    return host.not_before is not None and host.not_before - at > BLOCKED


def _blocked(host: "HostStatus") -> str:
    errors = f", {host.error_streak} errors in a row" if host.error_streak else ""
    return f"{host.name}: left alone until {clock_time(host.not_before, zone(None))} UTC{errors}"


def _source(source: "FailingSource", at: datetime) -> str:
    detail = f" ({source.detail})" if source.detail else ""
    polls = f"{source.error_streak} poll{'s' * (source.error_streak != 1)} in a row"
    return f"{source.url}: {source.outcome}{detail}, {polls}, the last {ago(source.last_polled_at, at)}"


def _busiest(hosts: Sequence["HostStatus"]) -> list["HostStatus"]:
    """The latest first, then those with the most articles."""
    return sorted(hosts, key=lambda host: (-host.lag_seconds, -host.articles, host.name))[:TOP]


def _host(host: "HostStatus") -> str:
    asked = span(host.asked) if host.asked else "–"
    achieved = span(host.achieved) if host.achieved else "–"
    late = f", late by {span(timedelta(seconds=host.lag_seconds))}" if host.due else ""
    return f"{host.name}: {host.articles} watched, every {achieved} (asked: {asked}), {host.due} due{late}"


def _masked(block: "MaskedBlock") -> str:
    return f"{block.host}: {block.signature} ({block.reason})"


def _alias(shared: "SharedAddress") -> str:
    return f"{shared.url} leads to {len(shared.articles)} watched articles"


# -- for programs


def _as_json(store: "Store", found: "StoreStatus", daemon: "DaemonState | None") -> dict[str, object]:
    from monitor.core.wire import instant_json

    return {
        "store": store.location,
        "daemon": {
            "running": bool(daemon and daemon.running),
            "pid": daemon.pid if daemon else None,
            "since": instant_json(daemon.since) if daemon else None,
            "last_tick_at": instant_json(daemon.last_tick_at) if daemon else None,
            "last_deliver_at": instant_json(daemon.last_deliver_at) if daemon else None,
        },
        "articles": {stage.value: count for stage, count in found.articles.items()},
        "candidates": found.candidates,
        "due": found.due,
        "lag_seconds": found.lag_seconds,
        "hosts": [_plain(host) for host in found.hosts],
        "failing": [_plain(failing) for failing in found.failing],
        "failing_count": found.failing_count,
        "late": [_plain(late) for late in found.late],
        "late_count": found.late_count,
        "blocked_hosts": [host.name for host in found.hosts if _is_blocked(host, now())],
        "failing_sources": [_plain(source) for source in found.failing_sources],
        "alerts": _plain(found.alerts),
        "disabled_channels": [_plain(channel) for channel in found.disabled_channels],
        "masks": len(found.masked_blocks),
        "masked_blocks": [_plain(block) for block in found.masked_blocks],
    }


def _sight(found: "StoreStatus", policy: "HealthPolicy") -> dict[str, object]:
    blind = found.sight.is_blind(now(), policy.blind_after)
    return {"blind": blind, **_plain(found.sight), "met": dict(found.sight.met)}


def _disk(free: int | None, policy: "HealthPolicy") -> dict[str, object]:
    return {"free": free, "reserve": policy.disk_reserve, "full": _full(free, policy) is not None}


def _plain(row: "DataclassInstance") -> dict[str, object]:
    """A row as JSON: times as RFC 3339, lengths in seconds."""
    from dataclasses import asdict

    from monitor.core.wire import instant_json

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return instant_json(value)
        return value.total_seconds() if isinstance(value, timedelta) else value

    return {name: plain(value) for name, value in asdict(row).items()}
