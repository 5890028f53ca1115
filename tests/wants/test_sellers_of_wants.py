"""Who sells most of a wantlist, in which pressing, and what it costs there."""

from typing import Any

from sqlalchemy import Connection, Engine, insert, update
from tests.builders import NOON, RATES, a_follow, a_listing, a_seller, an_account

from cratewise.money import Money
from cratewise.store.engine import reading, writing
from cratewise.store.postage import Postage
from cratewise.store.tables import releases, wants
from cratewise.store.wanted_copies import WantedCopy, copies_per_want, wanted_copies
from cratewise.wants.postage import PostageBook
from cratewise.wants.sellers import SellerOffer, rank_sellers

TODAY = NOON.date()


def a_copy(want: int, listing: int, seller: int = 1, price: int | None = 1000, **told: Any) -> Any:
    copy = WantedCopy(
        want, listing, listing, want, seller, f"seller {seller}", "A", "T", "LP", "Germany",
        price, "EUR", NOON, None, None,
    )  # fmt: skip
    return copy._replace(**told)


def ranked(copies: list[WantedCopy], *rules: Postage) -> list[SellerOffer]:
    return rank_sellers(copies, PostageBook(rules), currency="EUR", rates=RATES, day=TODAY)


def test_who_has_more_wants_comes_first_and_then_who_has_them_exactly() -> None:
    offers = ranked([
        a_copy(1, 10, seller=1), a_copy(1, 20, seller=2), a_copy(2, 21, seller=2),
        a_copy(1, 30, seller=3, release_id=9), a_copy(2, 31, seller=3),
    ])  # fmt: skip

    assert [(one.seller_id, one.wants, one.exact) for one in offers] == [
        (2, 2, 2), (3, 2, 1), (1, 1, 1)
    ]  # fmt: skip


def test_of_each_want_the_cheapest_copy_counts_and_the_very_release_before_others() -> None:
    [offer] = ranked([
        a_copy(1, 10, price=900, release_id=9), a_copy(1, 11, price=1500),
        a_copy(1, 12, price=1200), a_copy(2, 13, price=800, currency="GBP"),
    ])  # fmt: skip

    assert [copy.listing_id for copy in offer.copies] == [12, 13]
    assert (offer.price, offer.landed) == (Money(2200, "EUR"), None)


def test_one_parcel_holds_all_and_a_copy_that_answers_two_wants_once() -> None:
    rule = Postage(1, None, None, "Germany", "DE", "EUR", 500, 100, (), "", TODAY)
    copies = [a_copy(1, 10), a_copy(2, 11), a_copy(3, 10, release_id=1)]

    [offer] = ranked(copies, rule)

    assert (offer.wants, offer.postage) == (3, Money(600, "EUR"))


def test_a_copy_without_a_price_leaves_the_sum_unknown() -> None:
    [offer] = ranked([a_copy(1, 10, price=None), a_copy(2, 11)])

    assert (offer.wants, offer.price, offer.landed) == (2, None, None)


def of_master(db: Connection, master_id: int, *release_ids: int) -> None:
    db.execute(update(releases).where(releases.c.id.in_(release_ids)).values(master_id=master_id))


def a_want(db: Connection, account_id: int, release_id: int) -> None:
    row = {"account_id": account_id, "release_id": release_id, "synced_at": NOON}
    db.execute(insert(wants).values(row))


def test_any_pressing_of_the_same_master_answers_a_want(store: Engine) -> None:
    with writing(store) as db:
        me = an_account(db)
        alice = a_seller(db)
        a_follow(db, me, alice)
        first = a_listing(db, alice, id=88_001)
        reissue = a_listing(db, alice, id=88_002, price_minor=500)
        a_listing(db, alice, id=88_003)  # without a master
        a_listing(db, alice, id=88_004)
        of_master(db, 4711, 88_001, 88_002)
        a_want(db, me, 88_001)
        a_want(db, me, 88_003)

    with reading(store) as db:
        every = wanted_copies(db, me)
        exact = wanted_copies(db, me, only_exact=True)
        one = wanted_copies(db, me, [88_001], seller_id=alice)
        counts = copies_per_want(db, me, [88_001, 88_003])

    assert {(copy.want_id, copy.release_id) for copy in every} == {
        (88_001, 88_001), (88_001, 88_002), (88_003, 88_003)
    }  # fmt: skip
    assert [copy.is_exact for copy in exact] == [True, True]
    assert {copy.listing_id for copy in one} == {first, reissue}
    assert counts == {88_001: (1, 2), 88_003: (1, 1)}
