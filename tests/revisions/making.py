"""An article -> its revision, and the truth of it: which old paragraph became which new one."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.revisions.material import Material

KEPT, ADDED, DELETED, EXCHANGED = "kept", "added", "deleted", "exchanged"
LIGHT, MEDIUM, HEAVY, SPLIT, MERGED = "light", "medium", "heavy", "split", "merged"
MOVED, MOVED_LIGHT = "moved", "moved and light"

KINDS = (LIGHT, MEDIUM, HEAVY, SPLIT, MERGED, MOVED, MOVED_LIGHT)
"""The kinds that leave links behind which are not plain to see."""

_FATES = {KEPT: 50, LIGHT: 11, MEDIUM: 9, HEAVY: 7, SPLIT: 6, MERGED: 6, DELETED: 4, EXCHANGED: 4}
_MOVES, _ADDITIONS = (0, 0, 1, 1, 2), (0, 1, 1, 2, 3)

HELD_BACK = 8
"""One paragraph in so many of the article is not in the old text: what is new in the revision is of the same story."""

WORDS = 6
"""A paragraph of fewer words is kept or deleted: two thirds of "Read more" in other words is another line."""

MOVABLE = 50
"""Characters of a paragraph that is moved: a short line that stands elsewhere need not be the same one."""


@dataclass(frozen=True, slots=True)
class Link:
    """Old paragraph `old` became new paragraph `new`, or a part of it."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Revision:
    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    links: dict[Link, str]
    """Each with the kind of alteration that made it."""


@dataclass(slots=True)
class _Piece:
    """One new paragraph, the old ones in it, and what was done."""

    text: str
    origins: tuple[int, ...]
    kind: str


def revised(material: Material, seed: int) -> Revision:
    """The same seed gives the same revision."""
    chance = random.Random(f"{material.name}/{seed}")
    new = chance.sample(material.paragraphs, len(material.paragraphs) // HELD_BACK)
    old = tuple(text for text in material.paragraphs if text not in new)
    elsewhere = chance.sample(material.elsewhere, len(material.elsewhere))
    new += [elsewhere.pop() for _ in range(min(2, len(elsewhere) - 1))]
    chance.shuffle(new)
    other = _Words(elsewhere, new, chance)
    pieces = _altered(old, other)
    for _ in range(chance.choice(_MOVES)):
        _move(pieces, other)
    for text in new[: chance.choice(_ADDITIONS)]:
        pieces.insert(chance.choice(_places(pieces)), _Piece(text, (), ADDED))
    links = {Link(before, after): piece.kind for after, piece in enumerate(pieces) for before in piece.origins}
    return Revision(f"{material.name}/{seed}", old, tuple(piece.text for piece in pieces), links)


def _altered(paragraphs: Sequence[str], other: "_Words") -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(paragraphs):
        fate = other.chance.choices(list(_FATES), list(_FATES.values()))[0]
        short = len(words(paragraphs[at])) < WORDS and fate not in (KEPT, DELETED)
        made = None if short else _FATE[fate](paragraphs, at, other)
        made = _kept(paragraphs, at, other) if made is None else made
        pieces += made
        at = max((origin for piece in made for origin in piece.origins), default=at) + 1
    return pieces


def _move(pieces: list[_Piece], other: "_Words") -> None:
    """One kept paragraph to a place at least two paragraphs away."""
    movable = [at for at, piece in enumerate(pieces) if piece.kind == KEPT and len(piece.text) >= MOVABLE]
    if not movable:
        return
    at = other.chance.choice(movable)
    piece = pieces.pop(at)
    places = [place for place in _places(pieces) if abs(place - at) >= 2]
    if not places:
        pieces.insert(at, piece)
        return
    piece.kind = MOVED
    if other.chance.random() < 0.4:
        piece.kind, piece.text = MOVED_LIGHT, other.lightly(piece.text)
    pieces.insert(other.chance.choice(places), piece)


def _places(pieces: Sequence[_Piece]) -> list[int]:
    """Where a paragraph can be put: anywhere but between the parts of one that was split."""
    whole = (at for at in range(1, len(pieces)) if not {*pieces[at - 1].origins} & {*pieces[at].origins})
    return [0, *whole, len(pieces)]


# -- words, also of scripts that put no spaces between them

_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SEGMENT = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\s\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|\s+"
)


