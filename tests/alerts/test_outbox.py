"""The life of a delivery: sent once, in order, whatever the receivers do; time is virtual."""

# ruff: noqa: ARG002, ARG005 - a fake takes what the port hands it

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

import pytest

from monitor.alerts.outbox import DeliveryReport, Outbox
from monitor.alerts.retries import LIFE, WAITS, retry_at
from monitor.errors import DeliveryFailed, Refusal, StoreUnavailable
from monitor.ports import Channel, Message
from monitor.store import Store
from tests.alerts.ledger import Ledger
from tests.fakes import NOON, FakeClock

GONE = Refusal(permanent=True, disable=True)
Verdict = Callable[[Message, datetime], Refusal | None]


@dataclass
class Receiver:
    """A channel that remembers what it took, and refuses as `verdict` says."""

    verdict: Verdict = lambda message, now: None
    taken: list[str] = field(default_factory=list)
    tried: list[tuple[str, datetime]] = field(default_factory=list)

    async def send(self, message: Message, now: datetime) -> str:
        self.tried.append((message.id, now))
        refusal = self.verdict(message, now)
        if refusal is not None:
            raise DeliveryFailed("refused", refusal)
        self.taken.append(message.id)
        return "ok"


class Desk:
    """An outbox over a ledger, with a clock."""

    def __init__(self, **channels: Channel) -> None:
        self.ledger, self.clock, self.channels = Ledger(), FakeClock(), channels
        self.outbox = self.restarted()

    def restarted(self) -> Outbox:
        self.outbox = Outbox(cast(Store, self.ledger), self.channels, self.clock, lambda: 0.0)
        return self.outbox

    def alerts(self, channel: str, *articles: int) -> None:
        for article in articles:
            self.ledger.enqueue(channel, article, self.clock.at)

    async def pass_time(self, length: timedelta, tick: timedelta = timedelta(seconds=1)) -> None:
        end = self.clock.at + length
        while self.clock.at < end:
            await self.outbox.deliver(self.clock.at)
            self.clock.at += tick


def down_until(end: datetime) -> Verdict:
    return lambda message, now: Refusal() if now < end else None


def always(refusal: Refusal) -> Verdict:
    return lambda message, now: refusal


async def test_what_is_due_is_sent_once_and_in_order() -> None:
    hook = Receiver()
    desk = Desk(hook=hook)
    desk.alerts("hook", 1, 2, 1, 3)

    report = await desk.outbox.deliver(NOON)
    again = await desk.outbox.deliver(NOON)

    assert hook.taken == ["msg_1", "msg_2", "msg_3", "msg_4"]
    assert (report, again) == (DeliveryReport(sent=4), DeliveryReport())


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    at, times, attempts = NOON, [NOON], 0
    while True:
        attempts += 1
        following = retry_at(at, first_at=NOON, attempts=attempts, jitter=0.0)
        if following is None:
            break
        at = following
        times.append(at)

    assert [later - earlier for earlier, later in pairwise(times)] == list(WAITS)
    assert len(times) == 10
    assert timedelta(hours=75) < LIFE < timedelta(hours=76)


@pytest.mark.parametrize("jitter", [0.0, 0.3, 0.99])
def test_jitter_costs_no_attempt(jitter: float) -> None:
    at, attempts = NOON, 1
    while (following := retry_at(at, first_at=NOON, attempts=attempts, jitter=jitter)) is not None:
        at, attempts = following, attempts + 1

    assert attempts == 10


def test_a_receivers_own_wish_outranks_the_schedule() -> None:
    wish = timedelta(hours=3)

    assert retry_at(NOON, first_at=NOON, attempts=1, jitter=0.0, retry_after=wish) == NOON + wish


async def test_a_receiver_that_was_down_gets_everything_in_order_soon_after_it_is_back() -> None:
    back = NOON + timedelta(minutes=10)
    hook = Receiver(down_until(back))
    desk = Desk(hook=hook)
    desk.alerts("hook", *[1, 2, 3] * 10)

    await desk.pass_time(timedelta(minutes=11))

    for article in range(3):
        numbers = [int(m.removeprefix("msg_")) for m in hook.taken if int(m.removeprefix("msg_")) % 3 == article]
        assert numbers == sorted(numbers)
    assert sorted(hook.taken) == sorted(f"msg_{n}" for n in range(1, 31))
    delivered = [at for _, at in hook.tried if at >= back]
    assert max(delivered) - back <= timedelta(seconds=30)


