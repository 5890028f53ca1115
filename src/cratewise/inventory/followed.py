"""The sellers that an account follows, as they stand: a pull that nobody works on does not run."""

from datetime import datetime
from typing import TYPE_CHECKING

from cratewise.inventory.claim import is_left
from cratewise.store.following import FollowedSeller, followed_sellers
from cratewise.store.pulls import list_pulls

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_RUNNING = 1000  # pulls at once; more than any installation has workers for


def followed_as_they_stand(
    db: "Connection", account_id: int, now: datetime, seller_id: int | None = None
) -> list[FollowedSeller]:
    """Every seller that an account follows, by name; of one alone, if it follows them.

    A pull whose worker died, or found no room to note its end, is told as stopped: the
    next pull of the seller goes on with it.
    """
    running = list_pulls(db, seller_id=seller_id, state="running", limit=MOST_RUNNING)
    left = {pull.seller for pull in running if is_left(pull, now)}
    return [
        one._replace(pull_state="stopped")
        if one.pull_state == "running" and one.seller in left
        else one
        for one in followed_sellers(db, account_id, seller_id)
    ]
