"""When a page is taken for the one that was read before, and when it must not be."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.article import Content, Reading, SamePage
from monitor.core.policy import SiteRule
from monitor.extract.phrases import table
from monitor.extract.read import read_page
from monitor.extract.unscripted import pieces_of, unscripted_digest
from monitor.ports import Hints
from tests.extract.pages import LAST, PARAGRAPHS, SECOND, THIRD, Story

from .test_reading import EDITS

URL = "https://skerry.example/2022/01/25/pier"
NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)


def reading_of(html: str, hints: Hints | None = None) -> Reading:
    reading = read_page(html.encode(), URL, captured_at=NOON, hints=hints)
    assert isinstance(reading, Reading)
    return reading


def is_taken_for(html: str, before: str) -> bool:
    digest = reading_of(before).page_digest
    return isinstance(read_page(html.encode(), URL, captured_at=NOON, hints=Hints(page_digest=digest)), SamePage)


def unscripted(html: str) -> str:
    return unscripted_digest(pieces_of(html.encode()))


def test_the_same_page_is_not_read_twice() -> None:
    digest = reading_of(Story().html()).page_digest

    assert read_page(Story().bytes(), URL, hints=Hints(page_digest=digest)) == SamePage(digest)


STAMPED = Story(stamp='<time datetime="2022-01-25T09:28:00Z">25 January 2022</time> <i>3 minutes ago</i>').html()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<article class="story">', '<article class="story css-9f3a2b" data-k="7">'),
        ("</head>", '<meta name="csrf-token" content="a1"><script>var t=17</script></head>'),
        ("3 minutes ago", "8 minutes ago"),
        ("<p>The pier", "\n\n<p  class=x>The pier"),
        ('<div class="story-body">', '<div class="experiment"><div class="story-body">'),
        ("</article>", '<div class="ad-slot"></div></article>'),
        ("/pier.jpg", "/pier.jpg?cache=2"),
    ],
)
def test_markup_tokens_and_the_time_since_are_no_reason_to_read_again(one: str, other: str) -> None:
    assert one in STAMPED
    assert is_taken_for(STAMPED.replace(one, other), STAMPED)


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
def test_an_edit_is_always_read(edited: Story) -> None:
    assert not is_taken_for(edited.html(), Story().html())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He left <b>3 days ago</b>", "He left <b>4 days ago</b>"),
        ("He left <a href=/x>3 days ago</a>.", "He left <a href=/x>4 days ago</a>."),
        ("He left 3 days ago.", "He left 4 days ago."),
        ("他<b>3天前</b>离开了", "他<b>4天前</b>离开了"),
    ],
)
def test_a_time_since_in_a_sentence_is_the_storys(before: str, after: str) -> None:
    assert not is_taken_for(Story(between=f"<p>{after}</p>").html(), Story(between=f"<p>{before}</p>").html())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("</p>\n<p>", " "),
        (f"<p>{SECOND}</p>", f"<h2>{SECOND}</h2>"),
        (f"<p>{SECOND}</p>", f"<blockquote><p>{SECOND}</p></blockquote>"),
        (f"<p>{LAST}</p>", f"<aside><p>{LAST}</p></aside>"),
        (f"<p>{LAST}</p>", f"<p hidden>{LAST}</p>"),
        (f"<p>{LAST}</p>", f'<p style="display: none">{LAST}</p>'),
        (f"<p>{LAST}</p>", f'<p><a href="/l">{LAST}</a></p>'),
        (f"<p>{LAST}</p>", f"<p>{LAST[:40]}<br><br>{LAST[40:]}</p>"),
        (f"<p>{THIRD}</p>\n<p>{LAST}</p>", f"<p>{THIRD} {LAST[:40]}</p>\n<p>{LAST[40:]}</p>"),
        ('datetime="2022-01-25T09:28:00Z"', 'datetime="2022-01-25T09:55:00Z"'),
        ('content="article"', 'content="website"'),
        ('<html lang="en">', '<html lang="nb">'),
    ],
)
def test_what_may_be_read_differently_is_read(one: str, other: str) -> None:
    page = Story().html()
    assert one in page
    assert not is_taken_for(page.replace(one, other), page)


@pytest.mark.parametrize("name", [*table("names.toml")["published_metas"], *table("names.toml")["updated_metas"]])
def test_a_stamp_in_any_meta_element_that_is_believed_is_read(name: str) -> None:
    pages = [Story(head=f'<meta name="{name}" content="2022-01-25T{hour}:28:00Z">').html() for hour in ("09", "10")]

    assert not is_taken_for(pages[1], pages[0])


def test_other_rules_of_reading_read_again() -> None:
    digest = reading_of(Story().html()).page_digest

    reading_of(Story().html(), Hints(markers=("open",), page_digest=digest))
    reading_of(Story().html(), Hints(site=SiteRule(host="*.example"), page_digest=digest))


def test_a_live_blog_ends_by_the_clock() -> None:
    page = Story(
        head='<script type="application/ld+json">{"@type":"LiveBlogPosting",'
        '"coverageEndTime":"2022-01-25T13:00:00Z"}</script>'
    ).html()
    live = reading_of(page)
    later = read_page(page.encode(), URL, captured_at=NOON.replace(hour=14), hints=Hints(page_digest=live.page_digest))

    assert live.content.live
    assert isinstance(later, Reading)
    assert not later.content.live


# -- by the bytes alone


# Scripts at the very head, where a charset is looked for, are compared in full.
def with_script(script: str) -> str:
    page = Story(paragraphs=PARAGRAPHS * 5, beside=script).html()
    assert page.index(script) > 4096
    return page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<script>var token=1</script>", "<script>var token=22</script>"),
        ('<script nonce="abc=">var t=1</script>', '<script nonce="de/+f==">var t=2</script>'),
    ],
)
def test_what_stands_in_a_script_needs_no_parser(before: str, after: str) -> None:
    assert unscripted(with_script(before)) == unscripted(with_script(after))
    assert is_taken_for(with_script(after), with_script(before))


WORDS = "The council will meet again on Monday to vote on the plan, the director said."
OTHERS = "The council will not meet again before the vote on the plan, the director said."


@pytest.mark.parametrize(
    "page",
    [
        "<!-- <script> --><p>{}</p><!-- </script> -->",
        '<p data-x="<script>">{}</p><p data-x="</script>">.</p>',
        "<svg><script/></svg><p>{}</p><script></script>",
        "<textarea><script></textarea><p>{}</p><script>var a=1</script>",
        "<title><script></title><p>{}</p></script>",
        '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}"}}</script>',
        "<script>a</SCRIPT><p>{}</p><script>b</script>",
    ],
)
def test_text_that_only_looks_as_if_it_stood_in_a_script_is_read(page: str) -> None:
    assert not is_taken_for(with_script(page.format(OTHERS)), with_script(page.format(WORDS)))


@pytest.mark.parametrize("script", ["<!-- <script>", "</SCRIPT><p>" + OTHERS + "</p><script>", "é", "\0"])
def test_a_script_that_may_end_elsewhere_is_parsed(script: str) -> None:
    plain, strange = (with_script(f"<script>var a='{text}'</script><p>{WORDS}</p>") for text in ("x", script))

    assert unscripted(plain) != unscripted(strange)


# -- the law

_LINE = "A sentence of its own, long enough to be counted as prose by any measure there is."
_SCRAPS = st.sampled_from(
    [
        *("", "not ", "9", "é", "&nbsp;", "&shy;", "\u200b", "\n", " ", ". ", "He then left.", "Being updated", "&lt;"),
        *("3 days ago", "vor 2 Stunden", "Updated 10:15 GMT, 25 January 2022", "Correction: the pier reopens in May."),
        *(f"<{tag}>{_LINE}</{tag}>" for tag in ("p", "h2", "li", "blockquote", "aside", "em", "b", "div", "p hidden")),
        *("<p></p>", "<br>", "<br><br>", "</p><p>", '<a href="/x">more</a>', '<p style="display: none">Gone.</p>'),
        *(
            "<script>var t=1</script>",
            "<script>var t='</p>'</script>",
            "<style>p {}</style>",
            "<svg><title>x</title></svg>",
        ),
        *(
            "<!-- a -->",
            "<!-- <script> -->",
            "<!-- </script> -->",
            "<textarea>x</textarea>",
            "<td>x</td>",
            "<h1>Pier</h1>",
        ),
        *('<meta name="author" content="A. Keeper">', '<time datetime="2022-01-25T10:15:00Z">10:15</time>'),
        '<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2022-01-25T10:15:00Z"}</script>',
    ]
)
_EDIT = st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), _SCRAPS)
_BASE = Story(
    paragraphs=PARAGRAPHS * 5,
    stamp='<time datetime="2022-01-25T09:28:00Z">25 January 2022</time> <i>3 minutes ago</i>',
    after="<script>var one='<p>'</script><p>He was last seen <b>3 days ago</b></p><script>var two=2</script>",
).html()
_PART = re.compile(r"<[^>]*>|\w+|[^\w<]+")


def edited(page: str, edits: list[tuple[float, int, str]]) -> str:
    """The page with scraps in place of some words, or between two tags."""
    for place, words, scrap in edits:
        parts = _PART.findall(page)
        at = int(place * len(parts))
        gone = [part for part in parts[at : at + words] if part.startswith("<")]
        page = "".join([*parts[:at], scrap, *gone, *parts[at + words :]])
    return page


@settings(max_examples=150, deadline=None)
@given(st.lists(_EDIT, max_size=3), st.lists(_EDIT, min_size=1, max_size=2))
def test_what_is_taken_for_the_same_page_reads_the_same(
    first: list[tuple[float, int, str]], then: list[tuple[float, int, str]]
) -> None:
    before = edited(_BASE, first)
    after = edited(before, then)
    known = reading_of(before)
    if is_taken_for(after, before):
        assert told(reading_of(after).content) == told(known.content)


def told(content: Content) -> object:
    """The Content but for the times since, which move with the clock."""
    believed = [claim for claim in content.claims if claim.believed]
    return (
        content.headline, content.standfirst, content.byline, content.blocks, content.captions, content.corrections,
        content.live, content.live_marker, content.language, content.method, believed,
    )  # fmt: skip
