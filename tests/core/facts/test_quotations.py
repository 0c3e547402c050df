# ruff: noqa: E501  # a sentence is a line
"""Quotations: in the marks of all languages, reworded, gone or come; and what only looks like one."""

import pytest

from monitor.core.facts import FactKind
from monitor.core.facts.quotes import quotations_in
from tests.core.facts.said import article, told

Expected = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("“We are sorry,” he said, “and will pay.”", ["We are sorry", "and will pay"]),
        ('"We are sorry," he said, "and will pay."', ["We are sorry", "and will pay"]),
        ("‘We’re sorry,’ he said, ‘and’ll pay.’", ["We’re sorry", "and’ll pay"]),
        ("'We're sorry,' he said of the firm's 'late' reply.", ["We're sorry", "late"]),
        ("„Das ist falsch“, sagte sie. ‚Nein‘, sagte er.", ["Das ist falsch", "Nein"]),
        ("»Das ist falsch«, sagte sie. »Nein«, sagte er.", ["Das ist falsch", "Nein"]),
        ("„To nieprawda” – powiedziała. „Nie\" – powiedział.", ["To nieprawda", "Nie"]),
        ("« Je viendrai », a-t-il dit, « demain ».", ["Je viendrai", "demain"]),
        ("«No vendré», dijo. “Mañana” tampoco.", ["No vendré", "Mañana"]),
        ("”Jag kommer”, sade han. ”I morgon”, sade hon.", ["Jag kommer", "I morgon"]),
        ("»Tulen», hän sanoi. ”Huomenna”, sanoi toinen.", ["Tulen", "Huomenna"]),
        ("«Я приду», — сказал он. „Завтра“, — сказала она.", ["Я приду", "Завтра"]),
        ("首相は「認めない」と述べ、『次回』も否定した。", ["認めない", "次回"]),
        ("他说：“不承认。”又说：\"不会来\"。", ["不承认。", "不会来"]),
        ("그는 “아니다”라고 말했다. '내일'이라고도 했다.", ["아니다", "내일"]),
        ("เขากล่าวว่า “ไม่จริง” และ \"พรุ่งนี้\"", ["ไม่จริง", "พรุ่งนี้"]),
        ("قال «لن آتي» ثم قال \"غدا\".", ["لن آتي", "غدا"]),
        ('הוא אמר "לא אבוא" ועל ה"מחר" שתק.', ["לא אבוא", "מחר"]),
        ("उन्होंने कहा, “मैं नहीं आऊंगा”, फिर 'कल' कहा।", ["मैं नहीं आऊंगा", "कल"]),
        ("তিনি বলেন, “আমি আসব না।” পরে 'কাল' বলেন।", ["আমি আসব না।", "কাল"]),
        ("Anh nói: “Tôi sẽ không đến” và \"ngày mai\".", ["Tôi sẽ không đến", "ngày mai"]),
    ],
)  # fmt: skip
def test_quotations_are_read_in_the_marks_of_all_languages(text: str, quotations: list[str]) -> None:
    assert [quotation.text for quotation in quotations_in(text)] == quotations


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("“He said ‘never’ to me,” she said.", ["He said ‘never’ to me"]),
        ("'He said \"never\" to me,' she said.", ['He said "never" to me']),
        ("„Er sagte ‚nie‘ zu mir“, sagte sie.", ["Er sagte ‚nie‘ zu mir"]),
        ("「彼は『来ない』と言った」と述べた。", ["彼は『来ない』と言った"]),
        ("« Il a dit « jamais » hier », dit-elle.", ["Il a dit « jamais » hier"]),
        # One inside what is no quotation counts.
        ('\'Tis the season of "great joy" here, he wrote.', ["great joy"]),
    ],
)
def test_what_is_quoted_inside_a_quotation_is_a_part_of_it(text: str, quotations: list[str]) -> None:
    assert [quotation.text for quotation in quotations_in(text)] == quotations


