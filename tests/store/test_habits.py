"""What the store knows of an article's edits and of its host's habits, for the next interval."""

from datetime import timedelta

from monitor.core.article import Article
from monitor.core.lifecycle import Known
from monitor.core.lifecycle.rates import HostHabits
from monitor.store.habits import ASKED_ANEW
from tests.store.desk import HOUR, MINUTE, SECOND, Desk, Story

DAY = timedelta(days=1)
STORY = Story()
EDITED = STORY.but(headline="Mayor denies resigning", updated=-30)


async def watched_for_two_days(desk: Desk, url: str, *, edited: bool) -> Article:
    article = await desk.watches(url)
    await desk.reads(article, STORY, SECOND)
    if edited:
        await desk.reads(article, EDITED, HOUR)
    await desk.reads(article, EDITED if edited else STORY, 2 * DAY)
    return article


async def asked_anew(desk: Desk, article: Article) -> Known:
    """What is known once the host's habits are counted again: they are not at every question."""
    for _ in range(ASKED_ANEW):
        known = await desk.store.known(article.id)
    return known


async def test_the_habits_of_a_host_are_counted_from_its_articles(desk: Desk) -> None:
    await watched_for_two_days(desk, "https://news.example/a", edited=True)
    await watched_for_two_days(desk, "https://news.example/b", edited=False)
    await watched_for_two_days(desk, "https://other.example/c", edited=True)
    fresh = await desk.watches("https://news.example/d")
    await desk.reads(fresh, STORY, SECOND)
    await desk.reads(fresh, EDITED, HOUR)

    assert (await asked_anew(desk, fresh)).habits == HostHabits(articles=2, edited=1)


async def test_an_edit_that_was_taken_back_is_no_habit(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    await desk.reads(article, EDITED.but(updated=STORY.updated), HOUR)
    await desk.reads(article, STORY, HOUR + MINUTE)
    await desk.reads(article, STORY, 2 * DAY)

    known = await asked_anew(desk, article)

    assert (known.edits, known.habits) == (0, HostHabits(articles=1, edited=0))


async def test_every_edit_of_the_article_that_stands_is_known(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, STORY, SECOND)
    for hour in (1, 2, 3):
        await desk.reads(article, STORY.but(headline=f"Mayor resigns, part {hour}", updated=hour), hour * HOUR)
    await desk.reads(article, STORY.but(headline="Mayor resigns, part 3", updated=4), 4 * HOUR)

    assert (await desk.store.known(article.id)).edits == 3
