"""The channels that the configuration names, opened."""

import httpx2

from monitor.alerts.email import EmailChannel
from monitor.alerts.webhook import WebhookChannel
from monitor.core.policy import ChannelPolicy, ChannelType, Policy
from monitor.errors import ConfigError
from monitor.ports import Channel


def open_channels(policy: Policy, client: httpx2.AsyncClient) -> dict[str, Channel]:
    """Every channel by name. `client` is the guarded one, and stays the caller's to close. Nothing is connected yet.

    Raises ConfigError where a channel cannot work as it is written.
    """
    return {channel.name: _open(channel, policy, client) for channel in policy.channels}


def _open(channel: ChannelPolicy, policy: Policy, client: httpx2.AsyncClient) -> Channel:
    if channel.type is ChannelType.EMAIL:
        return _email(channel, policy)
    return _webhook(channel, client)


def _email(channel: ChannelPolicy, policy: Policy) -> EmailChannel:
    if policy.email is None:
        raise ConfigError(f"channels.{channel.name}", "an email channel needs the SMTP server in [email]")
    if not channel.to:
        raise ConfigError(f"channels.{channel.name}.to", "an email channel needs at least one address")
    return EmailChannel(policy.email, channel.to)


def _webhook(channel: ChannelPolicy, client: httpx2.AsyncClient) -> WebhookChannel:
    if not channel.url:
        raise ConfigError(f"channels.{channel.name}.url", "a webhook needs an address")
    return WebhookChannel(channel.name, channel.url, client, secret=channel.secret)
