"""Edits -> the facts to read first: a number that changed, a quotation, the headline, what came, went and moved.

Facts say what the text does, never what is true: "a number changed", not "the facts were changed". Hedging and
negation are left out: they could not be told with any reliability.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby
from typing import NamedTuple

import regex

from monitor.core.article import Field
from monitor.core.diff import Edit, EditOp, changed
from monitor.core.diff.likeness import bag, dice
from monitor.core.text import fold


class FactKind(StrEnum):
    """In the order of telling. `name` is a hint: a word with a capital, which may be no name."""

    HEADLINE = "headline"
    CORRECTION = "correction"
    NUMBER = "number"
    QUOTATION = "quotation"
    PARAGRAPH_REMOVED = "paragraph_removed"
    PARAGRAPH_ADDED = "paragraph_added"
    PARAGRAPH_MOVED = "paragraph_moved"
    PUNCTUATION = "punctuation"
    CASE = "case"
    NAME = "name"


_ORDER = {kind: place for place, kind in enumerate(FactKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`old` and `new` are the words of the page, "" where there are none. A number with both stands in one place of an
    otherwise equal wording (12 -> 17): the strongest fact there is."""

    kind: FactKind
    field: Field
    old: str = ""
    new: str = ""

    @property
    def hint(self) -> bool:
        return self.kind is FactKind.NAME


def facts(edits: Sequence[Edit]) -> tuple[Fact, ...]:
    """What the edits change, the weightiest first. Cosmetic edits state nothing."""
    told = [edit for edit in changed(edits) if not edit.cosmetic]
    found = chain(chain.from_iterable(_facts_of(edit) for edit in told), _names(told, edits))
    return tuple(sorted(dict.fromkeys(found), key=_weight))


def _weight(fact: Fact) -> tuple[int, bool]:
    return _ORDER[fact.kind], not (fact.old and fact.new)


def _facts_of(edit: Edit) -> Iterator[Fact]:
    if edit.field is Field.HEADLINE:
        yield Fact(kind=FactKind.HEADLINE, field=edit.field, old=edit.old, new=edit.new)
    if _is_correction(edit):
        yield Fact(kind=FactKind.CORRECTION, field=edit.field, old=edit.old, new=edit.new)
    elif edit.field is Field.BODY and edit.op in _WHOLE_PARAGRAPH:
        yield Fact(kind=_WHOLE_PARAGRAPH[edit.op], field=edit.field, old=edit.old, new=edit.new)
    if edit.op in (EditOp.REPLACE, EditOp.MOVE):
        yield from _inner_facts(edit)


_WHOLE_PARAGRAPH = {
    EditOp.INSERT: FactKind.PARAGRAPH_ADDED,
    EditOp.DELETE: FactKind.PARAGRAPH_REMOVED,
    EditOp.MOVE: FactKind.PARAGRAPH_MOVED,
}


def _inner_facts(edit: Edit) -> Iterator[Fact]:
    surface = _surface_kind(edit.old, edit.new)
    if surface:
        yield Fact(kind=surface, field=edit.field, old=edit.old, new=edit.new)
    for old, new in _numbers(edit):
        yield Fact(kind=FactKind.NUMBER, field=edit.field, old=old, new=new)
    for old, new in _quotations(edit):
        yield Fact(kind=FactKind.QUOTATION, field=edit.field, old=old, new=new)


_WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def _surface_kind(old: str, new: str) -> FactKind | None:
    if old == new:
        return None
    if old.casefold() == new.casefold():
        return FactKind.CASE
    if _WORDS.findall(old.casefold()) == _WORDS.findall(new.casefold()):
        return FactKind.PUNCTUATION
    return None


