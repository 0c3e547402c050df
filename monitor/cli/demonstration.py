"""`demo` on the screen: the day as it goes, then the history, the most interesting diff and the alerts."""

import contextlib
from email.message import Message
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from rich.text import Text

from monitor.cli import compared, comparing, ends, tables
from monitor.cli.logs import log_to_stderr
from monitor.cli.session import Session, now, zone
from monitor.core.article import Declaration
from monitor.core.text import printable

if TYPE_CHECKING:
    from monitor.demo import Day
    from monitor.store import Store

_WHO = {"newsroom": "cyan", "monitor": "green"}


async def show(session: Session, newsroom: ModuleType, *, serve: bool) -> bool:
    """Run the demo; whether all edits were caught and none was invented."""
    from monitor.clock import SystemClock
    from monitor.store import Store

    log_to_stderr(session, only_warnings=True)
    url = _store_url(session)
    store = Store.open(url, create=True, upgrade=True)
    clock = SystemClock()

    def tell(who: str, what: str) -> None:
        session.err.print(Text(f"{clock.now():%H:%M:%S}  {who:<9}", style=_WHO[who]) + Text(printable(what)))

    try:
        async with newsroom.Newsroom(clock=clock).open() as rooms:
            day = await newsroom.spend_the_day(rooms, store, session.policy, tell=tell, serve=serve)
        await _print_day(session, store, day, newsroom.EDITS)
        return bool(day.complete and len(day.history) == newsroom.EDITS + 1)
    finally:
        await store.close()


def _store_url(session: Session) -> str:
    """The store that was asked for, or a new file of the demo's own beside the default one."""
    if session.store_url:
        return session.policy.store.url
    from monitor.config import data_folder

    file = data_folder(session.environ) / "demo.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in (file, *file.parent.glob("demo.db-*")):
        with contextlib.suppress(FileNotFoundError):
            Path(old).unlink()
    return f"sqlite:///{file}"


async def _print_day(session: Session, store: "Store", day: "Day", edits: int) -> None:
    out, tz = session.out, zone(None)
    out.print()
    events = await store.events(day.article.id)
    for part in tables.history(day.article, day.history, events, {}, now(), tz):
        out.print(part)
    stealth = next((row for row in day.history if row.change and row.change.declaration is Declaration.STEALTH), None)
    if stealth and stealth.change:
        out.print(Text("\nThe edit that nobody announced", style="bold"))
        change = ends.Wanted(stealth.change.from_version, stealth.change.to_version)
        alike = partial(comparing.read_alike, session, store)
        compared.write(await comparing.compare(store, day.article.url, change, tz, alike=alike), "inline", session, tz)
    _print_alerts(session, day)
    _print_verdict(session, store, day, edits)


def _print_alerts(session: Session, day: "Day") -> None:
    out = session.out
    out.print(
        Text(
            f"\nAlerts received: {len(day.hooks)} webhooks (signatures verified), {len(day.mails)} emails",
            style="bold",
        )
    )
    for hook in day.hooks:
        data = hook["data"]
        change = data.get("change") if isinstance(data, dict) else None
        what = f"{change['declaration']}: {', '.join(change['fields'])}" if change else ""
        out.print(Text(f"  webhook  {hook['type']}  {what}"))
    for mail in day.mails:
        out.print(Text(f"  email    {printable(str(mail['Subject']))}"))
    told = next((mail for mail in day.mails if "tealth" in str(mail["Subject"])), None)
    if told is not None:
        out.print(Text("\nOne of the emails", style="bold"))
        out.print(Text("\n".join("  " + _indented(line) for line in _body(told).splitlines())))


def _indented(line: str) -> str:
    words = printable(line)
    return " " * (len(line) - len(line.lstrip(" "))) + words if words else ""


def _body(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""


def _print_verdict(session: Session, store: "Store", day: "Day", edits: int) -> None:
    caught = len(day.history) - 1
    fine = day.complete and caught == edits
    words = f"{min(caught, edits)} of {edits} changes caught, {max(0, caught - edits) or 'none'} invented"
    session.out.print(Text("\n" + words, style="bold green" if fine else "bold red"))
    session.out.print(
        f"""
What to do next
  monitor --store {store.location} history 1    the same table again; try show, diff 2 3, changes
  monitor --store {store.location} history 1 --format html > history.html    the story on one page
  monitor add https://...                watch an article of your own
  monitor sources add https://.../feed --only-live
  monitor run                            the daemon; config.toml says who is told"""
    )
