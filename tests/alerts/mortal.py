"""A process that records and delivers, and kills itself where it is told to.

    python -m tests.alerts.mortal

It reads orders, a line of JSON each, and answers with how the life ended: 0, or minus the signal. Each but the first
is a fork, which waits for no imports. A life has the real `decide`, store, outbox and channels.
It takes up the work where it lies in the store, and ends when all is told. Neither the points at which it dies nor
the three broken builds are known to the program: they are laid around its functions here, after the fork.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any
from uuid import uuid4

import aiosmtplib
import httpx2
import structlog
from aiosmtplib.protocol import SMTPProtocol
from httpcore2._async.http11 import AsyncHTTP11Connection

from monitor.alerts import outbox as sending
from monitor.alerts.channels import open_channels
from monitor.alerts.email import EmailChannel
from monitor.alerts.messages import compose
from monitor.alerts.webhook import WebhookChannel
from monitor.core.article import Article
from monitor.core.policy import ChannelPolicy, ChannelType, EmailPolicy, Policy, Security
from monitor.fetch import guarded_client
from monitor.store import Store, enqueue, recording, settling
from monitor.store import outbox as rows
from tests.alerts.newsroom import LOOPBACK, SECRET
from tests.alerts.reckoning import mark
from tests.fakes import FakeClock
from tests.store.desk import EVERYTHING, MINUTE, NOON, Desk, Story

PUBLISHED = {1: 2, 2: 2}
"""The last edition of each article. Odd ones move the stamp and are told at once, even ones wait for a second look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One life, the `life`th on this store: where it dies, on which channel, at which passage, in which build."""

    store: str
    hook: str
    smtp_port: int
    life: int
    point: str | None = None
    channel: str | None = None
    passage: int = 1
    build: str | None = None

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


# -- where it can die


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after a function. `channel` reads from its arguments whose passage it is; None: nobody's. A passage
    that `must_yield` is none where nothing came of it."""

    owner: Any
    name: str
    channel: Callable[..., str | None] | None = None
    before: bool = False
    must_yield: bool = False


def _named(_: object, name: str, *__: object) -> str:
    return name


def _of_batch(_: object, batch: Any, *__: object) -> str:
    return str(batch.channel)


def _hook(*_: object) -> str:
    return "hook"


def _mail(*_: object) -> str:
    return "mail"


def _letter_to(_: object, written: bytes) -> str | None:
    """The letter itself, not what is said around it: it ends with a dot (RFC 5321, section 4.1.1.4)."""
    return "mail" if written.endswith(b"\r\n.\r\n") else None


DELIVERY = {
    "before_lease": Point(Store, "lease_deliveries", _named, before=True),
    "leased_not_committed": Point(rows, "lease", _named, must_yield=True),
    "leased": Point(Store, "lease_deliveries", _named, must_yield=True),
    "composed": Point(sending, "compose", _of_batch),
    "before_mark": Point(Store, "mark_sent", _of_batch, before=True),
    "attempt_noted": Point(rows, "_note", _of_batch),
    "marked_not_committed": Point(rows, "mark_sent", _of_batch),
    "marked": Point(Store, "mark_sent", _of_batch),
}
WEBHOOK = {
    "before_send": Point(WebhookChannel, "send", _hook, before=True),
    "asked": Point(AsyncHTTP11Connection, "_send_request_body", _hook),
    "answered": Point(httpx2.AsyncClient, "send", _hook),
    "sent": Point(WebhookChannel, "send", _hook),
}
EMAIL = {
    "before_send": Point(EmailChannel, "send", _mail, before=True),
    "connected": Point(aiosmtplib.SMTP, "connect", _mail),
    "recipient_named": Point(aiosmtplib.SMTP, "rcpt", _mail),
    "letter_written": Point(SMTPProtocol, "write", _letter_to),
    "answered": Point(aiosmtplib.SMTP, "sendmail", _mail),
    "sent": Point(EmailChannel, "send", _mail),
}
RECORDING = {
    "before_record": Point(Store, "record", before=True),
    "page_packed": Point(recording, "prepare"),
    "article_updated": Point(recording, "_update_article"),
    "change_settled": Point(settling, "settle"),
    "version_written": Point(recording, "_add_version"),
    "change_written": Point(recording, "_add_change"),
    "alert_row_written": Point(enqueue, "_insert"),
    "alerts_written": Point(enqueue, "enqueue", must_yield=True),
    "recorded_not_committed": Point(recording, "record"),
    "recorded": Point(Store, "record"),
}
POINTS: dict[tuple[str | None, str], Point] = {
    **{("hook", name): point for name, point in {**DELIVERY, **WEBHOOK}.items()},
    **{("mail", name): point for name, point in {**DELIVERY, **EMAIL}.items()},
    **{(None, name): point for name, point in RECORDING.items()},
}


