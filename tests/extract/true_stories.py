"""True articles that look like walls: about cookies, pay, robots and errors, short, and with walls' furniture round
them."""

# ruff: noqa: E501  # markup reads better in one piece

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from .interstitials import chrome

_STORIES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["story"]

FURNITURE = """<div id="cookie-layer" class="banner"><p>We and our 842 partners store and access information on your device, such as cookies, and process personal data. You can withdraw your consent at any time.</p>
<button>Accept all</button><button>Reject all</button><button>Manage options</button></div>
<div class="login-layer"><h3>Sign in</h3><form><input type="email" name="e"><input type="password" name="p"><button>Sign in</button></form><p>Forgotten your password?</p></div>
<noscript>Please enable JavaScript to see everything on this page.</noscript>"""
OFFER = '<div class="offer"><h3>Support our journalism</h3><p>Subscribe from 1 a month and get our newsletter every morning. Cancel at any time.</p><button>Subscribe now</button></div>'
CLOSES = (
    "This page is no longer being updated.",
    "This article has been updated.",
    "This story is developing. Check back in a few minutes.",
    "We will bring you more as soon as we have it. Refresh the page for the latest version.",
    "Please check back for updates.",
    "This article was amended on 26 January 2022 to correct a name.",
    "Sign up for our morning newsletter.",
)
STAMP = '<p class="date"><time datetime="2022-01-25T09:28:00Z">09:28 GMT 25.01.2022</time></p>'


def page(
    story: dict[str, Any],
    paragraphs: list[str],
    *,
    head: str = "",
    above: str = "",
    below: str = "",
    stamp: str = STAMP,
) -> bytes:
    top, bottom = chrome(story["lang"])
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    title = escape(story["headline"])
    return f'<!doctype html><html lang="{story["lang"]}"><head><meta charset="utf-8"><title>{title} | The Skerry</title>{head}</head><body>{above}{top}<main><article><h1>{title}</h1>{stamp}<div class="text">{body}</div></article></main>{below}{bottom}</body></html>'.encode()


def declared(headline: str) -> str:
    ld = json.dumps({"@type": "NewsArticle", "headline": headline, "datePublished": "2022-01-25T09:28:00Z"})
    return f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(headline)}"><script type="application/ld+json">{ld}</script>'


def _pages() -> Iterator[tuple[str, bytes]]:
    for story in _STORIES:
        name, stub = story["headline"], story["stub"]
        full = [*stub, *story["more"]]
        yield f"{name}, stub", page(story, stub, head=declared(name))
        yield f"{name}, stub with furniture", page(story, stub, head=declared(name), above=FURNITURE, below=OFFER)
        yield f"{name}, stub that declares nothing", page(story, stub)
        yield f"{name}, stub with furniture that declares nothing", page(story, stub, above=FURNITURE)
        yield f"{name}, being updated", page(story, ["Being updated", *stub], head=declared(name))
        yield f"{name}, whole", page(story, full, head=declared(name))
        yield f"{name}, whole with furniture that declares nothing", page(story, full, above=FURNITURE, below=OFFER)
        yield f"{name}, whole and undated", page(story, full * 2, stamp="")


def _short_items() -> Iterator[tuple[str, bytes]]:
    story = {"lang": "en", "headline": "Watch: Ferry Docks at the Northern Pier for the First Time Since the Storm"}
    head = declared(story["headline"])
    video = '<figure><video src="/v.mp4" poster="/v.jpg"></video><figcaption>The first boat at the pier.</figcaption></figure>'
    line = "Islanders lined the quay to greet the boat."
    gallery = "".join(
        f'<figure><img src="/{n}.jpg"><figcaption>The pier on day {n} of the repairs.</figcaption></figure>'
        for n in range(1, 9)
    )
    yield "a video and a line", page(story, [line], head=head, below=video)
    yield (
        "a video under a headline",
        page(story, [], head=head).replace(b'<div class="text">', b'<div class="text">' + video.encode()),
    )
    yield (
        "a video without a caption",
        page(story, [], head=head).replace(b'<div class="text">', b'<div class="text"><video src="/v.mp4"></video>'),
    )
    yield (
        "an embedded film and a line",
        page(story, [line], head=head).replace(
            b'<div class="text">', b'<div class="text"><iframe src="https://films.example/1"></iframe>'
        ),
    )
    yield (
        "a gallery",
        page(story, [], head=head).replace(b'<div class="text">', b'<div class="text">' + gallery.encode()),
    )
    yield (
        "a gallery and a line",
        page(story, [line], head=head).replace(b"</article>", gallery.encode() + b"</article>"),
    )
    yield "being updated and nothing else", page(story, ["Being updated"], head=head)
    yield "more to follow", page(story, ["The northern pier has reopened.", "More to follow."], head=head)
    yield "one sentence", page(story, ["The northern pier has reopened, the harbour authority says."], head=head)
    yield "one sentence, undeclared", page(story, ["The northern pier has reopened, the harbour authority says."])
    yield (
        "one sentence with furniture",
        page(
            story,
            ["The northern pier has reopened, the harbour authority says."],
            head=head,
            above=FURNITURE,
            below=OFFER,
        ),
    )
    for close in CLOSES:
        texts = ["The northern pier has reopened, the harbour authority says.", close]
        yield f"one sentence and: {close}", page(story, texts, head=head)
        yield f"one sentence, undeclared, and: {close}", page(story, texts)
    yield (
        "a standfirst alone",
        page(story, [], head=head).replace(
            b"</h1>",
            b'</h1><p class="standfirst">The first boat since November has brought post, bread and forty passengers.</p>',
        ),
    )


@cache
def true_stories() -> dict[str, bytes]:
    """The pages, by what they are."""
    return {**dict(_pages()), **dict(_short_items())}
