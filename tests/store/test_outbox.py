"""Deliveries: leased, sent, then marked; in order, with an id that never changes."""

from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.core.capture import Outcome
from monitor.core.health import Notice
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.store import DeliveryState
from tests.store.desk import EVERYTHING, HOOK, HOUR, LATER_EVENTS, MAIL, MINUTE, NOON, POLICY, SECOND, Desk, Story

STORY = Story()
MAIL_ONLY = Policy(channels=(MAIL,), rules=(RulePolicy(channels=("mail",), cosmetic=True),))


async def announced(desk: Desk, count: int, *, url: str = "https://news.example/story") -> None:
    """So many announced changes of one article, a minute apart."""
    article = await desk.watches(url)
    await desk.reads(article, STORY.but(updated=-120), SECOND)
    for minute in range(1, count + 1):
        story = STORY.but(headline=f"Headline {minute}", updated=2 * minute - 120)
        await desk.reads(article, story, minute * MINUTE + SECOND)


async def test_a_delivery_is_leased_once_and_then_marked(desk: Desk) -> None:
    await announced(desk, 1)
    assert await desk.store.outbox_due(NOON + 2 * MINUTE) == ["hook"]

    batch = await desk.leases("hook", 2 * MINUTE)
    assert batch is not None
    assert await desk.leases("hook", 2 * MINUTE, owner="b") is None
    assert await desk.store.outbox_due(NOON + 2 * MINUTE) == []
    await desk.store.mark_sent(batch, now=NOON + 2 * MINUTE, answer="200 OK")

    [row] = await desk.store.deliveries()
    assert (row.state, row.attempts, row.closed_at) == (DeliveryState.SENT, 1, NOON + 2 * MINUTE)
    [attempt] = await desk.store.attempts(row.id)
    assert (attempt.succeeded, attempt.answer) == (True, "200 OK")
    assert await desk.leases("hook", HOUR) is None


async def test_a_lease_that_ran_out_is_taken_again_with_the_same_id_and_the_same_deliveries(desk: Desk) -> None:
    await desk.adopts(MAIL_ONLY)
    await announced(desk, 3)
    first = await desk.leases("mail", HOUR, owner="killed")
    article = await desk.watches()
    await desk.reads(article, STORY.but(headline="Late", updated=50), HOUR)

    again = await desk.leases("mail", 3 * HOUR, owner="next")

    assert first is not None
    assert again is not None
    assert len(first.deliveries) == 3
    assert again.message_id == first.message_id
    assert [row.id for row in again.deliveries] == [row.id for row in first.deliveries]


async def test_the_message_id_is_fixed_over_retries(desk: Desk) -> None:
    await announced(desk, 1)
    ids = set()
    for tried in range(3):
        batch = await desk.leases("hook", (tried + 1) * HOUR)
        assert batch is not None
        assert batch.attempts == tried
        ids.add(batch.message_id)
        now = NOON + (tried + 1) * HOUR
        await desk.store.mark_failed(batch, now=now, error="500", next_at=now + MINUTE)

    assert len(ids) == 1
    [message_id] = ids
    assert message_id.startswith("msg_")
    assert len(message_id) == 30
    [row] = await desk.store.deliveries()
    assert (row.attempts, row.last_error, row.first_attempt_at) == (3, "500", NOON + HOUR)


async def test_every_delivery_has_an_id_of_its_own(desk: Desk) -> None:
    await desk.adopts(POLICY)
    await announced(desk, 3)

    rows = await desk.store.deliveries()

    assert len({row.message_id for row in rows}) == len(rows) == 6


async def test_a_delivery_that_waits_for_its_retry_is_not_overtaken_by_the_same_article(desk: Desk) -> None:
    await announced(desk, 2)
    await announced(desk, 1, url="https://news.example/other")
    batch = await desk.leases("hook", HOUR)
    assert batch is not None
    await desk.store.mark_failed(batch, now=NOON + HOUR, error="500", next_at=NOON + 2 * HOUR)

    [other] = await desk.sends("hook", HOUR)
    assert other.deliveries[0].url == "https://news.example/other"
    late = await desk.sends("hook", 2 * HOUR)

    sent = [row.id for batch in late for row in batch.deliveries]
    assert sent[0] == batch.deliveries[0].id
    assert all(earlier < later for earlier, later in pairwise(sent))
    assert len(sent) == 2


