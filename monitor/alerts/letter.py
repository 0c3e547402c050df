"""The HTML of a letter: its frame, and the styles, which mail clients take only where they are used."""

from html import escape

from monitor.core.text import printable

ADDRESS_MAX = 2_000
"""Characters of an address that is linked."""

SANS = "Arial,sans-serif"
PAGE = "max-width:640px;padding:20px 16px;overflow-wrap:break-word"
BODY = f"{PAGE};background:#ffffff;color:#1a1a1a;font:16px/1.55 Georgia,serif"
KICKER = f"margin:0 0 6px;font:bold 13px/1.4 {SANS};color:#595959"
H1 = "margin:0 0 14px;font-size:22px;line-height:1.3"
H2 = f"margin:28px 0 8px;font:bold 14px/1.4 {SANS}"
LEAD = f"margin:0 0 6px;font:15px/1.5 {SANS}"
LINE = f"margin:0 0 2px;font:13px/1.5 {SANS};color:#595959"
DIFF = "margin:14px 0 0;border-top:1px solid #d5d5d5"
SIGNATURE = f"margin:28px 0 0;padding:10px 0 0;border-top:1px solid #d5d5d5;font:12px/1.5 {SANS};color:#595959"


def letter(kicker: str, title: str, told: str, signature: str) -> str:
    """`title` and `told` are HTML, the others plain text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"></head>\n'
        f'<body style="margin:0;background:#ffffff">\n<div style="{BODY}">\n'
        f'<p style="{KICKER}">{escape(kicker)}</p>\n<h1 dir="auto" style="{H1}">{title}</h1>\n{told}'
        f'<p style="{SIGNATURE}">{escape(signature)}</p>\n</div>\n</body></html>\n'
    )


def linked(title: str, url: str) -> str:
    """The title as a link, where the address is one that a click may follow."""
    if not url.startswith(("https://", "http://")) or len(url) > ADDRESS_MAX or printable(url) != url:
        return escape(title)
    return f'<a href="{escape(url)}" style="color:#1a1a1a">{escape(title)}</a>'
