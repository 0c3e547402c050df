"""How an article is asked for: how often in a row its validators were of no use, and the address it has moved to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("useless_validators", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("article", sa.Column("moved_to", sa.Text(), nullable=True))
