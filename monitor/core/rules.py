"""Who is told of what. Rules decide who is told, never what is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from monitor.core.article import Article, Content, Declaration, Field
from monitor.core.classify import text_changed
from monitor.core.diff import Edit, EditOp
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.core.text import fold

EMAIL_GATHER = timedelta(minutes=10)
"""How long one article must have been quiet before its changes go out as one email (DESIGN: config)."""

DEFAULT_RULE = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What there is to tell: a change of the text, or a move of stage or health (then `edits` is empty)."""

    event: AlertEvent
    article: Article
    fields: tuple[Field, ...] = ()
    declaration: Declaration | None = None
    edits: tuple[Edit, ...] = ()
    words: int = 0
    cosmetic: bool = False
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one channel, to be written in the version's transaction. `due_at` is when it may go out,
    `latest_at` the end of gathering; a `held` one waits until its change is settled."""

    channel: str
    rule: str
    event: AlertEvent
    due_at: datetime
    gather: timedelta | None = None
    held: bool = False


def rules_of(policy: Policy) -> tuple[RulePolicy, ...]:
    """The rules in force: those written down, or, with channels and no rules, the default one for every channel."""
    if policy.rules or not policy.channels:
        return policy.rules
    return (RulePolicy(name=DEFAULT_RULE, channels=tuple(c.name for c in policy.channels)),)


def plan(policy: Policy, subject: Subject, *, now: datetime, held: bool = False) -> tuple[Delivery, ...]:
    """The deliveries that the rules ask for, at most one a channel: two rules that agree tell once."""
    channels = {channel.name: channel for channel in policy.channels}
    planned: dict[str, Delivery] = {}
    for rule in rules_of(policy):
        if objection(rule, subject) is not None:
            continue
        for name in rule.channels:
            if name in channels and name not in planned:
                planned[name] = _delivery(channels[name], rule, subject, now, held)
    return tuple(planned.values())


def _delivery(channel: ChannelPolicy, rule: RulePolicy, subject: Subject, now: datetime, held: bool) -> Delivery:
    gather = None if _urgent(subject) else _gathering(channel)
    return Delivery(
        channel=channel.name,
        rule=rule.name or DEFAULT_RULE,
        event=subject.event,
        due_at=now + (gather or timedelta(0)),
        gather=gather,
        held=held,
    )


def _gathering(channel: ChannelPolicy) -> timedelta | None:
    if channel.gather is not None:
        return channel.gather or None
    return EMAIL_GATHER if channel.type is ChannelType.EMAIL else None


def _urgent(subject: Subject) -> bool:
    """What does not wait to be gathered: a stealth change, a correction, and everything that is not text."""
    return (
        subject.event is not AlertEvent.CHANGED
        or subject.declaration is Declaration.STEALTH
        or Field.CORRECTIONS in subject.fields
    )


def objection(rule: RulePolicy, subject: Subject) -> str | None:
    """Why the rule does not fire, in words for a person; None when it does."""
    if subject.event not in rule.events:
        return f"it is about {_words(rule.events)}, and this is {subject.event}"
    article = subject.article
    if rule.tags and not set(rule.tags) & set(article.tags):
        return f"it wants an article tagged {_words(rule.tags)}"
    if rule.hosts and not any(fnmatchcase(article.host, pattern) for pattern in rule.hosts):
        return f"it wants the host {_words(rule.hosts)}"
    return _objection_to_change(rule, subject) if subject.event is AlertEvent.CHANGED else None


def _objection_to_change(rule: RulePolicy, subject: Subject) -> str | None:
    if rule.fields and not set(rule.fields) & set(subject.fields):
        return f"it wants {_words(rule.fields)} to change; here it was {_words(subject.fields) or 'nothing'}"
    if rule.declarations and subject.declaration not in rule.declarations:
        found = subject.declaration or "none of these"
        return f"it wants a change that is {_words(rule.declarations)}; this one is {found}"
    if not text_changed(subject.fields) and not rule.fields and not rule.declarations:
        return "no text changed"
    if subject.cosmetic and not rule.cosmetic:
        return "only quotation marks, dashes or spaces changed"
    if subject.words < rule.min_words:
        return f"it wants {rule.min_words} changed words; here there are {subject.words}"
    if rule.mentions and not _mentions(rule.mentions, subject.edits):
        return f"the changed passage names none of {_words(rule.mentions)}"
    return None


def _mentions(names: Iterable[str], edits: Iterable[Edit]) -> bool:
    passages = [fold(edit.old + "\n" + edit.new).casefold() for edit in edits if edit.op is not EditOp.EQUAL]
    return any(fold(name).casefold() in passage for name in names for passage in passages)


def _words(values: Iterable[object]) -> str:
    return " or ".join(str(value) for value in values)
