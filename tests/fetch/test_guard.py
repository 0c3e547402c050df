"""Nothing inward is ever dialled: seen by Python's own audit hook, which knows nothing of our code."""

import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import httpx2
import pytest

from monitor.core.address import normalise_url
from monitor.core.capture import Outcome
from monitor.errors import BadUrl
from monitor.fetch import AddressRefused, HttpFetch, guarded_client, ssl_context
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy, words
from tests.origin import Origin, Reply, page, redirect
from tests.test_main_path import program

_dialled: list[str] | None = None


def _note(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect" and _dialled is not None:
        _dialled.append(str(args[1][0]) if isinstance(args[1], tuple) else str(args[1]))


sys.addaudithook(_note)  # can never be taken away; silent outside `dialling`


@contextmanager
def dialling() -> Iterator[list[str]]:
    """The addresses that sockets are connected to inside the block."""
    global _dialled
    seen: list[str] = []
    _dialled = seen
    try:
        yield seen
    finally:
        _dialled = None


LOOPBACK_HOSTS = words(
    """
127.0.0.1 127.0.0.2 127.8.8.8 0x7f.0.0.1 127.1 127.0.1 127.255.255.254
2130706433 0x7f000001 0x7f.1 0x7F.0x0.0x0.0x1 017700000001 0177.1 0177.0.0.1
0177.0000.0000.0001 127.0.0.1. 127.000.000.001 %31%32%37.0.0.1 %6cocalhost localhost LOCALHOST localhost. 0 0.0.0.0
000.000.000.000 0x0 [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]
[::127.0.0.1] １２７.０.０.１ １２７。０。０。１ ①②⑦.⓪.⓪.① ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ʟocalhost 127。0。0。1 ::1 [::ffff:0.0.0.0]
"""
)

INNER_HOSTS = words(
    """
10.0.0.1 10.1 0xa000001 167772161 012.0.0.1 172.16.0.1 172.31.255.254 0xac100001 192.168.0.1 192.168.1 0xc0a80001
3232235521 169.254.169.254 0xa9fea9fe 2852039166 169.254.43518 0251.0376.0251.0376 169.254.170.2 100.64.0.1
100.100.100.200 192.0.0.192 168.63.129.16 198.18.0.1 192.0.2.1 198.51.100.7 203.0.113.9 192.88.99.1 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 0.0.0.1 [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::a00:1]
[2002:7f00:1::] [2002:a9fe:a9fe::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [fe80::1] [fec0::1] [fc00::1]
[fd00:ec2::254] [fd12:3456::1] [ff02::1] [ff05::2] [2001:db8::1] [3fff::1] [100::1] [::ffff:10.0.0.1]
[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:c0a8:1] [::10.0.0.1] [5f00::1] [4000::1]
"""
)

CLOTHES = [
    "127.\t0.0.1", "12\r\n7.1", "127%2e0%2e0%2e1", "%30x7f000001", "127\u3002%30.0.1", "0x7f.1.", "127.0.0.1..",
    "0177.0x0.1", "0300.0250.0.1", "192.168.257", "0xC0.0xa80001", "1\uff19\uff12.168.1",
    "169\uff0e254\uff0e169\uff0e254",
    "0xa9.0376.43518", "\u2460\u2465\u2468.254.43518", "[::FFFF:7F00:0001]", "[0::127.0.0.1]", "[0:0::ffff:10.0.0.1]",
    "[64:ff9b::10.0.0.1]", "[2002:0A00:0001::]", "[::ffff:0:127.0.0.1]", "[fe80::1%25lo]", "loc\u00adalhost",
    "loc\u2060alhost", "LOCAL\uff28OST", "local%68ost", "localhost\u3002", "loc\talhost",
]  # fmt: skip
"""What the URL Standard reads as one of these."""

NAMED_HOSTS = {
    "intranet.example": ["10.0.0.5"],
    "metadata.google.internal": ["169.254.169.254"],
    "router.example": ["192.168.1.1"],
    "mixed.example": ["127.0.0.9", "10.0.0.1"],
    "mixed6.example": ["127.0.0.9", "::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "zone.example": ["fe80::1%eth0"],
    "nat64.example": ["64:ff9b::a00:1"],
    "zero.example": ["0.0.0.0"],  # noqa: S104  # nothing is bound
    "junk.example": ["not an address"],
    "empty.example": [],
}
"""What an injected name service says; 127.0.0.9 is opened in these tests, everything else is not."""

SHAPES = [
    "http://{host}:{port}/",
    "https://{host}:{port}/",
]
ODD_URLS = words(
    """
http://example.org@127.0.0.1:{port}/ http://127.0.0.1:{port}\\@example.org/ http://example.org\\@127.0.0.1:{port}/
http://127.0.0.1:{port}#@example.org/ http://example.org#@127.0.0.1:{port}/ http:127.0.0.1:{port}/
http:/127.0.0.1:{port}
http:\\\\127.0.0.1:{port}\\ http:///127.0.0.1:{port}/ http://////127.0.0.1:{port}/ HTTP://127.0.0.1:{port}/
http://127.0.0.1:{port}?@example.org http://user:pass@127.0.0.1:{port}/ http://127.0.0.1:00000{port}/
http://[::1%25lo]:{port}/ http://[::1]:{port}@example.org/ ftp://127.0.0.1:{port}/ gopher://127.0.0.1:{port}/_x
file://127.0.0.1/etc/passwd file:///etc/passwd dict://127.0.0.1:{port}/ ws://127.0.0.1:{port}/
wss://127.0.0.1:{port}/ jar:http://127.0.0.1:{port}!/x blob:http://127.0.0.1:{port}/x
view-source:http://127.0.0.1:{port}/
unix:///var/run/docker.sock http+unix://%2Fvar%2Frun%2Fdocker.sock/ data:text/html,x javascript:1 //127.0.0.1:{port}/
http://127.0.0.1:{port}:80/ http://127.0.0.1:99999/ http://xn--/ http://xn--a/ http://a..b/ http://-/ http://%00/
"""
)

HOSTS = [*LOOPBACK_HOSTS, *INNER_HOSTS, *CLOTHES, *NAMED_HOSTS]
URLS = [shape.replace("{host}", host) for host in HOSTS for shape in SHAPES] + ODD_URLS


async def resolve(host: str, port: int) -> list[str]:
    if host in NAMED_HOSTS:
        return NAMED_HOSTS[host]
    if host == "localhost" or host == "localhost.":
        return ["127.0.0.1", "::1"]
    raise OSError("no such name")


class Rebinding:
    """A name service that leads where we may go, and inward the next time."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, _: str, __: int) -> list[str]:
        self.asked += 1
        return ["127.0.0.9"] if self.asked % 2 else ["127.0.0.1"]


@pytest.fixture
async def guarded() -> AsyncIterator[HttpFetch]:
    policy = loopback_policy(allow_networks=(ip_network("127.0.0.9/32"),), timeout=timedelta(seconds=2))
    fetch = HttpFetch(policy, SetClock(), resolve=resolve)
    yield fetch
    await fetch.aclose()


@pytest.fixture
async def target() -> AsyncIterator[Origin]:
    """Something inside that must not be reached."""
    async with Origin(address="0.0.0.0") as target:  # noqa: S104  # it stands for every loopback address
        target.serve("/", page("<p>Secret."))
        yield target


def test_the_table_is_large_enough() -> None:
    assert len(set(URLS)) >= 150


async def test_no_inward_address_is_dialled(guarded: HttpFetch, target: Origin) -> None:
    with dialling() as dialled:
        for url in URLS:
            capture = await guarded.fetch(Request(url=url.replace("{port}", str(target.port))))
            assert capture.outcome in (Outcome.REFUSED, Outcome.UNREACHABLE), url
            assert "pass@" not in (capture.detail or "")

    assert dialled == []
    assert target.connections == 0


@pytest.mark.parametrize("host", CLOTHES)
async def test_an_inward_address_is_refused_whatever_it_wears(guarded: HttpFetch, host: str) -> None:
    with dialling() as dialled:
        capture = await guarded.fetch(Request(url=as_watched(f"http://{host}/")))

    assert capture.outcome is Outcome.REFUSED
    assert dialled == []


def as_watched(written: str) -> str:
    """The form in which an address is kept; as it was written, where it is none."""
    try:
        return normalise_url(written)
    except BadUrl:
        return written


async def test_no_inward_address_is_dialled_behind_a_redirect(guarded: HttpFetch, target: Origin) -> None:
    async with Origin(address="127.0.0.9") as outside:
        with dialling() as dialled:
            for number, url in enumerate(URLS):
                to = url.replace("{port}", str(target.port)).encode().decode("latin-1")
                capture = await guarded.fetch(Request(url=outside.serve(f"/{number}", redirect(to))))
                # A bare word is a path of the outside host to a browser, and so it is to us.
                assert capture.outcome is not Outcome.FETCHED, url

    assert set(dialled) == {"127.0.0.9"}
    assert target.connections == 0


async def test_a_plain_client_would_have_dialled_many_of_them(target: Origin) -> None:
    with dialling() as dialled:
        for host in LOOPBACK_HOSTS:
            async with httpx2.AsyncClient(trust_env=False, timeout=0.3, verify=ssl_context()) as client:
                with suppress(Exception):  # it may fail as it likes: where it dials is what counts
                    await client.get(f"http://{host}:{target.port}/")

    assert len(dialled) >= 25


async def test_the_robots_of_an_inward_host_are_not_asked_for(target: Origin) -> None:
    fetch = HttpFetch(loopback_policy(allow_networks=(), respect_robots=True), SetClock(), resolve=resolve)
    with dialling() as dialled:
        capture = await fetch.fetch(Request(url=f"http://localhost:{target.port}/"))
    await fetch.aclose()

    assert capture.outcome is Outcome.REFUSED
    assert dialled == []


async def test_no_inward_address_is_dialled_behind_a_redirect_of_robots_txt(target: Origin) -> None:
    policy = loopback_policy(allow_networks=(ip_network("127.0.0.9/32"),), respect_robots=True)
    async with Origin(address="127.0.0.9") as outside:
        with dialling() as dialled:
            for url in URLS:
                to = url.replace("{port}", str(target.port)).encode().decode("latin-1")
                outside.serve("/robots.txt", redirect(to))
                fetch = HttpFetch(policy, SetClock(), resolve=resolve)
                await fetch.fetch(Request(url=outside.serve("/", page())))
                await fetch.aclose()

    assert set(dialled) == {"127.0.0.9"}
    assert target.connections == 0


async def test_the_client_for_webhooks_is_guarded_too(target: Origin) -> None:
    refused = 0
    with dialling() as dialled:
        async with guarded_client(loopback_policy(allow_networks=()), resolve=resolve) as client:
            for url in URLS:
                try:
                    await client.post(url.replace("{port}", str(target.port)), content=b"{}")
                except AddressRefused:
                    refused += 1
                except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError):
                    continue  # it is no address at all, or none that there is
                else:
                    raise AssertionError(f"{url} was posted to")

    assert dialled == []
    assert target.connections == 0
    assert refused >= 150


async def test_a_webhook_whose_name_changes_its_mind_is_dialled_as_it_was_checked(target: Origin) -> None:
    rebind = Rebinding()
    policy = loopback_policy(allow_networks=(ip_network("127.0.0.9/32"),))
    with dialling() as dialled:
        for turn in range(100):
            async with guarded_client(policy, resolve=rebind.resolve) as client:
                if turn % 2:
                    with pytest.raises(AddressRefused):
                        await client.post(f"http://rebind.example:{target.port}/", content=b"{}")
                else:
                    await client.post(f"http://rebind.example:{target.port}/", content=b"{}")

    assert dialled == ["127.0.0.9"] * 50


async def test_no_source_leads_inward(target: Origin, tmp_path: Path) -> None:
    """A feed that is moved inward, and an index of sitemaps all of which lie inside."""
    inside = [url.replace("{port}", str(target.port)) for url in URLS if "&" not in url and "<" not in url]
    async with Origin(address="127.0.0.9") as outside, program(tmp_path, "http://127.0.0.9:9/") as app:
        app.policy = replace(
            app.policy, fetch=loopback_policy(allow_networks=(ip_network("127.0.0.9/32"),), delay=timedelta(0))
        )
        await app.reload(app.policy)
        listed = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in inside)
        index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'
        outside.serve("/sitemap.xml", Reply(200, index.encode(), (("Content-Type", "application/xml"),)))
        outside.serve("/feed", redirect(f"http://127.0.0.1:{target.port}/"))
        sources = [
            (await app.store.add_source(outside.url + path, host="127.0.0.9", now=app.clock.now()))[0]
            for path in ("/sitemap.xml", "/feed")
        ]
        told: list[object] = []
        with dialling() as dialled:
            for _ in range(3):
                await app.poll_now(sources, told.append)

    assert len(told) == 6
    assert set(dialled) == {"127.0.0.9"}
    assert target.connections == 0


async def test_the_client_for_webhooks_posts_where_it_may(origin: Origin) -> None:
    origin.serve("/hook", redirect("http://10.0.0.1/", 307))
    async with guarded_client(loopback_policy()) as client:
        answer = await client.post(f"{origin.url}/hook", content=b"{}")

    assert answer.status_code == 307  # and not followed
    assert origin.requests[0].method == "POST"
    assert origin.requests[0].header("user-agent") == loopback_policy().user_agent


async def test_no_library_writes_a_secret_address_to_the_log(
    origin: Origin, fetch: HttpFetch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with guarded_client(loopback_policy()) as client:
            await client.post(f"{origin.url}/hooks/s3cret", content=b"{}")
        await fetch.fetch(Request(url=f"{origin.url}/story?key=s3cret"))

    assert "s3cret" not in caplog.text


async def test_a_name_that_changes_its_mind_is_dialled_as_it_was_checked(target: Origin) -> None:
    rebind = Rebinding()
    policy = loopback_policy(allow_networks=(ip_network("127.0.0.9/32"),))
    outcomes = []
    with dialling() as dialled:
        for _ in range(100):
            fetch = HttpFetch(policy, SetClock(), resolve=rebind.resolve)
            outcomes.append((await fetch.fetch(Request(url=f"http://rebind.example:{target.port}/"))).outcome)
            await fetch.aclose()

    assert outcomes == [Outcome.FETCHED, Outcome.REFUSED] * 50
    assert dialled == ["127.0.0.9"] * 50
    assert rebind.asked == 100


async def test_the_second_address_of_a_host_is_tried_when_the_first_is_dead(origin: Origin, clock: SetClock) -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.8", "127.0.0.1"]  # nobody listens on the first

    origin.serve("/", page())
    fetch = HttpFetch(loopback_policy(), clock, resolve=two)

    capture = await fetch.fetch(Request(url=f"http://two.example:{origin.port}/"))
    await fetch.aclose()

    assert capture.outcome is Outcome.FETCHED


async def test_a_refusal_names_the_address(guarded: HttpFetch) -> None:
    capture = await guarded.fetch(Request(url="http://intranet.example/"))

    assert capture.detail == "intranet.example leads to 10.0.0.5, which is a private or special address"


async def test_proxies_of_the_environment_are_not_used(
    origin: Origin, fetch: HttpFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    origin.serve("/", page())

    assert (await fetch.fetch(Request(url=origin.url + "/"))).outcome is Outcome.FETCHED
    async with guarded_client(loopback_policy()) as client:
        assert (await client.get(origin.url + "/")).status_code == 200
