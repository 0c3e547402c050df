"""How two compared versions are told: text for people, a page to keep, JSON and a patch for programs."""

import sys
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from rich.console import Console
from rich.text import Text

from monitor import render
from monitor.cli import tables
from monitor.cli.comparing import Compared
from monitor.cli.session import Session, emit, now
from monitor.core import diff as differ
from monitor.core.article import Claim, ClaimKind, ClaimSource, Declaration, Field, Version
from monitor.core.classify import text_changed
from monitor.core.headline import Follows, follows
from monitor.core.text import printable
from monitor.core.timestamps import compare_claims
from monitor.core.wire import entry_change_json, instant_json
from monitor.render import sentences
from monitor.render.entries import entry_lines

FORMATS = ("inline", "side", "unified", "html", "json", "patch")
_VIEWS = {"inline": render.inline, "side": render.side_by_side, "unified": render.unified}
_RAW_WIDTH = 100
_NARROWEST = 20
"""Columns; fewer are a wrong $COLUMNS, not a terminal."""


def write(compared: Compared, format: str, session: Session, tz: tzinfo) -> None:
    """Print the comparison in one of FORMATS."""
    for remark in compared.remarks:
        session.say(remark)
    if format == "json":
        emit(document(compared))
    elif format == "html":
        from monitor.cli.storytelling import diff_page

        sys.stdout.write(diff_page(compared, now(), tz))
    elif not compared.differs:
        session.say(_nothing(compared))
    elif format == "patch":
        sys.stdout.write(compared.patch)
        if not compared.patch:
            session.say("the body is the same, and a patch holds nothing else")
    else:
        _print(compared, format, session, tz)


def _nothing(compared: Compared) -> str:
    old, new = compared.old.number, compared.new.number
    return f"no differences between version {old} and {new if new != old else 'itself'}"


def _print(compared: Compared, format: str, session: Session, tz: tzinfo) -> None:
    out = session.out
    if format != "unified":
        _print_heading(compared, out, tz)
    elif not session.quiet:
        _print_heading(compared, session.err, tz)
    sys.stdout.write(_VIEWS[format](compared.edits, colour=shows_colour(out), width=max(out.width, _NARROWEST)))


def shows_colour(out: Console) -> bool:
    """Whether the stream is a terminal that can, and whose reader wants it."""
    return out.is_terminal and out.color_system is not None and not out.no_color


def _print_heading(compared: Compared, out: Console, tz: tzinfo) -> None:
    out.print(Text(_title(compared), style="bold"))
    for line in _heading(compared, tz):
        out.print(line)
    told = (*entry_lines(compared.entries, tz), *render.fact_lines(compared.facts), *_notes(compared))
    for words in told:
        out.print(Text(f"• {words}"))
    if text_changed(compared.fields):
        out.print()


def _notes(compared: Compared) -> list[str]:
    return sentences.notes_told(compared.notes, compared.judgement.declaration) if compared.notes else []


def _title(compared: Compared) -> str:
    return printable(compared.new.content.headline or compared.article.url)


def _heading(compared: Compared, tz: tzinfo) -> Iterator[Text]:
    """Which versions, when it was edited, how that was declared and who says so, what else moved than the text."""
    line = Text(f"version {compared.old.number} → {compared.new.number}")
    if compared.window:
        line.append("" if compared.change else ", taken together")
        line.append(f": edited {sentences.window(compared.window.not_before, compared.window.not_after, tz)}")
    elif compared.old.number > compared.new.number:
        line.append(": back in time")
    yield line
    if declared := _declared(compared, tz):
        yield declared
    if compared.steps:
        yield Text(f"in between: {sentences.steps(compared.steps)}")
    yield from (Text(line) for line in _stamps(compared))
    if not text_changed(compared.fields):
        yield Text("the text is the same")
    elif compared.cosmetic:
        yield Text("no word differs")
    if kept := _still_former(compared):
        yield Text(f"the former headline still stands in: {kept}")


