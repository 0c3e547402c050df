"""Scores the facts against labels set by hand: `python -m tests.scores.facts --pairs PAIRS --labels LABELS [--show]`.

PAIRS is a file of JSON lines with `id`, `old`, `new` and `kind` (of a `headline` pair, the first paragraph is the
headline). LABELS is one with `id` and, of each kind looked at, the facts that a reader of the diff sees:

    {"id": "...", "number": [["12", "17"], ["30", ""]], "quotation": [], "punctuation": 0, "case": 0,
     "name": [["", "Leith"]], "either": {"number": [["", "2"]]}}

Of an absent kind nothing is scored; what stands under `either` is neither right nor wrong. Set the labels before the
rules are run, by whom you can who did not write them. Units need not be labelled: "12" is "12 km". Nothing of other
people's texts is committed: both files live elsewhere.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import regex

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import diff
from monitor.core.facts import Fact, FactKind, facts
from monitor.core.text import fold

LISTED = (FactKind.NUMBER, FactKind.QUOTATION, FactKind.NAME)
COUNTED = (FactKind.PUNCTUATION, FactKind.CASE)


class Told(NamedTuple):
    old: str
    new: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    arguments.add_argument("--pairs", type=Path, required=True)
    arguments.add_argument("--labels", type=Path, required=True)
    arguments.add_argument("--show", action="store_true", help="print each fact that is wrong or missing")
    given = arguments.parse_args()
    pairs = {pair["id"]: pair for pair in _lines(given.pairs)}
    counts: Counter[tuple[str, str]] = Counter()
    for label in _lines(given.labels):
        for kind, mark, told in judged(found_in(pairs[label["id"]]), label):
            counts[kind, mark] += 1
            if given.show and mark != "right":
                print(mark, label["id"], kind, *told, sep="\t")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        print(line_of(kind, counts[kind, "right"], counts[kind, "wrong"], counts[kind, "missing"]))


def line_of(kind: str, right: int, wrong: int, missing: int) -> str:
    precision = f"{right / (right + wrong):.2f}" if right + wrong else "-"
    recall = f"{right / (right + missing):.2f}" if right + missing else "-"
    return f"{kind:22} P {precision:5} R {recall:5} n {right + missing}"


def found_in(pair: Mapping[str, Any]) -> tuple[Fact, ...]:
    return facts(diff(_content(pair["old"], pair["kind"]), _content(pair["new"], pair["kind"])))


def _content(text: str, kind: str) -> Content:
    headline, _, body = text.partition("\n\n") if kind == "headline" else ("", "", text)
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in body.split("\n") if line.strip())
    return Content(url="https://example.org/", headline=headline or None, blocks=blocks)


def judged(found: Iterable[Fact], label: Mapping[str, Any]) -> Iterator[tuple[str, str, Told]]:
    """Kind, `right`, `wrong` or `missing`, and the fact. Numbers that changed in one place are counted once more."""
    found = list(found)
    for kind in LISTED:
        if kind in label:
            told = [Told(fact.old, fact.new) for fact in found if fact.kind is kind]
            either = [Told(*pair) for pair in label.get("either", {}).get(kind, ())]
            marks = list(_compared(told, [Told(*pair) for pair in label[kind]], either, kind))
            yield from ((kind.value, mark, one) for mark, one in marks)
            if kind is FactKind.NUMBER:
                yield from (("number, in its place", mark, one) for mark, one in marks if one.old and one.new)
    for kind in COUNTED:
        if kind in label:
            number = sum(fact.kind is kind for fact in found)
            for mark, many in (
                ("right", min(number, label[kind])),
                ("wrong", number - label[kind]),
                ("missing", label[kind] - number),
            ):
                yield from ((kind.value, mark, Told("", "")) for _ in range(many))


def _compared(
    told: Iterable[Told], labelled: Iterable[Told], either: Iterable[Told], kind: FactKind
) -> Iterator[tuple[str, Told]]:
    left, allowed = list(labelled), list(either)
    for one in told:
        if (right := next((label for label in left if _is_same(one, label, kind)), None)) is not None:
            left.remove(right)
            yield "right", one
        elif not any(_is_same(one, label, kind) for label in allowed):
            yield "wrong", one
    yield from (("missing", label) for label in left)


def _is_same(one: Told, label: Told, kind: FactKind) -> bool:
    return all(_is_side(mine, theirs, kind) for mine, theirs in zip(one, label, strict=True))


_UNITS = regex.compile(r"^[^\p{Nd}]*|[^\p{Nd}]*$")


def _is_side(mine: str, theirs: str, kind: FactKind) -> bool:
    if not (mine and theirs):
        return mine == theirs
    if kind is FactKind.NUMBER:
        return _UNITS.sub("", mine) == _UNITS.sub("", theirs)
    mine, theirs = (fold(side).casefold() for side in (mine, theirs))
    return mine == theirs or mine in theirs or theirs in mine


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


if __name__ == "__main__":
    main()
