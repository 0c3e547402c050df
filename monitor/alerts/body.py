"""The webhook body: the JSON of DESIGN.md, section 7, in less than 20 kB."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from monitor.alerts.story import Story
from monitor.core.article import Content
from monitor.core.blog import Deed, EntryChange
from monitor.core.wire import JsonObject, entry_change_json, instant_json
from monitor.render.cuts import head
from monitor.render.passages import clipped
from monitor.render.payload import edits_json, encoded, facts_json, notes_json

Item = TypeVar("Item")
Value = TypeVar("Value")

BODY_MAX = 19_999
"""Bytes. Standard Webhooks 1.0 asks for less than 20 kB."""
NOTES_MAX = 5
"""Notes that are linked; the facts and edits hold them all."""
TEXT_MAX = 500
"""Characters of a headline or a publisher's words: more is an attack or a defect of the page."""
URL_MAX = 2_000
"""Bytes, as all that follow."""
TAGS_MAX = 1_500
CHANGES_MAX = 5_000
FACTS_MAX = 3_000
ENTRIES_MAX = 4_000
ENTRY_ID_MAX = 300


def webhook_body(kind: str, created_at: datetime, stories: Sequence[Story], whole: Story) -> str:
    """The body for these deliveries of one article. `whole` is all their changes as one; `changes` lists each where
    there is more than one, the newest that there is room for.

    The headline goes first, then the facts, then the edits. Where edits are cut or left out, `truncated` says so, and
    `excerpt` in each that is cut; `facts_total` and `edits_total` are how many there are. Other texts that are cut end
    with an ellipsis.
    """
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
        newest = _within(reversed(stories), CHANGES_MAX, _listed)
        data["changes"], data["changes_total"] = newest[::-1], len(stories)
    if whole.change is not None:
        _fill(document, whole)
    return encoded(document)


def item_json(story: Story, line: str) -> JsonObject:
    """One alert among many: `line` says it in words."""
    headline = story.row.headline
    return {
        "article": {
            **_article(story),
            "url": clipped(story.url, 600),
            "headline": clipped(headline, 200) if headline is not None else None,
        },
        "event": str(story.row.event),
        "change": _listed(story) if story.change is not None else None,
        "summary": line,
    }


def _article(story: Story) -> JsonObject:
    row = story.row
    return {
        "id": row.article_id,
        "url": story.url if _size(story.url) <= URL_MAX else head(story.url, URL_MAX // 4),
        "headline": _cut(row.headline),
        "stage": str(row.stage) if row.stage is not None else None,
        "tags": _within(row.tags, TAGS_MAX, lambda tag: clipped(tag, 100)),
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
        "notes": notes_json(story.notes)[:NOTES_MAX],
        "facts_without_note": story.notes.facts_without_note,
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


def _fill(document: JsonObject, story: Story) -> None:
    """Put the facts and the edits into the change, as much of them as there is room for."""
    change, found = document["data"]["change"], story.facts
    if story.change is not None and story.change.entries:
        # Old entries that were touched come first: there may not be room for all.
        entries = sorted(story.change.entries, key=lambda one: one.what is Deed.ADDED)
        change |= {"entries": _within(entries, ENTRIES_MAX, _entry), "entries_total": len(entries)}
    change |= {
        "truncated": True,
        "facts": [],
        "facts_total": len(found),
        "edits": [],
        "edits_total": len(story.changed),
    }
    change["facts"] = facts_json(found, min(FACTS_MAX, _room(document) // 2))
    change["edits"], cut = edits_json(story.edits, _room(document), spans=False)
    if not cut:
        del change["truncated"]


def _entry(change: EntryChange) -> JsonObject:
    return {**entry_change_json(change), "id": clipped(change.id, ENTRY_ID_MAX), "headline": _cut(change.headline)}


def _room(document: JsonObject) -> int:
    return BODY_MAX - _size(document)


def _within(items: Iterable[Item], room: int, form: Callable[[Item], Value]) -> list[Value]:
    """The first of them, as many as there is room for."""
    fitting = []
    for item in items:
        value = form(item)
        room -= _size(value) + 1
        if room < 0:
            break
        fitting.append(value)
    return fitting


def _size(value: object) -> int:
    """Bytes of it as JSON."""
    return len(encoded(value).encode())


def _cut(text: str | None) -> str | None:
    return clipped(text, TEXT_MAX) if text is not None else None
