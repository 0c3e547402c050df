"""One look at an article beside what is known of its host's blocks: what it teaches, and what is masked of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.article import Block, Content, Rank, Reading, Version
from monitor.core.lifecycle.steady import exchanged
from monitor.core.lifecycle.volatility import (
    Memory,
    Volatility,
    exchanged_at_once,
    is_new,
    learned,
    masked,
    masked_in,
    masks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """`learned` is what the look teaches, `reasons` are the signatures that are masked in it, each with why, `settled`
    those that were masked in the article and are no more. `current` and `content` are what is compared, as they are."""

    current: Version
    content: Content
    memory: Memory
    learned: tuple[Volatility, ...]
    reasons: Mapping[str, str]
    settled: frozenset[str]

    @classmethod
    def of(cls, memory: Memory, current: Version, reading: Reading, *, told: Version | None, at: datetime) -> "Masking":
        """`told` is given at a second look: the version before the one that it confirms or not."""
        content = reading.content
        taught = {known.signature: known for known in learned(memory, current, content, at=at)}
        if told is not None:
            for block in exchanged(told.content, current.content, content):
                if block.signature is not None and block.signature not in taught:
                    known = memory.get(block.signature) or Volatility(signature=block.signature)
                    taught[block.signature] = exchanged_at_once(known, current.article_id, at)
        reasons = masks({**memory, **taught}, current.article_id)
        before = masked_in(current.content) - reasons.keys()
        return cls(
            current=current,
            content=content,
            memory=memory,
            learned=tuple(taught.values()),
            reasons={**reasons, **dict.fromkeys(before, "it was masked before")},
            settled=before,
        )

    def of_content(self, content: Content) -> Content:
        return masked(content, self.reasons)

    def of_version(self, version: Version) -> Version:
        return replace(version, content=self.of_content(version.content))

    def of_reading(self, reading: Reading) -> Reading:
        return replace(reading, content=self.of_content(reading.content))

    @property
    def new(self) -> tuple[Block, ...]:
        """The masked blocks with a text that was not met before."""
        return tuple(block for block in self._hidden(self.content) if is_new(self.memory, block))

    @property
    def back(self) -> Content:
        """What is read, with the blocks whose masks are dropped in their place again."""
        return masked(self.content, self.reasons.keys() - self.settled)

    def reason(self) -> str:
        """Why what was new is told to nobody."""
        why = dict.fromkeys(self.reasons[block.signature] for block in self.new if block.signature)
        return "; ".join(why)

    def why(self, *contents: Content) -> str:
        """The reasons of the masks of these."""
        hidden = (block for content in contents for block in self._hidden(content))
        return "; ".join(dict.fromkeys(self.reasons[block.signature] for block in hidden if block.signature))

    def _hidden(self, content: Content) -> Iterable[Block]:
        return (block for block in content.blocks if block.signature in self.reasons and block.rank is Rank.CORE)
