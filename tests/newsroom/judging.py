"""How well the program reads the newsroom: each reading, edit and noise is a row that holds or sinks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from monitor.core.article import TEXT_FIELDS, Content, Field, Reading, Version
from monitor.core.classify import changed_fields
from monitor.core.diff import texts
from monitor.core.lifecycle.steady import without_flips
from monitor.core.text import normalise
from monitor.extract.read import read_page
from tests.newsroom.edits import EDITS, Edited, edited
from tests.newsroom.layouts import LAYOUTS, Layout
from tests.newsroom.noise import NOISE, dressed
from tests.newsroom.story import Language, Story, languages

URL = "https://news.example/islands/night-ferry-stays"
CAPTURED = datetime(2026, 3, 3, 12, tzinfo=UTC)
SEED = 1

FIELDS = {
    "headline": Field.HEADLINE,
    "standfirst": Field.STANDFIRST,
    "byline": Field.BYLINE,
    "body": Field.BODY,
    "caption": Field.CAPTIONS,
}
READINGS = tuple(f"reads_{name}" for name in FIELDS)
REDESIGN = "redesign"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was tried. `wrong` says in words what was seen instead, and is empty where all is well."""

    kind: str
    layout: str
    language: str
    wrong: str = ""

    @property
    def place(self) -> str:
        return f"{self.kind} {self.layout} {self.language}"


@lru_cache(maxsize=1024)
def read(body: bytes) -> Reading:
    reading = read_page(body, URL, content_type="text/html", captured_at=CAPTURED)
    assert isinstance(reading, Reading)
    return reading


def page(layout: Layout, story: Story) -> Reading:
    return read(layout.bytes(story))


# -- rows


def rows(pairs: Iterable[tuple[str, Layout, Language]]) -> Iterator[Row]:
    for kind, layout, language in pairs:
        wrong = _tried(kind, layout, language)
        if wrong is not None:
            yield Row(kind, layout.name, language.code, wrong)


def kinds() -> tuple[str, ...]:
    return (*READINGS, *EDITS, *NOISE, REDESIGN)


def sample(strides: int = 1) -> Iterator[tuple[str, Layout, Language]]:
    """Every kind on every layout, and every kind in every language, each language on other layouts: `strides` languages
    for each kind and layout."""
    spoken = languages()
    for number, kind in enumerate(kinds()):
        for at, layout in enumerate(LAYOUTS):
            for stride in range(strides):
                yield kind, layout, spoken[(at + 5 * stride + 3 * number) % len(spoken)]


def whole() -> Iterator[tuple[str, Layout, Language]]:
    return ((kind, layout, language) for layout in LAYOUTS for language in languages() for kind in kinds())


def _tried(kind: str, layout: Layout, language: Language) -> str | None:
    """What is wrong, in words; None where the layout has not what it takes."""
    if kind in READINGS:
        return _read_wrongly(kind.removeprefix("reads_"), layout, language)
    if kind in EDITS:
        made = edited(kind, layout, language)
        return None if made is None else _shown_wrongly(made, layout)
    if kind == REDESIGN:
        return _redesigned(layout, language)
    before, after = dressed(kind, language, f"{SEED}/{layout.name}/{language.code}")
    story = layout.story(language)
    old, new = read(layout.bytes(story, before)), read(layout.bytes(story, after))
    return _differences(old.content, new.content, changed_fields(old.content, new.content))


# -- reading


def truth(layout: Layout, story: Story) -> dict[str, tuple[str, ...]]:
    """What a reader of the page sees, field by field."""
    said = {
        "headline": (story.headline,),
        "standfirst": (story.standfirst,),
        "byline": (story.byline,),
        "body": story.body,
        "caption": (story.caption, *story.pictures()),
    }
    return {name: tuple(map(normalise, said[name])) if name in {*layout.shows, "body"} else () for name in said}


def _read_wrongly(name: str, layout: Layout, language: Language) -> str:
    story = layout.story(language)
    wanted, found = truth(layout, story)[name], texts(page(layout, story).content, FIELDS[name])
    return "" if wanted == found else _told(name, wanted, found)


def _told(name: str, wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    lost = [text[:40] for text in wanted if text not in found]
    strange = [text[:40] for text in found if text not in wanted]
    return f"{name}: lost {lost}, strange {strange}" if lost or strange else f"{name}: in another order"


# -- edits


def _shown_wrongly(made: Edited, layout: Layout) -> str:
    before, after = page(layout, made.before), page(layout, made.after)
    if before.page_digest == after.page_digest:
        return "passed over: the digest of the page did not move"
    old, new = before.content, after.content
    fields = changed_fields(old, new)
    if made.field not in fields:
        return "not shown" + (f", but {_names(fields)}" if fields else "")
    strays = [field for field in fields if field is not made.field and field in TEXT_FIELDS]
    if strays:
        return _differences(old, new, strays)
    shown = "\n".join(texts(new, made.field)) if made.field in TEXT_FIELDS else ""
    if made.came and normalise(made.came) not in shown:
        return f"{made.field.value} does not show the new words"
    if made.gone and normalise(made.gone) in shown:
        return f"{made.field.value} still shows the old words"
    return ""


def _names(fields: Iterable[Field]) -> str:
    return ", ".join(field.value for field in fields)


# -- noise


def _differences(old: Content, new: Content, fields: Iterable[Field]) -> str:
    return "; ".join(
        _told(field.value, texts(old, field), texts(new, field)) if field in TEXT_FIELDS else f"{field.value} moved"
        for field in fields
    )


def _redesigned(layout: Layout, language: Language) -> str | None:
    """The same story in the next layout that shows as much of it, through the flip guard. The byline is left out: it
    comes from the metadata in one layout and from the page in another, and has a kind of its own."""
    others = [other for other in LAYOUTS if other.shows == layout.shows and other is not layout]
    if not others:
        return None
    later = others[LAYOUTS.index(layout) % len(others)]
    story = layout.story(language)
    old = read(layout.bytes(story))
    version = Version(
        id=1,
        article_id=1,
        number=1,
        content=old.content,
        first_seen_at=CAPTURED,
        last_seen_at=CAPTURED,
        page_blocks=old.page_blocks,
    )
    new = without_flips(version, read(later.bytes(replace(story))))
    fields = [
        field
        for field in changed_fields(old.content, new.content)
        if field in TEXT_FIELDS and field is not Field.BYLINE
    ]
    return _differences(old.content, new.content, fields)
