"""Pages broken in every way that a page can be: by accident on the way, by a careless template, or on purpose."""

# ruff: noqa: E501  # rows of scraps read better as rows

import json
from collections.abc import Callable
from itertools import pairwise
from random import Random

from tests.extract.pages import LEAD, Story, wire_layout

Mutation = Callable[[Random, bytes, int], bytes]
"""The dice, the page, and a size: 100 for the worst that is thought of, less where time is short."""

OWN = (
    Story().bytes(),
    wire_layout(),
    Story(
        between="<blockquote><p>The sea does not negotiate.</p></blockquote><ul><li>Post</li><li>Bread</li></ul>",
        after="<p><em>Correction: An earlier version misstated the cost.</em></p>",
        head='<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": '
        '"NewsArticle", "headline": "Ferry Company and Harbour Authority Agree", "datePublished": '
        '"2022-01-25T09:28:00Z", "author": [{"@type": "Person", "name": "A. Keeper"}]}]}</script>',
    ).bytes(),
)


def mutated(seed: int, pages: tuple[bytes, ...] = OWN, *, size: int = 100) -> tuple[str, bytes]:
    """The page of this number, and how it was broken; the same for the same arguments, on any machine."""
    dice = Random(seed)
    page = dice.choice(pages)
    names = list(MUTATIONS)
    done = [names[seed % len(names)], *dice.sample(names, dice.choice((0, 0, 1, 2)))]
    for name in done:
        page = MUTATIONS[name](dice, page, size)
    return ", ".join(done), page


def _often(dice: Random, sizes: tuple[int, ...], size: int) -> int:
    """One of the sizes, the last and worst of them least often: it takes its reader seconds."""
    return dice.choice((*sizes[:-1] * 4, sizes[-1])) * size // 100


def _places(dice: Random, page: bytes, count: int) -> list[int]:
    return sorted((dice.randrange(len(page) + 1) for _ in range(count)), reverse=True)


def _put(page: bytes, at: int, what: bytes) -> bytes:
    return page[:at] + what + page[at:]


def _into_body(dice: Random, page: bytes, what: bytes) -> bytes:
    """At a place between two tags, where text stands."""
    borders = [at for at in range(len(page)) if page[at : at + 1] == b">"] if len(page) < 20_000 else []
    at = dice.choice(borders) + 1 if borders else dice.randrange(len(page) + 1)
    return _put(page, at, what)


def flip(dice: Random, page: bytes, size: int) -> bytes:
    broken = bytearray(page)
    for _ in range(dice.choice((1, 10, 100, 1000))):
        if broken:
            broken[dice.randrange(len(broken))] = dice.randrange(256)
    return bytes(broken)


def delete(dice: Random, page: bytes, size: int) -> bytes:
    for at in _places(dice, page, dice.choice((1, 5, 50))):
        page = page[:at] + page[at + dice.choice((1, 7, 60, 900)) :]
    return page


def duplicate(dice: Random, page: bytes, size: int) -> bytes:
    for at in _places(dice, page, dice.choice((1, 3, 10))):
        page = _put(page, at, page[at : at + dice.choice((20, 300, 4000))] * dice.choice((1, 1, 5)))
    return page


def shuffle(dice: Random, page: bytes, size: int) -> bytes:
    cuts = [0, *reversed(_places(dice, page, dice.choice((2, 10, 80)))), len(page)]
    chunks = [page[a:b] for a, b in pairwise(cuts)]
    dice.shuffle(chunks)
    return b"".join(chunks)


def truncate(dice: Random, page: bytes, size: int) -> bytes:
    return page[: dice.randrange(len(page) + 1)]


