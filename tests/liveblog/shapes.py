"""The shapes of live blogs, each built as some kind of real site builds them; the words are ours."""

# ruff: noqa: E501  # markup reads better in one piece

import json
from datetime import datetime

from tests.liveblog.press import HEADLINE, STANDFIRST, Blog, Post, days, shape

FOOT = """<aside class="sidebar"><h2>Most read</h2><ul><li><a href="/1">A cat that came home by ferry after eleven years</a></li>
<li><a href="/2">What the council wants to build by the old quay</a></li></ul></aside><footer><p>The Skerry, a paper of the islands. All rights are ours.</p></footer>"""
SHARE = '<div class="share"><a href="https://share.example/?u={n}">Share</a><a href="https://mail.example/?u={n}">Mail</a></div>'


def iso(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def page(blog: Blog, body: str, *, head: str = "", stamped: bool = True) -> str:
    direction = ' dir="rtl"' if blog.language == "ar" else ""
    meta = f'<meta property="article:published_time" content="{iso(blog.posts[0].at)}">'
    if blog.stamp and stamped:
        meta += f'<meta property="article:modified_time" content="{iso(blog.stamp)}">'
    return f"""<!doctype html><html lang="{blog.language}"{direction}><head><meta charset="utf-8"><title>{HEADLINE} - The Skerry</title>
<meta property="og:title" content="{HEADLINE}"><meta property="og:type" content="article">{meta}{head}</head>
<body><header><nav><a href="/">Home</a><a href="/news">News</a></nav></header>{body}{FOOT}</body></html>"""


def top(blog: Blog) -> str:
    mark = f'<p class="mark">{blog.marker}</p>' if blog.marker else ""
    return f'<h1>{HEADLINE}</h1>{mark}<p class="standfirst">{STANDFIRST}</p><p>{blog.intro}</p>{events(blog)}'


def events(blog: Blog) -> str:
    """A list of what has happened, each a link to its post."""
    if not blog.key_events:
        return ""
    items = "".join(f'<li><a href="#p{one.number}">{one.at:%H:%M} {one.title}</a></li>' for one in reversed(blog.posts))
    return f'<div class="key-events"><h2>Key events</h2><ul>{items}</ul></div>'


def inside(one: Post) -> str:
    parts = [f"<p>{text}</p>" for text in one.texts]
    if one.quote:
        parts.append(
            f'<blockquote class="twitter-tweet"><p>{one.quote}</p>&mdash; The Warden (@warden) <a href="https://tweets.example/1">3 March</a></blockquote>'
        )
    if one.points:
        parts.append(f"<ul>{''.join(f'<li>{point}</li>' for point in one.points)}</ul>")
    if one.caption:
        parts.append(f'<figure><img src="/i.jpg" alt=""><figcaption>{one.caption}</figcaption></figure>')
    return "".join(parts)


def linked_data(blog: Blog, *, most: int | None = None, entries: bool = True) -> str:
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": HEADLINE,
        "datePublished": iso(blog.posts[0].at),
    }
    if blog.stamp:
        said["dateModified"] = iso(blog.stamp)
    if blog.ended:
        said["coverageEndTime"] = iso(blog.now)
    if entries:
        said["liveBlogUpdate"] = [
            {
                "@type": "BlogPosting",
                "@id": f"https://news.example/live/storm#p{one.number}",
                "headline": one.title,
                "datePublished": iso(one.at),
                "dateModified": iso(one.updated_at or one.at),
                "articleBody": " ".join(one.texts),
            }
            for one in list(reversed(blog.posts))[:most]
        ]
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


@shape
def declared(blog: Blog) -> str:
    """Articles in a section, with ids, and the same in JSON-LD."""
    posts = "".join(
        f"""<article id="p{one.number}" class="entry{" entry--pinned" if pinned else ""}"><header><time datetime="{iso(one.at)}">{one.at:%H:%M}</time>
<h3>{one.title}</h3></header>{inside(one)}{SHARE.format(n=one.number)}</article>"""
        for one, pinned in blog.shown
    )
    return page(
        blog,
        f'<main><article>{top(blog)}<section class="entries">{posts}</section></article></main>',
        head=linked_data(blog),
    )


