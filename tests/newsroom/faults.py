"""The faults of reading that are known: what they are, and exactly which rows of the newsroom they sink.

An entry is taken out when its fault is mended; the gate says so. It is asserted exactly: each row that an entry matches
sinks, and each row that sinks is matched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.newsroom.judging import Row


@dataclass(frozen=True, slots=True)
class Fault:
    """Matches rows of these kinds on these layouts in these languages; an empty set stands for all. `partly`: only some
    of them sink, because it hangs on the length of the words that were drawn."""

    why: str
    kinds: frozenset[str]
    layouts: frozenset[str] = field(default=frozenset())
    languages: frozenset[str] = field(default=frozenset())
    partly: bool = False

    def matches(self, row: Row) -> bool:
        return (
            row.kind in self.kinds
            and (not self.layouts or row.layout in self.layouts)
            and (not self.languages or row.language in self.languages)
        )


FAULTS: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """`new`: rows that sink though no fault is known; `mended`: faults with rows that hold after all."""

    new: list[str]
    mended: list[str]


def tally(rows: Iterable[Row], faults: Sequence[Fault] = FAULTS) -> Tally:
    rows = list(rows)
    new = [f"{row.place}: {row.wrong}" for row in rows if row.wrong and not any(f.matches(row) for f in faults)]
    mended = []
    for fault in faults:
        matched = [row for row in rows if fault.matches(row)]
        held = [row.place for row in matched if not row.wrong]
        if (matched and len(held) == len(matched)) or (held and not fault.partly):
            mended.append(f"{fault.why}: {', '.join(held[:8])} ({len(held)} of {len(matched)} hold)")
    return Tally(new, mended)
