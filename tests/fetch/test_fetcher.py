"""One visit: what comes back for what the server does."""

from datetime import timedelta

import pytest

from monitor.core.capture import Hop, Outcome, Validators
from monitor.fetch import HttpFetch
from monitor.ports import Request
from tests.fetch.conftest import START, SetClock, loopback_policy
from tests.origin import Origin, Reply, page, redirect, silent

FEED = "application/rss+xml, application/xml;q=0.9, */*;q=0.1"


async def test_a_page_is_fetched_with_its_body_and_headers(origin: Origin, fetch: HttpFetch) -> None:
    url = origin.serve("/story", page("<p>Déjà vu.", etag='"7"', last_modified="Tue, 25 Jan 2022 09:28:00 GMT"))

    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.status, capture.detail) == (Outcome.FETCHED, 200, None)
    assert capture.body == "<p>Déjà vu.".encode()
    assert capture.validators == Validators('"7"', "Tue, 25 Jan 2022 09:28:00 GMT")
    assert capture.final_url == capture.url == url
    assert not capture.conditional


async def test_the_request_names_us_and_asks_for_what_we_can_decode(origin: Origin, fetch: HttpFetch) -> None:
    await fetch.fetch(Request(url=origin.serve("/story", page())))

    (request,) = origin.requests
    assert request.header("user-agent") == "newsbot/1.0 (+https://example.org/bot)"
    assert request.header("accept-encoding") == "gzip, br, zstd"
    assert request.header("accept") == Request(url="").accept
    assert request.header("host") == f"127.0.0.1:{origin.port}"
    assert request.header("cookie") is None


async def test_the_times_bracket_the_last_exchange(origin: Origin, fetch: HttpFetch, clock: SetClock) -> None:
    origin.serve("/story", page())

    capture = await fetch.fetch(Request(url=origin.serve("/old", redirect("/story"))))

    assert START < capture.asked_at < capture.captured_at == START + timedelta(seconds=clock.seconds)
    assert capture.asked_at > START + timedelta(seconds=2)  # later than the first hop


STATUSES = [
    (200, Outcome.FETCHED),
    (203, Outcome.FETCHED),
    (201, Outcome.BROKEN),
    (202, Outcome.BROKEN),
    (204, Outcome.BROKEN),
    (206, Outcome.BROKEN),
    (300, Outcome.BROKEN),
    (304, Outcome.BROKEN),  # nobody had asked
    (305, Outcome.BROKEN),
    (400, Outcome.BLOCKED),
    (401, Outcome.BLOCKED),
    (402, Outcome.BLOCKED),
    (403, Outcome.BLOCKED),
    (404, Outcome.MISSING),
    (405, Outcome.BLOCKED),
    (406, Outcome.BLOCKED),
    (407, Outcome.BLOCKED),
    (408, Outcome.SERVER_ERROR),
    (410, Outcome.GONE),
    (418, Outcome.BLOCKED),
    (421, Outcome.SERVER_ERROR),
    (425, Outcome.SERVER_ERROR),
    (429, Outcome.THROTTLED),
    (451, Outcome.BLOCKED),
    (499, Outcome.BLOCKED),
    (500, Outcome.SERVER_ERROR),
    (502, Outcome.SERVER_ERROR),
    (503, Outcome.SERVER_ERROR),
    (504, Outcome.SERVER_ERROR),
    (520, Outcome.SERVER_ERROR),
    (999, Outcome.BLOCKED),
]


@pytest.mark.parametrize(("status", "outcome"), STATUSES)
async def test_each_status_has_its_outcome(origin: Origin, fetch: HttpFetch, status: int, outcome: Outcome) -> None:
    body = b"" if status in (204, 304) else b"<p>Words."
    url = origin.serve("/story", Reply(status, body, (("Content-Type", "text/html"),)))

    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.status) == (outcome, status)
    assert (capture.detail is None) == (outcome is Outcome.FETCHED)
    assert capture.body == (body if outcome is Outcome.FETCHED or status >= 400 else b"")


