"""What a change leaves for the notes that come with it or later: the passages that were exchanged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import regex

from monitor.core.article import FactKind, Field
from monitor.core.corrections.notes import is_note_alone, without_note
from monitor.core.corrections.terms import CASELESS, terms_of
from monitor.core.diff import Edit, EditOp, changed
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts.numerals import Number, numbers_in
from monitor.core.facts.places import Place, places
from monitor.core.facts.quotes import key_of, quotations_in

PASSAGE = 2_000
"""Characters of an exchanged passage that are compared with a note."""

SHORT = 60
"""Characters of a passage that a note can name by one of its words; of a longer one it names many or none."""

SWAPS = 500
"""Passages of one change that are compared with a note: a change of more is a rewriting."""


@dataclass(frozen=True, slots=True)
class Swap:
    """One passage that was exchanged. `gone` and `come` are words that stand on one side alone, in lower case, each as
    printed; `sentence` is what it stands in since, "" for a paragraph that came or went."""

    edit: Edit
    field: Field
    at: int | None
    old: str
    new: str
    old_numbers: tuple[Number, ...]
    new_numbers: tuple[Number, ...]
    gone: dict[str, str]
    come: dict[str, str]
    sentence: str = ""

    @property
    def near(self) -> dict[str, str]:
        """The other words of its sentence."""
        return {term: printed for term, printed in terms_of(self.sentence).items() if term not in self.come}


def swaps_of(edit: Edit) -> Iterator[Swap]:
    """The passages of one edit, apart from a note in it. A number belongs to its passage as a whole, a word too."""
    if edit.op in (EditOp.INSERT, EditOp.DELETE) or not edit.spans:
        yield _swap(edit, without_note(edit.old), without_note(edit.new))
        return
    old_numbers, new_numbers = numbers_in(edit.old), numbers_in(edit.new)
    note = len(without_note(edit.new))
    for place in places(edit, old_numbers, new_numbers):
        if place.new.start >= note and note < len(edit.new):
            continue
        old, new = _words_round(edit.old, place.old.start, place.old.stop), _words_round(edit.new, *_ends(place))
        if old != new:
            swap = _swap(edit, old, new, tuple(place.old_parts), tuple(place.new_parts))
            yield replace(swap, sentence=sentence_at(edit.new, place.new.start, place.new.stop))


def _ends(place: Place[Number]) -> tuple[int, int]:
    return place.new.start, place.new.stop


def _swap(
    edit: Edit,
    old: str,
    new: str,
    old_numbers: tuple[Number, ...] | None = None,
    new_numbers: tuple[Number, ...] | None = None,
) -> Swap:
    before, after = terms_of(old[:PASSAGE]), terms_of(new[:PASSAGE])
    olds = tuple(numbers_in(old[:PASSAGE])) if old_numbers is None else old_numbers
    news = tuple(numbers_in(new[:PASSAGE])) if new_numbers is None else new_numbers
    return Swap(
        edit=edit,
        field=edit.field,
        at=edit.new_at if edit.new_at is not None else edit.old_at,
        old=old,
        new=new,
        old_numbers=tuple(one for one in olds if not any(one.same(other) for other in news)),
        new_numbers=tuple(one for one in news if not any(one.same(other) for other in olds)),
        gone={term: printed for term, printed in before.items() if term not in after},
        come={term: printed for term, printed in after.items() if term not in before},
    )


_LETTER = regex.compile(rf"[[\p{{L}}\p{{M}}\p{{N}}'’]--[{UNSPACED}]]", regex.VERSION1)
_UNSPACED = regex.compile(rf"[{UNSPACED}]")


def _words_round(text: str, start: int, stop: int) -> str:
    """The passage with the words whole that it cuts; in scripts without spaces with a letter on either side."""
    while start and stop > start and _LETTER.match(text[start - 1]) and _LETTER.match(text[start]):
        start -= 1
    while 0 < stop < len(text) and stop > start and _LETTER.match(text[stop]) and _LETTER.match(text[stop - 1]):
        stop += 1
    if start and _UNSPACED.match(text[start - 1]):
        start -= 1
    if stop < len(text) and _UNSPACED.match(text[stop]):
        stop += 1
    return text[start:stop]


_END = regex.compile(r"[.!?…][\"”»’)]*\s|[。！？।]|\n")


def sentence_at(text: str, start: int, stop: int) -> str:
    """The sentence that a passage stands in."""
    begins = max((match.end() for match in _END.finditer(text, endpos=start)), default=0)
    end = _END.search(text, stop)
    return text[begins : end.start() if end else None][:PASSAGE]


RARE = 2
"""Paragraphs at the most that have a word by which one of them is told."""


@dataclass(frozen=True)
class Trace:
    """What a change leaves for the notes that come with it or later; `whole` are its edits with all that was kept."""

    edits: tuple[Edit, ...]
    whole: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> "Trace":
        """Without what differs in no word, and without the notes themselves."""
        kept = tuple(edit for edit in changed(edits) if not edit.cosmetic and not is_note_alone(edit))
        return cls(kept, tuple(edits))

    @cached_property
    def substantive(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if _is_substantive(edit))

    @cached_property
    def swaps(self) -> tuple[Swap, ...]:
        return tuple(islice((swap for edit in self.edits for swap in swaps_of(edit)), SWAPS))

    @cached_property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What each edit said and says, in the form in which quotations are compared."""
        return tuple((key_of(edit.old), key_of(without_note(edit.new))) for edit in self.edits)

    @cached_property
    def context(self) -> dict[str, str]:
        """The words of the changed passages, on both sides."""
        found: dict[str, str] = {}
        for edit in self.edits:
            found |= terms_of(edit.old[:PASSAGE]) | terms_of(edit.new[:PASSAGE])
        return found

    @cached_property
    def kinds(self) -> frozenset[FactKind]:
        """What kinds of things were exchanged."""
        return frozenset(kind for swap in self.swaps for kind in kinds_of(swap))

    @property
    def exchanges(self) -> bool:
        """Whether something that was there is not any more."""
        return any(edit.op is not EditOp.INSERT for edit in self.substantive)

    @property
    def has_years(self) -> bool:
        """Whether a year was exchanged for a year."""
        return any(
            any(number.is_year for number in swap.old_numbers) and any(number.is_year for number in swap.new_numbers)
            for swap in self.swaps
        )

    @cached_property
    def near(self) -> dict[str, str]:
        """The words beside what was exchanged."""
        found: dict[str, str] = {}
        for swap in self.swaps:
            found |= swap.near
        return found

    def keeps(self, number: Number) -> bool:
        """Whether a number stands beside what was exchanged."""
        return any(number.same(other) for swap in self.swaps for other in numbers_in(swap.sentence))

    def is_rare(self, term: str) -> bool:
        """Whether few paragraphs of the article have a word, so that it tells which one is spoken of."""
        return sum(term in text for text in self._paragraphs) <= RARE

    @cached_property
    def _paragraphs(self) -> tuple[str, ...]:
        return tuple(edit.new.casefold() for edit in self.whole if edit.field is Field.BODY)

    def has(self, field: Field) -> bool:
        return any(edit.field is field for edit in self.edits)


def kinds_of(swap: Swap) -> frozenset[FactKind]:
    found = set()
    if swap.old_numbers and swap.new_numbers:
        found.add(FactKind.NUMBER)
    if any(printed[:1].isupper() or CASELESS.match(term) for term, printed in swap.gone.items()):
        found.add(FactKind.NAME)
    if quotations_in(swap.edit.old) or quotations_in(swap.edit.new):
        found.add(FactKind.QUOTATION)
    return frozenset(found)


def _is_substantive(edit: Edit) -> bool:
    """Whether more than capitals, punctuation or the place of a paragraph changed."""
    if key_of(edit.old) != key_of(edit.new):
        return True
    return _CURRENCY.findall(edit.old) != _CURRENCY.findall(edit.new)


_CURRENCY = regex.compile(r"[\p{Sc}%‰°]")
