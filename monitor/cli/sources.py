"""`sources`: feeds, sitemaps and listing pages that yield articles."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import PANELS, Session, emit, now, run
from monitor.errors import Misuse

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.app import Postponed
    from monitor.core.policy import Selection
    from monitor.poll import Polled
    from monitor.store import SourceRow

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_Source = Annotated[str, typer.Argument(metavar="SOURCE", help="An id, a URL, or a unique part of one.")]

group = typer.Typer(help="Feeds, sitemaps and listing pages that yield articles.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="sources", rich_help_panel=PANELS["watch"])


@group.command()
def add(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="A feed, a sitemap, a listing page, or a site's front page."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Follow what an OPML file, or a list with a URL a line, names."),
    ] = None,
    links: Annotated[
        str | None, typer.Option(metavar="CSS", help="Watch the page itself: its articles are these links.")
    ] = None,
    pattern: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Keep only addresses such as '/20*/*'; of a page, the links to watch."),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Never these addresses.")] = None,
    section: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Keep only this category of the feed, or part of the path.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(metavar="en", help="Keep only what is in this language, or does not say.")
    ] = None,
    max_age: Annotated[
        str | None, typer.Option(metavar="2d", help="Nothing whose own date is older; undated items are kept.")
    ] = None,
    only_live: Annotated[
        bool,
        typer.Option("--only-live", help="Keep only articles that carry a live marker (“Being updated”)."),
    ] = False,
    mentions: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Keep only articles that name this."),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T", help="Tag what it yields.")] = None,
    every: Annotated[str | None, typer.Option(metavar="5m", help="Poll it this often.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Follow every source that the page offers.")] = False,
    as_is: Annotated[bool, typer.Option("--as-is", help="Follow the address without looking at it first.")] = False,
) -> None:
    """Follow a source: what it lists is watched, and stays watched after it has left the list.

    Of a page, the feeds that it names are read and the best is followed; else the usual places are tried.

    With --links or --pattern the page itself is watched. Options may be repeated where they name a GLOB, NAME or T.
    """
    session: Session = context.obj
    from monitor.cli.following import follow, follow_all, read_list
    from monitor.cli.logs import log_to_stderr
    from monitor.cli.wishes import Wishes

    log_to_stderr(session, only_warnings=not session.verbose)
    wishes = Wishes(
        selection=_selection(links, pattern, exclude, section, language, max_age),
        only_live=only_live,
        mentions=tuple(mentions or ()),
        tags=tuple(tag or ()),
        every=_span("--every", every),
    )
    if (url is None) == (file is None):
        raise Misuse("name one URL, or --from FILE with a list of them")
    if file is not None:
        done = run(follow_all(session, read_list(file), wishes))
    else:
        assert url is not None
        done = run(follow(session, url, wishes, everything=everything, as_is=as_is))
    if done:
        raise typer.Exit(done)


def _selection(
    links: str | None,
    pattern: list[str] | None,
    exclude: list[str] | None,
    section: list[str] | None,
    language: list[str] | None,
    max_age: str | None,
) -> "Selection":
    from monitor.config import selector
    from monitor.core.policy import Selection

    try:
        links = selector(links) if links is not None else None
    except ValueError as error:
        raise Misuse(f"--links: {error}") from None
    return Selection(
        links=links,
        pattern=tuple(pattern or ()),
        exclude=tuple(exclude or ()),
        section=tuple(section or ()),
        language=tuple(language or ()),
        max_age=_span("--max-age", max_age),
    )


def _span(option: str, words: str | None) -> "timedelta | None":
    from monitor.config import duration

    try:
        return duration(words) if words else None
    except ValueError as error:
        raise Misuse(f"{option}: {error}") from None


@group.command()
def export(context: typer.Context) -> None:
    """The sources as OPML, on stdout: for feed readers, and for 'sources add --from FILE'.

    What each is asked to keep goes with it, in attributes that feed readers pass over.
    """
    session: Session = context.obj
    from monitor.cli.wishes import listed
    from monitor.discover import write_opml

    async def work() -> None:
        async with session.store() as store:
            sys.stdout.write(write_opml(listed(row) for row in await store.sources()))
            sys.stdout.flush()

    run(work())


@group.command("list")
def list_(context: typer.Context, json: _Json = False) -> None:
    """The sources, and how their last poll went."""
    session: Session = context.obj
    from monitor.cli import tables

    async def work() -> None:
        async with session.store() as store:
            rows = await store.sources()
            if json:
                emit([tables.source_json(row) for row in rows])
            elif rows:
                session.out.print(tables.sources(rows, now()))
            else:
                session.say("no sources yet; 'monitor sources add URL' follows one")

    run(work())


@group.command()
def remove(context: typer.Context, source: _Source) -> None:
    """Stop following a source. The articles it yielded stay watched."""
    session: Session = context.obj

    async def work() -> None:
        async with session.store() as store:
            row = _found(await store.sources(), source)
            await store.remove_source(row.id, now())
            session.out.print(f"removed  {row.id}  {row.url}")

    run(work())


@group.command()
def poll(context: typer.Context, source: Annotated[str | None, typer.Argument(metavar="[SOURCE]")] = None) -> None:
    """Read one source, or all of them, now."""
    session: Session = context.obj
    from monitor.cli.logs import log_to_stderr
    from monitor.cli.polling import polled_line

    log_to_stderr(session, only_warnings=not session.verbose)

    async def work() -> bool:
        failed = False

        def report(result: "Polled | Postponed") -> None:
            nonlocal failed
            line, good = polled_line(result)
            session.out.print(line)
            failed |= not good

        async with session.app() as app:
            await app.ensure(now())
            rows = await app.store.sources()
            await app.poll_now([_found(rows, source)] if source else rows, report)
        return failed

    if run(work()):
        raise typer.Exit(1)


def _found(rows: "Sequence[SourceRow]", words: str) -> "SourceRow":
    found = [row for row in rows if words in (str(row.id), row.url)] or [row for row in rows if words in row.url]
    if len(found) != 1:
        problem = "fits several sources" if found else "fits no source"
        raise Misuse(f"{words!r} {problem}; 'monitor sources list' shows them with their ids")
    return found[0]
