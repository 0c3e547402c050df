"""What the figures may not sink below, or rise above: one table, to be moved only in the direction of better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NARROW = 0.01
"""A figure that is better than its floor by more than this is told in the log: the floor can be raised."""


@dataclass(frozen=True, slots=True)
class Floor:
    """`least` is the floor of a figure that should be high, `most` the lid of one that should be low."""

    least: float = 0.0
    most: float = 1.0

    def holds(self, figure: float) -> bool:
        return self.least <= figure <= self.most

    def room(self, figure: float) -> float:
        """By how much the figure is better than it must be."""
        return min(figure - self.least if self.least else 1.0, self.most - figure if self.most < 1.0 else 1.0)

    def __str__(self) -> str:
        return f">= {self.least}" if self.least else f"<= {self.most}"


FLOORS: Mapping[str, Mapping[str, Floor]] = {
    # The newsroom of our own, on every layout and in every language; the faults that are known count as sunk.
    "newsroom": {
        "readings right": Floor(least=1.0),
        "edits shown": Floor(least=1.0),
        "false alarms": Floor(most=0.0),
    },
    # The benchmark's pairs on forty real pages, means over kinds: hand-made noise, and blocks of other sites.
    "corpus": {
        "shown_core": Floor(least=0.984),
        "shown_all": Floor(least=0.986),
        "blow_ups": Floor(most=0.0),
        "made": Floor(most=0.004),
        "real": Floor(most=0.105),
    },
    "corpus, all pages": {
        "shown_core": Floor(least=0.987),
        "shown_all": Floor(least=0.989),
        "blow_ups": Floor(most=0.0),
        "made": Floor(most=0.005),
        "real": Floor(most=0.11),
    },
    # Real revisions of prose: the diff is exact, cuts no word and no character, and marks few places; two
    # with no more than a short word between them are nearly joined.
    "diff": {
        "inexact": Floor(most=0.0),
        "borders inside words": Floor(most=0.0),
        "borders inside characters": Floor(most=0.0),
        "places in 1,000 characters": Floor(most=0.545),
        "places nearly joined": Floor(most=0.04),
    },
    # Which paragraph became which: made-up revisions of the newsroom's stories, and of the bodies of real pages.
    "revisions": {
        "precision": Floor(least=0.995),
        "recall": Floor(least=0.975),
        "f1": Floor(least=0.985),
        "moves found": Floor(least=1.0),
        "wrong moves": Floor(most=0.0),
        "recall, heavy": Floor(least=0.92),
        "recall, split": Floor(least=0.955),
        "recall, merged": Floor(least=0.975),
    },
    "revisions, real pages": {
        "precision": Floor(least=0.995),
        "recall": Floor(least=0.975),
        "f1": Floor(least=0.985),
        "moves found": Floor(least=1.0),
        "wrong moves": Floor(most=0.0),
        "recall, heavy": Floor(least=0.93),
        "recall, split": Floor(least=0.97),
        "recall, merged": Floor(least=0.975),
    },
    # The publisher's clock, the live marker, headline and body on all real pages.
    "claims": {
        "published": Floor(least=1.0),
        "updated": Floor(least=0.92),
        "label": Floor(least=1.0),
        "live_quiet": Floor(least=1.0),
        "live_found": Floor(least=1.0),
        "headline": Floor(least=0.77),
        "body_f1": Floor(least=0.98),
    },
    # The second look through the real check path, on four pages: an alarm more is a twelfth of "real told".
    "confirming": {
        "made told": Floor(most=0.0),
        "real told": Floor(most=0.0),
        "edits told": Floor(least=0.98),
        "edits held back": Floor(most=0.0),
        "both told": Floor(least=0.98),
    },
    # Boxes of other sites among the paragraphs, six fetches long, and edits of articles whose hosts have shown them.
    "rotating": {
        "slot": Floor(most=0.0),
        "strewn": Floor(most=0.0),
        "masked": Floor(most=0.0),
    },
    "rotating, all pages": {
        "slot": Floor(most=0.03),
        "strewn": Floor(most=0.05),
        "masked": Floor(most=0.0),
    },
    "confirming, all pages": {
        "made told": Floor(most=0.005),
        "real told": Floor(most=0.05),
        "edits told": Floor(least=0.98),
        "edits held back": Floor(most=0.0),
        "both told": Floor(least=0.98),
    },
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of one gate beside their floors, and the rows behind those that do not hold."""

    gate: str
    figures: Mapping[str, float]
    rows: Mapping[str, Iterable[str]]

    @property
    def sunk(self) -> list[str]:
        floors = FLOORS[self.gate]
        return [name for name in floors if not floors[name].holds(self.figures[name])]

    def lines(self) -> list[str]:
        """The log's lines: every figure, its floor, and whether that can be raised."""
        return [f"{self.gate}: {name} {self.figures[name]:.4f} ({self._remark(name)})" for name in FLOORS[self.gate]]

    def _remark(self, name: str) -> str:
        floor = FLOORS[self.gate][name]
        if not floor.holds(self.figures[name]):
            return f"{floor}: SUNK"
        return f"{floor}: can be raised" if floor.room(self.figures[name]) > NARROW else str(floor)

    def reasons(self) -> str:
        """What a failed gate says: the figure, and each row that pulled it down."""
        parts = []
        for name in self.sunk:
            rows = "".join(f"\n    {row}" for row in self.rows.get(name, ()))
            parts.append(
                f"{self.gate}: {name} is {self.figures[name]:.4f}, {FLOORS[self.gate][name]} was reached before{rows}"
            )
        return "\n".join(parts)
