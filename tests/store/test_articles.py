"""What is watched: adding, pausing, finding, and what is due."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.article import Article, Claim, ClaimKind, ClaimSource, Listed, Stage
from monitor.core.capture import Outcome
from monitor.core.policy import AlertEvent
from monitor.core.rules import Subject, plan
from monitor.errors import UnknownArticle
from monitor.store import Store
from tests.bench.scale import fill
from tests.store.desk import HOUR, MINUTE, NOON, POLICY, SECOND, URL, Desk, Story

STORY = Story()


async def add(store: Store, url: str = URL, **options: object) -> tuple[int, bool]:
    host = url.split("/")[2]
    article, new = await store.add_article(url, host=host, now=NOON, **options)  # type: ignore[arg-type]  # checked by the store
    return article.id, new


async def test_a_new_article_is_due_at_once(store: Store) -> None:
    article, new = await store.add_article(URL, host="news.example", now=NOON, tags=("a", "a", "b"), every=HOUR)

    assert new
    assert (article.stage, article.next_check_at, article.added_at) == (Stage.FOUND, NOON, NOON)
    assert (article.tags, article.every) == (("a", "b"), HOUR)
    assert [a.id for a in await store.due_articles("news.example", NOON, 10)] == [article.id]


async def test_an_article_is_not_added_twice_and_its_tags_are_joined(store: Store) -> None:
    first, _ = await add(store, tags=("city", "mayor"))
    again, new = await add(store, tags=("mayor", "scandal"))

    assert (again, new) == (first, False)
    assert (await store.article(first)).tags == ("city", "mayor", "scandal")


async def test_an_address_that_leads_to_a_known_article_is_that_article(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND, final_url="https://news.example/final")

    assert await add(desk.store, "https://news.example/final") == (article.id, False)


async def test_a_paused_article_is_not_due_and_goes_on_where_it_was(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY.but(live=True), SECOND)

    await desk.store.pause(article.id, NOON + MINUTE)
    await desk.store.pause(article.id, NOON + MINUTE)
    assert (await desk.store.article(article.id)).stage is Stage.PAUSED
    assert await desk.store.due_hosts(NOON + 9 * HOUR, 10) == []
    await desk.store.resume(article.id, NOON + HOUR)

    now = await desk.store.article(article.id)
    assert (now.stage, now.next_check_at) == (Stage.LIVE, NOON + HOUR)
    paused, resumed = (await desk.store.events(article.id))[-2:]
    assert [(e.event, e.not_before, e.not_after) for e in (paused, resumed)] == [
        ("paused", NOON + MINUTE, NOON + MINUTE),
        ("resumed", NOON + HOUR, NOON + HOUR),
    ]


async def test_a_pause_and_its_end_are_told_to_whom_the_rules_name(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    for verb, kind in ((desk.store.pause, AlertEvent.PAUSED), (desk.store.resume, AlertEvent.RESUMED)):
        told = plan(POLICY, Subject(event=kind, article=article), now=NOON + MINUTE)
        await verb(article.id, NOON + MINUTE, told)

    rows = await desk.store.deliveries()
    events = {event.id: event.event for event in await desk.store.events(article.id)}
    assert sorted((row.channel, events[row.event_id or 0]) for row in rows) == [
        ("hook", "paused"),
        ("hook", "resumed"),
        ("mail", "paused"),
        ("mail", "resumed"),
    ]
    assert {row.to_version_id for row in rows} == {1}


async def test_what_a_source_says_is_kept_and_its_news_bring_a_look_forward(desk: Desk) -> None:
    claim = Claim(
        kind=ClaimKind.UPDATED, at=NOON, raw="12:00 GMT", source=ClaimSource.FEED, believed=False, doubt="transport"
    )
    said = Listed(source_id=1, headline="Mayor resigns", claims=(claim,))
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)

    async def listed(what: Listed, at: timedelta) -> Article:
        found, _ = await desk.store.add_article(
            article.url, host=article.host, now=NOON + at, origin="source", listed=what, soonest=MINUTE
        )
        return found

    first = await listed(said, SECOND)
    assert (first.listed, first.check_seq) == (said, 1)
    moved = await listed(replace(said, claims=(replace(claim, at=NOON + MINUTE),)), 90 * SECOND)
    assert (moved.next_check_at, moved.listed and moved.listed.hastened_at) == (NOON + 90 * SECOND, NOON + 90 * SECOND)
    assert await desk.store.due_hosts(NOON + 90 * SECOND, 10) == [article.host]

    await desk.store.remove(article.id, NOON + 6 * MINUTE)
    gone = await listed(replace(said, headline="Mayor stays"), 60 * MINUTE)
    assert gone.next_check_at is None, "what is not watched is not looked at"


async def test_however_many_hosts_have_live_articles_the_others_are_left_their_share(desk: Desk) -> None:
    for number in range(9):
        article = await desk.watches(f"https://live{number}.example/story")
        await desk.reads(article, STORY.but(live=True), SECOND)
    for number in range(3):
        await desk.watches(f"https://waits{number}.example/story")

    hosts = await desk.store.due_hosts(NOON + HOUR, 8)
    assert [name[:4] for name in hosts] == ["live"] * 6 + ["wait"] * 2


async def test_after_the_clock_was_set_back_what_was_planned_keeps_its_distance(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY.but(live=True), 5 * HOUR)
    other = await desk.watches("https://news.example/other")
    source, _ = await desk.store.add_source("https://news.example/feed", host="news.example", now=NOON + 5 * HOUR)
    host = await desk.store.host("news.example")
    assert host is not None
    planned = (await desk.store.article(article.id)).next_check_at
    assert planned is not None

    await desk.store.pull_in(NOON, 5 * HOUR)

    assert (await desk.store.article(article.id)).next_check_at == planned - 5 * HOUR
    assert (await desk.store.article(other.id)).next_check_at == NOON, "what was due is not touched"
    assert [row.id for row in await desk.store.due_sources(NOON, 9)] == [source.id]
    await desk.store.pull_in(NOON, 99 * HOUR)
    assert (await desk.store.article(article.id)).next_check_at == NOON, "nothing is planned for the past"


async def test_a_removed_article_keeps_its_history_and_comes_back_with_it(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.store.remove(article.id, NOON + MINUTE)

    assert await desk.store.articles() == []
    assert [row.removed_at for row in await desk.store.articles(removed=True)] == [NOON + MINUTE]
    assert len(await desk.store.history(article.id)) == 1
    assert await add(desk.store) == (article.id, False)
    assert len(await desk.store.articles()) == 1
    assert len(await desk.store.due_hosts(NOON, 10)) == 1


@pytest.mark.parametrize("how", ["pause", "remove"])
async def test_a_source_that_lists_it_again_does_not_wake_what_was_put_to_rest(store: Store, how: str) -> None:
    article_id, _ = await add(store, origin="source")
    await getattr(store, how)(article_id, NOON)

    assert await add(store, origin="source") == (article_id, False)

    assert await store.due_hosts(NOON + HOUR, 10) == []


async def test_a_candidate_is_not_listed_until_somebody_asks_for_it(store: Store) -> None:
    article_id, _ = await add(store, candidate=True, origin="source")
    assert await store.articles() == []
    assert len(await store.articles(candidates=True)) == 1

    await add(store)

    assert [row.article.id for row in await store.articles()] == [article_id]


async def test_a_candidate_knows_what_its_source_asks_for(store: Store) -> None:
    source, _ = await store.add_source(
        "https://news.example/rss", host="news.example", now=NOON, only_live=True, mentions=("mayor",)
    )
    article_id, _ = await add(store, candidate=True, origin="source", source_id=source.id)

    known = await store.known(article_id)

    assert (known.only_live, known.mentions) == (True, ("mayor",))
    assert [row.source_url for row in await store.articles(candidates=True)] == [source.url]


async def test_articles_are_listed_by_stage_tag_and_host(desk: Desk) -> None:
    live = await desk.watches("https://one.example/a", tags=("50%",))
    await desk.reads(live, STORY.but(live=True), SECOND)
    await desk.watches("https://two.example/b", tags=("50",))

    assert [row.article.id for row in await desk.store.articles(stage=Stage.LIVE)] == [live.id]
    assert [row.article.id for row in await desk.store.articles(tag="50%")] == [live.id]
    assert [row.article.id for row in await desk.store.articles(host="one.example")] == [live.id]


async def test_a_list_counts_versions_and_changes_that_stood(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, STORY.but(headline="A"), MINUTE)
    await desk.reads(article, STORY, 2 * MINUTE)
    await desk.reads(article, STORY.but(headline="B", updated=2), 6 * MINUTE)

    [row] = await desk.store.articles()

    assert (row.versions, row.changes) == (3, 1)
    assert row.last_declaration is not None
    assert row.last_declaration.value == "announced"


# -- finding


@pytest.fixture
async def three(desk: Desk) -> Desk:
    for name, headline in (("mayor-resigns", "Mayor resigns"), ("mayor-stays", "Mayor stays"), ("sport", "50% off")):
        article = await desk.watches(f"https://news.example/{name}")
        await desk.reads(article, STORY.but(headline=headline), SECOND)
    return desk


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("1", "mayor-resigns"),
        ("https://news.example/sport", "sport"),
        ("https://NEWS.example/sport?utm_source=x#top", "sport"),
        ("sport", "sport"),
        ("mayor STAYS", "mayor-stays"),
        ("50%", "sport"),
    ],
)
async def test_an_article_is_found_by_id_address_or_a_part(three: Desk, words: str, found: str) -> None:
    assert (await three.store.find_article(words)).url == f"https://news.example/{found}"


@pytest.mark.parametrize(("words", "candidates"), [("mayor", 2), ("nowhere", 0), ("99", 0), ("%", 1), ("  ", 0)])
async def test_words_that_fit_none_or_several_say_so(three: Desk, words: str, candidates: int) -> None:
    if candidates == 1:
        assert (await three.store.find_article(words)).headline == "50% off"
        return
    with pytest.raises(UnknownArticle) as told:
        await three.store.find_article(words)
    assert len(told.value.candidates) == candidates


# -- what is due


async def test_hosts_with_a_live_article_come_first_then_the_longest_waiting(desk: Desk) -> None:
    for name, added in (("late", MINUTE), ("early", 0 * MINUTE), ("live", 2 * MINUTE)):
        await desk.store.add_article(f"https://{name}.example/", host=f"{name}.example", now=NOON - HOUR + added)
    live = await desk.watches("https://live.example/")
    await desk.reads(live, STORY.but(live=True), SECOND)

    assert await desk.store.due_hosts(NOON + HOUR, 10) == ["live.example", "early.example", "late.example"]
    assert await desk.store.due_hosts(NOON + HOUR, 1) == ["live.example"]


async def test_a_host_that_is_visited_or_left_alone_is_not_due(store: Store) -> None:
    await add(store)
    assert await store.lease_host("news.example", owner="a", now=NOON, until=NOON + MINUTE)
    assert await store.due_hosts(NOON, 10) == []
    assert await store.due_hosts(NOON + MINUTE, 10) == ["news.example"]

    await store.release_host("news.example", owner="a", not_before=NOON + 2 * SECOND)

    assert await store.due_hosts(NOON + SECOND, 10) == []
    assert await store.due_hosts(NOON + 2 * SECOND, 10) == ["news.example"]


async def test_a_host_has_one_visitor_at_a_time(store: Store) -> None:
    assert await store.lease_host("news.example", owner="a", now=NOON, until=NOON + MINUTE)
    assert not await store.lease_host("news.example", owner="b", now=NOON, until=NOON + MINUTE)
    assert await store.lease_host("news.example", owner="a", now=NOON, until=NOON + 2 * MINUTE)
    await store.release_host("news.example", owner="b", not_before=None)
    assert not await store.lease_host("news.example", owner="b", now=NOON + MINUTE, until=NOON + 3 * MINUTE)
    assert await store.lease_host("news.example", owner="b", now=NOON + 2 * MINUTE, until=NOON + 3 * MINUTE)


async def test_giving_a_host_back_does_not_shorten_the_pause_that_it_asked_for(desk: Desk) -> None:
    article = await desk.watches()
    await desk.store.lease_host("news.example", owner="a", now=NOON, until=NOON + MINUTE)
    await desk.meets(article, Outcome.UNREACHABLE, SECOND)
    asked = await desk.store.host("news.example")

    await desk.store.release_host("news.example", owner="a", not_before=NOON + 3 * SECOND)

    after = await desk.store.host("news.example")
    assert asked is not None
    assert after is not None
    assert after.not_before == asked.not_before
    assert asked.not_before is not None
    assert asked.not_before > NOON + 3 * SECOND


async def test_a_clock_that_was_wrong_for_a_while_parks_no_host_for_years(store: Store) -> None:
    await add(store)
    later = NOON + timedelta(days=3650)
    await store.lease_host("news.example", owner="a", now=later, until=later + MINUTE)
    assert await store.due_hosts(NOON, 10) == ["news.example"]
    await store.release_host("news.example", owner="a", not_before=later + MINUTE)

    assert await store.due_hosts(NOON, 10) == ["news.example"]


async def test_a_change_that_waits_for_its_second_look_comes_before_all_else(desk: Desk) -> None:
    urls = [f"https://news.example/{name}" for name in ("found", "live", "held")]
    _, live, held = [await desk.watches(url) for url in urls]
    await desk.reads(live, STORY.but(live=True), SECOND)
    await desk.reads(held, STORY, SECOND)
    await desk.reads(held, STORY.but(headline="New"), MINUTE)

    due = await desk.store.due_articles("news.example", NOON + HOUR, 3)

    assert [article.url for article in due] == [urls[2], urls[1], urls[0]]


async def test_the_due_articles_are_those_whose_turn_it_is(desk: Desk) -> None:
    """The store cuts by the same order as `turns`, so that nobody who is far down the list is forgotten."""
    quiet = [await desk.watches(f"https://news.example/quiet-{number}") for number in range(4)]
    for article in quiet:
        await desk.reads(article, STORY, SECOND)
        await desk.reads(article, STORY, 30 * HOUR)
    late = await desk.watches("https://news.example/late", every=5 * MINUTE)
    await desk.reads(late, STORY, 31 * HOUR)
    lives = [await desk.watches(f"https://news.example/live-{number}") for number in range(4)]
    for article in lives:
        await desk.reads(article, STORY.but(live=True), 31 * HOUR)

    visits = [
        [article.id for article in await desk.store.due_articles("news.example", NOON + 32 * HOUR + n * SECOND, 3)]
        for n in range(40)
    ]

    live = [article.id for article in lives]
    assert all(len(visit) == 3 for visit in visits)
    theirs = [[number for number in visit if number not in live] for visit in visits]
    assert all(
        [number for number in visit if number in live] == live[: 3 - len(rest)]
        for visit, rest in zip(visits, theirs, strict=True)
    )
    assert {tuple(rest) for rest in theirs} == {(), (late.id,)}
    places = {visit.index(late.id) for visit in visits if late.id in visit}
    assert places == {0, 1, 2}, "at one visit or another, the first request is left for it too"


async def test_status_counts_what_is_due_failing_and_waiting(desk: Desk) -> None:
    article = await desk.watches()
    await desk.watches("https://other.example/", candidate=True)
    await desk.reads(article, STORY.but(live=True), SECOND)
    await desk.reads(article, STORY.but(live=True, updated=1, headline="New"), 2 * MINUTE)
    await desk.meets(article, Outcome.SERVER_ERROR, 4 * MINUTE, status=500)

    status = await desk.store.status(NOON + 10 * HOUR)

    assert (status.articles, status.candidates, status.due) == ({Stage.LIVE: 1}, 1, 2)
    assert status.lag_seconds == 10 * 3600
    [failing] = status.failing
    assert (failing.url, failing.error_streak, failing.outcome) == (URL, 1, "server_error")
    assert status.alerts.pending == 1
    news = next(host for host in status.hosts if host.name == "news.example")
    assert (news.articles, news.due) == (1, 1)
    assert news.achieved == 2 * MINUTE
    assert news.asked is not None
    assert timedelta(minutes=1) < news.asked < timedelta(minutes=3)


async def test_a_host_with_very_many_due_articles_hides_no_other(tmp_path: Path) -> None:
    file, now = tmp_path / "monitor.db", NOON + HOUR
    await asyncio.to_thread(fill, file, 1_500, 3, now=NOON, ahead=timedelta(0))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE article SET stage = 'settled'")
        connection.execute("UPDATE article SET host = 'paper-0.example' WHERE id <= 1400")
    store = Store.open(f"sqlite:///{file}")
    try:
        assert await store.due_hosts(now, 10) == ["paper-0.example", "paper-1.example", "paper-2.example"]
        assert await store.due_hosts(now, 1) == ["paper-0.example"]
    finally:
        await store.close()
