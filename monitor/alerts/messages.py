"""A batch of deliveries -> one message, the same at every try."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

import structlog

from monitor.alerts.body import webhook_body
from monitor.alerts.digest import digest_message, read_digest
from monitor.alerts.letter import ADDRESS_MAX, DIFF, H2, LEAD, LINE, letter, linked
from monitor.alerts.story import Story, read_story, whole
from monitor.alerts.wording import lines_of, opening_of, subject_of
from monitor.core.health import Notice
from monitor.core.text import printable
from monitor.core.wire import JsonObject, instant_json
from monitor.errors import StoreBusy, StoreUnavailable
from monitor.ports import Message
from monitor.render import email_html, email_text
from monitor.render.mail import HTML_MAX, TEXT_MAX, size, wrapped
from monitor.render.passages import clipped, counted
from monitor.store import Batch, OutboxRow, Store

_log = structlog.get_logger()

DIFF_LEAST = 2_000
"""Bytes below which there is no room for a diff: of a gathered mail, later changes are named only."""


async def compose(store: Store, batch: Batch) -> Message:
    """The message for this batch: a function of rows that never change, so that every attempt is the same, byte by
    byte. Where a row cannot be read or shown, a plain alert says at least that there is something to look at. Raises
    StoreError only when the store is away altogether."""
    newest = batch.deliveries[-1]
    if newest.notice is not None:
        return _notice_message(batch, newest, newest.notice)
    if newest.event is None:
        return _test_message(batch, newest)
    try:
        if newest.digest is not None:
            return digest_message(batch, await read_digest(store, batch))
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
    return f"article-{article_id}-{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _text(stories: Sequence[Story]) -> str:
    last = stories[-1]
    told = _told(stories, TEXT_MAX, _text_story, "… {} more\n".format)
    return f"{wrapped(_title(last))}{wrapped(clipped(last.url, ADDRESS_MAX))}\n{told}-- \n{_signature(last.row)}\n"


def _text_story(story: Story, heading: str, room: int) -> str:
    lines = "".join(wrapped(line) for line in lines_of(story)) + "\n"
    above = (f"== {heading} ==\n\n" if heading else "") + lines
    left = room - size(above)
    return above + (email_text(story.edits, story.facts, room=left) if story.changed and left >= DIFF_LEAST else "")


def _html(stories: Sequence[Story]) -> str:
    last = stories[-1]
    told = _told(stories, HTML_MAX, _html_story, f'<p style="{LINE}">… {{}} more</p>\n'.format)
    kind = f"{opening_of(last)} · " if len(stories) == 1 else ""
    title = linked(_title(last), last.url)
    return letter(printable(kind + last.host, 200), title, told, _signature(last.row))


def _html_story(story: Story, heading: str, room: int) -> str:
    first, *lines = lines_of(story)
    above = f'<h2 style="{H2}">{escape(heading)}</h2>\n' if heading else ""
    above += f'<p style="{LEAD}">{escape(first)}</p>\n'
    above += "".join(f'<p dir="auto" style="{LINE}">{escape(line)}</p>\n' for line in lines)
    left = room - size(above)
    if not story.changed or left < DIFF_LEAST:
        return above
    return f'{above}<div{_language(story)} style="{DIFF}">\n{email_html(story.edits, story.facts, room=left)}</div>\n'


def _told(
    stories: Sequence[Story], room: int, told: Callable[[Story, str, int], str], more: Callable[[str], str]
) -> str:
    """The changes, one after the other, in as many bytes as there is room for."""
    parts: list[str] = []
    for number, story in enumerate(stories, start=1):
        heading = f"{number} of {len(stories)}: {opening_of(story)}" if len(stories) > 1 else ""
        part = told(story, heading, room)
        room -= size(part)
        if room < 0 and parts:
            return "".join(parts) + more(counted(len(stories) - number + 1, "change"))
        parts.append(part)
    return "".join(parts)


def _title(story: Story) -> str:
    return clipped(story.row.headline or story.url, 300)


def _language(story: Story) -> str:
    """So that Chinese and Japanese get each its own letters."""
    language = story.new.content.language if story.new else None
    return f' lang="{language}"' if language and _LANGUAGE.fullmatch(language) else ""


_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


def _signature(row: OutboxRow) -> str:
    return f"monitor: article {row.article_id}, rule {printable(row.rule, 60)}"


def _plain(batch: Batch, row: OutboxRow) -> Message:
    title = printable(row.headline or f"article {row.article_id}", 120)
    kind = f"article.{row.event}"
    line = f"{kind}: {title}. The details could not be shown; 'monitor history {row.article_id}' has them."
    article: JsonObject = {
        "id": row.article_id,
        "url": clipped(row.url or "", ADDRESS_MAX),
        "headline": title,
        "stage": None,
        "tags": [],
    }
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


_SUBJECTS = {
    Notice.BLIND: "The monitor sees nothing",
    Notice.SEES: "The monitor sees again",
    Notice.SOURCE_FAILING: "A source fails",
    Notice.SOURCE_RECOVERED: "A source can be read again",
    Notice.DISK_FULL: "The disk of the monitor is full",
    Notice.DISK_HAS_ROOM: "The disk of the monitor has room again",
}


def _notice_message(batch: Batch, row: OutboxRow, notice: Notice) -> Message:
    return notice_message(batch.message_id, notice, row.rule, row.headline or "", row.created_at)


def notice_message(message_id: str, notice: Notice, about: str, sentence: str, at: datetime) -> Message:
    """What the monitor tells of itself."""
    line = printable(sentence, 1000)
    return Message(
        id=message_id,
        type=f"monitor.{notice}",
        body=_json(f"monitor.{notice}", at, {"about": about, "message": line}),
        subject=_SUBJECTS[notice],
        text=line + "\n",
        html=f"<p>{escape(line)}</p>\n",
        thread=f"monitor-{about}".replace(" ", "-"),
        created_at=at,
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
