"""Listings as CSV in the layouts of an earlier program, for whatever reads its files.

    earlier        its twelve columns
    earlier-full   its listing and its record, column by column

Prices are in US dollars, as there; what is unknown and was never missing there is 0.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cratewise.grades import Grade
from cratewise.rates import Rates
from cratewise.shelf.export import as_cell
from cratewise.shelf.prices import in_currency, stored_price
from cratewise.store.earlier_page import Copy, copies_before
from cratewise.store.engine import reading
from cratewise.store.judgements import verdicts_on

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_A_TIME = 500  # listings; some 0.5 MB
DOLLARS = "USD"

Row = dict[str, Any]

TWELVE: Mapping[str, str] = {
    "Listing ID": "id",
    "Record Artist": "artist",
    "Record Title": "title",
    "Record Label": "label",
    "Record Format": "format",
    "Record Year": "year",
    "Seller": "seller",
    "Record Price": "record_price",
    "Media Condition": "media_condition",
    "Score": "score",
    "Kept": "kept",
    "Evaluated": "evaluated",
}
FULL: Mapping[str, str] = {
    name: name
    for name in (
        *("id", "seller_id", "seller", "seller_currency", "record_price", "media_condition"),
        *("score", "kept", "evaluated", "record_id", "discogs_id", "artist", "title", "format"),
        *("label", "catno", "wants", "haves", "added", "genres", "styles", "year"),
    )
}
LAYOUTS: Mapping[str, Mapping[str, str]] = {"earlier": TWELVE, "earlier-full": FULL}


def earlier_csv(
    engine: "Engine",
    layout: str,
    *,
    account_id: int,
    rates: Rates,
    day: date,
    on_rows: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """Every listing for sale in one of LAYOUTS, the newest here first, piece by piece.

    account_id  whose verdicts; rates, day: at which prices become dollars.
    on_rows     told how many listings each piece holds.
    """
    columns = LAYOUTS[layout]
    yield _lines([columns])
    before: int | None = None
    while True:
        with reading(engine) as db:
            copies = copies_before(db, before_id=before, limit=AT_A_TIME)
            verdicts = verdicts_on(db, account_id, [copy.id for copy in copies])
        if not copies:
            return
        before = copies[-1].id
        rows = [_row(copy, verdicts.get(copy.id), rates, day) for copy in copies]
        if on_rows:
            on_rows(len(rows))
        yield _lines([row[name] for name in columns.values()] for row in rows)


def _row(copy: Copy, verdict: str | None, rates: Rates, day: date) -> Row:
    price = in_currency(stored_price(copy.price_minor, copy.currency), DOLLARS, rates, day)
    grade = copy.media_grade
    return {
        **copy._asdict(),
        "record_id": copy.release_id,
        "discogs_id": copy.release_id,
        "catno": copy.catalog_number,
        "wants": copy.want or 0,
        "haves": copy.have or 0,
        "added": copy.first_seen_at,
        "genres": ", ".join(_names(copy.genres)),
        "styles": ", ".join(_names(copy.styles)),
        "record_price": "0.00" if price is None else f"{price.amount:.2f}",
        "media_condition": "" if grade is None else Grade(grade).name_on_discogs,
        "score": f"{copy.score or 0:.2f}",
        "kept": verdict == "keep",
        "evaluated": verdict is not None,
    }


def _names(written: str | None) -> Sequence[str]:
    return json.loads(written) if written else []


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([as_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()
