"""The whole path on real pages: watch, fetch, extract, version, diff, alert, over loopback."""

import asyncio
import gzip
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path
from random import Random

import pytest

from monitor.app import App, Parked
from monitor.check import Checked
from monitor.clock import SystemClock
from monitor.core.article import Article
from monitor.core.policy import ChannelPolicy, ChannelType, FetchPolicy, Policy, SchedulePolicy
from monitor.ports import Clock
from monitor.store import Store
from tests.alerts.receiver import Receiver, receiving
from tests.fakes import page as story
from tests.origin import Origin, Received, Reply, Response, page

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SENTENCE = "Officials later revised the figure to forty-one after a second count at the depot."
WORDS = re.compile(r"\w+")
PARAGRAPH = re.compile(rb"<p\b[^>]*>((?:(?!</?p\b).)*)(?=</p>)", re.DOTALL | re.IGNORECASE)

needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the development corpus is not beside the checkout")


def policy_for(hook: str) -> Policy:
    return Policy(
        fetch=FetchPolicy(
            delay=timedelta(0), allow_networks=(IPv4Network("127.0.0.0/8"),), respect_robots=False, user_agent="test"
        ),
        schedule=SchedulePolicy(confirm=timedelta(0), min=timedelta(seconds=30)),
        channels=(ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url=hook),),
    )


@asynccontextmanager
async def program(folder: Path, hook: str, clock: Clock | None = None) -> AsyncIterator[App]:
    store = Store.open(f"sqlite:///{folder / 'monitor.db'}")
    random = Random(7)
    app = App(policy_for(hook), store, clock=clock or SystemClock(), jitter=random.random)
    try:
        await app.ensure(app.clock.now())
        yield app
    finally:
        await app.aclose()
        await store.close()


async def look(app: App, articles: Sequence[Article]) -> Counter[str]:
    outcomes: Counter[str] = Counter()

    def count(result: Checked | Parked) -> None:
        outcomes[result.outcome if isinstance(result, Checked) else "parked"] += 1

    await app.check_now(articles, count)
    return outcomes


def places_to_write() -> list[tuple[str, bytes, int]]:
    """(name, page, offset): pages whose true body is known, and where one of its longer paragraphs ends."""
    found: list[tuple[str, bytes, int]] = []
    for line in (CORPUS / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        body = gzip.decompress((CORPUS / page["html"]).read_bytes())
        if at := _end_of_paragraph(body, page.get("body") or ""):
            found.append((f"{page['source']}-{len(found)}", body, at))
    return found


def _end_of_paragraph(html: bytes, truth: str) -> int | None:
    """Where the longest paragraph ends that stands in the first part of the true body, beside another of it: tool-made
    truths run on into readers' comments, and captions repeat the lead."""
    known = " ".join(WORDS.findall(truth.lower()))
    matches = [m for m in PARAGRAPH.finditer(html) if b"aption" not in html[max(0, m.start() - 120) : m.start()]]
    found = [(match.end(1), _words_of(match[1])) for match in matches]
    places = [known.find(" ".join(words[1:11])) if len(words) >= 7 else -1 for _, words in found]
    inner = [
        (len(found[at][1]), found[at][0])
        for at in range(1, len(found) - 1)
        if 0 <= places[at] < len(known) * 0.6 and (places[at - 1] >= 0 or places[at + 1] > places[at])
    ]
    return max(inner)[1] if inner else None


def _words_of(html: bytes) -> list[str]:
    return WORDS.findall(re.sub(r"<[^>]*>|&\w+;|&#\d+;", " ", html.decode("utf-8", "replace")).lower())


@needs_corpus
async def test_two_hundred_real_pages_are_versioned_once_per_edit_and_never_else(tmp_path: Path) -> None:
    pages = places_to_write()[:200]
    assert len(pages) == 200
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        articles = []
        for number, (name, body, _) in enumerate(pages):
            url = origin.serve(f"/{name}", _answers(body, number))
            article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
            articles.append(article)

        assert await look(app, articles) == {"first": 200}
        again = await look(app, articles)
        assert sum(again.values()) == again["unchanged"] + again["not_modified"] == 200
        assert again["not_modified"] == 100

        for number, (name, body, at) in enumerate(pages):
            edited = body[:at] + b" " + SENTENCE.encode() + body[at:]
            origin.serve(f"/{name}", _answers(edited, number, edition=2))
        await look(app, articles)
        await app.deliver_due()

        histories = [await app.store.history(article.id) for article in articles]
        missed = [pages[i][0] for i, rows in enumerate(histories) if len(rows) != 2]
        assert not missed
        changes = [change async for change in app.store.changes()]
        assert len(changes) == 200
        assert {change.state.value for change in changes} == {"confirmed"}
        _each_once(receiver, {change.id for change in changes})
        assert await app.store.verify() == []


def _answers(body: bytes, number: int, edition: int = 1) -> Response:
    """Every second page comes with an ETag and answers 304 to it."""
    if number % 2:
        return Reply(200, body, (("Content-Type", "text/html"),))
    etag = f'"{number}-{edition}"'

    async def serve(request: Received, writer: asyncio.StreamWriter) -> None:
        same = request.header("if-none-match") == etag
        reply = Reply(304) if same else Reply(200, body, (("Content-Type", "text/html"),))
        headers = (*reply.headers, ("ETag", etag), ("Connection", "close"))
        writer.write(replace(reply, headers=headers).encoded())
        await writer.drain()

    return serve


def _each_once(receiver: Receiver, change_ids: set[int]) -> None:
    told = Counter(json.loads(post.body)["data"]["change"]["id"] for post in receiver.posts)
    assert set(told) == change_ids
    assert set(told.values()) == {1}
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == len(receiver.posts)


async def test_a_visit_that_leaves_alerts_to_send_says_so_at_once_and_no_other_does(tmp_path: Path) -> None:
    def ferry(people: int, at: str) -> Reply:
        updated = f"09:00 GMT 25.01.2022 (Updated: {at} GMT 25.01.2022)"
        return page(story(f"The ferry had {people} people on board.", dates=updated).decode())

    calls = 0

    async def note() -> None:
        nonlocal calls
        calls += 1

    async with Origin() as origin, program(tmp_path, "http://127.0.0.1:9/") as app:
        url = origin.serve("/story", ferry(12, "09:55"), ferry(12, "09:55"), ferry(13, "10:41"), ferry(13, "10:41"))
        article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
        counted = []
        for _ in range(4):
            await app.store.resume(article.id, app.clock.now())
            await app.visit("127.0.0.1", told=note)
            counted.append(calls)

    assert counted == [0, 0, 1, 1]
