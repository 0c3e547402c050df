"""Which passages of the page are the body, by one method after another: trafilatura says where it is, the page's own
structure where it ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.core.text import normalise
from monitor.extract.lines import is_running_text
from monitor.extract.selection import select, squeeze
from monitor.extract.tree import Page, Passage

THIN = 250
"""A body of fewer characters than this is looked for by other means too."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body's passages in reading order, and by what method they were found; `texts` where no passages of the page
    hold it (a page that builds itself in the browser, with its text in JSON-LD)."""

    passages: tuple[Passage, ...]
    method: str
    texts: tuple[str, ...] = ()


def find_body(page: Page, *, first: int, articles: Iterable[str]) -> Body:
    """The body of a page whose asides are marked. `first` is where it can begin at the earliest (after the
    headline), `articles` are bodies as JSON-LD has them."""
    passages = [passage for passage in page.passages if not passage.gone]
    html = _cleaned(page)
    found: list[Passage] = []
    method = "trafilatura"
    found = _by_trafilatura(passages, html, first, thorough=False)
    if _length(found) < THIN:
        method = "recall"
        found = _by_trafilatura(passages, html, first, thorough=True)
    fuller = next((text for text in articles if _tells_more(text, found)), None)
    if fuller is not None:
        return Body((), "json-ld", tuple(line for part in fuller.split("\n") if (line := normalise(part))))
    return Body(tuple(found), method if found else "none")


def _tells_more(text: str, found: Sequence[Passage]) -> bool:
    """Whether JSON-LD has the same article at more than twice the length: the page shows its opening only, or builds
    itself in the browser."""
    if len(text) < THIN or len(text) < FULLER * _length(found):
        return False
    squeezed = squeeze(text)
    return all(squeeze(passage.text)[:60] in squeezed for passage in found if is_running_text(passage))


FULLER = 2.5


def _length(passages: Iterable[Passage]) -> int:
    return sum(len(passage.text) for passage in passages)


def _cleaned(page: Page) -> str:
    """The page without its asides, as HTML. Takes them out of the tree: nodes are not touched afterwards."""
    for place in page.places:
        if place.dropped and not any(up.dropped for up in place.up() if up is not place):
            place.node.decompose()
    return page.tree.html or ""


def _by_trafilatura(passages: Sequence[Passage], html: str, first: int, *, thorough: bool) -> list[Passage]:
    text, lines = _trafilatura(html, thorough=thorough)
    return select(passages, text, lines, first) if text else []


def _trafilatura(html: str, *, thorough: bool) -> tuple[str, set[str]]:
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
    )
    if not isinstance(document, Document) or document.body is None:
        return "", set()
    lines = [
        squeeze(str(etree.tostring(element, method="text", encoding="unicode", with_tail=False)))
        for element in _leaves(document.body)
    ]
    return "".join(lines), {line for line in lines if line}


def _leaves(body: etree._Element) -> Iterable[etree._Element]:
    yield from body
    for tag in ("item", "cell", "p", "head", "quote"):
        yield from body.iter(tag)
