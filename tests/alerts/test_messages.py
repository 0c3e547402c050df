"""What an alert says: the same at every try, within its bounds, and inert whatever the page says."""

# ruff: noqa: ARG002 - a fake takes what the port hands it

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from monitor.alerts.body import BODY_MAX
from monitor.alerts.email import compose_email
from monitor.alerts.messages import compose
from monitor.core.article import Stage
from monitor.core.policy import AlertEvent
from monitor.errors import CorruptVersion, StoreUnavailable
from monitor.ports import Message
from monitor.store import OutboxRow, Store
from tests.alerts.shelf import NINE, Shelf, article, batch, stamp


async def composed(shelf: Shelf, *rows: OutboxRow) -> Message:
    return await compose(cast(Store, shelf), batch(*rows))


async def data(shelf: Shelf, *rows: OutboxRow) -> Any:
    return json.loads((await composed(shelf, *rows)).body)["data"]


def twelve_to_seventeen(*, announced: bool) -> Shelf:
    shelf = Shelf()
    shelf.publish(article("A blast killed 12 people.", "Police are there.", claims=stamp(9, 5)))
    claims = stamp(9, 18) if announced else stamp(9, 5)
    shelf.publish(article("A blast killed 17 people.", "Police are there.", claims=claims))
    return shelf


async def test_the_webhook_body_is_the_one_that_was_promised() -> None:
    shelf = twelve_to_seventeen(announced=True)
    message = await composed(shelf, shelf.row(2))

    assert json.loads(message.body) == {
        "type": "article.changed",
        "timestamp": "2022-01-25T09:20:00Z",
        "data": {
            "article": {
                "id": 7,
                "url": "https://news.example/2022/blast",
                "headline": "Blast in Kyiv",
                "stage": "live",
                "tags": ["war"],
            },
            "change": {
                "id": 2,
                "from_version": 1,
                "to_version": 2,
                "declaration": "announced",
                "fields": ["body", "updated"],
                "words_added": 1,
                "words_removed": 1,
                "not_before": "2022-01-25T09:15:00Z",
                "not_after": "2022-01-25T09:20:00Z",
                "state": "confirmed",
                "cosmetic": False,
                "similarity": pytest.approx(0.9, abs=0.1),
                "claims_moved": ["visible"],
                "claims_still": [],
                "announced_late_by": None,
                "notes": [],
                "facts_without_note": True,
                "facts": [{"kind": "number", "field": "body", "old": "12", "new": "17"}],
                "facts_total": 1,
                "edits": [
                    {
                        "field": "body",
                        "op": "replace",
                        "old": "A blast killed 12 people.",
                        "new": "A blast killed 17 people.",
                    }
                ],
                "edits_total": 1,
            },
            "publisher": {
                "published_at": "2022-01-25T09:00:00Z",
                "updated_at": "2022-01-25T09:18:00Z",
                "updated_raw": "Updated: 09:18 GMT 25.01.2022",
                "previous_updated_at": "2022-01-25T09:05:00Z",
            },
        },
    }


async def test_every_try_says_the_same_byte_for_byte() -> None:
    shelf = twelve_to_seventeen(announced=False)
    first = await composed(shelf, shelf.row(2))
    # Between two tries the article goes on: a late stamp, another look, another stage.
    shelf.kept[2] = replace(shelf.kept[2], announced_late_by=timedelta(minutes=3))
    second = await composed(shelf, shelf.row(2, attempts=4, first_attempt_at=NINE, last_error="x"))

    assert first == second


async def test_a_late_stamp_that_was_known_is_told() -> None:
    shelf = twelve_to_seventeen(announced=False)
    shelf.kept[2] = replace(shelf.kept[2], announced_late_by=timedelta(minutes=3))

    told = await data(shelf, shelf.row(2, created_at=shelf.versions[2].first_seen_at + timedelta(minutes=4)))

    assert told["change"]["announced_late_by"] == 180


async def test_a_held_change_and_the_next_are_told_as_one() -> None:
    shelf = twelve_to_seventeen(announced=False)
    shelf.publish(article("A blast killed 17 people.", "Police have left.", claims=stamp(9, 5)))

    change = (await data(shelf, shelf.row(3, from_version_id=1)))["change"]

    assert (change["id"], change["from_version"], change["to_version"]) == (3, 1, 3)
    assert [edit["new"] for edit in change["edits"]] == ["A blast killed 17 people.", "Police have left."]
    assert change["not_before"] == "2022-01-25T09:15:00Z"
    assert change["not_after"] == "2022-01-25T09:30:00Z"