def _declared(compared: Compared, tz: tzinfo) -> Text | None:
    judged, change = compared.judgement, compared.change
    if judged.declaration is None:
        return None
    line = tables.declared(judged.declaration, change.announced_late_by if change else None)
    line.append(tables.state(change) if change else "")
    witnesses = sentences.witnesses(judged.claims_moved, judged.claims_still, compared.claims[1], tz)
    by_entries = bool(compared.entries) and not judged.claims_moved
    if by_entries and judged.declaration is Declaration.ANNOUNCED:
        return line.append(f": {sentences.meaning(judged.declaration, by_entries=True)}")
    return line.append(f": {witnesses or sentences.meaning(judged.declaration)}")


def _stamps(compared: Compared) -> Iterator[str]:
    """What moved besides the text, in the publisher's words."""
    old, new = compared.claims
    if Field.PUBLISHED in compared.fields:
        yield from _claims(old, new, ClaimKind.PUBLISHED, list(ClaimSource))
    if Field.UPDATED in compared.fields:
        moves = compare_claims(old, new)
        sources = [*moves.moved, *moves.appeared, *moves.vanished, *moves.backwards]
        yield from _claims(old, new, ClaimKind.UPDATED, sources)
    if Field.LIVE in compared.fields:
        yield f"live marker: {_marker(compared.old)} → {_marker(compared.new)}"


def _claims(
    old: tuple[Claim, ...], new: tuple[Claim, ...], kind: ClaimKind, sources: list[ClaimSource]
) -> Iterator[str]:
    for source in sources:
        before, after = ([c.raw for c in side if (c.kind, c.source) == (kind, source)] for side in (old, new))
        if before != after:
            yield f"{kind}, {sentences.source_name(source)}: {_quoted(before)} → {_quoted(after)}"


def _quoted(raw: list[str]) -> str:
    return ", ".join(f"“{printable(words, _RAW_WIDTH)}”" for words in dict.fromkeys(raw)) or "none"


def _still_former(compared: Compared) -> str:
    """The surfaces that did not follow an edit of the headline."""
    if Field.HEADLINE not in compared.fields:
        return ""
    former, new = compared.old.content.headline, compared.new.content.headline
    said = (one for one in compared.new.content.headlines if follows(one, former, new) is Follows.FORMER)
    return ", ".join(one.surface for one in said)


def _marker(version: Version) -> str:
    content = version.content
    return _quoted([content.live_marker or "live"]) if content.live else "none"


# -- JSON


def document(compared: Compared) -> dict[str, Any]:
    """The diff JSON of DESIGN.md, section 7."""
    stats = differ.stats(compared.edits)
    edits, _ = render.edits_json(compared.edits)
    window, change = compared.window, compared.change
    return {
        "article": tables.article_brief(compared.article),
        "from": compared.old.number,
        "to": compared.new.number,
        "declaration": compared.judgement.declaration,
        "fields": list(compared.fields),
        "stats": {
            "words_added": stats.words_added,
            "words_removed": stats.words_removed,
            "similarity": round(stats.similarity, 4),
        },
        "edits": edits,
        "patch": compared.patch,
        "facts": [
            {"kind": fact.kind, "field": fact.field, "old": fact.old, "new": fact.new} for fact in compared.facts
        ],
        "headlines": _headlines_json(compared),
        "entries": [entry_change_json(made) for made in compared.entries],
        "cosmetic": compared.cosmetic,
        "diff_version": compared.diff_version,
        "not_before": instant_json(window.not_before) if window else None,
        "not_after": instant_json(window.not_after) if window else None,
        "from_version": _head_json(compared.old),
        "to_version": _head_json(compared.new),
        "change": tables.change_json(change, compared.notes) if change else None,
        "between": [tables.change_json(step) for step in compared.steps],
    }


def _headlines_json(compared: Compared) -> list[dict[str, Any]]:
    """Where the newer page says a headline, and whether that followed the edit; empty where the headline stayed."""
    former, new = compared.old.content.headline, compared.new.content.headline
    if Field.HEADLINE not in compared.fields:
        return []
    return [
        {"surface": said.surface, "text": said.text, "says": follows(said, former, new)}
        for said in compared.new.content.headlines
    ]


def _head_json(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "first_seen_at": instant_json(version.first_seen_at),
        "last_seen_at": instant_json(version.last_seen_at),
        "claimed_updated_at": instant_json(version.content.claimed_updated_at),
        "claimed_updated_raw": version.content.claimed_updated_raw,
    }
