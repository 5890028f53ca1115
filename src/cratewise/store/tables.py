"""Every table, as SQLAlchemy Core sees it; `migrations/` builds the same, and a test compares them.

Those of what is learnt stand in taste_tables.py.

Two kinds of rows: what is shared (sellers, releases, listings, pulls, rates, the
quota), which holds nothing of whoever looked, and what is somebody's, which
carries `account_id`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# A 64-bit id.  SQLite counts up by itself for INTEGER PRIMARY KEY alone, whose integers
# have 64 bits there anyway, and finds a row by it in one step: a key of any other type
# is an index beside the table.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole microseconds since 1970.

    Both databases sort, compare and load integers alike; SQLite has no time type,
    and parsing a million text times takes longer than reading the million rows.
    """

    impl = BigInteger
    cache_ok = True

    # One call for a value, as a page of listings has a thousand of them.
    def bind_processor(self, _: Dialect) -> Callable[[datetime | None], int | None]:
        return _told

    def result_processor(self, _: Dialect, __: object) -> Callable[[int | None], datetime | None]:
        return _read


def microseconds(moment: datetime) -> int:
    """Whole microseconds from 1970 to `moment`, which must know its zone."""
    return (moment - EPOCH) // _MICROSECOND


def _told(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // _MICROSECOND


def _read(number: int | None) -> datetime | None:
    return None if number is None else EPOCH + timedelta(0, 0, int(number))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Best score first, unknown scores last.  SQLite reads an index backwards for that;
# PostgreSQL would put the unknown first, unless the index itself has them last.
UNKNOWN_LAST = {"score": "DESC NULLS LAST"}

# -- who ---------------------------------------------------------------------

accounts = Table(
    "accounts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("currency", Text, nullable=False),  # ISO 4217; prices are compared in it
    Column("country", Text, nullable=False),  # ISO 3166 alpha-2; where records are sent
    Column("created_at", Instant, nullable=False),
    Column("looked_at", Instant),  # when the news up to here had been seen; NULL: never
    Column("role", Text, nullable=False, server_default="owner"),  # | 'member'
    Column("password_hash", Text),  # argon2id; NULL: signs in otherwise, or not at all
    Column("discogs_username", Text, unique=True),  # signs in with Discogs as; NULL: does not
    Column("disabled_at", Instant),
    # A price read more than six hours ago is shown to nobody of this account.
    Column("hides_stale", Boolean, nullable=False, server_default=false()),
)

credentials = Table(
    "credentials",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, nullable=False),  # 'token' | 'oauth'
    Column("sealed", LargeBinary, nullable=False),  # Fernet; the key is not in the database
    Column("username", Text),  # whose it is, as Discogs says
    Column("connected_at", Instant, nullable=False),
)

# A keeper rule marks listings and never drops any; its terms are JSON.
presets = Table(
    "presets",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("account_id", "name"),
)

follows = Table(
    "follows",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("followed_at", Instant, nullable=False),
    Column("note", Text, nullable=False, server_default=""),  # the follower's own words
    Column("is_muted", Boolean, nullable=False, server_default=false()),  # told no news of
)

# -- what is sold ------------------------------------------------------------

