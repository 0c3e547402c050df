"""What an alert says in words: its subject, and the lines above the diff."""

from collections.abc import Iterable, Sequence

from monitor.alerts.story import Story
from monitor.core.article import ClaimKind, Declaration
from monitor.core.blog import counted_entries
from monitor.core.facts import Fact, FactKind, Notice
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import AlertEvent
from monitor.core.text import printable
from monitor.render.entries import entry_lines
from monitor.render.sentences import certainty, meaning, notes_told, publisher_says, span, window
from monitor.store import StoredChange

HEADLINE_MAX = 90
FACT_MAX = 30

_OPENINGS = {
    Declaration.ANNOUNCED: "Updated",
    Declaration.STEALTH: "Stealth edit",
    Declaration.UNDETERMINED: "Edited",
    Declaration.UNSTAMPED: "Edited",
    Declaration.RESTAMPED: "Re-dated",
}
_EVENTS = {
    AlertEvent.CHANGED: ("Changed", "It changed."),
    AlertEvent.FOUND: ("New", "It is watched from now on."),
    AlertEvent.LIVE: ("Live", "It is being updated now."),
    AlertEvent.COOLING: ("No longer live", "It no longer says that it is being updated."),
    AlertEvent.SETTLED: ("Settled", "It has been quiet long enough to be called settled."),
    AlertEvent.REOPENED: ("Reopened", "It was settled, and has been changed again."),
    AlertEvent.GONE: ("Gone", "The publisher has taken it down."),
    AlertEvent.RESTORED: ("Back", "It was gone, and can be read again."),
    AlertEvent.RETIRED: ("Retired", "It has been quiet for so long that it is no longer looked at."),
    AlertEvent.PAUSED: ("Paused", "It is not looked at until it is resumed."),
    AlertEvent.RESUMED: ("Resumed", "It is looked at again."),
    AlertEvent.MOVED: ("Moved", "It has another address now."),
    AlertEvent.FAILING: ("Out of sight", "It cannot be read at the moment: what changes there is not seen."),
    AlertEvent.RECOVERED: ("In sight again", "It can be read again."),
    AlertEvent.VARIANT: ("Headline test", "Readers are shown one of several headlines: this is a test, not an edit."),
}


def subject_of(stories: Sequence[Story]) -> str:
    """What happened, to what, where; unsafe as a header before `core.text.header`."""
    last = stories[-1]
    if len(stories) > 1:
        return f"{len(stories)} changes in {_titled(last)}"
    if last.change is None:
        return f"{opening_of(last)}: {_titled(last)}"
    what = _what(last, last.change)
    return f"{opening_of(last)}: {what}{_titled(last)}"


def opening_of(story: Story) -> str:
    change = story.change
    if change is None:
        return _EVENTS[story.row.event or AlertEvent.CHANGED][0]
    if _corrected(story):
        return "Correction"
    return _OPENINGS[change.declaration] if change.declaration else "Changed"


def line_of(story: Story) -> str:
    """One line of a list: what happened, and when."""
    change = story.change
    if change is None:
        event = story.event
        when = f", {window(event.not_before, event.not_after)}" if event is not None else ""
        return f"{opening_of(story)}{when}"
    told = _gist(story, change)
    what = f"{opening_of(story)}: {told}" if told else opening_of(story)
    return (
        f"{what}, {window(change.not_before, change.not_after)} (version {change.from_version} -> {change.to_version})"
    )


def _corrected(story: Story) -> bool:
    notes = (fact for fact in story.facts if fact.kind is FactKind.CORRECTION and fact.new)
    return any(note.notice is not Notice.UPDATE for note in notes)


def _what(story: Story, change: StoredChange) -> str:
    """The most telling difference, with the words that lead on to the headline."""
    fact = _most_telling(story)
    if fact is not None and fact.kind is FactKind.HEADLINE:
        return f'"{printable(fact.old, HEADLINE_MAX // 2)}" -> '
    told = _gist(story, change)
    return f"{told} in " if told else ""


def _gist(story: Story, change: StoredChange) -> str:
    fact = _most_telling(story)
    if change.entries and (fact is None or fact.kind is not FactKind.HEADLINE):
        return counted_entries(change.entries)
    if fact is None:
        return _counted(change)
    if fact.kind is FactKind.HEADLINE:
        return f'"{printable(fact.old, HEADLINE_MAX)}" -> "{printable(fact.new, HEADLINE_MAX)}"'
    return f"{printable(fact.old, FACT_MAX)} -> {printable(fact.new, FACT_MAX)}"


def _most_telling(story: Story) -> Fact | None:
    """A number that changed, else the headline."""
    both = [fact for fact in story.facts if fact.old and fact.new]
    for kind in (FactKind.NUMBER, FactKind.HEADLINE):
        for fact in both:
            if fact.kind is kind:
                return fact
    return None


def _counted(change: StoredChange) -> str:
    added = f"{change.words_added} {_words(change.words_added)} added" if change.words_added else ""
    removed = f"{change.words_removed} removed" if change.words_removed else ""
    if removed and not added:
        removed = f"{change.words_removed} {_words(change.words_removed)} removed"
    return ", ".join(part for part in (added, removed) if part)


def _words(count: int) -> str:
    return "word" if count == 1 else "words"


def _titled(story: Story) -> str:
    headline = story.row.headline
    return f'"{printable(headline, HEADLINE_MAX)}" ({story.host})' if headline else printable(story.url, 150)


def lines_of(story: Story) -> tuple[str, ...]:
    """The facts above the diff, a sentence a line: what it is, when it was by our clock and by the publisher's."""
    lines = _change_lines(story, story.change) if story.change is not None else _event_lines(story)
    return tuple(printable(line, 600) for line in lines if line)


def _change_lines(story: Story, change: StoredChange) -> Iterable[str]:
    yield meaning(change.declaration, by_entries=bool(change.entries) and not change.claims_moved)
    if change.announced_late_by is not None:
        yield f"The publisher's time followed {span(change.announced_late_by)} later."
    if change.state is ChangeState.UNCONFIRMED:
        yield f"{certainty(change.state).capitalize()}."
    yield f"Changed {window(change.not_before, change.not_after)}."
    yield publisher_line(story)
    yield from notes_told(story.notes, change.declaration)
    counted = _counted(change)
    yield f"Version {change.from_version} -> {change.to_version}" + (f": {counted}." if counted else ".")
    yield from entry_lines(change.entries)


def _event_lines(story: Story) -> Iterable[str]:
    yield _EVENTS[story.row.event or AlertEvent.CHANGED][1]
    if story.event is not None:
        yield f"It happened {window(story.event.not_before, story.event.not_after)}."
        yield story.event.detail or ""
    yield publisher_line(story)


def publisher_line(story: Story) -> str:
    """What the publisher's clock says; "" where it says nothing."""
    claim = story.new.content.claim(ClaimKind.UPDATED) if story.new else None
    if story.new is None or claim is None:
        return ""
    before = story.old.content.claimed_updated_at if story.old else None
    return f"The publisher says {publisher_says(story.new.content.claimed_updated_raw or claim.raw, claim.at, before)}."
