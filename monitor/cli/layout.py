"""Tables that stay readable in a narrow terminal: what has most to say moves beneath, and nothing is cut to dots."""

from collections.abc import Iterator, Sequence
from typing import Literal

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

MAIN_LEAST = 30
"""Columns that the main cell of a row needs beside the others; with fewer it stands on lines of its own beneath."""
WORD_MAX = 16
"""Longer words than this may be broken."""
SMALL_MAX = 32
"""Beside the main cell, longer ones than this are wrapped."""
INDENT = 4

Role = Literal["left", "right", "main"]
_Rows = list[tuple[RenderableType, ...]]


class Sheet:
    """A plain table. A column given as `right` holds numbers; one given as `main` holds what a row is about."""

    def __init__(self, *columns: str | tuple[str, Role]) -> None:
        named = [(column, "left") if isinstance(column, str) else column for column in columns]
        self._names = [Text(name, style="bold") for name, _ in named]
        self._roles: list[Role] = [role for _, role in named]  # type: ignore[misc]  # "left" is one of them
        self._rows: _Rows = []

    def add_row(self, *cells: RenderableType) -> None:
        self._rows.append(tuple(Text(cell) if isinstance(cell, str) else cell for cell in cells))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        wishes = [self._wish(console, options, place) for place in range(len(self._names))]
        room = options.max_width - 3 * len(wishes) + 1
        if "main" in self._roles and self._ample(wishes) > room:
            yield from self._beneath(wishes, options.max_width)
        else:
            yield self._beside(widths(wishes, room))

    def _wish(self, console: Console, options: ConsoleOptions, place: int) -> tuple[int, int]:
        """The least and the most that a column has use for."""
        cells = [self._names[place], *(row[place] for row in self._rows)]
        measured = [Measurement.get(console, options, cell) for cell in cells]
        most = max(cell.maximum for cell in measured)
        if self._roles[place] == "main":
            return min(most, MAIN_LEAST), most
        return min(max(cell.minimum for cell in measured), WORD_MAX), most

    def _ample(self, wishes: Sequence[tuple[int, int]]) -> int:
        """What all columns take side by side when only long cells are wrapped."""
        columns = zip(wishes, self._roles, strict=True)
        return sum(least if role == "main" else min(most, SMALL_MAX) for (least, most), role in columns)

    def _beside(self, given: Sequence[int]) -> Table:
        made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for name, role, width in zip(self._names, self._roles, given, strict=True):
            made.add_column(name, justify=_justified(role), overflow="fold", width=width)
        for row in self._rows:
            made.add_row(*row)
        return made

    def _beneath(self, wishes: Sequence[tuple[int, int]], width: int) -> Iterator[RenderableType]:
        """Each row as a line of its small cells, and its main one below that."""
        main = self._roles.index("main")
        small = [place for place in range(len(wishes)) if place != main]
        given = widths([wishes[place] for place in small], width - 2 * (len(small) - 1))
        roles = [self._roles[place] for place in small]
        yield _line([self._names[place] for place in small], roles, given)
        yield _line([Text(" " * INDENT).append_text(self._names[main])], ["left"], [width])
        yield Text("─" * width)
        for row in self._rows:
            yield _line([row[place] for place in small], roles, given)
            yield _line(["", row[main]], ["left", "left"], [INDENT - 2, max(width - INDENT, 1)])


def _line(cells: Sequence[RenderableType], roles: Sequence[Role], given: Sequence[int]) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    for role, width in zip(roles, given, strict=True):
        made.add_column(justify=_justified(role), overflow="fold", width=width)
    made.add_row(*cells)
    return made


def _justified(role: Role) -> Literal["left", "right"]:
    return "right" if role == "right" else "left"


def widths(wishes: Sequence[tuple[int, int]], room: int) -> list[int]:
    """A width for each column (least, most) within `room`: the widest give way first, none below its least unless all
    of them together are too many. At least 1 each, and so perhaps more than `room`."""
    for level in range(max(most for _, most in wishes), 0, -1):
        given = [max(least, min(most, level)) for least, most in wishes]
        if sum(given) <= room:
            return given
    if all(least <= 1 for least, _ in wishes):
        return [1] * len(wishes)
    return widths([(1, least) for least, _ in wishes], room)


class Address:
    """An address on one line, shortened in its middle where there is no room for it."""

    def __init__(self, url: str, style: str = "") -> None:
        self._url, self._style = url, style

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(len(self._url), MAIN_LEAST), len(self._url)).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield Text(shortened(self._url, options.max_width), style=self._style, no_wrap=True, overflow="crop")


def shortened(url: str, width: int) -> str:
    """At most so many characters of the address: its host whole where that leaves a third, and its end, which
    tells articles and feeds of a site apart."""
    if len(url) <= width:
        return url
    host = url.find("/", url.find("://") + 3) + 1
    head = host if 0 < host <= width * 2 // 3 else width // 2
    tail = max(width - head - 1, 0)
    return f"{url[:head]}…{url[len(url) - tail :]}"[:width]
