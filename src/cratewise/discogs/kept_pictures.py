"""Pictures that were fetched once, in files of the data directory.

They may go at any time: another look fetches them again.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from cratewise.discogs.pictures import DRAWN, KINDS, Picture, Pictures

FOLDERS = 100  # by the last two digits, so that none grows long
MOST_IN_ONE = 200  # about 200 MB in all; the oldest go
LASTS_SECONDS = 30 * 86_400  # then another may have been chosen for the release

_ENDINGS = {ending: kind for kind, ending in {**KINDS, **DRAWN}.items()}


class KeptPictures:
    """Covers by the number of their release: kept ones, and new ones of the image host."""

    def __init__(self, folder: Path, pictures: Pictures) -> None:
        self._folder = folder
        self._pictures = pictures

    def cover(self, release_id: int, address: str) -> Picture:
        """The cover of a release whose address Discogs told.  Raises what Pictures.fetch does."""
        folder = self._folder / f"{release_id % FOLDERS:02}"
        kept = _kept(folder, release_id)
        if kept is not None:
            return kept
        picture = self._pictures.fetch(address)
        with suppress(OSError):  # on a disk without space it is shown, and not kept
            _keep(folder, release_id, picture)
        return picture


def _kept(folder: Path, release_id: int) -> Picture | None:
    for ending, kind in _ENDINGS.items():
        path = folder / f"{release_id}.{ending}"
        with suppress(OSError):
            if time.time() - path.stat().st_mtime < LASTS_SECONDS:
                return Picture(path.read_bytes(), kind)
    return None


def _keep(folder: Path, release_id: int, picture: Picture) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ending = {**KINDS, **DRAWN}[picture.kind]
    # Whole or not at all: whoever reads meanwhile, or dies, leaves no half of one.
    half = folder / f"{release_id}.{os.getpid()}.half"
    half.write_bytes(picture.content)
    half.replace(folder / f"{release_id}.{ending}")
    by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in by_age[:-MOST_IN_ONE]:
        path.unlink(missing_ok=True)
