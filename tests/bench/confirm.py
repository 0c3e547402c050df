"""Scores the confirming fetch: the benchmark's variants of real pages as several fetches of one article, through the
real check path (store, extraction, `decide`, deliveries); only the network is faked.

    python -m tests.bench.confirm --bench FOLDER/bench/detect_bench.py [--limit 20] [--seed 2] [--processes 2]

noise   fetches A, B, C of one page, each with other noise: an alarm is a delivery that goes out after C
edit    fetches A (before), B and C (after): told is a delivery that goes out by C
both    as edit, with a block of another site in the middle that is another one at each fetch: told as edit; `clean` is
        the share of those whose alert does not speak of that block

Figures are means over kinds, as in the benchmark. A pair is also counted as `plain` when B alone made a version: what
would be told without a second look.
"""

import argparse
import asyncio
import importlib.util
import json
import logging
import random
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from monitor.check import Checker
from monitor.core import diff as differ
from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture, Outcome
from monitor.core.policy import ChannelPolicy, ChannelType, Policy
from monitor.extract import rule_for
from monitor.extract.read import read_page
from monitor.ports import Hints, Request
from monitor.store import DeliveryState, Store

HOOK = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://hook.example/")
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
INTERVAL, CONFIRM = timedelta(minutes=10), timedelta(seconds=30)
ROTATING = "n_real_mid"
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Fetches:
    """One story: what the three visits find, the words that came with the edit, those of the rotating block."""

    kind: str
    pages: tuple[str, str, str]
    new: str | None = None
    oddment: str | None = None


class Served:
    """The port Fetch: gives the page that is set, at the time that is set."""

    def __init__(self) -> None:
        self.body, self.now = b"", START

    async def fetch(self, request: Request) -> Capture:
        return Capture(
            url=request.url,
            final_url=request.url,
            outcome=Outcome.FETCHED,
            asked_at=self.now,
            captured_at=self.now,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=self.body,
        )


class Read:
    """The port Extract, in this process: what the workers run."""

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        return _read(capture.body, capture.final_url, capture.captured_at, hints)


@lru_cache(maxsize=4)
def _read(body: bytes, url: str, at: datetime, hints: Hints) -> Reading | SamePage:
    return read_page(body, url, content_type="text/html", captured_at=at, hints=hints)


async def _never(_: str) -> bool:
    return False


class Desk:
    """A store with a checker over it."""

    def __init__(self, store: Store) -> None:
        self.store, self.served = store, Served()
        policy = Policy(channels=(HOOK,))
        self.checker = Checker(
            store=store,
            fetch=self.served,
            extract=Read(),
            policy=policy,
            rule_for=lambda host: rule_for(host, ()),
            jitter=lambda: 0.5,
            once_more=_never,
        )

    async def plays(self, number: int, url: str, story: Fetches) -> dict[str, Any]:
        """Each story on a host of its own: one host that shows one text at many addresses would be doubted."""
        parts = urlsplit(url)
        host = f"k{number}.{parts.hostname}"
        article, _ = await self.store.add_article(f"https://{host}{parts.path}", host=host, now=START)
        seen = []
        for body, after in zip(story.pages, (timedelta(0), INTERVAL, INTERVAL + CONFIRM), strict=True):
            self.served.body, self.served.now = body.encode("utf-8", "replace"), START + after
            seen.append(await self.checker.check(article.id))
        due = [
            row
            for row in await self.store.deliveries()
            if row.article_id == article.id and row.event == "changed" and row.state is DeliveryState.PENDING
        ]
        told = " ".join([await self._words(row.change_id) for row in due if row.change_id])
        return {
            "kind": story.kind,
            "plain": seen[1].outcome in ("changed", "suspect"),
            "told": bool(due),
            "shown": bool(due) and (story.new is None or _norm(story.new) in told),
            "clean": not (story.oddment and _norm(story.oddment) in told),
            "outcomes": [checked.outcome for checked in seen],
        }

    async def _words(self, change_id: int) -> str:
        edits = await self.store.told(change_id) or await self.store.edits(change_id)
        return _norm(" ".join(edit.new for edit in differ.changed(edits)))


def _norm(text: str) -> str:
    return " ".join(_WORDS.findall(text.lower()))


# -- the stories


def stories(bench: Any, page: dict[str, Any], donor: Any, seed: int) -> Iterator[Fetches]:
    for kind, make in bench.NOISE.items():
        variants = [_variant(make, page, donor, f"{seed}/{page['id']}/{kind}{again}") for again in ("", "/2")]
        if all(variants) and variants[0][0] != variants[0][1]:
            yield Fetches(kind, (variants[0][0], variants[0][1], variants[1][1]))
    for kind, make in bench.EDITS.items():
        made = _variant(make, page, donor, f"{seed}/{page['id']}/{kind}")
        if not made:
            continue
        edited, old, new, words = made
        edited = bench.ld_sync(edited, old, new) if old else edited
        if edited == page["html"]:
            continue
        yield Fetches(kind, (page["html"], edited, edited), words)
        yield from _with_rotation(bench, page, donor, f"{seed}/{page['id']}/{kind}/both", edited, words)


