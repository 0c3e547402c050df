"""What the store gives back, besides the types of the core."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.article import Article, Claim, ClaimSource, Declaration, Field, Stage
from monitor.core.blog import EntryChange
from monitor.core.capture import Validators
from monitor.core.diff import Edit
from monitor.core.health import Notice, Sight
from monitor.core.lifecycle import ChangeState
from monitor.core.policy import EVERYTHING, AlertEvent, Selection


class DeliveryState(StrEnum):
    """held: waits for its change to be settled; pending: waits for its time, its turn or a retry; sent; dead: given
    up, a dead letter; withdrawn: its change was; merged: the next change's delivery speaks for it."""

    HELD = "held"
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What `record` wrote. `version_id`, `number` and `change_id` are None when nothing was new."""

    version_id: int | None = None
    number: int | None = None
    change_id: int | None = None
    event_ids: tuple[int, ...] = ()
    outbox_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """A change as it was recorded. `from_version` and `to_version` are numbers; `headline` is the newer version's.
    The edits and the patch are read with `Store.edits` and `Store.patch`. `entries`: what became of the entries of a
    live blog, as far as people are told of it."""

    id: int
    article_id: int
    url: str
    host: str
    tags: tuple[str, ...]
    headline: str | None
    from_version: int
    to_version: int
    from_version_id: int
    to_version_id: int
    state: ChangeState
    state_reason: str
    declaration: Declaration | None
    claims_moved: tuple[ClaimSource, ...]
    claims_still: tuple[ClaimSource, ...]
    fields: tuple[Field, ...]
    words_added: int
    words_removed: int
    similarity: float
    cosmetic: bool
    not_before: datetime
    not_after: datetime
    recorded_at: datetime
    announced_late_by: timedelta | None
    old_claims: tuple[Claim, ...]
    new_claims: tuple[Claim, ...]
    entries: tuple[EntryChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDiff:
    """The diff of a change as it was recorded, and the release of the rules that made it. `entries`: what became of
    the entries of a live blog."""

    edits: tuple[Edit, ...]
    patch: str
    diff_version: str
    entries: tuple[EntryChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionHead:
    """A version without its text."""

    id: int
    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    headline: str | None
    words: int
    live: bool
    claimed_published_at: datetime | None
    claimed_updated_at: datetime | None
    claimed_updated_raw: str | None
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A version and the change that led to it; None for the first."""

    version: VersionHead
    change: StoredChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article for a list. `changes` leaves withdrawn ones out; `last_declaration` is of the latest text change."""

    article: Article
    origin: str
    source_url: str | None
    versions: int
    changes: int
    last_declaration: Declaration | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    id: int
    article_id: int
    url: str
    event: AlertEvent
    not_before: datetime
    not_after: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRange:
    """Checks one after another that came to the same: a quiet stretch is one row. `detail` is the latest one's."""

    first_at: datetime
    last_at: datetime
    checks: int
    outcome: str
    status: int | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRow:
    """Captures that were not the article, one after another with the same page."""

    id: int
    first_at: datetime
    last_at: datetime
    times: int
    kind: str
    detail: str
    page_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRow:
    """What is remembered of a host. It is left alone until `not_before`."""

    name: str
    not_before: datetime | None = None
    charset: str | None = None
    error_streak: int = 0
    leased_by: str | None = None
    leased_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapRow:
    """What is remembered of one sitemap of an index: how to ask for it again, what it held and what was left out."""

    validators: Validators
    items: int
    filtered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A feed, sitemap or listing page. `items`, `filtered` (how many of them its `selection` left out) and `new` are
    of the last poll; `seq` fences its results. `sitemaps` are those of an index, by address."""

    id: int
    url: str
    host: str
    origin: str
    kind: str | None
    only_live: bool
    mentions: tuple[str, ...]
    tags: tuple[str, ...]
    every: timedelta | None
    seq: int
    added_at: datetime
    next_poll_at: datetime | None
    last_polled_at: datetime | None
    outcome: str | None
    detail: str | None
    validators: Validators
    items: int
    new: int
    error_streak: int
    selection: Selection = EVERYTHING
    filtered: int = 0
    sitemaps: Mapping[str, SitemapRow] = field(default_factory=dict)
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One delivery: one alert for one channel. `event` is None for a test message and for a `notice`, whose sentence
    is in `headline`, and what it is about in `rule`. `sent_as` is the id of the message that carries it, from its first
    try on. `digest` says why it goes out with what is told of other articles: at which times (`core.hours`), or that
    there was a `STORM`. `attempts` are its own and those of the messages it waited behind that were given up."""

    id: int
    message_id: str
    channel: str
    article_id: int | None
    change_id: int | None
    event_id: int | None
    event: AlertEvent | None
    rule: str
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    from_version_id: int | None
    to_version_id: int | None
    stage: Stage | None
    headline: str | None
    tags: tuple[str, ...]
    attempts: int
    first_attempt_at: datetime | None
    last_error: str | None
    closed_at: datetime | None
    sent_as: str | None
    url: str | None = None
    notice: Notice | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next message of a channel: its deliveries, oldest first. `message_id` is the same at every try."""

    message_id: str
    channel: str
    deliveries: tuple[OutboxRow, ...]
    attempts: int
    first_attempt_at: datetime | None = None


STORM = "storm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a channel is sent to at the moment. In `quiet` hours only what is urgent goes out. At most `most`
    messages go out within `window` (0: any number); where more are waiting, they go out as one, and the next no sooner
    than `window` later."""

    quiet: bool = False
    most: int = 0
    window: timedelta = timedelta(minutes=10)


