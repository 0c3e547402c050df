"""From a recorded change to a receiver: the real store, real mail and real webhooks."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from monitor.alerts.channels import open_channels
from monitor.alerts.email import EmailChannel
from monitor.alerts.outbox import DeliveryReport
from monitor.core.capture import Outcome
from monitor.core.policy import ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.errors import ConfigError
from monitor.fetch import guarded_client
from monitor.store import DeliveryState, Store
from tests.alerts.mailroom import Mailbox, mailroom
from tests.alerts.newsroom import KILLED, LOOPBACK, MORE_KILLED, SECRET, hook_policy, newsroom_for
from tests.alerts.receiver import OK, Posted, answer, receiving
from tests.fakes import NOON
from tests.store.desk import HOUR, MINUTE, SECOND, Story


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield store
    await store.close()


def versions(posts: list[Posted]) -> dict[str, list[int]]:
    """By article, the versions in the order in which they were first told."""
    told: dict[str, list[int]] = defaultdict(list)
    for post in posts:
        data = json.loads(post.body)["data"]
        if data["change"]["to_version"] not in told[data["article"]["url"]]:
            told[data["article"]["url"]].append(data["change"]["to_version"])
    return told


async def test_a_change_reaches_a_webhook_signed_and_whole(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await newsroom.publishes("/story")
        report = await newsroom.outbox.deliver(newsroom.clock.at)

    (post,) = receiver.posts
    body = json.loads(post.body)
    assert report == DeliveryReport(sent=1)
    assert body["data"]["change"]["declaration"] == "announced"
    assert body["data"]["change"]["edits"][0]["new"] == MORE_KILLED + " More."
    at = NOON + MINUTE + SECOND
    signed = Webhook(SECRET).sign(post.headers["webhook-id"], at, post.body.decode())
    assert post.headers["webhook-signature"] == signed
    assert await newsroom.states() == [DeliveryState.SENT]


async def test_gathered_changes_reach_a_mailbox_as_one_letter(store: Store) -> None:
    mail = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@news.example",))
    async with mailroom(Mailbox()) as postman:
        policy = Policy(channels=(mail,), email=postman.server)
        channel = EmailChannel(postman.server, mail.to, tls=postman.trust)
        newsroom = await newsroom_for(store, policy, {"mail": channel})
        await newsroom.publishes("/story", times=3)
        await newsroom.passes(11 * MINUTE, tick=MINUTE)

    (letter,) = postman.mailbox.letters
    assert letter["Subject"] == '3 changes in "Mayor resigns" (news.example)'
    assert await newsroom.states() == [DeliveryState.SENT] * 3


async def test_a_receiver_down_for_ten_minutes_gets_all_in_order_per_article(store: Store) -> None:
    async with receiving(answer("500 Down")) as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        for path in ("/a", "/b", "/c"):
            await newsroom.publishes(path, times=4)
        await newsroom.passes(10 * MINUTE)
        tried = len(receiver.posts)
        receiver.answers = [OK]
        receiver.posts.clear()
        await newsroom.passes(MINUTE)

    assert tried <= 60
    assert list(versions(receiver.posts).values()) == [[2, 3, 4, 5]] * 3
    assert len(receiver.posts) == 12
    assert await newsroom.states() == [DeliveryState.SENT] * 12


@pytest.mark.full
@pytest.mark.parametrize(
    ("down", "state", "told"),
    [(74 * HOUR, DeliveryState.SENT, [[2, 3]] * 2), (80 * HOUR, DeliveryState.DEAD, [])],
    ids=["back after 74 h", "back after 80 h"],
)
async def test_a_receiver_is_waited_for_three_days(
    store: Store, down: timedelta, state: DeliveryState, told: list[list[int]]
) -> None:
    """A delivery lives 75 h from when it was due or first tried: that of a later one is not added to it."""
    async with receiving(answer("500 Down")) as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await newsroom.publishes("/a", times=2)
        await newsroom.publishes("/b", times=2)
        await newsroom.passes(down, tick=HOUR)
        receiver.answers = [OK]
        receiver.posts.clear()
        await newsroom.passes(2 * HOUR, tick=HOUR)

    assert await newsroom.states() == [state] * 4
    assert list(versions(receiver.posts).values()) == told


async def test_every_try_carries_the_same_id_and_body_and_a_time_of_its_own(store: Store) -> None:
    async with receiving(answer("500 Down"), answer("500 Down"), OK) as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await newsroom.publishes("/story")
        await newsroom.passes(5 * MINUTE)

    assert len(receiver.posts) == 3
    assert len({post.body for post in receiver.posts}) == 1
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert len({post.headers["webhook-timestamp"] for post in receiver.posts}) == 3


async def test_a_process_that_died_while_sending_is_followed_by_one_double_with_the_same_id(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await newsroom.publishes("/story")
        now = newsroom.clock.at
        batch = await store.lease_deliveries("hook", owner="dead", now=now, until=now + 3 * MINUTE)
        assert batch is not None
        await newsroom.passes(4 * MINUTE, tick=30 * SECOND)

    (post,) = receiver.posts
    assert post.headers["webhook-id"] == batch.message_id


async def test_410_makes_dead_letters_that_can_be_sent_again_and_a_mail_that_says_so(store: Store) -> None:
    mail = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@news.example",))
    async with (
        receiving(answer("410 Gone")) as receiver,
        guarded_client(LOOPBACK) as client,
        mailroom(Mailbox()) as postman,
    ):
        policy = hook_policy(receiver, mail)
        channels = open_channels(Policy(channels=policy.channels, email=postman.server), client)
        channels["mail"] = EmailChannel(postman.server, mail.to, tls=postman.trust)
        rule = RulePolicy(channels=("hook",))
        newsroom = await newsroom_for(store, Policy(channels=policy.channels, rules=(rule,)), channels)
        await newsroom.publishes("/story", times=2)
        await newsroom.passes(MINUTE)
        states = await newsroom.states()
        receiver.answers = [OK]
        assert len(await store.retry_deliveries(now=newsroom.clock.at)) == 2
        await newsroom.passes(MINUTE)

    assert states == [DeliveryState.DEAD] * 2
    assert [letter["Subject"] for letter in postman.mailbox.letters] == ["The channel hook has been disabled"]
    assert list(versions(receiver.posts[1:]).values()) == [[2, 3]]


async def test_a_test_message_arrives(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        await store.test_delivery("hook", NOON)
        await newsroom.outbox.deliver(NOON)

    assert json.loads(receiver.posts[0].body)["type"] == "monitor.test"


async def test_an_article_that_is_gone_is_told(store: Store) -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        policy = hook_policy(receiver)
        newsroom = await newsroom_for(store, policy, open_channels(policy, client))
        article = await newsroom.desk.watches()
        await newsroom.desk.reads(article, Story(text=(KILLED,)), MINUTE)
        for hours in (2, 3, 4, 5):
            await newsroom.desk.meets(article, Outcome.GONE, hours * HOUR, status=410)
        newsroom.clock.at = NOON + 6 * HOUR
        await newsroom.outbox.deliver(newsroom.clock.at)

    (post,) = receiver.posts
    body = json.loads(post.body)
    assert body["type"] == "article.gone"
    assert body["data"]["article"]["stage"] == "gone"
    assert body["data"]["event"]["detail"]


async def test_channels_that_cannot_work_are_refused_at_the_start() -> None:
    lonely = Policy(channels=(ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("a@b.example",)),))
    nowhere = Policy(channels=(ChannelPolicy(name="hook", type=ChannelType.WEBHOOK),))
    async with guarded_client(LOOPBACK) as client:
        for policy in (lonely, nowhere):
            with pytest.raises(ConfigError):
                open_channels(policy, client)
