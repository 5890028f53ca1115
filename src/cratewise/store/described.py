"""Listings as a taste reads them: what is for sale, and all that is known of the release.

Each is a mapping that JSON can hold, so that a verdict keeps what was judged as it
stood then.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from cratewise.grades import Grade
from cratewise.store.engine import stand_still
from cratewise.store.tables import listings, releases, sellers

AT_ONCE = 10_000  # listings of a stream; some 20 MB
IDS_AT_ONCE = 500  # in one question; SQLite takes no more than some thousands

# Whatever is among them may be missing: NULL is None, and no taste minds that.
_TOLD = (
    *("artist", "title", "label", "catalog_number", "format", "year", "want", "have"),
    *("master_id", "original_year", "country"),
)
_SELECTED = (
    select(
        listings.c.id,
        listings.c.release_id,
        sellers.c.username.label("seller"),
        listings.c.price_usd.label("price"),  # one currency throughout
        listings.c.price_minor,
        listings.c.currency,
        listings.c.media_grade,
        listings.c.score,
        listings.c.gone_at,
        *(releases.c[name] for name in _TOLD),
        releases.c.genres,
        releases.c.styles,
    )
    .join(releases, releases.c.id == listings.c.release_id)
    .join(sellers, sellers.c.id == listings.c.seller_id)
)

_RELEASES = select(
    releases.c.id.label("release_id"),
    *(releases.c[name] for name in (*_TOLD, "genres", "styles")),
)
_LISTING_NAMES = tuple(column.name for column in _SELECTED.selected_columns)
_RELEASE_NAMES = tuple(column.name for column in _RELEASES.selected_columns)

Described = dict[str, Any]


def described(db: Connection, listing_ids: Collection[int]) -> dict[int, Described]:
    """What is known of some listings, by our own ids upwards; those that are not kept are left out.

    Of each: id, release_id, seller, artist, title, label, catalog_number, format, year, country,
    genres and styles (lists of names), master_id, original_year, want, have, price (US dollars),
    price_minor with currency, media_condition (as short as "VG+"), score (the rule's), is_gone.
    """
    wanted = sorted(set(listing_ids))
    found: dict[int, Described] = {}
    wanted_ones = listings.c.id.in_(bindparam("ids", expanding=True))
    statement = _SELECTED.where(wanted_ones).order_by(listings.c.id)
    for start in range(0, len(wanted), IDS_AT_ONCE):
        rows = db.execute(statement, {"ids": wanted[start : start + IDS_AT_ONCE]})
        found |= {row.id: _described(row) for row in rows}
    return found


def described_releases(db: Connection, release_ids: Collection[int]) -> dict[int, Described]:
    """As `described`, of releases that need not be for sale: nothing of price and grade."""
    wanted = sorted(set(release_ids))
    wanted_ones = releases.c.id.in_(bindparam("ids", expanding=True))
    statement = _RELEASES.where(wanted_ones).order_by(releases.c.id)
    found: dict[int, Described] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        for row in db.execute(statement, {"ids": wanted[start : start + IDS_AT_ONCE]}):
            found[row.release_id] = _release(row)
    return found


def mean_prices(db: Connection, release_ids: Collection[int] | None = None) -> dict[int, float]:
    """The mean price in US dollars of each release of which two or more copies are for sale.

    release_ids  of these alone; None: of all, which reads every listing
    """
    wanted = sorted(set(release_ids or ()))
    starts = [None] if release_ids is None else range(0, len(wanted), IDS_AT_ONCE)
    found: dict[int, float] = {}
    for start in starts:
        some = None if start is None else wanted[start : start + IDS_AT_ONCE]
        found |= _mean_prices(db, some)
    return found


def _mean_prices(db: Connection, release_ids: list[int] | None) -> dict[int, float]:
    statement = (
        select(listings.c.release_id, func.avg(listings.c.price_usd))
        .where(listings.c.gone_at.is_(None), listings.c.price_usd.is_not(None))
        .group_by(listings.c.release_id)
        .having(func.count() > 1)
    )
    if release_ids is not None:
        statement = statement.where(listings.c.release_id.in_(release_ids))
    return {row[0]: float(row[1]) for row in db.execute(statement)}


def each_described(
    db: Connection, *, touched_since: datetime | None = None
) -> Iterator[list[Described]]:
    """Every listing that is for sale, by our own ids, some at a time: memory stays constant.

    touched_since  only those that were written since, gone ones too
    """
    statement: Select[Any] = _SELECTED.order_by(listings.c.id)
    if touched_since is None:
        statement = statement.where(listings.c.gone_at.is_(None))
    else:
        # What a release became known for moves none of its listings.
        statement = statement.where(
            or_(
                listings.c.touched_at >= touched_since,
                releases.c.changed_at >= touched_since,
                releases.c.described_at >= touched_since,
            )
        )
    stand_still(db)
    found = db.execute(statement, execution_options={"yield_per": AT_ONCE})
    for rows in found.partitions():
        yield [_described(row) for row in rows]


def _described(row: Any) -> Described:
    # By place, not by name: that takes half the time, and a stock has a million rows.
    told = dict(zip(_LISTING_NAMES, row, strict=True))
    told["media_condition"] = _short(told.pop("media_grade"))
    told["is_gone"] = told.pop("gone_at") is not None
    return _with_names(told)


def _release(row: Any) -> Described:
    told = dict(zip(_RELEASE_NAMES, row, strict=True))
    return _with_names(told)


def _with_names(told: Described) -> Described:
    told["genres"], told["styles"] = _names(told["genres"]), _names(told["styles"])
    return told


def _names(told: str | None) -> list[str]:
    return [] if told is None else list(_known_names(told))


@lru_cache(maxsize=50_000)  # a stock repeats the same few thousand lists of styles
def _known_names(told: str) -> tuple[str, ...]:
    return tuple(json.loads(told))


def _short(grade: int | None) -> str | None:
    return None if grade is None else Grade(grade).short
