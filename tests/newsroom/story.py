"""A story of the newsroom as its editors see it: the model that pages are made from, so that the truth is exact."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = Path(__file__).parent / "languages"

PARAGRAPH, HEADING, ITEM, QUOTE, ROW, PICTURE = "paragraph", "heading", "item", "quote", "row", "picture"

CELLS = " | "
"""What stands between the cells of a row when the row is read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the body. A picture's text is its caption; a row has cells."""

    kind: str
    text: str
    cells: tuple[str, ...] = ()

    @classmethod
    def row(cls, cells: Sequence[str]) -> "Part":
        return cls(ROW, CELLS.join(cells), tuple(cells))


@dataclass(frozen=True, slots=True)
class Note:
    """A correction or an editor's note, and where it is put: `p`, `div`, `aside`, `footer` or `top`."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """All the words of one language: those of the story, of its edits, and of the page round it."""

    code: str
    story: Mapping[str, Any]
    edits: Mapping[str, Any]
    page: Mapping[str, Any]

    @property
    def direction(self) -> str:
        return "rtl" if self.code == "ar" else "ltr"


@dataclass(frozen=True, slots=True)
class Story:
    language: Language
    headline: str
    standfirst: str
    byline: str
    caption: str
    parts: tuple[Part, ...]
    published: datetime = datetime(2026, 3, 3, 9, 28, tzinfo=UTC)
    updated: datetime | None = datetime(2026, 3, 3, 9, 55, tzinfo=UTC)
    note: Note | None = None
    marker: str | None = None

    @property
    def body(self) -> tuple[str, ...]:
        return tuple(part.text for part in self.parts if part.kind != PICTURE)

    def pictures(self) -> tuple[str, ...]:
        return tuple(part.text for part in self.parts if part.kind == PICTURE)

    def at(self, kind: str) -> list[int]:
        """The places of the parts of that kind."""
        return [place for place, part in enumerate(self.parts) if part.kind == kind]

    def with_parts(self, parts: Sequence[Part]) -> "Story":
        return replace(self, parts=tuple(parts))


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    return tuple(_language(file) for file in sorted(LANGUAGES.glob("*.toml")))


def _language(file: Path) -> Language:
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    return Language(file.stem, words["story"], words["edits"], words["page"])


def write(language: Language, shapes: frozenset[str]) -> Story:
    """The language's story in the shape that a layout asks for: with a `list`, a `table`, a `gallery`, as `questions`;
    `plain` is paragraphs alone."""
    words = language.story
    return Story(
        language,
        words["headline"],
        words["standfirst"],
        words["byline"],
        words["caption"],
        tuple(_parts(words, shapes)),
    )


def _parts(words: Mapping[str, Any], shapes: frozenset[str]) -> list[Part]:
    paragraphs = [Part(PARAGRAPH, text) for text in words["paragraphs"]]
    if "plain" in shapes:
        return paragraphs
    parts = [*paragraphs[:2], Part(QUOTE, words["quote"]), paragraphs[2]]
    if "gallery" in shapes:
        parts.append(Part(PICTURE, words["picture"]))
    if "list" in shapes:
        parts += [Part(ITEM, text) for text in words["items"]]
    if "questions" in shapes:
        parts.append(Part(HEADING, words["question"]))
    parts += [paragraphs[3], Part(HEADING, words["heading"]), *paragraphs[4:-1]]
    if "table" in shapes:
        parts += [Part.row(cells) for cells in words["rows"]]
    return [*parts, paragraphs[-1]]
