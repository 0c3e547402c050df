"""A batch of deliveries -> one message, the same at every try."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from html import escape

import structlog

from monitor.alerts.body import webhook_body
from monitor.alerts.story import Story, read_story, whole
from monitor.alerts.wording import lines_of, opening_of, subject_of
from monitor.core.text import printable
from monitor.core.wire import JsonObject, instant_json
from monitor.errors import StoreBusy, StoreUnavailable
from monitor.ports import Message
from monitor.render import email_html, email_text
from monitor.store import Batch, OutboxRow, Store

_log = structlog.get_logger()

LETTER_MAX = 200_000
"""Characters after which further changes of a gathered mail are listed without their text."""


async def compose(store: Store, batch: Batch) -> Message:
    """The message for this batch: a function of rows that never change, so that every attempt is the same, byte by
    byte. Where a row cannot be read or shown, a plain alert says at least that there is something to look at. Raises
    StoreError only when the store is away altogether."""
    newest = batch.deliveries[-1]
    if newest.event is None:
        return _test_message(batch, newest)
    try:
        stories = [await read_story(store, row) for row in batch.deliveries]
        return _message(batch, stories)
    except (StoreUnavailable, StoreBusy):
        raise
    except Exception:
        # Whatever is wrong with this page or its rendering, the alert must not wait behind it for ever.
        _log.exception("rendering_failed", message_id=batch.message_id, article=newest.article_id)
        return _plain(batch, newest)


def _message(batch: Batch, stories: Sequence[Story]) -> Message:
    newest = stories[-1].row
    kind = f"article.{newest.event}"
    return Message(
        id=batch.message_id,
        type=kind,
        body=webhook_body(kind, newest.created_at, stories, whole(stories)),
        subject=subject_of(stories),
        text=_text(stories),
        html=_html(stories),
        thread=_thread(stories[-1].row.article_id, stories[-1].url),
        created_at=newest.created_at,
    )


def _thread(article_id: int | None, url: str) -> str:
    """The digest keeps two monitors of one mail domain apart."""
    return f"article-{article_id}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def _text(stories: Sequence[Story]) -> str:
    last = stories[-1]
    parts, shown = [_title(last), printable(last.url), ""], True
    for number, story in enumerate(stories, start=1):
        if len(stories) > 1:
            parts += [f"== {number} of {len(stories)}: {opening_of(story)} ==", ""]
        parts += [*lines_of(story), ""]
        if shown and story.changed:
            parts += [email_text(story.edits).strip("\n"), ""]
        shown = shown and sum(map(len, parts)) < LETTER_MAX
    parts += ["-- ", _signature(last.row)]
    return "\n".join(parts) + "\n"


def _html(stories: Sequence[Story]) -> str:
    last = stories[-1]
    parts, shown = [f'<h1 style="{_H1}">{_link(last)}</h1>'], True
    for number, story in enumerate(stories, start=1):
        if len(stories) > 1:
            parts.append(f'<h2 style="{_H2}">{number} of {len(stories)}: {escape(opening_of(story))}</h2>')
        parts += [f'<p style="{_LINE}">{escape(line)}</p>' for line in lines_of(story)]
        if shown and story.changed:
            parts.append(email_html(story.edits))
        shown = shown and sum(map(len, parts)) < LETTER_MAX
    parts.append(f'<p style="{_SIGNATURE}">{escape(_signature(last.row))}</p>')
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"></head>\n<body style="{_BODY}">\n{body}\n</body></html>\n'
    )


_BODY = "margin:0;padding:16px;max-width:720px;font:16px/1.5 Georgia,serif;color:#1a1a1a"
_H1 = "margin:0 0 8px;font-size:20px;line-height:1.3"
_H2 = "margin:24px 0 8px;font-size:16px"
_LINE = "margin:0 0 4px;font:14px/1.5 Arial,sans-serif;color:#444"
_SIGNATURE = "margin:24px 0 0;font:12px/1.5 Arial,sans-serif;color:#777"


def _title(story: Story) -> str:
    return printable(story.row.headline or story.url, 300)


def _link(story: Story) -> str:
    """The headline as a link, where the address is one that a click may follow."""
    title = escape(_title(story))
    if not story.url.startswith(("https://", "http://")):
        return title
    return f'<a href="{escape(story.url)}" style="color:#1a1a1a">{title}</a>'


def _signature(row: OutboxRow) -> str:
    return f"monitor: article {row.article_id}, rule {printable(row.rule, 60)}"


def _plain(batch: Batch, row: OutboxRow) -> Message:
    title = printable(row.headline or f"article {row.article_id}", 120)
    kind = f"article.{row.event}"
    line = f"{kind}: {title}. The details could not be shown; 'monitor history {row.article_id}' has them."
    article: JsonObject = {"id": row.article_id, "url": row.url, "headline": title, "stage": None, "tags": []}
    change = {"id": row.change_id, "truncated": True} if row.change_id is not None else None
    return Message(
        id=batch.message_id,
        type=kind,
        body=_json(kind, row.created_at, {"article": article, "change": change, "publisher": None}),
        subject=f'{str(row.event).capitalize()}: "{title}"',
        text=line + "\n",
        html=f"<p>{escape(line)}</p>\n",
        thread=_thread(row.article_id, row.url or ""),
        created_at=row.created_at,
    )


def _test_message(batch: Batch, row: OutboxRow) -> Message:
    line = f"This is a test of the channel {batch.channel}. Alerts will arrive like this."
    return Message(
        id=batch.message_id,
        type="monitor.test",
        body=_json("monitor.test", row.created_at, {"channel": batch.channel, "message": line}),
        subject=f"Test of the channel {batch.channel}",
        text=line + "\n",
        html=f"<p>{escape(line)}</p>\n",
        thread="test",
        created_at=row.created_at,
    )


def disabled_notice(channel: str, reason: str, cause: str, now: datetime) -> Message:
    """Tells, over another channel, that `channel` is disabled. `cause` is the id of the message that brought it."""
    line = (
        f"The channel {channel} has been disabled: {printable(reason, 200)}. Its alerts are kept as dead letters. "
        "Put the receiver right, then run 'monitor alerts retry'."
    )
    return Message(
        id=f"{cause}_disabled",
        type="monitor.channel_disabled",
        body=_json("monitor.channel_disabled", now, {"channel": channel, "message": line}),
        subject=f"The channel {channel} has been disabled",
        text=line + "\n",
        html=f"<p>{escape(line)}</p>\n",
        thread=f"channel-{channel}",
        created_at=now,
    )


def _json(kind: str, at: datetime, data: object) -> str:
    document = {"type": kind, "timestamp": instant_json(at), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
