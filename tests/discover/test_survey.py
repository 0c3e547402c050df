"""A search for a site's sources: polite, short, and able to tell which is best."""

from datetime import timedelta
from pathlib import Path

from monitor.app import App
from monitor.core.policy import EVERYTHING
from monitor.discover import Candidate, Found, FoundKind, Item
from monitor.discover.survey import ranked
from monitor.store import Store
from tests.fakes import NOON, FakeClock
from tests.origin import Origin, page
from tests.test_main_path import policy_for


def offers(url: str, *paths: str, kind: FoundKind = FoundKind.RSS, dated: bool = False) -> Candidate:
    published = NOON if dated else None
    items = tuple(Item(url=f"https://news.example/{path}", published_at=published) for path in paths)
    return Candidate(url=url, found=Found(kind=kind, items=items))


def order(*candidates: Candidate) -> list[str]:
    return [candidate.url for candidate in ranked(candidates)]


def test_the_longer_comes_first() -> None:
    assert order(offers("short", "a"), offers("long", "b", "c")) == ["long", "short"]


def test_of_the_same_articles_the_form_that_tells_updates_is_kept_and_names_the_other() -> None:
    (best,) = ranked([offers("rss", "a", "b"), offers("atom", "a", "b", kind=FoundKind.ATOM)])

    assert (best.url, best.same) == ("atom", ("rss",))


def test_a_part_of_a_longer_feed_is_not_asked_about() -> None:
    assert order(offers("all", "a", "b", "c"), offers("city", "a", "b")) == ["all"]


def test_feeds_that_share_few_articles_stay_apart() -> None:
    assert order(offers("world", "a", "b", "c"), offers("sport", "c", "d", "e")) == ["world", "sport"]


def test_an_archive_comes_after_what_is_current() -> None:
    archive = offers("sitemap", "a", "b", "c", kind=FoundKind.SITEMAP)
    news = offers("news", "d", "e", kind=FoundKind.SITEMAP, dated=True)

    assert order(archive, offers("rss", "f"), news) == ["news", "rss", "sitemap"]


def test_comments_are_followed_only_where_there_is_nothing_else() -> None:
    assert order(offers("/comments/feed", "a", "b"), offers("/feed", "c")) == ["/feed"]
    assert order(offers("/comments/feed", "a")) == ["/comments/feed"]


async def test_a_search_keeps_the_hosts_delay_between_its_requests_and_asks_nothing_twice(tmp_path: Path) -> None:
    clock = FakeClock()
    policy = policy_for("http://127.0.0.1:9/")
    slow = type(policy.fetch)(delay=timedelta(seconds=2), allow_networks=policy.fetch.allow_networks)
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    app = App(type(policy)(fetch=slow), store, clock=clock, jitter=lambda: 0.5)
    try:
        async with Origin() as origin:
            found = await app.survey(origin.serve("/", page("<!doctype html><p>No feed.")), EVERYTHING)

            assert (found.is_page, found.candidates) == (True, ())
            visits = [request.target for request in origin.requests if request.target != "/robots.txt"]
            assert len(visits) == len(set(visits)) == found.asked == 8
            assert clock.at - NOON >= timedelta(seconds=2) * len(visits)
    finally:
        await app.aclose()
        await store.close()
