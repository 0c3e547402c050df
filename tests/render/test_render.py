"""One list of edits in many forms: what is shown, what is folded, and that nothing of a page stays active."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

import pytest

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import Edit, diff
from monitor.render import (
    edits_json,
    email_html,
    email_text,
    inline,
    side_by_side,
    unified,
)
from monitor.render.fragment import html_fragment
from tests.render.paging import html_page

FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."
OWNER = "The owner of the factory was arrested on Tuesday evening after a search of his home."
MAYOR = "The mayor promised an inquiry into the safety of the buildings along the old harbour."
FILLER = [f"Paragraph number {n} stands here as it always has, unchanged." for n in range(6)]


def article(*paragraphs: str, headline: str | None = None, captions: tuple[str, ...] = ()) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/fire", headline=headline, blocks=blocks, captions=captions)


def plain(*edits: Edit, width: int = 100) -> str:
    return inline(edits, colour=False, width=width)


EDITED = diff(
    article(FIRE, *FILLER, OWNER, headline="Fire kills 12"),
    article(FIRE.replace("12", "17"), *FILLER, headline="Fire kills 17"),
)
MOVED = diff(article(FIRE, OWNER, MAYOR), article(OWNER, MAYOR, FIRE.replace("12", "17")))
COMPLETE: dict[str, Callable[[tuple[Edit, ...]], str]] = {
    "inline": lambda edits: inline(edits, colour=False, width=100),
    "inline in colour": lambda edits: inline(edits, colour=True, width=100),
    "side by side": lambda edits: side_by_side(edits, colour=False, width=100),
    "side by side in colour": lambda edits: side_by_side(edits, colour=True, width=100),
    "unified": lambda edits: unified(edits, colour=False, width=100),
    "unified in colour": lambda edits: unified(edits, colour=True, width=100),
    "email text": email_text,
    "email html": email_html,
    "fragment": html_fragment,
    "page": lambda edits: html_page(edits[-1].new or "none", edits, url=edits[-1].new),
}
TERMINAL = ("inline", "side by side", "unified", "email text")
COLOURED = ("inline in colour", "side by side in colour", "unified in colour")
HTML = ("email html", "fragment", "page")


# What is shown


def test_a_changed_word_is_marked_where_it_stands() -> None:
    assert "At least [-12-]{+17+} people died" in plain(*EDITED)


def test_without_colour_there_are_no_escapes_and_with_colour_no_brackets() -> None:
    coloured = inline(EDITED, colour=True, width=100)

    assert "\x1b" not in plain(*EDITED)
    assert "\x1b[" in coloured
    assert "[-" not in coloured


def test_only_fields_that_changed_have_a_heading() -> None:
    text = plain(
        *diff(
            article(FIRE, headline="Fire", captions=("A photo",)),
            article(OWNER, headline="Fire", captions=("A photo",)),
        )
    )

    assert "Body" in text
    assert "Headline" not in text
    assert "A photo" not in text


def test_unchanged_paragraphs_fold_to_one_of_context() -> None:
    text = plain(*EDITED)

    assert "… 4 unchanged paragraphs" in text
    assert FILLER[0] in text
    assert FILLER[2] not in text


def test_a_rewritten_headline_is_shown_as_whole_old_and_whole_new() -> None:
    text = plain(*diff(article(headline="The mayor resigns at last"), article(headline="City votes in the autumn")))

    assert "[-The mayor resigns at last-]\n{+City votes in the autumn+}" in text


def test_a_move_is_shown_once_with_its_inner_change() -> None:
    text = plain(*MOVED)

    assert "(moved from paragraph 1 to 3)\nAt least [-12-]{+17+} people" in text
    assert text.count("textile factory") == 1


def test_long_lines_wrap_at_the_width() -> None:
    for view in (inline, side_by_side):
        assert all(len(line) <= 40 for line in view(EDITED, colour=False, width=40).splitlines())


def test_side_by_side_puts_the_old_text_left_and_the_new_text_right() -> None:
    (line,) = [line for line in side_by_side(EDITED, colour=False, width=100).splitlines() if "Fire kills" in line]

    assert line.index("[-12-]") < 50 <= line.index("{+17+}")


def test_unified_has_a_paragraph_a_line_and_counts_them() -> None:
    lines = unified(EDITED, colour=False, width=20).splitlines()

    assert lines[:2] == ["--- old", "+++ new"]
    assert "@@ -1,2 +1,2 @@ body" in lines
    assert f"-{FIRE}" in lines
    assert f"+{FIRE.replace('12', '17')}" in lines


def test_unified_shows_a_move_where_it_left_and_where_it_came() -> None:
    signs = [line[0] for line in unified(MOVED, colour=False, width=80).splitlines()[3:]]

    assert signs == ["-", " ", " ", "+"]


def test_html_tells_screen_readers_what_colour_tells_the_rest() -> None:
    html = html_fragment(EDITED)

    assert '<del><span class="hidden">removed: </span>12<span class="hidden"> end removed </span></del>' in html
    assert '<p class="replace" dir="auto">' in html


def test_the_page_stands_alone() -> None:
    page = html_page("Fire kills 17", EDITED)

    assert "<script" not in page
    assert not re.findall(r"src=|@import|url\(", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_facts_stand_above_the_diff() -> None:
    for view in (email_text, email_html, lambda edits: html_page("Fire", edits)):
        text = view(EDITED)
        assert text.index("Number changed: 12 → 17") < text.rindex("people died")


def test_mail_html_has_labels_and_inline_styles_only() -> None:
    html = email_html(EDITED)

    assert "−&nbsp;12" in html
    assert "+&nbsp;17" in html
    assert not re.search(r"<(?:ins|del|style)|class=", html)


def test_plain_mail_keeps_to_72_columns() -> None:
    assert all(len(line) <= 72 for line in email_text(EDITED).splitlines())


def test_a_mail_that_grows_too_long_is_cut_between_paragraphs_and_says_so() -> None:
    edits = diff(article(), article(*(f"{n} " + FIRE * 40 for n in range(100))))

    for view in (email_text, email_html):
        text = view(edits)
        assert len(text.encode()) < 100_000
        assert re.search(r"… \d+ more changed paragraphs", text)


def test_json_has_the_shape_of_the_contract() -> None:
    edits, truncated = edits_json(EDITED)

    assert not truncated
    assert edits[0] == {
        "field": "headline",
        "op": "replace",
        "old": "Fire kills 12",
        "new": "Fire kills 17",
        "spans": [["equal", "Fire kills "], ["delete", "12"], ["insert", "17"]],
    }
    assert len(edits) == len(EDITED)


def test_json_for_receivers_holds_whole_changes_only_and_says_when_some_are_left_out() -> None:
    everything, complete = edits_json(EDITED, 100_000, spans=False)
    some, truncated = edits_json(EDITED, 300, spans=False)

    assert (complete, truncated) == (False, True)
    assert [edit["op"] for edit in everything] == ["replace", "replace", "delete"]
    assert some == everything[:1]
    assert len(json.dumps(some, ensure_ascii=False).encode()) <= 300


def test_nothing_changed_is_shown_as_nothing() -> None:
    same = diff(article(FIRE, headline="Fire"), article(FIRE, headline="Fire"))

    assert plain(*same) == side_by_side(same, colour=False, width=80) == unified(same) == ""
    assert "The two versions are the same" in html_page("Fire", same)


def test_a_direction_is_left_to_each_paragraph() -> None:
    html = html_fragment(diff(article("شخص واحد"), article("شخص اثنان")))

    assert html.count('dir="auto"') == html.count("<p ")


# That nothing stays active

TAGS = [
    "script",
    "img src=x onerror=alert(1)",
    "svg onload=alert(1)",
    "iframe src=javascript:alert(1)",
    "a href='javascript:1'",
    "style",
    "base href=//e",
    "meta http-equiv=refresh",
    "object data=x",
    "form action=//e",
    "math",
    "body onload=1",
    "link rel=stylesheet href=//e",
    "input autofocus onfocus=1",
    "details open ontoggle=1",
    "video src=x onerror=1",
    "template",
    "noscript",
    "textarea",
    "title",
    "plaintext",
    "xmp",
    "!--",
    "![CDATA[",
]
ESCAPES = [
    "\x1b[31m",
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]8;;http://e\x1b\\link",
    "\x1bP1$r\x1b\\",
    "\x9b31m",
    "\x9d0;t\x9c",
    "\x1b[6n",
    "\r",
    "\x08\x08",
    "\x07",
    "\x00",
    "\x0b\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\x7f",
    "\x1b",
    "\x1b[",
    "\ue000",
    "\U000e0041",
]
WORDS = [
    "[red]Rich[/red]",
    "[link=http://e]x[/link]",
    "[/]",
    "[bold",
    ":smile:",
    "{{ 7*7 }}",
    "{% x %}",
    "${7*7}",
    "%s%n",
    "=cmd|' /C calc'!A0",
    '"><b>',
    "'><b>",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "</style>",
    "</title>",
    "</textarea>",
    "-->",
    "]]>",
    "\nBcc: a@example.org",
    "\r\nSubject: x",
    "=?utf-8?q?=0D=0ABcc:a?=",
    "javascript:alert(1)",
    "data:text/html,x",
    "[-forged-]",
    "{+forged+}",
    "\\u003cscript\\u003e",
    "`id`",
    "$(id)",
    "../../etc/passwd",
]
HOSTILE = (
    [f"<{tag}>x</{tag.split()[0]}>" for tag in TAGS]
    + [f"a{e}b" for e in ESCAPES]
    + WORDS
    + [f"<b>{e}<i>" for e in ESCAPES]
)


@cache
def hostile_edits(text: str) -> tuple[Edit, ...]:
    """The text as a headline that is replaced, and in the body kept, added, removed, reworded and moved."""
    old = article(text, f"{FIRE} {text}", f"{MAYOR} {text}", OWNER, f"gone {text}", headline="Before")
    new = article(
        text, OWNER, f"{FIRE} {text} more", f"{MAYOR} {text}", f"{text} came", headline=text, captions=(text,)
    )
    return diff(old, new)


@cache
def rendered(view: str, text: str) -> str:
    return COMPLETE[view](hostile_edits(text))


class Seen(HTMLParser):
    """The elements and attributes that a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def odd_one(self, data: str) -> None:
        self.odd.append(data)

    handle_comment = unknown_decl = handle_pi = odd_one


