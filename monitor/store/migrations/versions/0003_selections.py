"""What is asked of a source's items, how many were left out, and what is remembered of the sitemaps of an index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("links", "sitemaps"):
        op.add_column("source", sa.Column(name, sa.Text(), nullable=True))
    for name in ("pattern", "exclude", "section", "language"):
        op.add_column("source", sa.Column(name, sa.Text(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("source", sa.Column("max_age", sa.BigInteger(), nullable=True))
    op.add_column("source", sa.Column("filtered", sa.Integer(), server_default=sa.text("0"), nullable=False))
