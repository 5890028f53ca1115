"""Crates: the best that a budget buys, from one seller or from several."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.listing_answer import Listing, Price, priced, shown
from cratewise.api.listings import views
from cratewise.api.problems import BadField, told
from cratewise.errors import CrateError, MoneyError
from cratewise.grades import Grade, parse_media
from cratewise.money import Money, typed_price
from cratewise.notices import DATA_NOTICE
from cratewise.picks.crate import Fare
from cratewise.picks.order import Asked, Packed, pack_from_stock
from cratewise.picks.pack import SECONDS, SECONDS_AMONG_SELLERS
from cratewise.picks.worth import Worth
from cratewise.shelf.kept import kept_seller
from cratewise.shelf.view import marked
from cratewise.store.accounts import Account
from cratewise.store.engine import reading
from cratewise.store.following import kept_names
from cratewise.store.stock import these_listings

Typed = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Numbers = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]],
                    msgspec.Meta(max_length=1000)]  # fmt: skip


class Parcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parcel costs: with one record, and each record more; typed as the budget is."""

    first: Typed
    further: Typed = "0"


class CrateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody asks of a crate.

    sellers        in any case; none: all whose stock is kept.
    budget         60, or 60EUR; for records and postage. Without a currency it is yours.
    by             what a record is worth: demand (times the chance of keep where a model is
                   live), score (the rule's), or wants (1 for each on your wantlist).
    most_records   null: as many as the budget buys.
    must, without  listings that have to be in it, or must not; our ids.
    minimum        the sum from which every seller sends, instead of what they told.
    postage        of every seller, instead of what you noted.
    seconds        that the search may take; 2 for one seller and 10 for several.
    """

    budget: Typed
    sellers: Annotated[list[str], msgspec.Meta(max_length=200)] = []
    by: Worth = "demand"
    most_records: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    must: Numbers = []
    without: Numbers = []
    formats: Annotated[list[Typed], msgspec.Meta(max_length=20)] = []
    min_grade: Typed | None = None
    minimum: Typed | None = None
    postage: Parcel | None = None
    with_owned: bool = False
    seconds: Annotated[float, msgspec.Meta(ge=0.1, le=60)] | None = None


class InCrate(Listing, frozen=True, kw_only=True):
    """A listing of the crate; worth: what it was counted with."""

    worth: float


class LeftOut(Listing, frozen=True, kw_only=True):
    """A listing that is worth much and not in the crate, and why not."""

    worth: float
    left_out_because: str


class Parcels(msgspec.Struct, frozen=True, kw_only=True):
    """An order from one seller; postage is null where it is not known, and not in the sum."""

    seller: str
    postage: Price | None


class Crate(msgspec.Struct, frozen=True, kw_only=True):
    """The best crate, as far as was searched.

    is_optimal       proved: no other crate is worth more. Else one may be, by `gap` at most.
    gap              0.01: one per cent more worth.
    price, total     of the records, and with postage.
    candidates       copies there were to choose from.
    out_of_question  how many copies were none of them, by reason.
    left_out         the best that are not in it.
    """

    listings: list[InCrate]
    orders: list[Parcels]
    budget: Price
    price: Price
    total: Price
    worth: float
    is_optimal: bool
    gap: float
    candidates: int
    out_of_question: dict[str, int]
    left_out: list[LeftOut]
    seconds: float
    notice: str = DATA_NOTICE


@post("/crates", tags=["picks"], operation_id="pack_crate", sync_to_thread=True,
      status_code=200, responses=told(404, 422, 503))  # fmt: skip
def pack_crate(here: Here, data: JSONBody[CrateWish]) -> Crate:
    """Pack the best crate that a budget buys, and say how good it is; nothing is kept."""
    account, rates, today = here.account(), here.rates(), here.clock.now().date()
    asked = _asked(here, data, account)
    packed = pack_from_stock(here.engine, account.id, asked, rates, today, country=account.country)
    with reading(here.engine) as db:
        worth = {copy.id: copy.worth for copy in packed.crate.copies}
        ids = [*worth, *(one.listing_id for one in packed.left_out)]
        view = views(here, db, account, rates)
        seen = marked(db, account.id, map(view, these_listings(db, ids)))
    of = {one.listing.id: shown(one) for one in seen}
    inside = [(of.get(number), value) for number, value in worth.items()]
    outside = [(of.get(one.listing_id), one) for one in packed.left_out]
    return _answer(
        packed,
        [InCrate(**msgspec.structs.asdict(one), worth=value) for one, value in inside if one],
        [
            LeftOut(**msgspec.structs.asdict(one), worth=left.worth, left_out_because=left.reason)
            for one, left in outside
            if one
        ],
    )


def _asked(here: Installation, wish: CrateWish, account: Account) -> Asked:
    budget = _price(wish.budget, account.currency, "body.budget")
    with reading(here.engine) as db:
        names = wish.sellers or kept_names(db)
        ids = tuple(dict.fromkeys(kept_seller(db, name).id for name in names))
    if not ids:
        raise CrateError("Nothing has been read yet.")
    fares = {}
    if wish.postage is not None:
        parts = [_price(one, budget.currency, "body.postage")
                 for one in (wish.postage.first, wish.postage.further)]  # fmt: skip
        if any(part.currency != budget.currency for part in parts):
            raise BadField("body.postage", f"postage: give it in {budget.currency}, as the budget.")
        fares = dict.fromkeys(ids, Fare(parts[0].minor, parts[1].minor))
    least = wish.minimum
    return Asked(
        sellers=ids,
        budget=budget,
        by=wish.by,
        most_records=wish.most_records,
        must=frozenset(wish.must),
        without=frozenset(wish.without),
        media_at_least=_grade(wish.min_grade),
        format_terms=tuple(wish.formats),
        fares=fares,
        least_order=None if least is None else _price(least, budget.currency, "body.minimum"),
        with_owned=wish.with_owned,
        priced_since=here.priced_since(account),
        seconds=wish.seconds or (SECONDS if len(ids) == 1 else SECONDS_AMONG_SELLERS),
    )


def _price(typed: str, currency: str, field: str) -> Money:
    try:
        return typed_price(typed, currency)
    except MoneyError as error:
        raise BadField(field, str(error)) from None


def _grade(told_grade: str | None) -> Grade | None:
    grade = None if told_grade is None else parse_media(told_grade)
    if told_grade is not None and grade is None:
        known = ", ".join(one.short for one in sorted(Grade, reverse=True) if one.is_quality)
        raise BadField("body.min_grade", f"min_grade: {told_grade!r} is none of {known}.")
    return grade


def _answer(packed: Packed, inside: list[InCrate], outside: list[LeftOut]) -> Crate:
    crate, currency = packed.crate, packed.budget.currency

    def price(minor: int) -> Price:
        return Price(minor, currency, str(Money(minor, currency).amount))

    return Crate(
        listings=inside,
        orders=[
            Parcels(
                seller=seller,
                postage=None
                if seller in packed.without_postage
                else priced(Money(minor, currency)),
            )
            for seller, minor in crate.postage.items()
        ],
        budget=price(packed.budget.minor),
        price=price(crate.price),
        total=price(crate.total),
        worth=crate.worth,
        is_optimal=crate.is_optimal,
        gap=crate.gap,
        candidates=crate.candidates,
        out_of_question=dict(packed.counts),
        left_out=outside,
        seconds=crate.seconds,
    )
