"""Whether a change exchanged facts: numbers, names, dates, quotations."""

from collections.abc import Mapping, Sequence

import regex

from monitor.core.article import FactKind, Field
from monitor.core.corrections.notes import is_note_alone
from monitor.core.corrections.terms import tells
from monitor.core.corrections.traces import SHORT, Swap, Trace
from monitor.core.diff import Edit, EditOp
from monitor.core.facts import Fact, facts
from monitor.core.facts.names import DATED, capitals_mean_names
from monitor.core.facts.quotes import MARK
from monitor.core.timestamps.words import fold

_OF_WHAT_STOOD = (FactKind.NUMBER, FactKind.QUOTATION, FactKind.NAME)
_TELLING = regex.compile(r"[\p{Nd}\p{Lu}〇零一二三四五六七八九十百两]")


def facts_changed(edits: Sequence[Edit], trace: Trace) -> bool:
    """Whether numbers, names, dates or quotations were said before that are not any more. What only came is no change
    of facts."""
    if not any(_can_tell(edit) for edit in trace.edits):
        return False
    found = facts([edit for edit in edits if edit.op is EditOp.EQUAL or not is_note_alone(edit)])
    surfaces = {(fact.old, fact.new) for fact in found if fact.kind in (FactKind.PUNCTUATION, FactKind.CASE)}
    if any(_counts(fact) and (fact.old, fact.new) not in surfaces for fact in found):
        return True
    return any(_is_date_exchanged(swap) or _is_name_exchanged(swap, edits) for swap in trace.swaps)


def _is_date_exchanged(swap: Swap) -> bool:
    """Whether a month or day of the week stands where another stood."""
    if max(len(swap.old), len(swap.new)) > SHORT:
        return False
    return any(fold(term) in DATED for term in swap.gone) and any(fold(term) in DATED for term in swap.come)


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
