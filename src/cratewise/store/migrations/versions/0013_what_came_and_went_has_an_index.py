"""When listings came, went and came back is found by an index, with whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_listings_first_seen_at", "listings", ["first_seen_at", "seller_id"])
    for moment in ("gone_at", "back_at"):
        is_known = sa.text(f"{moment} IS NOT NULL")
        op.create_index(
            f"ix_listings_{moment}",
            "listings",
            [moment, "seller_id"],
            sqlite_where=is_known,
            postgresql_where=is_known,
        )
