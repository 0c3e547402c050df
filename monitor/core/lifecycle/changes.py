"""What lies between two versions, as it is recorded, and what of it people are told."""

from dataclasses import replace
from datetime import datetime

from monitor.core import diff as differ
from monitor.core.article import TEXT_FIELDS, Content, Declaration, Field, Version
from monitor.core.blog import EntryChange, judged_between, shown_before
from monitor.core.classify import Judgement, changed_fields, text_changed
from monitor.core.diff import Edit
from monitor.core.lifecycle.decision import ChangeState, NewChange


def change_between(base: Version, content: Content, fields: tuple[Field, ...], *, now: datetime) -> NewChange:
    """The change from `base` to `content`, provisional where the publisher's stamp did not move with the text.

    Raises BrokenDiff when the diff does not rebuild both texts."""
    edits = differ.diff(base.content, content)
    differ.check(edits, base.content, content)
    judged, entries = judged_between(base.content, content, not_before=base.last_seen_at, not_after=now)
    told = _without_shown(base.content, content)
    stats = differ.stats(edits if told is None else told)
    cosmetic = text_changed(fields) and differ.is_cosmetic(edits)
    is_news = text_changed(fields) if told is None else bool(differ.changed(told))
    declaration = judged.declaration if is_news or not text_changed(fields) else _of_stamp(judged)
    held = is_news and not cosmetic and declaration is not Declaration.ANNOUNCED
    return NewChange(
        from_version_id=base.id,
        state=ChangeState.PROVISIONAL if held else ChangeState.CONFIRMED,
        declaration=declaration,
        claims_moved=judged.claims_moved,
        claims_still=judged.claims_still,
        fields=fields,
        edits=edits,
        patch=differ.patch_text(base.content, content),
        words_added=stats.words_added,
        words_removed=stats.words_removed,
        similarity=stats.similarity,
        cosmetic=cosmetic,
        not_before=min(base.last_seen_at, now),  # a clock that was set back makes no window end before it begins
        not_after=now,
        old_claims=base.content.claims,
        new_claims=content.claims,
        told=told,
        entries=entries,
    )


def entries_told(base: Version, content: Content, *, now: datetime) -> tuple[EntryChange, ...]:
    """What became of the entries on the way to what people are told of."""
    return judged_between(base.content, content, not_before=base.last_seen_at, not_after=now)[1]


def _of_stamp(judged: Judgement) -> Declaration | None:
    """The declaration of a page that only shows more of what it had."""
    return Declaration.RESTAMPED if judged.claims_moved else None


def _without_shown(base: Content, content: Content) -> tuple[Edit, ...] | None:
    """The edits but for entries that were there before, out of sight; None where there are none such."""
    shown = shown_before(base.entries, content.entries) if base.entries else frozenset()
    if not shown:
        return None
    blocks = tuple(block for block in content.blocks if block.entry not in shown)
    return differ.diff(base, replace(content, blocks=blocks))


def told_from(change: NewChange, base: Version, content: Content) -> tuple[tuple[Edit, ...], tuple[EntryChange, ...]]:
    """What people are told of a change when they last knew of `base`, and what became of the entries."""
    if base.id == change.from_version_id:
        return change.told or change.edits, change.entries
    edits = _without_shown(base.content, content) or differ.diff(base.content, content)
    return edits, entries_told(base, content, now=change.not_after)


def in_state(change: NewChange, state: ChangeState, reason: str = "") -> NewChange:
    return replace(change, state=state, reason=reason or change.reason)


def only_headline_returns(told: Content, seen: Content, again: Content) -> bool:
    """Whether the headline of `told` is back, and nothing else of the text is another than it was `seen`."""
    fields = [field for field in changed_fields(seen, again) if field in TEXT_FIELDS]
    return fields == [Field.HEADLINE] and again.headline == told.headline


def told_of(base: Content, seen: Content, firm: Content) -> tuple[Edit, ...] | None:
    """The edits from `base` to what stands of `seen`; None where all of it does."""
    if all(differ.texts(seen, field) == differ.texts(firm, field) for field in TEXT_FIELDS):
        return None
    return differ.diff(base, firm)
