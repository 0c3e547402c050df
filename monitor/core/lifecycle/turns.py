"""Whose turn it is, when a host has more due articles than its manners leave requests for."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.core.article import Article, Stage

LEFT_FOR_THE_REST = 4
"""One request of so many is theirs, however many live articles are due."""
NEVER_SEEN = timedelta(minutes=2)
"""A found article that has no interval yet is as urgent as one that is looked at so often."""


def turns(due: Sequence[Article], *, now: datetime, places: int, shift: int = LEFT_FOR_THE_REST - 2) -> list[Article]:
    """The articles that get the next so many requests to their host, in order: changes that wait for their second look,
    then live articles, then the rest; of these, the one that is latest in its own measure.

    So when there is too much to do, live articles keep their interval for as long as they can, and the intervals of all
    others grow by one factor. `shift` says which request of each round is left for them: a visit to a slow host ends
    after one or two, so that it has to be another one at each visit.
    """
    first = deque(sorted((one for one in due if goes_first(one)), key=_waiting))
    rest = deque(sorted((one for one in due if not goes_first(one)), key=lambda one: (-lateness(one, now), one.id)))
    order: list[Article] = []
    while len(order) < places and (first or rest):
        is_theirs = len(order) % LEFT_FOR_THE_REST == shift
        order.append(rest.popleft() if rest and (is_theirs or not first) else first.popleft())
    return order


def goes_first(article: Article) -> bool:
    return article.hold is not None or article.stage is Stage.LIVE


def lateness(article: Article, now: datetime) -> float:
    """How long it has been due, in intervals of its own."""
    if article.next_check_at is None:
        return 0.0
    return (now - article.next_check_at) / (article.interval or NEVER_SEEN)


def _waiting(article: Article) -> tuple[bool, datetime, int]:
    assert article.next_check_at is not None
    return article.hold is None, article.next_check_at, article.id
