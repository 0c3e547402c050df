# ruff: noqa: E501  # a row of a table is a line
"""Time zones as newsrooms print them.

An abbreviation means what its readers take it for, so place and language decide where one is used twice: IST is India,
but Israel in Hebrew and Dublin on an Irish site; CST is Chicago, but China in Chinese. ET, CT, MT and PT follow summer time; EST in July is taken at
its word (UTC-5), and left to disagree with the page's other times.
"""

from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import regex

from monitor.core.timestamps.words import fold, primary

_HOURS = {
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "TU": 0, "TUC": 0, "HMG": 0, "ГРИНВИЧ": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5,
    "HNE": -5, "HAE": -4, "HNC": -6, "HAC": -5, "HNR": -7, "HAR": -6, "HNP": -8, "HAP": -7, "HNA": -4, "HAA": -3,
    "BRT": -3, "BRST": -2, "ART": -3, "UYT": -3, "CLT": -4, "CLST": -3, "COT": -5, "PET": -5, "ECT": -5, "VET": -4, "BOT": -4,
    "BST": 1, "WEST": 1, "WAT": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "CAT": 2, "SAST": 2, "EAT": 3,
    "MSK": 3, "МСК": 3, "TRT": 3, "TSİ": 3, "TSI": 3, "IDT": 3, "IRST": 3.5, "GST": 4, "AMT": 4, "AZT": 4, "SAMT": 4, "AFT": 4.5, "PKT": 5, "UZT": 5, "YEKT": 5,
    "IST": 5.5, "SLST": 5.5, "NPT": 5.75, "BDT": 6, "BTT": 6, "ALMT": 5, "MMT": 6.5, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9,
    "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "PHST": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "FJT": 12,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AT": "America/Halifax", "AET": "Australia/Sydney", "NZT": "Pacific/Auckland", "UK": "Europe/London", "KSA": "Asia/Riyadh",
}  # fmt: skip
_BY_LANGUAGE = {
    ("he", "IST"): "Asia/Jerusalem", ("ga", "IST"): "Europe/Dublin", ("zh", "CST"): "Asia/Shanghai", ("bn", "BST"): "Asia/Dhaka",
    ("ar", "AST"): "Asia/Riyadh", ("es", "EST"): "America/New_York", ("ms", "MST"): "Asia/Kuala_Lumpur",
    ("en-ie", "IST"): "Europe/Dublin", ("en-au", "EST"): "Australia/Sydney", ("en-au", "EDT"): "Australia/Sydney",
    ("en-au", "CST"): "Australia/Adelaide", ("en-au", "WST"): "Australia/Perth", ("en-au", "ET"): "Australia/Sydney",
}  # fmt: skip
_PHRASES = {
    fold(phrase): zone
    for zone, phrases in {
        "UTC": "بتوقيت غرينتش|بتوقيت جرينتش|توقيت غرينتش|غرينتش|по гринвичу|greenwich mean time|coordinated universal time|格林尼治时间|temps universel",
        "Europe/Moscow": "по московскому времени|московское время|по москве|moscow time|بتوقيت موسكو",
        "America/New_York": "eastern time|eastern|heure de l'est",
        "America/Chicago": "central time|heure du centre",
        "America/Denver": "mountain time",
        "America/Los_Angeles": "pacific time",
        "Europe/Paris": "heure de paris|paris time",
        "Europe/London": "uk time|london time|british summer time",
        "Europe/Kiev": "за києвом|по киеву|kyiv time|київський час",
        "Europe/Madrid": "hora peninsular|hora peninsular española|cet/cest",
        "America/Sao_Paulo": "horário de brasília|hora de brasília",
        "Europe/Lisbon": "hora de lisboa",
        "Asia/Shanghai": "北京时间|北京時間|beijing time",
        "Asia/Tokyo": "日本時間",
        "Asia/Riyadh": "بتوقيت السعودية|بتوقيت مكة|بتوقيت مكة المكرمة",
        "Africa/Cairo": "بتوقيت القاهرة",
        "Europe/Istanbul": "türkiye saati|tsi̇",
        "Asia/Jerusalem": "שעון ישראל",
        "Europe/Berlin": "mitteleuropäischer zeit|mesz/mez",
    }.items()
    for phrase in phrases.split("|")
}

ABBREVIATION = regex.compile(r"[A-ZА-Я]{2,7}(?![\p{L}\p{N}])|[A-ZА-Я]{2,5}(?=\p{Lu}\p{Ll})|Z(?![\p{L}\p{N}])")
PLAIN_OFFSET = regex.compile(r"(?P<sign>[+\-−])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)(?!\d)")
PHRASE = regex.compile("|".join(sorted(map(regex.escape, _PHRASES), key=len, reverse=True)))

FARTHEST = timedelta(hours=14)


