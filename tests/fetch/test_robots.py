"""robots.txt is asked first, believed for a day, and read as RFC 9309 says."""

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor.core.capture import Outcome
from monitor.fetch import HttpFetch
from monitor.fetch.robots import LONGEST, MOST_TEXT
from monitor.fetch.rules import MOST_DELAY, Rules, meant_for, product_token
from monitor.ports import Request
from tests.fetch.conftest import SetClock, loopback_policy
from tests.origin import Origin, Reply, Response, page, redirect, resetting, silent

CLOSED_TO_ALL = b"User-agent: *\nDisallow: /"


def rules(text: str | bytes) -> Reply:
    return Reply(200, text.encode() if isinstance(text, str) else text, (("Content-Type", "text/plain"),))


@pytest.fixture
async def polite(clock: SetClock) -> AsyncIterator[HttpFetch]:
    fetch = HttpFetch(loopback_policy(respect_robots=True, timeout=timedelta(seconds=2)), clock)
    yield fetch
    await fetch.aclose()


async def outcome_of(fetch: HttpFetch, origin: Origin, path: str = "/story") -> Outcome:
    return (await fetch.fetch(Request(url=origin.serve(path, page())))).outcome


async def test_what_robots_txt_forbids_is_not_asked_for(origin: Origin, polite: HttpFetch) -> None:
    origin.serve("/robots.txt", rules("User-agent: *\nDisallow: /private/"))

    assert await outcome_of(polite, origin, "/private/x") is Outcome.DISALLOWED
    assert await outcome_of(polite, origin, "/public/x") is Outcome.FETCHED
    assert origin.asked("/private/x") == []


async def test_a_refusal_says_who_refuses(origin: Origin, polite: HttpFetch) -> None:
    origin.serve("/robots.txt", rules(CLOSED_TO_ALL))

    capture = await polite.fetch(Request(url=origin.serve("/story", page())))

    assert capture.detail == "robots.txt of 127.0.0.1 does not allow it"
    assert capture.status is None


async def test_robots_txt_is_left_alone_where_the_policy_says_so(origin: Origin, fetch: HttpFetch) -> None:
    origin.serve("/robots.txt", rules(CLOSED_TO_ALL))

    assert await outcome_of(fetch, origin) is Outcome.FETCHED
    assert origin.asked("/robots.txt") == []


async def test_robots_txt_is_asked_once_a_day(origin: Origin, polite: HttpFetch, clock: SetClock) -> None:
    origin.serve("/robots.txt", rules(""), rules(CLOSED_TO_ALL))

    assert await outcome_of(polite, origin, "/a") is Outcome.FETCHED
    clock.passes(timedelta(hours=23))
    assert await outcome_of(polite, origin, "/b") is Outcome.FETCHED
    clock.passes(timedelta(hours=1))
    assert await outcome_of(polite, origin, "/c") is Outcome.DISALLOWED
    assert len(origin.asked("/robots.txt")) == 2


async def test_many_visits_at_once_ask_for_robots_txt_once(origin: Origin, polite: HttpFetch) -> None:
    origin.serve("/robots.txt", rules(""))

    await asyncio.gather(*(outcome_of(polite, origin, f"/{number}") for number in range(10)))

    assert len(origin.asked("/robots.txt")) == 1


