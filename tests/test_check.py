"""The commands a person types, end to end over loopback: add, check, history, alert; from cron too."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.clock import SystemClock
from monitor.core.policy import ArticleEntry
from monitor.errors import ConfigError
from tests.alerts.receiver import receiving
from tests.extract.pages import wire_layout
from tests.fakes import BODY
from tests.fakes import page as article_page
from tests.origin import Origin, Received, Reply, page, redirect
from tests.test_main_path import look, policy_for, program

EDITED = (BODY[0].replace("12 people", "17 people"), *BODY[1:])
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{url}/</link>
{items}</channel></rss>"""


def html(body: bytes) -> Reply:
    return Reply(200, body, (("Content-Type", "text/html"),))


async def test_the_alert_of_a_page_in_the_wire_layout_shows_both_times(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        url = origin.serve("/20220125/story.html", html(wire_layout(updated="")))
        article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        await look(app, [article])
        more = b"The first boat is to sail on Friday at eight, the harbour master added later."
        mark = b'<div class="article__block" data-type="article">'
        block = b'<div class="article__block" data-type="text"><div class="article__text">' + more + b"</div></div>"
        longer = wire_layout().replace(mark, block + mark)
        origin.serve("/20220125/story.html", html(longer))
        await look(app, [article])
        await app.deliver_due()

        [post] = receiver.posts
        told = json.loads(post.body)["data"]
        assert told["change"]["declaration"] == "announced"
        assert told["publisher"] == {
            "published_at": "2022-01-25T09:28:00Z",
            "updated_at": "2022-01-25T09:55:00Z",
            "updated_raw": "Updated: 09:55 GMT 25.01.2022",
            "previous_updated_at": None,
        }
        newest = (await app.store.history(article.id))[-1].version
        assert (newest.live, newest.claimed_updated_raw) == (True, "Updated: 09:55 GMT 25.01.2022")


async def test_a_stealth_edit_is_seen_twice_before_it_is_told_once(tmp_path: Path) -> None:
    dates = "09:00 GMT 25.01.2022 (Updated: 09:55 GMT 25.01.2022)"
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        url = origin.serve("/story", html(article_page(dates=dates)))
        article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        await look(app, [article])
        origin.serve("/story", html(article_page(*EDITED, dates=dates)))
        asked = len(origin.requests)
        outcomes = await look(app, [article])
        await app.deliver_due()

        assert outcomes == {"changed": 1, "unchanged": 1}
        assert len(origin.requests) == asked + 2
        [post] = receiver.posts
        change = json.loads(post.body)["data"]["change"]
        assert (change["declaration"], change["state"]) == ("stealth", "confirmed")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (page("<p>no", status=404), "missing"),
        (page("<p>no", status=403), "blocked"),
        (page("<p>no", status=500), "server_error"),
        (page("<p>wait", status=429, retry_after="60"), "throttled"),
        (redirect("http://10.0.0.1/"), "refused"),
        (b"not http at all\r\n\r\n", "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_the_article_is_observed_and_never_a_version(
    tmp_path: Path, reply: Reply | bytes, outcome: str
) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        url = origin.serve("/story", html(article_page()))
        article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        await look(app, [article])
        origin.serve("/story", reply)

        assert outcome in await look(app, [article])
        assert len(await app.store.history(article.id)) == 1
        assert [row.kind for row in await app.store.observations(article.id)] == [outcome]
        assert receiver.posts == []


async def test_a_feed_yields_articles_and_only_live_keeps_those_with_a_marker(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        origin.serve("/quiet", html(article_page()))
        origin.serve("/live", html(article_page(marker="Being updated")))
        links = "".join(f"<item><title>x</title><link>{origin.url}/{name}</link></item>" for name in ("quiet", "live"))
        feed = RSS.format(url=origin.url, items=links).encode()
        origin.serve("/feed", Reply(200, feed, (("Content-Type", "application/rss+xml"),)))
        source, _ = await app.store.add_source(
            f"{origin.url}/feed", host="127.0.0.1", now=app.clock.now(), only_live=True, origin="user"
        )
        polled = await app.poll(str(source.id))
        assert polled
        assert (polled.outcome, polled.items, polled.new) == ("polled", 2, 2)
        await look(app, await app.store.due_articles("127.0.0.1", app.clock.now(), 10))
        origin.serve("/feed", Reply(200, RSS.format(url=origin.url, items="").encode()))
        await app.poll(str(source.id))

        watched = [row.article for row in await app.store.articles()]
        assert [article.url for article in watched] == [f"{origin.url}/live"]


async def test_a_visit_checks_the_due_articles_of_one_host_and_gives_it_back(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        for number in range(3):
            url = origin.serve(f"/{number}", html(article_page(headline=f"Story number {number} of the harbour")))
            await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())

        assert [checked.outcome for checked in await app.visit("127.0.0.1")] == ["first"] * 3
        assert await app.visit("127.0.0.1") == []
        host = await app.store.host("127.0.0.1")
        assert host
        assert host.leased_by is None


async def test_a_host_that_is_being_visited_is_left_alone(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        url = origin.serve("/story", html(article_page()))
        await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        other = App(policy_for(receiver.url), app.store, clock=SystemClock(), jitter=lambda: 0.5)
        other.owner = "elsewhere:1"
        assert await other._lease("127.0.0.1")

        assert await app.visit("127.0.0.1") == []
        assert origin.requests == []
        await other.aclose()


async def test_a_poll_and_a_visit_of_one_host_take_turns_and_keep_its_delay(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        asked, release = asyncio.Event(), asyncio.Event()

        async def slow(request: Received, writer: asyncio.StreamWriter) -> None:
            asked.set()
            await release.wait()
            writer.write(html(article_page()).encoded())

        url, feed = origin.serve("/story", slow), origin.url + "/feed"
        now = app.clock.now()
        await app.store.add_article(url, host="127.0.0.1", now=now)
        source, _ = await app.store.add_source(feed, host="127.0.0.1", now=now, origin="user")
        visiting = asyncio.create_task(app.visit("127.0.0.1"))
        await asked.wait()

        assert await app.poll(str(source.id)) is None
        assert await app.store.due_sources(app.clock.now(), 10) == []
        release.set()
        await visiting
        now = app.clock.now()
        assert await app.store.lease_host("127.0.0.1", owner="another", now=now, until=now)
        await app.store.release_host("127.0.0.1", owner="another", not_before=now + timedelta(hours=1))
        assert await app.poll(str(source.id)) is None
        assert [request.target for request in origin.requests] == ["/story"]


async def test_a_page_that_is_byte_for_byte_the_same_is_not_read_again(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        url = origin.serve("/story", html(article_page()))
        article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        await look(app, [article])

        assert await look(app, [article]) == {"unchanged": 1}
        assert len(await app.store.history(article.id)) == 1


async def test_an_article_of_the_configuration_rests_when_a_person_or_the_file_says_so(tmp_path: Path) -> None:
    url = "https://news.example/story"
    listed = replace(policy_for("http://127.0.0.1:9/"), articles=(ArticleEntry(url=url, tags=("harbour",)),))

    async def stage() -> str:
        [row] = await app.store.articles()
        return row.article.stage.value

    async with program(tmp_path, "http://127.0.0.1:9/") as app:
        await app.reload(listed)
        assert await stage() == "found"
        [row] = await app.store.articles()
        await app.store.pause(row.article.id, app.clock.now())
        await app.reload(listed)
        assert await stage() == "paused", "a start must not undo what a person did"
        await app.store.resume(row.article.id, app.clock.now())

        await app.reload(replace(listed, articles=()))
        assert await stage() == "paused"
        await app.reload(listed)
        assert await stage() == "found"


async def test_a_reload_that_cannot_work_changes_nothing(tmp_path: Path) -> None:
    async with program(tmp_path, "http://127.0.0.1:9/") as app:
        before, fetch = app.policy, app.fetch
        broken = replace(before.channels[0], secret="no base64 at all")

        with pytest.raises(ConfigError):
            await app.reload(replace(before, channels=(broken,)))

        assert (app.policy, app.fetch) == (before, fetch)
