"""What is read from a page, and what is left on it."""

# ruff: noqa: E501  # markup reads better in one piece

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.core.article import BlockKind, ClaimSource, Content, Rank, Reading
from monitor.core.policy import SiteRule
from monitor.core.text import fingerprint
from monitor.errors import ExtractionFailed
from monitor.extract.read import read_page
from monitor.extract.release import EXTRACTOR
from monitor.extract.sites import SHIPPED, rule_for
from monitor.ports import Hints
from tests.extract.pages import HEADLINE, LAST, LEAD, PARAGRAPHS, SECOND, STANDFIRST, THIRD, Story, wire_layout

URL = "https://skerry.example/2022/01/25/pier"
NOON = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)


def reading_of(page: bytes | Story, hints: Hints | None = None, url: str = URL) -> Reading:
    body = page.bytes() if isinstance(page, Story) else page
    reading = read_page(body, url, content_type="text/html", captured_at=NOON, hints=hints)
    assert isinstance(reading, Reading)
    return reading


def content_of(page: bytes | Story, hints: Hints | None = None, url: str = URL) -> Content:
    return reading_of(page, hints, url).content


def words_of(content: Content) -> tuple[object, ...]:
    return (
        content.headline, content.standfirst, content.byline, content.paragraphs, content.captions,
        content.corrections, content.live, content.live_marker,
    )  # fmt: skip


def test_the_fields_of_a_story_are_told_apart() -> None:
    content = content_of(Story())

    assert content.headline == HEADLINE
    assert content.standfirst == STANDFIRST
    assert content.paragraphs == PARAGRAPHS
    assert content.captions == ("The northern pier after the storm, seen from the lighthouse.",)
    assert (content.language, content.live, content.corrections) == ("en", False, ())
    assert (content.method, content.extractor) == ("trafilatura", EXTRACTOR)


@pytest.mark.parametrize("host", ["sputnikglobe.com", "skerry.example"])
def test_the_wire_layout_is_read_on_its_own_host_and_on_any_other(host: str) -> None:
    site = rule_for(host, ())
    content = content_of(wire_layout(), Hints(site=site), f"https://{host}/20220125/pier-1.html")

    assert content.headline == HEADLINE
    assert content.standfirst == LEAD
    assert content.paragraphs == (SECOND, THIRD, LAST)
    assert content.captions == ("© Skerry Photo / A. Keeper",)
    assert (content.live, content.live_marker) == (True, "Being updated")
    assert content.claimed_published_at == datetime(2022, 1, 25, 9, 28, tzinfo=UTC)
    assert content.claimed_updated_at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    assert "Updated: 09:55 GMT 25.01.2022" in (content.claimed_updated_raw or "")


def test_the_general_rules_and_the_site_rule_read_the_wire_layout_alike() -> None:
    general = content_of(wire_layout())
    by_rule = content_of(wire_layout(), Hints(site=rule_for("sputniknews.com", ())))

    assert words_of(general) == words_of(by_rule)
    assert by_rule.method == "site"


def test_the_marker_that_goes_ends_the_live_state() -> None:
    assert content_of(wire_layout(marker="")).live is False


def test_the_same_bytes_read_the_same_whatever_was_read_before() -> None:
    first = reading_of(Story())
    reading_of(Story(headline="Another Story Altogether", paragraphs=tuple(reversed(PARAGRAPHS))))
    for _ in range(3):
        reading_of(wire_layout())

    assert reading_of(Story()) == first


