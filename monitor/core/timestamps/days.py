"""Days as newsrooms print them, in numbers and in words."""

from datetime import date, timedelta

import regex

from monitor.core.timestamps import words
from monitor.core.timestamps.parts import Part, Spot, Starts, Token, alternation
from monitor.core.timestamps.stamp import PartialDay
from monitor.core.timestamps.words import primary

_MONTH = rf"(?P<month>{alternation(words.MONTH_WORDS)})(?![\p{{L}}\p{{M}}])"
_YEAR = r"(?P<year>(?:1[34]|19|20|25)\d\d)(?!\d)"
_TIME_NEXT = r"(?=[\s,\-–|.]*(?:\p{L}{1,5}\.?\s)?\d{1,2}[:.h]\d\d(?!\d))"

_YEAR_FIRST = regex.compile(
    r"(?P<year>(?:1[34]|19|20|25)\d\d)\s?(?P<sign>[-./])\s?(?P<month>\d{1,2})\s?(?P=sign)\s?(?P<day>\d{1,2})(?!\d)(?:t(?=\d\d:))?"
)
_UNITS = regex.compile(
    r"(?:(?:(?P<era>令和|平成)\s?(?P<reign>\d{1,2}|元)|(?P<year>\d{4}))\s?[年년]\s?)?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})(?:\s?[日일号號])"
)
_NUMERIC = regex.compile(
    r"(?P<one>\d{1,2})\s?(?P<sign>[-./])\s?(?P<two>\d{1,2})\s?(?P=sign)\s?(?P<year>(?:1[34]|19|20|25)\d\d|\d\d)(?!\d|[.:]\d)"
)
_NO_YEAR = regex.compile(r"(?P<one>\d{1,2})(?P<sign>[./])\s?(?P<two>\d{1,2})\.?(?![\d:/])" + _TIME_NEXT)
_DAY_MONTH = regex.compile(
    r"(?P<day>\d{1,2})(?!\d)\s?(?:st|nd|rd|th|er|re|[.ºª°]|-?(?:го|е|ти))?\s*(?:(?:de|d'|d’|of|di|den|ngay)\s*)?[-/,\s]*"
    rf"{_MONTH}\.?(?:\s*/\s*(?:{alternation(words.MONTH_WORDS)})(?![\p{{L}}\p{{M}}]))?"
    rf"(?:[\s,/\-]*(?:(?:de|del|d'|of)\s+)?(?:{_YEAR}|['’](?P<short>\d\d)(?!\d)))?"
)
_MONTH_DAY = regex.compile(
    rf"{_MONTH}\.?\s*(?P<day>\d{{1,2}})(?!\d|[:h.]\d)(?:st|nd|rd|th)?(?:\s?,)?(?:\s*{_YEAR}(?!:))?"
)
_YEAR_MONTH_DAY = regex.compile(
    rf"{_YEAR}\.?[\s\-]*(?:gada|m\.|e\.)?\s*{_MONTH}\.?[\s\-]*(?P<day>\d{{1,2}})(?!\d|:)(?:\s?d\.|\.|-(?:an|en|jen|i|a|e))?"
)
_YEAR_DAY_MONTH = regex.compile(rf"{_YEAR}\.?\s*gada\s*(?P<day>\d{{1,2}})\.?\s*{_MONTH}")
_VIETNAMESE = regex.compile(
    r"(?P<day>\d{1,2})\s*(?:thang|th)\s*(?P<month>\d{1,2})(?!\d)(?:[\s,]*(?:nam\s*)?(?P<year>(?:19|20)\d\d)(?!\d))?"
)
_PERSIAN = regex.compile(
    rf"(?P<day>\d{{1,2}})\s*(?P<month>{alternation(words.PERSIAN_MONTH)})(?![\p{{L}}\p{{M}}])\s*(?:ماه\s*)?(?P<year>1[34]\d\d)(?!\d)"
)


def read_day(spot: Spot) -> Token | None:
    """The day that begins here: `25.01.2022`, `2025年1月31日`, `28. April 2023`, `Nov 20, 2019`, `August 8`."""
    if spot.in_number:
        return None
    if spot.folded[spot.place].isdigit():
        return _numeric_day(spot) or _worded_day(spot)
    return (_worded_day(spot) or _unit_day(spot)) if _DAY_STARTS(spot) else None


_DAY_STARTS = Starts((*words.MONTH_WORDS, "令和", "平成"))


def _numeric_day(spot: Spot) -> Token | None:
    match = _YEAR_FIRST.match(spot.folded, spot.place)
    if match:
        return _full(spot, match, int(match["year"]), int(match["month"]), int(match["day"]))
    token = _unit_day(spot)
    if token:
        return token
    match = _NUMERIC.match(spot.folded, spot.place)
    if match:
        short = len(match["year"]) == 2
        year = int(match["year"]) + (2000 if short else 0)
        return _one_of(spot, match, [(year, month, day) for month, day in _readings(spot, match)], weak=short)
    match = _NO_YEAR.match(spot.folded, spot.place)
    if match:
        return _one_of(spot, match, [(None, month, day) for month, day in _readings(spot, match)], weak=True)
    return None


