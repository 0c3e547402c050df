"""The tables. A migration writes them; a test holds the two together."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from monitor.store.columns import Id, Listed, Sha256, SpanMs, UtcMs, Words

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every schema this program has had, oldest first: the names of the migrations."""

HEAD = REVISIONS[-1]
"""The schema that this release reads and writes."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

host = Table(
    "host",
    metadata,
    Column("name", String, primary_key=True),
    Column("not_before", UtcMs),
    Column("error_streak", Integer, nullable=False, server_default=text("0")),
    Column("leased_by", String),
    Column("leased_until", UtcMs),
)

host_memory = Table(
    "host_memory",
    metadata,
    Column("host", ForeignKey(host.c.name), nullable=False),
    Column("kind", String, nullable=False),
    Column("value", Words, nullable=False),
    Column("seen_at", UtcMs, nullable=False),
    PrimaryKeyConstraint("host", "kind"),
)

source = Table(
    "source",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("host", ForeignKey(host.c.name), nullable=False),
    Column("origin", String, nullable=False),
    Column("kind", String),
    Column("only_live", Boolean, nullable=False),
    Column("mentions", Listed, nullable=False),
    Column("tags", Listed, nullable=False),
    Column("every", SpanMs),
    Column("seq", Integer, nullable=False, server_default=text("0")),
    Column("added_at", UtcMs, nullable=False),
    Column("removed_at", UtcMs),
    Column("next_poll_at", UtcMs),
    Column("last_polled_at", UtcMs),
    Column("outcome", String),
    Column("detail", Words),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("items", Integer, nullable=False, server_default=text("0")),
    Column("new_items", Integer, nullable=False, server_default=text("0")),
    Column("error_streak", Integer, nullable=False, server_default=text("0")),
    Column("links", Words),
    Column("pattern", Listed, nullable=False, server_default=text("'[]'")),
    Column("exclude", Listed, nullable=False, server_default=text("'[]'")),
    Column("section", Listed, nullable=False, server_default=text("'[]'")),
    Column("language", Listed, nullable=False, server_default=text("'[]'")),
    Column("max_age", SpanMs),
    Column("filtered", Integer, nullable=False, server_default=text("0")),
    Column("sitemaps", Words),
)

article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("host", ForeignKey(host.c.name), nullable=False),
    Column("origin", String, nullable=False),
    Column("source_id", ForeignKey(source.c.id)),
    Column("tags", Listed, nullable=False),
    Column("every", SpanMs),
    Column("added_at", UtcMs, nullable=False),
    Column("removed_at", UtcMs),
    Column("stage", String, nullable=False),
    Column("stage_before_pause", String),
    Column("candidate", Boolean, nullable=False),
    Column("check_seq", Integer, nullable=False, server_default=text("0")),
    Column("next_check_at", UtcMs),
    Column("interval", SpanMs),
    Column("asked_gap", SpanMs),
    Column("achieved_gap", SpanMs),
    Column("current_version_id", ForeignKey("version.id", use_alter=True)),
    Column("version_count", Integer, nullable=False, server_default=text("0")),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_sha256", Sha256),
    Column("page_digest", String),
    Column("not_modified_streak", Integer, nullable=False, server_default=text("0")),
    Column("useless_validators", Integer, nullable=False, server_default=text("0")),
    Column("moved_to", Words),
    Column("error_streak", Integer, nullable=False, server_default=text("0")),
    Column("gone_streak", Integer, nullable=False, server_default=text("0")),
    Column("suspect_streak", Integer, nullable=False, server_default=text("0")),
    Column("failing_since", UtcMs),
    Column("last_checked_at", UtcMs),
    Column("last_seen_at", UtcMs),
    Column("last_changed_at", UtcMs),
    Column("quiet_since", UtcMs),
    Column("last_outcome", String),
    Column("hold_change_id", ForeignKey("change.id", use_alter=True)),
    Column("hold_told_version_id", ForeignKey("version.id", use_alter=True)),
    Column("hold_since", UtcMs),
    Column("hold_tries", Integer),
    Column("clocks", Words, nullable=False, server_default=text("'{}'")),
    Column("headline", Words),
    Column("said_key", String),
    Column("suspect_key", String),
    Column("marker_place", String),
    Column("hold_rounds", Integer),
    Column("missing_since", UtcMs),
    Column("listed", Words),
    Column("headlines", Words),
)
Index("ix_article_host", article.c.host, article.c.next_check_at)

article_url = Table(
    "article_url",
    metadata,
    Column("url", Words, nullable=False),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("kind", String, nullable=False),
    Column("added_at", UtcMs, nullable=False),
    PrimaryKeyConstraint("url", "article_id"),
)

check_log = Table(
    "check_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("first_at", UtcMs, nullable=False),
    Column("last_at", UtcMs, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("detail", Words),
    Index("ix_check_log_article", "article_id", "id"),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Sha256, primary_key=True),
    Column("base_sha256", ForeignKey("blob.sha256")),
    Column("codec", String, nullable=False),
    Column("raw_len", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

observation = Table(
    "observation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("first_at", UtcMs, nullable=False),
    Column("last_at", UtcMs, nullable=False),
    Column("times", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("detail", Words, nullable=False),
    Column("exchange", LargeBinary, nullable=False),
    Column("page_sha256", ForeignKey(blob.c.sha256)),
    Index("ix_observation_article", "article_id", "id"),
)

version = Table(
    "version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_seen_at", UtcMs, nullable=False),
    Column("last_seen_at", UtcMs, nullable=False),
    Column("asked_at", UtcMs, nullable=False),
    Column("captured_at", UtcMs, nullable=False),
    Column("page_sha256", ForeignKey(blob.c.sha256), nullable=False),
    Column("exchange", LargeBinary, nullable=False),
    Column("headline", Words),
    Column("words", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("claimed_published_at", UtcMs),
    Column("claimed_updated_at", UtcMs),
    Column("claimed_updated_raw", Words),
    UniqueConstraint("article_id", "number"),
)

reading = Table(
    "reading",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", ForeignKey(version.c.id), nullable=False),
    Column("extractor", String, nullable=False),
    Column("method", String, nullable=False),
    Column("read_at", UtcMs, nullable=False),
    Column("content_sha256", ForeignKey(blob.c.sha256), nullable=False),
    UniqueConstraint("version_id", "extractor"),
)

change = Table(
    "change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("from_version_id", ForeignKey(version.c.id), nullable=False),
    Column("to_version_id", ForeignKey(version.c.id), nullable=False, unique=True),
    Column("from_reading_id", ForeignKey(reading.c.id), nullable=False),
    Column("to_reading_id", ForeignKey(reading.c.id), nullable=False),
    Column("declaration", String),
    Column("claims_moved", Listed, nullable=False),
    Column("claims_still", Listed, nullable=False),
    Column("fields", Listed, nullable=False),
    Column("is_text", Boolean, nullable=False),
    Column("words_added", Integer, nullable=False),
    Column("words_removed", Integer, nullable=False),
    Column("similarity", Float, nullable=False),
    Column("cosmetic", Boolean, nullable=False),
    Column("not_before", UtcMs, nullable=False),
    Column("not_after", UtcMs, nullable=False),
    Column("recorded_at", UtcMs, nullable=False),
    Column("claims", LargeBinary, nullable=False),
    Column("diff_version", String, nullable=False),
    Column("diff_sha256", ForeignKey(blob.c.sha256), nullable=False),
)
Index("ix_change_article", change.c.article_id, change.c.id)
Index("ix_change_recorded", change.c.recorded_at)

change_state = Table(
    "change_state",
    metadata,
    Column("id", Id, primary_key=True),
    Column("change_id", ForeignKey(change.c.id), nullable=False),
    Column("state", String, nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("reason", Words, nullable=False),
    Column("late_by", SpanMs),
    Column("diff_sha256", ForeignKey(blob.c.sha256)),
    CheckConstraint("(state = 'announced_late') = (late_by IS NOT NULL)", name="late"),
    Index("ix_change_state_change", "change_id", "id"),
)

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", ForeignKey(article.c.id), nullable=False),
    Column("event", String, nullable=False),
    Column("not_before", UtcMs, nullable=False),
    Column("not_after", UtcMs, nullable=False),
    Column("detail", Words, nullable=False),
    Index("ix_event_article", "article_id", "id"),
)

channel = Table(
    "channel",
    metadata,
    Column("name", String, primary_key=True),
    Column("type", String),
    Column("settings", String),
    Column("gather_max", SpanMs),
    Column("in_config", Boolean, nullable=False),
    Column("synced_at", UtcMs),
    Column("disabled_at", UtcMs),
    Column("disabled_reason", Words),
)

rule = Table(
    "rule",
    metadata,
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("document", Words, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("synced_at", UtcMs, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", String, nullable=False, unique=True),
    Column("channel", ForeignKey(channel.c.name), nullable=False),
    Column("article_id", ForeignKey(article.c.id)),
    Column("change_id", ForeignKey(change.c.id)),
    Column("event_id", ForeignKey(event.c.id)),
    Column("event", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_at", UtcMs, nullable=False),
    Column("due_at", UtcMs, nullable=False),
    Column("gather", SpanMs),
    Column("digest", String),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("from_version_id", ForeignKey(version.c.id)),
    Column("to_version_id", ForeignKey(version.c.id)),
    Column("stage", String),
    Column("headline", Words),
    Column("tags", Listed, nullable=False),
    Column("sent_as", String),
    Column("leased_by", String),
    Column("leased_until", UtcMs),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("first_attempt_at", UtcMs),
    Column("last_error", Words),
    Column("closed_at", UtcMs),
    UniqueConstraint("change_id", "channel"),
    UniqueConstraint("event_id", "channel"),
    CheckConstraint("state IN ('held', 'pending', 'sent', 'dead', 'withdrawn', 'merged')", name="state"),
)
Index("ix_outbox_state", outbox.c.state, outbox.c.id)
Index("ix_outbox_closed", outbox.c.channel, outbox.c.closed_at)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outbox_id", ForeignKey(outbox.c.id), nullable=False),
    Column("at", UtcMs, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Column("answer", Words, nullable=False),
    Index("ix_attempt_outbox", "outbox_id", "id"),
)

daemon = Table(
    "daemon",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pid", Integer, nullable=False),
    Column("host", String, nullable=False),
    Column("since", UtcMs, nullable=False),
    Column("stopped_at", UtcMs),
    Column("last_tick_at", UtcMs),
    Column("last_deliver_at", UtcMs),
)
