"""Readings as they were last decoded or written: each check of an article begins with the one that the last ended with.

They are known by the SHA-256 of their documents, so none can be out of date; the document itself is read and proved all
the same.
"""

from collections import OrderedDict
from threading import Lock

from monitor.store.documents import StoredReading, reading_of

MOST = 8 << 20
"""Bytes of documents whose readings are kept; as objects they take about three times as much. A live blog of 300
entries has 200,000, an article 5,000 to 20,000."""


class Readings:
    """The readings met last, by the names of their documents. Safe to use from many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._bytes = most, 0
        self._kept: OrderedDict[str, tuple[int, StoredReading]] = OrderedDict()
        self._lock = Lock()

    def of(self, name: str, raw: bytes) -> StoredReading:
        """The reading in the document of that name."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name][1]
        reading = reading_of(raw)
        self.keep(name, len(raw), reading)
        return reading

    def keep(self, name: str, size: int, reading: StoredReading) -> None:
        """Keep what the document of that name, of so many bytes, says."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = size, reading
                self._bytes += size
            while self._bytes > self._most:
                _, (gone, _) = self._kept.popitem(last=False)
                self._bytes -= gone


RECENT = Readings()
"""Those of this process."""
