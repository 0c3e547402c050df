"""Text -> tokens: a word, a number with its unit, or one grapheme, each with the white space that follows it.

White space is no token of its own: it would make the matcher quadratic and let it anchor on spaces.
"""

import re
from dataclasses import dataclass

import regex

from monitor.core.text import fold

UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words: there, one grapheme is one token."""

# Joiners and extenders belong to the word before them: a border there would cut what a reader sees as one character.
_EXTEND = r"\p{M}\p{Grapheme_Cluster_Break=Extend}\p{Grapheme_Cluster_Break=SpacingMark}\u200d"
_LETTER = rf"[[\p{{L}}\p{{Nd}}\p{{Pc}}{_EXTEND}]--[{UNSPACED}]]"
_DIGITS = r"(?:\p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+(?!\p{Nd})|\p{Nd}++)(?:[.,:]\p{Nd}++)*+"
_NUMBER = rf"\p{{Sc}}?{_DIGITS}(?:{_LETTER}++|[%‰][{_EXTEND}]*+)?"
_WORD = rf"{_LETTER}++(?:['’]{_LETTER}++)*+"
_SPACE = rf"(?:\s*+(?![{_EXTEND}])|(?:[^\S\r\n](?![{_EXTEND}])|[\r\n])*+)"
_MARK = rf"[[\p{{P}}\p{{Sm}}]--\p{{Pc}}](?![{_EXTEND}])"
_TOKEN = regex.compile(rf"(?:{_MARK}|[{UNSPACED}](?![{_EXTEND}])|{_NUMBER}|{_WORD}|\X){_SPACE}", regex.V1)
_ASCII_TOKEN = re.compile(
    r"(?:\$?(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+)(?:[.,:][0-9]+)*(?:[A-Za-z0-9_]+|%)?"
    r"|[A-Za-z0-9_]+(?:'[A-Za-z0-9_]+)*|\S)\s*|\s+"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """`texts` joined are the text; `keys` are what is compared: the token without its white space, folded."""

    texts: list[str]
    keys: list[str]


def tokenise(text: str) -> Tokens:
    if text.isascii():
        found = _ASCII_TOKEN.findall(text)
        return Tokens(found, [token.rstrip() for token in found])
    found = _TOKEN.findall(text)
    keys = {token: _key(token) for token in set(found)}
    return Tokens(found, [keys[token] for token in found])


def _key(token: str) -> str:
    word = token.rstrip()
    if word.isascii() or word.isalnum():
        return word
    return folded(word) or word


FOLDED_UP_TO = 100_000
"""Characters beyond which a text is compared as it stands: no word and no paragraph is that long by honest means."""


def folded(text: str) -> str:
    return fold(text) if len(text) <= FOLDED_UP_TO else text
