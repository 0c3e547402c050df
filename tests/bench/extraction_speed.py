"""What reading a page costs, beside what its parsers cost by themselves on the same page in the same run.

    python -m tests.bench.extraction_speed --pages FOLDER [--limit N] [--rounds N]

FOLDER holds pages as `*.html` or `*.html.gz`, at any depth; where a `pages.jsonl` stands in it, its lines
(`{"url": ..., "html": "path in FOLDER"}`) say which pages to take and where they came from. Each step is run `--rounds`
times on each page, and the fastest counts, in CPU milliseconds of this process. Milliseconds depend on the machine
and on what else it does; the ratios are what to compare:

    same        `read_page` on the very bytes that are remembered, or others that differ in scripts only
    unchanged   `read_page` on a page whose markup differs, and reads as it is remembered
    changed     `read_page` on a page that has to be read anew
    trafilatura its fast mode by itself, on the decoded page
    lexbor      one parse of the decoded page
"""

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser
from trafilatura import bare_extraction

from monitor.core.article import Reading
from monitor.core.text import decode
from monitor.errors import ExtractionFailed
from monitor.extract.read import read_page
from monitor.extract.sites import rule_for
from monitor.ports import Hints

STEPS = ("same", "unchanged", "changed", "trafilatura", "lexbor")


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    body: bytes


def main() -> None:
    asked = argparse.ArgumentParser(description="What reading a page costs, in CPU milliseconds and as ratios.")
    asked.add_argument("--pages", type=Path, required=True, help="folder of pages, see the docstring")
    asked.add_argument("--limit", type=int, help="take only so many pages, evenly spread")
    asked.add_argument("--rounds", type=int, default=3, help="runs of each step on each page (default 3)")
    given = asked.parse_args()
    pages = spread(list(pages_in(given.pages)), given.limit)
    print(report(measure([steps for page in pages if (steps := steps_of(page))], given.rounds)))


def pages_in(folder: Path) -> Iterator[Page]:
    index = folder / "pages.jsonl"
    if index.exists():
        for line in index.read_text(encoding="utf-8").splitlines():
            known = json.loads(line)
            yield Page(known["url"], read(folder / known["html"]))
    else:
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")]):
            yield Page(f"https://news.example/{path.name}", read(path))


def read(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def spread(pages: list[Page], limit: int | None) -> list[Page]:
    return pages if limit is None else pages[:: max(1, len(pages) // limit)][:limit]


Steps = dict[str, Callable[[], object]]


def steps_of(page: Page) -> Steps | None:
    """What is measured on one page; None where it is refused."""
    site = rule_for(urlsplit(page.url).hostname or "", ())
    try:
        reading = read_page(page.body, page.url, hints=Hints(site=site))
    except ExtractionFailed:
        return None
    assert isinstance(reading, Reading)
    text = decode(page.body).text
    same, other = Hints(site=site, page_digest=reading.page_digest), Hints(site=site, page_digest="another")
    marked = page.body + b"<!-- another visit -->"
    return {
        "same": lambda: read_page(page.body, page.url, hints=same),
        "unchanged": lambda: read_page(marked, page.url, hints=same),
        "changed": lambda: read_page(page.body, page.url, hints=other),
        "trafilatura": lambda: bare_extraction(
            text, fast=True, favor_recall=True, include_comments=False, with_metadata=False
        ),
        "lexbor": lambda: LexborHTMLParser(text),
    }


def measure(pages: list[Steps], rounds: int) -> list[dict[str, float]]:
    """The milliseconds of each step on each page. All pages in turn, so that nothing kept of a page helps its next
    round more than it would in a day's work."""
    costs = [dict.fromkeys(STEPS, inf) for _ in pages]
    for _ in range(rounds):
        for steps, cost in zip(pages, costs, strict=True):
            for name, step in steps.items():
                cost[name] = min(cost[name], milliseconds(step))
    return costs


def milliseconds(step: Callable[[], object]) -> float:
    before = time.process_time()
    step()
    return 1000 * (time.process_time() - before)


def report(measured: list[dict[str, float]]) -> str:
    lines = [f"{len(measured)} pages; CPU ms of a page, and the median of each page's ratio", ""]
    lines.append(f"{'':12}{'median':>8}{'mean':>8}{'p95':>8}{'/ trafilatura':>15}{'/ lexbor':>10}")
    for step in STEPS:
        costs = sorted(page[step] for page in measured)
        late = costs[int(0.95 * (len(costs) - 1))]
        to_trafilatura, to_lexbor = (
            statistics.median(page[step] / page[whole] for page in measured) for whole in ("trafilatura", "lexbor")
        )
        lines.append(
            f"{step:12}{statistics.median(costs):8.2f}{statistics.mean(costs):8.2f}{late:8.2f}"
            f"{to_trafilatura:15.2f}{to_lexbor:10.1f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
