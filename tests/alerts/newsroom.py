"""A desk whose alerts go out to real receivers, with time in the hands of the test."""

import base64
from datetime import timedelta
from ipaddress import ip_network

from monitor.alerts.outbox import Outbox
from monitor.core.policy import ChannelPolicy, ChannelType, FetchPolicy, Policy
from monitor.ports import Channel
from monitor.store import DeliveryState, Store
from tests.alerts.receiver import Receiver
from tests.fakes import NOON, FakeClock
from tests.store.desk import MINUTE, SECOND, Desk, Story

LOOPBACK = FetchPolicy(allow_networks=(ip_network("127.0.0.0/8"),))
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
KILLED, MORE_KILLED = "The blast killed 12 people in the harbour.", "The blast killed 17 people in the harbour."


class Newsroom:
    """A desk with an outbox that sends to these channels."""

    def __init__(self, store: Store, policy: Policy, channels: dict[str, Channel]) -> None:
        self.store, self.policy, self.channels = store, policy, channels
        self.desk, self.clock = Desk(store, policy), FakeClock()
        self.restart()

    def restart(self) -> None:
        policies = self.policy.channels
        self.outbox = Outbox(self.store, self.channels, self.clock, lambda: 0.0, policies=policies)

    async def publishes(self, path: str, times: int = 1, after: timedelta = MINUTE) -> None:
        """An article at that path, and so many announced edits of it."""
        article = await self.desk.watches(f"https://news.example{path}")
        await self.desk.reads(article, Story(text=(KILLED,)), after)
        for edit in range(1, times + 1):
            story = Story(text=(MORE_KILLED + " More." * edit,), updated=edit)
            await self.desk.reads(article, story, after + edit * SECOND)
        self.clock.at = max(self.clock.at, NOON + after + times * SECOND)

    async def passes(self, length: timedelta, tick: timedelta = 5 * SECOND) -> None:
        end = self.clock.at + length
        while self.clock.at < end:
            await self.outbox.deliver(self.clock.at)
            self.clock.advance(tick)

    async def states(self) -> list[DeliveryState]:
        return [row.state for row in reversed(await self.store.deliveries())]


def hook_policy(receiver: Receiver, *more: ChannelPolicy) -> Policy:
    hook = ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url=receiver.url, secret=SECRET)
    return Policy(fetch=LOOPBACK, channels=(hook, *more))


async def newsroom_for(store: Store, policy: Policy, channels: dict[str, Channel]) -> Newsroom:
    await store.sync_channels(policy, NOON)
    return Newsroom(store, policy, channels)
