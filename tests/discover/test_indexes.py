"""Of the sitemaps that an index names, which are read."""

from datetime import UTC, datetime

from monitor.discover import FoundKind, discover, worth_reading

INDEX = "https://news.example/sitemap.xml"


def chosen(*sitemaps: tuple[str, str | None]) -> list[str]:
    entries = "".join(
        f"<sitemap><loc>{address}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for address, day in sitemaps
    )
    found = discover(f"<sitemapindex>{entries}</sitemapindex>".encode(), content_type=None, url=INDEX)
    assert found.kind is FoundKind.SITEMAP_INDEX
    return [link.url.rpartition("/")[2] for link in worth_reading(found.feeds, INDEX)]


def test_an_index_says_when_each_sitemap_changed() -> None:
    text = b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2022-01-25</lastmod></sitemap></sitemapindex>"

    (link,) = discover(text, content_type=None, url=INDEX).feeds

    assert link.updated_at == datetime(2022, 1, 25, tzinfo=UTC)


def test_the_newest_come_first_and_the_undated_last() -> None:
    assert chosen(("/a", None), ("/b", "2021-01-01"), ("/c", "2022-01-25")) == ["c", "b", "a"]


def test_no_more_than_a_handful_is_read() -> None:
    assert chosen(*((f"/{day}", f"2022-01-{day}") for day in range(10, 31))) == ["30", "29", "28", "27", "26"]


def test_news_sitemaps_stand_for_the_whole_archive() -> None:
    assert chosen(("/2022.xml", "2022-01-25"), ("/sitemap_news.xml", None), ("/2021.xml", None)) == ["sitemap_news.xml"]


def test_the_index_itself_and_doubles_are_left_out() -> None:
    assert chosen((INDEX, None), ("/b", None), ("/b", None)) == ["b"]


def test_a_sitemap_on_another_host_is_chosen_like_any_other() -> None:
    assert chosen(("https://cdn.example/a", "2022-01-25"), ("/b", "2021-01-01")) == ["a", "b"]
