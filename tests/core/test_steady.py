"""The extractor's flips are no edits; what does not stand in two fetches is not told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.article import Block, BlockKind, Content, Rank, Reading, Version
from monitor.core.classify import changed_fields
from monitor.core.lifecycle.steady import exchanged, standing, unsettled, without_flips
from monitor.core.text import fingerprint

AT = datetime(2022, 1, 25, tzinfo=UTC)
LEAD = "The harbour authority said that twelve people were brought ashore on Tuesday morning."
SECOND = "The ship had left the dock at six in thick fog, and its master reported trouble soon after."
LAST = "A spokeswoman told reporters that the water was calm and that nobody was badly hurt."
BOX = "How the lifeboats work: a visit to the station on the western quay."
TEASER = "Lighthouse keeper retires after forty years on the rock, and nobody wants the post."
OTHER = "Why the price of rope has doubled since spring, and who pays for it in the end."


def content(*core: str, beside: tuple[str, ...] = (), **fields: object) -> Content:
    blocks = [Block(BlockKind.PARAGRAPH, text) for text in core]
    blocks += [Block(BlockKind.PARAGRAPH, text, Rank.PERIPHERAL) for text in beside]
    return Content(url="https://news.example/story", blocks=tuple(blocks), **fields)  # type: ignore[arg-type]


def version(said: Content, *page: str) -> Version:
    return Version(
        id=1, article_id=1, number=1, content=said, first_seen_at=AT, last_seen_at=AT, page_blocks=blocks_of(page)
    )


def reading(said: Content, *page: str) -> Reading:
    return Reading(content=said, page_digest="", page_blocks=blocks_of(page))


def blocks_of(page: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(sorted(fingerprint(text) for text in page))


# -- flips


def test_text_that_left_the_article_and_still_stands_on_the_page_is_no_edit() -> None:
    page = (LEAD, SECOND, BOX)
    steady = without_flips(version(content(LEAD, SECOND, BOX), *page), reading(content(LEAD, SECOND), *page))

    assert steady.content.paragraphs == (LEAD, SECOND, BOX)


def test_text_that_came_into_the_article_and_stood_on_the_page_before_is_no_edit() -> None:
    page = (LEAD, BOX, SECOND)
    steady = without_flips(version(content(LEAD, SECOND), *page), reading(content(LEAD, BOX, SECOND), *page))

    assert steady.content.paragraphs == (LEAD, SECOND)
    assert BOX in [block.text for block in steady.content.blocks], "kept beside the story"


def test_text_that_was_kept_beside_the_story_and_is_counted_again_is_no_edit() -> None:
    page = (LEAD, SECOND, BOX)
    steady = without_flips(
        version(content(LEAD, SECOND, BOX), *page), reading(content(LEAD, SECOND, beside=(BOX,)), *page)
    )

    assert steady.content.paragraphs == (LEAD, SECOND, BOX)
    assert [block.text for block in steady.content.blocks].count(BOX) == 1


def test_a_paragraph_that_was_deleted_is_gone_though_a_teaser_repeats_it() -> None:
    steady = without_flips(
        version(content(LEAD, SECOND), LEAD, SECOND, LEAD), reading(content(SECOND), SECOND, LEAD)
    )  # fmt: skip

    assert steady.content.paragraphs == (SECOND,)


def test_a_paragraph_that_was_written_is_new_though_a_teaser_has_said_it() -> None:
    steady = without_flips(
        version(content(SECOND), SECOND, LEAD), reading(content(LEAD, SECOND), LEAD, SECOND, LEAD)
    )  # fmt: skip

    assert steady.content.paragraphs == (LEAD, SECOND)


def test_a_standfirst_that_is_counted_to_the_body_stays_a_standfirst() -> None:
    page = (LEAD, SECOND)
    steady = without_flips(
        version(content(SECOND, standfirst=LEAD), *page), reading(content(LEAD, SECOND), *page)
    )  # fmt: skip

    assert (steady.content.standfirst, steady.content.paragraphs) == (LEAD, (SECOND,))


def test_a_headline_chosen_from_the_same_headings_is_no_edit_and_a_new_heading_is() -> None:
    old = version(content(SECOND, headline="Ferry runs aground"), "Ferry runs aground", "Live from the quay", SECOND)
    chosen = reading(content(SECOND, headline="Live from the quay"), "Ferry runs aground", "Live from the quay", SECOND)
    written = reading(content(SECOND, headline="Ferry sinks"), "Ferry sinks", "Live from the quay", SECOND)

    assert without_flips(old, chosen).content.headline == "Ferry runs aground"
    assert without_flips(old, written).content.headline == "Ferry sinks"


def test_a_table_row_flips_with_all_its_cells() -> None:
    row = Block(BlockKind.ROW, "Monday | 12 | calm")
    page = (LEAD, "Monday", "12", "calm")
    old = replace(content(LEAD), blocks=(*content(LEAD).blocks, row))

    assert without_flips(version(old, *page), reading(content(LEAD), *page)).content.blocks == old.blocks


def test_moved_paragraphs_are_an_edit() -> None:
    page = (LEAD, SECOND, LAST)
    steady = without_flips(version(content(LEAD, SECOND, LAST), *page), reading(content(LAST, LEAD, SECOND), *page))

    assert steady.content.paragraphs == (LAST, LEAD, SECOND)


texts = st.lists(st.sampled_from((LEAD, SECOND, LAST, BOX, TEASER)), unique=True)


@given(texts, texts)
def test_on_a_page_that_did_not_change_no_choice_of_paragraphs_is_an_edit(one: list[str], other: list[str]) -> None:
    page = (LEAD, SECOND, LAST, BOX, TEASER)
    old = content(*sorted(one))
    steady = without_flips(version(old, *page), reading(content(*sorted(other)), *page))

    assert sorted(steady.content.paragraphs) == sorted(old.paragraphs)


@given(texts, texts)
def test_on_pages_that_share_nothing_everything_is_an_edit(one: list[str], other: list[str]) -> None:
    new = content(*(f"{text} Later." for text in other))
    read = reading(new, *new.paragraphs)

    assert without_flips(version(content(*one), *one), read).content == new


# -- standing


def test_what_came_in_both_fetches_stands_and_what_came_in_one_does_not() -> None:
    firm = standing(content(LEAD), content(LEAD, SECOND, TEASER), content(LEAD, SECOND, OTHER))

    assert firm.paragraphs == (LEAD, SECOND)


def test_what_is_gone_from_both_fetches_is_gone_and_what_is_missing_once_is_not() -> None:
    firm = standing(content(LEAD, SECOND, LAST), content(LEAD, SECOND), content(SECOND))

    assert firm.paragraphs == (LEAD, SECOND)


@pytest.mark.parametrize(
    ("seen", "again"),
    [
        ((LEAD, TEASER, SECOND), (LEAD, OTHER, SECOND)),
        ((LEAD, TEASER, SECOND), (OTHER, LEAD, SECOND)),
        ((TEASER, LEAD, SECOND), (LEAD, OTHER, SECOND)),
        ((LEAD, TEASER, SECOND), (LEAD, SECOND)),
        ((LEAD, SECOND), (LEAD, TEASER, SECOND)),
    ],
    ids=["in place", "elsewhere at the second", "elsewhere at the first", "not at the second", "not at the first"],
)
def test_a_block_that_is_another_one_at_each_fetch_has_not_lost_its_former_text(
    seen: tuple[str, ...], again: tuple[str, ...]
) -> None:
    firm = standing(content(LEAD, BOX, SECOND), content(*seen), content(*again))

    assert firm.paragraphs == (LEAD, BOX, SECOND)


def test_a_paragraph_that_was_rewritten_stands_beside_a_block_that_rotates() -> None:
    later = LEAD.replace("twelve", "seventeen")
    firm = standing(content(LEAD, BOX), content(later, TEASER), content(later, OTHER))

    assert firm.paragraphs == (later, BOX)


def test_a_headline_stands_when_both_fetches_show_it() -> None:
    told, seen = content(LEAD, headline="Ferry aground"), content(LEAD, headline="Ferry sinks")

    assert standing(told, seen, content(LEAD, headline="Ferry sinks")).headline == "Ferry sinks"
    assert standing(told, seen, content(LEAD, headline="Ferry lost")).headline == "Ferry aground"


def test_another_wording_deserves_a_third_look_and_another_block_does_not() -> None:
    told = content(LEAD, SECOND)
    seen, again = content(LEAD.replace("twelve", "17"), SECOND), content(LEAD.replace("twelve", "19"), SECOND)

    assert unsettled(told, seen, again)
    assert not unsettled(told, content(LEAD, SECOND, TEASER), content(LEAD, SECOND, OTHER))
    assert unsettled(told, content(LEAD, SECOND, TEASER), content(LEAD, SECOND, OTHER, LAST))


@given(texts, texts)
def test_two_fetches_that_agree_stand_whole(told: list[str], seen: list[str]) -> None:
    assert standing(content(*told), content(*seen), content(*seen)).paragraphs == tuple(seen)


@given(texts, texts, texts)
def test_what_stands_was_in_what_was_told_or_in_both_fetches(
    told: list[str], seen: list[str], again: list[str]
) -> None:
    firm = standing(content(*told), content(*seen), content(*again))

    assert set(firm.paragraphs) <= set(told) | (set(seen) & set(again))
    assert set(told) & set(seen) & set(again) <= set(firm.paragraphs)
    assert changed_fields(firm, standing(content(*told), firm, firm)) == ()


# -- places where something rotates


def with_box(text: str | None, rank: Rank = Rank.NOISE, kind: BlockKind = BlockKind.PARAGRAPH) -> Content:
    """The story with a box, or a heading of its own, after its lead."""
    signature = None if kind is BlockKind.SUBHEADING else "amid: div.box"
    box = [Block(kind, text, rank, signature=signature)] if text else []
    lead, last = Block(BlockKind.PARAGRAPH, LEAD), Block(BlockKind.PARAGRAPH, LAST)
    return Content(url="https://news.example/story", blocks=(lead, *box, last))


@pytest.mark.parametrize("kind", [BlockKind.PARAGRAPH, BlockKind.SUBHEADING])
def test_what_went_where_two_looks_show_two_other_boxes_was_not_deleted(kind: BlockKind) -> None:
    told = with_box(BOX, Rank.CORE, kind)
    seen, again = with_box(TEASER), with_box(OTHER)

    assert [block.text for block in exchanged(told, seen, again)] == [BOX]
    assert standing(told, seen, again).paragraphs == (LEAD, BOX, LAST)


def test_a_heading_beside_a_label_that_stands_may_be_what_rotates() -> None:
    label = Block(BlockKind.PARAGRAPH, "Advertisement", Rank.NOISE, signature="amid: p")
    told, seen, again = (
        replace(each, blocks=(each.blocks[0], label, *each.blocks[1:]))
        for each in (with_box(BOX, Rank.CORE, BlockKind.SUBHEADING), with_box(None), with_box(TEASER))
    )

    assert [block.text for block in exchanged(told, seen, again)] == [BOX]


@pytest.mark.parametrize(("seen", "again"), [(None, None), (TEASER, TEASER)])
def test_a_box_that_is_gone_for_good_is_gone(seen: str | None, again: str | None) -> None:
    told = with_box(BOX, Rank.CORE)

    assert exchanged(told, with_box(seen), with_box(again)) == ()
    assert standing(told, with_box(seen), with_box(again)).paragraphs == (LEAD, LAST)


def test_a_paragraph_that_went_from_beside_a_box_that_rotates_is_gone() -> None:
    told = Content(
        url="https://news.example/story",
        blocks=(
            Block(BlockKind.PARAGRAPH, LEAD),
            Block(BlockKind.PARAGRAPH, SECOND),
            Block(BlockKind.PARAGRAPH, BOX, Rank.NOISE, signature="amid: div.box"),
            Block(BlockKind.PARAGRAPH, LAST),
        ),
    )

    assert standing(told, with_box(TEASER), with_box(OTHER)).paragraphs == (LEAD, LAST)


def test_a_heading_that_went_from_beside_a_box_that_rotates_is_gone() -> None:
    told = with_box(BOX)
    heading = Block(BlockKind.SUBHEADING, SECOND)
    told = replace(told, blocks=(told.blocks[0], heading, *told.blocks[1:]))

    assert standing(told, with_box(TEASER), with_box(OTHER)).paragraphs == (LEAD, LAST)
