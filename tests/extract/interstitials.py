"""Pages that stand in an article's place: some forty kinds in many languages, layouts and disguises."""

# ruff: noqa: E501  # markup reads better in one piece

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def _words_of(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


_TABLE = _words_of("interstitials")
_WALLS = [wall for part in ("consent", "gates", "errors") for wall in _words_of(f"interstitials_{part}")["wall"]]

STORIES = {
    "en": (
        "Ferry Company and Harbour Authority Agree to Reopen Northern Pier",
        "The two sides have been at odds since the storm of November, and the islands have paid the price for it.",
        "The harbour authority and the ferry company agreed on Tuesday to reopen the northern pier before the end of the month, according to a statement that both sides published after a night of talks.",
    ),
    "de": (
        "Fährgesellschaft und Hafenamt einigen sich auf Öffnung der Nordmole",
        "Seit dem Sturm im November lagen beide Seiten im Streit, und die Inseln haben den Preis dafür bezahlt.",
        "Das Hafenamt und die Fährgesellschaft haben sich am Dienstag darauf geeinigt, die Nordmole noch vor Ende des Monats wieder zu öffnen, wie beide Seiten nach einer Nacht der Verhandlungen mitteilten.",
    ),
    "fr": (
        "La compagnie des ferries et l'autorité portuaire rouvrent la jetée nord",
        "Les deux parties s'opposaient depuis la tempête de novembre, et les îles en ont payé le prix.",
        "L'autorité portuaire et la compagnie des ferries ont décidé mardi de rouvrir la jetée nord avant la fin du mois, selon un communiqué publié par les deux parties après une nuit de pourparlers.",
    ),
    "es": (
        "La naviera y la autoridad portuaria acuerdan reabrir el muelle norte",
        "Las dos partes estaban enfrentadas desde la tormenta de noviembre, y las islas han pagado el precio.",
        "La autoridad portuaria y la naviera acordaron el martes reabrir el muelle norte antes de fin de mes, según un comunicado que ambas partes publicaron tras una noche de negociaciones.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Wall:
    """One page that is no article; `name` says its kind, language and layout."""

    kind: str
    name: str
    html: bytes


@dataclass
class Words:
    """What a wall says, and in whose head it says it."""

    lang: str
    title: str
    texts: list[str]
    buttons: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    note: str = ""
    widget: str = ""

    def paragraphs(self, tag: str = "p") -> str:
        note = f"<div class='note'>{escape(self.note)}</div>" if self.note else ""
        widget = f'<div class="{self.widget}" data-sitekey="x"></div>' if self.widget else ""
        links = "".join(f'<li><a href="/l{n}">{escape(link)}</a></li>' for n, link in enumerate(self.links))
        return (
            "".join(f"<{tag}>{escape(text)}</{tag}>" for text in self.texts)
            + widget
            + note
            + f"<ul>{links}</ul>" * bool(links)
        )

    def controls(self) -> str:
        inputs = "".join(f'<input type="{kind}" name="{kind}">' for kind in self.fields)
        return inputs + "".join(f"<button>{escape(button)}</button>" for button in self.buttons)


def chrome(lang: str) -> tuple[str, str]:
    """What a newsroom's page has above and below its subject."""
    words = _TABLE["chrome"].get(lang) or _TABLE["chrome"]["en"]
    nav = "".join(f'<li><a href="/s{n}">{word}</a></li>' for n, word in enumerate(words["nav"]))
    most = "".join(f'<li><a href="/a{n}">{line}</a></li>' for n, line in enumerate(words["headlines"]))
    top = f'<header class="site-header"><a href="/">The Skerry</a><nav><ul>{nav}</ul></nav></header>'
    return (
        top,
        f'<section class="block"><h3>{words["label"]}</h3><ol>{most}</ol></section><footer class="site-footer"><p>{words["foot"]}</p></footer>',
    )


def _bare(words: Words) -> str:
    return f"<h1>{escape(words.title)}</h1>{words.paragraphs()}{words.controls()}"


def _dialog(words: Words) -> str:
    top, bottom = chrome(words.lang)
    return f'{top}<div id="app"></div><div role="dialog" class="layer" aria-modal="true"><h2>{escape(words.title)}</h2><div class="text">{words.paragraphs()}</div><div class="choices">{words.controls()}</div></div>{bottom}'


def _site(words: Words) -> str:
    top, bottom = chrome(words.lang)
    return f'{top}<main><h1>{escape(words.title)}</h1><div class="text">{words.paragraphs()}{words.controls()}</div></main>{bottom}'


def _form(words: Words) -> str:
    return f'<div class="box"><h1>{escape(words.title)}</h1><form method="post" action="/go"><input type="hidden" name="t" value="1">{words.paragraphs()}{words.controls()}</form></div>'


def _search(words: Words) -> str:
    return _site(words).replace(
        "</main>", '<form role="search"><input type="search" name="q"><button>OK</button></form></main>'
    )


def _noscript(words: Words) -> str:
    return f'<div class="main-wrapper" role="main"><div class="main-content"><h1>{escape(words.title)}</h1><noscript>{words.paragraphs("div")}</noscript><div id="challenge"></div></div></div><script>(function(){{window._opt={{}};}})();</script>'


def _own_headline(words: Words) -> str:
    headline, _, _ = STORIES.get(words.lang, STORIES["en"])
    top, bottom = chrome(words.lang)
    return f"{top}<main><article><h1>{headline}</h1><p>{escape(words.texts[-1] if len(words.texts[-1]) > 60 else words.title + '. ' + words.texts[0])}</p></article></main>{bottom}"


SHAPES: dict[str, Callable[[Words], str]] = {
    "bare": _bare, "dialog": _dialog, "site": _site, "form": _form, "search": _search, "noscript": _noscript,
    "own headline": _own_headline,
}  # fmt: skip


def page(head: str, body: str, lang: str = "en") -> bytes:
    return f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def article_head(lang: str) -> str:
    """What the article's own page says of it, left over on a page that is another."""
    headline, standfirst, _ = STORIES.get(lang, STORIES["en"])
    return f'<title>{headline} | The Skerry</title><meta property="og:title" content="{headline}"><meta property="og:type" content="article"><meta property="og:description" content="{standfirst}">'


def _walls() -> Iterator[Wall]:
    for entry in _WALLS:
        said = {
            key: entry[key]
            for key in ("lang", "title", "texts", "buttons", "fields", "links", "note", "widget")
            if key in entry
        }
        words = Words(**said)
        for shape in entry["shapes"]:
            body = SHAPES[shape](words)
            own = (
                f"<title>{escape(words.title)}</title>"
                if shape in ("bare", "form", "noscript")
                else f"<title>{escape(words.title)} | The Skerry</title>"
            )
            if shape == "own headline":
                own = article_head(words.lang)
            name = f"{words.lang}, {words.title[:30]}, {shape}"
            yield Wall(entry["kind"], name, page(own, body, words.lang))
            if entry.get("keeps"):
                yield Wall(
                    entry["kind"], f"{name}, the article's head", page(article_head(words.lang), body, words.lang)
                )


def _teasers() -> Iterator[Wall]:
    for entry in _TABLE["teaser"]:
        lang, cut = entry["lang"], entry["cut"]
        headline, standfirst, lead = STORIES[lang]
        top, bottom = chrome(lang)
        stamp = '<time datetime="2022-01-25T09:28:00Z">25.01.2022</time>'
        ld = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}","datePublished":"2022-01-25T09:28:00Z","isAccessibleForFree":false}}</script>'
        opening = f"<p>{lead}</p>" * cut
        for number, (call, more) in enumerate(entry["calls"]):
            named = f'<div class="paywall-offer"><h3>{call}</h3><p>{more}</p><button>OK</button></div>'
            plain = f'<div class="x7"><p><b>{call}</b></p><p>{more}</p></div>'
            for look, box, head in (("named", named, ld), ("plain", plain, "")):
                body = f'{top}<main><article><h1>{headline}</h1><p class="standfirst">{standfirst}</p>{stamp}<div class="text">{opening}{box}</div></article></main>{bottom}'
                yield Wall(entry["kind"], f"{lang}, call {number}, {look}", page(article_head(lang) + head, body, lang))


def _shells() -> Iterator[Wall]:
    """Pages that build themselves in the browser, pages with nothing on them, and data served as a page."""
    script = '<script src="/static/main.4f1c.js" defer></script>'
    noscript = "<noscript>You need to enable JavaScript to run this app.</noscript>"
    top, bottom = chrome("en")
    for look, head in (("own head", "<title>The Skerry</title>"), ("the article's head", article_head("en"))):
        yield Wall("script shell", f"root, {look}", page(head, f'<div id="root"></div>{script}'))
        yield Wall("script shell", f"root and noscript, {look}", page(head, f'{noscript}<div id="root"></div>{script}'))
        yield Wall(
            "script shell",
            f"spinner, {look}",
            page(head, f'<div id="__next"><div class="spinner">Loading...</div></div>{script}'),
        )
        yield Wall(
            "script shell", f"frame of the site, {look}", page(head, f'{top}<main id="content"></main>{bottom}{script}')
        )
        yield Wall(
            "script shell",
            f"please enable, {look}",
            page(
                head,
                f"<h1>JavaScript is required</h1><p>Please enable JavaScript in your browser to view this page.</p>{script}",
            ),
        )
        yield Wall("blank", f"empty body, {look}", page(head, ""))
        yield Wall("blank", f"white space, {look}", page(head, "<div> &nbsp; </div>\n<p></p>"))
    yield Wall("blank", "no bytes", b"")
    yield Wall("blank", "line breaks", b"\r\n\r\n")
    for name, text in {
        "XML, no such key": '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>pier.html</Key><RequestId>4442587FB7D0A2F9</RequestId></Error>',
        "XML, denied": '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
        "JSON, message": '{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}',
        "JSON, errors": '{"errors":[{"code":"not_found","detail":"No article with this id was found on the server, or it has not been published yet."}],"data":null}',
        "JSON, null": "null",
        "text": "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
        "trace": "Traceback (most recent call last):\n  File \"app.py\", line 12, in page\n    return render(article)\nTypeError: 'NoneType' object is not subscriptable",
        "no healthy upstream": "no healthy upstream",
    }.items():
        yield Wall("data as page", name, text.encode())


def _redirects() -> Iterator[Wall]:
    for name, head, body in (
        ("refresh at once", '<meta http-equiv="refresh" content="0; url=https://skerry.example/">', ""),
        (
            "refresh with link",
            '<title>Redirecting</title><meta http-equiv="refresh" content="2;URL=/home">',
            '<p>If you are not redirected, <a href="/home">follow this link</a>.</p>',
        ),
        (
            "refresh, the article's head",
            article_head("en") + '<meta http-equiv="Refresh" content="0;url=/login">',
            "<p>Please wait while we take you to the page that you asked for.</p>",
        ),
        (
            "script",
            "<title>Loading</title><script>location.replace('/')</script>",
            "<p>One moment, you are being redirected.</p>",
        ),
        (
            "moved",
            "<title>301 Moved Permanently</title>",
            '<h1>Moved Permanently</h1><p>The document has moved <a href="/x">here</a>.</p>',
        ),
        ("object moved", "<title>Object moved</title>", '<h2>Object moved to <a href="/x">here</a>.</h2>'),
        (
            "de",
            '<title>Weiterleitung</title><meta http-equiv="refresh" content="1; url=/start">',
            "<p>Sie werden weitergeleitet.</p>",
        ),
    ):
        yield Wall("redirect stub", name, page(head, body))


SUMMARIES = (
    "The members want to see a second offer for the concrete before they decide, the chair said after the meeting.",
    "He has seen three hundred storms from the gallery, and says that he will miss every one of them.",
    "Fishermen speak of warm water and good luck, the institute of a stock that is recovering at last.",
    "The lifeboat crew found them at dawn, cold and tired but unharmed, with their boat lying on its side.",
    "Eleven children will be taught in two rooms, and the lessons begin when the morning boat has docked.",
    "The company points to the price of fuel; passengers point to the profit that it announced in March.",
)


def _listings() -> Iterator[Wall]:
    """Pages of many articles: where a page is sent when its article is gone, and what a search or a section shows."""
    for lang in ("en", "de", "fr", "es"):
        top, bottom = chrome(lang)
        lines = [*_TABLE["chrome"][lang]["headlines"], *STORIES[lang][:1]]
        for look, cards in _cards(lines):
            for kind, title, heading in _LISTINGS[lang]:
                head = (
                    f'<title>{title}</title><meta property="og:type" content="website">'
                    if look != "undeclared"
                    else f"<title>{title}</title>"
                )
                yield Wall(kind, f"{lang}, {look}", page(head, f"{top}<main>{heading}{cards}</main>{bottom}", lang))


_LISTINGS = {
    "en": (("front page", "The Skerry: news from the islands", ""), ("section page", "Business | The Skerry", "<h1>Business</h1>"), ("search results", "Search results for pier | The Skerry", "<h1>Results for “pier”</h1><p>128 results</p>")),
    "de": (("front page", "Der Schärenbote - Nachrichten von den Inseln", "<h1>Der Schärenbote</h1>"), ("section page", "Wirtschaft - Der Schärenbote", "<h1>Wirtschaft</h1>")),
    "fr": (("front page", "Le Rocher : l'actualité des îles", "<h1>À la une</h1>"), ("search results", "Résultats de recherche | Le Rocher", "<h1>Résultats pour « jetée »</h1>")),
    "es": (("front page", "El Peñón, noticias de las islas", ""), ("section page", "Economía | El Peñón", "<h1>Economía</h1>")),
}  # fmt: skip


def _cards(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The same headlines as cards of headline and summary, as cards that are one link each, and as bare headlines."""
    pairs = list(zip(lines, SUMMARIES, strict=False))
    at = '<time datetime="2022-01-25T0{}:28:00Z">25.01.2022</time>'
    yield (
        "summaries",
        "".join(
            f'<div class="c-item"><h2><a href="/n{n}">{line}</a></h2><p>{text}</p>{at.format(n)}</div>'
            for n, (line, text) in enumerate(pairs)
        ),
    )
    yield (
        "links",
        "".join(
            f'<article><a href="/n{n}"><h3>{line}</h3><p>{text}</p></a></article>'
            for n, (line, text) in enumerate(pairs)
        ),
    )
    yield (
        "undeclared",
        "<ul>" + "".join(f'<li><a href="/n{n}">{line}</a></li>' for n, line in enumerate(lines * 2)) + "</ul>",
    )


def _indexes() -> Iterator[Wall]:
    rows = "".join(f'<a href="img{n}.jpg">img{n}.jpg</a>   25-Jan-2022 09:2{n}   {n}41K\n' for n in range(9))
    yield Wall(
        "directory index",
        "preformatted",
        page(
            "<title>Index of /pier</title>", f'<h1>Index of /pier</h1><hr><pre><a href="../">../</a>\n{rows}</pre><hr>'
        ),
    )
    table = "".join(
        f'<tr><td><a href="p{n}.html">p{n}.html</a></td><td>2022-01-25 09:28</td><td>1.{n}K</td></tr>' for n in range(9)
    )
    yield Wall(
        "directory index",
        "table",
        page(
            "<title>Index of /news</title>",
            f"<h1>Index of /news</h1><table><tr><th>Name</th><th>Last modified</th><th>Size</th></tr>{table}</table><address>Apache/2.4.57 Server at skerry.example Port 80</address>",
        ),
    )
    listed = "".join(f'<li><a href="d{n}/">d{n}/</a></li>' for n in range(9))
    yield Wall(
        "directory index",
        "list",
        page("<title>Directory listing for /</title>", f"<h1>Directory listing for /</h1><hr><ul>{listed}</ul><hr>"),
    )


@cache
def interstitials() -> tuple[Wall, ...]:
    """All of them, each with other bytes."""
    return (*_walls(), *_teasers(), *_shells(), *_redirects(), *_listings(), *_indexes())
