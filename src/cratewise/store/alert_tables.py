"""Tables of saved searches, and of what is told when they find something new."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from cratewise.store.tables import BigId, Instant, metadata

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("filter", Text, nullable=False),  # JSON, a Filter of shelf/query.py
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("account_id", "name"),
)

# Tells what a search finds that came, changed or came back after the alert was made.
alerts = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column(
        "search_id",
        ForeignKey("saved_searches.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("way", Text, nullable=False),  # 'terminal' | 'feed' | 'webhook' | 'mail'
    Column("target", Text, nullable=False, server_default=""),  # a URL, an address
    Column("may_be_private", Boolean, nullable=False, server_default=false()),  # see webhook.py
    Column("created_at", Instant, nullable=False),
    Column("checked_at", Instant, nullable=False),
    # SHA-256 of the secret in the feed's address; NULL: it has none.
    Column("feed_hash", Text),
    Index("uq_alerts_feed_hash", "feed_hash", unique=True),
)

# What is told at once: one request, one letter, one entry.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, unique=True),  # the same at every try
    Column("state", Text, nullable=False),  # 'waiting' | 'sent' | 'failed'
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("problem", Text, nullable=False, server_default=""),  # of the last try, a sentence
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # not tried before
    Column("ended_at", Instant),
    Index("ix_deliveries_alert_id_made_at", "alert_id", "made_at"),
    Index("ix_deliveries_state_due_at", "state", "due_at"),
)

# Each listing once per alert.
alert_listings = Table(
    "alert_listings",
    metadata,
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "listing_id", ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column(
        "delivery_id",
        ForeignKey("deliveries.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)
