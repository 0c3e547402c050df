"""Which passages of the page are the body, by one method after another: trafilatura says where it is, the page's own
structure where it ends."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from trafilatura import bare_extraction, load_html
from trafilatura.readability_lxml import Document as Readability
from trafilatura.settings import Document

from monitor.core.text import normalise
from monitor.extract.lines import is_running_text
from monitor.extract.selection import select, squeeze
from monitor.extract.tree import HEADINGS, Page, Passage

THIN = 250
"""A body of fewer characters than this is looked for by other means too."""

MOST_THOROUGH = 2_000
"""Passages up to which thorough methods are tried: they compare each with its neighbours, in time that is quadratic."""

FULLER = 2.5
"""JSON-LD that tells so many times more than the page shows is the article."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body's passages in reading order, and by what method they were found; `texts` where no passages of the page
    hold it (a page that builds itself in the browser, with its text in JSON-LD)."""

    passages: tuple[Passage, ...]
    method: str
    texts: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        return sum(len(passage.text) for passage in self.passages)

    @property
    def tells(self) -> bool:
        """Whether there is a sentence in it."""
        return any(is_running_text(passage) for passage in self.passages)


def find_body(page: Page, *, first: int, articles: Iterable[str], only: str | None = None) -> Body:
    """The body of a page whose asides are marked. `first` is where it can begin at the earliest (after the
    headline), `articles` are bodies as JSON-LD has them. With `only` the body is what that method finds, and empty
    where it finds nothing: a text is compared with another one read by the same method."""
    methods = _Methods(
        [passage for passage in page.passages if not passage.gone], _cleaned(page), first, tuple(articles)
    )
    return methods.best() if only is None else methods.read(only)


def _cleaned(page: Page) -> str:
    """The page without its asides, as HTML. Takes them out of the tree: nodes are not touched afterwards."""
    for place in page.places:
        if place.dropped and not any(up.dropped for up in place.up() if up is not place):
            place.node.decompose()
    return page.tree.html or ""


@dataclass(frozen=True, slots=True)
class _Methods:
    """The ways to read one page's body."""

    passages: Sequence[Passage]
    html: str
    first: int
    articles: tuple[str, ...]

    def best(self) -> Body:
        """The first method whose body is not thin; where all are, what trafilatura found if it tells anything."""
        found = self.read("trafilatura")
        small = len(self.passages) <= MOST_THOROUGH
        if found.length < THIN and small:
            thorough = self.read("recall")
            found = thorough if thorough.length > found.length else found
        fuller = next((text for text in self.articles if _tells_more(text, found)), None)
        if fuller is not None:
            return _of_text(fuller)
        if found.tells:
            return found
        others = [self.read(method) for method in (("readability", "page") if small else ("page",))]
        full = [body for body in others if body.length >= THIN and body.tells]
        # A stub of a few words is all that there is to read.
        return full[0] if full else found if found.passages else _named(others[-1])

    def read(self, method: str) -> Body:
        """What one method finds, under its own name even where that is nothing."""
        readers: dict[str, Callable[[], Body]] = {
            "trafilatura": lambda: self._taken(method, *_by_trafilatura(self.html, thorough=False)),
            "recall": lambda: self._taken(method, *_by_trafilatura(self.html, thorough=True)),
            "json-ld": lambda: _of_text(max(self.articles, key=len, default="")),
            "readability": lambda: self._taken(method, *_by_readability(self.html)),
            "page": lambda: Body(tuple(self._page()), method),
        }
        return readers[method]() if method in readers else Body((), method)

    def _taken(self, method: str, text: str, lines: set[str]) -> Body:
        return Body(tuple(select(self.passages, text, lines, self.first)) if text else (), method)

    def _page(self) -> list[Passage]:
        """All that stands between the headline and the last paragraph, links and captions apart."""
        below = [passage for passage in self.passages if passage.index >= self.first and _may_be_text(passage)]
        last = max((passage.index for passage in below if is_running_text(passage)), default=None)
        if last is None:
            return [passage for passage in below if passage.place.tag == "p"]
        return [passage for passage in below if passage.index <= last]


def _may_be_text(passage: Passage) -> bool:
    if passage.link_share >= 0.5 or passage.place.within("figcaption", "h1"):
        return False
    return is_running_text(passage) or not passage.place.within("figure")


def _named(found: Body) -> Body:
    """A body by no method where nothing was found by any."""
    return found if found.passages else Body((), "none")


def _of_text(text: str) -> Body:
    return Body((), "json-ld", tuple(line for part in text.split("\n") if (line := normalise(part))))


def _tells_more(text: str, found: Body) -> bool:
    """Whether JSON-LD has the same article at more than twice the length: the page shows its opening only, or builds
    itself in the browser."""
    if len(text) < THIN or len(text) < FULLER * found.length:
        return False
    squeezed = squeeze(text)
    shown = [passage for passage in found.passages if is_running_text(passage)]
    told = [passage for passage in shown if squeeze(passage.text)[:60] in squeezed]
    return 2 * sum(len(passage.text) for passage in told) >= sum(len(passage.text) for passage in shown)


def _by_trafilatura(html: str, *, thorough: bool) -> tuple[str, set[str]]:
    """What trafilatura takes for the text, squeezed, and its lines, squeezed. It keeps no state that could change
    what it reads: `deduplicate` and the metadata, which would, stay off."""
    document = bare_extraction(
        html,
        fast=not thorough,
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=False,
        # Any but "python", which would render the text as well; the body is the same.
        output_format="txt",
    )
    if not isinstance(document, Document) or document.body is None:
        return "", set()
    return _squeezed((*document.body, *(element for tag in _LINES for element in document.body.iter(tag))))


_LINES = ("item", "cell", "p", "head", "quote")


def _by_readability(html: str) -> tuple[str, set[str]]:
    """The same as readability has it, in the port that trafilatura carries."""
    tree = load_html(html)
    if tree is None:
        return "", set()
    summary = load_html(f"<html><body>{Readability(tree).summary()}</body></html>")
    if summary is None:
        return "", set()
    _, lines = _squeezed(summary.iter(*_TEXTS))
    return squeeze(summary.text_content()), lines


_TEXTS = ("p", "li", "td", "th", "blockquote", "pre", *HEADINGS)


def _squeezed(elements: Iterable[etree._Element]) -> tuple[str, set[str]]:
    lines = [
        squeeze(str(etree.tostring(element, method="text", encoding="unicode", with_tail=False)))
        for element in elements
    ]
    return "".join(lines), {line for line in lines if line}
