"""Triage: what to judge next, and why it is shown."""

from typing import TYPE_CHECKING, Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, shown
from cratewise.api.listings import views
from cratewise.api.problems import told
from cratewise.notices import DATA_NOTICE
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.view import marked
from cratewise.store.engine import reading
from cratewise.store.judgements import tally
from cratewise.store.showings import Showing, open_showings
from cratewise.store.stock import these_listings

if TYPE_CHECKING:
    from cratewise.learning.next_batch import Taste
    from cratewise.rates import Rates
    from cratewise.store.accounts import Account

WHY = {
    "uniform": "Drawn by chance: keeps what is measured honest.",
    "exploit": "You may well keep it.",
    "explore": "Your verdicts do not settle records of this kind yet.",
    "cover": "Nothing of this kind was shown yet, or little.",
}


class TriageAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """size: of a new batch; seller: one seller's stock alone, in any case."""

    size: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    seller: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that waits for a verdict.

    because    exploit, explore, uniform or cover; why: the same in a sentence.
    chance     with which it was chosen.
    predicted  the chance of a keep, by the model's version; null: there is no model yet.
    """

    listing: Listing
    because: str
    why: str
    chance: float
    predicted: float | None
    predicted_by: int | None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a verdict; left: how many may be asked about beside, null: not counted."""

    shown: list[Shown]
    left: int | None
    keeps: int
    skips: int
    notice: str = DATA_NOTICE


@post(
    "/triage",
    tags=["taste"],
    operation_id="next_batch",
    sync_to_thread=True,
    status_code=200,
    responses=told(404, 503),
)
def choose_batch(here: Here, data: JSONBody[TriageAsked]) -> Batch:
    """What to judge next: the same until all of it is judged, then a new batch."""
    import numpy as np

    from cratewise.learning.next_batch import next_batch

    account, rates = here.account(), here.rates()
    seller = None
    if data.seller is not None:
        with reading(here.engine) as db:
            found = kept_seller(db, data.seller)
            seller = (found.id, found.username)
    batch = next_batch(
        here.engine,
        account.id,
        now=here.clock.now(),
        random=np.random.default_rng(),
        size=data.size,
        seller=seller,
        find_taste=lambda: _taste(here, account.id),
        catalog=here.settings.catalog,
    )
    return _answer(here, account, rates, batch.showings, batch.left)


@get(
    "/triage",
    tags=["taste"],
    operation_id="open_batch",
    sync_to_thread=True,
    responses=told(503),
)
def read_batch(here: Here) -> Batch:
    """What waits for a verdict; chooses nothing new."""
    account, rates = here.account(), here.rates()
    with reading(here.engine) as db:
        waiting = open_showings(db, account.id)
    return _answer(here, account, rates, waiting, None)


def _taste(here: Installation, account_id: int) -> "Taste | None":
    from cratewise.learning.serving import newest_taste

    with reading(here.engine) as db:
        return newest_taste(db, account_id, here.settings.models_dir)


def _answer(
    here: Installation,
    account: "Account",
    rates: "Rates",
    showings: list[Showing],
    left: int | None,
) -> Batch:
    with reading(here.engine) as db:
        view = views(here, db, account, rates)
        ids = [one.listing_id for one in showings if one.listing_id is not None]
        seen = marked(db, account.id, map(view, these_listings(db, ids)))
        of = {one.listing.id: shown(one) for one in seen}
        counts = tally(db, account.id)
        return Batch(
            shown=[
                Shown(
                    listing=of[one.listing_id],
                    because=one.because,
                    why=WHY[one.because],
                    chance=one.chance,
                    predicted=one.predicted,
                    predicted_by=one.predicted_by,
                )
                for one in showings
                if one.listing_id is not None and one.listing_id in of
            ],
            left=left,
            keeps=counts.keeps,
            skips=counts.skips,
        )
