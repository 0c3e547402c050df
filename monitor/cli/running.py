"""Verbs that do the work: demo, run, check."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import PANELS, Session, clock_time, emit, now, run, zone
from monitor.errors import Misuse

if TYPE_CHECKING:
    from monitor.app import App, Parked, Postponed
    from monitor.check import Checked
    from monitor.core.article import Article
    from monitor.poll import Polled

ARTICLE = "An id, a URL, or a unique part of one."
FINE = frozenset({"first", "changed", "unchanged", "not_modified", "not_live", "not_mentioned", "unsettled"})
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANELS["watch"])(demo)
    app.command("run", rich_help_panel=PANELS["watch"])(run_)
    app.command(rich_help_panel=PANELS["watch"])(check)


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
    from monitor.garbage import look_seldom

    def reload() -> Policy:
        return load(session.config, store=session.store_url, environ=session.environ).policy

    for words in cautions(session.policy):
        session.warn(words)
    with ExitStack() as stack:
        report = _status_line(session, stack)
        async with session.app(daemon=True) as app:
            session.say(f"store: {app.store.location}; config: {session.loaded.file or 'none, defaults apply'}")
            look_seldom()
            await Daemon(app, reload=reload, report=report).run()


def cautions(policy: object) -> list[str]:
    """What is allowed in the configuration but worth a word at the start."""
    from monitor.core.policy import ChannelType, Policy

    assert isinstance(policy, Policy)
    words = []
    if not policy.fetch.names_contact:
        words.append(
            "sites are not told whom to ask, and block whom they cannot ask; put an address of yours into config.toml: "
            '[fetch] user_agent = "article-monitor/0.1 (+https://newsroom.example/monitor; desk@newsroom.example)"'
        )
    words += [
        f"webhook {channel.name!r} has no secret: its messages go unsigned (secret_env sets one)"
        for channel in policy.channels
        if channel.type is ChannelType.WEBHOOK and not channel.secret
    ]
    if policy.web.listen:
        words.append("[web] is set, but this release has no web page yet; the key is kept for the next one")
    told = {name for rule in policy.rules for name in rule.channels}
    words += [
        f"channel {channel.name!r} is named by no rule: it hears of no article"
        for channel in policy.channels
        if policy.rules and channel.name not in told
    ]
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
            failed = await _poll_due(session, app)
        chosen = await _chosen(app, words, everything)
        if not chosen:
            session.say("nothing is due")
        await app.check_now(chosen, report)
        sent = await app.deliver_due()
    if sent.sent or sent.failed:
        session.say(f"alerts: {sent.sent} sent, {sent.failed} failed")
    return failed or bool(sent.failed)


async def _poll_due(session: Session, app: "App") -> bool:
    """Poll the sources that are due, and say why where one failed; whether one did."""
    from monitor.cli.polling import polled_line

    failed = False

    def report(result: "Polled | Postponed") -> None:
        nonlocal failed
        line, good = polled_line(result)
        (session.say if good else session.warn)(line)
        failed |= not good

    await app.poll_now(await app.store.due_sources(now(), 1000), report)
    return failed


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
