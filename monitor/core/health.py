"""Whether the monitor itself sees. What it has to say of itself is a notice, not an alert about an article."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Notice(StrEnum):
    """What the monitor tells of itself; a message's type is `monitor.` and this word."""

    BLIND = "blind"
    SEES = "sees"
    SOURCE_FAILING = "source_failing"
    SOURCE_RECOVERED = "source_recovered"
    DISK_FULL = "disk_full"
    DISK_HAS_ROOM = "disk_has_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`seen_at`: the last check that succeeded, of all articles. `missed_since`: since when what was due after it has
    not been seen; None while there is nothing like that. `met`: what the visits met instead, most frequent
    first."""

    seen_at: datetime | None = None
    missed_since: datetime | None = None
    met: tuple[tuple[str, int], ...] = ()

    def is_blind(self, now: datetime, after: timedelta) -> bool:
        """Whether nothing at all has been seen for so long, though something was due for so long."""
        return self.missed_since is not None and now - self.missed_since >= after
