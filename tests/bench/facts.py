"""How the time for facts grows with the length of hostile text: `python -m tests.bench.facts`.

For each piece of which a text is made, the CPU time of a text twice as long over that of the shorter one: about 2 where
the time grows with the length, 4 where it grows with its square. Last, the time of facts over that of the diff on a
long article, each of whose paragraphs was changed.
"""

import time
from collections.abc import Callable

from monitor.core.article import Block, BlockKind, Content
from monitor.core.diff import diff
from monitor.core.facts import facts
from tests.core.facts.said import rewritten
from tests.core.facts.test_bounds import FIGURES, MARKS, OTHERS

LONG = 400_000


def main() -> None:
    for piece in (*FIGURES, *MARKS, *OTHERS):
        shorter, longer = _of(piece, LONG), _of(piece, 2 * LONG)
        print(f"{longer / shorter:5.2f}   {longer:.3f} s   {piece!r}")
    old, new = _article("was"), _article("is")
    edits = diff(old, new)
    print(f"{_seconds(lambda: facts(edits)) / _seconds(lambda: diff(old, new)):5.2f}   facts over diff")


def _of(piece: str, size: int) -> float:
    edit = rewritten(piece * (size // len(piece)), f"{piece}x" * (size // (len(piece) + 1)))
    return _seconds(lambda: facts([edit]))


def _article(word: str) -> Content:
    lines = (f"“It {word} bad for all {at} of us,” said Anna Smith, who lives {at * 7} km away." for at in range(2_000))
    return Content(url="https://example.org/", blocks=tuple(Block(BlockKind.PARAGRAPH, line) for line in lines))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
