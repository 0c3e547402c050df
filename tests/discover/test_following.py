"""`sources add` as a person meets it: from an address to what is followed."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.cli.polling import polled_line
from monitor.core.capture import Capture, Outcome
from monitor.core.policy import SchedulePolicy, Selection
from monitor.discover import Found
from monitor.poll import Poller
from monitor.ports import Request
from monitor.store import Store
from tests.conftest import Monitor
from tests.origin import Origin, Received, Reply, page

CONFIG = "[fetch]\nallow_networks = ['127.0.0.0/8']\ndelay = '0s'\n"


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Origin]:
    """A site on loopback, served from a thread: the command line has a loop of its own."""
    (tmp_path / "config.toml").write_text(CONFIG)
    loop, origin = asyncio.new_event_loop(), Origin()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(origin.__aenter__(), loop).result()
    yield origin
    asyncio.run_coroutine_threadsafe(origin.__aexit__(None, None, None), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def feed(*paths: str, title: str = "News") -> Reply:
    items = "".join(f"<item><title>t</title><link>{path}</link></item>" for path in paths)
    return Reply(200, f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode())


def atom(*paths: str) -> Reply:
    entries = "".join(f"<entry><title>t</title><link href='{path}'/></entry>" for path in paths)
    return Reply(200, f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{entries}</feed>".encode())


def names(*feeds: str) -> Reply:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{feed}'>" for feed in feeds)
    return page(f"<!doctype html><html><head>{links}</head><body><a href='/2022/x'>The mayor resigns</a></body></html>")


def followed(monitor: Monitor) -> list[str]:
    return [row["url"].split("/", 3)[3] for row in json.loads(monitor("sources", "list", "--json").out)]


def test_the_feed_that_a_front_page_names_is_followed(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names("/rss"))
    origin.serve("/rss", feed("/a", "/b"))

    ran = monitor("sources", "add", url)

    assert (ran.code, ran.out) == (0, f"following  1  {origin.url}/rss  rss, 2 items “News”\n")
    assert followed(monitor) == ["rss"]
    assert [request.target for request in origin.requests] == ["/robots.txt", "/", "/rss"]


def test_of_two_forms_of_one_feed_the_one_that_tells_updates_is_followed(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names("/rss", "/atom", "/comments/feed"))
    origin.serve("/rss", feed("/a", "/b"))
    origin.serve("/atom", atom("/a", "/b"))
    origin.serve("/comments/feed", feed("/c", "/d", "/e"))

    ran = monitor("sources", "add", url)

    assert ran.out.endswith(f"/atom  atom, 2 items “News”; the same articles as {origin.url}/rss\n")
    assert followed(monitor) == ["atom"]


def test_several_feeds_are_listed_and_one_must_be_named(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names("/world", "/sport"))
    origin.serve("/world", feed("/a", title="World"))
    origin.serve("/sport", feed("/b", "/c", title="Sport"))

    ran = monitor("sources", "add", url)

    assert ran.code == 2
    assert ran.out.splitlines() == [
        f"{origin.url}/sport  rss, 2 items “Sport”",
        f"{origin.url}/world  rss, 1 items “World”",
    ]
    assert "--all" in ran.err
    assert followed(monitor) == []


def test_all_of_them_are_followed_when_asked_for(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names("/world", "/sport"))
    origin.serve("/world", feed("/a"))
    origin.serve("/sport", feed("/b"))

    assert monitor("sources", "add", url, "--all", "--tag", "city").code == 0
    assert followed(monitor) == ["world", "sport"]


def test_the_usual_places_are_tried_only_where_no_feed_is_named(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names())
    origin.serve("/rss.xml", feed("/a"))
    origin.serve("/atom.xml", atom("/a"))

    assert monitor("sources", "add", url).code == 0
    assert followed(monitor) == ["rss.xml"]
    assert origin.asked("/atom.xml") == []


def test_a_news_sitemap_that_robots_txt_names_is_found(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names())
    origin.serve("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /feed\nSitemap: /maps/news.xml\n"))
    origin.serve("/maps/news.xml", Reply(200, b"<urlset><url><loc>/a</loc></url></urlset>"))

    assert monitor("sources", "add", url).code == 0
    assert followed(monitor) == ["maps/news.xml"]
    assert origin.asked("/feed") == [], "robots.txt is obeyed in a search too"


def test_a_site_without_a_feed_is_told_how_to_be_watched(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/", names()))

    assert ran.code == 1
    assert "offers no feed" in ran.err
    assert "--links" in ran.err
    assert followed(monitor) == []


@pytest.mark.parametrize("option", [("--links", "body a"), ("--pattern", "/20*/*")])
def test_a_page_is_watched_itself_when_it_is_said_which_links(
    monitor: Monitor, origin: Origin, option: tuple[str, str]
) -> None:
    url = origin.serve("/", names("/rss"))

    ran = monitor("sources", "add", url, *option)

    assert (ran.code, "a page with 1 such links: The mayor resigns" in ran.out) == (0, True)
    assert followed(monitor) == [""]
    assert origin.asked("/rss") == []
    polled = monitor("sources", "poll")
    assert polled.out.startswith("polled  1 items, 1 new")


def test_a_selector_that_fits_nothing_is_told_at_once(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/", names()), "--links", "a.story")

    assert (ran.code, "no link on" in ran.err) == (1, True)
    assert followed(monitor) == []


def test_a_feed_is_followed_as_it_is_and_filters_are_kept(monitor: Monitor, origin: Origin) -> None:
    origin.serve("/rss", feed("/2022/a", "/video/b", "/2022/c"))

    monitor("sources", "add", f"{origin.url}/rss", "--pattern", "/20*", "--exclude", "*c", "--max-age", "2d")

    assert monitor("sources", "poll").out.startswith("polled  3 items, 2 filtered, 1 new")
    [row] = json.loads(monitor("sources", "list", "--json").out)
    assert (row["items"], row["kept"], row["filtered"]) == (3, 1, 2)
    assert (row["pattern"], row["exclude"], row["max_age_seconds"]) == (["/20*"], ["*c"], 172_800)
    shown = monitor("sources", "list").out
    assert "filtered" in shown
    assert "pattern /20*" in shown


def test_a_host_that_asks_for_a_pause_is_left_alone(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/", names())
    origin.serve("/feed", Reply(429, headers=(("Retry-After", "600"),)))
    origin.serve("/rss", feed("/a"))

    ran = monitor("sources", "add", url)

    assert (ran.code, "cut short" in ran.err) == (1, True)
    assert origin.asked("/rss") == []


def test_a_selector_for_a_feed_is_told_to_be_for_pages(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/rss", feed("/a")), "--links", "main a")

    assert (ran.code, "--links is for pages" in ran.err) == (1, True)


def test_a_selector_for_a_feed_that_is_followed_already_is_told_and_not_kept(monitor: Monitor, origin: Origin) -> None:
    url = origin.serve("/rss", feed("/a"))
    monitor("sources", "add", url)
    monitor("sources", "poll")

    ran = monitor("sources", "add", url, "--links", "main a")

    assert (ran.code, "--links is for pages" in ran.err) == (1, True)
    assert json.loads(monitor("sources", "list", "--json").out)[0]["links"] is None


def test_a_selector_for_what_turns_out_to_be_a_feed_is_told_by_its_poll(monitor: Monitor, origin: Origin) -> None:
    monitor("sources", "add", origin.serve("/rss", feed("/a")), "--as-is", "--links", "main a")

    polled = monitor("sources", "poll")

    assert (polled.code, polled.out.startswith("polled  1 items, 1 new")) == (0, True)
    for said in (polled.out, monitor("sources", "list").out):
        assert "links 'main a' is for pages" in " ".join(said.split())


def test_several_sources_of_one_host_are_polled_with_its_delay(
    monitor: Monitor, origin: Origin, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.replace("'0s'", "'300ms'"))
    asked_at: list[float] = []

    async def noted(request: Received, writer: asyncio.StreamWriter) -> None:
        asked_at.append(asyncio.get_running_loop().time())
        writer.write(feed("/a").encoded())

    for path in ("/1", "/2", "/3"):
        monitor("sources", "add", origin.serve(path, noted), "--as-is")

    ran = monitor("sources", "poll")

    assert (ran.code, ran.out.count("polled")) == (0, 3)
    assert len(asked_at) == 3
    assert min(later - former for former, later in pairwise(asked_at)) >= 0.3


@pytest.mark.parametrize(
    ("verb", "answer", "says"),
    [
        (
            ("check",),
            Reply(500),
            "warning: server_error  {url}  500 Internal Server Error; the site has a fault; it is",
        ),
        (("check",), names("/rss"), "to watch the page itself, say which links"),
        (("sources", "poll"), Reply(404), "missing  {url}  404 Not Found; nothing is there any more; look where"),
        (("sources", "poll"), Reply(200, b"<catalog/>"), "first element is <catalog>; open the address"),
    ],
    ids=["500", "page", "404", "no feed"],
)
def test_a_poll_that_failed_says_why_and_what_to_do(
    monitor: Monitor, origin: Origin, verb: tuple[str, ...], answer: Reply, says: str
) -> None:
    url = origin.serve("/rss", answer)
    monitor("sources", "add", url, "--as-is")

    ran = monitor(*verb)

    assert ran.code == 1
    assert says.format(url=url) in ran.out + ran.err


async def test_every_way_to_fail_has_a_next_step(tmp_path: Path) -> None:
    at, url = datetime(2022, 1, 25, tzinfo=UTC), "https://news.example/rss"
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    source, _ = await store.add_source(url, host="news.example", now=at)
    for outcome in set(Outcome) - {Outcome.FETCHED, Outcome.NOT_MODIFIED}:
        capture = Capture(url=url, final_url=url, outcome=outcome, asked_at=at, captured_at=at, detail="So it was")
        poller = Poller(
            store=store, fetch=Answering(capture), discover=nothing, schedule=SchedulePolicy(), jitter=float
        )

        line, good = polled_line(await poller.poll(source))

        assert not good
        assert re.fullmatch(rf"{outcome}  {re.escape(url)}  So it was; .*\w.*", line), line
    await store.close()


@dataclass(frozen=True)
class Answering:
    """A fetch that always comes to the same."""

    capture: Capture

    async def fetch(self, request: Request) -> Capture:  # noqa: ARG002  # whatever is asked
        return self.capture


async def nothing(capture: Capture, selection: Selection) -> Found:
    raise AssertionError("nothing was fetched")


def test_a_poll_of_a_host_that_rests_says_until_when(monitor: Monitor, origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.replace("'0s'", "'2h'"))
    for path in ("/1", "/2"):
        monitor("sources", "add", origin.serve(path, feed("/a")), "--as-is")

    ran = monitor("sources", "poll")

    assert ran.code == 1
    assert [line.split()[0] for line in ran.out.splitlines()] == ["polled", "postponed"]
    assert "until" in ran.out


def test_an_address_that_is_nothing_is_not_followed(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", f"{origin.url}/typo")

    assert (ran.code, "check the address" in ran.err) == (1, True)
    assert followed(monitor) == []


def test_a_site_that_is_down_is_followed_with_a_warning(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/rss", Reply(500)))

    assert (ran.code, "followed anyway" in ran.err) == (0, True)
    assert followed(monitor) == ["rss"]


def test_what_is_no_source_is_refused_with_its_reason(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/x", Reply(200, b"<catalog/>")))

    assert (ran.code, "its first element is <catalog>" in ran.err) == (1, True)


def test_what_a_feed_says_cannot_steer_the_terminal(monitor: Monitor, origin: Origin) -> None:
    ran = monitor("sources", "add", origin.serve("/rss", feed("/a", title="N\x1b[31mews\u202e")))

    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


# -- lists

OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head/><body>
<outline text="City"><outline text="A" xmlUrl="https://a.example/rss" category="/local/,harbour"/></outline>
<outline text="B" xmlurl="https://b.example/feed?a=1&amp;b=2"/><outline text="no feed"/></body></opml>"""


