"""Mail over a real SMTP server: what arrives, who is told what, and what each refusal means for the next try."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.email import EmailChannel, compose_email
from monitor.core.policy import EmailPolicy, Security
from monitor.errors import DeliveryFailed
from monitor.ports import Message
from tests.alerts.mailroom import Mailbox, Postman, mailroom

NOW = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)
ALERT = Message(
    id="msg_01hzy3v5k8q2w4e6r8t0y2u4i6",
    type="article.changed",
    body="{}",
    subject='Stealth edit: 12 -> 17 in "Blast in Kyiv" (news.example)',
    text="Twelve became seventeen – quietly.\n",
    html="<p>Twelve became <b>seventeen</b> – quietly.</p>\n",
    thread="article-7-0123456789ab",
    created_at=datetime(2022, 1, 25, 9, 56, 2, tzinfo=UTC),
)
TO = ("desk@news.example", "editor@news.example")


def channel(postman: Postman, *to: str, deadline: float = 10) -> EmailChannel:
    return EmailChannel(postman.server, to or TO, tls=postman.trust, deadline=deadline)


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("auth", [False, True])
async def test_a_letter_arrives_over_every_kind_of_connection(security: Security, auth: bool) -> None:
    async with mailroom(Mailbox(), security, auth=auth) as postman:
        answer = await channel(postman).send(ALERT, NOW)

    assert answer == "kept"
    assert postman.mailbox.recipients == [list(TO)]
    assert postman.mailbox.encrypted == [security is not Security.NONE]
    assert postman.mailbox.known == [auth]


async def test_text_comes_first_and_html_second() -> None:
    async with mailroom(Mailbox()) as postman:
        await channel(postman).send(ALERT, NOW)

    (letter,) = postman.mailbox.letters
    assert letter.get_content_type() == "multipart/alternative"
    parts = [(p.get_content_type(), p.get_content().replace("\r\n", "\n")) for p in letter.iter_parts()]
    assert parts == [("text/plain", ALERT.text), ("text/html", ALERT.html)]


async def test_the_headers_name_the_message_its_thread_and_its_automatic_origin() -> None:
    async with mailroom(Mailbox()) as postman:
        await channel(postman).send(ALERT, NOW)

    (letter,) = postman.mailbox.letters
    kept = {name: str(value) for name, value in letter.items() if name not in ("Content-Type", "X-Peer")}
    assert kept == {
        "From": "Desk monitor <monitor@news.example>",
        "To": "desk@news.example, editor@news.example",
        "Subject": 'Stealth edit: 12 -> 17 in "Blast in Kyiv" (news.example)',
        "Date": "Tue, 25 Jan 2022 09:56:02 +0000",
        "Message-ID": "<msg_01hzy3v5k8q2w4e6r8t0y2u4i6@news.example>",
        "In-Reply-To": "<article-7-0123456789ab@news.example>",
        "References": "<article-7-0123456789ab@news.example>",
        "Auto-Submitted": "auto-generated",
        "List-Id": "article alerts <article-alerts.news.example>",
        "MIME-Version": "1.0",
    }


HOSTILE = [
    "plain\r\nBcc: x@evil.example",
    "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    "a\x0bb\x0cc\x85d\u2028e\u2029f",
    "lone \ud800 surrogate",
    "\x1b[31mred\x1b[0m\x00nul",
    "\u202egnp.exe",
    "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?= tail",
    "x" * 5_000,
    "日本語の見出し" * 40,
    "",
]


def reparsed(subject: str, text: str = "text", html: str = "<p>html</p>") -> EmailMessage:
    letter = compose_email(replace(ALERT, subject=subject, text=text, html=html), "m@news.example", TO, NOW)
    return message_from_bytes(bytes(letter), _class=EmailMessage, policy=policy.default)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_writes_no_header(title: str) -> None:
    plain, hostile = reparsed("plain"), reparsed(title, text=title, html=title)

    assert hostile.keys() == plain.keys()
    assert hostile["To"] == plain["To"]
    assert len(hostile["Subject"] or "") <= 201


@settings(max_examples=60)
@given(st.text(st.characters(), max_size=80))
def test_no_text_at_all_writes_a_header(title: str) -> None:
    assert reparsed(title, text=title, html=title).keys() == reparsed("plain").keys()


async def test_one_refused_recipient_does_not_keep_the_others_from_theirs() -> None:
    mailbox = Mailbox(answers={TO[0]: "550 no such user"})
    async with mailroom(mailbox) as postman:
        answer = await channel(postman).send(ALERT, NOW)

    assert mailbox.recipients == [[TO[1]]]
    assert answer == "kept; refused: desk@news.example (550 no such user)"


async def test_a_deferred_recipient_is_tried_again_alone() -> None:
    mailbox = Mailbox(answers={TO[0]: "451 greylisted"})
    async with mailroom(mailbox) as postman:
        desk = channel(postman)
        with pytest.raises(DeliveryFailed, match="451 greylisted") as failed:
            await desk.send(ALERT, NOW)
        mailbox.answers.clear()
        answer = await desk.send(ALERT, NOW)

    assert not failed.value.refusal.permanent
    assert mailbox.recipients == [[TO[1]], [TO[0]]]
    assert answer == "kept"


@pytest.mark.parametrize(
    ("mailbox", "permanent"),
    [
        (Mailbox(answers=dict.fromkeys(TO, "550 no such user")), True),
        (Mailbox(answers={TO[0]: "550 no such user", TO[1]: "450 busy"}), False),
        (Mailbox(answers=dict.fromkeys(TO, "450 busy")), False),
        (Mailbox(sender_answer="553 not from here"), True),
        (Mailbox(sender_answer="421 going down"), False),
        (Mailbox(data="554 looks like spam"), True),
        (Mailbox(data="452 disk full"), False),
        (Mailbox(data=None), False),
    ],
    ids=lambda value: str(value) if isinstance(value, bool) else None,
)
async def test_a_refusal_is_for_good_only_when_no_recipient_can_get_it(mailbox: Mailbox, permanent: bool) -> None:
    async with mailroom(mailbox) as postman:
        with pytest.raises(DeliveryFailed) as failed:
            await channel(postman).send(ALERT, NOW)

    assert failed.value.refusal.permanent is permanent


async def test_a_connection_lost_after_the_text_is_tried_again_with_the_same_message_id() -> None:
    mailbox = Mailbox(data=None)
    async with mailroom(mailbox) as postman:
        desk = channel(postman)
        with pytest.raises(DeliveryFailed):
            await desk.send(ALERT, NOW)
        mailbox.data = "250 kept"
        await desk.send(ALERT, NOW)

    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_wrong_password_is_tried_again_because_it_can_be_put_right() -> None:
    async with mailroom(Mailbox(), auth=True) as postman:
        wrong = replace(postman, server=replace(postman.server, password="guess"))
        with pytest.raises(DeliveryFailed) as failed:
            await channel(wrong).send(ALERT, NOW)

    assert not failed.value.refusal.permanent
    assert "guess" not in str(failed.value)


async def test_nothing_is_sent_in_the_clear_where_starttls_is_asked_for() -> None:
    async with mailroom(Mailbox()) as postman:
        strict = replace(postman, server=replace(postman.server, security=Security.STARTTLS))
        with pytest.raises(DeliveryFailed, match="STARTTLS"):
            await channel(strict).send(ALERT, NOW)

    assert postman.mailbox.letters == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_certificate_for_another_name_is_refused(security: Security) -> None:
    async with mailroom(Mailbox(), security, name="elsewhere.example") as postman:
        with pytest.raises(DeliveryFailed):
            await channel(postman).send(ALERT, NOW)

    assert postman.mailbox.letters == []


# -- servers that misbehave


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A greeting of endless words, a byte at a time."""
    writer.write(b"220 ")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def greets_for_ever(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"220-one more line of this greeting\r\n" * 1000)
        await writer.drain()


