"""The sheet a layout writes on: how a story's parts, and all that is put round them, become markup."""

# ruff: noqa: E501  # markup reads better in one piece

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType

from tests.newsroom.story import HEADING, ITEM, PARAGRAPH, PICTURE, QUOTE, ROW, Part, Story

SLOTS = ("top", "meta", "mid", "late", "tail", "outside", "side", "end")
"""Where noise can stand: at the top of the page, under the headline, after the second paragraph, after the fourth,
after the last in its container, after the container, in the side column, at the end of the page."""


@dataclass(frozen=True, slots=True)
class Dressing:
    """All of a page that is not its story. `salt` is what a build tool makes class names of, `entities` writes letters
    as character references, `spaces` puts invisible characters into paragraphs, `wrapped` puts every second paragraph
    into a wrapper, `turned` turns the order of attributes, `boxes` that of the side column."""

    slots: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    salt: str = "q7"
    pictures: str = "a1"
    token: str = "5f0c"
    charset: str = "utf-8"
    entities: bool = False
    spaces: bool = False
    wrapped: bool = False
    turned: bool = False
    boxes: bool = False

    def putting(self, slot: str, markup: str) -> "Dressing":
        return replace(self, slots=MappingProxyType({**self.slots, slot: self.slots.get(slot, "") + markup}))