def test_a_list_of_feeds_is_followed_with_its_folders_as_tags(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)

    ran = monitor("sources", "add", "--from", "feeds.opml", "--tag", "x")

    assert ran.code == 0
    first, second = json.loads(monitor("sources", "list", "--json").out)
    assert (first["url"], first["tags"]) == ("https://a.example/rss", ["x", "City", "local", "harbour"])
    assert (second["url"], second["tags"]) == ("https://b.example/feed?a=1&b=2", ["x"])


def test_what_is_exported_can_be_followed_elsewhere(monitor: Monitor, tmp_path: Path) -> None:
    monitor("sources", "add", "https://a.example/rss?a=1&b=<2>", "--as-is", "--tag", "city & \x01 port")
    exported = monitor("sources", "export").out
    (tmp_path / "out.opml").write_text(exported)

    ran = monitor("--store", "other.db", "sources", "add", "--from", "out.opml")

    assert ran.code == 0
    [row] = json.loads(monitor("--store", "other.db", "sources", "list", "--json").out)
    assert (row["url"], row["tags"]) == ("https://a.example/rss?a=1&b=%3C2%3E", ["city & \x01 port"])


ASKED = (
    (
        "https://a.example/rss",
        ("--only-live", "--mentions", "Mayor, Smith", "--mentions", "“Ferry” <b>", "--every", "90s"),
    ),
    ("https://b.example/latest", ("--links", "main > a[href*='/20\"']", "--exclude", "*/video,audio/*")),
    ("https://c.example/map", ("--pattern", "/20*/*", "--pattern", "/ünı/*", "--section", "Local & more\x01\ufffe")),
    (
        "https://d.example/feed",
        ("--language", "en", "--language", "fr", "--max-age", "36h", "--tag", "a,b", "--tag", "/c/"),
    ),
    ("https://e.example/plain", ()),
)


