"""Which pages are live blogs, and what is read of their entries: ids, times, pins; and which pages only look alike."""

# ruff: noqa: E501  # markup reads better in one piece

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.article import ClaimSource, Content, Reading
from monitor.extract.read import read_page
from monitor.ports import Hints
from tests.liveblog import shapes  # noqa: F401  # they put themselves among SHAPES
from tests.liveblog.press import INTRO, SHAPES, STANDFIRST, Blog, render

URL = "https://news.example/weather/storm-over-the-islands"
PLAIN = "What the storm did to the islands"
PROSE = (
    "The council by the harbour was told at length what the wardens of the islands had seen in the night of the storm."
)
LONG = f"{PROSE} Nobody was hurt, and the ferries are to sail again when the wind has gone round to the north."


def read(html: bytes | str, *, url: str = URL, at: datetime | None = None, method: str | None = None) -> Content:
    body = html.encode() if isinstance(html, str) else html
    reading = read_page(body, url, captured_at=at, hints=Hints(method=method))
    assert isinstance(reading, Reading)
    return reading.content


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{PLAIN}</title>{head}</head><body><main><h1>{PLAIN}</h1>{body}</main></body></html>'


# -- live blogs


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_live_blog_of_any_shape_is_read_by_its_entries(name: str) -> None:
    blog = Blog(language="ar" if name == "arabic" else "en").starts(12)
    content = read(render(name, blog), at=blog.now)

    assert (content.method, len(content.entries)) == ("entries", 12)
    told = {entry.id: " ".join(b.text for b in content.blocks if b.entry == entry.id) for entry in content.entries}
    assert [one.key in told[entry.id] for one, entry in zip(reversed(blog.posts), content.entries, strict=True)] == [
        True
    ] * 12
    assert (content.standfirst, content.captions) == (STANDFIRST, ())
    assert [block.text for block in content.blocks if block.entry is None] == [INTRO]


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"hashed", "positions", "bare", "flat", "wire_old", "numbered"}))
def test_an_entry_is_known_by_the_id_that_its_page_gives_it(name: str) -> None:
    blog = Blog().starts(6)
    before = read(render(name, blog), at=blog.now)
    blog.rewrites(2)
    blog.adds()
    after = read(render(name, blog), at=blog.now)

    assert [entry.id for entry in after.entries[1:]] == [entry.id for entry in before.entries]


def test_an_entry_is_not_known_by_its_place_on_the_page() -> None:
    content = read(render("positions", Blog().starts(6)))
    assert not any(entry.id.startswith("update-") for entry in content.entries)


def test_an_entry_without_an_id_is_known_by_its_time_and_opening_words_wherever_it_stands() -> None:
    blog = Blog().starts(6)
    before = read(render("bare", blog), at=blog.now)
    after = read(render("bare", replace(blog, newest_first=False)), at=blog.now)

    assert {entry.id for entry in before.entries} == {entry.id for entry in after.entries}


@pytest.mark.parametrize("name", ["declared", "wire", "listed", "microdata", "blocks", "hashed", "by_day", "flat"])
def test_an_entrys_time_is_an_instant_where_its_page_says_enough(name: str) -> None:
    blog = Blog().starts(6)
    content = read(render(name, blog), at=blog.now)
    assert [entry.at for entry in content.entries] == [one.at for one in reversed(blog.posts)]


def test_a_clock_without_a_zone_stays_a_clock() -> None:
    content = read(render("wire_old", Blog().starts(6)))
    assert [(entry.at, entry.wall) for entry in content.entries[3:]] == [
        (None, "T09:14"),
        (None, "T09:07"),
        (None, "T09:00"),
    ]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("name", ["by_day", "flat", "listed"])
def test_clocks_without_a_day_get_theirs_from_headings_or_from_the_midnights_passed(
    name: str, newest_first: bool
) -> None:
    blog = Blog(newest_first=newest_first).starts(8, every=timedelta(hours=3))
    content = read(render(name, blog), at=blog.now)

    assert {entry.at for entry in content.entries} == {one.at for one in blog.posts}


def test_an_entrys_own_update_is_read_where_it_says_so() -> None:
    for name in ("blocks", "declared", "microdata"):
        blog = Blog().starts(6)
        blog.rewrites(2, says_so=True)
        content = read(render(name, blog), at=blog.now)
        assert [entry.updated_at for entry in content.entries][3] == blog.posts[2].updated_at
        assert sum(entry.updated_at is not None for entry in content.entries) == 1


@pytest.mark.parametrize("name", ["declared", "listed", "blocks", "wire"])
def test_pinned_entries_are_known_by_name_label_or_order(name: str) -> None:
    blog = Blog().starts(8)
    blog.pins(1)
    blog.pins(4)
    content = read(render(name, blog), at=blog.now)
    assert [entry.pinned for entry in content.entries] == [True, True] + [False] * 6


def test_an_entry_that_is_pinned_and_stands_in_its_place_too_is_one_entry() -> None:
    blog = Blog(copies_pins=True).starts(8)
    blog.pins(2)
    content = read(render("bare", blog), at=blog.now)
    assert len(content.entries) == 8
    assert [entry.pinned for entry in content.entries] == [True] + [False] * 7


def test_a_list_of_events_and_captions_belong_to_no_body_of_their_own() -> None:
    blog = Blog(key_events=True, extras=True).starts(6)
    content = read(render("declared", blog), at=blog.now)

    assert [block.text for block in content.blocks if block.entry is None] == [INTRO]
    assert content.captions == ()
    own = [block.text for block in content.blocks if block.entry == content.entries[0].id]
    assert blog.posts[-1].caption in own
    assert blog.posts[-1].quote in own
    assert set(blog.posts[-1].points) <= set(own)


