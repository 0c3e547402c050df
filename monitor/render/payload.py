"""Edits and facts as JSON values, all of them or as many as there is room for."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from monitor.core.corrections import Notes
from monitor.core.diff import Edit, EditOp, Span
from monitor.core.facts import Fact
from monitor.core.wire import JsonObject
from monitor.render.cuts import abridged, head
from monitor.render.passages import marked

Item = TypeVar("Item")

EXCERPTS = ((600, 120, 40), (200, 40, 8))
"""Of an edit that has no room as a whole: characters of each change, of the text on either side of it, and how many
changed or kept runs."""

FACT_WIDTH = 200
"""Characters of a fact's `old` and `new`; the whole paragraph stands in the edits."""


def edits_json(
    edits: Iterable[Edit], limit_bytes: int | None = None, *, spans: bool = True
) -> tuple[list[JsonObject], bool]:
    """The edits in the shape of DESIGN.md, section 7, and whether some were cut to stay within `limit_bytes` of UTF-8:
    an edit that is too long is cut down to what it changes, with `excerpt` in it, and what comes after an edit that
    has no room even so is left out. Without `spans`, only edits that change something."""
    told = [edit for edit in edits if spans or edit.op is not EditOp.EQUAL]
    if limit_bytes is None:
        return [_whole(edit, spans) for edit in told], False
    fitting = list(_fitting(told, limit_bytes, lambda edit: _forms(edit, spans)))
    return fitting, len(fitting) < len(told) or any("excerpt" in value for value in fitting)


def _forms(edit: Edit, spans: bool) -> Iterator[JsonObject]:
    yield _whole(edit, spans)
    for most, context, runs in EXCERPTS:
        yield _edit_json(edit, abridged(edit.spans or marked(edit), most, context, runs), spans) | {"excerpt": True}


def _whole(edit: Edit, spans: bool) -> JsonObject:
    return _edit_json(edit, edit.spans, spans) | {"old": edit.old, "new": edit.new}


def _edit_json(edit: Edit, parts: Sequence[Span], spans: bool) -> JsonObject:
    old, new = ("".join(text for op, text in parts if op != gone) for gone in ("insert", "delete"))
    value: JsonObject = {"field": edit.field.value, "op": edit.op.value, "old": old, "new": new}
    if spans:
        value["spans"] = [[op, text] for op, text in parts]
    return value


def facts_json(facts: Iterable[Fact], limit_bytes: int) -> list[JsonObject]:
    """The facts, the weightiest first, as many as there is room for; with `excerpt` where a text is cut."""
    return list(_fitting(facts, limit_bytes, lambda fact: iter([_fact_json(fact)])))


def _fact_json(fact: Fact) -> JsonObject:
    old, new = head(fact.old, FACT_WIDTH), head(fact.new, FACT_WIDTH)
    value: JsonObject = {"kind": fact.kind.value, "field": fact.field.value, "old": old, "new": new}
    return value if (old, new) == (fact.old, fact.new) else value | {"excerpt": True}


def notes_json(found: Notes) -> list[JsonObject]:
    """The notes of a change, each with the changes that it explains."""
    return [
        {
            "text": head(note.text, FACT_WIDTH),
            "former": head(note.former, FACT_WIDTH),
            "notice": str(note.notice) if note.notice else None,
            "link": str(note.link),
            "explains": [{"change": change.id, "version": change.version} for change in note.explains],
            "because": note.because or None,
        }
        for note in found.notes
    ]


def encoded(value: object) -> str:
    """As it is sent: a lone surrogate, which UTF-8 has no bytes for, is replaced."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()


def _fitting(items: Iterable[Item], room: int, forms: Callable[[Item], Iterator[JsonObject]]) -> Iterator[JsonObject]:
    """Each item in the first of its forms that there is room for, up to the first item that has none."""
    for item in items:
        value = next((form for form in forms(item) if _size(form) <= room), None)
        if value is None:
            return
        room -= _size(value)
        yield value


def _size(value: JsonObject) -> int:
    """Bytes, and the comma that follows."""
    return len(encoded(value).encode()) + 1
