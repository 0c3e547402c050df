"""Changes as a stream, sources, and what else is asked of the past."""

import pytest

from monitor.core.article import Declaration, Field
from monitor.core.capture import Validators
from monitor.core.policy import Selection
from monitor.errors import Misuse, UnknownArticle, UnknownVersion
from monitor.store import SitemapRow, Store, StoredChange
from tests.store.desk import HOUR, MINUTE, NOON, SECOND, Desk, Story

STORY = Story()


@pytest.fixture
async def newsroom(desk: Desk) -> Desk:
    """Two articles with two announced changes each: of the headline, then of the body."""
    for host, tag in (("one.example", "city"), ("two.example", "sport")):
        article = await desk.watches(f"https://{host}/story", tags=(tag,))
        await desk.reads(article, STORY, SECOND)
        await desk.reads(article, STORY.but(headline="New", updated=2), 6 * MINUTE)
        await desk.reads(article, STORY.but(headline="New", text=("Body.",), updated=9), 16 * MINUTE)
    return desk


async def ids(store: Store, **wanted: object) -> list[int]:
    found: list[StoredChange] = [c async for c in store.changes(**wanted)]  # type: ignore[arg-type]  # checked by the store
    return [change.id for change in found]


async def test_changes_come_oldest_first_and_go_on_after_a_cursor(newsroom: Desk) -> None:
    everything = await ids(newsroom.store)

    assert everything == sorted(everything)
    assert len(everything) == 4
    assert await ids(newsroom.store, after=everything[1]) == everything[2:]
    assert await ids(newsroom.store, limit=3) == everything[:3]


async def test_changes_can_be_chosen(newsroom: Desk) -> None:
    one, two, three, four = await ids(newsroom.store)

    assert await ids(newsroom.store, host="two.example") == [three, four]
    assert await ids(newsroom.store, tag="city") == [one, two]
    assert await ids(newsroom.store, field=Field.BODY) == [two, four]
    assert await ids(newsroom.store, declaration=Declaration.STEALTH) == []
    assert await ids(newsroom.store, since=NOON + 10 * MINUTE) == [two, four]


