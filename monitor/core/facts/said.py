"""What the whole article said before and after: a number or a quotation that only goes elsewhere is still said."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

import regex

from monitor.core.article import Field
from monitor.core.diff.edits import Edit
from monitor.core.facts.numerals import FIGURES, Number, numbers_in
from monitor.core.facts.quotes import MARK, Quotation, quotations_in

IN_ITS_WORDS = frozenset({Field.HEADLINE, Field.STANDFIRST, Field.BODY, Field.CAPTIONS})
"""Fields whose numbers and quotations are the article's. A correction note repeats what was wrong."""

FIGURES_READ = 20_000
MARKS_READ = 20_000
"""Figures and quotation marks of one side beyond which no such fact is told: no article has more."""


class Reader:
    """Reads a text once, however often it is asked for: most paragraphs stand on both sides."""

    def __init__(self) -> None:
        self._numbers: dict[str, Sequence[Number]] = {}
        self._quotations: dict[str, Sequence[Quotation]] = {}

    def numbers(self, text: str) -> Sequence[Number]:
        if text not in self._numbers:
            self._numbers[text] = numbers_in(text)
        return self._numbers[text]

    def quotations(self, text: str) -> Sequence[Quotation]:
        if text not in self._quotations:
            self._quotations[text] = quotations_in(text)
        return self._quotations[text]


class Said:
    """One side of an article: all its texts, unchanged ones too."""

    def __init__(self, texts: Iterable[str], reader: Reader) -> None:
        self._texts = tuple(dict.fromkeys(texts))
        self.reader = reader

    @cached_property
    def has_readable_numbers(self) -> bool:
        return _few(FIGURES, self._texts, FIGURES_READ)

    @cached_property
    def has_readable_quotations(self) -> bool:
        return _few(MARK, self._texts, MARKS_READ)

    def quotes(self, key: str) -> bool:
        return key in self._quotations

    @cached_property
    def _quotations(self) -> frozenset[str]:
        return frozenset(quotation.key for text in self._texts for quotation in self.reader.quotations(text))

    def numbers(self, number: Number) -> bool:
        """Whether the number is said anywhere, with this unit or where none stands beside it."""
        units = self._numbers.get(number.value, set[str]())
        return bool(units) and (not number.unit or number.unit in units or "" in units)

    @cached_property
    def _numbers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for text in self._texts:
            for number in self.reader.numbers(text):
                found.setdefault(number.value, set()).add(number.unit)
        return found


def sides(edits: Sequence[Edit]) -> tuple[Said, Said]:
    own = [edit for edit in edits if edit.field in IN_ITS_WORDS]
    reader = Reader()
    return Said((edit.old for edit in own), reader), Said((edit.new for edit in own), reader)


def _few(pattern: regex.Pattern[str], texts: Iterable[str], limit: int) -> bool:
    left = limit
    for text in texts:
        left -= sum(1 for _ in islice(pattern.finditer(text), left + 1))
        if left < 0:
            return False
    return True
