"""Whether the monitor itself is well, and whether it says so when it is not."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.alerts.messages import compose
from monitor.app import App
from monitor.clock import SystemClock
from monitor.config import parse
from monitor.core.article import Article
from monitor.core.capture import Outcome, Validators
from monitor.core.policy import AlertEvent, HealthPolicy, Policy, RulePolicy
from monitor.daemon import Daemon
from monitor.errors import ConfigError
from monitor.health import Health
from monitor.ports import Message
from monitor.store import Store
from tests.alerts.receiver import Receiver, answer, receiving
from tests.bench.scale import fill
from tests.conftest import Monitor, fill_up
from tests.fakes import BODY, FakeClock, page
from tests.origin import Origin, Reply
from tests.store.desk import HOOK, MAIL, NOON, Desk, Story
from tests.store.test_daemon import HOLDER

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WATCHFUL = Policy(channels=(HOOK, MAIL), rules=(RulePolicy(channels=("hook", "mail"), events=(AlertEvent.GONE,)),))
DOWN = Outcome.UNREACHABLE


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield store
    await store.close()


@dataclass
class Night:
    """A daemon that looks after itself while things go wrong; `restarts` is another one on the same store."""

    desk: Desk
    health: Health

    @classmethod
    async def begins(cls, store: Store, policy: Policy = WATCHFUL) -> "Night":
        desk = Desk(store, policy)
        await store.sync_channels(policy, NOON)
        await store.hold_daemon(pid=1, host="here", now=NOON)
        return cls(desk, cls._health(desk))

    @staticmethod
    def _health(desk: Desk) -> Health:
        async def shout(names: Sequence[str], notice: Message) -> bool:
            raise AssertionError((names, notice))

        return Health(desk.store, desk.policy.health, [channel.name for channel in desk.policy.channels], shout)

    async def restarts(self, after: timedelta) -> None:
        await self.desk.store.release_daemon(NOON + after)
        await self.desk.store.hold_daemon(pid=2, host="here", now=NOON + after)
        self.health = self._health(self.desk)

    async def looks(self, *after: timedelta) -> None:
        for span in after:
            await self.health.look(NOON + span)

    async def told(self, channel: str = "hook") -> list[str]:
        """What one channel was told, oldest first."""
        rows = await self.desk.store.deliveries()
        return [str(row.notice or row.event) for row in reversed(rows) if row.channel == channel]


# -- status


@pytest.mark.parametrize(("articles", "hosts"), [(0, 0), (5, 2), (5_000, 300)])
def test_status_stays_readable_however_many_articles_are_late(
    monitor: Monitor, tmp_path: Path, articles: int, hosts: int
) -> None:
    fill(tmp_path / "monitor.db", articles, hosts, now=SystemClock().now() - HOUR, ahead=timedelta(0))

    ran = monitor("status")

    lines = ran.out.splitlines()
    assert len(lines) <= 30
    assert f"due       {articles}" in ran.out
    assert sum(line.startswith("late ") for line in lines) == min(articles, 10) + (articles > 10)
    assert ("... and 4990 more" in ran.out) == (articles == 5_000)
    document = json.loads(monitor("status", "--json").out)
    assert document["late_count"] == articles
    assert len(document["hosts"]) == hosts


def test_status_says_how_late_against_what_was_asked(monitor: Monitor, tmp_path: Path) -> None:
    fill(tmp_path / "monitor.db", 1, 1, now=SystemClock().now() - 5 * HOUR, ahead=2 * HOUR)

    ran = monitor("status")

    assert "story-1: due for 3 h (asked: every 2 h, achieved: 2 h)" in ran.out
    [late] = json.loads(monitor("status", "--json").out)["late"]
    assert (late["asked"], late["article_id"]) == (7200.0, 1)


async def polls(store: Store, source_id: int, after: timedelta, *, failed: int = 0) -> None:
    """A poll of the source; `failed` says how many in a row it makes that failed."""
    [source] = [source for source in await store.sources() if source.id == source_id]
    assert await store.record_poll(
        source_id,
        seq=source.seq,
        now=NOON + after,
        next_poll_at=NOON + after + 10 * MINUTE,
        outcome="server_error" if failed else "polled",
        detail="503" if failed else "",
        validators=Validators(),
        kind="rss",
        items=0,
        new=0,
        error_streak=failed,
    )


async def test_status_says_what_fails_since_when_and_why(store: Store) -> None:
    desk = Desk(store)
    article = await desk.watches()
    paused = await desk.watches("https://other.example/story")
    for one in (article, paused):
        await desk.reads(one, Story(), MINUTE)
        await desk.meets(one, Outcome.SERVER_ERROR, HOUR, status=503)
    await store.pause(paused.id, NOON + HOUR)
    source, _ = await store.add_source("https://news.example/rss", host="news.example", now=NOON)
    await polls(store, source.id, HOUR, failed=2)

    found = await store.status(NOON + 2 * HOUR)

    assert [(f.url, f.since, f.outcome, f.status) for f in found.failing] == [
        (article.url, NOON + HOUR, "server_error", 503)
    ]
    assert found.failing_count == 1
    assert [(f.url, f.outcome, f.detail, f.error_streak) for f in found.failing_sources] == [
        (source.url, "server_error", "503", 2)
    ]


def test_status_says_which_hosts_want_to_be_left_alone_until_when(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    fill(file, 5, 2, now=SystemClock().now())
    tomorrow = SystemClock().now() + timedelta(days=1)
    with closing(sqlite3.connect(file)) as connection, connection:
        blocked = (tomorrow.timestamp() * 1000, "paper-1.example")
        connection.execute("UPDATE host SET not_before = ?, error_streak = 3 WHERE name = ?", blocked)

    ran = monitor("status")

    [line] = [line for line in ran.out.splitlines() if line.startswith("blocked")]
    assert f"paper-1.example: left alone until {tomorrow.day} " in line
    assert "3 errors in a row" in line
    assert json.loads(monitor("status", "--json").out)["blocked_hosts"] == ["paper-1.example"]


# -- a monitor that sees nothing


def test_status_calls_a_blind_daemon_ill(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    fill(file, 1, 1, now=SystemClock().now() - 3 * HOUR, ahead=HOUR)
    with daemon_since(file, SystemClock().now() - 5 * HOUR):
        check, document = monitor("status", "--check"), json.loads(monitor("status", "--json").out)

    assert check.code == 1
    assert "the monitor sees nothing: the last check that succeeded was 3 h ago" in check.err
    assert document["sight"]["blind"] is True


@contextmanager
def daemon_since(file: Path, since: datetime) -> Iterator[None]:
    """A daemon that holds the store, and whose loops leave their marks."""
    child = subprocess.Popen([sys.executable, "-c", HOLDER, f"sqlite:///{file}"], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "held\n"
        with closing(sqlite3.connect(file)) as connection, connection:
            at, beat = (moment.timestamp() * 1000 for moment in (since, SystemClock().now()))
            connection.execute("UPDATE daemon SET since = ?, last_tick_at = ?, last_deliver_at = ?", (at, beat, beat))
        yield
    finally:
        child.kill()
        child.communicate()


async def test_a_blind_monitor_says_so_once_and_once_that_it_sees_again(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches()
    await night.desk.reads(article, Story(), MINUTE)
    await night.desk.meets(article, DOWN, 10 * MINUTE)
    await night.looks(39 * MINUTE)
    assert await night.told() == []

    await night.desk.meets(article, DOWN, 30 * MINUTE)
    await night.looks(40 * MINUTE, 41 * MINUTE)
    await night.restarts(42 * MINUTE)
    await night.desk.meets(article, DOWN, 50 * MINUTE)
    await night.looks(43 * MINUTE, 2 * HOUR)
    assert await night.told() == ["blind"]

    await night.desk.reads(article, Story(), 3 * HOUR)
    await night.looks(3 * HOUR + MINUTE, 3 * HOUR + 2 * MINUTE)
    await night.restarts(4 * HOUR)
    await night.looks(4 * HOUR)
    assert await night.told() == await night.told("mail") == ["blind", "sees"]


async def test_a_restart_alone_does_not_make_a_blind_monitor_see(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches()
    await night.desk.meets(article, DOWN, MINUTE)
    await night.looks(HOUR)
    await night.restarts(2 * HOUR)

    await night.looks(2 * HOUR, 3 * HOUR)

    assert await night.told() == ["blind"]


async def test_what_is_never_even_visited_is_not_seen_either(store: Store) -> None:
    night = await Night.begins(store)
    await night.desk.watches()

    await night.looks(29 * MINUTE)
    assert await night.told() == []
    await night.looks(30 * MINUTE)
    assert await night.told() == ["blind"]


async def test_where_nothing_is_due_nobody_is_blind(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches(every=timedelta(days=3))
    await night.desk.reads(article, Story(), MINUTE)

    await night.looks(timedelta(days=2))

    assert await night.told() == []


async def test_one_article_out_of_sight_beside_others_is_not_blindness(store: Store) -> None:
    night = await Night.begins(store)
    well, ill = [await night.desk.watches(f"https://news.example/{name}") for name in ("well", "ill")]
    await night.desk.reads(ill, Story(), MINUTE)
    for number in range(1, 20):
        await night.desk.reads(well, Story(), number * 10 * MINUTE)
        await night.desk.meets(ill, DOWN, number * 10 * MINUTE - MINUTE)
        await night.looks(number * 10 * MINUTE)

    assert "blind" not in await night.told()


async def test_an_article_that_its_publisher_took_down_blinds_nobody(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches()
    await night.desk.reads(article, Story(), MINUTE)
    for number in range(1, 5):
        await night.desk.meets(article, Outcome.GONE, number * HOUR, status=410)
    await night.looks(5 * HOUR)

    assert "blind" not in await night.told()


async def test_a_daemon_that_was_away_for_days_is_not_blind_at_its_start(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches()
    await night.desk.reads(article, Story(), MINUTE)
    await night.restarts(timedelta(days=3))

    await night.looks(timedelta(days=3) + MINUTE)

    assert await night.told() == []


async def test_only_the_named_channels_hear_of_the_monitor(store: Store) -> None:
    night = await Night.begins(store, replace(WATCHFUL, health=HealthPolicy(channels=("mail",))))
    await night.desk.watches()

    await night.looks(HOUR)

    assert (await night.told(), await night.told("mail")) == ([], ["blind"])


async def test_the_message_says_since_when_and_what_the_visits_met(store: Store) -> None:
    night = await Night.begins(store)
    article = await night.desk.watches()
    await night.desk.reads(article, Story(), MINUTE)
    await night.desk.meets(article, DOWN, 10 * MINUTE)
    await night.looks(HOUR)

    batch = await store.lease_deliveries("hook", owner="us", now=NOON + HOUR, until=NOON + 2 * HOUR)
    assert batch
    message = await compose(store, batch)

    assert message.type == json.loads(message.body)["type"] == "monitor.blind"
    assert message.subject == "The monitor sees nothing"
    assert "since 25 Jan 2022 12:10 UTC" in message.text
    assert "the last one at 25 Jan 2022 12:01 UTC" in message.text
    assert "unreachable (1)" in message.text


def test_a_channel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no channel 'desk'"):
        parse({"health": {"channels": ["desk"]}}, file=None, environ={})


# -- sources and articles out of sight


async def test_a_failing_source_is_told_once_and_once_that_it_recovered(store: Store) -> None:
    night = await Night.begins(store)
    source, _ = await store.add_source("https://news.example/rss", host="news.example", now=NOON)
    await polls(store, source.id, 10 * MINUTE, failed=2)
    await night.looks(HOUR)
    assert await night.told() == []

    await polls(store, source.id, HOUR, failed=3)
    await night.looks(HOUR, 2 * HOUR)
    await night.restarts(3 * HOUR)
    await polls(store, source.id, 3 * HOUR, failed=4)
    await night.looks(3 * HOUR)
    assert await night.told() == ["source_failing"]

    await polls(store, source.id, 4 * HOUR)
    await night.looks(4 * HOUR, 5 * HOUR)
    await night.restarts(6 * HOUR)
    await night.looks(6 * HOUR)
    assert await night.told() == ["source_failing", "source_recovered"]


async def test_a_source_that_fails_again_is_told_again(store: Store) -> None:
    night = await Night.begins(store)
    source, _ = await store.add_source("https://news.example/rss", host="news.example", now=NOON)
    for hours in (1, 3):
        await polls(store, source.id, hours * HOUR, failed=3)
        await night.looks(hours * HOUR)
        await polls(store, source.id, (hours + 1) * HOUR)
        await night.looks((hours + 1) * HOUR)

    assert await night.told() == ["source_failing", "source_recovered"] * 2


async def test_a_source_that_was_removed_says_nothing_more(store: Store) -> None:
    night = await Night.begins(store)
    source, _ = await store.add_source("https://news.example/rss", host="news.example", now=NOON)
    await polls(store, source.id, HOUR, failed=3)
    await night.looks(HOUR)
    await store.remove_source(source.id, NOON + 2 * HOUR)

    await night.looks(3 * HOUR)

    assert await night.told() == ["source_failing"]


@pytest.mark.parametrize("between", ["nothing", "a restart", "a pause"])
async def test_an_article_out_of_sight_is_told_once_and_once_that_it_recovered(store: Store, between: str) -> None:
    events = (AlertEvent.FAILING, AlertEvent.RECOVERED)
    rules = (RulePolicy(channels=("hook",), events=events),)
    night = await Night.begins(store, replace(WATCHFUL, rules=rules, health=HealthPolicy(channels=("mail",))))
    article = await night.desk.watches()
    await night.desk.reads(article, Story(), MINUTE)
    for number in range(1, 13):
        if number == 8:
            await interrupts(night, article, between, number * 20 * MINUTE - MINUTE)
        await night.desk.meets(article, DOWN, number * 20 * MINUTE)
    assert await night.told() == ["failing"]

    await interrupts(night, article, between, 5 * HOUR - MINUTE)
    for hours in (5, 6, 7):
        await night.desk.reads(article, Story(), hours * HOUR)

    assert await night.told() == ["failing", "recovered"]


async def interrupts(night: Night, article: Article, how: str, after: timedelta) -> None:
    if how == "a restart":
        await night.restarts(after)
    elif how == "a pause":
        await night.desk.store.pause(article.id, NOON + after)
        await night.desk.store.resume(article.id, NOON + after + MINUTE / 2)


# -- the dead man's switch


@asynccontextmanager
async def watching(folder: Path, url: str, *articles: str, **health: object) -> AsyncIterator[App]:
    """The whole program as it is at the start of a daemon, with a switch and a webhook at that address."""
    config = {
        "store": {"url": f"sqlite:///{folder / 'monitor.db'}"},
        "fetch": {"allow_networks": ["127.0.0.0/8"], "user_agent": "test", "respect_robots": False, "delay": "0s"},
        "health": {"ping_url": url, "ping_every": "5m", **health},
        "channels": [{"name": "hook", "type": "webhook", "url": url}],
        "articles": [{"url": article} for article in articles],
    }
    policy = parse(config, file=None, environ={})
    store, clock = Store.open(policy.store.url), FakeClock()
    await store.hold_daemon(pid=1, host="here", now=NOON)
    app = App(policy, store, clock=clock, jitter=lambda: 0.5)
    try:
        await app.ensure(NOON)
        yield app
    finally:
        await app.aclose()
        await store.close()


async def test_the_switch_is_asked_every_five_minutes_while_all_is_well(tmp_path: Path) -> None:
    async with receiving() as receiver, watching(tmp_path, receiver.url) as app:
        await app.ping(NOON)
        assert receiver.posts == []  # nobody has looked yet whether all is well

        await app.maintain(NOON)
        for minutes in range(11):
            await app.ping(NOON + minutes * MINUTE)

    assert [(post.method, post.path) for post in receiver.posts] == [("GET", "/T00/secret-path?key=k3y")] * 3


async def test_a_blind_monitor_asks_no_switch(tmp_path: Path) -> None:
    async with receiving() as receiver, watching(tmp_path, receiver.url, "http://127.0.0.1:9/story") as app:
        assert isinstance(app.clock, FakeClock)
        app.clock.advance(HOUR)
        await app.visit("127.0.0.1")
        await app.maintain(NOON + HOUR)
        await app.ping(NOON + HOUR)
        assert len(receiver.posts) == 1

        await app.maintain(NOON + 2 * HOUR)
        await app.ping(NOON + 2 * HOUR)

    assert len(receiver.posts) == 1


async def test_a_switch_that_does_not_answer_is_logged_once_without_its_path(tmp_path: Path) -> None:
    refusal = answer("500 Oops")
    answers = (refusal, refusal, refusal, answer("200 OK"))
    async with receiving(*answers) as receiver, watching(tmp_path, receiver.url) as app:
        await app.maintain(NOON)
        with capture_logs() as logs:
            for number in range(5):
                await app.ping(NOON + number * HOUR)

    events = [log["event"] for log in logs]
    assert events == ["ping_failed", "ping_heard"]
    assert "secret-path" not in str(logs)
    assert "500" in str(logs)


def test_the_address_of_the_switch_may_come_from_the_environment() -> None:
    policy = parse({"health": {"ping_url_env": "SWITCH"}}, file=None, environ={"SWITCH": "https://ping.example/uuid"})

    assert policy.health.ping_url == "https://ping.example/uuid"
    assert "uuid" not in repr(policy)


# -- a full disk


@pytest.mark.parametrize(("reserve", "leave"), [("0B", 0), ("1MB", 500_000)], ids=["no byte left", "little left"])
async def test_a_full_disk_pauses_fetching_is_told_once_and_loses_nothing(
    small_disk: Path, reserve: str, leave: int
) -> None:
    async with Origin() as origin, receiving() as receiver:
        story = ("Content-Type", "text/html")
        url = origin.serve("/story", Reply(200, page(dates="Updated 09:00 GMT 25.01.2022"), (story,)))
        async with watching(small_disk, receiver.url, url, disk_reserve=reserve) as app:
            daemon = ByHand(app)
            await daemon.works(MINUTE)
            edited = page(*BODY, "Forty-one were hurt.", dates="Updated 12:30 GMT 25.01.2022")
            origin.serve("/story", Reply(200, edited, (story,)))
            fill_up(small_disk, leave)

            with capture_logs() as logs:
                for minutes in range(60, 70):
                    await daemon.works(minutes * MINUTE)
            events = [log["event"] for log in logs]
            assert events.count("disk_full") == 1
            assert "checked" not in events
            assert not {"work_failed", "store_failed"} & {*events}
            assert kinds(receiver) == ["monitor.disk_full"]

            (small_disk / "pad").unlink()
            for minutes in range(72, 76):
                await daemon.works(minutes * MINUTE)
            assert sorted(kinds(receiver)) == ["article.changed", "monitor.disk_full", "monitor.disk_has_room"]
            [row] = await app.store.articles()
            assert row.versions == 2
            assert await app.store.verify() == []


@dataclass
class ByHand:
    """A daemon whose jobs and work are done when the test says so."""

    app: App

    async def works(self, after: timedelta) -> None:
        assert isinstance(self.app.clock, FakeClock)
        self.app.clock.at = NOON + after
        daemon = Daemon(self.app)
        for job in daemon._jobs:
            await daemon._run_job(job)
            for kind, key in [*self.app.runner._waiting]:  # type: ignore[attr-defined]  # the local runner's
                del self.app.runner._waiting[kind, key]  # type: ignore[attr-defined]
                await self.app.handlers()[kind](key)


def kinds(receiver: Receiver) -> list[str]:
    """What was posted, pings left out."""
    return [json.loads(post.body)["type"] for post in receiver.posts if post.method == "POST"]


async def test_with_less_room_than_the_reserve_nothing_is_fetched(tmp_path: Path) -> None:
    async with watching(tmp_path, "http://127.0.0.1:9/", "http://127.0.0.1:9/s", disk_reserve="9999GB") as app:
        assert await app.tick(NOON) == 0
        assert await app.discover(NOON) == 0

        await app.reload(replace(app.policy, health=replace(app.policy.health, disk_reserve=0)))

        assert await app.tick(NOON) == 1


def test_status_calls_a_full_disk_by_its_name(monitor: Monitor, tmp_path: Path) -> None:
    fill(tmp_path / "monitor.db", 1, 1, now=SystemClock().now())
    (tmp_path / "config.toml").write_text("[health]\ndisk_reserve = '9999GB'\n")

    check = monitor("status", "--check")

    assert check.code == 1
    assert "the disk of the store has too little room" in check.err
    assert json.loads(monitor("status", "--json").out)["disk"]["full"] is True
