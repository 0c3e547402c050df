"""Edits -> what became of correction notes: one was added, reworded or removed.

A note stands in its own field or, labelled, inside a paragraph. One that only went from the one place to the other has
not changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import regex

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp, changed
from monitor.core.diff.edits import words
from monitor.core.facts import Notice
from monitor.core.facts.notices import kind_of, labelled
from monitor.core.text import fold


class NoteOp(StrEnum):
    ADDED = "added"
    REWORDED = "reworded"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEdit:
    """What became of one note. `text` is the note, of a removed one what it said; `former` what one said that was
    reworded, or that sentences were added to; `come` the words that are new in it."""

    op: NoteOp
    text: str
    former: str = ""
    come: str = ""

    @property
    def kind(self) -> Notice | None:
        return kind_of(self.text)


LONGEST = 4_000
"""Characters of a note that are read."""

APPENDED_LEAST = 4
"""Words of a sentence that was added to a note, from which it can be a note of its own."""

_MARKS = regex.compile(r"[\W_]+")


def note_key(text: str) -> str:
    """Equal for notes that differ in no word."""
    return _MARKS.sub("", fold(text)).casefold()


def note_edits(edits: Sequence[Edit]) -> tuple[NoteEdit, ...]:
    """In reading order."""
    found = [note for edit in changed(edits) for note in _of(edit)]
    gone = {note_key(note.text) for note in found if note.op is NoteOp.REMOVED}
    come = {note_key(note.text) for note in found if note.op is NoteOp.ADDED}
    moved = gone & come
    found = [note for note in found if note.op is NoteOp.REWORDED or note_key(note.text) not in moved]
    return tuple(_paired(found))


def _paired(found: Sequence[NoteEdit]) -> Iterator[NoteEdit]:
    """One note that went and one that came under the same label are one note, however little they have in common."""
    gone = [note for note in found if note.op is NoteOp.REMOVED]
    come = [note for note in found if note.op is NoteOp.ADDED and not note.former]
    if len(gone) != 1 or len(come) != 1 or not _label(gone[0].text) or _label(gone[0].text) != _label(come[0].text):
        yield from found
        return
    for note in found:
        if note is come[0]:
            yield replace(note, op=NoteOp.REWORDED, former=gone[0].text)
        elif note is not gone[0]:
            yield note


_LABEL = regex.compile(r"[^:：]{1,40}[:：]")


def _label(note: str) -> str:
    """The words before its colon; "" where there is none."""
    match = _LABEL.match(note)
    return note_key(match.group()) if match else ""


def is_note_alone(edit: Edit) -> bool:
    """Whether the edit touches nothing but a note."""
    if edit.field is Field.CORRECTIONS:
        return True
    if edit.field not in (Field.BODY, Field.STANDFIRST):
        return False
    old, new = without_note(edit.old), without_note(edit.new)
    return (old, new) != (edit.old, edit.new) and note_key(old) == note_key(new)


def without_note(text: str) -> str:
    """A paragraph of the text without the note that is labelled in it."""
    note = labelled(text)
    return text.replace(note, "", 1).rstrip(" ([（【*") if note else text


def _of(edit: Edit) -> Iterator[NoteEdit]:
    if edit.field is Field.CORRECTIONS:
        yield from _between(edit.old, edit.new, edit)
    elif edit.field in (Field.STANDFIRST, Field.BODY):
        old, new = labelled(edit.old), labelled(edit.new)
        if note_key(old) != note_key(new):
            yield from _between(old, new, None)


def _between(old: str, new: str, edit: Edit | None) -> Iterator[NoteEdit]:
    old, new = old[:LONGEST], new[:LONGEST]
    if note_key(old) == note_key(new):
        return
    if not old:
        yield NoteEdit(op=NoteOp.ADDED, text=new, come=new)
    elif not new:
        yield NoteEdit(op=NoteOp.REMOVED, text=old)
    elif edit is not None and edit.op is EditOp.REPLACE and (more := _appended(edit.spans)):
        yield NoteEdit(op=NoteOp.ADDED, text=new, former=old, come=more)
    else:
        come = " ".join(_come(edit.spans)) if edit else new
        yield NoteEdit(op=NoteOp.REWORDED, text=new, former=old, come=come)


_SENTENCE_END = regex.compile(r"[.!?…。！？।؟]['\"”»’)\]】]*\s*$")


def _appended(spans: Iterable[tuple[str, str]]) -> str:
    """The whole sentences that were added to a note of which nothing went; "" where there are none."""
    before, sentences = "", [""]
    for op, text in spans:
        if op == "delete" and note_key(text):
            return ""
        if op == "insert" and note_key(text):
            # A sentence begins where another ends, or before the whole note.
            begins = not note_key(before) or _SENTENCE_END.search(before)
            ends = _SENTENCE_END.search(text)
            if not begins or not ends:
                return ""
            sentences.append(text.strip())
        if op != "delete":
            before += text
    added = " ".join(filter(None, sentences))
    return added if words(added) >= APPENDED_LEAST else ""


def _come(spans: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (text for op, text in spans if op == "insert")
