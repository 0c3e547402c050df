"""The engine on plain texts: exact, readable, and bounded on any input."""

import random
from functools import cache
from itertools import accumulate, pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.diff import text_ops
from monitor.core.diff.matching import Budget
from monitor.core.diff.paragraphs import BlockOp, blocks
from monitor.core.diff.tokens import tokenise
from monitor.core.diff.words import OPERATIONS, word_ops


def marked(old: str, new: str) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[op].format(text) for op, text in text_ops(old, new))


def rebuilds(old: str, new: str) -> bool:
    return exact(text_ops(old, new), old, new)


def exact(ops: list[tuple[str, str]], old: str, new: str) -> bool:
    return (
        "".join(text for op, text in ops if op != "+") == old and "".join(text for op, text in ops if op != "-") == new
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # A word is replaced whole, and the space after it stays.
        ("The cat sat.", "The dog sat.", "The [-cat-]{+dog+} sat."),
        # A number keeps its currency and its percent sign.
        ("It cost $5.50 then", "It cost $7.50 then", "It cost [-$5.50-]{+$7.50+} then"),
        ("up 3.5% today", "up 4% today", "up [-3.5%-]{+4%+} today"),
        ("about 12 000 fled", "about 17 000 fled", "about [-12 000-]{+17 000+} fled"),
        # A whole sentence is inserted between sentences, not around their full stops.
        ("A came. B left.", "A came. B stayed. B left.", "A came. {+B stayed. +}B left."),
        # Deletions before insertions, short common words between edits swallowed.
        (
            "Last week, he bought the largest house by the river.",
            "Last week, he admired the smallest garden by the river.",
            "Last week, he [-bought the largest house-]{+admired the smallest garden+} by the river.",
        ),
        # One number for another is marked by itself, however near the next one stands.
        ("£1.2m, or €1.4 million", "£1.3m, or €1.5 million", "[-£1.2m-]{+£1.3m+}, or [-€1.4-]{+€1.5+} million"),
        (
            "up 0.5pp to 3.5 per cent",
            "up 0.75pp to 3.75 per cent",
            "up [-0.5pp-]{+0.75pp+} to [-3.5-]{+3.75+} per cent",
        ),
        # The mark that ends the text is kept.
        ("He is charged with fraud.", "He is charged with theft.", "He is charged with [-fraud-]{+theft+}."),
        ("It opens on Monday.", "It opens on Monday and Friday.", "It opens on Monday{+ and Friday+}."),
        # One character a token where no spaces part words.
        ("容疑を認めている", "容疑を否認している", None),
        # Quotation marks that only look different are marked by themselves.
        ("He said “no” now", 'He said "no" now', 'He said [-“-]{+"+}no[-”-]{+"+} now'),
        ("12명이 숨졌다", "15명이 숨졌다", "[-12명이-]{+15명이+} 숨졌다"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ],
)
def test_an_edit_reads_like_mark_up(old: str, new: str, expected: str | None) -> None:
    assert rebuilds(old, new)
    assert expected is None or marked(old, new) == expected


def test_of_a_rewriting_that_keeps_shreds_the_whole_is_replaced() -> None:
    old = "Casualties rise as police step up their crackdown at night in Leeds, again"
    new = "Deadliest day of all protests that were seen so far this year in Leeds again"

    assert word_ops(old, new) == [("-", old), ("+", new)]


def test_a_beginning_that_stayed_is_kept_however_short_it_is() -> None:
    old, new = "Ferry: crowd waits at the quay in the rain", "Ferry: mayor loses by one voice"

    assert word_ops(old, new)[0] == ("=", "Ferry: ")


def test_a_text_that_was_only_added_to_is_kept() -> None:
    ops = word_ops("The boat stays.", "After a long debate, the council said: The boat, as many had hoped, stays.")

    assert [text for op, text in ops if op == "-"] == []


def test_letters_that_stand_scattered_in_the_new_text_are_not_kept() -> None:
    ops = word_ops("夜船島人先", "その夜の古い港町に船長が来て、島のことを人に聞き、次の行き先を話した")

    assert [text for op, text in ops if op == "=" and len(text) == 1] == []


def test_a_move_is_a_deletion_and_an_insertion() -> None:
    first, second, third = "A first paragraph, of some length.", "A second one, also long.", "A third to end the page."
    text = marked(f"{first}\n\n{second}\n\n{third}\n\n", f"{second}\n\n{third}\n\n{first}\n\n")

    assert text == f"[-{first}\n\n-]{second}\n\n{third}\n\n{{+{first}\n\n+}}"


def test_no_border_cuts_a_character_as_readers_see_it() -> None:
    old = "Fans 👨‍👩‍👧‍👦 cheered 🇬🇧 loudly 👍🏽 e\u0301te\u0301 กำลัง नमस्ते می‌خواهم"
    new = "Fans 👨‍👩‍👦 cheered 🇩🇪 loudly 👍🏿 e\u0301te กำลิง नमस्तु می‌خواهد"
    for side, full in (("-", old), ("+", new)):
        clusters = {match.start() for match in regex.finditer(r"\X", full)} | {len(full)}
        at = 0
        for op, text in text_ops(old, new):
            if op in ("=", side):
                at += len(text)
                assert at in clusters


@pytest.mark.parametrize(
    "text",
    ["กำลัง น้ำ", "ສຳຄັນ ນ້ຳ", "क्षेत्र की", "ကြော င်", "ក្រុម", "e\u0301te\u0301", "👨‍👩‍👧 🇬🇧👍🏽", "a \u0301b", "١٢\u0301٪"],
)
def test_no_token_ends_inside_a_character_as_readers_see_it(text: str) -> None:
    ends = {match.end() for match in regex.finditer(r"\X", text)}

    assert set(accumulate(map(len, tokenise(text).texts))) <= ends


