"""The gates on real pages: the benchmarks that lie beside the checkout, with floors."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.bench import confirm, rotation
from tests.scores import detect
from tests.scores.conftest import Judge
from tests.scores.floors import Verdict

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = detect.SHARED / "bench" / "claims_bench.py"

pytestmark = [
    pytest.mark.skipif(
        not (detect.PAGES.exists() and detect.BENCH.exists() and CLAIMS.exists()),
        reason="no corpus and benchmarks beside the checkout",
    ),
    # The benchmark leaves the closing of its files to the collector.
    pytest.mark.filterwarnings("ignore:unclosed file .*corpus:ResourceWarning"),
]


# -- what counts as a change


def test_edits_of_real_pages_are_shown_and_their_noise_is_not(judge: Judge) -> None:
    judge(Verdict("corpus", *detect.figures(*detect.run(limit=20))))


@pytest.mark.full
def test_edits_of_all_real_pages_are_shown_and_their_noise_is_not(judge: Judge) -> None:
    judge(Verdict("corpus, all pages", *detect.figures(*detect.run(limit=0))))


# -- the publisher's clock


def test_clocks_markers_headlines_and_bodies_of_real_pages_are_read(judge: Judge) -> None:
    monitor = f"{sys.executable} -m monitor extract --jsonl"
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, str(CLAIMS), "--monitor", monitor, "--show"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    figures = {name: _ratio(value) for name, value in told.items() if name != "body"}
    missed = [line.split(" {")[0].split(" ", 1) for line in done.stderr.splitlines() if re.match(r"\w+ \w+ ", line)]
    rows = {name: [place for kind, place in missed if kind == name] for name in figures}
    judge(Verdict("claims", {**figures, "body_f1": told["body"]["f1"]}, rows))


def _ratio(value: str) -> float:
    right, of = map(int, value.split("/"))
    return right / of


# -- the second look


@pytest.fixture
def quiet_log() -> Iterator[None]:
    """The scoring program sets up a log of its own."""
    former = structlog.get_config()
    yield
    structlog.configure(**former)


@pytest.mark.usefixtures("quiet_log")
def test_a_second_look_tells_edits_and_keeps_noise_back(judge: Judge) -> None:
    judge(_confirmed("confirming", limit=2, processes=1))


@pytest.mark.full
@pytest.mark.usefixtures("quiet_log")
def test_a_second_look_tells_edits_of_all_pages_and_keeps_noise_back(judge: Judge) -> None:
    judge(_confirmed("confirming, all pages", limit=0, processes=2))


def _confirmed(gate: str, *, limit: int, processes: int) -> Verdict:
    options = confirm.arguments().parse_args([f"--limit={limit}", f"--processes={processes}"])
    rows = confirm.run(options)
    score = confirm.score(rows)
    edits = [row for row in rows if row["kind"].startswith("e_")]
    told = [row for row in rows if row["kind"].startswith("n_") and row["told"]]
    # Seen at the first look, and still not told after the second.
    held = [row for row in edits if row["plain"] and not row["told"]]
    figures = {
        "made told": score["made"]["told"],
        "real told": score["real"]["told"],
        "edits told": score["edits"]["told"],
        "edits held back": len(held) / len(edits),
        "both told": score["both"]["told"],
    }
    sunk = {
        "made told": [row for row in told if not row["kind"].startswith("n_real")],
        "real told": [row for row in told if row["kind"].startswith("n_real")],
        "edits told": [row for row in edits if not row["told"]],
        "edits held back": held,
        "both told": [row for row in rows if row["kind"] == "both" and not row["told"]],
    }
    return Verdict(gate, figures, {name: list(map(_place, found)) for name, found in sunk.items()})


# -- boxes that come and go


@pytest.mark.usefixtures("quiet_log")
def test_boxes_that_come_and_go_tell_nothing_and_hide_no_edit(judge: Judge) -> None:
    judge(_rotated("rotating", limit=1, processes=1))


@pytest.mark.full
@pytest.mark.usefixtures("quiet_log")
def test_boxes_of_all_pages_that_come_and_go_tell_nothing_and_hide_no_edit(judge: Judge) -> None:
    judge(_rotated("rotating, all pages", limit=0, processes=2))


def _rotated(gate: str, *, limit: int, processes: int) -> Verdict:
    rows = rotation.run(rotation.arguments().parse_args([f"--limit={limit}", f"--processes={processes}"]))
    score = rotation.score(rows)
    figures = {shown: found["told"] for shown, found in score["six"].items()}
    figures["masked"] = score["edits"]["masked"] / score["edits"]["edits"]
    told = [row for row in rows if row["kind"].startswith("n_") and row["told"]]
    sunk = {shown: [_name(row) for row in told if row["kind"].endswith(shown)] for shown in score["six"]}
    hidden = [_name(row) for row in rows if row.get("plain") and not row["told"]]
    return Verdict(gate, figures, {**sunk, "masked": hidden})


def _name(row: dict[str, Any]) -> str:
    return f"{row['page']} {row['kind']}"


def _place(row: dict[str, Any]) -> str:
    return f"{row['page']} {row['kind']}: {', '.join(row['outcomes'])}"
