"""Content as JSON: the output of `extract`, of `show --format json`, and what the store keeps of a reading."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.core.article import (
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Entry,
    Precision,
    Rank,
)
from monitor.core.blog import EntryChange
from monitor.core.headline import Surface, SurfaceText

JsonObject = dict[str, Any]


def content_json(content: Content) -> JsonObject:
    """The Content JSON of DESIGN.md, section 7. Times are RFC 3339 in UTC; `paragraphs` and the two `claimed_..._at`
    are derived, for the reader's comfort."""
    return {
        "url": content.url,
        "headline": content.headline,
        "headlines": {said.surface.value: said.text for said in content.headlines},
        "standfirst": content.standfirst,
        "byline": list(content.byline),
        "blocks": [_block_json(block) for block in content.blocks],
        "paragraphs": list(content.paragraphs),
        "entries": [_entry_json(entry) for entry in content.entries],
        "captions": list(content.captions),
        "corrections": list(content.corrections),
        "live": content.live,
        "live_marker": content.live_marker,
        "language": content.language,
        "method": content.method,
        "extractor": content.extractor,
        "claimed_published_at": instant_json(content.claimed_published_at),
        "claimed_updated_at": instant_json(content.claimed_updated_at),
        "claims": [claim_json(claim) for claim in content.claims],
    }


def content_from_json(document: Mapping[str, Any]) -> Content:
    """The Content that `content_json` wrote. Raises KeyError, TypeError or ValueError where it did not write it."""
    return Content(
        url=document["url"],
        headline=document["headline"],
        standfirst=document["standfirst"],
        byline=tuple(document["byline"]),
        blocks=tuple(_block(block) for block in document["blocks"]),
        entries=tuple(_entry(entry) for entry in document["entries"]),
        captions=tuple(document["captions"]),
        corrections=tuple(document["corrections"]),
        live=document["live"],
        live_marker=document["live_marker"],
        language=document["language"],
        claims=tuple(claim_from_json(claim) for claim in document["claims"]),
        method=document["method"],
        extractor=document["extractor"],
        # Documents that were kept before the surfaces were read have none.
        headlines=tuple(SurfaceText(Surface(name), text) for name, text in document.get("headlines", {}).items()),
    )


def claim_json(claim: Claim) -> JsonObject:
    return {
        "kind": claim.kind.value,
        "at": instant_json(claim.at),
        "raw": claim.raw,
        "source": claim.source.value,
        "precision": claim.precision.value if claim.precision else None,
        "zone": claim.zone,
        "wall": claim.wall,
        "believed": claim.believed,
        "doubt": claim.doubt,
        "confidence": claim.confidence,
    }


def claim_from_json(document: Mapping[str, Any]) -> Claim:
    return Claim(
        kind=ClaimKind(document["kind"]),
        at=instant(document["at"]),
        raw=document["raw"],
        source=ClaimSource(document["source"]),
        precision=Precision(document["precision"]) if document["precision"] else None,
        zone=document["zone"],
        believed=document["believed"],
        doubt=document["doubt"],
        # Documents that were kept before these two were written have neither.
        wall=document.get("wall"),
        confidence=document.get("confidence", 0.5),
    )


def _block_json(block: Block) -> JsonObject:
    return {
        "kind": block.kind.value,
        "text": block.text,
        "rank": block.rank.value,
        "entry": block.entry,
        "signature": block.signature,
    }


def _block(document: Mapping[str, Any]) -> Block:
    return Block(
        BlockKind(document["kind"]),
        document["text"],
        Rank(document["rank"]),
        document["entry"],
        # Documents that were kept before it was written have none.
        document.get("signature"),
    )


def _entry_json(entry: Entry) -> JsonObject:
    return {
        "id": entry.id,
        "at": instant_json(entry.at),
        "headline": entry.headline,
        "updated_at": instant_json(entry.updated_at),
        "pinned": entry.pinned,
        "wall": entry.wall,
    }


def _entry(document: Mapping[str, Any]) -> Entry:
    # Documents that were kept before a live blog was read by entries have the first three.
    return Entry(
        document["id"],
        instant(document["at"]),
        document["headline"],
        instant(document.get("updated_at")),
        document.get("pinned", False),
        document.get("wall"),
    )


def entry_change_json(change: EntryChange) -> JsonObject:
    """What became of one entry, as `diff --json`, `changes --json` and webhooks have it."""
    return {
        "id": change.id,
        "what": change.what.value,
        "at": instant_json(change.at),
        "headline": change.headline,
        "declaration": change.declaration.value if change.declaration else None,
    }


def instant_json(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with seconds, and with a fraction only where there is one."""
    if at is None:
        return None
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat().replace("+00:00", "Z")


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text is not None else None
