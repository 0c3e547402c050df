"""The guarded pool of connections, and the guarded HTTP client for those who send rather than fetch."""

import logging
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore2
import httpx2

from monitor.core.policy import FetchPolicy
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


def guarded_pool(
    policy: FetchPolicy, context: ssl.SSLContext | None = None, resolve: Resolve | None = None
) -> httpcore2.AsyncConnectionPool:
    """Connections to public addresses (and `policy.allow_networks`) only. Proxies of the environment are not used:
    behind a proxy, nobody could check where a connection ends."""
    for name in ("httpx2", "httpcore2"):
        # They write whole addresses to the log, and a webhook's is a secret.
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpcore2.AsyncConnectionPool(
        ssl_context=context or ssl_context(),
        max_connections=None,
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=GuardedBackend(policy.allow_networks, resolve=resolve),
    )


def guarded_client(policy: FetchPolicy, *, ssl_context: ssl.SSLContext | None = None) -> httpx2.AsyncClient:
    """A client that dials public addresses only, for webhooks and the like. TLS is always verified, redirects are
    not followed, the environment is not read. A refused address raises AddressRefused, an httpx2.ConnectError.

    The timeout is per step (connect, read); put one `asyncio.timeout` over the whole of each exchange.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(guarded_pool(policy, ssl_context)),
        trust_env=False,
        follow_redirects=False,
        timeout=policy.timeout.total_seconds(),
        headers={"User-Agent": policy.user_agent},
    )


class GuardedTransport(httpx2.AsyncBaseTransport):
    """httpx2 over a pool of ours. (httpx2's own transport takes no network backend.)"""

    def __init__(self, pool: httpcore2.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        with as_httpx2():
            response = await self._pool.handle_async_request(
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
        await self._pool.aclose()


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
