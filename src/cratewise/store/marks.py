"""What an account has said of releases and listings, all at once: for marks on the shelf."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from cratewise.store.hidden import Hidden, hidden_of
from cratewise.store.postage import Postage, list_postage
from cratewise.store.predictions import predictions_version
from cratewise.store.tables import accounts, judgements, owned, wants


class Said(NamedTuple):
    """What marks follow from; another value whenever one of them may be another.

    wants, owned, judgements  how many there are, and a sign of the newest change
    postage                   the rules that hold for the account's own country
    """

    wants: tuple[Any, ...]
    owned: tuple[Any, ...]
    judgements: tuple[Any, ...]
    hidden: tuple[Hidden, ...]
    postage: tuple[Postage, ...]
    predictions: tuple[Any, ...] | None


def said_by(db: Connection, account_id: int) -> Said:
    """What an account has said so far, in short."""
    has = {
        table.name: tuple(
            db.execute(
                select(func.count(), func.max(table.c.synced_at)).where(
                    table.c.account_id == account_id
                )
            ).one()
        )
        for table in (wants, owned)
    }
    judged = select(
        func.count(), func.max(judgements.c.id), func.count(judgements.c.undone_at)
    ).where(judgements.c.account_id == account_id)
    country = db.scalar(select(accounts.c.country).where(accounts.c.id == account_id))
    return Said(
        wants=has["wants"],
        owned=has["owned"],
        judgements=tuple(db.execute(judged).one()),
        hidden=tuple(hidden_of(db, account_id)),
        postage=tuple(list_postage(db, account_id, country)) if country else (),
        predictions=predictions_version(db, account_id),
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
