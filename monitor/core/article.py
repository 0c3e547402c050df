"""What is watched and what it said: Article, Content, Reading, Version."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from monitor.core.capture import Validators
from monitor.core.headline import Surface, SurfaceMemory, SurfaceText


class Stage(StrEnum):
    """Where an article stands in its life. `found`: seen in a source, not read yet; `cooling`: the live
    marker is not (or no longer) shown and edits are still likely; `retired`: too old to be looked at again."""

    FOUND = "found"
    LIVE = "live"
    COOLING = "cooling"
    SETTLED = "settled"
    GONE = "gone"
    PAUSED = "paused"
    RETIRED = "retired"


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"


class Rank(StrEnum):
    """`core` text is compared; `peripheral` (bios, "Reporting by ..."), `noise`, and what is `masked` because its like
    comes and goes on its host (`lifecycle.volatility`), are stored only."""

    CORE = "core"
    PERIPHERAL = "peripheral"
    NOISE = "noise"
    MASKED = "masked"


class ClaimKind(StrEnum):
    PUBLISHED = "published"
    UPDATED = "updated"


class ClaimSource(StrEnum):
    """Where the publisher said it, most trusted first (visible lines of a site rule come as `site`). `inferred` is a
    day that was searched for on a page that states no publication: the publisher's words, our reading of them."""

    JSON_LD = "json-ld"
    SITE = "site"
    META = "meta"
    MICRODATA = "microdata"
    VISIBLE = "visible"
    TIME = "time"
    FEED = "feed"
    HTTP = "http"
    INFERRED = "inferred"


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"

    @property
    def width(self) -> timedelta:
        """How long one value of this precision lasts: what happens inside it moves no stamp."""
        return _WIDTHS[self]


_WIDTHS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
}


class Field(StrEnum):
    """What a change can touch."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    BODY = "body"
    CAPTIONS = "captions"
    CORRECTIONS = "corrections"
    PUBLISHED = "published"
    UPDATED = "updated"
    LIVE = "live"


class FactKind(StrEnum):
    """What the text of an edit does (`core.facts`). `name` is a hint: a word with a capital, which may be no name."""

    HEADLINE = "headline"
    CORRECTION = "correction"
    NUMBER = "number"
    QUOTATION = "quotation"
    PARAGRAPH_REMOVED = "paragraph_removed"
    PARAGRAPH_ADDED = "paragraph_added"
    PARAGRAPH_MOVED = "paragraph_moved"
    PUNCTUATION = "punctuation"
    CASE = "case"
    NAME = "name"


class Declaration(StrEnum):
    """How a change relates to the publisher's own clock (DESIGN: words)."""

    ANNOUNCED = "announced"
    STEALTH = "stealth"
    UNDETERMINED = "undetermined"
    UNSTAMPED = "unstamped"
    RESTAMPED = "restamped"


