"""Labels and artists are followed, and models' files may lie in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "followed_names",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("followed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_followed_names_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_followed_names"),
        sa.UniqueConstraint(
            "account_id", "kind", "name_key", name="uq_followed_names_account_id_kind_name_key"
        ),
    )
    op.create_table(
        "model_parts",
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "version"],
            ["models.account_id", "models.version"],
            name="fk_model_parts_account_id_models",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "version", "place", name="pk_model_parts"),
    )


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
