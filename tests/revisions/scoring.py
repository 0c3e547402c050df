"""The links that a diff finds between paragraphs, held against the truth."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.core.article import Block, BlockKind, Content, Field
from monitor.core.diff import Edit, EditOp, diff
from tests.revisions.making import KEPT, KINDS, MOVED, MOVED_LIGHT, Link, Revision


@dataclass(slots=True)
class Score:
    """Links between altered paragraphs: a paragraph that stayed as it was is no feat to find."""

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    moves: int = 0
    """Links that are told as moves ..."""
    wrong_moves: int = 0
    """... and those among them that the truth does not have, as a move or otherwise: of two paragraphs that changed
    places, either may be called the moved one."""
    rows: dict[str, list[str]] = field(default_factory=lambda: {"missed": [], "wrong": [], "wrong moves": []})

    @property
    def precision(self) -> float:
        return self.found.total() / max(1, self.found.total() + self.wrong)

    @property
    def recall(self) -> float:
        return self.found.total() / max(1, self.true.total())

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def recall_of(self, *kinds: str) -> float:
        return sum(self.found[kind] for kind in kinds) / max(1, sum(self.true[kind] for kind in kinds))

    def figures(self) -> dict[str, float]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "moves found": self.recall_of(MOVED, MOVED_LIGHT),
            "wrong moves": self.wrong_moves / max(1, self.moves),
            **{f"recall, {kind}": self.recall_of(kind) for kind in KINDS},
        }


def scored(revisions: Iterable[Revision]) -> Score:
    score = Score()
    for revision in revisions:
        _add(score, revision)
    return score


def _add(score: Score, revision: Revision) -> None:
    told = links(diff(_content(revision.old), _content(revision.new)))
    for link, kind in revision.links.items():
        if kind == KEPT:
            continue
        score.true[kind] += 1
        if link in told:
            score.found[kind] += 1
        else:
            score.rows["missed"].append(f"{revision.name} {kind} {link.old} -> {link.new}")
    for link, op in told.items():
        is_wrong, is_move = link not in revision.links, op is EditOp.MOVE
        place = f"{revision.name} {op} {link.old} -> {link.new}"
        score.moves += is_move
        if is_wrong:
            score.wrong += 1
            score.rows["wrong"].append(place)
        if is_wrong and is_move:
            score.wrong_moves += 1
            score.rows["wrong moves"].append(place)


def links(edits: Iterable[Edit]) -> dict[Link, EditOp]:
    """Which paragraph of the old body each edit takes to which of the new one."""
    return {
        Link(edit.old_at + here, edit.new_at + there): edit.op
        for edit in edits
        if edit.field is Field.BODY and edit.old_at is not None and edit.new_at is not None
        for here in range(edit.old.count("\n") + 1)
        for there in range(edit.new.count("\n") + 1)
    }


def _content(paragraphs: Iterable[str]) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Content(url="https://example.org/", blocks=blocks)