async def test_a_channel_that_fails_does_not_hold_up_another(desk: Desk) -> None:
    both = Policy(channels=(HOOK, MAIL), rules=(EVERYTHING,))
    await desk.adopts(both)
    await announced(desk, 1)
    batch = await desk.leases("hook", HOUR)
    assert batch is not None
    await desk.store.mark_failed(batch, now=NOON + HOUR, error="500", next_at=NOON + 5 * HOUR)

    assert len(await desk.sends("mail", HOUR)) == 1


async def test_a_delivery_that_is_given_up_is_a_dead_letter_and_holds_up_nothing(desk: Desk) -> None:
    await announced(desk, 2)
    batch = await desk.leases("hook", HOUR)
    assert batch is not None
    await desk.store.mark_failed(batch, now=NOON + HOUR, error="410 Gone", next_at=None)

    assert len(await desk.sends("hook", HOUR)) == 1
    [dead] = await desk.store.deliveries(state="dead")
    assert (dead.id, dead.last_error) == (batch.deliveries[0].id, "410 Gone")


async def test_the_life_of_what_waits_behind_a_dead_letter_has_begun_when_it_was_due(desk: Desk) -> None:
    await announced(desk, 3)
    first = await desk.leases("hook", HOUR)
    assert first is not None
    await desk.store.mark_failed(first, now=NOON + 2 * MINUTE, error="no", next_at=NOON + 75 * HOUR)
    again = await desk.leases("hook", 75 * HOUR)
    assert again is not None
    await desk.store.mark_failed(again, now=NOON + 75 * HOUR, error="no", next_at=None)

    second = await desk.leases("hook", 75 * HOUR)

    assert second is not None
    assert second.message_id != first.message_id
    assert second.first_attempt_at == second.deliveries[0].due_at == NOON + 2 * MINUTE + SECOND
    assert second.attempts == 2


async def test_what_was_not_due_yet_has_its_whole_life_before_it(desk: Desk) -> None:
    await announced(desk, 1)
    first = await desk.leases("hook", HOUR)
    assert first is not None
    await desk.reads(await desk.watches(), STORY.but(headline="Later", updated=0), 76 * HOUR)
    await desk.store.mark_failed(first, now=NOON + 75 * HOUR, error="no", next_at=None)

    second = await desk.leases("hook", 77 * HOUR)

    assert second is not None
    assert (second.attempts, second.first_attempt_at) == (0, None)


async def test_dead_letters_can_be_sent_again_under_their_id(desk: Desk) -> None:
    await announced(desk, 2)
    first = await desk.leases("hook", HOUR)
    assert first is not None
    await desk.store.mark_failed(first, now=NOON + HOUR, error="no", next_at=None)
    await desk.sends("hook", HOUR)

    assert await desk.store.retry_deliveries(ids=[first.deliveries[0].id], now=NOON + 2 * HOUR) == [
        first.deliveries[0].id
    ]

    [batch] = await desk.sends("hook", 2 * HOUR)
    assert (batch.message_id, batch.attempts) == (first.message_id, 0)


async def test_dead_letters_are_chosen_by_the_time_they_were_written(desk: Desk) -> None:
    await announced(desk, 3)
    await desk.store.disable_channel("hook", NOON + HOUR, "410 Gone")

    again = await desk.store.retry_deliveries(since=NOON + 2 * MINUTE, until=NOON + 3 * MINUTE, now=NOON + 2 * HOUR)
    assert len(again) == 1

    assert len(await desk.sends("hook", 2 * HOUR)) == 1


