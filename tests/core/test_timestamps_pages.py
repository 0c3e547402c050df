# ruff: noqa: E501  # a row of a table is a line
"""Whole pages: which of the times on them are the article's, and what is left to believe where few are."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.article import Claim, ClaimKind, ClaimSource, Content, Precision
from monitor.core.timestamps import zone_of_host
from monitor.core.timestamps.zones import country_of_host
from tests.fakes import BODY, NOON, page, reading

UPDATED, PUBLISHED = ClaimKind.UPDATED, ClaimKind.PUBLISHED
VISIBLE, TIME, INFERRED = ClaimSource.VISIBLE, ClaimSource.TIME, ClaimSource.INFERRED
LONG = "This paragraph goes on about the ferry and its many owners for as long as a paragraph of a story would. " * 3


def content(body: bytes, *, url: str = "https://news.example/story", at: datetime = NOON) -> Content:
    return reading(body, at=at, url=url).content


def claims(body: bytes, source: ClaimSource, *, url: str = "https://news.example/story") -> list[Claim]:
    return [claim for claim in content(body, url=url).claims if claim.source is source]


def layout(inner: str, *, head: str = "", language: str = "en") -> bytes:
    """A page of hand-made mark-up around a story of three paragraphs."""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Ferry runs aground</title>{head}
</head><body>{inner}</body></html>""".encode()


STORY = "".join(f"<p>{paragraph}</p>" for paragraph in BODY[:3])
AFTER = datetime(2022, 1, 25, 9, 55, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------- <time>


def stamped(shown: str, name: str = "", words: str = "") -> str:
    return f'{words}<time class="{name}" datetime="2022-01-25T{shown}:00Z"></time>'


@pytest.mark.parametrize(
    ("inner", "published", "updated"),
    [
        (f"<h1>Ferry</h1><div>{stamped('09:28')}</div>{STORY}", "09:28", None),
        (f"<div>{stamped('09:28')}</div><h1>Ferry</h1>{STORY}", "09:28", None),
        (f"<div>{stamped('08:00')}</div><h1>Ferry</h1><div>{stamped('09:28')}</div>{STORY}", "09:28", None),
        (f"<h1>Ferry</h1>{stamped('09:28', 'date-published')}{stamped('09:55', 'date-modified')}{STORY}", "09:28", "09:55"),
        (f"<h1>Ferry</h1>{stamped('09:28', 'entry-date published updated')}{STORY}", "09:28", None),
        (f"<h1>Ferry</h1>{stamped('09:28', '', 'Published ')} {stamped('09:55', '', 'Updated ')}{STORY}", "09:28", "09:55"),
        (f"<h1>Ferry</h1><p class='updated'>{stamped('09:55')}</p>{STORY}", None, "09:55"),
        (f"<h1>Ferry</h1><p class='updated'>{stamped('09:28')}{stamped('09:55', 'modified')}</p>{STORY}", "09:28", "09:55"),
        (f"<h1>Ferry</h1>{STORY}<p>{LONG}</p><p>{LONG}</p><p>{LONG}</p>{stamped('07:00')}", None, None),
        (f"<h1>Ferry</h1><article>{f'<p>{LONG}</p>' * 4}<footer>{stamped('09:28')}</footer></article>", "09:28", None),
        (f"<h1>Ferry</h1>{f'<p>{LONG}</p>' * 4}<article><p>Other</p><footer>{stamped('07:00')}</footer></article>", None, None),
        (f"<h1>Ferry</h1><footer class='byline'>{stamped('09:28')}</footer>{STORY}", "09:28", None),
        (f"<h1>Ferry</h1><p>By Jane Doe {' ' * 300} {stamped('09:28')}</p>{STORY}", "09:28", None),
        (f"<h1>Ferry</h1><time datetime='soon'></time>{stamped('09:28')}{STORY}", "09:28", None),
        (f"<h1>Ferry</h1><nav>{stamped('07:00')}</nav>{STORY}", None, None),
        (f"<h1>Ferry</h1><aside>{stamped('07:00')}</aside>{stamped('09:28')}{STORY}", "09:28", None),
        (f"<article><h1>Ferry</h1>{STORY}</article><article><h2>Other</h2>{stamped('07:00')}</article>", None, None),
        (f"<article><h1>Ferry</h1><article>{stamped('07:00')}</article>{stamped('09:28')}{STORY}</article>", "09:28", None),
        (f"<header><h1>Ferry</h1></header><article>{stamped('09:28')}{STORY}</article>", "09:28", None),
        (f"<h1>Ferry</h1><p>In <time datetime='1945-05-08'>May 1945</time> {LONG}</p>{STORY}", None, None),
    ],
)  # fmt: skip
def test_a_time_element_counts_where_it_stands_with_the_headline(
    inner: str, published: str | None, updated: str | None
) -> None:
    found = {claim.kind: f"{claim.at:%H:%M}" for claim in claims(layout(inner), TIME)}

    assert (found.get(PUBLISHED), found.get(UPDATED)) == (published, updated)


# ------------------------------------------------------------------------------------------------- printed lines

MACHINE = '"datePublished": "2022-01-25T09:28:00Z", "dateModified": "2022-01-25T09:55:41Z"'
FOOTER = "<p>An unrelated teaser</p>" * 9


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Updated: 09:55 GMT 25.01.2022", True),
        ("This page was last updated on Tuesday, January 25, 2022 at 4:55 AM EST.", True),
        ("This page was last edited on 25 January 2022, at 09:55.", True),
        ("Updated: 08:55 GMT 25.01.2022", False),
        ("Updated: 09:55 GMT 24.01.2022", False),
        ("This page was last updated on January 25, 2022 at 4:12 AM EST.", False),
        ("This page was last updated on January 25, 2022.", False),
    ],
)
def test_a_line_far_from_the_story_counts_where_it_repeats_the_metadata(line: str, found: bool) -> None:
    visible = claims(page(structured=MACHINE, note=f"{FOOTER}<div>{line}</div>"), VISIBLE)

    assert [(claim.kind, claim.raw) for claim in visible] == ([(UPDATED, line.rstrip("."))] if found else [])


