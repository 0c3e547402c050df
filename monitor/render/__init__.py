"""One list of edits, many channels: terminal, mail, JSON, and the pages of `render.pages`, which are loaded by who
needs them. No output holds active text of a page."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.render.mail import email_html, email_text
    from monitor.render.passages import fact_lines
    from monitor.render.payload import edits_json
    from monitor.render.terminal import inline, side_by_side, unified

# A list that only counts changes has no use for what marks them.
_ROOMS = {
    "edits_json": "payload",
    "email_html": "mail",
    "email_text": "mail",
    "fact_lines": "passages",
    "inline": "terminal",
    "side_by_side": "terminal",
    "unified": "terminal",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


__all__ = [
    "edits_json",
    "email_html",
    "email_text",
    "fact_lines",
    "inline",
    "side_by_side",
    "unified",
]
