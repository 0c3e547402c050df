"""Scores the policy of intervals on drawn lives of articles: numbers only, no pages.

    python -m tests.bench.schedule [--world base] [--requests 30 100] [--seeds 3] [--articles 3000] [--unmarked]

Every way of watching is given the same number of requests over the whole population (its intervals are stretched until
it fits), and is scored by what it saw:

seen      share of versions that were seen before the next one overwrote them
late      the same, of edits made after the seventh day
p50, p95  minutes from an edit to the next look at the article, over all edits (an edit that is never looked at after
          counts to the end)

"knows every rate" is the bound for who knows how lives are drawn but not what the dice will say. A watcher that knows
the edits themselves would see all versions with no delay, for one request each; `closed` is the share of the way from
the best ladder to that one which was gone, and in brackets the same to the bound. Figures are means over seeds, with
half the spread between the lowest and the highest.
"""

import argparse
import math
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import fmean, quantiles

from monitor.core.lifecycle.rates import HostHabits
from tests.bench.lives import HORIZON, WEEK, WORLDS, Life, base_rates, draw_hosts, draw_life
from tests.bench.watching import LADDERS, WAYS, Way, looks_at, was_edited

Watched = tuple[Life, list[float]]
"""A life, and the ages at which it was looked at."""
HOSTS = 50
KNOWN_BEFORE = 40
"""So many earlier articles of each host stand in the store."""


@dataclass(frozen=True, slots=True)
class Score:
    seen: float
    late: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Population:
    lives: list[Life]
    habits: list[HostHabits]


def draw(world_name: str, seed: int, articles: int, *, unmarked: bool) -> Population:
    """Lives, and what is known of their hosts from other lives."""
    world, dice = WORLDS[world_name], random.Random(seed)
    hosts = draw_hosts(world, HOSTS, dice)
    lives, habits = [], []
    for number, host in enumerate(hosts):
        earlier = [draw_life(world, host, number, dice) for _ in range(KNOWN_BEFORE)]
        habits.append(HostHabits(articles=KNOWN_BEFORE, edited=sum(was_edited(life) for life in earlier)))
        lives += [draw_life(world, host, number, dice) for _ in range(articles // HOSTS)]
    return Population([life for life in lives if not (unmarked and life.live_until)], habits)


def watch(population: Population, way: Way, scale: float) -> tuple[float, list[Watched]]:
    """Requests an article, and the looks at each edited life. Lives that were never edited are all looked at alike by a
    way that knows nothing but what it saw, so one for each host stands for them."""
    total, watched, unedited = 0, [], dict[int, int]()
    for life in population.lives:
        habits = population.habits[life.host_number]
        if life.edits or life.live_until:
            looks = looks_at(life, way, scale, habits)
            total += len(looks)
            watched.append((life, looks))
        else:
            if life.host_number not in unedited:
                unedited[life.host_number] = len(looks_at(life, way, scale, habits))
            total += unedited[life.host_number]
    return total / len(population.lives), watched


def at_budget(population: Population, way: Way, requests: float) -> list[Watched]:
    """The looks of this way when it is stretched to so many requests an article, within one percent (or as near as its
    steps let it come)."""
    few = Population(population.lives[:: max(len(population.lives) // 150, 1)], population.habits)
    scale = _stretch(few, way, requests, 1.0)[0]
    return _stretch(population, way, requests, scale)[1]


def _stretch(population: Population, way: Way, requests: float, scale: float) -> tuple[float, list[Watched]]:
    low, high = 0.0, math.inf
    for _ in range(25):
        made, looks = watch(population, way, scale)
        if abs(made / requests - 1) < 0.01:
            break
        low, high = (scale, high) if made > requests else (low, scale)
        scale *= made / requests
        if not low < scale < high:
            scale = (low + high) / 2 if high < math.inf else low * 2
    return scale, looks


def score(watched: list[Watched]) -> Score:
    seen, late, delays = [], [], []
    for life, looks in watched:
        nexts = [*life.edits[1:], math.inf]
        place = 0
        for edit, following in zip(life.edits, nexts, strict=True):
            while place < len(looks) and looks[place] < edit:
                place += 1
            at = looks[place] if place < len(looks) else HORIZON
            delays.append(max(at - edit, 0.0))
            seen.append(place < len(looks) and at < following)
            if edit > WEEK:
                late.append(seen[-1])
    cuts = quantiles(delays, n=20)
    return Score(100 * fmean(seen), 100 * fmean(late or [0]), 60 * cuts[9], 60 * cuts[18])


def one_seed(world: str, requests: float, articles: int, unmarked: bool, seed: int) -> dict[str, Score]:
    population = draw(world, seed, articles, unmarked=unmarked)
    return {name: score(at_budget(population, way, requests)) for name, way in WAYS.items()}


def report(requests: float, runs: list[dict[str, Score]]) -> None:
    print(f"\n{requests:g} requests an article")
    print(f"{'':24}{'seen %':>13}{'late %':>13}{'p50 min':>13}{'p95 min':>13}")
    for name in runs[0]:
        scores = [run[name] for run in runs]
        cells = [spread([getattr(one, part) for one in scores]) for part in ("seen", "late", "p50", "p95")]
        print(f"{name:24}" + "".join(f"{cell:>13}" for cell in cells))
    print(f"{'closed':24}" + "".join(f"{closed(runs, *part):>13}" for part in PARTS))


PARTS: tuple[tuple[str, Callable[[list[float]], float], float], ...] = (
    ("seen", max, 100.0), ("late", max, 100.0), ("p50", min, 0.0), ("p95", min, 0.0),
)  # fmt: skip


def closed(runs: list[dict[str, Score]], part: str, best: Callable[[list[float]], float], ideal: float) -> str:
    """The share of the gap from the best ladder to the clairvoyant that is closed, and to who knows every rate."""
    mean = {name: fmean(getattr(run[name], part) for run in runs) for name in runs[0]}
    ladder = best([mean[name] for name in LADDERS])
    gained = mean["this project"] - ladder
    shares = [gained / gap if (gap := goal - ladder) else 0.0 for goal in (ideal, mean["knows every rate"])]
    return f"{100 * shares[0]:.0f} ({100 * shares[1]:.0f}) %"


def spread(values: list[float]) -> str:
    return f"{fmean(values):.1f} ±{(max(values) - min(values)) / 2:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", choices=sorted(WORLDS), default="base")
    parser.add_argument("--requests", type=float, nargs="+", default=[30, 100])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--unmarked", action="store_true", help="only articles that never carry a live marker")
    options = parser.parse_args()
    rates = base_rates(draw(options.world, 0, 20_000, unmarked=False).lives)
    print(f"world {options.world}: " + ", ".join(f"{name} {share:.1f} %" for name, share in rates.items()))
    with ProcessPoolExecutor(2) as pool:
        for requests in options.requests:
            one = partial(one_seed, options.world, requests, options.articles, options.unmarked)
            report(requests, list(pool.map(one, range(1, options.seeds + 1))))


if __name__ == "__main__":
    main()