sellers = Table(
    "sellers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("discogs_id", BigInteger, unique=True),  # NULL until a profile was read
    Column("username", Text, nullable=False),  # spelt as Discogs answers
    Column("username_key", Text, nullable=False, index=True),  # without case; names are reused
    Column("state", Text, nullable=False, server_default="active"),  # | 'gone' | 'suspended'
    Column("currency", Text),
    Column("location", Text),
    Column("rating_percent", Double),
    Column("ratings", Integer),
    Column("min_order_minor", BigInteger),  # in `currency`
    Column("shipping_terms", Text),  # free text of the seller's
    Column("for_sale", Integer),  # as the profile claims
    Column("checked_at", Instant),  # when the profile was read
    Column("created_at", Instant, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),  # Discogs' own
    Column("artist", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("label", Text, nullable=False),  # names joined by ", " as a listing tells them
    Column("catalog_number", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("year", SmallInteger),  # NULL: unknown (Discogs says 0)
    Column("thumbnail", Text, nullable=False, server_default=""),  # only seen with a token
    Column("want", Integer),  # NULL: unknown; a count of Discogs members
    Column("have", Integer),
    Column("counted_at", Instant),  # when want and have were read
    Column("changed_at", Instant, nullable=False, index=True),
    # What no listing tells, all NULL until somebody described the release:
    Column("master_id", BigInteger),  # NULL too where it has no master
    Column("original_year", SmallInteger),  # of the master's first release
    Column("country", Text),  # where it was released, as Discogs writes it
    Column("genres", Text),  # JSON, a list of names
    Column("styles", Text),  # JSON, a list of names
    Column("artist_ids", Text),  # JSON, Discogs' ids in the order of the names
    Column("label_ids", Text),  # JSON, likewise
    Column("described_by", Text),  # 'catalog' | 'wants' | 'collection' | 'release'
    Column("described_at", Instant),
    # Of those that were told alone, as each NULL in an index is taken out when it is.
    *(
        Index(
            f"ix_releases_{told}",
            told,
            sqlite_where=text(f"{told} IS NOT NULL"),
            postgresql_where=text(f"{told} IS NOT NULL"),
        )
        for told in ("master_id", "described_at")
    ),
)

listings = Table(
    "listings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("discogs_listing_id", BigInteger, unique=True),  # NULL: imported
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), nullable=False),
    Column("release_id", BigInteger, ForeignKey("releases.id"), nullable=False, index=True),
    Column("price_minor", BigInteger),  # the seller's own price; NULL: not told
    Column("currency", Text),
    Column("price_read_at", Instant),  # when this price was last seen
    Column("price_usd", Double),  # at the rate of the day the price was first read
    Column("shipping_minor", BigInteger),  # NULL: unknown, which is not free
    Column("shipping_currency", Text),
    Column("media_grade", SmallInteger),  # ordered, see grades.py; NULL: unknown
    Column("sleeve_grade", SmallInteger),
    Column("comments", Text, nullable=False, server_default=""),
    Column("ships_from", Text, nullable=False, server_default=""),
    Column("allows_offers", Boolean, nullable=False, server_default=false()),
    Column("has_audio", Boolean, nullable=False, server_default=false()),
    Column("posted_at", Instant),
    Column("source", Text, nullable=False, server_default="api"),  # | 'csv' | 'legacy'
    Column("score", Double),  # the rule score; NULL: unknown
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("changed_at", Instant),  # when the price or the grades last changed
    Column("gone_at", Instant),
    Column("back_at", Instant),
    Column("missed_passes", SmallInteger, nullable=False, server_default=text("0")),
    Column("last_pull_id", BigInteger),  # which pull saw it last; no foreign key: pulls expire
    # Every write moves it, so that readers can ask for what changed since.
    Column("touched_at", Instant, nullable=False, index=True),
    Index("ix_listings_seller_id_score", "seller_id", "score", postgresql_ops=UNKNOWN_LAST),
    Index("ix_listings_seller_id_gone_at", "seller_id", "gone_at"),  # counts read it alone
    Index("ix_listings_seller_id_last_pull_id", "seller_id", "last_pull_id"),
    Index("ix_listings_score", "score", postgresql_ops=UNKNOWN_LAST),
    # What came, went and came back, the last first: counts by seller and day read these alone.
    Index("ix_listings_first_seen_at", "first_seen_at", "seller_id"),
    *(
        Index(
            f"ix_listings_{moment}",
            moment,
            "seller_id",
            sqlite_where=text(f"{moment} IS NOT NULL"),
            postgresql_where=text(f"{moment} IS NOT NULL"),
        )
        for moment in ("gone_at", "back_at")
    ),
    # Listings of an earlier system, until a pull tells their ids; see adopt.py.
    Index(
        "ix_listings_imported",
        "seller_id",
        "release_id",
        sqlite_where=text("discogs_listing_id IS NULL"),
        postgresql_where=text("discogs_listing_id IS NULL"),
    ),
)

price_changes = Table(
    "price_changes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("listing_id", ForeignKey("listings.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("changed_at", Instant, nullable=False, index=True),
    Column("pull_id", BigInteger),
    Column("old_price_minor", BigInteger),
    Column("old_currency", Text),
    Column("new_price_minor", BigInteger),
    Column("new_currency", Text),
)

