"""What a note names of a change: the former wording, the later one, a place, what kind of thing was wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice

import regex

from monitor.core.article import Claim, FactKind, Field
from monitor.core.corrections import words
from monitor.core.corrections.notes import is_note_alone, without_note
from monitor.core.corrections.times import NamedTime, named_times
from monitor.core.diff import Edit, EditOp, changed
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts import Notice
from monitor.core.facts.notices import kind_of
from monitor.core.facts.numerals import Number, numbers_in
from monitor.core.facts.places import Place, places
from monitor.core.facts.quotes import Quotation, key_of, quotations_in

PASSAGE = 2_000
"""Characters of an exchanged passage that are compared with a note."""

SWAPS = 500
"""Passages of one change that are compared with a note: a change of more is a rewriting."""

QUOTATIONS = 20
"""Quotations of one note that are looked for."""

SHORT = 60
"""Characters of a passage that a note can name by one of its words; of a longer one it names many or none."""

_WORD = regex.compile(rf"[[\p{{L}}\p{{M}}]--[{UNSPACED}]]{{2,}}(?:['’-][\p{{L}}\p{{M}}]+)*", regex.VERSION1)
_PACKED = regex.compile(rf"[{UNSPACED}]+", regex.VERSION1)
_WITHOUT_BORDERS = regex.compile(rf"[[{UNSPACED}]--[\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]]", regex.VERSION1)
_POSSESSIVE = regex.compile(r"['’]s?$")
_CASELESS = regex.compile(r"\p{Lo}")


# -- the words of a text


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
    return len(term) >= (2 if _CASELESS.match(term) else 4)


# -- what was exchanged


@dataclass(frozen=True, slots=True)
class Swap:
    """One passage that was exchanged. `gone` and `come` are words that stand on one side alone, in lower case, each as
    printed."""

    edit: Edit
    field: Field
    at: int | None
    old: str
    new: str
    old_numbers: tuple[Number, ...]
    new_numbers: tuple[Number, ...]
    gone: dict[str, str]
    come: dict[str, str]


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
            yield _swap(edit, old, new, tuple(place.old_parts), tuple(place.new_parts))


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


@dataclass(frozen=True)
class Trace:
    """What a change leaves for the notes that come with it or later."""

    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> "Trace":
        """Without what differs in no word, and without the notes themselves."""
        return cls(tuple(edit for edit in changed(edits) if not edit.cosmetic and not is_note_alone(edit)))

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
        return frozenset(kind for swap in self.swaps for kind in _kinds_of(swap))

    def has(self, field: Field) -> bool:
        return any(edit.field is field for edit in self.edits)


def _kinds_of(swap: Swap) -> frozenset[FactKind]:
    found = set()
    if swap.old_numbers and swap.new_numbers:
        found.add(FactKind.NUMBER)
    if any(printed[:1].isupper() or _CASELESS.match(term) for term, printed in swap.gone.items()):
        found.add(FactKind.NAME)
    if quotations_in(swap.edit.old) or quotations_in(swap.edit.new):
        found.add(FactKind.QUOTATION)
    return frozenset(found)


def _is_substantive(edit: Edit) -> bool:
    """Whether more than capitals, punctuation or the place of a paragraph changed."""
    return bool(edit.old or edit.new) and key_of(edit.old) != key_of(edit.new)


# -- what a note names

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
        """Its numbers, without those of the times at which it says that corrections were made."""
        text = self.text
        for time in self.times:
            text = text.replace(time.words, " " * len(time.words), 1)
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
    def is_update(self) -> bool:
        """Whether it says what was added, not what was wrong."""
        return kind_of(self.text) is Notice.UPDATE

    def has_term(self, term: str) -> bool:
        if term in self.terms:
            return True
        alike = (*self._by_start.get(term[:2], ()), *self._by_end.get(term[-2:], ()))
        return any(_is_inflected(term, own) for own in alike)

    @cached_property
    def _by_start(self) -> Mapping[str, Sequence[str]]:
        return _grouped((term[:2], term) for term in self.terms)

    @cached_property
    def _by_end(self) -> Mapping[str, Sequence[str]]:
        return _grouped((term[-2:], term) for term in self.terms if _GLUES_BEFORE.match(term))

    def has_number(self, number: Number) -> bool:
        return any(own.same(number) for own in self.numbers)

    @property
    def is_specific(self) -> bool:
        """Whether it names something that can be looked for in the text."""
        timed = any(time.is_known for time in self.times)
        return timed or bool(self.numbers or self.quotations or self.places or self.paragraph is not None)


STEM = 5
"""Letters of the shortest word that is known in another case."""

_GLUES_BEHIND = regex.compile(r"\p{Hangul}{2}")
_GLUES_BEFORE = regex.compile(r"[\p{Hebrew}\p{Arabic}]{3}")
"""Scripts whose particles are written together with a word, and the letters that it has at the least."""

ENDING = 3
"""Letters by which two forms of one word differ at the most."""


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for key, term in pairs:
        found.setdefault(key, []).append(term)
    return found


def _is_inflected(one: str, other: str) -> bool:
    """Whether the second is the first in another form."""
    if _GLUES_BEHIND.match(one):
        return other.startswith(one) and len(other) - len(one) <= ENDING + 1
    if _GLUES_BEFORE.match(one):
        return other.endswith(one) and len(other) - len(one) <= ENDING - 1
    if len(one) < STEM:
        return False
    if one.endswith("nen") and other.startswith(f"{one.removesuffix('nen')}s"):
        return True  # Finnish: Lahtinen, Lahtisesta
    short = min(len(one), len(other))
    common = next((at for at in range(short) if one[at] != other[at]), short)
    return common >= STEM - 1 and max(len(one), len(other)) - common <= ENDING and short - common <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How well a note fits a change. `named` are the words of the note that do. `firm`: it names what stood there
    before and what stands there since; `faint`: what it names may stand in it for another reason; `weak`: a
    number of the changed passage of which it says nothing else. `reasons`: the strongest first."""

    score: float = 0
    named: frozenset[str] = frozenset()
    firm: bool = False
    faint: bool = False
    weak: bool = False
    reasons: tuple[str, ...] = field(default=())