EDITS = {
    "headline": Story(headline=HEADLINE.replace("Agree", "Refuse")),
    "standfirst": Story(standfirst=STANDFIRST.replace("paid", "borne")),
    "caption": Story(caption="The southern pier after the storm, seen from the lighthouse."),
    "word": Story(paragraphs=(LEAD, SECOND, THIRD.replace("four hundred", "five hundred"), LAST)),
    "not": Story(paragraphs=(LEAD, SECOND, THIRD.replace("depend", "do not depend"), LAST)),
    "paragraph gone": Story(paragraphs=(LEAD, SECOND, LAST)),
    "paragraph moved": Story(paragraphs=(LEAD, THIRD, SECOND, LAST)),
    "short paragraph": Story(paragraphs=(LEAD, SECOND, "He then left.", THIRD, LAST)),
    "appended": Story(paragraphs=(*PARAGRAPHS, "The company's shares rose by two per cent on the news in early trade.")),
    "list item": Story(between="<ul><li>Boats sail twice a day from the first of the month.</li><li>Post goes first.</li></ul>"),
    "sub-heading": Story(between="<h2>Who pays for the wall</h2>"),
    "quote": Story(between="<blockquote><p>The sea does not negotiate, and neither does the winter.</p></blockquote>"),
    "table": Story(between="<table><tr><td>Pier</td><td>Opens</td></tr><tr><td>North</td><td>31 January</td></tr></table>"),
    "correction in p": Story(after="<p><em>Correction: An earlier version misstated the cost of the repairs.</em></p>"),
    "correction in aside": Story(
        after='<aside class="note"><p>This article was amended on 26 January 2022 to correct a name.</p></aside>'
    ),
    "correction in footer": Story(
        after="<footer><p>• This article was amended on 26 January 2022 to correct a name.</p></footer>"
    ),
    "editor's note on top": Story(
        under_headline='<div class="editors-note"><p>Editor’s note: This story has been updated with the new date.</p></div>'
    ),
    "marker": Story(under_headline="<p>Being updated</p>"),
}  # fmt: skip


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
def test_every_edit_shows(edited: Story) -> None:
    assert words_of(content_of(edited)) != words_of(content_of(Story()))


NOISE = {
    "advertisement": Story(between='<div class="ad-slot"><span>Advertisement</span><p>Winter tyres now at half the price.</p></div>'),
    "bare label": Story(between="<p>ADVERTISEMENT - CONTINUE READING BELOW</p>"),
    "related": Story(between='<aside class="related"><h4>Read more</h4><ul><li><a href="/x">Storm closes two schools</a></li></ul></aside>'),
    "read more": Story(between='<p><strong>READ MORE: <a href="/x">Storm closes two schools on the coast</a></strong></p>'),
    "newsletter": Story(between='<div class="newsletter"><h3>The Morning Tide</h3><p>Our briefing tells you what matters.</p></div>'),
    "counters": Story(after="<div><span>1,204 views</span> <span>33 shares</span> <span>8 comments</span></div>"),
    "since": Story(stamp='<time datetime="2022-01-25T09:28:00Z">25 January 2022</time> <span>7 minutes ago</span>'),
    "promo": Story(after="<p><em>Follow us on Facebook for the latest news.</em></p>"),
    "meter": Story(after="<div><p>You have read 3 of your 5 free articles this month. Subscribe for more.</p></div>"),
    "credits": Story(after="<p>Reporting by A. Keeper; editing by B. Mole</p>"),
    "next article": Story(
        beside=f'<article class="next"><h2><a href="/n">Slipway vote put off</a></h2><p>{THIRD[::-1]}</p></article>'
    ),
    "cookie banner": Story(
        beside='<div class="cookie-consent" role="dialog"><p>We and our 842 partners store information on a device.</p></div>'
    ),
    "soft hyphens": Story(paragraphs=(LEAD.replace("harbour", "har\u00adbour").replace(" and ", "&nbsp;and "), *PARAGRAPHS[1:])),
    "wrapped paragraphs": Story(paragraphs=(f"<span>{LEAD}</span>", *PARAGRAPHS[1:])),
    "most read": Story(beside='<div class="trending"><ul><li><a href="/t">Seals return to the bay in numbers</a></li></ul></div>'),
}  # fmt: skip


@pytest.mark.parametrize("noisy", NOISE.values(), ids=NOISE)
def test_noise_is_no_change(noisy: Story) -> None:
    assert words_of(content_of(noisy)) == words_of(content_of(Story()))


def test_credits_are_kept_beside_the_story() -> None:
    blocks = content_of(NOISE["credits"]).blocks

    assert [b.text for b in blocks if b.rank is Rank.PERIPHERAL] == ["Reporting by A. Keeper; editing by B. Mole"]


