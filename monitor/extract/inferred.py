"""The last resort for the day of publication, on pages that state none: htmldate looks for it, never for the time."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from htmldate import find_date
from lxml import html as lxml_html

from monitor.core.article import Claim, ClaimKind, ClaimSource
from monitor.core.timestamps import claim_of, parse_machine, parse_words, read_lines
from monitor.extract.tree import Passage

LARGEST = 2_000_000
"""Pages larger than this, in characters, are not searched."""

_LONGEST_LINE = 220
_EARLIEST, _LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def infer_published(
    text: str,
    url: str,
    passages: Iterable[Passage],
    *,
    language: str | None,
    zone: str | None,
    captured_at: datetime | None,
) -> Claim | None:
    """The day on which the page seems to have been published, with the words that say it; None where none is found.

    The same page gives the same day: a day that stands nowhere on the page or in its address is not believed, since
    htmldate also reads "5 minutes ago" by the machine's own clock."""
    found = _search(text, url, captured_at)
    if found is None:
        return None
    day = date.fromisoformat(found)
    raw = _words_for(day, text, url, passages, language, captured_at)
    return claim_of(ClaimKind.PUBLISHED, parse_machine(found, zone=zone), raw, ClaimSource.INFERRED) if raw else None


def _search(text: str, url: str, captured_at: datetime | None) -> str | None:
    if len(text) > LARGEST:
        return None
    latest = captured_at + timedelta(days=1) if captured_at else _LATEST
    try:
        # A tree, because a text that looks like an address would be fetched.
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=_PARSER)
        found = find_date(
            tree,
            original_date=True,
            url=url,
            min_date=_EARLIEST.replace(tzinfo=None),
            max_date=latest.replace(tzinfo=None),
        )
    except Exception:  # what a page can make four libraries of guesses raise is unknown, and the reading can do without
        return None
    return found if isinstance(found, str) else None


_PARSER = lxml_html.HTMLParser(encoding="utf-8")


def _words_for(
    day: date, text: str, url: str, passages: Iterable[Passage], language: str | None, captured_at: datetime | None
) -> str | None:
    """What the page says for that day: a line for readers, else its address, else a date in its mark-up. A day that
    readers are only told as that of an update is none."""
    number = re.compile(rf"(?<!\d)0?{day.day}(?!\d)")
    short = (p.text for p in passages if len(p.text) <= _LONGEST_LINE)
    lines = [line for line in short if number.search(line) and _says(line, day, language, captured_at)]
    others = [line for line in lines if not _updates(line, language)]
    if lines and not others:
        return None
    return next((found for find in (others, _written(day, url), _written(day, text)) for found in find), None)


def _says(line: str, day: date, language: str | None, captured_at: datetime | None) -> bool:
    stamp = parse_words(line, language=language, captured_at=captured_at)
    if stamp is None or stamp.relative:
        return False
    return (stamp.wall or (stamp.at.isoformat() if stamp.at else "")).startswith(day.isoformat())


def _updates(line: str, language: str | None) -> bool:
    kinds = {claim.kind for claim in read_lines([line], language=language)}
    return kinds == {ClaimKind.UPDATED}


def _written(day: date, text: str) -> Iterator[str]:
    for form in _FORMS:
        match = re.search(form(day), text)
        if match:
            yield match[0]


def _numbers(day: date) -> str:
    """Day and month in the orders that cannot be mistaken for another day."""
    if day.day <= 12 and day.day != day.month:
        return rf"0?{day.day}\.0?{day.month}"
    return rf"(?:0?{day.day}[-/.]0?{day.month}|0?{day.month}[-/.]0?{day.day})"


_FORMS: tuple[Callable[[date], str], ...] = (
    lambda d: rf"(?<!\d){d:%Y}(?P<sign>[-/._]?){d:%m}(?P=sign){d:%d}(?!\d)",
    lambda d: rf"(?<!\d){d:%Y}(?P<sign>[-/._])0?{d.month}(?P=sign)0?{d.day}(?!\d)",
    lambda d: rf"(?<!\d){_numbers(d)}[-/.]{d:%Y}(?!\d)",
)
