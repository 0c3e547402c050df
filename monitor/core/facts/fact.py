"""What the edits change, in one line each: Fact, its kinds, and the order of telling."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.article import FactKind, Field


class Notice(StrEnum):
    """What a correction note calls itself."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    RETRACTION = "retraction"
    EDITORS_NOTE = "editors_note"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`old` and `new` are the words of the page, "" where there are none; of a number, with its unit and currency.

    A number with both stands in one place of an otherwise equal wording (12 -> 17), a quotation with both was reworded:
    the strongest facts there are. `context` are the words that stand round a number, on the new side where there is
    one. `notice` is what a correction note calls itself, None where it does not say.
    """

    kind: FactKind
    field: Field
    old: str = ""
    new: str = ""
    notice: Notice | None = None
    context: str = dataclasses.field(default="", compare=False)

    @property
    def hint(self) -> bool:
        return self.kind is FactKind.NAME


def weight(fact: Fact) -> int:
    """Its place in the order of telling."""
    return _PLACES.get((fact.kind, bool(fact.old), bool(fact.new)), len(_PLACES))


# First what the publisher says of the change himself, then what nobody sees who reads the new text alone.
_BOTH, _OLD, _NEW = (True, True), (True, False), (False, True)
_ORDER = (
    (FactKind.CORRECTION, (_BOTH, _NEW, _OLD)),
    (FactKind.HEADLINE, (_BOTH, _OLD, _NEW)),
    (FactKind.NUMBER, (_BOTH,)),
    (FactKind.QUOTATION, (_BOTH, _OLD)),
    (FactKind.NUMBER, (_OLD, _NEW)),
    (FactKind.QUOTATION, (_NEW,)),
    (FactKind.PARAGRAPH_REMOVED, (_OLD,)),
    (FactKind.PARAGRAPH_ADDED, (_NEW,)),
    (FactKind.PARAGRAPH_MOVED, (_BOTH,)),
    (FactKind.PUNCTUATION, (_BOTH,)),
    (FactKind.CASE, (_BOTH,)),
    (FactKind.NAME, (_OLD, _NEW)),
)
_ROWS = [(kind, sides) for kind, several in _ORDER for sides in several]
_PLACES = {(kind, *sides): place for place, (kind, sides) in enumerate(_ROWS)}
