"""What is said of a change in words, the same in a mail, in a terminal and on a page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.core.article import Block, Claim, ClaimKind, ClaimSource, Declaration, Precision, Rank
from monitor.core.corrections import Link, Note, Notes
from monitor.core.lifecycle import ChangeState
from monitor.core.text import printable
from monitor.store import StoredChange

MEANINGS = {
    Declaration.ANNOUNCED: "The publisher's time moved with the text: an announced change.",
    Declaration.STEALTH: "The text changed and the publisher's time did not, although it could have: a stealth edit.",
    Declaration.UNDETERMINED: "The text changed; the publisher's times cannot tell whether that was announced.",
    Declaration.UNSTAMPED: "The text changed; the page states no time of an update.",
    Declaration.RESTAMPED: "The publisher's time moved; the text did not change.",
}


BY_ENTRIES = "What is new bears times of its own: an announced change."


def meaning(declaration: Declaration | None, *, by_entries: bool = False) -> str:
    """`by_entries`: no time of the page moved, but a live blog's entries have theirs."""
    if by_entries and declaration is Declaration.ANNOUNCED:
        return BY_ENTRIES
    return MEANINGS[declaration] if declaration else "Neither the text nor the publisher's time moved."


def certainty(state: ChangeState) -> str:
    """How sure it is that the change was made; "" where it stood in two fetches or came with a stamp."""
    return _CERTAINTIES.get(state, "")


_CERTAINTIES = {
    ChangeState.PROVISIONAL: "seen once; it waits for a second look",
    ChangeState.UNCONFIRMED: "seen once: a second look could not be had",
    ChangeState.WITHDRAWN: "withdrawn: at the second look the former words were back",
    ChangeState.MASKED: "masked: such blocks come and go on this host while its articles stand still",
}


def why_masked(block: Block, masks: Mapping[str, str]) -> str:
    """Why a block is compared no more; "" for one that is. `masks` are those of its host as they are at this time."""
    why = masks.get(block.signature or "", "")
    if block.rank is Rank.MASKED:
        return printable(why or "its mask has been dropped since")
    return printable(why) if block.rank is Rank.CORE else ""


NOTE_WIDTH = 160
"""Characters of a note that is spoken of; it stands as a whole in the diff."""


def notes_told(found: Notes, declaration: Declaration | None) -> list[str]:
    """What is to be said of the notes of a change, a sentence each; and of a change that has none and should: a story
    that is announced as updated may well have other numbers."""
    told = [_note_told(note) for note in found.notes]
    others = [change.version for change in found.noted_by if change.version not in _own_versions(found)]
    if others:
        told.append(f"The note of {_versions(others)} explains this change.")
    if found.facts_without_note and declaration is not Declaration.ANNOUNCED:
        numbers = "Other numbers" if found.noted_by else "Numbers"
        told.append(f"{numbers}, names, dates or quotations changed without a note.")
    return told


def _own_versions(found: Notes) -> set[int]:
    """The version that the change led to, where a note of its own explains it."""
    same = (note.explains[-1:] for note in found.notes if note.link is Link.SAME_CHANGE)
    return {change.version for changes in same for change in changes}


def _note_told(note: Note) -> str:
    words = f"“{printable(note.text or note.former, NOTE_WIDTH)}”"
    versions = [change.version for change in note.explains]
    if note.link is Link.REMOVED:
        return f"The note {words} was removed" + (f"; it explained {_changes(versions)}." if versions else ".")
    if note.link is Link.REWORDED:
        return f"A note was reworded: {words}" + (f"; it explains {_changes(versions)}." if versions else ".")
    if note.link is Link.UNDETERMINED:
        return f"It cannot be told which change the note {words} explains."
    if note.link is Link.NO_CHANGE:
        return f"The note {words} explains no change that was seen."
    by = f" ({printable(note.because, NOTE_WIDTH)})" if note.because else ""
    if note.link is Link.EARLIER_CHANGE:
        return f"The note {words} explains {_changes(versions)}{by}."
    others = f" and {_changes(versions[:-1])}" if versions[1:] else ""
    return f"The note {words} explains this change{others}{by}."


def _changes(versions: Sequence[int]) -> str:
    return f"the change{'s' * (len(versions) > 1)} that led to {_versions(versions)}"


def _versions(versions: Sequence[int]) -> str:
    return f"version{'s' * (len(versions) > 1)} {enumerated([str(version) for version in versions])}"


