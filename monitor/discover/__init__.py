"""Feeds, sitemaps and listing pages: bytes -> the articles they name."""

from monitor.discover.document import discover
from monitor.discover.filters import kept
from monitor.discover.found import Found, FoundKind, Item, Link, refused
from monitor.discover.opml import write_opml
from monitor.discover.sitemaps import worth_reading
from monitor.discover.survey import Candidate, Survey, survey

__all__ = [
    "Candidate",
    "Found",
    "FoundKind",
    "Item",
    "Link",
    "Survey",
    "discover",
    "kept",
    "refused",
    "survey",
    "worth_reading",
    "write_opml",
]
