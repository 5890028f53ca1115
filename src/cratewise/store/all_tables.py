"""Every table there is: importing this makes `metadata` whole."""

from cratewise.store import people_tables, tables, taste_tables, word_index

__all__ = ["metadata", "people_tables", "taste_tables", "word_index"]

metadata = tables.metadata
