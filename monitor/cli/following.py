"""`sources add`: what an address or a list of them comes to."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from monitor.cli.session import Session, now
from monitor.cli.wishes import Wishes
from monitor.core.address import host_of, normalise_url
from monitor.core.capture import Outcome
from monitor.core.policy import Selection
from monitor.core.text import printable
from monitor.discover import Candidate, FoundKind, Link, Survey, discover
from monitor.errors import Misuse
from monitor.store import Store

_NOT_THERE = (Outcome.MISSING, Outcome.GONE, Outcome.REFUSED)
"""An address that ended so is followed by nobody: it is wrong. Others may only be down today."""
_NEXT = "'monitor sources poll' reads at once; 'monitor run' keeps reading"
LIST_MAX = 10_000_000


async def follow(session: Session, url: str, wishes: Wishes, *, everything: bool, as_is: bool) -> int:
    """Follow the address, or what its page offers; the exit code."""
    url = normalise_url(url)
    async with session.app() as app:
        known = next((row for row in await app.store.sources() if row.url == url), None)
        if known and (problem := _not_a_page(url, known.kind, wishes.selection)):
            session.err.print(f"error: {printable(problem)}")
            code = 1
        elif as_is or known:
            await _add(session, app.store, url, wishes)
            code = 0
        else:
            with _progress(session, f"looking what {url} offers"):
                survey = await app.survey(url, wishes.selection)
            code = await _settle(session, app.store, survey, wishes, everything)
    if not code:
        session.say(_NEXT)
    return code


def _progress(session: Session, words: str) -> AbstractContextManager[object]:
    """A search keeps the host's delay between its requests, and may take half a minute."""
    if not session.err.is_terminal or session.quiet:
        return nullcontext()
    return session.err.status(words)


async def _settle(session: Session, store: Store, survey: Survey, wishes: Wishes, everything: bool) -> int:
    if problem := _no_source(survey, wishes.selection):
        session.err.print(f"error: {printable(problem)}")
        return 1
    if survey.found is None:
        why = printable(survey.problem or "")
        session.warn(f"{survey.url} cannot be read just now ({why}); it is followed anyway: look that it is right")
    if not survey.candidates:
        await _add(session, store, survey.url, wishes, _told(survey))
        return 0
    if len(survey.candidates) > 1 and not everything:
        for candidate in survey.candidates:
            session.out.print(f"{candidate.url}  {_described(candidate)}")
        session.err.print(
            f"error: {survey.url} offers several sources; name the one you want, or follow them all with --all"
        )
        return 2
    for candidate in survey.candidates:
        await _add(session, store, normalise_url(candidate.url), wishes, _described(candidate))
    return 0


def _no_source(survey: Survey, selection: Selection) -> str | None:
    """Why nothing at that address can be followed, and what to do."""
    if survey.outcome in _NOT_THERE:
        way = ", or open it with [fetch] allow_networks" if survey.outcome is Outcome.REFUSED else ""
        return f"there is nothing to follow at {survey.url}: {survey.problem}; check the address{way}"
    if survey.found is None or survey.candidates:
        return None
    if survey.found.kind is FoundKind.REFUSED:
        return f"{survey.url} is no source: {survey.found.reason}; name a feed, a sitemap or a page"
    if survey.found.kind is FoundKind.OPML:
        return f"{survey.url} is a list of feeds; save it, and give it to 'monitor sources add --from FILE'"
    if not survey.is_page:
        return _not_a_page(survey.url, survey.found.kind, selection)
    if not (selection.links or selection.pattern):
        ways = "name a feed, or watch the page itself with --links 'main a.story' or --pattern '/20*/*'"
        if survey.hindered:
            return f"the search for feeds of {survey.url} was cut short ({survey.hindered}); try again later, or {ways}"
        return f"{survey.url} offers no feed ({survey.asked} addresses were tried); {ways}"
    if not survey.found.items:
        return f"no link on {survey.url} fits; look at the page's source for a selector that does, such as 'h2 a'"
    return None


def _not_a_page(url: str, kind: str | None, selection: Selection) -> str | None:
    """Why `links` cannot be asked of a source of that kind; None where it is not, or it is not known what it is."""
    if selection.links is None or kind in (None, FoundKind.LISTING):
        return None
    return f"{url} is a feed or sitemap ({kind}), --links is for pages; leave it out, or name the page"


def _told(survey: Survey) -> str:
    if survey.found is None:
        return ""
    if survey.is_page:
        shown = ", ".join(printable(item.title or item.url, 60) for item in survey.found.items[:3])
        return f"a page with {len(survey.found.items)} such links: {shown}"
    return _described(Candidate(url=survey.url, found=survey.found))


def _described(candidate: Candidate) -> str:
    found = candidate.found
    size = f"{len(found.feeds)} sitemaps" if found.kind is FoundKind.SITEMAP_INDEX else f"{len(found.items)} items"
    title = f" “{printable(found.title, 80)}”" if found.title else ""
    same = f"; the same articles as {', '.join(candidate.same)}" if candidate.same else ""
    return f"{found.kind}, {size}{title}{same}"


async def _add(session: Session, store: Store, url: str, wishes: Wishes, told: str = "") -> None:
    source, new = await store.add_source(
        url,
        host=host_of(url),
        now=now(),
        only_live=wishes.only_live,
        mentions=wishes.mentions,
        tags=wishes.tags,
        every=wishes.every,
        selection=wishes.selection,
        origin="user",
    )
    described = f"  {told}" if told else ""
    session.out.print(f"{'following' if new else 'already followed'}  {source.id}  {source.url}{described}")


# -- lists


def read_list(file: str) -> tuple[Link, ...]:
    """The feeds that an OPML file names, or a plain list with a URL a line; `-` is stdin. Raises Misuse."""
    try:
        body = sys.stdin.buffer.read(LIST_MAX + 1) if file == "-" else _beginning(Path(file))
    except OSError as error:
        raise Misuse(f"{file} cannot be read: {error.strerror}") from None
    if len(body) > LIST_MAX:
        raise Misuse(f"{file} is larger than {LIST_MAX // 1_000_000} MB; split it")
    if body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        found = discover(body, content_type=None, url="https://localhost/")
        if found.kind is not FoundKind.OPML:
            raise Misuse(f"{file} is no list of feeds ({found.reason or found.kind}); give OPML, or a URL a line")
        links = found.feeds
    else:
        lines = (line.strip() for line in body.decode("utf-8-sig", "replace").splitlines())
        links = tuple(Link(url=line) for line in lines if line and not line.startswith("#"))
    if not links:
        raise Misuse(f"{file} names no feed; give OPML, or a URL a line")
    return links


def _beginning(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LIST_MAX + 1)


async def follow_all(session: Session, links: tuple[Link, ...], wishes: Wishes) -> int:
    """Follow each as it is: its first poll tells whether it is a source. The exit code."""
    wrong = 0
    async with session.store(create=True) as store:
        for link in links:
            try:
                url, wished = normalise_url(link.url), wishes.over(link)
            except Misuse as error:
                session.err.print(f"error: {printable(str(error))}")
                wrong += 1
                continue
            await _add(session, store, url, wished)
    session.say(_NEXT)
    return 2 if wrong else 0
