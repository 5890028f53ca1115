"""Sellers are matched by Discogs' number, else by name; one account is there from the start."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from tests.builders import NOON, a_listing

from cratewise.discogs.answers import Profile
from cratewise.store.accounts import find_local_account, local_account, move_account
from cratewise.store.engine import reading, writing
from cratewise.store.sellers import (
    Seller,
    find_seller,
    follow,
    import_seller,
    mark_gone,
    remember_seller,
)
from cratewise.store.tables import follows, listings, sellers

LATER = NOON + timedelta(days=1)


def profile(number: int = 7, username: str = "Alice", **told: object) -> Profile:
    columns: dict[str, object] = {
        "for_sale": 250, "is_suspended": False, "is_activated": True, "currency": "EUR",
        "location": "Hamburg", "rating_percent": 99.5, "ratings": 40,
    }  # fmt: skip
    return Profile(number, username, **(columns | told))  # type: ignore[arg-type]  # by name


def remembered(store: Engine, *profiles: Profile) -> list[int]:
    with writing(store) as db:
        return [remember_seller(db, one, NOON) for one in profiles]


def found(store: Engine, name: str) -> Seller | None:
    with reading(store) as db:
        return find_seller(db, name)


def test_a_seller_is_found_by_name_in_any_case_and_spelt_as_discogs_answers(store: Engine) -> None:
    remembered(store, profile(username="Vinyl.Keller-Basel_"))

    seller = found(store, " vinyl.KELLER-basel_ ")

    assert seller is not None
    assert (seller.username, seller.discogs_id) == ("Vinyl.Keller-Basel_", 7)
    assert (seller.for_sale, seller.currency, seller.state) == (250, "EUR", "active")
    assert found(store, "nobody") is None


def test_a_seller_who_was_renamed_is_the_same_by_number(store: Engine) -> None:
    one, other = remembered(store, profile(username="alice"), profile(username="alicia"))

    assert one == other
    assert found(store, "alice") is None
    assert found(store, "alicia") is not None


def test_a_name_taken_over_by_somebody_else_is_another_seller(store: Engine) -> None:
    first, second = remembered(store, profile(7, "alice"), profile(8, "alice"))

    assert first != second
    with writing(store) as db:
        remember_seller(db, profile(8, "alice"), LATER)
    seller = found(store, "alice")
    assert seller is not None
    assert seller.id == second


def test_an_imported_seller_becomes_the_one_that_discogs_knows_by_that_name(store: Engine) -> None:
    with writing(store) as db:
        imported = import_seller(db, "ALICE", "GBP", NOON).id

    assert remembered(store, profile(7, "alice")) == [imported]


def test_importing_twice_is_one_seller(store: Engine) -> None:
    with writing(store) as db:
        assert import_seller(db, "alice", "GBP", NOON) == import_seller(db, "Alice", "GBP", NOON)


def test_what_was_imported_under_a_sellers_new_name_joins_the_seller(store: Engine) -> None:
    [seller] = remembered(store, profile(7, "alice"))
    with writing(store) as db:
        account = local_account(db, currency="EUR", country="DE", at=NOON).id
        imported = import_seller(db, "alicia", "EUR", NOON).id
        follow(db, account, imported, NOON)
        listing = a_listing(db, imported)

    assert remembered(store, profile(7, "alicia")) == [seller]
    with reading(store) as db:
        assert db.scalar(select(listings.c.seller_id).where(listings.c.id == listing)) == seller
        assert db.scalar(select(follows.c.seller_id)) == seller
        assert db.scalar(select(func.count()).select_from(sellers)) == 1


@pytest.mark.parametrize(("is_suspended", "state"), [(True, "suspended"), (False, "active")])
def test_a_sellers_state_follows_the_profile(store: Engine, is_suspended: bool, state: str) -> None:
    [seller_id] = remembered(store, profile())
    with writing(store) as db:
        mark_gone(db, seller_id, NOON)
    seller = found(store, "alice")
    assert seller is not None
    assert seller.state == "gone"

    remembered(store, profile(is_suspended=is_suspended))

    seller = found(store, "alice")
    assert seller is not None
    assert seller.state == state


def test_a_profile_without_a_currency_keeps_the_one_known(store: Engine) -> None:
    remembered(store, profile(currency="EUR"), profile(currency=None))

    seller = found(store, "alice")
    assert seller is not None
    assert seller.currency == "EUR"


def test_the_local_account_is_made_once_and_keeps_its_currency(store: Engine) -> None:
    with reading(store) as db:
        assert find_local_account(db) is None
    with writing(store) as db:
        first = local_account(db, currency="EUR", country="DE", at=NOON)
        again = local_account(db, currency="USD", country="US", at=LATER)
    assert first == again
    assert (again.name, again.currency, again.country) == ("local", "EUR", "DE")

    with writing(store) as db:
        move_account(db, first.id, currency="GBP", country="GB")
    with reading(store) as db:
        moved = find_local_account(db)
    assert moved is not None
    assert (moved.currency, moved.country) == ("GBP", "GB")
