"""What a note names of a change: the former wording, the later one, a place, a time, what kind of thing was wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from monitor.core.article import Claim, FactKind, Field
from monitor.core.corrections import words
from monitor.core.corrections.terms import GLUES_BEFORE, is_inflected, sets_apart, terms_of
from monitor.core.corrections.times import NamedTime, named_times
from monitor.core.facts import Notice
from monitor.core.facts.notices import kind_of
from monitor.core.facts.numerals import Number, numbers_in
from monitor.core.facts.quotes import Quotation, quotations_in
from monitor.core.timestamps.parts import Part
from monitor.core.timestamps.scan import scan
from monitor.core.timestamps.words import tidy

QUOTATIONS = 20
"""Quotations of one note that are looked for."""

BARE = 3
"""Words of a note that says no more than that there was an error."""

Window = tuple[datetime, datetime]
"""The last look that found the old words, and the first that found the new ones (aware UTC)."""


@dataclass(frozen=True)
class Naming:
    """A note, read for what it names."""

    text: str
    came: Window
    times: tuple[NamedTime, ...] = ()

    @classmethod
    def of(cls, note: str, came: Window, claims: Iterable[Claim] = ()) -> "Naming":
        """Of a note that came, or was reworded, in this window, on a page that claimed these times."""
        return cls(note, came, named_times(note, read_at=came[1], claims=claims))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Its numbers, without those of the times at which it says that corrections were made, and of paragraphs."""
        text = self.text
        paragraph = words.paragraph_numbered(text)
        for said in (*(time.words for time in self.times), *([paragraph.group()] if paragraph else ())):
            text = text.replace(said, " " * len(said), 1)
        return tuple(numbers_in(text))

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        return tuple(quotations_in(self.text)[:QUOTATIONS])

    @cached_property
    def terms(self) -> dict[str, str]:
        return terms_of(self.text)

    @cached_property
    def places(self) -> frozenset[Field]:
        return words.places_named(self.text)

    @cached_property
    def paragraph(self) -> int | None:
        return words.paragraph_named(self.text)

    @cached_property
    def kinds(self) -> frozenset[FactKind]:
        return words.kinds_named(self.text)

    @cached_property
    def is_of_picture(self) -> bool:
        return words.is_of_picture(self.text)

    @cached_property
    def is_update(self) -> bool:
        """Whether it says what was added, not what was wrong."""
        return kind_of(self.text) is Notice.UPDATE

    def has_term(self, term: str) -> bool:
        if term in self.terms:
            return True
        alike = (*self._by_start.get(term[:2], ()), *self._by_end.get(term[-2:], ()))
        return any(is_inflected(term, own) for own in alike)

    @cached_property
    def _by_start(self) -> Mapping[str, Sequence[str]]:
        return _grouped((term[:2], term) for term in self.terms if term not in words.GENERIC)

    @cached_property
    def _by_end(self) -> Mapping[str, Sequence[str]]:
        return _grouped((term[-2:], term) for term in self.terms if GLUES_BEFORE.match(term))

    def has_number(self, number: Number) -> bool:
        return any(own.same(number) for own in self.numbers)

    @cached_property
    def undated(self) -> tuple[Number, ...]:
        """Its numbers, without those of any day that it names: what a note of something else is known by."""
        raw = tidy(self.text)
        days = [raw[token.start : token.end] for token in scan(raw, None) if token.part is Part.DAY and not token.weak]
        dated = {number.figures for day in days for number in numbers_in(day)}
        return tuple(number for number in self.numbers if number.figures not in dated)

    @property
    def is_specific(self) -> bool:
        """Whether it names something that can be looked for in the text."""
        timed = any(time.is_known for time in self.times)
        return timed or bool(self.numbers or self.quotations or self.places or self.paragraph is not None)

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing but that something was changed."""
        telling = [printed for term, printed in self.terms.items() if sets_apart(term, printed)]
        named = any(printed[0].isupper() for printed in telling)
        return len(telling) <= BARE and not named and not self.is_specific

    @property
    def names_year(self) -> bool:
        return words.names_year(self.text)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for key, term in pairs:
        found.setdefault(key, []).append(term)
    return found
