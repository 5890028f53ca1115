"""Records of the day of the earlier system, with the votes on them: kept as they were.

Their numbers come of another formula on another scale, so they are history and nothing
that a draw of today reckons with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cratewise.earlier import rules, values
from cratewise.store.earlier import EarlierRow, known_rows, note_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

VOTES = range(1, 6)
LISTS = ("desirability_votes", "novelty_votes")
NUMBERS = (
    *("model_score", "entropy_measure", "system_temperature", "utility_term", "entropy_term"),
    *("free_energy", "selection_probability", "total_candidates", "cluster_count"),
)

Row = Mapping[str, Any]


def days_to_keep(db: "Connection", rows: Sequence[Row], because: Counter[str]) -> list[EarlierRow]:
    """Records of the day, each on the listing that it became here.

    because  counts by which rules rows were left out.
    """
    chosen = {values.whole(row.get("listing_id")) for row in rows} - {None}
    listings = known_rows(db, "listing", [number for number in chosen if number is not None])
    told: list[EarlierRow] = []
    for row in rows:
        day, number = values.moment(row.get("date")), values.whole(row.get("id"))
        listing = listings.get(values.whole(row.get("listing_id")) or 0)
        if number is None or day is None:
            because[rules.NO_DAY] += 1
        elif listing is None:
            because[rules.NO_LISTING] += 1
        else:
            told.append(EarlierRow("day", number, listing, _day(row, day)))
    return told


def votes_to_keep(db: "Connection", rows: Sequence[Row], because: Counter[str]) -> list[EarlierRow]:
    """Votes on records of the day, each with the day's number in the earlier system.

    because  counts by which rules rows were left out.
    """
    days = {values.whole(row.get("record_of_the_day_id")) for row in rows} - {None}
    known = known_rows(db, "day", [number for number in days if number is not None])
    told: list[EarlierRow] = []
    for row in rows:
        number, day = values.whole(row.get("id")), values.whole(row.get("record_of_the_day_id"))
        said = [values.whole(row.get(name)) for name in ("desirability_rating", "novelty_rating")]
        if number is None or any(vote not in VOTES for vote in said):
            because[rules.NO_VOTE] += 1
        elif day not in known:
            because[rules.NO_LISTING] += 1
        else:
            kept = {"day": day, "desirability": said[0], "novelty": said[1]}
            told.append(EarlierRow("vote", number, number, kept | _at(row)))
    return told


def keep_rows(db: "Connection", told: Sequence[EarlierRow], at: datetime) -> int:
    """Note them; how many are new."""
    known = known_rows(db, told[0].noun, [row.earlier_id for row in told]) if told else {}
    note_rows(db, told, at)
    return sum(row.earlier_id not in known for row in told)


def _day(row: Row, day: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"date": day.date().isoformat()} | _at(row)
    told |= {name: values.amount(row.get(name)) for name in NUMBERS if row.get(name) is not None}
    told |= {name: values.numbers(row.get(name)) for name in LISTS}
    return told | {"selection_method": values.text(row.get("selection_method"))}


def _at(row: Row) -> dict[str, str]:
    at = values.moment(row.get("created_at"))
    return {"created_at": at.isoformat()} if at else {}
