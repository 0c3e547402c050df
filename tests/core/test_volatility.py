"""Blocks that come and go by themselves are learned from what was seen, and from nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.article import Block, BlockKind, Claim, ClaimKind, ClaimSource, Content, Rank, Version
from monitor.core.lifecycle.volatility import (
    ARTICLES,
    TEXTS,
    Memory,
    Volatility,
    evened,
    is_new,
    learned,
    masked,
    masks,
    met,
)
from monitor.core.text import fingerprint

AT = datetime(2022, 1, 25, 12, tzinfo=UTC)
LATER, AT_ONCE = timedelta(minutes=10), timedelta(seconds=30)
LEAD = "The harbour authority said that twelve people were brought ashore on Tuesday morning."
LAST = "A spokeswoman told reporters that the water was calm and that nobody was badly hurt."
BOX = "amid: div.box p"
ROPE = "Why the price of rope has doubled since spring, and who pays for it in the end."
KEEPER = "Lighthouse keeper retires after forty years on the rock, and nobody wants the post."
TIDES = "How the moon makes the tides, explained with a bucket and two oranges."


def content(*boxes: str, lead: str = LEAD, signature: str | None = BOX, **fields: object) -> Content:
    blocks = [Block(BlockKind.PARAGRAPH, text, signature=signature) for text in boxes]
    own = Block(BlockKind.PARAGRAPH, lead)
    return Content(
        url="https://news.example/story",
        blocks=(own, *blocks, Block(BlockKind.PARAGRAPH, LAST)),
        **fields,  # type: ignore[arg-type]
    )


def version(said: Content, *, article: int = 1, at: datetime = AT) -> Version:
    return Version(id=1, article_id=article, number=1, content=said, first_seen_at=at, last_seen_at=at)


def taught(
    *looks: tuple[timedelta, Content], memory: Memory | None = None, article: int = 1
) -> Mapping[str, Volatility]:
    """What is known after these looks at one article, each so long after the one before it."""
    known, at = dict(memory or {}), AT
    (_, before), *rest = looks
    known |= {each.signature: each for each in met(known, before, article_id=article, at=at)}
    for wait, said in rest:
        base = version(before, article=article, at=at)
        at += wait
        known |= {each.signature: each for each in learned(known, base, said, at=at)}
        before = said
    return known


def test_a_box_that_is_another_one_at_two_looks_at_once_is_masked() -> None:
    known = taught((LATER, content(ROPE)), (LATER, content(KEEPER)), (AT_ONCE, content(TIDES)))

    assert masks(known, 1) == {
        BOX: "it came, went or turned over 2 times on an article that stood still (1 within a minute or so)"
    }


def test_a_box_that_was_exchanged_a_moment_after_a_look_is_not() -> None:
    """A newsroom does not wait for us to have looked."""
    assert masks(taught((LATER, content(ROPE)), (AT_ONCE, content(KEEPER))), 1) == {}


def test_boxes_that_move_on_two_articles_at_once_are_no_sign() -> None:
    known = taught((LATER, content(ROPE)), (LATER, content(KEEPER)))
    known = taught((LATER, content(TIDES)), (LATER, content("Another one.")), memory=known, article=2)

    assert (known[BOX].moves, known[BOX].at_once) == (2, 0)
    assert masks(known, 1) == {}


def test_a_box_that_was_exchanged_once_is_not() -> None:
    known = taught((LATER, content(ROPE)), (LATER, content(KEEPER)))

    assert known[BOX].moves == 1
    assert masks(known, 1) == {}


def test_a_box_that_comes_and_goes_on_one_article_is_that_article_s_story() -> None:
    known = taught((LATER, content(ROPE)), (LATER, content(KEEPER)), (LATER, content(ROPE)), (LATER, content()))

    assert (known[BOX].moves, known[BOX].returned) == (3, 1)
    assert masks(known, 1) == {}


def test_a_box_that_comes_and_goes_on_two_articles_is_masked() -> None:
    known = taught((LATER, content(ROPE)), (LATER, content()), (LATER, content(ROPE)))
    assert masks(known, 1) == {}
    known = taught((LATER, content(KEEPER)), (LATER, content()), (LATER, content(KEEPER)), memory=known, article=2)

    assert masks(known, 1) == {
        BOX: "it came, went or turned over 4 times on articles that stood still (2 back to a text that had gone)"
    }


def in_turn(*texts: str | None) -> list[tuple[timedelta, Content]]:
    """A box with each of these texts, or none, each seen twice."""
    return [(LATER, content(*([text] if text else []))) for text in texts for _ in range(2)]


@pytest.mark.parametrize(
    "texts",
    [(ROPE, KEEPER, TIDES, "Sail maker still sews by hand."), (ROPE, None, ROPE, None, ROPE, None, ROPE)],
    ids=["another text each time", "comes and goes"],
)
def test_a_box_that_makes_a_habit_of_it_on_one_article_is_masked_there(texts: tuple[str | None, ...]) -> None:
    assert masks(taught(*in_turn(*texts[:-1])), 1) == {}
    known = taught(*in_turn(*texts))

    assert BOX in masks(known, 1)
    assert known[BOX].is_masked
    assert masks(known, 2) == {}, "another article's may be its story's"


def test_an_edit_in_between_is_no_habit() -> None:
    texts = (ROPE, KEEPER, TIDES, TIDES.replace("two", "three"), "Sail maker still sews by hand.", KEEPER)
    known = taught(*in_turn(*texts))

    assert known[BOX].turned == {1: 2}
    assert masks(known, 1) == {}


def test_boxes_that_are_edited_on_many_articles_are_not() -> None:
    """Lists, quotations and fact boxes are set alike on all articles of a host, and newsrooms add to them."""
    known: Memory = {}
    for article in range(1, 6):
        first, second = f"List {article} as it was.", f"What article {article} has instead, in other words."
        known = taught((LATER, content(first)), (LATER, content(second)), memory=known, article=article)

    assert known[BOX].moves == 5
    assert masks(known, 1) == {}


def test_one_that_goes_while_others_like_it_stand_teaches_nothing() -> None:
    """The headings of a story are set alike."""
    known = taught((LATER, content(ROPE, KEEPER)), (AT_ONCE, content(ROPE)), (AT_ONCE, content(ROPE, TIDES)))

    assert known[BOX].moves == 0


def test_a_box_whose_text_stands_in_another_article_is_masked_at_its_first_move() -> None:
    elsewhere = taught((LATER, content(ROPE)), article=2)
    known = taught((LATER, content(ROPE)), (LATER, content(KEEPER)), memory=elsewhere)

    assert known[BOX].shared == 1
    assert "stands in other articles too" in masks(known, 1)[BOX]


@pytest.mark.parametrize("kept", ["before", "after"])
def test_an_edit_in_a_box_speaks_against_a_mask(kept: str) -> None:
    edit = (LATER, content(ROPE.replace("doubled", "trebled")))
    moves = [(LATER, content(KEEPER)), (LATER, content(TIDES))]
    looks = [edit, *moves] if kept == "before" else [*moves, (LATER, content(TIDES.replace("two", "three")))]
    known = taught((LATER, content(ROPE)), *looks)

    assert (known[BOX].edits, known[BOX].moves) == (1, 2)
    assert masks(known, 1) == {}


def test_nothing_is_learned_while_the_story_moves() -> None:
    known = taught((LATER, content(ROPE)), (AT_ONCE, content(KEEPER, lead=LEAD.replace("twelve", "seventeen"))))

    assert known[BOX].moves == 0


def test_nothing_is_learned_while_the_stamp_moves() -> None:
    stamp = Claim(kind=ClaimKind.UPDATED, at=AT, raw="Updated 12:00", source=ClaimSource.VISIBLE)
    later = replace(stamp, at=AT + LATER, raw="Updated 12:10")
    known = taught((LATER, content(ROPE, claims=(stamp,))), (AT_ONCE, content(KEEPER, claims=(later,))))

    assert known[BOX].moves == 0


def test_the_storys_own_paragraphs_are_never_learned() -> None:
    """However often they turn over."""
    own = [(AT_ONCE, content(text, signature=None)) for text in (ROPE, KEEPER, ROPE, KEEPER, ROPE)]

    assert taught(*own) == {}


def test_a_box_that_was_never_compared_is_not_remembered() -> None:
    noise = [
        (AT_ONCE, replace(said, blocks=tuple(replace(b, rank=Rank.NOISE) if b.signature else b for b in said.blocks)))
        for said in (content(ROPE), content(KEEPER), content(TIDES))
    ]

    assert taught(*noise) == {}


# -- settling


def test_a_mask_is_dropped_when_its_block_has_stood_for_a_week() -> None:
    moved = ((LATER, content(ROPE)), (LATER, content(TIDES)), (AT_ONCE, content(KEEPER)))
    assert BOX in masks(taught(*moved, *[(timedelta(days=1), content(KEEPER))] * 6), 1)

    assert masks(taught(*moved, *[(timedelta(days=1), content(KEEPER))] * 7), 1) == {}


def test_what_moves_after_it_has_settled_is_learned_anew() -> None:
    week = [(timedelta(days=1), content(KEEPER))] * 8
    moved = ((LATER, content(ROPE)), (LATER, content(TIDES)), (AT_ONCE, content(KEEPER)))
    known = taught(*moved, *week, (LATER, content(ROPE)))

    assert known[BOX].moves == 1
    assert masks(known, 1) == {}


# -- bounds


def test_memory_of_a_block_is_bounded() -> None:
    known: Memory = {}
    for article in range(3 * ARTICLES):
        known = taught(
            (LATER, content(f"{article} one")), (LATER, content(f"{article} two")), memory=known, article=article
        )

    assert (len(known[BOX].texts), len(known[BOX].shown)) == (TEXTS, ARTICLES)
    assert fingerprint(f"{3 * ARTICLES - 1} two") in known[BOX].texts


# -- masking


def test_masked_blocks_are_kept_and_not_compared() -> None:
    said = masked(content(ROPE), [BOX])

    assert [block.rank for block in said.blocks] == [Rank.CORE, Rank.MASKED, Rank.CORE]
    assert said.paragraphs == (LEAD, LAST)


def test_what_is_masked_in_one_of_two_is_masked_in_both() -> None:
    old, new = evened(content(ROPE), masked(content(KEEPER), [BOX]))

    assert old.paragraphs == new.paragraphs == (LEAD, LAST)


def test_a_text_that_was_met_is_not_new() -> None:
    known = taught((LATER, content(ROPE)))
    rope, keeper = (Block(BlockKind.PARAGRAPH, text, signature=BOX) for text in (ROPE, KEEPER))

    assert not is_new(known, rope)
    assert is_new(known, keeper)
