"""What revisions are made of: the newsroom's stories in all its languages, and the bodies of real pages where the
corpus lies beside the checkout."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.newsroom.story import Language, languages, write

PAGES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "pages.jsonl"

LEAST, MOST = 8, 40
"""Paragraphs of an article."""

ELSEWHERE = 30
"""Paragraphs of other texts of the same language, that words and whole paragraphs are taken from."""


@dataclass(frozen=True, slots=True)
class Material:
    """An article, and other text of its language that shares no paragraph with it."""

    name: str
    paragraphs: tuple[str, ...]
    elsewhere: tuple[str, ...]


@lru_cache(maxsize=1)
def own() -> tuple[Material, ...]:
    return tuple(_story(language) for language in languages())


def _story(language: Language) -> Material:
    body = write(language, frozenset({"list", "questions"})).body
    edits, page = language.edits, language.page
    other = [
        *(edits[key] for key in ("added", "sentence", "lede", "correction", "note")),
        *(page[key] for key in ("offer", "newsletter", "cookie", "meter", "promo")),
        *page["comment"],
    ]
    return Material(language.code, _apart(body), _apart(other))


@lru_cache(maxsize=1)
def real() -> tuple[Material, ...]:
    """The bodies of real pages that are long enough; where a language has no other,
    there is nothing to put in."""
    bodies: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    with PAGES.open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            paragraphs = _apart((page.get("body") or "").split("\n"))
            if len(paragraphs) >= LEAST:
                bodies[(page.get("lang") or "en")[:2].lower()][page["id"]] = paragraphs[:MOST]
    several = (of_language for of_language in bodies.values() if len(of_language) > 1)
    return tuple(_page(name, of_language) for of_language in several for name in of_language)


def _page(name: str, bodies: dict[str, tuple[str, ...]]) -> Material:
    names = sorted(bodies)
    after = names[names.index(name) + 1 :] + names[: names.index(name)]
    paragraphs = set(bodies[name])
    other = [text for one in after for text in bodies[one] if text not in paragraphs]
    return Material(name, bodies[name], _apart(other)[:ELSEWHERE])


def _apart(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Each once, without empty ones: a link to one of two equal paragraphs would be true and untrue."""
    tidy: Sequence[str] = [" ".join(text.split()) for text in paragraphs]
    return tuple(dict.fromkeys(filter(None, tidy)))
