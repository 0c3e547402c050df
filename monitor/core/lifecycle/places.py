"""Places between a story's paragraphs where boxes take turns, and what passes for the story's among them.

The rules that look at one page know most boxes, and what they know is compared with nothing. One that passes for a
heading of the story, or for a box of it, is known by its place: it stands where one of the others stood a look ago, or
one of them where it stood, while nothing else of the article moved. A cache may show each of them twice, so that a
second look a moment later proves nothing. Such a change is told once its place has stood still until the next planned
look. The story's own paragraphs take no part in this, and a change that has any of them in it does not wait.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from monitor.core.article import Block, Content, Rank
from monitor.core.classify import changed_fields, text_changed
from monitor.core.lifecycle.steady import may_rotate
from monitor.core.text import fingerprint

Texts = frozenset[int]
"""The fingerprints of texts."""

HEAD = 0
"""The place above the first paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What was seen of the places of one article, each named by the fingerprint of the paragraph above it.

    `shown` is what stood there beside those paragraphs at the last look; None where that is what the current version
    has. `turned` are the places where a block that counts as the story's took turns with one that does not, and that
    have not stood still since.
    """

    shown: Mapping[int, Texts] | None = None
    turned: frozenset[int] = frozenset()


UNSEEN = Places()


def after_look(known: Places, base: Content, content: Content, page: Collection[int], *, again: bool) -> Places:
    """What is known after one more look. `base` is what the article said, `page` are the fingerprints of all that
    stands on the page that says `content`; `again`: it is the second look at a change."""
    if content.entries:
        return UNSEEN  # a live blog is compared entry by entry
    now, said = _placed_texts(content), _placed_texts(base)
    # After a second look the version before may be current again, of which the page says nothing.
    shown = None if now == said and not again else now
    before = said if known.shown is None else known.shown
    look = _Look(base, content, before, now, frozenset(page))
    restless = known.turned if again else frozenset(filter(look.is_restless, known.turned))
    return Places(shown=shown, turned=look.turned | restless)


def after_same_page(known: Places, *, again: bool) -> Places:
    """The same where the page is the one that was seen last: all its places have stood still."""
    return known if again else replace(known, turned=frozenset())


class _Look:
    """Two looks at one article; `before` and `now` are what stood in each place."""

    def __init__(
        self, base: Content, content: Content, before: Mapping[int, Texts], now: Mapping[int, Texts], page: Texts
    ) -> None:
        self._before, self._now = before, now
        self._old, self._new = _placed_texts(base, core=True), _placed_texts(content, core=True)
        self._said, self._says = (_texts(filter(_is_core, each.blocks)) for each in (base, content))
        self._stands = page | _texts(content.blocks)
        self._stood = self._said.union(*before.values())

    @property
    def turned(self) -> frozenset[int]:
        """The places where what stood and is gone from the whole page gave way to what had stood nowhere: a block
        that counts as the story's to one that does not, or the other way round. A heading that comes while a box
        beside it turns over is the story's."""
        return frozenset(place for place in {**self._old, **self._new} if self._is_turn(place))

    def _is_turn(self, place: int) -> bool:
        lost, got = self._lost(place), self._got(place)
        gone = self._before.get(place, _NONE) - self._stands - self._said
        if got:
            return bool(gone) and not lost and not self._came(place)
        return bool(lost) and not gone and bool(self._came(place))

    def is_restless(self, place: int) -> bool:
        """Whether a place goes on turning: what is at stake there was not so at the last look."""
        before = self._before.get(place, _NONE)
        if got := self._got(place):
            return not got & before
        return bool(self._came(place)) if self._lost(place) else before != self._now.get(place, _NONE)

    def _lost(self, place: int) -> Texts:
        return self._old.get(place, _NONE) - self._stands

    def _got(self, place: int) -> Texts:
        return self._new.get(place, _NONE) - self._said

    def _came(self, place: int) -> Texts:
        return self._now.get(place, _NONE) - self._says - self._stood


_NONE: Texts = frozenset()


def is_turn(places: Places, told: Content, later: Content) -> bool:
    """Whether all that differs between the two are boxes and headings in places where such took turns."""
    if not places.turned:
        return False
    old, new = (_without(content, places.turned) for content in (told, later))
    return not text_changed(changed_fields(old, new))


# ------------------------------------------------------------------------------------------------- parts


def _placed(blocks: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """The blocks that are none of the story's own paragraphs, each with its place."""
    place = HEAD
    for block in blocks:
        if _is_own(block):
            place = fingerprint(block.text)
        else:
            yield place, block


def _is_own(block: Block) -> bool:
    return _is_core(block) and not may_rotate(block)


def _is_core(block: Block) -> bool:
    return block.rank is Rank.CORE


def _placed_texts(content: Content, *, core: bool = False) -> dict[int, Texts]:
    """What stands in each place; of it, with `core`, what counts as the story's."""
    found: dict[int, set[int]] = {}
    for place, block in _placed(content.blocks):
        if not core or _is_core(block):
            found.setdefault(place, set()).add(fingerprint(block.text))
    return {place: frozenset(texts) for place, texts in found.items()}


def _texts(blocks: Iterable[Block]) -> Texts:
    return frozenset(fingerprint(block.text) for block in blocks)


def _without(content: Content, places: Collection[int]) -> Content:
    """The Content without boxes and headings in these places."""
    dropped = {id(block) for place, block in _placed(content.blocks) if place in places}
    return replace(content, blocks=tuple(block for block in content.blocks if id(block) not in dropped))
