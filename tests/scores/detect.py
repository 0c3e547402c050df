"""The benchmark of change detection in this process: its pairs of real pages, read as the program's workers read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from pathlib import Path
from typing import Any

from monitor.core.article import Content, Reading
from monitor.errors import ExtractionFailed
from monitor.extract.read import read_page
from tests.bench.confirm import load

SHARED = Path(__file__).resolve().parents[3] / "shared"
BENCH = SHARED / "bench" / "detect_bench.py"
PAGES = SHARED / "corpus" / "pages.jsonl"

BLOW_UP_WORDS, BLOW_UP_SHARE = 160, 0.3
"""As the benchmark has it: an edit that moves more words than this, and more of the text than this share, blows up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one pair. `shown`: the text differs and holds the new words."""

    page: str
    kind: str
    changed: bool
    shown: bool = False
    blown_up: bool = False

    @property
    def place(self) -> str:
        return f"{self.page} {self.kind}"


def text_of(content: Content) -> str:
    """All that is compared, as the benchmark counts it."""
    lines = (content.headline, content.standfirst, *content.paragraphs, *content.captions, *content.corrections)
    return " ".join(" ".join(filter(None, lines)).split())


@dataclass(frozen=True, slots=True)
class _Told:
    """What is compared of a page, and the digest by which a page that reads the same is passed over."""

    text: str = ""
    digest: str = ""


@lru_cache(maxsize=2)
def _read(html: str, url: str) -> _Told:
    """Empty where the page is refused, as the benchmark counts it."""
    try:
        reading = read_page(html.encode("utf-8", "replace"), url)
    except ExtractionFailed:
        return _Told()
    assert isinstance(reading, Reading)
    return _Told(text_of(reading.content), reading.page_digest)


def run(*, limit: int, seed: int = 1) -> tuple[Any, list[Seen]]:
    """The benchmark and what became of its pairs on `limit` pages of each source (0: all)."""
    bench = load(BENCH)
    pages, donor, _ = bench.prepared(str(PAGES), limit, seed)
    return bench, [seen for page in pages for seen in _on_page(bench, page, donor, seed)]


def _on_page(bench: Any, page: dict[str, Any], donor: Any, seed: int) -> Iterator[Seen]:
    told = _read(page["html"], page["url"])
    if not told.text:
        yield Seen(page["id"], "empty", changed=True)
    for kind, before, after, new in bench.pairs(page, donor, seed):
        old = told if before is page["html"] else _read(before, page["url"])
        yield _seen(bench, page["id"], kind, old, _read(after, page["url"]), new)


def _seen(bench: Any, page: str, kind: str, old: _Told, told: _Told, new: str | None) -> Seen:
    if old.text == told.text:
        return Seen(page, kind, changed=False)
    words = bench.WRD.findall
    shown = old.digest != told.digest and (new is None or " ".join(words(new)) in " ".join(words(told.text)))
    before, after = Counter(old.text.split()), Counter(told.text.split())
    moved = sum(((before - after) + (after - before)).values())
    return Seen(page, kind, True, shown, moved > max(BLOW_UP_WORDS, BLOW_UP_SHARE * before.total()))


def figures(bench: Any, rows: Iterable[Seen]) -> tuple[dict[str, float], dict[str, list[str]]]:
    """The benchmark's figures (means over kinds), and the rows that pulled each of them down."""
    kinds: dict[str, list[Seen]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    made = [kind for kind in bench.NOISE if not kind.startswith("n_real")]
    real = [kind for kind in bench.NOISE if kind.startswith("n_real")]
    sunk: dict[str, Callable[[Seen], bool]] = {
        "shown_core": lambda row: not row.shown,
        "shown_all": lambda row: not row.shown,
        "blow_ups": lambda row: row.blown_up,
        "made": lambda row: row.changed,
        "real": lambda row: row.changed,
    }
    among = {"shown_core": bench.CORE, "shown_all": list(bench.EDITS), "blow_ups": list(bench.EDITS)} | {
        "made": made,
        "real": real,
    }
    shares = {name: _mean([_share(kinds[kind], sunk[name]) for kind in among[name] if kinds[kind]]) for name in among}
    found = {name: 1 - share if name.startswith("shown") else share for name, share in shares.items()}
    places = {name: [row.place for kind in among[name] for row in kinds[kind] if sunk[name](row)] for name in among}
    return found, places


def _share(rows: Sequence[Seen], test: Callable[[Seen], bool]) -> float:
    return sum(map(test, rows)) / len(rows)


def _mean(shares: Sequence[float]) -> float:
    """Of nothing it is no number, which no floor holds."""
    return sum(shares) / len(shares) if shares else nan
