"""What an article's source says of it, and since when an article has been missing."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("missing_since", sa.BigInteger(), nullable=True))
    op.add_column("article", sa.Column("listed", sa.Text(), nullable=True))
    # Until now the two were one.
    op.execute("UPDATE article SET missing_since = failing_since WHERE gone_streak > 0")
