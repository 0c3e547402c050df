"""Edits for mail: HTML with inline styles only, and plain text of 72 columns.

Mail clients strip <ins>, <del> and <style>: labels and inline styles say the same.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from monitor.core.diff import Edit, EditOp, Span
from monitor.core.facts import Fact, facts
from monitor.render.passages import Fold, counted, fact_lines, note, sections, shown

HTML_MAX = 90_000
"""Characters. Some mail services cut a message at about 102 kB."""

TEXT_MAX = 60_000
WIDTH = 72

SMALL = 0.7
"""Share of kept text from which the change is marked inside the paragraph; below, old and new stand apart."""


def email_html(edits: Sequence[Edit], found: Iterable[Fact] | None = None) -> str:
    """A fragment for the body of a mail: the facts, then the edits. Cut between paragraphs where it grows too long."""
    lines = fact_lines(facts(edits) if found is None else found)
    items = "".join(f'<li dir="auto">{escape(line)}</li>\n' for line in lines)
    head = f'<ul style="{_FACTS}">\n{items}</ul>\n' if items else ""
    return head + "".join(_within(_html_parts(edits), HTML_MAX, lambda text: f'<p style="{_NOTE}">{text}</p>\n'))


def email_text(edits: Sequence[Edit], found: Iterable[Fact] | None = None) -> str:
    """The same as plain text: `- ` before what was, `+ ` before what is, `[-old-]{+new+}` inside a paragraph."""
    lines = fact_lines(facts(edits) if found is None else found)
    head = "".join(_wrapped(line, "* ", "  ") for line in lines) + ("\n" if lines else "")
    return head + "".join(_within(_text_parts(edits), TEXT_MAX, lambda text: text + "\n"))


Part = tuple[bool, str]
"""Whether it tells an edit, and its text."""


def _within(parts: Iterable[Part], limit: int, remark: Callable[[str], str]) -> Iterator[str]:
    """The parts up to the limit, and how many edits stand beyond it."""
    beyond = 0
    for is_edit, text in parts:
        limit -= len(text)
        if beyond or limit < 0:
            beyond += is_edit
        else:
            yield text
    if beyond:
        yield remark(f"… {counted(beyond, 'more changed paragraph')}")


def _html_parts(edits: Iterable[Edit]) -> Iterator[Part]:
    for section in sections(edits):
        yield False, f'<h3 style="{_H3}">{section.title}</h3>\n'
        yield from (_html_row(row) for row in section.rows)


def _html_row(row: Edit | Fold) -> Part:
    if isinstance(row, Fold):
        return False, f'<p style="{_NOTE}">{row.label}</p>\n'
    if row.op is EditOp.EQUAL:
        return False, f'<p dir="auto" style="{_KEPT}">{escape(shown(row.new))}</p>\n'
    remark = note(row)
    before = f'<p style="{_NOTE}">{remark.capitalize()}</p>\n' if remark else ""
    return True, before + "".join(f'<p dir="auto" style="{_P}">{inner}</p>\n' for inner in _html_inner(row))


def _html_inner(edit: Edit) -> Iterator[str]:
    if _apart(edit):
        yield from (_html_span(span) for span in _whole(edit))
    else:
        yield "".join(_html_span(span) for span in edit.spans)


def _html_span(span: Span) -> str:
    op, text = span
    if op == "delete":
        return f'<span style="{_DELETED}">−&nbsp;{escape(shown(text))}</span>'
    if op == "insert":
        return f'<span style="{_INSERTED}">+&nbsp;{escape(shown(text))}</span>'
    return escape(shown(text))


def _apart(edit: Edit) -> bool:
    """Whether old and new are shown one after the other: much has changed, or only one of them is there."""
    kept = sum(len(text) for op, text in edit.spans if op == "equal")
    return 2 * kept < SMALL * (len(edit.old) + len(edit.new))


def _whole(edit: Edit) -> Sequence[Span]:
    sides: tuple[Span, ...] = (("delete", edit.old), ("insert", edit.new))
    return [span for span in sides if span[1]]


def _text_parts(edits: Iterable[Edit]) -> Iterator[Part]:
    for section in sections(edits):
        yield False, f"{section.title}\n\n"
        yield from (_text_row(row) for row in section.rows)


def _text_row(row: Edit | Fold) -> Part:
    if isinstance(row, Fold):
        return False, f"  {row.label}\n\n"
    if row.op is EditOp.EQUAL:
        return False, _wrapped(shown(row.new), "  ", "  ") + "\n"
    remark = note(row)
    before = f"  ({remark})\n" if remark else ""
    if _apart(row):
        signs = {"delete": "- ", "insert": "+ ", "equal": "  "}
        told = "".join(_wrapped(shown(text), signs[op], "  ") for op, text in _whole(row))
    else:
        told = _wrapped("".join(_text_span(span) for span in row.spans), "~ ", "  ")
    return True, before + told + "\n"


def _text_span(span: Span) -> str:
    before, after = {"delete": ("[-", "-]"), "insert": ("{+", "+}"), "equal": ("", "")}[span[0]]
    return before + shown(span[1]) + after


def _wrapped(text: str, first: str, then: str) -> str:
    """Lines of 72 columns. Long words and addresses stay whole."""
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines or [first.rstrip()]) + "\n"


_FACTS = "margin:12px 0;padding-left:20px;font:14px/1.5 Arial,sans-serif"
_H3 = "margin:20px 0 6px;font:bold 13px Arial,sans-serif;color:#595959;text-transform:uppercase"
_NOTE = "margin:0 0 4px;font:13px/1.5 Arial,sans-serif;color:#595959"
_KEPT = "margin:0 0 12px;color:#595959"
_P = "margin:0 0 12px"
_DELETED = "color:#8f1414;background:#fde8e8;text-decoration:line-through"
_INSERTED = "color:#0b5a20;background:#e2f5e6;text-decoration:underline"