def test_a_line_about_the_page_is_no_claim_of_the_article_where_nothing_repeats_it() -> None:
    footer = "<p>This page was last edited on 25 January 2022, at 09:55 (UTC).</p>"

    assert claims(page(note=footer), VISIBLE) == []


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Published 7:07 PM EST Jan 24, 2022"], "Published 7:07 PM EST Jan 24, 2022"),
        (["First published:", "24 January 2022", "17:05 GMT"], "First published: 24 January 2022 17:05 GMT"),
        (["Storm closes two ports", "24 January 2022, 17:05 GMT"], None),
        (["24 January 2022, 17:05 GMT"], None),
    ],
)
def test_below_the_story_a_time_needs_a_label(lines: list[str], found: str | None) -> None:
    story = STORY + "".join(f"<p>Day {number}: {LONG}</p>" for number in range(6))
    below = "".join(f"<div>{line}</div>" for line in lines)
    body = layout(f"<main><article><h1>Ferry runs aground</h1>{story}</article><section>{below}</section></main>")

    assert [claim.raw for claim in claims(body, VISIBLE)] == ([found] if found else [])


def test_a_line_near_the_headline_counts_by_itself() -> None:
    (claim,) = claims(page(dates="Updated: 09:55 GMT 25.01.2022"), VISIBLE)

    assert claim.at == AFTER


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("25 Jan 2022 09:06AM (Updated: 25 Jan 2022 09:55AM)", True),
        ("25 January 2022 09:55", False),
        ("The charts were updated on 25 January 2022 at 09:55 by the authority", False),
    ],
)
def test_a_line_with_its_label_may_stand_below_what_looks_like_the_story(line: str, found: bool) -> None:
    between = "".join(f"<div>{text}</div>" for text in ("Photo: archive", "Listen to this", "Share", "Jane", "Doe"))
    body = layout(
        f"<main><article><h1>Ferry runs aground</h1><p>{BODY[0]}</p>{between}<div>{line}</div>{STORY}</article></main>"
    )

    assert any(claim.kind is UPDATED for claim in claims(body, VISIBLE)) is found


