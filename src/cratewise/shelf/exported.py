"""The columns of an export, under steady names; exported_values.py tells what stands in them."""

from datetime import date, datetime
from typing import Literal, NamedTuple

from cratewise.rates import Rates

Kind = Literal["text", "flag", "whole", "number", "price", "moment", "names", "ids"]


class Column(NamedTuple):
    """name: in the file; kind: of its values; source: the stored column, where it is one.

    is_ours  its texts are written by us, not by somebody who sells.
    """

    name: str
    kind: Kind
    source: str | None = None
    is_ours: bool = False

    @property
    def may_run(self) -> bool:
        """Whether a spreadsheet might take a value of it for a formula."""
        return self.kind in {"text", "names"} and not self.is_ours


class Currency(NamedTuple):
    """In which currency prices are converted, at the rates of which day.

    priced_since  a price that was read before is left out; None: none is
    """

    code: str
    rates: Rates
    day: date
    priced_since: datetime | None = None


COLUMNS = (
    Column("listing_id", "whole", "discogs_listing_id"),  # None: it was imported
    Column("seller", "text", "seller"),
    Column("release_id", "whole", "release_id"),
    Column("master_id", "whole", "master_id"),
    Column("artist", "text", "artist"),
    Column("title", "text", "title"),
    Column("label", "text", "label"),
    Column("catalog_number", "text", "catalog_number"),
    Column("format", "text", "format"),
    Column("year", "whole", "year"),
    Column("original_year", "whole", "original_year"),
    Column("country", "text", "country"),  # of the release
    Column("genres", "names", "genres"),
    Column("styles", "names", "styles"),
    Column("artist_ids", "ids", "artist_ids"),
    Column("label_ids", "ids", "label_ids"),
    Column("price", "price"),  # as the seller asks, in `currency`
    Column("currency", "text", "currency", is_ours=True),
    Column("own_price", "price"),  # in `own_currency`; None: unknown, or not convertible
    Column("own_currency", "text", is_ours=True),
    Column("price_usd", "number"),  # at the rate of the day the price was first read
    Column("shipping", "price"),  # None: unknown, which is not free
    Column("shipping_currency", "text", "shipping_currency", is_ours=True),
    Column("media_grade", "text", is_ours=True),
    Column("sleeve_grade", "text", is_ours=True),
    Column("want", "whole", "want"),
    Column("have", "whole", "have"),
    Column("score", "number"),
    Column("comments", "text", "comments"),
    Column("ships_from", "text", "ships_from"),
    Column("allows_offers", "flag", "allows_offers"),
    Column("posted_at", "moment", "posted_at"),
    Column("first_seen_at", "moment", "first_seen_at"),
    Column("price_read_at", "moment", "price_read_at"),
    Column("changed_at", "moment", "changed_at"),
    Column("gone_at", "moment", "gone_at"),
    Column("source", "text", "source", is_ours=True),
    Column("url", "text", is_ours=True),
)
NAMES = tuple(column.name for column in COLUMNS)
