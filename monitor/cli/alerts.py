"""`alerts`: deliveries, dead letters, a test message, why a change did or did not alert."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import rehearsing
from monitor.cli.session import PANELS, Session, ago, emit, moment, now, run
from monitor.errors import Misuse, MonitorError

if TYPE_CHECKING:
    from monitor.store import AttemptRow, OutboxRow

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
LISTED = 50
_STATES = ("held", "pending", "sent", "dead", "withdrawn", "merged")

group = typer.Typer(
    help="Deliveries, dead letters, test messages, and why a change alerted or not.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    rehearsing.register(group)
    app.add_typer(group, name="alerts", rich_help_panel=PANELS["tell"])


@group.command("list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(metavar="S", help=", ".join(_STATES))] = None,
    message: Annotated[
        str | None, typer.Option(metavar="ID", help="Those that this message carries: a digest carries many.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="At most so many, newest last (50; with --message, all).")
    ] = None,
    json: _Json = False,
) -> None:
    """Deliveries and how they went; dead letters are those that were given up."""
    session: Session = context.obj
    if state is not None and state not in _STATES:
        raise Misuse(f"there is no state {state!r}; states are {', '.join(_STATES)}")

    from monitor.store import DeliveryState

    wanted = DeliveryState(state) if state else None

    async def work() -> None:
        async with session.store() as store:
            most = limit if limit is not None or message is not None else LISTED
            rows = (await store.deliveries(state=wanted, message=message, limit=most))[::-1]
            if json:
                emit([_json(row) for row in rows])
            elif rows:
                session.out.print(_table(rows))
            else:
                session.say("no deliveries")

    run(work())


def _table(rows: "list[OutboxRow]") -> object:
    from monitor.cli.layout import Sheet
    from monitor.core.text import printable

    at = now()
    made = Sheet(
        ("id", "right"), "made", "channel", "what", ("headline", "main"), "state", ("tries", "right"), "last answer"
    )
    for row in rows:
        made.add_row(
            str(row.id),
            ago(row.created_at, at),
            row.channel,
            _what(row),
            printable(row.headline or "–", 60),
            row.state,
            str(row.attempts),
            printable(row.last_error or "", 80),
        )
    return made


def _json(row: "OutboxRow") -> dict[str, object]:
    from monitor.core.wire import instant_json

    return {
        "id": row.id,
        "message_id": row.message_id,
        "sent_as": row.sent_as,
        "channel": row.channel,
        "event": _what(row),
        "rule": row.rule,
        "article": row.article_id,
        "change": row.change_id,
        "headline": row.headline,
        "state": row.state,
        "attempts": row.attempts,
        "last_error": row.last_error,
        "created_at": instant_json(row.created_at),
        "due_at": instant_json(row.due_at),
        "sent_at": instant_json(row.closed_at) if row.state == "sent" else None,
    }


def _what(row: "OutboxRow") -> str:
    return str(row.event or row.notice or "test")


@group.command()
def test(context: typer.Context, channel: Annotated[str, typer.Argument(metavar="CHANNEL")]) -> None:
    """Send a test message to a channel and say what it answered."""
    session: Session = context.obj
    from monitor.core.text import printable

    async def work() -> "AttemptRow":
        async with session.app() as app:
            await app.ensure(now())
            if channel not in [c.name for c in app.policy.channels]:
                known = ", ".join(c.name for c in app.policy.channels) or "none; add a [[channels]] table"
                raise Misuse(f"there is no channel {channel!r}; known: {known}")
            test_id = await app.store.test_delivery(channel, now())
            await app.outbox.deliver_channel(channel, now())
            return (await app.store.attempts(test_id))[-1]

    attempt = run(work())
    if not attempt.succeeded:
        raise MonitorError(f"{channel} did not take it: {attempt.answer}; the message stays in 'monitor alerts list'")
    session.out.print(f"sent to {channel}: {printable(attempt.answer or 'accepted')}")


@group.command()
def retry(
    context: typer.Context,
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID...]", help="These deliveries; without, all dead ones.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="T", help="Dead letters made since then: a time, or 2h.")] = None,
    until: Annotated[str | None, typer.Option(metavar="T", help="... and before then.")] = None,
) -> None:
    """Make dead letters due again; the daemon, or 'monitor check', sends them."""
    session: Session = context.obj
    at, named = now(), tuple(ids or ())

    async def work() -> tuple[int, list[str]]:
        async with session.store() as store:
            again = await store.retry_deliveries(ids=named, since=moment(since, at), until=moment(until, at), now=at)
            left = set(named).difference(again)
            rows = {row.id: row for row in await store.deliveries(ids=tuple(left))} if left else {}
            return len(again), [_left_alone(number, rows.get(number)) for number in named if number in left]

    count, refusals = run(work())
    session.out.print(f"{count} deliver{'y is' if count == 1 else 'ies are'} due again")
    for refusal in refusals:
        session.err.print(refusal)
    if refusals:
        raise typer.Exit(1)


def _left_alone(number: int, row: "OutboxRow | None") -> str:
    """Why it was not made due again."""
    if row is None:
        return f"there is no delivery {number}; 'monitor alerts list --state dead' names the dead ones"
    if row.state != "dead":
        return f"delivery {number} is {row.state}: only dead letters are sent again"
    return f"delivery {number} stays dead: it was not made in that time, or its channel {row.channel} is not configured"