# Corrections. Phrases that newsrooms use for the notice itself; looked for in inserted text only.
_NOTICE = regex.compile(
    r"\b(?:correction|corrections|clarification|erratum|editor['’]?s['’]? note|korrektur|richtigstellung|berichtigung"
    r"|anmerkung der redaktion|rectificatif|correctif|note de la rédaction|fe de erratas|fe de errores|corrección"
    r"|rectificación|nota de la redacción|rettifica|errata corrige|nota della redazione|correção|errata|nota da redação"
    r"|rectificatie|correctie|rättelse|rettelse|retting|oikaisu|sprostowanie"
    r"|исправление|уточнение|от редакции)\b\s*[:.—–-]"
    r"|\b(?:an|a previous|an earlier|a former) (?:earlier |previous )?version of this (?:article|story|report)"
    r"|\bthis (?:article|story|report) (?:has been|was) (?:amended|corrected|clarified)"
    r"|\b(?:in einer früheren version|dans une version précédente|en una versión anterior|in una versione precedente)"
    r"|訂正|更正：|更正:|정정합니다|바로잡습니다|تصحيح:|תיקון:|הבהרה:",
    regex.IGNORECASE,
)


def _is_correction(edit: Edit) -> bool:
    """A notice that came or was reworded. The note that leaves is no correction."""
    if edit.op is EditOp.DELETE:
        return False
    if edit.field is Field.CORRECTIONS:
        return True
    inserted = " ".join(text for op, text in edit.spans if op == "insert")
    return edit.field in (Field.BODY, Field.STANDFIRST) and _NOTICE.search(inserted) is not None


# Numbers, with their currency, percent sign or magnitude. "Covid-19", "G7" and "A380" are words; where no spaces part
# words, a number may follow a letter.
_LETTER = r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]]"
_NUMBER = regex.compile(
    rf"(?<!{_LETTER})(?<!\p{{L}}[-‐‑])(?<!\p{{N}}[.,:])(?:\p{{Sc}} ?)?"
    r"(?:\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})|\p{Nd}+)(?:[.,:]\p{Nd}+)*"
    r"(?: ?[%‰]| ?\p{Sc}"
    r"| (?:thousand|million|billion|trillion|millionen|milliarden|millions|milliards|millones|mil)\b"
    r"|[mbk]n?\b|[万億亿兆千만억조])?",
    regex.IGNORECASE | regex.V1,
)


def _numbers(edit: Edit) -> Iterator[tuple[str, str]]:
    """Numbers of the changed passages. Those whose value stands on both sides have only gone elsewhere."""
    old, new = list(_NUMBER.finditer(edit.old)), list(_NUMBER.finditer(edit.new))
    before, after = _values(old), _values(new)
    gone, come = before - after, after - before
    for here, there in _passages(edit):
        deleted, inserted = _touched(old, here), _touched(new, there)
        if deleted and _slots(edit.old, here, deleted) == _slots(edit.new, there, inserted):
            for a, b in zip(deleted, inserted, strict=True):
                gone[_value(a.group())] -= 1
                come[_value(b.group())] -= 1
                if _value(a.group()) != _value(b.group()):
                    yield a.group(), b.group()
    yield from ((m.group(), "") for m in old if _take(gone, _value(m.group())))
    yield from (("", m.group()) for m in new if _take(come, _value(m.group())))


def _take(counts: Counter[str], value: str) -> bool:
    counts[value] -= 1
    return counts[value] >= 0


class _Range(NamedTuple):
    """A stretch of text, by characters."""

    start: int
    stop: int


Match = regex.Match[str]


def _touched(numbers: Iterable[Match], place: _Range) -> list[Match]:
    """The whole numbers that a passage holds a part of: in "5 million" only the 5 may have changed."""
    return [number for number in numbers if number.start() < place.stop and place.start < number.end()]


def _slots(text: str, place: _Range, numbers: Sequence[Match]) -> tuple[int, str]:
    """The wording around the numbers. A passage of few words with one number has one place for it."""
    at, parts = place.start, []
    for number in numbers:
        parts.append(text[at : number.start()])
        at = number.end()
    parts.append(text[at : place.stop])
    words = _WORDS.findall(fold(" ".join(parts)))
    return len(numbers), "" if len(numbers) == 1 and len(words) <= 2 else " ".join(words).casefold()


def _values(numbers: Iterable[Match]) -> Counter[str]:
    return Counter(_value(number.group()) for number in numbers)


