"""Edits as a piece of HTML, and the templates that all pages are made of. Everything goes through their escaping."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.core.article import BlockKind
from monitor.core.diff import Edit, EditOp, Span
from monitor.render.passages import Fold, Left, Place, is_rewritten, marked, note, sections, shown


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def rendered(name: str, **values: object) -> str:
    """A template with these values, each escaped unless it is Markup."""
    return _templates().get_template(name).render(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row of a diff as a page shows it. `lines` are paragraphs, each of spans; a `fold` has them inside it."""

    kind: str
    lines: tuple[tuple[Span, ...], ...]
    note: str = ""
    fold: str = ""


def html_fragment(edits: Iterable[Edit], *, language: str | None = None, unfolded: bool = True) -> str:
    """The fields that changed, to stand in a page with the style of `style.css`. What colour says is also said in
    words that only screen readers hear. Unchanged paragraphs are folded: with `unfolded` they can be opened. "" where
    nothing changed."""
    told = [(section.title, [_row(place, unfolded) for place in section.places]) for section in sections(edits)]
    return rendered("edits.html", sections=told, language=language_tag(language)) if told else ""


def _row(row: Place, unfolded: bool) -> Shown:
    if isinstance(row, Left):
        return Shown(kind="left", lines=(), note=_capital(row.label))
    if isinstance(row, Fold):
        kept = tuple(line for edit in row.edits for line in _paragraphs([("equal", edit.new)])) if unfolded else ()
        return Shown(kind="kept", lines=kept, fold=row.label)
    heading = " subheading" if row.kind is BlockKind.SUBHEADING else ""
    return Shown(kind=row.op.value + heading, lines=tuple(_lines(row)), note=_capital(note(row)))


def _capital(words: str) -> str:
    """With a capital at the start; what a page says within it keeps its own."""
    return words[:1].upper() + words[1:]


def _lines(edit: Edit) -> Iterator[tuple[Span, ...]]:
    if edit.op in (EditOp.INSERT, EditOp.DELETE, EditOp.EQUAL) or is_rewritten(edit):
        for span in marked(edit):
            yield from _paragraphs([span])
    else:
        yield tuple((op, shown(text)) for op, text in marked(edit))


def _paragraphs(spans: Iterable[Span]) -> Iterator[tuple[Span, ...]]:
    """Whole paragraphs, each by itself."""
    for op, text in spans:
        yield from (((op, shown(line)),) for line in text.split("\n"))


def language_tag(language: str | None) -> str | None:
    """The article's own word for its language, as far as it can be a tag."""
    return language if language and _TAG.fullmatch(language) else None


_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
