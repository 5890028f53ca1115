"""What is left to count is told release by release: nobody asks for the last moment any more."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_profile_shares_counted_at", "profile_shares")
