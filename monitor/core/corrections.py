"""Correction notes and the changes they explain: which came with its change, which speaks of an earlier one, which of
none that was seen, and which facts changed without any.

A link is drawn from what a note says: former or new wording, numbers and names that were exchanged, the field, the
day. A note that arrives with a change and names nothing else speaks of that change. In doubt there is no link: a wrong
one is worse. Links are worked out when they are shown, from the edits as they were recorded.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import regex

from monitor.core.article import FactKind, Field
from monitor.core.diff.edits import Edit, EditOp, changed
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts import Fact, Notice, facts
from monitor.core.facts.notices import kind_of, note_inside
from monitor.core.facts.quotes import quotations_in
from monitor.core.text import fold
from monitor.core.timestamps.parts import Part
from monitor.core.timestamps.scan import scan
from monitor.core.timestamps.words import tidy


class Link(StrEnum):
    """What a note has to do with what was seen. same_change, earlier_change: it explains that; no_change: it explains
    nothing that was seen; reworded, removed: it had been there, and its words changed or went."""

    SAME_CHANGE = "same_change"
    EARLIER_CHANGE = "earlier_change"
    NO_CHANGE = "no_change"
    REWORDED = "reworded"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change that stands, as it was recorded, and the number of the version that it led to; made between the two
    times (aware UTC)."""

    change_id: int
    version: int
    edits: tuple[Edit, ...]
    not_before: datetime
    not_after: datetime


class Change(NamedTuple):
    """A change, by its id and the number of the version that it led to."""

    id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that came, went or was reworded in a change. `text` are its words ("" where it went), `former` those it
    had before. `explains` are the changes it speaks of; `because` names what it has in common with them."""

    text: str
    former: str = ""
    notice: Notice | None = None
    link: Link
    explains: tuple[Change, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What there is to say of the notes of one change. `facts_changed`: it exchanged numbers, names or quotations, or
    took some away; `noted_by` are the changes whose notes explain it."""

    notes: tuple[Note, ...] = ()
    facts_changed: bool = False
    noted_by: tuple[Change, ...] = ()

    @property
    def facts_without_note(self) -> bool:
        return self.facts_changed and not self.noted_by


NO_NOTES = Notes()


def linked(steps: Sequence[ToldChange]) -> dict[int, Notes]:
    """The notes of each change of one article, by its id. `steps` are the changes in their order; those that did not
    stand left out."""
    looked = [_Change(step) for step in steps]
    found: dict[int, list[Note]] = {}
    explained: dict[Change, list[Change]] = {}
    known: dict[str, tuple[Change, ...]] = {}
    for at, change in enumerate(looked):
        for former, text in change.notes:
            note = _note(former, text, change, looked[:at], explained, known)
            found.setdefault(change.step.change_id, []).append(note)
            if note.text:
                known[note.text] = note.explains
            for other in note.explains if note.link is not Link.REMOVED else ():
                explained.setdefault(other, []).append(change.id)
    return {
        change.step.change_id: Notes(
            notes=tuple(found.get(change.step.change_id, ())),
            facts_changed=change.facts_changed,
            noted_by=tuple(dict.fromkeys(explained.get(change.id, ()))),
        )
        for change in looked
    }


def _note(
    former: str,
    text: str,
    change: "_Change",
    before: Sequence["_Change"],
    explained: Container[Change],
    known: Mapping[str, tuple[Change, ...]],
) -> Note:
    kind = kind_of(text or former)
    if not text:
        return Note(text="", former=former, notice=kind, link=Link.REMOVED, explains=known.get(former, ()))
    more = _appended(former, text)
    if former and not more:
        link, explains = Link.REWORDED, known.get(former, ())
        return Note(text=text, former=former, notice=kind, link=link, explains=explains)
    link, explains, because = _explained(more or text, change, before, explained)
    if former:
        explains = tuple(dict.fromkeys((*known.get(former, ()), *explains)))
    return Note(text=text, former=former, notice=kind, link=link, explains=explains, because=because)