def test_the_times_of_entries_are_no_times_of_the_page() -> None:
    blog = Blog().starts(6)
    for name in ("declared", "blocks", "listed", "hashed", "by_day"):
        before = read(render(name, blog), at=blog.now)
        later = replace(blog, posts=list(blog.posts))
        later.adds(stamps=False)
        after = read(render(name, later), at=blog.now)
        assert before.claims == after.claims, name


def test_the_update_lines_of_entries_are_none_of_the_page() -> None:
    posts = "".join(
        f'<div class="post" id="post-{7 * n}"><p>{n}:05 GMT</p><p>{LONG} {n}</p><p>Updated: {n}:25 GMT 03.03.2026</p></div>'
        for n in range(19, 11, -1)
    )
    content = read(page(f"<h2>Tuesday 3 March 2026</h2>{posts}"), url="https://news.example/live/storm")
    assert len(content.entries) == 8
    assert [claim for claim in content.claims if claim.source is not ClaimSource.INFERRED] == []


def test_a_marker_below_the_headline_is_read_as_one() -> None:
    blog = Blog(marker="Being updated").starts(6)
    content = read(render("wire", blog), at=blog.now)
    assert (content.live, content.live_marker) == (True, "Being updated")


# -- a page that is known to be one


@pytest.mark.parametrize("name", ["declared", "wire", "blocks", "bare", "by_day", "listed"])
def test_a_blog_of_one_entry_is_read_by_it_where_it_is_known_to_be_one(name: str) -> None:
    blog = Blog().starts(1)
    content = read(render(name, blog), at=blog.now, method="entries")

    assert (content.method, len(content.entries)) == ("entries", 1)
    assert blog.posts[0].texts[0] in content.paragraphs
    assert content.entries[0].id == read(render(name, blog), at=blog.now, method="entries").entries[0].id


def test_a_page_without_entries_has_no_body_by_that_method() -> None:
    content = read(page(f"<p>{LONG}</p>" * 4), method="entries")
    assert (content.method, content.blocks, content.entries) == ("entries", (), ())


# -- pages that look alike


def products() -> str:
    return "".join(
        f'<div class="item" id="item-{n}"><h2><a href="/shop/{n}">Lamp number {n}</a></h2><p>{LONG} {n}</p><p>Price: 5.{n}0 pounds</p></div>'
        for n in range(12, 20)
    )


def sections() -> str:
    return "".join(
        f'<section id="part-{n}"><h2>Part {n} of the story</h2><p>{LONG} {n}</p><p>{PROSE} {n}</p></section>'
        for n in range(2, 9)
    )


def comments() -> str:
    told = "".join(
        f'<li class="comment" id="comment-{n}"><b>Reader {n}</b> <time datetime="2026-03-03T10:{n}:00Z">10:{n}</time><p>{LONG} {n}</p></li>'
        for n in range(10, 30)
    )
    return f'<p>{LONG}</p><p>{PROSE} Again.</p><p>{LONG} And again.</p><div class="comments"><ol>{told}</ol></div>'


def teasers() -> str:
    return "".join(
        f'<article class="card"><time datetime="2026-03-03T10:{n}:00Z">10:{n}</time><h3><a href="/news/{n}">What happened at the harbour, part {n}</a></h3><p>{LONG} {n}</p></article>'
        for n in range(10, 22)
    )


def answers() -> str:
    return "".join(
        f'<div class="answer" id="answer-{n}"><p>{LONG} {n}</p><p>answered <time datetime="2026-03-03T10:{n}:00Z">3 March</time> by reader {n}</p></div>'
        for n in range(10, 16)
    )


def dated() -> str:
    return "".join(f'<div class="event"><h3>{n} March 2024</h3><p>{LONG} {n}</p></div>' for n in range(1, 9))


def paragraphs() -> str:
    return "".join(f'<p id="par-{n}">{LONG} {n}</p>' for n in range(3, 12))


def others() -> str:
    return "".join(
        f'<article class="story"><h1>Another story, number {n}</h1><time datetime="2026-03-03T10:{n}:00Z">10:{n}</time><p>{LONG} {n}</p><p>{PROSE} {n}</p></article>'
        for n in range(10, 14)
    )


def since() -> str:
    return "".join(f'<div class="said"><span>{n} min ago</span><p>{LONG} {n}</p></div>' for n in range(3, 30))


def times_in_prose() -> str:
    return "".join(
        f"<p>At 9:{n} the boats went out. {LONG} {n}</p><p>At 8:{n + 1} it rained. {PROSE}</p>"
        for n in (10, 31, 18, 44, 25)
    )


@pytest.mark.parametrize(
    "make", [products, sections, comments, teasers, answers, dated, paragraphs, others, since, times_in_prose]
)
def test_a_page_that_only_looks_like_a_live_blog_is_none(make: Callable[[], str]) -> None:
    content = read(page(make()), at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert content.method != "entries"
    assert content.entries == ()


def test_ids_do_where_the_page_is_called_live() -> None:
    posts = "".join(f'<div class="post" id="post-{7 * n}"><p>{LONG} {n}</p></div>' for n in range(9, 2, -1))
    assert read(page(posts)).method != "entries"
    assert len(read(page(posts), url="https://news.example/live/storm").entries) == 7


def test_the_same_page_is_read_the_same_whatever_was_read_before() -> None:
    blog = Blog().starts(6)
    first = read(render("bare", blog), at=blog.now)
    for name in sorted(SHAPES):
        read(render(name, Blog().starts(5)))
    assert read(render("bare", blog), at=blog.now) == first
