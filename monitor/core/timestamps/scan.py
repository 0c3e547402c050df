"""A printed line taken apart: labels, days, times, zones, relative words, fillers, and what is none of these.

Nothing is guessed here: a number is a day or a time only in a form that newsrooms print one in, and a word only in
its place. What the parts mean together is decided in `printed`.
"""

from collections.abc import Callable
from functools import lru_cache

import regex

from monitor.core.article import ClaimKind
from monitor.core.timestamps import words
from monitor.core.timestamps.ago import read_ago, read_same_day
from monitor.core.timestamps.days import read_day
from monitor.core.timestamps.hours import read_offset, read_time, read_zone
from monitor.core.timestamps.parts import Part, Spot, Starts, Token, alternation, longest_first
from monitor.core.timestamps.words import fold


# A line is asked for beside the one before it, and again by itself.
@lru_cache(maxsize=256)
def scan(raw: str, language: str | None, day_first: bool | None = None) -> tuple[Token, ...]:
    """The parts of a line (already `words.tidy`), left to right. Punctuation is no part."""
    return tuple(_scan(raw, language, day_first, to_the_end=True))


def scan_whole(raw: str, language: str | None) -> list[Token] | None:
    """The parts of a line that is made of nothing else; None, and that soon, where there is any other word."""
    tokens = _scan(raw, language, None, to_the_end=False)
    return None if any(token.part is Part.GAP for token in tokens) else tokens


def _scan(raw: str, language: str | None, day_first: bool | None, *, to_the_end: bool) -> list[Token]:
    folded = fold(raw)
    found: list[Token] = []
    place = 0
    while (match := _START.search(folded, place)) is not None:
        token = _token(Spot(raw, folded, language, day_first, match.start(), tuple(found[-_LOOK_BACK:])))
        if token.part is Part.GAP and found and found[-1].part is Part.GAP and found[-1].end == token.start:
            token = Token(Part.GAP, found.pop().start, token.end)
        found.append(token)
        place = token.end
        if token.part is Part.GAP and not to_the_end:
            break
    return found


_LOOK_BACK = 4
_START = regex.compile(r"[\p{L}\p{N}]|[+\-−–](?=\d{1,2}(?::?[0-5]\d)?(?!\d))")


def _token(spot: Spot) -> Token:
    for read in _READ_AT_SIGN if spot.folded[spot.place] in "+-−–" else _READ_AT_WORD:
        token = read(spot)
        if token is not None:
            return token
    return _gap(spot)


def _gap(spot: Spot) -> Token:
    """A word that says no time. It ends where a new word is glued to it: `Jen MillsPublished`, `Publiziert17.`"""
    if spot.folded[spot.place] in "+-−–":
        return Token(Part.FILLER, spot.place, spot.place + 1)
    if _UNSPACED.match(spot.folded, spot.place):
        return Token(Part.GAP, spot.place, spot.place + 1)
    match = _NUMBER.match(spot.folded, spot.place) or _WORD.match(spot.raw, spot.place)
    return Token(Part.GAP, spot.place, max(match.end() if match else 0, spot.place + 1))


_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_NUMBER = regex.compile(r"\d+(?:[.,:/'’\-]\d+)*")
_WORD = regex.compile(r"\p{Lu}*[\p{Ll}\p{Lo}\p{Lm}\p{M}]*(?:['’.\-][\p{Ll}\p{Lo}\p{M}]+)*")


_KINDS = dict.fromkeys(words.UPDATED, ClaimKind.UPDATED) | dict.fromkeys(words.PUBLISHED, ClaimKind.PUBLISHED)
_LABEL = regex.compile(
    rf"(?:{alternation(longest_first(_KINDS))})"
    r"(?:(?<=[\p{Han}\p{Hiragana}\p{Katakana}])|(?![\p{L}\p{M}]))"
)


_LABEL_STARTS = Starts(_KINDS)


def _label(spot: Spot) -> Token | None:
    match = _LABEL.match(spot.folded, spot.place) if _LABEL_STARTS(spot) else None
    if match is None:
        return None
    standing = _standing(spot)
    if standing is None:
        return None
    return Token(Part.LABEL, spot.place, match.end(), _KINDS[match[0]], weak=standing == "weak")


def _standing(spot: Spot) -> str | None:
    """Whether a label can begin here: at a start, after a sign or a time, or glued on with a capital; weakly where
    it only has a capital, after a word ("Ola Nordmann Oppdatert"). In mid-sentence it is a word like any other."""
    last = spot.before[-1] if spot.before else None
    if speaks_of_rules(spot.raw[: spot.place]):
        return None
    if last is None or last.part is not Part.GAP or regex.search(r"[^\s\p{L}\p{N}]", spot.raw[last.end : spot.place]):
        return "strong"
    first = spot.raw[spot.place]
    if spot.place == last.end:
        return "strong" if first.isupper() or _UNSPACED.match(first) else None
    return "weak" if first.isupper() or regex.match(r"\p{Lo}", first) else None


_RULES = regex.compile(
    rf"(?:(?<!\p{{L}})|(?<=[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]))(?:{alternation(longest_first(words.OTHERS))})[^\p{{L}}\p{{N}}]*\Z"
)


def speaks_of_rules(text: str) -> bool:
    """Whether these words end in what is not the article: "Privacy policy (". A label after them is not its own."""
    return _RULES.search(fold(text)[-60:]) is not None


_FILLER = regex.compile(
    rf"(?:{alternation(longest_first((*words.WEEKDAYS, *words.FILLERS)))})"
    r"(?:(?<=[\p{Han}\p{Hiragana}])|(?![\p{L}\p{M}]))"
)


_FILLER_STARTS = Starts((*words.WEEKDAYS, *words.FILLERS))


def _filler(spot: Spot) -> Token | None:
    match = _FILLER.match(spot.folded, spot.place) if _FILLER_STARTS(spot) else None
    return Token(Part.FILLER, spot.place, match.end()) if match else None


_Reader = Callable[[Spot], Token | None]
_READ_AT_WORD: tuple[_Reader, ...] = (read_ago, read_day, read_time, read_zone, _label, read_same_day, _filler)
_READ_AT_SIGN: tuple[_Reader, ...] = (read_offset,)
