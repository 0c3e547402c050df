"""Edits as HTML: a fragment for our own pages, and one self-contained page to keep, print and pass on."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from monitor.core.article import BlockKind
from monitor.core.diff import Edit, EditOp, Span
from monitor.core.facts import Fact, facts
from monitor.core.text import printable
from monitor.render.passages import Fold, Section, fact_lines, is_rewritten, marked, note, sections, shown


def html_fragment(edits: Iterable[Edit]) -> str:
    """The fields that changed. Styled by the page around it (classes `diff`, `field`, `note`, `hidden`); what colour
    says is also said in words that only screen readers hear."""
    parts = [_section(section) for section in sections(edits)]
    return f'<div class="diff">\n{"".join(parts)}</div>\n'


def _section(section: Section) -> str:
    rows = "".join(_row(row) for row in section.rows)
    return f'<section class="field">\n<h3>{section.title}</h3>\n{rows}</section>\n'


def _row(row: Edit | Fold) -> str:
    if isinstance(row, Fold):
        kept = "".join(_paragraph(edit, "kept", _text(edit.new)) for edit in row.edits)
        return f"<details><summary>{row.label}</summary>\n{kept}</details>\n"
    remark = note(row)
    before = f'<p class="note">{remark.capitalize()}</p>\n' if remark else ""
    return before + "".join(_paragraph(row, row.op.value, inner) for inner in _inner(row))


def _inner(edit: Edit) -> Iterator[str]:
    if edit.op is EditOp.EQUAL:
        yield _text(edit.new)
    elif is_rewritten(edit):
        yield from (_span(span) for span in marked(edit))
    else:
        yield "".join(_span(span) for span in marked(edit))


def _paragraph(edit: Edit, what: str, inner: str) -> str:
    heading = " subheading" if edit.kind is BlockKind.SUBHEADING else ""
    return f'<p class="{what}{heading}" dir="auto">{inner}</p>\n'


def _span(span: Span) -> str:
    op, text = span
    if op == "delete":
        return f"<del>{_unseen('removed: ')}{_text(text)}{_unseen(' end removed ')}</del>"
    if op == "insert":
        return f"<ins>{_unseen('added: ')}{_text(text)}{_unseen(' end added ')}</ins>"
    return _text(text)


def _unseen(words: str) -> str:
    return f'<span class="hidden">{words}</span>'


def _text(text: str) -> str:
    return escape(shown(text))


def html_page(
    title: str,
    edits: Sequence[Edit],
    *,
    heading: str = "",
    found: Iterable[Fact] | None = None,
    details: Sequence[tuple[str, str]] = (),
    language: str | None = None,
) -> str:
    """One printable file: no scripts, nothing from outside, light and dark. `heading` is a line below the title,
    `details` are labelled lines below that (declaration, window ...); `found` defaults to the facts of the edits."""
    name = escape(printable(title, 300))
    lines = fact_lines(facts(edits) if found is None else found)
    body = html_fragment(edits) if sections(edits) else "<p>The text is the same.</p>\n"
    return (
        f'<!doctype html>\n<html lang="{escape(printable(language or "en", 20))}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{name}</h1>\n{_heading(heading)}{_details(details)}{_facts(lines)}{body}'
        "</main>\n</body>\n</html>\n"
    )


def _heading(words: str) -> str:
    return "".join(f'<p class="note">{escape(printable(line))}</p>\n' for line in words.splitlines() if line.strip())


def _details(pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(printable(a))}</dt><dd>{escape(printable(b))}</dd>\n" for a, b in pairs)
    return f"<dl>\n{rows}</dl>\n" if rows else ""


def _facts(lines: Iterable[str]) -> str:
    items = "".join(f'<li dir="auto">{escape(line)}</li>\n' for line in lines)
    return f'<h2>What changed</h2>\n<ul class="facts">\n{items}</ul>\n' if items else ""


STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --quiet: #595959; --page: #fff; --rule: #d5d5d5;
  --del: #8f1414; --del-bg: #fde8e8; --ins: #0b5a20; --ins-bg: #e2f5e6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --quiet: #a8a8a8; --page: #161616; --rule: #3a3a3a;
  --del: #ffb3ad; --del-bg: #431b1b; --ins: #9fe3ad; --ins-bg: #123a1d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1.0625rem/1.6 Georgia, "Noto Serif", serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2, h3 { font: 600 .85rem/1.4 system-ui, sans-serif; text-transform: uppercase; letter-spacing: .05em;
  color: var(--quiet); margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--rule); }
p { margin: 0 0 1rem; }
.note, summary, dl, .facts { font: .875rem/1.5 system-ui, sans-serif; color: var(--quiet); }
.note { margin: 0 0 .25rem; }
.facts { color: var(--ink); padding-inline-start: 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
dt { font-weight: 600; } dd { margin: 0; color: var(--ink); }
.equal, .kept { color: var(--quiet); }
.subheading { font-weight: 700; }
.move { border-inline-start: 3px solid var(--rule); padding-inline-start: .75rem; }
details { margin: 0 0 1rem; } summary { cursor: pointer; }
del { color: var(--del); background: var(--del-bg); text-decoration: line-through; }
ins { color: var(--ins); background: var(--ins-bg); text-decoration: underline; text-underline-offset: .15em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { body { background: #fff; color: #000; font-size: 11pt; } main { max-width: none; padding: 0; }
  del, ins { -webkit-print-color-adjust: exact; print-color-adjust: exact; } p { break-inside: avoid; } }
"""
