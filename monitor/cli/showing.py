"""Verbs that read: history, changes, show, diff, extract."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.session import PANELS, Session, emit, moment, now, run, zone
from monitor.errors import Misuse

if TYPE_CHECKING:
    from monitor.core.article import Content
    from monitor.core.corrections import Notes
    from monitor.store import Store, StoredChange

ARTICLE = "An id, a URL, or a unique part of one."
VERSION = "A version number, first, last, or a time: 2022-01-25T09:40Z, 2022-01-25, or 2h for two hours ago."
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_Tz = Annotated[str | None, typer.Option(metavar="ZONE", help="Print times in this zone.")]
_Article = Annotated[str, typer.Argument(metavar="ARTICLE", help=ARTICLE)]


def register(app: typer.Typer) -> None:
    for verb in (history, changes, show, diff, extract):
        app.command(rich_help_panel=PANELS["read"])(verb)


def history(
    context: typer.Context,
    article: _Article,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn changes too.")] = False,
    format: Annotated[
        str, typer.Option(metavar="text|json|html", help="html is one page to keep, print and pass on.")
    ] = "text",
    tz: _Tz = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Every version of an article: when it was seen, what the publisher said of its time, what changed."""
    session: Session = context.obj
    from monitor.cli import tables
    from monitor.core.corrections import linked

    format = "json" if json else format
    _one_of("--format", format, ["text", "json", "html"])
    place = zone(tz)

    async def work() -> None:
        async with session.store() as store:
            found = await store.find_article(article)
            rows = await store.history(found.id, withdrawn=everything)
            notes = {} if format == "html" else linked(await store.told_changes(found.id))
            if format == "json":
                emit(tables.history_json(found, rows, notes, await _moved_at(store, found)))
            elif format == "html":
                from monitor.cli.storytelling import history_page

                sys.stdout.write(await history_page(store, found, rows, now(), place))
            else:
                events = await store.events(found.id)
                moved_at = await _moved_at(store, found)
                for part in tables.history(found, rows, events, notes, now(), place, moved_at=moved_at):
                    session.out.print(part)

    run(work())


async def _moved_at(store: Any, found: Any) -> Any:
    """When the article was first found where it has moved to; None where it has not."""
    return (await store.aliases(found.id)).get(found.moved_to) if found.moved_to else None


