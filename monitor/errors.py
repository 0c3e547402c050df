"""What can go wrong that the caller did not ask for. Ordinary outcomes (not modified, gone, blocked) are values.

MonitorError
├── Misuse                  the request itself is wrong: exit 2
│   ├── ConfigError         a key of config.toml
│   ├── BadUrl              an address that cannot be watched
│   ├── UnknownArticle      nothing, or more than one thing, by that name
│   └── UnknownVersion
├── StoreError              the store cannot do it: exit 1
│   ├── StoreUnavailable    missing, unwritable, full, unreachable, or of another kind
│   ├── StoreBusy           somebody else holds it: a second daemon, a long lock
│   ├── SchemaMismatch      written by another release
│   └── CorruptVersion      stored bytes do not match their hash; reported, never repaired
├── ExtractionFailed        a page that could not be read: too hostile, too slow
└── DeliveryFailed          one attempt to tell one channel did not succeed

Every message is one sentence for a person, and says what to do next where there is something to do.
"""

from dataclasses import dataclass
from datetime import timedelta


class MonitorError(Exception):
    """The base of all errors of this program; `exit_code` is what the command line ends with."""

    exit_code = 1


class Misuse(MonitorError):
    exit_code = 2


class ConfigError(Misuse):
    """A key of config.toml is unknown or has a value that is not allowed."""

    def __init__(self, key: str, problem: str, *, file: str | None = None) -> None:
        self.key, self.problem, self.file = key, problem, file
        where = f"{file}: " if file else ""
        super().__init__(f"{where}{key}: {problem}" if key else f"{where}{problem}")


class BadUrl(Misuse):
    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        super().__init__(f"{url!r} cannot be watched: {problem}")


class UnknownArticle(Misuse):
    """`candidates` holds what the words could have meant, when they fit more than one article."""

    def __init__(self, words: str, candidates: tuple[str, ...] = ()) -> None:
        self.words, self.candidates = words, candidates
        if candidates:
            message = f"{words!r} fits {len(candidates)} articles; give more of it: " + ", ".join(candidates[:5])
        else:
            message = f"no article matches {words!r}; 'monitor list' shows what is watched, 'monitor add URL' adds one"
        super().__init__(message)


class UnknownVersion(Misuse):
    def __init__(self, words: str, known: str) -> None:
        super().__init__(f"there is no version {words}; {known}")


class StoreError(MonitorError):
    pass


class StoreUnavailable(StoreError):
    """`full` tells a full disk from the rest: checks pause then, and go on when there is room."""

    def __init__(self, message: str, *, full: bool = False) -> None:
        self.full = full
        super().__init__(message)


class StoreBusy(StoreError):
    pass


class SchemaMismatch(StoreError):
    def __init__(self, message: str, *, found: str, wanted: str) -> None:
        self.found, self.wanted = found, wanted
        super().__init__(message)


class CorruptVersion(StoreError):
    def __init__(self, sha256: str, problem: str) -> None:
        self.sha256 = sha256
        super().__init__(f"stored page {sha256[:12]} is damaged ({problem}); run 'monitor verify' and restore a backup")


class ExtractionFailed(MonitorError):
    """`reason` is one word for the log: timeout, crashed, memory, too_large."""

    def __init__(self, reason: str, url: str) -> None:
        self.reason, self.url = reason, url
        super().__init__(f"the page at {url} could not be read ({reason})")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a receiver answered, as far as the schedule of retries needs to know."""

    permanent: bool = False
    disable: bool = False
    retry_after: timedelta | None = None


class DeliveryFailed(MonitorError):
    """One attempt failed. `refusal` says whether trying again can help."""

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        self.refusal = refusal or Refusal()
        super().__init__(message)
