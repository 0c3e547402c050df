"""What every kind of document shares: addresses, titles and dates as they are written there."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from monitor.core.text import normalise

ENTRIES_MAX = 2_000
"""More than any feed of articles lists; what follows is not read (20,000 entries take feedparser 6 seconds)."""
SECTIONS_MAX = 50
_URL_MAX = 4_096
_TITLE_MAX = 1_000
_TAG = re.compile(r"<[^<>]{0,2000}>")


def absolute(href: str | None, base: str) -> str | None:
    """The address as an absolute http or https one without fragment; None for anything else."""
    if not href:
        return None
    try:
        joined = urljoin(base, "".join(href.split()))
        parts = urlsplit(joined)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if usable and len(joined) <= _URL_MAX else None


def plain_title(text: str | None, *, markup: bool = False) -> str | None:
    """A title without markup, in the normal form of Content; None where nothing is left of it."""
    if not text:
        return None
    text = text[: 10 * _TITLE_MAX]
    return normalise(unescape(_TAG.sub("", text)) if markup else text)[:_TITLE_MAX] or None


def instant_of(words: str | None) -> datetime | None:
    """An RFC 3339 or ISO 8601 time as aware UTC, what bears no zone taken as UTC; None where it is none."""
    if not words:
        return None
    try:
        at = datetime.fromisoformat(words.strip())
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