def arm(point: Point, channel: str | None, passage: int) -> None:
    """Lay the killer around the function of the point."""
    passages = 0

    def passed(arguments: tuple[Any, ...], outcome: object) -> None:
        nonlocal passages
        of_others = point.channel is not None and point.channel(*arguments) != channel
        if of_others or (point.must_yield and not outcome):
            return
        passages += 1
        if passages == passage:
            os.kill(os.getpid(), signal.SIGKILL)

    function = getattr(point.owner, point.name)
    around = _awaited if iscoroutinefunction(function) else _plain
    setattr(point.owner, point.name, wraps(function)(around(function, passed, before=point.before)))


Passed = Callable[[tuple[Any, ...], object], None]


def _plain(function: Callable[..., Any], passed: Passed, *, before: bool) -> Callable[..., Any]:
    def deadly(*arguments: Any, **options: Any) -> Any:
        if before:
            passed(arguments, True)
        outcome = function(*arguments, **options)
        if not before:
            passed(arguments, outcome)
        return outcome

    return deadly


def _awaited(function: Callable[..., Any], passed: Passed, *, before: bool) -> Callable[..., Any]:
    async def deadly(*arguments: Any, **options: Any) -> Any:
        if before:
            passed(arguments, True)
        outcome = await function(*arguments, **options)
        if not before:
            passed(arguments, outcome)
        return outcome

    return deadly


# -- broken builds


def mark_before_send() -> None:
    """The order of many a monitor: what was taken for sent is never sent."""

    async def attempt(self: Any, line: Any, batch: Any, started: datetime) -> Any:
        message = await compose(self._store, batch)
        await self._store.mark_sent(batch, now=self._clock.now(), answer="")
        await line.channel.send(message, self._clock.now())
        return sending._Ending.SENT

    sending.Outbox._attempt = attempt  # type: ignore[method-assign]


def split_commit() -> None:
    """The version in one transaction, its alerts in the next."""
    write_alerts, record = enqueue.enqueue, Store.record
    later: list[Any] = []

    def put_off(_: object, *arguments: Any) -> tuple[int, ...]:
        later.append(arguments)
        return ()

    async def record_twice(self: Store, decision: Any) -> Any:
        recorded = await record(self, decision)
        while later:
            await self._write(write_alerts, *later.pop())
        return recorded

    enqueue.enqueue = put_off  # type: ignore[assignment]
    Store.record = record_twice  # type: ignore[method-assign]


def new_id_each_try() -> None:
    async def renamed(*arguments: Any) -> Any:
        return replace(await compose(*arguments), id=f"msg_{uuid4().hex[:26]}")

    sending.compose = renamed  # type: ignore[attr-defined,assignment]  # the name under which the outbox calls it


BUILDS = {build.__name__: build for build in (mark_before_send, split_commit, new_id_each_try)}


# -- a life


async def live(order: Order) -> None:
    hook = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url=order.hook, secret=SECRET)
    mail = ChannelPolicy(
        name="mail", type=ChannelType.EMAIL, to=("desk@news.example",), gather=timedelta(0), storm=0
    )  # fmt: skip
    server = EmailPolicy(
        host="localhost", port=order.smtp_port, security=Security.NONE, sender="Monitor <monitor@news.example>"
    )
    policy = Policy(fetch=LOOPBACK, channels=(hook, mail), rules=(EVERYTHING,), email=server)
    store = Store.open(order.store)
    desk, clock = Desk(store, policy), FakeClock(NOON + order.life * 60 * MINUTE)
    async with guarded_client(policy.fetch) as client:
        channels = open_channels(policy, client)
        outbox = sending.Outbox(
            store, channels, clock, lambda: 0.0, policies=policy.channels, owner=f"life {order.life}"
        )
        while await _work(desk, clock) or await store.outbox_due(clock.at):
            await outbox.deliver(clock.at)
            clock.advance(MINUTE)
    await store.close()


async def _work(desk: Desk, clock: FakeClock) -> int:
    """A look at each article that has something to show; how many."""
    looks = 0
    for number, last in PUBLISHED.items():
        watched = await desk.watches(f"https://news.example/{number}")
        edition = await _next_edition(desk.store, watched)
        if edition <= last:
            await desk.reads(watched, story(number, edition), clock.at - NOON)
            looks += 1
    return looks


async def _next_edition(store: Store, watched: Article) -> int:
    """The site goes on when the last edition is in the store; a change that is held is looked at again."""
    known = len(await store.history(watched.id, withdrawn=True))
    article = await store.article(watched.id)
    return known - 1 if article.hold else known


def story(article: int, edition: int) -> Story:
    text = (
        f"The harbour authority counted {mark(article, edition)} crates on the quay when the fog had lifted at noon.",
        "Nobody could say who had ordered them, and the clerk said that the papers were still at sea.",
    )
    return Story(headline=f"Harbour story {article}", text=text, updated=-60 + (edition + 1) // 2)


# -- lives by order


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # The first life is lived here, to its end: it leaves statements compiled and templates read to all that follow.
    asyncio.run(live(Order(**json.loads(sys.stdin.buffer.readline()))))
    print(0, flush=True)
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _child(Order(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(order: Order) -> None:
    try:
        if order.build:
            BUILDS[order.build]()
        if order.point:
            arm(POINTS[order.channel, order.point], order.channel, order.passage)
        asyncio.run(live(order))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
