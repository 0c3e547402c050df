"""One list of edits, many channels: terminal, web page, mail, JSON. No output holds active text of a page."""

from monitor.render.mail import email_html, email_text
from monitor.render.page import html_fragment, html_page
from monitor.render.passages import fact_lines
from monitor.render.payload import edits_json
from monitor.render.terminal import inline, side_by_side, unified

__all__ = [
    "edits_json",
    "email_html",
    "email_text",
    "fact_lines",
    "html_fragment",
    "html_page",
    "inline",
    "side_by_side",
    "unified",
]
