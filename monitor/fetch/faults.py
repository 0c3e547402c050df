"""Why an exchange ended without an answer. Foreign errors stop here."""

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpcore2

from monitor.core.capture import Outcome
from monitor.core.text import printable
from monitor.errors import BadUrl, MonitorError
from monitor.fetch.backend import AddressRefused


class Fault(MonitorError):
    """An ordinary end of a visit on its way up to the Capture that tells of it. Never leaves this room."""

    def __init__(self, outcome: Outcome, detail: str, *, retry_after: timedelta | None = None) -> None:
        self.outcome, self.detail, self.retry_after = outcome, printable(detail, 300), retry_after
        super().__init__(detail)


FAULTS: dict[type[Exception], tuple[Outcome, str]] = {
    BadUrl: (Outcome.REFUSED, "the address is not one that can be fetched"),
    AddressRefused: (Outcome.REFUSED, "the address is private or special"),
    httpcore2.ConnectTimeout: (Outcome.UNREACHABLE, "no connection in time"),
    httpcore2.ReadTimeout: (Outcome.UNREACHABLE, "no answer in time"),
    httpcore2.WriteTimeout: (Outcome.UNREACHABLE, "the request could not be sent in time"),
    httpcore2.PoolTimeout: (Outcome.UNREACHABLE, "no free connection in time"),
    httpcore2.TimeoutException: (Outcome.UNREACHABLE, "no answer in time"),
    httpcore2.ConnectError: (Outcome.UNREACHABLE, "no connection"),
    httpcore2.ReadError: (Outcome.UNREACHABLE, "the connection broke while reading"),
    httpcore2.WriteError: (Outcome.UNREACHABLE, "the connection broke while asking"),
    httpcore2.NetworkError: (Outcome.UNREACHABLE, "the connection broke"),
    httpcore2.ConnectionNotAvailable: (Outcome.UNREACHABLE, "no free connection"),
    httpcore2.ProxyError: (Outcome.UNREACHABLE, "the proxy refused"),
    httpcore2.RemoteProtocolError: (Outcome.BROKEN, "the answer is broken HTTP or was cut short"),
    httpcore2.LocalProtocolError: (Outcome.REFUSED, "the request cannot be written as HTTP"),
    httpcore2.ProtocolError: (Outcome.BROKEN, "the answer is broken HTTP"),
    httpcore2.UnsupportedProtocol: (Outcome.REFUSED, "only http and https are fetched"),
    OSError: (Outcome.UNREACHABLE, "the connection broke"),
    ValueError: (Outcome.UNREACHABLE, "the name of the host cannot be used"),  # ssl's, for names such as .example
}
"""The more special class before the more general."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn every foreign error of an exchange into a Fault."""
    try:
        yield
    except tuple(FAULTS) as error:
        raise _fault(error) from error


def _fault(error: Exception) -> Fault:
    outcome, words = next(known for kind, known in FAULTS.items() if isinstance(error, kind))
    if hung_up(error):
        return Fault(Outcome.UNREACHABLE, "the server hung up without an answer")
    if isinstance(error, AddressRefused | BadUrl):
        return Fault(outcome, str(error))
    reason = _reason(_origin_of(error))
    return Fault(outcome, f"{words}: {reason}" if reason else words)


def hung_up(error: BaseException | None) -> bool:
    """Whether the server closed the connection before any answer. httpcore2 says so in an error of its own, where
    for broken HTTP it wraps h11's."""
    return isinstance(error, httpcore2.RemoteProtocolError) and not isinstance(error.args[0], Exception)


def _origin_of(error: Exception) -> BaseException:
    """The system's error: httpcore2 keeps it as the first argument of its own, anyio as the cause of its own."""
    inner = error.args[0] if error.args else None
    found = inner if isinstance(inner, BaseException) else error
    return found.__cause__ if isinstance(found.__cause__, OSError) else found


def _reason(error: BaseException) -> str:
    """What the system said, in words that hold nothing of the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: the certificate is not valid ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "TLS: " + (getattr(error, "reason", None) or "the handshake failed")
    if isinstance(error, socket.gaierror):
        return "the name of the host is not known"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()  # asyncio's own words hold the address
    return ""
