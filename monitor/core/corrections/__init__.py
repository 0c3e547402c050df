"""Correction notes and the changes they explain: which came with its change, which speaks of an earlier one, which of
none that was seen, and which facts changed without any.

What a note names (`naming`, with `times` and `words`) is weighed (`evidence`) against what was exchanged (`traces`);
`linking` chooses. In doubt there is no link: a wrong one is worse. Links are worked out when they are shown, from the
edits as they were recorded, so that better rules are better for the past too.
"""

from monitor.core.corrections.linking import linked
from monitor.core.corrections.links import NO_NOTES, Change, Link, Note, Notes, ToldChange

__all__ = ["NO_NOTES", "Change", "Link", "Note", "Notes", "ToldChange", "linked"]
