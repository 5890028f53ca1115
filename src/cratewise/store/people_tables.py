"""Tables of who may come in: sessions, tokens of programs, invitations, and who did what."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text

from cratewise.store.tables import BigId, Instant, metadata

# A secret is never here, only its SHA-256: what is random enough needs no slow hash.
sessions = Table(
    "sessions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("csrf", Text, nullable=False),  # what a page must show with each change
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),  # the browser, as it calls itself
    Column("address", Text, nullable=False, server_default=""),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("scope", Text, nullable=False),  # 'read' | 'write'
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),  # NULL: never
    # Each request puts it off by its share of a minute: whoever is far ahead of time must wait.
    Column("spent_until", Instant),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),  # 'owner' | 'member'
    Column("made_by", ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# Who did what that others may have to answer for; no secret and no verdict is in it.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("deed", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False, index=True),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name_key", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("is_good", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sign_in_attempts_name_key_at", "name_key", "at"),
    Index("ix_sign_in_attempts_address_at", "address", "at"),
)
