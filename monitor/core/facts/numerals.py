"""Text -> the numbers in it, each with its unit and currency and a value that is equal however it is written.

Figures only: of number words the same word means different things ("one of them", "十分"). "Covid-19", "G7", "A380" and
"5G" are names. Every step looks at a bounded stretch of text, so that reading is linear.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

import regex

from monitor.core.facts.units import (
    ATTACHED_POWERS,
    CURRENCIES,
    MEASURES,
    MONEY_BEFORE,
    MONEY_POWERS,
    ORDINALS,
    PERCENT_BEFORE,
    POWERS,
    plain,
)


class Number(NamedTuple):
    """`text` as printed, with currency and unit; `figures` are the digits alone. `value` and `unit` are in normal form,
    `unit` "" where none stands beside it."""

    start: int
    stop: int
    text: str
    figures: str
    value: str
    unit: str

    @property
    def bare(self) -> bool:
        """Digits and nothing else: a year, a day, a count, or the 2020 of "Euro 2020"."""
        return self.text == self.figures

    @property
    def is_year(self) -> bool:
        """Whether it can be nothing but a year or a count that is printed like one: 1,400 is none."""
        return len(self.text) == len(self.value) and _YEARS.fullmatch(self.value) is not None

    @property
    def shape(self) -> str:
        """What kind of number: two of one shape can be the former and the later of one statement."""
        layout = _DIGITS.sub("0", self.value)
        if self.bare and _YEARS.fullmatch(self.value):
            layout = "year"
        return f"{layout} {'money' if self.unit in _MONEY else self.unit}"

    def same(self, other: "Number") -> bool:
        """Whether both are one number; "12 to 15 km" says the first unit with the second."""
        return self.value == other.value and (self.unit == other.unit or not self.unit or not other.unit)


_MONEY = frozenset(CURRENCIES.values())
_DIGITS = regex.compile(r"\d+(?:\.\d+)?")

_SPACE = r"[ \u00a0\u2009\u202f]"
_HAN_DIGITS = "〇零一二三四五六七八九十百两點点"
_AMOUNT = rf"(?:\p{{Nd}}{{1,3}}(?:{_SPACE}\p{{Nd}}{{3}}(?!\p{{Nd}}))++|\p{{Nd}}++)(?:[.,'’٫٬]\p{{Nd}}++)*+[¼-¾⅐-⅞]?"
FIGURES = regex.compile(
    r"\+\p{Nd}{1,3}(?:[ .()-]{1,2}\p{Nd}{1,4}){2,6}"  # +44 20 7946 0958
    r"|0\p{Nd}{1,4}(?:[ /-]\p{Nd}{2,5}){2,5}(?!\p{Nd})"  # 020 7946 0958
    rf"|(?<=百分之)[{_HAN_DIGITS}]++"
    rf"|{_AMOUNT}(?:(?:[:/‐‑–−-]|h(?=\p{{Nd}}\p{{Nd}}(?!\p{{Nd}}))){_AMOUNT})*+"
)


def numbers_in(text: str) -> list[Number]:
    """The numbers of a text in order."""
    found: list[Number] = []
    end = 0
    for match in FIGURES.finditer(text):
        number = _number(text, match.start(), match.end(), end) if match.start() >= end else None
        if number is not None:
            end = number.stop
            found.append(number)
    return found


def _number(text: str, start: int, stop: int, floor: int) -> Number | None:
    """The number whose figures stand there, or None where they are part of a name. Before `floor` stands another."""
    lead = _lead(text, start, floor)
    if lead is None:
        return None
    tail = _tail(text, start, stop, known=lead.unit)
    if tail is None:
        return None
    figures = text[start:stop]
    value = _value(figures) if not lead.spelt_out else _han_value(figures)
    if tail.more:
        value = _sum(value, tail)
    elif tail.power:
        value = _shifted(value, tail.power)
    return Number(
        start=lead.start,
        stop=tail.stop,
        text=text[lead.start : tail.stop],
        figures=figures,
        value=lead.sign + value,
        unit=lead.unit or tail.unit,
    )


# -- before the figures: a sign, money, or the letters of a name


class _Lead(NamedTuple):
    start: int
    sign: str = ""
    unit: str = ""
    spelt_out: bool = False


_WINDOW = 8
_MONEY_LEAD = regex.compile(
    rf"(?:(?<=[\s(\[“„«‘])([−-]))?((?:(?<!\p{{L}})\p{{Lu}}{{1,3}})?\p{{Sc}}|(?<![\p{{L}}\p{{N}}])"
    rf"(?:{'|'.join(sorted(MONEY_BEFORE))})\.?){_SPACE}?([−-]?)$"
)
_SIGN_LEAD = regex.compile(r"(?<=[\s(\[“„«‘])[−+-]$")
_PERCENT_LEAD = regex.compile(rf"(?:(?<![\p{{L}}\p{{N}}])[%٪]|(?:{'|'.join(PERCENT_BEFORE)}){_SPACE}?)$", regex.I)
_NAMING = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_HEBREW_PREFIX = regex.compile(r"(?<![\p{L}\p{N}])[בהולכמש]{1,2}[-־]$")
_HYPHENS = frozenset("-‐‑–־")


def _lead(text: str, start: int, floor: int) -> _Lead | None:
    # Before the window stands the beginning of the text, or the number before.
    edge = ("0" if floor else "\n") if start - floor <= _WINDOW else ""
    window = edge + text[max(floor, start - _WINDOW) : start]
    before = window[-1]
    if before.isspace() and before not in " \u00a0\u2009\u202f":
        return _Lead(start)
    money = _MONEY_LEAD.search(window)
    if money:
        sign = "-" if money.group(1) or money.group(3) else ""
        unit = CURRENCIES.get(plain(money.group(2)), money.group(2))
        return _Lead(start - len(money.group()), sign, unit)
    percent = _PERCENT_LEAD.search(window)
    if percent:
        return _Lead(start - len(percent.group()), unit="%", spelt_out=text[start] in _HAN_DIGITS)
    if _SIGN_LEAD.search(window):
        return _Lead(start - 1, "" if before == "+" else "-")
    return None if _is_named_before(window) else _Lead(start)


def _is_named_before(window: str) -> bool:
    """Whether the characters before the figures make them part of a name, an address or a mark-up."""
    before, second = window[-1], window[-2:-1]
    if before in _HYPHENS:
        return (second.isalpha() or _is_mark(second)) and not _HEBREW_PREFIX.search(window)
    if before in ".,:":
        return before == "." and _NAMING.match(second) is not None
    if before in "/\\=&~":
        return not (second.isspace() or second.isdecimal())
    if before in "_#@%":
        return True
    if _HANGUL.match(before):
        return _HANGUL.match(second) is not None
    return _NAMING.match(before) is not None


def _is_mark(char: str) -> bool:
    return bool(char) and not char.isalnum() and regex.match(r"\p{M}", char) is not None


# -- behind the figures: a magnitude, a unit, or the letters of a name


class _Tail(NamedTuple):
    stop: int
    power: int = 0
    unit: str = ""
    more: tuple[tuple[str, int], ...] = ()
    """Further figures with powers of their own: 1億2000万."""


_ATTACHED = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}µ]{1,12}+(?:/[\p{L}]{1,4}+)?[²³]?(?![\p{L}\p{M}\p{N}])")
_OF = regex.compile(rf"{_SPACE}(?:(?:de|of|di){_SPACE}|d['’])")
_WORD = regex.compile(
    rf"(?:{_SPACE}|-)?([ap]\.m\.?|[\p{{L}}µ][\p{{L}}\p{{M}}]{{0,24}}+(?:[\"״]\p{{L}})?(?:/\p{{L}}{{1,4}}+)?[²³2]?(?![\p{{L}}\p{{M}}\p{{N}}])"
    rf"|[%‰٪％℃℉](?!\p{{Nd}})|[°º](?:{_SPACE}?[CF](?!\p{{L}}))?|\p{{Lu}}{{0,2}}\p{{Sc}}(?!\p{{Nd}}))"
)
_UNSPACED = regex.compile(rf"{_SPACE}?([\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー\p{{Hangul}}\p{{Thai}}]{{1,8}})")
_YEARS = regex.compile(r"1\d{3}|20\d\d")


def _tail(text: str, start: int, stop: int, *, known: str) -> _Tail | None:
    after = text[stop : stop + 1]
    at, power, unit = stop, 0, ""
    if after and _NAMING.match(after):
        attached = _ATTACHED.match(text, stop)
        if attached is None:
            return None
        word, at = attached.group(), attached.end()
        if word in ORDINALS:
            return _Tail(at)
        found = _attached(word, money=known in _MONEY)
        if found is None:
            return None
        power, unit = found
    if not unit:
        return _measured(text, start, at, power, known=known)
    return _Tail(at, power, unit)


def _attached(word: str, *, money: bool) -> tuple[int, str] | None:
    power = MONEY_POWERS.get(word) if money else None
    power = power or ATTACHED_POWERS.get(word)
    if power:
        return power, ""
    unit = MEASURES.get(plain(word)) or CURRENCIES.get(plain(word))
    return (0, unit) if unit else None


def _measured(text: str, start: int, at: int, power: int, *, known: str) -> _Tail:
    """The magnitude and the unit that follow: " million euros", "万円"."""
    year = _YEARS.fullmatch(text, start, at) is not None
    more: tuple[tuple[str, int], ...] = ()
    for _ in range(2):
        magnitude = _looked_up(text, at, POWERS, year=year)
        if magnitude is None:
            break
        at, power, year = magnitude[0], power + magnitude[1], False
    if power and text[at - 1] in _MYRIADS:
        at, more = _further(text, at)
    if known:
        return _Tail(at, power, "", more)
    of = _OF.match(text, at) if power else None
    unit = _looked_up(text, of.end() if of else at, _UNITS, year=year)
    return _Tail(unit[0], power, unit[1], more) if unit else _Tail(at, power, "", more)


_MYRIADS = "万萬億亿兆만억조"
_FURTHER = regex.compile(rf"{_SPACE}?(\p{{Nd}}{{1,4}}(?:,\p{{Nd}}{{3}})?)(?!\p{{Nd}})([{_MYRIADS}千천])?")
_UNITS: Mapping[str, str] = {**MEASURES, **CURRENCIES}


def _further(text: str, at: int) -> tuple[int, tuple[tuple[str, int], ...]]:
    more: list[tuple[str, int]] = []
    while len(more) < 3 and (match := _FURTHER.match(text, at)):
        more.append((match.group(1), POWERS.get(match.group(2) or "", 0)))
        at = match.end()
        if not match.group(2):
            break
    return at, tuple(more)


Key = TypeVar("Key", str, int)


def _looked_up(text: str, at: int, table: Mapping[str, Key], *, year: bool) -> tuple[int, Key] | None:
    """Where the longest word of the table that stands there ends, and what it stands for."""
    unspaced = _UNSPACED.match(text, at)
    if unspaced:
        run, first = unspaced.group(1), unspaced.start(1)
        sizes = (size for size in range(len(run), 0, -1) if run[:size] in table)
        return next(((first + size, table[run[:size]]) for size in sizes), None)
    for first, end in reversed(list(_phrases(text, at))):
        phrase = plain(text[first:end])
        if phrase == "am" or (year and len(phrase) <= 3 and phrase.islower() and phrase not in _SURE):
            continue  # "am" behind a space is a German word
        if text[end : end + 1] == "." and phrase + "." in table:
            return end + 1, table[phrase + "."]
        if phrase in table:
            return end, table[phrase]
    return None


_SURE = frozenset(("km", "kg", "cm", "mm"))
"""Short units that are no words of any language, and may stand behind what looks like a year: 2000 km."""


def _phrases(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The next word, the next two, the next three: where they begin and end."""
    first = None
    for _ in range(3):
        match = _WORD.match(text, at)
        if match is None:
            return
        first = match.start(1) if first is None else first
        at = match.end()
        yield first, at


