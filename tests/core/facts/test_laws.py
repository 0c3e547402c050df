"""Laws of facts, on any text: what is told stands in the text, and the same text twice states nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.facts.numerals import numbers_in
from monitor.core.facts.quotes import quotations_in
from tests.core.facts.said import article, found

PIECES = [
    "12", "1", "2020", "٣", "1,200", "1.5", "09:28", " ", " ", ".", ",", "-", "–", "%", "$", "€", " million", " km",
    "bn", "万", "億", "百分之", "五", "人", "Smith", " Euro ", "he said", "“", "”", "„", "«", "»", '"', "'", "’", "「",
    "」", "\n", "Correction: ", "يوم", "ה", "12명", "a", "+44 20 ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(deadline=None)
@given(TEXTS | st.text(max_size=60))
def test_numbers_follow_each_other_and_are_the_text_where_they_stand(text: str) -> None:
    end = 0
    for number in numbers_in(text):
        assert end <= number.start < number.stop
        assert text[number.start : number.stop] == number.text
        end = number.stop


@settings(deadline=None)
@given(TEXTS | st.text(max_size=60))
def test_quotations_follow_each_other_and_hold_their_text(text: str) -> None:
    end = 0
    for quotation in quotations_in(text):
        assert end <= quotation.start < quotation.stop <= len(text)
        assert quotation.text in text[quotation.start : quotation.stop]
        end = quotation.stop


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_what_is_told_stands_in_the_text(old: str, new: str) -> None:
    before, after = article(*old.split("\n"), headline=old or None), article(*new.split("\n"), headline=new or None)
    for fact in found(before, after):
        assert all(part in old for part in fact.old.split("\n"))
        assert all(part in new for part in fact.new.split("\n"))


@settings(deadline=None)
@given(TEXTS)
def test_the_same_text_states_nothing(text: str) -> None:
    assert found(article(text, headline=text), article(text, headline=text)) == ()
