"""Text -> the quotations in it, in the marks of all languages.

One pass over the marks. Which mark closes depends on the one that opened: German closes with the mark that English
opens with, Danish turns the guillemets round, Swedish and Finnish write one mark twice. What is quoted inside a
quotation is a part of it. Single marks are apostrophes as well: they quote only where they cannot be that.
"""

from typing import NamedTuple

import regex

from monitor.core.diff.tokens import UNSPACED


class Quotation(NamedTuple):
    """`start` and `stop` take the marks in, `text` does not. `key` is equal for the same words, whatever marks,
    punctuation and capitals are among them."""

    start: int
    stop: int
    text: str
    key: str


MARK = regex.compile(r"[“”„‟«»‹›「」『』〝〟〞＂\"‘’‚'\n]")

_CLOSERS = {
    "“": "”", "„": "“”\"", "‟": "”", "”": "”", "«": "»", "»": "«»", "‹": "›", "›": "‹›", "「": "」", "『": "』",
    "〝": "〟〞", "＂": "＂", '"': '"', "‘": "’'", "‚": "‘’", "'": "'",
}  # fmt: skip
_SINGLE = frozenset("‘’‚'")
_PAIRED = frozenset("«»‹›「」『』〝〟〞")
"""Marks that stand for nothing else, with or without spaces inside."""
# Korean parts its words by spaces, but joins its particles to the closing mark.
_UNSPACED = regex.compile(rf"[{UNSPACED}\p{{Hangul}}]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
LETTERS = 2
"""Letters of the shortest quotation."""


def quotations_in(text: str) -> list[Quotation]:
    """The outermost quotations of a text in order. One that its paragraph does not close, as where it goes on in the
    next, reaches to the paragraph's end."""
    found = [_quotation(text, start, stop, closed) for start, stop, closed in _Scan(text).stretches()]
    return [quotation for quotation in found if len(quotation.key) >= LETTERS]


def _quotation(text: str, start: int, stop: int, closed: bool) -> Quotation:
    inside = text[start + 1 : stop - 1 if closed else stop].strip(" ,.\u00a0\u202f")
    return Quotation(start, stop, inside, key_of(inside))


def key_of(text: str) -> str:
    return " ".join(_WORD.findall(text)).casefold()


Found = tuple[int, int, bool]


class _Scan:
    """The marks that stand open at one place of the text: a double one, and round it perhaps a single one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.double: int | None = None
        self.depth = 0
        self.single: int | None = None
        self.perhaps: int | None = None  # "workers'" inside single marks: the end, if no better one comes
        self.inner: list[Found] = []  # doubles inside the single that stands open

    def stretches(self) -> list[Found]:
        found: list[Found] = []
        for match in MARK.finditer(self.text):
            found += self._step(match.group(), match.start())
        found += self._end(len(self.text))
        return found

    def _step(self, mark: str, at: int) -> list[Found]:
        if mark == "\n":
            return self._end(at)
        return self._single_mark(mark, at) if mark in _SINGLE else self._double_mark(mark, at)

    def _double_mark(self, mark: str, at: int) -> list[Found]:
        if self.double is None:
            if self._opens(mark, at):
                self.double, self.depth = at, 0
            return []
        opener = self.text[self.double]
        if mark in _CLOSERS[opener] and self._closes(mark, at):
            return self._close_double(at)
        if mark == opener and mark in _PAIRED:
            self.depth += 1
        elif mark == opener and self._opens(mark, at):
            self.double = at  # the one before was never closed
        elif mark == opener and self._closes(mark, at):
            return self._close_double(at)  # “one mark on both sides“
        return []

    def _close_double(self, at: int) -> list[Found]:
        assert self.double is not None
        if self.depth:
            self.depth -= 1
            return []
        found = (self.double, at + 1, True)
        self.double = None
        if self.single is None:
            return [found]
        self.inner.append(found)
        return []

    def _single_mark(self, mark: str, at: int) -> list[Found]:
        if self.double is not None:
            return []
        if self.single is not None and mark in _CLOSERS[self.text[self.single]] and self._closes(mark, at):
            if self._is_possessive(at):
                self.perhaps = self.perhaps or at
                return []
            return self._close_single(at)
        if mark in _CLOSERS and self._opens_single(mark, at):
            found = self._leave_single()
            self.single = at
            return found
        return []

    def _close_single(self, at: int) -> list[Found]:
        assert self.single is not None
        found = (self.single, at + 1, True)
        self.single, self.perhaps, self.inner = None, None, []
        return [found]

    def _leave_single(self) -> list[Found]:
        """The single mark that stands open was closed where it perhaps was, or it was an apostrophe."""
        if self.single is not None and self.perhaps is not None:
            return self._close_single(self.perhaps)
        found, self.single, self.inner = self.inner, None, []
        return found

    def _end(self, at: int) -> list[Found]:
        found = self._leave_single()
        if self.double is not None and self._goes_on(self.double):
            found.append((self.double, at, False))
        self.double, self.depth = None, 0
        return found

    # -- what stands beside a mark

    def _opens(self, mark: str, at: int) -> bool:
        before, after = self._before(at), self._after(at)
        if mark in "„«「『〝":
            return True
        if mark in "」』〟〞" or not after or after.isspace():
            return False
        if mark in "»›”":
            return not before or before.isspace() or before in "([—–-"
        return not _is_letter(before) or self._is_behind_prefix(at)

    def _opens_single(self, mark: str, at: int) -> bool:
        before, after, second = self._before(at), self._after(at), self._after(at + 1)
        if _is_letter(before) or not after.isalnum():
            return False
        if after.isdecimal() and self._after(at + 2) == "s":
            return False  # '90s
        return mark != "'" or _is_letter(second) or after.isupper() or _UNSPACED.match(after) is not None  # 's avonds

    def _closes(self, mark: str, at: int) -> bool:
        if mark in _PAIRED:
            return True
        before, after = self._before(at), self._after(at)
        return bool(before) and not before.isspace() and not _is_letter(after)

    def _is_possessive(self, at: int) -> bool:
        return self._before(at) in "sS" and self._after(at) == " " and self._after(at + 1).islower()

    def _is_behind_prefix(self, at: int) -> bool:
        """Hebrew joins its short words to the mark; a mark before the last letter makes an acronym."""
        before = self.text[max(0, at - 2) : at]
        return before[-1:] in set("בהולכמש") and not before[:-1].isalpha() and self.text[at + 1 : at + 3].isalpha()

    def _goes_on(self, at: int) -> bool:
        """Whether the quotation that opened there and was not closed goes on in the next paragraph."""
        start = self.text.rfind("\n", 0, at) + 1
        lead = self.text[start:at].strip()
        return not lead.strip("([—–-") or (lead[-1] in ":：" and self.text[at] in "“„«「")

    def _before(self, at: int) -> str:
        return self.text[at - 1] if at else ""

    def _after(self, at: int) -> str:
        return self.text[at + 1 : at + 2]


def _is_letter(char: str) -> bool:
    """A letter or figure of a script that parts words by spaces: beside it, a mark is inside a word."""
    return bool(char) and (char.isalnum() or _is_mark(char)) and _UNSPACED.match(char) is None


def _is_mark(char: str) -> bool:
    return not char.isascii() and regex.match(r"\p{M}", char) is not None
