"""The Apprise channel: any of the services that the Apprise library knows, as an extra."""

import asyncio
import logging
import threading
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.core.text import printable
from monitor.errors import ConfigError, DeliveryFailed
from monitor.ports import Message

DEADLINE = 60.0
"""Seconds for one message."""
LEAST_SECRET = 4
"""Characters from which a part of the address is taken for a secret."""


class AppriseChannel:
    """Sends to the one service at `url`, an Apprise address; its title is the mail's subject, its text the mail's,
    cut to what the service takes.

    Apprise connects by itself: the ranges that webhooks are kept from are open to it. The address comes from the user
    alone, never from a page. Its services have no place for a message id: a message that is sent twice looks so.
    """

    def __init__(self, name: str, url: str, *, deadline: float = DEADLINE) -> None:
        """Raises ConfigError where the library is not there or does not know the service."""
        try:
            import apprise  # an extra, and slow to load
        except ImportError:
            wanted = "pip install 'article-monitor[apprise]'"
            raise ConfigError(f"channels.{name}", f"an Apprise channel needs Apprise: {wanted}") from None
        asset = apprise.AppriseAsset(async_mode=False, plugin_paths=[], app_id="monitor", app_desc="article monitor")
        found = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if found is None:
            scheme = url.partition("://")[0] if "://" in url else "what it holds"
            raise ConfigError(
                f"channels.{name}.url", f"Apprise cannot read {scheme!r}; see its list of services for the address"
            )
        self._service: Any = found
        self._secrets = _secrets(url)
        self._deadline = deadline

    async def send(self, message: Message, now: datetime) -> str:  # noqa: ARG002  # the port's
        try:
            async with asyncio.timeout(self._deadline):
                said = await asyncio.to_thread(self._notify, message)
        except TimeoutError as error:
            raise DeliveryFailed(f"{self._service.service_name} did not answer within {self._deadline:g} s") from error
        if said is not None:
            raise DeliveryFailed(f"{self._service.service_name}: {self._without_secrets(said)}")
        return f"taken by {self._service.service_name}"

    def _notify(self, message: Message) -> str | None:
        """None when it was taken, else what Apprise logs of the failure: it says so nowhere else."""
        from apprise import NotifyFormat, NotifyType

        heard = _Heard()
        logger = logging.getLogger("apprise")
        logger.addHandler(heard)
        try:
            title = printable(message.subject, int(self._service.title_maxlen) or 250)
            taken = self._service.notify(
                body=_cut(message.text, int(self._service.body_maxlen)),
                title=title,
                notify_type=NotifyType.INFO,
                body_format=NotifyFormat.TEXT,
            )
        finally:
            logger.removeHandler(heard)
        return None if taken else (" ".join(heard.lines) or "it was not taken")

    def _without_secrets(self, words: str) -> str:
        for secret in self._secrets:
            words = words.replace(secret, "[...]")
        return printable(words, 200)


class _Heard(logging.Handler):
    """What is logged in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.lines.append(record.getMessage())


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _secrets(url: str) -> list[str]:
    """The parts of the address that may be secrets: all but the scheme. The longest first."""
    split = urlsplit(url)
    parts = [url, split.netloc, split.username, split.password, split.query, *split.path.split("/")]
    parts += [value.partition("=")[2] for value in split.query.split("&")]
    found = {form for part in parts if part for form in (part, unquote(part)) if len(form) >= LEAST_SECRET}
    return sorted(found, key=len, reverse=True)
