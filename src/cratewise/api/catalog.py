"""The catalogue of releases on this machine: which there is, and which is kept."""

from datetime import datetime

import msgspec
from litestar import get

from cratewise.api.installation import Here
from cratewise.api.problems import told
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.lookup import Edition, edition_of, usable_edition_of


class CatalogEdition(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue, by the dump that it was made of.

    file            the dump's name; sha256: of it, in hex.
    has_credits     it knows who did what on a release.
    is_only_listed  it holds the releases alone that had been met when it was made.
    """

    file: str
    sha256: str
    releases: int
    made_at: datetime
    has_credits: bool
    is_only_listed: bool


class CatalogStatus(msgspec.Struct, frozen=True, kw_only=True):
    """current: in use; previous: kept, for `cratewise catalog rollback`; null: none,
    or none that can be used."""

    current: CatalogEdition | None
    previous: CatalogEdition | None


@get(
    "/catalog",
    tags=["catalog"],
    operation_id="read_catalog",
    sync_to_thread=True,
    responses=told(409),
)
def read_catalog(here: Here) -> CatalogStatus:
    """Which catalogue describes releases here; `cratewise catalog import` makes one."""
    files = CatalogFiles(here.settings.catalog)
    return CatalogStatus(
        current=_shown(edition_of(files.current)),
        previous=_shown(usable_edition_of(files.previous)),
    )


def _shown(edition: Edition | None) -> CatalogEdition | None:
    if edition is None:
        return None
    return CatalogEdition(
        file=edition.file,
        sha256=edition.sha256,
        releases=edition.releases,
        made_at=edition.made_at,
        has_credits=edition.has_credits,
        is_only_listed=edition.is_only_listed,
    )
