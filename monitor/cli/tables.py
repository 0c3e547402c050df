"""What the verbs print: tables for people, JSON for programs. Everything a page said goes through `printable`."""

import csv as csv_format
import io
import json as json_format
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from monitor.cli import variants
from monitor.cli.layout import Address, Role, Sheet
from monitor.cli.session import ago, clock_time, span
from monitor.core.article import Article, BlockKind, Claim, Content, Declaration, Rank, Stage, Version
from monitor.core.blog import counted_entries
from monitor.core.corrections import Notes
from monitor.core.lifecycle import ChangeState
from monitor.core.text import printable
from monitor.core.wire import content_json, entry_change_json, instant_json
from monitor.render.payload import notes_json
from monitor.render.sentences import notes_told, why_masked
from monitor.store import ArticleRow, EventRow, HistoryRow, SourceRow, StoredChange, VersionHead

_STYLES = {
    Declaration.STEALTH: "bold red",
    Declaration.ANNOUNCED: "green",
    Declaration.UNDETERMINED: "yellow",
    Declaration.UNSTAMPED: "yellow",
    Declaration.RESTAMPED: "dim",
}
_STAGES = {Stage.LIVE: "bold green", Stage.GONE: "bold red", Stage.PAUSED: "dim", Stage.RETIRED: "dim"}


def _words(text: str | None, limit: int | None = None) -> Text:
    return Text(printable(text or "–", limit))


def declared(declaration: Declaration | None, late: timedelta | None = None) -> Text:
    """The declaration in its colour, and by how much a stamp followed late."""
    if declaration is None:
        return Text("–")
    text = Text(declaration.value, style=_STYLES[declaration])
    if late is not None:
        text.append(f", announced {span(late)} late", style="dim")
    return text


def state(change: StoredChange) -> str:
    """What is to be said of how far the change can be relied on; "" for one that was confirmed."""
    return {
        ChangeState.PROVISIONAL: " (waits for a second look)",
        ChangeState.WITHDRAWN: " (withdrawn)",
        ChangeState.UNCONFIRMED: " (unconfirmed)",
        ChangeState.MASKED: " (masked)",
    }.get(change.state, "")


# -- list


def articles(rows: Sequence[ArticleRow], now: datetime, tz: tzinfo) -> Sheet:
    made = Sheet(
        ("id", "right"),
        "stage",
        ("headline", "main"),
        ("versions", "right"),
        "last changed",
        "last seen",
        "next look",
        "tags",
    )
    for row in rows:
        article = row.article
        headline = Group(_words(article.headline, 70), Address(printable(article.url), "dim"))
        made.add_row(
            str(article.id),
            Text(article.stage.value, style=_STAGES.get(article.stage, "")),
            headline,
            str(row.versions),
            ago(article.last_changed_at, now),
            ago(article.last_seen_at, now),
            _when_next(article, now, tz),
            ", ".join(article.tags),
        )
    return made


def _when_next(article: Article, now: datetime, tz: tzinfo) -> str:
    if article.next_check_at is None:
        return "–"
    if article.next_check_at <= now:
        return "due"
    wait = article.next_check_at - now
    return f"in {span(wait)}" if wait < timedelta(days=1) else clock_time(article.next_check_at, tz)


def article_brief(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "url": article.url,
        "headline": article.headline,
        "stage": article.stage.value,
        "tags": list(article.tags),
    }


def article_json(row: ArticleRow) -> dict[str, Any]:
    article = row.article
    return article_brief(article) | {
        "host": article.host,
        "versions": row.versions,
        "added_at": instant_json(article.added_at),
        "last_checked_at": instant_json(article.last_checked_at),
        "last_seen_at": instant_json(article.last_seen_at),
        "last_changed_at": instant_json(article.last_changed_at),
        "next_check_at": instant_json(article.next_check_at),
        "moved_to": article.moved_to,
        "last_outcome": article.last_outcome,
        "error_streak": article.error_streak,
        "every_seconds": article.every.total_seconds() if article.every else None,
    }


# -- history


