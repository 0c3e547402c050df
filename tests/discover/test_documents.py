"""What each kind of document yields, and what is refused."""

import gzip
import json
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.discover import Found, FoundKind, Link, discover
from monitor.discover.document import BYTES_MAX
from monitor.discover.links import ENTRIES_MAX

HERE = "https://news.example/feeds/all.xml"


def read(text: str | bytes, *, content_type: str | None = None, url: str = HERE) -> Found:
    return discover(text if isinstance(text, bytes) else text.encode(), content_type=content_type, url=url)


def rss(items: str, head: str = "<rss version='2.0'>", tail: str = "</channel></rss>") -> str:
    return f"{head}<channel><title>All the news</title>{items}{tail}"


def test_rss_names_its_articles_with_title_and_time() -> None:
    found = read(
        rss(
            "<item><title>Mayor &amp;amp; council resign</title><link>/2022/mayor#top</link>"
            "<pubDate>Tue, 25 Jan 2022 12:28:00 +0300</pubDate></item>"
        )
    )

    (item,) = found.items
    assert (found.kind, found.title) == (FoundKind.RSS, "All the news")
    assert (item.url, item.title) == ("https://news.example/2022/mayor", "Mayor & council resign")
    assert (item.published_at, item.updated_at) == (datetime(2022, 1, 25, 9, 28, tzinfo=UTC), None)
    assert item.raw_published == "Tue, 25 Jan 2022 12:28:00 +0300"


ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/a/"><title>News</title>
<link rel="self" href="https://news.example/atom.xml"/>
<entry><title type="html">Blast &lt;b&gt;kills&lt;/b&gt; 12</title><link href="b/story.html"/><id>urn:x:1</id>
<published>2022-01-25T09:28:00Z</published><updated>2022-01-25T09:55:00Z</updated></entry></feed>"""


def test_atom_tells_when_an_entry_was_updated_and_where_it_is() -> None:
    found = read(ATOM)

    (item,) = found.items
    assert (item.url, item.title) == ("https://cdn.example/a/b/story.html", "Blast kills 12")
    assert item.updated_at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    assert item.raw_updated == "2022-01-25T09:55:00Z"
    assert found.feeds == (Link(url="https://news.example/atom.xml"),)


def test_a_dublin_core_date_is_a_time_of_publication() -> None:
    head = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    item = "<item><link>/a</link><dc:date>2022-01-25T09:28:00Z</dc:date></item>"

    (found,) = read(rss(item, head)).items

    assert (found.published_at, found.updated_at) == (datetime(2022, 1, 25, 9, 28, tzinfo=UTC), None)


def test_json_feed_is_read() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {"id": "1", "url": "/a", "title": "One", "date_modified": "2022-01-25T12:55:00+03:00"},
            {"id": "https://news.example/b", "date_published": "nonsense"},
            {"id": 3},
            "no object",
        ],
    }

    found = read(json.dumps(document))

    assert [item.url for item in found.items] == ["https://news.example/a", "https://news.example/b"]
    assert found.items[0].updated_at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    assert found.items[1].published_at is None
    assert found.listed == 3


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://news.example/a </loc><lastmod>2022-01-25</lastmod>
<news:news><news:publication_date>2022-01-25T09:28:00Z</news:publication_date>
<news:title>A &amp; B</news:title></news:news>
</url><url><loc><![CDATA[https://news.example/b]]></loc></url><url/></urlset>"""


def test_a_news_sitemap_is_read() -> None:
    found = read(SITEMAP)

    assert (found.kind, found.listed) == (FoundKind.SITEMAP, 3)
    assert [(i.url, i.title) for i in found.items] == [
        ("https://news.example/a", "A & B"),
        ("https://news.example/b", None),
    ]
    assert found.items[0].updated_at == datetime(2022, 1, 25, tzinfo=UTC)
    assert found.items[0].raw_updated == "2022-01-25"


def test_a_packed_sitemap_is_unpacked() -> None:
    assert read(gzip.compress(SITEMAP.encode())) == read(SITEMAP)


def test_an_index_names_its_sitemaps() -> None:
    found = read("<sitemapindex><sitemap><loc>/one.xml.gz</loc></sitemap></sitemapindex>")

    assert found.kind is FoundKind.SITEMAP_INDEX
    assert [feed.url for feed in found.feeds] == ["https://news.example/one.xml.gz"]


