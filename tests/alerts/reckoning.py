"""What a site published, held against what arrived at the receivers: what was lost, doubled, renamed, out of order.

Each edition of a story has a number that stands nowhere else, and that its alert must show. So the reckoning asks
neither the store nor the outbox: it knows what was published, and it reads what came.
"""

import asyncio
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.alerts.mailroom import Mailbox, mailroom
from tests.alerts.receiver import Receiver, receiving

_MARK = 1_000_000
_MARKS = re.compile(rb"\b[1-9]\d{6}\b")


def mark(article: int, edition: int) -> int:
    """Seven digits, of which no other edition has the same."""
    return _MARK * article + edition


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that came, in which life of the monitor: it tells of this edition of this article."""

    channel: str
    life: int
    message_id: str
    article: int
    edition: int


@dataclass
class Receivers:
    """A webhook receiver and a mailbox, and how much had come when each life of the monitor ended."""

    hook: Receiver
    mail: Mailbox
    smtp_port: int
    ends: dict[str, list[int]] = field(default_factory=lambda: {"hook": [], "mail": []})

    async def life_ends(self) -> None:
        """To be called when the process is dead: what it had sent is still read."""
        await asyncio.sleep(0.01)
        self.ends["hook"].append(len(self.hook.posts))
        self.ends["mail"].append(len(self.mail.letters))

    def arrivals(self) -> list[Arrival]:
        hooked = [(post.headers["webhook-id"], post.body) for post in self.hook.posts]
        mailed = [(str(letter["Message-ID"]), _words(letter.as_bytes())) for letter in self.mail.letters]
        return [*self._read("hook", hooked), *self._read("mail", mailed)]

    def _read(self, channel: str, messages: Iterable[tuple[str, bytes]]) -> Iterable[Arrival]:
        for number, (message_id, body) in enumerate(messages):
            article, edition = divmod(max(map(int, _MARKS.findall(body)), default=0), _MARK)
            yield Arrival(channel, bisect_right(self.ends[channel], number), message_id, article, edition)


def _words(letter: bytes) -> bytes:
    """The letter without its headers: only its text tells."""
    return letter.partition(b"\n\n")[2]


@asynccontextmanager
async def receivers() -> AsyncIterator[Receivers]:
    async with receiving() as hook, mailroom(Mailbox()) as postman:
        yield Receivers(hook, postman.mailbox, postman.server.port)


def complaints(arrivals: Iterable[Arrival], published: Mapping[int, int], channels: Iterable[str]) -> list[str]:
    """What is wrong, nothing where nothing is: by article, the number of its last edition, counted from 0, which is
    the first sight and no change. Every end of a life but the last is a kill."""
    by_channel: dict[str, list[Arrival]] = {channel: [] for channel in channels}
    for arrival in arrivals:
        by_channel[arrival.channel].append(arrival)
    found = []
    for channel, came in by_channel.items():
        wrong = (*_lost(came, published), *_renamed(came), *_disordered(came), *_doubled(came))
        found += [f"{channel}: {words}" for words in wrong]
    return found


def _lost(came: list[Arrival], published: Mapping[int, int]) -> Iterable[str]:
    due = {(article, edition) for article, last in published.items() for edition in range(1, last + 1)}
    told = {(arrival.article, arrival.edition) for arrival in came}
    for article, edition in sorted(due - told):
        yield f"the alert of edition {edition} of article {article} was lost"
    for article, edition in sorted(told - due):
        yield f"an alert of edition {edition} of article {article}, which is none, was invented"


def _renamed(came: list[Arrival]) -> Iterable[str]:
    ids, told = defaultdict(set), defaultdict(set)
    for arrival in came:
        what = (arrival.article, arrival.edition)
        ids[what].add(arrival.message_id)
        told[arrival.message_id].add(what)
    for (article, edition), names in sorted(ids.items()):
        if len(names) > 1:
            yield f"edition {edition} of article {article} came again with another id"
    for message_id, whats in told.items():
        if len(whats) > 1:
            yield f"one id, {message_id}, for {len(whats)} alerts"


def _disordered(came: list[Arrival]) -> Iterable[str]:
    latest: dict[int, int] = {}
    for arrival in came:
        if arrival.edition < latest.get(arrival.article, 0):
            yield f"edition {arrival.edition} of article {arrival.article} came after a later one"
        latest[arrival.article] = arrival.edition


def _doubled(came: list[Arrival]) -> Iterable[str]:
    """A kill may double the one message that was on its way, and nothing else may."""
    seen: set[tuple[int, int]] = set()
    after: Counter[int] = Counter()
    for arrival in came:
        what = (arrival.article, arrival.edition)
        if what in seen:
            after[arrival.life] += 1
        seen.add(what)
    for life, count in sorted(after.items()):
        if count > (1 if life else 0):
            yield f"{count} doubles in life {life}"