_THOUSANDS = regex.compile(r"(?<=\d)[., '’](?=\d{3}(?!\d))")


def _value(number: str) -> str:
    """Equal for the same number in other digits or with other marks for the thousands."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in number.casefold())
    return _THOUSANDS.sub("", digits).replace(",", ".").replace(" ", "")


def _passages(edit: Edit) -> Iterator[tuple[_Range, _Range]]:
    """Each place that was reworded, in the old text and in the new one."""
    old_at = new_at = 0
    for same, run in groupby(edit.spans, key=lambda span: span[0] == "equal"):
        spans = list(run)
        old_to = old_at + sum(len(text) for op, text in spans if op != "insert")
        new_to = new_at + sum(len(text) for op, text in spans if op != "delete")
        if not same:
            yield _Range(old_at, old_to), _Range(new_at, new_to)
        old_at, new_at = old_to, new_to


# Quotations. Single curly marks only where they cannot be apostrophes.
_QUOTED = regex.compile(
    r"“([^“”]+)[”“]|„([^„“”]+)[“”]|«\s?([^«»]+?)\s?»|»([^«»]+)«|「([^「」]+)」|『([^『』]+)』"
    r"|\"([^\"]+)\"|(?<![\p{L}\p{N}])[‘']([^‘’']+(?:['’]\p{L}[^‘’']*)*)[’'](?![\p{L}\p{N}])"
)


def _quoted(text: str) -> list[str]:
    return [next(filter(None, match.groups()), "").strip(" ,.") for match in _QUOTED.finditer(text)]


SAME_QUOTATION = 0.4


def _quotations(edit: Edit) -> Iterator[tuple[str, str]]:
    """Quotations that came, went, or were reworded: the likeliest old one is taken for the new one's former wording."""
    before, after = _quoted(edit.old), _quoted(edit.new)
    gone, come = _without(before, after), _without(after, before)
    lone = len(gone) == len(come) == 1
    for new in come:
        best = max(gone, key=lambda old: (dice(bag(old), bag(new)), -len(old)), default="")
        if best and (lone or dice(bag(best), bag(new)) >= SAME_QUOTATION):
            gone.remove(best)
            yield best, new
        else:
            yield "", new
    yield from ((old, "") for old in gone)


def _without(quotes: Iterable[str], others: Iterable[str]) -> list[str]:
    known = {fold(other).casefold() for other in others}
    return [quote for quote in quotes if fold(quote).casefold() not in known]


# Names: runs of words with capitals inside a sentence.
_NAME = regex.compile(r"(?<=[\p{Ll}\p{N},;] [\"“„«(]?)\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+){0,3}")
_INNER_WORD = regex.compile(r"(?<=[\p{Ll}\p{N},;] [\"“„«(]?)\p{L}[\p{L}\p{M}'’-]+")
CAPITALS = 0.24
"""Share of words with a capital inside sentences from which a capital says nothing: German writes its nouns so."""

TITLE_CASE = 0.5
"""The same within one text: a headline in title case."""


def _names(told: Iterable[Edit], edits: Iterable[Edit]) -> Iterator[Fact]:
    everything = list(edits)
    old_text, new_text = "\n".join(e.old for e in everything), "\n".join(e.new for e in everything)
    if _capitals(old_text + "\n" + new_text, least=30) > CAPITALS:
        return
    for edit in told:
        for name in _names_in(edit.old):
            if name not in new_text:
                yield Fact(kind=FactKind.NAME, field=edit.field, old=name)
        for name in _names_in(edit.new):
            if name not in old_text:
                yield Fact(kind=FactKind.NAME, field=edit.field, new=name)


def _names_in(text: str) -> list[str]:
    return [] if _capitals(text, least=4) > TITLE_CASE else list(dict.fromkeys(_NAME.findall(text)))


def _capitals(text: str, *, least: int) -> float:
    words = _INNER_WORD.findall(text)
    return float(sum(word[0].isupper() for word in words) / max(least, len(words)))
