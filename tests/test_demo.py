"""The demo is the main job end to end: five changes caught, none invented, each alert once, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.core.policy import Policy
from monitor.demo import EDITS, Newsroom, spend_the_day, stamp
from monitor.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'demo.db'}"
    return str(request.getfixturevalue("empty_postgresql"))


async def test_the_demo_catches_five_changes_and_invents_none(url: str) -> None:
    told: list[str] = []
    store = Store.open(url)
    try:
        async with Newsroom(clock=SystemClock()).open() as newsroom:
            day = await spend_the_day(newsroom, store, Policy(), tell=lambda who, what: told.append(f"{who}: {what}"))
        problems = await store.verify()
    finally:
        await store.close()

    changes = [row.change for row in day.history if row.change]
    assert day.complete, told
    assert len(changes) == EDITS == 5
    assert [(change.declaration, change.fields) for change in changes] == [
        ("announced", ("body", "updated")),
        ("stealth", ("body",)),
        ("announced", ("headline", "updated")),
        ("announced", ("corrections", "updated")),
        (None, ("live",)),
    ]
    assert day.unsigned == 0
    told_of = [hook["data"]["change"]["to_version"] for hook in day.hooks]  # type: ignore[index]  # JSON
    assert told_of == [2, 3, 4, 5]
    assert [str(mail["Subject"]).strip().split(":")[0] for mail in day.mails] == [
        "Updated",
        "Stealth edit",
        "Updated",
        "Correction",
    ]
    assert len({mail["References"] for mail in day.mails}) == 1
    assert problems == []


def test_the_newsroom_never_stamps_a_full_minute() -> None:
    minute = datetime(2022, 1, 25, 9, 55, tzinfo=UTC)
    second = timedelta(seconds=1)

    assert [stamp(minute), stamp(minute + second)] == [minute - second, minute + second]
