"""Where the body is, and what of it is compared: by the shape of the page, whatever stands around and between."""

# ruff: noqa: E501  # markup reads better in one piece

import pytest

from monitor.core.article import Content, Rank, Reading
from monitor.extract.read import read_page
from tests.extract.pages import HEADLINE, LAST, LEAD, PARAGRAPHS, SECOND, THIRD, Story

URL = "https://skerry.example/2022/01/25/pier"
LONG = tuple(
    f"{paragraph} The council heard as much at its session number {n}." for n in range(3) for paragraph in PARAGRAPHS
)


def content_of(page: Story | str) -> Content:
    html = page if isinstance(page, str) else page.html()
    reading = read_page(html.encode(), URL)
    assert isinstance(reading, Reading)
    return reading.content


def paragraphs_of(page: Story | str) -> tuple[str, ...]:
    return content_of(page).paragraphs


def called(name: str, page: Story) -> str:
    """The page with its body's container called otherwise."""
    return page.html().replace('class="story-body"', f'class="{name}"')


def each_wrapped(page: Story, wrapper: str) -> str:
    """The page with a wrapper of its own round each paragraph of the body."""
    html = page.html()
    for paragraph in page.paragraphs:
        html = html.replace(f"<p>{paragraph}</p>", f'<div class="{wrapper}"><div><p>{paragraph}</p></div></div>')
    return html


def test_paragraphs_in_wrappers_are_read_like_bare_ones() -> None:
    assert paragraphs_of(each_wrapped(Story(), "block text")) == PARAGRAPHS


def test_a_wrapper_that_gains_a_paragraph_stays_a_wrapper() -> None:
    added = "The company's shares rose by two per cent on the news in early trade on Tuesday."
    html = each_wrapped(Story(paragraphs=LONG), "block text").replace(
        f"<p>{LONG[-1]}</p>", f"<p>{LONG[-1]}</p><p>{added}</p>"
    )

    assert paragraphs_of(html) == (*LONG, added)


def test_a_wrapper_that_gains_an_advertisement_stays_a_wrapper() -> None:
    html = each_wrapped(Story(), "block text").replace(
        f"<p>{LAST}</p>", f"<p>{LAST}</p><div><p>Advertisement</p></div>"
    )

    assert paragraphs_of(html) == PARAGRAPHS


@pytest.mark.parametrize("name", ["article__teaser", "story share", "cmp-text", "widget text", "popular-story"])
def test_a_body_with_a_misleading_name_is_read(name: str) -> None:
    assert paragraphs_of(called(name, Story())) == PARAGRAPHS


def test_a_body_with_a_misleading_name_is_read_however_much_readers_write() -> None:
    comments = "".join(f'<li class="comment"><p>{text} So much for that.</p></li>' for text in LONG * 3)
    html = called("article__teaser", Story(beside=f'<section class="comments"><ol>{comments}</ol></section>'))

    assert paragraphs_of(html) == PARAGRAPHS


def test_a_long_question_of_consent_is_not_the_body() -> None:
    asked = "".join(f"<p>{text} You may decline.</p>" for text in LONG)
    page = Story(beside=f'<div class="cookie-consent"><div class="purposes">{asked}</div></div>')

    assert paragraphs_of(page) == PARAGRAPHS


def test_points_over_the_body_are_of_it() -> None:
    points = (
        "The pier opens before the end of the month after months of talks.",
        "Nobody has said yet who pays for the wall and for the divers.",
    )
    listed = "".join(f"<li>{point}</li>" for point in points)
    html = Story().html().replace(f"<p>{LEAD}</p>", f"<h2>What we know</h2><ul>{listed}</ul><p>{LEAD}</p>")

    assert paragraphs_of(html) == ("What we know", *points, *PARAGRAPHS)


def test_headings_that_are_links_head_the_sections_of_the_story() -> None:
    sections = "".join(f'<h3><a href="/{n}">Pier number {n}</a></h3><p>{text}</p>' for n, text in enumerate(LONG[:4]))

    assert "Pier number 2" in paragraphs_of(Story(between=sections))