TEXT_FIELDS = (Field.HEADLINE, Field.STANDFIRST, Field.BYLINE, Field.BODY, Field.CAPTIONS, Field.CORRECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing the publisher says of its own times.

    `raw` are the publisher's words, never empty. `at` is aware UTC, or None where the words do not give an
    instant ("5 minutes ago" without a known time of capture). `zone` is the zone as given ("GMT", "+03:00"),
    None where none was given; `wall` is then what its clock shows, in ISO form (`2022-01-25T09:55`, `2022-01-25`,
    or `T09:55` where the day is not said either). `doubt` says in a word why a claim is not believed: `relative`,
    `dynamic`, `future`, `before_published`, `transport`, `same_as_published`, `conflict`, `unparsed`. Two leave it
    believed: `no_zone` (such a clock gives no instant, but it can be seen to move), and `same_as_published` where the
    page shows its readers an update line that says the same. `confidence` is what the policy gives for such a claim,
    from 0 (not to be used) to 1; a claim that was never weighed has a half.
    """

    kind: ClaimKind
    at: datetime | None
    raw: str
    source: ClaimSource
    precision: Precision | None = None
    zone: str | None = None
    believed: bool = True
    doubt: str | None = None
    wall: str | None = None
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Block:
    """`signature` tells a block that stands apart from the story's own by what it is made of (see
    `extract.signatures`); None for those of the story."""

    kind: BlockKind
    text: str
    rank: Rank = Rank.CORE
    entry: str | None = None
    signature: str | None = field(default=None, compare=False)

    # Readings come from worker processes. Pickled by their values, the thousand blocks of a live blog and its entries
    # take a third of the time that they take by the names of their fields.
    def __reduce__(self) -> tuple[type["Block"], tuple[object, ...]]:
        return Block, (self.kind, self.text, self.rank, self.entry, self.signature)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a live blog. `at` and `updated_at` are its own times; where its printed clock gives no instant, for
    want of a zone or a day, `wall` is what that clock shows (as in Claim)."""

    id: str
    at: datetime | None
    headline: str | None
    updated_at: datetime | None = None
    pinned: bool = False
    wall: str | None = None

    def __reduce__(self) -> tuple[type["Entry"], tuple[object, ...]]:
        return Entry, (self.id, self.at, self.headline, self.updated_at, self.pinned, self.wall)


