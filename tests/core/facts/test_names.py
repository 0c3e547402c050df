"""Names: a hint by capitals, told only where capitals mean names."""

import pytest

from monitor.core.facts import FactKind
from tests.core.facts.said import article, found, told

OLD = "Late in the evening the minister Anna Smith said that she would not resign from office."


def test_a_name_is_a_hint() -> None:
    names = [fact for fact in found(article(OLD), article(OLD.replace("Anna Smith", "Bob Brown"))) if fact.hint]

    assert [(fact.old, fact.new) for fact in names] == [("Anna Smith", ""), ("", "Bob Brown")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Who goes by the family name alone has not gone.
        (OLD, OLD.replace("Anna Smith", "Smith"), []),
        # Nor who stands elsewhere, and is told once where he stands twice.
        (f"{OLD}\nIt is over.", f"{OLD.replace(' Anna Smith', '')}\nIt is over, said Anna Smith.", []),
        (OLD, f"{OLD[:-1]} to Bob Brown, and she left with Bob Brown.", [("", "Bob Brown")]),
        (OLD, f"{OLD[:-1]} to Bob Brown, and she left with Brown.", [("", "Bob Brown")]),
        (OLD, OLD.replace("Smith said", "Smith's son in Leith said"), [("", "Leith")]),
        # A day is no name.
        (OLD, f"{OLD[:-1]} on Tuesday, nor in May.", []),
        (OLD, f"{OLD[:-1]} on Tuesday to Ruth May.", [("", "Ruth May")]),
        # The first word of a sentence or of a quotation may be any word.
        (OLD, f"{OLD} Nobody believed her.", []),
        (OLD, f"{OLD[:-1]}: “Never again.”", []),
        ("Le soir, le ministre a dit non.", "Le soir, le ministre Jean Dupont a dit non.", [("", "Jean Dupont")]),
        ("Вечером министр сказал, что уйдёт.", "Вечером министр Иванов сказал, что уйдёт.", [("", "Иванов")]),
    ],
)
def test_names_that_came_and_went_are_told_once(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert told(FactKind.NAME, old, new) == expected


def test_a_name_in_a_whole_paragraph_is_told_by_the_paragraph() -> None:
    assert told(FactKind.NAME, OLD, f"{OLD}\nIn the morning her deputy Bob Brown took over at the ministry.") == []


def test_german_nouns_are_no_names() -> None:
    old = (
        "Die Feuerwehr löschte den Brand in der Fabrik am Abend mit viel Wasser aus dem Fluss, und der Besitzer der "
        "Fabrik wurde nach einer Durchsuchung in seiner Wohnung von der Polizei in der Stadt verhaftet, hieß es."
    )
    assert told(FactKind.NAME, old, old.replace("Wasser", "Schaum")) == []


def test_words_of_a_headline_in_title_case_are_no_names() -> None:
    old, new = "Harbour Master Resigns After Fight Over Pier", "Quiet Pilot Leaves Town Hall For Home Again"

    assert told(FactKind.NAME, article(OLD, headline=old), article(OLD, headline=new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("彼は会社で React Hook を使うと述べた。", "彼は会社で React Router を使うと述べた。"),
        ("اجتمع الوزير مع شركة, Apple اليوم في العاصمة.", "اجتمع الوزير مع شركة, Google اليوم في العاصمة."),
    ],
)
def test_foreign_words_in_a_script_without_capitals_are_no_names(old: str, new: str) -> None:
    assert told(FactKind.NAME, old, new) == []