def test_credits_count_wherever_they_stand() -> None:
    page = Story(between="<p>Additional reporting by A. Keeper on the outer islands and B. Mole in the capital</p>")

    assert content_of(page).paragraphs == PARAGRAPHS


def test_blocks_keep_their_kind() -> None:
    page = Story(
        between="<h2>What was agreed</h2><ul><li>Boats sail twice a day.</li><li>Post goes first.</li></ul>"
        "<blockquote><p>The sea does not negotiate, and neither does the winter.</p></blockquote>"
        "<table><tr><td>North pier</td><td>31 January</td></tr></table>"
    )
    kinds = {block.text: block.kind for block in content_of(page).blocks}

    assert kinds["What was agreed"] is BlockKind.SUBHEADING
    assert kinds["Post goes first."] is BlockKind.ITEM
    assert kinds["The sea does not negotiate, and neither does the winter."] is BlockKind.QUOTE
    assert kinds["North pier | 31 January"] is BlockKind.ROW
    assert kinds[LEAD] is BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    "place",
    [
        "<p><em>{}</em></p>",
        '<aside class="x"><p>{}</p></aside>',
        "<footer><p>• {}</p></footer>",
        "<div><p><b>{}</b></p></div>",
    ],
)
def test_a_correction_is_found_wherever_it_stands(place: str) -> None:
    note = "Correction: An earlier version of this article misstated the cost of the repairs."
    content = content_of(Story(after=place.format(note)))

    assert [text.removeprefix("• ") for text in content.corrections] == [note]
    assert content.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "innocent",
    [
        Story(after='<p><a href="/corrections">Corrections and clarifications</a></p>'),
        Story(
            paragraphs=(
                LEAD,
                SECOND,
                THIRD,
                "The laptop was last updated in July, and a correction of the price is due.",
            )
        ),
    ],
)
def test_what_only_looks_like_a_correction_is_none(innocent: Story) -> None:
    assert content_of(innocent).corrections == ()


@pytest.mark.parametrize(
    "marked",
    [
        Story(under_headline="<div>Being updated</div>"),
        Story(
            under_headline="<p>This breaking news story is being updated and more details will be published shortly.</p>"
        ),
        Story(after="<p><em>This is a breaking news story - more to follow</em></p>"),
        Story(after="<p>Материал дополняется</p>"),
        Story(after="<p><em>Noticia en desarrollo…</em></p>"),
        Story(head='<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Pier"}</script>'),
        Story(
            head='<script type="application/ld+json">{"@type":"LiveBlogPosting","coverageEndTime":"2022-01-25T18:00:00Z"}</script>'
        ),
    ],
)
def test_a_story_still_being_written_is_live(marked: Story) -> None:
    assert content_of(marked).live


@pytest.mark.parametrize(
    "unmarked",
    [
        Story(),
        Story(beside='<div class="breaking"><a href="/l">Live updates: storm nears the coast</a></div>'),
        Story(between='<p><a href="/live">Being updated</a></p>'),
        Story(under_headline='<p><a href="/live">Being updated</a></p>'),
        Story(paragraphs=("This is a developing story of trust lost and slowly won back, and " + LEAD, SECOND, LAST)),
        Story(
            paragraphs=(
                LEAD,
                "The list of closures is being updated by the hour, with more to follow, he said on Monday.",
                THIRD,
                LAST,
            )
        ),
        Story(headline="LIVE UPDATES: Ferry Company and Harbour Authority Agree"),
        Story(
            head='<script type="application/ld+json">{"@type":"LiveBlogPosting","coverageEndTime":"2022-01-25T10:00:00Z"}</script>'
        ),
        Story(head='<script type="application/ld+json">{"@type":"VideoObject","isLiveBroadcast":true}</script>'),
    ],
)
def test_false_friends_are_not_live(unmarked: Story) -> None:
    assert not content_of(unmarked).live


def test_a_users_own_phrase_is_a_marker() -> None:
    page = Story(under_headline="<p>Tide table open</p>")

    assert not content_of(page).live
    assert content_of(page, Hints(markers=("tide table open",))).live_marker == "Tide table open"


