"""Text as it comes and as it goes: bytes to text, one normal form to compare, one clean form to show."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import regex
import webencodings  # type: ignore[import-untyped]  # publishes no types

from monitor.core.cached import cached_by_text

REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`charset` is the WHATWG name of the encoding that the bytes were read in."""

    text: str
    charset: str


def decode(body: bytes, *, content_type: str | None = None, hint: str | None = None) -> Decoded:
    """Bytes of a page to text, never raising.

    The order is the WHATWG's: byte order mark, charset of the Content-Type header, <meta> in the first 4,096
    bytes; then the host's remembered charset (`hint`), UTF-8 where it fits, and a guess. Only labels of the
    WHATWG Encoding standard count (no utf-7, no Python codecs). A declared encoding that does not fit gives way to
    UTF-8 where that fits, and is trusted with replacement characters where it does not. A hint, which no page has
    declared, gives way to UTF-8 that says more than ASCII. The text holds no NUL and no lone surrogate.
    """
    marked = _by_mark(body)
    if marked is not None:
        return marked
    declared = _declared(body, content_type)
    remembered = _name(hint) if hint else None
    order = [declared] if declared else ["utf-8", remembered] if not body.isascii() else [remembered]
    for charset in (*order, "utf-8"):
        text = _strictly(body, charset) if charset else None
        if charset and text is not None:
            return Decoded(_settle(text, body), charset)
    charset = declared or remembered or _guess(body)
    return Decoded(_settle(_loosely(body, charset), body), charset)


_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
META_BYTES = 4096


def _by_mark(body: bytes) -> Decoded | None:
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return Decoded(_settle(_loosely(body[len(mark) :], charset), body), charset)
    return None


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The first declaration that is a known label: a header outranks the page's own."""
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body, 0, META_BYTES)
    labels = (
        header.group(1) if header else None,
        _not_wide(meta.group(1).decode("ascii", "replace")) if meta else None,
    )
    return next((name for label in labels if label and (name := _name(label))), None)


def _not_wide(label: str) -> str:
    """A meta element that could be read is no UTF-16, whatever it says (WHATWG HTML, prescan)."""
    return "utf-8" if (_name(label) or "").startswith("utf-16") else label


def _name(label: str) -> str | None:
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name in ("x-user-defined", "replacement"):
        return None
    return str(encoding.name)


def _codec(charset: str) -> str:
    encoding = webencodings.lookup(charset)
    return str(encoding.codec_info.name) if encoding else "utf-8"


def _strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(_codec(charset))
    except UnicodeDecodeError:
        return None


def _loosely(body: bytes, charset: str) -> str:
    return body.decode(_codec(charset), "replace")


_GUESSES = (
    "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "iso-8859-2", "koi8-r", "koi8-u", "shift_jis", "euc-jp", "euc-kr",
    "gb18030", "big5",
)  # fmt: skip


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes  # few pages need it, and whoever only reads the store none of it

    names = {_codec(name): name for name in _GUESSES}
    best = from_bytes(body[:200_000], cp_isolation=sorted(names)).best()
    found = codecs.lookup(best.encoding).name if best else ""
    return names.get(found, "windows-1252")


def _settle(text: str, body: bytes) -> str:
    """Without NUL, which no other byte than NUL gives. No codec of the standard's gives a lone surrogate."""
    return text.replace("\0", "") if b"\0" in body else text


# Soft hyphen, grapheme joiner, bidi marks and overrides, zero-width space, word joiner, invisible operators, byte
# order mark, interlinear annotation, and control characters that are no white space.
_UNSHOWN = (
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
)
_INVISIBLE = re.compile(f"[{_UNSHOWN}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = re.compile("[\u200c\u200d]+")
_STRANGE = re.compile(f"[{_UNSHOWN}\ud800-\udfff\u200c\u200d]")
# Scripts that write with joiners: cursive ones, and those of India and its neighbours.
_JOINING = regex.compile(
    r"[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}"
    r"\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]"
)
_PICTURE = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]")