@pytest.mark.parametrize(
    "text",
    [
        "The firm's boss didn't say that, and the workers' union wouldn't.",
        "L'entreprise n'a pas dit qu'elle viendrait aujourd'hui.",
        "Rock 'n' roll of the '90s, 's avonds en 's nachts.",
        'A 6" pipe of 5\'10" in length burst.',
        'דובר צה"ל ומנכ"לית החברה, ד"ר לוי, הגיעו.',
        "Türkiye'nin 2020'deki planı İstanbul'da açıklandı.",
    ],
)
def test_apostrophes_inches_and_acronyms_are_no_quotations(text: str) -> None:
    assert quotations_in(text) == []


def test_a_plural_possessive_does_not_end_a_quotation_that_ends_later() -> None:
    (quotation,) = quotations_in("'The workers' rights are gone,' he said.")

    assert quotation.text == "The workers' rights are gone"


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("“We are sorry. We will pay.\n“And we will leave,” he said.", ["We are sorry. We will pay", "And we will leave"]),
        ('He said: "We are sorry.\n"And we will leave," he said.', ["And we will leave"]),
        ("He said: “We are sorry.\n“And we will leave,” he said.", ["We are sorry", "And we will leave"]),
        ("A stray “ mark, and a “real” one.", ["real"]),
        ('A stray " mark, and a "real" one.', ["real"]),
    ],
)  # fmt: skip
def test_a_quotation_over_several_paragraphs_is_one_in_each(text: str, quotations: list[str]) -> None:
    assert [quotation.text for quotation in quotations_in(text)] == quotations


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("“We are sorry,” he said here", "“We are deeply sorry,” he said here", [("We are sorry", "We are deeply sorry")]),
        ("Sie sagte: „Das ist falsch.“", "Sie sagte: „Das ist richtig falsch.“", [("Das ist falsch", "Das ist richtig falsch")]),
        ("Il a dit qu'il viendrait demain", "Il a dit « je viendrai » demain", [("", "je viendrai")]),
        ("首相は「認めない」と述べた。", "首相は「認めます」と述べた。", [("認めない", "認めます")]),
        ("Он сказал: «Мы уйдём завтра».", "Он сказал: «Мы уйдём сегодня».", [("Мы уйдём завтра", "Мы уйдём сегодня")]),
        ("قال «لن نأتي غدا أبدا» للصحافة", "قال «لن نأتي اليوم أبدا» للصحافة", [("لن نأتي غدا أبدا", "لن نأتي اليوم أبدا")]),
        ('הוא אמר "לא נבוא מחר" לכתבים', 'הוא אמר "לא נבוא היום" לכתבים', [("לא נבוא מחר", "לא נבוא היום")]),
        # With nothing in common, but where the other stood.
        ("He called it “odd” at the time", "He called it “vile” at the time", [("odd", "vile")]),
        # Cut short, and longer.
        ("It is “a big step in a long fight” now", "It is “a big step” now in the fight", [("a big step in a long fight", "a big step")]),
        ("It is “a big step in the old fight against the flood” now", "It is “a big step” now", [("a big step in the old fight against the flood", "a big step")]),
        # Marks put around words make a quotation of them; marks taken away make them the paper's own.
        ("The so called rebels have left", "The so called “rebels” have left", [("", "rebels")]),
        ("He called it “vile” that day", "He called it vile that day", [("vile", "")]),
    ],
)  # fmt: skip
def test_a_quotation_that_was_reworded_came_or_went_is_told(old: str, new: str, expected: Expected) -> None:
    assert told(FactKind.QUOTATION, old, new) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Marks of another kind, and punctuation moved in or out of them.
        ("He said “no way” at noon on Monday", "He said 'no way' at night on Monday"),
        ("He said “no way.” at noon on Monday", "He said «no way». at night on Monday"),
        # Said by somebody else: the words stay.
        ("“We are sorry,” the mayor said then", "“We are sorry,” the owner said then"),
        # In two parts, and in one again.
        ("“We are sorry and will pay,” he said", "“We are sorry,” he said, “and will pay.”"),
        ("“We are sorry,” he said, “and will pay.”", "He said: “We are sorry, and will pay.”"),
        ("The firm's boss didn't say that", "The firm's boss didn't ask that"),
    ],
)
def test_the_same_quotation_otherwise_printed_is_no_change(old: str, new: str) -> None:
    assert told(FactKind.QUOTATION, old, new) == []


