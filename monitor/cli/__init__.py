"""The command line: data goes to stdout, talk to stderr. A verb imports what only it needs inside itself."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import alerts, running, showing, sources, status, upkeep, watching
from monitor.cli.session import PANELS, Session, fail
from monitor.errors import MonitorError

HELP = """
Watches news articles that are being updated: keeps every version with the publisher's own timestamps, shows
what changed, and tells an announced edit from a stealth one.

Start with [bold]monitor demo[/bold] (no network needed), then [bold]monitor add URL[/bold] and
[bold]monitor run[/bold].
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    context: typer.Context,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="The configuration to use instead of ./config.toml.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The store to use: a SQLite file, or postgresql+psycopg://user@host/database."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")] = False,
    version: Annotated[  # noqa: ARG001  # its callback prints it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Session(config=config, store_url=store, quiet=quiet, verbose=verbose)


for module in (running, status, watching, showing, sources, alerts, upkeep):
    module.register(app)


_FLAGS = {"--quiet", "-q", "--verbose", "-v"}
_VALUES = {"--config", "--store"}


def globals_first(words: Sequence[str]) -> list[str]:
    """The same command with the global options at its front: they may be typed after the verb too."""
    front: list[str] = []
    rest: list[str] = []
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        if word in _FLAGS or (word.split("=", 1)[0] in _VALUES and "=" in word):
            front.append(word)
        elif word in _VALUES and words:
            front += [word, words.pop(0)]
        else:
            rest.append(word)
    return front + rest


def main(words: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 fine, 1 something failed, 2 misused."""
    try:
        app(args=globals_first(sys.argv[1:] if words is None else words), prog_name="monitor")
    except MonitorError as error:
        fail(error)
    except SystemExit as exit:
        if not isinstance(exit.__context__, BrokenPipeError):
            raise
        # Whoever read our output has seen enough (`monitor changes | head`): that is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


__all__ = ["PANELS", "app", "globals_first", "main"]
