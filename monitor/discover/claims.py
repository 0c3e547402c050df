"""The times that a source gives for an article, as claims."""

from datetime import datetime

from monitor.core.article import Claim, ClaimKind, ClaimSource
from monitor.core.text import normalise
from monitor.discover.found import Item

LONGEST_RAW = 200


def claims_of(item: Item) -> tuple[Claim, ...]:
    """One for each time that it gives; they are noted and never believed, being about the source's copy."""
    from monitor.core.timestamps import reconcile  # its tables take a while to load, and a start waits for them

    found = (
        _claim(ClaimKind.PUBLISHED, item.raw_published, item.published_at),
        _claim(ClaimKind.UPDATED, item.raw_updated, item.updated_at),
    )
    return reconcile([claim for claim in found if claim], captured_at=None)


def _claim(kind: ClaimKind, raw: str | None, at: datetime | None) -> Claim | None:
    raw = normalise(raw or "")[:LONGEST_RAW]
    if not raw:
        return None
    from monitor.core.timestamps import Stamp, claim_of, parse_machine

    stamp = parse_machine(raw)
    if (stamp is None or stamp.at is None) and at is not None:
        # A feed's reader knows more of the forms that only feeds have.
        stamp = Stamp(at, stamp.precision if stamp else None)
    return claim_of(kind, stamp, raw, ClaimSource.FEED)
