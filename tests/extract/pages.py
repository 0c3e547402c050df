"""Pages of a small newsroom, written for these tests: two layouts, and what can be put into them."""

# ruff: noqa: E501  # markup reads better in one piece

from dataclasses import dataclass, field

LEAD = (
    "The harbour authority and the ferry company agreed on Tuesday to reopen the northern pier before the end of the "
    "month, according to a statement that both sides published after a night of talks."
)
SECOND = (
    "“We have found a way to keep the islands supplied through the winter,” the authority's director told reporters, "
    "adding that the first boats would sail as soon as the divers had inspected the foundations."
)
THIRD = (
    "The pier was closed in November after a storm had washed out part of the sea wall. Around four hundred people on "
    "the outer islands depend on the daily connection for food, post and medicine."
)
LAST = (
    "A decision on who pays for the repairs, estimated at nine million, is expected from the regional council in May."
)
PARAGRAPHS = (LEAD, SECOND, THIRD, LAST)
HEADLINE = "Ferry Company and Harbour Authority Agree to Reopen Northern Pier"
STANDFIRST = "The two sides have been at odds since the storm of November, and the islands have paid the price for it."


@dataclass
class Story:
    """One story and its page. `between` goes after the second paragraph, `after` after the last one."""

    headline: str = HEADLINE
    standfirst: str = STANDFIRST
    paragraphs: tuple[str, ...] = PARAGRAPHS
    caption: str = "The northern pier after the storm, seen from the lighthouse."
    under_headline: str = ""
    between: str = ""
    after: str = ""
    beside: str = ""
    head: str = ""
    stamp: str = '<time datetime="2022-01-25T09:28:00Z">25 January 2022</time>'
    extra: dict[str, str] = field(default_factory=dict)

    def html(self) -> str:
        first, rest = self.paragraphs[:2], self.paragraphs[2:]
        return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{self.headline} | The Skerry</title>
<meta property="og:type" content="article"><meta property="og:title" content="{self.headline}">
<meta property="og:description" content="{self.standfirst}">{self.head}</head><body>
<header class="site-header"><nav><ul><li><a href="/">Home</a></li><li><a href="/live">Being updated</a></li>
<li><a href="/corrections">Corrections and clarifications</a></li></ul></nav></header>
<main><article class="story"><h1>{self.headline}</h1>{self.under_headline}<p class="standfirst">{self.standfirst}</p>
<div class="story-meta">{self.stamp}</div>
<figure><img src="/pier.jpg" alt=""><figcaption>{self.caption}</figcaption></figure>
<div class="story-body">{paragraphs(first)}{self.between}{paragraphs(rest)}{self.after}</div></article></main>
<aside class="most-read"><h3>Most read</h3><ol><li><a href="/a">Council puts off vote on the new slipway once again</a></li>
<li><a href="/b">Lighthouse keeper retires after forty years on the rock</a></li></ol></aside>{self.beside}
<footer class="site-footer"><p>© The Skerry. All rights reserved.</p></footer></body></html>"""

    def bytes(self) -> bytes:
        return self.html().encode()


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


def wire_layout(*, marker: str = "Being updated", updated: str = "(Updated: 09:55 GMT 25.01.2022)") -> bytes:
    """The layout of an international wire service: the marker a line of its own right after the headline, an
    announcement in place of the first paragraph, stamps printed day first in GMT, text in single blocks."""
    marked = f'<div class="article__label">{marker}</div>' if marker else ""
    modified = f'<span class="article__info-date-modified">{updated}</span>' if updated else ""
    blocks = "".join(
        f'<div class="article__block" data-type="text"><div class="article__text">{text}</div></div>'
        for text in (SECOND, THIRD, LAST)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} - 25.01.2022, The Skerry</title>
<meta property="og:title" content="{HEADLINE}"><meta name="description" content="{LEAD}"></head>
<body><header class="header"><a href="/">The Skerry</a></header>
<div class="layout-article"><div class="article"><div class="article__header">
<div class="article__info"><div class="article__info-date"><a href="/20220125/" data-unixtime="1643102880">09:28 GMT 25.01.2022</a>
{modified}</div></div>
<h1 class="article__title">{HEADLINE}</h1>{marked}
<div class="article__announce"><div class="media"><img src="/p.jpg"><div class="media__copyright">© Skerry Photo / A. Keeper</div></div></div>
<div class="article__announce-text">{LEAD}</div></div>
<div class="article__body">{blocks}
<div class="article__block" data-type="article"><div class="article__article"><a href="/other">Storm Washes Out Sea Wall on the Outer Islands</a></div></div>
</div></div></div></body></html>""".encode()
