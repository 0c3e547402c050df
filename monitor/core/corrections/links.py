"""What is known of a correction note: what it has to do with the changes that were seen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from monitor.core.article import Claim
from monitor.core.diff import Edit
from monitor.core.facts import Notice


class Link(StrEnum):
    """What a note has to do with what was seen. same_change, earlier_change: it explains that; no_change: it fits
    nothing that was seen, and may speak of an edit from before the watch; undetermined: it cannot be told which change
    it explains; reworded, removed: it had been there, and its words changed or went."""

    SAME_CHANGE = "same_change"
    EARLIER_CHANGE = "earlier_change"
    NO_CHANGE = "no_change"
    UNDETERMINED = "undetermined"
    REWORDED = "reworded"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change that stands, as it was recorded, and the number of the version that it led to; made between the two
    times (aware UTC). `claims` are those of that version."""

    change_id: int
    version: int
    edits: tuple[Edit, ...]
    not_before: datetime
    not_after: datetime
    claims: tuple[Claim, ...] = ()

    @property
    def key(self) -> "Change":
        return Change(self.change_id, self.version)


class Change(NamedTuple):
    """A change, by its id and the number of the version that it led to."""

    id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that came, went or was reworded in a change. `text` are its words ("" where it went), `former` those it
    had before. `explains` are the changes it speaks of, in their order; `because` says what it has in common with
    them."""

    text: str
    former: str = ""
    notice: Notice | None = None
    link: Link
    explains: tuple[Change, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What there is to say of the notes of one change. `facts_changed`: it exchanged numbers, names, dates or
    quotations, or took some away; `noted_by` are the changes whose notes explain it, `maybe_noted`: one that came with
    it may; `facts_left`: some of what changed stands in paragraphs of which these notes name nothing."""

    notes: tuple[Note, ...] = ()
    facts_changed: bool = False
    noted_by: tuple[Change, ...] = ()
    maybe_noted: bool = False
    facts_left: bool = False

    @property
    def facts_without_note(self) -> bool:
        """Nobody is accused where it is open what a note speaks of."""
        if self.noted_by:
            return self.facts_left
        return self.facts_changed and not self.maybe_noted


NO_NOTES = Notes()
