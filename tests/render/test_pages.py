"""What the pages tell, and that nothing of a publisher acts in them."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.article import Claim, ClaimKind, ClaimSource, Declaration, Field
from monitor.core.diff import diff
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import AlertEvent
from monitor.render.account import Account, Evidence, evidence, told
from monitor.render.fragment import html_fragment
from monitor.render.pages import diff_page, history_page, version_page
from monitor.store import EventRow, ObservationRow
from tests.render.articles import EDITED
from tests.render.paging import (
    AFTER,
    BEFORE,
    MINUTE,
    NOON,
    PAGE,
    account,
    change,
    content,
    history,
    row,
    the_article,
    version,
)

VISIBLE, JSON_LD = ClaimSource.VISIBLE, ClaimSource.JSON_LD


def words_of(page: str) -> str:
    """What a reader sees, white space folded."""
    body = re.sub(r"<(style|title|desc)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", body).split())


def claim(source: ClaimSource, minute: int, *, believed: bool = True, doubt: str | None = None) -> Claim:
    at = NOON + minute * MINUTE
    return Claim(
        kind=ClaimKind.UPDATED, at=at, raw=f"Updated {at:%H:%M}", source=source, believed=believed, doubt=doubt
    )


# -- the history


def test_the_history_tells_the_story_in_its_first_sentences() -> None:
    page = words_of(history(Declaration.ANNOUNCED, Declaration.STEALTH, Declaration.STEALTH))

    assert "Watched from 2022-01-25 12:00 UTC to 2022-01-25 12:33 UTC: 4 versions, 3 changes." in page
    assert "1 came with a new time of update (announced) and 2 came without one" in page


def test_every_change_stands_with_its_meaning_its_window_its_facts_and_its_marks() -> None:
    page = words_of(history(Declaration.STEALTH))

    assert "although it could have: a stealth edit." in page
    assert "Changed between 12:03:00 and 12:10:00 UTC on 2022-01-25" in page
    assert "Number changed: 12 → 17" in page
    assert "Rescuers have brought removed: 12 end removed added: 17 end added people ashore" in page


def test_what_was_withdrawn_is_a_version_and_no_change() -> None:
    rows = [row(1), row(2, Declaration.STEALTH, state=ChangeState.WITHDRAWN), row(3, Declaration.ANNOUNCED)]
    page = words_of(history_page(the_article(), rows, version(1, content()), {}, [], [], PAGE))

    assert "3 versions, 1 change. Of the changes, 1 came with a new time" in page


def test_the_first_version_is_there_to_be_read() -> None:
    page = words_of(history())

    assert "1 version, no change yet." in page
    assert all(paragraph in page for paragraph in BEFORE)


def test_times_are_in_the_zone_that_was_asked_for() -> None:
    rows = [row(1), row(2, Declaration.STEALTH)]
    there = replace(PAGE, tz=ZoneInfo("Europe/Moscow"))
    edits = diff(content(*BEFORE), content(*AFTER))
    changes = {2: told(Account.recorded(change(2, Declaration.STEALTH), live=(False, False)), edits, there)}
    page = history_page(the_article(), rows, version(1, content()), changes, [], [], there)

    assert "between 15:03:00 and 15:10:00 MSK" in page
    assert "Times are MSK" in page
    assert "UTC" not in page


def test_what_happened_besides_stands_with_the_version_that_stood_then() -> None:
    def at(minutes: int, kind: AlertEvent, detail: str) -> EventRow:
        when = NOON + minutes * MINUTE
        return EventRow(
            id=1, article_id=1, url="u", event=kind, not_before=when - MINUTE, not_after=when, detail=detail
        )

    rows = [row(1), row(2, Declaration.UNSTAMPED)]
    events = [at(5, AlertEvent.FAILING, "no answer"), at(60 * 24 * 3, AlertEvent.SETTLED, "quiet for 3 days")]
    page = words_of(history_page(the_article(), rows, version(1, content()), {}, events, [], PAGE))

    assert page.index("Version 1 first seen") < page.index("Failing (no answer)") < page.index("Version 2")
    assert page.index("Version 2") < page.index("Settled (quiet for 3 days)")
    assert page.count("Failing") == 1


def test_answers_that_were_not_the_article_are_told_and_kept_apart() -> None:
    wall = ObservationRow(
        id=1, first_at=NOON, last_at=NOON + MINUTE, times=2, kind="consent", detail="a wall", page_sha256=None
    )
    page = words_of(history_page(the_article(), [row(1)], version(1, content()), {}, [], [wall], PAGE))

    assert "consent (a wall): 2 times, 2022-01-25 12:00 UTC to 2022-01-25 12:01 UTC" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ChangeState.PROVISIONAL, "it waits for a second look"),
        (ChangeState.UNCONFIRMED, "a second look could not be had"),
        (ChangeState.WITHDRAWN, "the former words were back"),
    ],
)
def test_how_sure_a_change_is_is_said(state: ChangeState, words: str) -> None:
    edits = diff(content(*BEFORE), content(*AFTER))
    account = Account.recorded(change(2, Declaration.STEALTH, state), live=(False, False))

    assert words in dict(told(account, edits, PAGE).lines)["State"]


def test_a_stamp_that_followed_late_and_a_live_mark_that_went_are_said() -> None:
    late = replace(change(2, Declaration.STEALTH), announced_late_by=timedelta(minutes=4))
    lines = dict(told(Account.recorded(late, live=(True, False)), (), PAGE).lines)

    assert lines["Late"] == "the publisher's time followed 4 min 0 s later"
    assert lines["Live marker"] == "taken off"


# -- the witnesses


def test_each_source_is_called_with_its_words_before_and_after() -> None:
    judged = replace(
        account(()),
        old_claims=(claim(JSON_LD, 5), claim(VISIBLE, 5)),
        new_claims=(claim(JSON_LD, 5), claim(VISIBLE, 9), claim(ClaimSource.HTTP, 9, believed=False, doubt="dynamic")),
        claims_moved=(VISIBLE,),
        claims_still=(JSON_LD,),
    )

    assert evidence(judged) == [
        Evidence(source="JSON-LD", before="“Updated 12:05”", after="“Updated 12:05”", verdict="stood still"),
        Evidence(source="visible line", before="“Updated 12:05”", after="“Updated 12:09”", verdict="moved"),
        Evidence(
            source="HTTP headers",
            before="–",
            after="“Updated 12:09”",
            verdict="not believed: it moves by itself",
        ),
    ]


def test_a_publication_that_was_rewritten_is_evidence_too() -> None:
    before, after = (replace(claim(JSON_LD, m), kind=ClaimKind.PUBLISHED) for m in (5, 9))
    judged = replace(account(()), fields=(Field.PUBLISHED,), old_claims=(before,), new_claims=(after,))

    assert [(row.source, row.verdict) for row in evidence(judged)] == [("JSON-LD, published", "differs")]


def test_what_one_source_says_is_not_told_twice() -> None:
    alone = replace(account(()), new_claims=(claim(VISIBLE, 5),), claims_still=(VISIBLE,))

    assert told(alone, (), PAGE).evidence == ()
    assert dict(told(alone, (), PAGE).lines)["Witnesses"].startswith("the visible line stood still")


# -- a diff, and a version


def test_a_diff_of_the_same_says_so() -> None:
    same = content(*BEFORE)
    page = diff_page(the_article(), version(1, same), version(2, same), diff(same, same), account(()), PAGE)

    assert "The two versions are the same." in words_of(page)


def test_screen_readers_are_told_what_colour_tells_the_rest() -> None:
    html = html_fragment(EDITED)

    assert '<del><span class="hidden">removed: </span>12<span class="hidden"> end removed </span></del>' in html
    assert '<p class="replace" dir="auto">' in html


def test_whole_paragraphs_have_a_sign_and_words_are_marked_where_they_stand() -> None:
    html = html_fragment(diff(content(*BEFORE), content(BEFORE[0], "Something else was said.", *AFTER[1:])))

    assert re.findall(r'class="(gone|come|replace)"', html) == ["come", "replace", "gone", "come"]
    assert "ashore" in html
    assert " <del>" in html
    assert "</ins> people" in html


def test_a_split_paragraph_breaks_where_the_new_one_does() -> None:
    html = html_fragment(diff(content(f"{BEFORE[0]} {BEFORE[1]}"), content(BEFORE[0], BEFORE[1].replace("12", "17"))))

    assert '¶<span class="hidden"> end added </span></ins><br>' in html


def test_a_direction_is_left_to_each_paragraph() -> None:
    html = html_fragment(diff(content("شخص واحد"), content("شخص اثنان")))

    assert html.count('dir="auto"') == html.count("<p ")


def test_a_moved_paragraph_is_told_where_it_went_and_where_it_stood() -> None:
    page = words_of(html_fragment(diff(content(*BEFORE), content(*BEFORE[1:], BEFORE[0]))))

    assert page.index("Paragraph 1 moved to 5: The ferry ran aground") < page.index("Moved from paragraph 1 to 5")


def test_unchanged_paragraphs_can_be_opened_in_a_diff_and_only_counted_in_a_history() -> None:
    filler = [f"Paragraph number {number} stands here as it always has." for number in range(6)]
    edits = diff(content(*filler, BEFORE[1]), content(*filler, AFTER[1]))

    assert "<details><summary>… 5 unchanged paragraphs</summary>" in html_fragment(edits)
    assert filler[0] in html_fragment(edits)
    assert '<p class="note">… 5 unchanged paragraphs</p>' in html_fragment(edits, unfolded=False)
    assert filler[0] not in html_fragment(edits, unfolded=False)


def test_a_version_is_shown_with_the_words_and_the_instants_of_its_claims() -> None:
    told = replace(
        content(*BEFORE, headline="Ferry"), claims=(claim(VISIBLE, 5),), standfirst="In fog", byline=("A. B.",)
    )
    page = words_of(version_page(the_article(), version(1, told), PAGE, {}))

    assert "Updated “Updated 12:05”: 2022-01-25 12:05 UTC (the visible line)" in page
    assert "In fog" in page
    assert "By A. B." in page
    assert f"SHA-256 of the page: {1:064x}" in page


# -- that nothing acts


def test_pages_stand_alone() -> None:
    for page in (history(Declaration.STEALTH), version_page(the_article(), version(1, content()), PAGE, {})):
        assert "<script" not in page
        assert not re.findall(r"src=|@import|url\(|<link", page)
        assert set(re.findall(r'href="([^"#]+)', page)) == {"https://news.example/ferry"}
        assert "default-src 'none'" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https:x", " https://x", "HTTPS://x"])
def test_only_an_address_of_the_web_is_a_link(url: str) -> None:
    assert "<a href" not in version_page(the_article(url), version(1, content()), PAGE, {})


@pytest.mark.parametrize(
    ("language", "shown"), [("en", True), ("zh-Hant-TW", True), ('"><script>', False), ("", False), (None, False)]
)
def test_a_language_is_a_tag_or_nothing(language: str | None, shown: bool) -> None:
    fragment = html_fragment(diff(content("a"), content("b")), language=language)

    assert (f'lang="{language}"' in fragment) is shown
    assert ("lang=" in fragment) is shown
