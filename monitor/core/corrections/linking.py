"""Notes x changes -> which change each note explains, and which changes of facts no note explains.

A wrong link is worse than none: a note is linked to the change that it came with, where that fits or nothing else can
be meant, or to the earlier one that it names, the later of two. Where neither is certain, that is said.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import regex

from monitor.core.article import FactKind, Field
from monitor.core.corrections.evidence import FIRM, FORMER, SHORT, Evidence, evidence, is_at_odds, topics
from monitor.core.corrections.links import Change, Link, Note, Notes, ToldChange
from monitor.core.corrections.naming import Naming, Window
from monitor.core.corrections.notes import NoteEdit, NoteOp, is_note_alone, note_edits, note_key
from monitor.core.corrections.terms import tells
from monitor.core.corrections.traces import Swap, Trace
from monitor.core.diff import Edit, EditOp
from monitor.core.diff.edits import words
from monitor.core.facts import Fact, Notice, facts
from monitor.core.facts.names import DATED, capitals_mean_names
from monitor.core.facts.notices import kind_of
from monitor.core.facts.quotes import MARK
from monitor.core.timestamps.words import fold

LOOKED_BACK = 200
"""Changes before a note among which the one is looked for that it explains."""

LEAST = 4.0
"""Evidence from which a note is linked."""

BETTER = 1.0
"""By how much the evidence for one earlier change must exceed that for another, unless both wordings are named."""

MUCH_BETTER = 3.0
"""By how much an earlier change must fit better than the one that the note came with."""


def linked(steps: Iterable[ToldChange]) -> dict[int, Notes]:
    """The notes of each change of one article, by its id. `steps` are the changes in their order; those that did not
    stand left out."""
    linker = _Linker()
    found = {step.change_id: linker.take(step) for step in steps}
    explained: dict[int, list[Change]] = {}
    for own, notes in found.values():
        for note in notes.notes:
            for change in note.explains if note.link is not Link.REMOVED else ():
                explained.setdefault(change.id, []).append(own)
    return {
        change_id: replace(notes, noted_by=tuple(dict.fromkeys(explained.get(change_id, ()))))
        for change_id, (_, notes) in found.items()
    }


@dataclass(frozen=True)
class _Past:
    step: ToldChange
    trace: Trace
    facts_changed: bool

    @property
    def window(self) -> Window:
        return self.step.not_before, self.step.not_after


class _Chosen(NamedTuple):
    """A change that a note explains, and why, for people."""

    change: Change
    because: str


@dataclass
class _Linker:
    """Takes the changes of one article one after the other; each is told by what stands before it."""

    _past: deque[_Past] = field(default_factory=lambda: deque(maxlen=LOOKED_BACK))
    _known: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    _explained: set[Change] = field(default_factory=set)

    def take(self, step: ToldChange) -> tuple[Change, Notes]:
        """What this change has to do with notes, those of later changes left aside."""
        trace = Trace.of(step.edits)
        own = _Past(step, trace, _facts_changed(step.edits, trace))
        notes = tuple(self._notes(own))
        self._past.append(own)
        self._explained.update(change for note in notes if note.link is not Link.REMOVED for change in note.explains)
        return step.key, Notes(
            notes=notes,
            facts_changed=own.facts_changed,
            maybe_noted=any(note.link is Link.UNDETERMINED or _says_more(note) for note in notes),
        )

    def _notes(self, own: _Past) -> Iterator[Note]:
        found = note_edits(own.step.edits)
        read = {note: Naming.of(note.come or note.text, own.window, own.step.claims) for note in found}
        # A note that names nothing does not explain what another one names.
        named = any(_weight(read[note], own).score >= LEAST for note in found if note.op is not NoteOp.REMOVED)
        for note in found:
            if note.op is NoteOp.REMOVED:
                yield _note(
                    note, Link.REMOVED, [_Chosen(each, "") for each in self._known.get(note_key(note.text), ())]
                )
            elif note.op is NoteOp.REWORDED:
                yield self._reworded(note, read[note], own)
            else:
                yield self._added(note, read[note], own, alone=not named)

    # -- one note

    def _added(self, note: NoteEdit, read: Naming, own: _Past, *, alone: bool) -> Note:
        again = self._known.get(note_key(note.text), ())
        chosen = [_Chosen(change, "it stood there before") for change in again]
        chosen = chosen or self._chosen(note, read, own, alone=alone)
        before = self._known.get(note_key(note.former), ()) if note.former else ()
        self._known[note_key(note.come)] = tuple(change for change, _ in chosen)
        # A note that a sentence was added to stands there with both.
        self._known[note_key(note.text)] = (*before, *(change for change, _ in chosen))
        # "We regret the error": more words, and no other correction.
        regrets = bool(note.former) and kind_of(note.come) is None
        link = Link.REWORDED if regrets else self._unexplained(read, own)
        if chosen:
            link = Link.SAME_CHANGE if any(c.change == own.step.key for c in chosen) else Link.EARLIER_CHANGE
        return _note(note, link, [*(_Chosen(change, "") for change in before), *chosen])

    def _reworded(self, note: NoteEdit, read: Naming, own: _Past) -> Note:
        former = self._known.get(note_key(note.former), ())
        fits = _weight(read, own)
        least = LEAST - 1 if len(own.trace.substantive) == 1 else LEAST
        if fits.score >= least and (fits.reasons or not former):
            chosen = [_Chosen(own.step.key, _because(fits))]
        elif former:
            chosen = [_Chosen(change, "") for change in former]
        else:
            whole = Naming.of(note.text, own.window, own.step.claims)
            chosen = self._chosen(note, whole, own, alone=False)
        self._known[note_key(note.text)] = tuple(change for change, _ in chosen)
        return _note(note, Link.REWORDED, chosen)

    # -- which change

    def _chosen(self, note: NoteEdit, read: Naming, own: _Past, *, alone: bool) -> list[_Chosen]:
        """The changes that the note explains, each with the reasons, the likeliest first."""
        here = _weight(read, own) if own.trace.substantive else Evidence()
        weighed = [(_weight(read, past), past) for past in self._past if past.trace.edits]
        earlier = [(found, past) for found, past in weighed if not found.faint]
        best = _best(earlier)
        silent = [past for past in self._past if past.facts_changed and past.step.key not in self._explained]
        sole = alone and _is_sole(note, read, own.trace, after_silence=bool(silent))
        if here.score >= LEAST and (best is None or best[0].score < here.score + MUCH_BETTER):
            chosen = [(here, own)]
        elif best is not None and best[0].score >= (FORMER if sole else LEAST):
            chosen = [best]
        elif (spoken := _spoken_of(read, silent)) and not (own.trace.edits and topics(read, own.trace)):
            return [spoken]
        elif sole and here.score >= 0:
            chosen = [(replace(here, reasons=("it came with this one edit", *here.reasons)), own)]
        else:
            return []
        taken = chosen[0][0].named
        for more, past in sorted([(here, own), *reversed(earlier)], key=lambda one: -one[0].score):
            if past is not chosen[0][1] and more.firm and more.score >= FIRM - 1 and not more.named & taken:
                chosen.append((more, past))
                taken |= more.named
        return [_Chosen(past.step.key, _because(found)) for found, past in chosen]

    def _unexplained(self, read: Naming, own: _Past) -> Link:
        candidates = [past for past in (*self._past, own) if _can_be_meant(read, past.trace)]
        weighed = [_weight(read, past) for past in candidates]
        # Words round what changed say little where the note names numbers or quotations, and none of these fits.
        told = bool(read.numbers or read.quotations)
        fits = any(found.score > 0 and (found.named or not told) for found in weighed)
        return Link.UNDETERMINED if candidates and (fits or not read.is_specific) else Link.NO_CHANGE


def _can_be_meant(read: Naming, trace: Trace) -> bool:
    """Whether a note may be about some edit of a change. What only came was not wrong before."""
    adds = read.is_update or read.is_bare
    return any((adds or edit.op is not EditOp.INSERT) and not is_at_odds(read, edit) for edit in trace.substantive)


def _best(earlier: Sequence[tuple[Evidence, _Past]]) -> tuple[Evidence, _Past] | None:
    """The earlier change that fits best, the later of two that are named by both wordings; None in doubt."""
    ranked = sorted(earlier, key=lambda one: (one[0].score, one[1].step.not_after), reverse=True)
    if not ranked:
        return None
    first = ranked[0]
    if len(ranked) == 1 or first[0].firm or first[0].score >= ranked[1][0].score + BETTER:
        return first
    return None


def _spoken_of(read: Naming, silent: Sequence[_Past]) -> _Chosen | None:
    """The one change without a note whose sentences have what the note speaks of, where it names neither numbers nor
    quotations."""
    if read.undated or read.quotations:
        return None
    found = [(topics(read, past.trace), past) for past in silent]
    told = [(words, past) for words, past in found if words]
    if len(told) != 1:
        return None
    [(words, past)] = told
    return _Chosen(past.step.key, f"the changed passage speaks of {', '.join(words[:3])} too")


def _is_sole(note: NoteEdit, read: Naming, trace: Trace, *, after_silence: bool) -> bool:
    """Whether the note came with exactly one edit that it can be about. `after_silence`: facts changed before without
    a note."""
    if len(trace.substantive) != 1:
        return False
    (edit,) = trace.substantive
    if is_at_odds(read, edit):
        return False
    # What was corrected was there before: a note on a new paragraph says so.
    if edit.op is not EditOp.INSERT or note.kind is Notice.UPDATE:
        return True
    if read.is_bare and not after_silence:
        return True
    return note.kind in _OF_ADDITIONS and bool(evidence(read, trace).named)


_OF_ADDITIONS = (Notice.EDITORS_NOTE, Notice.CLARIFICATION)


def _weight(read: Naming, past: _Past) -> Evidence:
    return evidence(read, past.trace, past.window)


def _because(found: Evidence) -> str:
    return "; ".join(found.reasons[:2])


def _note(note: NoteEdit, link: Link, chosen: Sequence[_Chosen]) -> Note:
    return Note(
        text="" if link is Link.REMOVED else note.text,
        former=note.text if link is Link.REMOVED else note.former,
        notice=note.kind,
        link=link,
        explains=tuple(sorted({change for change, _ in chosen})),
        because="; ".join(dict.fromkeys(because for _, because in chosen if because)),
    )


# -- facts


def _says_more(note: Note) -> bool:
    """Whether a note was reworded to say more than before."""
    return note.link is Link.REWORDED and words(note.text) >= words(note.former) + MORE


MORE = 3
"""Words."""


_OF_WHAT_STOOD = (FactKind.NUMBER, FactKind.QUOTATION, FactKind.NAME)
_TELLING = regex.compile(r"[\p{Nd}\p{Lu}〇零一二三四五六七八九十百两]")


def _facts_changed(edits: Sequence[Edit], trace: Trace) -> bool:
    """Whether numbers, names or quotations were said before that are not any more. What only came is no change of
    facts."""
    if not any(_can_tell(edit) for edit in trace.edits):
        return False
    found = facts([edit for edit in edits if edit.op is EditOp.EQUAL or not is_note_alone(edit)])
    surfaces = {(fact.old, fact.new) for fact in found if fact.kind in (FactKind.PUNCTUATION, FactKind.CASE)}
    if any(_counts(fact) and (fact.old, fact.new) not in surfaces for fact in found):
        return True
    return any(_is_name_exchanged(swap, edits) for swap in trace.swaps)


def _is_name_exchanged(swap: Swap, edits: Sequence[Edit]) -> bool:
    """Whether a name, or a part of it, stands where another stood: "Jon Hansen" -> "Jon Harms"."""
    if max(len(swap.old), len(swap.new)) > SHORT or swap.field is Field.HEADLINE:
        return False
    if not _has_name(swap.gone) or not _has_name(swap.come):
        return False
    text = "\n".join(edit.old for edit in edits if edit.field is swap.field)
    inside = any(_inside_sentence(name, text) for name in swap.gone.values())
    return inside and capitals_mean_names(edits)


def _has_name(terms: Mapping[str, str]) -> bool:
    """Whether one of these words, in lower case and as printed, can be a name."""
    return any(
        printed[:1].isupper() and tells(term, printed) and fold(term) not in DATED for term, printed in terms.items()
    )


def _inside_sentence(name: str, text: str) -> bool:
    """Whether a word, or the one before it, is written with a capital that no beginning of a sentence gives it."""
    pattern = rf"[\p{{Ll}},;] (?:\p{{Lu}}[\p{{L}}\p{{M}}]+ )?{regex.escape(name)}"
    return regex.search(pattern, text) is not None


def _counts(fact: Fact) -> bool:
    return bool(fact.old) and fact.field is not Field.CORRECTIONS and fact.kind in _OF_WHAT_STOOD


def _can_tell(edit: Edit) -> bool:
    """Whether it can change a fact at all. To read a whole article for facts takes long."""
    if edit.field is Field.HEADLINE or edit.op is EditOp.DELETE:
        return True
    if edit.op is EditOp.INSERT:
        return False
    return MARK.search(edit.old) is not None or any(_TELLING.search(text) for op, text in edit.spans if op != "equal")