async def test_gathered_changes_are_one_mail_that_lists_each() -> None:
    shelf = twelve_to_seventeen(announced=True)
    shelf.publish(article("A blast killed 17 people.", "Police have left.", claims=stamp(9, 28)))
    message = await composed(shelf, shelf.row(2), shelf.row(3))

    assert message.subject == '2 changes in "Blast in Kyiv" (news.example)'
    for part in (message.text, message.html):
        assert "1 of 2: Updated" in part
        assert "2 of 2: Updated" in part
    body = json.loads(message.body)["data"]
    assert [change["id"] for change in body["changes"]] == [2, 3]
    assert len(body["change"]["edits"]) == 2


@pytest.mark.parametrize(
    ("old", "new", "announced", "what"),
    [
        ("It killed 12 people.", "It killed 17 people.", False, "Stealth edit: 12 -> 17"),
        ("It killed 12 people.", "It killed 17 people.", True, "Updated: 12 -> 17"),
        ("It is over.", "It is over. Nobody was hurt.", True, "Updated: 3 words added"),
        ("It is over. Nobody was hurt.", "It is over.", True, "Updated: 3 words removed"),
    ],
)
async def test_the_subject_says_what_happened(old: str, new: str, announced: bool, what: str) -> None:
    shelf = Shelf()
    shelf.publish(article(old, claims=stamp(9, 5)))
    shelf.publish(article(new, claims=stamp(9, 18) if announced else stamp(9, 5)))

    assert (await composed(shelf, shelf.row(2))).subject == f'{what} in "Blast in Kyiv" (news.example)'


async def test_a_rewritten_headline_is_the_subject() -> None:
    shelf = Shelf(headline="Mayor denies resigning")
    shelf.publish(article("Text.", headline="Mayor resigns", claims=stamp(9, 5)))
    shelf.publish(article("Text.", headline="Mayor denies resigning", claims=stamp(9, 5)))

    subject = (await composed(shelf, shelf.row(2))).subject
    assert subject == 'Stealth edit: "Mayor resigns" -> "Mayor denies resigning" (news.example)'


async def test_a_correction_is_called_one() -> None:
    shelf = Shelf()
    shelf.publish(article("Text.", claims=stamp(9, 5)))
    shelf.publish(article("Text.", claims=stamp(9, 18), corrections=("Correction: the mayor is called Smith.",)))

    assert (await composed(shelf, shelf.row(2))).subject.startswith("Correction: ")


async def test_a_note_that_tells_of_an_update_is_no_correction() -> None:
    shelf = Shelf()
    shelf.publish(article("Text.", claims=stamp(9, 5)))
    shelf.publish(article("Text.", claims=stamp(9, 18), corrections=("Update: the mayor has spoken.",)))

    assert (await composed(shelf, shelf.row(2))).subject.startswith("Updated: ")


async def test_the_letter_gives_both_clocks_and_the_honest_window() -> None:
    shelf = twelve_to_seventeen(announced=True)
    message = await composed(shelf, shelf.row(2))

    assert "Changed between 09:15:00 and 09:20:00 UTC on 2022-01-25." in message.text
    assert (
        'The publisher says "Updated: 09:18 GMT 25.01.2022" (2022-01-25 09:18 UTC); '
        "before, it was 2022-01-25 09:05 UTC." in " ".join(message.text.split())
    )
    assert "Changed between 09:15:00 and 09:20:00 UTC on 2022-01-25." in message.html
    assert "https://news.example/2022/blast" in message.text
    assert 'href="https://news.example/2022/blast"' in message.html


@pytest.mark.parametrize("event", [e for e in AlertEvent if e is not AlertEvent.CHANGED])
async def test_every_event_is_told_with_its_window(event: AlertEvent) -> None:
    shelf = twelve_to_seventeen(announced=True)
    row = shelf.event(event, "the server answers 404")
    message = await composed(shelf, row)

    assert message.type == f"article.{event}"
    assert "between 11:00:00 and 11:02:00 UTC on 2022-01-25" in message.text
    body = json.loads(message.body)
    assert body["type"] == f"article.{event}"
    assert body["data"]["change"] is None
    assert body["data"]["event"]["detail"] == "the server answers 404"
    assert body["data"]["publisher"]["updated_at"] == "2022-01-25T09:18:00Z"


