"""One visit and exactly what came back: Capture, Validators, Outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256


class Outcome(StrEnum):
    """How a visit ended. Only `fetched` carries a page that may be the article.

    missing: 404. gone: 410. blocked: 401, 402, 403, 407, 451. throttled: 429, or 503 with Retry-After.
    server_error: other 5xx. unreachable: DNS, connect, TLS, reset, deadline. broken: truncated, undecodable, over
    the size cap, a redirect loop, not a page. refused: we do not go there (private address, scheme).
    disallowed: robots.txt says no.
    """

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    MISSING = "missing"
    GONE = "gone"
    BLOCKED = "blocked"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    REFUSED = "refused"
    DISALLOWED = "disallowed"


HOST_WIDE = frozenset({Outcome.THROTTLED, Outcome.UNREACHABLE})
"""Outcomes that speak of the host, not of the article: its other articles are not tried."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave us to ask "has it changed since?" (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the address asked and the status that sent us on."""

    url: str
    status: int


# No slots: the digest of a page is asked for at three places, and kept.
@dataclass(frozen=True, kw_only=True)
class Capture:
    """One visit. `body` is decoded from its content coding, not from its charset; empty unless the outcome is
    `fetched`, or an error page that was kept. `asked_at` and `captured_at` (aware UTC) bracket the exchange: the page
    was made between the two. `detail` is one line for people."""

    url: str
    final_url: str
    outcome: Outcome
    asked_at: datetime
    captured_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    conditional: bool = False
    retry_after: timedelta | None = None
    detail: str | None = None

    @cached_property
    def body_sha256(self) -> str:
        return sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def validators(self) -> Validators:
        return Validators(self.header("etag"), self.header("last-modified"))
