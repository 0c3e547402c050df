"""The schema of webhooks in the documents, held against what is sent: whatever a body holds stands in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.alerts.digest import digest_message
from monitor.alerts.messages import disabled_notice, notice_message
from monitor.alerts.story import Story
from monitor.core.article import Declaration, FactKind, Field, Stage
from monitor.core.health import Notice
from monitor.core.policy import AlertEvent
from monitor.ports import Message
from tests.alerts.shelf import NINE, Shelf, article, batch, stamp
from tests.alerts.test_messages import composed, twelve_to_seventeen

FILE = Path(__file__).parents[2] / "docs" / "webhook.schema.json"


def closed(schema: Any) -> Any:
    """The same, letting nothing by that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items() if key != "examples"}
    if made.get("type") == "object" and made.get("required") != ["type", "timestamp", "data"] and "properties" in made:
        made["additionalProperties"] = False
    return made


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))


def problems(schema: Any, body: Any) -> list[str]:
    found = Draft202012Validator(closed(schema), format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(body)
    return [
        f"{error.json_path}: {error.message[:300]} {[c.message[:200] for c in error.context or ()]}" for error in found
    ]


def test_it_is_a_schema_and_its_examples_fit_it(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)
    assert [problems(schema, example) for example in schema["examples"]] == [[]] * 5


def test_it_names_every_word_that_there_is(schema: Any) -> None:
    words = schema["$defs"]
    assert words["event"]["enum"] == [str(event) for event in AlertEvent]
    assert set(words["field"]["enum"]) == {str(field) for field in Field}
    assert set(words["declaration"]["anyOf"][0]["enum"]) == {str(one) for one in Declaration}
    assert set(words["fact"]["properties"]["kind"]["enum"]) == {str(kind) for kind in FactKind}
    assert set(words["article"]["properties"]["stage"]["anyOf"][0]["enum"]) == {str(stage) for stage in Stage}
    kinds = [kind for variant in schema["oneOf"] for kind in variant["properties"]["type"]["enum"]]
    assert len(kinds) == len(set(kinds))
    assert {f"article.{event}" for event in AlertEvent} | {f"monitor.{notice}" for notice in Notice} < set(kinds)


def long_changes() -> Shelf:
    shelf = Shelf()
    shelf.publish(article("A blast killed 12 people.", "x " * 9_000, headline="Blast", claims=stamp(9, 5)))
    for minute in (15, 25):
        words, headline = f"A blast killed {minute} people.", f"Blast {minute}"
        new = article(words, f"y{minute} " * 9_000, headline=headline, corrections=("Fixed.",), claims=stamp(9, minute))
        shelf.publish(new)
    return shelf


async def bodies() -> list[tuple[str, Message]]:
    short, long = twelve_to_seventeen(announced=False), long_changes()
    told = [
        ("a change", await composed(short, short.row(2))),
        ("a long change", await composed(long, long.row(2))),
        ("gathered", await composed(long, long.row(2), long.row(3))),
        ("unreadable", await composed(short, short.row(2, change_id=99))),
        ("a test", await composed(short, short.row(2, article_id=None, change_id=None, event=None, stage=None))),
        ("a channel that is off", disabled_notice("hook", "410", "msg_1", NINE)),
    ]
    told += [
        (str(event), await composed(short, short.event(event, "why"))) for event in AlertEvent if event != "changed"
    ]
    told += [(str(one), notice_message("msg_1", one, "the monitor", "It sees nothing.", NINE)) for one in Notice]
    for why in ("storm", "every 3600 s"):
        row = short.row(2, digest=why, url=short.url)
        stories = [Story(row=row, url=short.url, host="news.example", change=short.kept[2])]
        told.append((f"a digest: {why}", digest_message(batch(row), stories)))
    return told


async def test_every_body_that_is_sent_fits_it(schema: Any) -> None:
    found = {name: list(_wrong(schema, message)) for name, message in await bodies()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _wrong(schema: Any, message: Message) -> Iterator[str]:
    assert len(message.body.encode()) < 20_000
    yield from problems(schema, json.loads(message.body))


@pytest.mark.parametrize("key", ["type", "timestamp", "data"])
async def test_a_body_without_a_part_of_it_does_not_fit(schema: Any, key: str) -> None:
    shelf = twelve_to_seventeen(announced=True)
    body = json.loads((await composed(shelf, shelf.row(2))).body)
    assert problems(schema, body) == []
    del body[key]
    assert problems(schema, body) != []
