"""Reasons to think that a page is not the article at all."""

import re
from collections.abc import Iterable

from monitor.core.article import Content
from monitor.core.text import fold
from monitor.extract.phrases import table
from monitor.extract.tree import Page

_TABLE: dict[str, dict[str, list[str]]] = table("suspicions.toml")
_TITLES = {name: re.compile("|".join(f"(?:{x})" for x in kinds["title"])) for name, kinds in _TABLE.items()}
_TEXTS = {
    name: re.compile("|".join(f"(?:{x})" for x in kinds["text"])) for name, kinds in _TABLE.items() if kinds["text"]
}

FULL = 150
"""Words of body from which on a page is an article, whatever stands around it."""

SHORT = 400
"""Words on the whole page under which its text is taken for an interstitial's when it reads like one."""


DECLARED = 30
"""Words of body from which on a page that declares itself an article is one, whatever banner stands on it."""


def find_suspicions(page: Page, content: Content, *, title: str, declared: bool) -> tuple[str, ...]:
    """`empty`, `consent`, `login`, `error`, `challenge`, `paywall`: what the page seems to be instead. `declared`:
    its metadata calls it an article."""
    words = sum(len(text.split()) for text in content.paragraphs)
    if words >= FULL:
        return ()
    found = list(_by_title((title, content.headline or "")))
    text = fold(" ".join(passage.text for passage in page.passages[:400])[:8000]).casefold()
    if not found and len(text.split()) < SHORT and not (declared and words >= DECLARED):
        found = [name for name, pattern in _TEXTS.items() if pattern.search(text)]
    if not words and not content.captions and not content.live:
        found.append("empty")
    return tuple(dict.fromkeys(found))


def _by_title(titles: Iterable[str]) -> Iterable[str]:
    for title in titles:
        key = fold(title).casefold().strip()
        for name, pattern in _TITLES.items():
            if key and pattern.match(key):
                yield name
