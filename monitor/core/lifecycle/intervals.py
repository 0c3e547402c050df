"""How long to wait: for an article's next look, after a failure, for a whole host."""

import re
from datetime import datetime, timedelta

from monitor.core.address import host_of
from monitor.core.article import Article
from monitor.core.capture import HOST_WIDE, Capture, Outcome
from monitor.core.lifecycle.rates import UNKNOWN_HOST, HostHabits, edits_a_day
from monitor.core.policy import SchedulePolicy

DAY = timedelta(days=1)
POWER = 0.8
FIRST_DAY = 0.2
"""The rate that earns `fresh`, in edits a day."""
BACKOFF_MAX = DAY
HOST_PAUSE_MAX = timedelta(minutes=30)
HOST_WIDE_MAX = timedelta(hours=1)
"""The longest wait of an article after a failure that was its host's: that says nothing of the article, and the pause
of the host is what spares it. A live article just keeps its interval."""
SETTLED_AFTER = timedelta(hours=24)
"""An article without the live marker that has been quiet this long has settled: 81 % of edits are made on day one."""
HOLD_TRIES = 3
HOLD_MAX = timedelta(minutes=10)
"""A change is held for its confirming fetch no longer than this many failed tries or this time."""
HOLD_ROUNDS = 1
"""After a change that did not stand, what the second look showed in its place is held in its turn so often."""
GONE_NEEDS = {Outcome.MISSING: (3, DAY), Outcome.GONE: (2, timedelta(hours=1))}
"""How often, and over how long, 404 and 410 must be seen before an article is called gone."""
MOVED_AFTER = DAY
"""An article is asked for where it has been sent on to, for good, for so long."""
FAILING_AFTER = (5, timedelta(hours=1))
TRUST_NOT_MODIFIED = 10
"""A 304 is believed this often in a row, then an unconditional request checks it: wrong validators are common."""
USELESS_VALIDATORS = 20
"""So often in a row the same page came whole in spite of them; then they are left out, until it changes."""
FRESH_MOST = timedelta(minutes=5)
"""So far a page's own lifetime is respected: what publishers tell caches is often an hour, while their servers' own are
emptied when a story changes."""
SUSPECT_RETRIES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=60))


def between_looks(
    *,
    age: timedelta,
    quiet: timedelta,
    edits: int,
    schedule: SchedulePolicy,
    habits: HostHabits = UNKNOWN_HOST,
) -> timedelta:
    """The wait until an article without the live marker is looked at again: found `age` ago, seen to change `edits`
    times, last `quiet` ago.

    Intervals go with the rate to a power between two laws: its square root buys the shortest mean delay for so many
    requests, the rate itself the fewest versions that are overwritten before they are seen. `fresh` is the mean over
    the first quiet day of an article of an unknown host; nothing is shorter than `min` (or `fresh`, if that is shorter
    still) nor longer than `max`.
    """
    rate = edits_a_day(age=age, quiet=quiet, edits=edits, habits=habits)
    wait = schedule.fresh * float((FIRST_DAY / rate) ** POWER)
    return max(min(wait, schedule.max), min(schedule.min, schedule.fresh))


def fresh_for(capture: Capture) -> timedelta:
    """How long the server calls its answer fresh (Cache-Control: max-age, less Age; RFC 9111, section 4.2), up to
    `FRESH_MOST`: to ask sooner is to ask for the same."""
    if capture.outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return timedelta(0)
    directives = (capture.header("cache-control") or "").lower()
    found = _MAX_AGE.search(directives)
    if found is None or "no-cache" in directives or "no-store" in directives:
        return timedelta(0)
    age = (capture.header("age") or "").strip()
    seconds = int(found[1][:10]) - (int(age) if _SECONDS.fullmatch(age) else 0)
    return min(max(timedelta(seconds=seconds), timedelta(0)), FRESH_MOST)


_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]+)")
_SECONDS = re.compile(r"[0-9]{1,9}")


def host_pause(capture: Capture, streak: int, jitter: float) -> datetime | None:
    """Until when the whole host is left alone after a failure that is the host's, its `streak`-th in a row: for half a
    minute to a minute at first, then twice as long each time, and as long as it wishes where that is longer. Any other
    refusal that says when to come again is taken for the host's as well."""
    if capture.outcome not in HOST_WIDE:
        return capture.captured_at + capture.retry_after if capture.retry_after else None
    wait = min(timedelta(seconds=30) * float(2 ** min(streak - 1, 12)), HOST_PAUSE_MAX / 2) * (1 + jitter)
    return capture.captured_at + max(wait, capture.retry_after or timedelta(0))


def spread(interval: timedelta, jitter: float) -> timedelta:
    """The interval give or take a tenth, so that articles added together do not stay together."""
    return interval * (0.9 + 0.2 * jitter)


def backoff(interval: timedelta, streak: int, jitter: float) -> timedelta:
    """After the `streak`-th failure in a row: the interval doubled each time, a day at the most (or the interval, if
    that is longer), shortened by up to half at random."""
    base = max(interval, timedelta(seconds=1))
    return min(base * float(2 ** min(streak - 1, 12)), max(BACKOFF_MAX, base)) * (0.5 + 0.5 * jitter)


def address_to_ask(article: Article) -> str:
    """Where the article is asked for: where it has moved to, and by turns where it was, once it is missing there.
    Another host has manners of its own, and is reached by being sent on."""
    moved = article.moved_to
    if moved is None or article.gone_streak % 2 or host_of(moved) != article.host:
        return article.url
    return moved


def should_ask_conditionally(article: Article) -> bool:
    """Whether the next request may carry validators: not while a change waits for its second look, not after the
    server has said "not modified" too often in a row, and not where it never says so."""
    trusted = article.not_modified_streak < TRUST_NOT_MODIFIED
    return article.hold is None and trusted and article.useless_validators < USELESS_VALIDATORS
