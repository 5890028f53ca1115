"""A record of the inventory export -> a row of ours.  Pure.

The export tells of a release what its listing shows and no more: no year, no want
and have.  What is the seller's own (on which shelf, how heavy) is left behind.
"""

import re
from collections.abc import Mapping

from cratewise.errors import BadListing, MoneyError
from cratewise.grades import parse_media, parse_sleeve
from cratewise.inventory.rows import LARGEST_ID, clean, moment
from cratewise.money import to_minor
from cratewise.store.listing_row import ListingRow, ReleaseRow

FOR_SALE = "for sale"  # the other states: draft, sold, expired, suspended, deleted, violation

_DECIMAL_COMMA = re.compile(r"(\d+),(\d\d?)")
_ANSWERS: Mapping[str, bool] = {"y": True, "n": False}


def is_for_sale(fields: Mapping[str, str]) -> bool:
    """Whether a record is of a listing that can be bought."""
    return fields["status"].strip().lower() == FOR_SALE


def exported_row(fields: Mapping[str, str], currency: str) -> ListingRow:
    """The row of one record.

    fields    the export's columns, as they stand in the file.
    currency  ISO 4217, of every price in the file.

    Raises BadListing when it has no number, no release or no price.
    """
    told = {name: clean(value.strip()) for name, value in fields.items()}
    return ListingRow(
        discogs_listing_id=_id(told, "listing_id"),
        release=ReleaseRow(
            id=_id(told, "release_id"),
            artist=told["artist"],
            title=told["title"],
            label=told["label"],
            catalog_number=told["catno"],
            format=told["format"],
        ),
        price_minor=_price(told["price"], currency),
        currency=currency,
        media_grade=parse_media(told["media_condition"]),
        sleeve_grade=parse_sleeve(told["sleeve_condition"]),
        comments=told["comments"],
        allows_offers=_ANSWERS.get(told["accept_offer"].lower()),
        posted_at=moment(told["listed"]),  # no date costs no listing
    )


def _id(told: Mapping[str, str], column: str) -> int:
    text = told[column]
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= LARGEST_ID):
        # Spreadsheets shorten long numbers: 4,33E+09.
        raise BadListing(f"Its {column} is {text!r:.40}; expected a number.")
    return int(text)


def _price(text: str, currency: str) -> int:
    # A spreadsheet writes the comma of its country; before one or two digits it
    # marks no thousands.
    point = _DECIMAL_COMMA.fullmatch(text)
    try:
        return to_minor(f"{point[1]}.{point[2]}" if point else text, currency)
    except MoneyError as error:
        raise BadListing(str(error)) from error
