"""Doubtful pages, upgrades and markers of the house, through the whole path: fetch, extract, decide, store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.check import Checker
from monitor.core.article import Article, Block, BlockKind, Reading, SamePage
from monitor.core.capture import Capture
from monitor.core.policy import Policy, SiteRule
from monitor.extract.read import read_page
from monitor.ports import Hints
from monitor.store import DeliveryState
from tests.alerts.receiver import receiving
from tests.core.test_doubts import ELSEWHERE, LONG, REWRITTEN
from tests.fakes import BODY, FakeClock
from tests.fakes import page as article_page
from tests.origin import Origin, Reply
from tests.test_main_path import look, policy_for, program

NOWHERE = "http://127.0.0.1:9/"
MARKED = '<span class="flag">Being updated</span>'


def html(body: bytes) -> Reply:
    return Reply(200, body, (("Content-Type", "text/html"),))


async def watch(app: App, url: str) -> Article:
    article, _ = await app.store.add_article(url, host="127.0.0.1", now=app.clock.now())
    return article


async def versions(app: App, article: Article) -> int:
    return len(await app.store.history(article.id))


async def doubts(app: App, article: Article) -> set[str]:
    return {row.detail for row in await app.store.observations(article.id)}


# -- one page for all addresses


async def test_a_page_that_answers_at_all_addresses_is_never_a_version(tmp_path: Path) -> None:
    welcome = html(
        article_page(*ELSEWHERE, headline="Welcome to the new kitchen pages").replace(b"NewsArticle", b"WebPage")
    )
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        articles = []
        for number in range(3):
            said = (f"Story number {number} of the harbour begins like no other: {BODY[number]}", *LONG[number:])
            url = origin.serve(f"/story-{number}", html(article_page(*said, headline=f"Harbour story {number}")))
            articles.append(await watch(app, url))
        await look(app, articles)
        for number in range(3):
            origin.serve(f"/story-{number}", welcome)
        for _ in range(6):
            await look(app, articles)

        assert [await versions(app, article) for article in articles] == [1, 1, 1]
        assert await doubts(app, articles[2]) == {"shared"}
        new = await watch(app, origin.serve("/story-4", welcome))
        assert await look(app, [new]) == {"suspect": 1}


def sorry(number: int) -> Reply:
    """What a host shows, as if all were well, at every address at which there is nothing; a link on it is new each
    time."""
    page = article_page(*ELSEWHERE, f"Number {number} of our stories.", headline="See what else is new in our kitchen")
    return html(page.replace(b"NewsArticle", b"WebPage"))


async def test_a_page_that_stands_for_nothing_is_never_a_version_however_long_it_stays(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Origin() as origin, program(tmp_path, NOWHERE, clock) as app:
        article = await watch(app, origin.serve("/2022/story", html(article_page(*LONG))))
        await look(app, [article])
        for number in range(8):
            origin.otherwise = sorry(number)
            origin.serve("/2022/story", origin.otherwise)
            clock.advance(timedelta(hours=4))
            assert await look(app, [article]) == {"suspect": 1}

        assert await versions(app, article) == 1
        assert [row.detail for row in await app.store.observations(article.id)].count("shared") == 7
        asked = [asked.target for asked in origin.requests if asked.target != "/2022/story"]
        assert len(asked) == 2, "once a day"
        assert all(target.startswith("/2022/") and len(target) == 26 for target in asked)

        origin.serve("/2022/story", html(article_page(*LONG)))
        assert await look(app, [article]) == {"unchanged": 1}


async def test_a_page_that_stays_is_believed_where_the_host_knows_what_it_has_not(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Origin() as origin, program(tmp_path, NOWHERE, clock) as app:
        article = await watch(app, origin.serve("/2022/story", html(article_page(*LONG))))
        await look(app, [article])
        origin.serve("/2022/story", sorry(0))
        outcomes = []
        for _ in range(4):
            clock.advance(timedelta(hours=1))
            outcomes += list(await look(app, [article]))

        assert outcomes == ["suspect", "suspect", "suspect", "changed"]
        assert len(origin.requests) == 6, "one of them for what it has not"


async def test_a_host_that_wants_to_be_left_alone_for_long_is_not_asked_for_more(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Origin() as origin, program(tmp_path, NOWHERE, clock) as app:
        app.policy = replace(app.policy, fetch=replace(app.policy.fetch, delay=timedelta(minutes=1)))
        article = await watch(app, origin.serve("/2022/story", html(article_page(*LONG))))
        for answer in (html(article_page(*LONG)), sorry(0), sorry(0)):
            origin.serve("/2022/story", answer)
            clock.advance(timedelta(hours=1))
            await look(app, [article])

        assert [asked.target for asked in origin.requests] == ["/2022/story"] * 3


async def test_two_addresses_of_one_article_are_both_watched(tmp_path: Path) -> None:
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        both = [await watch(app, origin.serve(path, html(article_page(*LONG)))) for path in ("/a", "/b")]

        assert await look(app, both) == {"first": 2}
        for path in ("/a", "/b"):
            origin.serve(path, html(article_page(*LONG[:-1], "The inquiry was closed by noon on Wednesday.")))
        await look(app, both)

        assert [await versions(app, article) for article in both] == [2, 2]


async def test_a_rewriting_is_told_at_its_second_sight(tmp_path: Path) -> None:
    async with Origin() as origin, receiving() as receiver, program(tmp_path, receiver.url) as app:
        article = await watch(app, origin.serve("/story", html(article_page(*LONG))))
        await look(app, [article])
        origin.serve("/story", html(article_page(*REWRITTEN)))

        assert await look(app, [article]) == {"suspect": 1, "changed": 1}
        assert len(origin.requests) == 3

        [delivery] = await app.store.deliveries()
        assert delivery.state is DeliveryState.PENDING
        assert await app.store.verify() == []


# -- a marker that belongs to the host's pages


async def test_a_marker_in_the_template_of_old_articles_makes_none_of_them_live(tmp_path: Path) -> None:
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        articles = [await watch(app, origin.serve(f"/old-{n}", html(marked(n, "2020-01-02")))) for n in range(3)]
        await look(app, articles)
        await look(app, articles)
        new = await watch(app, origin.serve("/new", html(marked(9, None))))
        await look(app, [new])

        stages = [(await app.store.article(article.id)).stage.value for article in (*articles, new)]
        assert "live" not in stages
        assert [await versions(app, article) for article in (*articles, new)] == [1, 1, 1, 1]


async def test_several_stories_may_be_live_at_once(tmp_path: Path) -> None:
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        quiet = [await watch(app, origin.serve(f"/old-{n}", html(marked(n, "2020-01-02", mark="")))) for n in range(3)]
        live = [await watch(app, origin.serve(f"/new-{n}", html(marked(n + 5, None)))) for n in range(4)]
        await look(app, [*quiet, *live])
        await look(app, [*quiet, *live])

        stages = [(await app.store.article(article.id)).stage.value for article in live]
        assert stages == ["live"] * 4


def marked(number: int, published: str | None, mark: str = MARKED) -> bytes:
    said = [f"The {number}th report of the harbour differs from all others in its numbers and in its tone."]
    structured = f'"datePublished": "{published}T08:00:00Z"' if published else ""
    return article_page(
        *said, *LONG[number % 4 :], headline=f"Harbour report {number}", structured=structured, marker=mark
    )  # fmt: skip


# -- upgrades and rules


class Extractor:
    """The port Extract in this process; `improved` stands for the next release, which also reads the fine print."""

    def __init__(self) -> None:
        self.improved = False
        self.read: list[str | None] = []

    async def extract(self, capture: Capture, hints: Hints) -> Reading | SamePage:
        self.read.append(hints.method)
        digest = None if self.improved else hints.page_digest
        read = read_page(
            capture.body, capture.final_url, captured_at=capture.captured_at, hints=replace(hints, page_digest=digest)
        )
        if not self.improved or isinstance(read, SamePage):
            return read
        more = Block(BlockKind.PARAGRAPH, "The fine print, which the former release did not read.")
        content = replace(read.content, blocks=(*read.content.blocks, more), extractor="next")
        return replace(read, content=content)


def checker_of(app: App, extractor: Extractor, rule: Callable[[str], SiteRule | None] = lambda _: None) -> Checker:
    policy: Policy = policy_for(NOWHERE)

    async def at_once(_: str) -> bool:
        return True

    return Checker(
        store=app.store,
        fetch=app.fetch,
        extract=extractor,
        policy=policy,
        rule_for=rule,
        jitter=lambda: 0.5,
        once_more=at_once,
    )


async def test_an_upgrade_is_never_an_edit_and_hides_none(tmp_path: Path) -> None:
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        extractor = Extractor()
        checker = checker_of(app, extractor)
        url = origin.serve("/story", html(article_page(*LONG)))
        article = await watch(app, url)
        await checker.check(article.id)

        extractor.improved = True
        origin.serve("/story", html(article_page(*LONG, around="<!-- served by another machine -->")))
        assert (await checker.check(article.id)).outcome == "unchanged"
        origin.serve("/story", html(article_page(*LONG[:-1], "The inquiry was closed by noon on Wednesday.")))
        assert (await checker.check(article.id)).outcome == "changed"

        [change] = [change async for change in app.store.changes()]
        assert "fine print" not in "".join(
            edit.old + edit.new for edit in await app.store.edits(change.id) if edit.op != "equal"
        )
        assert await app.store.verify() == []


async def test_another_rule_for_the_site_is_never_an_edit(tmp_path: Path) -> None:
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        extractor, rules = Extractor(), [SiteRule(host="127.0.0.1", headline="h1")]
        checker = checker_of(app, extractor, lambda _: rules[-1])
        article = await watch(app, origin.serve("/story", html(article_page(*LONG))))
        await checker.check(article.id)

        rules.append(SiteRule(host="127.0.0.1", headline="h1", drop=("p.dates",), body="article p:nth-of-type(odd)"))
        origin.serve("/story", html(article_page(*LONG, around="<!-- served by another machine -->")))

        assert (await checker.check(article.id)).outcome == "unchanged"
        assert await versions(app, article) == 1


@pytest.mark.parametrize("kept", [True, False], ids=["the text was in JSON-LD too", "the text was nowhere else"])
async def test_a_page_that_begins_to_build_itself_in_the_browser_is_no_edit(tmp_path: Path, kept: bool) -> None:
    """Its text stands in JSON-LD then; where it stood there before, both are read that way, and otherwise nothing can
    be compared: a version without a change, once it has been seen twice."""
    said = f'"articleBody": "{" ".join(LONG)}"'
    before = article_page(*LONG, structured=said if kept else "")
    after = article_page("Loading.", structured=said)
    async with Origin() as origin, program(tmp_path, NOWHERE) as app:
        article = await watch(app, origin.serve("/story", html(before)))
        await look(app, [article])
        origin.serve("/story", html(after))
        assert await look(app, [article]) == ({"unchanged": 1} if kept else {"suspect": 1, "changed": 1})
        assert await versions(app, article) == (1 if kept else 2)
        assert [change async for change in app.store.changes()] == []
        assert await app.store.deliveries() == []
