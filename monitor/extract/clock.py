"""What looks like a clock time in a line, before anybody asks what it says."""

import re
from functools import lru_cache

SINCE = re.compile(r"(?<!\d)\d{1,3}\s?(?:m|min|mins|minutes?|h|hrs?|hours?)\s+ago\b", re.IGNORECASE)
CLOCK = re.compile(
    r"(?<![\d.,:/-])(?:[01]?\d|2[0-4])\s?[:.hH時點点시]\s?[0-5]\d(?![\d,%]|[.:]\d{3}|\.\d)(?:\s?[ap]\.?m\b\.?)?"
    r"(?:\s?(?:uhr\b|(?-i:[A-Z]{3,4}\b)))?|" + SINCE.pattern,
    re.IGNORECASE,
)
CLOCK_LINE = 60
"""A line no longer than this, with a clock time in it, may be an entry's time; a longer one only where it begins so."""


def shows_clock(text: str) -> bool:
    if len(text) <= CLOCK_LINE:
        return _line_shows_clock(text)
    return text[0].isdigit() and CLOCK.match(text) is not None


# The lines of a live blog are asked again at every check of it.
@lru_cache(maxsize=8192)
def _line_shows_clock(text: str) -> bool:
    return CLOCK.search(text) is not None
