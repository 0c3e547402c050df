"""A reading is steadied before it is compared: the extractor's flips are undone, and what does not stand in two fetches
is set aside."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar

from monitor.core.article import Block, BlockKind, Content, Entry, Rank, Reading, Version
from monitor.core.diff import bag, dice
from monitor.core.text import fingerprint

T = TypeVar("T")

ALIKE = 0.5
"""Two texts this much alike (0 to 1) are wordings of one paragraph; rotating blocks are less."""

CELLS = " | "
"""What stands between the cells of a row (see `extract`)."""


# ------------------------------------------------------------------------------------------------- flips


def without_flips(base: Version, reading: Reading) -> Reading:
    """The reading with the extractor's flips undone.

    A text that left the article and stands on the page as often as before, or that came into it and stood there as
    often before, was not edited: the page around it moved, and the extractor drew the border elsewhere. The former
    keeps its place, the latter is kept beside the story (peripheral). Occurrences are counted, for a page may well hold
    the words of a deleted paragraph once more, in a teaser.
    """
    if not base.page_blocks or not reading.page_blocks:
        return reading
    page = _Pages(Counter(base.page_blocks), Counter(reading.page_blocks))
    old, new = base.content, reading.content
    content = replace(
        new,
        headline=page.steadied_line(old.headline, new.headline),
        standfirst=page.steadied_standfirst(old.standfirst, new.standfirst),
        blocks=page.steadied_blocks(old, new),
        captions=page.steadied_texts(old.captions, new.captions),
        corrections=page.steadied_texts(old.corrections, new.corrections),
    )
    return reading if content == new else replace(reading, content=content)


@dataclass(frozen=True, slots=True)
class _Pages:
    """How often each text stands on the page before and after."""

    before: Counter[int]
    after: Counter[int]

    def still_stands(self, text: str) -> bool:
        return all(0 < self.before[key] <= self.after[key] for key in _keys(text))

    def stood_before(self, text: str) -> bool:
        return all(0 < self.after[key] <= self.before[key] for key in _keys(text))

    def steadied_line(self, old: str | None, new: str | None) -> str | None:
        """A headline is chosen among the page's headings: only when both stand there as before is the choice undone."""
        if old is None or new is None or old == new:
            return new
        return old if self.still_stands(old) and self.stood_before(new) else new

    def steadied_standfirst(self, old: str | None, new: str | None) -> str | None:
        if old is not None and new != old and self.still_stands(old) and (new is None or self.stood_before(new)):
            return old
        return None if new is not None and old is None and self.stood_before(new) else new

    def steadied_texts(self, old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
        gone, came = _gone(old, new), _gone(new, old)
        kept = [text for text in new if text not in came or not self.stood_before(text)]
        back = [text for text in gone if self.still_stands(text)]
        return tuple(put_back(kept, old, back, key=str))

    def steadied_blocks(self, old: Content, new: Content) -> tuple[Block, ...]:
        gone, came = _gone(old.paragraphs, new.paragraphs), _gone(new.paragraphs, old.paragraphs)
        flipped_in = {text for text in came if self.stood_before(text)}
        flipped_out = {text for text in gone if self.still_stands(text)}
        if not flipped_in and not flipped_out:
            return new.blocks
        judged = [_ranked_anew(block, flipped_in, flipped_out) for block in new.blocks]
        missing = flipped_out - {block.text for block in judged if block.rank is Rank.CORE}
        back = [block for block in old.core if block.text in missing]
        return tuple(put_back(judged, old.core, back, key=_text))


def _ranked_anew(block: Block, flipped_in: set[str], flipped_out: set[str]) -> Block:
    if block.rank is Rank.CORE and block.text in flipped_in:
        return replace(block, rank=Rank.PERIPHERAL)
    if block.rank is not Rank.CORE and block.text in flipped_out:
        return replace(block, rank=Rank.CORE)
    return block


def _keys(text: str) -> list[int]:
    """A row is one block of several passages of the page."""
    return [fingerprint(part) for part in text.split(CELLS)]


# ------------------------------------------------------------------------------------------------- standing


def standing(told: Content, seen: Content, again: Content) -> Content:
    """`again`, with all that did not stand in both later fetches put back as `told` had it.

    What came in both stands, and what is gone in both is gone, unless its place is where each fetch shows something
    else: a block that rotates has no former text to lose. The result is what people can be told of.
    """
    blocks = _standing_blocks(told, seen, again)
    return replace(
        again,
        headline=_standing_line(told.headline, seen.headline, again.headline),
        standfirst=_standing_line(told.standfirst, seen.standfirst, again.standfirst),
        byline=again.byline if again.byline == seen.byline else told.byline,
        blocks=blocks,
        entries=_standing_entries(told, again, blocks),
        captions=tuple(_standing(told.captions, seen.captions, again.captions)),
        corrections=tuple(_standing(told.corrections, seen.corrections, again.corrections)),
    )


def _standing_line(told: str | None, seen: str | None, again: str | None) -> str | None:
    return again if again == seen else told


def _standing_blocks(told: Content, seen: Content, again: Content) -> tuple[Block, ...]:
    known = {_within_entry(block): block for block in (*told.core, *again.core)}
    first, once, twice, rotating = (
        [_within_entry(block) for block in blocks]
        for blocks in (told.core, seen.core, again.core, exchanged(told, seen, again))
    )
    return tuple(known[key] for key in _standing(first, once, twice, rotating))


def _within_entry(block: Block) -> str:
    """A text of a live blog's entry is another one than the same words in another entry."""
    return block.text if block.entry is None else f"{block.text}\0{block.entry}"


def _standing_entries(told: Content, again: Content, blocks: Iterable[Block]) -> tuple[Entry, ...]:
    """The entries of which something stands, in the order of the blocks."""
    known = {entry.id: entry for entry in (*told.entries, *again.entries)}
    names = dict.fromkeys(block.entry for block in blocks if block.entry is not None)
    return tuple(known[name] for name in names if name in known)


def _standing(
    told: Sequence[str], seen: Sequence[str], again: Sequence[str], rotating: Iterable[str] = ()
) -> list[str]:
    """`rotating` are texts of `told` of which their places tell."""
    once, twice, former = set(seen), set(again), set(told)
    kept = [text for text in again if text in once or text in former]
    # Missing in the second look only: not yet gone.
    back = [text for text in told if text not in twice and text in once]
    back += _rotated(told, seen, again)
    back += [text for text in rotating if text not in back]
    return put_back(kept, told, back, key=str)


def _rotated(told: Sequence[str], seen: Sequence[str], again: Sequence[str]) -> list[str]:
    """The texts, gone from both fetches, that stood where at least one of them shows what the other does not."""
    once, twice, former = set(seen), set(again), set(told)
    gone = former - once - twice
    found: list[str] = []
    for later, other in ((seen, twice), (again, once)):
        for lost, came in _replacements(told, later):
            unstable = [text for text in came if text not in other and text not in former]
            firm = [text for text in came if text in other and text not in former]
            leaving = [text for text in lost if text in gone and not _has_like(text, firm)]
            # What rotates may be several passages, and a different number each time.
            found += leaving[: len(unstable)] if firm else leaving if unstable else []
    return [text for text in told if text in set(found)]


def exchanged(told: Content, seen: Content, again: Content) -> tuple[Block, ...]:
    """The boxes and lone headings, gone from both later fetches, in whose place these show other boxes, and not the
    same: there something rotates, whatever the extractor made of each."""
    left = {*seen.paragraphs, *again.paragraphs}
    gone = [block for block in told.core if block.text not in left and may_rotate(block)]
    if not gone:
        return ()
    before, once, twice = _boxes(told, gone), _boxes(seen), _boxes(again)
    found = set()
    for place, boxes in before.items():
        first, second = once.get(place, frozenset()), twice.get(place, frozenset())
        if first != second and (first | second) - boxes:
            # A heading beside a box that rotates is not what does; what stands in all three is not either.
            alone = len(boxes - (first & second)) == 1
            found |= {block for block in gone if block.text in boxes and (block.signature or alone)}
    return tuple(block for block in gone if block in found)


def may_rotate(block: Block) -> bool:
    return block.signature is not None or block.kind is BlockKind.SUBHEADING


def _boxes(content: Content, others: Iterable[Block] = ()) -> dict[tuple[str, str], frozenset[str]]:
    """The texts of boxes after each paragraph of the story, and those before each; `others` count as boxes."""
    found: dict[tuple[str, str], set[str]] = {}
    more = {block.text for block in others}
    for side, blocks in (("after", content.blocks), ("before", content.blocks[::-1])):
        place = (side, "")
        for block in blocks:
            if block.signature is not None or block.text in more:
                found.setdefault(place, set()).add(block.text)
            elif block.rank is Rank.CORE:
                place = (side, block.text)
    return {place: frozenset(texts) for place, texts in found.items()}


def _replacements(told: Sequence[str], later: Sequence[str]) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    """What stood, and what came, at each place where the two differ."""
    for op, i, j, k, m in SequenceMatcher(None, told, later, autojunk=False).get_opcodes():
        if op == "replace":
            yield told[i:j], later[k:m]


def unsettled(told: Content, seen: Content, again: Content) -> bool:
    """Whether the second look shows something new that deserves a third: another wording of a text that the first had
    changed, or more than the first had. What stands in the place of something quite unlike it is a block that
    rotates, and would only rotate again."""
    if any(getattr(again, name) not in (getattr(told, name), getattr(seen, name)) for name in _LINES):
        return True
    before = set(_all_texts(told))
    once, twice = [t for t in _all_texts(seen) if t not in before], [t for t in _all_texts(again) if t not in before]
    first, second = _gone(once, twice), _gone(twice, once)
    return len(second) > len(first) or any(_has_like(text, first) for text in second)


_LINES = ("headline", "standfirst", "byline")


# ------------------------------------------------------------------------------------------------- parts


def put_back(sequence: Sequence[T], former: Sequence[T], back: Sequence[T], *, key: Callable[[T], str]) -> list[T]:
    """`sequence` with each of `back` set in again beside what it stood beside in `former`."""
    result = list(sequence)
    wanted = {key(item) for item in back}
    for at, item in enumerate(former):
        if key(item) in wanted:
            result.insert(_place(former, at, result, key), item)
    return result


def _place(former: Sequence[T], at: int, result: Sequence[T], key: Callable[[T], str]) -> int:
    """After the last of those before it that is left, else before the first of those after it."""
    places = {key(item): place for place, item in enumerate(result)}
    before = next((places[key(item)] for item in reversed(former[:at]) if key(item) in places), None)
    if before is not None:
        return before + 1
    after = next((places[key(item)] for item in former[at + 1 :] if key(item) in places), None)
    return after if after is not None else min(at, len(result))


def _has_like(text: str, others: Iterable[str]) -> bool:
    mine = bag(text)
    return any(dice(mine, bag(other)) >= ALIKE for other in others)


def _gone(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The texts of `old` that `new` has less often."""
    if len(set(old)) == len(old):
        shown = set(new)
        return [text for text in old if text not in shown]
    left = Counter(new)
    gone: list[str] = []
    for text in old:
        if left[text]:
            left[text] -= 1
        else:
            gone.append(text)
    return gone


def _text(block: Block) -> str:
    return block.text


def _all_texts(content: Content) -> list[str]:
    return [*content.paragraphs, *content.captions, *content.corrections]
