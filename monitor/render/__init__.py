"""One list of edits, many channels: terminal, mail, JSON, and the pages of `render.pages`, which are loaded by who
needs them. No output holds active text of a page."""

from monitor.render.mail import email_html, email_text
from monitor.render.passages import fact_lines
from monitor.render.payload import edits_json
from monitor.render.terminal import inline, side_by_side, unified

__all__ = [
    "edits_json",
    "email_html",
    "email_text",
    "fact_lines",
    "inline",
    "side_by_side",
    "unified",
]
