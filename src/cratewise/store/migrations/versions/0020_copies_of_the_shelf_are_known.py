"""The database knows the copies of it that processes keep in files."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_copies",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_shelf_copies"),
    )


def downgrade() -> None:
    op.drop_table("shelf_copies")
