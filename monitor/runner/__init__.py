"""Runs units of work: on this machine (`local`)."""

from monitor.runner.local import LocalRunner

__all__ = ["LocalRunner"]
