"""What one delivery tells, gathered from the store: the change between the two versions that its reader has to know
of, or the event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from monitor.core import diff as differ
from monitor.core.article import TEXT_FIELDS, Version
from monitor.core.blog import judged_between
from monitor.core.classify import changed_fields, text_changed
from monitor.core.corrections import NO_NOTES, Notes, ToldChange, linked
from monitor.core.diff import Edit, EditOp
from monitor.core.facts import Fact, facts
from monitor.store import EventRow, OutboxRow, Store, StoredChange


@dataclass(frozen=True, kw_only=True)
class Story:
    """One delivery with all that is to be said of it. `edits` holds unchanged paragraphs too. An event has no
    `change`; `new` is then the version that was current, where there was one."""

    row: OutboxRow
    url: str
    host: str
    change: StoredChange | None = None
    edits: tuple[Edit, ...] = ()
    old: Version | None = None
    new: Version | None = None
    event: EventRow | None = None
    notes: Notes = NO_NOTES

    @property
    def changed(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if edit.op is not EditOp.EQUAL)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return facts(self.edits)


async def read_story(store: Store, row: OutboxRow) -> Story:
    """Read what the row points at. Only rows that never change are used, so that it reads the same at every try."""
    if row.change_id is not None:
        return await _of_change(store, row, row.change_id)
    assert row.article_id is not None
    article = await store.article(row.article_id)
    new = await store.version(row.to_version_id) if row.to_version_id is not None else None
    event = None
    if row.event_id is not None:
        event = next((e for e in await store.events(row.article_id) if e.id == row.event_id), None)
    return Story(row=row, url=article.url, host=article.host, new=new, event=event)


async def _of_change(store: Store, row: OutboxRow, change_id: int) -> Story:
    change = await store.change(change_id)
    old = await store.version(row.from_version_id or change.from_version_id)
    new = await store.version(row.to_version_id or change.to_version_id)
    if (old.id, new.id) == (change.from_version_id, change.to_version_id):
        edits = await store.edits(change_id)
        told = await store.told(change_id)
        if told is not None:
            edits, change = told, _narrowed(change, told)
    else:
        # A second change came while the first was held: people are told of both as one, from what they last knew.
        edits = differ.diff(old.content, new.content)
        change = _between(old, new, change, edits)
    change = replace(change, announced_late_by=_late_as_of(row, change))
    notes = await notes_as_of(store, change, edits)
    return Story(row=row, url=change.url, host=change.host, change=change, edits=edits, old=old, new=new, notes=notes)


async def notes_as_of(store: Store, change: StoredChange, edits: tuple[Edit, ...]) -> Notes:
    """What there was to say of the notes of a change when it was made: later ones may explain it since. `edits` are
    what is told of it."""
    own = ToldChange(
        change_id=change.id,
        version=change.to_version,
        edits=edits,
        not_before=change.not_before,
        not_after=change.not_after,
        claims=change.new_claims,
    )
    # Most changes touch no note, and need no past.
    alone = linked([own])[change.id]
    if not alone.notes:
        return alone
    before = await store.told_changes(change.article_id, until=change.id - 1)
    return linked([*before, own])[change.id]


def _narrowed(change: StoredChange, told: tuple[Edit, ...]) -> StoredChange:
    """The change as far as it stood in two fetches."""
    stats, beside = differ.stats(told), [field for field in change.fields if field not in TEXT_FIELDS]
    return replace(
        change,
        fields=(*differ.fields_of(told), *beside),
        words_added=stats.words_added,
        words_removed=stats.words_removed,
        similarity=stats.similarity,
        cosmetic=differ.is_cosmetic(told),
    )


def _between(old: Version, new: Version, last: StoredChange, edits: tuple[Edit, ...]) -> StoredChange:
    fields, stats = changed_fields(old.content, new.content), differ.stats(edits)
    not_before = old.last_seen_at
    judged, entries = judged_between(old.content, new.content, not_before=not_before, not_after=last.not_after)
    return replace(
        last,
        from_version=old.number,
        to_version=new.number,
        from_version_id=old.id,
        to_version_id=new.id,
        declaration=judged.declaration,
        claims_moved=judged.claims_moved,
        claims_still=judged.claims_still,
        fields=fields,
        words_added=stats.words_added,
        words_removed=stats.words_removed,
        similarity=stats.similarity,
        cosmetic=text_changed(fields) and differ.is_cosmetic(edits),
        not_before=not_before,
        old_claims=old.content.claims,
        new_claims=new.content.claims,
        entries=entries,
    )


def _late_as_of(row: OutboxRow, change: StoredChange) -> timedelta | None:
    """A stamp that followed later than this row was written is left out: a retry must say what the first try said."""
    late = change.announced_late_by
    return late if late is not None and change.not_after + late <= row.created_at else None


def whole(stories: Sequence[Story]) -> Story:
    """Several changes of one article as one: from the text before the first to the text after the last."""
    first, last = stories[0], stories[-1]
    if len(stories) == 1 or first.old is None or last.new is None or last.change is None:
        return last
    edits = differ.diff(first.old.content, last.new.content)
    change = _between(first.old, last.new, last.change, edits)
    return replace(last, change=change, edits=edits, old=first.old)
