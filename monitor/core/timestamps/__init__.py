"""Publisher times: raw words -> instant, zone, precision; reconciled by an ordered policy, and watched for moves."""

from monitor.core.timestamps.clocks import Moves, compare_claims, could_have_moved, disbelieve, watch_clocks

__all__ = [
    "Moves",
    "compare_claims",
    "could_have_moved",
    "disbelieve",
    "watch_clocks",
]
