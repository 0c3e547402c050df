"""The fault table as stories: what a server does, what each check calls it, and exactly what is told.

Each row is one article on a host of its own. It is read once; then the row's answers follow, each some time after the
last. None is the page as it was; of several answers, each is for one look, where a check looks twice. Through the real
fetch, extraction, decision and store.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest

from monitor.app import App
from monitor.core.policy import AlertEvent
from tests.fakes import BODY, FakeClock, page
from tests.origin import Origin, Received, Reply, Response, Script, dripping, redirect, resetting
from tests.test_main_path import look, program

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HTML = ("Content-Type", "text/html")
NAMES = ("harbour", "market", "bridge", "school", "theatre", "station", "museum", "airport", "library", "hospital")


def says(*more: str, stamp: str = "11:30", number: int = 17, **headers: str) -> Reply:
    """The article as the publisher serves it; `number` is one in its text."""
    body = (*(text.replace("12 people", f"{number} people") for text in BODY), *more)
    named = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
    return Reply(200, page(*body, dates=f"09:00 GMT 25.01.2022 (Updated: {stamp} GMT 25.01.2022)"), (HTML, *named))


def status(code: int, **headers: str) -> Reply:
    named = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
    return Reply(
        code, b"<html><body><h1>Sorry</h1><p>Something is not as it should be.</p></body></html>", (HTML, *named)
    )


def raw(head: str, body: bytes = b"") -> bytes:
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def tagged(reply: Reply) -> Script:
    """That page, of which a server says that it is not modified to whoever names any ETag."""

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        named = request.header("if-none-match")
        writer.write((Reply(304) if named else replace(reply, headers=(*reply.headers, ("ETag", '"1"')))).encoded())
        await writer.drain()

    return answer


Answer = Response | tuple[Response, ...] | None
SAME, EDITED, QUIET_EDIT = says(), says(stamp="11:58", number=19), says(number=23)
OTHER_MARKUP = Reply(200, SAME.body.replace(b"<aside", b"<!-- another machine --><aside"), (HTML,))
LOGIN = Reply(
    200,
    b"<html><head><title>Log in</title></head><body><h1>Log in to continue</h1><form><input type=password></form>"
    b"<p>Please log in to your account to read this article.</p></body></html>",
    (HTML,),
)
CONSENT = Reply(
    200,
    b"<html><head><title>Before you continue</title></head><body><div id='consent'><h1>Before you continue</h1>"
    b"<p>We and our partners use cookies to store and access personal data. Accept all to go on.</p>"
    b"<button>Accept all</button><button>Reject all</button></div></body></html>",
    (HTML,),
)
EMPTY = Reply(200, b"<html><head><title>News</title></head><body></body></html>", (HTML,))
CUT = raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 99999", SAME.body)
CUT_CHUNK = raw("HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked", b"ffff\r\n" + SAME.body)
_GZIP = zlib.compressobj(wbits=31)
ZIPPED = _GZIP.compress(SAME.body) + _GZIP.flush()
CUT_GZIP = Reply(200, ZIPPED[:-8], (HTML, ("Content-Encoding", "gzip")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`answers` follow each other after `every`; `outcomes` are the words of the checks, `told` the events that reach
    the receiver, `noted` those that do not."""

    answers: tuple[Answer, ...]
    outcomes: str
    told: str = ""
    noted: str = ""
    every: timedelta = HOUR


def row(*answers: Answer, outcomes: str, told: str = "", noted: str = "", every: timedelta = HOUR) -> Row:
    return Row(answers=answers, outcomes=outcomes, told=told, noted=noted, every=every)


def blocked(code: int) -> Row:
    """Access that is denied is never a loss: it fails, and recovers."""
    bad = status(code)
    return row(*[bad] * 6, None, outcomes="blocked " * 6 + "unchanged", told="failing recovered", every=30 * MINUTE)


def erred(answer: Response, word: str) -> Row:
    return row(answer, None, outcomes=f"{word} unchanged")


def paused(answer: Response, word: str, checks: str) -> Row:
    """A look ten minutes after a wish for an hour's pause is not taken; one after it is."""
    return row(answer, None, None, outcomes=f"{word} {checks}", every=40 * MINUTE)


