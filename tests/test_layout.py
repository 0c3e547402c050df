"""How a table takes a narrow terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.cli.layout import Address, Sheet, shortened, widths

URL = "https://www.harbour.example/arc/outbound/category/politics/the-ferry?outputType=xml&size=100"


def shown(columns: int) -> str:
    sheet = Sheet(("id", "right"), ("source", "main"), "kind", ("filtered", "right"), "last polled", "outcome")
    sheet.add_row("1", Address(URL), "sitemap", "1200", "12 min ago", "server error")
    sheet.add_row("2", Address("https://a.example/rss"), "rss", "0", "never", "–")
    stream = io.StringIO()
    Console(file=stream, width=columns, color_system=None).print(sheet)
    return stream.getvalue()


@pytest.mark.parametrize("columns", [20, 40, 60, 79, 80, 81, 100, 120, 200])
def test_a_table_keeps_within_the_terminal_and_no_cell_is_dots(columns: int) -> None:
    text = shown(columns)

    assert max(map(len, text.splitlines())) <= columns
    for word in ("https://", "size=100" if columns >= 40 else "100", "rss"):
        assert word in text, text
    assert not {"...", "…"} & {cell for line in text.splitlines() for cell in line.split()}


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_word_is_not_broken_where_there_is_room_for_all_of_them(columns: int) -> None:
    words = shown(columns).split()

    assert {"filtered", "polled", "sitemap", "1200", "server", "error", "https://a.example/rss"} <= set(words)


def test_the_main_cell_stands_beneath_where_it_would_be_a_chimney() -> None:
    assert len(shown(70).splitlines()) == 7
    assert "  1   https://" in shown(120)
    assert "\n    https://www.harbour.example/" in shown(70)
    assert URL in shown(200)


columns = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 200)).map(lambda pair: (min(pair), max(pair))), min_size=1
)


@given(columns, st.integers(1, 300))
def test_widths_fit_and_are_no_wider_than_there_is_use_for(wishes: list[tuple[int, int]], room: int) -> None:
    given = widths(wishes, room)

    assert sum(given) <= room or set(given) == {1}
    if sum(most for _, most in wishes) <= room:
        assert given == [most for _, most in wishes]
    if sum(least for least, _ in wishes) <= room:
        assert all(least <= width <= most for width, (least, most) in zip(given, wishes, strict=True))


@given(st.integers(1, 120))
def test_a_shortened_address_keeps_its_end_and_if_it_can_its_host(width: int) -> None:
    short = shortened(URL, width)

    assert len(short) == min(width, len(URL))
    if width >= 45:
        assert short.startswith("https://www.harbour.example/")
    if width >= 20:
        assert short.endswith("size=100")
