"""Tables of what labels, artists and styles are like."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from cratewise.store.tables import BigId, Instant, metadata

# Counted over every release that is kept.  `key` is Discogs' number, or "=" and the name
# where no catalogue tells a number; a style's is its name.
profiles = Table(
    "profiles",
    metadata,
    Column("kind", Text, primary_key=True),  # 'artist' | 'label' | 'style'
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),  # "": of several on one sleeve, no catalogue tells whose
    Column("releases", Integer, nullable=False),
    Column("want", BigInteger, nullable=False),
    Column("have", BigInteger, nullable=False),
    Column("years", Text, nullable=False),  # JSON, how many releases by year; so the others
    Column("countries", Text, nullable=False),
    Column("styles", Text, nullable=False),
    Column("counted_at", Instant, nullable=False),
    Index("ix_profiles_kind_name", "kind", "name"),
)

# What each release counts for in them: when it changes, that is taken out again, so that
# a rebuilding costs what changed and not what there is.
profile_shares = Table(
    "profile_shares",
    metadata,
    Column("release_id", BigId, primary_key=True, autoincrement=False),
    Column("share", Text, nullable=False),  # JSON, a `Share`
    Column("counted_at", Instant, nullable=False),
)