def history(
    article: Article,
    rows: Sequence[HistoryRow],
    events: Sequence[EventRow],
    notes: Mapping[int, Notes],
    now: datetime,
    tz: tzinfo,
    *,
    moved_at: datetime | None = None,
) -> Iterator[RenderableType]:
    """The face of the product: an article's life at a glance. `notes` are those of its changes, by their ids,
    `moved_at` is when it was first found at its `moved_to`."""
    head = Text(printable(article.headline or article.url), style="bold")
    yield head
    yield Text(printable(article.url), style="dim")
    if article.moved_to:
        since = f" since {clock_time(moved_at, tz)}" if moved_at else ""
        yield Text(f"found at {printable(article.moved_to)}{since}", style="dim")
    count = f"{len(rows)} version{'s' * (len(rows) != 1)}"
    seen = f"last seen {ago(article.last_seen_at, now)}"
    yield Text(f"{article.stage.value} · {count} · {seen} · times are {_zone_name(tz, now)}")
    if not rows:
        yield Text(f"nothing has been kept yet; last visit: {article.last_outcome or 'none'}")
        return
    made = Sheet(
        ("#", "right"),
        "seen first / last",
        'the publisher\'s "updated"',
        "declared",
        "what changed",
        ("+", "right"),
        ("−", "right"),
        ("headline", "main"),
    )
    previous: str | None = None
    for row in rows:
        made.add_row(*_history_cells(row, previous, tz))
        previous = row.version.headline
    yield made
    yield from _note_lines(rows, notes)
    yield from _event_lines(events, tz)
    yield from variants.lines(article, tz)


def _note_lines(rows: Sequence[HistoryRow], notes: Mapping[int, Notes]) -> Iterator[Text]:
    """What the notes explain, and which versions changed facts without any."""
    silent = []
    for row in rows:
        found = notes.get(row.change.id) if row.change else None
        if found is None or row.change is None:
            continue
        if found.facts_without_note and row.change.declaration is not Declaration.ANNOUNCED:
            silent.append(str(row.version.number))
        for line in notes_told(replace(found, facts_changed=False, noted_by=()), row.change.declaration):
            yield Text(f"version {row.version.number}: {line}", style="bold")
    if silent:
        yield Text(
            f"numbers, names, dates or quotations changed without a note: version {', '.join(silent)}", style="yellow"
        )


def _history_cells(row: HistoryRow, previous: str | None, tz: tzinfo) -> Iterator[RenderableType]:
    version, change = row.version, row.change
    yield str(version.number)
    yield Text(f"{clock_time(version.first_seen_at, tz)}\n{_last_seen(version, tz)}")
    yield _stamp(version, tz)
    yield (declared(change.declaration, change.announced_late_by) if change else Text("first seen", style="dim"))
    yield Text(_what(change) if change else ("live" if version.live else ""))
    yield Text(str(change.words_added) if change else "", style="green")
    yield Text(str(change.words_removed) if change else "", style="red")
    yield Text("″", style="dim") if version.headline == previous else _words(version.headline)


def _what(change: StoredChange) -> str:
    cosmetic = " (no word)" if change.cosmetic else ""
    entries = counted_entries(change.entries)
    return (", ".join(change.fields) or "–") + (f" ({entries})" if entries else "") + cosmetic + state(change)


def _last_seen(version: VersionHead, tz: tzinfo) -> str:
    first, last = version.first_seen_at.astimezone(tz), version.last_seen_at.astimezone(tz)
    if first.date() == last.date():
        return f"     … {last:%H:%M:%S}"
    return f"… {clock_time(last, tz)}"


def _stamp(version: VersionHead, tz: tzinfo) -> Text:
    """As printed on the page, and what that is in the reader's zone."""
    if version.claimed_updated_raw is None and version.claimed_updated_at is None:
        if version.claimed_published_at is None:
            return Text("–")
        return Text(f"none (published {_short(version.claimed_published_at, tz)})", style="dim")
    text = _words(version.claimed_updated_raw)
    if version.claimed_updated_at is not None:
        text.append(f"\n= {_short(version.claimed_updated_at, tz)}", style="dim")
    return text


def _short(at: datetime, tz: tzinfo) -> str:
    return at.astimezone(tz).strftime("%d %b %Y %H:%M %Z").lstrip("0")


def _zone_name(tz: tzinfo, now: datetime) -> str:
    return now.astimezone(tz).tzname() or "UTC"


def _event_lines(events: Sequence[EventRow], tz: tzinfo) -> Iterator[Text]:
    for event in events:
        window = f"between {clock_time(event.not_before, tz)} and {clock_time(event.not_after, tz)}"
        detail = f" ({printable(event.detail)})" if event.detail else ""
        yield Text(f"{event.event.value}{detail}: {window}", style="dim")


def history_json(
    article: Article, rows: Sequence[HistoryRow], notes: Mapping[int, Notes], moved_at: datetime | None
) -> dict[str, Any]:
    moved = {"moved_to": article.moved_to, "moved_at": instant_json(moved_at)}
    return {
        "article": article_brief(article) | moved,
        "versions": [_history_json(row, notes) for row in rows],
        "variants": variants.tests_json(article),
    }