FIRM, QUOTED, FORMER, LATER = 8.0, 7.0, 5.0, 3.0
"""For a passage of which the note names both wordings, quotes the former, names the former, the later one."""

FAINT = 2.0
"""The same for words that stand in any text: written small, or a number of one digit."""

PLACE, PARAGRAPH, TIME = 4.0, 4.0, 4.0
ELSEWHERE, ANOTHER_TIME = -5.0, -8.0
KIND, CONTEXT, CONTEXT_MOST = 1.5, 1.5, 3.0


def evidence(note: Naming, trace: Trace, window: Window | None = None) -> Evidence:
    """What speaks for the change, made in this window, being the one that the note explains, and what against. Without
    a window the time that the note gives says nothing."""
    found = [*_passages(note, trace), *_phrases(note, trace)]
    best = max((one.score for one in found), default=0.0)
    named = frozenset(term for one in found for term in one.named)
    firm = any(one.firm for one in found)
    reasons = [reason for one in sorted(found, key=lambda one: -one.score) for reason in one.reasons]
    score = best + min(2.0, (len(found) - 1) * 0.5 if found else 0.0)
    for added, reason in (*_places(note, trace, firm=firm), *_time(note, window, firm=firm)):
        score += added
        reasons += [reason] if reason else []
    if note.kinds & trace.kinds:
        score += KIND
    shared = [term for term, printed in trace.context.items() if tells(term, printed) and term in note.terms]
    shared = [term for term in shared if term not in named]
    if shared:
        score += min(CONTEXT_MOST, CONTEXT * len(shared))
        printed = ", ".join(trace.context[term] for term in shared[:3])
        reasons += [f"the changed passage speaks of {printed} too"] if not found else []
    faint = bool(found) and not (note.places or note.times) and all(_is_faint(one, len(shared)) for one in found)
    return Evidence(score=score, named=named, firm=firm, faint=faint, reasons=tuple(dict.fromkeys(reasons)))


