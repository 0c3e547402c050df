"""`monitor diff` as a person meets it: which versions it compares, what it says of them, and what it ends with."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import termios
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from diff_match_patch import diff_match_patch

from monitor.cli.comparing import UNLIKE, Alike, Compared, compare
from monitor.cli.ends import Wanted
from monitor.core.article import Version
from monitor.store import Store
from tests.conftest import Monitor

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def newsroom(tmp_path: Path, ferry_store: Path) -> None:
    """The store of this test is one in which the stories of tests/ferry.py were told."""
    for part in ferry_store.parent.glob("monitor.db*"):
        shutil.copy(part, tmp_path)


def ends(monitor: Monitor, *words: str) -> tuple[int, int]:
    document = as_json(monitor, *words)
    return document["from"], document["to"]


def as_json(monitor: Monitor, *words: str) -> Any:
    return json.loads(monitor("diff", *words, "--json").out)


# -- which versions


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), (5, 6)),
        (("1",), (1, 6)),
        (("first",), (1, 6)),
        (("first", "last"), (1, 6)),
        (("last", "first"), (6, 1)),
        (("3", "5"), (3, 5)),
        (("3", "4"), (3, 4)),  # withdrawn, and named
        (("0003", "5"), (3, 5)),
        (("2022-01-25T12:10Z",), (2, 6)),
        (("2022-01-25T15:10+03:00",), (2, 6)),
        (("2022-01-25T12:00:01", "2022-01-25 12:20"), (1, 3)),
        (("--at", "2022-01-25T12:10Z"), (2, 6)),
        (("--at", "2022-01-25T12:02Z", "--at", "2022-01-25T12:10Z"), (1, 2)),
        (("2", "--at", "2022-01-25T12:20:10Z"), (2, 3)),
        (("2022-01-25T12:40:10Z",), (3, 6)),  # the withdrawn one was on the page
        (("1s",), (6, 6)),
        (("1", "--at", "9999-01-01"), (1, 6)),
        (("--at", "2022-01-26", "--at", "2022-01-25T12:06:00Z"), (6, 2)),
    ],
)
def test_versions_are_named_by_number_place_and_time(
    monitor: Monitor, words: tuple[str, ...], expected: tuple[int, int]
) -> None:
    assert ends(monitor, "news.example", *words) == expected


def test_between_two_sights_either_version_may_have_stood(monitor: Monitor) -> None:
    ran = monitor("diff", "news.example", "2022-01-25T12:04Z", "3", "--tz", "Europe/Moscow")
    assert ran.err == (
        "at 2022-01-25 15:04 MSK either version 1 or 2 stood: 1 was last seen at 2022-01-25 15:02:59 MSK,"
        " 2 first at 2022-01-25 15:06 MSK; comparing version 1\n"
    )
    assert "version 1 → 3" in ran.out


@pytest.mark.parametrize("time", ["2022-01-25T12:02:30Z", "2022-01-25T12:06Z", "2022-01-25T12:00:01Z", "2022-01-26"])
def test_while_a_version_was_seen_nothing_is_doubted(monitor: Monitor, time: str) -> None:
    assert "either" not in monitor("diff", "news.example", "--at", time).err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("news.example", "0"), "https://news.example/ferry has versions 1 to 6"),
        (("news.example", "7"), "there is no version 7; https://news.example/ferry has versions 1 to 6"),
        (("news.example", "1", "0"), "has versions 1 to 6"),
        (("news.example", "1", "9" * 5000), "has versions 1 to 6"),
        (("news.example", "²"), "is no version; give a number, first, last, or a time"),
        (("news.example", "-1"), "No such option: -1"),
        (("news.example", "--", "-1"), "'-1' is no version"),
        (("news.example", "newest"), "'newest' is no version; give a number, first, last, or a time"),
        (("news.example", "9" * 30 + "d"), "is no version"),
        (("news.example", "--at", "2"), "'2' is no time; write 2022-01-25T09:40Z"),
        (("news.example", "--at", "last"), "'last' is no time"),
        (("news.example", "--at", "0001-01-01T00:00+14:00"), "is no time"),
        (("news.example", "1", "2", "--at", "2h"), "give at most two of FROM, TO and --at"),
        (("news.example", "1", "--at", "2h", "--at", "1h"), "give at most two of FROM, TO and --at"),
        (("news.example", "--at", "3h", "--at", "2h", "--at", "1h"), "give at most two of FROM, TO and --at"),
        (
            ("news.example", "--at", "2022-01-25T12:00Z"),
            "no version as old as 2022-01-25 12:00 UTC; 'first' is that seen at 2022-01-25 12:00:01 UTC",
        ),
        (("news.example", "1999-01-01", "--tz", "Asia/Tokyo"), "'first' is that seen at 2022-01-25 21:00:01 JST"),
        (("once.example",), "has only one version and a diff needs two; 'monitor check 2' looks at it now"),
        (("once.example", "2"), "there is no version 2; https://once.example/ has only one version"),
        (("never.example",), "https://never.example/ has no version yet; 'monitor check 3' looks at it now"),
        (("never.example", "1"), "has no version yet; 'monitor check 3'"),
        (("never.example", "first"), "has no version yet; 'monitor check 3'"),
        (("never.example", "--at", "2h"), "has no version yet; 'monitor check 3'"),
        (("nothing",), "no article matches 'nothing'; 'monitor list' shows"),
        (("news.example", "--format", "colourful"), "is not one of inline, side"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(monitor: Monitor, words: tuple[str, ...], says: str) -> None:
    ran = monitor("diff", *words, "--exit-code")

    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_a_diff_does_not_read_the_whole_history(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an article may have thousands of versions")

    for everything in ("history", "versions", "changes"):
        monkeypatch.setattr(Store, everything, refuse)

    for words in ((), ("2", "3"), ("1", "3"), ("--at", "2022-01-25T12:10Z")):
        assert monitor("diff", "news.example", *words).code == 0


# -- what is the same


@pytest.mark.parametrize("words", [("news.example", "3", "3"), ("news.example", "--at", "1s"), ("once.example", "1")])
def test_a_version_is_no_different_from_itself(monitor: Monitor, words: tuple[str, ...]) -> None:
    ran = monitor("diff", *words, "--exit-code")

    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("no differences between version")
    assert ran.err.endswith("and itself\n")
    assert monitor("diff", *words, "--quiet").err == ""


def test_a_return_to_an_earlier_wording_is_no_difference_but_for_the_stamp(monitor: Monitor) -> None:
    document = as_json(monitor, "back.example", "1", "3")

    assert document["fields"] == ["updated"]
    assert document["patch"] == ""
    assert all(edit["op"] == "equal" for edit in document["edits"])


# -- exit codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2", "3"), 1),
        (("3", "2"), 1),
        (("3", "5"), 1),  # a stamp alone
        (("5", "6"), 1),  # the live marker alone
        (("6", "6"), 0),
    ],
)
@pytest.mark.parametrize("format", ["inline", "json", "patch", "html"])
def test_differences_exit_as_with_git(monitor: Monitor, words: tuple[str, ...], code: int, format: str) -> None:
    assert monitor("diff", "news.example", *words, "--exit-code", "--format", format).code == code
    assert monitor("diff", "news.example", *words, "--format", format).code == 0


# -- recorded, computed, back in time


def test_the_change_is_given_as_recorded_where_the_two_are_its_ends(monitor: Monitor) -> None:
    document = as_json(monitor, "news.example", "2", "3")
    recorded = json.loads(monitor("history", "news.example", "--json").out)["versions"][2]["change"]

    assert document["change"] == recorded
    assert (document["declaration"], document["fields"]) == ("stealth", ["body"])
    assert (document["not_before"], document["not_after"]) == (recorded["not_before"], recorded["not_after"])


def test_between_other_versions_the_change_is_computed(monitor: Monitor) -> None:
    document = as_json(monitor, "news.example", "1", "3")

    assert document["change"] is None
    assert document["declaration"] == "announced"
    assert document["fields"] == ["headline", "body", "updated"]
    assert (document["not_before"], document["not_after"]) == ("2022-01-25T12:02:59.600000Z", "2022-01-25T12:20:00Z")
    assert "version 1 → 3, taken together: edited between" in monitor("diff", "news.example", "1", "3").out


def test_what_lies_between_is_told_where_all_of_it_comes_to_less(monitor: Monitor) -> None:
    told = "1 → 2 announced, 2 → 3 stealth"
    between = as_json(monitor, "news.example", "1", "3")["between"]

    assert [(step["from_version"], step["declaration"]) for step in between] == [(1, "announced"), (2, "stealth")]
    assert f"in between: {told}" in monitor("diff", "news.example", "1", "3").out
    assert told in monitor("diff", "news.example", "1", "3", "--format", "html").out
    assert as_json(monitor, "news.example", "2", "3")["between"] == []
    assert as_json(monitor, "news.example", "3", "1")["between"] == []


@pytest.mark.parametrize("words", [("3", "2"), ("6", "1"), ("4", "3")])
def test_back_in_time_nothing_is_declared_and_no_window_claimed(monitor: Monitor, words: tuple[str, str]) -> None:
    document = as_json(monitor, "news.example", *words)
    ran = monitor("diff", "news.example", *words)

    assert [document[key] for key in ("declaration", "not_before", "not_after", "change")] == [None] * 4
    assert f"version {words[0]} → {words[1]}: back in time\n" in ran.out
    assert "edited between" not in ran.out
    assert "stood still" not in ran.out


def test_a_diff_back_in_time_takes_out_what_the_diff_put_in(monitor: Monitor) -> None:
    there, back = as_json(monitor, "news.example", "2", "3"), as_json(monitor, "news.example", "3", "2")

    assert [(fact["old"], fact["new"]) for fact in there["facts"]] == [("12", "17")]
    assert [(fact["old"], fact["new"]) for fact in back["facts"]] == [("17", "12")]


# -- JSON and patch


def test_the_json_keeps_its_contract(monitor: Monitor) -> None:
    document = as_json(monitor, "news.example", "2", "3")

    assert set(document) == {
        "article", "from", "to", "declaration", "fields", "stats", "edits", "patch",
        "facts", "entries", "cosmetic", "headlines", "between", "diff_version",
        "not_before", "not_after", "from_version", "to_version", "change",
    }  # fmt: skip
    assert document["facts"] == [{"kind": "number", "field": "body", "old": "12", "new": "17"}]
    assert document["cosmetic"] is False
    assert document["diff_version"]
    assert document["from_version"] == {
        "number": 2,
        "first_seen_at": "2022-01-25T12:06:00Z",
        "last_seen_at": "2022-01-25T12:17:59.600000Z",
        "claimed_updated_at": "2022-01-25T12:04:00Z",
        "claimed_updated_raw": "Updated: 12:04 GMT",
    }
    assert document["to_version"]["number"] == 3
    assert document["stats"] == {"words_added": 1, "words_removed": 1, "similarity": document["stats"]["similarity"]}
    assert {edit["op"] for edit in document["edits"]} == {"equal", "replace"}


def test_quotation_marks_alone_are_cosmetic(monitor: Monitor) -> None:
    assert as_json(monitor, "marks.example")["cosmetic"] is True
    assert as_json(monitor, "marks.example", "2", "1")["cosmetic"] is True
    assert "no word differs" in monitor("diff", "marks.example").out


@pytest.mark.parametrize("words", [("2", "3"), ("1", "3"), ("3", "1"), ("1", "6"), ("3", "5"), ("1", "1")])
def test_the_patch_turns_the_old_body_into_the_new_one(monitor: Monitor, words: tuple[str, str]) -> None:
    patch = as_json(monitor, "news.example", *words)["patch"]
    old, new = (body(monitor, number) for number in words)

    engine = diff_match_patch()
    patched, applied = engine.patch_apply(engine.patch_fromText(patch), old)

    assert (patched, all(applied)) == (new, True)
    assert monitor("diff", "news.example", *words, "--format", "patch").out == patch


def body(monitor: Monitor, number: str) -> str:
    shown = json.loads(monitor("show", "news.example", "--version", number, "--format", "json").out)
    return "\n".join(shown["content"]["paragraphs"])


def test_a_patch_that_is_empty_is_explained(monitor: Monitor) -> None:
    ran = monitor("diff", "news.example", "5", "6", "--format", "patch")

    assert (ran.out, ran.err) == ("", "the body is the same, and a patch holds nothing else\n")


# -- what people read


def test_the_heading_tells_the_window_the_witnesses_and_the_facts(monitor: Monitor) -> None:
    lines = monitor("diff", "news.example", "2", "3").out.splitlines()

    assert lines[:7] == [
        "Ferry runs aground in fog",
        "version 2 → 3: edited between 12:17:59 and 12:20:00 UTC on 2022-01-25",
        "stealth: the JSON-LD stood still at 2022-01-25 12:04 UTC",
        "• Number changed: 12 → 17 (…harbour authority said that 17 people were brought ashore…)",
        "• Numbers, names, dates or quotations changed without a note.",
        "",
        "Body",
    ]


@pytest.mark.parametrize("format", ["inline", "side"])
def test_the_heading_stands_above_the_diff(monitor: Monitor, format: str) -> None:
    ran = monitor("diff", "news.example", "1", "2", "--format", format)

    assert ran.out.index("announced: the JSON-LD moved to 2022-01-25 12:04 UTC") < ran.out.index("Headline changed:")
    assert "updated, the JSON-LD: “Updated: 11:00 GMT” → “Updated: 12:04 GMT”" in ran.out
    assert ran.err == ""


def test_the_heading_of_a_unified_diff_is_talk(monitor: Monitor) -> None:
    ran = monitor("diff", "news.example", "2", "3", "--format", "unified")

    assert ran.out.startswith("--- ")
    assert "stealth: the JSON-LD stood still" in ran.err
    assert monitor("diff", "news.example", "2", "3", "--format", "unified", "--quiet").err == ""


@pytest.mark.parametrize(
    ("article", "words", "says"),
    [
        ("held.example", (), "stealth (waits for a second look): the JSON-LD stood still"),
        ("unseen.example", (), "stealth (unconfirmed): the JSON-LD stood still"),
        ("late.example", ("1", "2"), "stealth, announced 5 min late: the JSON-LD stood still"),
        ("news.example", ("3", "4"), "stealth (withdrawn): the JSON-LD stood still"),
    ],
)
def test_how_far_a_change_can_be_relied_on_is_told(
    monitor: Monitor, article: str, words: tuple[str, ...], says: str
) -> None:
    assert says in monitor("diff", article, *words).out


def test_where_nobody_can_witness_the_declaration_is_explained(monitor: Monitor) -> None:
    line = monitor("diff", "bare.example").out.splitlines()[2]

    assert line.startswith("unstamped (waits for a second look): The text changed; the page states no time")


def test_a_stamp_that_moved_alone_is_told_in_the_publishers_words(monitor: Monitor) -> None:
    ran = monitor("diff", "news.example", "3", "5")

    assert ran.out.splitlines()[2:] == [
        "restamped: the JSON-LD moved to 2022-01-25 12:48 UTC",
        "updated, the JSON-LD: “Updated: 12:04 GMT” → “Updated: 12:48 GMT”",
        "the text is the same",
    ]


def test_a_live_marker_that_came_alone_is_told_in_the_publishers_words(monitor: Monitor) -> None:
    assert monitor("diff", "news.example", "5", "6").out.splitlines()[2:] == [
        "live marker: none → “Being updated”",
        "the text is the same",
    ]


def test_every_time_is_told_in_the_readers_zone(monitor: Monitor) -> None:
    ran = monitor("diff", "news.example", "1", "2", "--tz", "Europe/Moscow")
    page = monitor("diff", "news.example", "1", "2", "--tz", "Europe/Moscow", "--format", "html").out

    for told in (ran.out, page):
        assert "between 15:02:59 and 15:06:00 MSK on 2022-01-25" in told
        assert "moved to 2022-01-25 15:04 MSK" in told
        assert "UTC" not in told


def test_the_page_tells_what_the_terminal_tells(monitor: Monitor) -> None:
    page = monitor("diff", "news.example", "2", "3", "--format", "html").out

    for words in ("Ferry runs aground in fog", "version 2 → 3", ">stealth</span>", "JSON-LD stood still", "12 → 17"):
        assert words in page
    assert "The two versions are the same." in monitor("diff", "news.example", "3", "3", "--format", "html").out


# -- terminals

ESCAPE = "\x1b["


def on_terminal(folder: Path, *words: str, **environ: str) -> str:
    """What the command prints on a terminal."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    quiet = {"NO_COLOR", "COLUMNS", "TERM", "FORCE_COLOR", "MONITOR_STORE", "MONITOR_CONFIG"}
    kept = {name: value for name, value in os.environ.items() if name not in quiet}
    command = [sys.executable, "-m", "monitor", "--store", str(folder / "monitor.db"), "diff", "news.example", *words]
    env = kept | {"TERM": "xterm-256color", "XDG_CONFIG_HOME": str(folder)} | environ
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env, cwd=ROOT) as process:
        os.close(theirs)
        printed = _all_of(ours)
    os.close(ours)
    assert process.returncode == 0
    return printed.replace("\r\n", "\n")


