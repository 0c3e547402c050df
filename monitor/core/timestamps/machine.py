"""Times written for machines: ISO 8601, epochs, RFC 2822 and HTTP dates, what JavaScript and Java print."""

from datetime import UTC, date, datetime, timedelta, tzinfo

import regex

from monitor.core.article import Precision
from monitor.core.timestamps.printed import is_stamp_line, parse_words
from monitor.core.timestamps.stamp import YEARS, Clock, Stamp, seal
from monitor.core.timestamps.words import tidy
from monitor.core.timestamps.zones import at_home, named, offset, place

_ZONE = r"(?P<zone>Z|z|[A-Z]{2,5}|(?:UTC|GMT)?[+\-−]\d{1,2}(?::?[0-5]\d)?)"
_NAME = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d|60))?(?:[.,]\d+)?"

_FORMS = tuple(
    regex.compile(form)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?:(?:\s*[T,_]\s*|\s+)"
        + _TIME
        + rf"\s*{_ZONE}?(?:\[[\w/+\-]+\])?)?",
        r"(?P<year>\d{4})/(?P<number>\d{1,2})/(?P<day>\d{1,2})(?:(?:\s*[T,]\s*|\s+)" + _TIME + rf"\s*{_ZONE}?)?",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})"
        rf"(?:T(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?:[.,]\d+)?\s*{_ZONE}?)?",
        rf"(?:{_NAME},?\s+)?(?P<day>\d{{1,2}})[\s\-]{_MONTH}[\s\-](?P<year>\d{{4}}|\d{{2}})\s+{_TIME}\s*{_ZONE}?(?:\s*\([^)]*\))?",
        rf"{_NAME},?\s+{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<year>\d{{4}})\s+{_TIME}\s*{_ZONE}?(?:\s*\([^)]*\))?",
        rf"{_NAME},?\s+{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_TIME}\s*{_ZONE}?\s+(?P<year>\d{{4}})",
    )
)
_EPOCH = regex.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 80


def parse_machine(raw: str, *, zone: str | None = None) -> Stamp | None:
    """Read a time that was written for machines; None if it is none.

    `zone` is the IANA zone of the site, for values without one. Without it such a value has `at` None and keeps its
    precision and what its clock shows, so that another source of the page can still place it: UTC would be a guess.
    """
    text = tidy(raw)
    if len(text) > _LONGEST:
        return None
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return _epoch(epoch[1])
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            return _stamp(match, zone)
    return _in_english(text, zone)


def _in_english(text: str, site: str | None) -> Stamp | None:
    """Some fill a machine's field with words ("Fri 6:45 PM, Feb 16, 2018"): a full day, whose order is no matter."""
    stamp = parse_words(text, language="en", zone=site) if is_stamp_line(text, "en") else None
    if stamp is None or stamp.relative or (stamp.at is None and (stamp.wall or "T").startswith("T")):
        return None
    return stamp


def _epoch(digits: str) -> Stamp | None:
    number = int(digits)
    at = _EPOCH_START + (timedelta(seconds=number) if len(digits) < 12 else timedelta(milliseconds=number))
    return Stamp(at.replace(microsecond=0), Precision.SECOND, "UTC") if at.year in YEARS else None


def _stamp(match: regex.Match[str], site: str | None) -> Stamp | None:
    parts = match.groupdict()
    day = _day(parts)
    if day is None or day.year not in YEARS:
        return None
    given = parts.get("zone")
    zone = _zone(given, site) if given else None
    if given and zone is None:
        return None
    clock = None
    if parts.get("hour"):
        second = parts.get("second")
        clock = Clock(int(parts["hour"]), int(parts["minute"]), min(int(second), 59) if second else None)
    stamp = seal(day, clock, zone, given, place(site))
    return None if given and stamp.at is None else stamp


def _day(parts: dict[str, str | None]) -> date | None:
    month, year = parts.get("month"), int(parts["year"] or 0)
    number = _MONTHS.index(month) + 1 if month else int(parts["number"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900
    try:
        return date(year, number, int(parts["day"] or 0))
    except ValueError:
        return None


def _zone(given: str, site: str | None) -> tzinfo | None:
    match = _OFFSET.fullmatch(given)
    if match:
        return offset(match["sign"], match["hours"], match["minutes"])
    return UTC if given in "Zz" else at_home(given, site) or named(given, None)


_OFFSET = regex.compile(r"(?:UTC|GMT)?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>[0-5]\d)?")