ANY_TIME = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try of one delivery, and what the receiver answered."""

    outbox_id: int
    at: datetime
    succeeded: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    name: str
    type: str | None
    in_config: bool
    disabled_at: datetime | None
    disabled_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonState:
    """The last daemon. `running` is asked of the lock itself, not of what the daemon wrote."""

    running: bool
    pid: int
    host: str
    since: datetime
    last_tick_at: datetime | None = None
    last_deliver_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStatus:
    """`asked` is the mean interval wished for at the last check of each article, `achieved` the mean time since the
    check before it; `lag_seconds` is how late its oldest due article is."""

    name: str
    articles: int
    due: int
    asked: timedelta | None
    achieved: timedelta | None
    not_before: datetime | None
    error_streak: int
    lag_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateArticle:
    """An article whose time has come and that has not been looked at yet. `asked` and `achieved` are those of its last
    check."""

    article_id: int
    url: str
    due_at: datetime
    asked: timedelta | None
    achieved: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingArticle:
    """`status` and `detail` are what its last visit met."""

    article_id: int
    url: str
    since: datetime
    error_streak: int
    outcome: str | None
    status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingSource:
    """A source whose last poll failed, and how many polls in a row did."""

    source_id: int
    url: str
    error_streak: int
    outcome: str | None
    detail: str
    last_polled_at: datetime | None
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCounts:
    pending: int = 0
    held: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAddress:
    """An address that leads to more than one watched article: perhaps they are one. Nothing is merged unasked."""

    url: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedBlock:
    """A signature whose blocks are compared no more on a host, why, and when the first of them was seen to move."""

    host: str
    signature: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """`articles` counts per stage, candidates and removed ones left out; `lag_seconds` is how late the oldest due
    article is. `late` and `failing` hold the worst of them, `late_count` and `failing_count` say how many there are."""

    articles: dict[Stage, int] = field(default_factory=dict)
    candidates: int = 0
    due: int = 0
    lag_seconds: float = 0.0
    hosts: tuple[HostStatus, ...] = ()
    failing: tuple[FailingArticle, ...] = ()
    alerts: AlertCounts = AlertCounts()
    disabled_channels: tuple[ChannelRow, ...] = ()
    shared_addresses: tuple[SharedAddress, ...] = ()
    late: tuple[LateArticle, ...] = ()
    late_count: int = 0
    failing_count: int = 0
    failing_sources: tuple[FailingSource, ...] = ()
    sight: Sight = field(default_factory=Sight)
    masked_blocks: tuple[MaskedBlock, ...] = ()
