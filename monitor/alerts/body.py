"""The webhook body: the JSON of DESIGN.md, section 7, in less than 20 kB."""

import json
from collections.abc import Sequence
from datetime import datetime

from monitor.alerts.story import Story
from monitor.core.article import Content
from monitor.core.diff import Edit
from monitor.core.text import printable
from monitor.core.wire import JsonObject, instant_json

BODY_MAX = 19_999
"""Bytes. Standard Webhooks 1.0 asks for less than 20 kB."""
TEXT_MAX = 500
"""Characters of a headline, an address or a publisher's words: more is an attack or a defect of the page."""
EXCERPT, CONTEXT = 600, 120
"""Of an edit that is too long to be sent whole: how much is shown, and how much of that precedes the difference."""
LISTED_MAX = 40


def webhook_body(kind: str, created_at: datetime, stories: Sequence[Story], whole: Story) -> str:
    """The body for these deliveries of one article. `whole` is all their changes as one; `changes` lists each where
    there is more than one. Too much text is cut, with `truncated` in the change."""
    document: JsonObject = {
        "type": kind,
        "timestamp": instant_json(created_at),
        "data": {
            "article": _article(whole),
            "change": _change(whole),
            "publisher": _publisher(whole),
        },
    }
    data = document["data"]
    if whole.event is not None or whole.change is None:
        data["event"] = _event(whole)
    if len(stories) > 1:
        data["changes"] = [_listed(story) for story in stories[-LISTED_MAX:]]
        data["changes_total"] = len(stories)
    return _fitted(document, whole.changed)


def _article(story: Story) -> JsonObject:
    row = story.row
    return {
        "id": row.article_id,
        "url": story.url[: 4 * TEXT_MAX],
        "headline": _cut(row.headline),
        "stage": str(row.stage) if row.stage is not None else None,
        "tags": [printable(tag, 100) for tag in row.tags[:50]],
    }


def _change(story: Story) -> JsonObject | None:
    change = story.change
    if change is None:
        return None
    late = change.announced_late_by
    return {
        **_listed(story),
        "state": str(change.state),
        "cosmetic": change.cosmetic,
        "similarity": round(change.similarity, 4),
        "claims_moved": [str(source) for source in change.claims_moved],
        "claims_still": [str(source) for source in change.claims_still],
        "announced_late_by": late.total_seconds() if late is not None else None,
        "edits": [],
    }


def _listed(story: Story) -> JsonObject:
    change = story.change
    if change is None:
        return {"event": str(story.row.event)}
    return {
        "id": change.id,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "declaration": str(change.declaration) if change.declaration else None,
        "fields": [str(field) for field in change.fields],
        "words_added": change.words_added,
        "words_removed": change.words_removed,
        "not_before": instant_json(change.not_before),
        "not_after": instant_json(change.not_after),
    }


def _publisher(story: Story) -> JsonObject:
    new: Content | None = story.new.content if story.new else None
    old: Content | None = story.old.content if story.old else None
    return {
        "published_at": instant_json(new.claimed_published_at) if new else None,
        "updated_at": instant_json(new.claimed_updated_at) if new else None,
        "updated_raw": _cut(new.claimed_updated_raw) if new else None,
        "previous_updated_at": instant_json(old.claimed_updated_at) if old else None,
    }


def _event(story: Story) -> JsonObject | None:
    event = story.event
    if event is None:
        return None
    return {
        "id": event.id,
        "not_before": instant_json(event.not_before),
        "not_after": instant_json(event.not_after),
        "detail": _cut(event.detail),
    }


def _fitted(document: JsonObject, edits: Sequence[Edit]) -> str:
    """The document with its edits: all of them, or as many as fit, the long ones cut down to their difference."""
    change = document["data"]["change"]
    if change is None:
        return _json(document)
    change["edits"] = [_edit(edit) for edit in edits]
    text = _json(document)
    if len(text.encode()) <= BODY_MAX:
        return text
    change["truncated"], change["edits"] = True, []
    room = BODY_MAX - len(_json(document).encode())
    for edit in edits:
        fitting = next((e for e in (_edit(edit), _excerpt(edit)) if len(_json(e).encode()) < room), None)
        if fitting is None:
            break
        room -= len(_json(fitting).encode()) + 1
        change["edits"].append(fitting)
    return _json(document)


def _edit(edit: Edit) -> JsonObject:
    return {"field": str(edit.field), "op": str(edit.op), "old": edit.old, "new": edit.new}


def _excerpt(edit: Edit) -> JsonObject:
    start = max(0, _common(edit.old, edit.new) - CONTEXT)
    return {**_edit(edit), "old": _from(edit.old, start), "new": _from(edit.new, start)}


def _common(old: str, new: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _from(text: str, start: int) -> str:
    before, after = "…" if start and text else "", "…" if len(text) > start + EXCERPT else ""
    return before + text[start : start + EXCERPT] + after


def _cut(text: str | None) -> str | None:
    return printable(text, TEXT_MAX) if text is not None else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
