"""Tables of what is done by itself, how often, and of what is thrown away when."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from cratewise.store.tables import Instant, metadata

# What somebody told; without a row a schedule is as shipped.  `key` is made of the other
# three, because no unique index of SQLite's takes two unknowns for the same.
schedules = Table(
    "schedules",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # 'quick' | 'full' | 'rates' | 'alerts' | 'retention'
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), index=True),
    Column("every_minutes", Integer, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("told_at", Instant, nullable=False),
)

# When each was last seen to.  Whoever moves `taken_at` has the turn, and nobody else.
turns = Table(
    "turns",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), index=True),
    Column("taken_at", Instant, nullable=False),
    Column("job_id", Text),  # NULL: whoever took the turn has not asked for the job, or died
)

# How long what nobody needs any more is kept.
retention = Table(
    "retention",
    metadata,
    Column("what", Text, primary_key=True),  # a key of retention.py's table
    Column("days", Integer),  # 0: for ever; NULL: as shipped
    Column("thrown_at", Instant),  # when something was last thrown away
)
