"""Edits for a terminal. Page text becomes styled text, never markup: Rich is not asked to interpret or to wrap it."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby, zip_longest

from rich.console import Console
from rich.text import Text

from monitor.core.diff import Edit, EditOp, Span, SpanOp
from monitor.core.text import printable
from monitor.render import columns
from monitor.render.passages import (
    BROKEN,
    CONTEXT,
    Fold,
    Left,
    Place,
    Section,
    bracketed,
    marked,
    note,
    placed,
    sections,
    shown,
    stands_apart,
    with_breaks,
)

MEASURE = 100
"""Columns beyond which a line of text is hard to read."""

NARROW = 60
"""Columns below which two columns of text are harder to read than one."""

LEAST = 20
"""Columns that are used whatever is asked for: a terminal that says it has none knows no better."""

_STYLES = {"equal": "", "delete": "red strike", "insert": "green underline"}
_WHOLE_STYLES = {"equal": "", "delete": "red", "insert": "green"}
_SIGN = {"equal": " ", "delete": "-", "insert": "+"}
_QUIET = "dim"
_TITLE = "bold"
EMPTY = Text()


def inline(edits: Iterable[Edit], *, colour: bool, width: int) -> str:
    """Paragraph by paragraph, the words that changed marked in place: in red and green, or as `[-old-]{+new+}`."""
    width = min(max(width, LEAST), MEASURE)
    return _printed(
        (line for section in sections(edits) for text in _inline(section, colour) for line in _lines(text, width)),
        colour,
    )


def _inline(section: Section, colour: bool) -> Iterator[Text]:
    yield Text(section.title, style=_TITLE)
    for place in section.places:
        yield from _paragraphs(place, colour)
        yield EMPTY


def _paragraphs(place: Place, colour: bool) -> Iterator[Text]:
    if isinstance(place, Fold):
        yield Text(place.label, style=_QUIET)
    elif isinstance(place, Left):
        yield Text(f"({place.label})", style=_QUIET)
    elif place.op is EditOp.EQUAL:
        yield Text(shown(place.new, BROKEN), style=_QUIET)
    else:
        if remark := note(place):
            yield Text(f"({remark})", style=_QUIET)
        if stands_apart(place):
            yield from (_whole(span, colour) for span in marked(place))
        else:
            yield _marked(marked(place), colour)


def _whole(span: Span, colour: bool) -> Text:
    """A whole old or new paragraph: with a sign, since nobody reads long stretches of struck or underlined text."""
    op, _ = span
    return Text(f"{_SIGN[op]} {with_breaks(span)}", style=_WHOLE_STYLES[op]) if colour else _marked([span], colour)


def _marked(spans: Iterable[Span], colour: bool) -> Text:
    """In colour, a space parts what stands for each other: where strokes are not shown, 12 and 17 must not be 1217."""
    text, before = Text(), "equal"
    for span in spans:
        if colour and (before, span[0]) == ("delete", "insert") and not text.plain[-1:].isspace():
            text.append(" ")
        text.append(with_breaks(span) if colour else bracketed(span), style=_STYLES[span[0]])
        before = span[0]
    return text


def side_by_side(edits: Iterable[Edit], *, colour: bool, width: int) -> str:
    """The old text and the new one in two columns, with the signs of `diff -y` between them: `<` gone, `>` new, `|`
    changed. Inline where the terminal is too narrow for two."""
    if width < NARROW:
        return inline(edits, colour=colour, width=width)
    return _printed((line for section in sections(edits) for line in _side(section, colour, width)), colour)


def _side(section: Section, colour: bool, width: int) -> Iterator[Text]:
    column = (width - len(" | ")) // 2
    yield Text(f"{section.title} ".ljust(2 * column + 3, "-"), style=_TITLE)
    for place in section.places:
        if isinstance(place, Edit) and (remark := note(place)):
            yield from _lines(Text(f"({remark})", style=_QUIET), width)
        old, sign, new = _columns(place, colour)
        for left, right in zip_longest(_lines(old, column), _lines(new, column), fillvalue=EMPTY):
            room = " " * (column - columns.width(left.plain) + 1)
            line = Text.assemble(left, room, sign, " ", right)
            line.rstrip()
            yield line
        yield EMPTY


_SIGNS = {
    EditOp.EQUAL: Text(" "),
    EditOp.DELETE: Text("<", style="red"),
    EditOp.INSERT: Text(">", style="green"),
    EditOp.REPLACE: Text("|", style=_TITLE),
    EditOp.MOVE: Text("|", style=_TITLE),
}


def _columns(place: Place, colour: bool) -> tuple[Text, Text, Text]:
    if isinstance(place, Left):
        return Text(f"({place.label})", style=_QUIET), _SIGNS[EditOp.DELETE], EMPTY
    if isinstance(place, Fold):
        return Text(place.label, style=_QUIET), _SIGNS[EditOp.EQUAL], Text(place.label, style=_QUIET)
    return _column(place, "insert", colour), _SIGNS[place.op], _column(place, "delete", colour)


def _column(edit: Edit, other: SpanOp, colour: bool) -> Text:
    """One side of an edit. Where it changes altogether, the sign beside it says enough."""
    spans = [_across(span) if span[0] == other else span for span in marked(edit)]
    spans = [span for span in spans if span[1]]
    if edit.op is EditOp.EQUAL:
        return Text(shown(edit.new, BROKEN), style=_QUIET)
    if len(spans) == 1 and spans[0][0] != "equal":
        ((op, text),) = spans
        return Text(shown(text, BROKEN), style=_WHOLE_STYLES[op])
    return _marked(spans, colour)


def _across(span: Span) -> Span:
    """What stands on the other side of a span: nothing, or the space that a new paragraph break took the place of."""
    return ("equal", " " if span[0] == "insert" and span[1].isspace() else "")


def unified(edits: Iterable[Edit], *, colour: bool = False, width: int = 0, context: int = CONTEXT) -> str:
    """As `diff -u` has it: a field a file, a paragraph a line, never wrapped, so `width` is not used. A move is a line
    out and one in."""
    del width
    out: list[Text] = []
    for field, group in groupby(edits, key=lambda edit: edit.field):
        hunks = list(_hunks(_grouped(_signed(list(group))), context))
        if hunks:
            out += [Text(f"--- old/{field}", style=_TITLE), Text(f"+++ new/{field}", style=_TITLE)]
            out += [line for hunk in hunks for line in _hunk_lines(hunk)]
    return _printed(out, colour)


Signed = tuple[str, str]


def _signed(edits: Sequence[Edit]) -> Iterator[Signed]:
    """Each paragraph with its sign, those that moved away where they stood."""
    for place in placed(edits):
        if isinstance(place, Left):
            yield from _each("-", place.edit.old)
        elif place.op is EditOp.EQUAL:
            yield from _each(" ", place.new)
        else:
            if place.op in (EditOp.REPLACE, EditOp.DELETE):
                yield from _each("-", place.old)
            if place.op is not EditOp.DELETE:
                yield from _each("+", place.new)


def _each(sign: str, text: str) -> Iterator[Signed]:
    return ((sign, line) for line in text.split("\n"))


def _grouped(lines: Iterable[Signed]) -> list[Signed]:
    """In each run of changed lines, what goes stands before what comes."""
    runs = groupby(lines, key=lambda line: line[0] == " ")
    return [line for kept, run in runs for line in (run if kept else sorted(run, key=lambda line: line[0] == "+"))]


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


_LINE_STYLES = {"-": "red", "+": "green", " ": ""}


def _hunk_lines(hunk: Hunk) -> Iterator[Text]:
    old_at, new_at, lines = hunk
    sizes = (sum(sign != gone for sign, _ in lines) for gone in "+-")
    old, new = (_range(at, size) for at, size in zip((old_at, new_at), sizes, strict=True))
    yield Text(f"@@ -{old} +{new} @@", style="cyan")
    for sign, text in lines:
        yield Text(sign + printable(text), style=_LINE_STYLES[sign])


def _range(at: int, size: int) -> str:
    """The first line and how many; a range of none is named by the line before it, and a 1 is left out."""
    return f"{at}" if size == 1 else f"{at - (not size)},{size}"


def _lines(text: Text, width: int) -> list[Text]:
    """The text in lines of at most `width` columns."""
    lines = list(text.divide(columns.breaks(text.plain, width)))
    for line in lines:
        line.rstrip()
    return lines


def _printed(lines: Iterable[Text], colour: bool) -> str:
    out = StringIO()
    console = Console(
        file=out,
        width=MEASURE,  # lines are broken by now; else it would ask the terminal
        height=1,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    text = out.getvalue().rstrip("\n")
    return text + "\n" if text else ""