def words(text: str) -> list[str]:
    """Joined by what `between` says they are the text again; in unspaced scripts a word is two characters."""
    return _SEGMENT.findall(text) if _UNSPACED.search(text) else text.split(" ")


def between(text: str) -> str:
    return "" if _UNSPACED.search(text) else " "


class _Words:
    """Words of other texts, as often as they stand there, and whole paragraphs that are new."""

    def __init__(self, texts: Sequence[str], new: list[str], chance: random.Random) -> None:
        self.new, self.chance = new, chance
        self.others = [word for text in texts for word in words(text)]

    def replaced(self, text: str, share: float) -> str:
        """That share of the words, at least one, exchanged for words from elsewhere."""
        own = words(text)
        for at in self.chance.sample(range(len(own)), max(1, round(share * len(own)))):
            own[at] = self._another(own[at])
        return between(text).join(own)

    def lightly(self, text: str) -> str:
        """A word exchanged, and at times another one put in or left out."""
        own = words(self.replaced(text, 0))
        at = self.chance.randrange(len(own))
        match self.chance.choice(("put in", "leave out", "")):
            case "put in":
                own.insert(at, self._another(""))
            case "leave out" if len(own) > WORDS:
                del own[at]
        made = between(text).join(own)
        return made if made != text else self.replaced(text, 0)

    def _another(self, word: str) -> str:
        return self.chance.choice([other for other in self.chance.choices(self.others, k=9) if other != word] or ["–"])


# -- fates

_Fate = Callable[[Sequence[str], int, _Words], list[_Piece] | None]


def _kept(paragraphs: Sequence[str], at: int, _: _Words) -> list[_Piece]:
    return [_Piece(paragraphs[at], (at,), KEPT)]


def _light(paragraphs: Sequence[str], at: int, other: _Words) -> list[_Piece]:
    return [_Piece(other.lightly(paragraphs[at]), (at,), LIGHT)]


def _medium(paragraphs: Sequence[str], at: int, other: _Words) -> list[_Piece]:
    share = other.chance.uniform(0.2, 0.3)
    return [_Piece(other.replaced(paragraphs[at], share), (at,), MEDIUM)]


def _heavy(paragraphs: Sequence[str], at: int, other: _Words) -> list[_Piece]:
    return [_Piece(other.replaced(paragraphs[at], 0.6), (at,), HEAVY)]


def _split(paragraphs: Sequence[str], at: int, other: _Words) -> list[_Piece] | None:
    """In two or, if it is long, at times in three, each of at least five words; at times a word is changed too."""
    own = words(paragraphs[at])
    parts = 3 if len(own) > 60 and other.chance.random() < 0.2 else 2
    if len(own) < 5 * parts:
        return None
    cuts = sorted(other.chance.sample(range(5, len(own) - 4), parts - 1))
    cuts = [0, *cuts, len(own)]
    if any(stop - start < 5 for start, stop in pairwise(cuts)):
        return None
    gap = between(paragraphs[at])
    texts = [gap.join(own[start:stop]) for start, stop in pairwise(cuts)]
    if other.chance.random() < 0.4:
        texts[0] = other.lightly(texts[0])
    return [_Piece(text.strip(), (at,), SPLIT) for text in texts]


def _merged(paragraphs: Sequence[str], at: int, other: _Words) -> list[_Piece] | None:
    if at + 1 == len(paragraphs) or len(words(paragraphs[at + 1])) < WORDS:
        return None
    text = between(paragraphs[at]).join(paragraphs[at : at + 2])
    if other.chance.random() < 0.4:
        text = other.lightly(text)
    return [_Piece(text, (at, at + 1), MERGED)]


def _deleted(_: Sequence[str], __: int, ___: _Words) -> list[_Piece]:
    return []


def _exchanged(_: Sequence[str], __: int, other: _Words) -> list[_Piece] | None:
    """Deleted, and a new paragraph in its place: no link."""
    return [_Piece(other.new.pop(), (), EXCHANGED)] if other.new else None


_FATE: dict[str, _Fate] = {
    KEPT: _kept,
    LIGHT: _light,
    MEDIUM: _medium,
    HEAVY: _heavy,
    SPLIT: _split,
    MERGED: _merged,
    DELETED: _deleted,
    EXCHANGED: _exchanged,
}
