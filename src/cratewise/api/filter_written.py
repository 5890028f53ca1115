"""A filter as an address says it: the other way round of `filter_query.py`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from cratewise.grades import Grade
from cratewise.money import Money
from cratewise.shelf.query import RANGES, Filter
from cratewise.store.sellers import names_of_sellers

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What a term is called in an address, where that is not its own name.
NAMES = {
    "words": "q", "genres": "genre", "styles": "style", "all_styles": "style_all",
    "no_styles": "style_not", "formats": "format", "labels": "label", "artists": "artist",
    "countries": "country", "sellers": "seller", "release_id": "release", "master_id": "master",
    "media_at_least": "min_grade", "sleeve_at_least": "min_sleeve", "listed_from": "listed_since",
    "arrived_since": "since",
    **{f"{name}_from": f"min_{name}" for name in RANGES},
    **{f"{name}_to": f"max_{name}" for name in RANGES},
}  # fmt: skip


def written(db: "Connection", wanted: Filter) -> str:
    """The query that /listings reads as this filter; "" where it lets everything through.

    What an address cannot say is left out: it comes from nowhere else.
    """
    usual = msgspec.structs.asdict(Filter())
    terms = {
        name: value for name, value in msgspec.structs.asdict(wanted).items()
        if value != usual[name]
    }  # fmt: skip
    names = names_of_sellers(db, wanted.sellers)
    terms["sellers"] = [names[number] for number in wanted.sellers if number in names]
    return urlencode(list(_said(terms)))


def _said(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for term, value in terms.items():
        if term == "gone":
            yield ("only_gone" if value == "only" else "gone"), "true"
        elif term == "priced_since":
            yield "fresh", "true"
        else:
            for one in value if isinstance(value, (list, tuple)) else [value]:
                yield NAMES.get(term, term), _word(one)


def _word(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Grade():
            return value.short
        case Money():
            return f"{value.amount}{value.currency}"
        case datetime():
            return value.isoformat()
        case _:
            return str(value)
