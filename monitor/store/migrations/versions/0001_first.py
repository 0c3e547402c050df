"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

POINTERS = (("current_version_id", "version"), ("hold_told_version_id", "version"), ("hold_change_id", "change"))
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        # The two point at each other; SQLite takes a key to a table that is not there yet.
        for column, target in POINTERS:
            op.create_foreign_key(f"fk_article_{column}", "article", target, [column], ["id"])
        _seal_postgresql()
    else:
        _seal_sqlite()


def _only(condition: str) -> dict[str, Any]:
    """An index of the rows that this is true of."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _create_tables() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("base_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("raw_len", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["base_sha256"], ["blob.sha256"], name=op.f("fk_blob_base_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_index("ix_blob_base", "blob", ["base_sha256"], unique=False, **_only("base_sha256 IS NOT NULL"))
    op.create_table(
        "channel",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("settings", sa.String(), nullable=True),
        sa.Column("gather_max", sa.BigInteger(), nullable=True),
        sa.Column("in_config", sa.Boolean(), nullable=False),
        sa.Column("synced_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
    )
    op.create_table(
        "daemon",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("last_tick_at", sa.BigInteger(), nullable=True),
        sa.Column("last_deliver_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daemon")),
    )
    op.create_table(
        "host",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("error_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "rule",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("synced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rule")),
    )
    op.create_table(
        "host_memory",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name=op.f("fk_host_memory_host")),
        sa.PrimaryKeyConstraint("host", "kind", name=op.f("pk_host_memory")),
    )
    op.create_table(
        "source",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("only_live", sa.Boolean(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("next_poll_at", sa.BigInteger(), nullable=True),
        sa.Column("last_polled_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("items", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("new_items", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name=op.f("fk_source_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("url", name=op.f("uq_source_url")),
    )
    op.create_index("ix_source_due", "source", ["next_poll_at"], unique=False, **_only("next_poll_at IS NOT NULL"))
    op.create_table(
        "article",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_before_pause", sa.String(), nullable=True),
        sa.Column("candidate", sa.Boolean(), nullable=False),
        sa.Column("check_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_check_at", sa.BigInteger(), nullable=True),
        sa.Column("interval", sa.BigInteger(), nullable=True),
        sa.Column("asked_gap", sa.BigInteger(), nullable=True),
        sa.Column("achieved_gap", sa.BigInteger(), nullable=True),
        sa.Column("current_version_id", ID, nullable=True),
        sa.Column("version_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("page_digest", sa.String(), nullable=True),
        sa.Column("not_modified_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("gone_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("suspect_streak", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("last_checked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("last_changed_at", sa.BigInteger(), nullable=True),
        sa.Column("quiet_since", sa.BigInteger(), nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("hold_change_id", ID, nullable=True),
        sa.Column("hold_told_version_id", ID, nullable=True),
        sa.Column("hold_since", sa.BigInteger(), nullable=True),
        sa.Column("hold_tries", sa.Integer(), nullable=True),
        sa.Column("clocks", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["current_version_id"], ["version.id"], name=op.f("fk_article_current_version_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["hold_change_id"], ["change.id"], name=op.f("fk_article_hold_change_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["hold_told_version_id"], ["version.id"], name=op.f("fk_article_hold_told_version_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name=op.f("fk_article_host")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_article_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("url", name=op.f("uq_article_url")),
    )
    op.create_index(
        "ix_article_due",
        "article",
        ["next_check_at", "host", "stage"],
        unique=False,
        **_only("next_check_at IS NOT NULL"),
    )
    op.create_index("ix_article_held", "article", ["hold_since"], unique=False, **_only("hold_since IS NOT NULL"))
    op.create_index("ix_article_host", "article", ["host", "next_check_at"], unique=False)
    op.create_index("ix_article_source", "article", ["source_id"], unique=False, **_only("source_id IS NOT NULL"))
    op.create_table(
        "article_url",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_url_article_id")),
        sa.PrimaryKeyConstraint("url", "article_id", name=op.f("pk_article_url")),
    )
    op.create_table(
        "check_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_check_log_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_log")),
    )
    op.create_index("ix_check_log_article", "check_log", ["article_id", "id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_event_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_article", "event", ["article_id", "id"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("exchange", sa.LargeBinary(), nullable=False),
        sa.Column("page_sha256", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_observation_article_id")),
        sa.ForeignKeyConstraint(["page_sha256"], ["blob.sha256"], name=op.f("fk_observation_page_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("ix_observation_article", "observation", ["article_id", "id"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("page_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("exchange", sa.LargeBinary(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("claimed_published_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_updated_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_updated_raw", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_version_article_id")),
        sa.ForeignKeyConstraint(["page_sha256"], ["blob.sha256"], name=op.f("fk_version_page_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_version_article_id_number")),
    )
    op.create_table(
        "reading",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["content_sha256"], ["blob.sha256"], name=op.f("fk_reading_content_sha256")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_reading_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("version_id", "extractor", name=op.f("uq_reading_version_id_extractor")),
    )
    op.create_table(
        "change",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("from_version_id", ID, nullable=False),
        sa.Column("to_version_id", ID, nullable=False),
        sa.Column("from_reading_id", ID, nullable=False),
        sa.Column("to_reading_id", ID, nullable=False),
        sa.Column("declaration", sa.String(), nullable=True),
        sa.Column("claims_moved", sa.Text(), nullable=False),
        sa.Column("claims_still", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("is_text", sa.Boolean(), nullable=False),
        sa.Column("words_added", sa.Integer(), nullable=False),
        sa.Column("words_removed", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("cosmetic", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("claims", sa.LargeBinary(), nullable=False),
        sa.Column("diff_version", sa.String(), nullable=False),
        sa.Column("diff_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_change_article_id")),
        sa.ForeignKeyConstraint(["diff_sha256"], ["blob.sha256"], name=op.f("fk_change_diff_sha256")),
        sa.ForeignKeyConstraint(["from_reading_id"], ["reading.id"], name=op.f("fk_change_from_reading_id")),
        sa.ForeignKeyConstraint(["from_version_id"], ["version.id"], name=op.f("fk_change_from_version_id")),
        sa.ForeignKeyConstraint(["to_reading_id"], ["reading.id"], name=op.f("fk_change_to_reading_id")),
        sa.ForeignKeyConstraint(["to_version_id"], ["version.id"], name=op.f("fk_change_to_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("to_version_id", name=op.f("uq_change_to_version_id")),
    )
    op.create_index("ix_change_article", "change", ["article_id", "id"], unique=False)
    op.create_index("ix_change_recorded", "change", ["recorded_at"], unique=False)
    op.create_table(
        "change_state",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("late_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'announced_late') = (late_by IS NOT NULL)", name=op.f("ck_change_state_late")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_change_state_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_state")),
    )
    op.create_index("ix_change_state_change", "change_state", ["change_id", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("change_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("gather", sa.BigInteger(), nullable=True),
        sa.Column("from_version_id", ID, nullable=True),
        sa.Column("to_version_id", ID, nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("sent_as", sa.String(), nullable=True),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('held', 'pending', 'sent', 'dead', 'withdrawn', 'merged')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_outbox_article_id")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_outbox_change_id")),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name=op.f("fk_outbox_channel")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_outbox_event_id")),
        sa.ForeignKeyConstraint(["from_version_id"], ["version.id"], name=op.f("fk_outbox_from_version_id")),
        sa.ForeignKeyConstraint(["to_version_id"], ["version.id"], name=op.f("fk_outbox_to_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("change_id", "channel", name=op.f("uq_outbox_change_id_channel")),
        sa.UniqueConstraint("event_id", "channel", name=op.f("uq_outbox_event_id_channel")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index("ix_outbox_due", "outbox", ["channel", "due_at"], unique=False, **_only("state = 'pending'"))
    op.create_index("ix_outbox_held", "outbox", ["change_id"], unique=False, **_only("state = 'held'"))
    op.create_index(
        "ix_outbox_pending", "outbox", ["channel", "article_id", "id"], unique=False, **_only("state = 'pending'")
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_attempt_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_outbox", "attempt", ["outbox_id", "id"], unique=False)


# What must never be altered, and the one column of it that may: it only grows.
SEALED = ("blob", "version", "reading", "change", "change_state", "event", "attempt")
KEPT = (*SEALED, "observation")
GROWING = {
    "version": ("last_seen_at", ("id", "article_id", "number", "first_seen_at", "asked_at", "captured_at",
                                 "page_sha256", "exchange", "headline", "words", "live", "claimed_published_at",
                                 "claimed_updated_at", "claimed_updated_raw")),
}  # fmt: skip


def _seal_sqlite() -> None:
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_altered BEFORE UPDATE ON {table} WHEN {_altered(table, 'IS NOT')}"
            f" BEGIN SELECT RAISE(ABORT, 'a stored {table} is never altered'); END"
        )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'a stored {table} is never deleted'); END"
        )


def _seal_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION monitor_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'a stored % is never altered or deleted', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_altered BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({_altered(table, 'IS DISTINCT FROM')}) EXECUTE FUNCTION monitor_refuse()"
        )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION monitor_refuse()"
        )


def _altered(table: str, differs: str) -> str:
    if table not in GROWING:
        return "1 = 1"
    grows, fixed = GROWING[table]
    changed = [f"NEW.{column} {differs} OLD.{column}" for column in fixed]
    return " OR ".join([*changed, f"NEW.{grows} < OLD.{grows}"])
