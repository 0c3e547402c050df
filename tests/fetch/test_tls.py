"""TLS is always verified, and the name that is verified is the one in the address."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import trustme

from monitor.core.capture import Capture, Outcome
from monitor.fetch import HttpFetch, guarded_client, ssl_context
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.origin import Origin, Received, Reply, page

NAME = "news.example.org"


async def at_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def serving(authority: trustme.CA, *names: str, expires: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = authority.issue_cert(*names, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=expires)
    issued.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def visit(stack: AsyncExitStack, serves: ssl.SSLContext, trusts: ssl.SSLContext, host: str = NAME) -> Capture:
    origin = await stack.enter_async_context(Origin(ssl_context=serves))
    origin.serve("/", page("<p>Safe."))
    fetch = HttpFetch(loopback_policy(), SetClock(), ssl_context=trusts, resolve=at_loopback)
    stack.push_async_callback(fetch.aclose)
    return await fetch.fetch(Request(url=f"https://{host}:{origin.port}/"))


async def test_a_good_certificate_is_trusted(stack: AsyncExitStack, authority: trustme.CA) -> None:
    capture = await visit(stack, serving(authority, NAME), trusting(authority))

    assert (capture.outcome, capture.body) == (Outcome.FETCHED, b"<p>Safe.")


async def test_a_wildcard_certificate_is_trusted(stack: AsyncExitStack, authority: trustme.CA) -> None:
    assert (await visit(stack, serving(authority, "*.example.org"), trusting(authority))).outcome is Outcome.FETCHED


async def test_another_name_is_not(stack: AsyncExitStack, authority: trustme.CA) -> None:
    capture = await visit(stack, serving(authority, "other.example.org"), trusting(authority))

    assert capture.outcome is Outcome.UNREACHABLE
    assert "Hostname mismatch" in (capture.detail or "")


async def test_an_address_in_place_of_a_name_is_not(stack: AsyncExitStack, authority: trustme.CA) -> None:
    capture = await visit(stack, serving(authority, NAME), trusting(authority), host="127.0.0.1")

    assert capture.outcome is Outcome.UNREACHABLE


async def test_an_expired_certificate_is_not(stack: AsyncExitStack, authority: trustme.CA) -> None:
    expired = serving(authority, NAME, expires=datetime(2021, 1, 1, tzinfo=UTC))

    capture = await visit(stack, expired, trusting(authority))

    assert capture.outcome is Outcome.UNREACHABLE
    assert "expired" in (capture.detail or "")


async def test_an_unknown_authority_is_not(stack: AsyncExitStack, authority: trustme.CA) -> None:
    capture = await visit(stack, serving(trustme.CA(), NAME), trusting(authority))

    assert capture.outcome is Outcome.UNREACHABLE
    assert "certificate" in (capture.detail or "")


async def test_by_default_the_systems_authorities_are_asked(stack: AsyncExitStack, authority: trustme.CA) -> None:
    assert (await visit(stack, serving(authority, NAME), ssl_context())).outcome is Outcome.UNREACHABLE


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_an_old_protocol_is_not_spoken(stack: AsyncExitStack, authority: trustme.CA) -> None:
    old = serving(authority, NAME)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")

    capture = await visit(stack, old, trusting(authority))

    assert capture.outcome is Outcome.UNREACHABLE


async def test_a_server_that_does_not_speak_tls_is_unreachable(origin: Origin) -> None:
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=0.4)), SetClock(), resolve=at_loopback)

    capture = await fetch.fetch(Request(url=f"https://{NAME}:{origin.port}/"))
    await fetch.aclose()

    assert capture.outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize("host", ["a" * 64 + ".example", ".example.org", "-.example.org", "xn--a.example", "a..b"])
async def test_a_name_that_tls_cannot_carry_is_no_crash(
    stack: AsyncExitStack, authority: trustme.CA, host: str
) -> None:
    capture = await visit(stack, serving(authority, NAME), trusting(authority), host=host)

    assert capture.outcome in (Outcome.UNREACHABLE, Outcome.REFUSED)


async def test_a_server_that_stalls_in_the_handshake_is_given_up() -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=0.2)), SetClock(), resolve=at_loopback)

    capture = await fetch.fetch(Request(url=f"https://{NAME}:{port}/"))
    await fetch.aclose()
    server.close()

    assert capture.outcome is Outcome.UNREACHABLE


def test_the_process_has_one_tls_context() -> None:
    assert ssl_context() is ssl_context()
    assert ssl_context().verify_mode is ssl.CERT_REQUIRED
    assert ssl_context().check_hostname
    assert ssl_context().minimum_version >= ssl.TLSVersion.TLSv1_2


async def test_a_connection_over_tls_is_kept(stack: AsyncExitStack, authority: trustme.CA) -> None:
    origin = await stack.enter_async_context(Origin(ssl_context=serving(authority, NAME)))
    origin.serve("/", page("<p>Safe."))
    fetch = HttpFetch(loopback_policy(), SetClock(), ssl_context=trusting(authority), resolve=at_loopback)
    stack.push_async_callback(fetch.aclose)

    for _ in range(3):
        assert (await fetch.fetch(Request(url=f"https://{NAME}:{origin.port}/"))).outcome is Outcome.FETCHED
    assert origin.connections == 1


async def test_bytes_left_in_a_tls_connection_never_answer_the_next_request(
    stack: AsyncExitStack, authority: trustme.CA
) -> None:
    async def twice(request: Received, writer: asyncio.StreamWriter) -> None:
        # Two records in one go: the second is decrypted only when it is asked for.
        for body in (b"first", b"wrong"):
            writer.write(Reply(200, body, (("Content-Type", "text/html"),)).encoded())
        await writer.drain()
        await asyncio.Event().wait()

    origin = await stack.enter_async_context(Origin(ssl_context=serving(authority, NAME)))
    origin.serve("/first", twice)
    origin.serve("/second", page("second"))
    fetch = HttpFetch(loopback_policy(), SetClock(), ssl_context=trusting(authority), resolve=at_loopback)
    stack.push_async_callback(fetch.aclose)
    url = f"https://{NAME}:{origin.port}"

    bodies = [(await fetch.fetch(Request(url=url + path))).body for path in ("/first", "/second")]

    assert bodies == [b"first", b"second"]


async def test_the_client_for_webhooks_verifies_tls_too(stack: AsyncExitStack, authority: trustme.CA) -> None:
    origin = await stack.enter_async_context(Origin(ssl_context=serving(authority, "127.0.0.1")))
    origin.serve("/hook", Reply(204))
    trusted = await stack.enter_async_context(guarded_client(loopback_policy(), ssl_context=trusting(authority)))
    untrusted = await stack.enter_async_context(guarded_client(loopback_policy()))

    assert (await trusted.post(f"{origin.url}/hook", content=b"{}")).status_code == 204
    with pytest.raises(httpx2.ConnectError):
        await untrusted.post(f"{origin.url}/hook", content=b"{}")
