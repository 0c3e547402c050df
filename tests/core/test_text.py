"""Bytes to text, the form that is compared, and the form that is shown."""

import email
import email.policy
import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.text import decode, fingerprint, fold, header, normalise, printable

RUSSIAN = "Материал дополняется, подробности позднее"


@pytest.mark.parametrize(
    ("body", "content_type", "hint", "text", "charset"),
    [
        ("\ufeffé".encode(), "text/html; charset=iso-8859-1", None, "é", "utf-8"),
        ("\ufeffé".encode("utf-16-be"), None, None, "é", "utf-16be"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", None, RUSSIAN, "windows-1251"),
        (b'<meta charset="koi8-r">' + RUSSIAN.encode("koi8-r"), None, "windows-1251", None, "koi8-r"),
        (RUSSIAN.encode("cp1251"), None, "windows-1251", RUSSIAN, "windows-1251"),
        (RUSSIAN.encode(), None, "windows-1251", RUSSIAN, "utf-8"),
        ("速報です".encode("iso-2022-jp"), None, "iso-2022-jp", "速報です", "iso-2022-jp"),
        ("é".encode(), None, None, "é", "utf-8"),
        ("é – naïve".encode(), "text/html; charset=ascii-art", None, "é – naïve", "utf-8"),
        (RUSSIAN.encode(), 'text/html; charset="shift_jis"', None, RUSSIAN, "utf-8"),
        (b"caf\xe9 \x93quoted\x94", "text/html; charset=iso-8859-1", None, "café “quoted”", "windows-1252"),
        (b'<meta charset="utf-16">\xc3\xa9', None, None, '<meta charset="utf-16">é', "utf-8"),
    ],
)
def test_the_first_declaration_that_counts_decides(
    body: bytes, content_type: str | None, hint: str | None, text: str | None, charset: str
) -> None:
    decoded = decode(body, content_type=content_type, hint=hint)

    assert decoded.charset == charset
    assert text is None or decoded.text == text


@pytest.mark.parametrize("label", ["utf-7", "hex", "rot13", "unicode_escape", "idna", "x-user-defined", "replacement"])
def test_only_labels_of_the_web_count(label: str) -> None:
    decoded = decode(b"+ADw-script+AD4- 3c", content_type=f"text/html; charset={label}", hint=label)

    assert decoded.text == "+ADw-script+AD4- 3c"
    assert decoded.charset == "utf-8"


def test_bytes_that_fit_nothing_become_replacement_characters() -> None:
    decoded = decode(b"caf\xff\xfe\x80 \xc3", content_type="text/html; charset=utf-8", hint=None)

    assert decoded.text.startswith("caf\ufffd")


def test_an_undeclared_page_in_cyrillic_is_guessed() -> None:
    assert decode((RUSSIAN * 5).encode("cp1251")).text == RUSSIAN * 5


@settings(max_examples=60)
@given(st.binary(max_size=400), st.none() | st.text(max_size=30), st.none() | st.text(max_size=12))
def test_decoding_never_fails_and_leaves_no_nul(body: bytes, content_type: str | None, hint: str | None) -> None:
    text = decode(body, content_type=content_type, hint=hint).text

    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("  two\u00a0 words\n\tand more ", "two words and more"),
        (" one before", "one before"),
        ("one after ", "one after"),
        ("two  between", "two between"),
        (" ", ""),
        ("co\u00adop\u200be\u2060ra\ufefftion", "cooperation"),
        ("\u202eevil\u202c \u2066isolated\u2069", "evil isolated"),
        ("e\u0301", "é"),
        ("e\u00ad\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\u200db c\u200cd", "ab cd"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("bell\x07 and \x1b escape", "bell and escape"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
)
def test_what_nobody_sees_is_not_compared(given_: str, expected: str) -> None:
    assert normalise(given_) == expected


TEXTS = st.text(
    st.characters() | st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\ufeffeé\u0301 می👩क्\u00a0\u2028\"'“”–—…."),
    max_size=40,
)


@settings(max_examples=300)
@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@settings(max_examples=300)
@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Yes”, he said", '"Yes", he said'),
        ("l’été", "l'été"),
        ("a pause — then", "a pause - then"),
        ("1990–1995", "1990-1995"),
        ("and so on…", "and so on..."),
        ("« Oui »", "“Oui”"),
    ],
)
def test_quotes_dashes_and_ellipses_fold_together(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
    assert fold(one) == fold(other)


def test_words_never_fold_together() -> None:
    assert fold("The minister resigned") != fold("The minister resigns")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x9b2Jcleared", "cleared"),
        ("one\ntwo\r\nthree\u2028four\x85five", "one two three four five"),
        ("\u202egnp.exe", "gnp.exe"),
        ("lone \udc80", "lone \ufffd"),
        ("plain", "plain"),
        ("Привет, 世界", "Привет, 世界"),
    ],
)
def test_what_leaves_for_a_terminal_is_one_clean_line(given_: str, expected: str) -> None:
    assert printable(given_) == expected


@settings(max_examples=200)
@given(st.text(max_size=60), st.integers(1, 30))
def test_no_control_character_survives_and_the_limit_holds(text: str, limit: int) -> None:
    shown = printable(text, limit)

    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") for c in shown)
    assert len(shown) <= limit


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?=0D=0ABcc:_thief@example.org?=",
        "a\r\nBcc: thief@example.org",
        "tab\tvertical\x0bfeed\x0cline\u2028para\u2029next\x85",
        "lone \ud800 surrogate",
        "x" * 5000,
        "=" * 50 + "?" + "=?",
    ],
)
def test_a_title_writes_no_mail_header_but_its_own(title: str) -> None:
    message = EmailMessage()
    message["Subject"] = header(title)

    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert again.keys() == ["Subject"]
    assert len(header(title)) <= 200
    assert "=?" not in header(title)


def test_a_fingerprint_is_64_bits_and_the_same_for_the_same_text() -> None:
    assert fingerprint("One block.") == fingerprint("One block.") < 2**64
    assert fingerprint("One block.") != fingerprint("One block")
