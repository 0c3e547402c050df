"""144 real feeds and a shelf of hostile ones, read where nothing may be opened."""

import gzip
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.discover.document import BYTES_MAX

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


@needs_corpus
def test_every_real_feed_is_read_whole_or_refused_with_a_reason() -> None:
    rows = [json.loads(line) for line in (CORPUS / "feeds.jsonl").read_text().splitlines()]
    bodies = {row["file"]: (CORPUS / row["file"]).read_bytes() for row in rows}

    read = read_under_the_ban(bodies)

    assert len(rows) == len(read) == 144
    refused = {file: found["reason"] for file, found in read.items() if found["kind"] == "refused"}
    assert all(refused.values())
    assert all(b"<catalog" in bodies[file] for file in refused), refused
    whole = {file: found["listed"] for file, found in read.items() if found["kind"] in YIELDING}
    assert whole == {file: entries_in(bodies[file]) for file in whole}


@needs_corpus
def test_the_counts_are_those_of_the_corpus() -> None:
    """The corpus counts item, entry and url elements: in RSS the `<url>` of the channel's picture is one of them.
    It counts none in JSON, nor in what it calls `other`."""
    wrong = []
    rows = [json.loads(line) for line in (CORPUS / "feeds.jsonl").read_text().splitlines()]
    counted = [row for row in rows if row["kind"] in ("rss", "rdf", "atom", "sitemap")]
    bodies = {row["file"]: (CORPUS / row["file"]).read_bytes() for row in counted}
    read = read_under_the_ban(bodies)
    for row in counted:
        found, body = read[row["file"]], bodies[row["file"]]
        pictures = len(re.findall(rb"<url\b", body)) if found["kind"] in ("rss", "rdf", "atom") else 0
        if found["kind"] != "sitemap-index" and found["listed"] + pictures != row["items"]:
            wrong.append((row["file"], row["items"], found["listed"], pictures))

    assert len(counted) == 116
    assert wrong == []


YIELDING = ("rss", "rdf", "atom", "json", "sitemap")
SECRET = "the canary sings at midnight"


def hostile(canary: Path) -> dict[str, bytes]:
    """Documents that are built to read a file, to call out, or to keep their reader busy."""
    item = "<item><title>&x;</title><link>/a</link></item>"
    made: dict[str, str | bytes] = {
        "a path": str(canary),
        "a file address": canary.as_uri(),
        "nested opml": "<opml><body>" + "<outline>" * 100_000,
        "nested feed": "<rss><channel>" + "<a>" * 200_000,
        "nested sitemap": "<urlset>" + "<url>" * 200_000,
        "nested json": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 200_000,
        "nested page": "<html><body>" + "<div>" * 200_000,
        "nested lists": "<html><body>" + "<ul><li>" * 100_000,
        "many attributes": f"<rss {' '.join(f'a{n}=1' for n in range(50_000))}/>",
        "long attribute": f"<urlset a='{'x' * 200_000}'/>",
        "gzip bomb": gzip.compress(b"<rss>" + b" " * (BYTES_MAX + 1)),
        "gzip in gzip": gzip.compress(gzip.compress(b"<rss/>")),
        "cut gzip": gzip.compress(b"<rss><channel/></rss>" * 99)[:-20],
        "no such encoding": "<?xml version='1.0' encoding='nonsense-8'?><catalog/>",
        "wrong encoding": "<?xml version='1.0' encoding='utf-16'?><catalog>\u0439</catalog>",
        "encoding of a codec that packs": "<?xml version='1.0' encoding='zlib'?><catalog/>",
        "stylesheet": f"<?xml version='1.0'?><?xml-stylesheet href='{canary.as_uri()}'?><catalog/>",
        "xinclude": f"<x xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='{canary.as_uri()}'/></x>",
        "external subset": f"<!DOCTYPE urlset SYSTEM '{canary.as_uri()}'><urlset/>",
    }
    for name, root in (
        ("feed", f"<rss><channel>{item}</channel></rss>"),
        ("sitemap", "<urlset><url><loc>&x;</loc></url></urlset>"),
        ("index", "<sitemapindex><sitemap><loc>&x;</loc></sitemap></sitemapindex>"),
        ("opml", "<opml><body><outline xmlUrl='https://a.example/&x;'/></body></opml>"),
    ):
        made[f"{name} reads a file"] = f"<!DOCTYPE r [<!ENTITY x SYSTEM '{canary.as_uri()}'>]>{root}"
        made[f"{name} calls out"] = f"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]>{root}"
        made[f"{name} laughs"] = "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY x '&a;&a;&a;'>]>" + root
        made[f"{name} in utf-16"] = f"<!DOCTYPE r [<!ENTITY x SYSTEM '{canary.as_uri()}'>]>{root}".encode("utf-16")
        made[f"{name} behind a comment"] = f"<!-- {'x' * 70_000} --><!DOCTYPE r [<!ENTITY x SYSTEM 'a'>]>{root}"
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in made.items()}


def test_hostile_documents_are_refused_and_open_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text(SECRET)

    read = read_under_the_ban(hostile(canary))

    assert {name: found["kind"] for name, found in read.items() if found["kind"] != "refused"} == {
        "nested opml": "opml",
        "nested sitemap": "sitemap",
    }
    assert all(found["reason"] for found in read.values() if found["kind"] == "refused")
    assert not any(found["words"] for found in read.values())
    assert SECRET not in json.dumps(read)


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
