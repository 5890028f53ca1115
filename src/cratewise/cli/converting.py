"""What a seller asks, shown in another currency beside the original; nothing is overwritten."""

from datetime import date
from typing import TYPE_CHECKING, Any

from cratewise.cli.output import Column, remark, write_ndjson, write_table
from cratewise.money import Money
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.prices import stored_price

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from cratewise.rates import Rates
    from cratewise.store.stock import Listing


def show_converted(
    engine: "Engine", seller: str, rates: "Rates", currency: str, day: date, *, as_json: bool
) -> None:
    """Every price of a seller's listings for sale, and what it is in `currency` on `day`.

    Raises UnreadSeller.
    """
    from cratewise.store.engine import reading
    from cratewise.store.stock import Wanted, each_listing

    with reading(engine) as db:
        kept = kept_seller(db, seller)
        rows = (
            _converted(listing, rates, currency, day)
            for listing in each_listing(db, Wanted(seller_id=kept.id))
        )
        if as_json:
            write_ndjson(rows)
            return
        write_table(_columns(currency), _cells(rows, currency))
    remark(f"At the European Central Bank's rates of {day:%d %B %Y}; the prices stay as they are.")


def _columns(currency: str) -> list[Column]:
    return [
        Column("listing", is_right=True),
        Column("artist and title", wraps=True),
        Column("price", is_right=True),
        Column(f"in {currency}", is_right=True),
    ]


def _converted(listing: "Listing", rates: "Rates", currency: str, day: date) -> dict[str, Any]:
    price = stored_price(listing.price_minor, listing.currency)
    found = rates.convert(price.minor, price.currency, currency, day) if price else None
    return {
        "listing_id": listing.discogs_listing_id,
        "artist": listing.artist,
        "title": listing.title,
        "price": price.amount if price else None,
        "currency": price.currency if price else None,
        "converted": Money(found.minor, currency).amount if found else None,
        "converted_currency": currency,
        "rate": found.rate if found else None,
        "day": found.day if found else None,
    }


def _cells(rows: "Iterator[dict[str, Any]]", currency: str) -> "Iterator[tuple[str, ...]]":
    for row in rows:
        yield (
            str(row["listing_id"] or ""),
            f"{row['artist']} – {row['title']}",
            "unknown" if row["price"] is None else f"{row['price']:,} {row['currency']}",
            "no rate" if row["converted"] is None else f"{row['converted']:,} {currency}",
        )
