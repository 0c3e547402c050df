"""Words that mean a time by when they are read: "14 hours ago", "just now", "today"."""

from datetime import timedelta
from functools import lru_cache

import regex

from monitor.core.article import Precision
from monitor.core.timestamps import words
from monitor.core.timestamps.parts import Ago, Part, Spot, Starts, Token, alternation, longest_first
from monitor.core.timestamps.words import primary

_UNIT_WORDS = {word: unit for unit, listed in words.UNITS.items() for word in listed}
_LENGTHS: dict[str, tuple[timedelta | None, Precision | None]] = {
    "second": (timedelta(seconds=1), Precision.SECOND),
    "minute": (timedelta(minutes=1), Precision.MINUTE),
    "hour": (timedelta(hours=1), None),
    "day": (timedelta(days=1), Precision.DAY),
    "week": (timedelta(weeks=1), None),
    "long": (None, None),
}
_LONG = words.phrases(
    "month|months|year|years|monat|monaten|jahr|jahren|mois|an|ans|mes|meses|año|años|mese|mesi|anno|anni|mês|maand|maanden|jaar|månad|månader|år|måned|måneder"
    "|месяц|месяца|месяцев|год|года|лет|ay|yıl|شهر|أشهر|سنة|ماه|سال|חודש|חודשים|महीने|साल|bulan|tahun|tháng|năm|ヶ月|か月|カ月|年|个月|個月|개월|년"
)
_UNIT = rf"(?P<unit>{alternation(longest_first((*_UNIT_WORDS, *_LONG)))})(?![\p{{L}}\p{{M}}--[前전]])\.?"
_COUNT = rf"(?P<count>\d{{1,3}}|{alternation(words.ONE)})"
_ABOUT = ("for", "fyrir", "om", "circa", "about", "ca")
_AGO_FORMS = (
    regex.compile(
        rf"(?:(?:{alternation(_ABOUT)})\.?\s)?{_COUNT}\s?{_UNIT}\s?(?:{alternation(words.AGO_AFTER)})(?![\p{{L}}\p{{M}}])",
        regex.VERSION1,
    ),
    regex.compile(
        rf"(?:{alternation(words.AGO_BEFORE)})\s(?:about\s|circa\s|environ\s|etwa\s)?{_COUNT}\s?{_UNIT}",
        regex.VERSION1,
    ),
    regex.compile(
        rf"(?:{alternation(words.AGO_BEFORE)})\s(?P<dual>{alternation(words.DUALS)}|{alternation(_UNIT_WORDS)})(?![\p{{L}}\p{{M}}])"
    ),
    regex.compile(rf"{_COUNT}\s(?P<hungarian>perce|oraja|napja|hete)(?![\p{{L}}\p{{M}}])"),
    regex.compile(rf"(?:{alternation(words.NOW)})(?![\p{{L}}\p{{M}}])"),
)


_AGO_STARTS = Starts((*words.ONE, *words.AGO_BEFORE, *words.NOW, *_ABOUT))


def read_ago(spot: Spot) -> Token | None:
    """How long before the reading: a number and a unit beside a word like "ago", or "just now"."""
    if not (spot.folded[spot.place].isdigit() or _AGO_STARTS(spot)):
        return None
    for form in _AGO_FORMS:
        match = form.match(spot.folded, spot.place)
        if match:
            return Token(Part.AGO, spot.place, match.end(), _span(match))
    return None


def _span(match: regex.Match[str]) -> Ago:
    parts = match.groupdict()
    word = parts.get("unit") or parts.get("dual") or parts.get("hungarian")
    if word is None:
        return Ago(timedelta(0), Precision.MINUTE)
    unit = words.DUALS.get(word) or _UNIT_WORDS.get(word, "long")
    count = parts.get("count")
    number = 2 if word in words.DUALS else int(count) if count and count.isdigit() else 1
    length, precision = _LENGTHS[unit]
    return Ago(None if length is None else number * length, precision)


@lru_cache(maxsize=256)
def _same_day_words(language: str | None) -> regex.Pattern[str]:
    code = primary(language)
    tables = {offset: table.get(code, ()) + table["en"] for offset, table in words.DAYS.items()}
    if not code:
        tables = {offset: tuple({w for ws in table.values() for w in ws}) for offset, table in words.DAYS.items()}
    forms = (f"(?P<d{-offset}>{alternation(longest_first(ws))})" for offset, ws in tables.items())
    return regex.compile(rf"(?:{'|'.join(forms)})(?![\p{{Ll}}\p{{M}}])")


def read_same_day(spot: Spot) -> Token | None:
    """ "Today" is 0, "yesterday" -1: in the page's language and English, or in any where that is not known."""
    match = _same_day_words(spot.language).match(spot.folded, spot.place)
    if match is None:
        return None
    return Token(Part.SAME_DAY, spot.place, match.end(), 0 if match["d0"] else -1)
