"""What the head of an answer means: its Outcome, its Retry-After, and whether it is a page at all."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from monitor.core.capture import Outcome
from monitor.fetch.exchange import Answer

RETRY_AFTER_MOST = timedelta(hours=24)
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml"})
"""Media types under which articles are found; no Content-Type at all is let pass too."""

_CHALLENGES = ("cf-mitigated", "x-amzn-waf-action")
"""Headers by which Cloudflare and Amazon's firewall mark their own pages, whatever the status."""

_OUTCOMES = {
    401: Outcome.BLOCKED,
    402: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.MISSING,
    407: Outcome.BLOCKED,
    408: Outcome.SERVER_ERROR,
    410: Outcome.GONE,
    421: Outcome.SERVER_ERROR,
    425: Outcome.SERVER_ERROR,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
}


def outcome_of(answer: Answer, *, conditional: bool, retry_after: timedelta | None) -> Outcome:
    """The outcome that a status stands for. 200 and 203 are pages; of the rest of 2xx and 3xx nothing is."""
    status = answer.status
    if any(answer.header(name) for name in _CHALLENGES):
        return Outcome.BLOCKED
    if status in (200, 203):
        return Outcome.FETCHED
    if status == HTTPStatus.NOT_MODIFIED:
        return Outcome.NOT_MODIFIED if conditional else Outcome.BROKEN
    if status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after is not None:
        return Outcome.THROTTLED
    if status < 400:
        return Outcome.BROKEN
    if 500 <= status < 600:
        return Outcome.SERVER_ERROR
    return _OUTCOMES.get(status, Outcome.BLOCKED)


def detail_of(answer: Answer, outcome: Outcome) -> str | None:
    """One line for people; None where there is nothing to say."""
    if outcome in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return None
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return "304 Not Modified to a question that was not conditional"
    words = f"{answer.status} {_phrase(answer.status)}".strip()
    challenged = next((name for name in _CHALLENGES if answer.header(name)), None)
    return f"{words}: a challenge for bots ({challenged})" if challenged else words


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def is_page(answer: Answer, accept: str) -> bool:
    """Whether the media type can hold what was asked for: one who asks for HTML gets no PDF and no picture."""
    if "text/html" not in accept:
        return True
    media = media_type(answer)
    return media is None or media in PAGES


def media_type(answer: Answer) -> str | None:
    """The media type, lower case, without parameters; None where the header is missing or is none."""
    media = (answer.header("content-type") or "").partition(";")[0].partition(",")[0].strip().lower()
    return media if "/" in media else None


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """RFC 9110, section 10.2.3: seconds, or a date, which is read against the server's own Date where there is
    one. At most 24 hours; in the past, no time at all; junk is None."""
    text = (answer.header("retry-after") or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:12]), RETRY_AFTER_MOST.total_seconds())
        return timedelta(seconds=seconds)
    until = _date(text)
    if until is None:
        return None
    wait = until - (_date(answer.header("date") or "") or now)
    return min(max(wait, timedelta(0)), RETRY_AFTER_MOST)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
