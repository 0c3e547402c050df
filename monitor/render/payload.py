"""Edits as JSON values."""

import json
from collections.abc import Iterable

from monitor.core.diff import Edit, EditOp
from monitor.core.wire import JsonObject


def edits_json(
    edits: Iterable[Edit], limit_bytes: int | None = None, *, spans: bool = True
) -> tuple[list[JsonObject], bool]:
    """The edits in the shape of DESIGN.md, section 7, and whether some had to be left out to stay within
    `limit_bytes` of UTF-8. Without `spans`, only those that change something. An edit is given whole or not at all."""
    fitting: list[JsonObject] = []
    left = limit_bytes
    for edit in edits:
        if not spans and edit.op is EditOp.EQUAL:
            continue
        value = _edit_json(edit, spans)
        if left is not None:
            left -= len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) + 2
            if left < 0:
                return fitting, True
        fitting.append(value)
    return fitting, False


def _edit_json(edit: Edit, spans: bool) -> JsonObject:
    value: JsonObject = {"field": edit.field.value, "op": edit.op.value, "old": edit.old, "new": edit.new}
    if spans:
        value["spans"] = [[op, text] for op, text in edit.spans]
    return value
