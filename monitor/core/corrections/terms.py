"""The words of notes and of changed passages, in lower case and as printed, and which of them tell something."""

import regex

from monitor.core.corrections import words
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts.names import DATED
from monitor.core.timestamps.words import fold as folded

_WORD = regex.compile(rf"[[\p{{L}}\p{{M}}]--[{UNSPACED}]]{{2,}}(?:['’-][\p{{L}}\p{{M}}]+)*", regex.VERSION1)
_PACKED = regex.compile(rf"[{UNSPACED}]+", regex.VERSION1)
_WITHOUT_BORDERS = regex.compile(rf"[[{UNSPACED}]--[\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]]", regex.VERSION1)
_POSSESSIVE = regex.compile(r"['’]s?$")
CASELESS = regex.compile(r"\p{Lo}")


def terms_of(text: str) -> dict[str, str]:
    """The words of a text that can be told apart: in lower case, each as it was printed. Of scripts without spaces,
    its runs of two letters, or four where letters are many to a word."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        printed = _POSSESSIVE.sub("", match.group())
        found.setdefault(printed.casefold(), printed)
    for match in _PACKED.finditer(text):
        run = match.group()
        size = 2 if _WITHOUT_BORDERS.match(run) else 4
        for at in range(len(run) - size + 1):
            found.setdefault(run[at : at + size], run[at : at + size])
    return found


def tells(term: str, printed: str, *, short: bool = False) -> bool:
    """Whether a word says something when a note has it too: one that most notes are made of does not, nor does a
    `short` one unless they are wanted."""
    if term in words.GENERIC:
        return False
    if printed[:1].isupper() or short:
        return len(term) >= 3
    return len(term) >= (2 if CASELESS.match(term) else 4)


def sets_apart(term: str, printed: str) -> bool:
    """Whether a word beside what was exchanged says something when a note has it too: the name of a day or month, which
    stands in many a sentence, does not."""
    return tells(term, printed) and folded(term) not in DATED


STEM = 5
"""Letters of the shortest word that is known in another case."""

_GLUES_BEHIND = regex.compile(r"\p{Hangul}{2}")
GLUES_BEFORE = regex.compile(r"[\p{Hebrew}\p{Arabic}]{3}")
"""Scripts whose particles are written together with a word, and the letters that it has at the least."""

COMPOUND = 7
"""Letters of a word that is known at the beginning of a longer one."""

ENDING = 3
"""Letters by which two forms of one word differ at the most."""


def is_inflected(one: str, other: str) -> bool:
    """Whether the second is the first in another form."""
    if _GLUES_BEHIND.match(one):
        return other.startswith(one) and len(other) - len(one) <= ENDING + 1
    if GLUES_BEFORE.match(one):
        return other.endswith(one) and len(other) - len(one) <= ENDING - 1
    if len(one) < STEM:
        return False
    if one.endswith("nen") and other.startswith(f"{one.removesuffix('nen')}s"):
        return True  # Finnish: Lahtinen, Lahtisesta
    short = min(len(one), len(other))
    common = next((at for at in range(short) if one[at] != other[at]), short)
    if common == short >= COMPOUND:
        return True  # German: Einwohner, Einwohnerzahl
    return common >= STEM - 1 and max(len(one), len(other)) - common <= ENDING and short - common <= 1
