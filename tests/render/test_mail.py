"""The renderings for mail: legible with styles and without, within bounds, and no line of a page's making."""

import re
from collections.abc import Callable

import pytest

from monitor.core.diff import diff
from monitor.render import email_html, email_text
from monitor.render.columns import width
from monitor.render.mail import HTML_MAX, TEXT_MAX
from tests.render.articles import (
    ARABIC,
    CHINESE,
    EDITED,
    FILLER,
    FIRE,
    JOINED,
    MAYOR,
    MOVED,
    OWNER,
    SPLIT,
    THAI,
    article,
)

VIEWS: list[Callable[..., str]] = [email_html, email_text]
REWRITTEN = diff(article(headline="The mayor resigns at last"), article(headline="City votes in the autumn"))


def without_styles(html: str) -> str:
    """As a client shows it that knows no style and no element."""
    text = re.sub(r"<(?:br|/p|/li|/h3)>", "\n", html)
    return re.sub(r"<[^>]+>", "", text).replace("&nbsp;", " ").replace("&#x27;", "'").replace("&quot;", '"')


# HTML


def test_html_has_inline_styles_only() -> None:
    assert not re.search(r"<(?:ins|del|style)|class=", email_html(EDITED))


def test_without_styles_it_still_says_what_came_and_went() -> None:
    text = without_styles(email_html(EDITED))

    assert "At least [− 12] [+ 17] people died" in text
    assert f"− {OWNER}" in text


def test_marks_begin_and_end_at_words() -> None:
    html = email_html(diff(article(f"{FIRE} It is over."), article(f"{FIRE} It is not yet over.")))

    assert "It is [+ not yet] over." in without_styles(html)
    assert not re.search(r"&nbsp; |\s]</span>", html)


def test_a_rewritten_headline_is_whole_old_and_whole_new() -> None:
    assert "− The mayor resigns at last\n\n+ City votes in the autumn" in without_styles(email_html(REWRITTEN))
    assert "- The mayor resigns at last\n+ City votes in the autumn" in email_text(REWRITTEN)


def test_each_paragraph_and_each_mark_has_its_own_direction() -> None:
    html = email_html(diff(article(ARABIC), article(ARABIC.replace("12", "17"))))

    assert html.count("<span") == html.count('<span dir="auto"') == 2
    assert '<p dir="auto"' in html


def test_every_colour_of_a_mark_has_its_background() -> None:
    for style in re.findall(r'<span[^>]*style="([^"]*)"', email_html(EDITED)):
        assert "color:#" in style
        assert "background:#" in style


# Both


@pytest.mark.parametrize("view", VIEWS)
def test_the_facts_stand_above_the_diff(view: Callable[..., str]) -> None:
    text = view(EDITED)

    assert text.index("Number changed: 12 → 17") < text.rindex("people died")


@pytest.mark.parametrize("view", VIEWS)
def test_a_move_is_told_where_it_left_and_where_it_came(view: Callable[..., str]) -> None:
    text = view(MOVED).lower()

    assert text.index("paragraph 1 moved to 3: at least") < text.index("the owner")
    assert text.index("the owner") < text.index("moved from paragraph 1 to 3")


@pytest.mark.parametrize("view", VIEWS)
def test_typographic_changes_beside_a_real_one_are_counted_only(view: Callable[..., str]) -> None:
    text = view(diff(article(f'"{MAYOR}" 12 died...'), article(f"“{MAYOR}” 17 died…"))).replace("&nbsp;", " ")

    assert "+3 typographic changes" in text
    assert len(re.findall(r"\[− |\[-", text)) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_break_between_paragraphs_breaks_the_line(view: Callable[..., str]) -> None:
    assert re.search(r"said\..*¶.*(\n  |<br>)The", view(SPLIT))
    assert not re.search(r"¶.*(\n  |<br>)The", view(JOINED).replace("¶-] The\n", ""))


@pytest.mark.parametrize(("view", "limit"), [(email_html, HTML_MAX), (email_text, TEXT_MAX)])
@pytest.mark.parametrize("letter", ["x", "Ж", "中", "<", "&", "🔥"])
def test_too_long_a_mail_is_cut_between_paragraphs_and_says_so(
    view: Callable[..., str], limit: int, letter: str
) -> None:
    paragraphs = [f"{n} " + f"{letter * 5} " * 150 for n in range(300)]
    text = view(diff(article(), article(*paragraphs)))

    assert len(text.encode()) < limit + 200
    told, beyond = re.search(r"^(.*)… (\d+) more changed paragraphs", text, re.DOTALL).groups()  # type: ignore[union-attr]
    assert len(re.findall(r"(?m)^\+ |<b>\+</b>", told)) + int(beyond) == 300


@pytest.mark.parametrize("view", VIEWS)
def test_there_is_as_much_as_there_is_room_for(view: Callable[..., str]) -> None:
    edits = diff(article(*FILLER), article(*FILLER, *(f"{n} {FIRE}" for n in range(50))))

    for room in (500, 2_000, 5_000):
        assert len(view(edits, room=room).encode()) <= room + 200
    assert "more changed paragraph" not in view(edits, room=40_000)


@pytest.mark.parametrize(("view", "room"), [(email_html, 600), (email_text, 60)])
def test_no_title_stands_over_edits_that_are_not_told(view: Callable[..., str], room: int) -> None:
    edits = diff(article(headline="Fire"), article(*(FIRE for _ in range(9)), headline="Big fire"))

    assert "Body" not in view(edits, (), room=room)
    assert "Headline" in view(edits, (), room=room)


@pytest.mark.parametrize("view", VIEWS)
def test_of_a_very_long_paragraph_the_difference_is_shown(view: Callable[..., str]) -> None:
    words = "word " * 30_000
    text = view(diff(article(f"{words}12 died {words}"), article(f"{words}17 died {words}")))

    assert re.search(r"12.*17.*died", text)
    assert len(text) < 10_000


# Plain text


@pytest.mark.parametrize("text", [FIRE * 3, CHINESE, ARABIC, THAI * 2, "Ж" * 300, "中" * 300], ids=range(6))
def test_plain_mail_keeps_to_72_columns(text: str) -> None:
    edits = diff(article(text, OWNER, MAYOR), article(text + " 17", MAYOR, text))

    assert all(width(line) <= 72 for line in email_text(edits).splitlines())


def test_an_address_stays_whole() -> None:
    address = "https://example.org/" + "a" * 100

    assert address in email_text(diff(article(), article(f"See {address} for more.")))


def test_no_line_is_longer_than_mail_allows() -> None:
    piles = ["e" + "\u0301" * 9_000, "\u200d" * 9_000, "https://example.org/" + "中" * 9_000, "x" * 9_000]
    text = email_text(diff(article(headline="Before"), article(*piles, headline=piles[0])))

    assert max(len(line.encode()) for line in text.splitlines()) < 998


@pytest.mark.parametrize("line", ["-- ", "--", "From me to you", ".", "> quoted", "Subject: x", "--=_boundary"])
def test_no_line_begins_with_the_words_of_a_page(line: str) -> None:
    text = email_text(diff(article(line, FIRE, headline=line), article(f"{line} more", line, FIRE, headline=FIRE)))

    for found in text.splitlines():
        assert found.startswith(("- ", "+ ", "~ ", "  ", "* ")) or found in ("", "Headline", "Body", "-", "+")
        assert found == found.rstrip()
