"""What is remembered of doubtful pages and of what was told: keys of what pages say, the place of a live marker, the
rounds of a hold, the edits that stood where not all did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEYS = ("said_key", "suspect_key", "marker_place")


def upgrade() -> None:
    for name in KEYS:
        op.add_column("article", sa.Column(name, sa.String(), nullable=True))
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_article_{name}", "article", ["host", name], unique=False, sqlite_where=known, postgresql_where=known
        )
    op.add_column("article", sa.Column("hold_rounds", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("change_state", sa.Column("diff_sha256", sa.LargeBinary(), nullable=True))
        op.create_foreign_key("fk_change_state_diff_sha256", "change_state", "blob", ["diff_sha256"], ["sha256"])
    else:
        # SQLite takes the key of a new column only as part of it, which the migration tool does not write.
        op.execute(
            "ALTER TABLE change_state ADD COLUMN diff_sha256 BLOB"
            " CONSTRAINT fk_change_state_diff_sha256 REFERENCES blob (sha256)"
        )
