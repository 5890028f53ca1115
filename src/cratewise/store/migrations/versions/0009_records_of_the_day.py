"""Records of the day are kept with every number of their draw, and what was thought of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picks",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("account_id", big_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("redraw", sa.Integer(), nullable=False),
        sa.Column("listing_id", big_id(), nullable=True),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("clusters", sa.Integer(), nullable=False),
        sa.Column("utility", sa.Double(), nullable=False),
        sa.Column("keep_probability", sa.Double(), nullable=True),
        sa.Column("predicted_by", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("novelty", sa.Double(), nullable=False),
        sa.Column("novelty_moved", sa.Double(), nullable=False),
        sa.Column("temperature", sa.Double(), nullable=False),
        sa.Column("temperature_moved", sa.Double(), nullable=False),
        sa.Column("boltzmann", sa.Double(), nullable=False),
        sa.Column("free_energy", sa.Double(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("effective", sa.Double(), nullable=False),
        sa.Column("landscape", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picks"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_picks_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listings.id"],
            name="fk_picks_listing_id_listings",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name="fk_picks_release_id_releases"
        ),
        sa.UniqueConstraint("account_id", "day", "redraw", name="uq_picks_account_id_day_redraw"),
    )
    op.create_index("ix_picks_listing_id", "picks", ["listing_id"])
    op.create_index("ix_picks_release_id", "picks", ["release_id"])
    op.create_table(
        "votes",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("pick_id", big_id(), nullable=False),
        sa.Column("desirability", sa.SmallInteger(), nullable=False),
        sa.Column("novelty", sa.SmallInteger(), nullable=False),
        sa.Column("voted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_votes"),
        sa.ForeignKeyConstraint(
            ["pick_id"], ["picks.id"], name="fk_votes_pick_id_picks", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_votes_pick_id", "votes", ["pick_id"])


def big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