def _unit_day(spot: Spot) -> Token | None:
    match = _UNITS.match(spot.folded, spot.place)
    if not match:
        return None
    year = int(match["year"]) if match["year"] else None
    if match["era"]:
        year = _ERAS[match["era"]] + (1 if match["reign"] == "元" else int(match["reign"]))
    return _full(spot, match, year, int(match["month"]), int(match["day"]))


_ERAS = {"令和": 2018, "平成": 1988}


def _worded_day(spot: Spot) -> Token | None:
    code = primary(spot.language)
    if code == "fa" and (match := _PERSIAN.match(spot.folded, spot.place)):
        return _full(spot, match, int(match["year"]), words.PERSIAN_MONTH[match["month"]], int(match["day"]))
    if match := _VIETNAMESE.match(spot.folded, spot.place):
        return _full(spot, match, int(match["year"]) if match["year"] else None, int(match["month"]), int(match["day"]))
    months = words.month_table(spot.language)
    for form in (_DAY_MONTH, _YEAR_MONTH_DAY, _YEAR_DAY_MONTH, _MONTH_DAY):
        match = form.match(spot.folded, spot.place)
        if match and (month := months.get(match["month"])):
            short = match["short"] if form is _DAY_MONTH else None
            year = match["year"] or (f"20{short}" if short else None)
            return _full(spot, match, int(year) if year else None, month, int(match["day"]))
    return None


def _readings(spot: Spot, match: regex.Match[str]) -> list[tuple[int, int]]:
    """(month, day) in the orders that this part of the world can mean."""
    one, two = int(match["one"]), int(match["two"])
    order = _order(spot, match["sign"], year_last="year" in match.groupdict())
    readings = {"dm": [(two, one)], "md": [(one, two)], "?": [(two, one), (one, two)]}[order]
    return list(dict.fromkeys((month, day) for month, day in readings if 1 <= month <= 12 and 1 <= day <= 31))


_MONTH_FIRST_WITHOUT_YEAR = frozenset({"ja", "zh", "ko", "hu", "lt"})
_EITHER_ORDER = frozenset({"en", "en-ca", "en-ph", "en-pr", "en-us", "es-us", "es-pr", ""})


def _order(spot: Spot, sign: str, *, year_last: bool) -> str:
    """Day first ("dm"), month first ("md") or either ("?").

    Dots mean day first the world over, unless the site is known to differ; slashes are read month first in the
    United States, and either way in English of no stated country. Chinese, Japanese and Korean put the month first.
    """
    if spot.day_first is not None:
        return "dm" if spot.day_first else "md"
    language = (spot.language or "").lower().replace("_", "-")
    if primary(language) in _MONTH_FIRST_WITHOUT_YEAR:
        return "?" if year_last else "md"
    if sign == ".":
        return "?" if language == "en-us" else "dm"
    if language == "en-us":
        return "md"
    return "?" if language in _EITHER_ORDER else "dm"


def _full(spot: Spot, match: regex.Match[str], year: int | None, month: int, day: int) -> Token | None:
    return _one_of(spot, match, [(year, month, day)], weak=False)


def _one_of(
    spot: Spot, match: regex.Match[str], readings: list[tuple[int | None, int, int]], *, weak: bool
) -> Token | None:
    days = tuple(day for reading in readings if (day := _gregorian(spot.language, *reading)))
    return Token(Part.DAY, match.start(), match.end(), days, weak=weak) if days else None


def _gregorian(language: str | None, year: int | None, month: int, day: int) -> PartialDay | None:
    """The day in our calendar: Persian pages count years in 1300s and 1400s, Thai ones are 543 ahead."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if year is not None and year < 1500:
        return _from_persian(year, month, day) if primary(language) == "fa" else None
    if year is not None and year >= 2500:
        year = year - 543 if primary(language) == "th" else None
        if year is None:
            return None
    partial = PartialDay(year, month, day)
    return partial if partial.on(2024) else None


def _from_persian(year: int, month: int, day: int) -> PartialDay | None:
    """Solar Hijri to Gregorian by the 33-year cycle of leap years, which holds from 1244 to 1472."""
    if day > (31 if month <= 6 else 30):
        return None
    cycles = year - 979
    days = 365 * cycles + (cycles // 33) * 8 + (cycles % 33 + 3) // 4 + day - 1
    days += (month - 1) * 31 if month <= 7 else (month - 1) * 30 + 6
    on = date(1600, 3, 20) + timedelta(days=days)
    return PartialDay(on.year, on.month, on.day)
