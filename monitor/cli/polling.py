"""What a poll of a source came to, in words, and what to do where it failed."""

from monitor.app import Postponed
from monitor.core.text import printable
from monitor.poll import Polled

_NEXT = {
    "missing": "nothing is there any more; look where the site keeps its feed now: 'monitor sources add' of its page",
    "gone": "the site has taken it away; 'monitor sources remove' ends asking for it",
    "blocked": "the site does not let us read it; ask it for permission, or follow another of its sources",
    "disallowed": "robots.txt forbids it; follow another source of the site, or ask it for permission",
    "throttled": "the site asks for a pause; give the source a longer 'every'",
    "server_error": "the site has a fault; it is tried again by itself, less and less often",
    "unreachable": "it is tried again by itself, less and less often; if it lasts, look whether the address is right",
    "broken": "open the address in a browser: is it still a feed, a sitemap or a page?",
}
"""What a poll refused says itself what to do. Keys are outcomes; `core.capture.Outcome` says when each is meant."""


def polled_line(result: Polled | Postponed) -> tuple[str, bool]:
    """One line for people, and whether it is a good one."""
    if isinstance(result, Postponed):
        url, until = printable(result.source.url), f"{result.until:%H:%M:%S}"
        return (
            f"postponed  {url}  its host asks for a pause, or is visited by another process, until {until} UTC",
            False,
        )
    url = printable(result.source.url)
    if result.failed:
        return f"{result.outcome}  {url}  {_why(result)}", False
    left_out = f"{result.filtered} filtered, " if result.filtered else ""
    note = f"  {printable(result.detail)}" if result.detail else ""
    return f"{result.outcome}  {result.items} items, {left_out}{result.new} new  {url}{note}", True


def _why(result: Polled) -> str:
    """The reason, unless it only repeats the outcome, and what to do."""
    detail = printable(result.detail)
    return "; ".join(words for words in (detail, _NEXT.get(result.outcome, "")) if words) or "it could not be read"
