"""Watches news articles that are being updated, keeps every version and explains every edit."""

__version__ = "0.1.0"
