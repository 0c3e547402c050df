"""The network backend: the one place where a connection is made, and where it is refused."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain, zip_longest
from typing import Any

import httpcore2
import httpx2

from monitor.fetch.addresses import Ip, Network, is_allowed, parse_ip, plain

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses, best first. Raises OSError (socket.gaierror) where there are none."""

ASK_HERE = 2.0
"""Seconds: networks with a proxy often have no name service that knows the world, and some take long to say so."""
MOST_ADDRESSES = 4
"""So many of a host's addresses are tried, each for its share of the time to connect."""


class AddressRefused(httpcore2.ConnectError, httpx2.ConnectError):
    """A host that must not be dialled. It is both libraries' ConnectError, for it passes unchanged through both."""

    def __init__(self, host: str, address: str) -> None:
        self.host, self.address = host, address
        reason = "" if host == address else f" leads to {address}, which"
        super().__init__(f"{host}{reason} is a private or special address")


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves a host, refuses it when ANY of its addresses is not allowed, and dials the very addresses checked.

    Checking where the connection is made leaves no gap for a name that answers differently the second time (DNS
    rebinding), and covers redirects without further care.
    """

    def __init__(
        self, allow_networks: Iterable[Network] = (), *, resolve: Resolve | None = None, trusted: str | None = None
    ) -> None:
        """`trusted` is a host that may be dialled wherever it is: the configuration names it."""
        self._allow = tuple(allow_networks)
        self._trusted = trusted
        self._resolve = resolve or resolve_by_system
        self._dialler = httpcore2.AnyIOBackend()
        self._dialling: set[asyncio.Task[Any]] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._checked(host, port)
        share = timeout / len(addresses) if timeout else None
        for address in addresses[:-1]:
            try:
                return await self._dialled(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._dialled(addresses[-1], port, share, local_address, socket_options)

    async def connect_unix_socket(self, path: str, *_: object, **__: object) -> httpcore2.AsyncNetworkStream:
        raise AddressRefused(path, path)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def refuse_inward(self, host: str, port: int) -> None:
        """Of a host that somebody else will dial for us. A name that is not known here, or not soon, may be there."""
        try:
            async with asyncio.timeout(ASK_HERE):
                await self._checked(host, port)
        except AddressRefused:
            raise
        except (TimeoutError, httpcore2.ConnectError):
            return

    async def _dialled(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        # The library, stopped in the moment in which the connection stands, forgets to close it. So it is not stopped:
        # who has no more time leaves, and the connection is closed once it stands, or the system gives it up.
        dialling = asyncio.ensure_future(self._dialler.connect_tcp(address, port, None, local_address, socket_options))
        self._dialling.add(dialling)
        dialling.add_done_callback(self._dialling.discard)
        try:
            async with asyncio.timeout(timeout):
                return WatchedStream(await asyncio.shield(dialling))
        except TimeoutError as error:
            dialling.add_done_callback(self._hang_up)
            raise httpcore2.ConnectTimeout(error) from error
        except asyncio.CancelledError:
            dialling.add_done_callback(self._hang_up)
            raise

    def _hang_up(self, dialled: "asyncio.Task[httpcore2.AsyncNetworkStream]") -> None:
        if not dialled.cancelled() and dialled.exception() is None:
            closing = asyncio.ensure_future(dialled.result().aclose())
            self._dialling.add(closing)
            closing.add_done_callback(self._dialling.discard)

    async def aclose(self) -> None:
        """End the connections that nobody waits for any more."""
        await asyncio.sleep(0)
        for dialling in self._dialling:
            dialling.cancel()
        while self._dialling:
            await asyncio.wait(self._dialling)

    async def _checked(self, host: str, port: int) -> list[str]:
        literal = parse_ip(host)
        found = [plain(literal)] if literal else await self._resolved(host, port)
        for address in found:
            if host != self._trusted and not is_allowed(address, self._allow):
                raise AddressRefused(host, str(address))
        return [str(address) for address in _families_in_turn(found)[:MOST_ADDRESSES]]

    async def _resolved(self, host: str, port: int) -> list[Ip]:
        try:
            answers = await self._resolve(host, port)
        except (OSError, ValueError) as error:
            raise httpcore2.ConnectError(error) from error
        addresses = [parse_ip(answer) for answer in answers]
        known = list(dict.fromkeys(plain(address) for address in addresses if address))
        if not known or None in addresses:
            raise AddressRefused(host, next((a for a in answers if parse_ip(a) is None), "no address"))
        return known


class WatchedStream(httpcore2.AsyncNetworkStream):
    """A connection that notices bytes which came before their question.

    A server that sends more than it declared leaves the rest for the next request on the connection, and httpcore2
    would take it for that request's answer: another page's text under this page's address. `heard` is whether
    anything came since the last request was sent; an answer without it is not one.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream, *, tls: bool = False) -> None:
        self._stream, self._tls = stream, tls
        self.heard = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = await self._stream.read(max_bytes, timeout)
        self.heard = True
        return received

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._tls and self.heard and await self._holds_more():
            raise httpcore2.ReadError("bytes before their question")
        self.heard = False
        await self._stream.write(buffer, timeout)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return WatchedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout), tls=True)
        except BaseException:
            # The library does so for errors, and not where it is cancelled in the handshake.
            await self._stream.aclose()
            raise

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def _holds_more(self) -> bool:
        """Records that TLS has received and not given out: the socket itself, which httpcore2 asks, knows nothing
        of them. A read without any patience finds them."""
        try:
            return bool(await self._stream.read(1, 0))
        except httpcore2.ReadTimeout:
            return False


def _families_in_turn(addresses: Sequence[Ip]) -> list[Ip]:
    """IPv6 and IPv4 by turns, so that one dead family does not use up the time to connect."""
    first = [address for address in addresses if address.version == addresses[0].version]
    second = [address for address in addresses if address.version != addresses[0].version]
    return [address for address in chain.from_iterable(zip_longest(first, second)) if address]


async def resolve_by_system(host: str, port: int) -> list[str]:
    """The operating system's answers, in its order of preference (RFC 6724)."""
    loop = asyncio.get_running_loop()
    answers = await loop.run_in_executor(_resolvers(), _getaddrinfo, host, port)
    return [str(sockaddr[0]) for *_, sockaddr in answers]


def _getaddrinfo(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    # As bytes, the name passes Python's own IDNA codec by: it was made ASCII by the URL parser.
    return list(socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM))


@cache
def _resolvers() -> ThreadPoolExecutor:
    """Threads of their own: a name server that does not answer holds one for long, and must not hold up the rest."""
    return ThreadPoolExecutor(16, thread_name_prefix="resolve")
