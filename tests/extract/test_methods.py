"""By which method the body is read: the first that finds one, or the one that is asked for."""

import pytest

from monitor.core.article import Content, Reading
from monitor.extract.read import read_page
from monitor.ports import Hints
from tests.extract.pages import HEADLINE, LEAD, PARAGRAPHS, Story, wire_layout

URL = "https://skerry.example/2022/01/25/pier"
TOLD = "\\n".join(PARAGRAPHS).replace('"', '\\"')
MACHINES = (
    '<script type="application/ld+json">'
    f'{{"@type":"NewsArticle","headline":"{HEADLINE}","articleBody":"{TOLD}"}}</script>'
)


def content_of(page: Story | str, method: str | None = None) -> Content:
    html = page.html() if isinstance(page, Story) else page
    reading = read_page(html.encode(), URL, hints=Hints(method=method))
    assert isinstance(reading, Reading)
    return reading.content


def in_a_picture(page: Story) -> str:
    """The story set in one big figure: what no extractor takes for text."""
    return (
        page.html()
        .replace('<p class="standfirst"></p>', "")
        .replace('<div class="story-body">', "<figure>")
        .replace("</div></article>", "</figure></article>")
    )


@pytest.mark.parametrize("method", ["trafilatura", "recall", "json-ld", "readability", "page"])
def test_every_method_reads_the_story_and_says_its_name(method: str) -> None:
    content = content_of(Story(head=MACHINES), method)

    assert content.method == method
    assert content.paragraphs == PARAGRAPHS


@pytest.mark.parametrize("method", ["trafilatura", "recall", "json-ld", "readability", "page", "site", "none"])
def test_a_method_that_finds_nothing_is_not_replaced(method: str) -> None:
    content = content_of(f"<html><body><h1>{HEADLINE}</h1></body></html>", method)

    assert (content.method, content.blocks, content.headline) == (method, (), HEADLINE)


def test_a_page_that_only_shows_the_opening_is_read_from_its_json_ld() -> None:
    content = content_of(Story(standfirst="", paragraphs=(LEAD,), head=MACHINES))

    assert (content.method, content.paragraphs) == ("json-ld", PARAGRAPHS)


def test_the_page_itself_is_the_last_resort() -> None:
    content = content_of(in_a_picture(Story(standfirst="")))

    assert (content.method, content.paragraphs) == ("page", PARAGRAPHS)


def test_a_brief_is_not_filled_up_with_the_page() -> None:
    others = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:])
    brief = Story(standfirst="", paragraphs=(LEAD,), beside=f"<section><h2>Elsewhere</h2>{others}</section>")

    assert content_of(brief).paragraphs == (LEAD,)


def test_nothing_is_nobodys_finding() -> None:
    content = content_of("<html><body><div id=app></div></body></html>")

    assert (content.method, content.blocks) == ("none", ())


def test_a_forced_method_passes_a_site_rule_by() -> None:
    assert content_of(wire_layout().decode(), "readability").method == "readability"


def test_a_page_is_read_by_a_forced_method_whatever_its_digest() -> None:
    first = read_page(Story().bytes(), URL)
    again = read_page(Story().bytes(), URL, hints=Hints(page_digest=first.page_digest, method="recall"))

    assert isinstance(again, Reading)
    assert again.content.method == "recall"


def test_a_stub_of_a_few_words_is_read() -> None:
    content = content_of("<html><body><h1>Blast at the quay</h1><p>More to follow.</p><p>Two hurt.</p></body></html>")

    assert "Two hurt." in content.paragraphs
    assert (content.headline, content.live) == ("Blast at the quay", True)
