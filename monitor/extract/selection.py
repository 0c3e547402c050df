"""From what an extractor took for the text to the passages of the body: its strays go, and what stands among its
passages in the body's containers comes in."""

from collections import Counter
from collections.abc import Sequence

from monitor.core.text import normalise
from monitor.core.text import squeeze as letters_of
from monitor.extract.containers import LEAVES, Homes, Key
from monitor.extract.lines import is_running_text
from monitor.extract.tree import HEADINGS, Passage


def squeeze(text: str) -> str:
    return letters_of(normalise(text))


def select(passages: Sequence[Passage], text: str, lines: set[str], first: int) -> list[Passage]:
    """The passages that trafilatura took, less strays, and those that stand among them in the body's containers."""
    taken = {p.index for p in passages if p.index >= first and _is_taken(p, text, lines)}
    homes = Homes(passages)
    own = homes.of_body([p for p in passages if p.index in taken], first)
    if not own:
        return [p for p in passages if p.index in taken]
    nested = _nested(passages, own, homes, first)
    taken |= {p.index for p in passages if p.index >= first and homes.key(p) in nested and is_running_text(p)}
    own |= nested
    start, end = _span(passages, taken, homes, own, first)
    opening = {p.index for p in passages if p.index in taken and p.index < start and _opens(p)}
    selected = [
        p
        for p in passages
        if not _in_figure(p) and (p.index in opening or (start <= p.index <= end and _belongs(p, taken, homes, own)))
    ]
    wrapping = Counter(wrapper for p in selected for wrapper in homes.wrappers(p))
    for passage in selected:
        rare = sum(wrapping[wrapper] < BOX_KIND for wrapper in homes.wrappers(passage))
        depth = rare + (passage.place.tag not in LEAVES)
        passage.boxed = homes.key(passage) not in own or depth > BOX_DEPTH
    return selected


def _belongs(passage: Passage, taken: set[int], homes: Homes, own: frozenset[Key]) -> bool:
    """Whether a passage between the body's first and last is of the body."""
    if homes.key(passage) in own:
        return True
    return passage.link_share < 0.5 and (passage.index in taken or passage.place.within("blockquote") is not None)


def _opens(passage: Passage) -> bool:
    """Whether a passage above the body's container is a paragraph of the story: a claim in a box, a first sentence."""
    return passage.place.tag == "p" and is_running_text(passage)


BOX_DEPTH = 2
"""A passage with more wrappers than this below the body's container, each of a kind of its own, is in a box."""

BOX_KIND = 3
"""Wrappers that look alike round so many passages are how the page sets its paragraphs, not boxes."""


NESTED_SHARE = 0.3


def _nested(passages: Sequence[Passage], own: frozenset[Key], homes: Homes, first: int) -> frozenset[Key]:
    """The containers inside the body's that hold much running text too: their names misled (a part that is "hidden"
    until the reader scrolls)."""
    prose: Counter[Key] = Counter()
    nested: set[Key] = set()
    for passage in passages:
        if passage.index >= first and is_running_text(passage) and not _in_figure(passage):
            key = homes.key(passage)
            prose[key] += len(passage.text)
            if key not in own and any(homes.key_of(up) in own for up in homes.home(passage).up()):
                nested.add(key)
    enough = NESTED_SHARE * sum(prose[key] for key in own)
    return frozenset(key for key in nested if prose[key] >= enough)


def _in_figure(passage: Passage) -> bool:
    return passage.place.within("figure", "figcaption") is not None


def _is_taken(passage: Passage, text: str, lines: set[str]) -> bool:
    key = squeeze(passage.text)
    if len(key) < 24:
        return key in lines
    if key in text:
        return True
    middle = len(key) // 2
    parts = (key[:24], key[middle : middle + 24], key[-24:])
    return len(key) > 72 and sum(part in text for part in parts) >= 2


def _span(
    passages: Sequence[Passage], taken: set[int], homes: Homes, own: frozenset[Key], first: int
) -> tuple[int, int]:
    """From the first to the last passage taken in the body's containers, and on over the prose that goes on there
    either way, with the headings over it."""
    inside = [at for at, p in enumerate(passages) if p.index in taken and homes.key(p) in own]
    start, end = inside[0], inside[-1]
    at, passed = end + 1, 0
    while at < len(passages) and passed <= PASSED:
        goes_on = homes.key(passages[at]) in own and is_running_text(passages[at])
        end, passed = (at, 0) if goes_on else (end, passed + 1)
        at += 1
    at = start - 1
    while at >= 0 and passages[at].index >= first and homes.key(passages[at]) in own:
        if is_running_text(passages[at]) or _heads(passages[at]):
            start = at
        elif not _in_figure(passages[at]):
            break
        at -= 1
    return passages[start].index, passages[end].index


PASSED = 2
"""So many lines that are none may stand between the last paragraph taken and one that goes on with the story."""


def _heads(passage: Passage) -> bool:
    return passage.place.tag in HEADINGS and passage.link_share < 0.5
