"""Who is told of what. Rules decide who is told, never what is kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

import regex

from monitor.core.article import Article, Content, Declaration, Field
from monitor.core.blog import EntryChange, only_adds, touches_old
from monitor.core.classify import text_changed
from monitor.core.diff import Edit, EditOp
from monitor.core.hours import digest_of
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.core.text import fold

EMAIL_GATHER = timedelta(minutes=10)
"""How long one article must have been quiet before its changes go out as one email (DESIGN: config); the same of what a
live blog adds, on every channel."""

DEFAULT_RULE = "default"

PATTERN_TIMEOUT = 0.5
"""Seconds that one pattern may search one change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What there is to tell: a change of the text, or a move of stage or health (then `edits` is empty). `source` is
    the address of the feed or list that brought the article, `entries` what became of a live blog's entries."""

    event: AlertEvent
    article: Article
    fields: tuple[Field, ...] = ()
    declaration: Declaration | None = None
    edits: tuple[Edit, ...] = ()
    words: int = 0
    cosmetic: bool = False
    content: Content | None = None
    source: str | None = None
    entries: tuple[EntryChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one channel, to be written in the version's transaction. `due_at` is when it may go out; a `held`
    one waits until its change is settled. `gather` is how long its article has to be quiet first, `digest` (as
    `core.hours` writes one) when all that its rule has for the channel goes out together. What is `urgent` goes out in
    quiet hours too."""

    channel: str
    rule: str
    event: AlertEvent
    due_at: datetime
    gather: timedelta | None = None
    held: bool = False
    digest: str | None = None
    urgent: bool = False


def waits_until(at: datetime, gather: timedelta | None, digest: str | None) -> datetime:
    """When a delivery that is free to go at `at` goes out."""
    return digest_of(digest).next_after(at) if digest else at + (gather or timedelta(0))


def rules_of(policy: Policy) -> tuple[RulePolicy, ...]:
    """The rules in force: those written down, or, with channels and no rules, the default one for every channel."""
    if policy.rules or not policy.channels:
        return policy.rules
    return (RulePolicy(name=DEFAULT_RULE, channels=tuple(c.name for c in policy.channels)),)


def plan(policy: Policy, subject: Subject, *, now: datetime, held: bool = False) -> tuple[Delivery, ...]:
    """The deliveries that the rules ask for, at most one a channel: two rules that agree tell once, and of one that
    gathers and one that does not, the latter counts."""
    channels = {channel.name: channel for channel in policy.channels}
    planned: dict[str, Delivery] = {}
    for rule in rules_of(policy):
        if objection(rule, subject) is not None:
            continue
        for name in rule.channels:
            if name in channels:
                asked = _delivery(channels[name], rule, subject, now, held)
                before = planned.setdefault(name, asked)
                if asked.due_at < before.due_at or (asked.urgent and not before.urgent):
                    planned[name] = asked
    return tuple(planned.values())


def _delivery(channel: ChannelPolicy, rule: RulePolicy, subject: Subject, now: datetime, held: bool) -> Delivery:
    digest = str(replace(rule.digest, zone=channel.zone)) if rule.digest and not rule.urgent else None
    gather = None if digest or rule.urgent or _goes_at_once(subject) else _gathering(channel, subject)
    return Delivery(
        channel=channel.name,
        rule=rule.name or DEFAULT_RULE,
        event=subject.event,
        due_at=waits_until(now, gather, digest),
        gather=gather,
        held=held,
        digest=digest,
        urgent=rule.urgent,
    )


def _gathering(channel: ChannelPolicy, subject: Subject) -> timedelta | None:
    if channel.gather is not None:
        return channel.gather or None
    gathers = channel.type is ChannelType.EMAIL or only_adds(subject.entries)
    return EMAIL_GATHER if gathers else None


def _goes_at_once(subject: Subject) -> bool:
    """What does not wait to be gathered: a stealth change, a correction, an old entry of a live blog that was rewritten
    or removed, and everything that is not text."""
    return (
        subject.event not in (AlertEvent.CHANGED, AlertEvent.VARIANT)
        or subject.declaration is Declaration.STEALTH
        or Field.CORRECTIONS in subject.fields
        or touches_old(subject.entries)
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
    if rule.sources and not any(fnmatchcase(subject.source or "", pattern) for pattern in rule.sources):
        return (
            f"it wants an article from the source {_words(rule.sources)}; this one is from {subject.source or 'none'}"
        )
    if subject.event is AlertEvent.VARIANT and rule.fields and Field.HEADLINE not in rule.fields:
        return f"it wants {_words(rule.fields)} to change; here the headline is one of several"
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
    return next(_objections_to_words(rule, subject.edits), None)


def _objections_to_words(rule: RulePolicy, edits: Sequence[Edit]) -> Iterator[str]:
    if rule.facts:
        from monitor.core.facts import facts  # few rules ask for it, and every verb loads the rules

        found = dict.fromkeys(fact.kind for fact in facts(edits))
        if not set(rule.facts) & set(found):
            yield f"it wants a fact of the kind {_words(rule.facts)}; here there is {_words(found) or 'none'}"
    if rule.mentions and not _mentions(rule.mentions, edits):
        yield f"the changed passage names none of {_words(rule.mentions)}"
    old, new = _passages(edits)
    if rule.added and not any(_count(pattern, new) > _count(pattern, old) for pattern in rule.added):
        yield f"nothing was added that matches {_words(rule.added)}"
    if rule.removed and not any(_count(pattern, new) < _count(pattern, old) for pattern in rule.removed):
        yield f"nothing was removed that matches {_words(rule.removed)}"


def _passages(edits: Iterable[Edit]) -> tuple[str, str]:
    """What the changed passages said, and what they say, a line each."""
    touched = [edit for edit in edits if edit.op is not EditOp.EQUAL]
    return "\n".join(edit.old for edit in touched), "\n".join(edit.new for edit in touched)


def _count(pattern: str, text: str) -> int:
    """How often it matches, capitals aside. A pattern that takes too long on the text of some page matches nothing
    there: no page may hold up the monitor."""
    try:
        found = regex.finditer(pattern, text, regex.IGNORECASE | regex.MULTILINE, timeout=PATTERN_TIMEOUT)
        return sum(1 for _ in found)
    except TimeoutError:
        return 0


def _mentions(names: Iterable[str], edits: Iterable[Edit]) -> bool:
    passages = [fold(edit.old + "\n" + edit.new).casefold() for edit in edits if edit.op is not EditOp.EQUAL]
    return any(fold(name).casefold() in passage for name in names for passage in passages)


def _words(values: Iterable[object]) -> str:
    return " or ".join(str(value) for value in values)
