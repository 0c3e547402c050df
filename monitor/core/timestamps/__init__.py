"""Publisher times: raw words -> instant, zone, precision; reconciled by an ordered policy, and watched for moves."""

from importlib import import_module
from typing import TYPE_CHECKING

from monitor.core.timestamps.clocks import Moves, compare_claims, could_have_moved, disbelieve, lies_ahead, watch_clocks

if TYPE_CHECKING:
    from monitor.core.timestamps.machine import parse_machine
    from monitor.core.timestamps.printed import claim_of, is_stamp_line, label_of, parse_words, read_lines, says_which
    from monitor.core.timestamps.stamp import Stamp
    from monitor.core.timestamps.trust import reconcile, same_update
    from monitor.core.timestamps.zones import country_of_host, zone_of_host

# Who only compares claims, as the command line does, need not wait a quarter of a second until the grammars of all
# languages are compiled: these names are imported when they are first asked for.
_READERS = {
    "Stamp": "stamp",
    "claim_of": "printed",
    "country_of_host": "zones",
    "is_stamp_line": "printed",
    "label_of": "printed",
    "parse_machine": "machine",
    "parse_words": "printed",
    "read_lines": "printed",
    "reconcile": "trust",
    "same_update": "trust",
    "says_which": "printed",
    "zone_of_host": "zones",
}


def __getattr__(name: str) -> object:
    if name not in _READERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_READERS[name]}"), name)
    globals()[name] = found
    return found


__all__ = [
    "Moves",
    "Stamp",
    "claim_of",
    "compare_claims",
    "could_have_moved",
    "country_of_host",
    "disbelieve",
    "is_stamp_line",
    "label_of",
    "lies_ahead",
    "parse_machine",
    "parse_words",
    "read_lines",
    "reconcile",
    "same_update",
    "says_which",
    "watch_clocks",
    "zone_of_host",
]