def normalise(text: str) -> str:
    """The form in which text is compared: NFC, single spaces, nothing invisible. Idempotent.

    ZWJ and ZWNJ stay between letters of scripts that write with them and ZWJ between pictures; a joiner elsewhere
    shows nothing.
    """
    if not text.isascii():
        if _STRANGE.search(text):
            text = _without_strange(text)
        elif not unicodedata.is_normalized("NFC", text):
            text = _composed(text)
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    elif "  " not in text and text[:1] != " " and text[-1:] != " ":
        # Most texts are as they should be, and of printable ASCII only one character is a space.
        return text
    return " ".join(text.split())


def _without_strange(text: str) -> str:
    text = _SURROGATES.sub(REPLACEMENT, text)
    text = _composed(_INVISIBLE.sub("", text))
    # Without its joiners, a letter may stand before a mark that it composes with.
    return _composed(_JOINERS.sub(_joiner, text))


# UAX #15, stream-safe text: no language piles more than a few marks on a letter, and to order a pile of thousands
# takes the square of its height.
_PILE = regex.compile(r"(\p{M}{30})\p{M}+")
UNSAFE = 1_000


def _composed(text: str) -> str:
    if len(text) > UNSAFE:
        text = _PILE.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def _joiner(match: re.Match[str]) -> str:
    before, after = (
        match.string[match.start() - 1 : match.start()],
        match.string[match.end() : match.end() + 1],
    )
    if not before or not after:
        return ""
    if _JOINING.match(before) and _JOINING.match(after):
        return match.group()[0]
    if "\u200d" in match.group() and _PICTURE.match(before) and _PICTURE.match(after):
        return "\u200d"
    return ""


_GUILLEMETS = re.compile(r"(?<=[«‹]) | (?=[»›])")
_QUOTES = re.compile("['\"`´‘’‚‛“”„‟‹›«»′″＂＇]+")
_DASH = "‐‑‒–—―−﹣－-"  # the plain one last: within brackets it would make a range
_DASHES = re.compile(f" ?[{_DASH}](?:[ {_DASH}]*[{_DASH}])? ?")
_DOTS = re.compile(r"\.(?: ?\.){2,}")


# A passage is folded by every rule that judges it.
@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """A key that is equal for texts which differ in no word: quotation marks, dashes and ellipses folded."""
    folded = normalise(text)
    if not folded.isascii():
        folded = _GUILLEMETS.sub("", folded).replace("…", "...")
    folded = _DASHES.sub("-", _QUOTES.sub("'", folded))
    return normalise(_DOTS.sub("...", folded) if ".." in folded or ". ." in folded else folded)


_ASCII_MARKS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_MARKS_AND_SPACES = re.compile(r"[\W_]+")


def squeeze(text: str) -> str:
    """The letters and figures of a text alone, case folded: what two renderings of the same words share."""
    plain = text.encode("utf-8", "replace").translate(None, _ASCII_MARKS).decode()
    return (plain if plain.isascii() else _MARKS_AND_SPACES.sub("", plain)).casefold()


_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"  # OSC, DCS: titles, links
    "|\x1b[ -/]*[0-~]"
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]")


def printable(text: str, limit: int | None = None) -> str:
    """One line that is safe to send to a terminal, a log or a table: no control characters, escape sequences, bidi
    overrides, line separators, lone surrogates or unassigned characters. Longer than `limit` characters: cut, with
    an ellipsis inside the limit."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(_shown(_BIDI.sub("", _ESCAPES.sub("", text))))
    text = " ".join(text.split())
    if limit is not None and len(text) > limit:
        text = text[: max(0, limit - 1)].rstrip() + "…"
    return text


def _shown(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cc", "Zl", "Zp"):
            yield " "
        elif category in ("Cs", "Cn"):
            yield REPLACEMENT
        else:
            yield character


def header(text: str, limit: int = 200) -> str:
    """Text of a page, safe as the value of a mail header: printable, cut, and with no encoded word in it
    (`=?utf-8?q?=0D=0ABcc:...?=` writes headers of its own on Pythons before the fix of CVE-2024-6923)."""
    return printable(printable(text, limit).replace("=?", "= ?"), limit)


# Of a page that is read every two minutes, nearly all blocks were there the last time.
@cached_by_text(16384)
def fingerprint(text: str) -> int:
    """64 bits (unsigned) that stand for one normalised block of text in `Reading.page_blocks`."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
