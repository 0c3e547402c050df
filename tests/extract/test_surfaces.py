"""Where a page says its headline: every place read, the site's name taken off where the page says that it is one."""

import pytest

from monitor.core.article import Content, SamePage
from monitor.core.headline import Surface
from monitor.core.policy import SiteRule
from monitor.extract.read import read_page
from monitor.extract.surfaces import bare_title, slug_words
from monitor.ports import Hints

URL = "https://www.the-daily.example/news/2026/06/01/harbour-bridge-shut-for-weeks-10423.html"
SAID = {
    "h1": "Harbour bridge shut for weeks",
    "title": "Bridge shut: what commuters must know | The Daily",
    "og": "The bridge that a whole city needs",
    "machine": "Harbour bridge closed after cracks are found",
}
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour bridge was closed to all traffic on Monday after inspectors found cracks in two girders.",
        "The city said that the work would take three weeks at the least and cost about 2 million euros.",
        "Buses are sent round by the northern tunnel, where drivers should expect to wait for forty minutes.",
    )
)


def page(h1: str = "", title: str = "", og: str = "", machine: str = "", head: str = "") -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    meta = f'<meta property="og:title" content="{og}">' if og else ""
    data = f', "headline": "{machine}"' if machine else ""
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>{meta}{head}
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2026-06-01T09:00:00Z"{data}}}</script>
</head><body><article>{heading}{BODY}</article></body></html>"""


def read(html: str, hints: Hints | None = None) -> Content:
    found = read_page(html.encode(), URL, hints=hints)
    assert not isinstance(found, SamePage)
    return found.content


def said(html: str, hints: Hints | None = None) -> dict[str, str]:
    return {str(each.surface): each.text for each in read(html, hints).headlines}


def test_every_surface_is_kept_as_the_page_has_it() -> None:
    assert said(page(**SAID, head='<meta property="og:site_name" content="The Daily">')) == {
        "h1": "Harbour bridge shut for weeks",
        "title": "Bridge shut: what commuters must know",
        "og:title": "The bridge that a whole city needs",
        "json-ld": "Harbour bridge closed after cracks are found",
        "slug": "harbour bridge shut for weeks",
    }


def test_a_surface_that_is_not_there_is_left_out() -> None:
    content = read(page(machine=SAID["machine"]))

    assert [each.surface for each in content.headlines] == [Surface.JSON_LD, Surface.SLUG]
    assert content.headline == SAID["machine"]


def test_the_heading_is_the_one_that_a_site_rule_names() -> None:
    rule = SiteRule(host="*.example", headline="h2.real")
    html = page(**SAID).replace("</h1>", '</h1><h2 class="real">The bridge, and who knew</h2>')

    assert said(html, Hints(site=rule))["h1"] == "The bridge, and who knew"


@pytest.mark.parametrize("surface", ["h1", "title", "og", "machine"])
def test_a_page_on_which_one_surface_moved_is_read_again(surface: str) -> None:
    before = read_page(page(**SAID).encode(), URL)
    assert not isinstance(before, SamePage)
    after = page(**{**SAID, surface: "Another headline for the bridge"})
    hints = Hints(page_digest=before.page_digest)

    assert isinstance(read_page(page(**SAID).encode(), URL, hints=hints), SamePage)
    assert not isinstance(read_page(after.encode(), URL, hints=hints), SamePage)


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Bridge shut | The Daily", "Bridge shut"),
        ("Bridge shut - The Daily", "Bridge shut"),
        ("Bridge shut – the daily", "Bridge shut"),
        ("Bridge shut — The-Daily", "Bridge shut"),
        ("The Daily: Bridge shut", "The Daily: Bridge shut"),
        ("The Daily | Bridge shut", "Bridge shut"),
        ("Bridge shut | News | The Daily", "Bridge shut | News"),
        ("Bridge shut | thedaily.example", "Bridge shut"),
        ("橋が通行止めに：The Daily", "橋が通行止めに"),
        ("橋：通行止め", "橋：通行止め"),
        ("Bridge shut | Another Paper", "Bridge shut | Another Paper"),
        ("The mayor’s last word | City news from all over", "The mayor’s last word"),
        ("City news from all over » The mayor's last word", "The mayor's last word"),
        ("Minister - we knew - resigns", "Minister - we knew - resigns"),
        ("A well-known bridge: 2:1 for the tunnel", "A well-known bridge: 2:1 for the tunnel"),
        ("The Daily", "The Daily"),
        ("", ""),
    ],
)
def test_the_name_of_the_site_is_taken_off_a_title_where_it_is_known(title: str, bare: str) -> None:
    sites = frozenset(("thedaily", "thedailyexample"))
    assert bare_title(title, ("The mayor's last word", None), sites) == bare


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (URL, "harbour bridge shut for weeks"),
        ("https://x.example/harbour-bridge-shut", "harbour bridge shut"),
        ("https://x.example/a1b2c3d4-harbour_bridge_shut-1.2345678", "harbour bridge shut"),
        ("https://x.example/2022/jan/25/mayor-wins-2024-vote/", "mayor wins 2024 vote"),
        ("https://x.example/harbour-bridge-shut-a12345678", "harbour bridge shut"),
        ("https://x.example/news/world-europe-60123456", None),
        ("https://x.example/m%C3%A4rz-sturm-%C3%BCber-bremen", "märz sturm über bremen"),
        ("https://x.example/article.php?id=3", None),
        ("https://x.example/", None),
        ("https://[broken", None),
    ],
)
def test_the_words_of_an_address(address: str, words: str | None) -> None:
    assert slug_words(address) == words
