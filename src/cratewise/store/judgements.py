"""Verdicts: given, given again, taken back; none is ever lost.

A verdict keeps what was judged as it stood then, so that it outlives its listing.  Of
several on one listing the last that was not undone counts.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from cratewise.store.described import Described, described
from cratewise.store.insert import insert_unless_there
from cratewise.store.showings import Showing, settle, showings_of, unsettle
from cratewise.store.tables import judgements, listings

Kind = Literal["keep", "skip"]
Outcome = Literal["stored", "known", "key_taken", "unknown_listing"]


class Verdict(NamedTuple):
    """What somebody thinks of a listing.

    key  of the asker's own, new for each verdict: sent twice, it counts once
    """

    key: str
    listing_id: int
    kind: Kind
    judged_at: datetime


class Judgement(NamedTuple):
    """A verdict as it is kept.

    listing       what was judged, as it was then: a mapping of described.py
    predicted     chance of a keep that was told before, 0 to 1; None: no model was there
    predicted_by  the version of the model
    shown_with    the chance with which it was chosen to be shown; None: found by hand
    """

    id: int
    key: str
    listing_id: int | None
    release_id: int
    verdict: Kind
    judged_at: datetime
    undone_at: datetime | None
    listing: Described
    predicted: float | None
    predicted_by: int | None
    shown_with: float | None
    shown_because: str


class Recorded(NamedTuple):
    """What became of a verdict.

    outcome    stored; known: was sent before; key_taken: by another verdict, which stands;
               unknown_listing: nothing of that number was ever shown or is kept
    judgement  as it is kept; None for unknown_listing
    """

    outcome: Outcome
    judgement: Judgement | None


class Tally(NamedTuple):
    """Verdicts that count, in listings."""

    keeps: int
    skips: int


def record(db: Connection, account_id: int, verdicts: Sequence[Verdict]) -> list[Recorded]:
    """Keep verdicts, in their order; each by itself, whatever becomes of the others."""
    ids = sorted({verdict.listing_id for verdict in verdicts})
    # Held until the end, so that no listing goes between the look and the verdict.
    db.execute(
        select(listings.c.id)
        .where(listings.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(listings.c.id)
        .with_for_update(read=True),
        {"ids": ids},
    ).all()
    here, shown = described(db, ids), showings_of(db, account_id, ids)
    told = [
        _record(db, account_id, one, here.get(one.listing_id), shown.get(one.listing_id))
        for one in verdicts
    ]
    new = [one.judgement for one in told if one.judgement and one.outcome == "stored"]
    if new:
        last_at = max(one.judged_at for one in new)
        settle(db, account_id, {one.release_id for one in new}, last_at)
    return told


def undo(db: Connection, account_id: int, judgement_id: int, at: datetime) -> Judgement | None:
    """Take a verdict back; again changes nothing.  None: this account gave no such verdict."""
    db.execute(
        update(judgements)
        .where(judgements.c.account_id == account_id, judgements.c.id == judgement_id)
        .where(judgements.c.undone_at.is_(None))
        .values(undone_at=at)
    )
    found = find_judgement(db, account_id, judgement_id)
    if found is not None and found.listing_id is not None:
        unsettle(db, account_id, found.listing_id)
    return found


def find_judgement(db: Connection, account_id: int, judgement_id: int) -> Judgement | None:
    """A verdict by its number, be it undone or not."""
    row = db.execute(
        _JUDGEMENTS.where(judgements.c.account_id == account_id, judgements.c.id == judgement_id)
    ).first()
    return None if row is None else _judgement(row)


def last_judgement(db: Connection, account_id: int) -> Judgement | None:
    """The verdict given last that was not undone: what `undo` means without a number."""
    row = db.execute(
        _JUDGEMENTS.where(judgements.c.account_id == account_id, judgements.c.undone_at.is_(None))
        .order_by(judgements.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _judgement(row)


def judgements_before(
    db: Connection, account_id: int, *, before_id: int | None = None, limit: int
) -> list[Judgement]:
    """The verdicts given last, newest first, undone ones too; before_id: older than that one."""
    statement = _JUDGEMENTS.where(judgements.c.account_id == account_id)
    if before_id is not None:
        statement = statement.where(judgements.c.id < before_id)
    rows = db.execute(statement.order_by(judgements.c.id.desc()).limit(limit))
    return [_judgement(row) for row in rows]


def standing_judgements(db: Connection, account_id: int) -> list[Judgement]:
    """The verdicts that count, in the order in which they were given."""
    rows = db.execute(
        _JUDGEMENTS.where(judgements.c.account_id == account_id, judgements.c.undone_at.is_(None))
        .order_by(judgements.c.judged_at, judgements.c.id)
    )  # fmt: skip
    last: dict[int, Judgement] = {}
    for row in rows:
        one = _judgement(row)
        listing = int(one.listing["id"])
        last.pop(listing, None)
        last[listing] = one
    return list(last.values())


def verdicts_on(db: Connection, account_id: int, listing_ids: Sequence[int]) -> dict[int, Kind]:
    """The verdicts that count on some listings, by our own ids of these."""
    rows = db.execute(_VERDICTS_ON, {"account": account_id, "ids": list(listing_ids)})
    return {row.listing_id: row.verdict for row in rows}


def tally(db: Connection, account_id: int) -> Tally:
    """How many listings are kept and skipped by the verdict that counts."""
    theirs = judgements.c.account_id == account_id
    rank = func.row_number().over(
        partition_by=func.coalesce(judgements.c.listing_id, -judgements.c.id),
        order_by=(judgements.c.judged_at.desc(), judgements.c.id.desc()),
    )
    ranked = (
        select(judgements.c.verdict, rank.label("place"))
        .where(theirs, judgements.c.undone_at.is_(None))
        .subquery()
    )
    counted = select(ranked.c.verdict, func.count()).where(ranked.c.place == 1)
    rows = db.execute(counted.group_by(ranked.c.verdict))
    found: Mapping[str, int] = {row[0]: row[1] for row in rows}
    return Tally(found.get("keep", 0), found.get("skip", 0))


_VERDICTS_ON = (
    select(judgements.c.listing_id, judgements.c.verdict)
    .where(judgements.c.account_id == bindparam("account"), judgements.c.undone_at.is_(None))
    .where(judgements.c.listing_id.in_(bindparam("ids", expanding=True)))
    .order_by(judgements.c.judged_at, judgements.c.id)
)
_COLUMNS = tuple(judgements.c[name] for name in Judgement._fields)
_JUDGEMENTS = select(*_COLUMNS)


def _record(
    db: Connection,
    account_id: int,
    verdict: Verdict,
    here: Described | None,
    shown: Showing | None,
) -> Recorded:
    sent = db.execute(
        _JUDGEMENTS.where(judgements.c.account_id == account_id, judgements.c.key == verdict.key)
    ).first()
    if sent is not None:
        return _sent_before(_judgement(sent), verdict)
    if here is None and shown is None:
        return Recorded("unknown_listing", None)
    # What was shown is what was judged, even if the listing changed or went meanwhile.
    listing = shown.listing if shown else here or {}
    row: dict[str, Any] = {
        "account_id": account_id,
        "listing_id": verdict.listing_id if here else None,
        "release_id": listing["release_id"],
        "verdict": verdict.kind,
        "judged_at": verdict.judged_at,
        "key": verdict.key,
        "listing": json.dumps(listing),
        "predicted": shown.predicted if shown else None,
        "predicted_by": shown.predicted_by if shown else None,
        "shown_with": shown.chance if shown else None,
        "shown_because": shown.because if shown else "",
    }
    insert_unless_there(db, judgements, row)
    kept = db.execute(
        _JUDGEMENTS.where(judgements.c.account_id == account_id, judgements.c.key == verdict.key)
    ).one()
    return Recorded("stored", _judgement(kept))


def _sent_before(kept: Judgement, verdict: Verdict) -> Recorded:
    is_same = (kept.listing["id"], kept.verdict) == (verdict.listing_id, verdict.kind)
    return Recorded("known" if is_same else "key_taken", kept)


def _judgement(row: Any) -> Judgement:
    judgement = Judgement._make(row)
    return judgement._replace(listing=json.loads(row.listing))
