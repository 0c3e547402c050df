"""Edits -> the facts to read first."""

import pytest

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import diff
from monitor.core.facts import Fact, FactKind, facts

LONG = "The owner of the factory was arrested on Tuesday evening after a search of his home."
OTHER = "Heavy rain hampered the work of the fire brigade, which had come from three towns."


def article(*paragraphs: str, headline: str | None = None, corrections: tuple[str, ...] = ()) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/fire", headline=headline, blocks=blocks, corrections=corrections)


def found(old: Content, new: Content) -> tuple[Fact, ...]:
    return facts(diff(old, new))


def told(kind: FactKind, old: str, new: str) -> list[tuple[str, str]]:
    return [(fact.old, fact.new) for fact in found(article(old), article(new)) if fact.kind is kind]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("At least 12 people died there", "At least 17 people died there", [("12", "17")]),
        ("It cost $5 million in all", "It cost $7.5 million in all", [("$5 million", "$7.5 million")]),
        ("Prices rose 3.5% this year", "Prices rose 4% this year", [("3.5%", "4%")]),
        ("12 dead and 30 hurt, he said", "17 dead and 31 hurt, he said", [("12", "17"), ("30", "31")]),
        ("정부는 화재로 12명이 숨졌다고", "정부는 화재로 15명이 숨졌다고", [("12", "15")]),
        ("死者は12人に達したという", "死者は17人に達したという", [("12", "17")]),
        ("قتل ١٢ شخصا في الحريق", "قتل ١٥ شخصا في الحريق", [("١٢", "١٥")]),
        # The same value, written otherwise, is no change.
        ("About 9,500 people came here", "Some 9.500 people went here", []),
        ("About 1 200 people came here", "Some 1,200 people went here", []),
        # Names with digits are no numbers.
        ("The Covid-19 wave is over now", "The Covid wave is over now", []),
        ("A number came here for them", "A number came here for all 30 of them", [("", "30")]),
        ("They said that 30 of them left early", "They said that some of them left early", [("30", "")]),
        # A number that only goes elsewhere in the sentence is no change.
        ("In 2014 he left the old party", "He left the old party in 2014", []),
    ],
)
def test_numbers_that_changed_are_told(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert told(FactKind.NUMBER, old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "“We are sorry,” he said here",
            "“We are deeply sorry,” he said here",
            [("We are sorry", "We are deeply sorry")],
        ),
        (
            "Sie sagte: „Das ist falsch.“",
            "Sie sagte: „Das ist richtig falsch.“",
            [("Das ist falsch", "Das ist richtig falsch")],
        ),
        ("Il a dit qu'il viendrait demain", "Il a dit « je viendrai » demain", [("", "je viendrai")]),
        ("首相は「認めない」と述べた。", "首相は「認めます」と述べた。", [("認めない", "認めます")]),
        # Marks of another kind around the same words are no change.
        ("He said “no way” at noon on Monday", "He said 'no way' at night on Monday", []),
        # Marks put around words make a quotation of them.
        ("The so called rebels have left", "The so called “rebels” have left", [("", "rebels")]),
        # An apostrophe opens no quotation.
        ("The firm's boss didn't say that", "The firm's boss didn't ask that", []),
    ],
)
def test_quotations_that_changed_are_told(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert told(FactKind.QUOTATION, old, new) == expected


def test_a_changed_headline_comes_first() -> None:
    first, *_ = found(article("12 died", headline="Fire kills 12"), article("17 died", headline="Fire kills 17"))

    assert (first.kind, first.old, first.new) == (FactKind.HEADLINE, "Fire kills 12", "Fire kills 17")


def test_paragraphs_added_removed_and_moved_are_told() -> None:
    third = "A third paragraph, which is about something else altogether and stays."
    old, new = article(LONG, OTHER, third, "Gone with the wind."), article(OTHER, third, LONG, "Came in late today.")

    assert [fact.kind for fact in found(old, new)] == [
        FactKind.PARAGRAPH_REMOVED,
        FactKind.PARAGRAPH_ADDED,
        FactKind.PARAGRAPH_MOVED,
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Correction: an earlier version of this article gave a wrong number.",
        "This article was amended on 5 May to correct a name.",
        "Korrektur: In einer früheren Fassung stand ein falscher Name.",
        "Rectificatif : le nom a été corrigé.",
        "Исправление: имя указано верно.",
    ],
)
def test_a_correction_note_that_comes_is_told(note: str) -> None:
    assert FactKind.CORRECTION in [fact.kind for fact in found(article(LONG), article(LONG, note))]


def test_a_correction_in_its_own_field_is_told_whatever_it_says() -> None:
    (fact,) = found(article(LONG), article(LONG, corrections=("The name was wrong.",)))

    assert (fact.kind, fact.new) == (FactKind.CORRECTION, "The name was wrong.")


def test_the_word_correction_in_the_running_text_is_no_note() -> None:
    new = article(LONG, "Analysts expect a market correction before the year ends, but nobody knows.")

    assert FactKind.CORRECTION not in [fact.kind for fact in found(article(LONG), new)]


def test_a_correction_note_that_goes_is_no_correction() -> None:
    old = article(LONG, corrections=("Correction: the name was wrong.",))

    assert FactKind.CORRECTION not in [fact.kind for fact in found(old, article(LONG))]


def test_other_capitals_or_punctuation_alone_are_told_as_such() -> None:
    assert told(FactKind.CASE, "The Bank said", "The bank said") == [("The Bank said", "The bank said")]
    assert told(FactKind.PUNCTUATION, "Stop it now.", "Stop, it now!") == [("Stop it now.", "Stop, it now!")]


def test_cosmetic_edits_state_nothing() -> None:
    assert found(article("He said “no”."), article('He said "no".')) == ()


def test_a_name_is_a_hint() -> None:
    old = "Late in the evening the minister Anna Smith said that she would not resign from office."
    names = [fact for fact in found(article(old), article(old.replace("Anna Smith", "Bob Brown"))) if fact.hint]

    assert [(fact.old, fact.new) for fact in names] == [("Anna Smith", ""), ("", "Bob Brown")]


def test_german_nouns_are_no_names() -> None:
    old = (
        "Die Feuerwehr löschte den Brand in der Fabrik am Abend mit viel Wasser aus dem Fluss, und der Besitzer der "
        "Fabrik wurde nach einer Durchsuchung in seiner Wohnung von der Polizei in der Stadt verhaftet, hieß es."
    )
    assert told(FactKind.NAME, old, old.replace("Wasser", "Schaum")) == []
