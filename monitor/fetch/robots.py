"""robots.txt: what a site lets us fetch (RFC 9309)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from monitor.core.address import Address, parse_address
from monitor.core.capture import Outcome
from monitor.fetch.body import TooLarge, read_body
from monitor.fetch.exchange import Answer, BadRedirect, Exchanges
from monitor.fetch.faults import Fault
from monitor.fetch.manners import Manners, Patience
from monitor.fetch.rules import Rules, meant_for, product_token
from monitor.fetch.shelf import Shelf
from monitor.fetch.verdict import detail_of, outcome_of, retry_after
from monitor.ports import Clock

FRESH = timedelta(hours=24).total_seconds()
CLOSED = timedelta(minutes=10).total_seconds()
"""So long a site whose robots.txt fails is left alone before it is asked again."""

GIVEN_UP = timedelta(days=30).total_seconds()
"""After so long without an answer, RFC 9309 (section 2.3.1.4) lets us take the file for missing."""

LONGEST = 500 * 1024
"""RFC 9309 has at least 500 KiB read; what lies behind is ignored."""

MOST_REDIRECTS = 5
MOST_TEXT = 16 * 1024 * 1024
"""So many bytes of rules are remembered, for 8,000 sites or more: of 4,231 real files the groups that were for us or
for all took 1,300 bytes each. A hostile domain has a thousand hosts, each with a file as long as is read."""
SITE_WEIGHT = 512
MOST_PARSED = 1024 * 1024
"""Rules that are ready to be asked take 16 to 80 times their text, and a file of usual length is read in 0.2 ms."""
SHORT = 32 * 1024
"""Bytes: read in some 20 ms at the worst. A longer file is read in a thread; the longest took a second."""

T = TypeVar("T")


@dataclass(slots=True)
class _Site:
    """What is known of one origin. `text` is the rules for us, "" where all may be fetched, and `delay` what they ask
    for between requests. `closed` says why nothing may be fetched."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: bool = False
    text: str = ""
    delay: timedelta | None = None
    closed: str | None = None
    until: float = 0.0
    failing_since: float | None = None


class Robots:
    """Answers of robots.txt, remembered for a day per origin, the least used forgotten first."""

    def __init__(self, exchanges: Exchanges, manners: Manners, clock: Clock, user_agent: str) -> None:
        self._exchanges, self._manners, self._clock = exchanges, manners, clock
        self._token = product_token(user_agent)
        self._sites = Shelf[_Site](MOST_TEXT)
        self._parsed = Shelf[Rules](MOST_PARSED)

    async def permit(self, address: Address, patience: Patience) -> None:
        """Return when the address may be fetched; raise Fault when not, or when its robots.txt cannot be had.

        A host that cannot be reached ends the visit with its own outcome, not with `disallowed`.
        """
        site = await self._site(address, patience)
        if site.closed:
            raise Fault(Outcome.DISALLOWED, site.closed)
        if site.text and not (await self._rules(address.origin, site.text)).allow(address.url):
            raise Fault(Outcome.DISALLOWED, f"robots.txt of {address.host} does not allow it")

    def crawl_delay(self, address: Address) -> timedelta | None:
        """The delay that the site asks for, at most an hour; None where it asks for none or is not known yet."""
        site = self._sites.get(address.origin)
        return site.delay if site else None

    async def _rules(self, origin: str, text: str) -> Rules:
        rules = self._parsed.get(origin)
        if rules is None:
            rules = await _read(text, lambda: Rules(text, self._token))
            self._parsed.put(origin, rules, len(text))
        return rules

    async def _site(self, address: Address, patience: Patience) -> _Site:
        site = self._sites.get(address.origin)
        if site is None:
            site = _Site()
            self._sites.put(address.origin, site, SITE_WEIGHT)
        async with site.asking:
            if self._clock.monotonic() >= site.until:
                await self._ask(site, address, patience)
                self._sites.put(address.origin, site, SITE_WEIGHT + len(site.text))
        return site

    async def _ask(self, site: _Site, address: Address, patience: Patience) -> None:
        status, body = await self._fetched(parse_address("/robots.txt", address.url), patience)
        now = self._clock.monotonic()
        if status >= 500:
            self._failed(site, address, now)
            return
        site.text = await _read(body, lambda: meant_for(self._token, body))
        self._parsed.drop(address.origin)
        site.delay = (await self._rules(address.origin, site.text)).crawl_delay if site.text else None
        site.known, site.closed, site.failing_since, site.until = True, None, None, now + FRESH

    def _failed(self, site: _Site, address: Address, now: float) -> None:
        """Old rules stay in force; without any, the site is closed until robots.txt answers again."""
        site.until = now + CLOSED
        site.failing_since = now if site.failing_since is None else site.failing_since
        given_up = now - site.failing_since > GIVEN_UP
        if given_up:
            site.text, site.delay = "", None
        site.closed = None if site.known or given_up else f"robots.txt of {address.host} fails, so nothing is fetched"

    async def _fetched(self, address: Address, patience: Patience) -> tuple[int, bytes]:
        """Status and body of robots.txt, behind its redirects; too many of them count as a missing file, and
        whatever else is wrong as a failing server. Raises Fault when the site itself cannot be reached,
        or wants a pause."""
        for turn in range(MOST_REDIRECTS + 1):
            try:
                async with (
                    self._manners.turn(address, patience),
                    self._exchanges.ask(address, (("Accept", "text/plain,*/*;q=0.5"),)) as answer,
                ):
                    onward = answer.onward(address)
                    if onward is None:
                        self._see_to_pause(answer, address)
                        return answer.status, await _body(answer)
            except Fault as fault:
                of_the_host = fault.outcome is not Outcome.BROKEN and not isinstance(fault, BadRedirect)
                if fault.outcome is Outcome.THROTTLED or (turn == 0 and of_the_host):
                    raise
                return 500, b""
            address = onward
        return 404, b""

    def _see_to_pause(self, answer: Answer, address: Address) -> None:
        """Who is asked too much is asked for nothing more, whatever it lets us fetch (RFC 9309 has a 429 open the
        site)."""
        pause = retry_after(answer, self._clock.now())
        if outcome_of(answer, conditional=False, retry_after=pause) is Outcome.THROTTLED:
            words = f"robots.txt of {address.host}: {detail_of(answer, Outcome.THROTTLED)}"
            raise Fault(Outcome.THROTTLED, words, retry_after=pause)


async def _read(source: str | bytes, work: Callable[[], T]) -> T:
    """Do this with the source, aside where it is long: nobody else is to wait for it."""
    return work() if len(source) <= SHORT else await asyncio.to_thread(work)


async def _body(answer: Answer) -> bytes:
    body = bytearray()
    if answer.status < 300:
        try:
            await read_body(answer, body, LONGEST)
        except TooLarge:
            del body[max(body.rfind(b"\n"), body.rfind(b"\r")) + 1 :]  # half a rule may say the opposite of the whole
    return bytes(body)
