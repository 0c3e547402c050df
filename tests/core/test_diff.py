"""Two readings of an article -> edits: what is exact, what is one edit and what is two, and what moved."""

import pytest

from monitor.core.article import Block, BlockKind, Content, Field, Rank
from monitor.core.diff import (
    Edit,
    EditOp,
    changed,
    check,
    diff,
    is_cosmetic,
    patch_text,
    stats,
)

FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."
OWNER = "The owner of the factory was arrested on Tuesday evening after a search of his home."
MAYOR = "The mayor promised an inquiry into the safety of the buildings along the old harbour."
RAIN = "Heavy rain hampered the work of the fire brigade, which came from three towns."
NAMES = "The names of the victims have not been released, as their families are being told first."


def article(*paragraphs: str, headline: str | None = None, captions: tuple[str, ...] = ()) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/fire", headline=headline, blocks=blocks, captions=captions)


def checked(old: Content, new: Content) -> tuple[Edit, ...]:
    edits = diff(old, new)
    check(edits, old, new)
    return edits


def ops(edits: tuple[Edit, ...]) -> list[str]:
    return [edit.op.value for edit in edits]


def test_an_unchanged_paragraph_is_an_edit_that_says_equal() -> None:
    assert ops(checked(article(FIRE, OWNER), article(FIRE, OWNER))) == ["equal", "equal"]


def test_one_changed_word_is_one_replacement_of_that_word() -> None:
    (edit,) = checked(article(FIRE), article(FIRE.replace("12", "17")))

    assert [span for span in edit.spans if span[0] != "equal"] == [("delete", "12"), ("insert", "17")]


def test_each_field_is_compared_with_itself_alone() -> None:
    edits = checked(article(FIRE, headline=OWNER), article(FIRE, OWNER))

    assert [(e.field, e.op) for e in edits] == [
        (Field.HEADLINE, EditOp.DELETE),
        (Field.BODY, EditOp.EQUAL),
        (Field.BODY, EditOp.INSERT),
    ]


def test_a_headline_is_replaced_even_when_no_word_of_it_survives() -> None:
    (edit,) = checked(article(headline="Mayor resigns"), article(headline="City votes again"))

    assert (edit.op, edit.old, edit.new) == (EditOp.REPLACE, "Mayor resigns", "City votes again")


def test_a_rewritten_paragraph_that_shares_little_is_a_deletion_and_an_insertion() -> None:
    assert ops(checked(article(FIRE), article(OWNER))) == ["delete", "insert"]


def test_a_moved_paragraph_is_one_edit_at_its_new_place_with_the_words_changed_on_the_way() -> None:
    old, new = article(FIRE, OWNER, MAYOR, RAIN), article(OWNER, MAYOR, RAIN, FIRE.replace("12", "17"))
    move = changed(checked(old, new))

    assert [(e.op, e.old_at, e.new_at) for e in move] == [(EditOp.MOVE, 0, 3)]
    assert ("delete", "12") in move[0].spans


def test_a_short_line_elsewhere_is_no_move() -> None:
    assert "move" not in ops(checked(article("Read more", FIRE, OWNER), article(FIRE, OWNER, "Read more")))


def test_a_split_paragraph_is_one_edit_over_both_halves() -> None:
    (edit, _) = checked(article(f"{FIRE} {OWNER}", MAYOR), article(FIRE, OWNER, MAYOR))

    assert (edit.op, edit.new, edit.cosmetic) == (EditOp.REPLACE, f"{FIRE}\n{OWNER}", True)


def test_an_article_joined_into_one_paragraph_is_one_cosmetic_edit() -> None:
    edits = checked(article(FIRE, OWNER, MAYOR, RAIN, NAMES), article(" ".join((FIRE, OWNER, MAYOR, RAIN, NAMES))))

    assert ops(edits) == ["replace"]
    assert is_cosmetic(edits)


def test_a_split_beside_another_change_is_still_one_edit() -> None:
    edits = checked(article(f"{FIRE} {OWNER}", MAYOR), article(FIRE, OWNER, MAYOR.replace("old", "new")))

    assert [(e.old_at, e.new_at, e.new.count("\n")) for e in changed(edits)] == [(0, 0, 1), (1, 2, 0)]


def test_two_joined_and_reworded_paragraphs_are_one_edit() -> None:
    edits = checked(article(RAIN, FIRE, OWNER, MAYOR), article(RAIN, f"{FIRE} {OWNER}".replace("12", "17"), MAYOR))

    assert [(e.op, e.old_at, e.new_at) for e in changed(edits)] == [(EditOp.REPLACE, 1, 1)]


