"""One exchange with a server: one request, the head of its answer, and its body as raw chunks."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import httpcore2

from monitor.core.address import Address, parse_address
from monitor.core.capture import Outcome
from monitor.errors import BadUrl
from monitor.fetch.backend import WatchedStream
from monitor.fetch.faults import Fault, translated
from monitor.fetch.transport import Route, Routes

Headers = tuple[tuple[str, str], ...]
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class BadRedirect(Fault):
    pass


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer; the body is read through `chunks`, once, or not at all."""

    status: int
    headers: Headers
    stream: AsyncIterable[bytes] = field(repr=False)

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case)."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    async def chunks(self) -> AsyncGenerator[bytes]:
        """The body as it came over the wire, content coding and all. Raises Fault."""
        with translated():
            async with closing_stream(self.stream) as stream:
                async for chunk in stream:
                    yield chunk

    def onward(self, address: Address) -> Address | None:
        """Where a redirect leads from `address`; None where the answer is no redirect. Raises Fault."""
        if self.status not in REDIRECTS:
            return None
        location = self.header("location")
        if not location:
            raise BadRedirect(Outcome.BROKEN, f"{self.status}: a redirect that does not say where to")
        try:
            return parse_address(_as_written(location), address.url)
        except BadUrl:
            raise BadRedirect(Outcome.REFUSED, f"{self.status}: a redirect to something that is not fetched") from None


class Exchanges:
    """Asks servers, each by the way that leads to it."""

    def __init__(self, routes: Routes, *, user_agent: str, accept_encoding: str, connect: float) -> None:
        """`connect` is the longest that resolving apart, a connection may take, in seconds."""
        self._routes = routes
        self._headers = [
            (b"User-Agent", user_agent.encode()),
            (b"Accept-Encoding", accept_encoding.encode()),
        ]
        self._extensions = {"timeout": {"connect": connect}}

    @asynccontextmanager
    async def ask(self, address: Address, headers: Sequence[tuple[str, str]] = ()) -> AsyncIterator[Answer]:
        """GET one address; the connection is given back, or closed where the body was not read to its end.

        There is no deadline here: the caller puts one over the whole visit. Raises Fault.
        """
        with translated():
            response = await self._sent(address, headers)
        try:
            yield Answer(response.status, _decoded(response.headers), _stream(response))
        finally:
            await response.aclose()

    async def _sent(self, address: Address, headers: Sequence[tuple[str, str]]) -> httpcore2.Response:
        route = await self._routes.to(address.host, address.port)
        request = self._request(address, route, headers)
        if _has_idle(route.pool, request.url.origin):
            response = await self._sent_on_worn(route.pool, request)
            if response is not None:
                return response
            request = self._request(address, route, headers)
        return await route.pool.handle_async_request(request)

    async def _sent_on_worn(
        self, pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request
    ) -> httpcore2.Response | None:
        """Ask over a connection that has served before. None where that says nothing of the server: it closed the
        connection in the same moment, or left bytes of the last answer on it. RFC 9112, section 9.3.1, lets a GET
        be sent again then."""
        try:
            response = await pool.handle_async_request(request)
        except (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError):
            return None
        stream = response.extensions.get("network_stream")
        if isinstance(stream, WatchedStream) and not stream.heard:
            await response.aclose()
            await stream.aclose()
            return None
        return response

    def _request(self, address: Address, route: Route, headers: Sequence[tuple[str, str]]) -> httpcore2.Request:
        ours = [*self._headers, *((name.encode(), value.encode("latin-1")) for name, value in headers)]
        theirs = {name.lower() for name, _ in route.headers}
        return httpcore2.Request(
            method=b"GET",
            url=httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target),
            headers=[
                (b"Host", address.authority.encode()),
                *((name, value) for name, value in ours if name.lower() not in theirs),
                *route.headers,
            ],
            extensions=self._extensions,
        )


def _has_idle(pool: httpcore2.AsyncConnectionPool, origin: httpcore2.Origin) -> bool:
    return any(kept.is_idle() and kept.can_handle_request(origin) for kept in pool.connections)


@asynccontextmanager
async def closing_stream(stream: AsyncIterable[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
    """Iterate a stream, and end its generators here and now rather than when they are collected."""
    iterator = aiter(stream)
    try:
        yield iterator
    finally:
        if isinstance(iterator, AsyncGenerator):
            await iterator.aclose()


async def finish(answer: Answer) -> None:
    """Take leave of an answer that has no body, so that its connection can serve again."""
    async with aclosing(answer.chunks()) as chunks:
        async for _ in chunks:
            return


def _stream(response: httpcore2.Response) -> AsyncIterable[bytes]:
    stream = response.stream
    if not isinstance(stream, AsyncIterable):  # the asynchronous pool gives no other
        raise TypeError("a stream that cannot be awaited")
    return stream


def _decoded(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _as_written(location: str) -> str:
    """A Location in bytes that are no ASCII is UTF-8 wherever it can be (what browsers do)."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeDecodeError:
        return location
