"""Whatever a page says, it stays words: in every rendering, from the headline to the address."""

import asyncio
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import cast

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.alerts.email import EmailChannel, compose_email
from monitor.alerts.messages import compose
from monitor.core.article import Content
from monitor.core.diff import Edit, diff
from monitor.core.facts import facts
from monitor.core.text import header, printable
from monitor.ports import Message
from monitor.render import (
    edits_json,
    email_html,
    email_text,
    fact_lines,
    inline,
    side_by_side,
    unified,
)
from monitor.render.columns import width
from monitor.render.fragment import html_fragment
from monitor.store import Store
from tests.alerts.mailroom import Mailbox, mailroom
from tests.alerts.shelf import NINE, Shelf, batch, stamp
from tests.render.articles import FILLER, FIRE, MAYOR, OWNER, article
from tests.render.hostile import HOSTILE
from tests.render.paging import pages_of

CALM = ["https://news.example/calm", "c", "de", "a quiet word", "zwölf Wörter", "كلمة هادئة", "安静", f"{FIRE} {OWNER}"]


def versions(text: str) -> tuple[Content, Content]:
    """The text in every field, where it is kept, added, removed, reworded, split and moved."""
    old = article(
        text, f"{FIRE} {text}", *FILLER, f"{MAYOR} {text} 12", OWNER, f"{text} gone", f"{OWNER} {text} {FIRE}",
        headline=f"{text} before", byline=("Jane Doe",), captions=(f"Before {text}",),
    )  # fmt: skip
    new = article(
        text, OWNER, f"{FIRE} {text} more", *FILLER, f"{MAYOR} {text} 17", f"{text} came", f"{OWNER} {text}", FIRE,
        headline=text, byline=("Jane Doe", text), captions=(text,), corrections=(text, f"Correction: {text}"),
    )  # fmt: skip
    return old, new


@cache
def edits_of(text: str) -> tuple[Edit, ...]:
    return diff(*versions(text))


@cache
def alert(text: str) -> Message:
    """The alert as it is sent, the text in its tags, its address and the publisher's words as well."""
    shelf = Shelf(headline=text, url=f"https://news.example/{text}")
    claims = tuple(replace(claim, raw=text) for claim in stamp(9, 5))
    for content in versions(text):
        shelf.publish(replace(content, claims=claims, language=text, method="t", extractor="1"))
    row = shelf.row(2, tags=(text, "calm"), rule=text, headline=text)
    return asyncio.run(compose(cast(Store, shelf), batch(row)))


@cache
def pages(text: str) -> dict[str, str]:
    return pages_of(text, *versions(text))


View = Callable[[str], str]


def terminal(view: Callable[..., str], columns: int, colour: bool) -> View:
    return lambda text: view(edits_of(text), colour=colour, width=columns)


TERMINAL = {
    f"{view.__name__}, {columns} columns, {'colour' if colour else 'plain'}": terminal(view, columns, colour)
    for view in (inline, side_by_side, unified)
    for columns, colour in ((40, True), (80, False))
}
TEXT: dict[str, View] = {
    "mail text": lambda text: email_text(edits_of(text)),
    "alert text": lambda text: alert(text).text,
    "facts": lambda text: "\n".join(fact_lines(facts(edits_of(text)))),
}
HTML: dict[str, View] = {
    "mail html": lambda text: email_html(edits_of(text)),
    "alert html": lambda text: alert(text).html,
    "fragment": lambda text: html_fragment(edits_of(text)),
    "history page": lambda text: pages(text)["history"],
    "diff page": lambda text: pages(text)["diff"],
    "version page": lambda text: pages(text)["version"],
}


@cache
def output(view: str, text: str) -> str:
    return (TERMINAL | TEXT | HTML)[view](text)


def test_there_are_enough_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 200


# HTML: no element, attribute or style that harmless words do not bring


ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "img",
    "link",
    "base",
    "video",
    "audio",
    "math",
}


@cache
def structure(view: str, text: str) -> frozenset[tuple[str, str]]:
    return frozenset(parts(output(view, text)))


def parts(html: str) -> Iterator[tuple[str, str]]:
    """Each element with each of its attributes, as a browser's parser finds them; of a style, its words."""
    root = LexborHTMLParser(html).root
    assert root is not None
    for node in root.traverse(include_text=False):
        tag = node.tag or ""
        yield tag, ""
        for name, value in node.attributes.items():
            yield tag, f"{name}={value}" if name in ("style", "class", "dir", "http-equiv") else name


@pytest.mark.parametrize("view", HTML)
def test_in_html_there_is_no_part_that_harmless_words_do_not_bring(view: str) -> None:
    ours = frozenset[tuple[str, str]]().union(*(structure(view, text) for text in CALM))

    assert not ACTIVE & {tag for tag, _ in ours}
    assert not any(attribute.startswith(("on", "src", "action")) for _, attribute in ours)
    for text in HOSTILE:
        assert structure(view, text) <= ours, text


@pytest.mark.parametrize("view", HTML)
def test_in_html_there_are_no_comments_and_no_declarations_but_our_own(view: str) -> None:
    for text in HOSTILE:
        assert not re.search(r"<[!?](?!doctype html>)", output(view, text)), text


