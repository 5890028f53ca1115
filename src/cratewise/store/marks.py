"""What an account has said of releases and listings, all at once: for marks on the shelf."""

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
from cratewise.store.tables import accounts, judgements, owned, wants
from cratewise.store.taste_tables import predictions


class Said(NamedTuple):
    """What marks follow from; another value whenever one of them may be another.

    lists        of wants, records and verdicts how many there are, and the newest change
    predictions  the model's version and when it predicted; None: there is none
    postage      the rules that hold for the account's own country
    """

    lists: tuple[Any, ...]
    predictions: tuple[Any, ...] | None
    hidden: tuple[Hidden, ...]
    postage: tuple[Postage, ...]


_MINE: BindParameter[int] = bindparam("account")


def _of_mine(table: Table, *columns: ColumnElement[Any]) -> list[ScalarSelect[Any]]:
    theirs = table.c.account_id == _MINE
    return [select(one).where(theirs).scalar_subquery() for one in columns]


# One statement, for it is asked before every answer.
_IN_SHORT = select(
    *_of_mine(wants, func.count(wants.c.release_id), func.max(wants.c.synced_at)),
    *_of_mine(owned, func.count(owned.c.release_id), func.max(owned.c.synced_at)),
    *_of_mine(judgements, func.max(judgements.c.id), func.count(judgements.c.undone_at)),
    *_of_mine(predictions, func.max(predictions.c.version), func.max(predictions.c.predicted_at)),
    select(accounts.c.country).where(accounts.c.id == _MINE).scalar_subquery(),
)


def said_by(db: Connection, account_id: int) -> Said:
    """What an account has said so far, in short."""
    *said, country = db.execute(_IN_SHORT, {"account": account_id}).one()
    return Said(
        lists=tuple(said[:6]),
        predictions=tuple(said[6:]) if said[6] is not None else None,
        hidden=tuple(hidden_of(db, account_id)),
        postage=tuple(list_postage(db, account_id, country)) if country else (),
    )


def verdicts_of(db: Connection, account_id: int) -> dict[int, str]:
    """The verdict that counts on each listing, by our own ids: 'keep' or 'skip'."""
    rows = db.execute(
        select(judgements.c.listing_id, judgements.c.verdict)
        .where(judgements.c.account_id == account_id, judgements.c.undone_at.is_(None))
        .where(judgements.c.listing_id.is_not(None))
        .order_by(judgements.c.judged_at, judgements.c.id)
    )
    return {row.listing_id: row.verdict for row in rows}