@pytest.mark.parametrize(("after", "gap"), [(timedelta(0), 30), (timedelta(hours=2), 300)])
async def test_a_receiver_that_is_down_is_probed_and_not_flooded(after: timedelta, gap: float) -> None:
    hook = Receiver(always(Refusal()))
    desk = Desk(hook=hook)
    desk.alerts("hook", *range(50))
    await desk.pass_time(after + timedelta(minutes=20), timedelta(seconds=5))

    times = sorted({at for _, at in hook.tried if at >= NOON + after})
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert max(gaps) <= gap
    assert len([at for _, at in hook.tried if at >= NOON + after]) <= 2 * (20 * 60 / (gap * 0.8) + 3)


async def test_many_probes_do_not_use_up_the_life_of_a_delivery() -> None:
    hook = Receiver(down_until(NOON + timedelta(hours=70)))
    desk = Desk(hook=hook)
    desk.alerts("hook", 1)

    await desk.pass_time(timedelta(hours=71), timedelta(seconds=60))

    assert hook.taken == ["msg_1"]


async def test_what_never_arrives_ends_as_a_dead_letter() -> None:
    hook = Receiver(always(Refusal()))
    desk = Desk(hook=hook)
    desk.alerts("hook", 1)

    await desk.pass_time(timedelta(hours=76), timedelta(minutes=2))

    assert desk.ledger.states() == ["dead"]
    assert hook.tried[-1][1] - NOON >= timedelta(hours=75)


async def test_a_restart_tries_at_once() -> None:
    hook = Receiver(down_until(NOON + timedelta(seconds=8)))
    desk = Desk(hook=hook)
    desk.alerts("hook", 1)
    await desk.pass_time(timedelta(seconds=10))
    assert hook.taken == []

    await desk.restarted().deliver(desk.clock.at)

    assert hook.taken == ["msg_1"]


async def test_the_first_success_after_an_outage_makes_everything_due() -> None:
    fixed, outage, back = (NOON + timedelta(minutes=m) for m in (8, 10, 12))

    def verdict(message: Message, now: datetime) -> Refusal | None:
        bad = outage <= now < back or (message.id == "msg_1" and now < fixed)
        return Refusal() if bad else None

    hook = Receiver(verdict)
    desk = Desk(hook=hook)
    desk.alerts("hook", 1, 2)
    await desk.pass_time(timedelta(minutes=10))
    desk.alerts("hook", 3)
    await desk.pass_time(timedelta(minutes=3))

    assert sorted(hook.taken) == ["msg_1", "msg_2", "msg_3"]


async def test_a_wish_to_wait_is_kept_for_the_whole_channel() -> None:
    hook = Receiver(always(Refusal(retry_after=timedelta(minutes=10))))
    desk = Desk(hook=hook)
    desk.alerts("hook", 1, 2, 3)

    await desk.pass_time(timedelta(minutes=9))

    assert len(hook.tried) == 1


async def test_one_bad_message_does_not_hold_up_the_rest() -> None:
    hook = Receiver(lambda message, now: Refusal() if message.id == "msg_1" else None)
    desk = Desk(hook=hook)
    desk.alerts("hook", *range(20))

    await desk.outbox.deliver(NOON)
    await desk.pass_time(timedelta(hours=1))

    assert hook.taken == [f"msg_{n}" for n in range(2, 21)]
    assert len([m for m, _ in hook.tried if m == "msg_1"]) <= 6


async def test_a_permanent_refusal_is_a_dead_letter_and_the_queue_goes_on() -> None:
    hook = Receiver(lambda message, now: Refusal(permanent=True) if message.id != "msg_5" else None)
    desk = Desk(hook=hook)
    desk.alerts("hook", 1, 1, 1, 1, 1)

    report = await desk.outbox.deliver(NOON)

    assert report == DeliveryReport(sent=1, dead=4)
    assert desk.ledger.states() == ["dead"] * 4 + ["sent"]


