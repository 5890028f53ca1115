"""The objects that the earlier page reads, made of ours.

Whatever is unknown here and may not be missing there is 0 or empty.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
from litestar.params import PathParameter

from cratewise.api.installation import Installation
from cratewise.grades import Grade, parse_media
from cratewise.money import Money
from cratewise.rates import Rates
from cratewise.shelf.prices import in_currency, stored_price
from cratewise.store.described import Described
from cratewise.store.earlier_page import Copy
from cratewise.store.judgements import verdicts_on
from cratewise.store.models import live_model, taste_choice
from cratewise.store.predictions import Predictions, predictions_of, predictions_version

if TYPE_CHECKING:
    from sqlalchemy import Connection


TAG = "earlier page"  # in the description of the API
DOLLARS = "USD"  # in which the earlier page tells prices


Name = Annotated[str, PathParameter(max_length=200)]


class Seller(msgspec.Struct, frozen=True):
    """currency: as their profile or their file says; empty when unknown."""

    id: int
    name: str
    currency: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A release; id and discogs_id are both Discogs' number."""

    id: int
    discogs_id: str
    artist: str
    title: str
    format: str
    label: str
    catno: str | None
    wants: int
    haves: int
    added: datetime
    genres: list[str]
    styles: list[str]
    suggested_price: str
    year: int | None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """record_price: in US dollars; score: the rule's; both with two decimals."""

    id: int
    seller: Seller
    record: Record
    record_price: str
    media_condition: str
    score: str
    kept: bool
    evaluated: bool
    predicted_keeper: bool


class Message(msgspec.Struct, frozen=True):
    message: str


Shower = Callable[["Connection", Sequence[Copy]], list[Listing]]


class Opinion(NamedTuple):
    """What the live model says of listings, and from which chance on it predicts a keep."""

    said: Predictions
    threshold: float

    def chance(self, listing_id: int) -> float | None:
        """That a listing is kept, 0 to 1; None: it says nothing of it."""
        place = int(self.said.ids.searchsorted(listing_id))
        if place == len(self.said.ids) or int(self.said.ids[place]) != listing_id:
            return None
        return float(self.said.probabilities[place])

    def predicts(self, listing_id: int) -> bool:
        chance = self.chance(listing_id)
        return chance is not None and chance >= self.threshold


def opinion_of(db: "Connection", account_id: int, here: Installation) -> Opinion | None:
    """What the live model of an account says; None while none has learnt."""
    live, newest = live_model(db, account_id), predictions_version(db, account_id)
    said = here.predictions.get(account_id)
    if live is None or newest is None:
        return None
    if said is None or (said.version, said.predicted_at) != newest:
        said = predictions_of(db, account_id)  # 12 MB for a million listings
        if said is None:
            return None
        here.predictions[account_id] = said
    choice = taste_choice(db, account_id)
    chosen = choice.threshold if choice else None
    return Opinion(said, live.threshold if chosen is None else chosen)


def shower(db: "Connection", account_id: int, here: Installation, rates: Rates) -> Shower:
    """How this account sees copies now; what the model says is read once."""
    opinion, day = opinion_of(db, account_id, here), here.clock.now().date()

    def show(db: "Connection", copies: Sequence[Copy]) -> list[Listing]:
        verdicts = verdicts_on(db, account_id, [copy.id for copy in copies])
        return [
            listing_of(
                copy,
                in_currency(stored_price(copy.price_minor, copy.currency), DOLLARS, rates, day),
                verdicts.get(copy.id),
                is_keeper=opinion is not None and opinion.predicts(copy.id),
            )
            for copy in copies
        ]

    return show


def listing_of(copy: Copy, price: Money | None, verdict: str | None, *, is_keeper: bool) -> Listing:
    grade = copy.media_grade
    return Listing(
        id=copy.id,
        seller=Seller(copy.seller_id, copy.seller, copy.seller_currency or ""),
        record=record_of(copy),
        record_price="0.00" if price is None else f"{price.amount:.2f}",
        media_condition="" if grade is None else Grade(grade).name_on_discogs,
        score=f"{copy.score or 0:.2f}",
        kept=verdict == "keep",
        evaluated=verdict is not None,
        predicted_keeper=is_keeper,
    )


def copy_of(listing: Described, at: datetime) -> Copy:
    """A listing that was deleted, as it was when it was described."""
    grade = parse_media(listing["media_condition"])
    return Copy(
        id=listing["id"],
        seller_id=0,
        seller=listing["seller"],
        seller_currency=None,
        release_id=listing["release_id"],
        artist=listing["artist"],
        title=listing["title"],
        format=listing["format"],
        label=listing["label"],
        catalog_number=listing["catalog_number"],
        want=listing["want"],
        have=listing["have"],
        year=listing["year"],
        genres=json.dumps(listing["genres"]),
        styles=json.dumps(listing["styles"]),
        price_minor=listing["price_minor"],
        currency=listing["currency"],
        media_grade=None if grade is None else int(grade),
        score=listing["score"],
        first_seen_at=at,
    )


def record_of(copy: Copy) -> Record:
    return Record(
        id=copy.release_id,
        discogs_id=str(copy.release_id),
        artist=copy.artist,
        title=copy.title,
        format=copy.format,
        label=copy.label,
        catno=copy.catalog_number or None,
        wants=copy.want or 0,
        haves=copy.have or 0,
        added=copy.first_seen_at,
        genres=json.loads(copy.genres or "[]"),
        styles=json.loads(copy.styles or "[]"),
        suggested_price="",
        year=copy.year,
    )