ROWS: dict[str, Row] = {
    "200, the same bytes": row(None, outcomes="unchanged"),
    "200, other markup": row(OTHER_MARKUP, outcomes="unchanged"),
    "200, edited and stamped": row(EDITED, outcomes="changed", told="changed"),
    "200, edited and not stamped": row(QUIET_EDIT, outcomes="changed unchanged", told="changed"),
    "200, edited and taken back": row((QUIET_EDIT, SAME), outcomes="changed unchanged"),
    "203": row(Reply(203, EDITED.body, (HTML,)), outcomes="changed", told="changed"),
    "304": row(*[tagged(SAME)] * 3, outcomes="unchanged not_modified not_modified"),
    "304, checked after ten": row(
        *[tagged(SAME)] * 12, outcomes="unchanged" + " not_modified" * 10 + " unchanged", every=MINUTE
    ),
    "304 that is wrong": row(
        tagged(SAME), *[tagged(EDITED)] * 11, outcomes="unchanged" + " not_modified" * 10 + " changed", told="changed"
    ),
    "304 unasked": erred(status(304), "broken"),
    "another ETag each time": row(*[says(etag=f'"{n}"') for n in range(25)], outcomes="unchanged " * 25, every=MINUTE),
    "204": erred(Reply(204), "broken"),
    "206": erred(status(206), "broken"),
    "300": erred(status(300), "broken"),
    "400": erred(status(400), "blocked"),
    "401": blocked(401),
    "402": blocked(402),
    "403": blocked(403),
    "407": blocked(407),
    "418": erred(status(418), "blocked"),
    "451": blocked(451),
    "404 once": erred(status(404), "missing"),
    "404 twice, then back": row(*[status(404)] * 2, None, outcomes="missing missing unchanged", every=13 * HOUR),
    "404 for a day": row(*[status(404)] * 4, outcomes="missing missing gone missing", told="gone", every=13 * HOUR),
    "404 often within hours": row(*[status(404)] * 6, outcomes="missing " * 6),
    "410 once": erred(status(410), "gone"),
    "410 for an hour": row(*[status(410)] * 3, outcomes="gone gone gone", told="gone"),
    "gone, then back": row(*[status(410)] * 2, None, outcomes="gone gone unchanged", told="gone restored"),
    "gone, then back and edited": row(
        *[status(410)] * 2, EDITED, outcomes="gone gone changed", told="changed gone restored"
    ),
    "a day of errors, then 404": row(
        *[status(500)] * 2,
        status(404),
        status(404),
        outcomes="server_error server_error missing missing",
        every=13 * HOUR,
    ),
    "408": erred(status(408), "server_error"),
    "421": erred(status(421), "server_error"),
    "425": erred(status(425), "server_error"),
    "429": erred(status(429), "throttled"),
    "429, Retry-After in seconds": paused(status(429, retry_after="3600"), "throttled", "parked unchanged"),
    "429, Retry-After as a date": paused(
        status(429, date="Tue, 25 Jan 2022 12:00:00 GMT", retry_after="Tue, 25 Jan 2022 13:00:00 GMT"),
        "throttled",
        "parked unchanged",
    ),
    "429, Retry-After of a year": row(
        status(429, retry_after="31536000"), None, None, outcomes="throttled parked unchanged", every=13 * HOUR
    ),
    "429, Retry-After in junk": paused(status(429, retry_after="soon"), "throttled", "unchanged unchanged"),
    "403, Retry-After": paused(status(403, retry_after="3600"), "blocked", "parked unchanged"),
    "500": erred(status(500), "server_error"),
    "500 for hours": row(
        *[status(500)] * 7, None, outcomes="server_error " * 7 + "unchanged", told="failing recovered"
    ),
    "502": erred(status(502), "server_error"),
    "503": erred(status(503), "server_error"),
    "503, Retry-After": paused(status(503, retry_after="3600"), "throttled", "parked unchanged"),
    "504": erred(status(504), "server_error"),
    "599": erred(status(599), "server_error"),
    "999": erred(status(999), "blocked"),
    "301 once": row(redirect("/moved", 301), None, outcomes="unchanged unchanged"),
    "301 for days": row(*[redirect("/moved", 301)] * 4, outcomes="unchanged " * 4, noted="moved", every=13 * HOUR),
    "308 for days": row(*[redirect("/moved", 308)] * 4, outcomes="unchanged " * 4, noted="moved", every=13 * HOUR),
    "302 for days": row(*[redirect("/moved", 302)] * 4, outcomes="unchanged " * 4, every=13 * HOUR),
    "303": row(redirect("/moved", 303), outcomes="unchanged"),
    "307": row(redirect("/moved", 307), outcomes="unchanged"),
    "302 to an edited page": row(redirect("/edited", 302), outcomes="changed", told="changed"),
    "302 to the front page": erred(redirect("/", 302), "suspect"),
    "302 to a login": erred(redirect("/login", 302), "suspect"),
    "302 in a circle": erred(redirect("/story", 302), "broken"),
    "302 without end": erred(redirect("/hop0", 302), "broken"),
    "302 to nowhere": erred(Reply(302), "broken"),
    "302 to another scheme": erred(redirect("ftp://news.example/story", 302), "refused"),
    "302 inward": erred(redirect("http://10.0.0.1/story", 302), "refused"),
    "301 to what is missing": erred(redirect("/missing", 301), "missing"),
    "cut short by length": erred(CUT, "broken"),
    "cut short in a chunk": erred(CUT_CHUNK, "broken"),
    "cut short in gzip": erred(CUT_GZIP, "broken"),
    "reset": erred(resetting(after=raw("HTTP/1.1 200 OK\nContent-Length: 10")), "unreachable"),
    "hung up": erred(b"", "unreachable"),
    "no HTTP": erred(b"220 mail.example ESMTP\r\n\r\n", "broken"),
    "drips": erred(dripping(raw("HTTP/1.1 200 OK\nContent-Type: text/html"), b"<p>"), "unreachable"),
    "a picture": erred(Reply(200, b"\x89PNG", (("Content-Type", "image/png"),)), "broken"),
    "an unknown coding": erred(Reply(200, SAME.body, (HTML, ("Content-Encoding", "rot13"))), "broken"),
    "coded twice": erred(Reply(200, ZIPPED, (HTML, ("Content-Encoding", "gzip, gzip"))), "broken"),
    "too large": erred(Reply(200, b"<p>" + b"x" * 11_000_000, (HTML,)), "broken"),
    "empty": erred(EMPTY, "suspect"),
    "consent": row(*[CONSENT] * 6, None, outcomes="suspect " * 6 + "unchanged", told="failing recovered"),
    "login": erred(LOGIN, "suspect"),
    "a challenge": erred(status(200, cf_mitigated="challenge"), "blocked"),
    "a challenge as 403": erred(status(403, cf_mitigated="challenge"), "blocked"),
}

