"""Edits and facts as JSON: exact where there is room, honest where there is not."""

import json
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.diff import diff
from monitor.core.facts import facts
from monitor.render import edits_json
from monitor.render.payload import encoded, facts_json
from tests.render.articles import EDITED, FAMILY, FIRE, OWNER, article

LONG = diff(article("word " * 6_000 + "killed 12 people", OWNER), article("word " * 6_000 + "killed 17 people"))


def size(value: Any) -> int:
    return len(encoded(value).encode())


def test_json_has_the_shape_of_the_contract() -> None:
    edits, cut = edits_json(EDITED)

    assert not cut
    assert edits[0] == {
        "field": "headline",
        "op": "replace",
        "old": "Fire kills 12",
        "new": "Fire kills 17",
        "spans": [["equal", "Fire kills "], ["delete", "12"], ["insert", "17"]],
    }
    assert len(edits) == len(EDITED)


def test_spans_are_exact_even_where_no_word_differs() -> None:
    (edit,), _ = edits_json(diff(article(headline='"No" 12'), article(headline="“No” 17")))

    assert "".join(text for op, text in edit["spans"] if op != "insert") == '"No" 12'


def test_for_receivers_only_changes_are_told() -> None:
    edits, cut = edits_json(EDITED, 100_000, spans=False)

    assert [edit["op"] for edit in edits] == ["replace", "replace", "delete"]
    assert not cut
    assert not any("spans" in edit or "excerpt" in edit for edit in edits)


def test_a_long_edit_is_cut_down_to_its_difference() -> None:
    (first, second), cut = edits_json(LONG, 2_000, spans=False)

    assert cut
    assert first["excerpt"]
    assert first["old"].endswith("killed 12 people")
    assert first["new"].endswith("killed 17 people")
    assert second["old"] == OWNER


def test_what_comes_after_the_room_is_left_out() -> None:
    edits, cut = edits_json(EDITED, 200, spans=False)

    assert cut
    assert [edit["field"] for edit in edits] == ["headline"]


texts = st.lists(
    st.sampled_from(["12 ", "17 ", '"', "\\", "\n", "\x1b", "Ж", "中", FAMILY, "\ud800", "e\u0301" * 9, "word " * 90]),
    max_size=20,
).map("".join)


@given(st.lists(texts, max_size=3), st.lists(texts, max_size=3), st.integers(0, 3_000), st.booleans())
def test_it_never_needs_more_room_than_it_has(old: list[str], new: list[str], room: int, spans: bool) -> None:
    edits = diff(article(*old), article(*new))
    told, cut = edits_json(edits, room, spans=spans)
    found = facts_json(facts(edits), room)

    assert size(told) <= room + len("[]")
    assert size(found) <= room + len("[]")
    assert cut or told == edits_json(edits, spans=spans)[0]
    json.loads(encoded(told))


def test_a_cut_falls_between_graphemes() -> None:
    edits = diff(article(FAMILY * 500), article("x" + FAMILY * 400))
    for room in range(200, 4_000, 100):
        for edit in edits_json(edits, room, spans=False)[0]:
            for side in ("old", "new"):
                assert set(regex.findall(r"\X", edit[side].strip("…"))) <= {FAMILY, "x"}


def test_facts_are_the_weightiest_first_and_say_when_they_are_cut() -> None:
    found = facts_json(facts(diff(article(headline="Fire"), article(FIRE * 9, headline="Big fire"))), 5_000)

    assert found[0] == {"kind": "headline", "field": "headline", "old": "Fire", "new": "Big fire"}
    assert found[1]["kind"] == "paragraph_added"
    assert found[1]["excerpt"]
    assert len(found[1]["new"]) <= 200


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_a_lone_surrogate_is_no_reason_to_fail(text: str) -> None:
    assert json.loads(encoded({"a": text}).encode())["a"].replace("?", "") in ("", "ab")