PAGE = """<!doctype html><html><head><title>News</title><base href="/uk/">
<link rel="alternate" type="application/rss+xml" href="rss.xml" title="UK">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet alternate" type="text/css" href="x.css"></head>
<body><nav><a href="/a">All of the latest news from everywhere</a></nav>
<h2><a href="mayor-resigns">Mayor of the city resigns</a></h2><a href="mayor-resigns">Read more about it here</a>
<a href="/about">About us</a><a href="https://other.example/x">A story on some other site</a>
<a href="javascript:alert(1)">Click here to win a prize</a></body></html>"""


def test_a_page_names_its_feeds_and_its_headlines() -> None:
    found = read(PAGE, url="https://www.news.example/")

    assert found.kind is FoundKind.LISTING
    assert found.feeds == (Link(url="https://www.news.example/uk/rss.xml", title="UK", type="application/rss+xml"),)
    assert [(i.url, i.title) for i in found.items] == [
        ("https://www.news.example/uk/mayor-resigns", "Mayor of the city resigns")
    ]


def test_a_page_that_declares_no_feed_is_searched_for_links_to_one() -> None:
    found = read("<html><body><a href='/news/rss.xml'>RSS</a><a href='/feedback'>Feedback</a></body></html>")

    assert [feed.url for feed in found.feeds] == ["https://news.example/news/rss.xml"]


def test_a_plain_list_of_addresses_is_read() -> None:
    found = read("https://news.example/a\n\nhttps://news.example/b\n")

    assert (found.kind, [i.url for i in found.items]) == (
        FoundKind.URLS,
        ["https://news.example/a", "https://news.example/b"],
    )


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "ftp://news.example/a", "mailto:a@b.example", "data:text/html,x", "http://", "http://[x"],
)
def test_a_link_that_no_one_can_fetch_is_left_out(href: str) -> None:
    found = read(rss(f"<item><title>t</title><link>{href}</link></item>"))

    assert (found.items, found.listed) == ((), 1)


@pytest.mark.parametrize(
    ("declared", "codec"), [("windows-1251", "cp1251"), ("iso-8859-5", "iso8859-5"), ("utf-8", "utf-8")]
)
def test_a_feed_is_read_in_the_encoding_that_it_declares(declared: str, codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss("<item><title>Взрыв</title><link>/a</link></item>")

    assert read(text.encode(codec)).items[0].title == "Взрыв"


def test_utf_16_is_read() -> None:
    assert read(rss("<item><link>/a</link></item>").encode("utf-16")).listed == 1


def test_a_broken_feed_gives_what_can_be_read_of_it() -> None:
    found = read("<rss><channel><item><title>A & B</title><link>/a</link></item><item><title>cut off")

    assert found.items[0].url == "https://news.example/a"


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
HIDDEN = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY c "<b>&a;&a;">]>'
LONG = "<!DOCTYPE x [" + "<!ENTITY a 'b'>" * 400 + "]>"
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>'


@pytest.mark.parametrize("doctype", [LAUGHS, FILE, PARAMETER, HIDDEN, LONG, LAUGHS.replace("!DOCTYPE", "!doctype")])
@pytest.mark.parametrize("document", [rss("<item><title>&c;&f;</title><link>/a</link></item>"), SITEMAP[39:]])
def test_entities_that_explode_or_reach_out_are_refused(doctype: str, document: str) -> None:
    found = read(f'<?xml version="1.0"?><!-- x -->{doctype}{document}')

    assert (found.kind, found.items) == (FoundKind.REFUSED, ())
    assert found.reason


def test_hostile_entities_in_utf_16_are_refused_too() -> None:
    assert read((FILE + rss("")).encode("utf-16")).kind is FoundKind.REFUSED


def test_a_sitemap_with_a_document_type_is_refused() -> None:
    assert read("<!DOCTYPE urlset>" + SITEMAP[39:]).kind is FoundKind.REFUSED


def test_the_old_latin_entities_of_a_feed_are_no_offence() -> None:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent"> ]>'
    )

    assert read(doctype + rss("<item><link>/a</link></item>")).listed == 1


@pytest.mark.parametrize("path", ["/etc/hostname", "file:///etc/hostname", "<rss>/etc/hostname"])
def test_a_body_that_is_a_path_opens_no_file(path: str) -> None:
    assert read(path).items == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"{",
        b"[1,2]",
        b"[" * 100_000,
        b"{}",
        b"<?xml version='1.0'?><catalog/>",
        b"<!-- " * 1000,
        b"<",
        b"\x1f\x8b garbage",
        gzip.compress(b"x" * 100, mtime=0)[:-9],
        b"\x00" * 100,
        b"plain words",
    ],
)
def test_what_is_no_source_is_refused_with_a_reason(body: bytes) -> None:
    found = read(body)

    assert found.kind is FoundKind.REFUSED
    assert found.reason