OURS = {
    "div",
    "section",
    "h1",
    "h2",
    "h3",
    "p",
    "del",
    "ins",
    "span",
    "details",
    "summary",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "footer",
    "h4",
    "a",
}
ATTRIBUTES = {"class", "dir", "style", "lang", "charset", "name", "content", "http-equiv", "href", "rel"}


def test_there_are_enough_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("view", HTML)
def test_hostile_text_is_inert_in_html(view: str) -> None:
    for text in HOSTILE:
        seen = Seen()
        seen.feed(rendered(view, text))
        seen.close()
        assert seen.tags <= OURS, text
        assert seen.attributes <= ATTRIBUTES, text
        assert not seen.odd, text


@pytest.mark.parametrize("view", [*TERMINAL, *HTML])
def test_hostile_text_sends_no_control_characters(view: str) -> None:
    for text in HOSTILE:
        assert not _controls(rendered(view, text)), text


@pytest.mark.parametrize("view", COLOURED)
def test_in_colour_the_only_escapes_are_our_own_colours(view: str) -> None:
    for text in HOSTILE:
        output = re.sub(r"\x1b\[[0-9;]*m", "", rendered(view, text))
        assert not _controls(output), text


def _controls(output: str) -> list[str]:
    risky = ("Cc", "Zl", "Zp", "Cs")
    bidi = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    return [c for c in output if c != "\n" and (unicodedata.category(c) in risky or c in bidi)]


@pytest.mark.parametrize("view", COLOURED)
def test_a_page_cannot_colour_the_terminal(view: str) -> None:
    calm, loud = (len(re.findall("\x1b", rendered(view, t))) for t in ("a b", "a\x1b[31m\x1b[0mb"))

    assert calm == loud


def test_rich_markup_in_a_page_is_text() -> None:
    assert "[red]Rich[/red]" in plain(*hostile_edits("[red]Rich[/red]"))
    assert ":smile:" in plain(*hostile_edits(":smile:"))