_hosts = count(2)


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    async with program(tmp_path_factory.mktemp("matrix"), "http://127.0.0.1:9/", FakeClock()) as app:
        await app.reload(replace(app.policy, fetch=replace(app.policy.fetch, timeout=timedelta(seconds=1))))
        yield app


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) >= 45


@pytest.mark.parametrize("name", ROWS)
async def test_each_fault_has_its_outcome_and_tells_what_it_should(app: App, name: str) -> None:
    row, clock = ROWS[name], app.clock
    assert isinstance(clock, FakeClock)
    async with Origin(address=f"127.0.3.{next(_hosts)}") as origin:
        origin.serve("/story", SAME)
        article, _ = await app.store.add_article(origin.url + "/story", host=origin.address, now=clock.now())
        assert await look(app, [article]) == {"first": 1}
        _serve_the_rest(origin)
        outcomes = []
        for answer in row.answers:
            clock.advance(row.every)
            origin.serve("/story", *(answer if isinstance(answer, tuple) else (SAME if answer is None else answer,)))
            outcomes += list(await look(app, [article]))

    assert " ".join(outcomes) == row.outcomes.strip()
    told = sorted(
        d.event or "" for d in await app.store.deliveries() if d.article_id == article.id and _counts(d.state)
    )
    assert " ".join(told) == row.told
    noted = [event.event for event in await app.store.events(article.id) if event.event not in _OF_EVERY_LIFE]
    assert sorted(noted) == sorted([*row.told.replace("changed", "").split(), *row.noted.split()])


_OF_EVERY_LIFE = {AlertEvent.FOUND, AlertEvent.SETTLED}


def _counts(state: str) -> bool:
    return state != "withdrawn"


def _serve_the_rest(origin: Origin) -> None:
    origin.serve("/moved", SAME)
    origin.serve("/edited", EDITED)
    origin.serve("/login", LOGIN)
    origin.serve("/", Reply(200, page("Our front page has very much to offer today.", headline="News"), (HTML,)))
    for hop in range(12):
        origin.serve(f"/hop{hop}", redirect(f"/hop{hop + 1}"))
