"""Which releases a filter lets through, and which listings are of them.

Terms about releases are answered for each release, of which there are fewer.  What is
chosen from a list comes again and again, so it is kept; once it is all that is asked of
releases, but for what is kept so already, it is kept for each listing too.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from cratewise.score import NOBODY
from cratewise.shelf.kept_hits import Rows, Term
from cratewise.shelf.query import Filter
from cratewise.shelf.shelf import Bools, Floats, Shelf, look_up
from cratewise.store.shelf_rows import NO_COUNT, NO_NUMBER

# The terms of a filter that releases alone decide.
ABOUT_RELEASES = (
    *("words", "part", "genre_part", "genres", "styles", "all_styles", "no_styles", "formats"),
    *("labels", "artists", "countries", "release_id", "master_id", "year_from", "year_to"),
    *("want_from", "want_to", "have_from", "have_to", "want_have_from", "want_have_to"),
)


def of_listings(wanted: Filter) -> Filter:
    """The filter but for its terms about releases."""
    blank = Filter()
    return structs.replace(wanted, **{name: getattr(blank, name) for name in ABOUT_RELEASES})


def release_hits(shelf: Shelf, wanted: Filter, found: Bools | None) -> Bools | None:
    """Which releases its terms about releases let through; None: it has none.

    found  which releases its words find; None: words do not matter.
    """
    chosen = (shelf.kept_releases.hits(name, term) for name, term in _chosen(shelf, wanted))
    hits = [*_typed(shelf, wanted, found), *chosen]
    if wanted.year_from is not None or wanted.year_to is not None:
        hits.append(within(shelf.releases["year"], *year_ends(wanted)))
    return _all_of(hits)


def hits_by_release(
    shelf: Shelf, wanted: Filter, found: Bools | None
) -> tuple[Bools | None, Bools | None]:
    """Which listings some of its terms about releases let through, and which releases all others.

    None: there are no such terms.  Years are not among them: they are compared by listing.
    """
    chosen, releases = dict(_chosen(shelf, wanted)), [*_typed(shelf, wanted, found)]
    new = [name for name in chosen if name not in shelf.kept]
    # To look one term up takes as long as to look all of them up that are new.
    is_to_keep = len(new) == 1 and not releases
    kept = [name for name in chosen if is_to_keep or name not in new]
    releases += [
        shelf.kept_releases.hits(name, term) for name, term in chosen.items() if name not in kept
    ]
    listings = [shelf.kept.hits(name, _of_listings(shelf, name, chosen[name])) for name in kept]
    return _all_of(listings), _all_of(releases)


def _of_listings(shelf: Shelf, name: Hashable, term: Term) -> Term:
    """Which listings are of releases that a term lets through."""
    releases = shelf.listings["release"]

    def hits(rows: Rows) -> Bools:
        return look_up(shelf.kept_releases.hits(name, term), releases[rows])

    return hits


def _all_of(hits: Sequence[Bools]) -> Bools | None:
    if not hits:
        return None
    first, *others = hits
    for other in others:
        first = first & other
    return first


def _chosen(shelf: Shelf, wanted: Filter) -> Iterator[tuple[Hashable, Term]]:
    """Its terms that are kept, by name."""
    for name, column, hits in (
        ("genres", "genres", shelf.genres.with_any),
        ("styles", "styles", shelf.styles.with_any),
        ("all_styles", "styles", shelf.styles.with_all),
        ("no_styles", "styles", shelf.styles.without),
        ("formats", "format", shelf.formats.with_all),
        ("countries", "country", shelf.countries.with_any),
        ("labels", "label", shelf.labels.holding),
        ("artists", "artist", shelf.artists.holding),
    ):
        if names := getattr(wanted, name):
            yield (name, names), _numbered(shelf.releases[column], partial(hits, names))
    ends = wanted.want_have_from, wanted.want_have_to
    if ends != (None, None):
        yield ("want_have", ends), lambda rows: within(want_have(shelf, rows), *ends)


def _numbered(column: NDArray[Any], hits: Callable[[], Bools]) -> Term:
    """Which releases have one of the numbers that are let through."""
    return lambda rows: look_up(hits(), column[rows])


def _typed(shelf: Shelf, wanted: Filter, found: Bools | None) -> Iterator[Bools]:
    """What its other terms let through: they are quickly compared, or hardly come again."""
    releases = shelf.releases
    if found is not None:
        yield found
    if wanted.release_id is not None:
        yield releases["id"] == wanted.release_id
    if wanted.master_id is not None:
        yield releases["master_id"] == wanted.master_id
    if wanted.part.strip():
        names = {"artist": shelf.artists, "title": shelf.titles, "label": shelf.labels}
        yield _any_of(shelf, {name: one.with_part(wanted.part) for name, one in names.items()})
    if wanted.genre_part.strip():
        terms = {"genres": shelf.genres, "styles": shelf.styles}
        part = wanted.genre_part.strip().casefold()
        yield _any_of(
            shelf,
            {
                name: one.with_any([term for term in one.terms if part in term.casefold()])
                for name, one in terms.items()
            },
        )
    yield from _counted(shelf, wanted)


def _any_of(shelf: Shelf, hits: Mapping[str, Bools]) -> Bools:
    """Which releases one of some columns lets through."""
    found = np.zeros(len(shelf.releases), np.bool_)
    for column, of_column in hits.items():
        if not of_column.any():
            continue
        found |= look_up(of_column, shelf.releases[column])
    return found


def _counted(shelf: Shelf, wanted: Filter) -> Iterator[Bools]:
    for name, low, high in (
        ("want", wanted.want_from, wanted.want_to),
        ("have", wanted.have_from, wanted.have_to),
    ):
        if low is not None or high is not None:
            yield within(shelf.releases[name], _known(low, NO_COUNT), high)


def year_ends(wanted: Filter) -> tuple[int, int | None]:
    """From which year to which a filter lets through, both included; unknown ones it does not."""
    return _known(wanted.year_from, NO_NUMBER), wanted.year_to


def _known(low: int | None, unknown: int) -> int:
    """Where a range begins that lets nothing in that is unknown."""
    return unknown + 1 if low is None else max(low, unknown + 1)


def want_have(shelf: Shelf, releases: Rows) -> Floats:
    """How many want a release for each who owns it, as the score counts it; NaN unknown."""
    want, have = (shelf.releases[name][releases].astype(np.float64) for name in ("want", "have"))
    have[have == 0] = NOBODY
    ratio: Floats = want / have
    ratio[(want < 0) | (have < 0)] = np.nan
    return ratio


def within(values: NDArray[Any], low: float | None, high: float | None) -> Bools:
    """Which lie between two ends, both included; what is unknown (NaN) does not."""
    if low is None:
        return values <= high
    hits: Bools = values >= low
    return hits if high is None else hits & (values <= high)