def test_the_blocks_of_the_page_hold_what_the_article_left_out() -> None:
    reading = reading_of(Story())

    assert fingerprint(SECOND) in reading.page_blocks
    assert fingerprint("Council puts off vote on the new slipway once again") in reading.page_blocks
    assert list(reading.page_blocks) == sorted(reading.page_blocks)


def test_the_blocks_of_the_page_are_counted() -> None:
    reading = reading_of(Story(beside=f"<section><p>{SECOND}</p></section>"))

    assert reading.page_blocks.count(fingerprint(SECOND)) == 2
    assert reading.page_blocks.count(fingerprint(THIRD)) == 1


def test_a_visible_update_line_is_quoted_and_never_text() -> None:
    content = content_of(Story(stamp="<p>Published 25 January 2022, 09:28 GMT</p><p>Updated: 09:55 GMT 25.01.2022</p>"))
    visible = [claim for claim in content.claims if claim.source is ClaimSource.VISIBLE]

    assert any("09:55" in claim.raw for claim in visible)
    assert content.claimed_updated_at == datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    assert content.paragraphs == PARAGRAPHS


def test_transport_times_are_kept_and_not_believed() -> None:
    reading = read_page(Story().bytes(), URL, captured_at=NOON, last_modified="Tue, 25 Jan 2022 11:58:00 GMT")
    assert isinstance(reading, Reading)
    http = [claim for claim in reading.content.claims if claim.source is ClaimSource.HTTP]

    assert [claim.believed for claim in http] == [False]


def test_a_page_built_in_the_browser_is_read_from_its_json_ld() -> None:
    body = "\\n".join(PARAGRAPHS).replace('"', '\\"')
    page = (
        f'<html lang="en"><head><title>{HEADLINE}</title><script type="application/ld+json">'
        f'{{"@type":"NewsArticle","headline":"{HEADLINE}","articleBody":"{body}"}}</script></head>'
        f'<body><div id="root"></div></body></html>'
    )
    content = content_of(page.encode())

    assert (content.method, content.paragraphs) == ("json-ld", PARAGRAPHS)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<main>", "</main>"),
        ('<div class="story-body">', "</div></article>"),
    ],
)
def test_an_article_hidden_until_a_script_shows_it_is_read(opening: str, closing: str) -> None:
    html = Story().html()
    assert opening in html
    assert closing in html
    html = html.replace(opening, f'<div hidden id="S:0">{opening}').replace(closing, f"</div>{closing}")

    assert content_of(html.encode()).paragraphs == PARAGRAPHS


def test_a_small_hidden_box_is_not_read() -> None:
    assert content_of(Story(between="<div hidden><p>The pier has sunk.</p></div>")).paragraphs == PARAGRAPHS


INTERSTITIALS = {
    "challenge": "<title>Just a moment...</title><h1>skerry.example</h1><p>Verify you are human by completing the action below.</p>",
    "consent": "<title>Before you continue</title><p>We and our partners use cookies.</p><button>Accept all</button>",
    "error": "<title>404 Not Found</title><h1>Page not found</h1><p>We couldn't find the page you were looking for.</p>",
    "login": "<title>Log in</title><form><p>Forgot your password?</p></form>",
    "paywall": "<title>Pier</title><h1>Pier to reopen</h1><p>Subscribe to continue reading</p><p>Already a subscriber?</p>",
    "empty": "<title>Pier</title><div id=app></div>",
}  # fmt: skip


@pytest.mark.parametrize("kind", INTERSTITIALS)
def test_a_page_in_the_articles_place_is_suspected(kind: str) -> None:
    assert kind in reading_of(f"<html><body>{INTERSTITIALS[kind]}</body></html>".encode()).suspicions


@pytest.mark.parametrize("page", [Story(), *NOISE.values(), *EDITS.values()])
def test_a_story_is_never_suspected(page: Story) -> None:
    assert reading_of(page).suspicions == ()


def test_a_long_story_may_be_headed_like_an_error_page() -> None:
    page = Story(headline="Not Found: How a Ferry Vanished From the Register", paragraphs=PARAGRAPHS * 2)

    assert reading_of(page).suspicions == ()


