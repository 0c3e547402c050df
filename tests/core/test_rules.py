"""Rules: who is told of what, when, and in which words it is said that somebody is not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.core import diff as differ
from monitor.core.article import Article, Block, BlockKind, Content, Declaration, FactKind, Field
from monitor.core.blog import Deed, EntryChange
from monitor.core.hours import Digest
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.core.rules import Subject, objection, plan

NOON = datetime(2022, 1, 25, 12, 20, tzinfo=UTC)
HOOK = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/")
MAIL = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@example.org",), zone="Europe/London")
ARTICLE = Article(
    id=1, url="https://news.example/blast", host="news.example", added_at=NOON, tags=("war",), headline="Blast"
)


def content(*paragraphs: str) -> Content:
    return Content(
        url=ARTICLE.url,
        headline="Blast",
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
        method="t",
        extractor="1",
    )


def subject(**changes: object) -> Subject:
    old = content("A blast killed 12 people, police said.", "The minister spoke of a 'tragedy'.")
    new = content("A blast killed 17 people, police said.", "The mayor called it a crime.")
    edits = differ.diff(old, new)
    stats = differ.stats(edits)
    made = Subject(
        event=AlertEvent.CHANGED,
        article=ARTICLE,
        fields=(Field.BODY,),
        declaration=Declaration.STEALTH,
        edits=edits,
        words=stats.words_added + stats.words_removed,
        content=new,
        source="https://news.example/feed.xml",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # dataclasses.replace checks the names


FIRES = [
    {"tags": ("war", "peace")},
    {"hosts": ("*.example",)},
    {"sources": ("https://news.example/feed*",)},
    {"fields": (Field.BODY,)},
    {"declarations": (Declaration.STEALTH,)},
    {"min_words": 3},
    {"mentions": ("mayor",)},
    {"mentions": ("Minister",)},
    {"facts": (FactKind.NUMBER,)},
    {"facts": (FactKind.CORRECTION, FactKind.NUMBER)},
    {"added": ("crime",)},
    {"added": (r"\b1[0-9]\b.*killed|MAYOR",)},
    {"removed": ("minister",)},
    {"removed": (r"'\w+'",)},
]
DOES_NOT = [
    ({"tags": ("peace",)}, "tagged peace"),
    ({"hosts": ("other.example",)}, "the host other.example"),
    ({"sources": ("https://other.example/*",)}, "this one is from https://news.example/feed.xml"),
    ({"fields": (Field.HEADLINE,)}, "it wants headline to change; here it was body"),
    ({"declarations": (Declaration.ANNOUNCED,)}, "this one is stealth"),
    ({"min_words": 300}, "300 changed words"),
    ({"mentions": ("senator",)}, "names none of senator"),
    ({"facts": (FactKind.HEADLINE,)}, "of the kind headline; here there is number"),
    ({"added": ("police",)}, "nothing was added that matches police"),
    ({"added": ("minister",)}, "nothing was added that matches minister"),
    ({"removed": ("crime",)}, "nothing was removed that matches crime"),
    ({"events": (AlertEvent.GONE,)}, "it is about gone, and this is changed"),
]


@pytest.mark.parametrize("wishes", FIRES, ids=str)
def test_a_rule_fires_where_what_it_wants_is_there(wishes: dict[str, object]) -> None:
    assert objection(RulePolicy(channels=("hook",), **wishes), subject()) is None  # type: ignore[arg-type]  # as in a file


@pytest.mark.parametrize(("wishes", "words"), DOES_NOT, ids=str)
def test_a_rule_that_does_not_fire_says_why(wishes: dict[str, object], words: str) -> None:
    said = objection(RulePolicy(channels=("hook",), **wishes), subject())  # type: ignore[arg-type]  # as in a file
    assert said is not None
    assert words in said


def test_an_article_of_no_source_is_from_none() -> None:
    rule = RulePolicy(channels=("hook",), sources=("*",))
    assert objection(rule, subject(source=None)) is None, "any source, or none"
    assert "from none" in str(objection(replace(rule, sources=("https://*",)), subject(source=None)))


def test_an_event_has_its_tags_hosts_and_source_only() -> None:
    rule = RulePolicy(channels=("hook",), events=(AlertEvent.GONE,), added=("crime",), min_words=9)
    gone = subject(event=AlertEvent.GONE, edits=(), fields=(), words=0)
    assert objection(rule, gone) is None
    assert objection(replace(rule, sources=("https://other.example/",)), gone) is not None


def test_a_pattern_that_takes_for_ever_matches_nothing_and_holds_nobody_up() -> None:
    edits = differ.diff(content("a" * 40_000 + "b"), content("a" * 60_000 + "!"))
    rule = RulePolicy(channels=("hook",), added=(r"(a|a?)+$",))
    assert objection(rule, subject(edits=edits)) is not None


# -- when


def planned(*rules: RulePolicy, channels: tuple[ChannelPolicy, ...] = (HOOK, MAIL), **changes: object) -> object:
    policy = Policy(channels=channels, rules=rules)
    made = plan(policy, subject(**changes), now=NOON)
    return [(d.channel, d.rule, d.due_at - NOON, d.gather, d.digest, d.urgent) for d in made]


def test_mail_is_gathered_and_a_stealth_change_goes_at_once() -> None:
    rule, ten, none = RulePolicy(name="r", channels=("hook", "mail")), timedelta(minutes=10), timedelta(0)
    assert planned(rule, declaration=Declaration.ANNOUNCED) == [
        ("hook", "r", none, None, None, False),
        ("mail", "r", ten, ten, None, False),
    ]
    assert planned(rule) == [("hook", "r", none, None, None, False), ("mail", "r", none, None, None, False)]


def test_what_is_urgent_waits_for_nothing() -> None:
    rule = RulePolicy(name="r", channels=("mail",), urgent=True)
    assert planned(rule, declaration=Declaration.ANNOUNCED) == [("mail", "r", timedelta(0), None, None, True)]


def test_a_digest_waits_for_its_time_where_the_receiver_is() -> None:
    hourly = RulePolicy(name="r", channels=("hook",), digest=Digest(every=timedelta(hours=1)))
    assert planned(hourly) == [("hook", "r", timedelta(minutes=40), None, "every 3600 s", False)]
    daily = RulePolicy(name="r", channels=("mail",), digest=Digest(at=time(12, 30)))
    assert planned(daily) == [("mail", "r", timedelta(minutes=10), None, "at 12:30 Europe/London", False)]


def test_of_two_rules_that_agree_the_one_that_waits_less_counts() -> None:
    daily = RulePolicy(name="daily", channels=("mail",), digest=Digest(at=time(8)))
    stealth = RulePolicy(name="stealth", channels=("mail",), declarations=(Declaration.STEALTH,))
    waits = timedelta(0)
    assert planned(daily, stealth) == planned(stealth, daily) == [("mail", "stealth", waits, None, None, False)]
    morning = datetime(2022, 1, 26, 8, tzinfo=UTC) - NOON
    later = planned(daily, stealth, declaration=Declaration.ANNOUNCED)
    assert later == [("mail", "daily", morning, None, "at 08:00 Europe/London", False)]
    twice = (RulePolicy(name="first", channels=("hook",)), RulePolicy(name="second", channels=("hook",)))
    assert planned(*twice) == [("hook", "first", waits, None, None, False)]
    loud = (RulePolicy(name="first", channels=("hook",)), RulePolicy(name="loud", channels=("hook",), urgent=True))
    assert planned(*loud) == [("hook", "loud", waits, None, None, True)]


# -- live blogs


def entry(what: Deed, declaration: Declaration | None = Declaration.ANNOUNCED) -> EntryChange:
    return EntryChange(id="e1", what=what, at=NOON, headline=None, declaration=declaration)


ADDED = entry(Deed.ADDED)


@pytest.mark.parametrize(
    ("entries", "gathers"),
    [
        ((ADDED,), True),
        ((ADDED, ADDED), True),
        ((ADDED, entry(Deed.EDITED)), False),
        ((ADDED, entry(Deed.REMOVED)), False),
        ((entry(Deed.ADDED, Declaration.STEALTH),), False),
        ((), False),
    ],
)
def test_what_a_live_blog_adds_is_gathered_on_every_channel_and_old_entries_go_at_once(
    entries: tuple[EntryChange, ...], gathers: bool
) -> None:
    told = subject(declaration=Declaration.ANNOUNCED, entries=entries)
    [delivery] = plan(Policy(channels=(HOOK,)), told, now=NOON)

    assert delivery.gather == (timedelta(minutes=10) if gathers else None)
    assert delivery.due_at == NOON + (timedelta(minutes=10) if gathers else timedelta(0))


def test_a_rewritten_entry_does_not_wait_in_a_mail_either() -> None:
    told = subject(declaration=Declaration.ANNOUNCED, entries=(ADDED, entry(Deed.EDITED)))
    [delivery] = plan(Policy(channels=(MAIL,)), told, now=NOON)
    assert delivery.due_at == NOON


def test_a_channel_that_gathers_nothing_is_told_of_each_addition() -> None:
    told = subject(declaration=Declaration.ANNOUNCED, entries=(ADDED,))
    [delivery] = plan(Policy(channels=(replace(HOOK, gather=timedelta(0)),)), told, now=NOON)
    assert (delivery.gather, delivery.due_at) == (None, NOON)
