"""Deliveries that wait for others: digests, quiet hours, storms. On both databases."""

from dataclasses import replace
from datetime import timedelta

from monitor.core.article import Article, Declaration
from monitor.core.hours import Digest
from monitor.core.policy import Policy, RulePolicy
from monitor.store import STORM, Batch, DeliveryState, Terms
from tests.store.desk import HOOK, HOUR, LATER_EVENTS, MINUTE, NOON, SECOND, Desk, Story

HOURLY = RulePolicy(name="hourly", channels=("hook",), events=LATER_EVENTS, digest=Digest(every=HOUR))
STEALTH = RulePolicy(name="stealth", channels=("hook",), declarations=(Declaration.STEALTH,))
QUIET = Terms(quiet=True)
STORY = Story()


async def edits(desk: Desk, article: Article, after: timedelta, updated: int, headline: str = "Mayor stays") -> None:
    """An announced change: the stamp moves with the text."""
    await desk.reads(article, STORY.but(headline=f"{headline} {updated}", updated=updated), after)


async def articles(desk: Desk, count: int) -> list[Article]:
    found = [await desk.watches(f"https://news.example/{number}") for number in range(count)]
    for article in found:
        await desk.reads(article, STORY, SECOND)
    return found


def told(batch: Batch | None) -> list[tuple[int | None, int | None]]:
    assert batch is not None
    return [(row.article_id, row.change_id) for row in batch.deliveries]


# -- digests


async def test_a_digest_gathers_what_its_rule_has_for_the_channel(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,), rules=(HOURLY,)))
    first, second = await articles(desk, 2)
    await edits(desk, first, 5 * MINUTE, -10)
    await edits(desk, second, 6 * MINUTE, -9)
    await edits(desk, first, 20 * MINUTE, -5)

    assert await desk.leases("hook", 59 * MINUTE) is None
    [batch] = await desk.sends("hook", HOUR)
    assert told(batch) == [(first.id, 1), (second.id, 2), (first.id, 3)]
    assert {row.digest for row in batch.deliveries} == {"every 3600 s"}
    await edits(desk, second, 61 * MINUTE, 30)
    assert await desk.leases("hook", 119 * MINUTE) is None
    assert told(await desk.leases("hook", 2 * HOUR)) == [(second.id, 4)]


async def test_a_digest_that_failed_goes_out_again_as_it_was(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,), rules=(HOURLY,)))
    first, second = await articles(desk, 2)
    await edits(desk, first, 5 * MINUTE, -10)
    batch = await desk.leases("hook", HOUR)
    assert batch is not None
    await desk.store.mark_failed(batch, now=NOON + HOUR, error="500", next_at=NOON + HOUR)
    await edits(desk, second, HOUR, -9)

    again = await desk.leases("hook", HOUR + MINUTE)
    assert again is not None
    assert (again.message_id, told(again)) == (batch.message_id, told(batch))


async def test_what_does_not_wait_is_not_held_up_by_what_waits_for_a_digest(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,), rules=(HOURLY, STEALTH)))
    [article] = await articles(desk, 1)
    await edits(desk, article, 5 * MINUTE, -10)
    secret = STORY.but(headline="Mayor gone", updated=-10)
    await desk.reads(article, secret, 40 * MINUTE)
    await desk.reads(article, secret, 41 * MINUTE)

    [batch] = await desk.sends("hook", 42 * MINUTE)
    assert (told(batch), batch.deliveries[0].rule) == ([(article.id, 2)], "stealth")
    assert told(await desk.leases("hook", HOUR)) == [(article.id, 1)]


async def test_a_change_that_settles_after_a_digest_is_in_the_next(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,), rules=(HOURLY,)))
    [article] = await articles(desk, 1)
    secret = STORY.but(headline="Mayor gone")
    await desk.reads(article, secret, 59 * MINUTE)
    assert await desk.leases("hook", HOUR) is None, "it waits for a second look"
    await desk.reads(article, secret, 61 * MINUTE)

    assert await desk.leases("hook", 62 * MINUTE) is None
    assert told(await desk.leases("hook", 2 * HOUR)) == [(article.id, 1)]


# -- quiet hours