class Sheet:
    """Writes one story in one dressing. `forms` says how each kind of part is marked up: `{t}` its text, `{a}` its
    attributes, of a picture also `{i}` the image and `{s}` its address; `names` how class names are made: `plain`, `hashed` or `module`."""

    def __init__(self, story: Story, dress: Dressing, *, names: str = "plain", forms: Mapping[str, str] = {}) -> None:
        self.story, self.dress, self.names = story, dress, names
        self.forms = {**FORMS, **forms}

    # -- words and attributes

    def t(self, text: str) -> str:
        if self.dress.entities:
            return "".join(c if c.isascii() and c not in "&<>'e" else f"&#{ord(c)};" for c in text)
        return html.escape(text, quote=False)

    def v(self, text: str) -> str:
        return html.escape(text)

    def a(self, name: str, **more: str) -> str:
        """The attributes of an element that its makers call `name`, with a blank before each."""
        values = {"class": self._class(name), "data-name": self._hash(name)[:4], **more}
        pairs = [f' {key.rstrip("_")}="{self.v(value)}"' for key, value in values.items() if value]
        return "".join(reversed(pairs) if self.dress.turned else pairs)

    def _class(self, name: str) -> str:
        camel = re.sub(r"-(\w)", lambda m: m[1].upper(), name)
        if self.names == "hashed":
            return f"css-{self._hash(name)[:6]} {camel[:1].upper()}{camel[1:]}-sc-{self._hash(name + '/')[:6]}"
        return f"{camel}__{self._hash(name)[:5]}" if self.names == "module" else name

    def _hash(self, name: str) -> str:
        return "e" + blake2b(f"{self.dress.salt}/{name}".encode(), digest_size=6).hexdigest()

    # -- the parts of the story

    def slot(self, name: str) -> str:
        return self.dress.slots.get(name, "")

    def body(self) -> list[str]:
        """The body's parts with what stands between them; lists and tables are one piece."""
        pieces: list[str] = []
        paragraphs = 0
        if self.story.note and self.story.note.place == "top":
            pieces.append(f"<div{self.a('editors-note')}><p>{self.t(self.story.note.text)}</p></div>")
        for kind, parts in _runs(self.story.parts):
            if kind in (ITEM, ROW):
                pieces.append(self._several(kind, parts))
                continue
            for part in parts:
                pieces.append(self._one(part, paragraphs))
                paragraphs += part.kind == PARAGRAPH
                if part.kind == PARAGRAPH and paragraphs in (2, 4):
                    pieces.append(self.slot("mid" if paragraphs == 2 else "late"))
        return [piece for piece in [*pieces, self._note("p", "div"), self.slot("tail")] if piece]

    def after(self) -> str:
        """What follows the body's container: notes put there, and noise."""
        return self._note("aside", "footer") + self.slot("outside")

    def _one(self, part: Part, number: int) -> str:
        if part.kind == PICTURE:
            return self.figure(part.text, name=f"inline{number}")
        text = self.t(part.text)
        if self.dress.spaces and part.kind == PARAGRAPH:
            text = _with_invisible(text)
        piece = self.forms[part.kind].format(t=text, a=self.a(part.kind))
        if self.dress.wrapped and part.kind == PARAGRAPH and number % 2:
            return f"<div{self.a('paragraph-wrapper')}>{piece}</div>"
        return piece

    def _several(self, kind: str, parts: list[Part]) -> str:
        if kind == ITEM:
            items = "".join(self.forms[ITEM].format(t=self.t(part.text), a=self.a("entry")) for part in parts)
            return self.forms["list"].format(t=items, a=self.a("points"))
        rows = "".join("<tr>" + "".join(f"<td>{self.t(cell)}</td>" for cell in part.cells) + "</tr>" for part in parts)
        return f"<table{self.a('figures')}><tbody>{rows}</tbody></table>"

    def _note(self, *places: str) -> str:
        note = self.story.note
        if note is None or note.place not in places:
            return ""
        text = self.t(note.text)
        return {
            "p": self.forms[PARAGRAPH].format(t=f"<em>{text}</em>", a=""),
            "div": f"<div{self.a('article-correction')}><p>{text}</p></div>",
            "aside": f"<aside{self.a('amendment')}><p><i>{text}</i></p></aside>",
            "footer": f"<footer{self.a('article-footer')}><p>• {text}</p></footer>",
        }[note.place]

    def figure(self, caption: str, *, name: str = "lead") -> str:
        address = f"/img/{self.dress.pictures}/{name}.jpg?w=640"
        image = f'<img src="{address}" alt="" loading="lazy">'
        return self.forms[PICTURE].format(t=self.t(caption), a=self.a("picture"), i=image, s=address)

    def marker(self) -> str:
        return f"<p{self.a('state')}>{self.t(self.story.marker)}</p>" if self.story.marker else ""

    def byline(self, tag: str = "span") -> str:
        words = self.story.language.page
        return f"<{tag}{self.a('byline')}>{self.t(words['by'])} {self.t(self.story.byline)}</{tag}>"

    def stamp(self) -> str:
        """The times as readers see them, with the machine's beside them."""
        published, updated = self.story.published, self.story.updated
        shown = f'<time datetime="{published.isoformat()}">{published:%H:%M GMT %d.%m.%Y}</time>'
        if updated:
            label = self.t(self.story.language.page["updated"])
            shown += f" <span{self.a('modified')}>({label} {updated:%H:%M GMT %d.%m.%Y})</span>"
        return shown

    # -- what stands round it

    def head(self, *, linked_data: bool, metas: bool = True) -> str:
        story = self.story
        lines = [f'<meta charset="{self.dress.charset}">', f"<title>{self.t(story.headline)} | The Skerry</title>"]
        lines.append(f'<meta name="csrf-token" content="{self.dress.token}">')
        if metas:
            lines += [
                f'<meta property="og:type" content="article"><meta property="og:title" content="{self.v(story.headline)}">',
                f'<meta name="description" content="{self.v(story.standfirst)}">',
                f'<meta property="article:published_time" content="{story.published.isoformat()}">',
            ]
            if story.updated:
                lines.append(f'<meta property="article:modified_time" content="{story.updated.isoformat()}">')
        if linked_data:
            lines.append(f'<script type="application/ld+json">{self._linked_data()}</script>')
        lines.append(f'<script nonce="{self.dress.token}">window.at="{self.dress.token}"</script>')
        return "<head>" + "\n".join(lines) + "</head>"

    def _linked_data(self) -> str:
        story = self.story
        said = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "description": story.standfirst,
            "author": [{"@type": "Person", "name": story.byline}],
            "datePublished": story.published.isoformat(),
            "dateModified": (story.updated or story.published).isoformat(),
        }
        return json.dumps(said, ensure_ascii=self.dress.charset != "utf-8").replace("</", "<\\/")

    def site_head(self) -> str:
        others = self.story.language.page["others"]
        links = "".join(f'<li><a href="/s{n}">{self.t(text.split()[0])}</a></li>' for n, text in enumerate(others[:4]))
        return f'{self.slot("top")}<header{self.a("site-header")}><a href="/">The Skerry</a><nav><ul>{links}</ul></nav></header>'

    def side(self) -> str:
        """The side column: two boxes of links to other stories, and what is put there."""
        words = self.story.language.page
        boxes = [
            self.box("most-read", words["most_read"], words["others"][:3]),
            self.box("related", words["related"], words["others"][3:]),
        ]
        return "".join(reversed(boxes) if self.dress.boxes else boxes) + self.slot("side")

    def box(self, name: str, title: str, headlines: list[str]) -> str:
        links = "".join(f'<li><a href="/{name}/{n}">{self.t(text)}</a></li>' for n, text in enumerate(headlines))
        return f"<div{self.a(name)}><h3>{self.t(title)}</h3><ul>{links}</ul></div>"

    def page(self, head: str, body: str) -> str:
        code, direction = self.story.language.code, self.story.language.direction
        foot = (
            f"<footer{self.a('site-footer')}><p>© The Skerry</p></footer>{self.slot('end')}<!-- {self.dress.token} -->"
        )
        return f'<!doctype html>\n<html lang="{code}" dir="{direction}">{head}\n<body>{body}{foot}</body></html>'


FORMS = {
    PARAGRAPH: "<p{a}>{t}</p>\n",
    HEADING: "<h2{a}>{t}</h2>\n",
    QUOTE: "<blockquote{a}><p>{t}</p></blockquote>\n",
    ITEM: "<li{a}>{t}</li>",
    "list": "<ul{a}>{t}</ul>\n",
    PICTURE: "<figure{a}>{i}<figcaption>{t}</figcaption></figure>\n",
}


def _runs(parts: tuple[Part, ...]) -> list[tuple[str, list[Part]]]:
    runs: list[tuple[str, list[Part]]] = []
    for part in parts:
        if runs and runs[-1][0] == part.kind:
            runs[-1][1].append(part)
        else:
            runs.append((part.kind, [part]))
    return runs


def _with_invisible(text: str) -> str:
    """The same words to a reader: a no-break space for the first space, a soft hyphen or a zero-width space inside."""
    text = text.replace(" ", "&nbsp;", 1)
    long = re.search(r"(?<![&#\w])[^\W\d_]{8,}(?!;)", text)
    if long is None:
        return text
    middle = long.start() + 4
    return text[:middle] + ("&shy;" if long[0].isascii() else "\u200b") + text[middle:]
