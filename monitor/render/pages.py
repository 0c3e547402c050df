"""Pages to keep, print and pass on: each one file, with no script and nothing from outside, light and dark.

`diff_page` shows what lies between two versions, `history_page` tells the whole story of an article to somebody who
has never seen this program, `version_page` is one version to read. All text of a publisher goes through `shown` or
`printable`, and through the templates' escaping.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import zip_longest

from monitor.core.article import Article, BlockKind, Claim, Content, Declaration, Rank, Version
from monitor.core.blog import counted_entries
from monitor.core.classify import text_changed
from monitor.core.diff import Edit
from monitor.core.lifecycle import NOT_STANDING
from monitor.core.lifecycle.headlines import seen_tests
from monitor.core.policy import AlertEvent
from monitor.core.text import printable
from monitor.render.account import WORDS_MAX, Account, Imprint, Told, doubt_of, quoted, told
from monitor.render.fragment import language_tag, rendered
from monitor.render.passages import counted
from monitor.render.sentences import MEANINGS, enumerated, moment, source_name, stood, why_masked, window
from monitor.render.timeline import kind_of, timeline
from monitor.store import EventRow, HistoryRow, ObservationRow, StoredChange, VersionHead

TITLE_MAX = 300


def _page(template: str, article: Article, title: str | None, page: Imprint, **values: object) -> str:
    return rendered(
        template,
        title=printable(title or article.url, TITLE_MAX),
        address=printable(article.url),
        # An address that a click may follow.
        link=article.url if article.url.startswith(("https://", "http://")) else None,
        language=language_tag(page.language),
        made=moment(page.made_at, page.tz),
        program=page.program,
        **values,
    )


def diff_page(
    article: Article, old: Version, new: Version, edits: Sequence[Edit], account: Account, page: Imprint
) -> str:
    """What changed between two versions."""
    return _page(
        "diff.html",
        article,
        new.content.headline,
        page,
        old=_sight(old, page.tz),
        new=_sight(new, page.tz),
        same=not account.fields,
        told=told(account, edits, page, unfolded=True),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A version as a page names it."""

    number: int
    stood: str
    sha256: str | None


def _sight(version: Version | VersionHead, tz: tzinfo) -> Sight:
    return Sight(
        number=version.number,
        stood=stood(version.first_seen_at, version.last_seen_at, tz),
        sha256=version.page_sha256,
    )


