"""Deliveries that wait for a digest, and those that wait for nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("digest", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index("ix_outbox_closed", "outbox", ["channel", "closed_at"])
