"""The gates on the diff: made-up revisions, whose truth is known, of our stories and of real pages; real revisions."""

import json
from collections.abc import Iterable
from functools import lru_cache

import pytest

from monitor.core.diff import text_ops
from tests.bench.confirm import load
from tests.revisions import material
from tests.revisions.making import KEPT, KINDS, MOVED, MOVED_LIGHT, Revision, revised
from tests.revisions.scoring import scored
from tests.scores.conftest import Judge
from tests.scores.detect import SHARED
from tests.scores.floors import Verdict

PAIRS = SHARED / "corpus" / "pairs.jsonl"
BENCH = SHARED / "bench" / "diff_bench.py"

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


@pytest.mark.skipif(not (PAIRS.exists() and BENCH.exists()), reason="no corpus and benchmarks beside the checkout")
def test_real_revisions_are_marked_up_exactly_and_in_few_places(judge: Judge) -> None:
    bench = load(BENCH)
    with PAIRS.open(encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    scores = {pair["id"]: bench.score(pair["old"], pair["new"], text_ops(pair["old"], pair["new"])) for pair in pairs}
    prose = [pair for pair in pairs if pair["kind"] == "real"]
    places, close = (sum(scores[pair["id"]][key] for pair in prose) for key in ("chunks", "tiny"))
    faults = {"inexact": "wrong", "borders inside words": "mid", "borders inside characters": "cut"}
    figures = {name: sum(score[key] for score in scores.values()) / len(pairs) for name, key in faults.items()}
    figures |= {
        "places in 1,000 characters": 1_000 * places / sum(len(pair["new"]) for pair in prose),
        "places nearly joined": close / places,
    }
    rows = {name: [place for place, score in scores.items() if score[key]] for name, key in faults.items()}
    judge(Verdict("diff", figures, rows))


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