_SOURCES = {
    ClaimSource.JSON_LD: "the JSON-LD",
    ClaimSource.SITE: "the update line",
    ClaimSource.META: "the meta tags",
    ClaimSource.MICRODATA: "the microdata",
    ClaimSource.VISIBLE: "the visible line",
    ClaimSource.TIME: "the time element",
    ClaimSource.FEED: "the feed",
    ClaimSource.HTTP: "the HTTP headers",
    ClaimSource.INFERRED: "the day that was searched for",
}


def witnesses(
    moved: Sequence[ClaimSource], still: Sequence[ClaimSource], claims: Iterable[Claim] = (), tz: tzinfo = UTC
) -> str:
    """What a declaration rests on: "the JSON-LD and the visible line stood still at 2022-01-25 09:55 UTC"; "" where
    no source says anything. The time is that of the newer version's `claims`, where the sources agree on it."""
    stamps = [claim for claim in claims if claim.kind is ClaimKind.UPDATED and claim.at is not None]
    told = (("moved", " to ", moved), ("stood still", " at ", still))
    return "; ".join(
        f"{enumerated([_SOURCES[source] for source in sources])} {verb}{_agreed(sources, stamps, joint, tz)}"
        for verb, joint, sources in told
        if sources
    )


def _agreed(sources: Sequence[ClaimSource], stamps: Sequence[Claim], joint: str, tz: tzinfo) -> str:
    """Their time, as coarse as the coarsest of them shows it."""
    own = [claim for claim in stamps if claim.source in sources]
    if any(claim.precision is Precision.DAY for claim in own):
        shown = {f"{claim.at:%Y-%m-%d}" for claim in own}
    elif any(claim.precision is Precision.MINUTE for claim in own):
        shown = {moment(claim.at and claim.at.replace(second=0, microsecond=0), tz) for claim in own}
    else:
        shown = {moment(claim.at, tz) for claim in own}
    return joint + shown.pop() if len(shown) == 1 else ""


def source_name(source: ClaimSource) -> str:
    return _SOURCES[source]


def publisher_says(raw: str | None, at: datetime | None, before: datetime | None, tz: tzinfo = UTC) -> str:
    """The publisher's clock: its own words, the instant that we read in them, and what it said before. "" where it
    gives no instant."""
    if raw is None or at is None:
        return ""
    said = f'"{printable(raw, 120)}" ({moment(at, tz)})'
    if before is None:
        return said
    return said + (", as before" if before == at else f"; before, it was {moment(before, tz)}")


def enumerated(words: Sequence[str]) -> str:
    """ "one", "one and two", "one, two and three"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def window(not_before: datetime, not_after: datetime, tz: tzinfo = UTC) -> str:
    """ "between 09:53:10 and 09:55:12 UTC on 2022-01-25": what can honestly be said of when."""
    start, end = not_before.astimezone(tz), not_after.astimezone(tz)
    if f"{start:%Y%m%d%H%M%S}" == f"{end:%Y%m%d%H%M%S}":
        return f"at {end:%H:%M:%S %Z} on {end:%Y-%m-%d}"
    if start.date() == end.date():
        return f"between {start:%H:%M:%S} and {end:%H:%M:%S %Z} on {end:%Y-%m-%d}"
    return f"between {start:%Y-%m-%d %H:%M:%S} and {end:%Y-%m-%d %H:%M:%S %Z}"


def stood(first: datetime, last: datetime, tz: tzinfo = UTC) -> str:
    """ "2022-01-25 09:55 to 10:12 UTC": from the first sight of a version to the last."""
    start, end = first.astimezone(tz), last.astimezone(tz)
    if end - start < timedelta(minutes=1):
        return f"{start:%Y-%m-%d %H:%M:%S %Z}"
    if start.date() == end.date():
        return f"{start:%Y-%m-%d %H:%M} to {end:%H:%M %Z}"
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M %Z}"


def moment(at: datetime | None, tz: tzinfo = UTC) -> str:
    """ "2022-01-25 09:55 UTC", with seconds where there are any; "" for None."""
    if at is None:
        return ""
    at = at.astimezone(tz)
    return f"{at:%Y-%m-%d %H:%M:%S %Z}" if at.second else f"{at:%Y-%m-%d %H:%M %Z}"


def span(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


STEPS_LISTED = 8


def steps(changes: Sequence[StoredChange]) -> str:
    """The changes between two versions that are not neighbours: "1 → 2 announced, 2 → 3 stealth", or, where there are
    many, how many of each kind. What lies between may be less innocent than what all of it comes to."""
    if len(changes) > STEPS_LISTED:
        counts = Counter(change.declaration or "undeclared" for change in changes)
        return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    return ", ".join(f"{c.from_version} → {c.to_version} {c.declaration or 'undeclared'}" for c in changes)
