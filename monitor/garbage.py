"""How often Python looks for rings of objects that hold each other. What a page is made of, thousands of objects, is in
no ring and goes by itself; looking through it takes a tenth of the time that it takes to read it."""

import gc

YOUNG = 20_000
"""Objects that are made, beyond those that went, before the youngest are looked through (Python's own figure is 700):
about as many as the largest page is made of."""
OLDER = 5
"""So many looks before the next older ones are looked through as well."""


def look_seldom() -> None:
    """For a process that has loaded what it needs: that stays, and is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
