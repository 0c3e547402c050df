"""JSON Feed 1.0 and 1.1."""

import json
from collections.abc import Mapping
from typing import Any

from monitor.discover.found import Found, FoundKind, Item, refused
from monitor.discover.links import ENTRIES_MAX, SECTIONS_MAX, absolute, instant_of, plain_title


def read_json_feed(text: str, url: str) -> Found:
    """The items of a JSON Feed that came from `url`."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return refused("broken JSON")
    if not isinstance(document, dict) or "jsonfeed.org/version/1" not in str(document.get("version")):
        return refused("JSON that is no JSON Feed")
    entries = document.get("items")
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    items = [item for entry in entries[:ENTRIES_MAX] if (item := _item(entry, url))]
    return Found(
        kind=FoundKind.JSON,
        items=tuple(items),
        listed=min(len(entries), ENTRIES_MAX),
        cut=len(entries) > ENTRIES_MAX,
        title=plain_title(_word(document, "title")),
        language=_word(document, "language"),
    )


def _item(entry: Mapping[str, Any], base: str) -> Item | None:
    url = absolute(_word(entry, "url") or _word(entry, "external_url") or _identity(entry), base)
    if url is None:
        return None
    return Item(
        url=url,
        title=plain_title(_word(entry, "title")),
        updated_at=instant_of(_word(entry, "date_modified")),
        published_at=instant_of(_word(entry, "date_published")),
        raw_updated=_word(entry, "date_modified"),
        raw_published=_word(entry, "date_published"),
        sections=_sections(entry),
        language=_word(entry, "language"),
    )


def _sections(entry: Mapping[str, Any]) -> tuple[str, ...]:
    tags = entry.get("tags")
    names = [tag for tag in tags[:SECTIONS_MAX] if isinstance(tag, str)] if isinstance(tags, list) else []
    return tuple(name for tag in names if (name := plain_title(tag)))


def _identity(entry: Mapping[str, Any]) -> str | None:
    identity = _word(entry, "id") or ""
    return identity if identity.startswith(("http://", "https://")) else None


def _word(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) and value else None
