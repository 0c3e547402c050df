"""Names that came or went: a hint, by capitals alone.

Told only where a capital inside a sentence means something: not in scripts without case, not in German, whose nouns all
have one, not in headlines in title case, and not of the first word of a sentence or a quotation.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import regex

from monitor.core.article import FactKind, Field
from monitor.core.diff.edits import Edit, EditOp
from monitor.core.facts.fact import Fact
from monitor.core.timestamps.words import MONTHS, WEEKDAYS, fold

CAPITALS = 0.24
"""Share of words with a capital inside sentences from which a capital says nothing: German writes its nouns so."""

TITLE_CASE = 0.6
"""The same within one text: a headline in title case."""

CASED = 0.8
"""Share of letters in scripts that know capitals, below which a capital only says that a word is foreign."""

_INNER_WORD = regex.compile(r"(?<=[\p{Ll}\p{N},;] \(?)\p{L}[\p{L}\p{M}'’-]+")
_NAME = regex.compile(r"(?<=[\p{Ll}\p{N},;] \(?)\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+){0,3}")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]+")
DATED = frozenset({word for months in MONTHS.values() for month in months for word in month} | set(WEEKDAYS))
"""Months and days of the week, folded: English writes them with a capital."""

LOOKED_AT = 30_000
"""Characters by which the use of capitals is judged."""


def capitals_mean_names(edits: Sequence[Edit]) -> bool:
    """Whether the article is written in a language that keeps its capitals for names."""
    text = "\n".join(edit.new or edit.old for edit in edits if edit.field is not Field.HEADLINE)[:LOOKED_AT]
    letters = [char for char in text if char.isalpha()]
    cased = sum(char.islower() or char.isupper() for char in letters)
    return cased >= CASED * len(letters) and _capitals(text, least=30) <= CAPITALS


@lru_cache(maxsize=256)
def is_in_title_case(text: str) -> bool:
    return _capitals(text, least=4) > TITLE_CASE


def _capitals(text: str, *, least: int) -> float:
    words = _INNER_WORD.findall(text[:LOOKED_AT])
    return float(sum(word[0].isupper() for word in words) / max(least, len(words)))


def name_facts(told: Iterable[Edit], edits: Sequence[Edit]) -> Iterator[Fact]:
    """Names of the reworded passages of which no word stands anywhere on the other side: from "Mark Cavendish" to
    "Cavendish" nobody has gone. Each once."""
    before, after = _words(edit.old for edit in edits), _words(edit.new for edit in edits)
    passages = [e for e in told if e.op in (EditOp.REPLACE, EditOp.MOVE) and e.field is not Field.CORRECTIONS]
    gone, come = set[str](), set[str]()
    for edit in passages:
        for name in _names_in(edit.old, after, gone):
            yield Fact(kind=FactKind.NAME, field=edit.field, old=name)
        for name in _names_in(edit.new, before, come):
            yield Fact(kind=FactKind.NAME, field=edit.field, new=name)


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _names_in(text: str, known: frozenset[str], told: set[str]) -> Iterator[str]:
    """Adds the words of what it finds to `told`."""
    if is_in_title_case(text):
        return
    for match in _NAME.finditer(text):
        words = [word.casefold() for word in _WORD.findall(match.group())]
        if any(word in known or word in told for word in words) or all(fold(word) in DATED for word in words):
            continue
        told.update(words)
        yield _POSSESSIVE.sub("", match.group())


_POSSESSIVE = regex.compile(r"['’]s?$")
