"""Lives of articles, drawn: when each is edited, while its live marker shows, and of which host it is. Times are hours.

The published base rates (GDELT, 88 million URLs) fix what is known: 15 % of articles change within a day, 18 % within
a week, 81 % of those edits fall on day one, 1.5 % are deleted within a week. What they do not tell is drawn:

- an article's edits thin out with its age as a power law; how many there are differs widely between articles;
- one edit brings others soon after (bursts);
- hosts have habits: wire copy that is hardly ever touched, newsrooms that rewrite;
- a few articles are live for some hours, and edited all the while;
- by night a newsroom edits a quarter as often.

A world is one set of such habits; `WORLDS` holds others, to see what a result owes to them.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

DAY, WEEK, HORIZON = 24.0, 168.0, 1440.0
NIGHT = 0.25
"""How often a newsroom edits between 23:00 and 07:00, against the day."""
DELETED = 0.028
"""Share of articles deleted in the end, half of them within a week: 1.5 % of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`edited`: edits that an ordinary article gets of itself; `follow_up`: those that each edit brings in its wake.
    `scale` and `decay` are of the power law by which edits thin out. `hosts`: (share of hosts, times the ordinary)."""

    edited: float
    follow_up: float = 0.4
    burst: float = 0.4
    scale: float = 1.0
    decay: float = 0.15
    uneven: float = 0.35
    live: float = 0.02
    hosts: tuple[tuple[float, float], ...] = ((0.4, 0.1), (0.4, 1.0), (0.2, 3.0))


WORLDS = {
    "base": World(edited=0.62),
    "alike": World(edited=0.5, hosts=((1.0, 1.0),)),
    "slow": World(edited=0.44, scale=6.0, decay=0.5),
    "calm": World(edited=0.5, follow_up=0.1, uneven=0.6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """`habit` multiplies the world's rates; `midnight` is when its night is half over, in hours of our clock."""

    habit: float
    midnight: float

    def wakefulness(self, at: float) -> float:
        return NIGHT if (at - self.midnight + 4) % 24 < 8 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """`edits` are hours since the article came out at `born` (our clock). The last one is the deletion if `deleted`.
    `rate` is the true rate at an age, when the edits until a second, lower age are known."""

    host: Host
    host_number: int
    born: float
    edits: tuple[float, ...]
    live_until: float
    deleted: bool
    rate: Callable[[float, float], float] = field(repr=False)


def draw_hosts(world: World, number: int, dice: random.Random) -> list[Host]:
    habits = [habit for share, habit in world.hosts for _ in range(round(share * number))]
    return [Host(habit=habit * dice.lognormvariate(-0.08, 0.4), midnight=dice.uniform(0, 24)) for habit in habits]


def draw_life(world: World, host: Host, host_number: int, dice: random.Random) -> Life:
    born = _awake(host, lambda: dice.uniform(0, 24))
    live_until = dice.lognormvariate(math.log(4), 0.6) if dice.random() < world.live else 0.0
    gap = dice.lognormvariate(math.log(0.3), 0.5)
    own = world.edited * host.habit * dice.gammavariate(world.uneven, 1 / world.uneven) + (0.3 if live_until else 0.0)
    edits = [_awake(host, lambda: _thinning(world, dice), born) for _ in range(_poisson(own, dice))]
    at = dice.expovariate(1 / gap)
    while live_until and at < live_until:
        edits.append(at)
        at += dice.expovariate(1 / gap)
    edits = sorted(at for at in _with_follow_ups(world, host, born, edits, dice) if at < HORIZON)
    gone_at = _thinning(world, dice)
    deleted = dice.random() < DELETED and gone_at < HORIZON
    if deleted:
        edits = [*(at for at in edits if at < gone_at), gone_at]
    rate = _rate(world, host, born, own, tuple(edits), live_until, gap)
    return Life(
        host=host, host_number=host_number, born=born, edits=tuple(edits),
        live_until=live_until, deleted=deleted, rate=rate,
    )  # fmt: skip


def _with_follow_ups(world: World, host: Host, born: float, edits: list[float], dice: random.Random) -> list[float]:
    done, waiting = [], list(edits)
    while waiting:
        edit = waiting.pop()
        done.append(edit)
        soon = partial(_soon_after, edit, world, dice)
        waiting += [_awake(host, soon, born) for _ in range(_poisson(world.follow_up, dice))]
    return done


def _soon_after(edit: float, world: World, dice: random.Random) -> float:
    return edit + dice.expovariate(1 / world.burst)


def _rate(
    world: World, host: Host, born: float, own: float, edits: tuple[float, ...], live_until: float, gap: float
) -> Callable[[float, float], float]:
    """Edits an hour at an age, for who knows how this life was drawn, and the edits until `seen_until`."""

    def rate(age: float, seen_until: float) -> float:
        known = (own + DELETED) * world.decay / world.scale * math.pow(1 + age / world.scale, -1 - world.decay)
        count = bisect_right(edits, seen_until)
        for edit in edits[max(count - 6, 0) : count]:
            known += world.follow_up / world.burst * math.exp(-(age - edit) / world.burst)
        live = 1 / gap if age < live_until else 0.0
        return known * host.wakefulness(born + age) + live

    return rate


def _thinning(world: World, dice: random.Random) -> float:
    return world.scale * (float(dice.random() ** (-1 / world.decay)) - 1)


def _awake(host: Host, draw: Callable[[], float], born: float = 0.0) -> float:
    """A time from `draw`, drawn again where it falls into the night (as often as the night is quieter)."""
    at = draw()
    for _ in range(20):
        if random.Random(at).random() < host.wakefulness(born + at):
            break
        at = draw()
    return at


def _poisson(mean: float, dice: random.Random) -> int:
    count, product, floor = 0, dice.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * dice.random()
    return count


def base_rates(lives: list[Life]) -> dict[str, float]:
    """What the drawn lives show of the published rates, in percent (deletions apart)."""
    edits = [life.edits[:-1] if life.deleted else life.edits for life in lives]
    firsts = [times[0] for times in edits if times]
    day, week = sum(at < DAY for at in firsts), sum(at < WEEK for at in firsts)
    return {
        "edited within a day": 100 * day / len(lives),
        "edited within a week": 100 * week / len(lives),
        "of those, on day one": 100 * day / max(week, 1),
        "deleted within a week": 100 * sum(life.deleted and life.edits[-1] < WEEK for life in lives) / len(lives),
    }