def test_what_each_source_is_asked_to_keep_survives_the_way_through_opml(monitor: Monitor, tmp_path: Path) -> None:
    for url, options in ASKED:
        assert monitor("sources", "add", url, "--as-is", *options).code == 0
    (tmp_path / "out.opml").write_text(monitor("sources", "export").out)

    ran = monitor("--store", "other.db", "sources", "add", "--from", "out.opml")

    assert (ran.code, ran.err.count("error")) == (0, 0)
    before, after = (json.loads(monitor(*at, "sources", "list", "--json").out) for at in ((), ("--store", "other.db")))
    assert before == after
    assert sum(bool(row["mentions"] or row["links"] or row["pattern"] or row["max_age_seconds"]) for row in after) == 4
    with sqlite3.connect(tmp_path / "other.db") as store:
        assert store.execute("select every from source where url like '%a.example%'").fetchone() == (90_000,)


def test_other_readers_find_the_list_as_it_ever_was(monitor: Monitor) -> None:
    for url, options in ASKED:
        monitor("sources", "add", url, "--as-is", *options)

    outlines = list(ElementTree.fromstring(monitor("sources", "export").out).iter("outline"))  # noqa: S314  # our own

    assert [outline.get("xmlUrl") for outline in outlines] == [url for url, _ in ASKED]
    plain = {name for outline in outlines for name in outline.keys() if not name.startswith("{urn:monitor:")}  # noqa: SIM118
    assert plain == {"text", "type", "xmlUrl", "category"}


