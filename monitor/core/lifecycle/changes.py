"""What lies between two versions, as it is recorded, and what of it people are told."""

from dataclasses import replace
from datetime import datetime

from monitor.core import diff as differ
from monitor.core.article import TEXT_FIELDS, Content, Declaration, Field, Version
from monitor.core.classify import changed_fields, declare, text_changed
from monitor.core.diff import Edit
from monitor.core.lifecycle.decision import ChangeState, NewChange


def change_between(base: Version, content: Content, fields: tuple[Field, ...], *, now: datetime) -> NewChange:
    """The change from `base` to `content`, provisional where the publisher's stamp did not move with the text.

    Raises BrokenDiff when the diff does not rebuild both texts."""
    edits = differ.diff(base.content, content)
    differ.check(edits, base.content, content)
    stats = differ.stats(edits)
    judged = declare(base.content, content, not_before=base.last_seen_at, not_after=now)
    cosmetic = text_changed(fields) and differ.is_cosmetic(edits)
    held = text_changed(fields) and not cosmetic and judged.declaration is not Declaration.ANNOUNCED
    return NewChange(
        from_version_id=base.id,
        state=ChangeState.PROVISIONAL if held else ChangeState.CONFIRMED,
        declaration=judged.declaration,
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
    )


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
