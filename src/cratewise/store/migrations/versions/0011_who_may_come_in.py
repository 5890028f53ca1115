"""Accounts sign in; sessions, tokens, invitations and an audit log are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tell_accounts_apart()
    let_in("sessions", ("csrf", "agent", "address"), ("made_at", "seen_at", "expires_at"))
    let_in("api_tokens", ("name", "scope"), ("made_at", "used_at"))
    invite()
    note_deeds()
    note_attempts()


def tell_accounts_apart() -> None:
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("role", sa.Text(), server_default="owner", nullable=False))
        table.add_column(sa.Column("password_hash", sa.Text(), nullable=True))
        table.add_column(sa.Column("discogs_username", sa.Text(), nullable=True))
        table.add_column(sa.Column("disabled_at", sa.BigInteger(), nullable=True))
        table.create_unique_constraint("uq_accounts_discogs_username", ["discogs_username"])


def let_in(name: str, texts: tuple[str, ...], moments: tuple[str, ...]) -> None:
    """A table of secrets, each a hash of an account's."""
    optional = {"used_at"}
    defaults = {"agent": "", "address": ""}
    op.create_table(
        name,
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        *(
            sa.Column(one, sa.Text(), server_default=defaults.get(one), nullable=False)
            for one in ("hash", *texts)
        ),
        *(sa.Column(one, sa.BigInteger(), nullable=one in optional) for one in moments),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=f"fk_{name}_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("hash", name=f"uq_{name}_hash"),
    )  # fmt: skip
    op.create_index(f"ix_{name}_account_id", name, ["account_id"])


def invite() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("made_by", big_id(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts.id"], name="fk_invitations_made_by_accounts",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("hash", name="uq_invitations_hash"),
    )  # fmt: skip


def note_deeds() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_audit_entries_account_id_accounts",
            ondelete="SET NULL",
        ),
    )  # fmt: skip
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])


def note_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_name_key_at", "sign_in_attempts", ["name_key", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
