"""Which rules read the pages."""

from hashlib import blake2b

from monitor.ports import Hints

EXTRACTOR = "3"
"""The release of the rules. Another number: stored pages are read anew, and no edit is made of the difference."""


def reader(hints: Hints) -> str:
    """What stands in every Content: the release, and, where a site rule or markers of the configuration take part, a
    digest of them. Whoever writes another rule reads the same page otherwise, and that is no edit either."""
    if hints.site is None and not hints.markers:
        return EXTRACTOR
    rules = repr((hints.site, hints.markers)).encode("utf-8", "replace")
    return f"{EXTRACTOR}.{blake2b(rules, digest_size=4).hexdigest()}"