async def test_changes_are_read_page_by_page(newsroom: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.archive.CHANGES_PAGE", 2)

    assert len(await ids(newsroom.store)) == 4
    assert len(await ids(newsroom.store, limit=3)) == 3


async def test_what_is_not_there_is_told_in_words(newsroom: Desk) -> None:
    store = newsroom.store
    with pytest.raises(UnknownArticle):
        await store.article(99)
    with pytest.raises(UnknownVersion, match="it has 3"):
        await store.version_by_number(1, 9)
    with pytest.raises(UnknownVersion):
        await store.version(99)
    with pytest.raises(Misuse):
        await store.change(99)
    with pytest.raises(Misuse):
        await store.edits(99)
    with pytest.raises(Misuse, match="held"):
        await store.deliveries(state="nonsense")


async def test_versions_are_given_by_number(newsroom: Desk) -> None:
    versions = await newsroom.store.versions(1)

    assert [version.number for version in versions] == [1, 2, 3]
    assert await newsroom.store.version_by_number(1, 2) == versions[1]


async def test_events_are_those_of_one_article_or_of_all(desk: Desk) -> None:
    for host in ("one.example", "two.example"):
        article = await desk.watches(f"https://{host}/")
        await desk.reads(article, STORY.but(live=True), SECOND)

    assert [(event.url, event.event) for event in await desk.store.events(1)] == [
        ("https://one.example/", "found"),
        ("https://one.example/", "live"),
    ]
    assert len(await desk.store.events()) == 4
    assert [event.url for event in await desk.store.events(limit=1)] == ["https://two.example/"]


# -- sources

FEED = "https://news.example/rss"


async def poll(store: Store, source_id: int, *, seq: int, minute: int = 1) -> bool:
    return await store.record_poll(
        source_id,
        seq=seq,
        now=NOON + minute * MINUTE,
        next_poll_at=NOON + HOUR,
        outcome="polled",
        detail="",
        validators=Validators("etag", None),
        kind="rss",
        items=20,
        new=2,
        error_streak=0,
    )


async def test_a_source_is_due_at_once_and_after_a_poll_when_the_poll_said(store: Store) -> None:
    source, new = await store.add_source(FEED, host="news.example", now=NOON, tags=["a"], every=HOUR)
    assert new
    assert [row.id for row in await store.due_sources(NOON, 10)] == [source.id]

    assert await poll(store, source.id, seq=source.seq)

    assert await store.due_sources(NOON + 59 * MINUTE, 10) == []
    [row] = await store.due_sources(NOON + HOUR, 10)
    assert (row.kind, row.items, row.new, row.validators, row.outcome) == ("rss", 20, 2, Validators("etag"), "polled")


async def test_a_source_whose_host_is_visited_or_wants_a_pause_is_not_due(store: Store) -> None:
    await store.add_source(FEED, host="news.example", now=NOON)
    await store.lease_host("news.example", owner="one", now=NOON, until=NOON + MINUTE)
    assert await store.due_sources(NOON, 10) == []

    await store.release_host("news.example", owner="one", not_before=NOON + 2 * MINUTE)

    assert await store.due_sources(NOON + MINUTE, 10) == []
    assert len(await store.due_sources(NOON + 2 * MINUTE, 10)) == 1


async def test_a_poll_that_was_overtaken_is_discarded(store: Store) -> None:
    source, _ = await store.add_source(FEED, host="news.example", now=NOON)

    assert await poll(store, source.id, seq=source.seq)
    assert not await poll(store, source.id, seq=source.seq, minute=2)

    [row] = await store.sources()
    assert row.last_polled_at == NOON + MINUTE


async def test_a_source_that_is_asked_for_differently_is_read_anew(store: Store) -> None:
    source, _ = await store.add_source(FEED, host="news.example", now=NOON)
    await poll(store, source.id, seq=source.seq)

    same, _ = await store.add_source(FEED, host="news.example", now=NOON)
    assert same.next_poll_at == NOON + HOUR
    other, new = await store.add_source(FEED, host="news.example", now=NOON + MINUTE, only_live=True)

    assert not new
    assert (other.next_poll_at, other.only_live, other.validators) == (NOON + MINUTE, True, Validators())


async def test_a_removed_source_is_polled_no_more_and_can_come_back(store: Store) -> None:
    source, _ = await store.add_source(FEED, host="news.example", now=NOON)
    await store.remove_source(source.id, NOON)

    assert await store.sources() == []
    assert await store.due_sources(NOON + HOUR, 10) == []
    again, new = await store.add_source(FEED, host="news.example", now=NOON)
    assert (again.id, new) == (source.id, False)
    assert len(await store.due_sources(NOON, 10)) == 1


async def test_config_articles_are_those_that_the_configuration_brought_in(store: Store) -> None:
    await store.add_article("https://a.example/", host="a.example", now=NOON, origin="config")
    await store.add_article("https://b.example/", host="b.example", now=NOON)

    assert list(await store.config_articles()) == ["https://a.example/"]


async def test_what_a_source_keeps_and_the_sitemaps_of_an_index_are_remembered(store: Store) -> None:
    selection = Selection(links="main a", pattern=("/20*",), exclude=("*.pdf",), language=("en",), max_age=2 * HOUR)
    source, _ = await store.add_source(FEED, host="news.example", now=NOON, selection=selection)
    sitemaps = {"https://news.example/1.xml": SitemapRow(validators=Validators('"1"', None), items=9, filtered=4)}

    await store.record_poll(
        source.id,
        seq=source.seq,
        now=NOON,
        next_poll_at=NOON + HOUR,
        outcome="polled",
        detail="",
        validators=Validators(),
        kind="sitemap-index",
        items=9,
        new=5,
        error_streak=0,
        filtered=4,
        sitemaps=sitemaps,
    )

    [row] = await store.sources()
    assert (row.selection, row.filtered, row.sitemaps) == (selection, 4, sitemaps)
    again, _ = await store.add_source(FEED, host="news.example", now=NOON, selection=Selection(links="h2 a"))
    assert (again.sitemaps, again.next_poll_at) == ({}, NOON)