def test_a_short_report_with_a_consent_banner_is_a_report() -> None:
    page = replace(NOISE["cookie banner"], paragraphs=(LEAD, "He then left."))

    assert reading_of(page).suspicions == ()


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    tag = "<p " + " ".join(f"a{n}" for n in range(5_000)) + ">"
    with pytest.raises(ExtractionFailed) as failure:
        read_page(Story(between=tag).bytes(), URL)

    assert failure.value.reason == "too_large"


def test_a_picture_in_an_attribute_is_not_refused() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 200_000}">'

    assert content_of(Story(between=picture)).paragraphs == PARAGRAPHS


def test_a_long_page_of_siblings_is_not_refused() -> None:
    rows = "<div><b>1</b><i>2</i></div><br>" * 6_000

    assert content_of(Story(beside=rows)).paragraphs == PARAGRAPHS


def test_a_script_full_of_boxes_is_not_refused() -> None:
    script = "<script>var a='" + "<div>" * 25_000 + "'</script>"

    assert content_of(Story(between=script)).paragraphs == PARAGRAPHS


def test_a_script_full_of_markup_is_not_refused() -> None:
    script = "<script>var a='<p " + " ".join(f"w{n}=1" for n in range(3_000)) + "'</script>"

    assert content_of(Story(between=script)).paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "body",
    [b"", b"\0", b"<", b"<!doctype html>", b"\xff\xfe", b"<html><body>" + b"<div>" * 3_000 + b"deep", b"plain text"],
)
def test_scraps_are_read_without_fail(body: bytes) -> None:
    assert isinstance(read_page(body, URL), Reading)


def test_text_stands_below_many_wrappers() -> None:
    html = Story().html().replace('<div class="story-body">', '<div class="story-body">' + "<div>" * 300)

    assert content_of(html.encode()).paragraphs == PARAGRAPHS


def test_configured_rules_outrank_shipped_ones_field_by_field() -> None:
    configured = SiteRule(host="sputniknews.com", headline="h1.mine", zone="Europe/London")
    rule = rule_for("sputniknews.com", (configured,))
    shipped = rule_for("sputniknews.com", ())

    assert rule is not None
    assert shipped is not None
    assert (rule.headline, rule.zone, rule.body) == ("h1.mine", "Europe/London", shipped.body)
    assert rule_for("nobody.example", (configured,)) is None
    assert all(rule.covers(rule.host.removeprefix("*.")) for rule in SHIPPED)


def test_a_site_rule_picks_each_field_that_it_names() -> None:
    html = """<html><head><title>Ferry aground</title></head><body><article><h2 class="top">Ferry aground</h2>
<p><span class="who">By Ann Keeper</span> and <span class="who">Ola Nordmann</span> <i class="on">In progress</i></p>
<div class="txt"><p>The ship had left the dock at six in thick fog, and its master reported trouble soon after.</p>
<p>A spokeswoman told reporters that the water was calm and that nobody was badly hurt on board of it.</p></div>
<div class="amend">The name of the ship has been put right since.</div></article></body></html>"""
    rule = SiteRule(
        host="*", headline=".top", byline=".who", body=".txt p", corrections=".amend", live=".on", zone="Europe/Oslo"
    )

    content = content_of(html.encode(), Hints(site=rule))

    assert content.headline == "Ferry aground"
    assert content.byline == ("Ann Keeper", "Ola Nordmann")
    assert content.corrections == ("The name of the ship has been put right since.",)
    assert (content.live, content.live_marker) == (True, "In progress")
    assert (content.method, len(content.paragraphs)) == ("site", 2)


def test_a_caption_among_the_items_of_a_list_is_not_lost() -> None:
    """What is no caption for the captions stays in the body."""
    item = '<ul><li><p>The quay is open again since noon, the harbour master said.</p><p class="wp-caption-text">{}</p></li></ul>'
    before, after = (
        content_of(Story(between=item.format(said)))
        for said in (
            "The quay as it looked at noon today, after the water had gone.",
            "The quay as it looked at dusk today, after the water had gone.",
        )
    )

    assert words_of(before) != words_of(after)
