"""How well a note fits a change: what of it the note names, and what speaks against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from monitor.core.article import FactKind, Field
from monitor.core.corrections.naming import Naming, Window
from monitor.core.corrections.terms import CASELESS, sets_apart, tells, terms_of
from monitor.core.corrections.traces import SHORT, Swap, Trace, kinds_of, sentence_at, swaps_of
from monitor.core.diff import Edit, EditOp
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts.numerals import Number, numbers_in
from monitor.core.facts.quotes import key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How well a note fits a change. `named` are the words of the note that do. `firm`: it names what stood there
    before and what stands there since; `exchanged`: one of these at the least; `faint`: what it names may stand in it
    for another reason; `weak`: a number of the changed passage of which it says nothing else. `reasons`: the strongest
    first."""

    score: float = 0
    named: frozenset[str] = frozenset()
    firm: bool = False
    exchanged: bool = False
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
    if note.names_year:
        score += KIND if trace.has_years else -KIND
    shared = [term for term, printed in trace.context.items() if sets_apart(term, printed) and note.has_term(term)]
    shared = [term for term in shared if term not in named]
    if shared:
        score += min(CONTEXT_MOST, CONTEXT * len(shared))
        printed = ", ".join(trace.context[term] for term in shared[:3])
        reasons += [f"the changed passage speaks of {printed} too"] if not found else []
    faint = bool(found) and not (note.places or note.times) and all(_is_faint(note, one, len(shared)) for one in found)
    return Evidence(score=score, named=named, firm=firm, faint=faint, reasons=tuple(dict.fromkeys(reasons)))


def topics(note: Naming, trace: Trace) -> list[str]:
    """The words beside what was exchanged that the note has too, as printed, where few paragraphs have them."""
    return [
        printed
        for term, printed in trace.near.items()
        if sets_apart(term, printed) and note.has_term(term) and trace.is_rare(term)
    ]


BESIDES = 2
"""Words that a note must share with the changed passage besides, where it names the later wording alone, or a number
that may mean something else."""


def _is_faint(note: Naming, found: Evidence, shared: int) -> bool:
    if found.firm or found.score >= QUOTED:
        return False
    # A name that the note says was wrong is known by its later form.
    named = note.kinds == {FactKind.NAME} and found.exchanged
    return found.weak or (found.score <= LATER and shared < BESIDES and not named)


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
        sentence |= terms_of(sentence_at(text, one.start, one.stop))
    return sum(tells(term, printed) and term in note.terms for term, printed in sentence.items()) < BESIDES


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
    faint = not any(printed[:1].isupper() or CASELESS.match(printed) for printed in (*old, *new))
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
    if len(names) >= 2 and (note.is_update if swap.edit.op is EditOp.INSERT else note.kinds & kinds_of(swap)):
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
    return Evidence(score=score, named=_keys([*old, *new]), firm=bool(old and new), exchanged=True, reasons=(reason,))


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
            old, new = (stands(quotation.key, key) for key in sides)
            if old is not new:
                side, score = ("former", QUOTED) if old else ("later", FORMER)
                reason = f"it quotes the {side} words “{quotation.text}”"
                yield Evidence(score=score, named=frozenset({quotation.key}), reasons=(reason,))


_UNSPACED = regex.compile(rf"[{UNSPACED}]")


def stands(key: str, text: str) -> bool:
    """Whether the words stand in a text, both in the form of `key_of`."""
    if _UNSPACED.search(key):
        return key.replace(" ", "") in text.replace(" ", "")
    return f" {key} " in f" {text} "


def _places(note: Naming, trace: Trace, *, firm: bool) -> Iterator[tuple[float, str]]:
    for place in sorted(note.places):
        if trace.has(place):
            yield PLACE, f"it speaks of the {_PLACES[place]}"
        elif not firm and not any(_is_caption_in_text(note, edit) for edit in trace.edits):
            yield ELSEWHERE, ""
    if note.is_of_picture and not firm:
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


def _is_caption_in_text(note: Naming, edit: Edit) -> bool:
    """Whether the caption that a note speaks of may be this paragraph: many pages print theirs among the others."""
    if note.places != {Field.CAPTIONS} or edit.field is not Field.BODY:
        return False
    terms = terms_of(edit.new)
    return any(sets_apart(term, printed) and note.has_term(term) for term, printed in terms.items())


def is_at_odds(note: Naming, edit: Edit) -> bool:
    """Whether the note names something, and nothing of it has to do with this edit."""
    text = f"{edit.old}\n{edit.new}"
    if note.is_of_picture:
        return True
    if note.places and edit.field not in note.places and not _is_caption_in_text(note, edit):
        return True
    if note.paragraph is not None and edit.field is Field.BODY:
        near = range(note.paragraph - 1, note.paragraph + 2)
        if edit.new_at not in near and edit.old_at not in near:
            return True
    kinds = {kind for swap in swaps_of(edit) for kind in kinds_of(swap)}
    if note.kinds == {FactKind.NAME} and FactKind.NAME not in kinds and edit.op is not EditOp.INSERT:
        return True
    if not note.undated and not note.quotations:
        return False
    own = numbers_in(text)
    numbers = any(one.same(other) for one in note.undated for other in own)
    return not numbers and not any(stands(quotation.key, key_of(text)) for quotation in note.quotations)