# No slots: what is derived of the blocks is kept, for a check asks for it a dozen times.
@dataclass(frozen=True, kw_only=True)
class Content:
    """The journalism without the page around it.

    Text is normalised (`monitor.core.text.normalise`): NFC, single spaces, nothing invisible. `claims` stand in
    the order of trust. `method` names how the body was read and `extractor` the release of the rules, so that
    two readings are only ever compared when both agree. `headlines` is what each surface says; that they differ makes
    no version.
    """

    url: str
    headline: str | None = None
    standfirst: str | None = None
    byline: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    entries: tuple[Entry, ...] = ()
    captions: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    live: bool = False
    live_marker: str | None = None
    language: str | None = None
    claims: tuple[Claim, ...] = ()
    method: str = "none"
    extractor: str = "0"
    headlines: tuple[SurfaceText, ...] = ()

    @cached_property
    def core(self) -> tuple[Block, ...]:
        """The blocks that are the story."""
        return tuple([block for block in self.blocks if block.rank is Rank.CORE])

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The core text of the body, a block a string."""
        return tuple([block.text for block in self.core])

    @cached_property
    def entry_texts(self) -> Mapping[str, tuple[str, ...]]:
        """The core text of each entry by its id, a block a string."""
        found: dict[str, list[str]] = {entry.id: [] for entry in self.entries}
        for block in self.core:
            if block.entry is not None:
                found.setdefault(block.entry, []).append(block.text)
        return {name: tuple(texts) for name, texts in found.items()}

    @property
    def words(self) -> int:
        return len(" ".join((self.headline or "", self.standfirst or "", *self.paragraphs)).split())

    def claim(self, kind: ClaimKind) -> Claim | None:
        """The most trusted believed claim of that kind that gives an instant."""
        return next((c for c in self.claims if c.kind is kind and c.believed and c.at is not None), None)

    @property
    def claimed_published_at(self) -> datetime | None:
        return claim.at if (claim := self.claim(ClaimKind.PUBLISHED)) else None

    @property
    def claimed_updated_at(self) -> datetime | None:
        return claim.at if (claim := self.claim(ClaimKind.UPDATED)) else None

    @property
    def claimed_updated_raw(self) -> str | None:
        """The publisher's words for its latest update: what a reader of the page sees, where there is such a line."""
        shown = (ClaimSource.SITE, ClaimSource.VISIBLE, ClaimSource.TIME)
        updated = [c for c in self.claims if c.kind is ClaimKind.UPDATED and c.believed]
        for claim in [c for c in updated if c.source in shown] or updated:
            return claim.raw
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an extractor read from one page.

    `page_digest` covers the visible text and the claims of the whole page: equal digests prove that the article
    reads as it did. `page_blocks` are hashes of the page's text blocks (64 bit, sorted, each as often as its block
    stands on the page), for telling text that left the article from text that the extractor put elsewhere. `charset`
    is the encoding the bytes were read in. `suspicions` are reasons to think that this page is not the article at
    all: `empty`, `stray`, `listing`, `consent`, `login`, `gate`, `error`, `challenge`, `paywall`. `declared`: the
    page's metadata calls it an article; `canonical` is the address that it gives itself. `marker_place` stands for the
    live marker's words and where on the page they are.
    """

    content: Content
    page_digest: str
    page_blocks: tuple[int, ...] = ()
    charset: str = "utf-8"
    suspicions: tuple[str, ...] = ()
    declared: bool = False
    canonical: str | None = None
    marker_place: str | None = None


@dataclass(frozen=True, slots=True)
class SamePage:
    """The page's text and claims equal those that the hints named: there is nothing to extract."""

    page_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A distinct Content of an article. `number` counts from 1; `last_seen_at` only grows."""

    id: int
    article_id: int
    number: int
    content: Content
    first_seen_at: datetime
    last_seen_at: datetime
    page_sha256: str | None = None
    page_blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMark:
    """What the clock of one source showed at the last capture, and whether it has been seen to follow ours. `alone`
    counts the captures in a row at which it was fresh and had moved without the text."""

    at: datetime
    captured_at: datetime
    dynamic: bool = False
    alone: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A provisional change that waits for the confirming fetch. `told_version_id` is the last version people know of.
    `tries` counts the looks that failed, `rounds` those before it whose own change did not stand."""

    change_id: int
    told_version_id: int
    since: datetime
    tries: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the source `source_id` last said of an article: its headline there, and the times it gives, as claims of
    source `feed`.

    `hastened_at` is the time to which a move of these last brought a look forward, `in_vain` how many such looks in a
    row found nothing new.
    """

    source_id: int
    headline: str | None = None
    claims: tuple[Claim, ...] = ()
    hastened_at: datetime | None = None
    in_vain: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is watched, and the state of the watch. The store keeps it as one row; `check_seq` fences results.

    `said_key` stands for what its page says, `suspect_key` for what a page said that was not taken for the article
    (see `lifecycle.said_key`); `marker_place` for where the page shows a live marker, believed or not.
    `useless_validators` counts the answers in a row that were whole pages, and the same, all the same. `moved_to` is
    where it has moved for good; `url` stays what it is known by. `headlines` is what each surface has shown.
    """

    id: int
    url: str
    host: str
    stage: Stage = Stage.FOUND
    tags: tuple[str, ...] = ()
    every: timedelta | None = None
    added_at: datetime
    candidate: bool = False
    source_id: int | None = None
    check_seq: int = 0
    next_check_at: datetime | None = None
    interval: timedelta | None = None
    current_version_id: int | None = None
    version_count: int = 0
    validators: Validators = field(default_factory=Validators)
    body_sha256: str | None = None
    page_digest: str | None = None
    not_modified_streak: int = 0
    useless_validators: int = 0
    moved_to: str | None = None
    error_streak: int = 0
    gone_streak: int = 0
    suspect_streak: int = 0
    failing_since: datetime | None = None
    missing_since: datetime | None = None
    last_checked_at: datetime | None = None
    last_seen_at: datetime | None = None
    last_changed_at: datetime | None = None
    quiet_since: datetime | None = None
    last_outcome: str | None = None
    hold: Hold | None = None
    clocks: Mapping[str, ClockMark] = field(default_factory=dict)
    headline: str | None = None
    said_key: str | None = None
    suspect_key: str | None = None
    marker_place: str | None = None
    listed: Listed | None = None
    headlines: Mapping[Surface, SurfaceMemory] = field(default_factory=dict)

    def but(self, **changes: object) -> "Article":
        """The same article with some of its state replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]  # dataclasses.replace checks the names