async def leaves_the_handshake(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """It has read what a TLS client says first, and is gone."""
    await reader.read(64)


async def leaves_after_starttls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for answer in (b"220 here\r\n", b"250-mail.test\r\n250 STARTTLS\r\n", b"220 go on\r\n"):
        writer.write(answer)
        await reader.readline()


async def leaves_amid_the_letter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for answer in (b"220 here\r\n", b"250 mail.test\r\n", *[b"250 fine\r\n"] * 3, b"354 go on\r\n"):
        writer.write(answer)
        await reader.readline()


@pytest.mark.parametrize(
    ("talk", "security"),
    [
        (drips, Security.NONE),
        (greets_for_ever, Security.NONE),
        (leaves_the_handshake, Security.TLS),
        (leaves_after_starttls, Security.STARTTLS),
        (leaves_amid_the_letter, Security.NONE),
    ],
)
async def test_a_server_that_misbehaves_costs_a_try_and_no_more_than_its_time(talk: Talk, security: Security) -> None:
    left = asyncio.Event()

    async def door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await talk(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(door, "127.0.0.1", 0)
    policy = EmailPolicy(
        host="127.0.0.1", port=server.sockets[0].getsockname()[1], security=security, sender="monitor@news.example"
    )
    tracemalloc.start()
    try:
        with pytest.raises(DeliveryFailed, match=r"^(127\.0\.0\.1|Response too long)") as failed:
            await asyncio.wait_for(EmailChannel(policy, TO, deadline=0.5).send(ALERT, NOW), 10)
        _, peak = tracemalloc.get_traced_memory()
        await left.wait()
    finally:
        tracemalloc.stop()
        server.close()

    assert not failed.value.refusal.permanent
    assert peak < 20e6


async def test_nobody_listening_is_tried_again() -> None:
    async with mailroom(Mailbox()) as postman:
        pass
    with pytest.raises(DeliveryFailed, match="localhost") as failed:
        await channel(postman).send(ALERT, NOW)

    assert not failed.value.refusal.permanent


async def test_an_address_that_mail_cannot_reach_is_a_dead_letter() -> None:
    async with mailroom(Mailbox()) as postman:
        with pytest.raises(DeliveryFailed) as failed:
            await channel(postman, "dësk@news.example").send(ALERT, NOW)

    assert failed.value.refusal.permanent
