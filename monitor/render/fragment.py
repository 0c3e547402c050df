"""Edits as a piece of HTML, and the templates that all pages are made of. Everything goes through their escaping."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.core.article import BlockKind
from monitor.core.diff import Edit, EditOp, Span, SpanOp
from monitor.render.passages import Fold, Left, Place, marked, note, sections, shown, stands_apart, with_breaks


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["broken"] = _broken
    return environment


def _broken(text: str) -> Markup:
    """Its line feeds as line breaks."""
    return Markup("<br>").join(text.split("\n"))


def rendered(name: str, **values: object) -> str:
    """A template with these values, each escaped unless it is Markup."""
    return _templates().get_template(name).render(**values)


@dataclass(frozen=True, slots=True)
class Mark:
    """A span as a page shows it: the white space around its words stands outside of what is marked."""

    op: SpanOp
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. Its `kind` is what the style sheet calls it: `gone` and `come` are whole paragraphs."""

    kind: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row of a diff. A `fold` has its lines inside it."""

    lines: tuple[Line, ...] = ()
    note: str = ""
    fold: str = ""
    left: bool = False


def html_fragment(edits: Iterable[Edit], *, language: str | None = None, unfolded: bool = True) -> str:
    """The fields that changed, to stand in a page with the style of `style.css`. What colour says is also said in
    words that only screen readers hear. Unchanged paragraphs are folded: with `unfolded` they can be opened. "" where
    nothing changed."""
    told = [(section.title, [_row(place, unfolded) for place in section.places]) for section in sections(edits)]
    return rendered("edits.html", sections=told, language=language_tag(language)) if told else ""


def _row(place: Place, unfolded: bool) -> Shown:
    if isinstance(place, Left):
        return Shown(note=_capital(place.label), left=True)
    if isinstance(place, Fold):
        kept = tuple(line for edit in place.edits for line in _paragraphs("kept", ("equal", edit.new)))
        return Shown(lines=kept if unfolded else (), fold=place.label)
    return Shown(lines=tuple(_lines(place)), note=_capital(note(place)))


def _capital(words: str) -> str:
    """With a capital at the start; what a page says within it keeps its own."""
    return words[:1].upper() + words[1:]


def _lines(edit: Edit) -> Iterator[Line]:
    heading = " subheading" if edit.kind is BlockKind.SUBHEADING else ""
    if edit.op is EditOp.EQUAL or stands_apart(edit):
        for span in marked(edit):
            yield from _paragraphs(_WHOLE[span[0]] + heading, span)
    else:
        yield Line(edit.op.value + heading, tuple(_mark(span) for span in marked(edit)))


_WHOLE: dict[SpanOp, str] = {"equal": "equal", "delete": "gone", "insert": "come"}


def _paragraphs(kind: str, span: Span) -> Iterator[Line]:
    op, text = span
    return (Line(kind, (Mark(op, "", shown(line), ""),)) for line in text.split("\n"))


def _mark(span: Span) -> Mark:
    text = with_breaks(span)
    words = text.strip() or text
    before, _, after = text.partition(words)
    return Mark(span[0], before, words, after)


def language_tag(language: str | None) -> str | None:
    """The article's own word for its language, as far as it can be a tag."""
    return language if language and _TAG.fullmatch(language) else None


_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
