"""Stages, intervals, backoff, and `decide`: what one visit means, and what is to be done about it.

`decide` is pure: it takes what was known and what came back, and returns a Decision that the store writes in one
transaction. It never asks the clock (the capture carries the times) and never throws dice (`jitter` is an argument).
"""

from monitor.core.lifecycle.decision import (
    NOT_STANDING,
    ChangeState,
    Decision,
    Happening,
    HeldChange,
    Known,
    LateStamp,
    NewChange,
    NewVersion,
    Observation,
    Read,
    Rereading,
    SameBytes,
    Settlement,
    Unreadable,
)
from monitor.core.lifecycle.doubts import AT_LENGTH, NOWHERE, Doubt, are_alike, said_key, says_the_same
from monitor.core.lifecycle.intervals import (
    HOLD_MAX,
    HOST_WIDE_MAX,
    address_to_ask,
    between_looks,
    fresh_for,
    should_ask_conditionally,
)
from monitor.core.lifecycle.listing import listed_again, titled_by_source, with_listed
from monitor.core.lifecycle.visit import decide, names_one

__all__ = [
    "AT_LENGTH",
    "HOLD_MAX",
    "HOST_WIDE_MAX",
    "NOT_STANDING",
    "NOWHERE",
    "ChangeState",
    "Decision",
    "Doubt",
    "Happening",
    "HeldChange",
    "Known",
    "LateStamp",
    "NewChange",
    "NewVersion",
    "Observation",
    "Read",
    "Rereading",
    "SameBytes",
    "Settlement",
    "Unreadable",
    "address_to_ask",
    "are_alike",
    "between_looks",
    "decide",
    "fresh_for",
    "listed_again",
    "names_one",
    "said_key",
    "says_the_same",
    "should_ask_conditionally",
    "titled_by_source",
    "with_listed",
]