def _with_rotation(
    bench: Any, page: dict[str, Any], donor: Any, seed: str, edited: str, words: str | None
) -> Iterator[Fetches]:
    after = {**page, "html": edited}
    if not bench.prepare(after):
        return
    noise = bench.NOISE[ROTATING]
    first, later = _variant(noise, page, donor, seed), _variant(noise, after, donor, seed + "/2")
    if first and later and later[0] != later[1]:
        oddments = [_inserted(bench, edited, html) for html in later]
        yield Fetches("both", (first[0], later[0], later[1]), words, oddments[0])


def _inserted(bench: Any, page: str, html: str) -> str | None:
    """The first words of the block that was spliced in."""
    start = next((at for at, (one, other) in enumerate(zip(page, html, strict=False)) if one != other), None)
    if start is None:
        return None
    words = str(bench.vis(html[html.rfind("<", 0, start + 1) : start + len(html) - len(page)])).split()
    return " ".join(words[:6]) if len(words) >= 4 else None


def _variant(make: Callable[..., Any], page: dict[str, Any], donor: Any, seed: str) -> Any:
    try:
        return make(page, random.Random(seed), donor)
    except (IndexError, AttributeError, ValueError):
        return None


# -- running


def load(path: Path) -> Any:
    """The benchmark as a module; a fresh one at each call, for it gathers its transplanted blocks in a global."""
    spec = importlib.util.spec_from_file_location("detect_bench", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["detect_bench"] = module
    spec.loader.exec_module(module)
    return module


def _pages(path: Path, options: argparse.Namespace) -> tuple[Any, list[dict[str, Any]], Any]:
    bench = load(path)
    pages, donor, _ = bench.prepared(options.pages, options.limit, options.seed)
    return bench, [page for page in pages if bench.prepare(page)], donor


def _share(job: tuple[argparse.Namespace, int]) -> list[dict[str, Any]]:
    options, part = job
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    bench, pages, donor = _pages(options.bench, options)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        asyncio.run(_closed(Store.open(f"sqlite:///{template}")))
        for page in pages[part :: options.processes]:
            file = Path(folder) / "store.db"
            shutil.copy(template, file)
            rows += asyncio.run(_played(file, page, list(_chosen(stories(bench, page, donor, options.seed), options))))
            file.unlink()
    return rows


def _chosen(found: Iterable[Fetches], options: argparse.Namespace) -> Iterator[Fetches]:
    kinds = set(filter(None, options.kinds.split(",")))
    return (story for story in found if not kinds or story.kind in kinds)


async def _closed(store: Store) -> None:
    await store.close()


async def _played(file: Path, page: dict[str, Any], told: list[Fetches]) -> list[dict[str, Any]]:
    store = Store.open(f"sqlite:///{file}")
    try:
        desk = Desk(store)
        return [
            {"page": page["id"], **await desk.plays(number, page["url"], story)} for number, story in enumerate(told)
        ]
    finally:
        await store.close()


def score(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over kinds; `real` are the transplanted blocks, `made` the hand-made noise."""
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)

    def mean(prefix: str, key: str, but: str = "-") -> float | None:
        shares = [
            sum(row[key] for row in found) / len(found)
            for kind, found in kinds.items()
            if kind.startswith(prefix) and not kind.startswith(but)
        ]
        return round(sum(shares) / len(shares), 4) if shares else None

    suspects = Counter(row["kind"][0] for row in rows if "suspect" in row["outcomes"])
    edits = sum(len(found) for kind, found in kinds.items() if kind[0] == "e")
    return {
        "stories": len(rows),
        "made": {"plain": mean("n_", "plain", "n_real"), "told": mean("n_", "told", "n_real")},
        "real": {"plain": mean("n_real", "plain"), "told": mean("n_real", "told")},
        "edits": {"told": mean("e_", "told"), "shown": mean("e_", "shown")},
        "both": {"told": mean("both", "told"), "shown": mean("both", "shown"), "clean": mean("both", "clean")},
        "edits_doubted": round(suspects["e"] / edits, 4) if edits else None,
        "kinds": {kind: round(sum(row["told"] for row in found) / len(found), 4) for kind, found in kinds.items()},
    }


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).resolve().parents[3] / "shared"
    parser.add_argument("--bench", type=Path, default=shared / "bench" / "detect_bench.py")
    parser.add_argument("--pages", default=str(shared / "corpus" / "pages.jsonl"))
    parser.add_argument("--limit", type=int, default=0, help="pages per source")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write a JSON line per story")
    return parser


Share = Callable[[tuple[argparse.Namespace, int]], list[dict[str, Any]]]
"""The rows of one process among several, by its number."""


def run(options: argparse.Namespace, share: Share = _share) -> list[dict[str, Any]]:
    jobs = [(options, part) for part in range(options.processes)]
    if options.processes == 1:
        return share(jobs[0])
    with Pool(options.processes) as pool:
        return [row for rows in pool.map(share, jobs) for row in rows]


def told(rows: list[dict[str, Any]], figures: dict[str, Any], out: Path | None) -> None:
    """Print the figures, and keep the rows where it is wished."""
    if out:
        out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print(json.dumps(figures, indent=1))


def main() -> None:
    options = arguments().parse_args()
    rows = run(options)
    told(rows, score(rows), options.out)


if __name__ == "__main__":
    main()
