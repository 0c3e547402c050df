"""`sources`: feeds, sitemaps and listing pages that yield articles."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.session import PANELS, Session, emit, now, run
from monitor.errors import Misuse

if TYPE_CHECKING:
    from monitor.store import SourceRow

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_Source = Annotated[str, typer.Argument(metavar="SOURCE", help="An id, a URL, or a unique part of one.")]

group = typer.Typer(help="Feeds, sitemaps and listing pages that yield articles.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="sources", rich_help_panel=PANELS["watch"])


@group.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed.")],
    only_live: Annotated[
        bool,
        typer.Option("--only-live", help="Keep only articles that carry a live marker (“Being updated”)."),
    ] = False,
    mentions: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Keep only articles that name this; may be repeated."),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T", help="Tag what it yields.")] = None,
    every: Annotated[str | None, typer.Option(metavar="5m", help="Poll it this often.")] = None,
) -> None:
    """Follow a source: what it lists is watched, and stays watched after it has left the list."""
    session: Session = context.obj
    from monitor.config import duration
    from monitor.core.address import host_of, normalise_url

    address = normalise_url(url)
    interval = duration(every) if every else None

    async def work() -> None:
        async with session.store(create=True) as store:
            source, new = await store.add_source(
                address,
                host=host_of(address),
                now=now(),
                only_live=only_live,
                mentions=tuple(mentions or ()),
                tags=tuple(tag or ()),
                every=interval,
                origin="user",
            )
            session.out.print(f"{'following' if new else 'already followed'}  {source.id}  {source.url}")
            session.say("'monitor sources poll' reads it at once; 'monitor run' keeps reading")

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

    async def work() -> bool:
        failed = False
        async with session.app() as app:
            await app.ensure(now())
            rows = await app.store.sources()
            for row in [_found(rows, source)] if source else rows:
                polled = await app.poll(str(row.id))
                if polled is None:
                    session.warn(f"{row.url}: its host is being visited by another process; try again in a moment")
                    continue
                detail = f"  {polled.detail}" if polled.detail else ""
                session.out.print(f"{polled.outcome}  {polled.items} items, {polled.new} new  {row.url}{detail}")
                failed |= polled.outcome not in ("polled", "not_modified")
        return failed

    if run(work()):
        raise typer.Exit(1)


def _found(rows: "Sequence[SourceRow]", words: str) -> "SourceRow":
    found = [row for row in rows if words in (str(row.id), row.url)] or [row for row in rows if words in row.url]
    if len(found) != 1:
        problem = "fits several sources" if found else "fits no source"
        raise Misuse(f"{words!r} {problem}; 'monitor sources list' shows them with their ids")
    return found[0]
