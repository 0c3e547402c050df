"""Fetching: guarded connections, bounded bodies, conditional requests, politeness. Gives Captures."""

from monitor.fetch.backend import AddressRefused
from monitor.fetch.fetcher import HttpFetch
from monitor.fetch.transport import guarded_client, ssl_context

__all__ = ["AddressRefused", "HttpFetch", "guarded_client", "ssl_context"]
