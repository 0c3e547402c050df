"""When a delivery that failed is tried again, and when it is given up. Pure: time and chance are arguments."""

from datetime import datetime, timedelta
from itertools import accumulate

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one attempt and the next, after the first at once: the schedule that Standard Webhooks 1.0 advises."""

_OFFSETS = tuple(accumulate(WAITS))
LIFE = _OFFSETS[-1]
"""How long after its first attempt a delivery is given its last: 75 hours, 35 minutes and 5 seconds."""
JITTER = 0.1
PROBE, PROBE_LATER = timedelta(seconds=25), timedelta(seconds=290)
PROBE_OFTEN_FOR = timedelta(hours=1)
"""A channel that does not answer is tried with its oldest delivery every 30 seconds in its first hour, then every 5
minutes; the difference is left to the ticks of the daemon."""


def retry_at(
    now: datetime,
    *,
    first_at: datetime,
    attempts: int,
    jitter: float,
    retry_after: timedelta | None = None,
    down_since: datetime | None = None,
) -> datetime | None:
    """When to try again what has now failed for the `attempts`-th time; None: it is a dead letter.

    The schedule counts from the first attempt, so that the many probes of a channel that is down (`down_since`) do
    not use it up. Whoever was asleep over its end still gets all its attempts. A receiver's own wish (`retry_after`)
    outranks everything but that end. `jitter` is in [0, 1).
    """
    elapsed = now - first_at
    if elapsed >= LIFE and attempts > len(WAITS):
        return None
    if retry_after is not None:
        return now + max(retry_after, WAITS[0])
    scheduled = now + _wait(elapsed, attempts) * (1 + JITTER * jitter)
    if down_since is None:
        return scheduled
    return min(scheduled, now + probe_wait(now - down_since))


def _wait(elapsed: timedelta, attempts: int) -> timedelta:
    ahead = (offset - elapsed for offset in _OFFSETS if offset > elapsed)
    return next(ahead, WAITS[min(attempts, len(WAITS)) - 1])


def probe_wait(down_for: timedelta) -> timedelta:
    """The longest a channel that is down goes untried."""
    return PROBE if down_for < PROBE_OFTEN_FOR else PROBE_LATER