# -- what it is worth

_GROUPED = regex.compile(r"(?!0)\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*+(?:(?!\1)[.,]\d+)?")
_LAKHS = regex.compile(r"\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?")
_DECIMAL = regex.compile(r"(\d+)[.,](\d+)")
_MARKS = str.maketrans(
    {"٫": ".", "٬": "'", "’": "'", "h": ":", **dict.fromkeys("‐‑–−", "-"), **dict.fromkeys("\u00a0\u2009\u202f", " ")}
)
_LEADING = regex.compile(r"(?<!\d)0+(?=\d)")


def _value(figures: str) -> str:
    """Equal for the same number in other digits, or with other marks for thousands and decimals."""
    if not figures.isascii():
        figures = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in figures)
    figures = figures.translate(_MARKS)
    if figures.isdecimal():
        return figures.lstrip("0") or "0"
    grouped = _GROUPED.fullmatch(figures)
    if grouped:
        figures = figures.replace(grouped.group(1), "")
    elif _LAKHS.fullmatch(figures):
        figures = figures.replace(",", "")
    decimal = _DECIMAL.fullmatch(figures)
    if decimal:
        return _plain(decimal.group(1), decimal.group(2))
    return _LEADING.sub("", figures)


def _plain(whole: str, fraction: str) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


