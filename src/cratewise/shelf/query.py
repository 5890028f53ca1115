"""What somebody asks of the shelf: which listings, and in which order."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import msgspec

from cratewise.errors import SwappedRange
from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.store.tables import microseconds

if TYPE_CHECKING:
    from cratewise.rates import Rates

Sort = Literal[
    "score",
    "price",
    "landed",
    "artist",
    "title",
    "year",
    "listed",
    "want_have",
    "probability",
    "discount",
]
SORTS: tuple[Sort, ...] = get_args(Sort)
# The best, the newest, the most wanted first.
NATURALLY_DESCENDING: frozenset[Sort] = frozenset(
    {"score", "listed", "want_have", "probability", "discount"}
)

With = Literal["without", "with", "only"]
Judged = Literal["keep", "skip", "either", "neither"]
Value = str | int | float | datetime | None


class Order(NamedTuple):
    """In which order; what is unknown stands last, whichever way, and ties by our own id."""

    sort: Sort = "score"
    is_descending: bool = True


class Key(NamedTuple):
    """Where a listing stands in an order: what it is sorted by, and our own id."""

    values: tuple[Value, ...]
    id: int


class Reader(NamedTuple):
    """Whose eyes look: their account, their currency, at the rates of a day.

    priced_since  a price that was read before is unknown to them; None: each is known
    """

    account_id: int
    currency: str
    rates: "Rates"
    day: date
    priced_since: datetime | None = None

    @property
    def prices_from(self) -> int | None:
        """`priced_since` in microseconds since 1970, as the shelf keeps instants."""
        return None if self.priced_since is None else microseconds(self.priced_since)


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings; a term that is None or empty lets all through, and each must hold.

    part              of artist, title or label, beginning anywhere in a word
    words             of artist, title, label or catalogue number; found elsewhere: `words.py`
    genre_part        of one genre or style
    genres, styles    one of them; all_styles: each of them; no_styles: none of them
    formats           each of them, without how many: "LP" is met by "2xLP", "Vinyl" by any LP
    labels, artists   one of them, as the whole name or one of several, without case and accents
    countries         of the release; ships_from: of the seller
    sellers           our own ids
    release_id, master_id   Discogs' numbers
    year_*            of the release, both ends included, as all ranges are
    price_*           what the seller asks; compared as it shows in that currency
    landed_*          with postage; unknown is not let in
    media             exactly; media_at_least, sleeve_at_least   unknown is not let in
    score_*, want_*, have_*, want_have_*   the last is want / have, as the score counts it
    listed_from       posted by the seller then or later
    arrived_since, dropped_since, back_since   first seen, its price fell, or it came back
                      after it was gone, later than that
    gone              "without" by default, "with", "only"
    wanted, owned     the release; other_pressing: another of the same master is owned
    judged            by this reader: kept, skipped, either or neither
    predicted         a chance of keep is known; probability_*: 0 to 1
    hidden            "without" by default, "with", "only"
    priced_since      the price was read then or later
    """

    words: str = ""
    part: str = ""
    genre_part: str = ""
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    all_styles: tuple[str, ...] = ()
    no_styles: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    artists: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    ships_from: tuple[str, ...] = ()
    sellers: tuple[int, ...] = ()
    release_id: int | None = None
    master_id: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    price_from: Money | None = None
    price_to: Money | None = None
    landed_from: Money | None = None
    landed_to: Money | None = None
    media: Grade | None = None
    media_at_least: Grade | None = None
    sleeve_at_least: Grade | None = None
    score_from: float | None = None
    score_to: float | None = None
    want_from: int | None = None
    want_to: int | None = None
    have_from: int | None = None
    have_to: int | None = None
    want_have_from: float | None = None
    want_have_to: float | None = None
    listed_from: datetime | None = None
    arrived_since: datetime | None = None
    dropped_since: datetime | None = None
    back_since: datetime | None = None
    gone: With = "without"
    wanted: bool | None = None
    owned: bool | None = None
    other_pressing: bool | None = None
    judged: Judged | None = None
    predicted: bool | None = None
    probability_from: float | None = None
    probability_to: float | None = None
    hidden: With = "without"
    priced_since: datetime | None = None

    def __post_init__(self) -> None:
        for name in RANGES:
            low, high = getattr(self, f"{name}_from"), getattr(self, f"{name}_to")
            if low is not None and high is not None and _is_swapped(low, high):
                raise SwappedRange(name, str(low), str(high))


GENRES_STYLES = ("genres", "styles", "all_styles", "no_styles")  # terms that name such
RANGES = ("year", "price", "landed", "score", "want", "have", "want_have", "probability")


def _is_swapped(low: Any, high: Any) -> bool:
    if isinstance(low, Money) and isinstance(high, Money):
        return low.currency == high.currency and low.minor > high.minor
    return bool(low > high)