def test_one_heading_that_is_a_link_heads_nothing() -> None:
    page = Story(between='<h3><a href="/x">Storm closes two schools on the coast</a></h3>')

    assert paragraphs_of(page) == PARAGRAPHS


def test_a_sentence_that_is_one_link_is_the_storys() -> None:
    sentence = "The authority also keeps a second pier open through the winter."

    assert sentence in paragraphs_of(Story(between=f'<p><a href="/second">{sentence}</a></p>'))


def test_what_the_story_quotes_from_elsewhere_is_kept() -> None:
    quoted = "We have never seen a sea like that one, and we hope that we never will again."
    page = Story(between=f'<div class="social-widget"><blockquote><p>{quoted}</p></blockquote></div>')

    assert quoted in paragraphs_of(page)


def test_the_heading_of_the_last_paragraph_is_kept_though_it_ends_without_a_stop() -> None:
    loose = LAST.removesuffix(".")
    html = Story().html().replace(f"<p>{LAST}</p>", f"<h2>Who pays</h2><p>{loose}</p>")

    assert paragraphs_of(html) == (LEAD, SECOND, THIRD, "Who pays", loose)


def test_a_heading_set_like_the_others_stands_though_a_wall_hides_what_it_heads() -> None:
    sections = [*(f"<h2>Part {n}</h2><p>{text}</p>" for n, text in enumerate(PARAGRAPHS)), "<h2>The last part</h2>"]
    wall = '<div class="wall"><h2>Log in to read on</h2><p>Readers with an account read all that is written here.</p></div>'
    html = Story(after="".join(sections) + wall).html()

    assert paragraphs_of(html)[-1] == "The last part"


def test_paragraphs_that_go_on_after_a_link_are_read() -> None:
    html = Story(
        after='<div><a href="/x">Storm closes two schools</a></div>Then the lights went out on the outer islands, and stayed out until the morning.'
    ).html()

    assert paragraphs_of(html)[-1] == "Then the lights went out on the outer islands, and stayed out until the morning."


def test_closing_paragraphs_in_italics_are_the_storys_when_they_tell_much() -> None:
    page = Story(after=f"<p><em>{SECOND[::-1].strip('“')} It ends.</em></p><p><em>{THIRD} So it was.</em></p>")

    assert f"{THIRD} So it was." in paragraphs_of(page)


def test_a_last_line_in_italics_stands_beside_the_story_whatever_noise_is_bold() -> None:
    bio = "<p><em>A. Keeper writes about boats.</em></p>"
    quiet = Story(paragraphs=LONG, after=bio)
    noisy = Story(
        paragraphs=LONG, after=bio, between='<p><strong><a href="/x">READ MORE: Slipway vote</a></strong></p>' * 4
    )

    assert paragraphs_of(quiet) == paragraphs_of(noisy) == LONG
    assert Rank.PERIPHERAL in {block.rank for block in content_of(quiet).blocks}


@pytest.mark.parametrize(
    "latest",
    [
        '<ul class="latest"><li><span>14 mins ago</span> <a href="/x">Slipway vote put off until the spring</a></li></ul>',
        '<div><div>2:34 Divers inspect the foundations of the pier</div></div>',
        "<p>A. Keeper - Jan 25, 2022 8:02 pm UTC</p>",
        "<p>Some of the links in this article are affiliate ones; a click may earn us something.</p>",
        '<div class="note"><div>At the Skerry, people write the news. Happy reading!</div></div>',
        '<p class="feedback">Fehler gefunden?<a href="mailto:words@skerry.example">Jetzt melden.</a></p>',
        '<p>Found a mistake in this article? <a href="/words">Tell the desk about it.</a></p>',
        "<p>Нашли ошибку? Выделите её мышью и нажмите Ctrl + Enter.</p>",
        "<p>This slideshow requires JavaScript.</p>",
        '<p><a href="/app"><b>Download and subscribe</b></a><b> to the app of the Skerry, your pilot through rough seas.</b></p>',
    ],
)  # fmt: skip
def test_lines_of_the_page_between_paragraphs_are_none_of_the_story(latest: str) -> None:
    assert paragraphs_of(Story(between=latest)) == PARAGRAPHS


