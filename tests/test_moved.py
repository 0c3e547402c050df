"""An article that has moved for good is shown with the address it is found at."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Monitor
from tests.fakes import BODY, NOON, FakeClock, page
from tests.origin import Origin, Reply, redirect
from tests.test_main_path import look, program

SAME = Reply(200, page(*BODY), (("Content-Type", "text/html"),))


async def _sent_on(folder: Path, looks: int) -> str:
    """Fill a store: an article, sent on by 301 at each look, thirteen hours apart. Where it was sent to."""
    clock = FakeClock()
    async with Origin() as origin, program(folder, "http://127.0.0.1:9/", clock) as app:
        there = origin.serve("/slug", SAME)
        article, _ = await app.store.add_article(origin.serve("/story", SAME), host="127.0.0.1", now=clock.now())
        await look(app, [article])
        origin.serve("/story", redirect("/slug", 301))
        for _ in range(looks):
            clock.advance(timedelta(hours=13))
            await look(app, [article])
        return there


@pytest.fixture
def there(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return asyncio.run(_sent_on(tmp_path, request.param))


@pytest.mark.parametrize("there", [3], indirect=True)
def test_a_moved_article_is_shown_with_where_it_is_and_since_when(there: str, monitor: Monitor) -> None:
    since = NOON + timedelta(hours=13)

    (listed,) = json.loads(monitor("list", "--json").out)
    told = json.loads(monitor("history", "1", "--json").out)["article"]
    assert listed["moved_to"] == told["moved_to"] == there
    assert told["moved_at"] == f"{since:%Y-%m-%dT%H:%M:%SZ}"
    assert f"found at {there} since {since:%d %b %Y %H:%M:%S}" in " ".join(monitor("history", "1").out.split())


@pytest.mark.parametrize("there", [2], indirect=True)
@pytest.mark.usefixtures("there")
def test_of_one_that_was_not_sent_on_for_a_day_nothing_is_said(monitor: Monitor) -> None:
    (listed,) = json.loads(monitor("list", "--json").out)
    told = json.loads(monitor("history", "1", "--json").out)["article"]
    assert (listed["moved_to"], told["moved_to"], told["moved_at"]) == (None, None, None)
    assert "found at" not in monitor("history", "1").out
