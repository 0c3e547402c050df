"""Which release of the rules reads the pages."""

EXTRACTOR = "1"
"""Stands in every Content. Another number: the stored page is read anew, and no edit is made of the difference."""
