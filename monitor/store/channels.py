"""Channels and rules as the configuration has them."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitor.core.policy import ChannelPolicy, Policy, RulePolicy
from monitor.core.rules import DEFAULT_RULE, rules_of
from monitor.store.dialect import upsert
from monitor.store.rows import ChannelRow, DeliveryState
from monitor.store.tables import channel, outbox, rule

REMOVED = "it was taken out of the configuration"
_OPEN = (DeliveryState.PENDING.value, DeliveryState.HELD.value)


def sync(connection: Connection, policy: Policy, now: datetime) -> None:
    """Mirror the configuration. What a channel that was taken out still had to send becomes dead letters."""
    _sync_channels(connection, policy, now)
    _sync_rules(connection, policy, now)


def _sync_channels(connection: Connection, policy: Policy, now: datetime) -> None:
    known = {row.name: row for row in connection.execute(select(channel))}
    for wanted in policy.channels:
        settings = _settings(wanted)
        row = known.pop(wanted.name, None)
        # One that the receiver itself refused stays off until it is set up differently.
        again = row is None or not row.in_config or row.settings != settings
        _write_channel(connection, wanted, settings, now, enable=again)
    for name, row in known.items():
        if row.in_config:
            connection.execute(update(channel).where(channel.c.name == name).values(in_config=False))
            disable(connection, name, now, REMOVED)


def _write_channel(
    connection: Connection, wanted: ChannelPolicy, settings: str, now: datetime, *, enable: bool
) -> None:
    values: dict[str, Any] = {
        "type": wanted.type.value,
        "settings": settings,
        "gather_max": wanted.gather_max,
        "in_config": True,
        "synced_at": now,
    }
    if enable:
        values |= {"disabled_at": None, "disabled_reason": None}
    row = upsert(connection, channel).values(name=wanted.name, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def _settings(wanted: ChannelPolicy) -> str:
    """A fingerprint of where the channel leads; the secret is in it, and cannot be read from it."""
    parts = (wanted.type.value, wanted.to, wanted.url, wanted.secret, *wanted.command)
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _sync_rules(connection: Connection, policy: Policy, now: datetime) -> None:
    connection.execute(update(rule).values(in_force=False))
    for position, (name, wanted) in enumerate(_named(rules_of(policy)), start=1):
        values = {"position": position, "document": _document(wanted), "in_force": True, "synced_at": now}
        row = upsert(connection, rule).values(name=name, **values)
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def _named(rules: tuple[RulePolicy, ...]) -> Iterator[tuple[str, RulePolicy]]:
    """Each rule with a name of its own: rules need none in the configuration, and may share one."""
    seen: set[str] = set()
    for position, wanted in enumerate(rules, start=1):
        name = wanted.name or DEFAULT_RULE
        name = f"{name} ({position})" if name in seen else name
        seen.add(name)
        yield name, wanted


def _document(wanted: RulePolicy) -> str:
    return json.dumps({field.name: getattr(wanted, field.name) for field in fields(wanted)}, default=str)


# -- switching off and on


def disable(connection: Connection, name: str, now: datetime, reason: str) -> None:
    """Send nothing more; what waited becomes dead letters, which can be sent again later."""
    off = {"disabled_at": now, "disabled_reason": reason}
    connection.execute(update(channel).where(channel.c.name == name).values(off))
    dead = {
        "state": DeliveryState.DEAD.value,
        "closed_at": now,
        "last_error": f"the channel is disabled: {reason}",
        "leased_by": None,
        "leased_until": None,
    }
    connection.execute(update(outbox).where(outbox.c.channel == name, outbox.c.state.in_(_OPEN)).values(dead))


def enable(connection: Connection, name: str) -> None:
    """Try a refused channel again, because somebody asked for it; one that left the configuration stays off."""
    on = {"disabled_at": None, "disabled_reason": None}
    connection.execute(update(channel).where(channel.c.name == name, channel.c.in_config).values(on))


def disabled(connection: Connection) -> tuple[ChannelRow, ...]:
    """Channels of the configuration that are off."""
    off = select(channel).where(channel.c.disabled_at.is_not(None), channel.c.in_config).order_by(channel.c.name)
    return tuple(
        ChannelRow(
            name=row.name,
            type=row.type,
            in_config=row.in_config,
            disabled_at=row.disabled_at,
            disabled_reason=row.disabled_reason,
        )
        for row in connection.execute(off)
    )


def waiting(connection: Connection) -> dict[str, int]:
    """How many deliveries stand in each of the states that somebody should know of."""
    states = (*_OPEN, DeliveryState.DEAD.value)
    counted = select(outbox.c.state, func.count()).where(outbox.c.state.in_(states)).group_by(outbox.c.state)
    return {row[0]: row[1] for row in connection.execute(counted)}
