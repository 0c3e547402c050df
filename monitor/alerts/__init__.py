"""Alerts: what they say, the channels that carry them, and the outbox that sees to it that they arrive."""

from monitor.alerts.channels import open_channels
from monitor.alerts.outbox import DeliveryReport, Outbox

__all__ = ["DeliveryReport", "Outbox", "open_channels"]
