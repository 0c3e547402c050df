"""The gate on the newsroom of our own: readings are right, edits are shown where they were made, noise is not told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pytest

from tests.newsroom import judging
from tests.newsroom.edits import EDITS, edited
from tests.newsroom.faults import tally
from tests.newsroom.judging import READINGS, REDESIGN, SEED, Row
from tests.newsroom.layouts import LAYOUTS
from tests.newsroom.noise import NOISE, dressed
from tests.newsroom.story import languages
from tests.scores.conftest import Judge
from tests.scores.floors import Verdict


@lru_cache(maxsize=1)
def sampled() -> tuple[Row, ...]:
    return tuple(judging.rows(judging.sample()))


def verdict(rows: Iterable[Row], gate: str = "newsroom") -> Verdict:
    """Means over kinds, known faults and all: so the table of faults cannot grow unnoticed either."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    groups = {"readings right": READINGS, "edits shown": tuple(EDITS), "false alarms": (*NOISE, REDESIGN)}
    sunk = {name: [row for kind in group for row in kinds[kind] if row.wrong] for name, group in groups.items()}
    shares = {name: _share([kinds[kind] for kind in group]) for name, group in groups.items()}
    figures = {name: share if name == "false alarms" else 1 - share for name, share in shares.items()}
    return Verdict(
        gate, figures, {name: [f"{row.place}: {row.wrong}" for row in found] for name, found in sunk.items()}
    )


def _share(kinds: Sequence[Sequence[Row]]) -> float:
    """The share of rows that sink, as a mean over kinds."""
    return sum(sum(bool(row.wrong) for row in rows) / len(rows) for rows in kinds) / len(kinds)


# -- the newsroom itself


def test_the_newsroom_is_as_large_as_it_should_be() -> None:
    assert len(LAYOUTS) >= 14
    assert len(languages()) >= 14
    assert len(EDITS) >= 25
    assert len(NOISE) >= 30
    assert {shape for layout in LAYOUTS for shape in layout.shapes} == {
        "plain",
        "list",
        "table",
        "gallery",
        "questions",
    }


def test_every_kind_is_tried_on_every_layout_that_has_it_and_in_every_language() -> None:
    pairs = list(judging.sample())
    for kind in judging.kinds():
        assert {layout.name for found, layout, _ in pairs if found == kind} == {layout.name for layout in LAYOUTS}
        assert {language.code for found, _, language in pairs if found == kind} == {one.code for one in languages()}


def test_no_edit_and_no_noise_leaves_the_page_as_it_was() -> None:
    """One that does could never fail."""
    for kind, layout, language in judging.sample():
        story = layout.story(language)
        if kind in EDITS:
            made = edited(kind, layout, language)
            assert made is None or layout.bytes(made.before) != layout.bytes(made.after), kind
        elif kind in NOISE:
            before, after = dressed(kind, language, layout.name)
            assert layout.bytes(story, before) != layout.bytes(story, after), kind


def test_the_same_seed_makes_the_same_pages() -> None:
    language, layout = languages()[0], LAYOUTS[0]
    for kind in NOISE:
        pages = [
            [layout.bytes(layout.story(language), dress) for dress in dressed(kind, language, f"{SEED}")] for _ in "ab"
        ]
        assert pages[0] == pages[1]


# -- the gate


def test_what_sinks_are_the_known_faults_and_no_others() -> None:
    _only_known_faults(sampled())


def test_the_newsroom_is_read_as_well_as_it_was(judge: Judge) -> None:
    judge(verdict(sampled()))


@pytest.mark.full
def test_the_whole_newsroom_is_read_as_well_as_it_was(judge: Judge) -> None:
    """Every kind on every layout in every language."""
    rows = list(judging.rows(judging.whole()))
    _only_known_faults(rows)
    judge(verdict(rows))


def _only_known_faults(rows: Iterable[Row]) -> None:
    found = tally(rows)
    assert not found.new, "\n".join(["these held before:", *found.new])
    assert not found.mended, "\n".join(["mended: take them out of the known faults:", *found.mended])
