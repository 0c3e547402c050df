"""144 real feeds and a shelf of hostile ones, read where nothing may be opened."""

import gzip
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.discover.document import BYTES_MAX
from monitor.discover.links import ENTRIES_MAX

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real feeds is not beside this checkout")


def read_under_the_ban(documents: dict[str, bytes]) -> dict[str, Any]:
    """What came of each, read in one process; the test fails where anything was opened or the process crashed."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.discover.banned"],
        input=pickle.dumps(list(documents.items())),
        capture_output=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    told = json.loads(ran.stdout)
    assert told["opened"] == []
    return dict(told["read"])


def entries_in(body: bytes) -> int:
    """How many entries a document holds, counted without a parser of feeds."""
    if body.startswith(b"\x1f\x8b"):
        return entries_in(gzip.decompress(body))
    if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        items = json.loads(body).get("items", [])
        return sum(isinstance(item, dict) for item in items)
    text = body.decode("utf-8", "replace")
    if re.search(r"<(?:\w+:)?urlset[\s>]", text):
        return len(re.findall(r"<(?:\w+:)?url[\s>]", text))
    return len(re.findall(r"<(?:\w+:)?(?:item|entry)(?=[\s>/])", text))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / "feeds.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def bodies(rows: list[dict[str, Any]]) -> dict[str, bytes]:
    return {row["file"]: (CORPUS / row["file"]).read_bytes() for row in rows}


@pytest.fixture(scope="module")
def read(bodies: dict[str, bytes]) -> dict[str, Any]:
    return read_under_the_ban(bodies)


@needs_corpus
def test_every_real_feed_is_read_whole_or_refused_with_a_reason(
    rows: list[dict[str, Any]], bodies: dict[str, bytes], read: dict[str, Any]
) -> None:
    assert len(rows) == len(read) == 144
    refused = {file: found["reason"] for file, found in read.items() if found["kind"] == "refused"}
    assert all(refused.values())
    assert all(b"<catalog" in bodies[file] for file in refused), refused
    whole = {file: found["listed"] for file, found in read.items() if found["kind"] in YIELDING}
    assert whole == {file: entries_in(bodies[file]) for file in whole}


@needs_corpus
def test_the_counts_are_those_of_the_corpus(
    rows: list[dict[str, Any]], bodies: dict[str, bytes], read: dict[str, Any]
) -> None:
    """The corpus counts item, entry and url elements: in RSS the `<url>` of the channel's picture is one of them.
    It counts none in JSON, nor in what it calls `other`."""
    wrong = []
    counted = [row for row in rows if row["kind"] in ("rss", "rdf", "atom", "sitemap")]
    for row in counted:
        found, body = read[row["file"]], bodies[row["file"]]
        pictures = len(re.findall(rb"<url\b", body)) if found["kind"] in ("rss", "rdf", "atom") else 0
        if found["kind"] != "sitemap-index" and found["listed"] + pictures != row["items"]:
            wrong.append((row["file"], row["items"], found["listed"], pictures))

    assert len(counted) == 116
    assert wrong == []


YIELDING = ("rss", "rdf", "atom", "json", "sitemap")
SECONDS_MAX = 10.0
"""A worker is given up after so long; most of these take a few milliseconds."""
TITLE_MAX = 1_000
SECRET = "the canary sings at midnight"


LONG, DEEP = 50_000, 200_000
OLD_AND_LONG = "<?xml version='1.0' encoding='{}'?><rss><channel><item><title>x</title><link>/a</link></item>"
PLAIN = "<rss><channel><item><title>x</title><link>/a</link></item></channel></rss>"

HOSTILE: dict[str, Callable[[str], str | bytes]] = {
    "a path": lambda canary: canary.removeprefix("file://"),
    "a file address": lambda canary: canary,
    "nested feed": lambda _: "<rss><channel>" + "<a>" * DEEP,
    "nested items": lambda _: "<rss><channel>" + "<item>" * DEEP,
    "nested atom": lambda _: "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry><content type='xhtml'><div>" * DEEP,
    "nested json": lambda _: '{"version":"https://jsonfeed.org/version/1","items":' + "[" * DEEP,
    "nested page": lambda _: "<html><body>" + "<div>" * DEEP,
    "nested lists": lambda _: "<html><body>" + "<ul><li>" * (DEEP // 2),
    "many attributes": lambda _: f"<rss {' '.join(f'a{n}=1' for n in range(LONG))}/>",
    "many namespaces": lambda _: "<rss " + " ".join(f"xmlns:a{n}='u:{n}'" for n in range(LONG)) + "/>",
    "huge attribute of a feed": lambda _: f"<rss a='{'x' * DEEP}'/>",
    "huge attribute of a sitemap": lambda _: f"<urlset a='{'x' * DEEP}'/>",
    "huge attribute of an item": lambda _: PLAIN.replace("<item>", f"<item a='{'x' * DEEP}'>"),
    "gzip bomb": lambda _: gzip.compress(b"<rss>" + b" " * (BYTES_MAX + 1)),
    "gzip in gzip": lambda _: gzip.compress(gzip.compress(b"<rss/>")),
    "cut gzip": lambda _: gzip.compress(PLAIN.encode() * 99)[:-20],
    "more bytes than any feed": lambda _: PLAIN + " " * BYTES_MAX,
    "no such encoding": lambda _: "<?xml version='1.0' encoding='nonsense-8'?><catalog/>",
    "wrong encoding": lambda _: "<?xml version='1.0' encoding='utf-16'?><catalog>\u0439</catalog>",
    "encoding of a codec that packs": lambda _: "<?xml version='1.0' encoding='zlib'?><catalog/>",
    "nothing but NULs": lambda _: bytes(LONG),
    "cut within the declaration": lambda _: "<?xml version='1.0' enc",
    "cut within the document type": lambda _: "<!DOCTYPE rss [<!ENTITY a 'x'>",
    "stylesheet": lambda canary: f"<?xml version='1.0'?><?xml-stylesheet href='{canary}'?><catalog/>",
    "xinclude": lambda canary: f"<x xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='{canary}'/></x>",
    "external subset": lambda canary: f"<!DOCTYPE urlset SYSTEM '{canary}'><urlset/>",
    "one entity many times": lambda _: (
        f"<!DOCTYPE r [<!ENTITY a '{'x' * 9_000}'>]>" + PLAIN.replace(">x<", f">{'&a;' * 9_000}<")
    ),
}
"""By what is done to the reader. Each is given the address of a file that must not be read."""

ROOTS = {
    "feed": "<rss><channel><item><title>&x;</title><link>/a</link></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>&x;</title><link href='/&x;'/></entry></feed>",
    "rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item><title>&x;</title></item></rdf:RDF>",
    "sitemap": "<urlset><url><loc>&x;</loc></url></urlset>",
    "index": "<sitemapindex><sitemap><loc>&x;</loc></sitemap></sitemapindex>",
    "opml": "<opml><body><outline xmlUrl='https://a.example/&x;'/></body></opml>",
}
TYPES: dict[str, Callable[[str], str]] = {
    "reads a file": lambda canary: f"<!DOCTYPE r [<!ENTITY x SYSTEM '{canary}'>]>",
    "reads a public file": lambda canary: f"<!DOCTYPE r [<!ENTITY x PUBLIC '-//x//y' '{canary}'>]>",
    "calls out": lambda _: "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]>",
    "laughs": lambda _: "<!DOCTYPE r [<!ENTITY a 'ha'>" + "<!ENTITY x '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>" * 9 + "]>",
    "laughs in parameters": lambda _: "<!DOCTYPE r [<!ENTITY % a 'ha'><!ENTITY % b '%a;%a;'><!ENTITY x '%b;'>]>",
    "behind a comment": lambda _: f"<!-- {'x' * 70_000} --><!DOCTYPE r [<!ENTITY x SYSTEM 'a'>]>",
}


def spoilt(root: str, kind: str, codec: str) -> Callable[[str], bytes]:
    return lambda canary: (TYPES[kind](canary) + ROOTS[root]).encode(codec)


HOSTILE |= {f"{root} {kind}": spoilt(root, kind, "utf-8") for root in ROOTS for kind in TYPES}
HOSTILE |= {f"{root} in utf-16": spoilt(root, "reads a file", "utf-16") for root in ROOTS}

BOUNDED: dict[str, tuple[str, int, Callable[[str], str | bytes]]] = {
    "endless items": ("rss", ENTRIES_MAX, lambda _: "<rss><channel>" + "<item><link>/a</link></item>" * DEEP),
    "endless entries": ("atom", ENTRIES_MAX, lambda _: "<feed>" + "<entry><link href='/a'/></entry>" * DEEP),
    "endless pages": ("sitemap", 10_000, lambda _: "<urlset>" + "<url><loc>/a</loc></url>" * 10_000 + "</urlset>"),
    "endless lines": ("urls", DEEP, lambda _: "https://a.example/\n" * DEEP),
    "nested opml": ("opml", 0, lambda _: "<opml><body>" + "<outline>" * (DEEP // 2)),
    "nested sitemap": ("sitemap", 256, lambda _: "<urlset>" + "<url>" * DEEP),
    "cut within an item": ("rss", 2, lambda _: PLAIN[:45] + "<item><title>cut"),
    "NULs before a feed": ("rss", 1, lambda _: bytes(99) + PLAIN.encode()),
    "cut within the first tag": ("rss", 0, lambda _: "<rss version='2.0"),
    "NULs in a feed": ("rss", 1, lambda _: PLAIN.replace("x", "\0\0")),
    "control characters": ("rss", 1, lambda _: PLAIN.replace("x", "\x01\x1b[31m\x9b")),
    "a lie about its encoding": ("rss", 1, lambda _: OLD_AND_LONG.format("utf-16").encode()),
    "bytes that are no text": (
        "rss",
        1,
        lambda _: OLD_AND_LONG.format("utf-8").encode().replace(b">x", b">\xff\xfe\xc0\x80"),
    ),
    "an unknown encoding": ("rss", 1, lambda _: OLD_AND_LONG.format("x-none").encode()),
    "a huge title": ("rss", 1, lambda _: PLAIN.replace("x", "x" * 3_000_000)),
    "entities that nobody declared": ("rss", 1, lambda _: PLAIN.replace(">x<", f">{'&x;' * LONG}<")),
}
"""What is no refusal is a kind, and at most so many entries."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of them, read one after another in a process that ends at the first file that is opened."""
    canary = tmp_path_factory.mktemp("cage") / "canary"
    canary.write_text(SECRET)
    made = {name: make(canary.as_uri()) for name, make in HOSTILE.items()}
    made |= {name: make(canary.as_uri()) for name, (_, _, make) in BOUNDED.items()}
    return read_under_the_ban({name: text if isinstance(text, bytes) else text.encode() for name, text in made.items()})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_with_a_reason(shelf: dict[str, Any], name: str) -> None:
    found = shelf[name]

    assert (found["kind"], found["words"]) == ("refused", [])
    assert found["reason"]
    assert found["seconds"] < SECONDS_MAX


@pytest.mark.parametrize("name", BOUNDED)
def test_a_document_that_never_ends_is_read_within_limits(shelf: dict[str, Any], name: str) -> None:
    kind, most, _ = BOUNDED[name]
    found = shelf[name]

    assert found["kind"] == kind
    assert found["listed"] <= most
    assert len(found["words"]) <= ENTRIES_MAX
    assert all(len(title or "") <= TITLE_MAX for _, title in found["words"])
    assert found["seconds"] < SECONDS_MAX


def test_no_hostile_document_gives_a_secret_away(shelf: dict[str, Any]) -> None:
    assert SECRET not in json.dumps(shelf)


def test_the_ban_bites(tmp_path: Path) -> None:
    """Without this, the tests above could pass by watching nothing."""
    script = (
        "import sys, tests.discover.banned as b; "
        "b.discover = lambda body, **_: open('/etc/hostname') if body == b'x' else None; b.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps([("x", b"x")]), capture_output=True, check=False
    )

    assert b"PermissionError" in ran.stderr
