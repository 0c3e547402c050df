"""The frozen values that config.toml parses into. Each default here is the default of the key of that name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network

from monitor.core.article import Declaration, FactKind, Field
from monitor.core.hours import Digest, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePolicy:
    url: str = "sqlite:///monitor.db"


NO_CONTACT = "contact not set"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    user_agent: str = f"article-monitor/0.1 (+https://github.com/article-monitor/article-monitor; {NO_CONTACT})"
    delay: timedelta = timedelta(seconds=2)
    timeout: timedelta = timedelta(seconds=30)
    max_body: int = 10_000_000
    max_redirects: int = 10
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    respect_robots: bool = True
    proxy: str | None = field(default=None, repr=False)

    @property
    def names_contact(self) -> bool:
        """Whether a site learns from the User-Agent whom to ask: a page or a mailbox."""
        return NO_CONTACT not in self.user_agent and ("://" in self.user_agent or "@" in self.user_agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePolicy:
    live: timedelta = timedelta(minutes=2)
    fresh: timedelta = timedelta(minutes=10)
    min: timedelta = timedelta(minutes=2)
    max: timedelta = timedelta(days=7)
    retire_after: timedelta = timedelta(days=60)
    confirm: timedelta = timedelta(seconds=30)
    sources: timedelta = timedelta(minutes=5)
    concurrency: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePolicy:
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEntry:
    """An article written in config.toml."""

    url: str
    tags: tuple[str, ...] = ()
    every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which of a source's items are watched. Empty means any.

    `links` (a CSS selector) says where on a listing page its articles are; without it, `pattern` picks them among all
    its links. `pattern` and `exclude` are globs of addresses, as `core.address.fits` reads them; `section` and
    `language` are names as the source writes them; `max_age` counts from an item's own date. What an item does not
    say (a language, a date) does not stand against it.
    """

    links: str | None = None
    pattern: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    max_age: timedelta | None = None


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry(Selection):
    """A feed, sitemap or listing page written in config.toml."""

    url: str
    only_live: bool = False
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    every: timedelta | None = None

    @property
    def selection(self) -> Selection:
        return Selection(**{key.name: getattr(self, key.name) for key in fields(Selection)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """What is known of one publisher: where its pages keep things, as CSS selectors, and how it writes its times.

    `host` is a name or a pattern ("*.example.org"). `zone` is the IANA zone of times printed without one, `day_first`
    whether 05.01 is the fifth of January. `drop` are selectors of what is never the article.
    """

    host: str
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    body: str | None = None
    captions: str | None = None
    corrections: str | None = None
    published: str | None = None
    updated: str | None = None
    live: str | None = None
    drop: tuple[str, ...] = ()
    zone: str | None = None
    day_first: bool | None = None

    def covers(self, host: str) -> bool:
        """Whether this rule is about that host; "*.example.org" covers example.org too."""
        return fnmatchcase(host, self.host) or (self.host.startswith("*.") and host == self.host[2:])


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEntry(SiteRule):
    """A publisher written in config.toml: what is known of its pages, and how its servers are asked. `proxy` goes
    before that of [fetch]; `headers` and `cookies` are sent with every request to its hosts, and to no other."""

    proxy: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def rule(self) -> SiteRule:
        return SiteRule(**{key.name: getattr(self, key.name) for key in fields(SiteRule)})


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailPolicy:
    """The SMTP server. `password` is read from the environment or a file by config, never written in it."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "monitor@localhost"


class ChannelType(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    COMMAND = "command"
    APPRISE = "apprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy:
    """One receiver of alerts. `gather` holds one article's changes together until it has been quiet that long
    (`gather_max` at the most); where it is not said, mails, and what a live blog adds on any channel. A stealth change,
    a correction, or an old entry that was rewritten or removed does not wait. In its `quiet` hours, on the clock of
    `zone`, only what a rule calls urgent is sent. Where more than `storm` messages would go out within `storm_window`,
    one that lists all takes their place; 0 sends each."""

    name: str
    type: ChannelType
    to: tuple[str, ...] = ()
    url: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    command: tuple[str, ...] = ()
    gather: timedelta | None = None
    gather_max: timedelta = timedelta(minutes=30)
    zone: str = "UTC"
    quiet: tuple[Hours, ...] = ()
    storm: int | None = None
    storm_window: timedelta = timedelta(minutes=10)

    @property
    def most(self) -> int:
        """Messages within `storm_window`; 0: any number. A program can be told one by one, a person would stop
        reading."""
        if self.storm is not None:
            return self.storm
        return 0 if self.type in (ChannelType.WEBHOOK, ChannelType.COMMAND) else STORM


STORM = 20
"""Messages to a person within ten minutes, beyond which one that lists all is the kinder one."""


class AlertEvent(StrEnum):
    """What a rule can ask to be told of; `changed` is the text, the rest are moves of stage and health. `found`: read
    for the first time, and watched from then on; `cooling`: the live marker has gone; `variant`: the page shows several
    headlines by turns."""

    CHANGED = "changed"
    FOUND = "found"
    LIVE = "live"
    COOLING = "cooling"
    SETTLED = "settled"
    REOPENED = "reopened"
    GONE = "gone"
    RESTORED = "restored"
    RETIRED = "retired"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    FAILING = "failing"
    RECOVERED = "recovered"
    VARIANT = "variant"


DEFAULT_EVENTS = (
    AlertEvent.CHANGED,
    AlertEvent.GONE,
    AlertEvent.RESTORED,
    AlertEvent.FAILING,
    AlertEvent.RECOVERED,
    AlertEvent.VARIANT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePolicy:
    """Who is told of what. Empty means any.

    `facts` are kinds of what the text does; `added` and `removed` are regular expressions that the changed passages
    match more often, or less often, than before; `sources` and `hosts` are patterns of addresses and names. What is
    `urgent` waits for nothing: neither to be gathered, nor for the end of quiet hours. A `digest` gathers everything
    until its time.
    """

    channels: tuple[str, ...]
    name: str = ""
    fields: tuple[Field, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    min_words: int = 0
    events: tuple[AlertEvent, ...] = DEFAULT_EVENTS
    tags: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    facts: tuple[FactKind, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    cosmetic: bool = False
    urgent: bool = False
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPolicy:
    """When the monitor tells of itself, and to whom (`channels` empty: all of them).

    Blind: no check has succeeded for `blind_after`, though something was due. A source fails when
    `source_failing_after` polls in a row have. `ping_url` is asked every `ping_every` while all is well.
    """

    blind_after: timedelta = timedelta(minutes=30)
    source_failing_after: int = 3
    channels: tuple[str, ...] = ()
    ping_url: str | None = field(default=None, repr=False)
    ping_every: timedelta = timedelta(minutes=5)
    disk_reserve: int = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPolicy:
    """Where the web page listens, as host:port; None: it is off."""

    listen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything config.toml can say."""

    store: StorePolicy = StorePolicy()
    fetch: FetchPolicy = FetchPolicy()
    schedule: SchedulePolicy = SchedulePolicy()
    live: LivePolicy = LivePolicy()
    articles: tuple[ArticleEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    sites: tuple[SiteEntry, ...] = ()
    email: EmailPolicy | None = None
    channels: tuple[ChannelPolicy, ...] = ()
    rules: tuple[RulePolicy, ...] = ()
    health: HealthPolicy = HealthPolicy()
    web: WebPolicy = WebPolicy()