def _appended(former: str, text: str) -> str:
    """What was put before or after the former words of a note, which stand as they were."""
    bare = former.rstrip(" .")
    if not bare or bare not in text or bare == text.rstrip(" ."):
        return ""
    return text.replace(bare, " ", 1).strip(" .;,")


# ------------------------------------------------------------------------------------------------- what a note explains

STRONG = 2.0
"""From this weight on what a note and an earlier change have in common is a link."""

SURE = 3.0
"""From this weight on a note that explains one change explains another too."""

CONTEXT = 1.0
"""Words of the corrected sentence, of this weight, decide where only one change is left unexplained; a single one
does, where the note names nothing else."""

ADDED = 1.5
"""From this weight on a note has enough in common with a paragraph that came with it."""


def _explained(
    text: str, change: "_Change", before: Sequence["_Change"], explained: Container[Change]
) -> tuple[Link, tuple[Change, ...], str]:
    said = _Said(text, change.step.not_after.date())
    own = said.of(change) if change.edits else None
    open_facts = [other for other in before if other.facts_changed and other.id not in explained]
    earlier = [(said.of(other), other) for other in before if other.edits]
    # The later of two that have as much in common.
    best = max(earlier, key=lambda pair: (pair[0].strong + pair[0].context, pair[1].step.not_after), default=None)
    if best is not None and best[0].strong >= STRONG and (own is None or best[0].strong > own.strong):
        return Link.EARLIER_CHANGE, (*_others(earlier, best), best[1].id), best[0].because
    if own is not None and _speaks_of_own(said, own, change, open_facts):
        others = [other.id for found, other in earlier if found.strong >= SURE and found.tokens - own.tokens]
        return Link.SAME_CHANGE, (*others, change.id), own.because
    if len(open_facts) == 1 and not change.edits:
        found = said.of(open_facts[0])
        if found.context >= (CONTEXT if said.names_something else AROUND) or found.dated:
            return Link.EARLIER_CHANGE, (open_facts[0].id,), found.because
    return Link.NO_CHANGE, (), ""


def _others(earlier: Iterable[tuple["_Common", "_Change"]], best: tuple["_Common", "_Change"]) -> list[Change]:
    """Changes that a note speaks of besides the one it has most in common with."""
    common, change = best
    return [o.id for found, o in earlier if o is not change and found.strong >= SURE and found.tokens - common.tokens]


def _speaks_of_own(said: "_Said", own: "_Common", change: "_Change", open_facts: Sequence["_Change"]) -> bool:
    """Whether a note speaks of the change it came with. One that only added something needs a reason: notes are put
    beside additions for what was exchanged before, too."""
    if any(edit.op is not EditOp.INSERT for edit in change.edits):
        return True
    if own.strong >= ADDED:
        return True
    return len(change.edits) == 1 and not said.names_something and (said.is_update or not open_facts)


# ------------------------------------------------------------------------------------------------- what both have


@dataclass(frozen=True, slots=True)
class _Common:
    """What a note and a change have in common: `strong` weighs exchanged words, numbers and quotations, `context` those
    round them; `dated`: the note names the day of the change."""

    strong: float = 0.0
    context: float = 0.0
    dated: bool = False
    tokens: frozenset[str] = frozenset()
    because: str = ""


NAMED_OLD, NAMED_NEW, OLD, NEW, QUOTED, AROUND = 3.0, 2.5, 0.7, 0.35, 3.0, 0.5
"""What weighs how much: a number or name that went, one that came, another word that did; a quotation of the note that
stood or stands in an edit; a word beside what was exchanged."""

WHOLE = 0.4
"""The part of it that words of a paragraph have which came or went as a whole: the most of them are not the point."""

MOST_AROUND = 4
LONG = 5
"""Letters of a word that says something by standing beside."""

FIELD_NAMED = 2.0
"""The note names the field that the change touches; the other way round it speaks against it."""

