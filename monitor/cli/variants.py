"""How the headlines of an article are told: the variants of a test, and what other surfaces say."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from rich.text import Text

from monitor.cli.session import clock_time
from monitor.core.article import Article, Content
from monitor.core.headline import Surface, same
from monitor.core.lifecycle.headlines import SeenTest, seen_tests
from monitor.core.text import printable
from monitor.core.wire import instant_json


def lines(article: Article, tz: tzinfo) -> Iterator[Text]:
    """The latest test of each surface, as it stands."""
    for seen in seen_tests(article.headlines):
        test = seen.test
        end = f" to {clock_time(test.ended_at, tz)}" if test.ended_at else ""
        yield Text(f"by turns in {', '.join(seen.surfaces)}, from {clock_time(test.since, tz)}{end}:")
        for wording in seen.wordings:
            times = f"first {clock_time(wording.first_at, tz)}, last {clock_time(wording.last_at, tz)}"
            line = Text(f"  {wording.tested} of {seen.looks} looks  ")
            yield line.append(printable(wording.text, 120), style="bold").append(f"  {times}", style="dim")


def tests_json(article: Article) -> list[dict[str, Any]]:
    return [_test_json(seen) for seen in seen_tests(article.headlines)]


def _test_json(seen: SeenTest) -> dict[str, Any]:
    """The wording seen most comes first; `share` is of the looks since the test began."""
    return {
        "surfaces": list(seen.surfaces),
        "since": instant_json(seen.test.since),
        "told_at": instant_json(seen.test.told_at),
        "ended_at": instant_json(seen.test.ended_at),
        "texts": [
            {
                "text": wording.text,
                "looks": wording.tested,
                "share": round(wording.tested / max(seen.looks, 1), 3),
                "first_seen_at": instant_json(wording.first_at),
                "last_seen_at": instant_json(wording.last_at),
            }
            for wording in seen.wordings
        ],
    }


def other_headlines(content: Content) -> Iterator[Text]:
    """The surfaces that say something else than the headline. An address never says it by the letter."""
    for said in content.headlines:
        if said.surface is not Surface.SLUG and not same(said.text, content.headline):
            yield Text(f"{said.surface}: {printable(said.text)}", style="dim")