async def test_what_waits_for_a_retry_can_be_hastened(desk: Desk) -> None:
    await announced(desk, 1)
    batch = await desk.leases("hook", HOUR)
    assert batch is not None
    await desk.store.mark_failed(batch, now=NOON + HOUR, error="500", next_at=NOON + 9 * HOUR)

    assert await desk.store.hasten("hook", NOON + 2 * HOUR) == 1

    assert len(await desk.sends("hook", 2 * HOUR)) == 1


# -- gathering


async def test_an_articles_changes_are_gathered_until_it_is_quiet(desk: Desk) -> None:
    await desk.adopts(MAIL_ONLY)
    await announced(desk, 5)

    assert await desk.leases("mail", 15 * MINUTE) is None
    [batch] = await desk.sends("mail", 15 * MINUTE + SECOND)

    assert len(batch.deliveries) == 5


async def test_gathering_ends_after_half_an_hour(desk: Desk) -> None:
    await desk.adopts(MAIL_ONLY)
    await announced(desk, 40)

    assert await desk.leases("mail", 30 * MINUTE + SECOND) is None
    batch = await desk.leases("mail", 31 * MINUTE + SECOND)

    assert batch is not None
    assert len(batch.deliveries) == 40


async def test_two_articles_are_not_gathered_into_one_message(desk: Desk) -> None:
    await desk.adopts(MAIL_ONLY)
    for name in ("one", "two"):
        await announced(desk, 2, url=f"https://news.example/{name}")

    batches = await desk.sends("mail", HOUR)

    assert [len(batch.deliveries) for batch in batches] == [2, 2]


async def test_what_cannot_wait_takes_what_was_gathered_with_it_in_order(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(MAIL,), rules=(RulePolicy(channels=("mail",), events=LATER_EVENTS),)))
    await announced(desk, 1)
    article = await desk.watches()
    await desk.reads(article, STORY.but(headline="Headline 1", updated=1, live=True), 2 * MINUTE)

    batches = await desk.sends("mail", 2 * MINUTE)

    assert [[row.event for row in batch.deliveries] for batch in batches] == [[AlertEvent.CHANGED], [AlertEvent.LIVE]]


async def test_a_released_change_is_gathered_like_any_other(desk: Desk) -> None:
    await desk.adopts(MAIL_ONLY)
    article = await desk.watches()
    undated = STORY.but(dated=False)
    await desk.reads(article, undated, SECOND)
    await desk.reads(article, undated.but(headline="A"), MINUTE)
    assert {row.state for row in await desk.store.deliveries()} == {DeliveryState.HELD}
    await desk.reads(article, undated.but(headline="A"), 2 * MINUTE)

    assert await desk.leases("mail", 12 * MINUTE - SECOND) is None
    assert len(await desk.sends("mail", 12 * MINUTE)) == 1


# -- channels that come and go


async def test_a_removed_channel_leaves_dead_letters(desk: Desk) -> None:
    await desk.adopts(POLICY)
    await announced(desk, 2)
    article = await desk.watches()
    await desk.reads(article, STORY.but(headline="Held", updated=-116), 5 * MINUTE)

    await desk.store.sync_channels(Policy(channels=(HOOK,)), NOON + HOUR)

    rows = [row for row in await desk.store.deliveries() if row.channel == "mail"]
    assert {row.state for row in rows} == {DeliveryState.DEAD}
    assert len(rows) == 3
    assert {row.last_error for row in rows} == {"the channel is disabled: it was taken out of the configuration"}
    others = {row.state for row in await desk.store.deliveries() if row.channel == "hook"}
    assert others == {DeliveryState.PENDING, DeliveryState.HELD}


async def test_a_channel_that_comes_back_is_used_again(desk: Desk) -> None:
    await desk.adopts(POLICY)
    await desk.store.sync_channels(Policy(channels=(HOOK,)), NOON)
    await desk.adopts(POLICY)
    await announced(desk, 1)

    assert len(await desk.sends("mail", HOUR)) == 1


