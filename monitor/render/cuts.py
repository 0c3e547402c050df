"""Text cut to a length: between words where there are any, and never within what a reader sees as one character."""

from collections.abc import Sequence

import regex

from monitor.core.diff import Span

ELLIPSIS = "…"

LOOK_BACK = 1_000
"""Characters before a cut from which graphemes are told apart: no run of flags or joiners is that long."""

_GRAPHEME = regex.compile(r"\X")
_AFTER_SPACE = regex.compile(r"(?<=\s)(?![\s\p{M}\p{Grapheme_Cluster_Break=Extend}\u200d])")


def head(text: str, limit: int) -> str:
    """The first characters of a text that is longer than `limit`, with an ellipsis within it. The cut falls between
    words, or where there are none between graphemes."""
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _GRAPHEME.finditer(text[:limit])]
    # The last of them may go on beyond the limit.
    start = text[: ends[-2] if len(ends) > 1 else 0]
    words, space, _ = start.rpartition(" ")
    return (words if space and len(words) > limit // 2 else start).rstrip() + ELLIPSIS


def tail(text: str, limit: int) -> str:
    """The last characters of a text that is longer than `limit`, likewise."""
    if len(text) <= limit:
        return text
    least = len(text) - limit + 1
    space = _AFTER_SPACE.search(text, least, len(text) - limit // 2)
    if space is not None:
        return ELLIPSIS + text[space.start() :]
    starts = (match.start() for match in _GRAPHEME.finditer(text, max(0, least - LOOK_BACK)))
    return ELLIPSIS + text[next((start for start in starts if start >= least), len(text)) :]


def abridged(spans: Sequence[Span], most: int, context: int, runs: int) -> list[Span]:
    """The first `runs` of the spans, cut down to what they change: at most `most` characters of each change, and
    `context` of the kept text on either side of it."""
    told: list[Span] = []
    last = len(spans) - 1
    for at, (op, text) in enumerate(spans[:runs]):
        if op != "equal":
            told.append((op, head(text, most)))
        elif len(text) <= context * (1 + (0 < at < last)):
            told.append((op, text))
        else:
            before, after = head(text, context) if at else "", tail(text, context) if at < last else ""
            told.append((op, before + after))
    return told + [("equal", ELLIPSIS)] * (len(spans) > runs)
