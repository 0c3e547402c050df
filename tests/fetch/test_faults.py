"""Foreign errors stop in this room: none is unknown to it."""

import inspect
import socket
import ssl

import httpcore2
import httpx2
import pytest

from monitor.core.capture import Outcome
from monitor.errors import BadUrl
from monitor.fetch import AddressRefused
from monitor.fetch.faults import FAULTS, Fault, translated
from monitor.fetch.transport import AS_HTTPX2, as_httpx2


def exceptions_of(module: object) -> list[type[Exception]]:
    return [found for _, found in inspect.getmembers(module, inspect.isclass) if issubclass(found, Exception)]


CORE = exceptions_of(httpcore2)
NOT_OURS = {
    httpx2.HTTPError: "the root; nothing raises it",
    httpx2.RequestError: "a root",
    httpx2.TransportError: "a root",
    httpx2.CloseError: "httpcore2 has no such error",
    httpx2.DecodingError: "from reading .content; bodies are read raw",
    httpx2.TooManyRedirects: "redirects are not followed by the client",
    httpx2.HTTPStatusError: "from raise_for_status, which is not called",
    httpx2.InvalidURL: "from parsing an address, before any exchange",
    httpx2.CookieConflict: "from reading a cookie by name",
    httpx2.SSEError: "event streams are not asked for",
    httpx2.StreamError: "a misuse of the library",
    httpx2.StreamConsumed: "a misuse of the library",
    httpx2.StreamClosed: "a misuse of the library",
    httpx2.ResponseNotRead: "a misuse of the library",
    httpx2.RequestNotRead: "a misuse of the library",
}


@pytest.mark.parametrize("kind", CORE, ids=lambda kind: kind.__name__)
def test_every_error_of_httpcore2_is_mapped_by_name(kind: type[Exception]) -> None:
    assert kind in FAULTS
    assert kind in AS_HTTPX2


def test_every_error_of_httpx2_is_given_out_or_cannot_come() -> None:
    given_out = set(AS_HTTPX2.values())
    assert set(exceptions_of(httpx2)) - given_out - set(NOT_OURS) == set()


@pytest.mark.parametrize("mapping", [FAULTS, AS_HTTPX2], ids=["faults", "httpx2"])
def test_the_special_error_stands_before_the_general(mapping: dict[type[Exception], object]) -> None:
    kinds = list(mapping)
    for number, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[number + 1 :])


CASES: list[tuple[Exception, Outcome, str]] = [
    (httpcore2.ConnectError(ConnectionRefusedError(111, "('10.0.0.1', 80)")), Outcome.UNREACHABLE, "refused"),
    (httpcore2.ConnectError(socket.gaierror(-2, "x")), Outcome.UNREACHABLE, "name of the host"),
    (httpcore2.ConnectTimeout(), Outcome.UNREACHABLE, "in time"),
    (httpcore2.ReadError(ConnectionResetError(104, "x")), Outcome.UNREACHABLE, "reset"),
    (httpcore2.RemoteProtocolError("hung up"), Outcome.UNREACHABLE, "hung up"),
    (httpcore2.RemoteProtocolError(ValueError("bad")), Outcome.BROKEN, "broken HTTP"),
    (httpcore2.LocalProtocolError("bad"), Outcome.REFUSED, "request"),
    (ssl.SSLError(1, "bad record"), Outcome.UNREACHABLE, "TLS"),
    (AddressRefused("intranet.example", "10.0.0.1"), Outcome.REFUSED, "intranet.example leads to 10.0.0.1"),
    (BadUrl("file:///x", "only http"), Outcome.REFUSED, "only http"),
    (ConnectionResetError(104, "x"), Outcome.UNREACHABLE, "reset"),
]


@pytest.mark.parametrize(("error", "outcome", "words"), CASES, ids=lambda case: type(case).__name__)
def test_each_error_says_what_happened(error: Exception, outcome: Outcome, words: str) -> None:
    with pytest.raises(Fault) as found, translated():
        raise error

    assert found.value.outcome is outcome
    assert words in found.value.detail
    assert "\n" not in found.value.detail


def test_a_refused_address_passes_through_both_libraries() -> None:
    with pytest.raises(AddressRefused), as_httpx2():
        raise AddressRefused("10.0.0.1", "10.0.0.1")


def test_what_is_no_ordinary_outcome_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
