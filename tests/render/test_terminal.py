"""The renderings for a terminal: in one column, in two, and as `diff -u` has it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.core.article import Content, Field
from monitor.core.diff import Edit, diff, texts
from monitor.render import inline, side_by_side, unified
from monitor.render.columns import width
from tests.render.articles import (
    ARABIC,
    CHINESE,
    EDITED,
    FAMILY,
    FILLER,
    FIRE,
    JOINED,
    MAYOR,
    MOVED,
    OWNER,
    SPLIT,
    THAI,
    article,
)

View = Callable[..., str]
VIEWS: list[View] = [inline, side_by_side]
SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(*edits: Edit, columns: int = 100) -> str:
    return inline(edits, colour=False, width=columns)


def two(*edits: Edit, columns: int = 100) -> list[str]:
    return side_by_side(edits, colour=False, width=columns).splitlines()


def test_a_changed_word_is_marked_where_it_stands() -> None:
    assert "At least [-12-]{+17+} people died" in plain(*EDITED)


@pytest.mark.parametrize("view", VIEWS)
def test_without_colour_there_are_no_escapes_and_with_colour_no_brackets(view: View) -> None:
    coloured = view(EDITED, colour=True, width=100)

    assert "\x1b" not in view(EDITED, colour=False, width=100)
    assert "\x1b[" in coloured
    assert "[-" not in SGR.sub("", coloured)


def test_in_colour_what_stands_for_each_other_is_parted_and_whole_paragraphs_have_signs() -> None:
    text = SGR.sub("", inline(EDITED, colour=True, width=100))

    assert "At least 12 17 people" in text
    assert f"\n- {OWNER}\n" in text


@pytest.mark.parametrize("view", VIEWS)
def test_colour_changes_no_word_and_no_line(view: View) -> None:
    same = diff(article(*FILLER, OWNER), article(*FILLER, MAYOR))

    assert SGR.sub("", view(same, colour=True, width=70)).count("\n") == view(same, colour=False, width=70).count("\n")


def test_what_was_asked_for_is_shown_whatever_the_terminal_says(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = [view(EDITED, colour=colour, width=70) for view in VIEWS for colour in (True, False)]
    for name, value in {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    assert [view(EDITED, colour=colour, width=70) for view in VIEWS for colour in (True, False)] == calm


def test_a_rewritten_headline_is_shown_as_whole_old_and_whole_new() -> None:
    text = plain(*diff(article(headline="The mayor resigns at last"), article(headline="City votes in the autumn")))

    assert "[-The mayor resigns at last-]\n{+City votes in the autumn+}" in text


def test_a_move_is_shown_with_its_inner_change_and_named_where_it_stood() -> None:
    text = plain(*MOVED)

    assert "(moved from paragraph 1 to 3)\nAt least [-12-]{+17+} people" in text
    assert text.index("(paragraph 1 moved to 3: At least 12 people") < text.index("The owner")
    assert text.count("textile factory") == 1


def test_a_split_paragraph_is_shown_as_two_lines() -> None:
    assert "police said.{+¶+}\nThe owner" in plain(*SPLIT)
    assert "police said.[-¶-] The\nowner" in plain(*JOINED)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("colour", [True, False])
def test_no_line_is_wider_than_the_terminal(view: View, columns: int, colour: bool) -> None:
    words = [FIRE, CHINESE, ARABIC, THAI, FAMILY * 30, "https://example.org/" + "a" * 300, "e\u0301" * 90]
    for word in words:
        edits = diff(article(word, OWNER, MAYOR), article(f"{word} more 17", MAYOR, f"{word} again"))
        for line in SGR.sub("", view(edits, colour=colour, width=columns)).splitlines():
            assert width(line) <= columns, line


def test_a_wide_terminal_does_not_make_long_lines() -> None:
    lines = plain(*diff(article(FIRE * 5), article(f"{FIRE * 5} More.")), columns=300).splitlines()

    assert 80 < max(map(len, lines)) <= 100


def test_side_by_side_puts_the_old_text_left_and_the_new_text_right() -> None:
    (line,) = [line for line in two(*EDITED) if "Fire kills" in line]

    assert line.index("[-12-]") < 48 < line.index("|") < line.index("{+17+}")


def test_side_by_side_keeps_its_columns_where_letters_are_wide() -> None:
    lines = two(*diff(article(CHINESE), article(CHINESE.replace("12", "17"))))

    assert {width(line[: line.index(" | ")]) for line in lines if " | " in line} == {48}


def test_side_by_side_has_the_signs_of_diff_y() -> None:
    old, new = article(FIRE, OWNER, *FILLER), article(FIRE.replace("12", "17"), *FILLER, MAYOR)
    signs = {line[48:51].strip() for line in two(*diff(old, new)) if "-----" not in line}

    assert signs == {"", "|", "<", ">"}
    assert not any("[-The owner" in line or "{+The mayor" in line for line in two(*diff(old, new)))


def test_side_by_side_has_a_space_where_the_other_side_has_a_break() -> None:
    text = " ".join(" ".join(line.split(" | ")[0] for line in two(*SPLIT) if " | " in line).split())

    assert "police said. The owner" in text


def test_a_narrow_terminal_gets_one_column() -> None:
    assert side_by_side(EDITED, colour=False, width=59) == plain(*EDITED, columns=59)
    assert side_by_side(EDITED, colour=False, width=60) != plain(*EDITED, columns=60)


def test_nothing_changed_is_shown_as_nothing() -> None:
    same = diff(article(FIRE, headline="Fire"), article(FIRE, headline="Fire"))

    assert plain(*same) == side_by_side(same, colour=False, width=80) == unified(same) == ""


# diff -u


def test_unified_has_a_field_a_file_and_a_paragraph_a_line() -> None:
    assert unified(EDITED, width=20).splitlines() == [
        "--- old/headline",
        "+++ new/headline",
        "@@ -1 +1 @@",
        "-Fire kills 12",
        "+Fire kills 17",
        "--- old/body",
        "+++ new/body",
        "@@ -1,2 +1,2 @@",
        f"-{FIRE}",
        f"+{FIRE.replace('12', '17')}",
        f" {FILLER[0]}",
        "@@ -7,2 +7 @@",
        f" {FILLER[-1]}",
        f"-{OWNER}",
    ]


def test_unified_shows_a_move_where_it_left_and_where_it_came() -> None:
    assert [line[0] for line in unified(MOVED).splitlines()[3:]] == ["-", " ", " ", "+"]


def test_unified_in_colour_is_the_same_text() -> None:
    assert SGR.sub("", unified(EDITED, colour=True)) == unified(EDITED)


LOOKALIKES = [
    "-- two dashes",
    "--- old/body",
    "+++ new/body",
    "@@ -1,9 +1,9 @@",
    "\\ No newline at end of file",
    "-",
    "+ a",
]
PAIRS = {
    "a number": (article(FIRE, *FILLER), article(FIRE.replace("12", "17"), *FILLER)),
    "two edits apart": (article(FIRE, *FILLER, OWNER), article(MAYOR, *FILLER)),
    "two edits together": (article(FIRE, OWNER, *FILLER), article(f"{FIRE} Now.", f"{OWNER} Now.", *FILLER)),
    "from nothing": (article(), article(FIRE, OWNER)),
    "to nothing": (article(FIRE, OWNER), article()),
    "a move": (article(FIRE, *FILLER, OWNER), article(*FILLER, FIRE, OWNER)),
    "look-alikes": (article(*LOOKALIKES, *FILLER), article(*(f"{line} now" for line in LOOKALIKES), *FILLER)),
    "look-alikes that go": (article(*LOOKALIKES, *FILLER), article(*FILLER)),
    "many": (
        article(*(f"old {n}" for n in range(40))),
        article(*(f"{'new' if n % 7 else 'old'} {n}" for n in range(45))),
    ),
}


def written(folder: Path, content: Content) -> Path:
    file = folder / "body"
    file.write_text("".join(line + "\n" for line in texts(content, Field.BODY)))
    return file


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch here")
@pytest.mark.parametrize("pair", PAIRS)
def test_patch_applies_it(pair: str, tmp_path: Path) -> None:
    old, new = PAIRS[pair]
    file = written(tmp_path, old)
    done = subprocess.run(
        ["patch", "-p1", "--fuzz=0", "--batch"],
        cwd=tmp_path,
        input=unified(diff(old, new)),
        text=True,
        capture_output=True,
    )

    assert done.returncode == 0, done.stdout
    left = file.read_text().splitlines() if file.exists() else []
    assert left == list(texts(new, Field.BODY))


@pytest.mark.skipif(shutil.which("diff") is None, reason="no diff here")
@pytest.mark.parametrize("pair", ["a number", "two edits apart", "two edits together", "from nothing", "to nothing"])
def test_it_is_what_diff_u_says(pair: str, tmp_path: Path) -> None:
    files = []
    for side, content in zip(("old", "new"), PAIRS[pair], strict=True):
        (tmp_path / side).mkdir()
        files.append(str(written(tmp_path / side, content)))
    said = subprocess.run(["diff", "-U1", *files], text=True, capture_output=True).stdout

    assert unified(diff(*PAIRS[pair])).splitlines()[2:] == said.splitlines()[2:]
