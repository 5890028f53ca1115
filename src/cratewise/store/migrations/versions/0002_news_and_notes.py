"""An account's news begin where it looked last; whoever follows a seller may note why."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("looked_at", sa.BigInteger(), nullable=True))
    op.add_column("follows", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "follows", sa.Column("is_muted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
