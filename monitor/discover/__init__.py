"""Feeds, sitemaps and listing pages: bytes -> the articles they name."""

from monitor.discover.document import discover
from monitor.discover.found import Found, FoundKind, Item, Link

__all__ = ["Found", "FoundKind", "Item", "Link", "discover"]
