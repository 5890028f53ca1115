"""Open the earlier system's database, a dump of it, or its CSV export."""

from contextlib import AbstractContextManager
from pathlib import Path

from cratewise.earlier.csv_export import opened_csv
from cratewise.earlier.database import opened_database
from cratewise.earlier.dump import opened_dump
from cratewise.earlier.source import Source, opened_text
from cratewise.errors import ImportRefused


def opened_source(where: str) -> AbstractContextManager[Source]:
    """Open `postgresql://...`, a dump made by pg_dump, or the CSV export; plain or gz.

    Raises ImportRefused when it is none of these.
    """
    if where.startswith(("postgresql://", "postgres://", "sqlite:///")):
        return opened_database(where)
    path = Path(where)
    start = _start_of(path)
    if start.startswith("PGDMP"):
        raise ImportRefused(
            f"{path} is a dump in pg_dump's own format: write it as text first, with "
            f"`pg_restore --file {path.stem}.sql {path}`, and import that."
        )
    if "Listing ID" in start.partition("\n")[0]:
        return opened_csv(path)
    return opened_dump(path)


def _start_of(path: Path) -> str:
    if not path.is_file():
        raise ImportRefused(
            f"There is no file {path}, and it is no address such as postgresql://..."
        )
    try:
        with opened_text(path) as file:
            start = str(file.read(4096))
    except (OSError, EOFError) as error:
        raise ImportRefused(f"{path} cannot be read: {error}.") from error
    if not start.strip():
        raise ImportRefused(f"{path} is empty.")
    return start.removeprefix("\ufeff")