_WORD = regex.compile(
    rf"[{UNSPACED}]{{2,}}|\p{{N}}[\p{{N}}.,:]*\p{{N}}|\p{{N}}|[\p{{L}}\p{{M}}]+(?:['’\-][\p{{L}}\p{{M}}]+)*"
)
_RUN = regex.compile(rf"[{UNSPACED}]+")
_NAME = regex.compile(r"(?<=\p{Ll},? )\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+")
"""A name of two words in the middle of a sentence."""
_HEADLINE = regex.compile(
    r"headline|überschrift|schlagzeile|\btitre\b|titular|\btitolo\b|\btítulo|título|\bkop\b|rubriken|overskrift|otsikko"
    r"|tytuł|заголов|başlık|العنوان|عنوان|כותרת|शीर्षक|শিরোনাম|標題|标题|見出し|제목|พาดหัว|tiêu đề"
)
_CAPTION = regex.compile(
    r"caption|photo|picture|bildunterschrift|bildtext|légende|pie de foto|didascalia|legenda|bijschrift|подпис|podpis"
    r"|写真|图片|사진"
)


class _Said:
    """What one note says. `day` is the day it came: a note that names it says nothing of earlier ones."""

    def __init__(self, text: str, day: date) -> None:
        bare, self._days = _without_days(text)
        self._text = fold(bare).casefold()
        self._tokens = frozenset(_tokens(bare))
        self._quoted = [quotation.text for quotation in quotations_in(text)]
        self._day = day
        self._headline, self._caption = _HEADLINE.search(self._text), _CAPTION.search(self._text)
        self._names = _NAME.search(bare) is not None
        self.is_update = kind_of(text) is Notice.UPDATE

    @property
    def names_something(self) -> bool:
        """Whether it says what was wrong, rightly or not of any change."""
        return bool(self._quoted or self._headline or self._names) or any(token[:1].isdigit() for token in self._tokens)

    def of(self, change: "_Change") -> _Common:
        strong, shared = 0.0, dict[str, None]()
        for token, weight in change.weights.items():
            if token in self._tokens or (_RUN.fullmatch(token) and token in self._text):
                strong += weight
                shared[token] = None
        for words in self._quoted:
            if any(words in edit.old or words in edit.new for edit in change.edits):
                strong += QUOTED
                shared[words] = None
        strong += self._of_field(change)
        around = [token for token in change.around if token in self._tokens]
        context = AROUND * min(MOST_AROUND, len(around))
        dated = any(self._is_day_of(change, month, day) for month, day in self._days)
        because = ", ".join([*list(shared)[:4], *around[: 4 - len(shared)]])
        return _Common(strong, context, dated, frozenset(shared), because)

    def _of_field(self, change: "_Change") -> float:
        told = 0.0
        for named, touched in ((self._headline, Field.HEADLINE), (self._caption, Field.CAPTIONS)):
            if named:
                told += FIELD_NAMED if any(edit.field is touched for edit in change.edits) else -FIELD_NAMED
        return told

    def _is_day_of(self, change: "_Change", month: int, day: int) -> bool:
        if (month, day) == (self._day.month, self._day.day):
            return False
        ends = (change.step.not_before.date(), change.step.not_after.date())
        return any((end.month, end.day) == (month, day) for end in ends)


