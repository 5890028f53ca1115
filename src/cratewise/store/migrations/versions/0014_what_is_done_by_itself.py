"""What is done by itself has a schedule that can be changed, and happens once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedules",
        *whose(),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        *refers("schedules"),
    )
    op.create_table(
        "turns",
        *whose(),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=True),
        *refers("turns"),
    )
    for table in ("schedules", "turns"):
        for column in ("account_id", "seller_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_table(
        "retention",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("thrown_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("what", name="pk_retention"),
    )


def whose() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    return (
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", big_id(), nullable=True),
        sa.Column("seller_id", big_id(), nullable=True),
    )


def refers(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=f"fk_{table}_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=f"fk_{table}_seller_id_sellers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
    )


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
