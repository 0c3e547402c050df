"""What is asked of a source: in options, in the words of [[sources]], and in a list that goes to another monitor."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta

from monitor.config import parse
from monitor.core.policy import Selection, SourceEntry
from monitor.discover import Link
from monitor.errors import ConfigError, Misuse
from monitor.store import SourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked of a source, as the options say it."""

    selection: Selection
    only_live: bool
    mentions: tuple[str, ...]
    tags: tuple[str, ...]
    every: timedelta | None

    def over(self, link: Link) -> "Wishes":
        """For a source of a list: what the options leave open is as the list has it; tags add up. Raises Misuse."""
        listed = _listed(link)
        chosen = {key.name: getattr(self.selection, key.name) or getattr(listed, key.name) for key in fields(Selection)}
        return Wishes(
            selection=Selection(**chosen),
            only_live=self.only_live or listed.only_live,
            mentions=self.mentions or listed.mentions,
            tags=tuple(dict.fromkeys((*self.tags, *(listed.tags or link.tags)))),
            every=self.every or listed.every,
        )


def _listed(link: Link) -> SourceEntry:
    """What the list says of it, read like a table of [[sources]]."""
    words: dict[str, object] = {}
    for key, value in link.asks:
        try:
            words[key] = json.loads(value)
        except (ValueError, RecursionError):
            raise Misuse(f"{link.url}: {key}: {value[:80]!r} is no JSON; quote texts") from None
    try:
        return parse({"sources": [words | {"url": link.url}]}, file=None, environ={}).sources[0]
    except ConfigError as error:
        raise Misuse(f"{link.url}: {error.key.removeprefix('sources[0].')}: {error.problem}") from None


def listed(row: SourceRow) -> Link:
    """The source as a list has it: what else is asked of it are keys of [[sources]], their values JSON."""
    asked = {key: value for key, value in _asked(row) if value}
    asks = tuple((key, json.dumps(value, ensure_ascii=False)) for key, value in asked.items())
    return Link(url=row.url, tags=row.tags, asks=asks)


def _asked(row: SourceRow) -> Iterator[tuple[str, object]]:
    for name in (key.name for key in fields(SourceEntry) if key.name != "url"):
        value = getattr(row.selection if hasattr(row.selection, name) else row, name)
        yield name, _span(value) if isinstance(value, timedelta) else value


def _span(length: timedelta) -> str:
    """As `config.duration` reads it."""
    milliseconds = length // timedelta(milliseconds=1)
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"