async def test_410_disables_the_channel_and_says_so_elsewhere() -> None:
    hook, mail = Receiver(always(GONE)), Receiver()
    desk = Desk(hook=hook, mail=mail)
    desk.alerts("hook", 1, 2)

    await desk.outbox.deliver(NOON)

    assert desk.ledger.disabled == {"hook": "refused"}
    assert len(hook.tried) == 1
    assert mail.taken == ["msg_1_disabled"]


@dataclass
class Stuck:
    """A channel that takes a message and answers when it is let go."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Message, now: datetime) -> str:
        self.started.set()
        await self.gate.wait()
        return "at last"


async def test_a_stuck_channel_keeps_no_other_from_its_alerts() -> None:
    stuck, hook = Stuck(), Receiver()
    desk = Desk(stuck=stuck, hook=hook)
    desk.alerts("stuck", 1)
    first = asyncio.ensure_future(desk.outbox.deliver(NOON))
    await stuck.started.wait()

    desk.alerts("hook", 1)
    await desk.outbox.deliver(NOON)
    desk.alerts("stuck", 2)
    await desk.outbox.deliver_channel("stuck", NOON)

    assert hook.taken == ["msg_2"]
    assert desk.ledger.states() == ["pending", "sent", "pending"]
    stuck.gate.set()
    await first
    assert desk.ledger.states() == ["sent"] * 3


async def test_stopping_ends_with_the_message_at_hand() -> None:
    stuck = Stuck()
    desk = Desk(stuck=stuck)
    desk.alerts("stuck", 1, 2)
    running = asyncio.ensure_future(desk.outbox.deliver(NOON))
    await stuck.started.wait()

    desk.outbox.stop()
    stuck.gate.set()
    report = await running

    assert report == DeliveryReport(sent=1)
    assert desk.ledger.states() == ["sent", "pending"]


async def test_a_message_cut_off_while_sending_goes_out_again_with_its_id() -> None:
    stuck, hook = Stuck(), Receiver()
    desk = Desk(hook=stuck)
    desk.alerts("hook", 1)
    running = asyncio.ensure_future(desk.outbox.deliver(NOON))
    await stuck.started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    desk.channels["hook"] = hook
    desk.clock.at += timedelta(minutes=4)
    await desk.restarted().deliver(desk.clock.at)

    assert hook.taken == ["msg_1"]


async def test_what_was_sent_is_marked_even_when_the_task_is_cancelled_meanwhile() -> None:
    marking, go_on = asyncio.Event(), asyncio.Event()
    desk = Desk(hook=Receiver())
    mark_sent = desk.ledger.mark_sent

    async def slow_mark(*args: object, **kwargs: object) -> None:
        marking.set()
        await go_on.wait()
        await mark_sent(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came

    desk.ledger.mark_sent = slow_mark  # type: ignore[method-assign]  # a slow disk
    desk.alerts("hook", 1)
    running = asyncio.ensure_future(desk.outbox.deliver(NOON))
    await marking.wait()
    running.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert desk.ledger.states() == ["sent"]


async def test_a_channel_with_a_defect_harms_only_itself() -> None:
    class Broken:
        async def send(self, message: Message, now: datetime) -> str:
            raise ZeroDivisionError

    hook = Receiver()
    desk = Desk(broken=Broken(), hook=hook)
    desk.alerts("broken", 1)
    desk.alerts("hook", 1)

    report = await desk.outbox.deliver(NOON)

    assert report == DeliveryReport(sent=1, failed=1)


async def test_nothing_is_sent_when_no_lease_can_be_written() -> None:
    hook = Receiver()
    desk = Desk(hook=hook)
    desk.alerts("hook", 1)

    async def full(*args: object, **kwargs: object) -> None:
        raise StoreUnavailable("the disk is full", full=True)

    desk.ledger.lease_deliveries = full  # type: ignore[method-assign]  # a full disk
    with pytest.raises(StoreUnavailable):
        await desk.outbox.deliver(NOON)

    assert hook.tried == []


async def test_a_channel_that_is_not_configured_is_left_alone() -> None:
    desk = Desk(hook=Receiver())
    desk.alerts("elsewhere", 1)

    assert await desk.outbox.deliver(NOON) == DeliveryReport()
