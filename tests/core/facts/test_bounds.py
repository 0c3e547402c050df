"""Hostile texts: facts are found in time that grows with the text, never with its square.

Each text is so long, and so made, that a step which looks over the whole of it for each piece would take minutes. How
the time grows with the length is printed by `python -m tests.bench.facts`.
"""

import pytest

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp
from monitor.core.facts import Fact, FactKind, facts
from monitor.core.facts.numerals import numbers_in
from monitor.core.facts.quotes import quotations_in
from monitor.core.facts.said import FIGURES_READ, MARKS_READ
from tests.core.facts.said import rewritten

FIGURES = [
    "1 ", "11 ", "111 ", "1,", "1.", "1-", "1/", "1:", "1'", "1h11", "+1 ", "0-11 ", "$1", "1 m", "1万", "1 million ",
    "1a", "a1", "1%", "%1", "百分之五", "٣ ",
]  # fmt: skip
MARKS = [
    '"', "'", "“", "”", "„", "«", "»", "「", "」", "‘", "’", '" ', ' "', "“a", "a”", " 'a", "s' a", "«a", "“\n", "'a\"",
    "「『", ": “",
]  # fmt: skip
OTHERS = ["1", "٣", "A", "Ab ", "字", " ", "$", "-", "百", "\n", ". ", ": ", ". Correction: ", "a\u0301", "a'", "x@1"]


@pytest.mark.parametrize("piece", FIGURES[::4])
def test_as_many_figures_as_are_read_are_read_once(piece: str) -> None:
    text = piece * FIGURES_READ

    assert sum(len(number.text) for number in numbers_in(text)) <= len(text)


@pytest.mark.parametrize("piece", MARKS[::4])
def test_as_many_marks_as_are_read_are_read_once(piece: str) -> None:
    stops = [quotation.stop for quotation in quotations_in(piece * MARKS_READ)]

    assert stops == sorted(stops)


LONG = 200_000


@pytest.mark.parametrize("piece", [*FIGURES, *MARKS, *OTHERS])
def test_a_paragraph_of_one_piece_over_and_over_ends(piece: str) -> None:
    old, new = piece * (LONG // len(piece)), f"{piece}x" * (LONG // (len(piece) + 1))

    assert len(facts([rewritten(old, new)])) < LONG


def test_many_edits_in_one_paragraph_are_looked_at_one_by_one() -> None:
    spans = tuple(
        span for at in range(9_000) for span in (("equal", "so "), ("delete", f"{at} "), ("insert", f"{at}.5 "))
    )
    old, new = ("".join(text for op, text in spans if op != gone) for gone in ("insert", "delete"))
    edit = Edit(field=Field.BODY, op=EditOp.REPLACE, old=old, new=new, spans=spans, old_at=0, new_at=0)  # type: ignore[arg-type]  # the tuples are spans

    assert len(facts([edit])) == 9_000


def test_more_figures_than_any_article_has_state_nothing_of_numbers() -> None:
    many = "1 2 " * FIGURES_READ
    found = facts([rewritten("It was 12 then.", "It was 17 then."), rewritten(many, f"{many}3")])

    assert FactKind.NUMBER not in {fact.kind for fact in found}


def test_more_marks_than_any_article_has_state_nothing_of_quotations() -> None:
    many = "“a b” " * MARKS_READ
    found = facts([rewritten("He said “yes, at once”.", "He said “not yes, at once”."), rewritten(many, f"{many} c")])

    assert FactKind.QUOTATION not in {fact.kind for fact in found}


def test_facts_are_the_same_every_time() -> None:
    edits = [rewritten("“Oh no,” said 12 of them in Leith.", "“Oh yes,” said 17 of 20 in Hull and Leith.")]

    assert [facts(edits) for _ in range(3)] == [facts(edits)] * 3
    assert all(isinstance(fact, Fact) for fact in facts(edits))
