"""A record of our own CSV export -> the same as Discogs' inventory export writes it.  Pure.

So that what `cratewise export` wrote can be read back, the official columns are filled
from ours; what those do not have (scores, converted prices) is left behind.
"""

from collections.abc import Collection, Mapping

THEIRS = {  # Discogs' column: ours, where they are called otherwise
    "catno": "catalog_number",
    "listed": "posted_at",
    "media_condition": "media_grade",
    "sleeve_condition": "sleeve_grade",
}
_OFFERS = {"true": "Y", "false": "N"}


def is_our_own(columns: Collection[str]) -> bool:
    """Whether a file with these columns, in small letters, is one of our exports."""
    return {*THEIRS.values(), "allows_offers", "gone_at", "seller", "currency"} <= {*columns}


def as_discogs_writes(fields: Mapping[str, str]) -> dict[str, str]:
    """A record's fields with the official columns added."""
    return {
        **fields,
        **{theirs: fields[ours] for theirs, ours in THEIRS.items()},
        "status": "Sold" if fields["gone_at"] else "For Sale",
        "accept_offer": _OFFERS.get(fields["allows_offers"].lower(), ""),
    }
