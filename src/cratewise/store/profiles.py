"""Profiles of labels, artists and styles: what each is like, counted over the kept releases."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    type_coerce,
)

from cratewise.store.engine import stand_still
from cratewise.store.insert import insert_or_update
from cratewise.store.profile_tables import profile_shares, profiles
from cratewise.store.tables import releases

Kind = Literal["artist", "label", "style"]

KINDS: tuple[Kind, ...] = ("artist", "label", "style")
IDS_AT_ONCE = 5_000  # in one statement; both databases allow some 32,000
MOST_NAMES = 20_000  # that are compared with a misspelt one: a fifth of a second


class Source(NamedTuple):
    """What a release tells for profiles; lists are JSON, None: not told."""

    id: int
    artist: str
    label: str
    artist_ids: str | None
    label_ids: str | None
    styles: str | None
    year: int | None
    country: str | None
    want: int | None
    have: int | None


class Share(msgspec.Struct, frozen=True, array_like=True):
    """What a release counts for.

    artists, labels  (key, name) of each; styles: names.
    """

    artists: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]
    styles: tuple[str, ...]
    year: int | None
    country: str | None
    want: int
    have: int


class Profile(msgspec.Struct, kw_only=True):
    """What an artist, a label or a style is like.

    key          Discogs' number, or "=" and the name; of a style its name.
    name         as the release that was counted last has it; "": none told it.
    releases     how many are kept; want, have: members of Discogs, over all of them.
    years, countries, styles
                 how many releases by year ("1999"), country and style; of a style: the
                 styles that go with it.
    """

    kind: Kind
    key: str
    name: str
    releases: int = 0
    want: int = 0
    have: int = 0
    years: dict[str, int] = {}
    countries: dict[str, int] = {}
    styles: dict[str, int] = {}


_share = msgspec.json.Decoder(Share)
_counts = msgspec.json.Decoder(dict[str, int])
_MARKED: BindParameter[Sequence[int | str]] = bindparam("ids", expanding=True)
_SOURCES = (
    select(*(releases.c[name] for name in Source._fields))
    .where(releases.c.id.in_(_MARKED))
    .order_by(releases.c.id)
)


def to_count(db: Connection, late: timedelta, after: int, *, limit: int) -> list[int]:
    """Releases that are not counted yet as they are; by number, above `after`.

    late  so long after it was noted a change may be committed: what changed less long before
          it was counted is looked at again.
    """
    counted = _microseconds(profile_shares.c.counted_at) - late // timedelta(microseconds=1)
    statement = (
        select(releases.c.id)
        .join(profile_shares, profile_shares.c.release_id == releases.c.id, isouter=True)
        .where(
            releases.c.id > after,
            or_(
                profile_shares.c.release_id.is_(None),
                _microseconds(releases.c.changed_at) >= counted,
                _microseconds(releases.c.described_at) >= counted,
            ),
        )
    )
    return list(db.scalars(statement.order_by(releases.c.id).limit(limit)))


def _microseconds(moment: Column[datetime]) -> ColumnElement[int]:
    return type_coerce(moment, BigInteger)


def sources(db: Connection, ids: Sequence[int]) -> list[Source]:
    """What these releases tell; at most 5,000 of them."""
    return [Source._make(row) for row in db.execute(_SOURCES, {"ids": list(ids)})]


def shares_of(db: Connection, ids: Sequence[int]) -> dict[int, Share]:
    """What those of these releases count for that were counted; at most 5,000 of them."""
    statement = select(profile_shares.c.release_id, profile_shares.c.share).where(
        profile_shares.c.release_id.in_(_MARKED)
    )
    return {row[0]: _share.decode(row[1]) for row in db.execute(statement, {"ids": list(ids)})}


def keep_shares(db: Connection, shares: Mapping[int, Share], at: datetime) -> None:
    rows = [
        {
            "release_id": number,
            "share": msgspec.json.encode(share).decode(),
            "counted_at": at,
        }
        for number, share in shares.items()
    ]
    insert_or_update(db, profile_shares, rows, on="release_id")


def profiles_of(db: Connection, kind: Kind, keys: Collection[str]) -> dict[str, Profile]:
    """Those of these that are kept, by key."""
    statement = select(profiles).where(profiles.c.kind == kind, profiles.c.key.in_(_MARKED))
    wanted = sorted(keys)
    found: dict[str, Profile] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        rows = db.execute(statement, {"ids": wanted[start : start + IDS_AT_ONCE]}).mappings()
        found |= {row["key"]: _profile(row) for row in rows}
    return found


def profiles_named(db: Connection, kind: Kind, name: str) -> list[Profile]:
    """Those of that name, as Discogs writes it, the one with most releases first."""
    rows = db.execute(
        select(profiles)
        .where(profiles.c.kind == kind, profiles.c.name == name)
        .order_by(profiles.c.releases.desc(), profiles.c.key)
    ).mappings()
    return [_profile(row) for row in rows]


def names_as_long_as(db: Connection, kind: Kind, *, least: int, most: int) -> list[str]:
    """Names of about a length, in letters, those with most releases first; 20,000 at most."""
    length = func.length(profiles.c.name)
    found = db.scalars(
        select(profiles.c.name)
        .where(profiles.c.kind == kind, length.between(least, most))
        .group_by(profiles.c.name)
        .order_by(func.max(profiles.c.releases).desc(), profiles.c.name)
        .limit(MOST_NAMES)
    )
    return list(found)


def keep_profiles(db: Connection, kept: Iterable[Profile], at: datetime) -> None:
    """Keep profiles as they are now; those of no release any more are forgotten."""
    rows, empty = [], []
    for one in kept:
        if one.releases <= 0:
            empty.append({"of": one.kind, "which": one.key})
            continue
        row = msgspec.structs.asdict(one) | {"counted_at": at}
        for name in ("years", "countries", "styles"):
            row[name] = msgspec.json.encode(row[name], order="sorted").decode()
        rows.append(row)
    insert_or_update(db, profiles, rows, on=("kind", "key"))
    if empty:
        db.execute(
            delete(profiles).where(
                and_(profiles.c.kind == bindparam("of"), profiles.c.key == bindparam("which"))
            ),
            empty,
        )


def each_profile(db: Connection, kind: Kind, *, least: int = 1) -> Iterator[list[Profile]]:
    """All profiles of a kind by key, some at a time, for whoever computes with them.

    least  how many releases at least.
    """
    statement = (
        select(profiles)
        .where(profiles.c.kind == kind, profiles.c.releases >= least)
        .order_by(profiles.c.key)
    )
    stand_still(db)
    found = db.execute(statement, execution_options={"yield_per": IDS_AT_ONCE})
    for rows in found.mappings().partitions():
        yield [_profile(row) for row in rows]


def _profile(row: RowMapping) -> Profile:
    return Profile(
        kind=row["kind"],
        key=row["key"],
        name=row["name"],
        releases=row["releases"],
        want=row["want"],
        have=row["have"],
        years=_counts.decode(row["years"]),
        countries=_counts.decode(row["countries"]),
        styles=_counts.decode(row["styles"]),
    )
