"""A plain list of addresses, one a line: the text form of the sitemap protocol."""

from monitor.discover.found import Found, FoundKind, Item
from monitor.discover.links import ENTRIES_MAX, absolute


def read_urls(text: str, url: str) -> Found | None:
    """The addresses, when every line that is not empty is one; otherwise None."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        return None
    addresses = [found for line in lines[:ENTRIES_MAX] if (found := absolute(line, url))]
    return Found(
        kind=FoundKind.URLS,
        items=tuple(Item(url=address) for address in addresses),
        listed=len(lines),
        cut=len(lines) > ENTRIES_MAX,
    )
