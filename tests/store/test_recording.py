"""The one transaction: what is written with a visit, and what is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.article import Declaration, Field, Stage
from monitor.core.capture import Outcome
from monitor.core.diff import changed
from monitor.core.lifecycle import ChangeState, Rereading, decide
from monitor.core.policy import AlertEvent, RulePolicy
from monitor.store import DeliveryState, Store
from monitor.store.faults import BrokenRule
from tests.store.desk import HOOK_ONLY, HOUR, MINUTE, NOON, POLICY, SECOND, URL, Desk, Story, capture

STORY = Story()
EDITED = STORY.but(headline="Mayor denies resigning")
STAMPED = EDITED.but(updated=2)


async def test_the_first_page_is_version_one(desk: Desk) -> None:
    article = await desk.watches()

    recorded = await desk.reads(article, STORY, SECOND)

    assert recorded is not None
    assert recorded.number == 1
    now = await desk.store.article(article.id)
    assert now.current_version_id == recorded.version_id
    assert (now.version_count, now.check_seq, now.headline) == (1, 1, "Mayor resigns")


async def test_a_version_gives_back_what_was_read_and_the_page_it_was_read_from(desk: Desk) -> None:
    article = await desk.watches()
    recorded = await desk.reads(article, STORY, SECOND)
    assert recorded is not None
    assert recorded.version_id is not None

    version = await desk.store.version(recorded.version_id)
    seen = await desk.store.capture_of(recorded.version_id)

    assert version.content == STORY.reading().content
    assert version.page_blocks == (1, 2**63 + 7, 2**64 - 1)
    assert seen == capture(NOON + SECOND, body=STORY.body)
    assert version.page_sha256 is not None
    assert await desk.store.page(version.page_sha256) == STORY.body


async def test_a_change_is_kept_as_it_was_decided(desk: Desk) -> None:
    article = await desk.watches(tags=("city",))
    await desk.reads(article, STORY, SECOND)
    recorded = await desk.reads(article, STAMPED, 6 * MINUTE)
    assert recorded is not None
    assert recorded.change_id is not None

    change = await desk.store.change(recorded.change_id)
    decided = desk.decisions[-1].version
    assert decided is not None
    assert decided.change is not None

    assert (change.from_version, change.to_version) == (1, 2)
    assert (change.state, change.declaration) == (ChangeState.CONFIRMED, Declaration.ANNOUNCED)
    assert change.fields == (Field.HEADLINE, Field.UPDATED)
    assert (change.url, change.host, change.tags) == (URL, "news.example", ("city",))
    assert change.headline == "Mayor denies resigning"
    assert (change.old_claims, change.new_claims) == (decided.change.old_claims, decided.change.new_claims)
    assert change.not_before == NOON + SECOND - timedelta(milliseconds=400)
    assert change.not_after == NOON + 6 * MINUTE
    assert await desk.store.edits(change.id) == decided.change.edits
    assert await desk.store.patch(change.id) == decided.change.patch


async def test_an_unchanged_page_only_lengthens_what_is_known(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.meets(article, Outcome.NOT_MODIFIED, HOUR, status=304)
    await desk.meets(article, Outcome.NOT_MODIFIED, 2 * HOUR, status=304)

    [row] = await desk.store.history(article.id)
    assert row.version.last_seen_at == NOON + 2 * HOUR - timedelta(milliseconds=400)
    quiet, first = await desk.store.check_log(article.id)
    assert (quiet.outcome, quiet.checks, quiet.first_at, quiet.last_at) == (
        "not_modified",
        2,
        NOON + HOUR,
        NOON + 2 * HOUR,
    )
    assert (first.outcome, first.checks) == ("first", 1)


async def test_a_result_is_fenced_by_check_seq(desk: Desk) -> None:
    article = await desk.watches()
    slow = await desk.decides(article, capture(NOON + SECOND, body=STORY.body), STORY.reading())
    await desk.reads(article, EDITED, 2 * SECOND)

    assert await desk.store.record(slow) is None

    [row] = await desk.store.history(article.id)
    assert row.version.headline == "Mayor denies resigning"
    assert await desk.store.verify() == []


async def test_a_check_that_was_under_way_does_not_undo_a_pause(desk: Desk) -> None:
    article = await desk.watches()
    slow = await desk.decides(article, capture(NOON + SECOND, body=STORY.body), STORY.reading())
    await desk.store.pause(article.id, NOON + SECOND)

    assert await desk.store.record(slow) is None

    assert (await desk.store.article(article.id)).stage is Stage.PAUSED


async def test_a_check_that_was_under_way_does_not_undo_new_tags(desk: Desk) -> None:
    article = await desk.watches()
    slow = await desk.decides(article, capture(NOON + SECOND, body=STORY.body), STORY.reading())
    await desk.watches(tags=("city",))

    assert await desk.store.record(slow) is not None

    assert (await desk.store.article(article.id)).tags == ("city",)


async def test_version_article_state_and_deliveries_commit_together(desk: Desk) -> None:
    """A write that fails at its end leaves nothing of what came before it."""
    await desk.adopts(POLICY)
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    good = await desk.decides(article, capture(NOON + 6 * MINUTE, body=STAMPED.body), STAMPED.reading())
    impossible = replace(good, deliveries=(*good.deliveries, good.deliveries[0]))

    with pytest.raises(BrokenRule):
        await desk.store.record(impossible)

    assert len(await desk.store.history(article.id)) == 1
    assert await desk.store.deliveries() == []
    assert (await desk.store.article(article.id)).check_seq == 1
    assert await desk.store.record(good) is not None
    assert len(await desk.store.deliveries()) == 2
    assert await desk.store.verify() == []


async def test_a_held_change_waits_with_its_deliveries(desk: Desk) -> None:
    await desk.adopts(POLICY)
    article = await desk.watches()
    first = await desk.reads(article, STORY, SECOND)
    recorded = await desk.reads(article, EDITED, MINUTE)
    assert recorded is not None
    assert first is not None

    hold = (await desk.store.article(article.id)).hold
    assert hold is not None
    assert (hold.change_id, hold.told_version_id, hold.since) == (recorded.change_id, first.version_id, NOON + MINUTE)
    assert {row.state for row in await desk.store.deliveries()} == {DeliveryState.HELD}
    known = await desk.store.known(article.id)
    assert known.held is not None
    assert known.held.told.number == 1
    assert await desk.leases("hook", HOUR) is None


async def test_a_confirmed_change_releases_its_deliveries(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    recorded = await desk.reads(article, EDITED, MINUTE)
    await desk.reads(article, EDITED, 90 * SECOND)
    assert recorded is not None
    assert recorded.change_id is not None

    assert (await desk.store.change(recorded.change_id)).state is ChangeState.CONFIRMED
    [delivery] = await desk.store.deliveries()
    assert (delivery.state, delivery.due_at) == (DeliveryState.PENDING, NOON + 90 * SECOND)
    assert (await desk.store.article(article.id)).hold is None


async def test_a_withdrawn_change_tells_nobody_and_is_left_out_of_the_history(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, EDITED, MINUTE)
    await desk.reads(article, STORY, 90 * SECOND)

    [delivery] = await desk.store.deliveries()
    assert delivery.state is DeliveryState.WITHDRAWN
    assert [row.version.number for row in await desk.store.history(article.id)] == [1]
    assert [row.version.number for row in await desk.store.history(article.id, withdrawn=True)] == [1, 2]
    assert [change async for change in desk.store.changes()] == []
    [withdrawn] = [change async for change in desk.store.changes(withdrawn=True)]
    assert (withdrawn.state, withdrawn.state_reason) == (ChangeState.WITHDRAWN, "the former words are back")
    assert (await desk.store.known(article.id)).last_change_id is None


async def test_a_version_after_a_withdrawn_one_has_a_number_of_its_own(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, EDITED, MINUTE)
    await desk.reads(article, STORY, 90 * SECOND)
    recorded = await desk.reads(article, STAMPED.but(headline="Council meets"), 6 * MINUTE)

    assert recorded is not None
    assert recorded.number == 3
    [_, row] = await desk.store.history(article.id)
    assert row.change is not None
    assert (row.change.from_version, row.change.to_version) == (1, 3)
    assert await desk.store.verify() == []


LONGER = EDITED.but(text=(*EDITED.text, "The council will meet on Monday."))


async def test_a_held_change_that_the_next_one_announces_is_told_with_it_from_the_version_last_told(desk: Desk) -> None:
    article = await desk.watches()
    first = await desk.reads(article, STORY, SECOND)
    await desk.reads(article, EDITED, MINUTE)
    third = await desk.reads(article, LONGER.but(updated=1), 90 * SECOND)
    assert first is not None
    assert third is not None

    new, old = await desk.store.deliveries()
    assert (old.state, new.state) == (DeliveryState.MERGED, DeliveryState.PENDING)
    assert (new.from_version_id, new.to_version_id) == (first.version_id, third.version_id)
    [batch] = await desk.sends("hook", 2 * MINUTE)
    assert [row.id for row in batch.deliveries] == [new.id]


async def test_what_the_second_look_adds_is_held_in_its_turn(desk: Desk) -> None:
    article = await desk.watches()
    first = await desk.reads(article, STORY, SECOND)
    second = await desk.reads(article, EDITED, MINUTE)
    third = await desk.reads(article, LONGER, 90 * SECOND)
    assert first is not None
    assert second is not None
    assert third is not None

    new, old = await desk.store.deliveries()
    assert (old.state, new.state) == (DeliveryState.PENDING, DeliveryState.HELD)
    assert (old.from_version_id, old.to_version_id) == (first.version_id, second.version_id)
    assert (new.from_version_id, new.to_version_id) == (second.version_id, third.version_id)
    await desk.reads(article, LONGER, 2 * MINUTE)
    assert len(await desk.sends("hook", 3 * MINUTE)) == 2


ROTATING = (
    "A lighthouse museum reopens next week with a show of old lamps and lenses.",
    "Twelve recipes for the last apples of the year, from our readers.",
    "Why the price of rope has doubled since spring, and who pays for it.",
)


async def test_of_a_change_that_stood_in_part_just_that_part_is_told(desk: Desk) -> None:
    await desk.adopts(
        replace(
            HOOK_ONLY,
            rules=(
                RulePolicy(name="all", channels=("hook",)),
                RulePolicy(name="apples", channels=("desk",), mentions=("apples",)),
            ),
            channels=(*HOOK_ONLY.channels, replace(HOOK_ONLY.channels[0], name="desk")),
        )
    )
    article = await desk.watches()
    await desk.reads(article, STORY.but(text=(*STORY.text, ROTATING[0])), SECOND)
    recorded = await desk.reads(article, EDITED.but(text=(*EDITED.text, ROTATING[1])), MINUTE)
    await desk.reads(article, EDITED.but(text=(*EDITED.text, ROTATING[2])), 90 * SECOND)
    assert recorded is not None
    assert recorded.change_id is not None

    told = await desk.store.told(recorded.change_id)
    assert told is not None
    shown = "\n".join(edit.old + edit.new for edit in changed(told))
    assert not any(text in shown for text in ROTATING)
    assert "denies" in shown
    kept = await desk.store.edits(recorded.change_id)
    assert ROTATING[1] in "\n".join(edit.new for edit in kept), "what was recorded stays whole"
    states = {row.channel: row.state for row in await desk.store.deliveries() if row.change_id == recorded.change_id}
    assert states == {"hook": DeliveryState.PENDING, "desk": DeliveryState.WITHDRAWN}, "its passage did not stand"


async def test_a_page_that_is_another_one_at_each_fetch_is_kept_and_leaves_the_version_current(desk: Desk) -> None:
    article = await desk.watches()
    first = await desk.reads(article, STORY.but(text=(*STORY.text, ROTATING[0])), SECOND)
    await desk.reads(article, STORY.but(text=(*STORY.text, ROTATING[1])), MINUTE)
    aside = await desk.reads(article, STORY.but(text=(*STORY.text, ROTATING[2])), 90 * SECOND)
    assert first is not None
    assert aside is not None

    known = await desk.store.known(article.id)
    assert known.article.current_version_id == first.version_id
    assert (known.article.version_count, aside.number, known.article.hold) == (3, 3, None)
    assert [row.version.number for row in await desk.store.history(article.id)] == [1]
    assert [row.version.number for row in await desk.store.history(article.id, withdrawn=True)] == [1, 2, 3]
    assert await desk.store.verify() == []


async def test_an_upgrade_adds_a_reading_and_makes_no_edit_of_the_difference(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    known = await desk.store.known(article.id)
    assert known.current is not None
    newer = replace(STORY.but(headline="Council  meets").reading(article.url), page_digest="2")
    newer = replace(newer, content=replace(newer.content, extractor="2"))
    first = known.current
    known = replace(
        known,
        current=replace(first, content=newer.content),
        rereadings=(Rereading(version_id=first.id, reading=newer),),
    )
    later = replace(newer, content=replace(newer.content, standfirst="It meets at six."))

    decision = decide(known, capture(NOON + MINUTE), later, policy=desk.policy, jitter=0.5)
    recorded = await desk.store.record(decision)

    assert recorded is not None
    assert recorded.change_id is not None
    change = await desk.store.change(recorded.change_id)
    assert [field.value for field in change.fields] == ["standfirst"]
    assert await desk.store.verify() == []
    again = await desk.store.version(first.id)
    assert again.content.headline == "Council  meets", "the newest reading of the version is shown"


async def test_a_late_stamp_is_a_row_of_its_own_beside_the_change(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    recorded = await desk.reads(article, EDITED.but(), 4 * MINUTE)
    await desk.reads(article, EDITED.but(), 270 * SECOND)
    await desk.reads(article, EDITED.but(updated=3), 6 * MINUTE)
    assert recorded is not None
    assert recorded.change_id is not None

    change = await desk.store.change(recorded.change_id)

    assert (change.declaration, change.state) == (Declaration.STEALTH, ChangeState.CONFIRMED)
    assert change.announced_late_by == 2 * MINUTE


async def test_a_page_that_is_not_the_article_is_an_observation_with_its_page(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    for minute in (10, 20):
        await desk.meets(article, Outcome.SERVER_ERROR, minute * MINUTE, status=500, body=b"<h1>Sorry</h1>" * 40)

    [seen] = await desk.store.observations(article.id)
    assert (seen.kind, seen.times, seen.first_at) == ("server_error", 2, NOON + 10 * MINUTE)
    assert seen.page_sha256 is not None
    assert await desk.store.page(seen.page_sha256) == b"<h1>Sorry</h1>" * 40
    assert len(await desk.store.history(article.id)) == 1


async def test_happenings_become_events_with_deliveries(desk: Desk) -> None:
    await desk.adopts(POLICY)
    article = await desk.watches()
    recorded = await desk.reads(article, STORY.but(live=True), SECOND)
    assert recorded is not None

    found, event = await desk.store.events(article.id)
    assert (found.event, found.not_before, found.not_after) == (AlertEvent.FOUND, NOON, NOON + SECOND)
    assert (event.event, event.detail) == (AlertEvent.LIVE, "Being updated")
    assert (found.id, event.id) == recorded.event_ids
    rows = await desk.store.deliveries()
    assert {(row.channel, row.event_id, row.event) for row in rows} == {
        ("hook", event.id, AlertEvent.LIVE),
        ("mail", event.id, AlertEvent.LIVE),
    }
    assert {row.stage for row in rows} == {Stage.LIVE}


async def test_a_failure_of_the_host_parks_it(desk: Desk) -> None:
    article = await desk.watches()
    await desk.meets(article, Outcome.UNREACHABLE, SECOND)

    host = await desk.store.host("news.example")
    assert host is not None
    assert host.not_before is not None
    assert host.not_before > NOON + SECOND
    assert host.error_streak == 1
    await desk.reads(article, STORY, HOUR)
    host = await desk.store.host("news.example")
    assert host is not None
    assert (host.error_streak, host.charset) == (0, "utf-8")


async def test_an_address_that_two_articles_lead_to_is_reported_and_nothing_is_merged(desk: Desk) -> None:
    one = await desk.watches("https://news.example/one")
    two = await desk.watches("https://news.example/two")
    for article in (one, two):
        await desk.reads(article, STORY, SECOND, final_url="https://news.example/final")

    status = await desk.store.status(NOON)

    assert [(shared.url, shared.articles) for shared in status.shared_addresses] == [
        ("https://news.example/final", (one.url, two.url))
    ]


async def test_text_that_a_database_would_refuse_is_kept(store: Store) -> None:
    desk = Desk(store)
    article = await desk.watches()
    odd = STORY.but(headline="Nul \0, half a pair \ud83d, an emoji \U0001f600")
    seen = capture(NOON + SECOND, body=b"odd")

    recorded = await desk.visits(article, seen, odd.reading())

    assert recorded is not None
    assert recorded.version_id is not None
    assert (await store.version(recorded.version_id)).content.headline == odd.headline
    assert (await store.article(article.id)).headline == "Nul \ufffd, half a pair \ufffd, an emoji \U0001f600"
