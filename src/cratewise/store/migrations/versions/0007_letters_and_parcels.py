"""What Discogs is still to be told lies in an outbox; what sending records costs is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("taken", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        of_account("outbox"),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name="fk_outbox_release_id_releases"
        ),
    )
    op.create_index(
        "uq_outbox_waiting_account_id_release_id",
        "outbox",
        ["account_id", "release_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "postage",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("seller_id", big_id(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("origin_key", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("first_minor", sa.BigInteger(), nullable=True),
        sa.Column("further_minor", sa.BigInteger(), nullable=True),
        sa.Column("tiers", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_postage"),
        of_account("postage"),
        sa.ForeignKeyConstraint(
            ["seller_id"],
            ["sellers.id"],
            name="fk_postage_seller_id_sellers",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "account_id", "country", "seller_id", name="uq_postage_account_id_country_seller_id"
        ),
        sa.UniqueConstraint(
            "account_id", "country", "origin_key", name="uq_postage_account_id_country_origin_key"
        ),
    )
    op.create_index("ix_postage_seller_id", "postage", ["seller_id"])


def of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["accounts.id"],
        name=f"fk_{table}_account_id_accounts",
        ondelete="CASCADE",
    )


def big_id() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