def test_an_option_is_stronger_than_the_list_and_tags_add_up(monitor: Monitor, tmp_path: Path) -> None:
    monitor(
        "sources", "add", "https://a.example/rss", "--as-is", "--pattern", "/20*", "--max-age", "2d", "--tag", "city"
    )
    (tmp_path / "out.opml").write_text(monitor("sources", "export").out)

    monitor("--store", "other.db", "sources", "add", "--from", "out.opml", "--pattern", "/19*", "--tag", "x")

    [row] = json.loads(monitor("--store", "other.db", "sources", "list", "--json").out)
    assert (row["pattern"], row["max_age_seconds"], row["tags"]) == (["/19*"], 172_800, ["x", "city"])


@pytest.mark.parametrize(
    ("attribute", "says"),
    [
        ("max_age='\"old\"'", "max_age: 'old' is not allowed; it must be a duration"),
        ("pattern='/20*'", "pattern: '/20*' is no JSON"),
        ("links='\"a[\"'", "links: 'a[' is not allowed; it must be a CSS selector"),
        ("only_live='1'", "only_live: 1 is not allowed; it must be true or false"),
        ("only_life='true'", "only_life: there is no such key; did you mean"),
    ],
)
def test_what_a_list_asks_wrongly_is_told_and_the_rest_is_followed(
    monitor: Monitor, tmp_path: Path, attribute: str, says: str
) -> None:
    (tmp_path / "x.opml").write_text(
        f"<opml xmlns:m='urn:monitor:sources:1'><body><outline xmlUrl='https://a.example/rss' m:{attribute}/>"
        "<outline xmlUrl='https://b.example/good'/></body></opml>"
    )

    ran = monitor("sources", "add", "--from", "x.opml")

    assert (ran.code, f"https://a.example/rss: {says}" in ran.err) == (2, True), ran.err
    assert followed(monitor) == ["good"]


def test_a_plain_list_is_followed_and_what_is_no_address_is_told(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text("# ours\nhttps://a.example/rss\n\nnonsense\nhttps://b.example/rss\n")

    ran = monitor("sources", "add", "--from", "feeds.txt")

    assert (ran.code, "nonsense" in ran.err) == (2, True)
    assert followed(monitor) == ["rss", "rss"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<html><body>x</body></html>", "no list of feeds"),
        ("<opml><body/></opml>", "names no feed"),
        ("<opml/>", "without a body"),
        ("<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + OPML[38:], "document type"),
        ("<opml><body>" + "<outline text='a'>" * 100_000, "names no feed"),
        (f"<opml><body><outline {' '.join(f'a{n}=1' for n in range(20_000))}/></body></opml>", "larger than any"),
        ("", "names no feed"),
    ],
)
def test_a_list_that_is_none_or_hostile_is_refused_in_a_sentence(
    monitor: Monitor, tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "feeds.opml").write_text(text)

    ran = monitor("sources", "add", "--from", "feeds.opml")

    assert (ran.code, says in ran.err) == (2, True), ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name one URL"),
        (["https://a.example/", "--from", "x"], "name one URL"),
        (["--from", "/nowhere.opml"], "cannot be read"),
        (["https://a.example/", "--links", "a["], "a CSS selector such as"),
        (["https://a.example/", "--max-age", "old"], "a duration such as"),
        (["https://a.example/", "--every", "often"], "a duration such as"),
    ],
)
def test_misuse_is_told_in_a_sentence(monitor: Monitor, words: list[str], says: str) -> None:
    ran = monitor("sources", "add", *words)

    assert (ran.code, says in ran.err) == (2, True), ran.err