@pytest.mark.parametrize("mark", ["cf-mitigated", "x-amzn-waf-action"])
@pytest.mark.parametrize("status", [200, 202, 403, 404, 503])
async def test_a_challenge_for_bots_is_no_page(origin: Origin, fetch: HttpFetch, status: int, mark: str) -> None:
    url = origin.serve("/story", Reply(status, b"<p>Are you human?", ((mark, "challenge"),)))

    capture = await fetch.fetch(Request(url=url))

    assert capture.outcome is Outcome.BLOCKED
    assert mark in (capture.detail or "")


RETRY_AFTER = [
    ("120", timedelta(seconds=120)),
    ("0", timedelta(0)),
    ("86400", timedelta(hours=24)),
    ("86401", timedelta(hours=24)),
    ("9" * 5_000, timedelta(hours=24)),
    ("Tue, 25 Jan 2022 10:00:00 GMT", timedelta(minutes=30)),
    ("Tuesday, 25-Jan-22 10:00:00 GMT", timedelta(minutes=30)),
    ("Tue Jan 25 10:00:00 2022", timedelta(minutes=30)),
    ("Mon, 24 Jan 2022 10:00:00 GMT", timedelta(0)),
    ("Fri, 25 Jan 2999 10:00:00 GMT", timedelta(hours=24)),
    ("soon", None),
    ("-5", None),
    ("1.5", None),
    ("²", None),
    ("", None),
    ("Tue, 99 Jan 2022 10:00:00 GMT", None),
    ("Tue, 25 Jan 99999 10:00:00 GMT", None),
]


@pytest.mark.parametrize(("value", "pause"), RETRY_AFTER)
async def test_retry_after_is_read_in_both_forms(
    origin: Origin, fetch: HttpFetch, value: str, pause: timedelta | None
) -> None:
    headers = (("Retry-After", value), ("Date", "Tue, 25 Jan 2022 09:30:00 GMT"))
    throttled = await fetch.fetch(Request(url=origin.serve("/429", Reply(429, headers=headers))))
    unavailable = await fetch.fetch(Request(url=origin.serve("/503", Reply(503, headers=headers))))

    assert (throttled.outcome, throttled.retry_after) == (Outcome.THROTTLED, pause)
    assert unavailable.retry_after == pause
    assert unavailable.outcome is (Outcome.SERVER_ERROR if pause is None else Outcome.THROTTLED)


async def test_without_the_servers_date_a_retry_date_is_read_by_our_clock(origin: Origin, fetch: HttpFetch) -> None:
    reply = Reply(503, headers=(("Retry-After", "Tue, 25 Jan 2022 09:38:00 GMT"),))

    capture = await fetch.fetch(Request(url=origin.serve("/", reply)))

    assert timedelta(minutes=9) < (capture.retry_after or timedelta(0)) < timedelta(minutes=10)


async def test_a_page_that_is_fetched_has_no_retry_after(origin: Origin, fetch: HttpFetch) -> None:
    capture = await fetch.fetch(Request(url=origin.serve("/", page(retry_after="120"))))

    assert capture.retry_after is None


async def test_validators_are_sent_and_304_is_not_modified(origin: Origin, fetch: HttpFetch) -> None:
    url = origin.serve("/story", Reply(304, headers=(("ETag", '"8"'),)))
    seen = Validators('"7"', "Tue, 25 Jan 2022 09:28:00 GMT")

    capture = await fetch.fetch(Request(url=url, validators=seen))

    assert (capture.outcome, capture.body, capture.conditional) == (Outcome.NOT_MODIFIED, b"", True)
    assert capture.validators.etag == '"8"'
    assert origin.requests[0].header("if-none-match") == '"7"'
    assert origin.requests[0].header("if-modified-since") == "Tue, 25 Jan 2022 09:28:00 GMT"


