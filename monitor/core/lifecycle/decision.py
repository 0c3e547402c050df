"""What was known before a visit, and what one visit means: the values that `decide` takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.article import Article, Claim, ClaimSource, Content, Declaration, Field, Reading, SamePage, Version
from monitor.core.blog import EntryChange
from monitor.core.capture import Capture
from monitor.core.diff import Edit
from monitor.core.lifecycle.places import UNSEEN, Places
from monitor.core.lifecycle.rates import UNKNOWN_HOST, HostHabits
from monitor.core.lifecycle.volatility import Memory, Volatility
from monitor.core.policy import AlertEvent
from monitor.core.rules import Delivery


class ChangeState(StrEnum):
    """provisional: held for the confirming fetch; confirmed; withdrawn: the words did not stand;
    unconfirmed: told without a second look, because none could be had; masked: it lies in blocks that come and go on
    the host by themselves."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    UNCONFIRMED = "unconfirmed"
    MASKED = "masked"


NOT_STANDING = frozenset({ChangeState.WITHDRAWN, ChangeState.MASKED})
"""The states of changes that are kept and shown to nobody who does not ask for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChange:
    """What decide needs to know of the change that waits: the version it led from is the one last told."""

    change_id: int
    told: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was known before the visit. `last_change_at` and `last_declaration` are of the latest text change.

    `only_live` and `mentions` are what the article's source, at the address `source`, asks of a candidate before it is
    watched. `suspect` is the page of the last visit, read anew, when it was not taken for the article; `twins` are the
    addresses of other articles of the host where the page in hand was found too; `furniture`: its live marker belongs
    to the host's pages, not to this article. `edits` are its text changes that stand (those beyond `rates.COUNTED` need
    not be counted), `habits` what is known of its host's articles, `host_errors` how many visits to the host
    have failed in a row by its own fault. `rereadings` are versions read anew so that they can
    be compared with that page. `aliases` are the addresses it has been found at, and since when;
    they are only known of a visit that ended at another than its own. `volatile` is what is known of blocks that come
    and go on its host, `places` of those between its paragraphs.
    """

    article: Article
    only_live: bool = False
    mentions: tuple[str, ...] = ()
    source: str | None = None
    current: Version | None = None
    held: HeldChange | None = None
    last_change_id: int | None = None
    last_change_at: datetime | None = None
    last_declaration: Declaration | None = None
    suspect: Reading | None = None
    twins: tuple[str, ...] = ()
    furniture: bool = False
    edits: int = 0
    habits: HostHabits = UNKNOWN_HOST
    host_errors: int = 0
    rereadings: tuple["Rereading", ...] = ()
    aliases: Mapping[str, datetime] = field(default_factory=dict)
    volatile: Memory = field(default_factory=dict)
    places: Places = UNSEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """A version's own page read by another release of the rules, or by another method."""

    version_id: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class SameBytes:
    """The body is byte for byte the one that was read last."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The page had to be given up; `reason` is one word."""

    reason: str


Read = Reading | SamePage | SameBytes | Unreadable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """What lies between the version `from_version_id` and the new one, as it is recorded. `told` are the edits that
    people are told of where not all of them stood in two fetches, or are news; `entries` what became of the entries of
    a live blog. `whole`: its unchanged paragraphs are to
    be kept with it, for they do not stand in what is stored of the older version."""

    from_version_id: int
    state: ChangeState
    declaration: Declaration | None
    claims_moved: tuple[ClaimSource, ...]
    claims_still: tuple[ClaimSource, ...]
    fields: tuple[Field, ...]
    edits: tuple[Edit, ...]
    patch: str
    words_added: int
    words_removed: int
    similarity: float
    cosmetic: bool
    not_before: datetime
    not_after: datetime
    old_claims: tuple[Claim, ...]
    new_claims: tuple[Claim, ...]
    told: tuple[Edit, ...] | None = None
    entries: tuple[EntryChange, ...] = ()
    reason: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A Content to be kept with its page. `told_version_id` is set when the alert must speak from an earlier version
    than the change does (a held change was followed by another). `rounds` goes into the Hold. `aside`: it is kept, and
    the version before it stays the current one."""

    content: Content
    reading: Reading
    change: NewChange | None = None
    hold: bool = False
    told_version_id: int | None = None
    rounds: int = 0
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A held change gets its final state. `release`: its deliveries go out; `merge`: the new version's speak for it.
    `told` are the edits that stood, where not all did, and `entries` what they did to the entries of a live blog; of
    its deliveries then only those to `channels` go out."""

    change_id: int
    state: ChangeState
    release: bool
    merge: bool = False
    reason: str = ""
    told: tuple[Edit, ...] | None = None
    entries: tuple[EntryChange, ...] = ()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LateStamp:
    """The publisher's stamp followed a text change that it had not announced."""

    change_id: int
    late_by: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event to record: it happened between the two times."""

    event: AlertEvent
    not_before: datetime
    not_after: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A capture that is not the article: kept with its page, never diffed."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one visit means. The store writes all of it in one transaction, or, when `article.check_seq` is no longer
    the one in the store, nothing.

    `article` is the article's new state, except for what only the store can know: the id of a new version
    (`version`) and of the change that is held (`version.hold`). `seen_version_id` was still on the page when it was
    asked for. `look_again`: the next look is a second one, and follows at once. `learned` is what is known now of those
    blocks of its host of which the page said something, `places` what is known of the article's, where that is not what
    was.
    """

    article: Article
    outcome: str
    capture: Capture
    at: datetime
    version: NewVersion | None = None
    settlement: Settlement | None = None
    late_stamp: LateStamp | None = None
    observation: Observation | None = None
    happenings: tuple[Happening, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    seen_version_id: int | None = None
    charset: str | None = None
    host_not_before: datetime | None = None
    rereadings: tuple[Rereading, ...] = ()
    look_again: bool = False
    learned: tuple[Volatility, ...] = ()
    places: Places | None = None
