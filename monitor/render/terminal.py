"""Edits for a terminal. Page text becomes styled text, never markup: Rich is not asked to interpret it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from monitor.core.diff import Edit, EditOp, Span
from monitor.core.text import printable
from monitor.render.passages import CONTEXT, Fold, Section, is_rewritten, marked, note, sections, shown

_STYLES = {"equal": "", "delete": "red strike", "insert": "green underline"}
_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_QUIET = "dim"
_TITLE = "bold"


def inline(edits: Iterable[Edit], *, colour: bool, width: int) -> str:
    """Paragraph by paragraph, the words that changed marked in place: in red and green, or as `[-old-]{+new+}`."""
    parts: list[RenderableType] = []
    for section in sections(edits):
        parts.append(_title(section))
        for row in section.rows:
            parts += _inline_row(row, colour)
    return _printed(parts, colour, width)


def _inline_row(row: Edit | Fold, colour: bool) -> Iterator[RenderableType]:
    if isinstance(row, Fold):
        yield Text(row.label, style=_QUIET)
        yield Text()
        return
    if remark := note(row):
        yield Text(f"({remark})", style=_QUIET)
    if is_rewritten(row):
        yield from (_marked([span], colour) for span in marked(row))
    elif row.op is EditOp.EQUAL:
        yield Text(shown(row.new), style=_QUIET)
    else:
        yield _marked(marked(row), colour)
    yield Text()


def _marked(spans: Iterable[Span], colour: bool) -> Text:
    text = Text()
    for op, words in spans:
        before, after = ("", "") if colour else _MARKS[op]
        text.append(before + shown(words) + after, style=_STYLES[op])
    return text


def _title(section: Section) -> Text:
    return Text(section.title, style=_TITLE)


def side_by_side(edits: Iterable[Edit], *, colour: bool, width: int) -> str:
    """Two columns, the old text and the new one, a row a paragraph."""
    parts: list[RenderableType] = []
    for section in sections(edits):
        table = Table(box=None, expand=True, show_header=False, padding=(0, 1), pad_edge=False)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        for row in section.rows:
            table.add_row(*_columns(row, colour))
            table.add_row()
        parts += [Rule(section.title, align="left", style=_QUIET, characters="-"), table]
    return _printed(parts, colour, width)


def _columns(row: Edit | Fold, colour: bool) -> tuple[Text, Text]:
    if isinstance(row, Fold):
        return Text(row.label, style=_QUIET), Text(row.label, style=_QUIET)
    old, new = (_marked([span for span in marked(row) if span[0] != gone], colour) for gone in ("insert", "delete"))
    if remark := note(row):
        above = (f"({remark})\n", _QUIET)
        return Text.assemble(above, old), Text.assemble(above, new)
    return old, new


def unified(edits: Iterable[Edit], *, colour: bool = False, width: int = 0, context: int = CONTEXT) -> str:
    """As `diff -u` has it, a paragraph a line, never wrapped: `width` is not used. A move is a line out and one in."""
    del width
    told = list(edits)
    lines: list[str] = []
    for section in sections(told):
        own = [edit for edit in told if edit.field is section.field]
        for hunk in _hunks(list(_signed(own)), context):
            lines += _hunk_lines(section, hunk)
    if not lines:
        return ""
    paint: Callable[[str], str] = _painted if colour else str
    return "".join(paint(line) + "\n" for line in ["--- old", "+++ new", *lines])


Signed = tuple[str, str]


def _signed(edits: Sequence[Edit]) -> Iterator[Signed]:
    """Each paragraph with its sign, those that moved away where they stood."""
    away = sorted((e for e in edits if e.op is EditOp.MOVE), key=lambda e: e.old_at or 0)
    for edit in edits:
        if edit.op is not EditOp.MOVE and edit.old_at is not None:
            while away and (away[0].old_at or 0) < edit.old_at:
                yield from _lines("-", away.pop(0).old)
        if edit.op is EditOp.EQUAL:
            yield from _lines(" ", edit.new)
            continue
        if edit.op in (EditOp.REPLACE, EditOp.DELETE):
            yield from _lines("-", edit.old)
        if edit.op is not EditOp.DELETE:
            yield from _lines("+", edit.new)
    for edit in away:
        yield from _lines("-", edit.old)


def _lines(sign: str, text: str) -> Iterator[Signed]:
    return ((sign, line) for line in text.split("\n"))


Hunk = tuple[int, int, list[Signed]]


def _hunks(lines: Sequence[Signed], context: int) -> Iterator[Hunk]:
    """Stretches of lines near a change, each with where it begins on either side."""
    told = {at for at, (sign, _) in enumerate(lines) if sign != " "}
    near = {at + step for at in told for step in range(-context, context + 1)}
    old_at = new_at = 1
    hunk: list[Signed] = []
    start = (1, 1)
    for at, line in enumerate(lines):
        if at in near:
            start = start if hunk else (old_at, new_at)
            hunk.append(line)
        elif hunk:
            yield (*start, hunk)
            hunk = []
        old_at += line[0] != "+"
        new_at += line[0] != "-"
    if hunk:
        yield (*start, hunk)


def _hunk_lines(section: Section, hunk: Hunk) -> list[str]:
    old_at, new_at, lines = hunk
    old_size, new_size = (sum(sign != gone for sign, _ in lines) for gone in "+-")
    head = f"@@ -{old_at - (not old_size)},{old_size} +{new_at - (not new_size)},{new_size} @@ {section.field}"
    return [head, *(sign + printable(text) for sign, text in lines)]


_COLOURS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}


def _painted(line: str) -> str:
    colour = _COLOURS.get(line[:1])
    return f"{colour}{line}\x1b[0m" if colour else line


def _printed(parts: Iterable[RenderableType], colour: bool, width: int) -> str:
    out = StringIO()
    console = Console(
        file=out,
        width=max(width, 20),
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")) + "\n" if out.tell() else ""
