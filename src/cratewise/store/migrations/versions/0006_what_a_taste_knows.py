"""Triage notes what it shows; models, their predictions and choices about them are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    show()
    choose()
    model()
    predict()


def show() -> None:
    op.create_table(
        "showings",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("listing_id", big_id(), nullable=True),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("predicted", sa.Double(), nullable=True),
        sa.Column("predicted_by", sa.Integer(), nullable=True),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_showings"),
        of_account("showings"),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listings.id"],
            name="fk_showings_listing_id_listings",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name="fk_showings_release_id_releases"
        ),
    )
    op.create_index("ix_showings_account_id_settled_at", "showings", ["account_id", "settled_at"])
    op.create_index("ix_showings_listing_id", "showings", ["listing_id"])
    op.create_index("ix_showings_release_id", "showings", ["release_id"])


def choose() -> None:
    op.create_table(
        "tastes",
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_tastes"),
        of_account("tastes"),
    )


def model() -> None:
    op.create_table(
        "models",
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("trained_at", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("keeps", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("weak_keeps", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("promoted_at", sa.BigInteger(), nullable=True),
        sa.Column("is_live", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "version", name="pk_models"),
        of_account("models"),
    )
    op.create_index(
        "uq_models_live_account_id",
        "models",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )


def predict() -> None:
    op.create_table(
        "predictions",
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("predicted_at", sa.BigInteger(), nullable=False),
        sa.Column("listing_ids", sa.LargeBinary(), nullable=False),
        sa.Column("probabilities", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_predictions"),
        of_account("predictions"),
    )


def of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["accounts.id"],
        name=f"fk_{table}_account_id_accounts",
        ondelete="CASCADE",
    )


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
