"""Many alerts in one message: what it says, and that it lists them all."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.alerts.channels import open_channels
from monitor.alerts.email import EmailChannel
from monitor.alerts.messages import compose
from monitor.core.article import Declaration
from monitor.core.hours import Digest, Hours
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.fetch import guarded_client
from monitor.ports import Message
from monitor.store import Store, Terms
from tests.alerts.mailroom import Mailbox, mailroom
from tests.alerts.newsroom import LOOPBACK, Newsroom, hook_policy, newsroom_for
from tests.alerts.receiver import receiving
from tests.store.desk import HOUR, MINUTE, NOON, SECOND, Desk, Story

STORM = Terms(most=1)
MAIL = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@news.example",), gather=timedelta(0))
EVERYTHING = Policy(
    channels=(MAIL,),
    rules=(RulePolicy(name="all", channels=("mail",), events=(AlertEvent.CHANGED, AlertEvent.PAUSED)),),
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield store
    await store.close()


@pytest.fixture
async def desk(store: Store) -> Desk:
    desk = Desk(store)
    await desk.adopts(EVERYTHING)
    return desk


async def edited(desk: Desk, count: int) -> None:
    """So many articles of one site, each with an announced change; the last one has a stealth edit too."""
    for number in range(count):
        article = await desk.watches(f"https://news.example/{number}")
        story = Story(headline=f"Ferry aground, {number}", text=("The ferry had 12 people on board.",))
        await desk.reads(article, story, SECOND)
        await desk.reads(article, story.but(text=("The ferry had 13 people on board.",), updated=-10), 5 * MINUTE)
    secret = story.but(text=("The ferry had 17 people on board.",), updated=-10)
    for minute in (9, 10):
        await desk.reads(article, secret, minute * MINUTE)


def flat(text: str) -> str:
    return " ".join(text.split())


async def in_one(desk: Desk, after: timedelta = 20 * MINUTE) -> Message:
    batch = await desk.leases("mail", after, terms=STORM)
    assert batch is not None
    return await compose(desk.store, batch)


async def test_a_storm_is_one_message_that_says_what_happened_where(desk: Desk) -> None:
    await edited(desk, 3)
    message = await in_one(desk)

    assert message.subject == "Many at once: 4 changes (1 stealth) in 3 articles (news.example)"
    first, second, third = message.text.split("Ferry aground, ")[1:]
    assert "* Stealth edit: 13 -> 17, between 12:04:59 and 12:09:00 UTC on 2022-01-25" in flat(first), (
        "the weightiest first"
    )
    assert "* Updated: 12 -> 13, between" in second
    assert "https://news.example/1\n" in third
    assert message.html.count('href="https://news.example/') == 3
    body = json.loads(message.body)
    assert body["type"] == message.type == "monitor.digest"
    assert {key: body["data"][key] for key in ("why", "rule", "articles_total", "items_total", "change_ids")} == {
        "why": "storm",
        "rule": None,
        "articles_total": 3,
        "items_total": 4,
        "change_ids": "1-4",
    }
    assert [(item["article"]["id"], item["change"]["declaration"]) for item in body["data"]["items"]] == [
        (3, "announced"),
        (3, "stealth"),
        (1, "announced"),
        (2, "announced"),
    ]


async def test_a_digest_says_of_which_rule_it_is_and_tells_events_too(desk: Desk) -> None:
    rule = replace(EVERYTHING.rules[0], name="harbour", digest=Digest(at=time(13)))
    await desk.adopts(replace(EVERYTHING, rules=(rule,)))
    await edited(desk, 2)
    batch = await desk.leases("mail", HOUR)
    assert batch is not None
    message = await compose(desk.store, batch)

    assert message.subject == "Digest of harbour: 3 changes (1 stealth) in 2 articles (news.example)"
    assert "All that the rule harbour has gathered from 2022-01-25 12:05 UTC" in flat(message.text)
    assert json.loads(message.body)["data"]["rule"] == "harbour"
    assert await compose(desk.store, batch) == message, "every try says the same"


async def test_an_alert_that_cannot_be_read_is_still_listed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await edited(desk, 2)
    batch = await desk.leases("mail", 20 * MINUTE, terms=STORM)
    assert batch is not None

    async def none(_: object) -> dict[int, object]:
        return {}

    from monitor.alerts import digest
    from monitor.errors import CorruptVersion

    async def corrupt(*_: object) -> object:
        raise CorruptVersion("abc", "it cannot be unpacked")

    monkeypatch.setattr(desk.store, "changes_of", none)
    monkeypatch.setattr(digest, "read_story", corrupt)
    message = await compose(desk.store, batch)
    assert message.subject == "Many at once: 3 changes in 2 articles (news.example)"
    assert "* Changed" in message.text


async def test_many_changes_are_one_message_a_channel_that_lists_them_all(store: Store) -> None:
    count = 260
    async with receiving() as receiver, guarded_client(LOOPBACK) as client, mailroom(Mailbox()) as postman:
        hook = replace(hook_policy(receiver).channels[0], storm=5)
        policy = Policy(fetch=LOOPBACK, channels=(hook, MAIL), email=postman.server)
        channels = open_channels(policy, client) | {"mail": EmailChannel(postman.server, MAIL.to, tls=postman.trust)}
        newsroom = await newsroom_for(store, policy, channels)
        for number in range(count):
            await newsroom.publishes(f"/{number}")
        await newsroom.passes(11 * MINUTE, tick=MINUTE)

    (post,), (letter,) = receiver.posts, postman.mailbox.letters
    assert len(post.body) < 20_000
    data = json.loads(post.body)["data"]
    assert (data["items_total"], data["change_ids"], data["truncated"]) == (count, f"1-{count}", True)
    plain, html = letter.iter_parts()
    lines = set(plain.get_content().splitlines())
    assert lines.issuperset(f"https://news.example/{number}" for number in range(count))
    assert f"alerts list --message {letter['Message-ID'][1:].split('@')[0]}" in html.get_content()
    assert len(await store.deliveries(message=post.headers["webhook-id"])) == count


async def test_a_storm_is_told_again_no_sooner_than_its_window(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        hook = replace(hook_policy(receiver).channels[0], storm=2)
        policy = Policy(fetch=LOOPBACK, channels=(hook,))
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        for minute in range(20):
            for number in range(4):
                await newsroom.publishes(f"/{minute}-{number}", after=minute * MINUTE)
            await newsroom.outbox.deliver(newsroom.clock.at)
        await newsroom.passes(12 * MINUTE, tick=MINUTE)

    assert [json.loads(post.body)["data"]["items_total"] for post in receiver.posts] == [4, 40, 36]


async def test_what_came_in_quiet_hours_goes_out_after_them_and_the_urgent_at_once(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        quiet = (Hours(time(21), time(22)),)  # where it is noon in London
        hook = replace(hook_policy(receiver).channels[0], zone="Asia/Tokyo", quiet=quiet)
        rules = (
            RulePolicy(channels=("hook",)),
            RulePolicy(channels=("hook",), declarations=(Declaration.STEALTH,), urgent=True),
        )
        policy = Policy(fetch=LOOPBACK, channels=(hook,), rules=rules)
        newsroom: Newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await newsroom.publishes("/announced")
        article = await newsroom.desk.watches("https://news.example/secret")
        for minute, words in ((1, "Nine."), (40, "Ten."), (41, "Ten.")):
            await newsroom.desk.reads(article, Story(text=(words,)), minute * MINUTE)
        newsroom.clock.at = NOON + 42 * MINUTE
        await newsroom.passes(17 * MINUTE, tick=MINUTE)
        night = [json.loads(post.body)["data"]["article"]["url"] for post in receiver.posts]
        await newsroom.passes(2 * MINUTE, tick=MINUTE)

    assert night == ["https://news.example/secret"]
    assert [json.loads(post.body)["data"]["article"]["url"] for post in receiver.posts[1:]] == [
        "https://news.example/announced"
    ]