def _all_of(terminal: int) -> str:
    said = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal that nobody holds with an error
        while part := os.read(terminal, 1 << 16):
            said += part
    return said.decode()


def test_a_terminal_gets_colour_and_its_own_width(tmp_path: Path) -> None:
    printed = on_terminal(tmp_path, "2", "3")

    assert re.search(r"\x1b\[9;31m12 ?\x1b\[0m", printed)
    assert "[-" not in printed
    assert width(printed) <= 100
    assert width(on_terminal(tmp_path, "2", "3", "--format", "side", COLUMNS="60")) <= 60


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("format", ["inline", "unified"])
def test_who_wants_no_colour_gets_marks(tmp_path: Path, environ: dict[str, str], format: str) -> None:
    printed = on_terminal(tmp_path, "2", "3", "--format", format, **environ)

    assert not re.search(r"\x1b\[[\d;]*3[0-7]", printed)
    assert ("{+17+}" if format == "inline" else "\n+The harbour") in printed


def width(printed: str) -> int:
    return max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in printed.splitlines())


@pytest.mark.parametrize("format", ["inline", "side", "unified", "html", "patch", "json"])
def test_what_is_piped_holds_no_colour(monitor: Monitor, format: str) -> None:
    assert ESCAPE not in monitor("diff", "news.example", "2", "3", "--format", format).out


