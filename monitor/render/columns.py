"""Text in columns: how wide it is on a terminal and in a plain mail, and where its lines may break."""

from collections.abc import Iterator
from functools import lru_cache

import regex
from rich.cells import cell_len

BREAK = "\n"
LINE_BYTES = 900
"""UTF-8 bytes that a line may hold, however narrow it is: RFC 5322 forbids 998, and marks pile up without width."""

_EXTEND = r"[\p{M}\p{Grapheme_Cluster_Break=Extend}\u200d]"
_WIDE = r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff00-\uff60]"
# No line of Chinese or Japanese begins with a closing mark or ends with an opening one; ours are among them.
_OPENING = r"(?:\[-|\{\+|[\p{Ps}\p{Pi}])"
_CLOSING = r"(?:-\]|\+\}|[\p{Pe}\p{Pf}\p{Po}ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々])"
_SPACE = rf"[^\S\n](?!{_EXTEND})"
_LETTER = rf"(?:\S|[^\S\n](?={_EXTEND}))"
_PIECE = regex.compile(
    rf"\n|(?:{_OPENING}*{_WIDE}{_EXTEND}*(?:{_CLOSING}{_EXTEND}*)*|(?:(?!{_OPENING}*{_WIDE}){_LETTER})+|{_OPENING}+)?"
    rf"(?:{_SPACE})*",
    regex.V1,
)
_GRAPHEME = regex.compile(r"\X")


@lru_cache(maxsize=4096)
def width(text: str) -> int:
    """Cells of a terminal that the text takes: two for a wide character, none for a combining one."""
    return cell_len(text)


def breaks(text: str, columns: int, *, indent: int = 0, whole_up_to: int = 0) -> list[int]:
    """Where lines begin, besides the first, so that none is wider than `columns`; the first begins `indent` cells in.

    Lines break after white space, between characters of scripts that put none, and at every line feed; a word that
    is wider than a line is cut between graphemes. An address of up to `whole_up_to` bytes stays whole: cut, it
    could not be followed.
    """
    found: list[int] = []
    used, size = indent, 0
    for start, word, blanks in _words(text, columns, whole_up_to):
        cells, count = width(word), _bytes(word)
        if size and (used + cells > columns or size + count > LINE_BYTES):
            found.append(start)
            used = size = 0
        used, size = used + cells + blanks, size + count + blanks
        if word == BREAK:
            found.append(start + 1)
            used = size = 0
    return found


def _words(text: str, columns: int, whole_up_to: int) -> Iterator[tuple[int, str, int]]:
    """What must stand in one line: where it begins, what it is, and the white space after it, which may stick out."""
    for match in _PIECE.finditer(text):
        word = BREAK if match.group() == BREAK else match.group().rstrip()
        start, blanks = match.start(), match.end() - match.start() - len(word)
        fits = width(word) <= columns and _bytes(word) <= LINE_BYTES
        if fits or ("://" in word and _bytes(word) <= whole_up_to):
            yield start, word, blanks
        else:
            for at, grapheme in _graphemes(word):
                yield start + at, grapheme, blanks * (at + len(grapheme) == len(word))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _graphemes(word: str) -> Iterator[tuple[int, str]]:
    for match in _GRAPHEME.finditer(word):
        if len(match.group()) <= LINE_BYTES // 4:
            yield match.start(), match.group()
        else:
            # No character of any language: a pile of marks, or a run of joiners.
            yield from enumerate(match.group(), start=match.start())


def lines(text: str, columns: int, *, indent: int = 0, whole_up_to: int = 0) -> list[str]:
    """The lines, without the white space at their ends."""
    cuts = breaks(text, columns, indent=indent, whole_up_to=whole_up_to)
    return [text[start:stop].rstrip() for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
