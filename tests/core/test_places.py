"""Places where a heading took turns with a box that is none of the story's."""

from dataclasses import replace

import pytest

from monitor.core.article import Block, BlockKind, Content, Entry, Rank
from monitor.core.lifecycle.places import UNSEEN, Places, after_look, is_turn
from monitor.core.text import fingerprint

LEAD = "The harbour authority said that twelve people were brought ashore on Tuesday morning."
LAST = "A spokeswoman told reporters that the water was calm and that nobody was badly hurt."
HEADING = Block(BlockKind.SUBHEADING, "What the harbour master knew")
LINK = Block(BlockKind.PARAGRAPH, "Why the price of rope has doubled", Rank.NOISE, signature="amid: p (links)")
AFTER_LEAD = fingerprint(LEAD)


def story(*middle: Block, last: str = LAST) -> Content:
    lead, end = Block(BlockKind.PARAGRAPH, LEAD), Block(BlockKind.PARAGRAPH, last)
    return Content(url="https://news.example/story", blocks=(lead, *middle, end))


@pytest.mark.parametrize(("before", "after"), [(LINK, HEADING), (HEADING, LINK)])
def test_a_place_is_known_where_a_heading_and_a_box_took_turns(before: Block, after: Block) -> None:
    told, seen = story(before), story(after)
    places = after_look(UNSEEN, told, seen, (), again=False)

    assert places == Places(shown={AFTER_LEAD: frozenset({fingerprint(after.text)})}, turned=frozenset({AFTER_LEAD}))
    assert is_turn(places, told, seen)
    assert not is_turn(places, told, replace(seen, blocks=seen.blocks[:-1])), "a paragraph went too"


def test_a_box_that_stands_elsewhere_on_the_page_gave_way_to_nothing() -> None:
    page = (fingerprint(LINK.text),)

    assert after_look(UNSEEN, story(LINK), story(HEADING), page, again=False).turned == frozenset()


def test_a_live_blog_has_no_such_places() -> None:
    entry = Entry(id="1", at=None, headline=None)
    told, seen = (replace(each, entries=(entry,)) for each in (story(LINK), story(HEADING)))

    assert after_look(UNSEEN, told, seen, (), again=False).turned == frozenset()


def test_what_stands_as_in_the_version_is_not_kept() -> None:
    seen = after_look(UNSEEN, story(LINK), story(), (), again=False)

    assert seen.shown == {}
    assert after_look(seen, story(LINK), story(LINK), (), again=False) == UNSEEN
