"""The gates on the pairing of paragraphs: made-up revisions, whose truth is known, of our stories and of real pages."""

from collections.abc import Iterable
from functools import lru_cache

import pytest

from tests.revisions import material
from tests.revisions.making import KEPT, KINDS, MOVED, MOVED_LIGHT, Revision, revised
from tests.revisions.scoring import scored
from tests.scores.conftest import Judge
from tests.scores.floors import Verdict

OWN, REAL = 20, 2
"""Revisions of each text."""


@lru_cache(maxsize=1)
def of_own() -> tuple[Revision, ...]:
    return tuple(revised(one, seed) for one in material.own() for seed in range(OWN))


def verdict(gate: str, revisions: Iterable[Revision]) -> Verdict:
    score = scored(revisions)
    missed = score.rows["missed"]
    rows = {f"recall, {kind}": [row for row in missed if f" {kind} " in row] for kind in KINDS}
    rows |= {"recall": missed, "moves found": rows[f"recall, {MOVED}"] + rows[f"recall, {MOVED_LIGHT}"]}
    rows |= {"precision": score.rows["wrong"], "wrong moves": score.rows["wrong moves"]}
    return Verdict(gate, score.figures(), rows)


def test_paragraphs_of_our_own_stories_are_linked_to_what_became_of_them(judge: Judge) -> None:
    judge(verdict("revisions", of_own()))


@pytest.mark.skipif(not material.PAGES.exists(), reason="no corpus beside the checkout")
def test_paragraphs_of_real_pages_are_linked_to_what_became_of_them(judge: Judge) -> None:
    judge(verdict("revisions, real pages", [revised(one, seed) for one in material.real() for seed in range(REAL)]))


# -- the revisions themselves


def test_every_kind_is_tried_often() -> None:
    kinds = [kind for revision in of_own() for kind in revision.links.values()]

    assert all(kinds.count(kind) >= 50 for kind in KINDS)


def test_the_truth_is_that_of_the_texts() -> None:
    for revision in of_own():
        for link, kind in revision.links.items():
            assert (revision.old[link.old] == revision.new[link.new]) is (kind in (KEPT, MOVED))


def test_a_seed_gives_the_same_revision_again() -> None:
    one = material.own()[0]

    assert revised(one, 1) == revised(one, 1) != revised(one, 2)