@pytest.mark.parametrize("length", [10, 1_000, 4_000, 30_000])
@pytest.mark.parametrize("letter", ["x", "Ж", '"', "\\", "🔥"])
async def test_the_body_stays_below_its_limit(length: int, letter: str) -> None:
    words = [f"{letter * min(length, 2_000)} {n}" for n in range(max(1, length // 1_000))]
    shelf = Shelf()
    shelf.publish(article(*words, claims=stamp(9, 5)))
    shelf.publish(article(*(f"{word} more" for word in words), claims=stamp(9, 5)))
    message = await composed(shelf, shelf.row(2))

    assert len(message.body.encode()) <= BODY_MAX < 20_000
    change = json.loads(message.body)["data"]["change"]
    assert change["edits"]
    complete = len(change["edits"]) == change["edits_total"] and not any("excerpt" in e for e in change["edits"])
    assert change.get("truncated", False) is not complete


@pytest.mark.parametrize("letter", ["x", "Ж", '"', "\\", "🔥", "\ud800", "\x1b", "e\u0301"])
async def test_the_body_stays_below_its_limit_whatever_is_long(letter: str) -> None:
    long = letter * 5_000
    shelf = Shelf(headline=long, url="https://news.example/" + long)
    claims = tuple(replace(claim, raw=long) for claim in stamp(9, 5))
    shelf.publish(article(long, headline="Calm", claims=claims))
    shelf.publish(article(f"{long} 12", long, headline=f"Loud {long}", claims=claims))
    rows = [shelf.row(2, id=number, tags=(long,) * 300, headline=long) for number in range(30)]
    message = await composed(shelf, *rows)

    body = json.loads(message.body)["data"]
    assert len(message.body.encode()) < 20_000
    assert body["changes_total"] == 30
    assert 5 < len(body["changes"]) < 30
    assert body["change"]["facts"][0]["kind"] == "headline"
    assert body["change"]["edits"][0]["field"] == "headline"


async def test_a_hundred_long_edits_are_cut_to_what_there_is_room_for() -> None:
    shelf = Shelf()
    shelf.publish(article("Text.", claims=stamp(9, 5)))
    shelf.publish(article("Text.", *(f"{n} " + "word " * 10_000 for n in range(100)), claims=stamp(9, 5)))
    message = await composed(shelf, shelf.row(2))

    change = json.loads(message.body)["data"]["change"]
    assert len(message.body.encode()) < 20_000
    assert change["truncated"]
    assert change["edits_total"] == 100
    assert 10 < len(change["edits"]) < 100
    assert len(message.html.encode()) < 100_000


async def test_of_a_long_paragraph_the_difference_is_what_is_kept() -> None:
    shelf = Shelf()
    shelf.publish(article("word " * 6_000 + "killed 12 people", claims=stamp(9, 5)))
    shelf.publish(article("word " * 6_000 + "killed 17 people", claims=stamp(9, 5)))

    (edit,) = (await data(shelf, shelf.row(2)))["change"]["edits"]
    assert "12 people" in edit["old"]
    assert "17 people" in edit["new"]


async def test_a_change_that_is_told_whole_is_not_called_truncated() -> None:
    change = (await data(twelve_to_seventeen(announced=True), twelve_to_seventeen(announced=True).row(2)))["change"]

    assert "truncated" not in change
    assert len(change["edits"]) == change["edits_total"]


async def test_a_gathered_mail_stays_below_what_mail_services_cut_at() -> None:
    shelf = Shelf()
    for n in range(200):
        shelf.publish(
            article(*(f"Paragraph {n} {m}. " + "<Long> & longer. " * 30 for m in range(9)), claims=stamp(9, 5))
        )
    message = await composed(shelf, *(shelf.row(number) for number in range(2, 200)))

    for part in (message.text, message.html):
        assert len(part.encode()) < 100_000
        assert "1 of 198: " in part
        assert re.search(r"… \d+ changes? more", part)


async def test_the_text_keeps_to_72_columns() -> None:
    shelf = Shelf(headline="A headline that goes on " * 6)
    shelf.publish(article("A blast killed 12 people. " * 9, claims=stamp(9, 5)))
    shelf.publish(article("A blast killed 17 people. " * 9, claims=stamp(9, 5)))
    message = await composed(shelf, shelf.row(2))

    assert all(len(line) <= 72 for line in message.text.splitlines())


async def test_only_our_own_line_opens_the_signature() -> None:
    shelf = Shelf(headline="-- ")
    shelf.publish(article("-- ", "Text.", claims=stamp(9, 5)))
    shelf.publish(article("-- \n-- \nmore", "Text.", headline="-- ", claims=stamp(9, 5)))
    message = await composed(shelf, shelf.row(2))

    assert message.text.split("\n").count("-- ") == 1


async def test_an_address_that_no_click_should_follow_is_no_link() -> None:
    for url in ("javascript:alert(1)", "https://news.example/\u202egnp", "https://news.example/" + "a" * 9_000):
        shelf = Shelf(url=url)
        shelf.publish(article("Text 12.", claims=stamp(9, 5)))
        shelf.publish(article("Text 17.", claims=stamp(9, 5)))

        assert "href" not in (await composed(shelf, shelf.row(2))).html


async def test_the_letter_says_in_which_language_the_page_is() -> None:
    for language, said in (("ja", ' lang="ja"'), ('"><b>', ""), (None, "")):
        shelf = Shelf()
        shelf.publish(article("Text 12.", claims=stamp(9, 5)))
        shelf.publish(replace(article("Text 17.", claims=stamp(9, 5)), language=language))

        html = (await composed(shelf, shelf.row(2))).html
        assert html.count(" lang=") == (2 if said else 1)
        assert said in html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\r\nBcc: x@evil.example",
    "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    "\x1b]0;owned\x07\u202egnp",
    "javascript:alert(1)",
    "{{7*7}} ${7*7} %s",
    "\ud800",
]


@pytest.mark.parametrize("words", HOSTILE)
async def test_nothing_of_a_page_is_active_in_a_letter(words: str) -> None:
    shelf = Shelf(headline=words, url="javascript:alert(1)")
    shelf.publish(article("Text.", headline="Calm", claims=stamp(9, 5)))
    shelf.publish(article(words, headline=words, claims=stamp(9, 5)))
    message = await composed(shelf, shelf.row(2))
    letter = compose_email(message, "m@news.example", ("desk@news.example",), NINE)

    assert "<script" not in message.html
    assert "<img" not in message.html
    assert 'href="javascript' not in message.html
    assert "\x1b" not in message.text + message.html
    assert "Bcc" not in letter
    json.loads(message.body)


class Damaged(Shelf):
    async def version(self, version_id: int) -> Any:
        raise CorruptVersion("ab" * 32, "wrong hash")


class Away(Shelf):
    async def version(self, version_id: int) -> Any:
        raise StoreUnavailable("gone")


async def test_a_damaged_version_is_told_of_plainly() -> None:
    whole = twelve_to_seventeen(announced=True)
    shelf = Damaged(versions=whole.versions, kept=whole.kept)
    message = await composed(shelf, shelf.row(2))

    assert message.subject == 'Changed: "Blast in Kyiv"'
    assert json.loads(message.body)["data"]["change"] == {"id": 2, "truncated": True}
    assert message.id == "msg_first"


async def test_a_store_that_is_away_is_no_reason_to_send_less() -> None:
    whole = twelve_to_seventeen(announced=True)
    with pytest.raises(StoreUnavailable):
        await composed(Away(versions=whole.versions, kept=whole.kept), whole.row(2))


async def test_a_test_message_says_so() -> None:
    shelf = Shelf()
    shelf.publish(article("Text."))
    row = shelf.row(1, article_id=None, change_id=None, event=None, stage=None)
    message = await composed(shelf, row)

    assert json.loads(message.body)["type"] == message.type == "monitor.test"


async def test_one_article_is_one_thread() -> None:
    shelf = twelve_to_seventeen(announced=True)
    change, gone = await composed(shelf, shelf.row(2)), await composed(shelf, shelf.event(AlertEvent.GONE))

    assert change.thread == gone.thread
    assert "@" not in change.thread


async def test_the_stage_and_headline_are_those_of_the_time() -> None:
    shelf = twelve_to_seventeen(announced=True)
    told = await data(shelf, shelf.row(2, stage=Stage.SETTLED, headline="As it was then"))

    assert told["article"]["stage"] == "settled"
    assert told["article"]["headline"] == "As it was then"
