"""Releases are described; an account wants, owns, hides and judges them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    describe_releases()
    want_and_own()
    hide()
    judge()


def describe_releases() -> None:
    for name in ("country", "genres", "styles", "artist_ids", "label_ids", "described_by"):
        op.add_column("releases", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("releases", sa.Column("master_id", sa.BigInteger(), nullable=True))
    op.add_column("releases", sa.Column("original_year", sa.SmallInteger(), nullable=True))
    op.add_column("releases", sa.Column("described_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_releases_master_id", "releases", ["master_id"])
    op.create_index("ix_releases_described_at", "releases", ["described_at"])


def want_and_own() -> None:
    op.create_table(
        "wants",
        *account_and_release("wants"),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=True),
        sa.Column("synced_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "owned",
        *account_and_release("owned"),
        sa.Column("copies", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("folder", sa.Text(), server_default="", nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=True),
        sa.Column("synced_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_wants_release_id", "wants", ["release_id"])
    op.create_index("ix_owned_release_id", "owned", ["release_id"])


def account_and_release(table: str) -> list[sa.Column[int] | sa.Constraint]:
    return [
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "release_id", name=f"pk_{table}"),
        of_account(table),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=f"fk_{table}_release_id_releases"
        ),
    ]


def hide() -> None:
    op.create_table(
        "hidden",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("hidden_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hidden"),
        of_account("hidden"),
        sa.UniqueConstraint(
            "account_id", "kind", "name_key", name="uq_hidden_account_id_kind_name_key"
        ),
    )


def judge() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("listing_id", big_id(), nullable=True),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("predicted", sa.Double(), nullable=True),
        sa.Column("predicted_by", sa.Integer(), nullable=True),
        sa.Column("shown_with", sa.Double(), nullable=True),
        sa.Column("shown_because", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
        of_account("judgements"),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listings.id"],
            name="fk_judgements_listing_id_listings",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name="fk_judgements_release_id_releases"
        ),
        sa.UniqueConstraint("account_id", "key", name="uq_judgements_account_id_key"),
    )
    op.create_index("ix_judgements_account_id_judged_at", "judgements", ["account_id", "judged_at"])
    op.create_index("ix_judgements_listing_id", "judgements", ["listing_id"])
    op.create_index("ix_judgements_release_id", "judgements", ["release_id"])


def of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["accounts.id"],
        name=f"fk_{table}_account_id_accounts",
        ondelete="CASCADE",
    )


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
