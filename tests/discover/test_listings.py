"""Pages as sources: which of their links are articles."""

from typing import Any

import pytest

from monitor.core.policy import Selection
from monitor.discover import Found, FoundKind, discover

FRONT = "https://www.news.example/latest"
PAGE = """<!doctype html><html lang="en-GB"><head><title>Latest</title></head><body>
<nav><a href="/2022/menu">Menu</a></nav>
<main><h2><a class="story" href="/2022/mayor"><img src="x.png"></a></h2>
<a class="story" href="/2022/mayor#comments">Mayor resigns</a>
<div class="story"><p><a href="/2022/ferry">Ferry</a></p></div>
<a class="story" href="https://other.example/2022/abroad">Abroad</a>
<a class="story" href="/latest?">Reload</a><a class="story" href="javascript:void(0)">More</a></main>
<a href="/2022/mayor/print">Print</a><a href="/about">About</a></body></html>"""


def listed(page: str = PAGE, **asked: Any) -> Found:
    selection = Selection(**asked)
    return discover(page.encode(), content_type="text/html", url=FRONT, selection=selection)


def addresses(found: Found) -> list[str]:
    return [item.url.removeprefix("https://www.news.example") for item in found.items]


def test_a_selector_picks_links_and_what_holds_links() -> None:
    found = listed(links="main .story")

    assert addresses(found) == ["/2022/mayor", "/2022/ferry", "https://other.example/2022/abroad"]
    assert (found.kind, found.language) == (FoundKind.LISTING, "en-GB")


def test_a_link_around_a_picture_takes_its_title_from_the_next_one() -> None:
    assert listed(links="main .story").items[0].title == "Mayor resigns"


def test_a_pattern_picks_among_all_links_of_the_own_site() -> None:
    assert addresses(listed(pattern=("/2022/*",))) == ["/2022/menu", "/2022/mayor", "/2022/ferry", "/2022/mayor/print"]


def test_a_pattern_narrows_what_a_selector_picks() -> None:
    assert addresses(listed(links="main a", pattern=("*ferry",))) == ["/2022/ferry"]


def test_a_list_of_selectors_picks_what_any_of_them_does() -> None:
    assert addresses(listed(links="div.story, nav")) == ["/2022/menu", "/2022/ferry"]


@pytest.mark.parametrize("asked", [{"links": "a.teaser"}, {"pattern": ("/2023/*",)}])
def test_a_page_without_such_links_yields_nothing(asked: dict[str, Any]) -> None:
    assert listed(**asked).items == ()


def test_links_inside_each_other_do_not_keep_the_reader_busy() -> None:
    nested = "<body>" + "<a href='/x'><b>word " * 30_000

    assert listed(nested, links="a").kind in (FoundKind.LISTING, FoundKind.REFUSED)