@pytest.mark.parametrize(
    "said",
    [
        "Found an error in the charts of the pier, the inspectors had; nobody was told.",
        'The divers <a href="/report">found a mistake in the drawings</a>, and asked whether anybody had looked.',
        "“Haben Sie einen Fehler gefunden?”, fragte der Meister die Taucher, und keiner von ihnen hatte eine Antwort.",
    ],
)
def test_mistakes_that_the_story_tells_of_are_its_own(said: str) -> None:
    assert len(paragraphs_of(Story(between=f"<p>{said}</p>"))) == len(PARAGRAPHS) + 1


def test_a_list_of_other_stories_below_is_no_second_body() -> None:
    items = "".join(
        f'<div><div><a href="/{n}">Other story number {n} on the coast</a></div><div>{text[:90]}.</div></div>'
        for n, text in enumerate(PARAGRAPHS)
    )
    page = Story(
        standfirst="", paragraphs=PARAGRAPHS[:2], beside=f'<div class="front"><h4>Top stories</h4>{items}</div>'
    )

    assert paragraphs_of(page) == PARAGRAPHS[:2]


CAPTION = "The northern pier after the storm, seen from the lighthouse."


def test_captions_are_read_under_pictures_that_open_when_pressed() -> None:
    pressed = "<button><figure><img src=a.jpg><figcaption>Divers at work in the harbour.</figcaption></figure></button>"

    assert content_of(Story(between=pressed)).captions == (CAPTION, "Divers at work in the harbour.")


def test_captions_are_read_in_nameless_wrappers() -> None:
    wrapped = '<div class="media-caption"><div><p>The wall before the storm came.</p></div></div>'

    assert content_of(Story(under_headline=wrapped)).captions == ("The wall before the storm came.", CAPTION)


@pytest.mark.parametrize(
    "line",
    [
        "<figure><figcaption><ul><li><a href='/x'>Slipway vote</a> put off</li></ul></figcaption></figure>",
        "<figure><div>4:11 Divers inspect the foundations</div></figure>",
    ],
)
def test_lists_and_lengths_of_films_are_no_captions(line: str) -> None:
    assert content_of(Story(between=line)).captions == (CAPTION,)


JAPANESE = (
    "港湾局とフェリー会社は火曜日、夜通しの協議の末に北桟橋を月内に再開することで合意したと発表した。",
    "桟橋は昨年十一月の嵐で護岸の一部が流されて以来閉鎖され、島の住民およそ四百人が影響を受けている。",
    "修理の費用をだれが負担するかは決まっておらず、五月に開かれる県議会で話し合われる見通しである。",
)


def test_a_story_in_a_script_without_spaces_is_read_alike() -> None:
    page = Story(
        headline="北桟橋、月内に再開へ　港湾局と会社が合意",
        standfirst="嵐から二か月、島の暮らしに光が差す。",
        paragraphs=JAPANESE,
        caption="嵐の後の北桟橋",
        between='<p><a href="/x">関連記事</a></p>',
    )
    content = content_of(page)

    assert content.headline == "北桟橋、月内に再開へ 港湾局と会社が合意"
    assert content.standfirst == "嵐から二か月、島の暮らしに光が差す。"
    assert content.paragraphs == JAPANESE
    assert content.captions == ("嵐の後の北桟橋",)


def test_the_newsrooms_name_is_no_headline() -> None:
    html = (
        Story()
        .html()
        .replace(f"<h1>{HEADLINE}</h1>", "")
        .replace("<main>", '<div class="logo"><h1>The Skerry</h1></div><main>')
    )

    assert content_of(html).headline == HEADLINE