def test_two_quotations_that_share_no_word_and_no_place_are_not_one_reworded() -> None:
    old, new = "PM defends 'cautious' reopening of the country", "Easing the rules makes life 'incomparably better'"

    assert told(FactKind.QUOTATION, article(headline=old), article(headline=new)) == [
        ("cautious", ""),
        ("", "incomparably better"),
    ]


FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."
SORRY = "“We are deeply sorry for what has happened here,” said the owner of the factory."
LAWYER = "His lawyer told the court that the doors had been checked by the town in spring."


def test_a_quotation_cut_to_a_few_of_its_words_is_the_same_one_wherever_it_stands_in_the_passage() -> None:
    old = "Plan is “a big step in the old fight against the flood of the river”, mayor says"
    new = "“A big step”: how the town came to its plan"

    assert told(FactKind.QUOTATION, article(headline=old), article(headline=new)) == [
        ("a big step in the old fight against the flood of the river", "A big step")
    ]


def test_a_quotation_that_went_with_its_paragraph_is_told() -> None:
    assert told(FactKind.QUOTATION, f"{FIRE}\n{SORRY}\n{LAWYER}", f"{FIRE}\n{LAWYER}") == [
        ("We are deeply sorry for what has happened here", "")
    ]


def test_a_word_in_marks_that_went_with_its_paragraph_is_told_by_the_paragraph() -> None:
    assert told(FactKind.QUOTATION, f"{FIRE}\nThe “rebels” left the town.\n{LAWYER}", f"{FIRE}\n{LAWYER}") == []


def test_a_quotation_that_came_with_its_paragraph_is_told_by_the_paragraph() -> None:
    assert told(FactKind.QUOTATION, f"{FIRE}\n{LAWYER}", f"{FIRE}\n{SORRY}\n{LAWYER}") == []


@pytest.mark.parametrize(
    "new",
    [
        # Moved, into another paragraph, and into one that is new.
        f"{FIRE}\n{LAWYER}\n{SORRY}",
        f"{FIRE}\n{LAWYER} “We are deeply sorry for what has happened here,” he read out.",
        f"{FIRE}\nRead out in court: “We are deeply sorry for what has happened here.”\n{LAWYER}",
        # Merged.
        f"{FIRE} {SORRY}\n{LAWYER}",
    ],
)
def test_a_quotation_that_stands_elsewhere_now_has_not_gone(new: str) -> None:
    assert told(FactKind.QUOTATION, f"{FIRE}\n{SORRY}\n{LAWYER}", new) == []


def test_a_quotation_of_the_headline_that_the_body_still_has_has_not_gone() -> None:
    old, new = article(SORRY, headline="Owner ‘deeply sorry’ for it"), article(SORRY, headline="Owner is sorry for it")
    body = f"{FIRE} He was “deeply sorry” for it."

    assert told(FactKind.QUOTATION, old, new) == [("deeply sorry", "")]
    assert told(FactKind.QUOTATION, article(body, headline=old.headline), article(body, headline=new.headline)) == []


def test_a_quotation_reworded_in_another_paragraph_is_told_as_reworded() -> None:
    new = f"{FIRE}\n{LAWYER} “We are sorry for what has happened here,” he read out."

    assert told(FactKind.QUOTATION, f"{FIRE}\n{SORRY}\n{LAWYER}", new) == [
        ("We are deeply sorry for what has happened here", "We are sorry for what has happened here")
    ]
