"""What headlines an article has shown, on each surface of its page."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("headlines", sa.Text(), nullable=True))