def test_a_packed_sitemap_that_was_cut_short_is_refused() -> None:
    found = read(gzip.compress((SITEMAP * 50).encode())[:-9])

    assert (found.kind, found.items) == (FoundKind.REFUSED, ())


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    found = read(gzip.compress(b"<urlset>" + b" " * (BYTES_MAX + 10)))

    assert found.kind is FoundKind.REFUSED


@pytest.mark.parametrize(
    "document",
    [
        rss("<item><link>/a</link></item>" * (ENTRIES_MAX + 5)),
        "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry><link href='/a'/></entry>" * (ENTRIES_MAX + 5),
        "<urlset>" + "<url><loc>/a</loc></url>" * (ENTRIES_MAX + 5) + "</urlset>",
        "http://a.example/\n" * (ENTRIES_MAX + 5),
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a"}] * (ENTRIES_MAX + 5)}),
    ],
    ids=["rss", "atom", "sitemap", "urls", "json"],
)
def test_no_more_than_the_limit_is_read(document: str) -> None:
    found = read(document)

    assert len(found.items) == ENTRIES_MAX
    assert found.cut


def test_of_a_long_sitemap_the_newest_pages_are_kept() -> None:
    old = "<url><loc>/old</loc><lastmod>2001-01-01</lastmod></url>" * ENTRIES_MAX
    found = read(f"<urlset>{old}<url><loc>/new</loc><lastmod>2022-01-25</lastmod></url></urlset>")

    assert found.items[0].url == "https://news.example/new"


ATTRIBUTES = " ".join(f"a{n}='x'" for n in range(10_000))


@pytest.mark.parametrize("document", ["<rss><channel>" + "<a>" * 100_000, f"<rss {ATTRIBUTES}><channel/></rss>"])
def test_what_would_keep_the_reader_busy_for_minutes_is_refused(document: str) -> None:
    assert read(document).kind is FoundKind.REFUSED


def test_what_is_found_can_cross_to_another_process() -> None:
    found = read(ATOM)

    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


PIECES = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<feed>", "<entry>", "<urlset>", "<url><loc>", "<!DOCTYPE x [", "]>",
     "<![CDATA[", "]]>", "<?xml ", "?>", "<!--", "-->", "<link>", "/etc/passwd", "&a;", "\x00", "<html>", "<a href='"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_nothing_at_all_makes_it_raise(text: str) -> None:
    assert isinstance(read(text.encode("utf-8", "replace")), Found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_it_raise(body: bytes) -> None:
    assert isinstance(read(body), Found)


CATEGORIES = {
    "rss": "<rss><channel><language>en-gb</language><item><link>/a</link><category>City &amp;amp; News</category>"
    "<category domain='x'>Harbour</category></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en-gb'><entry><link href='/a'/>"
    "<category term='City &amp; News'/><category term='Harbour'/></entry></feed>",
    "json": '{"version":"https://jsonfeed.org/version/1.1","language":"en-gb",'
    '"items":[{"url":"/a","tags":["City & News","Harbour",3]}]}',
    "sitemap": "<urlset><url><loc>/a</loc><news><publication><language>en-gb</language></publication>"
    "<keywords>City &amp; News, Harbour</keywords></news></url></urlset>",
}


@pytest.mark.parametrize("form", CATEGORIES)
def test_an_item_tells_its_categories_and_its_language(form: str) -> None:
    found = read(CATEGORIES[form])

    (item,) = found.items
    assert item.sections == ("City & News", "Harbour")
    assert item.language or found.language == "en-gb"


@pytest.mark.parametrize("tags", ['"x"', "null", '{"a": 1}', "[[]]"])
def test_tags_that_are_none_are_passed_over(tags: str) -> None:
    found = read(f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"url":"/a","tags":{tags}}}]}}')

    assert [item.sections for item in found.items] == [()]


def test_an_rss_item_that_tells_when_it_was_updated_keeps_the_words() -> None:
    head = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
    item = (
        "<item><link>/a</link><pubDate>Tue, 25 Jan 2022 09:28:00 GMT</pubDate>"
        "<atom:updated>2022-01-25T12:55:00+03:00</atom:updated></item>"
    )

    (found,) = read(rss(item, head)).items

    assert found.updated_at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    assert found.raw_updated == "2022-01-25T12:55:00+03:00"
    assert found.raw_published == "Tue, 25 Jan 2022 09:28:00 GMT"
