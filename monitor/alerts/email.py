"""The email channel: one message over one SMTP session, and what the server's answers mean for the next try."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import structlog
from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from monitor.core.policy import EmailPolicy, Security
from monitor.core.text import header, printable
from monitor.errors import DeliveryFailed, Refusal
from monitor.ports import Message

_log = structlog.get_logger()

DEADLINE = 60.0
"""Seconds for a whole session, so that a server that sends one byte a second holds nobody up."""
FAREWELL = 2.0
REMEMBERED = 1_000
"""Messages whose recipients were answered differently, kept so that nobody gets the message twice."""

_WIRE = SMTP_POLICY.clone(cte_type="7bit")
_ABOUT_THE_MESSAGE = (SMTPSenderRefused, SMTPDataError)
"""Refusals that a later try cannot change. A refused login or greeting can be put right meanwhile, so it is retried."""

Answers = dict[str, tuple[int, str]]


class EmailChannel:
    """Sends to all of `to` in one message. `tls` replaces the system's trust store; seconds in `deadline`.

    A recipient that the server refuses for good (5xx) is left out and named in the answer; one that it defers (4xx)
    is tried again alone, as long as this process lives.
    """

    def __init__(
        self,
        server: EmailPolicy,
        to: Sequence[str],
        *,
        tls: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._server, self._to, self._tls, self._deadline = server, tuple(to), tls, deadline
        self._sender = parseaddr(server.sender)[1]
        self._answered: dict[str, Answers] = {}

    async def send(self, message: Message, now: datetime) -> str:
        """Send it; returns the server's answer. Raises DeliveryFailed, permanent where no recipient can get it.

        A connection that breaks after the text was handed over leaves open whether it arrived: it counts as failed,
        and the next try carries the same Message-ID.
        """
        answered = self._answered.get(message.id, {})
        waiting = [to for to in self._to if to not in answered]
        letter = compose_email(message, self._server.sender, self._to, now)
        refused, answer = await self._deliver(bytes(letter), waiting)
        fresh = {to: refused.get(to, (250, answer)) for to in waiting}
        return self._settle(message, {**answered, **fresh}, answer)

    async def _deliver(self, letter: bytes, to: Sequence[str]) -> tuple[Answers, str]:
        """Hand it over; returns who was refused, with code and words, and the server's answer to the rest."""
        session = self._session()
        try:
            async with asyncio.timeout(self._deadline):
                await session.connect()
                refused, answer = await session.sendmail(self._sender, list(to), letter)
            await _leave(session)
        except SMTPRecipientsRefused as error:
            return _answers(error.recipients), ""
        except SMTPResponseException as error:
            permanent = isinstance(error, _ABOUT_THE_MESSAGE) and error.code >= 500
            raise DeliveryFailed(_said(error.code, error.message), Refusal(permanent=permanent)) from error
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._server.host} did not answer in time") from error
        except (SMTPException, OSError) as error:
            raise DeliveryFailed(f"{self._server.host}: {printable(str(error), 200)}") from error
        except ValueError as error:
            # An address that cannot be written in ASCII or has no mailbox in it: no try will change that.
            raise DeliveryFailed(f"an address cannot be used: {printable(str(error), 200)}", _FOR_GOOD) from error
        finally:
            session.close()
        return {to: (said.code, said.message) for to, said in refused.items()}, answer

    def _session(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._tls,
            # Else the library asks DNS for our own name, which can take many seconds.
            local_hostname=_domain(server.sender),
            timeout=self._deadline,
        )

    def _settle(self, message: Message, answers: Answers, answer: str) -> str:
        deferred = {to: said for to, said in answers.items() if 400 <= said[0] < 500}
        refused = {to: said for to, said in answers.items() if said[0] >= 500}
        if len(refused) == len(answers):
            self._answered.pop(message.id, None)
            raise DeliveryFailed(f"refused: {_listed(refused)}", _FOR_GOOD)
        if deferred:
            self._remember(message.id, {to: said for to, said in answers.items() if to not in deferred})
            raise DeliveryFailed(f"deferred: {_listed(deferred)}")
        self._answered.pop(message.id, None)
        if refused:
            _log.warning("recipient_refused", message_id=message.id, recipients=_listed(refused))
        return printable(answer, 200) + (f"; refused: {_listed(refused)}" if refused else "")

    def _remember(self, message_id: str, answers: Answers) -> None:
        if answers:
            self._answered[message_id] = answers
        while len(self._answered) > REMEMBERED:
            del self._answered[next(iter(self._answered))]


_FOR_GOOD = Refusal(permanent=True)


async def _leave(session: SMTP) -> None:
    """Say goodbye. The answer to the message is known by now, whatever comes of this."""
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(FAREWELL):
            await session.quit()


def compose_email(message: Message, sender: str, to: Iterable[str], now: datetime) -> EmailMessage:
    """The alert as a mail: text first, then HTML (RFC 2046, 5.1.4), in one thread per article, marked as automatic
    (RFC 3834). Nothing of a page can start a header of its own."""
    domain = _domain(sender)
    thread = f"<{message.thread}@{domain}>"
    letter = EmailMessage(policy=_WIRE)
    letter["From"] = sender
    letter["To"] = ", ".join(to)
    letter["Subject"] = header(message.subject)
    letter["Date"] = format_datetime(message.created_at or now)
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["In-Reply-To"] = thread
    letter["References"] = thread
    letter["Auto-Submitted"] = "auto-generated"
    letter["List-Id"] = f"article alerts <article-alerts.{domain}>"
    letter.set_content(_encodable(message.text))
    letter.add_alternative(_encodable(message.html), subtype="html")
    return letter


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _answers(refusals: Iterable[SMTPRecipientRefused]) -> Answers:
    return {refusal.recipient: (refusal.code, refusal.message) for refusal in refusals}


def _listed(answers: Mapping[str, tuple[int, str]]) -> str:
    return ", ".join(f"{to} ({_said(*said)})" for to, said in answers.items())


def _said(code: int, words: str) -> str:
    # What is no answer at all, the library gives a code below zero.
    return f"{code} {printable(words, 200)}" if code > 0 else printable(words, 200)
