"""What became of a live blog's entries, in words: the same in a mail, in a terminal and on a page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo

from monitor.core.article import Declaration
from monitor.core.blog import DONE, MOVES, Deed, EntryChange, counted_entries
from monitor.core.text import printable

LISTED = 8
"""So many old entries are told of one by one; of the rest, how many they are."""
HEADLINE_MAX = 90

_DECLARED = {
    Declaration.ANNOUNCED: ", and its time says so",
    Declaration.STEALTH: ", and no time says so: stealth",
    Declaration.UNDETERMINED: "; whether a time says so cannot be told",
    Declaration.UNSTAMPED: "",
    Declaration.RESTAMPED: "",
}


def entry_lines(changes: Sequence[EntryChange], tz: tzinfo = UTC) -> Iterator[str]:
    """A sentence for all that was added, and one for each old entry that was touched."""
    added = [change for change in changes if change.what is Deed.ADDED]
    if added:
        yield f"{counted_entries(added)[1:]} added{_named(added, tz)}."
    others = [change for change in changes if change.what is not Deed.ADDED]
    for change in others[:LISTED]:
        said = "" if change.what in MOVES or change.declaration is None else _DECLARED[change.declaration]
        yield f"Entry{_which(change, tz)} {DONE[change.what]}{said}."
    if len(others) > LISTED:
        yield f"… {len(others) - LISTED} more entries touched."


def _named(added: Sequence[EntryChange], tz: tzinfo) -> str:
    """The one entry that was added; the names of several stand in the diff."""
    return f":{_which(added[0], tz)}" if len(added) == 1 and _which(added[0], tz) else ""


def _which(change: EntryChange, tz: tzinfo) -> str:
    headline = f' "{printable(change.headline, HEADLINE_MAX)}"' if change.headline else ""
    return headline + (f" of {change.at.astimezone(tz):%Y-%m-%d %H:%M %Z}" if change.at else "")