def changes(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(metavar="T", help="From this time on: 2022-01-25T09:40Z, or 2h.")] = None,
    after: Annotated[int | None, typer.Option(metavar="CURSOR", help="After this cursor of an earlier answer.")] = None,
    declaration: Annotated[str | None, typer.Option(metavar="D", help="announced, stealth, ...")] = None,
    field: Annotated[str | None, typer.Option(metavar="F", help="headline, body, corrections, ...")] = None,
    host: Annotated[str | None, typer.Option(metavar="H", help="Only this host.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="T", help="Only articles with this tag.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn changes too.")] = False,
    tz: _Tz = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON line a change.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A CSV row a change.")] = False,
) -> None:
    """What changed across all articles, newest last, a row a change."""
    session: Session = context.obj
    from monitor.cli import tables
    from monitor.core.article import Declaration, Field

    _one_of("--declaration", declaration, list(Declaration))
    _one_of("--field", field, list(Field))
    place, at = zone(tz), now()
    start = moment(since, at)
    write: Any = tables.change_lines(json=json, csv=csv, tz=place, out=session.out)

    async def work() -> None:
        async with session.store() as store:
            count = 0
            async for change in store.changes(
                since=start,
                after=after,
                declaration=Declaration(declaration) if declaration else None,
                field=Field(field) if field else None,
                host=host,
                tag=tag,
                withdrawn=everything,
            ):
                notes = await _notes_of(store, change) if json else None
                write(change, notes)
                count += 1
            if not count and not (json or csv):
                session.say("no changes yet")

    run(work())


async def _notes_of(store: "Store", change: "StoredChange") -> "Notes | None":
    """Of a change that touches a note: the others are not asked for, there may be very many."""
    from monitor.core.article import Field
    from monitor.core.corrections import linked

    if Field.CORRECTIONS not in change.fields:
        return None
    return linked(await store.told_changes(change.article_id, until=change.id)).get(change.id)


def _one_of(option: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        raise Misuse(f"{option}: {value!r} is not one of {', '.join(allowed)}")


def show(
    context: typer.Context,
    article: _Article,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="This version, not the newest.")] = None,
    format: Annotated[str, typer.Option(metavar="text|html|json|raw", help="raw is the page as it came.")] = "text",
    tz: _Tz = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """One version of an article."""
    session: Session = context.obj
    from monitor.cli import tables
    from monitor.core.lifecycle import volatility

    format = "json" if json else format
    _one_of("--format", format, ["text", "html", "json", "raw"])
    place = zone(tz)

    async def work() -> None:
        async with session.store() as store:
            found = await store.find_article(article)
            number = version or await _newest(store, found)
            shown = await store.version_by_number(found.id, number)
            if format == "raw":
                sys.stdout.buffer.write((await store.capture_of(shown.id)).body)
                sys.stdout.buffer.flush()
                return
            masks = volatility.masks(await store.volatile(found.host), found.id)
            if format == "json":
                emit(tables.version_json(found, shown, masks))
            elif format == "html":
                from monitor.cli.storytelling import version_page

                sys.stdout.write(version_page(found, shown, masks, now(), place))
            else:
                for part in tables.version(found, shown, masks, place):
                    session.out.print(part)

    run(work())


async def _newest(store: Any, found: Any) -> int:
    """The newest version that stands: what the article says now."""
    if found.current_version_id is None:
        raise Misuse(f"{found.url} has no version yet; 'monitor check {found.id}' looks at it now")
    return int((await store.version(found.current_version_id)).number)


def diff(
    context: typer.Context,
    article: _Article,
    start: Annotated[str | None, typer.Argument(metavar="FROM", help=VERSION)] = None,
    end: Annotated[str | None, typer.Argument(metavar="TO", help="The same; the newest, unless it is given.")] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="T", help="The version that stood at this time: FROM, or TO where FROM is given."),
    ] = None,
    format: Annotated[
        str, typer.Option(metavar="inline|side|unified|html|json|patch", help="How to show it.")
    ] = "inline",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 when there are differences, as git does.")
    ] = False,
    tz: _Tz = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """What changed between two versions; by default the last two."""
    session: Session = context.obj
    from monitor.cli import compared, comparing, ends

    format = "json" if json else format
    _one_of("--format", format, compared.FORMATS)
    place = zone(tz)
    wanted = ends.wanted([word for word in (start, end) if word is not None], at or (), now())

    async def work() -> bool:
        async with session.store() as store:
            alike = partial(comparing.read_alike, session, store)
            found = await comparing.compare(store, article, wanted, place, alike=alike)
            compared.write(found, format, session, place)
            return found.differs

    if run(work()) and exit_code:
        raise typer.Exit(1)


def extract(
    context: typer.Context,
    page: Annotated[str | None, typer.Argument(metavar="FILE|URL|-", help="The page to read; - is stdin.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The address the page came from.")] = None,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='Read lines {"url", "html_path", "captured_at"?}; answer each with one Content JSON.',
        ),
    ] = False,
    json: _Json = False,
) -> None:
    """What the monitor sees on a page. Nothing is stored."""
    session: Session = context.obj
    from monitor.cli import extracting

    if jsonl:
        run(extracting.lines(session, sys.stdin.buffer))
        return
    if page is None:
        raise Misuse("nothing to read; give a FILE, a URL, or - for stdin")
    content = run(extracting.one(session, page, url, now()))
    if json or not sys.stdout.isatty():
        from monitor.core.wire import content_json

        emit(content_json(content))
    else:
        _print_content(session, content)


def _print_content(session: Session, content: "Content") -> None:
    from datetime import UTC

    from monitor.cli import tables

    for part in tables.content(content, UTC):
        session.out.print(part)
