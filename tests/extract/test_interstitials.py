"""A page that stands in an article's place is suspected the first time it is seen; an article never is."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from monitor.core.article import Reading
from monitor.extract.read import read_page
from tests.extract.pages import LEAD, Story, wire_layout

from .interstitials import Wall, article_head, interstitials, page
from .true_stories import true_stories

URL = "https://skerry.example/2022/01/25/pier"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
KINDS = sorted({wall.kind for wall in interstitials()})
BUILT_IN_THE_BROWSER = {"kr_HankookIlbo_2026_01_29"}
"""Pages of the corpus that show nothing of their article until a script has run."""


@cache
def suspicions_of(html: bytes, url: str = URL) -> tuple[str, ...]:
    reading = read_page(html, url, content_type="text/html")
    assert isinstance(reading, Reading)
    return reading.suspicions


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    pages = interstitials()

    assert len(KINDS) >= 24
    assert len({wall.html for wall in pages}) == len(pages) >= 240


@pytest.mark.parametrize("kind", KINDS)
def test_an_interstitial_is_suspected(kind: str) -> None:
    passed = [wall.name for wall in interstitials() if wall.kind == kind and not suspicions_of(wall.html)]

    assert passed == []


NAMED = {
    "consent banner": "consent",
    "consent text": "consent",
    "login": "login",
    "captcha": "challenge",
    "browser check": "challenge",
    "hard paywall": "paywall",
    "metered teaser": "paywall",
    "front page": "listing",
}


def _is_bare(wall: Wall) -> bool:
    """Whether it stands alone: what a page without its scripts keeps of a dialog may be nothing at all."""
    return "dialog" not in wall.name and ", links" not in wall.name and "undeclared" not in wall.name


@pytest.mark.parametrize(("kind", "name"), NAMED.items())
def test_the_suspicion_says_what_it_is(kind: str, name: str) -> None:
    otherwise = {
        wall.name: found
        for wall in interstitials()
        if wall.kind == kind and _is_bare(wall) and name not in (found := suspicions_of(wall.html))
    }

    assert otherwise == {}


@pytest.mark.parametrize("name", true_stories())
def test_a_true_article_about_walls_is_none(name: str) -> None:
    assert suspicions_of(true_stories()[name]) == ()


@pytest.mark.parametrize("marker", ["Being updated", ""])
def test_the_wire_layout_is_an_article(marker: str) -> None:
    assert suspicions_of(wire_layout(marker=marker)) == ()


def test_a_whole_article_with_a_box_that_sells_is_an_article() -> None:
    box = '<div class="paywall-offer"><h3>Subscribe to continue reading</h3><p>Already a subscriber? Sign in</p></div>'

    assert suspicions_of(Story(after=box).bytes()) == ()
    assert suspicions_of(Story(paragraphs=(LEAD,), after=box).bytes()) == ("paywall",)


def test_an_article_that_says_it_is_free_is_not_cut_off() -> None:
    box = "<p>Already a subscriber? Sign in</p>"
    free = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": true}</script>'

    assert suspicions_of(Story(paragraphs=(LEAD,), after=box, head=free).bytes()) == ()


def test_a_hidden_call_to_pay_cuts_nothing_off() -> None:
    box = '<div style="display:none"><p>Subscribe to continue reading</p></div>'

    assert suspicions_of(Story(paragraphs=(LEAD,), after=box).bytes()) == ()


def test_a_page_that_reloads_itself_stays_an_article() -> None:
    for content in ("300", "60; url=/2022/01/25/pier", f"5; url={URL}", "900;url=/other"):
        head = f'<meta http-equiv="refresh" content="{content}">'
        assert suspicions_of(page(f"<title>A pier</title>{head}", f"<h1>A pier</h1><p>{LEAD}</p>")) == (), content


def test_the_articles_head_on_another_page_does_not_make_it_the_article() -> None:
    stranger = page(article_head("en"), "<h1>Mitteilung</h1><p>Bitte wenden Sie sich mit dem Kennzeichen an uns.</p>")

    assert suspicions_of(stranger) == ("stray",)


@pytest.mark.skipif(not CORPUS.exists(), reason="the development corpus is not beside the checkout")
def test_no_article_of_the_corpus_is_suspected() -> None:
    suspected = {}
    for line in (CORPUS / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found = suspicions_of(gzip.decompress((CORPUS / entry["html"]).read_bytes()), entry["url"])
        if found:
            suspected[entry["id"].split(".")[0]] = found

    assert {name: found for name, found in suspected.items() if name not in BUILT_IN_THE_BROWSER} == {}