def side_by_side(monitor: Monitor) -> str:
    """The diff below its heading, which is not wrapped where it is piped."""
    ran = monitor("diff", "news.example", "1", "3", "--format", "side")
    assert ran.code == 0
    return ran.out.partition("\n\n")[2]


def test_columns_are_honoured_where_output_is_piped(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    widths = {}
    for columns in (40, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        widths[columns] = width(side_by_side(monitor))

    assert 30 < widths[40] <= 40 < widths[100] <= 100


@pytest.mark.parametrize("columns", ["0", "1", "wide", "-5", ""])
def test_columns_that_make_no_sense_leave_a_diff_that_can_be_read(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    assert "people" in side_by_side(monitor)


# -- across an upgrade


async def compared_as(folder: Path, wanted: Wanted, *, alike: Alike) -> Compared:
    store = Store.open(f"sqlite:///{folder / 'monitor.db'}")
    try:
        return await compare(store, "news.example", wanted, UTC, alike=alike)
    finally:
        await store.close()


async def test_other_versions_are_compared_as_one_release_reads_them(tmp_path: Path) -> None:
    async def reread(old: Version, new: Version) -> tuple[Version, Version]:
        return replace(old, content=new.content), new

    compared = await compared_as(tmp_path, Wanted(1, 3), alike=reread)

    assert (compared.old.number, compared.differs, compared.remarks) == (1, False, ())


async def test_versions_that_cannot_be_read_alike_are_compared_with_a_warning(tmp_path: Path) -> None:
    async def older(old: Version, new: Version) -> tuple[Version, Version]:
        return replace(old, content=replace(old.content, extractor="0")), new

    compared = await compared_as(tmp_path, Wanted(1, 3), alike=older)

    assert compared.remarks == (UNLIKE,)


async def test_a_recorded_change_is_not_read_anew(tmp_path: Path) -> None:
    async def refuse(old: Version, new: Version) -> tuple[Version, Version]:
        raise AssertionError("history is not rewritten")

    assert (await compared_as(tmp_path, Wanted(2, 3), alike=refuse)).change
