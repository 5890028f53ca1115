"""Suggestions while somebody types."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from cratewise.api.installation import Here
from cratewise.api.problems import told
from cratewise.shelf.suggest import KINDS, MOST_AT_ONCE
from cratewise.store.known_names import Kind


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A name as Discogs writes it.

    entries  releases that are kept under it; of a seller: listings for sale.
    have     members of Discogs who own a release under it; of a seller: ratings.

    A name that came minutes ago has not been counted yet: 1 and 0.
    """

    kind: Kind
    name: str
    entries: int
    have: int


class Suggested(msgspec.Struct, frozen=True):
    """Names by kind; in each those first that begin with what was typed, best-known first."""

    suggestions: list[Suggestion]


@get(
    "/suggest",
    tags=["listings"],
    operation_id="suggest",
    sync_to_thread=True,
    responses=told(503),
)
def suggest(
    here: Here,
    q: Annotated[
        str, QueryParameter(max_length=1000, description="A part of a name, in any case.")
    ] = "",
    kind: Annotated[
        list[Kind] | None, QueryParameter(description="Repeat for more; all by default.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST_AT_ONCE, description="Of each kind, at most.")
    ] = 8,
) -> Suggested:
    """Names of artists, labels, styles, genres, sellers and catalogue numbers."""
    found = here.suggestions.suggest(q, kinds=kind or KINDS, limit=limit)
    return Suggested(
        [
            Suggestion(kind=one.kind, name=one.name, entries=one.entries, have=one.have)
            for one in found
        ]
    )
