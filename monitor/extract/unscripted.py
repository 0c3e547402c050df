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
class _Piece:
    """A script as its bytes look, and those between the last one and this."""

    start: int
    before: bytes
    tag: bytes
    inside: bytes


def unscripted_digest(body: bytes, *told: str) -> str:
    """A digest of a page without the insides of its scripts, and of whatever else it is to depend on.

    Two pages with equal digests read the same where `finds_scripts` holds for one of them, in UTF-8: up to the first
    script their bytes, and so the state of a parser, are equal; what stands in it neither ends the script nor brings
    the parser to a state in which its end tag would not; and so on from script to script.
    """
    digest = sha256()
    for part in told:
        digest.update(part.encode("utf-8", "replace") + b"\0")
    for piece in _pieces(body):
        digest.update(piece.before)
        digest.update(_NONCE.sub(b"", piece.tag))
        digest.update(b"\0" if _is_passed_over(piece) else b"\1" + piece.inside)
    return digest.hexdigest()[:16]


def take_out_scripts(tree: LexborHTMLParser) -> list[str]:
    """Removes all scripts from the tree. What stood in them."""
    scripts = tree.css("script")
    inside = [script.text(deep=False) for script in scripts]
    for script in scripts:
        script.decompose()
    return inside


def finds_scripts(body: bytes, scripts: Iterable[str]) -> bool:
    """Whether the parser, too, took for scripts what looks like one in the bytes: not so in a comment, in an
    attribute, or after a script in a drawing that is closed where it is opened."""
    looks = Counter(_plain(piece.inside.decode("ascii")) for piece in _pieces(body) if _is_passed_over(piece))
    return looks <= Counter(_plain(script) for script in scripts)


def _plain(script: str) -> str:
    return script.replace("\r\n", "\n").replace("\r", "\n")


def _pieces(body: bytes) -> Iterator[_Piece]:
    place = 0
    while (start := body.find(b"<script", place)) >= 0:
        inside = body.find(b">", start) + 1
        end = body.find(b"</script", inside) if inside else -1
        if end < 0:
            break
        yield _Piece(start, body[place:start], body[start:inside], body[inside:end])
        place = end
    yield _Piece(place, body[place:], b"", b"")


_NONCE = re.compile(rb' nonce="[\w+/=-]*+"')
_DATA = re.compile(rb"[jJ][sS][oO][nN]")
_STATES = re.compile(rb"<(?:!--|/[sS][cC][rR][iI][pP][tT])")


def _is_passed_over(piece: _Piece) -> bool:
    """Whether what stands in the script may be anything of the kind. Not if it is data, which is read, or stands where
    a charset is looked for; nor if it holds what moves a parser to another state (WHATWG HTML, script data escaped) or
    a byte that says something of the charset."""
    return (
        piece.start >= META_BYTES
        and not piece.inside.isspace()
        and piece.inside.isascii()
        and b"\0" not in piece.inside
        and not _STATES.search(piece.inside)
        and not _DATA.search(piece.tag)
        and bool(piece.inside)
    )
