"""The fetcher: one address in, one Capture out, whatever the other side does."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.address import Address, parse_address
from monitor.core.capture import Capture, Hop, Outcome, Validators
from monitor.core.policy import FetchPolicy, SiteEntry
from monitor.fetch.backend import Resolve
from monitor.fetch.body import ACCEPT_ENCODING, TooLarge, declared_length, read_body
from monitor.fetch.exchange import Answer, Exchanges, finish
from monitor.fetch.faults import Fault, translated
from monitor.fetch.manners import Manners, Patience
from monitor.fetch.robots import Robots
from monitor.fetch.transport import Routes
from monitor.fetch.verdict import detail_of, is_page, media_type, outcome_of, retry_after
from monitor.ports import Clock, Request

ERROR_PAGE = 64_000
"""So much of an error page is kept to look at."""

ERROR_PAGE_SHARE = 0.25
"""Of the timeout: an error page that drips longer is kept as far as it came. Its status has said enough."""


@dataclass(slots=True)
class _Trail:
    """How far a visit has come."""

    request: Request
    asked_at: datetime
    url: str
    hops: list[Hop] = field(default_factory=list)
    conditional: bool = False
    answer: Answer | None = None


class HttpFetch:
    """Visits addresses over HTTP. One for the whole process; close it with `aclose`.

    Every visit ends within `policy.timeout` (not counting the wait for a turn at a host), keeps to `policy.max_body`
    bytes, dials only public addresses (and `policy.allow_networks`), and asks robots.txt first where the policy says
    so. `sites` says how single hosts are asked; `resolve` replaces the system's name service.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        clock: Clock,
        *,
        sites: Sequence[SiteEntry] = (),
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._policy, self._clock = policy, clock
        self._routes = Routes(policy, sites, context=ssl_context, resolve=resolve)
        self._timeout = policy.timeout.total_seconds()
        self._exchanges = Exchanges(
            self._routes,
            user_agent=policy.user_agent,
            accept_encoding=ACCEPT_ENCODING,
            connect=self._timeout / 2,
        )
        self._manners = Manners(clock, policy.delay)
        self._robots = None
        if policy.respect_robots:
            self._robots = Robots(self._exchanges, self._manners, clock, policy.user_agent)

    async def fetch(self, request: Request) -> Capture:
        """Visit the address and say what came back. Raises nothing but cancellation."""
        trail = _Trail(request, self._clock.now(), request.url)
        try:
            async with asyncio.timeout(self._timeout) as deadline:
                return await self._visit(trail, Patience(deadline))
        except TimeoutError:
            return self._ended(trail, Outcome.UNREACHABLE, f"no complete answer within {self._timeout:g} s")
        except Fault as fault:
            return self._ended(trail, fault.outcome, fault.detail, pause=fault.retry_after)

    def crawl_delay(self, url: str) -> timedelta | None:
        """The delay between requests that the site's robots.txt asks for, as far as it is known already."""
        return self._robots.crawl_delay(parse_address(url)) if self._robots else None

    async def aclose(self) -> None:
        await self._routes.aclose()

    async def _visit(self, trail: _Trail, patience: Patience) -> Capture:
        with translated():
            address = parse_address(trail.request.url)
        while True:
            trail.url, trail.answer, trail.conditional = address.url, None, False
            if self._robots:
                await self._robots.permit(address, patience)
            async with self._manners.turn(address, patience):
                onward = await self._asked(trail, address)
                if isinstance(onward, Capture):
                    return onward
            address = onward

    async def _asked(self, trail: _Trail, address: Address) -> Address | Capture:
        """What came back; for a redirect, where it leads."""
        headers = _headers(trail)
        trail.asked_at = self._clock.now()
        async with self._exchanges.ask(address, headers) as answer:
            trail.answer = answer
            onward = answer.onward(address)
            if onward is None:
                return await self._capture(trail, answer)
        return self._turned(trail, onward, answer.status)

    def _turned(self, trail: _Trail, onward: Address, status: int) -> Address:
        trail.hops.append(Hop(trail.url, status))
        if any(hop.url == onward.url for hop in trail.hops):
            raise Fault(Outcome.BROKEN, "the redirects lead in a circle")
        if len(trail.hops) > self._policy.max_redirects:
            raise Fault(Outcome.BROKEN, f"more than {self._policy.max_redirects} redirects")
        return onward

    async def _capture(self, trail: _Trail, answer: Answer) -> Capture:
        pause = retry_after(answer, self._clock.now()) if answer.status >= 400 else None
        outcome = outcome_of(answer, conditional=trail.conditional, retry_after=pause)
        body = await self._body(trail, answer, outcome)
        return self._ended(trail, outcome, detail_of(answer, outcome), body=body, pause=pause)

    async def _body(self, trail: _Trail, answer: Answer, outcome: Outcome) -> bytes:
        if outcome is Outcome.NOT_MODIFIED:
            await finish(answer)
            return b""
        if outcome is not Outcome.FETCHED:
            return await self._error_page(answer) if answer.status >= 400 else b""
        if not is_page(answer, trail.request.accept):
            raise Fault(Outcome.BROKEN, f"not a page but {media_type(answer)}")
        if declared_length(answer) > self._policy.max_body:
            raise TooLarge(self._policy.max_body)
        body = bytearray()
        await read_body(answer, body, self._policy.max_body)
        return bytes(body)

    async def _error_page(self, answer: Answer) -> bytes:
        """What could be had of it in short time; its faults do not matter."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._timeout * ERROR_PAGE_SHARE):
                await read_body(answer, body, ERROR_PAGE)
        except (Fault, TimeoutError):
            pass
        return bytes(body)

    def _ended(
        self,
        trail: _Trail,
        outcome: Outcome,
        detail: str | None,
        *,
        body: bytes = b"",
        pause: timedelta | None = None,
    ) -> Capture:
        return Capture(
            url=trail.request.url,
            final_url=trail.url,
            outcome=outcome,
            asked_at=trail.asked_at,
            captured_at=self._clock.now(),
            status=trail.answer.status if trail.answer else None,
            headers=trail.answer.headers if trail.answer else (),
            body=body,
            hops=tuple(trail.hops),
            conditional=trail.conditional,
            retry_after=pause,
            detail=detail,
        )


def _headers(trail: _Trail) -> Sequence[tuple[str, str]]:
    """Validators belong to the address they were given for: behind a redirect they could match another page's."""
    asked = [("Accept", trail.request.accept)]
    if not trail.hops:
        asked += _conditions(trail.request.validators)
        trail.conditional = len(asked) > 1
    return asked


def _conditions(validators: Validators) -> list[tuple[str, str]]:
    conditions = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return [(name, value) for name, value in conditions if value and _sendable(value)]


def _sendable(value: str) -> bool:
    """Whether a stored header can be sent back: one that cannot only costs us the shorter answer."""
    return len(value) < 1_000 and all(" " <= letter <= "\xff" and letter != "\x7f" for letter in value)
