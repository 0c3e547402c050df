"""Edits + claims -> declaration, with its witnesses. Stealth is an accusation: in doubt it is `undetermined`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.article import (
    TEXT_FIELDS,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Declaration,
    Field,
)
from monitor.core.timestamps import Moves, compare_claims, could_have_moved, lies_ahead

LATE = timedelta(minutes=15)
"""A stamp that follows an edit within this time announces it, late."""

TRANSPORT = frozenset({ClaimSource.HTTP, ClaimSource.FEED})
"""Times of the delivery, not of the journalism: they never witness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A declaration and the sources it rests on. `declaration` is None when neither text nor stamp moved."""

    declaration: Declaration | None
    claims_moved: tuple[ClaimSource, ...] = ()
    claims_still: tuple[ClaimSource, ...] = ()


def declare(old: Content, new: Content, *, not_before: datetime, not_after: datetime) -> Judgement:
    """Judge the change from `old` to `new`, made somewhere between `not_before` and `not_after` (aware UTC)."""
    moves = compare_claims(old.claims, new.claims)
    moved = (*moves.moved, *(moves.appeared if not _stamped(old) else ()))
    text = any(field in TEXT_FIELDS for field in changed_fields(old, new))
    declaration = _of_text(old, new, moves, moved, not_before, not_after) if text else _of_stamp(moved)
    return Judgement(declaration=declaration, claims_moved=moved, claims_still=moves.still)


def _of_stamp(moved: Sequence[ClaimSource]) -> Declaration | None:
    return Declaration.RESTAMPED if moved else None


def _of_text(
    old: Content,
    new: Content,
    moves: Moves,
    moved: Sequence[ClaimSource],
    not_before: datetime,
    not_after: datetime,
) -> Declaration:
    if moved:
        return Declaration.ANNOUNCED
    if not _mentions_update(old) and not _mentions_update(new):
        return Declaration.UNSTAMPED
    contradicted = moves.backwards or moves.appeared or _published_moved(old, new) or _contradicts_itself(new)
    if contradicted or not moves.still or lies_ahead(new.claims, not_before):
        return Declaration.UNDETERMINED
    witnesses = [c for c in new.claims if c.source in moves.still]
    if could_have_moved(witnesses, not_before=not_before, not_after=not_after):
        return Declaration.STEALTH
    return Declaration.UNDETERMINED


def _stamped(content: Content) -> bool:
    return any(_believed(claim) for claim in content.claims)


def _believed(claim: Claim) -> bool:
    return claim.kind is ClaimKind.UPDATED and claim.believed and claim.at is not None


def _mentions_update(content: Content) -> bool:
    """Whether the page says anything of an update, believed or not: a doubtful stamp is a doubt, not an absence."""
    return any(c.kind is ClaimKind.UPDATED and c.source not in TRANSPORT for c in content.claims)


def _contradicts_itself(content: Content) -> bool:
    """Whether two sources of the page cannot both be right about the last update, or one is ahead of all clocks."""
    return any(c.kind is ClaimKind.UPDATED and c.doubt in ("conflict", "future") for c in content.claims)


def _published_moved(old: Content, new: Content) -> bool:
    """A publication time that was rewritten contradicts an update time that stood still."""
    before, after = _publication(old), _publication(new)
    return bool(before and after and before.source is after.source and before.at != after.at)


def _publication(content: Content) -> Claim | None:
    """What the publisher states of it: a day that we had to search for comes and goes with the page around it."""
    claim = content.claim(ClaimKind.PUBLISHED)
    return claim if claim and claim.source is not ClaimSource.INFERRED else None


def changed_fields(old: Content, new: Content) -> tuple[Field, ...]:
    """In what the two differ, as a version counts it (DESIGN: words). Kinds and ranks of blocks do not count."""
    differs = {
        Field.HEADLINE: old.headline != new.headline,
        Field.STANDFIRST: old.standfirst != new.standfirst,
        Field.BYLINE: old.byline != new.byline,
        Field.BODY: old.paragraphs != new.paragraphs,
        Field.CAPTIONS: old.captions != new.captions,
        Field.CORRECTIONS: old.corrections != new.corrections,
        Field.PUBLISHED: _published_differs(old, new),
        Field.UPDATED: _updated_differs(old, new),
        Field.LIVE: old.live != new.live,
    }
    return tuple(field for field, does in differs.items() if does)


def text_changed(fields: Sequence[Field]) -> bool:
    return any(field in TEXT_FIELDS for field in fields)


def _published_differs(old: Content, new: Content) -> bool:
    before, after = _publication(old), _publication(new)
    if before is None or after is None:
        return (before is None) is not (after is None)
    return before.source is after.source and before.at != after.at


def _updated_differs(old: Content, new: Content) -> bool:
    """A stamp that moved, or the first or the last of all. Sources that come and go with the mark-up are not news, nor
    is a claim that only our belief in it has changed."""
    moves = compare_claims(old.claims, new.claims)
    first, last = moves.appeared and not _stamped(old), moves.vanished and not _stamped(new)
    return bool(moves.moved or moves.backwards or first or last)
