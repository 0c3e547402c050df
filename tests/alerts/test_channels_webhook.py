"""Webhooks to a real receiver, judged by the package of the Standard Webhooks specification."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx2
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from monitor.alerts.webhook import REPLY_MAX, WebhookChannel
from monitor.core.policy import FetchPolicy
from monitor.errors import ConfigError, DeliveryFailed, Refusal
from monitor.fetch import guarded_client
from monitor.ports import Message
from tests.alerts.receiver import Receiver, answer, receiving

LOOPBACK = FetchPolicy(allow_networks=(ip_network("127.0.0.0/8"),))
NOW = datetime(2022, 1, 25, 12, 0, tzinfo=UTC)
KEY, OLD_KEY = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (7, 9))
ALERT = Message(
    id="msg_01hzy3v5k8q2w4e6r8t0y2u4i6",
    type="article.changed",
    body='{"type":"article.changed","data":{"headline":"Взрыв – «Kyiv» 🔥"}}',
    subject="",
    text="",
    html="",
    thread="",
)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with guarded_client(LOOPBACK) as client:
        yield client


def hook(
    receiver: Receiver, client: httpx2.AsyncClient, *, secret: str | None = KEY, deadline: float = 10
) -> WebhookChannel:
    return WebhookChannel("hook", receiver.url, client, secret=secret, deadline=deadline)


def real_now() -> datetime:
    """The package judges the age of a message by the real clock."""
    return datetime.now(UTC)


async def test_the_body_is_posted_as_it_stands(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        assert await hook(receiver, client).send(ALERT, NOW) == "204"

    (post,) = receiver.posts
    assert (post.method, post.path) == ("POST", "/T00/secret-path?key=k3y")
    assert post.headers["content-type"] == "application/json"
    assert post.body == ALERT.body.encode()


async def test_the_receiver_can_verify_the_signature(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        await hook(receiver, client).send(ALERT, real_now())

    (post,) = receiver.posts
    assert Webhook(KEY).verify(post.body, post.headers)["type"] == "article.changed"


async def test_a_tampered_body_is_refused_by_the_receiver(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        await hook(receiver, client).send(ALERT, real_now())

    (post,) = receiver.posts
    with pytest.raises(WebhookVerificationError):
        Webhook(KEY).verify(post.body.replace(b"Kyiv", b"Lviv"), post.headers)


async def test_while_keys_are_rotated_each_of_them_verifies(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        await hook(receiver, client, secret=f"{KEY} {OLD_KEY}").send(ALERT, real_now())

    (post,) = receiver.posts
    for key in (KEY, OLD_KEY):
        Webhook(key).verify(post.body, post.headers)


async def test_the_id_stays_and_the_timestamp_is_the_attempts_own(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        channel = hook(receiver, client)
        await channel.send(ALERT, NOW)
        await channel.send(ALERT, NOW + timedelta(minutes=5))

    first, second = (post.headers for post in receiver.posts)
    assert first["webhook-id"] == second["webhook-id"] == ALERT.id
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300


async def test_without_a_secret_nothing_is_signed(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        await hook(receiver, client, secret=None).send(ALERT, NOW)

    assert "webhook-signature" not in receiver.posts[0].headers


@pytest.mark.parametrize("secret", ["hunter2", "whsec_", "whsec_***", base64.b64encode(b"k" * 32).decode()])
async def test_a_secret_of_another_form_is_refused_at_the_start(secret: str, client: httpx2.AsyncClient) -> None:
    with pytest.raises(ConfigError, match="whsec_") as refused:
        WebhookChannel("hook", "http://127.0.0.1/", client, secret=secret)
    assert secret == "whsec_" or secret not in str(refused.value)


HTTP_DATE = "Tue, 25 Jan 2022 12:02:00 GMT"
AGAIN = Refusal()


@pytest.mark.parametrize(
    ("reply", "refusal"),
    [
        (answer("500 Oops"), AGAIN),
        (answer("400 Bad"), AGAIN),
        (answer("404 Not Found"), AGAIN),
        (answer("304 Not Modified"), AGAIN),
        (answer("302 Found", "Location: http://127.0.0.1:1/"), AGAIN),
        (answer("308 Permanent", "Location: http://127.0.0.1:1/"), AGAIN),
        (answer("410 Gone"), Refusal(permanent=True, disable=True)),
        (answer("429 Slow down"), AGAIN),
        (answer("429 Slow down", "Retry-After: 90"), Refusal(retry_after=timedelta(seconds=90))),
        (answer("503 Busy", f"Retry-After: {HTTP_DATE}"), Refusal(retry_after=timedelta(minutes=2))),
        (answer("502 Bad", "Retry-After: 99999999999999"), Refusal(retry_after=timedelta(hours=24))),
        (answer("504 Late", "Retry-After: Tue, 25 Jan 2000 12:02:00 GMT"), Refusal(retry_after=timedelta(0))),
        (answer("503 Busy", "Retry-After: soon"), AGAIN),
        (answer("503 Busy", "Retry-After: -5"), AGAIN),
        (answer("500 Oops", "Retry-After: 90"), AGAIN),
        (b"no HTTP at all\r\n\r\n", AGAIN),
        (b"", AGAIN),
    ],
)
async def test_each_answer_means_one_thing_for_the_next_try(
    client: httpx2.AsyncClient, reply: bytes, refusal: Refusal
) -> None:
    async with receiving(reply) as receiver:
        with pytest.raises(DeliveryFailed) as failed:
            await hook(receiver, client).send(ALERT, NOW)

    assert failed.value.refusal == refusal
    assert len(receiver.posts) == 1


async def test_a_redirect_is_not_followed(client: httpx2.AsyncClient) -> None:
    async with receiving() as inside, receiving(answer("302 Found", f"Location: {inside.url}")) as receiver:
        with pytest.raises(DeliveryFailed, match="302"):
            await hook(receiver, client).send(ALERT, NOW)

    assert inside.posts == []


async def test_a_receiver_that_never_answers_is_given_up_at_the_deadline(client: httpx2.AsyncClient) -> None:
    began = asyncio.get_running_loop().time()
    async with receiving(None) as receiver:
        with pytest.raises(DeliveryFailed, match=r"within 0\.05 s"):
            await hook(receiver, client, deadline=0.05).send(ALERT, NOW)

    assert asyncio.get_running_loop().time() - began < 5


async def test_no_more_of_a_reply_is_read_than_its_opening(client: httpx2.AsyncClient) -> None:
    # It promises more than it sends: whoever waits for the rest waits until the deadline.
    endless = b"HTTP/1.1 500 Oops\r\nContent-Length: 99999999\r\n\r\n" + b"\x1b[31mword " * 1_000
    async with receiving(endless, hold=True) as receiver:
        with pytest.raises(DeliveryFailed, match="500 word") as failed:
            await hook(receiver, client, deadline=5).send(ALERT, NOW)

    assert len(str(failed.value)) < REPLY_MAX
    assert "\x1b" not in str(failed.value)


@pytest.mark.parametrize("reply", [None, b"", answer("500 Oops")])
async def test_the_path_of_a_webhook_is_never_told(client: httpx2.AsyncClient, reply: bytes | None) -> None:
    async with receiving(reply) as receiver:
        with pytest.raises(DeliveryFailed) as failed:
            await hook(receiver, client, deadline=0.2).send(ALERT, NOW)

    assert "secret-path" not in str(failed.value)
    assert "k3y" not in str(failed.value)


async def test_nobody_listening_is_tried_again(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        pass
    with pytest.raises(DeliveryFailed, match=r"127\.0\.0\.1") as failed:
        await hook(receiver, client).send(ALERT, NOW)

    assert failed.value.refusal == AGAIN


async def test_a_lone_surrogate_in_the_body_is_no_poison(client: httpx2.AsyncClient) -> None:
    async with receiving() as receiver:
        await hook(receiver, client).send(replace(ALERT, body='{"a":"\ud800"}'), real_now())

    (post,) = receiver.posts
    Webhook(KEY).verify(post.body, post.headers)


async def test_a_private_address_is_never_dialled_unless_it_was_allowed() -> None:
    async with receiving() as receiver, guarded_client(FetchPolicy()) as guarded:
        with pytest.raises(DeliveryFailed, match="private"):
            await hook(receiver, guarded).send(ALERT, NOW)

    assert receiver.posts == []
