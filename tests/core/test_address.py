"""Addresses: read as browsers read them, kept in one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.address import TRACKING, host_of, normalise_url, parse_address
from monitor.errors import BadUrl

FORMS = [
    ("https://example.org", "https://example.org/"),
    ("  https://example.org/a \n", "https://example.org/a"),
    ("HTTPS://EXAMPLE.org/A", "https://example.org/A"),
    ("https://example.org:443/", "https://example.org/"),
    ("http://example.org:80/", "http://example.org/"),
    ("https://example.org:8443/", "https://example.org:8443/"),
    ("https://example.org/a/../b/./c", "https://example.org/b/c"),
    ("https://example.org/a#comments", "https://example.org/a"),
    ("https://example.org/#", "https://example.org/"),
    ("https://example.org?", "https://example.org/"),
    ("https://example.org./a", "https://example.org/a"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://example.org/caf\u00e9", "https://example.org/caf%C3%A9"),
    ("https://example.org/a b", "https://example.org/a%20b"),
    ("https:\\\\example.org\\a", "https://example.org/a"),
    ("http://127.1/", "http://127.0.0.1/"),
    ("http://[0:0::1]/", "http://[::1]/"),
    ("https://example.org/?b=2&a=1", "https://example.org/?b=2&a=1"),
    ("https://example.org/?a=1&a=1", "https://example.org/?a=1&a=1"),
    ("https://example.org/?id=7&utm_source=x&page=2", "https://example.org/?id=7&page=2"),
    ("https://example.org/?utm_source=x&utm_medium=y", "https://example.org/"),
    ("https://example.org/?UTM_Source=x", "https://example.org/"),
    ("https://example.org/?utm%5Fsource=x&id=7", "https://example.org/?id=7"),
    ("https://example.org/?fbclid=x&gclid=y&at_medium=RSS&at_campaign=KARANGA", "https://example.org/"),
    ("https://example.org/?fbclid", "https://example.org/"),
    ("https://example.org/?utm=1&at=2&sourceid=3", "https://example.org/?utm=1&at=2&sourceid=3"),
    ("https://example.org/?q=utm_source", "https://example.org/?q=utm_source"),
    ("https://example.org/a?x=%2F&y=a+b&z", "https://example.org/a?x=%2F&y=a+b&z"),
]


@pytest.mark.parametrize(("written", "kept"), FORMS)
def test_an_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert normalise_url(written) == kept
    assert normalise_url(kept) == kept


@pytest.mark.parametrize("name", sorted(TRACKING))
def test_every_tracking_parameter_is_dropped(name: str) -> None:
    assert normalise_url(f"https://example.org/?{name}=x&id=7") == "https://example.org/?id=7"


SCHEMELESS = [
    ("example.org/story", "https://example.org/story"),
    ("www.example.org", "https://www.example.org"),
    ("example.org:8080/x", "https://example.org:8080/x"),
    ("localhost:8000/x", "https://localhost:8000/x"),
    ("//example.org/x", "https://example.org/x"),
    ("  example.org ", "https://example.org"),
]


@pytest.mark.parametrize(("written", "advice"), SCHEMELESS)
def test_a_missing_scheme_is_advised(written: str, advice: str) -> None:
    with pytest.raises(BadUrl) as found:
        normalise_url(written)

    assert str(found.value).endswith(f"write {advice}")


BAD = [
    ("", "empty"),
    ("   ", "empty"),
    ("story", "not a web address"),
    ("/story", "not a web address"),
    ("https://", "not a web address"),
    ("https:///", "not a web address"),
    ("https://a b/", "not a web address"),
    ("https://example.org:99999/", "not a web address"),
    ("https://[::1/", "not a web address"),
    ("https://./", "no host"),
    ("https://exa\ud800mple.org/", "not a web address"),
    ("ftp://example.org/", "only http"),
    ("file:///etc/passwd", "only http"),
    ("javascript:alert(1)", "only http"),
    ("mailto:desk@example.org", "only http"),
    ("data:text/html,x", "only http"),
    ("https://example.org/" + "a" * 9_000, "longer than"),
]


@pytest.mark.parametrize(("written", "why"), BAD)
def test_what_cannot_be_watched_is_refused_with_a_reason(written: str, why: str) -> None:
    with pytest.raises(BadUrl) as found:
        normalise_url(written)

    assert why in str(found.value)
    assert len(str(found.value)) < 300


WITH_SECRETS = [
    "https://user:s3cret@example.org/",
    "https://s3cret@example.org/",
    "https:\\\\user:s3cret@example.org",
    "ftp://user:s3cret@example.org/",
    "https://user:s3cret@exa mple.org/",
    "https://user:s3c@ret@example.org/",
    "user:s3cret@example.org",
    "https:user:s3cret@example.org/",
]


@pytest.mark.parametrize("written", WITH_SECRETS)
def test_a_password_is_refused_and_never_repeated(written: str) -> None:
    with pytest.raises(BadUrl) as found:
        normalise_url(written)

    assert "s3c" not in str(found.value)
    assert "s3c" not in found.value.url


def test_the_host_is_lower_case_ascii_without_port() -> None:
    assert host_of("https://WWW.Bücher.example:8443/x") == "www.xn--bcher-kva.example"
    assert host_of("http://example.org./") == "example.org"
    assert host_of("http://[::1]:8080/") == "::1"


def test_an_address_is_read_against_its_base() -> None:
    address = parse_address("../b?x=1#y", "https://example.org:8443/a/c/")

    assert address.url == "https://example.org:8443/a/b?x=1"
    assert (address.host, address.port, address.target) == ("example.org", 8443, "/a/b?x=1")
    assert address.authority == "example.org:8443"
    assert address.origin == "https://example.org:8443"


def test_an_ipv6_host_has_its_brackets_only_where_they_belong() -> None:
    address = parse_address("http://[::1]/")

    assert (address.host, address.authority, address.port) == ("::1", "[::1]", 80)


PIECES = st.sampled_from(
    ["a", "b=1", "utm_source=x", "&", "&&", "=", "?", "#", "%", "%2", "%26", "%5F", "/", "/../", ".", ":", "@", "é",
     "fbclid", "\\", " ", "+", "'", '"', "<", "|", "\t", "example.org"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_kept_form_is_its_own_kept_form(rest: str) -> None:
    try:
        kept = normalise_url("https://example.org" + rest)
    except BadUrl:
        return
    assert normalise_url(kept) == kept
    assert host_of(kept) == host_of(normalise_url(kept))


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_bad_one(text: str) -> None:
    for written in (text, "https://" + text):
        try:
            assert normalise_url(written).startswith(("http://", "https://"))
        except BadUrl:
            continue