@pytest.mark.parametrize(
    ("language", "url", "expected"),
    [
        ("en", "https://news.example/story", None),
        ("en-US", "https://news.example/story", None),
        ("en-GB", "https://news.example/story", "2022-01-05"),
        ("en", "https://www.news.co.uk/story", "2022-01-05"),
        ("en-US", "https://www.news.com.au/story", "2022-01-05"),
        ("en", "https://news.in/story", "2022-01-05"),
        ("fr", "https://news.example/story", "2022-01-05"),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_readers_country(
    language: str, url: str, expected: str | None
) -> None:
    line = "Updated: 05/01/2022 09:55"
    found = claims(page(dates=line, language=language), VISIBLE, url=url)

    # The first of May lies ahead of the capture, but not of a reading that does not know when it was made.
    later = reading(page(dates=line, language=language), at=NOON + timedelta(days=200), url=url).content
    days = [claim.wall and claim.wall[:10] for claim in later.claims if claim.source is VISIBLE]
    assert days == [expected]
    assert found[0].kind is UPDATED


@pytest.mark.parametrize(
    ("url", "line", "utc"),
    [
        ("https://news.example/story", "Updated 25 January 2022 15:25 IST", "09:55"),
        ("https://www.news.in/story", "Updated 25 January 2022 15:25 IST", "09:55"),
        ("https://www.news.ie/story", "Updated 25 January 2022 09:55 IST", "09:55"),
        ("https://www.news.co.il/story", "Updated 25 January 2022 11:55 IST", "09:55"),
        ("https://www.news.example/story", "Updated 25 January 2022 10:55 BST", "09:55"),
        ("https://www.news.com.bd/story", "Updated 25 January 2022 15:55 BST", "09:55"),
        ("https://www.news.com.ph/story", "Updated 25 January 2022 17:55 PST", "09:55"),
        ("https://www.news.example/story", "Updated 25 January 2022 01:55 PST", "09:55"),
        ("https://www.news.com.cn/story", "Updated 25 January 2022 17:55 CST", "09:55"),
        ("https://www.news.com.au/story", "Updated 25 January 2022 20:55 EST", "09:55"),
        ("https://www.news.example/story", "Updated 25 January 2022 04:55 EST", "09:55"),
        ("https://www.news.example/story", "Updated 25 January 2022 4:55 AM ET", "09:55"),
        ("https://www.news.example/story", "Updated 25 January 2022 12:55 MSK", "09:55"),
        ("https://www.news.de/story", "Updated 25 January 2022 10:55", "09:55"),
        ("https://www.news.co.uk/story", "Updated 25 January 2022 09:55", "09:55"),
    ],
)
def test_a_zone_means_what_it_means_where_the_newsroom_is(url: str, line: str, utc: str) -> None:
    (claim,) = claims(page(dates=line), VISIBLE, url=url)

    assert claim.at == datetime.fromisoformat(f"2022-01-25T{utc}+00:00")


def test_eastern_time_follows_the_summer_and_est_does_not() -> None:
    eastern, standard = (
        claims(page(dates=f"Updated July 25, 2021 4:55 AM {zone}"), VISIBLE)[0].at for zone in ("ET", "EST")
    )

    assert (eastern, standard) == (
        datetime(2021, 7, 25, 8, 55, tzinfo=UTC), datetime(2021, 7, 25, 9, 55, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "country", "zone"),
    [
        ("www.news.co.uk", "gb", "Europe/London"),
        ("news.com.au", "au", None),
        ("news.pt", "pt", "Europe/Lisbon"),
        ("news.com", None, None),
        ("news.tv", None, None),
    ],
)
def test_a_country_is_known_by_its_own_domain(host: str, country: str | None, zone: str | None) -> None:
    assert (country_of_host(host), zone_of_host(host)) == (country, zone)


# ------------------------------------------------------------------------------------------------- machine times


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1643104541", AFTER.replace(second=41)),
        ("1643104541000", AFTER.replace(second=41)),
        ("Tue Jan 25 2022 09:55:41 GMT+0000 (Coordinated Universal Time)", AFTER.replace(second=41)),
        ("20220125T0955Z", AFTER),
        ("Tue, 25 Jan 2022 09:55:41 GMT", AFTER.replace(second=41)),
    ],
)
def test_what_systems_print_is_read(raw: str, expected: datetime) -> None:
    meta = f'<meta property="article:modified_time" content="{raw}">'
    found = content(page(meta=meta, structured='"datePublished": "2022-01-25T09:28:00Z"'))

    assert found.claimed_updated_at == expected