BESIDES = 2
"""Words that a note must share with the changed passage besides, where it names the later wording alone, or a number
that may mean something else."""


def _is_faint(found: Evidence, shared: int) -> bool:
    if found.firm or found.score >= QUOTED:
        return False
    return found.weak or (found.score <= LATER and shared < BESIDES)


def _passages(note: Naming, trace: Trace) -> Iterator[Evidence]:
    for swap in trace.swaps:
        yield from filter(None, (_numbers(note, swap), _words(note, swap)))


def _numbers(note: Naming, swap: Swap) -> Evidence | None:
    old = [one for one in swap.old_numbers if note.has_number(one)]
    new = [one for one in swap.new_numbers if note.has_number(one)]
    if not old and not new:
        return None
    faint = all(len(one.text) < 2 for one in (*old, *new))
    found = _named([one.text for one in old], [one.text for one in new], faint=faint)
    return replace(found, weak=not (old and new) and _is_weak(note, swap))


def _is_weak(note: Naming, swap: Swap) -> bool:
    """Whether a number that was exchanged may mean something else in the note: it counts something else there, or
    stands beside others that were not exchanged, and the sentence it was exchanged in has little of what the note says.
    """
    known = (*swap.old_numbers, *swap.new_numbers)
    others = [one for one in note.numbers if not any(one.same(other) for other in known)]
    stood = [(swap.edit.old, one) for one in swap.old_numbers] + [(swap.edit.new, one) for one in swap.new_numbers]
    counted = any(
        own.same(one) and (own.unit or _counted(text, one) == _counted(note.text, own) != "")
        for text, one in stood
        for own in note.numbers
    )
    if counted and not others:
        return False
    sentence: dict[str, str] = {}
    for text, one in stood:
        sentence |= terms_of(_sentence(text, one))
    return sum(tells(term, printed) and term in note.terms for term, printed in sentence.items()) < BESIDES


_END = regex.compile(r"[.!?…][\"”»’)]*\s|[。！？।]|\n")


def _sentence(text: str, number: Number) -> str:
    """The sentence that a number stands in."""
    start = max((match.end() for match in _END.finditer(text, endpos=number.start)), default=0)
    end = _END.search(text, number.stop)
    return text[start : end.start() if end else None][:PASSAGE]


_COUNTED = regex.compile(rf"[\s\p{{P}}]{{0,2}}+([{UNSPACED}]|[\p{{L}}\p{{M}}]+)")


def _counted(text: str, number: Number) -> str:
    """The word behind a number: what is counted."""
    match = _COUNTED.match(text, number.stop)
    return match[1].casefold() if match else ""


def _words(note: Naming, swap: Swap) -> Evidence | None:
    old, new = _told(note, swap.gone), _told(note, swap.come)
    if not old and not new:
        return None
    # "seven, not six": a short word says something beside the one that it was exchanged for.
    old, new = old or _told(note, swap.gone, short=True), new or _told(note, swap.come, short=True)
    if max(len(swap.old), len(swap.new)) > SHORT:
        return _long_passage(note, swap, old, new)
    faint = not any(printed[:1].isupper() or _CASELESS.match(printed) for printed in (*old, *new))
    return _named(old, new, faint=faint)


def _told(note: Naming, terms: Mapping[str, str], *, short: bool = False) -> list[str]:
    """The words, as printed, that say something and that the note has too."""
    return [printed for term, printed in terms.items() if tells(term, printed, short=short) and note.has_term(term)]


MANY = 4
"""Words of a long passage that a note has too, from which it names it."""


def _long_passage(note: Naming, swap: Swap, old: Sequence[str], new: Sequence[str]) -> Evidence | None:
    """A paragraph that came, went, or was rewritten."""
    count = max(len(old), len(new))
    names = [printed for printed in (*old, *new) if printed[:1].isupper()]
    if count < 2 and not names:
        return None
    score = FORMER if count >= MANY else LATER if count >= 2 else FAINT
    # "Updated with a comment from Highland Estates", "a quotation of John McPhee has been removed".
    if len(names) >= 2 and (note.is_update if swap.edit.op is EditOp.INSERT else note.kinds & _kinds_of(swap)):
        score = FORMER
    told = old if len(old) >= len(new) else new
    return Evidence(score=score, named=_keys([*old, *new]), reasons=(f"it speaks of {_listed(told)}",))


