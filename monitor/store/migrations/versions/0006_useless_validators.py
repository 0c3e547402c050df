"""How often in a row an article's validators were of no use."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("useless_validators", sa.Integer(), nullable=False, server_default=sa.text("0")))
