"""The shelf in a file beside the database, so that a start need not read all rows again.

The file is no more than a short way: it counts only for a database that knows its token,
and whatever changed since is asked of that database. One that is torn, of another form
or too old is as good as none.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from cratewise.shelf.columns import Columns
from cratewise.shelf.moments import Moments
from cratewise.shelf.names import Names
from cratewise.shelf.shelf import LISTING_KINDS, RELEASE_KINDS, Shelf
from cratewise.shelf.terms import Terms
from cratewise.store.shelf_rows import Newest, SellerRow

# Another number whenever columns hold something else, or names are compared otherwise.
FORM = 1

Arrays = Mapping[str, NDArray[Any]]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is a copy of.

    token    what the database knows it by
    newest   the last change that is in it; known_at: when it was looked for
    read_at  when all rows were read from the database last
    """

    token: str
    newest: Newest
    known_at: datetime
    read_at: datetime
    sellers: list[SellerRow]
    terms: dict[str, list[str]]
    form: int = FORM
    kinds: tuple[dict[str, str], dict[str, str]] = (LISTING_KINDS, RELEASE_KINDS)


class OnDisk(NamedTuple):
    """A shelf that was read from its file."""

    shelf: Shelf
    standing: Standing


def write_shelf(
    shelf: Shelf, path: Path, *, token: str, newest: Newest, known_at: datetime, read_at: datetime
) -> None:
    """Put a shelf into its file, in the place of any before; whoever asks holds its lock.

    Raises OSError, and leaves the file as it was.
    """
    standing = Standing(
        token=token,
        newest=newest,
        known_at=known_at,
        read_at=read_at,
        sellers=shelf.sellers,
        terms={name: terms.texts for name, terms in _terms(shelf).items()},
    )
    arrays = {
        f"{part} {name}": array
        for part, one in _parts(shelf).items()
        for name, array in one.arrays.items()
    }
    arrays["standing"] = np.frombuffer(msgspec.json.encode(standing), np.uint8)
    # Readable for its owner alone, as the database is.
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        whole = Path(file.name)
        try:
            np.savez(file, allow_pickle=False, **arrays)
            file.close()
            whole.replace(path)
        finally:
            whole.unlink(missing_ok=True)


def read_shelf(path: Path) -> OnDisk | None:
    """The shelf of a file; None: there is none that can be used."""
    try:
        with path.open("rb") as letters, np.load(letters, allow_pickle=False) as file:
            standing = msgspec.json.decode(file["standing"].tobytes(), type=Standing)
            if standing.form != FORM or standing.kinds != (LISTING_KINDS, RELEASE_KINDS):
                return None
            arrays = {name: file[name] for name in file.files}
    except (OSError, BadZipFile, ValueError, KeyError, EOFError, msgspec.DecodeError):
        return None
    return OnDisk(_restored(standing, arrays), standing)


def _restored(standing: Standing, arrays: Arrays) -> Shelf:
    shelf = Shelf()
    shelf.sellers = standing.sellers
    for name, terms in _terms(shelf).items():
        for text in standing.terms[name]:
            terms.number([text])
    for part, one in _parts(shelf).items():
        told = {
            name.removeprefix(f"{part} "): array
            for name, array in arrays.items()
            if name.startswith(f"{part} ")
        }
        shelf.restore_releases(told) if one is shelf.releases else one.restore(told)
    return shelf


def _terms(shelf: Shelf) -> dict[str, Terms]:
    return {
        "genres": shelf.genres,
        "styles": shelf.styles,
        "formats": shelf.formats,
        "countries": shelf.countries,
        "origins": shelf.origins,
        "currencies": shelf.currencies,
    }


def _parts(shelf: Shelf) -> dict[str, Columns | Names | Moments]:
    return {
        "listing": shelf.listings,
        "release": shelf.releases,
        "artist": shelf.artists,
        "title": shelf.titles,
        "label": shelf.labels,
        "drop": shelf.drops,
        "return": shelf.returns,
    }
