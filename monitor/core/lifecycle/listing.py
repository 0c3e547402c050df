"""What a source says of an article that it lists, and when that is worth a look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.article import Article, Claim, ClaimSource, Listed, Stage
from monitor.core.headline import Surface, SurfaceText
from monitor.core.text import normalise

_AFTER = (ClaimSource.HTTP, ClaimSource.INFERRED)
"""What is trusted even less than a source (`timestamps.trust`)."""


def listed_again(
    article: Article, listed: Listed, *, now: datetime, soonest: timedelta
) -> tuple[Listed, datetime | None]:
    """What to remember of what a source says now, and the time of a look that it brings forward, if it does.

    A look is worth it when a time moved there or the headline is another one, and no sooner than `soonest` after the
    last. Some feeds stamp all their items anew each time they are made: after each look in vain the next move has to
    wait twice as long. Where several sources list an article, the first is the one that is heard.
    """
    before = article.listed
    if before is None:
        return listed, None
    if before.source_id != listed.source_id:
        return before, None
    merged = replace(before, headline=listed.headline, claims=listed.claims)
    if not _has_news(before, listed) or article.error_streak or article.stage is Stage.PAUSED:
        return merged, None
    in_vain = _in_vain(article, before)
    at = max(now, (article.last_checked_at or now) + soonest)
    if before.hastened_at is not None and in_vain:
        at = max(at, before.hastened_at + soonest * float(2 ** min(in_vain, 12)))
    if article.next_check_at is not None and article.next_check_at <= at:
        return merged, None
    return replace(merged, hastened_at=at, in_vain=in_vain), at


def with_listed(claims: Sequence[Claim], listed: Listed | None) -> tuple[Claim, ...]:
    """The claims of a page with those of its source among them, in the order of trust."""
    if listed is None or not listed.claims:
        return tuple(claims)
    after = next((place for place, claim in enumerate(claims) if claim.source in _AFTER), len(claims))
    return (*claims[:after], *listed.claims, *claims[after:])


def titled_by_source(said: Sequence[SurfaceText], listed: Listed | None) -> tuple[SurfaceText, ...]:
    """The headlines of a page's surfaces, with that of its source among them."""
    if listed is None or not listed.headline:
        return tuple(said)
    return (*said, SurfaceText(Surface.FEED, normalise(listed.headline)))


def _has_news(before: Listed, now: Listed) -> bool:
    if before.headline and now.headline and before.headline != now.headline:
        return True
    latest = {claim.kind: claim.at for claim in before.claims}
    return any(
        claim.at is not None and (earlier := latest.get(claim.kind)) is not None and claim.at > earlier
        for claim in now.claims
    )


def _in_vain(article: Article, before: Listed) -> int:
    """How many of the last looks that a source brought forward found nothing; one that is still to come does not
    count."""
    if before.hastened_at is None or article.last_checked_at is None or article.last_checked_at < before.hastened_at:
        return before.in_vain
    found = article.last_changed_at is not None and article.last_changed_at >= before.hastened_at
    return 0 if found else before.in_vain + 1
