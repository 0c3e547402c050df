"""Verbs that look after it: config check, db upgrade, verify, backup."""

from typing import Annotated

import typer

from monitor.cli.session import PANELS, Session, emit, run

_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]

config_group = typer.Typer(help="Look at the configuration.", no_args_is_help=True)
db_group = typer.Typer(help="Look after the database.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(config_group, name="config", rich_help_panel=PANELS["keep"])
    app.add_typer(db_group, name="db", rich_help_panel=PANELS["keep"])
    for verb in (verify, backup):
        app.command(rich_help_panel=PANELS["keep"])(verb)


@config_group.command("check")
def config_check(context: typer.Context, json: _Json = False) -> None:
    """Read the configuration and say what it means, or what is wrong with it. Secrets are not shown."""
    session: Session = context.obj
    from monitor.alerts.channels import open_channels
    from monitor.cli.running import cautions
    from monitor.config import mask_url
    from monitor.fetch import guarded_client

    policy = session.policy
    open_channels(policy, guarded_client(policy.fetch))  # a secret that signs nothing is found here, too
    document = {
        "file": str(session.loaded.file) if session.loaded.file else None,
        "store": mask_url(policy.store.url),
        "articles": len(policy.articles),
        "sources": len(policy.sources),
        "sites": len(policy.sites),
        "channels": [f"{channel.name} ({channel.type})" for channel in policy.channels],
        "rules": len(policy.rules),
        "warnings": cautions(policy),
    }
    if json:
        emit(document)
        return
    session.out.print(f"{document['file'] or 'no config file; the defaults apply'}: fine")
    for name in ("store", "articles", "sources", "sites", "rules"):
        session.out.print(f"{name:<9} {document[name]}")
    session.out.print(f"{'channels':<9} {', '.join(document['channels']) or 'none: nobody is told'}")  # type: ignore[arg-type]
    for words in cautions(policy):
        session.warn(words)


@db_group.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this release's schema. SQLite files are backed up first."""
    session: Session = context.obj
    from monitor.store import Store

    async def work() -> str:
        store = Store.open(session.policy.store.url, create=True, upgrade=True)
        try:
            return store.location
        finally:
            await store.close()

    session.out.print(f"the schema is up to date: {run(work())}")


def verify(context: typer.Context, json: _Json = False) -> None:
    """Read every stored page and check every promise of the store. Repairs nothing."""
    session: Session = context.obj

    async def work() -> list[str]:
        async with session.store() as store:
            with session.err.status("reading every stored page"):
                return await store.verify()

    problems = run(work())
    if json:
        emit({"problems": problems})
    for problem in [] if json else problems:
        session.out.print(problem)
    if problems:
        raise typer.Exit(1)
    if not json:
        session.out.print("everything that is stored reads back as it was written")


def backup(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to put the copy; it must not exist yet.")],
) -> None:
    """Copy the store while it is in use. The copy is a store: --store FILE reads it."""
    session: Session = context.obj

    async def work() -> None:
        async with session.store() as store:
            await store.backup(file)

    run(work())
    session.out.print(f"copied to {file}")
