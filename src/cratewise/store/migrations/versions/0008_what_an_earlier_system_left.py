"""What an earlier system left has a place, and its listings are found by seller and release."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_rows",
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("earlier_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("our_id", sa.BigInteger(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("noun", "earlier_id", name="pk_earlier_rows"),
    )
    op.create_index("ix_earlier_rows_noun_our_id", "earlier_rows", ["noun", "our_id"])
    op.create_index(
        "ix_listings_imported",
        "listings",
        ["seller_id", "release_id"],
        sqlite_where=sa.text("discogs_listing_id IS NULL"),
        postgresql_where=sa.text("discogs_listing_id IS NULL"),
    )