@lru_cache(maxsize=512)
def place(name: str | None) -> tzinfo | None:
    """The IANA zone of that name, or a fixed offset such as `+03:00`; None where there is no such zone."""
    if not name:
        return None
    match = PLAIN_OFFSET.fullmatch(name)
    if match:
        return offset(match["sign"], match["hours"], match["minutes"])
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def offset(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    """The fixed zone of a printed offset; None where no clock on earth is set like that."""
    distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if distance > FARTHEST:
        return None
    return timezone(distance if sign == "+" else -distance)


def named(abbreviation: str, language: str | None) -> tzinfo | None:
    """The zone of an abbreviation as printed ("BST"), to readers of that language."""
    word = abbreviation.upper()
    spoken = (language or "").lower().replace("_", "-")
    known = _BY_LANGUAGE.get((spoken, word)) or _BY_LANGUAGE.get((primary(language), word)) or _PLACES.get(word)
    if known:
        return place(known)
    hours = _HOURS.get(word)
    return None if hours is None else timezone(timedelta(hours=hours))


@lru_cache(maxsize=512)
def at_home(abbreviation: str, home: str | None) -> tzinfo | None:
    """The site's own zone, where its clocks go by that name and are set otherwise than the better known ones: IST is
    Israel's on an Israeli site, and PST Manila's on a Philippine one. None where the name means what it means to all."""
    word, zone = abbreviation.upper(), place(home)
    if zone is None or word not in _HOURS:
        return None
    if (home, word) in _SPOKEN_AT_HOME:
        return zone
    for day in _SUMMER_AND_WINTER:
        there = day.replace(tzinfo=zone)
        if there.tzname() == word and there.utcoffset() != timedelta(hours=_HOURS[word]):
            return zone
    return None


_SPOKEN_AT_HOME = frozenset({
    ("Asia/Dhaka", "BST"), ("Asia/Riyadh", "AST"), ("Asia/Kuwait", "AST"), ("Asia/Baghdad", "AST"), ("Asia/Qatar", "AST"),
    ("Asia/Kuala_Lumpur", "MST"), ("Asia/Singapore", "SST"), ("America/Guayaquil", "ECT"), ("Asia/Tbilisi", "GET"),
})  # fmt: skip
"""Names that newsrooms use for zones that the time zone database leaves without one."""

_SUMMER_AND_WINTER = (datetime(2024, 1, 1), datetime(2024, 7, 1))  # noqa: DTZ001  # placed in each zone that is asked


def phrased(phrase: str) -> tzinfo | None:
    """The zone of a folded phrase that `PHRASE` found."""
    return place(_PHRASES.get(phrase))


_COUNTRIES = {
    "ae": "Asia/Dubai", "af": "Asia/Kabul", "al": "Europe/Tirane", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna",
    "az": "Asia/Baku", "ba": "Europe/Sarajevo", "bd": "Asia/Dhaka", "be": "Europe/Brussels", "bg": "Europe/Sofia",
    "bh": "Asia/Bahrain", "bo": "America/La_Paz", "by": "Europe/Minsk", "ch": "Europe/Zurich", "cl": "America/Santiago",
    "cn": "Asia/Shanghai", "cr": "America/Costa_Rica", "cu": "America/Havana", "cy": "Asia/Nicosia", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "do": "America/Santo_Domingo", "dz": "Africa/Algiers", "ec": "America/Guayaquil",
    "ee": "Europe/Tallinn", "eg": "Africa/Cairo", "es": "Europe/Madrid", "et": "Africa/Addis_Ababa", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "ge": "Asia/Tbilisi", "gh": "Africa/Accra", "gr": "Europe/Athens", "gt": "America/Guatemala",
    "hk": "Asia/Hong_Kong", "hn": "America/Tegucigalpa", "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "ie": "Europe/Dublin",
    "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "is": "Atlantic/Reykjavik",
    "it": "Europe/Rome", "jm": "America/Jamaica", "jo": "Asia/Amman", "jp": "Asia/Tokyo", "ke": "Africa/Nairobi",
    "kh": "Asia/Phnom_Penh", "kr": "Asia/Seoul", "kw": "Asia/Kuwait", "lb": "Asia/Beirut", "lk": "Asia/Colombo",
    "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "ma": "Africa/Casablanca", "md": "Europe/Chisinau",
    "mk": "Europe/Skopje", "mm": "Asia/Yangon", "mt": "Europe/Malta", "my": "Asia/Kuala_Lumpur", "ng": "Africa/Lagos",
    "ni": "America/Managua", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "np": "Asia/Kathmandu", "nz": "Pacific/Auckland",
    "om": "Asia/Muscat", "pa": "America/Panama", "pe": "America/Lima", "ph": "Asia/Manila", "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "py": "America/Asuncion", "qa": "Asia/Qatar", "ro": "Europe/Bucharest",
    "rs": "Europe/Belgrade", "sa": "Asia/Riyadh", "se": "Europe/Stockholm", "sg": "Asia/Singapore", "si": "Europe/Ljubljana",
    "sk": "Europe/Bratislava", "sn": "Africa/Dakar", "sv": "America/El_Salvador", "sy": "Asia/Damascus", "th": "Asia/Bangkok",
    "tn": "Africa/Tunis", "tr": "Europe/Istanbul", "tt": "America/Port_of_Spain", "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam",
    "ua": "Europe/Kiev", "ug": "Africa/Kampala", "uk": "Europe/London", "uy": "America/Montevideo", "uz": "Asia/Tashkent",
    "ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh", "ye": "Asia/Aden", "za": "Africa/Johannesburg", "zm": "Africa/Lusaka",
    "zw": "Africa/Harare",
}  # fmt: skip
"""Countries of one zone (Chile, New Zealand, Portugal and Spain by their mainland) whose own domain newsrooms use."""

_OF_MORE_ZONES = frozenset({"au", "br", "ca", "id", "kz", "mx", "ru", "us"})
_REGIONS = {"uk": "gb"}


def country_of_host(host: str) -> str | None:
    """The country (ISO 3166, lower case) under whose own domain the newsroom stands; None for all other domains."""
    code = _top_of(host)
    return _REGIONS.get(code, code) if code in _COUNTRIES or code in _OF_MORE_ZONES else None


def _top_of(host: str) -> str:
    return host.lower().rstrip(".").rpartition(".")[2]


def zone_of_host(host: str) -> str | None:
    """The zone that a newsroom under a country's own domain most likely prints: `www.svt.se` is in Stockholm.

    A guess for times that are printed without a zone, where no site rule says better; None for domains that tell
    nothing. `reconcile` lets any time of the same page that has a zone overrule it.
    """
    return _COUNTRIES.get(_top_of(host))
