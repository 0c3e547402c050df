"""What is kept as JSON: readings, diffs, claims, the exchange with the server. Pure, and exact both ways."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import groupby
from typing import Any

from monitor.core import diff as differ
from monitor.core.article import (
    TEXT_FIELDS,
    Block,
    BlockKind,
    Claim,
    ClockMark,
    Content,
    Declaration,
    Field,
    Listed,
    Rank,
    Reading,
)
from monitor.core.blog import Deed, EntryChange
from monitor.core.capture import Capture, Hop, Outcome
from monitor.core.diff import Edit, EditOp
from monitor.core.wire import (
    claim_from_json,
    claim_json,
    content_from_json,
    content_json,
    entry_change_json,
    instant,
    instant_json,
)
from monitor.store.zstandard import compress, decompress

_DERIVED = ("paragraphs", "claimed_published_at", "claimed_updated_at")
_SMALL = 1 << 24
"""No document kept beside a row is larger than this."""


def dump(document: object) -> bytes:
    # Pages may hold half a surrogate pair; JSON with "surrogatepass" keeps even that.
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def load(raw: bytes) -> Any:
    return json.loads(raw.decode("utf-8", "surrogatepass"))


def squeeze(document: object) -> bytes:
    return compress(dump(document))


def unsqueeze(data: bytes) -> Any:
    return load(decompress(bytes(data), _SMALL))


# -- readings


@dataclass(frozen=True, slots=True)
class StoredReading:
    content: Content
    page_blocks: tuple[int, ...]


def reading_bytes(content: Content, reading: Reading) -> bytes:
    """`content` is what counts as read: its claims may have been judged after the reading was made. Blocks, of which a
    live blog has a thousand, stand as lists: kind, text, rank, entry, signature."""
    document = content_json(replace(content, blocks=()))
    for key in _DERIVED:
        del document[key]
    # Kinds and ranks are texts themselves; their `value` is one more call for each of a thousand blocks.
    document["blocks"] = [(b.kind, b.text, b.rank, b.entry, b.signature) for b in content.blocks]
    return dump(
        {
            "content": document,
            "page_digest": reading.page_digest,
            "page_blocks": [f"{block:x}" for block in reading.page_blocks],
            "charset": reading.charset,
        }
    )


def reading_of(raw: bytes) -> StoredReading:
    document = load(raw)
    stored = document["content"]
    listed = [block for block in stored["blocks"] if isinstance(block, list)]
    if listed:
        stored["blocks"] = []
    content = content_from_json(stored)
    if listed:
        content = replace(content, blocks=tuple(_block(*block) for block in listed))
    return StoredReading(content, tuple(int(block, 16) for block in document["page_blocks"]))


def _block(kind: str, text: str, rank: str, entry: str | None, signature: str | None) -> Block:
    return Block(_BLOCK_KINDS[kind], text, _RANKS[rank], entry, signature)


_BLOCK_KINDS = {kind.value: kind for kind in BlockKind}
_RANKS = {rank.value: rank for rank in Rank}


# -- diffs and claims


def diff_bytes(
    edits: tuple[Edit, ...], patch: str, entries: tuple[EntryChange, ...] = (), *, whole: bool = True
) -> bytes:
    """With `whole` the document holds every paragraph. Without, those that were kept are named by their places in the
    older text alone, with a digest of them: `edits_of` then needs that text."""
    document: dict[str, Any] = {}
    if whole:
        document["edits"] = [_edit_json(edit) for edit in edits]
    else:
        stretches = [(is_kept, list(stretch)) for is_kept, stretch in groupby(edits, _is_kept)]
        document["edits"] = [part for is_kept, stretch in stretches for part in _parts(stretch, is_kept=is_kept)]
        document["kept"] = _digest([edit.old for is_kept, stretch in stretches if is_kept for edit in stretch])
    document["patch"] = patch
    if entries:
        document["entries"] = [entry_change_json(change) for change in entries]
    return dump(document)


def _is_kept(edit: Edit) -> bool:
    """Whether an edit is nothing but one paragraph that stands as it did."""
    return edit.op is EditOp.EQUAL and edit.old == edit.new and "\n" not in edit.old and not edit.cosmetic


_KINDS = {
    BlockKind.PARAGRAPH: "p",
    BlockKind.SUBHEADING: "s",
    BlockKind.ITEM: "i",
    BlockKind.QUOTE: "q",
    BlockKind.ROW: "r",
}
_KIND_OF = {letter: kind for kind, letter in _KINDS.items()}


def _parts(edits: Sequence[Edit], *, is_kept: bool) -> Iterator[dict[str, Any]]:
    """The edits, with paragraphs that were kept side by side as one: where they begin, and a letter for the kind of
    each."""
    if not is_kept:
        yield from map(_edit_json, edits)
        return
    places = [
        (edit.field, edit.old_at - at, edit.new_at - at)  # type: ignore[operator]  # what was kept stands on both sides
        for at, edit in enumerate(edits)
    ]
    start = 0
    for (field, old_at, new_at), run in groupby(places):
        stop = start + sum(1 for _ in run)
        kept = "".join([_KINDS[edit.kind] for edit in edits[start:stop]])
        yield {"field": field.value, "old_at": old_at + start, "new_at": new_at + start, "kept": kept}
        start = stop


def _digest(texts: Iterable[str]) -> str:
    return blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Misplaced(ValueError):
    """The older text is not the one that the document names paragraphs of."""


def edits_of(raw: bytes, older: Content | Callable[[], Content]) -> tuple[Edit, ...]:
    """The edits. `older` is the older text, or gives it where the document needs it. Raises Misplaced where that is
    another."""
    document = load(raw)
    if "kept" not in document:
        return tuple(_edit(edit) for edit in document["edits"])
    content = older if isinstance(older, Content) else older()
    texts = {field: differ.texts(content, field) for field in TEXT_FIELDS}
    try:
        edits = tuple(edit for part in document["edits"] for edit in _edits_in(part, texts))
    except IndexError as error:
        raise Misplaced("the older text is too short") from error
    if _digest(edit.old for edit in edits if _is_kept(edit)) != document["kept"]:
        raise Misplaced("the older text has other paragraphs")
    return edits


def _edits_in(part: Mapping[str, Any], texts: Mapping[Field, Sequence[str]]) -> Iterator[Edit]:
    if "kept" not in part:
        yield _edit(part)
        return
    field = Field(part["field"])
    for at, letter in enumerate(part["kept"]):
        text = texts[field][part["old_at"] + at]
        yield Edit(
            field=field,
            op=EditOp.EQUAL,
            old=text,
            new=text,
            spans=(("equal", text),) if text else (),
            old_at=part["old_at"] + at,
            new_at=part["new_at"] + at,
            kind=_KIND_OF[letter],
        )


def entry_changes_of(raw: bytes) -> tuple[EntryChange, ...]:
    """What became of the entries of a live blog; nothing in documents of other articles, and in older ones."""
    return tuple(_entry_change(document) for document in load(raw).get("entries", ()))


def _entry_change(document: Mapping[str, Any]) -> EntryChange:
    return EntryChange(
        id=document["id"],
        what=Deed(document["what"]),
        at=instant(document["at"]),
        headline=document["headline"],
        declaration=Declaration(document["declaration"]) if document["declaration"] else None,
    )


def patch_of(raw: bytes) -> str:
    return str(load(raw)["patch"])


def _edit_json(edit: Edit) -> dict[str, Any]:
    return {
        "field": edit.field.value,
        "op": edit.op.value,
        "old": edit.old,
        "new": edit.new,
        "spans": edit.spans,
        "old_at": edit.old_at,
        "new_at": edit.new_at,
        "kind": edit.kind.value,
        "cosmetic": edit.cosmetic,
    }


def _edit(document: Mapping[str, Any]) -> Edit:
    return Edit(
        field=Field(document["field"]),
        op=EditOp(document["op"]),
        old=document["old"],
        new=document["new"],
        spans=tuple((op, text) for op, text in document["spans"]),
        old_at=document["old_at"],
        new_at=document["new_at"],
        kind=BlockKind(document["kind"]),
        cosmetic=document["cosmetic"],
    )


def claims_bytes(old: tuple[Claim, ...], new: tuple[Claim, ...]) -> bytes:
    return squeeze({"old": [claim_json(claim) for claim in old], "new": [claim_json(claim) for claim in new]})


def claims_of(data: bytes) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    document = unsqueeze(data)
    old, new = (tuple(claim_from_json(claim) for claim in document[side]) for side in ("old", "new"))
    return old, new


# -- clocks


def clocks_text(clocks: Mapping[str, ClockMark]) -> str:
    return json.dumps(
        {
            source: {
                "at": instant_json(mark.at),
                "captured_at": instant_json(mark.captured_at),
                "dynamic": mark.dynamic,
                "alone": mark.alone,
            }
            for source, mark in clocks.items()
        }
    )


def clocks_of(text: str) -> dict[str, ClockMark]:
    marks = {}
    for source, mark in json.loads(text).items():
        at, captured_at = instant(mark["at"]), instant(mark["captured_at"])
        assert at is not None
        assert captured_at is not None
        marks[source] = ClockMark(at=at, captured_at=captured_at, dynamic=mark["dynamic"], alone=mark.get("alone", 0))
    return marks


# -- what a source says


def listed_text(listed: Listed) -> str:
    return json.dumps(
        {
            "source_id": listed.source_id,
            "headline": listed.headline,
            "claims": [claim_json(claim) for claim in listed.claims],
            "hastened_at": instant_json(listed.hastened_at),
            "in_vain": listed.in_vain,
        }
    )


def listed_of(text: str) -> Listed:
    document = json.loads(text)
    return Listed(
        source_id=document["source_id"],
        headline=document["headline"],
        claims=tuple(claim_from_json(claim) for claim in document["claims"]),
        hastened_at=instant(document["hastened_at"]),
        in_vain=document["in_vain"],
    )


# -- the exchange with the server


def exchange_bytes(capture: Capture) -> bytes:
    """Everything of a capture but its page."""
    return squeeze(
        {
            "url": capture.url,
            "final_url": capture.final_url,
            "outcome": capture.outcome.value,
            "asked_at": instant_json(capture.asked_at),
            "captured_at": instant_json(capture.captured_at),
            "status": capture.status,
            "headers": capture.headers,
            "hops": [[hop.url, hop.status] for hop in capture.hops],
            "conditional": capture.conditional,
            "detail": capture.detail,
        }
    )


def capture_of(data: bytes, body: bytes) -> Capture:
    document = unsqueeze(data)
    asked_at, captured_at = instant(document["asked_at"]), instant(document["captured_at"])
    assert asked_at is not None
    assert captured_at is not None
    return Capture(
        url=document["url"],
        final_url=document["final_url"],
        outcome=Outcome(document["outcome"]),
        asked_at=asked_at,
        captured_at=captured_at,
        status=document["status"],
        headers=tuple((name, value) for name, value in document["headers"]),
        body=body,
        hops=tuple(Hop(url, status) for url, status in document["hops"]),
        conditional=document["conditional"],
        detail=document["detail"],
    )
