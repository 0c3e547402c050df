"""Publisher times: raw words -> instant, zone, precision; reconciled by an ordered policy, and watched for moves."""

from monitor.core.timestamps.clocks import Moves, compare_claims, could_have_moved, disbelieve, watch_clocks
from monitor.core.timestamps.machine import parse_machine
from monitor.core.timestamps.printed import claim_of, is_stamp_line, parse_words, read_lines
from monitor.core.timestamps.stamp import Stamp
from monitor.core.timestamps.trust import reconcile
from monitor.core.timestamps.zones import zone_of_host

__all__ = [
    "Moves",
    "Stamp",
    "claim_of",
    "compare_claims",
    "could_have_moved",
    "disbelieve",
    "is_stamp_line",
    "parse_machine",
    "parse_words",
    "read_lines",
    "reconcile",
    "watch_clocks",
    "zone_of_host",
]
