"""What is remembered of an article's headlines goes with the check that saw them."""

from monitor.core.capture import Outcome
from monitor.core.headline import Surface
from tests.store.desk import HOUR, MINUTE, NOON, Desk, Story, capture

HEADLINES = ("Mayor resigns", "Mayor goes", "Mayor resigns", "Mayor goes")


async def test_what_a_check_saw_of_the_headline_is_remembered_with_it(desk: Desk) -> None:
    article = await desk.watches()
    for number, headline in enumerate(HEADLINES):
        await desk.reads(article, Story(headline=headline), number * MINUTE)

    known = (await desk.store.article(article.id)).headlines[Surface.HEADLINE]
    assert tuple(turn.text for turn in known.turns) == HEADLINES
    assert known.test
    assert known.test.texts == ("Mayor resigns", "Mayor goes")
    assert (known.test.since, known.test.known_at) == (NOON + MINUTE, NOON + 3 * MINUTE)


async def test_a_check_that_is_fenced_off_leaves_nothing_of_it(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, Story(), MINUTE)
    story = Story(headline="Mayor goes")
    late = await desk.decides(article, capture(NOON + 3 * MINUTE, body=story.body), story.reading())
    await desk.reads(article, Story(), 2 * MINUTE)

    assert await desk.store.record(late) is None
    known = (await desk.store.article(article.id)).headlines[Surface.HEADLINE]
    assert [(wording.text, wording.looks) for wording in known.wordings] == [("Mayor resigns", 2)]


async def test_a_look_that_meets_no_article_is_no_look_at_its_headline(desk: Desk) -> None:
    article = await desk.watches()
    await desk.reads(article, Story(), MINUTE)
    before = (await desk.store.article(article.id)).headlines
    await desk.meets(article, Outcome.MISSING, HOUR, status=404)

    assert (await desk.store.article(article.id)).headlines == before


async def test_a_page_that_is_not_taken_for_the_article_is_no_look_either(desk: Desk) -> None:
    article = await desk.watches()
    long = tuple(f"Paragraph {number} of a long story about the mayor, the council and its men." for number in range(9))
    await desk.reads(article, Story(text=long), MINUTE)
    before = (await desk.store.article(article.id)).headlines
    await desk.reads(article, Story(headline="Mayor goes", text=long[:1]), HOUR)

    found = await desk.store.article(article.id)
    assert found.last_outcome == "suspect"
    assert found.headlines == before
