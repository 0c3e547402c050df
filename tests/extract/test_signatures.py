"""What stands apart from the story has a signature that outlives a build of the site; the story's own has none."""

import pytest

from monitor.core.article import Block, Content, Rank, Reading
from monitor.extract.read import read_page
from tests.fakes import BODY, page

LINE = "Why the price of rope has doubled since spring, and who pays for it in the end."
URL = "https://news.example/story"


def read(inserted: str, body: tuple[str, ...] = BODY, wrapped: str = "<p>{}</p>") -> Content:
    said = [wrapped.format(text) for text in (*body, *(f"{text} Again." for text in body))]
    said.insert(2, inserted)
    html = page("@").decode().replace("<p>@</p>", "\n".join(said))
    reading = read_page(html.encode(), URL, content_type="text/html")
    assert isinstance(reading, Reading)
    return reading.content


def block_of(content: Content, text: str) -> Block:
    return next(block for block in content.blocks if block.text == text)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<p>{}</p>",
        '<p class="story__text">{}</p>',
        '<div class="paragraph"><p>{}</p></div>',
        '<div class="block" data-type="text"><div class="text">{}</div></div>',
    ],
)
def test_paragraphs_have_none_however_they_are_set(wrapped: str) -> None:
    content = read("", wrapped=wrapped)

    assert [block.signature for block in content.blocks if block.rank is Rank.CORE] == [None] * 6


@pytest.mark.parametrize(
    "inserted",
    [
        f"<p>{LINE}</p>",
        f'<p class="intro">{LINE}</p>',
        f'<div class="wrap"><p>{LINE}</p></div>',
        f"<h2>{LINE}</h2>",
        f'<h3 class="section-title">{LINE}</h3>',
        f"<ul><li>{LINE}</li></ul>",
        f"<blockquote><p>{LINE}</p></blockquote>",
    ],
)
def test_what_the_story_is_set_in_has_none(inserted: str) -> None:
    wrapped = '<div class="wrap"><p>{}</p></div>' if "wrap" in inserted else "<p>{}</p>"

    assert block_of(read(inserted, wrapped=wrapped), LINE).signature is None


def test_a_box_is_known_by_its_elements_names_and_place() -> None:
    box = block_of(read(f'<div class="middle embedbox">{LINE}</div>'), LINE)

    assert (box.rank, box.signature) == (Rank.CORE, "amid: div.embedbox.middle")


def test_names_that_a_build_made_up_are_no_part_of_it() -> None:
    made = [f'<div class="box box__x{name}">{LINE}</div>' for name in ("1ad3f9", "77c01b")]

    assert {block_of(read(html), LINE).signature for html in made} == {"amid: div.box"}


def test_how_much_of_it_is_links_tells_boxes_apart() -> None:
    linked = f'<div class="box"><a href="/x">{LINE[:40]}</a>{LINE[40:]}</div>'

    assert block_of(read(linked), LINE).signature == "amid: div.box (linked)"


def test_what_stands_among_the_paragraphs_and_is_none_is_kept_as_noise() -> None:
    box = f'<aside class="promo"><div class="card"><a href="/x">{LINE}</a></div></aside>'
    content = read(box)

    assert block_of(content, LINE) == Block(block_of(content, LINE).kind, LINE, Rank.NOISE)
    assert block_of(content, LINE).signature == "amid: aside.promo div.card (links)"
    assert LINE not in content.paragraphs