async def test_a_304_leaves_the_connection_open(origin: Origin, fetch: HttpFetch) -> None:
    url = origin.serve("/story", Reply(304))

    for _ in range(3):
        await fetch.fetch(Request(url=url, validators=Validators('"7"')))

    assert origin.connections == 1


@pytest.mark.parametrize("value", ['"a\r\nX: y"', '"\x00"', '"\u2028"', "x" * 1_000, '"\x7f"'])
async def test_a_validator_that_cannot_be_sent_is_left_out(origin: Origin, fetch: HttpFetch, value: str) -> None:
    url = origin.serve("/story", page())

    capture = await fetch.fetch(Request(url=url, validators=Validators(etag=value)))

    assert (capture.outcome, capture.conditional) == (Outcome.FETCHED, False)
    assert origin.requests[0].header("if-none-match") is None


async def test_validators_stay_with_the_address_they_were_given_for(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/new", page("<p>Another page."))
    url = origin.serve("/old", redirect("/new"))

    capture = await fetch.fetch(Request(url=url, validators=Validators('"7"')))

    assert (capture.outcome, capture.conditional) == (Outcome.FETCHED, False)
    assert [request.header("if-none-match") for request in origin.requests] == ['"7"', None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_remembered(origin: Origin, fetch: HttpFetch, status: int) -> None:
    origin.serve("/b", redirect("c?x=1#part", 308))
    origin.serve("/c?x=1", page("<p>Here."))
    url = origin.serve("/a", redirect(f"{origin.url}/b", status))

    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.body) == (Outcome.FETCHED, b"<p>Here.")
    assert capture.hops == (Hop(url, status), Hop(f"{origin.url}/b", 308))
    assert (capture.url, capture.final_url) == (url, f"{origin.url}/c?x=1")


async def test_a_location_in_utf8_is_followed(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/caf%C3%A9", page("<p>Here."))
    origin.serve("/a", b"HTTP/1.1 302 Found\r\nLocation: /caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n")

    assert (await fetch.fetch(Request(url=origin.url + "/a"))).outcome is Outcome.FETCHED


async def test_the_fragment_of_an_address_is_not_sent(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/story", page())

    assert (await fetch.fetch(Request(url=origin.url + "/story#comments"))).outcome is Outcome.FETCHED
    assert origin.requests[0].target == "/story"


async def test_ten_redirects_are_followed_and_an_eleventh_is_not(origin: Origin, fetch: HttpFetch) -> None:
    for hop in range(11):
        origin.serve(f"/{hop}", redirect(f"/{hop + 1}"))
    origin.serve("/11", page())

    assert (await fetch.fetch(Request(url=origin.url + "/1"))).outcome is Outcome.FETCHED
    capture = await fetch.fetch(Request(url=origin.url + "/0"))
    assert (capture.outcome, len(capture.hops)) == (Outcome.BROKEN, 11)
    assert "redirect" in (capture.detail or "")


async def test_a_circle_of_redirects_is_walked_once(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/b", redirect("/a#again"))

    capture = await fetch.fetch(Request(url=origin.serve("/a", redirect("/b"))))

    assert (capture.outcome, capture.detail) == (Outcome.BROKEN, "the redirects lead in a circle")
    assert len(origin.requests) == 2


async def test_a_redirect_to_nowhere_is_broken(origin: Origin, fetch: HttpFetch) -> None:
    capture = await fetch.fetch(Request(url=origin.serve("/", Reply(302))))

    assert (capture.outcome, capture.status) == (Outcome.BROKEN, 302)


BAD_TARGETS = ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)", "data:text/html,x", "https://",
               "gopher://127.0.0.1:25/_HELO", "http://user:secret@127.0.0.1/", "http://[::1", "//\x01"]  # fmt: skip


@pytest.mark.parametrize("target", BAD_TARGETS)
async def test_a_redirect_to_what_is_not_fetched_is_refused(origin: Origin, fetch: HttpFetch, target: str) -> None:
    capture = await fetch.fetch(Request(url=origin.serve("/", redirect(target))))

    assert capture.outcome in (Outcome.REFUSED, Outcome.BROKEN)
    assert len(origin.requests) == 1
    assert "secret" not in (capture.detail or "")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "", "http://", "x", "http://u:secret@127.0.0.1/", "http://a b/"])