@shape
def wire(blog: Blog) -> str:
    """A wire agency's: a marker below the headline that comes and goes, a table of contents, an order to choose."""
    posts = "".join(
        f"""<div class="online__item" data-id="{88000 + one.number}"><div class="online__item-info"><a class="online__item-time" data-unixtime="{int(one.at.timestamp())}">{one.at:%H:%M GMT %d.%m.%Y}</a></div>
<div class="online__item-title">{one.title}</div><div class="online__item-text">{inside(one)}</div><div class="online__item-share">{SHARE.format(n=one.number)}</div></div>"""
        for one, _ in blog.shown
    )
    mark = f'<div class="article__header-mark">{blog.marker}</div>' if blog.marker else ""
    updated = (
        f'<span class="article__info-date-modified">(Updated: {blog.stamp:%H:%M GMT %d.%m.%Y})</span>'
        if blog.stamp
        else ""
    )
    first = blog.posts[0].at
    return page(
        blog,
        f"""<div class="article"><div class="article__header"><div class="article__info"><div class="article__info-date"><a data-unixtime="{int(first.timestamp())}">{first:%H:%M GMT %d.%m.%Y}</a>{updated}</div></div>
<h1 class="article__title">{HEADLINE}</h1>{mark}<div class="article__announce-text">{STANDFIRST}</div></div>
<div class="article__body"><div class="article__block" data-type="text"><div class="article__text">{blog.intro}</div></div></div>
<div class="online"><div class="online__controls"><span>Table of contents</span><span>New first</span><span>Old first</span></div>{events(blog)}<div class="online__article">{posts}</div></div></div>""",
        stamped=False,
    )


@shape
def wire_old(blog: Blog) -> str:
    """An agency's older system: items with hour and minute, without day, zone or id."""
    posts = "".join(
        f'<div class="live-item"><span class="live-item__time">{one.at:%H:%M}</span><h4>{one.title}</h4>{inside(one)}</div>'
        for one, _ in blog.shown
    )
    return page(
        blog,
        f'<div class="story">{top(blog)}<div class="live-list"><a class="live-new">New messages</a>{posts}</div></div>',
    )


@shape
def listed(blog: Blog) -> str:
    """A list with day headings between its items, whose clocks have no day."""
    parts = []
    for one, pinned, new_day in days(blog.shown):
        if new_day and not pinned:
            parts.append(f'<li class="day"><h2>{one.at:%A, %d %B %Y}</h2></li>')
        label = "<span>Pinned</span>" if pinned else ""
        parts.append(
            f'<li class="item" data-post-id="{one.number}">{label}<b class="clock">{one.at:%H:%M} GMT</b><h3>{one.title}</h3><div>{inside(one)}</div></li>'
        )
    return page(blog, f'<main>{top(blog)}<ul class="stream">{"".join(parts)}</ul><button>Load more</button></main>')


@shape
def microdata(blog: Blog) -> str:
    """Items marked by itemprop, with their times in meta elements."""
    posts = "".join(
        f"""<li class="lb_item" id="{one.number + 40}_parent"><div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting"><meta itemprop="url" content="https://news.example/live/storm#{one.number}"><meta itemprop="datePublished" content="{iso(one.at)}"><meta itemprop="dateModified" content="{iso(one.updated_at or one.at)}">
<div class="lb_when"><span>{one.at:%d %B %Y}</span> <span>{one.at:%H:%M} (GMT)</span></div><div class="lb_title">{one.title}</div><div class="lb_text">{inside(one)}</div></div></li>"""
        for one, _ in blog.shown
    )
    return page(
        blog,
        f'<main><div itemscope itemtype="https://schema.org/LiveBlogPosting">{top(blog)}<ul>{posts}</ul></div></main>',
    )


@shape
def blocks(blog: Blog) -> str:
    """Blocks with ids that say nothing, whose own update is printed at their foot."""
    posts = "".join(
        f"""<article id="block-{one.number * 7919 + 65536:x}a{one.number}" class="block{" is-pinned" if pinned else ""}"><p class="block-time"><a href="#block-{one.number}"><time datetime="{iso(one.at)}">{one.at:%H.%M} GMT</time></a></p>
<h2 class="block-title">{one.title}</h2><div class="block-elements">{inside(one)}</div>{f'<p class="updated-time">Updated at <time class="updated" datetime="{iso(one.updated_at)}">{one.updated_at:%H.%M} GMT</time></p>' if one.updated_at else ""}</article>"""
        for one, pinned in blog.shown
    )
    return page(blog, f'<main><div class="head">{top(blog)}</div><div class="live-body">{posts}</div></main>')


