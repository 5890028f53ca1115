"""What an account has said of releases and listings, in short: for marks on the shelf."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    Table,
    bindparam,
    func,
    select,
)

from cratewise.store.hidden import Hidden, hidden_of
from cratewise.store.postage import Postage, list_postage
from cratewise.store.tables import accounts, hidden, judgements, owned, postage, wants
from cratewise.store.taste_tables import predictions
from cratewise.store.written_rows import written_rows


class Said(NamedTuple):
    """What marks follow from; another value whenever one of them may be another.

    lists        of wants, records and verdicts how many there are, and the newest change
    predictions  the model's version and when it predicted; None: there is none
    hidden       all that is hidden, written as JSON
    postage      likewise, the rules that hold for the account's own country
    """

    lists: tuple[Any, ...]
    predictions: tuple[Any, ...] | None
    hidden: str
    postage: str


_MINE: BindParameter[int] = bindparam("account")
_COUNTRY = select(accounts.c.country).where(accounts.c.id == _MINE).scalar_subquery()


def _of_mine(table: Table, *columns: ColumnElement[Any]) -> list[ScalarSelect[Any]]:
    theirs = table.c.account_id == _MINE
    return [select(one).where(theirs).scalar_subquery() for one in columns]


# One row, for it is asked before every answer; see `glance.py`.
SAID = (
    *_of_mine(wants, func.count(wants.c.release_id), func.max(wants.c.synced_at)),
    *_of_mine(owned, func.count(owned.c.release_id), func.max(owned.c.synced_at)),
    *_of_mine(judgements, func.max(judgements.c.id), func.count(judgements.c.undone_at)),
    *_of_mine(predictions, func.max(predictions.c.version), func.max(predictions.c.predicted_at)),
    *_of_mine(hidden, written_rows(*hidden.c)),
    select(written_rows(*postage.c))
    .where(postage.c.account_id == _MINE, postage.c.country == _COUNTRY)
    .scalar_subquery(),
)


def said_of(row: Sequence[Any]) -> Said:
    """What an account has said so far, as a row of SAID tells it."""
    *lists, version, predicted_at, hides, pays = row
    predicted = None if version is None else (version, predicted_at)
    return Said(tuple(lists), predicted, hides or "", pays or "")


def hidden_and_postage(
    db: Connection, account_id: int
) -> tuple[tuple[Hidden, ...], tuple[Postage, ...]]:
    """What an account hides, and the rules that hold for its own country."""
    country = db.scalar(select(_COUNTRY), {"account": account_id})
    rules = list_postage(db, account_id, country) if country else ()
    return tuple(hidden_of(db, account_id)), tuple(rules)


def verdicts_of(db: Connection, account_id: int) -> dict[int, str]:
    """The verdict that counts on each listing, by our own ids: 'keep' or 'skip'."""
    rows = db.execute(
        select(judgements.c.listing_id, judgements.c.verdict)
        .where(judgements.c.account_id == account_id, judgements.c.undone_at.is_(None))
        .where(judgements.c.listing_id.is_not(None))
        .order_by(judgements.c.judged_at, judgements.c.id)
    )
    return {row.listing_id: row.verdict for row in rows}