def _history_json(row: HistoryRow, notes: Mapping[int, Notes]) -> dict[str, Any]:
    change = row.change
    return version_head_json(row.version) | {"change": change_json(change, notes.get(change.id)) if change else None}


def version_head_json(version: VersionHead) -> dict[str, Any]:
    return {
        "number": version.number,
        "first_seen_at": instant_json(version.first_seen_at),
        "last_seen_at": instant_json(version.last_seen_at),
        "claimed_published_at": instant_json(version.claimed_published_at),
        "claimed_updated_at": instant_json(version.claimed_updated_at),
        "claimed_updated_raw": version.claimed_updated_raw,
        "live": version.live,
        "headline": version.headline,
        "words": version.words,
    }


def change_json(change: StoredChange, notes: Notes | None = None) -> dict[str, Any]:
    """`notes` are added where they were looked for."""
    late = change.announced_late_by
    told = (
        {
            "notes": notes_json(notes),
            "facts_without_note": notes.facts_without_note,
            "noted_by": [{"change": each.id, "version": each.version} for each in notes.noted_by],
        }
        if notes
        else {}
    )
    return {
        "id": change.id,
        "state": change.state.value,
        "declaration": change.declaration,
        "claims_moved": list(change.claims_moved),
        "claims_still": list(change.claims_still),
        "fields": list(change.fields),
        "words_added": change.words_added,
        "words_removed": change.words_removed,
        "similarity": round(change.similarity, 4),
        "cosmetic": change.cosmetic,
        "not_before": instant_json(change.not_before),
        "not_after": instant_json(change.not_after),
        "state_reason": change.state_reason or None,
        "announced_late_by": late.total_seconds() if late is not None else None,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "entries": [entry_change_json(made) for made in change.entries],
        **told,
    }


# -- changes

_CSV = (
    "cursor", "article", "url", "headline", "from", "to", "declaration", "state", "fields",
    "words_added", "words_removed", "not_before", "not_after",
)  # fmt: skip


def change_lines(*, json: bool, csv: bool, tz: tzinfo, out: Console) -> Callable[[StoredChange, Notes | None], None]:
    """Something that prints one change a line, as it comes; in JSON with what there is to say of its notes."""
    if json:
        return _change_as_json
    if csv:
        _csv_row(_CSV)
        return _change_as_csv
    return lambda change, _: out.print(_change_line(change, tz))


