"""Polls of sources over loopback: what becomes watched, what was left out, and how little is asked of the site."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.clock import SystemClock
from monitor.core.article import ClaimSource
from monitor.core.policy import Policy, Selection
from monitor.poll import Polled
from monitor.store import SourceRow, Store
from tests.fakes import page as story
from tests.origin import Origin, Received, Reply, page
from tests.test_main_path import policy_for, program


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    async with Origin() as origin:
        yield origin


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with program(tmp_path, "http://127.0.0.1:9/") as app:
        yield app


async def follow(app: App, url: str, selection: Selection = Selection()) -> SourceRow:  # noqa: B008  # frozen
    source, _ = await app.store.add_source(url, host="127.0.0.1", now=app.clock.now(), selection=selection)
    return source


async def poll(app: App, source: SourceRow) -> Polled:
    polled = await app.poll(str(source.id))
    assert polled is not None
    return polled


async def watched(app: App) -> list[str]:
    return [row.article.url.split("/", 3)[3] for row in await app.store.articles()]


def feed(*items: str) -> Reply:
    return Reply(200, f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode())


def item(path: str, category: str = "Local") -> str:
    return f"<item><title>t</title><link>{path}</link><category>{category}</category></item>"


async def test_an_article_stays_watched_after_it_has_left_the_list(origin: Origin, app: App) -> None:
    first, second = ("<main><a class='story' href='/mayor'>M</a></main>", "<main><a class='story' href='/ferry'>F</a>")
    url = origin.serve("/latest", page(first), page(second))
    source = await follow(app, url, Selection(links="main a.story"))

    assert [(p.outcome, p.items, p.new) for p in (await poll(app, source), await poll(app, source))] == [
        ("polled", 1, 1),
        ("polled", 1, 1),
    ]
    assert await watched(app) == ["mayor", "ferry"]


async def test_a_page_is_refused_with_the_feeds_it_names_until_it_is_said_which_links(origin: Origin, app: App) -> None:
    url = origin.serve("/", page("<link rel=alternate type='application/rss+xml' href='/rss'><a href='/2022/x'>x</a>"))
    source = await follow(app, url)
    refused = await poll(app, source)
    assert (refused.outcome, "/rss" in refused.detail) == ("refused", True)

    again = await follow(app, url, Selection(pattern=("/2022/*",)))

    assert (await poll(app, again)).outcome == "polled"
    assert await watched(app) == ["2022/x"]


async def test_a_listing_whose_links_are_no_longer_found_fails_aloud(origin: Origin, app: App) -> None:
    source = await follow(app, origin.serve("/latest", page("<p>Rebuilt.")), Selection(links="main a.story"))

    polled = await poll(app, source)

    assert (polled.outcome, polled.detail.startswith("no link on the page fits")) == ("refused", True)


async def test_an_error_page_does_not_turn_a_feed_with_a_pattern_into_a_listing(origin: Origin, app: App) -> None:
    url = origin.serve("/rss", feed(item("/2022/a")), page("<a href='/2022/sorry'>Sorry</a>"))
    source = await follow(app, url, Selection(pattern=("/2022/*",)))

    assert (await poll(app, source)).outcome == "polled"
    assert [(await poll(app, source)).outcome for _ in range(2)] == ["refused", "refused"]
    assert await watched(app) == ["2022/a"]


async def test_what_was_left_out_is_counted_and_stays_counted_while_the_feed_rests(origin: Origin, app: App) -> None:
    async def answer(request: Received, writer: object) -> None:
        unchanged = request.header("if-none-match") == '"1"'
        whole = Reply(200, feed(item("/a"), item("/b", "Sport"), item("/c", "Sport")).body, (("ETag", '"1"'),))
        writer.write((Reply(304) if unchanged else whole).encoded())  # type: ignore[attr-defined]  # a StreamWriter

    source = await follow(app, origin.serve("/rss", answer), Selection(section=("sport",)))

    counts = [(p.outcome, p.items, p.filtered, p.new) for p in (await poll(app, source), await poll(app, source))]
    assert counts == [("polled", 3, 1, 2), ("not_modified", 3, 1, 0)]
    [row] = await app.store.sources()
    assert (row.items, row.filtered) == (3, 1)
    assert await watched(app) == ["b", "c"]


def urlset(*paths: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>".encode()


def index(*paths: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{path}</loc></sitemap>' for path in paths)}</sitemapindex>".encode()


async def test_an_index_yields_what_its_sitemaps_hold(origin: Origin, app: App) -> None:
    origin.serve("/1.xml", Reply(200, urlset("/a", "/b")))
    origin.serve("/2.xml.gz", Reply(200, gzip.compress(urlset("/c")), (("Content-Type", "application/gzip"),)))
    source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index("/1.xml", "/2.xml.gz"))))

    polled = await poll(app, source)

    assert (polled.outcome, polled.items, polled.new, polled.detail) == ("polled", 3, 3, "")
    assert await watched(app) == ["a", "b", "c"]


async def test_the_sitemaps_of_an_index_are_asked_for_conditionally_even_when_the_index_rests(
    origin: Origin, app: App
) -> None:
    origin.serve("/1.xml", Reply(200, urlset("/a"), (("ETag", '"one"'),)), Reply(304))
    url = origin.serve("/sitemap.xml", Reply(200, index("/1.xml"), (("ETag", '"all"'),)), Reply(304))
    source = await follow(app, url)
    await poll(app, source)

    again = await poll(app, source)

    assert (again.outcome, again.items, again.new) == ("polled", 1, 0)
    assert [request.header("if-none-match") for request in origin.asked("/1.xml")] == [None, '"one"']
    assert [request.header("if-none-match") for request in origin.asked("/sitemap.xml")] == [None, '"all"']


async def test_a_sitemap_that_fails_is_named_and_the_others_are_read(origin: Origin, app: App) -> None:
    origin.serve("/1.xml", Reply(200, urlset("/a")))
    source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index("/1.xml", "/lost.xml"))))

    polled = await poll(app, source)

    assert (polled.outcome, polled.new) == ("polled", 1)
    assert "1 of 2 sitemaps could not be read" in polled.detail


async def test_a_sitemap_that_could_not_be_read_is_tried_again_although_the_index_rests(
    origin: Origin, app: App
) -> None:
    origin.serve("/1.xml", Reply(200, urlset("/a")))
    origin.serve("/late.xml", Reply(500), Reply(200, urlset("/b")))
    url = origin.serve("/sitemap.xml", Reply(200, index("/1.xml", "/late.xml"), (("ETag", '"all"'),)))
    source = await follow(app, url)
    await poll(app, source)

    assert (await poll(app, source)).new == 1
    assert [request.header("if-none-match") for request in origin.asked("/sitemap.xml")] == [None, None]
    assert await watched(app) == ["a", "b"]


async def test_an_index_within_an_index_is_not_followed(origin: Origin, app: App) -> None:
    origin.serve("/more.xml", Reply(200, index("/deep.xml")))
    source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index("/more.xml"))))

    polled = await poll(app, source)

    assert (polled.outcome, "an index itself" in polled.detail) == ("refused", True)
    assert origin.asked("/deep.xml") == []


async def test_an_index_for_which_there_is_no_time_keeps_what_it_knew(origin: Origin, app: App) -> None:
    origin.serve("/1.xml", Reply(200, urlset("/a")))
    source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index("/1.xml"))))
    await poll(app, source)
    [known] = await app.store.sources()

    async def no_time(url: str) -> bool:
        return False

    polled = await app.poller.poll(known, no_time)

    assert (polled.outcome, polled.items) == ("polled", 1)
    assert len(origin.asked("/1.xml")) == 1


async def test_a_selection_comes_back_from_the_store_as_it_was(app: App) -> None:
    selection = Selection(
        links="main a",
        pattern=("/20*",),
        exclude=("*.pdf", "/video/*"),
        section=("News",),
        language=("en", "de"),
        max_age=timedelta(days=2),
    )

    await follow(app, "https://news.example/", selection)

    [row] = await app.store.sources()
    assert row.selection == selection


# -- a selector for pages, given to what is none


@pytest.mark.parametrize("form", ["rss", "sitemap", "sitemap-index"])
async def test_links_asked_of_what_is_no_page_are_told_at_every_poll(origin: Origin, app: App, form: str) -> None:
    answers = {"rss": feed(item("/a")).body, "sitemap": urlset("/a"), "sitemap-index": index("/1.xml")}
    origin.serve("/1.xml", Reply(200, urlset("/a")))
    url = origin.serve("/source", Reply(200, answers[form], (("ETag", '"1"'),)), Reply(304))
    source = await follow(app, url, Selection(links="main a"))

    first, second = await poll(app, source), await poll(app, source)

    for polled in (first, second):
        assert f"links 'main a' is for pages, and this is a feed or sitemap ({form})" in polled.detail
        assert not polled.failed
    assert await watched(app) == ["a"], "what the source lists is not lost for it"
    [row] = await app.store.sources()
    assert row.detail == second.detail


# -- sitemaps on other hosts


@asynccontextmanager
async def polite_program(folder: Path, delay: timedelta) -> AsyncIterator[App]:
    """The program as it is outside of tests: robots.txt is obeyed, and hosts are given time."""
    store = Store.open(f"sqlite:///{folder / 'polite.db'}")
    fetch = replace(policy_for("http://127.0.0.1:9/").fetch, delay=delay, respect_robots=True)
    app = App(Policy(fetch=fetch), store, clock=SystemClock(), jitter=lambda: 0.5)
    try:
        yield app
    finally:
        await app.aclose()
        await store.close()


async def test_sitemaps_on_another_host_are_read_under_its_robots_txt_and_delay(origin: Origin, tmp_path: Path) -> None:
    asked_at: list[float] = []

    async def noted(request: Received, writer: asyncio.StreamWriter) -> None:
        asked_at.append(asyncio.get_running_loop().time())
        writer.write(Reply(200, urlset(f"/from{request.target}")).encoded())

    delay = timedelta(milliseconds=250)
    async with Origin(address="127.0.0.2") as other, polite_program(tmp_path, delay) as app:
        other.serve("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /secret"))
        children = [other.serve(path, noted) for path in ("/1.xml", "/2.xml", "/secret.xml")]
        origin.serve("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /1.xml"))
        source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index(*children))))

        polled = await poll(app, source)

        assert (polled.outcome, polled.new) == ("polled", 2)
        assert polled.detail.startswith("1 of 3 sitemaps could not be read, such as " + children[2])
        assert [request.target for request in other.requests] == ["/robots.txt", "/1.xml", "/2.xml"]
        assert asked_at[1] - asked_at[0] >= delay.total_seconds()
        hosts = [await app.store.host(name) for name in ("127.0.0.1", "127.0.0.2")]
        assert all(host and host.not_before and host.leased_until is None for host in hosts), "both are given back"


async def test_a_sitemap_of_a_host_that_is_visited_or_rests_waits_for_another_poll(
    origin: Origin, tmp_path: Path
) -> None:
    async with Origin(address="127.0.0.2") as other, polite_program(tmp_path, timedelta(0)) as app:
        child = other.serve("/1.xml", Reply(200, urlset("/far")))
        origin.serve("/2.xml", Reply(200, urlset("/near")))
        source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index(child, "/2.xml"))))
        now = app.clock.now()
        await app.store.lease_host("127.0.0.2", owner="another", now=now, until=now + timedelta(minutes=1))
        await app.store.release_host("127.0.0.2", owner="another", not_before=now + timedelta(minutes=1))

        polled = await poll(app, source)

        assert (polled.outcome, polled.new, other.requests) == ("polled", 1, [])
        assert await watched(app) == ["near"]


async def test_a_host_that_asks_for_a_pause_is_not_asked_for_its_other_sitemaps(origin: Origin, app: App) -> None:
    origin.serve("/1.xml", Reply(429, headers=(("Retry-After", "600"),)))
    origin.serve("/2.xml", Reply(200, urlset("/a")))
    source = await follow(app, origin.serve("/sitemap.xml", Reply(200, index("/1.xml", "/2.xml"))))

    polled = await poll(app, source)

    assert (polled.outcome, "429" in polled.detail) == ("refused", True)
    assert origin.asked("/2.xml") == []


# -- what a source says of its articles


def atom(updated: str, headline: str = "Ferry aground") -> Reply:
    return Reply(
        200,
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{headline}</title><link href='/story'/>"
        f"<published>2022-01-25T09:28:00Z</published><updated>{updated}</updated></entry></feed>".encode(),
    )


async def test_the_times_of_a_feed_are_claims_and_one_that_moves_brings_the_next_look_forward(
    origin: Origin, app: App
) -> None:
    first, later = "2022-01-25T09:55:00Z", "2022-01-25T12:41:07Z"
    url = origin.serve("/atom", atom(first), atom(first), atom(later))
    origin.serve("/story", Reply(200, story(), (("Content-Type", "text/html"),)))
    source = await follow(app, url)
    await poll(app, source)
    [row] = await app.store.articles()
    await app.visit("127.0.0.1")

    [version] = await app.store.versions(row.article.id)
    said = [(c.kind, c.raw, c.precision, c.believed) for c in version.content.claims if c.source is ClaimSource.FEED]
    assert said == [("published", "2022-01-25T09:28:00Z", "second", False), ("updated", first, "second", False)]
    assert version.content.claimed_updated_at is None, "what a feed says is noted, and not taken for the page's word"

    planned = (await app.store.article(row.article.id)).next_check_at
    await poll(app, source)
    assert (await app.store.article(row.article.id)).next_check_at == planned
    await poll(app, source)
    hastened = (await app.store.article(row.article.id)).next_check_at
    assert hastened is not None
    assert planned is not None
    assert hastened < planned