async def test_a_channel_that_was_refused_stays_off_until_it_is_set_up_differently(desk: Desk) -> None:
    await announced(desk, 1)
    await desk.store.sync_channels(desk.policy, NOON)
    await desk.store.disable_channel("hook", NOON + HOUR, "410 Gone")
    await desk.store.sync_channels(desk.policy, NOON + HOUR)
    [off] = (await desk.store.status(NOON)).disabled_channels
    assert (off.name, off.disabled_reason) == ("hook", "410 Gone")

    moved = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://elsewhere.example/")
    await desk.store.sync_channels(Policy(channels=(moved,)), NOON + HOUR)

    assert (await desk.store.status(NOON)).disabled_channels == ()


async def test_what_comes_up_for_a_refused_channel_is_a_dead_letter_at_once(desk: Desk) -> None:
    await desk.store.sync_channels(desk.policy, NOON)
    await desk.store.disable_channel("hook", NOON, "410 Gone")
    await announced(desk, 1)

    [row] = await desk.store.deliveries()
    assert (row.state, row.last_error) == (DeliveryState.DEAD, "the channel is disabled: 410 Gone")
    assert await desk.store.outbox_due(NOON + HOUR) == []


async def test_a_test_message_switches_a_refused_channel_on_again(desk: Desk) -> None:
    await desk.store.sync_channels(desk.policy, NOON)
    await desk.store.disable_channel("hook", NOON, "410 Gone")

    await desk.store.test_delivery("hook", NOON)

    [batch] = await desk.sends("hook", timedelta(0))
    assert batch.deliveries[0].event is None


# -- nothing stays held


@pytest.mark.parametrize("how", ["pause", "remove"])
async def test_who_stops_watching_lets_a_held_change_go(desk: Desk, how: str) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    recorded = await desk.reads(article, STORY.but(headline="Mayor denies it"), MINUTE)
    assert recorded is not None
    assert recorded.change_id is not None

    await getattr(desk.store, how)(article.id, NOON + 2 * MINUTE)

    assert (await desk.store.change(recorded.change_id)).state.value == "unconfirmed"
    assert len(await desk.sends("hook", 2 * MINUTE)) == 1
    assert await desk.store.verify() == []


async def test_a_change_that_was_held_for_too_long_is_released(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, STORY.but(headline="Mayor denies it"), MINUTE)

    assert await desk.store.release_overdue_holds(NOON + 15 * MINUTE) == 0
    assert await desk.store.release_overdue_holds(NOON + 16 * MINUTE) == 1
    assert await desk.store.release_overdue_holds(NOON + 16 * MINUTE) == 0

    [batch] = await desk.sends("hook", 16 * MINUTE)
    assert batch.deliveries[0].event is AlertEvent.CHANGED
    assert (await desk.store.article(article.id)).hold is None


async def test_after_three_failed_looks_a_held_change_is_released(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, STORY.but(headline="Mayor denies it"), MINUTE)
    for tried in range(3):
        assert await desk.leases("hook", 5 * MINUTE) is None
        await desk.meets(article, Outcome.SERVER_ERROR, (2 + tried) * MINUTE, status=500)

    assert len(await desk.sends("hook", 5 * MINUTE)) == 1


async def test_what_the_monitor_tells_of_itself_goes_out_to_each_channel_and_is_remembered(desk: Desk) -> None:
    await desk.adopts(POLICY)
    for notice, at in ((Notice.BLIND, NOON), (Notice.BLIND, NOON), (Notice.SEES, NOON + MINUTE)):
        await desk.store.notify(("hook", "mail"), notice, about="sight", sentence="It is dark.", now=at)

    rows = await desk.store.deliveries()
    assert [(row.channel, row.notice, row.headline) for row in reversed(rows)] == [
        ("hook", Notice.BLIND, "It is dark."),
        ("mail", Notice.BLIND, "It is dark."),
        ("hook", Notice.SEES, "It is dark."),
        ("mail", Notice.SEES, "It is dark."),
    ]
    assert await desk.store.last_notices() == {"sight": (Notice.SEES, NOON + MINUTE)}
    batch = await desk.store.lease_deliveries("hook", owner="us", now=NOON, until=NOON + MINUTE)
    assert batch
    assert batch.deliveries[0].notice is Notice.BLIND