async def test_in_quiet_hours_only_what_is_urgent_goes_out_and_nothing_is_overtaken(desk: Desk) -> None:
    loud = replace(STEALTH, name="loud", urgent=True)
    await desk.adopts(Policy(channels=(HOOK,), rules=(RulePolicy(channels=("hook",)), loud)))
    first, second = await articles(desk, 2)
    await edits(desk, first, 5 * MINUTE, -10)
    await edits(desk, second, 6 * MINUTE, -9)
    assert await desk.leases("hook", 10 * MINUTE, terms=QUIET) is None
    secret = STORY.but(headline="Mayor gone", updated=-10)
    await desk.reads(first, secret, 40 * MINUTE)
    await desk.reads(first, secret, 41 * MINUTE)

    night = await desk.sends("hook", 42 * MINUTE, QUIET)
    assert [told(batch) for batch in night] == [[(first.id, 1)], [(first.id, 3)]]
    assert [told(batch) for batch in await desk.sends("hook", 43 * MINUTE)] == [[(second.id, 2)]]


async def test_a_test_message_goes_out_in_quiet_hours(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,)))
    await desk.store.test_delivery("hook", NOON)
    assert await desk.leases("hook", MINUTE, terms=QUIET) is not None


# -- storms

THREE = Terms(most=3, window=10 * MINUTE)


async def test_in_a_storm_all_that_waits_goes_out_as_one_message(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,)))
    found = await articles(desk, 6)
    for article in found[:4]:
        await edits(desk, article, 5 * MINUTE, -10)
        await edits(desk, article, 6 * MINUTE, -9)

    [batch] = await desk.sends("hook", 7 * MINUTE, THREE)
    assert told(batch) == [(a.id, 2 * n + k) for n, a in enumerate(found[:4]) for k in (1, 2)]
    assert {row.digest for row in batch.deliveries} == {STORM}
    await edits(desk, found[4], 8 * MINUTE, -8)
    await edits(desk, found[5], 9 * MINUTE, -8)
    assert await desk.leases("hook", 16 * MINUTE, terms=THREE) is None
    calm = await desk.sends("hook", 17 * MINUTE, THREE)
    assert [told(batch) for batch in calm] == [[(found[4].id, 9)], [(found[5].id, 10)]]
    assert all(row.state is DeliveryState.SENT for row in await desk.store.deliveries())


async def test_a_storm_of_what_is_urgent_takes_nothing_else_along_in_quiet_hours(desk: Desk) -> None:
    loud = replace(STEALTH, name="loud", urgent=True)
    await desk.adopts(Policy(channels=(HOOK,), rules=(RulePolicy(channels=("hook",)), loud)))
    found = await articles(desk, 5)
    for article in found:
        await edits(desk, article, 5 * MINUTE, -10)
    for article in found[:2]:
        secret = STORY.but(headline="Mayor gone", updated=-10)
        await desk.reads(article, secret, 40 * MINUTE)
        await desk.reads(article, secret, 41 * MINUTE)

    [batch] = await desk.sends("hook", 42 * MINUTE, Terms(quiet=True, most=1))
    assert told(batch) == [(found[0].id, 1), (found[1].id, 2), (found[0].id, 6), (found[1].id, 7)]


async def test_one_after_the_other_no_more_go_out_than_there_is_room_for(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,)))
    found = await articles(desk, 8)
    sizes = []
    for number, article in enumerate(found):
        after = (5 + number) * MINUTE
        await edits(desk, article, after, -10)
        sizes += [len(batch.deliveries) for batch in await desk.sends("hook", after, THREE)]

    assert sizes == [1, 1, 1]
    [batch] = await desk.sends("hook", 15 * MINUTE, THREE)
    assert len(batch.deliveries) == 5


async def test_a_storm_that_failed_goes_out_again_with_its_id_and_nothing_new(desk: Desk) -> None:
    await desk.adopts(Policy(channels=(HOOK,)))
    found = await articles(desk, 5)
    for article in found[:4]:
        await edits(desk, article, 5 * MINUTE, -10)
    batch = await desk.leases("hook", 6 * MINUTE, terms=THREE)
    assert batch is not None
    at = NOON + 6 * MINUTE
    await desk.store.mark_failed(batch, now=at, error="500", next_at=at)
    await edits(desk, found[4], 7 * MINUTE, -10)
    await edits(desk, found[0], 7 * MINUTE, -9)

    again = await desk.leases("hook", 7 * MINUTE, terms=THREE)
    assert again is not None
    assert (again.message_id, told(again)) == (batch.message_id, told(batch))
    other = await desk.leases("hook", 7 * MINUTE, terms=THREE)
    assert told(other) == [(found[4].id, 5)], "what is of no article in it may go, what is has to wait"
    assert await desk.leases("hook", 7 * MINUTE, terms=THREE) is None