async def test_an_address_that_is_none_is_refused(fetch: HttpFetch, url: str) -> None:
    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.status) == (Outcome.REFUSED, None)
    assert "secret" not in (capture.detail or "")


MEDIA = [
    ("text/html", True),
    ("TEXT/HTML;charset=utf-8", True),
    ("application/xhtml+xml", True),
    ("text/plain", True),
    ("text/html, text/html", True),
    ("nonsense", True),
    ("", True),
    ("application/pdf", False),
    ("image/jpeg", False),
    ("video/mp4", False),
    ("application/json", False),
    ("application/octet-stream", False),
]


@pytest.mark.parametrize(("media", "is_page"), MEDIA)
async def test_one_who_asks_for_a_page_gets_no_picture(
    origin: Origin, fetch: HttpFetch, media: str, is_page: bool
) -> None:
    url = origin.serve("/x", Reply(200, b"...", (("Content-Type", media),)))

    assert (await fetch.fetch(Request(url=url))).outcome is (Outcome.FETCHED if is_page else Outcome.BROKEN)
    assert (await fetch.fetch(Request(url=url, accept=FEED))).outcome is Outcome.FETCHED


async def test_no_cookie_of_one_visit_is_sent_in_the_next(origin: Origin, fetch: HttpFetch) -> None:
    url = origin.serve("/story", page(set_cookie="visitor=1"))

    for _ in range(2):
        await fetch.fetch(Request(url=url))

    assert [request.header("cookie") for request in origin.requests] == [None, None]


async def test_a_kept_connection_that_the_server_has_closed_costs_no_visit(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/story", page())
    await fetch.fetch(Request(url=origin.url + "/story"))
    origin.serve("/next", b"", page())  # hangs up on the kept connection, then answers on a new one

    capture = await fetch.fetch(Request(url=origin.url + "/next"))

    assert capture.outcome is Outcome.FETCHED
    assert origin.connections == 2


async def test_a_server_that_hangs_up_is_not_asked_twice(origin: Origin, fetch: HttpFetch) -> None:
    capture = await fetch.fetch(Request(url=origin.serve("/", b"")))

    assert capture.outcome is Outcome.UNREACHABLE
    assert len(origin.requests) == 1


async def test_nobody_listening_is_unreachable(fetch: HttpFetch) -> None:
    async with Origin() as gone:
        url = gone.url

    capture = await fetch.fetch(Request(url=url))

    assert (capture.outcome, capture.status) == (Outcome.UNREACHABLE, None)
    assert "refused" in (capture.detail or "")


async def test_a_visit_ends_at_its_deadline(origin: Origin, clock: SetClock) -> None:
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=0.1)), clock)

    capture = await fetch.fetch(Request(url=origin.serve("/", silent())))
    await fetch.aclose()

    assert capture.outcome is Outcome.UNREACHABLE
    assert capture.detail == "no complete answer within 0.1 s"


async def test_a_visitor_that_is_cancelled_leaves_no_connection(origin: Origin, clock: SetClock) -> None:
    fetch = HttpFetch(loopback_policy(timeout=timedelta(seconds=0.1)), clock)
    for number in range(5):
        await fetch.fetch(Request(url=origin.serve(f"/{number}", silent(after=b"HTTP/1.1 200 OK\r\n"))))

    assert [kept for pool in fetch._routes._pools.values() for kept in pool.connections] == []
    await fetch.aclose()
