"""Lines of text: none too wide, none broken where it cannot be read on."""

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.render.columns import LINE_BYTES, breaks, lines, width
from tests.render.articles import ARABIC, CHINESE, FAMILY, FIRE, THAI

ADDRESS = "https://example.org/" + "a" * 200
texts = st.lists(
    st.sampled_from([*"ab,.-(）。「」中文กิ", "e\u0301", FAMILY, "🇩🇪", " ", " ", "\n", "[-", "+}", "long" * 9, ADDRESS])
    | st.text(max_size=8)
).map("".join)


@given(texts, st.integers(2, 40))
def test_no_line_is_wider_than_its_column(text: str, columns: int) -> None:
    for line in lines(text, columns):
        assert width(line) <= columns or len(regex.findall(r"\X", line)) == 1


@given(texts, st.integers(2, 40))
def test_breaking_lines_loses_nothing_but_white_space(text: str, columns: int) -> None:
    assert "".join("".join(lines(text, columns)).split()) == "".join(text.split())


@given(texts, st.integers(2, 40))
@example("aa \u0e34", 2)
def test_no_line_begins_within_a_grapheme(text: str, columns: int) -> None:
    borders = {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}

    assert borders.issuperset(breaks(text, columns))


def test_words_stay_whole_where_there_is_room_for_them() -> None:
    assert " ".join(lines(FIRE, 30)) == FIRE
    assert lines("one two  three", 8) == ["one two", "three"]


def test_the_first_line_may_begin_further_in() -> None:
    assert lines("one two three", 8, indent=4) == ["one", "two", "three"]


def test_chinese_fills_its_lines() -> None:
    found = lines(CHINESE, 30)

    assert all(width(line) >= 26 for line in found[:-1])


def test_no_chinese_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    for columns in range(10, 60):
        for line in lines(CHINESE, columns):
            assert line[0] not in "，。）"
            assert line[-1] != "（"


def test_thai_breaks_at_its_spaces_before_it_breaks_in_a_word() -> None:
    assert lines(THAI, 70)[0].endswith(" 12")


def test_arabic_breaks_between_words() -> None:
    assert " ".join(lines(ARABIC, 30)) == ARABIC


def test_an_address_stays_whole_where_it_may() -> None:
    assert ADDRESS in lines(f"see {ADDRESS} there", 40, whole_up_to=600)
    assert ADDRESS not in lines(f"see {ADDRESS} there", 40)
    assert ADDRESS not in lines(f"see {ADDRESS} there", 40, whole_up_to=100)


def test_a_pile_of_marks_is_broken_by_its_bytes() -> None:
    for line in lines("e" + "\u0301" * 5_000 + " " + "\u200d" * 5_000, 72):
        assert len(line.encode()) <= LINE_BYTES
