"""Times of day and zones as newsrooms print them."""

from datetime import tzinfo

import regex

from monitor.core.timestamps import words, zones
from monitor.core.timestamps.parts import Part, Spot, Starts, Token, Zone, alternation, longest_first
from monitor.core.timestamps.stamp import Clock
from monitor.core.timestamps.words import primary

_HOUR = r"(?P<hour>[01]?\d|2[0-3])"
_LEADING = rf"(?:(?P<lead>{alternation(longest_first(words.LEADING_MERIDIEMS))})\s?)?"
_COLON = regex.compile(
    rf"{_LEADING}{_HOUR}:(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{{1,9}})?)?(?![\d:])(?:h(?!\p{{L}}))?"
)
_DOTTED = regex.compile(rf"{_LEADING}{_HOUR}\.(?P<minute>[0-5]\d)(?!\d|[.:]\d)")
_LETTERED = regex.compile(rf"{_HOUR}\s?(?:h|u(?=\d))\s?(?P<minute>[0-5]\d)?(?:\s?min)?(?![\p{{L}}\d])")
_CHARACTERS = regex.compile(
    rf"{_LEADING}{_HOUR}\s?(?:[時时點点]|시)(?!\s?[間间간])\s?(?:(?P<minute>[0-5]?\d)\s?[分분])?(?:\s?(?P<second>[0-5]?\d)\s?[秒초])?"
)
_HOUR_ONLY = regex.compile(r"(?P<hour>1[0-2]|0?[1-9])(?!\d)")
_COMPACT = regex.compile(r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s?\(?(?P<zone>[a-z]{2,5})(?![a-z]))")
_MERIDIEM = regex.compile(
    rf"\s?(?:(?P<latin>[ap])\s?\.?\s?m(?:\.|\b)|(?P<word>{alternation(longest_first(words.MERIDIEMS))}))(?![\p{{L}}\p{{M}}])\.?"
)


_GLUED = regex.compile(r"\s?(?P<latin>[AP])M(?=\p{Lu}\p{Ll})|\s?(?P<latin>[ap])m(?=\p{Lu}\p{Ll})")
"""The same with the next word glued to it: `9:12 AMUpdated`."""


_LEADING_STARTS = Starts(words.LEADING_MERIDIEMS)


def read_time(spot: Spot) -> Token | None:
    """The time of day that begins here: `09:55`, `16.04`, `14h30`, `6 p.m.`, `21時37分`, `0955 GMT`."""
    if spot.in_number or not (spot.folded[spot.place].isdigit() or _LEADING_STARTS(spot)):
        return None
    for form, weak in ((_COLON, False), (_CHARACTERS, False), (_LETTERED, False), (_DOTTED, True)):
        match = form.match(spot.folded, spot.place)
        if match:
            bare_hour = form is _LETTERED and not match["minute"]
            return _clock(spot, match, weak=weak or bare_hour)
    return _hour_with_meridiem(spot) or _compact(spot)


def _clock(spot: Spot, match: regex.Match[str], *, weak: bool) -> Token:
    parts = match.groupdict()
    half = _half(spot, match.end()) if not parts.get("lead") else None
    end = half.end() if half else match.end()
    word = words.MERIDIEMS.get(parts["lead"]) if parts.get("lead") else _meridiem_of(half)
    hour = _on_24(int(parts["hour"]), word)
    second = parts.get("second")
    clock = Clock(hour, int(parts.get("minute") or 0), int(second) if second else None)
    return Token(Part.TIME, match.start(), end, clock, weak=weak and word is None)


def _half(spot: Spot, place: int) -> regex.Match[str] | None:
    """The am or pm that follows a time, where that language writes one."""
    half = _MERIDIEM.match(spot.folded, place) or _GLUED.match(spot.raw, place)
    if half is None:
        return None
    code = primary(spot.language)
    if half["latin"]:
        return None if code in words.FALSE_MERIDIEM and half["latin"] in "aA" else half
    if half["word"] in {"sa", "ch"}:
        return half if code == "vi" else None
    return half


def _meridiem_of(half: regex.Match[str] | None) -> str | None:
    if half is None:
        return None
    return f"{half['latin'].lower()}m" if half["latin"] else words.MERIDIEMS.get(half["word"])


def _on_24(hour: int, meridiem: str | None) -> int:
    """The hour of a 24-hour clock. "20:26 PM" is printed, and means what it says without the PM."""
    if meridiem == "pm" and hour < 12:
        return hour + 12
    if meridiem == "am" and hour == 12:
        return 0
    return hour


def _hour_with_meridiem(spot: Spot) -> Token | None:
    match = _HOUR_ONLY.match(spot.folded, spot.place)
    if match is None:
        return None
    half = _half(spot, match.end())
    if half is None or not half["latin"]:
        return None
    hour = _on_24(int(match["hour"]), _meridiem_of(half))
    return Token(Part.TIME, spot.place, half.end(), Clock(hour, 0), weak=False)


def _compact(spot: Spot) -> Token | None:
    """`0955 GMT`: four digits are a time only before a zone."""
    match = _COMPACT.match(spot.folded, spot.place)
    if match is None:
        return None
    given = spot.raw[match.start("zone") : match.end("zone")]
    if not given.isupper() or zones.named(given, spot.language) is None:
        return None
    return Token(Part.TIME, spot.place, match.end(), Clock(int(match["hour"]), int(match["minute"])))


_SMALL = regex.compile(r"(?:gmt|utc|мск)(?!\p{L})")
_BEFORE_TIME = regex.compile(r"[\s:,]*\d{1,2}[:.]\d\d(?!\d)")
_SIGNED = regex.compile(r"\s?(?P<sign>[+\-−–])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:.])")


def read_zone(spot: Spot) -> Token | None:
    """A zone stands after a time, or right before one (`GMT 17:27`)."""
    after_time = _after_time(spot)
    match = zones.PHRASE.match(spot.folded, spot.place) if after_time else None
    if match:
        zone = zones.phrased(match[0])
        return _zone_token(spot, match.end(), zone)
    end = _abbreviation_end(spot)
    if end is None or not (after_time or _BEFORE_TIME.match(spot.folded, end)):
        return None
    return _with_offset(spot, end)


def _abbreviation_end(spot: Spot) -> int | None:
    match = zones.ABBREVIATION.match(spot.raw, spot.place) or _SMALL.match(spot.folded, spot.place)
    return match.end() if match else None


def _with_offset(spot: Spot, end: int) -> Token | None:
    """`GMT`, or `GMT+3` with all that belongs to it."""
    word = spot.raw[spot.place : end]
    match = _SIGNED.match(spot.folded, end) if word.upper() in {"GMT", "UTC"} else None
    token = _zone_token(spot, match.end(), _fixed(match)) if match else None
    return token or _zone_token(spot, end, zones.named(word, spot.language))


def _fixed(match: regex.Match[str]) -> tzinfo | None:
    return zones.offset("+" if match["sign"] == "+" else "-", match["hours"], match["minutes"])


def _zone_token(spot: Spot, end: int, zone: tzinfo | None) -> Token | None:
    return Token(Part.ZONE, spot.place, end, Zone(zone, spot.raw[spot.place : end])) if zone else None


def read_offset(spot: Spot) -> Token | None:
    """`+03:00` and `+0300` right after a time; a dash and two digits are a range, not a zone."""
    if not _after_time(spot):
        return None
    match = zones.PLAIN_OFFSET.match(spot.folded, spot.place)
    return _zone_token(spot, match.end(), _fixed(match)) if match else None


def _after_time(spot: Spot) -> bool:
    last = next((token for token in reversed(spot.before) if token.part is not Part.FILLER), None)
    return (
        last is not None
        and last.part is Part.TIME
        and regex.fullmatch(r"[\s(,]*(?:\p{L}{1,5}\.?)?[\s(,]*", spot.raw[last.end : spot.place]) is not None
    )
