"""What a source says of an article again, and which look that brings forward."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.article import Article, Claim, ClaimKind, ClaimSource, Listed, Stage
from monitor.core.lifecycle import listed_again, with_listed
from tests.fakes import NOON, URL

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOONEST = 2 * MINUTE


def updated(after: timedelta, kind: ClaimKind = ClaimKind.UPDATED) -> Claim:
    at = NOON + after
    return Claim(kind=kind, at=at, raw=at.isoformat(), source=ClaimSource.FEED, believed=False, doubt="transport")


def said(after: timedelta = timedelta(0), headline: str = "Ferry aground", source_id: int = 1) -> Listed:
    return Listed(source_id=source_id, headline=headline, claims=(updated(after),))


SEEN = Article(
    id=1,
    url=URL,
    host="news.example",
    stage=Stage.SETTLED,
    added_at=NOON,
    last_checked_at=NOON + HOUR,
    last_changed_at=NOON,
    next_check_at=NOON + 20 * HOUR,
    listed=said(),
)


def brought_forward(article: Article, listed: Listed, now: timedelta = 3 * HOUR) -> timedelta | None:
    _, at = listed_again(article, listed, now=NOON + now, soonest=SOONEST)
    return at - NOON if at else None


def test_a_time_that_moved_in_the_feed_is_worth_a_look_at_once() -> None:
    assert brought_forward(SEEN, said(2 * HOUR)) == 3 * HOUR


def test_a_look_is_brought_no_nearer_to_the_last_than_asked() -> None:
    assert brought_forward(SEEN, said(HOUR), now=HOUR) == HOUR + SOONEST


@pytest.mark.parametrize("claim", [updated(2 * HOUR, ClaimKind.PUBLISHED), updated(HOUR)])
def test_some_feeds_write_the_update_as_the_publication(claim: Claim) -> None:
    before = replace(said(), claims=(updated(timedelta(0)), updated(timedelta(0), ClaimKind.PUBLISHED)))

    assert brought_forward(SEEN.but(listed=before), replace(said(), claims=(claim,))) == 3 * HOUR


def test_another_headline_in_the_feed_is_worth_a_look() -> None:
    assert brought_forward(SEEN, said(headline="Ferry refloated")) == 3 * HOUR


@pytest.mark.parametrize("listed", [said(), said(-HOUR), replace(said(), claims=()), said(2 * HOUR, source_id=2)])
def test_what_is_no_news_brings_nothing_forward(listed: Listed) -> None:
    """The same again, an earlier time, no time at all, and what another source says of it."""
    assert brought_forward(SEEN, listed) is None


@pytest.mark.parametrize(
    "article",
    [
        SEEN.but(listed=None),
        SEEN.but(error_streak=2),
        SEEN.but(stage=Stage.PAUSED, next_check_at=None),
        SEEN.but(next_check_at=NOON + 3 * HOUR),
    ],
)
def test_nothing_is_brought_forward_for_an_article_that(article: Article) -> None:
    """Is heard of for the first time; cannot be had; is paused; is looked at anyway."""
    assert brought_forward(article, said(2 * HOUR)) is None


def test_a_retired_article_of_which_there_is_news_is_looked_at_again() -> None:
    assert brought_forward(SEEN.but(stage=Stage.RETIRED, next_check_at=None), said(2 * HOUR)) == 3 * HOUR


def test_what_a_source_says_is_remembered_and_the_first_source_is_the_one_that_is_heard() -> None:
    remembered, _ = listed_again(SEEN, said(headline="New"), now=NOON, soonest=SOONEST)
    assert remembered.headline == "New"

    remembered, _ = listed_again(SEEN, said(headline="Elsewhere", source_id=2), now=NOON, soonest=SOONEST)
    assert remembered.headline == "Ferry aground"


def looks_of_a_day(edited: bool) -> int:
    """How often an article is looked at in a day whose feed is made anew every five minutes, all times included."""
    article, looks = SEEN, 0
    for number in range(288):
        now = NOON + HOUR + number * 5 * MINUTE
        if article.next_check_at and article.next_check_at <= now:
            looks += 1
            article = article.but(
                last_checked_at=now,
                next_check_at=now + 20 * HOUR,
                last_changed_at=now if edited else article.last_changed_at,
            )
        listed, at = listed_again(article, said(number * 5 * MINUTE), now=now, soonest=SOONEST)
        article = article.but(listed=listed, next_check_at=at or article.next_check_at)
    return looks


def test_a_feed_that_stamps_everything_anew_each_time_soon_loses_its_say() -> None:
    assert looks_of_a_day(edited=False) <= 12
    assert looks_of_a_day(edited=True) >= 140


def test_a_page_is_given_what_its_source_claims_in_the_order_of_trust() -> None:
    own = [
        replace(updated(HOUR), source=source) for source in (ClaimSource.JSON_LD, ClaimSource.TIME, ClaimSource.HTTP)
    ]

    assert [claim.source for claim in with_listed(own, said())] == ["json-ld", "time", "feed", "http"]
    assert with_listed(own, None) == tuple(own)
