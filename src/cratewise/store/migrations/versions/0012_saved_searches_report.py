"""Saved searches report what they find, each listing once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        refers("saved_searches", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sa.UniqueConstraint("account_id", "name", name="uq_saved_searches_account_id_name"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("search_id", big_id(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("may_be_private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        refers("alerts", "account_id", "accounts"),
        refers("alerts", "search_id", "saved_searches"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_account_id", "alerts", ["account_id"])
    op.create_index("ix_alerts_search_id", "alerts", ["search_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("alert_id", big_id(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        refers("deliveries", "alert_id", "alerts"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
    )
    op.create_index("ix_deliveries_alert_id_made_at", "deliveries", ["alert_id", "made_at"])
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"])
    op.create_table(
        "alert_listings",
        sa.Column("alert_id", big_id(), nullable=False),
        sa.Column("listing_id", big_id(), nullable=False),
        sa.Column("delivery_id", big_id(), nullable=False),
        refers("alert_listings", "alert_id", "alerts"),
        refers("alert_listings", "listing_id", "listings"),
        refers("alert_listings", "delivery_id", "deliveries"),
        sa.PrimaryKeyConstraint("alert_id", "listing_id", name="pk_alert_listings"),
    )
    op.create_index("ix_alert_listings_listing_id", "alert_listings", ["listing_id"])
    op.create_index("ix_alert_listings_delivery_id", "alert_listings", ["delivery_id"])


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", ondelete="CASCADE"
    )


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
