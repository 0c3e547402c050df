"""Runs of a diff -> patch text as diff-match-patch writes it, for any port of that library to apply."""

from collections.abc import Iterable, Iterator

from diff_match_patch import diff_match_patch

from monitor.core.diff.words import Op

PIECE = 50_000
"""Characters of text that are given to the library at once: it looks for each patch's context in all of them, and
copies all of them for each patch."""

APART = 64
"""Kept characters over which the contexts of two patches never meet."""

_OPS = {"=": diff_match_patch.DIFF_EQUAL, "-": diff_match_patch.DIFF_DELETE, "+": diff_match_patch.DIFF_INSERT}


def patch_of(ops: Iterable[Op], piece: int = PIECE) -> str:
    """ "" where nothing is edited."""
    engine = diff_match_patch()
    patches = []
    begun = 0
    for part in _pieces(ops, piece):
        for patch in engine.patch_make([(_OPS[op], text) for op, text in part]):
            # Each patch counts in the text as the patches before it leave it.
            patch.start1 += begun
            patch.start2 += begun
            patches.append(patch)
        begun += sum(len(text) for op, text in part if op != "-")
    return str(engine.patch_toText(patches))


def _pieces(ops: Iterable[Op], piece: int) -> Iterator[list[Op]]:
    part: list[Op] = []
    size = 0
    for op, text in ops:
        size += len(text)
        if op == "=" and size >= piece and len(text) >= APART:
            half = len(text) // 2
            yield [*part, (op, text[:half])]
            part, size, text = [], 0, text[half:]
        part.append((op, text))
    yield part
