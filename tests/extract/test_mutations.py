"""Pages broken in every way: each is read or refused, none crashes its reader or holds it past the limit."""

import gzip
import json
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time

import anyio
import pytest

from monitor.core.article import Reading
from monitor.core.wire import content_from_json, content_json
from monitor.errors import ExtractionFailed
from monitor.extract import WorkerExtract
from monitor.extract.read import read_page
from monitor.extract.worker import TIMEOUT
from tests.extract.pages import PARAGRAPHS, Story

from .mutations import MUTATIONS, OWN, mutated

URL = "https://skerry.example/2022/01/25/pier"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
LIGHT = 18
FULL = 20_000
GRACE = 5.0
"""Seconds past the limit that ending a stuck process may take on a loaded machine."""


def read_or_refused(page: bytes) -> Reading | str:
    try:
        reading = read_page(page, URL, content_type="text/html")
    except ExtractionFailed as failure:
        return failure.reason
    assert isinstance(reading, Reading)
    return reading


def travels(reading: Reading) -> None:
    """The Content goes out as JSON in UTF-8 and comes back as it went."""
    document = content_json(reading.content)
    sent = json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert content_json(content_from_json(json.loads(sent))) == document


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_broken_page_is_read_or_refused(kind: str) -> None:
    first = list(MUTATIONS).index(kind)
    for seed in range(first, first + LIGHT * len(MUTATIONS), len(MUTATIONS)):
        how, page = mutated(seed, size=3)
        reading = read_or_refused(page)

        assert reading == read_or_refused(page), (seed, how)
        if isinstance(reading, Reading):
            travels(reading)
        else:
            assert reading == "too_large", (seed, how)


@pytest.mark.parametrize("levels", [40, 600, 900, 980, 10_000])
@pytest.mark.parametrize("key", ["author", "headline", "datePublished", "mainEntity", "correction"])
def test_json_ld_of_any_depth_is_walked_or_left(key: str, levels: int) -> None:
    deep = '{"name": [' * (levels // 2) + '"x"' + "]}" * (levels // 2)
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "{key}": {deep}}}</script>'
    reading = read_or_refused(Story(head=script).bytes())

    assert isinstance(reading, Reading)
    assert reading.content.paragraphs == PARAGRAPHS


@pytest.mark.parametrize("filling", ["(", "“", "- ", "1", "x", "09:28 ", "a.b ", "“a” "])
def test_a_paragraph_as_long_as_a_book_takes_no_time(filling: str) -> None:
    long = f"<p>{filling * (60_000 // len(filling))}x</p>"
    began = process_time()
    for page in (Story(between=long).bytes(), f"<!doctype html>{long}".encode()):
        assert isinstance(read_or_refused(page), Reading)

    assert process_time() - began < 8


@pytest.mark.parametrize(
    "page",
    [
        Story(between="<p>e" + "\u0f71\u0f72\u0f74" * 40_000 + "</p>").bytes(),
        b"<!doctype html><title>x</title>" + b"<p>x</p>" * 6_000,
        b"<!doctype html><title>x</title>" + b"<h1>x</h1>" * 6_000,
    ],
    ids=["marks piled on a letter", "thousands of paragraphs and no text", "thousands of headings"],
)
def test_what_grows_with_the_square_is_bounded(page: bytes) -> None:
    began = process_time()
    assert isinstance(read_or_refused(page), Reading)

    assert process_time() - began < 8


def test_the_same_number_breaks_the_same_page_in_the_same_way() -> None:
    assert [mutated(seed) for seed in range(3)] == [mutated(seed) for seed in range(3)]


def sources() -> tuple[bytes, ...]:
    """Our own pages, and where the corpus is there, its own as every fifth."""
    if not CORPUS.exists():
        return OWN
    pages = [json.loads(line) for line in (CORPUS / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    real = tuple(gzip.decompress((CORPUS / page["html"]).read_bytes()) for page in pages)
    return (*real, *(OWN * (4 * len(real) // len(OWN))))


@pytest.mark.full
async def test_twenty_thousand_broken_pages_cost_no_crash_and_no_hang() -> None:
    extract = WorkerExtract(workers=2)
    pages = sources()
    ends: Counter[str] = Counter()
    bad: list[tuple[int, str, str]] = []
    numbers = iter(range(FULL))

    async def read() -> None:
        for seed in numbers:
            how, page = mutated(seed, pages)
            began = perf_counter()
            try:
                reading = await extract.read(page, URL, content_type="text/html")
            except ExtractionFailed as failure:
                end = failure.reason
            else:
                assert isinstance(reading, Reading)
                travels(reading)
                end = "read"
            if end == "crashed" or perf_counter() - began > TIMEOUT + GRACE:
                bad.append((seed, how, end))
            ends[end] += 1
            if end not in ("read", "too_large"):
                ends[f"{end}: {how.split(',')[0]}"] += 1

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        group.start_soon(read)

    print(f"\n{sum(ends[end] for end in ends if ':' not in end)} pages: {dict(ends.most_common())}")
    assert bad == []
