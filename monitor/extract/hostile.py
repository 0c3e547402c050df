"""Pages that are built to stall a parser are refused before it sees them."""

import re

from monitor.errors import ExtractionFailed

LONGEST_TAG = 64_000
MOST_ATTRIBUTES = 1_000
MOST_TAGS = 20_000
"""Pages with fewer tags (the longest real ones have 8,000) need no look at how deep they nest."""
DEEPEST_BOXES = 10_000

# Possessive throughout and closed by the end of the text: linear on any input. One step an attribute.
_OPENING = re.compile(rb"<[A-Za-z/][^>=]*+(?:=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|)[^>=]*+)*+")
_RAW = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+)")


def refuse_hostile(body: bytes, url: str) -> None:
    """A linear look for tags that cost a parser quadratic time: those with very many attributes, and boxes in boxes
    without end. Values do not count, one attribute may well carry a picture. Raw text is passed over only where
    something was found. Raises ExtractionFailed."""
    for is_hostile in (_has_hostile_tag, _is_bottomless):
        if is_hostile(body) and is_hostile(_RAW.sub(b"", body)):
            raise ExtractionFailed("too_large", url)


def _has_hostile_tag(body: bytes) -> bool:
    for tag in [tag for tag in _OPENING.findall(body) if len(tag) > 2 * MOST_ATTRIBUTES]:
        bare = _VALUE.sub(b" ", tag)
        if len(bare) > LONGEST_TAG or len(bare.split()) > MOST_ATTRIBUTES:
            return True
    return False


# Elements that stay open until they are closed, and for each of which a parser looks through all that are open.
_BOX = re.compile(
    rb"<(/?)(?:div|section|article|aside|nav|main|header|footer|blockquote|center|figure|details|ul|ol|dl|fieldset)\b",
    re.IGNORECASE,
)


def _is_bottomless(body: bytes) -> bool:
    if body.count(b"<") < MOST_TAGS:
        return False
    depth = 0
    for closes in _BOX.findall(body):
        depth = max(0, depth - 1) if closes else depth + 1
        if depth > DEEPEST_BOXES:
            return True
    return False
