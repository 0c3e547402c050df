"""The pages as a browser shows them, on a desk and on a phone, by day and by night, and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from monitor.core.article import Declaration
from tests.browser import DESKTOP, PHONE, opened_browser, visit
from tests.render.hostile import HOSTILE
from tests.render.paging import BEFORE, content, history, pages_of

SIZES = (DESKTOP, PHONE)
SCHEMES = ("light", "dark")
SCREENS = [(size, scheme) for size in SIZES for scheme in SCHEMES]
EVERY = tuple(Declaration)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of an article with a change of every kind."""
    return written(tmp_path_factory.mktemp("pages"), history(*EVERY))


def written(folder: Path, page: str) -> Path:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_as_wide_as_the_screen(browser: Browser, page_file: Path, size: tuple[int, int]) -> None:
    with visit(browser, page_file, size=size) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_page_asks_for_nothing_and_runs_nothing(browser: Browser, page_file: Path) -> None:
    with visit(browser, page_file) as seen:
        assert (seen.requests, seen.said) == ([], [])
        assert seen.page.evaluate("document.scripts.length") == 0


CONTRASTS = """() => {
  const channel = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const found = parts(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const worst = {};
  for (const node of document.querySelectorAll("main *:not(svg):not(svg *)")) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const name = node.tagName + "." + node.className;
    worst[name] = Math.min(worst[name] ?? 99, (a + .05) / (b + .05));
  }
  return worst;
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_words_stand_out_from_what_is_behind_them(browser: Browser, page_file: Path, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    with visit(browser, page_file, scheme=scheme) as seen:
        contrasts = seen.page.evaluate(CONTRASTS)

    assert {"DEL.", "INS.", "SPAN.tag stealth", "P.equal"} <= set(contrasts)
    assert {name: round(ratio, 2) for name, ratio in contrasts.items() if ratio < 4.5} == {}


OVERLAPS = """() => {
  const shown = [...document.querySelectorAll("figure > svg text")].filter(t => getComputedStyle(t).display !== "none");
  const boxes = shown.map(t => [t.textContent, t.getBoundingClientRect()]);
  const clash = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const outside = box => box.left < 0 || box.right > innerWidth;
  return [
    boxes.flatMap(([s, a], i) => boxes.slice(i + 1).filter(([, b]) => clash(a, b)).map(([t]) => [s, t])),
    boxes.filter(([, box]) => outside(box)).map(([text]) => text),
  ];
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("versions", [1, 2, 6, 39, 150])
def test_no_words_of_the_timeline_lie_on_each_other(
    browser: Browser, tmp_path: Path, size: tuple[int, int], versions: int
) -> None:
    file = written(tmp_path, history(*(EVERY[n % len(EVERY)] for n in range(versions - 1))))

    with visit(browser, file, size=size) as seen:
        assert seen.page.evaluate(OVERLAPS) == [[], []]


def test_a_mark_of_the_timeline_leads_to_its_version(browser: Browser, page_file: Path) -> None:
    with visit(browser, page_file) as seen:
        seen.page.locator("figure a.stealth").click()

        assert seen.page.evaluate("location.hash") == "#v3"
        assert seen.page.locator("#v3 h2").is_visible()


def test_on_paper_what_is_folded_is_open(browser: Browser, page_file: Path) -> None:
    with visit(browser, page_file) as seen:
        text = seen.page.locator("details .reading p").first
        assert not text.is_visible()
        seen.page.emulate_media(media="print")
        assert text.bounding_box()
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_paper_is_white_whatever_the_screen_was(browser: Browser, page_file: Path, scheme: str) -> None:
    with visit(browser, page_file, scheme=scheme) as seen:
        seen.page.emulate_media(media="print")
        colours = seen.page.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")

    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_arabic_reads_from_the_right_and_what_is_around_it_from_the_left(browser: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, history(Declaration.STEALTH, headline="جنوح عبارة قرب الميناء", language="ar"))

    with visit(browser, file) as seen:
        directions = seen.page.evaluate(
            "['h1', '.summary p', 'dl'].map(s => getComputedStyle(document.querySelector(s)).direction)"
        )

    assert directions == ["rtl", "ltr", "ltr"]


def test_no_hostile_text_acts_in_a_real_browser(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    with visit(browser, page_file) as seen:
        for at, text in enumerate(HOSTILE):
            old, new = content(text, f"{BEFORE[0]} {text}", headline=text), content(f"{BEFORE[0]} more {text}", text)
            pages = pages_of(text, old, new)
            # The history has all the parts that the others are made of.
            for page in (pages["history"], pages[("diff", "version")[at % 2]])[: 1 + (at % 8 < 2)]:
                seen.opens(written(tmp_path, page))
                assert (seen.requests, seen.said) == ([], []), text
                assert seen.page.evaluate(ACTIVE) == 0, text


ACTIVE = "document.querySelectorAll('script, img, iframe, object, embed, form, base, link, video, audio').length"
