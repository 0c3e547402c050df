"""What a test of headlines leaves behind: in the store, in the rates, in what people read."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.alerts.messages import compose
from monitor.cli import app
from monitor.core.article import Field, Listed
from monitor.core.headline import Surface
from monitor.core.policy import AlertEvent, ChannelPolicy, ChannelType, Policy, RulePolicy
from monitor.store import Store
from tests.headlines.desk import (
    HEADLINES,
    HOOK,
    HOUR,
    MINUTE,
    NOON,
    Front,
    by_look,
    by_lot,
    by_time,
    lines,
    watch,
)

MAIL = ChannelPolicy(name="mail", type=ChannelType.EMAIL, to=("desk@example.org",))
DAY = timedelta(days=1)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    opened = Store.open(address)
    yield opened
    await opened.close()


async def test_the_alert_of_a_flip_is_withdrawn_and_says_why(store: Store) -> None:
    desk = await watch(store, by_look("AABBAB" + "AB" * 40), lasts=2 * HOUR)

    [row] = await desk.withdrawn()
    assert row.change_id
    change = await store.change(row.change_id)
    assert (change.state, change.state_reason) == ("withdrawn", "the page shows this headline and others by turns")
    kept = await store.history(desk.article.id, withdrawn=True)
    assert [each.version.headline for each in kept] == [HEADLINES[letter] for letter in "ABA"]


async def test_a_variant_is_an_event_with_shares_and_times(store: Store) -> None:
    desk = await watch(store, by_look("AAABAB" + "AB" * 40), lasts=HOUR)

    [event] = [e for e in await store.events(desk.article.id) if e.event is AlertEvent.VARIANT]
    assert event.detail == (
        f'2 headlines are shown by turns: "{HEADLINES["B"]}" (3 of 5 looks, first 12:06, last 12:11 UTC); '
        f'"{HEADLINES["A"]}" (2 of 5 looks, first 12:00, last 12:09 UTC)'
    )
    assert event.not_before == NOON + 6 * MINUTE
    assert event.not_after - event.not_before >= 5 * MINUTE


async def test_flips_are_no_edits_in_the_rates(store: Store) -> None:
    tested = await watch(store, by_look("AABB" * 60), lasts=HOUR)
    known = await store.known(tested.article.id)

    assert len(await store.history(tested.article.id)) == 2
    assert known.edits == 0
    assert lines(await tested.told())[-1] == "variant: AB"


async def test_a_page_that_flips_is_looked_at_as_seldom_as_one_that_stands_still(tmp_path: Path, store: Store) -> None:
    tested = await watch(store, by_look("A" + "AB" * 400), lasts=DAY)
    other = Store.open(f"sqlite:///{tmp_path}/other.db")
    still = await watch(other, by_look("A"), lasts=DAY)
    await other.close()

    # A few looks more, to find out that it is a test.
    assert len(still.looks) <= len(tested.looks) <= len(still.looks) + 6


async def test_a_headline_that_wins_was_edited_after_the_last_sight_of_the_other(store: Store) -> None:
    script = by_lot("AB", seed=1, until=2 * HOUR, then=Front(headline="B"))
    desk = await watch(store, script, lasts=DAY)

    [row] = [each for each in await store.history(desk.article.id) if each.change]
    assert row.change
    sights = [w.last_at for w in desk.article.headlines[Surface.HEADLINE].wordings if w.text == HEADLINES["A"]]
    assert sights == [row.change.not_before]
    assert row.change.not_after - row.change.not_before > HOUR


async def test_the_same_page_again_is_a_look_too(store: Store) -> None:
    desk = await watch(store, by_look("A"), lasts=HOUR)

    [wording] = desk.article.headlines[Surface.HEADLINE].wordings
    assert wording.looks == len(desk.looks)
    assert {outcome for _, outcome in desk.looks} == {"first", "unchanged"}


async def test_a_test_of_the_title_alone_makes_no_version_and_is_remembered(store: Store) -> None:
    desk = await watch(store, by_look("AB" * 40, lambda letter: Front(title=letter)), lasts=HOUR)

    [row] = await store.history(desk.article.id, withdrawn=True)
    version = await store.version(row.version.id)
    said = {each.surface: each.text for each in version.content.headlines}
    assert said[Surface.TITLE] == HEADLINES["A"]
    assert {w.text for w in desk.article.headlines[Surface.TITLE].wordings} == {HEADLINES["A"], HEADLINES["B"]}


async def test_what_the_source_says_is_one_of_the_surfaces(store: Store) -> None:
    source, _ = await store.add_source("https://news.example/feed", host="news.example", now=NOON, origin="user")
    url = "https://news.example/2026/06/harbour-bridge-closed-after-cracks-found"
    listed = Listed(source_id=source.id, headline="Bridge closed: what we know")
    await store.add_article(url, host="news.example", now=NOON, source_id=source.id, listed=listed)
    desk = await watch(store, by_look("A"), lasts=MINUTE)

    assert desk.article.current_version_id
    version = await store.version(desk.article.current_version_id)
    said = {each.surface: each.text for each in version.content.headlines}
    assert said[Surface.FEED] == "Bridge closed: what we know"
    assert said[Surface.SLUG] == "harbour bridge closed after cracks found"


# -- who is told


def rules(**asked: object) -> Policy:
    return Policy(channels=(HOOK, MAIL), rules=(RulePolicy(channels=("hook", "mail"), **asked),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (Policy(channels=(HOOK,)), 1),
        (rules(), 2),
        (rules(fields=(Field.HEADLINE,)), 2),
        (rules(fields=(Field.BODY,)), 0),
        (rules(events=(AlertEvent.CHANGED,)), 0),
    ],
    ids=["by default", "by any rule", "who asks for headlines", "who asks for the body", "who asks for changes"],
)
async def test_who_hears_of_a_variant(store: Store, policy: Policy, told: int) -> None:
    await watch(store, by_look("AAABAB" + "AB" * 40), lasts=HOUR, policy=policy)

    assert len([row for row in await store.deliveries() if row.event is AlertEvent.VARIANT]) == told


async def test_mail_gathers_it_and_a_webhook_has_it_at_once(store: Store) -> None:
    await watch(store, by_look("AAABAB" + "AB" * 40), lasts=HOUR, policy=rules())

    due = {row.channel: row.due_at - row.created_at for row in await store.deliveries() if row.event == "variant"}
    assert due == {"hook": timedelta(0), "mail": 10 * MINUTE}
    batch = await store.lease_deliveries("mail", owner="me", now=NOON + DAY, until=NOON + DAY + HOUR)
    assert batch
    message = await compose(store, batch)
    assert message.subject.startswith("Headline test: ")
    assert "Readers are shown one of several headlines: this is a test, not an edit." in message.text
    assert HEADLINES["B"][:20] in message.text


# -- what the verbs print


async def printed(address: str, *words: str) -> str:
    # In a thread, for a verb runs a loop of its own.
    result = await asyncio.to_thread(CliRunner().invoke, app, ["--store", address, *words])
    assert result.exit_code == 0, result.output
    return result.stdout


async def test_history_tells_the_variants_with_shares_and_times(store: Store, address: str) -> None:
    await watch(store, by_look("AAABAB" + "AB" * 20), lasts=HOUR)
    text, page = await printed(address, "history", "1"), await printed(address, "history", "1", "--format", "html")
    document = json.loads(await printed(address, "history", "1", "--json"))

    [test] = document["variants"]
    assert test["surfaces"] == ["headline", "og:title", "title", "json-ld"]
    assert (test["since"], test["ended_at"]) == ("2026-06-01T12:06:00Z", None)
    assert {each["text"] for each in test["texts"]} == {HEADLINES["A"], HEADLINES["B"]}
    assert sum(each["share"] for each in test["texts"]) == pytest.approx(1, abs=0.01)
    first = test["texts"][0]
    assert "by turns in headline, og:title, title, json-ld" in text
    assert f"{first['looks']} of " in text
    assert f"“{first['text']}” at {first['looks']} of " in page


async def test_a_diff_says_which_surfaces_followed(store: Store, address: str) -> None:
    edited = Front(headline="B", og="A", title="C")
    await watch(store, by_time((0 * MINUTE, Front()), (9 * MINUTE, edited)), lasts=HOUR)

    document = json.loads(await printed(address, "diff", "1", "--json"))
    assert {each["surface"]: each["says"] for each in document["headlines"]} == {
        "h1": "new",
        "title": "other",
        "og:title": "former",
        "json-ld": "new",
        "slug": "former",
    }
    assert "the former headline still stands in: og:title, slug" in await printed(address, "diff", "1")


async def test_show_names_the_surfaces_that_say_something_else(store: Store, address: str) -> None:
    await watch(store, by_look("A", lambda letter: Front(headline=letter, og="B")), lasts=MINUTE)

    assert f"og:title: {HEADLINES['B']}" in await printed(address, "show", "1")
    assert json.loads(await printed(address, "show", "1", "--json"))["content"]["headlines"] == {
        "h1": HEADLINES["A"],
        "title": HEADLINES["A"],
        "og:title": HEADLINES["B"],
        "json-ld": HEADLINES["A"],
        "slug": "harbour bridge closed after cracks found",
    }
