"""The command line as a person meets it: what it prints, where, and what it ends with."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from monitor.app import App
from monitor.cli import app as command_line
from monitor.cli import globals_first
from monitor.clock import SystemClock
from monitor.store import Store
from tests.conftest import Monitor
from tests.fakes import BODY
from tests.fakes import page as article_page
from tests.origin import Origin, Reply
from tests.test_main_path import look, policy_for

ROOT = Path(__file__).resolve().parents[1]
EDITED = (BODY[0].replace("12 people", "17 people"), *BODY[1:])


def dated(*paragraphs: str, updated: str = "") -> Reply:
    dates = "09:00 GMT 25.01.2022" + (f" (Updated: {updated} GMT 25.01.2022)" if updated else "")
    return Reply(200, article_page(*paragraphs, dates=dates), (("Content-Type", "text/html"),))


async def _edited_twice(file: Path) -> str:
    """Fill a store: one article, edited twice, announced and then stealthily. Its address."""
    store = Store.open(f"sqlite:///{file}")
    async with Origin() as origin:
        app = App(policy_for("http://127.0.0.1:9/"), store, clock=SystemClock(), jitter=lambda: 0.5)
        more = (*BODY, "A tug arrived in the afternoon, and the ship was pulled free on the evening tide.")
        url = origin.serve("/story", dated(updated="09:30"))
        article, _ = await store.add_article(url, host="127.0.0.1", now=app.clock.now(), tags=("harbour",))
        for edition in (None, dated(*more, updated="09:55"), dated(EDITED[0], *more[1:], updated="09:55")):
            if edition:
                origin.serve("/story", edition)
            assert await look(app, [article])
        await app.aclose()
    await store.close()
    return url


@pytest.fixture(scope="session")
def edited_twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    file = tmp_path_factory.mktemp("told") / "monitor.db"
    return file, asyncio.run(_edited_twice(file))


@pytest.fixture
def told(tmp_path: Path, edited_twice: tuple[Path, str]) -> str:
    """The store of this test is one in which an article was edited twice. Its address."""
    file, url = edited_twice
    for part in file.parent.glob("monitor.db*"):
        shutil.copy(part, tmp_path)
    return url


# -- reading


def test_history_shows_every_version_at_a_glance(monitor: Monitor, told: str) -> None:
    ran = monitor("history", told)

    assert ran.code == 0
    assert "Ferry runs aground in fog" in ran.out
    for words in (
        "Updated: 09:30 GMT",
        "Updated: 09:55 GMT 25.01.2022",
        "= 25 Jan 2022 09:55 UTC",
        "announced",
        "stealth",
    ):
        assert words in ran.out, words


@pytest.mark.parametrize("columns", [40, 80, 250])
def test_tables_keep_to_the_width_of_the_terminal_and_say_it_all(
    monitor: Monitor, told: str, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    history = monitor("history", "1").out.splitlines()[3:-2]  # what stands above and below the table wraps by itself
    listed = monitor("list").out.splitlines()

    assert max(len(line) for line in (*history, *listed)) <= columns
    for lines, words in ((history, "Updated: 09:55 GMT"), (listed, told)):
        said = " ".join(" ".join(lines).split())
        assert "Ferry runs aground in fog" in said
        assert "..." not in said
        if columns >= 80:
            assert words in said
            assert len(lines) < 25


def test_history_as_json_keeps_its_contract(monitor: Monitor, told: str) -> None:
    document = json.loads(monitor("history", "1", "--json").out)

    first, second, third = document["versions"]
    assert document["article"]["url"] == told
    assert first["change"] is None
    assert second["claimed_updated_at"] == "2022-01-25T09:55:00Z"
    assert second["claimed_updated_raw"] == "Updated: 09:55 GMT 25.01.2022"
    assert second["change"]["declaration"] == "announced"
    assert third["change"]["declaration"] == "stealth"
    assert third["change"]["state"] == "confirmed"
    assert third["change"]["fields"] == ["body"]
    assert (third["change"]["words_added"], third["change"]["words_removed"]) == (1, 1)


def test_a_diff_can_be_read_without_colour(monitor: Monitor, told: str) -> None:
    assert "[-12-]{+17+}" in monitor("diff", told).out.replace(" -]", "-]").replace(" +}", "+}")


@pytest.mark.parametrize("format", ["inline", "side", "unified", "html", "json", "patch"])
def test_every_form_of_a_diff_shows_the_edit(monitor: Monitor, told: str, format: str) -> None:
    ran = monitor("diff", told, "--format", format)

    assert ran.code == 0
    assert "12" in ran.out
    assert "17" in ran.out


def test_a_diff_as_json_keeps_its_contract(monitor: Monitor, told: str) -> None:
    document = json.loads(monitor("diff", told, "1", "3", "--json").out)

    assert (document["from"], document["to"]) == (1, 3)
    assert document["fields"] == ["body", "updated"]
    assert {"field", "op", "old", "new", "spans"} <= set(document["edits"][0])
    assert document["patch"].startswith("@@")


def test_a_diff_exits_as_git_does(monitor: Monitor, told: str) -> None:
    assert monitor("diff", told, "--exit-code").code == 1
    assert monitor("diff", told, "2", "2", "--exit-code").code == 0


def test_changes_stream_as_lines_json_and_csv(monitor: Monitor, told: str) -> None:
    assert monitor("changes").out.count("\n") == 2
    lines = [json.loads(line) for line in monitor("changes", "--json").out.splitlines()]
    assert [line["declaration"] for line in lines] == ["announced", "stealth"]
    assert monitor("changes", "--csv").out.count("\n") == 3
    after = monitor("changes", "--json", "--after", str(lines[0]["cursor"])).out
    assert [json.loads(line)["declaration"] for line in after.splitlines()] == ["stealth"]
    assert monitor("changes", "--json", "--declaration", "stealth").out.count("\n") == 1
    assert monitor("changes", "--json", "--tag", "elsewhere").out == ""


def test_show_gives_one_version_in_every_form(monitor: Monitor, told: str) -> None:
    assert "12 people" in monitor("show", told, "--version", "1").out
    document = json.loads(monitor("show", told, "--format", "json").out)
    assert document["content"]["paragraphs"][0] == EDITED[0]
    assert "<h1" in monitor("show", told, "--format", "html").out


def test_list_and_status_say_where_the_store_is(monitor: Monitor, told: str) -> None:
    listed, status = monitor("list"), monitor("status")

    assert "harbour" in listed.out
    assert "monitor.db" in listed.err
    assert "monitor.db" in status.out
    document = json.loads(monitor("status", "--json").out)
    assert document["daemon"]["running"] is False
    assert document["alerts"]["dead"] == 0


def test_status_check_fails_without_a_daemon(monitor: Monitor, told: str) -> None:
    ran = monitor("status", "--check")

    assert ran.code == 1
    assert "no daemon runs" in ran.err


def test_alerts_why_explains(monitor: Monitor, told: str) -> None:
    ran = monitor("alerts", "why", "2")

    assert ran.code == 0
    assert "nobody is told" in ran.out


def test_verify_finds_everything_in_order(monitor: Monitor, told: str) -> None:
    assert monitor("verify").code == 0


# -- watching


def test_an_article_is_added_once_paused_resumed_and_removed(monitor: Monitor) -> None:
    url = "https://news.example/story?utm_source=x#top"
    assert "watching  1  https://news.example/story\n" in monitor("add", url, "--tag", "a").out
    assert "already watched" in monitor("add", "https://news.example/story").out
    for verb, done in (("pause", "paused"), ("resume", "resumed"), ("remove", "removed")):
        assert monitor(verb, "news.example").out.startswith(done)
    assert json.loads(monitor("list", "--json").out) == []


def test_rules_can_ask_to_be_told_when_somebody_pauses_an_article(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[[channels]]\nname = 'hook'\ntype = 'webhook'\nurl = 'https://hook.example/'\n"
        "[[rules]]\nchannels = ['hook']\nevents = ['paused', 'resumed']\n"
    )
    monitor("add", "https://news.example/story")
    for verb in ("pause", "pause", "resume"):
        assert monitor(verb, "news.example").code == 0

    assert [row["event"] for row in json.loads(monitor("alerts", "list", "--json").out)] == ["paused", "resumed"]


def test_addresses_are_read_from_a_file(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("# mine\nhttps://a.example/1\n\nhttps://a.example/2\n")

    assert monitor("add", "--from", "urls").out.count("watching") == 2


def test_a_list_that_begins_with_a_byte_order_mark_loses_no_line(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("https://a.example/1\r\nhttps://a.example/2\r\n", encoding="utf-8-sig")

    assert monitor("add", "--from", "urls").out.count("watching") == 2


def test_a_bad_address_among_good_ones_is_named_and_the_good_ones_are_added(monitor: Monitor) -> None:
    ran = monitor("add", "https://a.example/1", "news.example/no-scheme")

    assert ran.code == 2
    assert "https://" in ran.err
    assert ran.out.count("watching") == 1


def test_sources_are_followed_listed_and_removed(monitor: Monitor) -> None:
    assert "following  1" in monitor("sources", "add", "https://a.example/rss.xml", "--only-live", "--as-is").out
    assert json.loads(monitor("sources", "list", "--json").out)[0]["only_live"] is True
    assert monitor("sources", "remove", "rss.xml").out.startswith("removed")


# -- bad input ends in one clear sentence


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["add"], 2, "nothing to add"),
        (["add", "ftp://a.example/"], 2, "cannot be watched"),
        (["add", "https://a.example/", "--every", "often"], 2, "a duration such as"),
        (["history", "nothing"], 2, "no article matches 'nothing'"),
        (["diff", "nothing"], 2, "no article matches"),
        (["show", "nothing"], 2, "no article matches"),
        (["list", "--stage", "lively"], 2, "there is no stage"),
        (["list", "--tz", "Mars/Base"], 2, "no time zone"),
        (["changes", "--since", "yesterday-ish"], 2, "is no time"),
        (["changes", "--declaration", "sneaky"], 2, "is not one of"),
        (["alerts", "why", "99"], 2, "99"),
        (["alerts", "test", "nobody"], 2, "there is no channel"),
        (["sources", "remove", "nobody"], 2, "fits no source"),
        (["extract", "/nowhere.html"], 2, "cannot be read"),
        (["--config", "/nowhere.toml", "list"], 2, "there is no such file"),
        (["--store", "mysql://x", "list"], 2, "is no store"),
        (["frobnicate"], 2, "frobnicate"),
    ],
)
def test_bad_input_is_told_in_a_sentence(monitor: Monitor, words: list[str], code: int, says: str) -> None:
    monitor("add", "https://a.example/story")
    ran = monitor(*words)

    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_store_that_cannot_be_written_is_told_in_a_sentence(monitor: Monitor) -> None:
    ran = monitor("--store", "sqlite:////proc/monitor.db", "add", "https://a.example/")

    assert (ran.code, ran.out) == (1, "")
    assert "/proc" in ran.err


def test_reading_a_store_that_is_not_there_makes_none(monitor: Monitor, tmp_path: Path) -> None:
    ran = monitor("--store", str(tmp_path / "other.db"), "list")

    assert ran.code == 1
    assert not (tmp_path / "other.db").exists()


def test_global_options_may_stand_after_the_verb() -> None:
    words = ["list", "--json", "--store", "x.db", "-q", "--config=c.toml"]

    assert globals_first(words) == ["--store", "x.db", "-q", "--config=c.toml", "list", "--json"]


# -- help and documents


def verbs() -> list[tuple[str, ...]]:
    group = typer.main.get_command(command_line)
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # a click Group
        inner = getattr(command, "commands", None)
        found += [(name, verb) for verb in inner] if inner else [(name,)]
    return found


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_every_verb_has_help_and_stands_in_the_readme(monitor: Monitor, verb: tuple[str, ...]) -> None:
    ran = monitor(*verb, "--help")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [re.split(r"(?<!\\)\|", line)[1] for line in readme.splitlines() if line.startswith("| `monitor ")]

    assert ran.code == 0
    assert len(ran.out.split()) > 10
    row = [row for row in shown if verb[0] in re.split(r"\W+", row)]
    assert row, f"README does not show {' '.join(verb)}"
    assert all(re.search(rf"\b{word}\b", row[0]) for word in verb)


def test_output_may_be_cut_by_its_reader(told: str, tmp_path: Path) -> None:
    command = f"{sys.executable} -m monitor --store {tmp_path / 'monitor.db'} changes --json"
    pipe = f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, cwd=tmp_path, timeout=60)

    assert ran.returncode == 0
    assert json.loads(ran.stdout)["declaration"] == "announced"
    assert ran.stderr == ""


def test_extract_answers_each_line_before_the_next(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(article_page(dates="09:00 GMT 25.01.2022 (Updated: 09:55 GMT 25.01.2022)", marker="Being updated"))
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "extract", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdin
    assert process.stdout
    answers = []
    for line in (
        {"url": "https://a.example/1", "html_path": str(file)},
        {"url": "https://a.example/2", "html_path": "/no"},
    ):
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
        answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()

    assert process.wait(timeout=30) == 0
    process.stdout.close()
    good, bad = answers
    assert good["claimed_updated_at"] == "2022-01-25T09:55:00Z"
    assert (good["live"], good["live_marker"]) == (True, "Being updated")
    assert good["paragraphs"] == list(BODY)
    assert bad["headline"] is None
    assert bad["error"]


def test_times_print_in_another_zone(monitor: Monitor, told: str) -> None:
    assert "MSK" in monitor("history", told, "--tz", "Europe/Moscow").out


AGENTS = [
    ("", False),
    ('user_agent = "newsbot/1.0"', False),
    ('user_agent = "newsbot/1.0 (+https://newsroom.example/bot)"', True),
    ('user_agent = "newsbot/1.0 (desk@newsroom.example)"', True),
]


@pytest.mark.parametrize(("line", "named"), AGENTS)
def test_who_names_no_contact_is_told_once_what_to_write(
    monitor: Monitor, tmp_path: Path, line: str, named: bool
) -> None:
    (tmp_path / "config.toml").write_text(f"[fetch]\n{line}\n")
    ran = monitor("config", "check")

    assert ran.code == 0
    assert ran.err.count("user_agent = ") == (0 if named else 1)


def test_the_advice_on_a_contact_is_taken_as_it_stands(monitor: Monitor, tmp_path: Path) -> None:
    (advice,) = json.loads(monitor("config", "check", "--json").out)["warnings"]
    (tmp_path / "config.toml").write_text(advice.partition("[fetch] ")[2].join(("[fetch]\n", "\n")))

    assert monitor("config", "check").err == ""
