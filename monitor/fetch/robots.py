"""robots.txt: what a site lets us fetch (RFC 9309)."""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

from protego import Protego

from monitor.core.address import Address, parse_address
from monitor.core.capture import Outcome
from monitor.fetch.body import TooLarge, read_body
from monitor.fetch.exchange import Answer, BadRedirect, Exchanges
from monitor.fetch.faults import Fault
from monitor.ports import Clock

FRESH = timedelta(hours=24).total_seconds()
CLOSED = timedelta(minutes=10).total_seconds()
"""So long a site whose robots.txt fails is left alone before it is asked again."""

GIVEN_UP = timedelta(days=30).total_seconds()
"""After so long without an answer, RFC 9309 (section 2.3.1.4) lets us take the file for missing."""

LONGEST = 500 * 1024
"""RFC 9309 has at least 500 KiB read; what lies behind is ignored."""

MOST_REDIRECTS = 5
MOST_ORIGINS = 4_096
MOST_DELAY = timedelta(hours=1)


@dataclass(slots=True)
class _Site:
    """What is known of one origin. `rules` None: all may be fetched. `closed` says why nothing may."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: bool = False
    rules: Protego | None = None
    closed: str | None = None
    until: float = 0.0
    failing_since: float | None = None


class Robots:
    """Answers of robots.txt, remembered for a day per origin, the least used forgotten first."""

    def __init__(self, exchanges: Exchanges, clock: Clock, user_agent: str) -> None:
        self._exchanges, self._clock = exchanges, clock
        self._token = product_token(user_agent)
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def permit(self, address: Address) -> None:
        """Return when the address may be fetched; raise Fault when not, or when its robots.txt cannot be had.

        A host that cannot be reached ends the visit with its own outcome, not with `disallowed`.
        """
        site = await self._site(address)
        if site.closed:
            raise Fault(Outcome.DISALLOWED, site.closed)
        if site.rules and not site.rules.can_fetch(address.url, self._token):
            raise Fault(Outcome.DISALLOWED, f"robots.txt of {address.host} does not allow it")

    def crawl_delay(self, address: Address) -> timedelta | None:
        """The delay that the site asks for, at most an hour; None where it asks for none or is not known yet."""
        site = self._sites.get(address.origin)
        seconds = site.rules.crawl_delay(self._token) if site and site.rules else None
        return min(timedelta(seconds=min(seconds, 1e6)), MOST_DELAY) if seconds else None

    async def _site(self, address: Address) -> _Site:
        site = self._sites.setdefault(address.origin, _Site())
        self._sites.move_to_end(address.origin)
        if len(self._sites) > MOST_ORIGINS:
            self._sites.popitem(last=False)
        async with site.asking:
            if self._clock.monotonic() >= site.until:
                await self._ask(site, parse_address("/robots.txt", address.url))
        return site

    async def _ask(self, site: _Site, address: Address) -> None:
        status, body = await self._fetched(address)
        now = self._clock.monotonic()
        if status >= 500:
            self._failed(site, address, now)
            return
        text = body.decode("utf-8-sig", "replace") if status < 300 else ""
        site.rules = Protego.parse(_about(self._token, text)) if text else None
        site.known, site.closed, site.failing_since, site.until = True, None, None, now + FRESH

    def _failed(self, site: _Site, address: Address, now: float) -> None:
        """Old rules stay in force; without any, the site is closed until robots.txt answers again."""
        site.until = now + CLOSED
        site.failing_since = now if site.failing_since is None else site.failing_since
        given_up = now - site.failing_since > GIVEN_UP
        if given_up:
            site.rules = None
        site.closed = None if site.known or given_up else f"robots.txt of {address.host} fails, so nothing is fetched"

    async def _fetched(self, address: Address) -> tuple[int, bytes]:
        """Status and body of robots.txt, behind its redirects; too many of them count as a missing file, and
        whatever else is wrong as a failing server. Raises Fault when the site itself cannot be reached."""
        for turn in range(MOST_REDIRECTS + 1):
            try:
                async with self._exchanges.ask(address, (("Accept", "text/plain,*/*;q=0.5"),)) as answer:
                    onward = answer.onward(address)
                    if onward is None:
                        return answer.status, await _body(answer)
            except Fault as fault:
                if turn == 0 and fault.outcome is not Outcome.BROKEN and not isinstance(fault, BadRedirect):
                    raise
                return 500, b""
            address = onward
        return 404, b""


async def _body(answer: Answer) -> bytes:
    body = bytearray()
    if answer.status < 300:
        try:
            await read_body(answer, body, LONGEST)
        except TooLarge:
            del body[body.rfind(b"\n") + 1 :]  # half a rule may say the opposite of the whole
    return bytes(body)


_COMPATIBLE = re.compile(r"compatible;\s*([A-Za-z_-]+)")
_TOKEN = re.compile(r"[A-Za-z_-]+")


def product_token(user_agent: str) -> str:
    """The name that robots.txt knows us by: the first word of the User-Agent, or the one behind "compatible;"."""
    found = _COMPATIBLE.search(user_agent)
    if found:
        return found.group(1).lower()
    first = _TOKEN.match(user_agent)
    return first.group().lower() if first else "monitor"


_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*:?\s*(.*)", re.IGNORECASE)


def _about(token: str, text: str) -> str:
    """The same file with all other robots called "other". A file of thousands of names before thousands of rules
    would else cost the parser their product; and RFC 9309 wants our whole name, where Protego takes a part."""
    return "\n".join(_ours(token, line) for line in text.splitlines())


def _ours(token: str, line: str) -> str:
    match = _AGENT_LINE.match(line)
    if not match:
        return line
    agent = match.group(1).partition("#")[0].strip().lower()
    name = _TOKEN.match(agent)
    if agent == "*" or (name and name.group() == token):
        return f"User-agent: {agent if agent == '*' else token}"
    return f"User-agent: not-{token}"
