"""Every table there is: importing this makes `metadata` whole."""

from cratewise.store import (
    alert_tables,
    people_tables,
    profile_tables,
    schedule_tables,
    shelf_copies,
    tables,
    taste_tables,
    word_index,
)

__all__ = [
    "alert_tables",
    "metadata",
    "people_tables",
    "profile_tables",
    "schedule_tables",
    "shelf_copies",
    "taste_tables",
    "word_index",
]

metadata = tables.metadata