def _change_as_json(change: StoredChange, notes: Notes | None) -> None:
    brief = {
        "id": change.article_id,
        "url": change.url,
        "headline": change.headline,
        "tags": list(change.tags),
    }
    line = {"cursor": change.id, "article": brief} | change_json(change, notes)
    sys.stdout.write(json_format.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _change_as_csv(change: StoredChange, _: Notes | None) -> None:
    _csv_row(
        (
            change.id, change.article_id, change.url, change.headline, change.from_version, change.to_version,
            change.declaration or "", change.state.value, " ".join(change.fields), change.words_added,
            change.words_removed, instant_json(change.not_before), instant_json(change.not_after),
        )
    )  # fmt: skip


def _csv_row(cells: Sequence[object]) -> None:
    line = io.StringIO()
    csv_format.writer(line, lineterminator="\n").writerow([_inert(cell) for cell in cells])
    sys.stdout.write(line.getvalue())
    sys.stdout.flush()


def _inert(cell: object) -> object:
    """A text that a spreadsheet would run as a formula is quoted (`=`, `+`, `-`, `@`, full width ones too)."""
    if not isinstance(cell, str):
        return cell
    text = printable(cell)
    return "'" + text if text[:1] in "=+-@＝＋－＠\t\r" and text else text


def _change_line(change: StoredChange, tz: tzinfo) -> Text:
    line = Text(f"{change.id:>5}  {clock_time(change.not_after, tz)}  ")
    line.append_text(declared(change.declaration))
    line.append(f"  {_what(change)}  +{change.words_added} −{change.words_removed}  ")
    line.append(printable(change.headline or change.url, 80), style="bold")
    line.append(f"  ({printable(change.host)}, {change.from_version} → {change.to_version})", style="dim")
    return line


# -- show and extract


def version(article: Article, shown: Version, masks: Mapping[str, str], tz: tzinfo) -> Iterator[RenderableType]:
    """`masks` are the signatures of blocks that are masked on its host, each with the reason."""
    yield Text(
        f"version {shown.number} of {article.version_count}, seen from {clock_time(shown.first_seen_at, tz)} "
        f"to {clock_time(shown.last_seen_at, tz)} {_zone_name(tz, shown.first_seen_at)}",
        style="dim",
    )
    yield from content(shown.content, tz, masks)


def content(shown: Content, tz: tzinfo, masks: Mapping[str, str] | None = None) -> Iterator[RenderableType]:
    yield Text(printable(shown.headline or "(no headline)"), style="bold")
    if shown.standfirst:
        yield Text(printable(shown.standfirst), style="italic")
    if shown.byline:
        yield Text("By " + printable(", ".join(shown.byline)))
    yield from variants.other_headlines(shown)
    if shown.live:
        yield Text(f"[live: {printable(shown.live_marker or 'marked as being updated')}]", style="bold green")
    for claim in shown.claims:
        yield _claim_line(claim, tz)
    yield Text("")
    for block in shown.blocks:
        if block.rank is not Rank.NOISE:
            why = why_masked(block, masks or {})
            quiet = "dim" if why or block.rank is Rank.PERIPHERAL else ""
            mark = f"[masked: {why}] " if why else ""
            yield Text(mark + _PREFIX.get(block.kind, "") + printable(block.text) + "\n", style=quiet)
    for caption in shown.captions:
        yield Text(f"Picture: {printable(caption)}\n", style="dim")
    for note in shown.corrections:
        yield Text(f"Note: {printable(note)}\n", style="bold")


_PREFIX = {BlockKind.SUBHEADING: "## ", BlockKind.ITEM: "• ", BlockKind.QUOTE: "> ", BlockKind.ROW: "| "}


def _claim_line(claim: Claim, tz: tzinfo) -> Text:
    at = _short(claim.at, tz) if claim.at else "no instant"
    doubt = "" if claim.believed else f", not believed ({claim.doubt})"
    return Text(f"{claim.kind.value}: {at} — “{printable(claim.raw, 80)}” ({claim.source.value}{doubt})", style="dim")


def version_json(article: Article, shown: Version, masks: Mapping[str, str]) -> dict[str, Any]:
    signatures = {block.signature for block in shown.content.blocks}
    return {
        "article": article_brief(article),
        "number": shown.number,
        "first_seen_at": instant_json(shown.first_seen_at),
        "last_seen_at": instant_json(shown.last_seen_at),
        "page_sha256": shown.page_sha256,
        "content": content_json(shown.content),
        "masks": {signature: why for signature, why in masks.items() if signature in signatures},
    }


# -- sources


def sources(rows: Sequence[SourceRow], now: datetime) -> Sheet:
    counts: tuple[tuple[str, Role], ...] = (("items", "right"), ("kept", "right"), ("filtered", "right"))
    made = Sheet(("id", "right"), ("source", "main"), "kind", *counts, "last polled", "outcome")
    for row in rows:
        made.add_row(
            str(row.id),
            Group(*_source(row)),
            row.kind or "–",
            str(row.items),
            str(row.items - row.filtered),
            str(row.filtered),
            ago(row.last_polled_at, now),
            _words((row.outcome or "–").replace("_", " ")),
        )
    return made


def _source(row: SourceRow) -> Iterator[RenderableType]:
    """Where it is, what is asked of it, and what its last poll had to say."""
    yield Address(printable(row.url))
    if keeps := ", ".join(_keeps(row)):
        yield Text(printable(keeps), style="dim")
    if row.detail:
        yield Text(printable(row.detail, 200), style="yellow")


def _keeps(row: SourceRow) -> Iterator[str]:
    """What the source is asked for, in the words of its options."""
    chosen = row.selection
    if row.only_live:
        yield "only live"
    yield from (f"mentions {name}" for name in row.mentions)
    if chosen.links:
        yield f"links {chosen.links}"
    for name in ("pattern", "exclude", "section", "language"):
        yield from (f"{name} {value}" for value in getattr(chosen, name))
    if chosen.max_age:
        yield f"max age {span(chosen.max_age)}"


def source_json(row: SourceRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": row.url,
        "kind": row.kind,
        "only_live": row.only_live,
        "mentions": list(row.mentions),
        "links": row.selection.links,
        "pattern": list(row.selection.pattern),
        "exclude": list(row.selection.exclude),
        "section": list(row.selection.section),
        "language": list(row.selection.language),
        "max_age_seconds": row.selection.max_age.total_seconds() if row.selection.max_age else None,
        "tags": list(row.tags),
        "items": row.items,
        "kept": row.items - row.filtered,
        "filtered": row.filtered,
        "last_polled_at": instant_json(row.last_polled_at),
        "outcome": row.outcome,
        "detail": row.detail,
        "articles": row.articles,
        "error_streak": row.error_streak,
    }
