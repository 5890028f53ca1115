"""Where the catalogue lies: the one in use, the one before, and the one being made.

    catalog.sqlite  catalog.previous.sqlite  catalog.partial.sqlite

The first is whole or not there at all: a new one takes its place by a rename.
"""

from pathlib import Path
from typing import NamedTuple

from cratewise.errors import NoCatalog

BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite may keep beside a file


class CatalogFiles(NamedTuple):
    """The three files of one catalogue, by the path of the one in use."""

    current: Path

    @property
    def previous(self) -> Path:
        return self.current.with_suffix(f".previous{self.current.suffix}")

    @property
    def partial(self) -> Path:
        return self.current.with_suffix(f".partial{self.current.suffix}")

    @property
    def aside(self) -> Path:
        return self.current.with_suffix(f".aside{self.current.suffix}")


def swap_in(files: CatalogFiles, *, keeps_current: bool) -> None:
    """Let the one being made be the one in use.

    keeps_current  that one becomes the one before; else that stays, as nobody could use it.
    """
    if keeps_current and files.current.exists():
        _second_name(files.current, files.aside).replace(files.previous)
    files.partial.replace(files.current)


def roll_back(files: CatalogFiles) -> None:
    """Let the one before be in use again, and the one in use be the one before.

    Raises NoCatalog when there is none before.
    """
    if not files.previous.exists():
        raise NoCatalog(files.previous, "previous catalogue")
    aside = _second_name(files.current, files.aside) if files.current.exists() else None
    files.previous.replace(files.current)
    if aside:
        aside.replace(files.previous)


def _second_name(path: Path, name: Path) -> Path:
    # By a second name instead of a move there is one in use at every moment.
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(path)
    except OSError:  # a file system that knows no second names
        path.replace(name)
    return name


def forget_partial(files: CatalogFiles) -> None:
    """Remove what is being made."""
    for end in BESIDE:
        files.partial.with_name(files.partial.name + end).unlink(missing_ok=True)
