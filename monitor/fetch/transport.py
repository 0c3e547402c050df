"""The guarded ways out: which connections lead to a host, and the HTTP client of those who send rather than fetch."""

import logging
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpcore2
import httpx2

from monitor.core.address import DEFAULT_PORTS, ProxyAddress, parse_proxy
from monitor.core.policy import FetchPolicy, SiteEntry
from monitor.fetch.backend import AddressRefused, GuardedBackend, Resolve

IDLE_CONNECTIONS = 32
IDLE_SECONDS = 10.0
"""Long enough for the next article of the same host visit, short enough to be gone before most servers hang up."""


@cache
def ssl_context() -> ssl.SSLContext:
    """The process's one TLS context: the system's certificate authorities, names checked, TLS 1.2 at least.

    A new context costs 26 ms, so all clients share this one.
    """
    return httpx2.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Route:
    """The way to a host: its connections, and the headers that every request to it carries."""

    pool: httpcore2.AsyncConnectionPool
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Routes:
    """Ways to public addresses (and `policy.allow_networks`) only, through the proxies that the configuration names.
    Those of the environment are not used.

    Behind a proxy nobody can see where a connection ends: what it is asked for is refused when it is an inward address,
    or a name that leads to one here; a name that only the proxy knows is left to the proxy.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        sites: Sequence[SiteEntry] = (),
        *,
        context: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        for name in ("httpx2", "httpcore2"):
            # They write whole addresses to the log, and a webhook's is a secret.
            logging.getLogger(name).setLevel(logging.WARNING)
        self._policy, self._sites, self._resolve = policy, tuple(sites), resolve
        self._context = context or ssl_context()
        self._guard = GuardedBackend(policy.allow_networks, resolve=resolve)
        self._pools: dict[str | None, httpcore2.AsyncConnectionPool] = {}
        self._backends: list[GuardedBackend] = []

    async def to(self, host: str, port: int) -> Route:
        """Raises AddressRefused, an error of both libraries, where it is known already that nobody may go there."""
        sites = [site for site in self._sites if site.covers(host)]
        proxy = next((site.proxy for site in sites if site.proxy), self._policy.proxy)
        if proxy is not None:
            await self._guard.refuse_inward(host, port)
        return Route(self._pool(proxy), _headers_of(sites))

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()
        for backend in self._backends:
            await backend.aclose()

    def _pool(self, proxy: str | None) -> httpcore2.AsyncConnectionPool:
        if proxy not in self._pools:
            there = parse_proxy(proxy) if proxy else None
            backend = GuardedBackend(
                self._policy.allow_networks, resolve=self._resolve, trusted=there.host if there else None
            )
            self._backends.append(backend)
            self._pools[proxy] = httpcore2.AsyncConnectionPool(
                ssl_context=self._context,
                proxy=_proxy(there, self._context) if there else None,
                max_connections=None,
                max_keepalive_connections=IDLE_CONNECTIONS,
                keepalive_expiry=IDLE_SECONDS,
                network_backend=backend,
            )
        return self._pools[proxy]


def _proxy(there: ProxyAddress, context: ssl.SSLContext) -> httpcore2.Proxy:
    return httpcore2.Proxy(
        url=httpcore2.URL(scheme=there.scheme, host=there.host, port=there.port, target="/"),
        auth=((there.user or "").encode(), (there.password or "").encode()) if there.user or there.password else None,
        ssl_context=context if there.scheme == "https" else None,
    )


def _headers_of(sites: Sequence[SiteEntry]) -> tuple[tuple[bytes, bytes], ...]:
    """Of all entries that cover the host; where two name the same header or cookie, the first counts."""
    headers: dict[str, tuple[str, str]] = {}
    cookies: dict[str, str] = {}
    for site in reversed(sites):
        headers |= {name.lower(): (name, value) for name, value in site.headers.items()}
        cookies |= site.cookies
    if cookies:
        headers["cookie"] = ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
    return tuple((name.encode(), value.encode("latin-1")) for name, value in headers.values())


def guarded_client(
    policy: FetchPolicy, *, ssl_context: ssl.SSLContext | None = None, resolve: Resolve | None = None
) -> httpx2.AsyncClient:
    """A client that dials public addresses only, for webhooks and the like. TLS is always verified, redirects are
    not followed, the environment is not read. A refused address raises AddressRefused, an httpx2.ConnectError.

    The timeout is per step (connect, read); put one `asyncio.timeout` over the whole of each exchange.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(Routes(policy, context=ssl_context, resolve=resolve)),
        trust_env=False,
        follow_redirects=False,
        timeout=policy.timeout.total_seconds(),
        headers={"User-Agent": policy.user_agent},
    )


class GuardedTransport(httpx2.AsyncBaseTransport):
    """httpx2 over pools of ours. (httpx2's own transport takes no network backend.)"""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        with as_httpx2():
            route = await self._routes.to(url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS.get(url.scheme, 0))
            response = await route.pool.handle_async_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._routes.aclose()


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with as_httpx2():
            async for chunk in self._response.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()


AS_HTTPX2: dict[type[Exception], type[httpx2.TransportError]] = {
    AddressRefused: AddressRefused,
    httpcore2.ConnectTimeout: httpx2.ConnectTimeout,
    httpcore2.ReadTimeout: httpx2.ReadTimeout,
    httpcore2.WriteTimeout: httpx2.WriteTimeout,
    httpcore2.PoolTimeout: httpx2.PoolTimeout,
    httpcore2.TimeoutException: httpx2.TimeoutException,
    httpcore2.ConnectError: httpx2.ConnectError,
    httpcore2.ReadError: httpx2.ReadError,
    httpcore2.WriteError: httpx2.WriteError,
    httpcore2.NetworkError: httpx2.NetworkError,
    httpcore2.LocalProtocolError: httpx2.LocalProtocolError,
    httpcore2.RemoteProtocolError: httpx2.RemoteProtocolError,
    httpcore2.ProtocolError: httpx2.ProtocolError,
    httpcore2.ProxyError: httpx2.ProxyError,
    httpcore2.UnsupportedProtocol: httpx2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable: httpx2.NetworkError,
    OSError: httpx2.NetworkError,
    ValueError: httpx2.ConnectError,
}
"""The more special class before the more general."""


@contextmanager
def as_httpx2() -> Iterator[None]:
    """Turn what the pool raises into what users of httpx2 expect."""
    try:
        yield
    except AddressRefused:
        raise
    except tuple(AS_HTTPX2) as error:
        wanted = next(wanted for known, wanted in AS_HTTPX2.items() if isinstance(error, known))
        raise wanted(str(error)) from error
