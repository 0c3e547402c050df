"""Correction notes: told wherever they came, by the name they give themselves; the running text is none."""

import pytest

from monitor.core.article import Field, Reading
from monitor.core.diff import diff
from monitor.core.facts import Fact, FactKind, Notice, facts
from monitor.core.facts.notices import kind_of
from monitor.extract.read import read_page
from tests.core.facts.notes import LABELLED, NOTES
from tests.core.facts.said import article, found
from tests.extract.pages import PARAGRAPHS, Story

FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."


def notices(old: Story, new: Story) -> list[Fact]:
    before, after = (read_page(page.bytes(), "https://skerry.example/2022/01/25/pier") for page in (old, new))
    assert isinstance(before, Reading)
    assert isinstance(after, Reading)
    return [fact for fact in facts(diff(before.content, after.content)) if fact.kind is FactKind.CORRECTION]


@pytest.mark.parametrize("note", [note for _, _, note in NOTES])
@pytest.mark.parametrize("place", [2, len(PARAGRAPHS)])
def test_a_note_in_a_paragraph_of_its_own_is_told_from_page_to_fact(note: str, place: int) -> None:
    noted = Story(paragraphs=(*PARAGRAPHS[:place], note, *PARAGRAPHS[place:]))

    assert [fact.new for fact in notices(Story(), noted)] == [note]


@pytest.mark.parametrize(("kind", "note"), [(kind, note) for _, kind, note in NOTES])
def test_a_note_is_told_by_what_it_calls_itself(kind: Notice | None, note: str) -> None:
    assert kind_of(note) is kind


@pytest.mark.parametrize("note", [note for _, _, note in LABELLED])
def test_a_labelled_note_at_the_end_of_a_paragraph_is_told_from_its_label_on(note: str) -> None:
    (fact,) = [fact for fact in found(article(FIRE), article(f"{FIRE} {note}")) if fact.kind is FactKind.CORRECTION]

    assert (fact.field, fact.old, fact.new) == (Field.BODY, "", note)


@pytest.mark.parametrize(
    "text",
    [
        "Analysts expect a market correction before the year ends, but nobody knows: it may not come.",
        "He asked for a clarification: the court had not said who would pay for the new doors.",
        "Correct: the doors were locked, and nobody had the keys to any of them that night.",
        "La corrección del texto duró un año: los autores no se ponían de acuerdo en nada.",
        "Die Korrektur des Kurses kam spät: erst im Herbst lenkte die Regierung wieder ein.",
        "Его исправление заняло год: авторы никак не могли договориться между собой.",
        "株価の訂正は年末まで続くとの見方もある：市場はまだ決めかねている。",
        "Update: Heavy rain hampers the work of the fire brigade, which came from three towns.",
    ],
)
def test_the_word_in_the_running_text_is_no_note(text: str) -> None:
    for new in (article(FIRE, text), article(f"{FIRE} {text}")):
        assert FactKind.CORRECTION not in [fact.kind for fact in found(article(FIRE), new)]


def test_a_note_that_stood_there_before_is_not_told_again() -> None:
    noted = f"{FIRE} Correction: the fire was on Monday."
    new = article(noted.replace("At least 12", "The toll: at least 17"))

    assert FactKind.CORRECTION not in [fact.kind for fact in found(article(noted), new)]


def test_a_note_in_its_own_field_is_told_whatever_it_says() -> None:
    (fact,) = found(article(FIRE), article(FIRE, corrections=("The name was wrong.",)))

    assert (fact.kind, fact.new, fact.notice) == (FactKind.CORRECTION, "The name was wrong.", None)


def test_a_reworded_note_is_told_with_its_former_words() -> None:
    old, new = "Correction: the owner is 41, not 14.", "Correction: the owner is 42, not 14."
    (fact,) = found(article(FIRE, corrections=(old,)), article(FIRE, corrections=(new,)))

    assert (fact.kind, fact.old, fact.new) == (FactKind.CORRECTION, old, new)


def test_a_note_that_goes_is_told_as_gone() -> None:
    (fact,) = found(article(FIRE, corrections=("Correction: the name was wrong.",)), article(FIRE))

    assert (fact.kind, fact.old, fact.new) == (FactKind.CORRECTION, "Correction: the name was wrong.", "")
