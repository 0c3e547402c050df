"""Edits for mail: HTML with inline styles only, and plain text of 72 columns.

Mail clients strip <ins>, <del> and <style>, some all styles: signs and brackets say what colour says. Colours come in
pairs, text with its background, so that a dark client which changes one changes both.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from monitor.core.diff import Edit, EditOp, Span
from monitor.core.facts import Fact, facts
from monitor.render import columns
from monitor.render.cuts import abridged
from monitor.render.passages import (
    Fold,
    Left,
    Place,
    bracketed,
    clipped,
    counted,
    fact_lines,
    marked,
    note,
    sections,
    stands_apart,
    with_breaks,
)

HTML_MAX = 90_000
"""Bytes. Some mail services cut a message at about 102 kB."""

TEXT_MAX = 60_000
"""Bytes."""

WIDTH = 72
ADDRESS_MAX = 600
"""Bytes of an address that is not broken over lines."""

LONG = 4_000
"""Characters from which a paragraph is cut down to what it changes,"""

PASSAGE, CONTEXT, RUNS = 1_500, 300, 100
"""at most so many of each change and of the text around it, and so many changed or kept runs."""


def email_html(edits: Sequence[Edit], found: Iterable[Fact] | None = None, *, room: int = HTML_MAX) -> str:
    """A fragment for the body of a mail: the facts, then the edits. Cut between paragraphs where it would be longer
    than `room` bytes."""
    lines = fact_lines(facts(edits) if found is None else found)
    items = "".join(f'<li dir="auto">{escape(line)}</li>\n' for line in lines)
    facts_told = f'<ul style="{_FACTS}">\n{items}</ul>\n' if items else ""
    return _fitted(facts_told, _html_parts(edits), room, lambda text: _small(escape(text)))


def email_text(edits: Sequence[Edit], found: Iterable[Fact] | None = None, *, room: int = TEXT_MAX) -> str:
    """The same as plain text: `- ` before what was, `+ ` before what is, `[-old-]{+new+}` inside a paragraph. No line
    but the blank ones begins with a word of the page."""
    lines = fact_lines(facts(edits) if found is None else found)
    facts_told = "".join(wrapped(line, "* ", "  ") for line in lines) + ("\n" if lines else "")
    return _fitted(facts_told, _text_parts(edits), room, lambda text: f"  {text}\n")


Part = tuple[bool, str]
"""Whether it tells an edit, and its text."""


def _fitted(facts_told: str, parts: Iterable[Part], room: int, remark: Callable[[str], str]) -> str:
    """The facts and the parts that there is room for, and how many edits there are beyond."""
    told = facts_told if size(facts_told) <= room else ""
    return told + "".join(_within(parts, room - size(told), remark))


def _within(parts: Iterable[Part], room: int, remark: Callable[[str], str]) -> Iterator[str]:
    """A title or an unchanged paragraph is told with the edit that follows it."""
    beyond, waiting = 0, ""
    for is_edit, text in parts:
        waiting += text
        if beyond or (is_edit and room < size(waiting)):
            beyond += is_edit
        elif is_edit:
            room -= size(waiting)
            yield waiting
            waiting = ""
    if beyond:
        yield remark(f"… {counted(beyond, 'more changed paragraph')}")
    elif size(waiting) <= room:
        yield waiting


def size(text: str) -> int:
    """Bytes of a text in a mail."""
    return len(text.encode("utf-8", "replace"))


def _told(edit: Edit) -> Sequence[Span]:
    spans = marked(edit)
    if len(edit.old) + len(edit.new) <= LONG:
        return spans
    return abridged(spans, PASSAGE, CONTEXT, RUNS)


def _html_parts(edits: Iterable[Edit]) -> Iterator[Part]:
    for section in sections(edits):
        yield False, f'<h3 style="{_H3}">{section.title}</h3>\n'
        yield from (_html_place(place) for place in section.places)


def _html_place(place: Place) -> Part:
    if isinstance(place, Fold | Left):
        return False, _small(escape(place.label[:1].upper() + place.label[1:]))
    if place.op is EditOp.EQUAL:
        return False, f'<p dir="auto" style="{_KEPT}">{escape(clipped(place.new, PASSAGE))}</p>\n'
    remark = note(place)
    before = _small(escape(remark[:1].upper() + remark[1:])) if remark else ""
    if stands_apart(place):
        return True, before + "".join(_html_block(span) for span in _told(place))
    return True, before + f'<p dir="auto" style="{_P}">{"".join(_html_spans(_told(place)))}</p>\n'


def _html_block(span: Span) -> str:
    sign, style = ("−", _OLD_BLOCK) if span[0] == "delete" else ("+", _NEW_BLOCK)
    return f'<p dir="auto" style="{style}"><b>{sign}</b>&nbsp;{_html_text(span)}</p>\n'


def _html_spans(spans: Sequence[Span]) -> Iterator[str]:
    for before, span in zip([("equal", ""), *spans], spans, strict=False):
        if span[0] == "equal":
            yield _html_text(span)
        else:
            yield " " * (before[0] == "delete") + _html_mark(span)


def _html_mark(span: Span) -> str:
    """A mark around the words. White space at their ends stays outside, where nothing underlines it."""
    sign, style = ("−", _OLD) if span[0] == "delete" else ("+", _NEW)
    text = with_breaks(span)
    words = text.strip() or text
    before, after = text.split(words, 1)
    return f'{before}<span dir="auto" style="{style}">[{sign}&nbsp;{_html(words)}]</span>{_html(after)}'


def _html_text(span: Span) -> str:
    return _html(with_breaks(span))


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _small(inner: str) -> str:
    return f'<p style="{_NOTE}">{inner}</p>\n'


def _text_parts(edits: Iterable[Edit]) -> Iterator[Part]:
    for section in sections(edits):
        yield False, f"{section.title}\n\n"
        yield from (_text_place(place) for place in section.places)


def _text_place(place: Place) -> Part:
    if isinstance(place, Fold):
        return False, f"  {place.label}\n\n"
    if isinstance(place, Left):
        return False, wrapped(f"({place.label})", "  ", "  ") + "\n"
    if place.op is EditOp.EQUAL:
        return False, wrapped(clipped(place.new, PASSAGE), "  ", "  ") + "\n"
    remark = note(place)
    before = f"  ({remark})\n" if remark else ""
    if stands_apart(place):
        signs = {"delete": "- ", "insert": "+ ", "equal": "  "}
        told = "".join(wrapped(with_breaks(span), signs[span[0]], "  ") for span in _told(place))
    else:
        told = wrapped("".join(bracketed(span) for span in _told(place)), "~ ", "  ")
    return True, before + told + "\n"


def wrapped(text: str, first: str = "", then: str = "") -> str:
    """Lines of 72 columns. An address stays whole, so that it can be followed."""
    lines = columns.lines(text, WIDTH - len(then), indent=len(first) - len(then), whole_up_to=ADDRESS_MAX)
    return "".join(
        f"{lead}{line}".rstrip() + "\n" for lead, line in zip([first, *[then] * (len(lines) - 1)], lines, strict=True)
    )


_SANS = "Arial,sans-serif"
_FACTS = f"margin:12px 0;padding-left:20px;font:14px/1.5 {_SANS}"
_H3 = f"margin:24px 0 6px;font:bold 12px {_SANS};color:#595959;text-transform:uppercase;letter-spacing:.05em"
_NOTE = f"margin:0 0 6px;font:13px/1.5 {_SANS};color:#595959"
_KEPT = "margin:0 0 12px;color:#595959"
_P = "margin:0 0 12px;color:#1a1a1a"
_OLD_COLOURS, _NEW_COLOURS = "color:#8f1414;background:#fdeaea", "color:#0b5a20;background:#e4f5e8"
_OLD = f"{_OLD_COLOURS};text-decoration:line-through"
_NEW = f"{_NEW_COLOURS};text-decoration:underline"
_OLD_BLOCK = f"margin:0 0 12px;padding:6px 10px;{_OLD_COLOURS}"
_NEW_BLOCK = f"margin:0 0 12px;padding:6px 10px;{_NEW_COLOURS}"