def _named(old: Sequence[str], new: Sequence[str], *, faint: bool) -> Evidence:
    score = FIRM if old and new else FORMER if old else LATER
    if faint:
        score -= FAINT if not (old and new) else FAINT / 2
    if old and new:
        reason = f"it names {_listed(old)} and {_listed(new)}"
    elif old:
        reason = f"it names the former {_listed(old)}"
    else:
        reason = f"it names the later {_listed(new)}"
    return Evidence(score=score, named=_keys([*old, *new]), firm=bool(old and new), reasons=(reason,))


def _keys(printed: Iterable[str]) -> frozenset[str]:
    return frozenset(text.casefold() for text in printed)


LISTED = 3


def _listed(printed: Sequence[str]) -> str:
    return " ".join(f"“{text}”" for text in dict.fromkeys(printed[:LISTED]))


def _phrases(note: Naming, trace: Trace) -> Iterator[Evidence]:
    """Words that the note quotes, and that stand on one side alone."""
    for quotation in note.quotations:
        if len(quotation.key) < 4:
            continue
        for sides in trace.keys:
            old, new = (_stands(quotation.key, key) for key in sides)
            if old is not new:
                side, score = ("former", QUOTED) if old else ("later", FORMER)
                reason = f"it quotes the {side} words “{quotation.text}”"
                yield Evidence(score=score, named=frozenset({quotation.key}), reasons=(reason,))


def _stands(key: str, text: str) -> bool:
    """Whether the words stand in a text, both in the form of `key_of`."""
    if _UNSPACED.search(key):
        return key.replace(" ", "") in text.replace(" ", "")
    return f" {key} " in f" {text} "


def _places(note: Naming, trace: Trace, *, firm: bool) -> Iterator[tuple[float, str]]:
    for place in sorted(note.places):
        if trace.has(place):
            yield PLACE, f"it speaks of the {_PLACES[place]}"
        elif not firm:
            yield ELSEWHERE, ""
    if note.paragraph is not None:
        touched = {swap.at for swap in trace.swaps if swap.field is Field.BODY}
        if note.paragraph in touched:
            yield PARAGRAPH, f"it speaks of paragraph {note.paragraph + 1}"
        elif not firm and not touched & {note.paragraph - 1, note.paragraph + 1}:
            yield ELSEWHERE, ""


_PLACES = {
    Field.HEADLINE: "headline",
    Field.CAPTIONS: "caption",
    Field.STANDFIRST: "standfirst",
    Field.BYLINE: "byline",
}


def _time(note: Naming, window: Window | None, *, firm: bool) -> Iterator[tuple[float, str]]:
    known = [time for time in note.times if time.is_known]
    if not known or window is None:
        return
    met = next((time for time in known if time.meets(*window)), None)
    if met is not None:
        yield TIME, f"it says “{met.words}”"
    elif not any(time.meets(*note.came) for time in known):  # it says when it was written, which may be later
        yield (ANOTHER_TIME / 2 if firm else ANOTHER_TIME), ""


def is_at_odds(note: Naming, edit: Edit) -> bool:
    """Whether the note names something, and nothing of it has to do with this edit."""
    text = f"{edit.old}\n{edit.new}"
    if note.places and edit.field not in note.places:
        return True
    if note.paragraph is not None and edit.field is Field.BODY:
        near = range(note.paragraph - 1, note.paragraph + 2)
        if edit.new_at not in near and edit.old_at not in near:
            return True
    if not note.numbers and not note.quotations:
        return False
    own = numbers_in(text)
    numbers = any(one.same(other) for one in note.numbers for other in own)
    return not numbers and not any(_stands(quotation.key, key_of(text)) for quotation in note.quotations)