def test_json_ld_without_a_zone_is_placed_by_the_meta_time_that_has_one() -> None:
    said = '"datePublished": "2022-01-25T12:28:00", "dateModified": "2022-01-25T12:55:41"'
    meta = '<meta property="article:modified_time" content="2022-01-25T09:55:41+00:00">'
    found = content(page(structured=said, meta=meta))

    assert [claim.doubt for claim in found.claims] == [None] * 3
    assert found.claimed_updated_at == AFTER.replace(second=41)
    assert found.claimed_published_at == datetime(2022, 1, 25, 9, 28, tzinfo=UTC)


def test_times_without_a_zone_keep_their_face() -> None:
    said = '"datePublished": "2022-01-25T12:28:00", "dateModified": "2022-01-25T12:55:41"'
    found = content(page(structured=said)).claims

    assert [(c.at, c.wall, c.believed, c.doubt) for c in found] == [
        (None, "2022-01-25T12:28:00", True, "no_zone"),
        (None, "2022-01-25T12:55:41", True, "no_zone"),
    ]


def test_an_update_without_a_zone_that_repeats_the_publication_is_no_claim() -> None:
    said = '"datePublished": "2022-01-25T12:28:00", "dateModified": "2022-01-25T12:28:00"'

    assert [c.doubt for c in content(page(structured=said)).claims] == ["no_zone", "same_as_published"]


# ------------------------------------------------------------------------------------------------- the last resort


@pytest.mark.parametrize(
    ("dates", "url", "raw"),
    [
        ("By Jane Doe on Tuesday, January 25, 2022, for the weekend edition", "https://news.example/story", None),
        ("", "https://news.example/2022/01/25/story", "2022/01/25"),
    ],
)
def test_a_day_is_searched_for_where_nothing_states_the_publication(dates: str, url: str, raw: str | None) -> None:
    (claim,) = claims(page(dates=dates), INFERRED, url=url)

    assert (claim.kind, claim.precision, claim.wall, claim.at) == (PUBLISHED, Precision.DAY, "2022-01-25", None)
    assert claim.raw == (raw or dates)
    assert claim.confidence == 0.4


def test_a_searched_day_is_that_of_the_newsrooms_zone_and_no_time() -> None:
    (claim,) = claims(page(), INFERRED, url="https://www.news.co.jp/2022/01/25/story")

    assert (claim.at, claim.precision) == (datetime(2022, 1, 24, 15, tzinfo=UTC), Precision.DAY)


@pytest.mark.parametrize(
    ("dates", "structured"),
    [
        ("Published 09:28 GMT 25.01.2022", ""),
        ("25 January 2022, 09:28", ""),
        ("", '"datePublished": "2022-01-25T09:28:00"'),
        ("", '"datePublished": "2022-01-25"'),
    ],
)
def test_nothing_is_searched_for_where_the_publication_is_stated(dates: str, structured: str) -> None:
    assert claims(page(dates=dates, structured=structured), INFERRED, url="https://news.example/2022/01/24/s") == []


@pytest.mark.parametrize("line", ["Updated on January 25, 2022", "This page was last modified on 25 January 2022", ""])
def test_the_day_of_an_update_is_no_day_of_publication(line: str) -> None:
    assert claims(page(note=f"<p>{line}</p>"), INFERRED) == []


def test_a_day_after_the_capture_is_not_searched_for() -> None:
    assert claims(page(), INFERRED, url="https://news.example/2023/01/25/story") == []


def test_a_page_that_looks_like_an_address_is_not_fetched() -> None:
    assert content(b"http://127.0.0.1:9/story").claims == ()
