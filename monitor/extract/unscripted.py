"""What proves, before anything is parsed, that a page differs in nothing but the insides of its scripts.

Most of what moves on a page from visit to visit stands there: tokens, times of rendering, counts of readers. Parsing a
page only to find that out costs many times what a look for scripts in its bytes does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser

from monitor.core.text import META_BYTES


@dataclass(frozen=True, slots=True)
class Piece:
    """A script as the bytes look, and those between the last one and this. `is_free`: anything may stand in it."""

    before: bytes
    tag: bytes = b""
    inside: bytes = b""
    is_free: bool = False


def pieces_of(body: bytes) -> tuple[Piece, ...]:
    return tuple(_pieces(body))


def unscripted_digest(pieces: Iterable[Piece], *told: str) -> str:
    """A digest of a page without the insides of its scripts, and of whatever else it is to depend on.

    Two pages with equal digests read the same where `are_scripts` holds for one of them, in UTF-8: up to the first
    script their bytes, and so the state of a parser, are equal; what stands in it neither ends the script nor brings
    the parser to a state in which its end tag would not; and so on from script to script.
    """
    digest = sha256()
    for part in told:
        digest.update(part.encode("utf-8", "replace") + b"\0")
    for piece in pieces:
        digest.update(piece.before)
        digest.update(_NONCE.sub(b"", piece.tag))
        digest.update(b"\0" if piece.is_free else b"\1" + piece.inside)
    return digest.hexdigest()[:16]


def take_out_scripts(tree: LexborHTMLParser) -> list[str]:
    """Removes all scripts from the tree. What stood in them."""
    scripts = tree.css("script")
    inside = [script.text(deep=False) for script in scripts]
    for script in scripts:
        script.decompose()
    return inside


def are_scripts(pieces: Iterable[Piece], scripts: Iterable[str]) -> bool:
    """Whether the parser, too, took for scripts what looks like one in the bytes: not so in a comment, in an
    attribute, or after a script in a drawing that is closed where it is opened."""
    looks = Counter(piece.inside.decode("ascii").replace("\r\n", "\n") for piece in pieces if piece.is_free)
    return looks <= Counter(scripts)


def _pieces(body: bytes) -> Iterator[Piece]:
    place = 0
    while (start := body.find(b"<script", place)) >= 0:
        begin = body.find(b">", start) + 1
        end = body.find(b"</script", begin) if begin else -1
        if end < 0:
            break
        tag, inside = body[start:begin], body[begin:end]
        yield Piece(body[place:start], tag, inside, start >= META_BYTES and _is_free(tag, inside))
        place = end
    yield Piece(body[place:])


_NONCE = re.compile(rb' nonce="[\w+/=-]*+"')
_DATA = re.compile(rb"[jJ][sS][oO][nN]")
_STATES = re.compile(rb"<(?:!--|/[sS][cC][rR][iI][pP][tT])")


def _is_free(tag: bytes, inside: bytes) -> bool:
    """Not if it is data, which is read, nor if it holds what moves a parser to another state (WHATWG HTML, script data
    escaped) or a byte that says something of the charset. What stands where a charset is looked for is not either."""
    return (
        inside.isascii()
        and bool(inside.strip())
        and b"\0" not in inside
        and not _STATES.search(inside)
        and not _DATA.search(tag)
    )
