"""The channels that the configuration names, opened."""

import httpx2

from monitor.alerts.apprise import AppriseChannel
from monitor.alerts.command import CommandChannel
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
    match channel.type:
        case ChannelType.EMAIL:
            return _email(channel, policy)
        case ChannelType.COMMAND:
            return _command(channel)
        case ChannelType.APPRISE:
            return _apprise(channel)
        case ChannelType.WEBHOOK:
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


def _command(channel: ChannelPolicy) -> CommandChannel:
    if not channel.command:
        raise ConfigError(f"channels.{channel.name}.command", "a command channel needs a program to run")
    return CommandChannel(channel.name, channel.command)


def _apprise(channel: ChannelPolicy) -> AppriseChannel:
    if not channel.url:
        raise ConfigError(f"channels.{channel.name}.url", "an Apprise channel needs an address")
    return AppriseChannel(channel.name, channel.url)
