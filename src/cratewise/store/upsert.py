"""Store a page of listings: what is new, what changed, what is back, what that makes of scores.

A page costs the same few statements however many listings it has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, not_, select, update

from cratewise.score import nan_to_none, rule_score
from cratewise.store.adopt import adopt
from cratewise.store.insert import insert_or_update
from cratewise.store.listing_row import ListingRow, Reading, ReleaseRow
from cratewise.store.one_of import one_of
from cratewise.store.releases import Community, store_releases
from cratewise.store.tables import listings, price_changes, releases

if TYPE_CHECKING:
    from cratewise.rates import Rates

PRICE = ("price_minor", "currency")
TERMS = (*PRICE, "media_grade", "sleeve_grade")  # another of these makes a listing changed
TOLD = (
    *TERMS,
    *("shipping_minor", "shipping_currency", "comments", "ships_from"),
    *("allows_offers", "has_audio", "posted_at"),
)
NOTHING_TOLD = {"comments": "", "ships_from": "", "allows_offers": False, "has_audio": False}

# What moves each time a listing is met; a row that differs in nothing else is met again.
MOVES_WHEN_MET = ("last_seen_at", "price_read_at", "touched_at", "last_pull_id", "missed_passes")
COLUMNS = tuple(column.name for column in listings.columns)
STAYS_WHEN_MET = tuple(name for name in COLUMNS if name not in ("id", *MOVES_WHEN_MET))
BLANK = {name: NOTHING_TOLD.get(name) for name in COLUMNS if name != "id"}

_price_of = itemgetter(*PRICE)
_what_stays = itemgetter(*STAYS_WHEN_MET)

_BY_DISCOGS_IDS = (
    select(listings)
    .where(one_of(listings.c.discogs_listing_id, "ids"))
    .order_by(listings.c.id)
    .with_for_update()
)
_MET_AGAIN = (
    update(listings)
    .where(one_of(listings.c.id, "ids"))
    .values(
        last_seen_at=bindparam("read_at"),
        price_read_at=bindparam("read_at"),
        touched_at=bindparam("now"),
        last_pull_id=func.coalesce(bindparam("pull_id", type_=BigInteger), listings.c.last_pull_id),
        missed_passes=0,
    )
)
_OTHERS_OF_RELEASES = (
    select(listings.c.id, listings.c.price_usd, releases.c.want, releases.c.have)
    .join(releases)
    .where(one_of(listings.c.release_id, "recounted"))
    .where(not_(one_of(listings.c.discogs_listing_id, "scored")))
    .order_by(listings.c.id)
    .with_for_update(of=listings)
)
_RESCORED = (
    update(listings)
    .where(listings.c.id == bindparam("listing"))
    .values(score=bindparam("new_score"), touched_at=bindparam("now"))
)

Row = dict[str, Any]
Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """What storing a page came to, in listings.

    seen     distinct ones on it.
    unseen   of them not seen earlier by the same pull.
    new      of them never stored before.
    changed  of them with another price or grade.
    back     of them gone before.
    stale    of them known, but not seen since `Reading.since`.
    """

    seen: int = 0
    unseen: int = 0
    new: int = 0
    changed: int = 0
    back: int = 0
    stale: int = 0


def upsert_page(
    db: Connection, reading: Reading, rows: Sequence[ListingRow], rates: "Rates"
) -> Tally:
    """Store listings of one seller, and what they tell of their releases.

    rows  a page of them, at most some hundreds; of two with one id the last counts.

    A listing that was already read later keeps what that told.
    """
    told = {row.discogs_listing_id: row for row in rows}
    if not told:
        return Tally()
    released = store_releases(db, (row.release for row in told.values()), reading)
    stored = _stored(db, told)
    unmet = {number: row for number, row in told.items() if number not in stored}
    if adopted := adopt(db, reading.seller_id, unmet, reading.now):
        stored |= _stored(db, adopted)
    merged = {
        number: _merged(row, stored.get(number), reading)
        for number, row in told.items()
        if number not in stored or reading.is_news(stored[number]["last_seen_at"])
    }
    _count_in_dollars(merged, stored, reading, rates)
    _score(merged.values(), released.community)
    _write(db, merged, stored, reading)
    _rescore_others(db, released.recounted, merged, reading)
    return _tally(told, merged, stored, reading)


def recount(db: Connection, rows: Sequence[ReleaseRow], reading: Reading) -> None:
    """Keep how many want and have releases, as no listing told it, and score their listings."""
    released = store_releases(db, rows, reading)
    _rescore_others(db, released.recounted, [], reading)


def _stored(db: Connection, ids: Iterable[int]) -> dict[int, Stored]:
    rows = db.execute(_BY_DISCOGS_IDS, {"ids": list(ids)})
    return {row.discogs_listing_id: dict(zip(COLUMNS, row, strict=True)) for row in rows}


def _merged(told: ListingRow, stored: Stored | None, reading: Reading) -> Row:
    """The row to store, but for its price in dollars and its score."""
    row: Row = dict(stored) if stored is not None else _blank(told, reading)
    row.pop("id", None)
    for name in TOLD:
        if (value := getattr(told, name)) is not None:
            row[name] = value
    row |= {"release_id": told.release.id, "missed_passes": 0}
    row |= {"last_seen_at": reading.read_at, "touched_at": reading.now}
    if told.price_minor is not None:
        row["price_read_at"] = reading.read_at
    if reading.pull_id is not None:
        row["last_pull_id"] = reading.pull_id
    # Discogs knows better than a file whose it is, and a file corrects an earlier one.
    if reading.source == "api" or row["source"] != "api":
        row |= {"source": reading.source, "seller_id": reading.seller_id}
    if stored is not None and stored["gone_at"] is not None:
        row |= {"gone_at": None, "back_at": reading.read_at}
    if stored is not None and _is_changed(row, stored, TERMS):
        row["changed_at"] = reading.read_at
    return row


def _blank(told: ListingRow, reading: Reading) -> Row:
    return BLANK | {
        "discogs_listing_id": told.discogs_listing_id,
        "seller_id": reading.seller_id,
        "source": reading.source,
        "first_seen_at": reading.read_at,
    }


def _is_changed(row: Row, stored: Stored, names: Iterable[str]) -> bool:
    """Whether one of these was known and is another now; learning one is no change."""
    return any(stored[name] is not None and row[name] != stored[name] for name in names)


def _count_in_dollars(
    merged: Mapping[int, Row], stored: Mapping[int, Stored], reading: Reading, rates: "Rates"
) -> None:
    # Only a price that was not there before, at the rate of its day: a score must not
    # move because a currency did.
    priced = [
        row
        for number, row in merged.items()
        if number not in stored or _price_of(row) != _price_of(stored[number])
    ]
    dollars = rates.usd_many(
        [row["price_minor"] for row in priced],
        [row["currency"] for row in priced],
        reading.read_at.date(),
    )
    for row, price_usd in zip(priced, nan_to_none(dollars), strict=True):
        row["price_usd"] = price_usd


def _score(merged: Iterable[Row], community: Mapping[int, Community]) -> None:
    rows = list(merged)
    counts = [community[row["release_id"]] for row in rows]
    scores = rule_score(
        [count.want for count in counts],
        [count.have for count in counts],
        [row["price_usd"] for row in rows],
    )
    for row, score in zip(rows, nan_to_none(scores), strict=True):
        row["score"] = score


def _write(
    db: Connection, merged: Mapping[int, Row], stored: Mapping[int, Stored], reading: Reading
) -> None:
    met = {number for number, row in merged.items() if _is_met_again(row, stored.get(number))}
    written = [row for number, row in merged.items() if number not in met]
    insert_or_update(db, listings, written, on="discogs_listing_id", keep=["first_seen_at"])
    if met:
        times = {"read_at": reading.read_at, "now": reading.now, "pull_id": reading.pull_id}
        db.execute(_MET_AGAIN, {"ids": [stored[number]["id"] for number in met], **times})
    if changes := list(_price_changes(merged, stored, reading)):
        db.execute(insert(price_changes), changes)


def _is_met_again(row: Row, stored: Stored | None) -> bool:
    """Whether nothing is to be stored but that it was met, at this price."""
    return (
        stored is not None
        and row["price_read_at"] == row["last_seen_at"]
        and _what_stays(row) == _what_stays(stored)
    )


def _price_changes(
    merged: Mapping[int, Row], stored: Mapping[int, Stored], reading: Reading
) -> Iterator[Row]:
    for number, row in merged.items():
        before = stored.get(number)
        if before is not None and _is_changed(row, before, PRICE):
            yield {
                "listing_id": before["id"],
                "changed_at": reading.read_at,
                "pull_id": reading.pull_id,
                "old_price_minor": before["price_minor"],
                "old_currency": before["currency"],
                "new_price_minor": row["price_minor"],
                "new_currency": row["currency"],
            }


def _rescore_others(
    db: Connection, recounted: Sequence[int], scored: Iterable[int], reading: Reading
) -> None:
    """Score again whoever else sells releases that are wanted or owned by more or fewer now."""
    if not recounted:
        return
    others = db.execute(_OTHERS_OF_RELEASES, {"recounted": recounted, "scored": list(scored)}).all()
    if others:
        ids, prices, wants, haves = zip(*others, strict=True)
        scores = nan_to_none(rule_score(wants, haves, prices))
        changes = [
            {"listing": listing, "new_score": score, "now": reading.now}
            for listing, score in zip(ids, scores, strict=True)
        ]
        db.execute(_RESCORED, changes)


def _tally(
    told: Mapping[int, ListingRow],
    merged: Mapping[int, Row],
    stored: Mapping[int, Stored],
    reading: Reading,
) -> Tally:
    met = {number: stored[number] for number in merged if number in stored}
    back = {number for number, before in met.items() if before["gone_at"] is not None}
    changed = {n for n, before in met.items() if _is_changed(merged[n], before, TERMS)}
    seen_before = {n for n, row in stored.items() if row["last_pull_id"] == reading.pull_id}
    return Tally(
        seen=len(told),
        unseen=len(told.keys() - seen_before),
        new=len(told.keys() - stored.keys()),
        changed=len(changed - back),
        back=len(back),
        stale=sum(_is_stale(stored[number], reading) for number in stored.keys() - back),
    )


def _is_stale(stored: Stored, reading: Reading) -> bool:
    return reading.since is not None and stored["last_seen_at"] < reading.since
