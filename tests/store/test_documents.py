"""Diffs as they are kept: paragraphs that stand as they did are named by their places, and older documents are read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.core import diff as differ
from monitor.core.article import Block, BlockKind, Content, Declaration, Entry, Reading
from monitor.core.blog import Deed, EntryChange
from monitor.store.documents import (
    Misplaced,
    diff_bytes,
    dump,
    edits_of,
    entry_changes_of,
    load,
    patch_of,
    reading_bytes,
    reading_of,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def text_of(number: int) -> str:
    return f"Paragraph number {number} tells what the wardens of the islands saw at half past {number}."


def content(*numbers: int, headline: str = "Storm") -> Content:
    kinds = list(BlockKind)
    blocks = tuple(Block(kinds[n % len(kinds)], text_of(n), entry=f"e{n // 2}") for n in numbers)
    return Content(url="https://news.example/live", headline=headline, standfirst="All day long.", blocks=blocks)


OLD = content(*range(1, 260))
NEWS = {
    "one more at the top": content(0, *range(1, 260)),
    "one less in the midst": content(*range(1, 100), *range(101, 260)),
    "one moved": content(200, *range(1, 200), *range(201, 260)),
    "another headline": replace(OLD, headline="Storm ends"),
    "other kinds": replace(OLD, blocks=tuple(replace(block, kind=BlockKind.QUOTE) for block in OLD.blocks)),
    "nothing left": content(),
}


@pytest.mark.parametrize("name", NEWS)
def test_a_diff_that_names_kept_paragraphs_reads_as_it_was_made(name: str) -> None:
    edits = differ.diff(OLD, NEWS[name])
    raw = diff_bytes(edits, "patch", whole=False)

    assert edits_of(raw, OLD) == edits
    assert patch_of(raw) == "patch"
    differ.check(edits, OLD, NEWS[name])


def test_what_was_kept_takes_no_room() -> None:
    edits = differ.diff(OLD, NEWS["one more at the top"])
    assert len(diff_bytes(edits, "", whole=False)) < 1_500 < len(diff_bytes(edits, "")) / 20


def test_another_older_text_is_not_taken_for_the_one_that_was_compared() -> None:
    raw = diff_bytes(differ.diff(OLD, NEWS["one more at the top"]), "", whole=False)
    with pytest.raises(Misplaced):
        edits_of(raw, content(*range(2, 261)))
    with pytest.raises(Misplaced):
        edits_of(raw, content(1, 2, 3))


def test_a_document_that_holds_every_paragraph_needs_no_older_text() -> None:
    def nowhere() -> Content:
        raise AssertionError("it is not asked for")

    edits = differ.diff(OLD, NEWS["one moved"])
    assert edits_of(diff_bytes(edits, ""), nowhere) == edits


def test_what_became_of_entries_stands_beside_the_edits() -> None:
    made = EntryChange(id="e1", what=Deed.EDITED, at=NOON, headline=None, declaration=Declaration.STEALTH)
    moved = EntryChange(id="e2", what=Deed.PINNED, at=None, headline="Harbour closed")
    assert entry_changes_of(diff_bytes((), "", (made, moved))) == (made, moved)
    assert entry_changes_of(diff_bytes((), "")) == ()


def test_a_reading_is_read_as_it_was_written() -> None:
    entries = (Entry("e1", NOON, "Harbour closed", NOON, True), Entry("e2", None, None, wall="T14:05"))
    whole = replace(OLD, entries=entries)
    stored = reading_of(reading_bytes(whole, Reading(content=whole, page_digest="d", page_blocks=(1, 2**64 - 1))))
    assert (stored.content, stored.page_blocks) == (whole, (1, 2**64 - 1))


def test_a_reading_of_an_older_release_is_read() -> None:
    document = load(reading_bytes(OLD, Reading(content=OLD, page_digest="d")))
    stored = document["content"]
    stored["blocks"] = [
        {"kind": kind, "text": text, "rank": rank, "entry": entry} for kind, text, rank, entry, _ in stored["blocks"]
    ]
    stored["entries"] = [{"id": "e1", "at": None, "headline": None}]
    assert reading_of(dump(document)).content == replace(OLD, entries=(Entry("e1", None, None),))
