"""Edits -> the facts to read first: whole texts, surfaces, and the order of telling."""

import pytest

from monitor.core.article import Field
from monitor.core.facts import Fact, FactKind
from monitor.core.facts.fact import weight
from tests.core.facts.said import article, found, told

LONG = "The owner of the factory was arrested on Tuesday evening after a search of his home."
OTHER = "Heavy rain hampered the work of the fire brigade, which had come from three towns."
THIRD = "A third paragraph, which is about something else altogether and stays."


def test_a_changed_headline_is_told_whole() -> None:
    first, *_ = found(article("12 died", headline="Fire kills 12"), article("17 died", headline="Fire kills 17"))

    assert (first.kind, first.old, first.new) == (FactKind.HEADLINE, "Fire kills 12", "Fire kills 17")


def test_paragraphs_added_removed_and_moved_are_told() -> None:
    old, new = article(LONG, OTHER, THIRD, "Gone with the wind."), article(OTHER, THIRD, LONG, "Came in late today.")

    assert [fact.kind for fact in found(old, new)] == [
        FactKind.PARAGRAPH_REMOVED,
        FactKind.PARAGRAPH_ADDED,
        FactKind.PARAGRAPH_MOVED,
    ]


def test_the_weightiest_is_told_first() -> None:
    old = article(f"{LONG} He is 41.", "He said “yes, at once” to them.", THIRD, headline="Owner held")
    new = article(
        f"{LONG} He is 42.",
        "He said “yes, not at once” to them and to 12 others.",
        THIRD,
        OTHER,
        headline="Owner charged",
        corrections=("Correction: his age was wrong.",),
    )

    assert [(fact.kind, bool(fact.old)) for fact in found(old, new)] == [
        (FactKind.CORRECTION, False),
        (FactKind.HEADLINE, True),
        (FactKind.NUMBER, True),
        (FactKind.QUOTATION, True),
        (FactKind.NUMBER, False),
        (FactKind.PARAGRAPH_ADDED, False),
    ]


@pytest.mark.parametrize("kind", FactKind)
def test_every_kind_has_its_place_in_the_order_of_telling(kind: FactKind) -> None:
    sides = [("old", "new")] if kind in (FactKind.CASE, FactKind.PUNCTUATION, FactKind.PARAGRAPH_MOVED) else []
    sides += [("", "new")] if kind in (FactKind.PARAGRAPH_ADDED, FactKind.NAME) else []
    sides += [("old", "")] if kind in (FactKind.PARAGRAPH_REMOVED, FactKind.NAME) else []

    for old, new in sides or [("old", "new"), ("old", ""), ("", "new")]:
        assert weight(Fact(kind=kind, field=Field.BODY, old=old, new=new)) >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The Bank said", "The bank said"),
        ("Der Staat half", "der Staat half"),
        ("В Банке", "в банке"),
    ],
)
def test_other_capitals_alone_are_told_as_such(old: str, new: str) -> None:
    assert told(FactKind.CASE, old, new) == [(old, new)]
    assert told(FactKind.PUNCTUATION, old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Stop it now.", "Stop, it now!"),
        ("He came, saw and won. Then he left.", "He came, saw and won; then he left."),
        ("他来了，看了，赢了。", "他来了、看了、赢了。"),
        ("これは本当（かもしれない）", "これは本当。かもしれない"),
        ("هل جاء؟ نعم.", "هل جاء، نعم."),
    ],
)
def test_other_punctuation_alone_is_told_as_such(old: str, new: str) -> None:
    assert told(FactKind.PUNCTUATION, old, new) == [(old, new)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It cost $5 there", "It cost €5 there"),
        ("It rose 5% there", "It rose 5 there"),
        ("It was 5° there", "It was 5 there"),
        ("They came in to the house", "They came into the house"),
        ("In der Straße", "In der Strasse"),
    ],
)
def test_other_signs_spaces_and_letters_are_more_than_punctuation_or_capitals(old: str, new: str) -> None:
    assert told(FactKind.PUNCTUATION, old, new) + told(FactKind.CASE, old, new) == []


def test_an_empty_paragraph_states_nothing() -> None:
    assert found(article(LONG), article(LONG, "")) == ()


def test_cosmetic_edits_state_nothing() -> None:
    assert found(article("He said “no”."), article('He said "no".')) == ()


def test_no_change_states_nothing() -> None:
    assert found(article(LONG, headline="Owner held"), article(LONG, headline="Owner held")) == ()
