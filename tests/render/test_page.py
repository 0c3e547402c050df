"""Edits as HTML: what is said to those who see no colour, and a page that needs nothing else."""

import re

from monitor.core.diff import diff
from monitor.render import html_fragment, html_page
from tests.render.articles import EDITED, FIRE, article


def test_html_tells_screen_readers_what_colour_tells_the_rest() -> None:
    html = html_fragment(EDITED)

    assert '<del><span class="hidden">removed: </span>12<span class="hidden"> end removed </span></del>' in html
    assert '<p class="replace" dir="auto">' in html


def test_the_page_stands_alone() -> None:
    page = html_page("Fire kills 17", EDITED)

    assert "<script" not in page
    assert not re.findall(r"(?:src|href)=", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_a_direction_is_left_to_each_paragraph() -> None:
    html = html_fragment(diff(article("شخص واحد"), article("شخص اثنان")))

    assert html.count('dir="auto"') == html.count("<p ")


def test_a_page_without_a_change_says_so() -> None:
    same = diff(article(FIRE, headline="Fire"), article(FIRE, headline="Fire"))

    assert "The text is the same" in html_page("Fire", same)


def test_on_a_page_the_facts_stand_above_the_diff() -> None:
    page = html_page("Fire", EDITED)

    assert page.index("Number changed: 12 → 17") < page.rindex("people died")