def version_page(article: Article, version: Version, page: Imprint, masks: Mapping[str, str]) -> str:
    """One version to read: its text, nothing of the publisher's mark-up. `masks` are the signatures of blocks that are
    masked on its host, each with the reason."""
    return _page(
        "version.html",
        article,
        version.content.headline,
        page,
        sight=_sight(version, page.tz),
        text=_text(version.content, masks),
        claims=[_claim(claim, page.tz) for claim in version.content.claims],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The text of a version. `blocks` are (element, text, why it is masked)."""

    standfirst: str
    byline: str
    marker: str
    blocks: Sequence[tuple[str, str, str]]
    captions: Sequence[str]
    corrections: Sequence[str]


_ELEMENTS = {BlockKind.SUBHEADING: "h3", BlockKind.ITEM: "li", BlockKind.QUOTE: "blockquote"}


def _text(content: Content, masks: Mapping[str, str] | None = None) -> Reading:
    masks = masks or {}
    return Reading(
        standfirst=printable(content.standfirst or ""),
        byline=printable(", ".join(content.byline)),
        marker=printable(content.live_marker or "marked as being updated") if content.live else "",
        blocks=[
            (_ELEMENTS.get(block.kind, "p"), printable(line), why_masked(block, masks))
            for block in content.blocks
            if block.rank is not Rank.NOISE
            for line in block.text.split("\n")
        ],
        captions=[printable(text) for text in content.captions],
        corrections=[printable(text) for text in content.corrections],
    )


def _claim(claim: Claim, tz: tzinfo) -> tuple[str, str]:
    at = moment(claim.at, tz) or "no instant"
    doubt = "" if claim.believed else f"; not believed: {doubt_of(claim)}"
    return claim.kind.value.capitalize(), f"{quoted(claim)}: {at} ({source_name(claim.source)}{doubt})"


# -- the history


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One version in the story of an article. `told` is None for the first; `events` came while it stood."""

    sight: Sight
    kind: str
    headline: str
    live: bool
    told: Told | None
    stamp: tuple[str, str]
    fields: str
    words: str
    events: Sequence[str]


def history_page(
    article: Article,
    rows: Sequence[HistoryRow],
    first: Version,
    changes: Mapping[int, Told],
    events: Sequence[EventRow],
    observations: Sequence[ObservationRow],
    page: Imprint,
) -> str:
    """The whole story of an article with at least one version: a timeline, every change, and how to read them.
    `changes` has what `told` gave for each change, by its id; `first` is the first version with its text."""
    until = max(article.last_checked_at or page.made_at, *(row.version.last_seen_at for row in rows))
    chapters = [_chapter(row, after, changes, events, page.tz) for row, after in _with_next(rows)]
    kinds = [kind for kind in _LEGEND if any(chapter.kind == kind for chapter in chapters)]
    return _page(
        "history.html",
        article,
        article.headline or rows[-1].version.headline,
        page,
        summary=[*_summary(rows, until, page.tz), *_variants(article, page.tz)],
        stage=article.stage.value,
        line=timeline(rows, events, until, page.tz),
        legend=[(kind, _LEGEND[kind]) for kind in kinds],
        chapters=chapters,
        first=_text(first.content),
        observations=[_observation(row, page.tz) for row in observations],
        meanings=[(d.value, MEANINGS[d]) for d in Declaration if d.value in kinds],
        zone=page.made_at.astimezone(page.tz).tzname() or "UTC",
    )


_LEGEND = {
    "first": "first seen",
    "announced": "announced: the publisher's time moved with the text",
    "stealth": "stealth: the text changed, the publisher's time did not",
    "undetermined": "undetermined: the publisher's times cannot tell",
    "unstamped": "unstamped: the page states no time of an update",
    "restamped": "restamped: the time moved, the text did not",
    "unmarked": "something besides text and time changed",
    "withdrawn": "withdrawn: at the second look the former words were back",
    "masked": "masked: such blocks come and go on this host while its articles stand still",
}


def _with_next(rows: Sequence[HistoryRow]) -> Iterator[tuple[HistoryRow, HistoryRow | None]]:
    return zip_longest(rows, rows[1:])


def _chapter(
    row: HistoryRow, after: HistoryRow | None, changes: Mapping[int, Told], events: Sequence[EventRow], tz: tzinfo
) -> Chapter:
    version, change = row.version, row.change
    end = after.version.first_seen_at if after else None
    while_it_stood = [
        event
        for event in events
        if event.event is not AlertEvent.CHANGED
        and version.first_seen_at <= event.not_after
        and (end is None or event.not_after < end)
    ]
    return Chapter(
        sight=_sight(version, tz),
        kind=kind_of(row),
        headline=printable(version.headline or "", TITLE_MAX),
        live=version.live,
        told=changes.get(change.id) if change else None,
        stamp=_stamp(version, tz),
        fields=", ".join(change.fields) if change else "",
        words=_words(change) if change and text_changed(change.fields) else "",
        events=[_event(event, tz) for event in while_it_stood],
    )


def _words(change: StoredChange) -> str:
    entries = counted_entries(change.entries)
    return f"+{change.words_added} −{change.words_removed}" + (f" ({entries})" if entries else "")


def _stamp(version: VersionHead, tz: tzinfo) -> tuple[str, str]:
    """The publisher's words for the last update, and the instant in them."""
    if version.claimed_updated_raw is None and version.claimed_updated_at is None:
        published = moment(version.claimed_published_at, tz)
        return "–", f"published {published}" if published else ""
    return printable(version.claimed_updated_raw or "–", WORDS_MAX), moment(version.claimed_updated_at, tz)


def _event(event: EventRow, tz: tzinfo) -> str:
    detail = f" ({printable(event.detail, WORDS_MAX)})" if event.detail else ""
    return f"{event.event.value.capitalize()}{detail}, {window(event.not_before, event.not_after, tz)}."


def _observation(row: ObservationRow, tz: tzinfo) -> str:
    times = f"{counted(row.times, 'time')}, {moment(row.first_at, tz)}"
    until = f" to {moment(row.last_at, tz)}" if row.last_at != row.first_at else ""
    detail = f" ({printable(row.detail, WORDS_MAX)})" if row.detail else ""
    return f"{row.kind}{detail}: {times}{until}"


def _summary(rows: Sequence[HistoryRow], until: datetime, tz: tzinfo) -> list[str]:
    """The story in sentences."""
    standing = [row.change for row in rows if row.change and row.change.state not in NOT_STANDING]
    start = rows[0].version.first_seen_at
    when = f"Watched from {moment(start, tz)} to {moment(until, tz)}" if start < until else f"Seen {moment(start, tz)}"
    changes = counted(len(standing), "change") if standing else "no change yet"
    lines = [f"{when}: {counted(len(rows), 'version')}, {changes}."]
    counts = Counter(change.declaration for change in standing)
    parts = [f"{counts[declaration]} {_COUNTED[declaration]}" for declaration in Declaration if counts[declaration]]
    return [*lines, f"Of the changes, {enumerated(parts)}."] if parts else lines


def _variants(article: Article, tz: tzinfo) -> Iterator[str]:
    """A sentence for the latest test of each surface."""
    for seen in seen_tests(article.headlines):
        shares = [f"“{printable(w.text, TITLE_MAX)}” at {w.tested} of {seen.looks} looks" for w in seen.wordings]
        until = f" to {moment(seen.test.ended_at, tz)}" if seen.test.ended_at else ""
        since = f"From {moment(seen.test.since, tz)}{until}"
        where = enumerated([str(surface) for surface in seen.surfaces])
        yield f"{since}, {counted(len(shares), 'headline')} stood by turns in {where}: {enumerated(shares)}."


_COUNTED = {
    Declaration.ANNOUNCED: "came with a new time of update (announced)",
    Declaration.STEALTH: "came without one, although there could have been one (stealth)",
    Declaration.UNDETERMINED: "cannot be told either way (undetermined)",
    Declaration.UNSTAMPED: "came on a page that states no time of update (unstamped)",
    Declaration.RESTAMPED: "moved the time alone (restamped)",
}