def test_what_was_written_can_be_read() -> None:
    for text in HOSTILE[:60]:
        read = LexborHTMLParser(email_html(diff(article(), article(text)))).body
        assert read is not None
        assert " ".join(printable(text).split()) in " ".join(read.text().split())


def test_the_only_link_is_the_address_of_the_article() -> None:
    for text in HOSTILE:
        for node in LexborHTMLParser(alert(text).html).css("[href]"):
            assert node.attributes["href"] == f"https://news.example/{text}"


# Terminals: no escape but our own colours, no control character, no bidirectional control


SGR = re.compile(r"\x1b\[[0-9;]*m")
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def controls(text: str) -> list[str]:
    return [c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or c in BIDI)]


@pytest.mark.parametrize("view", TERMINAL)
def test_a_terminal_gets_no_escape_but_our_own_colours(view: str) -> None:
    ours = {code for text in CALM for code in SGR.findall(output(view, text))}
    for text in HOSTILE:
        assert set(SGR.findall(output(view, text))) <= ours, text
        assert not controls(SGR.sub("", output(view, text))), text


@pytest.mark.parametrize("view", [view for view in TERMINAL if "unified" not in view])
def test_a_terminal_gets_no_line_that_is_too_wide(view: str) -> None:
    columns = int(view.split(", ")[1].split()[0])
    for text in HOSTILE:
        for line in SGR.sub("", output(view, text)).splitlines():
            assert width(line) <= columns, text


@pytest.mark.parametrize("view", [*TEXT, *HTML])
def test_text_and_html_hold_no_control_characters(view: str) -> None:
    for text in HOSTILE:
        assert not controls(output(view, text)), text


def test_every_line_of_a_unified_diff_has_a_sign() -> None:
    for text in HOSTILE:
        found = output("unified, 80 columns, plain", text)
        assert re.fullmatch(r"(?:(?:--- old/|\+\+\+ new/|@@ -[\d,]+ \+[\d,]+ @@|[-+ ]).*\n)*", found), text


# Mail: headers, lines, and a real conversation


FIELDS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "List-Id",
    "MIME-Version", "Content-Type",
]  # fmt: skip


def test_a_header_is_one_line_of_our_own() -> None:
    for text in HOSTILE:
        letter = compose_email(alert(text), "Desk <desk@news.example>", ("one@news.example",), NINE)
        head = bytes(letter).split(b"\r\n\r\n")[0]

        assert letter.keys() == FIELDS, text
        assert not re.search("[\r\n]", letter["Subject"])
        assert not controls(header(alert(text).subject)), text
        assert all(re.match(rb"[A-Za-z-]+:|[ \t]", line) for line in head.split(b"\r\n")), text


def test_no_line_of_a_letter_is_longer_than_mail_allows() -> None:
    for text in HOSTILE:
        letter = compose_email(alert(text), "desk@news.example", ("one@news.example",), NINE)
        assert max(map(len, bytes(letter).split(b"\r\n"))) <= 998, text
        assert max(len(line.encode()) for line in alert(text).text.splitlines()) <= 998, text


def test_only_our_own_line_opens_the_signature() -> None:
    for text in HOSTILE:
        assert alert(text).text.split("\n").count("-- ") == 1, text


async def test_each_letter_arrives_once_and_as_it_was_meant() -> None:
    mailbox, messages = Mailbox(), [await asyncio.to_thread(alert, text) for text in HOSTILE]
    async with mailroom(mailbox) as postman:
        channel = EmailChannel(postman.server, ("one@news.example", "two@news.example"))
        for message in messages:
            await channel.send(message, NINE)

    assert mailbox.recipients == [["one@news.example", "two@news.example"]] * len(HOSTILE)
    for text, message, letter in zip(HOSTILE, messages, mailbox.letters, strict=True):
        assert sorted(set(letter.keys()) & {*FIELDS, "Bcc", "Cc"}) == sorted(FIELDS), text
        assert letter["To"] == "one@news.example, two@news.example"
        assert " ".join(letter["Subject"].split()) == " ".join(header(message.subject).split()), text
        assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
        for part, sent in (("plain", message.text), ("html", message.html)):
            body = letter.get_body((part,))
            assert body is not None
            assert body.get_content().replace("\r\n", "\n") == sent, text


# JSON


def test_json_is_read_back_as_it_was_meant() -> None:
    for text in HOSTILE:
        body = alert(text).body
        assert len(body.encode()) < 20_000, text
        assert not re.search("[\x00-\x1f\ud800-\udfff]", body), text
        document = json.loads(body)
        assert document["type"] == "article.changed"
        assert set(document) == {"type", "timestamp", "data"}
        assert set(document["data"]) == {"article", "change", "publisher"}
        edits = document["data"]["change"]["edits"]
        assert edits[0]["field"] == "headline"
        assert edits[0].get("excerpt") or edits[0]["new"] == text.encode("utf-8", "replace").decode(), text


def test_edits_as_json_are_exact() -> None:
    for text in HOSTILE:
        edits, _ = edits_json(edits_of(text))
        assert edits[0]["new"] == text
        assert json.loads(json.dumps(edits)) == edits