def test_a_short_part_of_a_long_paragraph_belongs_to_it() -> None:
    long = f"{FIRE} {OWNER} {MAYOR}"
    (edit, _) = checked(article(f"{long} He is 41.", RAIN), article(long.replace("12", "17"), "He is 41.", RAIN))

    assert (edit.op, edit.new.count("\n")) == (EditOp.REPLACE, 1)


def test_a_split_into_many_beside_a_changed_lead_is_still_one_edit() -> None:
    parts = [f"{number}. {text}" for number, text in enumerate((FIRE, OWNER, MAYOR, RAIN, NAMES) * 2)]
    old, new = article(FIRE, " ".join(parts)), article(FIRE.replace("12", "17"), *parts)

    assert [(e.op, e.new_at) for e in checked(old, new)] == [(EditOp.REPLACE, 0), (EditOp.REPLACE, 1)]


def test_a_paragraph_beside_two_that_were_joined_stays_by_itself() -> None:
    edits = checked(article(FIRE, OWNER, NAMES), article(f"{FIRE} {OWNER}"))

    assert [(e.op, e.old_at) for e in edits] == [(EditOp.REPLACE, 0), (EditOp.DELETE, 2)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FIRE, "Some 17 workers died after a fire broke out at the old textile factory, firemen told a reporter."),
        ("町議会は火曜日の夜遅く夜行フェリーを残すことを決めた。", "町の議会は水曜の夜、夜行便の存続を僅差で決めた。"),
    ],
)
def test_a_paragraph_of_which_a_third_is_left_is_still_the_same_one(old: str, new: str) -> None:
    assert ops(checked(article(RAIN, old, NAMES), article(RAIN, new, NAMES))) == ["equal", "replace", "equal"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("He said “no” – twice…", 'He said "no" - twice...'),
        ("„Nein“, sagte er.", "«Nein», sagte er."),
        ("It’s over", "It's over"),
    ],
)
def test_other_quotation_marks_dashes_and_ellipses_are_cosmetic(old: str, new: str) -> None:
    edits = checked(article(old), article(new))

    assert ops(edits) == ["replace"]
    assert is_cosmetic(edits)


@pytest.mark.parametrize(
    ("old", "new"),
    [("the Bank said", "the bank said"), ("Stop.", "Stop!"), ("12 dead", "17 dead"), ("a b", "ab")],
)
def test_case_punctuation_and_words_are_not_cosmetic(old: str, new: str) -> None:
    assert not is_cosmetic(checked(article(old), article(new)))


def test_only_core_blocks_are_compared() -> None:
    aside = Block(BlockKind.PARAGRAPH, "Reporting by A. Writer", Rank.PERIPHERAL)
    old, new = article(FIRE), article(FIRE)
    new = Content(url=new.url, blocks=(*new.blocks, aside))

    assert changed(checked(old, new)) == ()


def test_an_edit_knows_the_kind_of_its_block() -> None:
    new = Content(url="u", blocks=(Block(BlockKind.SUBHEADING, "What we know"), Block(BlockKind.PARAGRAPH, FIRE)))

    assert [edit.kind for edit in checked(article(FIRE), new)] == [BlockKind.SUBHEADING, BlockKind.PARAGRAPH]


def test_the_statistics_count_words_and_leave_cosmetic_edits_out() -> None:
    told = stats(checked(article(FIRE, "He said “no”."), article(FIRE.replace("12", "at most 17"), 'He said "no".')))

    assert (told.words_added, told.words_removed) == (3, 1)
    assert 0.9 < told.similarity < 1


def test_the_same_text_is_wholly_similar() -> None:
    assert stats(diff(article(FIRE), article(FIRE))).similarity == 1.0


def test_where_everything_of_very_many_paragraphs_changed_what_stands_together_is_one_edit() -> None:
    old, new = ([f"{side} {number}" for number in range(11_000)] for side in ("a", "b"))
    edits = checked(article(FIRE, *old, OWNER, MAYOR), article(*new, MAYOR, FIRE))

    assert [(edit.op, edit.new_at) for edit in edits] == [
        (EditOp.DELETE, None),
        (EditOp.INSERT, 0),
        (EditOp.EQUAL, 11_000),
        (EditOp.MOVE, 11_001),
    ]


def test_the_same_body_has_an_empty_patch() -> None:
    assert patch_text(article(FIRE, headline="a"), article(FIRE, headline="b")) == ""
