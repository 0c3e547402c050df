"""What a Content derives of its blocks, and how it travels from one process to another."""

import pickle
from dataclasses import astuple, replace
from datetime import UTC, datetime

from monitor.core.article import Block, BlockKind, Content, Entry, Rank

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BLOCKS = (
    Block(BlockKind.PARAGRAPH, "The harbour is closed."),
    Block(BlockKind.QUOTE, "We wait.", Rank.CORE, "e1", "div.box"),
    Block(BlockKind.PARAGRAPH, "Read more", Rank.PERIPHERAL, "e1"),
    Block(BlockKind.ITEM, "Ferries at noon", Rank.CORE, "e2"),
    Block(BlockKind.PARAGRAPH, "Buses at one", Rank.CORE, "e2"),
)
ENTRIES = (
    Entry("e1", NOON, "Harbour closed", NOON, True, "T12:00"),
    Entry("e2", None, None),
    Entry("e3", None, "Nothing yet"),
)
CONTENT = Content(url="https://skerry.example/live", headline="Storm over Skerry", blocks=BLOCKS, entries=ENTRIES)


def test_the_story_is_what_stands_in_core_blocks() -> None:
    assert CONTENT.core == (BLOCKS[0], BLOCKS[1], BLOCKS[3], BLOCKS[4])
    assert CONTENT.paragraphs == ("The harbour is closed.", "We wait.", "Ferries at noon", "Buses at one")
    assert CONTENT.words == 3 + 4 + 2 + 3 + 3


def test_each_entry_has_its_core_text() -> None:
    assert CONTENT.entry_texts == {"e1": ("We wait.",), "e2": ("Ferries at noon", "Buses at one"), "e3": ()}


def test_what_is_derived_belongs_to_one_content_and_makes_no_difference() -> None:
    derived, shorter = replace(CONTENT), replace(CONTENT, blocks=BLOCKS[:1])
    assert derived.core
    assert derived.paragraphs

    assert derived == CONTENT
    assert repr(derived) == repr(CONTENT)
    assert replace(derived, blocks=BLOCKS[:1]).paragraphs == shorter.paragraphs == (BLOCKS[0].text,)


def test_a_content_comes_out_of_a_pickle_with_all_its_fields() -> None:
    again = pickle.loads(pickle.dumps(CONTENT))  # noqa: S301  # written in this line

    # Signatures take no part in comparisons.
    assert [astuple(block) for block in again.blocks] == [astuple(block) for block in BLOCKS]
    assert again == CONTENT
