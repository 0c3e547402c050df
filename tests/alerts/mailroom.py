"""A real SMTP server on loopback that remembers, refuses and breaks off as it is told."""

# ruff: noqa: ARG002, N802 - the names and arguments of the hooks are aiosmtpd's

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.core.policy import EmailPolicy, Security

USER, PASSWORD = "monitor", "open sesame"


@dataclass
class Mailbox:
    """What arrived, and what to answer. `answers` maps a recipient to what RCPT says; `data` is what DATA says, or
    None to hang up instead."""

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    sender_answer: str | None = None
    data: str | None = "250 kept"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 fine")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.known.append(bool(session.authenticated))
        if self.data is None:
            server.transport.close()
            return "250 never heard"
        return self.data


@dataclass(frozen=True)
class Postman:
    """A running server, how to reach it, and the trust that its certificate needs."""

    mailbox: Mailbox
    server: EmailPolicy
    trust: ssl.SSLContext


@asynccontextmanager
async def mailroom(
    mailbox: Mailbox, security: Security = Security.NONE, *, auth: bool = False, name: str = "localhost"
) -> AsyncIterator[Postman]:
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    served, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(name, key_type=trustme.KeyType.ECDSA).configure_cert(served)
    authority.configure_trust(trust)

    def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, words: object) -> AuthResult:
        known = isinstance(words, LoginPassword) and words.password == PASSWORD.encode()
        return AuthResult(success=known, handled=False)

    options: dict[str, Any] = {"hostname": "mail.test"}
    if auth:
        options |= {"authenticator": login, "auth_require_tls": False}
    if security is Security.STARTTLS:
        options |= {"tls_context": served, "require_starttls": True}
    loop = asyncio.get_running_loop()
    doors: list[SMTP] = []

    def door() -> SMTP:
        doors.append(SMTP(mailbox, loop=loop, **options))
        return doors[-1]

    listening = await loop.create_server(door, "localhost", 0, ssl=served if security is Security.TLS else None)
    try:
        yield Postman(
            mailbox,
            EmailPolicy(
                host="localhost",
                port=listening.sockets[0].getsockname()[1],
                security=security,
                username=USER if auth else None,
                password=PASSWORD if auth else None,
                sender="Desk monitor <monitor@news.example>",
            ),
            trust,
        )
    finally:
        listening.close()
        await listening.wait_closed()
        for one in doors:
            if one.transport is not None:
                one.transport.close()