def _without_days(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The note less its dates, and these as (month, day), in each way they can be read."""
    raw, kept, end = tidy(text), list[str](), 0
    days: list[tuple[int, int]] = []
    for token in scan(raw, None):
        if token.part is Part.DAY and isinstance(token.value, tuple) and not token.weak:
            kept.append(raw[end : token.start])
            end = token.end
            days += [(each.month, each.day) for each in token.value]
    return " ".join((*kept, raw[end:])), days


def _tokens(text: str) -> Iterator[str]:
    for match in _WORD.finditer(fold(text).casefold()):
        token = match.group().rstrip(".,:")
        if token:
            yield token


@dataclass
class _Change:
    """One change, and what of it a note may name."""

    step: ToldChange
    notes: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.notes = list(_notes_in(self.step.edits))

    @property
    def id(self) -> Change:
        return Change(self.step.change_id, self.step.version)

    @cached_property
    def edits(self) -> list[Edit]:
        """What the change did besides its notes."""
        return [e for e in changed(self.step.edits) if not e.cosmetic and not _is_note(e) and (e.old or e.new)]

    @cached_property
    def facts_changed(self) -> bool:
        return any(_is_exchanged(fact) for fact in facts(self.step.edits)) if self.edits else False

    @cached_property
    def weights(self) -> dict[str, float]:
        """Words, numbers and names that went or came, each with its weight."""
        found: dict[str, float] = {}
        for edit in self.edits:
            part = WHOLE if edit.op in (EditOp.INSERT, EditOp.DELETE) else 1.0
            for op, text in _spans(edit):
                for token, named in _named(text) if op != "equal" else ():
                    went = op == "delete"
                    weight = (NAMED_OLD if went else NAMED_NEW) if named else (OLD if went else NEW)
                    found[token] = max(found.get(token, 0.0), part * weight)
        return found

    @cached_property
    def around(self) -> list[str]:
        """The longer words of reworded passages that did not change."""
        kept = (text for edit in self.edits for op, text in _spans(edit) if op == "equal")
        words = dict.fromkeys(token for text in kept for token in _tokens(text) if len(token) >= LONG)
        return [word for word in words if word not in self.weights]


def _spans(edit: Edit) -> Iterable[tuple[str, str]]:
    if edit.spans:
        return edit.spans
    return [(op, text) for op, text in (("delete", edit.old), ("insert", edit.new)) if text]


SHORT = 2
OF_NOTES = frozenset(
    [
        *(
            "this",
            "that",
            "these",
            "those",
            "with",
            "from",
            "have",
            "were",
            "been",
            "which",
            "said",
            "and",
            "was",
            "for",
        ),
        *("article", "story", "version", "earlier", "previous", "previously", "corrected", "updated", "amended"),
        *("correction", "clarification", "clarified", "editor", "editors", "note", "the", "has", "had", "not"),
    ]
)
"""Words of any note."""


def _named(text: str) -> Iterator[tuple[str, bool]]:
    """The tokens that may be named in a note, and whether each is a number or a name."""
    for match in _WORD.finditer(fold(text)):
        word = match.group().rstrip(".,:")
        token = word.casefold()
        named = word[:1].isdigit() or _RUN.fullmatch(word) is not None or (word[:1].isupper() and len(word) > SHORT)
        if token not in OF_NOTES and (named or len(word) >= LONG):
            yield token, named


def _is_exchanged(fact: Fact) -> bool:
    """Whether a fact is one that a newsroom would be asked about: what was said is said otherwise, or no more."""
    if fact.kind is FactKind.NUMBER or fact.kind is FactKind.NAME:
        return bool(fact.old and fact.new) or (fact.kind is FactKind.NUMBER and bool(fact.old))
    return fact.kind is FactKind.QUOTATION and bool(fact.old)


# ------------------------------------------------------------------------------------------------- notes of a change


def _notes_in(edits: Sequence[Edit]) -> Iterator[tuple[str, str]]:
    """Former and new words of each note that the change touched."""
    for edit in changed(edits):
        if edit.cosmetic or edit.op is EditOp.MOVE:
            continue
        if edit.field is Field.CORRECTIONS:
            yield edit.old, edit.new
        elif edit.field in (Field.STANDFIRST, Field.BODY) and (text := note_inside(edit)):
            yield "", text


def _is_note(edit: Edit) -> bool:
    """Whether nothing but a note was touched."""
    return edit.field is Field.CORRECTIONS or (
        edit.op is EditOp.INSERT and note_inside(edit).strip() == edit.new.strip()
    )
