"""Scores what is learned of a host's blocks: real boxes of other sites, set among paragraphs of real pages, come and
go from one fetch to the next, through the real check path (store, extraction, `decide`, deliveries); only the network
is faked.

    python -m tests.bench.rotation --bench FOLDER/bench/detect_bench.py [--limit 20] [--seed 2] [--processes 2]

six     six fetches of one article, by the kinds n_real_* of the benchmark and by what is shown at each fetch: `slot`,
        another box at one place; `strewn`, another one elsewhere; `pool`, one of three or none; `pairs`, each twice;
        `blinks`, one that comes and goes. `told` is the share of those of which an alert went out, `each` of fetches
edits   the kinds e_* of the benchmark, one after the other in an article whose host has shown such boxes for ten
        fetches, with a box at each fetch: `masked` counts those that are told without that past and not with it
"""

import argparse
import asyncio
import logging
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from monitor.store import DeliveryState, Store
from tests.bench import confirm
from tests.bench.confirm import CONFIRM, INTERVAL, START, Desk

KINDS = ("n_real_mid", "n_real_mid_new", "n_real_end")
FETCHES = 6
PAST = 10
"""So many fetches show a host's boxes before the first edit."""
LOOKS = 4
"""An edit stands for so many fetches: where a box comes beside it, the second look may leave it to the third."""

Page = dict[str, Any]


# -- the pages


def shows(bench: Any, page: Page, kind: str, seed: str, count: int, *, strewn: bool = False) -> list[str] | None:
    """The page with `count` boxes, one at each fetch; None where there are not so many."""
    dice = random.Random(f"{seed}/{page['id']}/{kind}")
    where = "end" if kind == "n_real_end" else "mid"
    try:
        boxes = bench._real(page, dice, where, count)
        places = [bench.tail(page) if where == "end" else bench.mid(page, dice) for _ in boxes]
    except (IndexError, ValueError):
        return None
    return [
        bench.ins(page, (place if strewn else places[0], box["html"])) for place, box in zip(places, boxes, strict=True)
    ]


