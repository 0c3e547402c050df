"""Feeds, sitemaps and listing pages: bytes -> the articles they name."""

from monitor.discover.document import discover
from monitor.discover.filters import kept
from monitor.discover.found import Found, FoundKind, Item, Link
from monitor.discover.sitemaps import worth_reading

__all__ = ["Found", "FoundKind", "Item", "Link", "discover", "kept", "worth_reading"]
