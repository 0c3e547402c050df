"""Notes x changes -> which change each note explains, and which changes of facts no note explains.

A wrong link is worse than none: a note is linked to the change that it came with, where that fits or nothing else can
be meant, or to the earlier one that it names, the later of two. Where neither is certain, that is said.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from monitor.core.article import FactKind
from monitor.core.corrections.evidence import FIRM, FORMER, Evidence, evidence, is_at_odds, stands, topics
from monitor.core.corrections.facts import facts_changed
from monitor.core.corrections.links import Change, Link, Note, Notes, ToldChange
from monitor.core.corrections.naming import Naming, Window
from monitor.core.corrections.notes import NoteEdit, NoteOp, note_edits, note_key
from monitor.core.corrections.traces import Swap, Trace, swaps_of
from monitor.core.diff import Edit, EditOp
from monitor.core.diff.edits import words
from monitor.core.facts import Notice
from monitor.core.facts.notices import kind_of
from monitor.core.facts.quotes import key_of

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
        change_id: replace(
            notes, noted_by=tuple(dict.fromkeys(explained.get(change_id, ()))), facts_left=linker.leaves_facts(own)
        )
        for change_id, (own, notes) in found.items()
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
    """A change that a note explains, and why, for people. `named` are the words of it that the note names, none where
    it may speak of all."""

    change: Change
    because: str
    named: frozenset[str] = frozenset()


@dataclass
class _Linker:
    """Takes the changes of one article one after the other; each is told by what stands before it."""

    _past: deque[_Past] = field(default_factory=lambda: deque(maxlen=LOOKED_BACK))
    _known: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    _explained: set[Change] = field(default_factory=set)
    _named: dict[Change, list[frozenset[str]]] = field(default_factory=dict)
    _with_facts: dict[Change, _Past] = field(default_factory=dict)

    def take(self, step: ToldChange) -> tuple[Change, Notes]:
        """What this change has to do with notes, those of later changes left aside."""
        trace = Trace.of(step.edits)
        own = _Past(step, trace, facts_changed(step.edits, trace))
        notes = tuple(self._notes(own))
        self._past.append(own)
        if own.facts_changed:
            self._with_facts[step.key] = own
        self._explained.update(change for note in notes if note.link is not Link.REMOVED for change in note.explains)
        return step.key, Notes(
            notes=notes,
            facts_changed=own.facts_changed,
            maybe_noted=any(note.link is Link.UNDETERMINED or _says_more(note) for note in notes),
        )

    def leaves_facts(self, change: Change) -> bool:
        """Whether a change that notes explain exchanged facts of which none of them says anything."""
        past, named = self._with_facts.get(change), self._named.get(change, [])
        if past is None or not named or not all(named):
            return False
        said = frozenset[str]().union(*named)
        kept = tuple(edit for edit in past.step.edits if edit.op is EditOp.EQUAL)
        left = [edit for edit in past.trace.substantive if not _is_named(edit, said)]
        return any(facts_changed((*kept, edit), Trace.of((edit,))) for edit in left)

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
        self._known[note_key(note.come)] = tuple(each.change for each in chosen)
        # A note that a sentence was added to stands there with both.
        self._known[note_key(note.text)] = (*before, *(each.change for each in chosen))
        # "We regret the error": more words, and no other correction.
        regrets = bool(note.former) and kind_of(note.come) is None
        link = Link.REWORDED if regrets else self._unexplained(read, own)
        if chosen:
            link = Link.SAME_CHANGE if any(c.change == own.step.key for c in chosen) else Link.EARLIER_CHANGE
        self._remember(chosen)
        return _note(note, link, [*(_Chosen(change, "") for change in before), *chosen])

    def _reworded(self, note: NoteEdit, read: Naming, own: _Past) -> Note:
        former = self._known.get(note_key(note.former), ())
        fits = _weight(read, own)
        least = LEAST - 1 if len(own.trace.substantive) == 1 else LEAST
        chosen = [_Chosen(change, "") for change in former]
        if fits.score >= least and (fits.reasons or not former):
            chosen.append(_Chosen(own.step.key, _because(fits), _limits(read, fits)))
        elif spoken := self._spoken_of(read, own):
            chosen.append(spoken)
        elif not former:
            whole = Naming.of(note.text, own.window, own.step.claims)
            chosen = self._chosen(note, whole, own, alone=False)
        self._known[note_key(note.text)] = tuple(each.change for each in chosen)
        self._remember(chosen)
        return _note(note, Link.REWORDED, chosen)

    def _remember(self, chosen: Iterable[_Chosen]) -> None:
        for change, _, named in chosen:
            self._named.setdefault(change, []).append(named)

    # -- which change

    def _chosen(self, note: NoteEdit, read: Naming, own: _Past, *, alone: bool) -> list[_Chosen]:
        """The changes that the note explains, each with the reasons, the likeliest first."""
        here = _weight(read, own) if own.trace.substantive else Evidence()
        weighed = [(_weight(read, past), past) for past in self._past if past.trace.edits]
        earlier = [(found, past) for found, past in weighed if not found.faint]
        best = _best(earlier)
        silent = any(past.facts_changed for past in self._open())
        sole = alone and _is_sole(note, read, own.trace, after_silence=silent)
        if here.score >= LEAST and (best is None or best[0].score < here.score + MUCH_BETTER):
            chosen = [(here, own)]
        elif best is not None and best[0].score >= (FORMER if sole else LEAST):
            chosen = [best]
        elif spoken := self._spoken_of(read, own):
            return [spoken]
        elif sole and here.score >= 0:
            chosen = [(replace(here, reasons=("it came with this one edit", *here.reasons)), own)]
        else:
            return []
        taken = chosen[0][0].named
        for more, past in sorted([(here, own), *reversed(earlier)], key=lambda one: -one[0].score):
            if past is not chosen[0][1] and more.firm and more.score >= FIRM - 1 and more.named - taken:
                chosen.append((more, past))
                taken |= more.named
        return [_Chosen(past.step.key, _because(found), _limits(read, found)) for found, past in chosen]

    def _open(self) -> Iterator[_Past]:
        """The earlier changes that exchanged something and that no note explains."""
        return (past for past in self._past if past.trace.exchanges and past.step.key not in self._explained)

    def _spoken_of(self, read: Naming, own: _Past) -> _Chosen | None:
        """The one earlier change without a note whose sentences have what the note speaks of, each number too, where
        it quotes nothing, and where those of its own change have nothing of it."""
        if read.quotations or read.is_of_picture or topics(read, own.trace):
            return None
        could = [past for past in self._open() if all(past.trace.keeps(number) for number in read.undated)]
        told = [(words, past) for past in could if (words := topics(read, past.trace))]
        facts = [(words, past) for words, past in told if past.facts_changed]
        found = facts or told
        if len(found) != 1:
            return None
        [(words, past)] = found
        return _Chosen(past.step.key, f"the changed passage speaks of {', '.join(words[:3])} too")

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


def _is_sole(note: NoteEdit, read: Naming, trace: Trace, *, after_silence: bool) -> bool:
    """Whether the note came with exactly one edit that it can be about. `after_silence`: facts changed before without
    a note."""
    if note.kind is Notice.RETRACTION:
        return trace.exchanges
    if len(trace.substantive) != 1:
        return False
    (edit,) = trace.substantive
    if is_at_odds(read, edit):
        return False
    if note.kind is Notice.UPDATE or (read.is_bare and not after_silence):
        return True
    found = evidence(read, trace)
    # What was corrected was there before: a note on a new paragraph says so.
    if edit.op is EditOp.INSERT:
        return note.kind in _OF_ADDITIONS and bool(found.named)
    return read.is_bare or found.score > 0


_OF_ADDITIONS = (Notice.EDITORS_NOTE, Notice.CLARIFICATION)


def _weight(read: Naming, past: _Past) -> Evidence:
    return evidence(read, past.trace, past.window)


def _limits(read: Naming, found: Evidence) -> frozenset[str]:
    """The words of a change that a note names, where it can be about nothing else of it: "several figures" are any."""
    digits = any(char.isdigit() for word in found.named for char in word)
    return frozenset() if FactKind.NUMBER in read.kinds and not digits else found.named


def _is_named(edit: Edit, said: frozenset[str]) -> bool:
    """Whether a note names anything of an edit."""
    sides = (key_of(edit.old), key_of(edit.new))
    if any(stands(key, side) for key in said for side in sides):
        return True
    texts = (word.casefold() for swap in swaps_of(edit) for word in _printed(swap))
    return any(word in said for word in texts)


def _printed(swap: Swap) -> Iterator[str]:
    yield from (number.text for number in (*swap.old_numbers, *swap.new_numbers))
    yield from (*swap.gone.values(), *swap.come.values())


def _because(found: Evidence) -> str:
    return "; ".join(found.reasons[:2])


def _note(note: NoteEdit, link: Link, chosen: Sequence[_Chosen]) -> Note:
    return Note(
        text="" if link is Link.REMOVED else note.text,
        former=note.text if link is Link.REMOVED else note.former,
        notice=note.kind,
        link=link,
        explains=tuple(sorted({each.change for each in chosen})),
        because="; ".join(dict.fromkeys(each.because for each in chosen if each.because)),
    )


def _says_more(note: Note) -> bool:
    """Whether a note was reworded to say more than before."""
    return note.link is Link.REWORDED and words(note.text) >= words(note.former) + MORE


MORE = 3
"""Words."""
