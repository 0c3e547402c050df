"""Where the log goes: lines for a terminal, JSON otherwise; always stderr, because stdout is for data."""

import io
import logging
import sys

import structlog

from monitor.cli.session import Session
from monitor.core.text import printable


def log_to_stderr(session: Session, *, only_warnings: bool = False) -> None:
    """Send the structured log to stderr. Text that came from pages is made harmless on the way."""
    level = logging.WARNING if only_warnings or session.quiet else logging.DEBUG if session.verbose else logging.INFO
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=not session.err.no_color)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _clean,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Stderr()),  # type: ignore[arg-type]  # all that is asked of it
        cache_logger_on_first_use=False,
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs whole addresses, and those may hold secrets


class _Stderr(io.TextIOBase):
    """Whatever stderr is when a line is written: the daemon's status line takes it over, to stay below the log."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _clean(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """One line an event, nothing invisible, no value over 500 characters; what is empty is left out."""
    return {
        key: printable(value, 500) if isinstance(value, str) else value
        for key, value in event.items()
        if value is not None
    }
