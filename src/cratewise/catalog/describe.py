"""Stored releases are described by the catalogue: those of a page, or all of them.

Whoever has no catalogue leaves that to another: nothing happens, and nothing is noted,
so that a worker which has one finds those releases still undescribed.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.catalog.lookup import open_catalog
from cratewise.clock import Clock
from cratewise.errors import CatalogError
from cratewise.store.descriptions import describe_by_catalog, described_poorly, releases_after
from cratewise.store.engine import reading, writing
from cratewise.store.facts import ToldFacts

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_ONCE = 2_000  # releases in one transaction: other writers wait a tenth of a second at most

log = logging.getLogger(__name__)


class PageLookUp:
    """Looks up the releases of a page before the page is stored, with no lock held.

    Trouble with the catalogue costs no page: it is told once, and listings stay
    undescribed until `describe_all` finds them.
    """

    def __init__(self, engine: "Engine", path: Path) -> None:
        self._engine = engine
        self._path = path
        self._trouble = ""

    def __call__(self, release_ids: Sequence[int]) -> list[ToldFacts]:
        """What the catalogue tells of those releases about which too little is known."""
        if not self._path.exists():
            return []
        with reading(self._engine) as db:
            known_well = set(release_ids) - set(described_poorly(db, release_ids))
        try:
            with open_catalog(self._path) as catalog:
                return catalog.descriptions(set(release_ids) - known_well)
        except CatalogError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                log.warning("%s", error)
            return []


def describe_all(
    engine: "Engine",
    path: Path,
    *,
    clock: Clock,
    only_poorly: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Describe every stored release by the catalogue; of how many something new was told.

    only_poorly  leave alone what the catalogue, or a release's own page, told already.

    Raises NoCatalog, BrokenCatalog; what was described until then stays.
    """
    changed, after = 0, 0
    with open_catalog(path) as catalog:
        while not should_stop():
            with reading(engine) as db:
                ids = releases_after(db, after, limit=AT_ONCE, only_poorly=only_poorly)
            if not ids:
                break
            after = ids[-1]
            # Not by a thread of its own: keeping takes longer beside it by all that it spares.
            if told := catalog.descriptions(ids):
                with writing(engine) as db:
                    changed += describe_by_catalog(db, told, clock.now())
    return changed
