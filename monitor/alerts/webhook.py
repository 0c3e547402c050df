"""The webhook channel: Standard Webhooks 1.0, signed, to the letter of its specification."""

import asyncio
import base64
import binascii
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2
from standardwebhooks import Webhook

from monitor.core.text import printable
from monitor.errors import ConfigError, DeliveryFailed, Refusal
from monitor.ports import Message

DEADLINE = 20.0
"""Seconds for one attempt, the answer included (the specification asks for 15 to 30)."""
REPLY_MAX = 4_096
RETRY_AFTER_MAX = timedelta(hours=24)
THROTTLED = frozenset({429, 502, 503, 504})
SECRET_PREFIX = "whsec_"  # noqa: S105  # the form of a secret, not one


class WebhookChannel:
    """Posts each message to `url`. `secret` holds one key, or several separated by spaces while keys are rotated:
    each signs. The path of the address is as good as a password to many receivers: it is never named."""

    def __init__(
        self,
        name: str,
        url: str,
        client: httpx2.AsyncClient,
        *,
        secret: str | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        """Raises ConfigError where the secret is none of the specification's."""
        self._url, self._client, self._deadline = url, client, deadline
        self._host = urlsplit(url).hostname or "the receiver"
        self._keys = tuple(_key(name, word) for word in (secret or "").split())

    async def send(self, message: Message, now: datetime) -> str:
        """Post it; returns the status. Only 2xx is a success: a redirect is not followed and fails (SSRF). Raises
        DeliveryFailed, with the wish to be disabled on 410."""
        body = message.body.encode("utf-8", "replace")
        try:
            async with asyncio.timeout(self._deadline):
                status, retry_after, reply = await self._post(body, self._headers(message.id, body, now))
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._host} did not answer within {self._deadline:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise DeliveryFailed(self._without_path(error)) from error
        if 200 <= status < 300:
            return str(status)
        raise DeliveryFailed(f"{self._host} answered {status} {reply}".strip(), _refusal(status, retry_after, now))

    def _headers(self, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "accept-encoding": "identity",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._keys:
            at = now.astimezone(UTC)
            headers["webhook-signature"] = " ".join(key.sign(message_id, at, body.decode()) for key in self._keys)
        return headers

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str | None, str]:
        request = self._client.build_request("POST", self._url, content=body, headers=headers)
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            reply = "" if response.is_success else await _opening(response)
            return response.status_code, response.headers.get("retry-after"), reply
        finally:
            await response.aclose()

    def _without_path(self, error: Exception) -> str:
        words = printable(str(error), 200) or type(error).__name__
        split = urlsplit(self._url)
        for secret in (self._url, split.path, split.query):
            if len(secret) > 1:
                words = words.replace(secret, "[...]")
        return f"{self._host}: {words}"


async def _opening(response: httpx2.Response) -> str:
    """The first words of the reply, for the list of failures; no more of it is read."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return ""
    read = b""
    async for piece in response.aiter_raw(REPLY_MAX):
        read += piece
        if len(read) >= REPLY_MAX:
            break
    return printable(read[:REPLY_MAX].decode("utf-8", "replace"), 120)


def _refusal(status: int, retry_after: str | None, now: datetime) -> Refusal:
    if status == 410:
        return Refusal(permanent=True, disable=True)
    if status in THROTTLED and retry_after is not None:
        return Refusal(retry_after=_wait(retry_after, now))
    return Refusal()


def _wait(retry_after: str, now: datetime) -> timedelta | None:
    """Retry-After in either form (RFC 9110, 10.2.3), at the most a day; None where it is neither."""
    words = retry_after.strip()
    if words.isascii() and words.isdigit():
        return min(timedelta(seconds=int(words[:9])), RETRY_AFTER_MAX)
    try:
        at = parsedate_to_datetime(words)
    except ValueError:
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), RETRY_AFTER_MAX)


def _key(name: str, word: str) -> Webhook:
    encoded = word.removeprefix(SECRET_PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        key = b""
    if not word.startswith(SECRET_PREFIX) or not key:
        raise ConfigError(
            f"channels.{name}.secret_env",
            f"the secret is '{SECRET_PREFIX}' followed by 24 to 64 random bytes in base64, "
            "as in the Standard Webhooks specification",
        )
    return Webhook(key)