rates = Table(
    "rates",
    metadata,
    Column("day", Date, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("per_euro", Double, nullable=False),  # units of the currency that one euro buys
)

# -- how it was read ---------------------------------------------------------

pulls = Table(
    "pulls",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # 'quick' | 'full' | 'deep' | 'csv'
    Column("plan", Text, nullable=False),  # JSON: the sweeps, or what a deep one may ask
    Column("state", Text, nullable=False),  # 'running' | 'done' | 'stopped' | 'failed'
    Column("claimed", Integer),  # listings for sale, as Discogs said last
    Column("requests", Integer, nullable=False, server_default=text("0")),
    Column("seen", Integer, nullable=False, server_default=text("0")),  # distinct listings
    Column("new", Integer, nullable=False, server_default=text("0")),
    Column("changed", Integer, nullable=False, server_default=text("0")),
    Column("gone", Integer, nullable=False, server_default=text("0")),
    Column("back", Integer, nullable=False, server_default=text("0")),
    Column("skipped", Integer, nullable=False, server_default=text("0")),  # unreadable listings
    Column("coverage", Double),  # seen / claimed, 0 to 1
    Column("outcome", Text, nullable=False, server_default=""),  # one sentence
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    # Who works on it: a process is found dead at once on its own machine, by
    # its heartbeat from any other.
    Column("worker", Text),
    Column("heartbeat_at", Instant),
    Index("ix_pulls_seller_id_started_at", "seller_id", "started_at"),
    Index(
        "uq_pulls_running_seller_id",
        "seller_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
)

# A page's tick: written in the transaction that stores the page's listings.
pull_pages = Table(
    "pull_pages",
    metadata,
    Column("pull_id", ForeignKey("pulls.id", ondelete="CASCADE"), primary_key=True),
    Column("sort", Text, primary_key=True),
    Column("direction", Text, primary_key=True),  # 'asc' | 'desc'
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("listings", Integer, nullable=False),  # on the page
    Column("unseen", Integer, nullable=False),  # of them not seen earlier in this pull
    Column("unknown", Integer, nullable=False),  # of them new, or back after being gone
    Column("stored_at", Instant, nullable=False),
)

# -- the quota: one moving minute for the whole installation ------------------

# Its times are those of the ledger's own clock (store/quota.py), which never jumps.
quotas = Table(
    "quotas",
    metadata,
    Column("name", Text, primary_key=True),
    Column("reserve", Double, nullable=False, server_default=text("0")),  # slots left to a rival
    Column("observed_at", Instant),  # when an answer last told how much Discogs counts
    Column("background_due_at", Instant),  # background requests are paced
    Column("blocked_until", Instant),  # after a 429
    Column("refused_at", Instant),  # the last 429 that blocked
    Column("refusals", Integer, nullable=False, server_default=text("0")),  # 429s in a row
    Column("clock_offset_us", BigInteger, nullable=False, server_default=text("0")),
    Column("changed_at", Instant, nullable=False),
)

quota_slots = Table(
    "quota_slots",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("quota", ForeignKey("quotas.name", ondelete="CASCADE"), nullable=False),
    Column("lane", Text, nullable=False),  # 'interactive' | 'background' | 'foreign'
    Column("taken_at", Instant, nullable=False),
    Column("answered_at", Instant),  # NULL: in flight
    Column("is_refused", Boolean, nullable=False, server_default=false()),  # with a 429
    Index("ix_quota_slots_quota_taken_at", "quota", "taken_at"),
)

# Interactive requests that wait: background ones leave them their slots.
quota_waiters = Table(
    "quota_waiters",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("quota", ForeignKey("quotas.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("until_at", Instant, nullable=False),  # a waiter that died stops counting then
)

# -- who works -----------------------------------------------------------------

# One row for each running process that works jobs or serves; a row whose heartbeat stops
# is a dead one's, and whoever notices takes its work on.
workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),  # one life of one process; DBOS' executor id
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("door", Text, nullable=False),  # 'serve' | 'work'
    Column(
        "queues", Text, nullable=False
    ),  # which work it takes: names joined by a space; '': it only serves
    Column("version", Text, nullable=False),  # Cratewise's
    Column("started_at", Instant, nullable=False),
    Column("heartbeat_at", Instant, nullable=False),
)

# -- what is somebody's -----------------------------------------------------------

wants = Table(
    "wants",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("release_id", BigInteger, ForeignKey("releases.id"), primary_key=True, index=True),
    Column("notes", Text, nullable=False, server_default=""),
    Column("rating", SmallInteger),  # 1 to 5; NULL: not rated
    Column("added_at", Instant),  # as Discogs says; NULL: it did not
    Column("synced_at", Instant, nullable=False),
)

# A release that is owned twice is one row with two copies.
owned = Table(
    "owned",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("release_id", BigInteger, ForeignKey("releases.id"), primary_key=True, index=True),
    Column("copies", SmallInteger, nullable=False, server_default=text("1")),
    Column("folder", Text, nullable=False, server_default=""),
    Column("rating", SmallInteger),
    Column("added_at", Instant),
    Column("synced_at", Instant, nullable=False),
)

# What somebody does not want to see again, here and wherever listings are chosen.
hidden = Table(
    "hidden",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # 'label' | 'artist' | 'style' | 'seller' | 'listing'
    Column("name", Text, nullable=False),  # as Discogs writes it; a listing's: our own id
    Column("name_key", Text, nullable=False),  # without case
    Column("hidden_at", Instant, nullable=False),
    UniqueConstraint("account_id", "kind", "name_key"),
)

# What somebody changed here and Discogs is to be told: one entry for each release until it
# is told, however often the mind was changed meanwhile.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("release_id", BigInteger, ForeignKey("releases.id"), nullable=False),
    Column("deed", Text, nullable=False),  # 'add' | 'remove', to and from the wantlist
    Column("state", Text, nullable=False, server_default="waiting"),  # | the `State`s of outbox.py
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # not sent before, so that undo costs nothing
    Column("claimed_until", Instant),  # somebody sends it; whoever died stops counting then
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("problem", Text, nullable=False, server_default=""),  # of the last attempt, a sentence
    Column("finished_at", Instant),  # when it was delivered, or failed for good
    Column("taken", Text),  # JSON: the want that a removal took off here, to be put back
    Index(
        "uq_outbox_waiting_account_id_release_id",
        "account_id",
        "release_id",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# What sending records to somebody's country costs: at one seller's, else from one country.
# Either `first_minor` and `further_minor`, or `tiers`.
postage = Table(
    "postage",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("seller_id", ForeignKey("sellers.id", ondelete="CASCADE"), index=True),
    Column("origin", Text),  # a country as listings write it; NULL for a seller's
    Column("origin_key", Text),  # without case
    Column("country", Text, nullable=False),  # ISO 3166 alpha-2; where to
    Column("currency", Text, nullable=False),
    Column("first_minor", BigInteger),  # of a parcel with one record
    Column("further_minor", BigInteger),  # each record more
    Column("tiers", Text),  # JSON: [up to so many grams, minor units], ascending
    Column("source", Text, nullable=False, server_default=""),  # where somebody read it
    Column("told_on", Date, nullable=False),
    UniqueConstraint("account_id", "country", "seller_id"),
    UniqueConstraint("account_id", "country", "origin_key"),
)

# A verdict outlives its listing: a seller who is forgotten takes no verdict along.
judgements = Table(
    "judgements",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("listing_id", ForeignKey("listings.id", ondelete="SET NULL"), index=True),
    Column("release_id", BigInteger, ForeignKey("releases.id"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),  # 'keep' | 'skip'
    Column("judged_at", Instant, nullable=False),
    Column("undone_at", Instant),
    Column("key", Text, nullable=False),  # of the asker's: sent twice, kept once
    Column("listing", Text, nullable=False),  # JSON: what was judged, as it was then
    Column("predicted", Double),  # chance of keep, 0 to 1, told before the verdict; NULL: none
    Column("predicted_by", Integer),  # the version of the model; NULL: the rule score
    Column("shown_with", Double),  # chance with which it was chosen to be shown; NULL: by hand
    Column("shown_because", Text, nullable=False, server_default=""),  # 'exploit' | 'explore' | …
    UniqueConstraint("account_id", "key"),
    Index("ix_judgements_account_id_judged_at", "account_id", "judged_at"),
)

# -- what an earlier system left ----------------------------------------------------

earlier_rows = Table(
    "earlier_rows",
    metadata,
    Column("noun", Text, primary_key=True),  # 'record' | 'seller' | 'listing' | 'day' | …
    Column("earlier_id", BigInteger, primary_key=True, autoincrement=False),
    Column("our_id", BigInteger),  # of what it became; NULL: nothing, it is only kept
    Column("kept", Text, nullable=False),  # JSON: what has no place of its own, as it was
    Column("imported_at", Instant, nullable=False),
    Index("ix_earlier_rows_noun_our_id", "noun", "our_id"),
)
