"""Many alerts of many articles -> one message that lists them all."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from monitor.alerts.body import BODY_MAX, item_json
from monitor.alerts.letter import H2, LEAD, LINE, letter, linked
from monitor.alerts.story import Story, read_story
from monitor.alerts.wording import line_of, opening_of
from monitor.core.address import host_of
from monitor.core.article import Declaration
from monitor.core.text import printable
from monitor.core.wire import JsonObject, instant_json
from monitor.errors import MonitorError, StoreBusy, StoreUnavailable
from monitor.ports import Message
from monitor.render.mail import HTML_MAX, size, wrapped
from monitor.render.passages import clipped, counted
from monitor.render.payload import encoded
from monitor.render.sentences import moment
from monitor.store import STORM, Batch, OutboxRow, Store

TOLD_WITH_FACTS = 50
"""How many of the alerts are read whole, so that a line can say what changed; of the others it says how much."""
TEXT_MAX = 4_000_000
"""Bytes. Ten thousand alerts, and below what mail servers take; the HTML beside it is shorter, and says so."""
IDS_MAX = 6_000
"""Bytes of the ranges of ids in a webhook."""


async def read_digest(store: Store, batch: Batch) -> list[Story]:
    """What each delivery tells, of the first ones with their edits. One that cannot be read is told by its row."""
    rows = batch.deliveries
    changes = await store.changes_of([row.change_id for row in rows if row.change_id is not None])
    stories = []
    for place, row in enumerate(rows):
        url = row.url or ""
        story = Story(row=row, url=url, host=host_of(url) if url else "", change=changes.get(row.change_id or 0))
        if place < TOLD_WITH_FACTS:
            try:
                story = await read_story(store, row)
            except (StoreUnavailable, StoreBusy):
                raise
            except MonitorError:
                pass  # damaged: the line says what the row knows
        stories.append(story)
    return stories


def digest_message(batch: Batch, stories: Sequence[Story]) -> Message:
    """A function of rows that never change. The weightiest articles first, each with all that is told of it."""
    articles = _by_article(stories)
    rows = batch.deliveries
    return Message(
        id=batch.message_id,
        type="monitor.digest",
        body=_body(batch, articles),
        subject=_subject(rows, stories, articles),
        text=_text(batch, stories, articles),
        html=_html(batch, stories, articles),
        thread="storm" if is_storm(rows) else f"digest-{rows[-1].rule}".replace(" ", "-"),
        created_at=rows[-1].created_at,
    )


def is_storm(rows: Sequence[OutboxRow]) -> bool:
    return rows[-1].digest == STORM


def _by_article(stories: Sequence[Story]) -> list[list[Story]]:
    found: dict[int | None, list[Story]] = {}
    for story in stories:
        found.setdefault(story.row.article_id, []).append(story)
    return sorted(found.values(), key=lambda told: not any(_is_weighty(story) for story in told))


def _is_weighty(story: Story) -> bool:
    return opening_of(story) in ("Stealth edit", "Correction", "Gone")


# -- in words


def _subject(rows: Sequence[OutboxRow], stories: Sequence[Story], articles: Sequence[Sequence[Story]]) -> str:
    hosts = {story.host for story in stories}
    where = f" ({hosts.pop()})" if len(hosts) == 1 else ""
    kind = "Many at once" if is_storm(rows) else f"Digest of {printable(rows[-1].rule, 60)}"
    return f"{kind}: {_counts(stories)} in {counted(len(articles), 'article')}{where}"


def _counts(stories: Iterable[Story]) -> str:
    """`12 changes (2 stealth), 1 gone`."""
    changes = [story for story in stories if story.row.change_id is not None]
    parts = []
    if changes:
        stealth = sum(1 for s in changes if s.change is not None and s.change.declaration is Declaration.STEALTH)
        parts.append(counted(len(changes), "change") + (f" ({stealth} stealth)" if stealth else ""))
    events = Counter(opening_of(story).lower() for story in stories if story.row.change_id is None)
    return ", ".join([*parts, *(f"{count} {what}" for what, count in events.items())])


def _reason(batch: Batch) -> str:
    rows = batch.deliveries
    span = f"from {moment(rows[0].created_at)} to {moment(rows[-1].created_at)}"
    if is_storm(rows):
        return f"So much happened at once that it is told in one message: all alerts of this channel {span}."
    return f"All that the rule {printable(rows[-1].rule, 60)} has gathered {span}."


def _text(batch: Batch, stories: Sequence[Story], articles: Sequence[Sequence[Story]]) -> str:
    opening = wrapped(f"{_counts(stories)} in {counted(len(articles), 'article')}.") + wrapped(_reason(batch)) + "\n"
    parts, room = [opening], TEXT_MAX
    for place, told in enumerate(articles):
        part = f"{wrapped(_title(told))}{wrapped(clipped(told[0].url, 600))}"
        part += "".join(wrapped(f"* {printable(line_of(story), 300)}", "", "  ") for story in told) + "\n"
        room -= size(part)
        if room < 0:
            parts.append(wrapped(_more(batch, articles[place:])))
            break
        parts.append(part)
    return f"{''.join(parts)}-- \n{_signature(batch)}\n"


def _html(batch: Batch, stories: Sequence[Story], articles: Sequence[Sequence[Story]]) -> str:
    parts, room = [f'<p style="{LEAD}">{escape(_reason(batch))}</p>\n'], HTML_MAX - 4_000
    for place, told in enumerate(articles):
        part = f'<h2 dir="auto" style="{H2}">{linked(_title(told), told[0].url)}</h2>\n'
        part += "".join(
            f'<p dir="auto" style="{LINE}">{escape(printable(line_of(story), 300))}</p>\n' for story in told
        )
        room -= size(part)
        if room < 0:
            parts.append(f'<p style="{LEAD}">{escape(_more(batch, articles[place:]))}</p>\n')
            break
        parts.append(part)
    kind = "Many at once" if is_storm(batch.deliveries) else "Digest"
    title = escape(f"{_counts(stories)} in {counted(len(articles), 'article')}")
    return letter(kind, title, "".join(parts), _signature(batch))


def _more(batch: Batch, articles: Sequence[Sequence[Story]]) -> str:
    left = sum(len(told) for told in articles)
    return f"… {left} more: the text of this mail and 'monitor alerts list --message {batch.message_id}' list all."


def _title(told: Sequence[Story]) -> str:
    last = told[-1]
    return clipped(f"{last.row.headline} ({last.host})" if last.row.headline else last.url, 300)


def _signature(batch: Batch) -> str:
    rule = "" if is_storm(batch.deliveries) else f", rule {printable(batch.deliveries[-1].rule, 60)}"
    return f"monitor: message {batch.message_id}{rule}"


# -- for programs


def _body(batch: Batch, articles: Sequence[Sequence[Story]]) -> str:
    """As many alerts as there is room for, and the ids of all of them."""
    rows = batch.deliveries
    data: JsonObject = {
        "why": "storm" if is_storm(rows) else "digest",
        "rule": None if is_storm(rows) else printable(rows[-1].rule, 100),
        "not_before": instant_json(rows[0].created_at),
        "not_after": instant_json(rows[-1].created_at),
        "articles_total": len(articles),
        "items_total": len(rows),
        "change_ids": _ranges(row.change_id for row in rows if row.change_id is not None),
        "event_ids": _ranges(row.event_id for row in rows if row.event_id is not None),
        "truncated": True,
        "items": [],
    }
    document: JsonObject = {"type": "monitor.digest", "timestamp": instant_json(rows[-1].created_at), "data": data}
    room = BODY_MAX - len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))
    told = [story for article in articles for story in article]
    for story in told:
        item = item_json(story, printable(line_of(story), 300))
        room -= len(encoded(item).encode("utf-8", "replace")) + 1
        if room < 0:
            break
        data["items"].append(item)
    else:
        del data["truncated"]
    return encoded(document)


def _ranges(ids: Iterable[int]) -> str:
    """`3-7,9`: short where they follow one another, as those of a storm do. Cut with an ellipsis."""
    spans: list[list[int]] = []
    for number in sorted(set(ids)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    length, words = 0, list[str]()
    for first, last in spans:
        word = f"{first}-{last}" if last > first else str(first)
        length += len(word) + 1
        if length > IDS_MAX:
            return ",".join([*words, "…"])
        words.append(word)
    return ",".join(words)
