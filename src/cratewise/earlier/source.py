"""What the earlier system is read from: which tables and columns, and how files are opened."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

RECORDS, SELLERS, LISTINGS = "discogs_record", "discogs_seller", "discogs_listing"
DAYS, VOTES = "discogs_recordoftheday", "discogs_recordofthedayfeedback"
METRICS = "discogs_recommendationmetrics"

# Read by name, and nothing else is: the table of models holds pickles, which could run code.
COLUMNS: Mapping[str, Sequence[str]] = {
    RECORDS: (
        *("id", "discogs_id", "artist", "title", "format", "label", "catno", "wants", "haves"),
        *("added", "genres", "styles", "suggested_price", "year"),
    ),
    SELLERS: ("id", "name", "currency"),
    LISTINGS: (
        *("id", "seller_id", "record_id", "record_price", "media_condition", "score"),
        *("kept", "is_keeper", "evaluated", "created_at", "updated_at"),
    ),
    DAYS: (
        *("id", "date", "listing_id", "created_at", "model_score", "entropy_measure"),
        *("system_temperature", "utility_term", "entropy_term", "free_energy"),
        *("selection_probability", "total_candidates", "cluster_count", "selection_method"),
        *("desirability_votes", "novelty_votes"),
    ),
    VOTES: ("id", "record_of_the_day_id", "desirability_rating", "novelty_rating", "created_at"),
    METRICS: (
        *("id", "session_date", "created_at", "accuracy", "precision"),
        *("num_samples", "total_sessions"),
    ),
}
MUST_BE_THERE = (RECORDS, SELLERS, LISTINGS)


class Source(Protocol):
    """Rows of the earlier system, by table."""

    def count(self, table: str) -> int | None:
        """How many rows a table has; None: only reading tells; 0: there is no such table."""

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        """All rows of a table, each with those of COLUMNS that it has; none without the table.

        Raises ImportRefused when what is read breaks off.
        """


def opened_text(path: Path) -> Any:
    """A file of text, unpacked where it is gz.

    What is no UTF-8 becomes a question mark: one letter costs less than its row.
    """
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    if is_packed:
        return gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="")
    return path.open(encoding="utf-8", errors="replace", newline="")
