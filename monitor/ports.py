"""What the floors above need of the world, in a few lines each. Adapters fit these without importing them."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor.core.article import Reading, SamePage
from monitor.core.capture import Capture, Validators
from monitor.core.policy import SiteRule


class Clock(Protocol):
    """The only way to the time of day. `monotonic` is in seconds and never goes back."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to fetch. With `validators` the request is conditional. `accept` is the media types wished for."""

    url: str
    validators: Validators = field(default_factory=Validators)
    accept: str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


class Fetch(Protocol):
    """Visits one address. Whatever the other side does is a Capture; only misuse raises."""

    async def fetch(self, request: Request) -> Capture: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is remembered that helps to read a page, and is stored with the reading: the host's charset (used where
    the page declares none), the site rules that cover it, the user's live markers, and the digest of the page that
    was read last (equal: nothing to extract). With a `method` the body is read by that one alone, empty where it
    finds nothing, and the page is read whatever its digest: for comparing with what was read so."""

    charset: str | None = None
    site: SiteRule | None = None
    markers: tuple[str, ...] = ()
    page_digest: str | None = None
    method: str | None = None


class Extract(Protocol):
    """Reads the article out of a page. Deterministic: the same bytes and hints give the same Reading.

    Raises ExtractionFailed when the page had to be given up (time, memory, crash).
    """

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert, ready for any channel. `id` is fixed for all attempts and is the receiver's key against doubles.

    `body` is the webhook body (DESIGN: type, timestamp, data) as JSON text. `thread` is the same for all messages
    about one article. `subject`, `text` and `html` are the email's. `created_at` is when the alert was written.
    """

    id: str
    type: str
    body: str
    subject: str
    text: str
    html: str
    thread: str
    created_at: datetime | None = None


class Channel(Protocol):
    """Sends one message. Returns what the receiver said; raises DeliveryFailed."""

    async def send(self, message: Message, now: datetime) -> str: ...


Handler = Callable[[str], Coroutine[Any, Any, None]]


class Runner(Protocol):
    """Runs units of work, one at a time per key. Holds nothing worth keeping: the store knows what is due."""

    async def wake(self, kind: str, keys: Sequence[str]) -> int:
        """Ask for these keys to be handled; those already waiting or running are dropped. Returns how many are new."""
        ...

    async def run(self, handlers: Mapping[str, Handler]) -> None:
        """Serve until `stop`, then return when all started work has ended."""
        ...

    def stop(self) -> None: ...

    def free(self, kind: str) -> int:
        """How many more keys of that kind would start at once."""
        ...

    async def drain(self, deadline: timedelta) -> None:
        """Wait for the started work; cancel what is left after the deadline."""
        ...
