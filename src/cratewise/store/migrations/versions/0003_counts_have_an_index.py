"""Counting what is for sale reads an index instead of every listing."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_listings_seller_id_gone_at", "listings", ["seller_id", "gone_at"])
