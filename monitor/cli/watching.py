"""Verbs that say what is watched: add, remove, pause, resume, list."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.session import PANELS, Session, ago, emit, now, run, zone
from monitor.errors import BadUrl, Misuse

ARTICLE = "An id, a URL, or a unique part of one."
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE...", help=ARTICLE)]


def register(app: typer.Typer) -> None:
    for verb in (add, remove, pause, resume):
        app.command(rich_help_panel=PANELS["watch"])(verb)
    app.command("list", rich_help_panel=PANELS["watch"])(list_)


def add(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL...", help="Articles to watch.")] = None,
    file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Read URLs from a file, a line each; - is stdin."),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T", help="Tag them; may be repeated.")] = None,
    every: Annotated[
        str | None,
        typer.Option(metavar="5m", help="Look this often, instead of as the article's life suggests."),
    ] = None,
    json: _Json = False,
) -> None:
    """Watch articles. An article that is known already is told so, and is not added twice."""
    session: Session = context.obj
    from monitor.config import duration

    wanted = [*(urls or ()), *_lines(file)]
    if not wanted:
        raise Misuse("nothing to add; give a URL, or --from FILE with a URL a line")
    try:
        interval = duration(every) if every else None
    except ValueError as error:
        raise Misuse(f"--every: {error}") from None
    good, bad = _normalised(wanted)
    run(_add(session, good, tuple(tag or ()), interval, json))
    for problem in bad:
        session.err.print(f"error: {problem}")
    if bad:
        raise typer.Exit(2)


async def _add(session: Session, urls: Sequence[str], tags: tuple[str, ...], every: object, json: bool) -> None:
    from monitor.core.address import host_of

    async with session.store(create=True) as store:
        for url in urls:
            article, new = await store.add_article(
                url,
                host=host_of(url),
                now=now(),
                tags=tags,
                every=every,  # type: ignore[arg-type]  # a timedelta or None, from duration()
            )
            if json:
                emit({"id": article.id, "url": article.url, "new": new, "stage": article.stage.value})
            else:
                session.out.print(f"{'watching' if new else 'already watched'}  {article.id}  {article.url}")
        session.say("'monitor check' looks at once; 'monitor run' keeps looking")


def _lines(file: str | None) -> list[str]:
    if file is None:
        return []
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{file} cannot be read: {error}") from None
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _normalised(urls: Sequence[str]) -> tuple[list[str], list[BadUrl]]:
    from monitor.core.address import normalise_url

    good: list[str] = []
    bad: list[BadUrl] = []
    for url in urls:
        try:
            good.append(normalise_url(url))
        except BadUrl as error:
            bad.append(error)
    return good, bad


def remove(context: typer.Context, articles: _Articles) -> None:
    """Stop watching articles for good. Their history stays in the store."""
    _each(context.obj, articles, "remove", "removed")


def pause(context: typer.Context, articles: _Articles) -> None:
    """Stop looking at articles until they are resumed."""
    _each(context.obj, articles, "pause", "paused", tells="paused")


def resume(context: typer.Context, articles: _Articles) -> None:
    """Look at paused articles again."""
    _each(context.obj, articles, "resume", "resumed", tells="resumed")


def _each(session: Session, articles: Sequence[str], verb: str, done: str, *, tells: str | None = None) -> None:
    """Do it to each. `tells`: the event that rules may ask to be told of."""
    from monitor.core.policy import AlertEvent
    from monitor.core.rules import Subject, plan

    async def work() -> None:
        async with session.store() as store:
            found = [await store.find_article(words) for words in articles]
            for article in found:
                at = now()
                if tells:
                    subject = Subject(event=AlertEvent(tells), article=article, source=await store.source_of(article))
                    await getattr(store, verb)(article.id, at, plan(session.policy, subject, now=at))
                else:
                    await getattr(store, verb)(article.id, at)
                session.out.print(f"{done}  {article.id}  {article.url}")

    run(work())


def list_(
    context: typer.Context,
    stage: Annotated[str | None, typer.Option(metavar="S", help="Only those in this stage.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="T", help="Only those with this tag.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Removed ones and candidates too.")] = False,
    tz: Annotated[str | None, typer.Option(metavar="ZONE", help="Print times in this zone.")] = None,
    json: _Json = False,
) -> None:
    """What is watched, and when each article was last seen and last changed."""
    session: Session = context.obj
    from monitor.cli import tables
    from monitor.core.article import Stage

    if stage is not None and stage not in list(Stage):
        raise Misuse(f"there is no stage {stage!r}; stages are {', '.join(Stage)}")
    place = zone(tz)

    async def work() -> None:
        async with session.store() as store:
            rows = await store.articles(
                stage=Stage(stage) if stage else None, tag=tag, candidates=everything, removed=everything
            )
            at = now()
            if json:
                emit([tables.article_json(row) for row in rows])
            elif rows:
                session.out.print(tables.articles(rows, at, place))
            else:
                session.say("nothing is watched yet; 'monitor add URL' adds an article")
            session.say(f"store: {store.location}" + (f", last change {_latest(rows, at)}" if rows else ""))

    run(work())


def _latest(rows: Sequence[object], at: object) -> str:
    times = [row.article.last_changed_at for row in rows]  # type: ignore[attr-defined]  # ArticleRow, see store
    return ago(max((t for t in times if t), default=None), at)  # type: ignore[arg-type]  # a datetime
