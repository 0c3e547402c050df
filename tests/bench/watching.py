"""Ways to watch an article, and what each of them sees of a life. Times are hours; `scale` stretches the intervals of a
way, so that all of them can be given the same number of requests.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from monitor.core.lifecycle.intervals import POWER, between_looks
from monitor.core.lifecycle.rates import UNKNOWN_HOST, HostHabits
from monitor.core.policy import SchedulePolicy
from tests.bench.lives import HORIZON, Life

SHORTEST = 1 / 60
LIVE = SchedulePolicy().live.total_seconds() / 3600
CONFIRM = SchedulePolicy().confirm.total_seconds() / 3600
FOUND_AFTER = 1 / 12
"""A feed is polled every five minutes, so an article is seen so long after it came out (the mean would be half)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a watcher knows at a look: nothing of it comes from what was not seen."""

    age: float
    quiet: float
    edits: int
    changed: bool
    live: bool
    last_wait: float
    habits: HostHabits
    life: Life
    """For the bounds alone."""


Way = Callable[[Seen, float], float | None]
"""(what is known, scale) -> the wait until the next look, None for never again."""


def fixed(seen: Seen, scale: float) -> float:
    return scale


def newsdiffs(seen: Seen, scale: float) -> float | None:
    """NewsDiffs, scraper.py: by the time since the last change."""
    for within, wait in ((3, 0.25), (24, 1), (168, 3), (720, 72), (8640, 720)):
        if seen.quiet < within:
            return wait * scale
    return None


def news_sniffer(seen: Seen, scale: float) -> float | None:
    """News Sniffer, news_article.rb: half an hour, times 1.2 after each quiet look, until forty days."""
    if seen.changed or not seen.last_wait:
        return 0.5 * scale
    wait = seen.last_wait * 1.2
    return wait if wait < 40 * 24 else None


def former(seen: Seen, scale: float) -> float:
    """What this project did before: `live`, else `fresh` for a quiet day and then with its 1.5th power."""
    return LIVE if seen.live else min(max(seen.quiet / 24, 1) ** 1.5 / 6 * scale, 168)


def ours(seen: Seen, scale: float) -> float:
    """The policy of this project, by its default configuration with its intervals stretched."""
    schedule = _stretched(scale)
    if seen.live:
        return LIVE
    wait = between_looks(
        age=timedelta(hours=seen.age), quiet=timedelta(hours=seen.quiet), edits=seen.edits,
        habits=seen.habits, schedule=schedule,
    )  # fmt: skip
    return wait.total_seconds() / 3600


def ours_without_habits(seen: Seen, scale: float) -> float:
    return ours(replace(seen, habits=UNKNOWN_HOST), scale)


@lru_cache
def _stretched(scale: float) -> SchedulePolicy:
    """What is promised stays as it is: `live`, `min` and `max`."""
    return replace(SchedulePolicy(), fresh=SchedulePolicy().fresh * scale)


def knows_the_rate(seen: Seen, scale: float) -> float:
    """A bound: knows how this life was drawn and when the edits came that have been seen, though not what the dice will
    say; spends as `ours` does."""
    if seen.live:
        return LIVE
    at, spent, step = seen.age, 0.0, 0.02
    while at - seen.age < 168:
        spent += seen.life.rate(at + FOUND_AFTER, seen.age + FOUND_AFTER) ** POWER * step
        if spent >= scale:
            break
        at, step = at + step, step * 1.15
    return at - seen.age


WAYS: dict[str, Way] = {
    "fixed interval": fixed,
    "NewsDiffs' ladder": newsdiffs,
    "News Sniffer's x1.2": news_sniffer,
    "this project, before": former,
    "this project": ours,
    "... hosts unknown": ours_without_habits,
    "knows every rate": knows_the_rate,
}
LADDERS = ("fixed interval", "NewsDiffs' ladder", "News Sniffer's x1.2")


def looks_at(life: Life, way: Way, scale: float, habits: HostHabits) -> list[float]:
    """The ages at which this way looks at a life. A look that shows a change is followed by its confirming one, where
    the way has one."""
    at, edits, changed_at, wait = FOUND_AFTER, 0, FOUND_AFTER, 0.0
    shown, looks = _shown(life, at), []
    while True:
        looks.append(at)
        now_shown = _shown(life, at)
        changed = now_shown != shown
        if changed:
            edits, changed_at, shown = edits + 1, at, now_shown
        if life.deleted and shown == len(life.edits):
            return looks
        known = Seen(
            age=at - FOUND_AFTER, quiet=at - changed_at, edits=edits, changed=changed, live=at < life.live_until,
            last_wait=wait, habits=habits, life=life,
        )  # fmt: skip
        next_wait = way(known, scale)
        if next_wait is None:
            return looks
        wait = max(next_wait, SHORTEST)
        if changed and way in (ours, ours_without_habits, former) and wait > CONFIRM:
            looks.append(at + CONFIRM)
        at += wait
        if at >= HORIZON:
            return looks


def _shown(life: Life, at: float) -> int:
    count = 0
    for edit in life.edits:
        if edit > at:
            break
        count += 1
    return count


def was_edited(life: Life) -> bool:
    """Whether a host's habits count this life as edited."""
    return len(life.edits) > life.deleted