TAGS = (
    *(b"<div>", b"</div>", b"<p>", b"</p>", b"<b>", b"</b>", b"<a href=x>", b"</a>", b"<table>", b"<tr>", b"</table>"),
    *(b"<td>", b"<article>", b"</article>", b"<svg>", b"</svg>", b"<math>", b"<select>", b"<option>", b"</select>"),
    *(b"<template>", b"</template>", b"<noscript>", b"<script>", b"</script>", b"<style>", b"<textarea>", b"<title>"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<plaintext>", b"<frameset>", b"<body>", b"<html>", b"<head>", b"</head>"),
    *(b"<form>", b"</form>", b"<button>", b"<h1>", b"</h1>", b"<li>", b"<dd>", b"<ruby><rt>", b"<nobr>", b"<marquee>"),
    *(b"</", b"<", b"<?php", b"<!DOCTYPE x [", b"<p/", b"<p =>", b"<a\x00b>", b"<iframe>", b"<foreignObject>", b"</body>"),
)  # fmt: skip


def soup(dice: Random, page: bytes, size: int) -> bytes:
    for at in _places(dice, page, dice.choice((1, 10, 200))):
        page = _put(page, at, dice.choice(TAGS))
    return page


def nest(dice: Random, page: bytes, size: int) -> bytes:
    tag = dice.choice(
        (b"<div>", b"<b>", b"<span>", b"<blockquote>", b"<ul><li>", b"<table><tr><td>", b"<a>", b"<font>")
    )
    depth = _often(dice, (300, 500, 2_000, 10_000), size)
    close = b"" if dice.random() < 0.5 else b"</" + tag.rsplit(b"<", 1)[1]
    return _into_body(dice, page, tag * depth + LEAD.encode() + close * depth)


def misnest(dice: Random, page: bytes, size: int) -> bytes:
    """What a parser has to untangle: formatting elements closed in another order, text where a table allows none."""
    knot = dice.choice(
        (b"<b><p><i></b>x</i></p>", b"<a><div><a>", b"<table>x<b>y<tr>z", b"<b><i><u></b></i>", b"<p><b>x</p>")
    )
    return _into_body(dice, page, knot * _often(dice, (10, 200, 1_000), size))


def attributes(dice: Random, page: bytes, size: int) -> bytes:
    many = dice.choice((10, 900, 5_000, 30_000))
    giant = b"x" * (dice.choice((1_000, 100_000, 2_000_000)) * size // 100)
    tag = dice.choice(
        (
            b"<p " + b" ".join(b"a%d=1" % n for n in range(many)) + b">",
            b'<p class="' + giant + b'">',
            b'<p class="' + b"ad " * (len(giant) // 3) + b'">',
            b"<p " + giant + b">",
            b'<meta property="og:title" content="' + giant + b'">',
            b'<time datetime="' + giant + b'">',
            b'<p title="unclosed ',
            b"<p style=\"display:none" + b" " * len(giant) + b"\">",
            b'<link rel="canonical" href="http://[' + giant[:5_000] + b'">',
        )
    )  # fmt: skip
    return _into_body(dice, page, tag)


def entities(dice: Random, page: bytes, size: int) -> bytes:
    broken = (b"&", b"&#", b"&#x", b"&#x110000;", b"&#xD800;", b"&#0;", b"&#99999999999999999999;", b"&nosuch;", b"&amp",
              b"&lt;p&gt;", b"&#x1F;", b"&#x80;", b"&shy;", b"&zwj;", b"&#8238;", b"&NotEqualTilde;", b"&#xFFFF;")  # fmt: skip
    for at in _places(dice, page, dice.choice((1, 20, 300))):
        page = _put(page, at, dice.choice(broken))
    return page


def charset(dice: Random, page: bytes, size: int) -> bytes:
    labels = (b"utf-16", b"utf-7", b"x-user-defined", b"replacement", b"windows-1251", b"shift_jis", b"iso-2022-jp",
              b"gb18030", b"nonsense", b"idna", b"base64", b"unicode_escape", b"", b"utf-8;" * 50)  # fmt: skip
    marks = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff", b"+/v8-", b"")
    page = page.replace(b'charset="utf-8"', b'charset="' + dice.choice(labels) + b'"', 1)
    if dice.random() < 0.5:
        text = page.decode("utf-8", "replace")
        page = text.encode(
            dice.choice(("utf-16-le", "utf-16-be", "cp1251", "latin-1", "shift_jis", "utf-7")), "replace"
        )
    for at in _places(dice, page, dice.choice((0, 5, 100))):
        page = _put(
            page, at, dice.choice((b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x80\x80", b"\x1b$B"))
        )
    return dice.choice(marks) + page


def controls(dice: Random, page: bytes, size: int) -> bytes:
    for at in _places(dice, page, dice.choice((1, 30, 1000))):
        page = _put(
            page,
            at,
            dice.choice((b"\0", b"\x1b[31m", b"\x1b]0;x\x07", b"\x7f", b"\x0c", b"\x08", b"\xc2\x85", b"\x0b")),
        )
    return page


WRONG: tuple[object, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", " ", "x", [], {}, [None], [[]], [{}], {"@value": None}, {"name": {"name": []}},
    ["a", 1, None, {"@id": 7}], "\ud800", "a\udfffb", "\u0000", {"@type": ["Person", 3]}, "2022-13-45T99:99:99Z", [[[["deep"]]]],
)  # fmt: skip
KEYS = ("@type", "@id", "@context", "@graph", "headline", "description", "datePublished", "dateModified", "author", "articleBody",
        "url", "mainEntityOfPage", "mainEntity", "liveBlogUpdate", "coverageEndTime", "coverageStartTime", "correction", "name",
        "image", "publisher", "isAccessibleForFree", "hasPart", "itemListElement", "inLanguage", "keywords")  # fmt: skip


def json_ld(dice: Random, page: bytes, size: int) -> bytes:
    article: dict[str, object] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry Company and Harbour Authority Agree",
        "datePublished": "2022-01-25T09:28:00Z", "dateModified": "2022-01-25T09:55:00Z", "author": {"name": "A. Keeper"},
    }  # fmt: skip
    for key in dice.sample(KEYS, dice.choice((1, 3, len(KEYS)))):
        article[key] = dice.choice(WRONG)
    text = json.dumps(dice.choice((article, [article], {"@graph": [article, None, 3]}, [[article]])))
    deep = dice.choice((50, 500, 900, 970, 10_000))
    text = dice.choice(
        (
            text, text, text, text, text[: dice.randrange(len(text))], text + text, text.replace('"', "'"), "<!--" + text + "-->",
            '{"@type":"NewsArticle","mainEntity":' * deep + "1" + "}" * deep, "[" * deep + "]" * deep,
            '{"@type":"NewsArticle","author":' + '{"name":' * deep + '"x"' + "}" * deep + "}", "[" * deep,
            '{"@type":"NewsArticle","articleBody":"' + "word " * _often(dice, (100, 400_000), size) + '"}', '{"a":NaN,"b":Infinity,"@type":"Article"}',
            '{"@type":"NewsArticle","headline":"\\ud83d","articleBody":"' + "\\udc00 \\ud800 lone. " * 40 + '"}',
            '{"@type":"NewsArticle","datePublished":' + "9" * 5_000 + "}", "//<![CDATA[\n" + text + "\n//]]>", text.replace("}", ",}"),
        )
    )  # fmt: skip
    script = b'<script type="application/ld+json">' + text.encode("utf-8", "surrogatepass") + b"</script>"
    at = page.find(b"</head>")
    return _put(page, at, script) if at >= 0 else script + page


DATES = (
    "0000-01-01T00:00:00Z", "99999-12-31T23:59:59Z", "-2022-01-25", "1e308", "253402300800", "-62135596801", "9" * 400,
    "2022-01-25T24:00:00Z", "2022-01-25T09:28:60Z", "2022-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2022-01-25T09:28:00+99:99", "2022-01-25T09:28:00.999999999999999999999Z", "25.13.2022", "31/02/0000 25:61", "٢٠٢٢-٠١-٢٥", "²⁰²²-01-25",
    "Tue, 99 Foo 2022 09:28:00 GMT", "09:28 GMT 25.01.2022", "Updated: 09:55 GMT 99.99.9999", "updated 999999999999 minutes ago",
    "Updated 99999999 years ago", "Today at 25:99", "2022-W99-9", "1643102880000000000000", "NaN", "00.00.0000", "12:00 am 0",
)  # fmt: skip


def dates(dice: Random, page: bytes, size: int) -> bytes:
    for _ in range(dice.choice((1, 3, 20))):
        date = dice.choice(DATES)
        what = dice.choice(
            (
                f'<meta property="article:published_time" content="{date}">', f'<meta name="date" content="{date}">',
                f'<time datetime="{date}">{date}</time>', f"<p>Published: {date}</p>", f'<span itemprop="dateModified" content="{date}">',
                f'<script type="application/ld+json">{{"@type":"NewsArticle","dateModified":"{date}","datePublished":"{date}"}}</script>',
                f'<a data-unixtime="{date}">{date}</a>', f"<div>Updated: {date} EST</div>",
            )
        )  # fmt: skip
        marks = [at for mark in (b"</h1>", b"</head>", b"<p") if (at := page.find(mark)) >= 0]
        page = _put(page, dice.choice(marks) if marks else 0, what.encode())
    return page


def huge(dice: Random, page: bytes, size: int) -> bytes:
    """One paragraph as long as a book: words, no spaces, spaces alone, digits, times, quotation marks."""
    filling = dice.choice(
        (b"word ", b"x", b" ", b"1", b"09:28 ", b"\xe2\x80\x9c", b"5 minutes ago ", b"- ", b"a.b ", b"&nbsp;", b"((")
    )
    return _into_body(dice, page, b"<p>" + filling * _often(dice, (1_000, 20_000, 100_000), size) + b"</p>")


def tiny(dice: Random, page: bytes, size: int) -> bytes:
    element = dice.choice((b"<b>x</b>", b"<p>x</p>", b"<i></i>", b"<br>", b"<li><a href=/>x</a>", b"<p>" + LEAD[:80].encode() + b"</p>",
                           b"<h1>x</h1>", b"<time>1</time>", b"<article><p>x</p></article>", b"<meta name=a content=b>", b"<td>1"))  # fmt: skip
    return _into_body(dice, page, element * _often(dice, (100, 1_000, 5_000, 100_000), size))


def scripts_of_the_world(dice: Random, page: bytes, size: int) -> bytes:
    """Writing directions, combining marks and joiners, in floods."""
    flood = dice.choice(
        ("\u202e", "\u2067\u202b", "e" + "\u0301" * 50, "\u200d", "\u200c\u200d", "\U0001f468\u200d", "\u0f71\u0f72\u0f74", "\ufdfa",
         "\u1100\u1161\u11a8", "\u034f", "\ufeff", "\U000e0041", "\u0600", "\ufffe", "\u2028", "\u00ad", "ﬃ", "\u0344", "٣٤ ")
    )  # fmt: skip
    return _into_body(dice, page, b"<p>" + (flood * (_often(dice, (3, 300, 20_000), size) + 1)).encode() + b"</p>")


MUTATIONS: dict[str, Mutation] = {
    "flipped": flip, "deleted": delete, "duplicated": duplicate, "shuffled": shuffle, "truncated": truncate, "soup": soup,
    "nested": nest, "misnested": misnest, "attributes": attributes, "entities": entities, "charset": charset,
    "controls": controls, "json-ld": json_ld, "dates": dates, "huge": huge, "tiny": tiny, "scripts": scripts_of_the_world,
}  # fmt: skip
