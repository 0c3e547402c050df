"""`alerts why`, `preview` and `replay`: what the rules make of what is recorded, through the command line."""

import asyncio
import json
from pathlib import Path

import pytest

from monitor.core.policy import Policy
from monitor.store import Store
from tests.conftest import Monitor
from tests.store.desk import HOOK, MINUTE, NOON, SECOND, Desk, Story

CONFIG = """
[email]
host = "127.0.0.1"
from = "Monitor <monitor@example.org>"
[[channels]]
name = "desk"
type = "email"
to = ["desk@example.org"]
[[channels]]
name = "hook"
type = "webhook"
url = "https://hook.example/"
[[rules]]
name = "numbers"
channels = ["desk"]
declarations = ["stealth"]
facts = ["number"]
[[rules]]
name = "harbour"
channels = ["hook"]
events = ["changed", "paused"]
added = ['\\bharbour\\b']
digest = "1h"
"""
TWELVE = Story(text=("The ferry had 12 people on board.",))
HARBOUR = TWELVE.but(text=("The ferry had 12 people on board in the harbour.",), updated=-10)
SEVENTEEN = HARBOUR.but(text=("The ferry had 17 people on board in the harbour.",))


@pytest.fixture
def recorded(tmp_path: Path, monitor: Monitor) -> Monitor:
    """An announced change (1), a stealth one (2), another that was taken back (3), and a pause; none was told but by
    a channel that is no more."""
    (tmp_path / "config.toml").write_text(CONFIG)

    async def story() -> None:
        store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
        desk = Desk(store)
        await desk.adopts(Policy(channels=(HOOK,)))
        article = await desk.watches()
        for minute, seen in enumerate(
            (TWELVE, HARBOUR, SEVENTEEN, SEVENTEEN, SEVENTEEN.but(headline="Oops"), SEVENTEEN)
        ):
            await desk.reads(article, seen, 10 * minute * MINUTE + SECOND)
        await store.pause(article.id, NOON + 60 * MINUTE)
        await store.close()

    asyncio.run(story())
    return monitor


def test_why_says_it_of_every_rule(recorded: Monitor) -> None:
    ran = recorded("alerts", "why", "1")
    assert "rule numbers: does not fire, because it wants a change that is stealth" in ran.out
    assert "rule harbour: fires" in ran.out
    assert "nothing was added that matches" in recorded("alerts", "why", "2").out


def test_a_preview_shows_what_the_channel_would_get_and_sends_nothing(recorded: Monitor) -> None:
    letter = recorded("alerts", "preview", "2").out
    assert 'Subject: Stealth edit: 12 -> 17 in "Mayor resigns" (news.example)\n' in letter
    assert "To: desk@example.org\n" in letter
    assert "[-12-]{+17+}" in letter
    html = recorded("alerts", "preview", "2", "--channel", "desk", "--html").out
    assert html.startswith("<!doctype html>")
    hook = recorded("alerts", "preview", "2", "--channel", "hook")
    assert json.loads(hook.out)["data"]["change"]["id"] == 2
    assert "no rule tells hook of it; see 'monitor alerts why 2'" in hook.err
    assert len(json.loads(recorded("alerts", "list", "--json").out)) == 3, "those of before, and no other"


def test_a_preview_of_what_is_not_there_says_what_is(recorded: Monitor) -> None:
    assert "known: desk, hook" in recorded("alerts", "preview", "2", "--channel", "nobody").err
    assert "there is no change 99" in recorded("alerts", "preview", "99").err


def test_a_dry_replay_shows_what_the_rules_would_have_told(recorded: Monitor) -> None:
    ran = recorded("alerts", "replay", "--since", "2022-01-25", "--dry-run", "--json")
    told = [(row["channel"], row["rule"], row["event"], row["change"]) for row in json.loads(ran.out)]
    assert told == [
        ("hook", "harbour", "changed", 1),
        ("desk", "numbers", "changed", 2),
        ("hook", "harbour", "paused", None),
    ]
    assert "the rules tell of 3: desk 1, hook 2" in ran.err
    one = recorded("alerts", "replay", "--since", "2022-01-25", "--rule", "numbers", "--dry-run")
    assert "numbers" in one.out
    assert "harbour" not in one.out
    assert "the rules tell of 1: desk 1" in one.err
    early = recorded("alerts", "replay", "--since", "2022-01-25", "--until", "2022-01-25T12:15:00Z", "--dry-run")
    assert "the rules tell of 1: hook 1" in early.err
    assert len(json.loads(recorded("alerts", "list", "--json").out)) == 3, "those of before, and no other"


def test_a_replay_tells_those_who_have_not_been_told(recorded: Monitor) -> None:
    ran = recorded("alerts", "replay", "--since", "2022-01-25")
    assert "2 alerts to send, the others had been told" in ran.err
    waiting = json.loads(recorded("alerts", "list", "--state", "pending", "--json").out)
    assert [(row["channel"], row["rule"], row["event"]) for row in waiting[-2:]] == [
        ("desk", "numbers", "changed"),
        ("hook", "harbour", "paused"),
    ]
    again = recorded("alerts", "replay", "--since", "2022-01-25")
    assert "0 alerts to send" in again.err


def test_a_replay_of_a_rule_that_is_not_there_names_those_that_are(recorded: Monitor) -> None:
    ran = recorded("alerts", "replay", "--since", "1d", "--rule", "mayor")
    assert ran.code == 2
    assert "there is no rule 'mayor'; known: numbers, harbour" in ran.err


def test_the_deliveries_of_one_message_can_be_listed(recorded: Monitor) -> None:
    rows = json.loads(recorded("alerts", "list", "--json").out)
    [row] = json.loads(recorded("alerts", "list", "--message", rows[0]["message_id"], "--json").out)
    assert row == rows[0]
    assert recorded("alerts", "list", "--message", "msg_nothing").err == "no deliveries\n"


def test_a_retry_says_of_each_delivery_that_it_left_alone_why(recorded: Monitor, tmp_path: Path) -> None:
    async def given_up() -> None:
        store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
        await store.disable_channel("hook", NOON + 70 * MINUTE, "410 Gone")
        await store.close()

    rows = json.loads(recorded("alerts", "list", "--json").out)
    withdrawn = next(row["id"] for row in rows if row["state"] == "withdrawn")
    pending = next(row["id"] for row in rows if row["state"] == "pending")
    asyncio.run(given_up())

    ran = recorded("alerts", "retry", str(pending), str(withdrawn), "99")

    assert (ran.code, ran.out) == (1, "1 delivery is due again\n")
    assert f"delivery {withdrawn} is withdrawn: only dead letters are sent again" in ran.err
    assert "there is no delivery 99; 'monitor alerts list --state dead' names the dead ones" in ran.err
    assert recorded("alerts", "retry").out == "1 delivery is due again\n"
