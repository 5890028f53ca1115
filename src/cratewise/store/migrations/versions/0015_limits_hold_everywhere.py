"""How often a token asks is counted for all processes; feeds have addresses of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("spent_until", sa.BigInteger(), nullable=True))
    op.add_column("alerts", sa.Column("feed_hash", sa.Text(), nullable=True))
    op.create_index("uq_alerts_feed_hash", "alerts", ["feed_hash"], unique=True)
