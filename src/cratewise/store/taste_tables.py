"""Tables of what somebody is shown to judge, of what is learnt from it, and of daily picks."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from cratewise.store.tables import BigId, Instant, metadata

# What triage asked somebody to judge.  It keeps what stood there, so that a verdict can
# still be given when the listing has gone, and the chance with which it was chosen.
showings = Table(
    "showings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("listing_id", ForeignKey("listings.id", ondelete="SET NULL"), index=True),
    Column("release_id", BigInteger, ForeignKey("releases.id"), nullable=False, index=True),
    Column("shown_at", Instant, nullable=False),
    Column("because", Text, nullable=False),  # 'exploit' | 'explore' | 'uniform' | 'cover'
    Column("chance", Double, nullable=False),  # of being chosen, above 0 to 1
    Column("predicted", Double),  # chance of keep, 0 to 1; NULL: no model was there
    Column("predicted_by", Integer),  # the version of the model
    Column("listing", Text, nullable=False),  # JSON: as it was then
    Column("settled_at", Instant),  # when it was judged, or taken back unjudged
    Index("ix_showings_account_id_settled_at", "account_id", "settled_at"),
)

# Labels and artists that somebody follows, as Discogs writes them.
followed_names = Table(
    "followed_names",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # 'label' | 'artist'
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # without case
    Column("followed_at", Instant, nullable=False),
    UniqueConstraint("account_id", "kind", "name_key"),
)

# What a person chose about their taste; without a row all is as shipped.
tastes = Table(
    "tastes",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, nullable=False),  # which model learns, a name of taste.models
    Column("threshold", Double),  # chance from which on a keep is predicted; NULL: the best F1's
    Column("changed_at", Instant, nullable=False),
)

# Every refit, promoted or not; its file lies in the folder of models under `file`.
models = Table(
    "models",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),  # 1, 2, ... an account
    Column("kind", Text, nullable=False),
    Column("trained_at", Instant, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of what it learnt from; the same: no refit
    Column("keeps", Integer, nullable=False),  # verdicts that it learnt from
    Column("skips", Integer, nullable=False),
    Column("weak_keeps", Integer, nullable=False),  # wants and records owned, beside them
    Column("file", Text, nullable=False),
    Column("checksum", Text, nullable=False),  # sha256, hexadecimal
    Column("report", Text, nullable=False),  # JSON: how good it is out of sample
    Column("threshold", Double, nullable=False),  # of the best F1 out of sample
    Column("outcome", Text, nullable=False),  # one sentence: promoted, or why not
    Column("promoted_at", Instant),  # when it last went live; NULL: never did
    Column("is_live", Boolean, nullable=False, server_default=false()),
    Index(
        "uq_models_live_account_id",
        "account_id",
        unique=True,
        sqlite_where=text("is_live"),
        postgresql_where=text("is_live"),
    ),
)

# Models' files in pieces, where several machines share the database: on SQLite none are.
model_parts = Table(
    "model_parts",
    metadata,
    Column("account_id", BigId, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),  # 0, 1, ... in the file
    Column("bytes", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["account_id", "version"],
        ["models.account_id", "models.version"],
        ondelete="CASCADE",
    ),
)

# The live model's chances for every listing, packed: a row of 12 MB for a million.
predictions = Table(
    "predictions",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),  # of the model
    Column("predicted_at", Instant, nullable=False),  # what was touched later is not in it
    Column("listing_ids", LargeBinary, nullable=False),  # (n,) int64, little-endian, ascending
    Column("probabilities", LargeBinary, nullable=False),  # (n,) float32, little-endian
)

# Records of the day, each with every number of its draw.  What was picked outlives its
# listing; the landscape is what all candidates were, so that the draw can be done again.
picks = Table(
    "picks",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),  # UTC
    Column("redraw", Integer, nullable=False),  # 0: the day's first
    Column("listing_id", ForeignKey("listings.id", ondelete="SET NULL"), index=True),
    Column("release_id", BigInteger, ForeignKey("releases.id"), nullable=False, index=True),
    Column("drawn_at", Instant, nullable=False),
    Column("listing", Text, nullable=False),  # JSON: as it was then
    Column("method", Text, nullable=False),  # one of picks/thermo.py's
    Column("seed", BigInteger, nullable=False),
    Column("candidates", Integer, nullable=False),
    Column("clusters", Integer, nullable=False),
    Column("utility", Double, nullable=False),  # 0 to 1
    Column("keep_probability", Double),  # 0 to 1; NULL: no model was live
    Column("predicted_by", Integer),  # the version of the model
    Column("score", Double),  # the rule's; NULL: unknown
    Column("novelty", Double, nullable=False),  # 0 to 1, with votes
    Column("novelty_moved", Double, nullable=False),  # by votes: 0.1 is a tenth up
    Column("temperature", Double, nullable=False),
    Column("temperature_moved", Double, nullable=False),  # by votes, likewise
    Column("boltzmann", Double, nullable=False),
    Column("free_energy", Double, nullable=False),
    Column("probability", Double, nullable=False),  # of being drawn, 0 to 1
    Column("effective", Double, nullable=False),  # how many candidates shared the draw
    Column("landscape", Text, nullable=False),  # JSON: candidates' ids, utilities, novelties
    UniqueConstraint("account_id", "day", "redraw"),
)

# What somebody thinks of a pick; every vote stays, and their mean counts.
votes = Table(
    "votes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("pick_id", ForeignKey("picks.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("desirability", SmallInteger, nullable=False),  # 1 to 5
    Column("novelty", SmallInteger, nullable=False),  # 1 to 5
    Column("voted_at", Instant, nullable=False),
)
