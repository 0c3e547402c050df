"""A live blog's entries from one version to the next: known again, laid out, named, and judged by their own times."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from monitor.core.article import (
    Block,
    BlockKind,
    Claim,
    ClaimKind,
    ClaimSource,
    Content,
    Declaration,
    Entry,
    Precision,
    Reading,
    Version,
)
from monitor.core.blog import Deed, Order, entry_changes, judged_between, order_of
from monitor.core.classify import Judgement
from monitor.core.lifecycle.blog import laid_out
from monitor.core.lifecycle.steady import standing

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
NOT_BEFORE, NOT_AFTER = NINE + timedelta(hours=3), NINE + timedelta(hours=3, minutes=2)
FRESH = NOT_BEFORE + timedelta(minutes=1)
STILL = Judgement(declaration=Declaration.STEALTH)
MOVED = Judgement(declaration=Declaration.ANNOUNCED)


def minute(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


def text_of(number: int) -> str:
    names = ("harbour", "ferry", "lighthouse", "tunnel", "clinic", "market", "bridge", "depot", "school", "airfield")
    return (
        f"The {names[number % 10]} number {number} was closed by the {names[-number % 10]} crew, said warden {number}."
    )


def blog(*numbers: int, stamp: datetime | None = None, known: Mapping[str, Entry] = MappingProxyType({})) -> Content:
    """A blog of these entries, in this order; each bears its number as its id and its minute as its time."""
    entries = tuple(known.get(f"e{n}", Entry(f"e{n}", minute(n), None)) for n in numbers)
    claims: tuple[Claim, ...] = ()
    if stamp is not None:
        claim = Claim(
            kind=ClaimKind.UPDATED,
            at=stamp,
            raw=stamp.isoformat(),
            source=ClaimSource.JSON_LD,
            precision=Precision.SECOND,
        )
        claims = (claim,)
    return Content(
        url="https://news.example/live",
        headline="Storm",
        blocks=tuple(Block(BlockKind.PARAGRAPH, text_of(n), entry=f"e{n}") for n in numbers),
        entries=entries,
        claims=claims,
        method="entries",
        extractor="3",
    )


def reworded(content: Content, number: int, text: str = "") -> Content:
    new = text or text_of(number).replace("was closed", "was never closed") + " Nobody was hurt."
    return replace(
        content, blocks=tuple(replace(b, text=new) if b.entry == f"e{number}" else b for b in content.blocks)
    )


def renamed(content: Content, names: dict[str, str]) -> Content:
    return replace(
        content,
        entries=tuple(replace(entry, id=names[entry.id]) for entry in content.entries),
        blocks=tuple(replace(block, entry=names[block.entry or ""]) for block in content.blocks),
    )


def pinned(content: Content, number: int) -> Content:
    """With that entry on top."""
    own = [e for e in content.entries if e.id == f"e{number}"]
    rest = [e for e in content.entries if e.id != f"e{number}"]
    blocks = sorted(content.blocks, key=lambda block: block.entry != f"e{number}")
    return replace(content, entries=(*(replace(e, pinned=True) for e in own), *rest), blocks=tuple(blocks))


def version(content: Content) -> Version:
    return Version(id=1, article_id=1, number=1, content=content, first_seen_at=NINE, last_seen_at=NOT_BEFORE)


def lay(old: Content, new: Content) -> Content:
    return laid_out(version(old), Reading(content=new, page_digest="")).content


def named(old: Content, new: Content, judged: Judgement = STILL) -> list[tuple[str, str, Declaration | None]]:
    changes = entry_changes(old, lay(old, new), judged, not_before=NOT_BEFORE, not_after=NOT_AFTER)
    return [(change.what.value, change.id, change.declaration) for change in changes]


def deeds(old: Content, new: Content) -> list[tuple[str, str]]:
    return [(what, name) for what, name, _ in named(old, new)]


def ids(content: Content) -> list[str]:
    return [entry.id for entry in content.entries]


# -- order


def test_the_order_is_told_by_the_times_whatever_is_pinned() -> None:
    assert order_of(blog(5, 4, 3).entries) is Order.NEWEST_FIRST
    assert order_of(blog(3, 4, 5).entries) is Order.OLDEST_FIRST
    assert order_of(pinned(blog(3, 4, 5), 5).entries) is Order.OLDEST_FIRST
    assert order_of(blog(3).entries) is None


# -- layout


def test_a_page_that_was_turned_is_turned_back() -> None:
    assert lay(blog(5, 4, 3, 2), blog(2, 3, 4, 5)) == blog(5, 4, 3, 2)


def test_what_a_turned_page_adds_stands_where_it_would_have_stood() -> None:
    assert ids(lay(blog(5, 4, 3, 2), blog(2, 3, 4, 5, 6))) == ["e6", "e5", "e4", "e3", "e2"]


def test_entries_past_the_pages_end_are_carried_over_with_their_text() -> None:
    laid = lay(blog(5, 4, 3, 2, 1), blog(6, 5, 4))
    assert ids(laid) == ["e6", "e5", "e4", "e3", "e2", "e1"]
    assert [block.text for block in laid.blocks] == [text_of(n) for n in (6, 5, 4, 3, 2, 1)]


def test_a_page_that_has_moved_on_wholly_loses_nothing() -> None:
    assert ids(lay(blog(3, 2, 1), blog(6, 5, 4))) == ["e6", "e5", "e4", "e3", "e2", "e1"]


def test_a_page_that_begins_with_the_oldest_ends_before_the_newest() -> None:
    assert ids(lay(blog(6, 5, 4, 3, 2, 1), blog(1, 2, 3))) == ["e6", "e5", "e4", "e3", "e2", "e1"]
    assert ids(lay(blog(1, 2, 3, 4, 5, 6), blog(1, 2, 3))) == ["e1", "e2", "e3", "e4", "e5", "e6"]


@pytest.mark.parametrize(("old", "new", "gone"), [((5, 4, 3, 2), (5, 3, 2), "e4"), ((5, 4, 3, 2), (4, 3, 2), "e5")])
def test_an_entry_that_is_missing_from_the_midst_or_the_top_was_removed(
    old: tuple[int, ...], new: tuple[int, ...], gone: str
) -> None:
    assert deeds(blog(*old), blog(*new)) == [("removed", gone)]


def test_the_newest_entry_of_a_page_that_begins_with_the_oldest_was_removed() -> None:
    assert deeds(blog(1, 2, 3, 4), blog(1, 2, 3)) == [("removed", "e4")]


def test_an_entry_that_was_pinned_and_lies_past_the_end_is_not_removed() -> None:
    old = pinned(blog(6, 5, 4, 1), 1)
    assert deeds(old, blog(6, 5, 4)) == [("unpinned", "e1")]


def test_what_the_page_shows_more_of_was_there_before() -> None:
    assert deeds(blog(6, 5, 4), blog(6, 5, 4, 3, 2)) == []
    assert deeds(blog(6, 5, 4), blog(7, 6, 5, 4, 3)) == [("added", "e7")]


# -- identity


def test_entries_whose_ids_are_made_anew_at_each_fetch_are_known_by_time_and_text() -> None:
    old = blog(5, 4, 3, 2)
    new = renamed(reworded(blog(6, 5, 4, 3, 2), 3), {f"e{n}": f"r{n + 70}" for n in range(2, 7)})
    assert deeds(old, new) == [("added", "r76"), ("edited", "e3")]


def test_ids_that_count_the_places_of_a_page_do_not_mislead() -> None:
    at_first = renamed(blog(5, 4, 3, 2), {"e5": "p0", "e4": "p1", "e3": "p2", "e2": "p3"})
    later = renamed(blog(6, 5, 4, 3, 2), {"e6": "p0", "e5": "p1", "e4": "p2", "e3": "p3", "e2": "p4"})
    [(what, name)] = deeds(at_first, later)
    assert (what, name in ids(at_first)) == ("added", False)


# -- deeds


def test_each_deed_is_named() -> None:
    old = blog(6, 5, 4, 3, 2, 1)
    assert deeds(old, reworded(old, 4)) == [("edited", "e4")]
    assert deeds(old, pinned(old, 3)) == [("pinned", "e3")]
    assert deeds(pinned(old, 3), old) == [("unpinned", "e3")]
    assert deeds(old, blog(6, 3, 5, 4, 2, 1)) == [("reordered", "e3")]
    assert deeds(old, blog(7, 6, 5, 4, 3, 2, 1)) == [("added", "e7")]


def test_marks_that_change_no_word_are_nobodys_deed() -> None:
    old = reworded(blog(3, 2, 1), 2, "The mayor's “plan” stands.")
    assert deeds(old, reworded(old, 2, 'The mayor’s "plan" stands.')) == []


# -- what the publisher said


def entry(number: int, *, updated: datetime | None = None, at: datetime | None = None) -> dict[str, Entry]:
    return {f"e{number}": Entry(f"e{number}", at or minute(number), None, updated_at=updated)}


def test_an_addition_that_bears_its_own_fresh_time_announces_itself() -> None:
    fresh = blog(9, 3, 2, 1, known=entry(9, at=FRESH))
    assert named(blog(3, 2, 1), fresh) == [("added", "e9", Declaration.ANNOUNCED)]


def test_an_entry_that_slips_in_under_an_old_time_goes_by_the_pages_stamp() -> None:
    assert named(blog(5, 3, 2, 1), blog(5, 4, 3, 2, 1)) == [("added", "e4", Declaration.STEALTH)]


@pytest.mark.parametrize(
    ("before", "after", "judged", "declared"),
    [
        (None, FRESH, STILL, Declaration.ANNOUNCED),
        (minute(30), FRESH, STILL, Declaration.ANNOUNCED),
        (minute(30), minute(30), MOVED, Declaration.STEALTH),
        (NOT_BEFORE, NOT_BEFORE, MOVED, Declaration.UNDETERMINED),
        (None, None, STILL, Declaration.STEALTH),
        (None, None, MOVED, Declaration.ANNOUNCED),
        (None, None, Judgement(declaration=Declaration.UNSTAMPED), Declaration.UNSTAMPED),
        (None, None, Judgement(declaration=Declaration.UNDETERMINED), Declaration.UNDETERMINED),
    ],
)
def test_a_rewritten_entry_is_judged_by_its_own_clock_before_the_pages(
    before: datetime | None, after: datetime | None, judged: Judgement, declared: Declaration
) -> None:
    old = blog(3, 2, 1, known=entry(2, updated=before))
    new = reworded(blog(3, 2, 1, known=entry(2, updated=after)), 2)
    assert named(old, new, judged) == [("edited", "e2", declared)]


def test_a_stamp_that_moves_while_entries_are_added_says_nothing_of_the_old_ones() -> None:
    new = reworded(blog(9, 3, 2, 1, known=entry(9, at=FRESH)), 2)
    assert named(blog(3, 2, 1), new, MOVED) == [
        ("added", "e9", Declaration.ANNOUNCED),
        ("edited", "e2", Declaration.UNDETERMINED),
    ]


def judged(old: Content, new: Content) -> Declaration | None:
    return judged_between(old, new, not_before=NOT_BEFORE, not_after=NOT_AFTER)[0].declaration


def test_a_change_that_only_adds_is_no_accusation() -> None:
    old, still = blog(3, 2, 1, stamp=minute(3)), minute(3)
    assert judged(old, blog(9, 3, 2, 1, stamp=still, known=entry(9, at=FRESH))) is Declaration.ANNOUNCED
    assert judged(old, blog(9, 3, 2, 1, known=entry(9, at=FRESH))) is Declaration.ANNOUNCED
    assert judged(old, reworded(blog(9, 3, 2, 1, stamp=still, known=entry(9, at=FRESH)), 2)) is Declaration.STEALTH


def test_what_stands_outside_the_entries_has_to_be_announced_by_the_page() -> None:
    old = blog(3, 2, 1, stamp=minute(3))
    new = replace(blog(9, 3, 2, 1, stamp=minute(3), known=entry(9, at=FRESH)), headline="Storm kills two")
    assert judged(old, new) is Declaration.STEALTH


def test_a_pin_accuses_nobody() -> None:
    old = blog(3, 2, 1, stamp=minute(3))
    assert judged(old, pinned(old, 1)) is Declaration.UNDETERMINED


# -- the second look


def test_what_stands_in_both_looks_is_told_entry_by_entry() -> None:
    """The same words in two entries are two texts, and an entry that only the second look shows is not told yet."""
    common = "The warden spoke to this paper."
    told = blog(3, 2, 1)
    told = replace(told, blocks=tuple(b for block in told.blocks for b in (block, replace(block, text=common))))
    seen = reworded(told, 2, "")
    seen = replace(seen, blocks=tuple(replace(b, text=common) if at % 2 else b for at, b in enumerate(seen.blocks)))
    again = replace(
        seen,
        entries=(Entry("e9", FRESH, None), *seen.entries),
        blocks=(Block(BlockKind.PARAGRAPH, text_of(9), entry="e9"), *seen.blocks),
    )
    firm = standing(told, seen, again)

    changes = entry_changes(told, firm, STILL, not_before=NOT_BEFORE, not_after=NOT_AFTER)
    assert [(change.what, change.id) for change in changes] == [(Deed.EDITED, "e2")]