@shape
def bare(blog: Blog) -> str:
    """No ids, no headings, no times for machines: a clock and paragraphs."""
    posts = "".join(
        f'<div class="c-4"><div class="c-5">{one.at:%H:%M} Uhr</div><div class="c-6">{inside(one)}</div></div>'
        for one, _ in blog.shown
    )
    return page(blog, f'<div class="c-1">{top(blog)}<div class="c-3">{posts}</div></div>', stamped=False)


@shape
def hashed(blog: Blog) -> str:
    """Names made by a build tool, ids made anew at each visit; JSON-LD lists the newest five."""
    posts = "".join(
        f"""<div class="css-1ab{blog.visit}" id=":r{blog.visit}{at}:"><div class="css-2cd"><span class="css-3ef"><time datetime="{iso(one.at)}">{one.at:%I:%M %p}</time></span></div>
<div class="css-4gh"><h2 class="css-5ij">{one.title}</h2>{inside(one)}</div></div>"""
        for at, (one, _) in enumerate(blog.shown)
    )
    return page(
        blog,
        f'<div id="root"><main class="css-9xy">{top(blog)}<section class="css-8zz">{posts}</section></main></div>',
        head=linked_data(blog, most=5),
    )


@shape
def positions(blog: Blog) -> str:
    """Ids that count the items from the top of the page."""
    posts = "".join(
        f'<section class="update" id="update-{at}"><div class="update-meta"><time datetime="{iso(one.at)}">{one.at:%H:%M}</time></div><h3>{one.title}</h3>{inside(one)}</section>'
        for at, (one, _) in enumerate(blog.shown)
    )
    return page(blog, f'<main><article>{top(blog)}<div class="updates">{posts}</div></article></main>')


@shape
def by_day(blog: Blog) -> str:
    """A section for each day, with the posts of the day in it; the anchor within each post is its id."""
    sections: list[str] = []
    for one, _, new_day in days(blog.shown):
        made = f'<div class="post"><a name="m{one.number * 13}"></a><div class="post-time">{one.at:%H:%M} GMT</div><h3>{one.title}</h3>{inside(one)}</div>'
        if new_day:
            sections.append(f"<h2>{one.at:%d %B %Y}</h2>")
        sections[-1] += made
    told = "".join(f'<section class="day">{section}</section>' for section in sections)
    return page(blog, f"<main>{top(blog)}{told}</main>")


@shape
def flat(blog: Blog) -> str:
    """No place for a post: headings with the time, and paragraphs below them."""
    posts = "".join(
        f'<h3 class="when">{one.at:%H:%M} GMT</h3><h4>{one.title}</h4>{inside(one)}' for one, _ in blog.shown
    )
    return page(blog, f'<main><div class="entry-content">{top(blog)}{posts}</div></main>')


@shape
def arabic(blog: Blog) -> str:
    """Written from right to left."""
    posts = "".join(
        f'<div class="live-post" data-id="{one.number + 5000}"><div class="t"><time datetime="{iso(one.at)}">{one.at:%H:%M}</time></div><div>{inside(one)}</div></div>'
        for one, _ in blog.shown
    )
    return page(blog, f"<main>{top(blog)}<div>{posts}</div></main>")


@shape
def numbered(blog: Blog) -> str:
    """A list whose items have nothing but generated names of their own, after one of links to them."""
    events = "".join(
        f'<li><a href="#p{one.number}">{one.title}, as was told at {one.at:%H:%M}</a></li>' for one in blog.posts
    )
    posts = "".join(
        f"""<li><article data-testid="content-post" class="x-{one.number:x}z{one.number}"><header><h3><span>{one.title}</span></h3><div><span class="visually-hidden">Published at</span><time>{one.at:%H:%M} GMT</time></div></header>
<div><p class="byline">A. Reporter<br>At the harbour</p>{inside(one)}</div><button>Share</button></article></li>"""
        for one, _ in blog.shown
    )
    return page(blog, f"<main>{top(blog)}<ul>{events}</ul><ol>{posts}</ol></main>")
