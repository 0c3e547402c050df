"""Verbs that do the work: demo, run, check, status."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import PANELS, Session, ago, clock_time, emit, now, run, span, zone
from monitor.errors import Misuse

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from monitor.app import App, Parked
    from monitor.check import Checked
    from monitor.core.article import Article
    from monitor.store import DaemonState, HostStatus, Store, StoreStatus

ARTICLE = "An id, a URL, or a unique part of one."
STALLED = timedelta(seconds=60)
"""A loop that has left no mark for so long has stalled (it leaves one every five seconds)."""
FINE = frozenset({"first", "changed", "unchanged", "not_modified", "not_live", "not_mentioned", "unsettled"})
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANELS["watch"])(demo)
    app.command("run", rich_help_panel=PANELS["watch"])(run_)
    app.command(rich_help_panel=PANELS["watch"])(check)
    app.command(rich_help_panel=PANELS["watch"])(status)


def demo(
    context: typer.Context,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the newsroom and the daemon running afterwards.")
    ] = False,
) -> None:
    """A small newsroom on this machine whose live story is edited several times, watched for real.

    Needs no network. Takes about half a minute, and ends with the history, a diff and the alerts that were sent.
    """
    session: Session = context.obj
    from monitor import demo as newsroom
    from monitor.cli import demonstration

    caught = run(demonstration.show(session, newsroom, serve=serve))
    if not caught:
        raise typer.Exit(1)


def run_(context: typer.Context) -> None:
    """The daemon: looks at what is due, records what changed, sends the alerts. Ctrl-C or SIGTERM ends it well."""
    session: Session = context.obj
    from monitor.cli.logs import log_to_stderr

    log_to_stderr(session)
    run(_serve(session))


async def _serve(session: Session) -> None:
    from monitor.config import load
    from monitor.core.policy import Policy
    from monitor.daemon import Daemon

    def reload() -> Policy:
        return load(session.config, store=session.store_url, environ=session.environ).policy

    for words in cautions(session.policy):
        session.warn(words)
    with ExitStack() as stack:
        report = _status_line(session, stack)
        async with session.app(daemon=True) as app:
            session.say(f"store: {app.store.location}; config: {session.loaded.file or 'none, defaults apply'}")
            await Daemon(app, reload=reload, report=report).run()


def cautions(policy: object) -> list[str]:
    """What is allowed in the configuration but worth a word at the start."""
    from monitor.core.policy import ChannelType, FetchPolicy, Policy

    assert isinstance(policy, Policy)
    words = []
    if policy.fetch.user_agent == FetchPolicy().user_agent:
        words.append("[fetch] user_agent names no contact; publishers block agents that they cannot ask")
    words += [
        f"webhook {channel.name!r} has no secret: its messages go unsigned (secret_env sets one)"
        for channel in policy.channels
        if channel.type is ChannelType.WEBHOOK and not channel.secret
    ]
    if policy.web.listen:
        words.append("[web] is set, but this release has no web page yet; the key is kept for the next one")
    if any(rule.digest for rule in policy.rules):
        words.append("a rule asks for a digest; this release sends its alerts one by one")
    return words


def _status_line(session: Session, stack: ExitStack) -> Callable[[str], None] | None:
    """One line on a terminal that says what the daemon is doing; nothing where stderr is a file."""
    if not session.err.is_terminal or session.quiet:
        return None
    from rich.text import Text

    spinner = stack.enter_context(session.err.status("starting"))
    return lambda words: spinner.update(Text(words))


# -- check


def check(
    context: typer.Context,
    articles: Annotated[list[str] | None, typer.Argument(metavar="[ARTICLE...]", help=ARTICLE)] = None,
    due: Annotated[bool, typer.Option("--due", help="Those that are due (the default without ARTICLE).")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All that are watched.")] = False,
    json: _Json = False,
) -> None:
    """Look now and print each outcome; for cron too. Gives changes their second look and sends what is due."""
    session: Session = context.obj
    if bool(articles) + due + everything > 1:
        raise Misuse("give ARTICLEs, or --due, or --all, not several of these")
    from monitor.cli.logs import log_to_stderr

    log_to_stderr(session, only_warnings=not session.verbose)
    if run(_check(session, articles or [], everything, json)):
        raise typer.Exit(1)


async def _check(session: Session, words: Sequence[str], everything: bool, json: bool) -> bool:
    """Whether anything failed."""
    failed = False

    def report(result: "Checked | Parked") -> None:
        nonlocal failed
        failed |= not _report(session, result, json)

    async with session.app() as app:
        await app.ensure(now())
        if not words:
            await _poll_due(session, app)
        chosen = await _chosen(app, words, everything)
        if not chosen:
            session.say("nothing is due")
        await app.check_now(chosen, report)
        sent = await app.deliver_due()
    if sent.sent or sent.failed:
        session.say(f"alerts: {sent.sent} sent, {sent.failed} failed")
    return failed or bool(sent.failed)


async def _poll_due(session: Session, app: "App") -> None:
    for source in await app.store.due_sources(now(), 1000):
        polled = await app.poll(str(source.id))
        if polled is not None:
            session.say(f"{polled.outcome}  {polled.items} items, {polled.new} new  {source.url}")


async def _chosen(app: "App", words: Sequence[str], everything: bool) -> "list[Article]":
    from monitor.core.article import Stage

    if words:
        return [await app.store.find_article(word) for word in words]
    watched = [row.article for row in await app.store.articles(candidates=True)]
    if everything:
        return [a for a in watched if a.stage is not Stage.PAUSED and not a.candidate]
    at = now()
    return [a for a in watched if a.next_check_at is not None and a.next_check_at <= at]


def _report(session: Session, result: "Checked | Parked", json: bool) -> bool:
    """Print one outcome; whether it is a good one."""
    from rich.text import Text

    from monitor.app import Parked
    from monitor.core.text import printable

    if isinstance(result, Parked):
        until = clock_time(result.until, zone(None))
        if json:
            emit({"id": result.article.id, "url": result.article.url, "outcome": "parked", "until": until})
        else:
            session.out.print(f"parked until {until} UTC  {printable(result.article.url)}")
        return False
    if json:
        emit(_checked_json(result))
    else:
        session.out.print(Text(_checked_line(result)))
    return result.outcome in FINE


def _checked_line(result: "Checked") -> str:
    from monitor.core.text import printable

    words = result.outcome.replace("_", " ")
    if result.declaration:
        words = f"{words} ({result.declaration})"
    if result.number:
        words += f", version {result.number}"
    if result.look_again:
        words += ", a second look follows"
    if result.settled:
        words += f", the held change is {result.settled}"
    detail = f"  {printable(_in_words(result), 200)}" if result.detail else ""
    return f"{words}  {printable(result.article.url)}{detail}"


_DOUBTS = {
    "empty": "it holds no text",
    "stray": "nothing on it is what its head says",
    "listing": "it is a list of other pages",
    "consent": "it is a consent page",
    "login": "it asks to log in",
    "gate": "something stands in front of it (age, app, network)",
    "error": "it is an error page",
    "challenge": "it is a challenge for bots",
    "paywall": "it is a paywall",
    "collapsed": "hardly anything of the article is left",
    "rewritten": "much of the article is gone",
    "unrelated": "it shares nothing with the article",
    "shared": "the host answers other articles' addresses with the same page",
    "elsewhere": "the server sent us to its front page or a section",
    "method": "it can only be read in another way than before",
}


def _in_words(result: "Checked") -> str:
    """Why a page was not taken for the article; other details are in words already."""
    if result.outcome != "suspect":
        return result.detail
    return "; ".join(_DOUBTS.get(doubt, doubt) for doubt in result.detail.split(", "))


def _checked_json(result: "Checked") -> dict[str, object]:
    return {
        "id": result.article.id,
        "url": result.article.url,
        "outcome": result.outcome,
        "version": result.number,
        "declaration": result.declaration,
        "held": result.held,
        "settled": result.settled,
        "detail": result.detail or None,
    }


# -- status


def status(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 when no daemon runs or one of its loops has stalled.")
    ] = False,
    json: _Json = False,
) -> None:
    """What is watched, due and failing, and how the daemon does."""
    session: Session = context.obj

    async def work() -> str | None:
        async with session.store() as store:
            found, daemon = await store.status(now()), await store.daemon()
            illness = _illness(daemon)
            if json:
                emit(_status_json(store, found, daemon))
            elif not check:
                _print_status(session, store, found, illness or _daemon_line(daemon))
            return illness

    illness = run(work())
    if check and illness:
        session.err.print(illness)
        raise typer.Exit(1)


def _illness(daemon: "DaemonState | None") -> str | None:
    """What is wrong with the daemon, in a sentence; None when it is well."""
    at = now()
    if daemon is None or not daemon.running:
        return "no daemon runs on this store; 'monitor run' starts one"
    for name, beat in (("scheduling", daemon.last_tick_at), ("delivery", daemon.last_deliver_at)):
        if at - (beat or daemon.since) > STALLED:
            return f"the daemon's {name} loop has stalled (last sign of life {ago(beat, at)})"
    return None


def _daemon_line(daemon: "DaemonState | None") -> str:
    assert daemon is not None
    return f"running on {daemon.host}, process {daemon.pid}, since {clock_time(daemon.since, zone(None))} UTC"


def _print_status(session: Session, store: "Store", found: "StoreStatus", daemon: str) -> None:
    from rich.text import Text

    from monitor.core.text import printable

    out, at = session.out, now()
    out.print(f"store     {store.location}")
    out.print(f"daemon    {daemon}")
    stages = ", ".join(f"{count} {stage}" for stage, count in found.articles.items() if count)
    candidates = f" ({found.candidates} more seen in sources, not wanted so far)" if found.candidates else ""
    out.print(f"articles  {stages or 'none yet'}{candidates}")
    lag = f", the oldest for {found.lag_seconds:.0f} s" if found.due else ""
    out.print(f"due       {found.due}{lag}")
    alerts = found.alerts
    out.print(f"alerts    {alerts.pending} pending, {alerts.held} held, {alerts.dead} dead letters")
    for failing in found.failing:
        since = ago(failing.since, at)
        out.print(Text(f"failing   {printable(failing.url)}: {failing.outcome}, begun {since}", style="red"))
    for host in found.hosts:
        out.print(Text(_host_line(host)))
    for channel in found.disabled_channels:
        out.print(Text(f"disabled  channel {channel.name}: {channel.disabled_reason}", style="red"))
    for shared in found.shared_addresses:
        out.print(Text(f"alias     {printable(shared.url)} leads to {len(shared.articles)} watched articles"))


def _host_line(host: "HostStatus") -> str:
    asked = span(host.asked) if host.asked else "–"
    achieved = span(host.achieved) if host.achieved else "–"
    return f"host      {host.name}: {host.articles} watched, every {achieved} (asked: {asked}), {host.due} due"


def _status_json(store: "Store", found: "StoreStatus", daemon: "DaemonState | None") -> dict[str, object]:
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
        "alerts": _plain(found.alerts),
        "disabled_channels": [_plain(channel) for channel in found.disabled_channels],
    }


def _plain(row: "DataclassInstance") -> dict[str, object]:
    """A row as JSON: times as RFC 3339, lengths in seconds."""
    from dataclasses import asdict
    from datetime import datetime

    from monitor.core.wire import instant_json

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return instant_json(value)
        return value.total_seconds() if isinstance(value, timedelta) else value

    return {name: plain(value) for name, value in asdict(row).items()}
