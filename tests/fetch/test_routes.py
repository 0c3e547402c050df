"""How single hosts are asked: headers and cookies go to them and to nobody else, proxies are used and guarded."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network

import httpx2
import pytest
import trustme

from monitor.core.capture import Capture, Outcome
from monitor.core.policy import FetchPolicy, SiteEntry
from monitor.fetch import AddressRefused, HttpFetch, guarded_client
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.fetch.test_tls import serving, trusting
from tests.origin import Origin, page, redirect

NEWS, OTHER, UNKNOWN, INNER = "news.example", "other.example", "only-the-proxy-knows.example", "intranet.example"
NAMES = {NEWS: ["127.0.0.1"], OTHER: ["127.0.0.1"], INNER: ["10.0.0.5"]}


async def resolve(host: str, port: int) -> list[str]:
    if host in NAMES:
        return NAMES[host]
    if host == "127.0.0.1":
        return [host]
    raise OSError("no such name")


async def visit(policy: FetchPolicy, url: str, *sites: SiteEntry, authority: trustme.CA | None = None) -> Capture:
    context = trusting(authority) if authority else None
    fetch = HttpFetch(policy, SetClock(), sites=sites, resolve=resolve, ssl_context=context)
    try:
        return await fetch.fetch(Request(url=url))
    finally:
        await fetch.aclose()


# -- headers and cookies


async def test_a_site_gets_its_headers_and_cookies(origin: Origin) -> None:
    origin.serve("/", page())
    site = SiteEntry(
        host="*.example",
        headers={"X-Key": "s3cret", "accept": "text/html", "Accept-Language": "en-GB"},
        cookies={"consent": "all", "edition": "uk"},
    )
    exact = SiteEntry(host=NEWS, headers={"accept-language": "fr"}, cookies={"edition": "int"})

    await visit(loopback_policy(), f"http://{NEWS}:{origin.port}/", exact, site)

    [asked] = origin.requests
    assert (asked.header("x-key"), asked.header("accept")) == ("s3cret", "text/html")
    assert asked.header("accept-language") == "fr", "the first entry that covers the host counts"
    assert asked.header("cookie") == "consent=all; edition=int"


async def test_no_other_host_gets_them_not_even_behind_a_redirect(origin: Origin) -> None:
    origin.serve("/", redirect(f"http://{OTHER}:{origin.port}/there"))
    origin.serve("/there", redirect(f"http://{NEWS}:{origin.port}/back"))
    origin.serve("/back", page())
    site = SiteEntry(host=NEWS, headers={"X-Key": "s3cret"}, cookies={"session": "s3cret"})

    capture = await visit(loopback_policy(), f"http://{NEWS}:{origin.port}/", site)

    assert capture.outcome is Outcome.FETCHED
    keys = [(asked.target, asked.header("x-key"), asked.header("cookie")) for asked in origin.requests]
    assert keys == [("/", "s3cret", "session=s3cret"), ("/there", None, None), ("/back", "s3cret", "session=s3cret")]


async def test_robots_txt_is_asked_for_as_the_pages_are(origin: Origin) -> None:
    origin.serve("/", page())
    site = SiteEntry(host=NEWS, cookies={"session": "s3cret"})

    await visit(loopback_policy(respect_robots=True), f"http://{NEWS}:{origin.port}/", site)

    assert [asked.header("cookie") for asked in origin.asked("/robots.txt")] == ["session=s3cret"]


def test_what_they_hold_is_not_shown() -> None:
    site = SiteEntry(host=NEWS, proxy="http://u:s3cret@p:1", headers={"X": "s3cret"}, cookies={"c": "s3cret"})

    assert "s3cret" not in repr(site)
    assert "s3cret" not in repr(FetchPolicy(proxy="http://u:s3cret@p:1"))
    assert "s3cret" not in repr(site.rule)


# -- proxies


@dataclass
class Proxy:
    """A forward proxy that takes every name for this machine. `asked` is the head of each request to it."""

    refuses: bool = False
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://desk:p%40ss@127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.decode())
            method, target, _ = self.asked[-1].split(" ", 2)
            if self.refuses:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            authority = target.removeprefix("http://").partition("/")[0]
            there, onward = await asyncio.open_connection("127.0.0.1", int(authority.rpartition(":")[2]))
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Established\r\n\r\n")
            else:
                path = "/" + target.removeprefix("http://").partition("/")[2]
                onward.write(head.replace(target.encode(), path.encode(), 1))
            await asyncio.gather(_pass_on(reader, onward), _pass_on(there, writer))


async def _pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while received := await source.read(65_536):
            to.write(received)
    to.close()


@asynccontextmanager
async def proxying(*, refuses: bool = False) -> AsyncIterator[Proxy]:
    proxy = Proxy(refuses=refuses)
    doors: list[asyncio.Task[None]] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def door() -> None:
            await proxy.serve(reader, writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

        doors.append(asyncio.ensure_future(door()))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await asyncio.wait_for(asyncio.gather(*doors), 5)


async def test_a_page_is_fetched_through_the_proxy_that_is_configured(origin: Origin) -> None:
    origin.serve("/story?a=1", page("<p>Far."))
    async with proxying() as proxy:
        # The proxy itself may be anywhere; what is behind it may not.
        policy = loopback_policy(allow_networks=(), proxy=proxy.url)
        capture = await visit(policy, f"http://{UNKNOWN}:{origin.port}/story?a=1")

    assert (capture.outcome, capture.body) == (Outcome.FETCHED, b"<p>Far.")
    assert proxy.asked[0].startswith(f"GET http://{UNKNOWN}:{origin.port}/story?a=1 HTTP/1.1")
    assert base64.b64encode(b"desk:p@ss").decode() in proxy.asked[0]
    assert origin.requests[0].header("host") == f"{UNKNOWN}:{origin.port}"


async def test_tls_goes_through_a_tunnel_and_is_verified_to_its_end() -> None:
    authority = trustme.CA()
    async with proxying() as proxy, Origin(ssl_context=serving(authority, UNKNOWN)) as origin:
        port = origin.port
        origin.serve("/", page("<p>Far and safe."))
        policy = loopback_policy(allow_networks=(), proxy=proxy.url)
        good = await visit(policy, f"https://{UNKNOWN}:{origin.port}/", authority=authority)
        wrong = await visit(policy, f"https://another.example:{origin.port}/", authority=authority)

    assert (good.outcome, good.body) == (Outcome.FETCHED, b"<p>Far and safe.")
    assert proxy.asked[0].startswith(f"CONNECT {UNKNOWN}:{port} HTTP/1.1")
    assert wrong.outcome is Outcome.UNREACHABLE
    assert "the certificate is not valid" in (wrong.detail or "")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "0x7f.1", "169.254.169.254", INNER])
async def test_a_proxy_is_not_asked_for_what_lies_inside(origin: Origin, host: str) -> None:
    async with proxying() as proxy:
        policy = loopback_policy(allow_networks=(), proxy=proxy.url)
        capture = await visit(policy, f"http://{host}:{origin.port}/")
        async with guarded_client(policy) as client:
            if host != INNER:  # the real name service knows nothing of it
                with pytest.raises(AddressRefused):
                    await client.post(f"http://{host}:{origin.port}/", content=b"{}")

    assert capture.outcome is Outcome.REFUSED
    assert proxy.asked == []


async def test_a_name_service_that_is_silent_holds_no_proxy_up(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(host: str, port: int) -> list[str]:
        if host != "127.0.0.1":
            await asyncio.Event().wait()
        return [host]

    monkeypatch.setattr("monitor.fetch.backend.ASK_HERE", 0.05)
    origin.serve("/", page())
    async with proxying() as proxy:
        fetch = HttpFetch(loopback_policy(proxy=proxy.url), SetClock(), resolve=silent)
        capture = await fetch.fetch(Request(url=f"http://{UNKNOWN}:{origin.port}/"))
        await fetch.aclose()

    assert capture.outcome is Outcome.FETCHED


async def test_the_proxy_of_a_site_goes_before_the_common_one(origin: Origin) -> None:
    origin.serve("/", page())
    async with proxying() as common, proxying() as own:
        policy = loopback_policy(proxy=common.url)
        site = SiteEntry(host=NEWS, proxy=own.url)
        for host in (NEWS, OTHER):
            capture = await visit(policy, f"http://{host}:{origin.port}/", site)
            assert capture.outcome is Outcome.FETCHED

    assert [asked.split()[1] for asked in own.asked] == [f"http://{NEWS}:{origin.port}/"]
    assert [asked.split()[1] for asked in common.asked] == [f"http://{OTHER}:{origin.port}/"]


async def test_a_proxy_that_refuses_or_is_not_there_is_unreachable(origin: Origin) -> None:
    async with proxying(refuses=True) as proxy:
        url = proxy.url
        plain = await visit(loopback_policy(proxy=url), f"http://{NEWS}:{origin.port}/")
        tunnel = await visit(loopback_policy(proxy=url), f"https://{NEWS}:{origin.port}/")
    gone = await visit(loopback_policy(proxy=url), f"http://{NEWS}:{origin.port}/")

    assert plain.outcome is Outcome.BLOCKED, "told from a refusal of the site's own it cannot be"
    assert (tunnel.outcome, gone.outcome) == (Outcome.UNREACHABLE, Outcome.UNREACHABLE)
    assert "p@ss" not in f"{tunnel.detail}{gone.detail}"
    assert origin.requests == []


async def test_webhooks_go_through_the_common_proxy_too(origin: Origin) -> None:
    origin.serve("/hook", page("ok"))
    async with proxying() as proxy, guarded_client(loopback_policy(proxy=proxy.url)) as client:
        answer = await client.post(f"{origin.url}/hook", content=b"{}")

    assert answer.status_code == 200
    assert proxy.asked[0].startswith("POST ")


async def test_a_webhook_whose_proxy_is_away_has_failed_as_any() -> None:
    policy = loopback_policy(proxy="http://127.0.0.1:9", allow_networks=(ip_network("127.0.0.0/8"),))
    async with guarded_client(policy) as client:
        with pytest.raises(httpx2.ConnectError):
            await client.post("http://127.0.0.1:8/hook", content=b"{}")