TEXTS = st.text(
    alphabet=st.sampled_from("aab bc.,!\n\r\t “”\"'12% é\u0301\u200d\u00a0\u200b👨👩🇬🇧日本กำ한"), max_size=40
)


@given(old=TEXTS | st.text(max_size=30), new=TEXTS | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_the_runs_rebuild_both_texts(old: str, new: str) -> None:
    assert rebuilds(old, new)


def test_an_insertion_at_the_end_may_slide_away_from_it() -> None:
    # The marks are equal when folded, so the kept one may be the first or the last.
    assert exact(word_ops("“", "'! “"), "“", "'! “")


@given(old=TEXTS, new=TEXTS)
@settings(max_examples=100, deadline=None)
def test_neighbouring_runs_differ_and_none_is_empty(old: str, new: str) -> None:
    ops = text_ops(old, new)

    assert all(text for _, text in ops)
    assert all(a != b for (a, _), (b, _) in pairwise(ops))


@given(old=TEXTS, new=TEXTS, operations=st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_a_spent_budget_gives_a_coarser_diff_that_is_still_exact(old: str, new: str, operations: int) -> None:
    ops = word_ops(old, new, Budget(operations))

    assert "".join(text for op, text in ops if op != "+") == old
    assert "".join(text for op, text in ops if op != "-") == new


@given(old=st.lists(TEXTS, max_size=9), new=st.lists(TEXTS, max_size=9), operations=st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_spent_budget_leaves_no_paragraph_out(old: list[str], new: list[str], operations: int) -> None:
    told = blocks(old, new, Budget(operations))

    gone = [at for block in told if block.op is not BlockOp.MOVED_IN for at in range(*block.old)]
    come = [at for block in told if block.op is not BlockOp.MOVED_OUT for at in range(*block.new)]
    assert gone == sorted(gone)
    assert (sorted(gone), come) == ([*range(len(old))], [*range(len(new))])


def test_a_spent_budget_replaces_whole_paragraphs_and_keeps_those_that_stayed() -> None:
    kept, old, new = "The boat leaves at ten.", "It costs 12 crowns a head.", "It costs 17 crowns a head."
    [stayed, changed] = blocks([kept, old], [kept, new], Budget(0))

    assert (stayed.op, changed.op) == (BlockOp.EQUAL, BlockOp.CHANGED)
    assert word_ops(old, new, Budget(0)) == [("-", old), ("+", new)]


def test_the_search_for_parts_of_a_split_paragraph_is_paid_for() -> None:
    first, second, third = "The boat leaves the quay at ten.", "On Sundays it waits for the train.", "It is free."
    old, new = [f"{first} {second}", "Tickets cost 12 crowns."], [first, second, "Tickets cost 17 crowns.", third]

    assert [blocks(old, new, Budget(left))[0].new.size for left in (1_000, 0)] == [2, 1]


def _words(chance: random.Random, count: int, vocabulary: int) -> list[str]:
    return [f"w{chance.randrange(vocabulary)}" for _ in range(count)]


def _edited(chance: random.Random, words: list[str], share: float) -> list[str]:
    return [f"x{chance.randrange(99)}" if chance.random() < share else word for word in words]


@cache
def _adversaries() -> dict[str, tuple[str, str]]:
    chance = random.Random(7)
    long = _words(chance, 20_000, 3_000)
    binary = chance.choices("ab", k=10_000)
    paragraphs = [" ".join(_words(chance, 40, 3_000)) for _ in range(500)]
    shuffled = paragraphs[:]
    chance.shuffle(shuffled)
    han = [chr(0x4E00 + chance.randrange(2_000)) for _ in range(40_000)]
    return {
        "one long paragraph, one word in a hundred edited": (" ".join(long), " ".join(_edited(chance, long, 0.01))),
        "one long paragraph rewritten": (" ".join(long), " ".join(_words(chance, 20_000, 3_000))),
        "two words only": (" ".join(binary), " ".join(chance.choices("ab", k=10_000))),
        "shuffled paragraphs": ("\n".join(paragraphs), "\n".join(shuffled)),
        "Chinese in one paragraph": ("".join(han), "".join(_edited(chance, han, 0.01))),
        "white space": ("a" + " " * 500_000 + "b", "a" + " " * 499_999 + "b"),
        "marks on one letter": ("a" + "\u0301" * 100_000, "a" + "\u0301" * 99_999),
        "lines of one letter": ("\n".join(chance.choices("abc", k=20_000)), "\n".join(chance.choices("abc", k=20_000))),
    }


@pytest.mark.parametrize("name", _adversaries())
def test_hostile_input_gives_an_exact_diff_within_the_budget(name: str) -> None:
    assert rebuilds(*_adversaries()[name])


def test_a_long_paragraph_with_few_edits_keeps_nearly_all_of_its_text() -> None:
    for name in ("one long paragraph, one word in a hundred edited", "Chinese in one paragraph"):
        old, new = _adversaries()[name]
        kept = sum(len(text) for op, text in text_ops(old, new) if op == "=")
        assert kept > 0.9 * len(old)


def test_the_work_is_counted_and_never_exceeds_the_budget() -> None:
    for old, new in _adversaries().values():
        budget = Budget(OPERATIONS)
        word_ops(old, new, budget)
        assert 0 <= budget.left < OPERATIONS