_EXACT = regex.compile(r"(\d+)(?:\.(\d+))?")


def _shifted(value: str, power: int) -> str:
    """The value times a power of ten: "1.5" and 9 are what "1500" and 6 are. A range keeps its magnitude beside it."""
    exact = _EXACT.fullmatch(value)
    if exact is None:
        return f"{value}e{power}"
    whole, fraction = exact.group(1), exact.group(2) or ""
    digits = fraction.ljust(power, "0")
    return _plain(whole + digits[:power], digits[power:])


def _sum(value: str, tail: _Tail) -> str:
    parts = [(value, tail.power), *((_value(figures), power) for figures, power in tail.more)]
    if not all(figures.isdecimal() and len(figures) < 16 for figures, _ in parts):
        return "+".join(f"{figures}e{power}" for figures, power in parts)
    return str(sum(int(figures) * 10**power for figures, power in parts))


_HAN = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}


def _han_value(figures: str) -> str:
    """十五 -> 15, 五十三 -> 53, 三点五 -> 3.5; what is written otherwise stays as it is."""
    whole, _, fraction = figures.replace("點", "点").partition("点")
    tens, ten, ones = whole.rpartition("十")
    if len(tens) > 1 or not all(char in _HAN for char in tens + ones + fraction) or (ten and len(ones) > 1):
        return figures
    number = (_HAN[tens] if tens else 1) * 10 if ten else 0
    digits = "".join(str(_HAN[char]) for char in ones)
    return _plain(str(number + int(digits[:4] or "0")), "".join(str(_HAN[char]) for char in fraction))