ANSWERS: list[tuple[Response, Outcome]] = [
    (Reply(400), Outcome.FETCHED),
    (Reply(401), Outcome.FETCHED),
    (Reply(403), Outcome.FETCHED),
    (Reply(404), Outcome.FETCHED),
    (Reply(410), Outcome.FETCHED),
    (Reply(429), Outcome.THROTTLED),
    (Reply(404, CLOSED_TO_ALL), Outcome.FETCHED),
    (Reply(500), Outcome.DISALLOWED),
    (Reply(503, CLOSED_TO_ALL), Outcome.DISALLOWED),
    (Reply(503, b"", (("Retry-After", "60"),)), Outcome.THROTTLED),
    (rules(""), Outcome.FETCHED),
    (rules(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /"), Outcome.DISALLOWED),
    (rules(b"User-agent: *\rDisallow: /"), Outcome.DISALLOWED),
    (rules(b"\xff\xfe\x00\x01" * 100), Outcome.FETCHED),
    (rules("<!doctype html><p>Not found"), Outcome.FETCHED),
    (Reply(200, b"junk", (("Content-Encoding", "gzip"),)), Outcome.DISALLOWED),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *", Outcome.DISALLOWED),
    (Reply(302), Outcome.DISALLOWED),
    (redirect("file:///etc/passwd"), Outcome.DISALLOWED),
    (redirect("http://10.0.0.1/robots.txt"), Outcome.DISALLOWED),
    (resetting(), Outcome.UNREACHABLE),
    (silent(), Outcome.UNREACHABLE),
    (b"", Outcome.UNREACHABLE),
]


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS)
async def test_each_answer_opens_or_closes_the_site(origin: Origin, answer: Response, outcome: Outcome) -> None:
    origin.serve("/robots.txt", answer)
    fetch = HttpFetch(loopback_policy(respect_robots=True, timeout=timedelta(seconds=0.3)), SetClock())

    assert await outcome_of(fetch, origin) is outcome
    await fetch.aclose()


async def test_a_failing_robots_txt_is_asked_again_after_a_while(
    origin: Origin, polite: HttpFetch, clock: SetClock
) -> None:
    origin.serve("/robots.txt", Reply(500), rules(""))

    assert await outcome_of(polite, origin) is Outcome.DISALLOWED
    assert await outcome_of(polite, origin) is Outcome.DISALLOWED
    assert len(origin.asked("/robots.txt")) == 1
    clock.passes(timedelta(minutes=10))
    assert await outcome_of(polite, origin) is Outcome.FETCHED


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_that_robots_txt_asks_for_is_the_hosts(
    origin: Origin, polite: HttpFetch, clock: SetClock, status: int
) -> None:
    busy = Reply(status, b"", (("Retry-After", "120"),))
    origin.serve("/robots.txt", rules(""), busy, rules(""))
    await outcome_of(polite, origin)
    clock.passes(timedelta(days=1))

    capture = await polite.fetch(Request(url=origin.serve("/story", page())))

    assert (capture.outcome, capture.retry_after) == (Outcome.THROTTLED, timedelta(seconds=120))
    assert (capture.detail or "").startswith(f"robots.txt of 127.0.0.1: {status}")
    assert len(origin.asked("/story")) == 1, "before"
    assert await outcome_of(polite, origin) is Outcome.FETCHED


async def test_known_rules_stay_in_force_while_robots_txt_fails(
    origin: Origin, polite: HttpFetch, clock: SetClock
) -> None:
    origin.serve("/robots.txt", rules("User-agent: *\nDisallow: /private/"), Reply(500))
    await outcome_of(polite, origin)
    clock.passes(timedelta(days=2))

    assert await outcome_of(polite, origin, "/public/x") is Outcome.FETCHED
    assert await outcome_of(polite, origin, "/private/x") is Outcome.DISALLOWED


async def test_after_a_month_of_failing_a_site_counts_as_open(
    origin: Origin, polite: HttpFetch, clock: SetClock
) -> None:
    origin.serve("/robots.txt", Reply(500))

    assert await outcome_of(polite, origin) is Outcome.DISALLOWED
    clock.passes(timedelta(days=31))
    assert await outcome_of(polite, origin) is Outcome.FETCHED


async def test_five_redirects_are_followed_and_more_are_a_missing_file(origin: Origin) -> None:
    for hop in range(1, 7):
        origin.serve(f"/robots{hop}", redirect(f"/robots{hop + 1}"))
    origin.serve("/robots6", rules(CLOSED_TO_ALL))
    for first, outcome in (("/robots2", Outcome.DISALLOWED), ("/robots1", Outcome.FETCHED)):
        origin.serve("/robots.txt", redirect(first))
        fetch = HttpFetch(loopback_policy(respect_robots=True), SetClock())

        assert await outcome_of(fetch, origin) is outcome
        await fetch.aclose()


async def test_the_site_behind_a_redirect_is_asked_too(origin: Origin, polite: HttpFetch) -> None:
    async with Origin(address="127.0.0.2") as other:
        other.serve("/robots.txt", rules(CLOSED_TO_ALL))
        other.serve("/story", page())

        capture = await polite.fetch(Request(url=origin.serve("/old", redirect(f"{other.url}/story"))))

    assert capture.outcome is Outcome.DISALLOWED
    assert len(capture.hops) == 1
    assert other.asked("/story") == []


async def test_what_lies_behind_500_kib_is_ignored(origin: Origin, polite: HttpFetch) -> None:
    filler = "# " + "x" * 97 + "\n"
    text = "User-agent: *\nDisallow: /private/\n" + filler * (LONGEST // 100) + "Disallow: /"
    origin.serve("/robots.txt", rules(text))

    assert await outcome_of(polite, origin) is Outcome.FETCHED
    assert await outcome_of(polite, origin, "/private/x") is Outcome.DISALLOWED


async def test_a_rule_that_is_cut_in_two_is_ignored(origin: Origin, polite: HttpFetch) -> None:
    start = "User-agent: *\n"
    text = start + "#" * (LONGEST - len(start) - len("\nDisallow: /")) + "\nDisallow: /private/"
    origin.serve("/robots.txt", rules(text))

    assert await outcome_of(polite, origin) is Outcome.FETCHED


DELAYS = [("2.5", timedelta(seconds=2.5)), ("0", None), ("-1", None), ("inf", None), ("soon", None),
          ("1e300", MOST_DELAY), ("99999", MOST_DELAY)]  # fmt: skip


@pytest.mark.parametrize(("asked", "delay"), DELAYS)
async def test_the_delay_that_a_site_asks_for_is_known_once_it_was_visited(
    origin: Origin, polite: HttpFetch, asked: str, delay: timedelta | None
) -> None:
    origin.serve("/robots.txt", rules(f"User-agent: *\nCrawl-delay: {asked}\nDisallow: /x"))
    assert polite.crawl_delay(origin.url + "/story") is None

    await outcome_of(polite, origin)

    assert polite.crawl_delay(origin.url + "/story") == delay


async def test_thousands_of_robots_before_thousands_of_rules_cost_little(origin: Origin, polite: HttpFetch) -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(12_000))
    text = agents + "".join(f"Disallow: /{number}\n" for number in range(12_000)) + "User-agent: newsbot\nDisallow: /no"
    origin.serve("/robots.txt", rules(text))

    assert await outcome_of(polite, origin) is Outcome.FETCHED
    assert await outcome_of(polite, origin, "/no") is Outcome.DISALLOWED


async def test_rules_are_bounded_all_together(origin: Origin, clock: SetClock) -> None:
    """A hostile domain has as many hosts as it likes, each with a robots.txt as long as is read."""
    hosts = [f"host{number}.example" for number in range(MOST_TEXT // LONGEST + 2)]
    origin.serve("/robots.txt", rules("User-agent: *\n" + ("Disallow: /" + "x" * 8_000 + "\n") * (LONGEST // 8_100)))
    fetch = HttpFetch(loopback_policy(respect_robots=True), clock, resolve=_loopback)
    for host in [*hosts, hosts[-1], hosts[0]]:
        await fetch.fetch(Request(url=f"http://{host}:{origin.port}/"))
    await fetch.aclose()

    asked = [request.header("host") for request in origin.asked("/robots.txt")]
    assert asked == [f"{host}:{origin.port}" for host in [*hosts, hosts[0]]]


async def test_rules_that_are_ready_to_be_asked_are_few(origin: Origin, clock: SetClock) -> None:
    """Parsed, rules take up to 80 times their text. Those that other tests left in rings do not count."""
    gc.collect()
    origin.serve("/robots.txt", rules("User-agent: *\n" + ("Disallow: /" + "x" * 8_000 + "\n") * (LONGEST // 8_100)))
    fetch = HttpFetch(loopback_policy(respect_robots=True), clock, resolve=_loopback)
    for number in range(10):
        await fetch.fetch(Request(url=f"http://host{number}.example:{origin.port}/"))
    ready = sum(isinstance(thing, Rules) for thing in gc.get_objects())
    await fetch.aclose()

    assert 1 <= ready <= 2


async def _loopback(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


TOKENS = [
    ("newsbot/1.0 (+https://example.org)", "newsbot"),
    ("article-monitor/0.1 (+https://x; contact not set)", "article-monitor"),
    ("Mozilla/5.0 (compatible; NewsBot/2.1; +https://example.org)", "newsbot"),
    ("2fast", "monitor"),
    ("", "monitor"),
]


@pytest.mark.parametrize(("user_agent", "token"), TOKENS)
def test_the_name_in_robots_txt_is_the_product_of_the_user_agent(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


FOO = "User-agent: foobot\n"
MATCHES = [
    # RFC 9309, section 2.2.1: whole names, any case, the star for those without a group of their own
    (FOO + "Disallow: /", "/x", False),
    ("user-AGENT: FooBot\ndisallow: /", "/x", False),
    ("User-agent: FooBot/1.2\nDisallow: /", "/x", False),
    ("User-agent: foo\nDisallow: /", "/x", True),
    ("User-agent: foobot-news\nDisallow: /", "/x", True),
    ("User-agent: barbot\nDisallow: /", "/x", True),
    ("User-agent: *\nDisallow: /\n\n" + FOO + "Disallow: /y", "/x", True),
    (FOO + "Disallow: /y\n\nUser-agent: *\nDisallow: /", "/x", True),
    (FOO + "Disallow: /a\n\n" + FOO + "Disallow: /b", "/a", False),
    (FOO + "Disallow: /a\n\n" + FOO + "Disallow: /b", "/b", False),
    ("User-agent: a\nUser-agent: foobot\nDisallow: /", "/x", False),
    ("User-agent: foobot\nUser-agent: a\nDisallow: /", "/x", False),
    ("User-agent: a\nDisallow: /\nUser-agent: foobot\nDisallow: /z", "/x", True),
    ("Disallow: /", "/x", True),
    # section 2.2.2: the longest match wins, allow on a tie
    (FOO + "Disallow: /\nAllow: /x", "/x/page", True),
    (FOO + "Allow: /x\nDisallow: /", "/x/page", True),
    (FOO + "Disallow: /x/page\nAllow: /x", "/x/page", False),
    (FOO + "Allow: /x\nDisallow: /x", "/x", True),
    (FOO + "Disallow:", "/x", True),
    (FOO + "Allow: /", "/x", True),
    # section 2.2.3: the special characters
    (FOO + "Disallow: /*.pdf$", "/a/b.pdf", False),
    (FOO + "Disallow: /*.pdf$", "/a/b.pdf?x", True),
    (FOO + "Disallow: /*/print", "/a/print", False),
    (FOO + "Disallow: /x # why", "/x", False),
    (FOO + "# Disallow: /", "/x", True),
    (FOO + "Sitemap: https://example.org/s.xml\nDisallow: /", "/x", False),
    (FOO + "Disallow: /caf%C3%A9", "/caf%C3%A9", False),
    (FOO + "Disallow: /caf\u00e9", "/caf%C3%A9", False),
    (FOO + "Disallow: /X", "/x", True),
    (FOO + "Disallow: /", "/robots.txt", True),
    (FOO + "Disallow: /*" + "a*" * 2_000 + "b", "/" + "a" * 5_000, True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), MATCHES)
def test_rules_are_read_as_the_rfc_says(text: str, path: str, allowed: bool) -> None:
    found = Rules(meant_for("foobot", text.encode()), "foobot")

    assert found.allow(f"https://example.org{path}") is allowed


STAR = "User-agent: *\n"
GROUPS = """
disallow: /outside/

user-agent: foobot
disallow: /
allow: /ours/
user-agent: barbot
disallow: /ours/


allow: /theirs/
user-agent: bazbot

user-agent: FooBot
allow: /also/
"""
PROSE = "User agent foobot is welcome here\nDisallow /"
# The cases of the test suite of google/robotstxt (robots_test.cc) by name, in files and paths of our own. What it asks
# of counters and of addresses that are not encoded has no counterpart here; where RFC 9309 differs, it counts.
GOOGLE = [
    ("GoogleOnly_SystemTest", "", "/", True),
    ("GoogleOnly_SystemTest", FOO + "disallow: /", "", False),
    ("ID_LineSyntax_Line", FOO + "disallow: /", "/a/b", False),
    ("ID_LineSyntax_Line", "robot: foobot\nforbid: /", "/a/b", True),
    ("ID_LineSyntax_Line", "user-agent foobot\ndisallow /", "/a/b", False),
    ("ID_LineSyntax_Line", "user agent\tfoobot\ndisallow\t\t/", "/a/b", False),
    ("ID_LineSyntax_Line", "useragent : foobot\n  disallow :/  ", "/a/b", False),
    ("ID_LineSyntax_Line", FOO + "disalow: /a\ndissallow: /b", "/b", False),
    ("ID_LineSyntax_Line", FOO + PROSE, "/a/b", False),
    ("ID_LineSyntax_Line", PROSE, "/a/b", True),
    ("ID_LineSyntax_Groups", GROUPS, "/ours/a", True),
    ("ID_LineSyntax_Groups", GROUPS, "/also/a", True),
    ("ID_LineSyntax_Groups", GROUPS, "/theirs/a", False),
    ("ID_LineSyntax_Groups", GROUPS, "/outside/a", False),
    ("ID_LineSyntax_Groups", GROUPS.replace("bazbot", "*").replace("FooBot", "otherbot"), "/ours/a", True),
    ("ID_LineSyntax_Groups", GROUPS.replace("foobot", "*").replace("FooBot", "foobot"), "/secret", True),
    ("ID_LineSyntax_Groups", "user-agent: barbot\nuser-agent: foobot\n\n# why\ndisallow: /", "/x", False),
    ("ID_LineSyntax_Groups", "user-agent: foobot\nuser-agent:\nuser-agent: barbot\ndisallow: /", "/x", False),
    ("ID_LineSyntax_Line", FOO + "disallow:\u00a0/a\u2002", "/a/b", False),
    ("ID_LineSyntax_Groups_OtherRules", FOO + "Sitemap: /s.xml\nUser-agent: *\nDisallow: /", "/a", False),
    ("ID_LineSyntax_Groups_OtherRules", FOO + "Content-signal: ai=no\nUser-agent: *\nDisallow: /", "/a", False),
    ("ID_LineSyntax_Groups_OtherRules", "User-agent: x\nNoindex: /\nUser-agent: *\nDisallow: /", "/a", False),
    ("ID_LineSyntax_Groups_OtherRules", FOO + "Crawl-delay: 1\nUser-agent: *\nDisallow: /", "/a", True),
    ("ID_LineSyntax_Groups_OtherRules", FOO + "Allow: /\nNoindex: /\nUser-agent: *\nDisallow: /", "/a", True),
    ("ID_LineSyntax_Groups_OtherRules", FOO + "Disallow:\nCrawl-delay: 1\nUser-agent: *\nDisallow: /", "/a", True),
    ("ID_REPLineNamesCaseInsensitive", "USER-AGENT: foobot\nALLOW: /ours/\nDISALLOW: /", "/ours/a", True),
    ("ID_REPLineNamesCaseInsensitive", "uSeR-aGeNt: foobot\naLlOw: /ours/\ndIsAlLoW: /", "/a", False),
    ("ID_UserAgentValueCaseInsensitive", "User-agent: FOOBOT NEWS\nAllow: /ours/\nDisallow: /", "/ours/a", True),
    ("ID_UserAgentValueCaseInsensitive", "User-agent: fOoBoT\nDisallow: /", "/a", False),
    ("GoogleOnly_AcceptUserAgentUpToFirstSpace", STAR + "Disallow: /\n" + "User-agent: foobot x\nAllow: /", "/a", True),
    ("GoogleOnly_AcceptUserAgentUpToFirstSpace", "User-agent: foobot/2.1 (x)\nDisallow: /", "/a", False),
    ("GoogleOnly_AcceptUserAgentUpToFirstSpace", "User-agent: x foobot\nDisallow: /", "/a", True),
    ("ID_GlobalGroups_Secondary", STAR + "Disallow: /", "/a", False),
    ("ID_GlobalGroups_Secondary", "User-agent: * all of them\nDisallow: /", "/a", False),
    ("ID_GlobalGroups_Secondary", "User-agent: *bot\nDisallow: /", "/a", True),
    ("ID_GlobalGroups_Secondary", STAR + "Allow: /\n" + FOO + "Disallow: /", "/a", False),
    ("ID_GlobalGroups_Secondary", STAR + "Disallow: /\n" + FOO, "/a", True),
    ("ID_GlobalGroups_Secondary", "User-agent: barbot\nDisallow: /\nUser-agent: bazbot\nDisallow: /", "/a", True),
    ("ID_AllowDisallow_Value_CaseSensitive", FOO + "Disallow: /News/", "/News/a", False),
    ("ID_AllowDisallow_Value_CaseSensitive", FOO + "Disallow: /NEWS/", "/News/a", True),
    ("ID_LongestMatch", FOO + "Disallow: /a/story.html\nAllow: /a/", "/a/story.html", False),
    ("ID_LongestMatch", FOO + "Allow: /a/story.html\nDisallow: /a/", "/a/story.html", True),
    ("ID_LongestMatch", FOO + "Allow: /a/story.html\nDisallow: /a/", "/a/", False),
    ("ID_LongestMatch", FOO + "Disallow:\nAllow:", "/a/story.html", True),
    ("ID_LongestMatch", FOO + "Disallow: /\nAllow: /", "/a/story.html", True),
    ("ID_LongestMatch", FOO + "Disallow: /a\nAllow: /a/", "/a", False),
    ("ID_LongestMatch", FOO + "Disallow: /a\nAllow: /a/", "/a/", True),
    ("ID_LongestMatch", FOO + "Allow: /story\nDisallow: /*.html", "/story.html", False),
    ("ID_LongestMatch", FOO + "Allow: /story\nDisallow: /*.html", "/story", True),
    ("ID_LongestMatch", FOO + "Allow: /a/story.\nDisallow: /*.html", "/a/story.html", True),
    ("ID_LongestMatch", STAR + "Disallow: /a/\n" + FOO + "Disallow: /b/", "/a/story", True),
    ("ID_LongestMatch", STAR + "Disallow: /a/\n" + FOO + "Disallow: /b/", "/b/story", False),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a?to=http://b.example?c&d", "/a?to=http://b.example?c&d", True),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a/\u30c4", "/a/%E3%83%84", True),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a/%E3%83%84", "/a/%e3%83%84", True),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a/%E3%83%84", "/a/\u30c4", True),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a/%6E%65w", "/a/%6E%65w", True),
    ("ID_Encoding", FOO + "Disallow: /\nAllow: /a/%6E%65w", "/a/new", True),  # the RFC's own example; Google says no
    ("ID_SpecialCharacters", FOO + "Disallow: /a/b/c\nAllow: /a/*/d", "/a/b/c", False),
    ("ID_SpecialCharacters", FOO + "Disallow: /a/*/c", "/a/c", True),
    ("ID_SpecialCharacters", FOO + "Disallow: /a/*/c", "/a//c", False),
    ("ID_SpecialCharacters", FOO + "Disallow: /a/b$\nAllow: /a/b/c", "/a/b", False),
    ("ID_SpecialCharacters", FOO + "Disallow: /a/b$", "/a/b/", True),
    ("ID_SpecialCharacters", FOO + "Disallow: /a/b$", "/a/bc", True),
    ("ID_SpecialCharacters", FOO + "# Disallow: /\nDisallow: /a/b#c\nAllow: /", "/a/b", False),
    ("ID_SpecialCharacters", FOO + "# Disallow: /\nDisallow: /a/b#c\nAllow: /", "/a/c", True),
    ("GoogleOnly_IndexHTMLisDirectory", STAR + "Disallow: /\nAllow: /open/index.html", "/open/", True),
    ("GoogleOnly_IndexHTMLisDirectory", STAR + "Disallow: /\nAllow: /open/index.html", "/open/index.html", True),
    ("GoogleOnly_IndexHTMLisDirectory", STAR + "Disallow: /\nAllow: /open/index.html", "/open/index.htm", False),
    ("GoogleOnly_LineTooLong", FOO + "Disallow: /a/" + "b" * 20_000, "/a/" + "b" * 8_000, True),
    ("GoogleOnly_LineTooLong", FOO + "Disallow: /a/" + "*" * 20_000 + "c", "/a/bc", False),
    ("GoogleOnly_LineTooLong", FOO + "#" * 20_000 + "\nDisallow: /", "/a", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish", "/fishheads/yummy.html", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish", "/Fish.asp", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish", "/catfish", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish*", "/fish.html?id=anything", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish*", "/?id=fish", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish/", "/fish/?salmon", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish/", "/fish", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /*.php", "//folder/any.php.file.html", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /*.php", "/index?f=filename.php/", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /*.php", "/index?php", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /*.php$", "/filename.php", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /*.php$", "/filename.php5", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish*.php", "/fishheads/cat.php?x", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /fish*.php", "/Fish.PHP", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /*.htm\nAllow: /page", "/page.htm", False),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /$", "/", True),
    ("GoogleOnly_DocumentationChecks", FOO + "Disallow: /\nAllow: /$", "/page.html", False),
    ("ID_LinesNumbersAreCountedCorrectly", FOO + "Allow: /a\nUser-agent: barbot\n\n\nDisallow: /", "/b", True),
    ("ID_LinesNumbersAreCountedCorrectly", "User-agent: foobot\r\n\r\n\r\nDisallow: /\r\n", "/b", False),
    ("ID_LinesNumbersAreCountedCorrectly", "User-agent: foobot\r\rDisallow: /\r", "/b", False),
    ("ID_LinesNumbersAreCountedCorrectly", "Allow: /\nUser-agent: foobot\r\n\nDisallow: /", "/b", False),
    ("ID_LinesNumbersAreCountedCorrectly", FOO + "Disallow: /a\u2028Allow: /", "/a", True),
    (
        "ID_LinesNumbersAreCountedCorrectly",
        FOO + "Disallow: /\x0bAllow: /",
        "/%0BAllow:%20/",
        False,
    ),
    ("ID_UTF8ByteOrderMarkIsSkipped", b"\xef\xbb\xbfUser-agent: foobot\nDisallow: /", "/a", False),
    ("ID_UTF8ByteOrderMarkIsSkipped", b"\xef\xbbUser-agent: foobot\nDisallow: /", "/a", False),
    ("ID_UTF8ByteOrderMarkIsSkipped", b"\xefUser-agent: foobot\nDisallow: /", "/a", False),
    ("ID_UTF8ByteOrderMarkIsSkipped", b"\xef\x11\xbfUser-agent: foobot\nDisallow: /", "/a", True),
    ("ID_UTF8ByteOrderMarkIsSkipped", b"User-agent: foobot\n\xef\xbb\xbfDisallow: /", "/a", True),
    (
        "ID_NonStandardLineExample_Sitemap",
        "User-agent: foobot\nSitemap: /s.xml\nUser-agent: x\nDisallow: /",
        "/a",
        False,
    ),
    ("ID_NonStandardLineExample_Sitemap", "Sitemap: https://x.example/s.xml\n" + FOO + "Disallow: /", "/a", False),
    ("TestGetPathParamsQuery", FOO + "Disallow: /?a$", "?a", False),
    ("TestGetPathParamsQuery", FOO + "Disallow: /a;b$", "/a;b#c", False),
    ("TestGetPathParamsQuery", FOO + "Disallow: /a?b=http://c.d/$", "/a?b=http://c.d/", False),
    ("TestGetPathParamsQuery", FOO + "Disallow: //a/b$", "//a/b", False),
    ("TestMaybeEscapePattern", FOO + "Disallow: /\u00e1", "/%C3%A1", False),
    ("TestMaybeEscapePattern", FOO + "Disallow: /%c3%a1", "/\u00e1", False),
    ("TestMaybeEscapePattern", FOO + "Disallow: /%2a", "/%2A", False),
    ("TestMaybeEscapePattern", FOO + "Disallow: http://127.0.0.1/", "/", True),
    (
        "TestMaybeEscapePattern",
        FOO.encode() + b"Disallow: /\xe1",
        "/%E1",
        False,
    ),
]


@pytest.mark.parametrize(("case", "text", "path", "allowed"), GOOGLE)
async def test_a_site_is_obeyed_as_google_obeys_it(
    origin: Origin, clock: SetClock, case: str, text: str | bytes, path: str, allowed: bool
) -> None:
    origin.serve("/robots.txt", rules(text))
    fetch = HttpFetch(loopback_policy(respect_robots=True, user_agent="FooBot/1.0"), clock)

    outcome = (await fetch.fetch(Request(url=origin.url + path))).outcome
    await fetch.aclose()

    assert outcome is (Outcome.MISSING if allowed else Outcome.DISALLOWED)


AGENTS = [
    ("Foobot", "foobot"),
    ("Foobot-Bar", "foobot-bar"),
    ("Foo_Bar", "foo_bar"),
    ("Foobot*", "foobot"),
    ("Foobot/2.1", "foobot"),
    ("Foobot Bar", "foobot"),
    ("\u30c4", "monitor"),
    (" Foobot", "monitor"),
]


@pytest.mark.parametrize(("user_agent", "token"), AGENTS)
def test_we_have_a_name_that_can_stand_in_a_robots_txt(user_agent: str, token: str) -> None:
    """Google's ID_VerifyValidUserAgentsToObey: letters, "_" and "-", and at least one."""
    assert product_token(user_agent) == token