def six(bench: Any, page: Page, seed: str) -> Iterator[tuple[str, list[str]]]:
    """The stories of six fetches, by name."""
    for kind in KINDS:
        at_one, strewn = (shows(bench, page, kind, seed, FETCHES, strewn=each) for each in (False, True))
        if at_one is None or strewn is None:
            continue
        bare, dice = page["html"], random.Random(f"{seed}/{page['id']}/{kind}/pool")
        if kind == "n_real_mid_new":
            at_one[0] = strewn[0] = bare
        pool = [bare, *at_one[1:4]]
        yield f"{kind} slot", at_one
        yield f"{kind} strewn", strewn
        yield f"{kind} pool", [dice.choice(pool) for _ in range(FETCHES)]
        yield f"{kind} pairs", [at_one[at // 2] for at in range(FETCHES)]
        yield f"{kind} blinks", [(bare, at_one[1])[at % 2] for at in range(FETCHES)]


def edits(bench: Any, page: Page, donor: Any, seed: str) -> Iterator[tuple[str, Page]]:
    """The page after each kind of edit."""
    for kind, make in bench.EDITS.items():
        try:
            made = make(page, random.Random(f"{seed}/{page['id']}/{kind}"), donor)
        except (IndexError, AttributeError, ValueError):
            continue
        if made and made[0] != page["html"]:
            after = {**page, "html": bench.ld_sync(made[0], made[1], made[2]) if made[1] else made[0]}
            if bench.prepare(after):
                yield kind, after


# -- what is told


@dataclass(slots=True)
class Watched:
    """One article, fetched again and again."""

    desk: Desk
    article_id: int
    now: Any = START

    @classmethod
    async def at(cls, desk: Desk, url: str, number: int) -> "Watched":
        parts = urlsplit(url)
        host = f"k{number}.{parts.hostname}"
        article, _ = await desk.store.add_article(f"https://{host}{parts.path}", host=host, now=START)
        return cls(desk, article.id)

    async def shows(self, html: str) -> bool:
        """One fetch; whether a second look is to follow."""
        self.desk.served.body, self.desk.served.now = html.encode("utf-8", "replace"), self.now
        checked = await self.desk.checker.check(self.article_id)
        self.now += CONFIRM if checked.look_again else INTERVAL
        return checked.look_again

    async def told(self) -> int:
        """How many alerts of changes are out."""
        rows = await self.desk.store.deliveries()
        mine = (row for row in rows if row.article_id == self.article_id and row.event == "changed")
        return sum(row.state is DeliveryState.PENDING for row in mine)


async def _plays_six(desk: Desk, bench: Any, page: Page, _: Any, seed: str) -> list[dict[str, Any]]:
    rows = []
    for number, (kind, pages) in enumerate(six(bench, page, seed)):
        watched = await Watched.at(desk, page["url"], number)
        for html in pages:
            await watched.shows(html)
        rows.append({"page": page["id"], "kind": kind, "told": await watched.told()})
    return rows


async def _plays_edits(desk: Desk, bench: Any, page: Page, donor: Any, seed: str) -> list[dict[str, Any]]:
    """Each edit in an article with a past and in one without, on hosts of their own."""
    boxes = shows(bench, page, "n_real_mid", f"{seed}/past", PAST)
    if boxes is None:
        return []
    lived = await Watched.at(desk, page["url"], 0)
    for html in (*boxes, page["html"], page["html"]):
        await lived.shows(html)
    rows = []
    for number, (kind, after) in enumerate(edits(bench, page, donor, seed), start=1):
        dice = random.Random(f"{seed}/{page['id']}/{kind}/box")
        new = await Watched.at(desk, page["url"], number)
        await new.shows(page["html"])
        told = []
        for watched in (new, lived):
            before = await watched.told()
            for _ in range(LOOKS):
                await watched.shows(_boxed(bench, after, dice) if watched is lived else after["html"])
                if await watched.told() > before:
                    break
            told.append(await watched.told() > before)
        rows.append({"page": page["id"], "kind": kind, "plain": told[0], "told": told[1]})
        for _ in range(3):
            await lived.shows(page["html"])
    return rows


def _boxed(bench: Any, page: Page, dice: random.Random) -> str:
    try:
        return str(bench.ins(page, (bench.mid(page, dice), bench._real(page, dice, "mid", 1)[0]["html"])))
    except (IndexError, ValueError):
        return str(page["html"])


# -- running


def _share(job: tuple[argparse.Namespace, int]) -> list[dict[str, Any]]:
    options, part = job
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    bench, pages, donor = confirm._pages(options.bench, options)
    plays = [_plays_six, _plays_edits] if options.what == "all" else [globals()[f"_plays_{options.what}"]]
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        asyncio.run(confirm._closed(Store.open(f"sqlite:///{template}")))
        for page in pages[part :: options.processes]:
            for play in plays:
                file = Path(folder) / "store.db"
                shutil.copy(template, file)
                rows += asyncio.run(_played(file, play, bench, page, donor, str(options.seed)))
                file.unlink()
    return rows


async def _played(file: Path, play: Callable[..., Any], *about: Any) -> list[dict[str, Any]]:
    store = Store.open(f"sqlite:///{file}")
    try:
        found: list[dict[str, Any]] = await play(Desk(store), *about)
        return found
    finally:
        await store.close()


def score(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`told` and `each` are means over the kinds n_real_*, by what is shown at each fetch."""
    stories: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["kind"].startswith("n_"):
            kind, shown = row["kind"].split()
            stories[shown][kind].append(row["told"])
    edited = [row for row in rows if row["kind"].startswith("e_")]
    return {
        "six": {
            shown: {
                "stories": sum(map(len, kinds.values())),
                "told": _mean([sum(told > 0 for told in found) / len(found) for found in kinds.values()]),
                "each": _mean([sum(found) / len(found) / (FETCHES - 1) for found in kinds.values()]),
            }
            for shown, kinds in stories.items()
        },
        "edits": {
            "edits": len(edited),
            "told without a past": sum(row["plain"] for row in edited),
            "told with it": sum(row["told"] for row in edited),
            "masked": sum(row["plain"] and not row["told"] for row in edited),
        },
    }


def _mean(shares: Sequence[float]) -> float:
    return round(sum(shares) / len(shares), 4)


def arguments() -> argparse.ArgumentParser:
    parser = confirm.arguments()
    parser.description = __doc__
    parser.add_argument("--what", choices=("six", "edits", "all"), default="all")
    return parser


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    return confirm.run(options, _share)


def main() -> None:
    options = arguments().parse_args()
    rows = run(options)
    confirm.told(rows, score(rows), options.out)


if __name__ == "__main__":
    main()
