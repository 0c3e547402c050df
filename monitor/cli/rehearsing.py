"""`alerts why`, `preview` and `replay`: what the rules make of what is recorded, and what is said of it."""

import sys
from collections import Counter
from json import dumps, loads
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import Session, clock_time, emit, moment, now, run, zone
from monitor.errors import Misuse

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.alerts.rehearsal import Told
    from monitor.core.policy import ChannelPolicy, RulePolicy
    from monitor.core.rules import Delivery
    from monitor.ports import Message

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(group: typer.Typer) -> None:
    for verb in (why, preview, replay):
        group.command()(verb)


def why(
    context: typer.Context,
    change: Annotated[int, typer.Argument(metavar="CHANGE", help="The id of a change, as 'monitor changes' shows it.")],
) -> None:
    """For every rule, whether and why a change fired, and what became of its deliveries."""
    session: Session = context.obj
    from monitor.alerts.rehearsal import subject_of
    from monitor.core.rules import objection, rules_of

    async def work() -> None:
        async with session.store() as store:
            found = await store.change(change)
            subject = await subject_of(store, found)
            session.out.print(f"change {found.id} is {found.state.value}: {found.state_reason or 'as it was recorded'}")
            rules = rules_of(session.policy)
            for rule in rules:
                verdict = objection(rule, subject)
                name = rule.name or ", ".join(rule.channels)
                session.out.print(f"rule {name}: " + (f"does not fire, because {verdict}" if verdict else "fires"))
            if not rules:
                session.out.print("there are no channels in the configuration, so nobody is told")
            for row in await store.deliveries(change_id=found.id):
                ended = f" at {clock_time(row.closed_at, zone(None))} UTC" if row.closed_at else ""
                session.out.print(f"{row.channel}: {row.state}{ended}, {row.attempts} tries {row.last_error or ''}")

    run(work())


def preview(
    context: typer.Context,
    change: Annotated[int, typer.Argument(metavar="CHANGE", help="The id of a change, as 'monitor changes' shows it.")],
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="C", help="As this channel would get it; without, the first.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="The HTML part of a mail, for a file and a browser.")] = False,
) -> None:
    """Show what a channel would get for a change; nothing is sent."""
    session: Session = context.obj
    from monitor.alerts.rehearsal import previewed, subject_of
    from monitor.core.rules import plan

    at = now()

    async def work() -> None:
        async with session.store() as store:
            receiver = _channel(session, channel)
            found = await store.change(change)
            asked = plan(session.policy, await subject_of(store, found), now=at)
            rule = next((delivery.rule for delivery in asked if delivery.channel == receiver.name), None)
            if rule is None:
                session.say(f"no rule tells {receiver.name} of it; see 'monitor alerts why {change}'")
            message = await previewed(store, found, receiver.name, rule or "none", at)
            sys.stdout.write(message.html if html else _shown(session, receiver, message, at))

    run(work())


def _channel(session: Session, name: str | None) -> "ChannelPolicy":
    channels = session.policy.channels
    if not channels:
        raise Misuse("there are no channels in the configuration; add a [[channels]] table")
    found = next((channel for channel in channels if name in (None, channel.name)), None)
    if found is None:
        raise Misuse(f"there is no channel {name!r}; known: {', '.join(channel.name for channel in channels)}")
    return found


def _shown(session: Session, receiver: "ChannelPolicy", message: "Message", at: "datetime") -> str:
    """What goes over the wire, made readable."""
    from monitor.core.policy import ChannelType

    if receiver.type is ChannelType.WEBHOOK:
        return dumps(loads(message.body), ensure_ascii=False, indent=2) + "\n"
    if session.policy.email is None or receiver.type is not ChannelType.EMAIL:
        return f"{message.subject}\n\n{message.text}"
    from monitor.alerts.email import compose_email

    letter = compose_email(message, session.policy.email.sender, receiver.to, at)
    headers = "".join(f"{name}: {value}\n" for name, value in letter.items() if name.lower() not in _WIRE_ONLY)
    return f"{headers}\n{message.text}"


_WIRE_ONLY = ("mime-version", "content-type", "content-transfer-encoding")


def replay(
    context: typer.Context,
    since: Annotated[str, typer.Option(metavar="T", help="From then on: a time, or 7d.")],
    rule: Annotated[str | None, typer.Option(metavar="R", help="This rule alone; without, all.")] = None,
    until: Annotated[str | None, typer.Option(metavar="T", help="... and before then.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and send nothing.")] = False,
    json: _Json = False,
) -> None:
    """What the rules would have told of the past; without --dry-run, it is told now to whom has not been told of it."""
    session: Session = context.obj
    from dataclasses import replace

    from monitor.alerts.rehearsal import replayed, subject_ids
    from monitor.render.passages import counted

    at = now()
    policy = replace(session.policy, rules=_rules(session, rule))
    first, last = moment(since, at), moment(until, at) or at
    assert first is not None

    async def work() -> None:
        told, fresh, counts = 0, 0, Counter[str]()
        rows: list[dict[str, object]] = []
        async with session.store() as store:
            if not dry_run:
                await store.sync_channels(session.policy, at)
            async for each in replayed(store, policy, since=first, until=last):
                told += 1
                counts.update(delivery.channel for delivery in each.deliveries)
                rows += [_replayed(each, delivery) for delivery in each.deliveries]
                if not dry_run:
                    fresh += await store.tell_of_past(each.subject.article, subject_ids(each), each.deliveries, at)
        if json:
            emit(rows)
        elif rows:
            session.out.print(_replay_table(rows))
        by_channel = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nobody"
        ended = "" if dry_run else f"; {counted(fresh, 'alert')} to send, the others had been told"
        session.say(f"since {clock_time(first, zone(None))} UTC, the rules tell of {told}: {by_channel}{ended}")

    run(work())


def _rules(session: Session, name: str | None) -> "tuple[RulePolicy, ...]":
    from monitor.core.rules import rules_of

    rules = rules_of(session.policy)
    if name is None:
        return rules
    found = tuple(rule for rule in rules if rule.name == name)
    if not found:
        known = ", ".join(rule.name for rule in rules if rule.name) or "none has a name"
        raise Misuse(f"there is no rule {name!r}; known: {known}")
    return found


def _replayed(each: "Told", delivery: "Delivery") -> dict[str, object]:
    from monitor.core.wire import instant_json

    article, change = each.subject.article, each.change
    return {
        "at": instant_json(each.at),
        "channel": delivery.channel,
        "rule": delivery.rule,
        "event": str(each.subject.event),
        "change": change.id if change else None,
        "declaration": str(change.declaration) if change and change.declaration else None,
        "article": article.id,
        "url": article.url,
        "headline": change.headline if change else article.headline,
    }


def _replay_table(rows: "list[dict[str, object]]") -> object:
    from monitor.cli.layout import Sheet
    from monitor.core.text import printable

    made = Sheet("at", "channel", "rule", "what", ("change", "right"), ("headline", "main"))
    for row in rows:
        what = str(row["declaration"] or row["event"])
        headline = printable(str(row["headline"] or row["url"]), 60)
        change = str(row["change"] or "")
        made.add_row(str(row["at"]), str(row["channel"]), printable(str(row["rule"]), 30), what, change, headline)
    return made
