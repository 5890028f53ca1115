"""Meet a seller: ask Discogs for the profile, and keep what it says."""

from typing import TYPE_CHECKING

from cratewise.clock import Clock
from cratewise.errors import UnknownSeller
from cratewise.inventory.sweep import Known
from cratewise.store.engine import writing
from cratewise.store.pulls import before
from cratewise.store.sellers import find_seller, follow, mark_gone, remember_seller

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.discogs.answers import Profile
    from cratewise.discogs.client import Discogs


def meet(
    engine: "Engine", discogs: "Discogs", name: str, *, clock: Clock, follower: int | None = None
) -> tuple["Profile", Known]:
    """What Discogs says of a seller, and what earlier pulls left of their stock.

    follower  the account that follows the seller from now on; None: nobody new.

    Costs one request.  Raises UnknownSeller, ImpossibleName, another DiscogsError.
    """
    try:
        profile = discogs.profile(name)
    except UnknownSeller:
        with writing(engine) as db:
            if seller := find_seller(db, name):
                mark_gone(db, seller.id, clock.now())
        raise
    with writing(engine) as db:
        seller_id = remember_seller(db, profile, clock.now())
        if follower is not None:
            follow(db, follower, seller_id, clock.now())
        left = before(db, seller_id)
    return profile, Known(left.for_sale, left.claimed, left.last_full_at)
