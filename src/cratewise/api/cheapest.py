"""The cheapest way to a set of wants among the sellers that you follow."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody

from cratewise.api.installation import Here
from cratewise.api.listing_answer import Price, priced
from cratewise.api.problems import BadField, told
from cratewise.grades import Grade, parse_media
from cratewise.money import Money
from cratewise.notices import DATA_NOTICE
from cratewise.picks.cheapest import AskedWay, cheapest_way
from cratewise.picks.cheapest import Parcel as Bought
from cratewise.shelf.prices import stored_price
from cratewise.store.engine import reading

Id = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In whole minor units of a currency."""

    minor: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)]


class ToBuy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to come to.

    release_ids  by Discogs' numbers; null: your whole wantlist.
    exact        no other pressing of the same master.
    min_grade    the medium's at least: VG+.
    assumed      what a parcel costs whose postage nobody told; null: such sellers are turned
                 to for what nobody else has.
    seconds      how long to look for a cheaper way.
    """

    release_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=1000)] | None = None
    exact: bool = False
    min_grade: str | None = None
    assumed: Amount | None = None
    seconds: Annotated[float, msgspec.Meta(ge=0.1, le=30)] = 5.0


class Bargain(msgspec.Struct, frozen=True, kw_only=True):
    """A copy for a want; listing_id: our own."""

    want_id: int
    release_id: int
    listing_id: int
    artist: str
    title: str
    format: str
    price: Price | None
    media_grade: str | None


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One seller's order; postage: null where nobody told it, and then in no sum."""

    seller: str
    price: Price | None
    postage: Price | None
    copies: list[Bargain]


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A want that is in no parcel, and why."""

    release_id: int
    reason: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How to come to the wants.

    gap  no way is cheaper by more than this share: 0.05 is 5 %; 0: it is proved the cheapest.
    """

    parcels: list[Parcel]
    price: Price | None
    postage: Price | None
    total: Price | None
    left_out: list[LeftOut]
    gap: float
    notice: str = DATA_NOTICE


@post("/wants/cheapest", tags=["wants"], operation_id="find_cheapest_way", sync_to_thread=True,
      status_code=200, responses=told(422, 503))  # fmt: skip
def find_cheapest_way(here: Here, data: JSONBody[ToBuy]) -> Way:
    """As many of the wants as there are copies of, for as little as possible with postage."""
    account, rates = here.account(), here.rates()
    asked = AskedWay(
        currency=account.currency,
        country=account.country,
        want_ids=None if data.release_ids is None else sorted(set(data.release_ids)),
        only_exact=data.exact,
        media_grade_at_least=_grade(data.min_grade),
        assumed=_money(data.assumed),
        seconds=data.seconds,
        priced_since=here.priced_since(account),
    )
    with reading(here.engine) as db:
        way = cheapest_way(db, account.id, asked, rates, here.clock.now().date())
    return Way(
        parcels=[_parcel(parcel) for parcel in way.parcels],
        price=priced(way.price),
        postage=priced(way.postage),
        total=priced(way.total),
        left_out=[LeftOut(release_id=want, reason=reason) for want, reason in way.left_out.items()],
        gap=way.gap,
    )


def _parcel(parcel: Bought) -> Parcel:
    return Parcel(
        seller=parcel.seller,
        price=priced(parcel.price),
        postage=priced(parcel.postage),
        copies=[
            Bargain(
                want_id=copy.want_id,
                release_id=copy.release_id,
                listing_id=copy.listing_id,
                artist=copy.artist,
                title=copy.title,
                format=copy.format,
                price=priced(stored_price(copy.price_minor, copy.currency)),
                media_grade=None if copy.media_grade is None else copy.media_grade.short,
            )
            for copy in parcel.copies
        ],
    )


def _money(amount: Amount | None) -> Money | None:
    return None if amount is None else Money(amount.minor, amount.currency.upper())


def _grade(text: str | None) -> Grade | None:
    if text is None:
        return None
    grade = parse_media(text)
    if grade is None:
        known = ", ".join(one.short for one in sorted(Grade, reverse=True) if one.is_quality)
        raise BadField("body.min_grade", f"min_grade: {text!r} is none of {known}.")
    return grade
