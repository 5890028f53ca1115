"""Listings show what their releases are to whoever looks: wanted, owned, in any pressing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from tests.api.serving import served
from tests.builders import NOON, RATES, a_follow, a_listing, a_seller, an_account
from tests.wants.conftest import Cratewise

from cratewise.cli.listing_lines import own_marks
from cratewise.keeper import DEFAULT
from cratewise.shelf.view import marked, viewer
from cratewise.store.engine import reading, writing
from cratewise.store.ownership import Mark, marks_of
from cratewise.store.stock import Wanted, look_at
from cratewise.store.tables import accounts, owned, releases, wants

FIRST, SECOND, ALONE, OTHER = 93_001, 93_002, 93_003, 93_004


@pytest.fixture
def me(store: Engine) -> int:
    """Wants the first pressing, owns the second and the one without a master."""
    with writing(store) as db:
        me, alice = an_account(db), a_seller(db)
        a_follow(db, me, alice)
        for number in (FIRST, SECOND, ALONE, OTHER):
            a_listing(db, alice, id=number)
        pressings = releases.c.id.in_([FIRST, SECOND])
        db.execute(update(releases).where(pressings).values(master_id=4711))
        stranger = {"name": "stranger", "currency": "USD", "country": "US", "created_at": NOON}
        other = db.execute(insert(accounts).values(stranger).returning(accounts.c.id)).scalar_one()
        for table, account_id, number in (
            (wants, me, FIRST), (owned, me, SECOND), (owned, me, ALONE), (wants, other, OTHER)
        ):  # fmt: skip
            row = {"account_id": account_id, "release_id": number, "synced_at": NOON}
            db.execute(insert(table).values(row))
        return me


MARKS = {
    FIRST: Mark(is_wanted=True, is_other_pressing_owned=True),
    SECOND: Mark(is_owned=True, is_other_pressing_wanted=True),
    ALONE: Mark(is_owned=True),
}


def test_releases_are_marked_by_themselves_and_by_other_pressings(store: Engine, me: int) -> None:
    with reading(store) as db:
        assert marks_of(db, me, [FIRST, SECOND, ALONE, OTHER, 7]) == MARKS
        assert marks_of(db, me, []) == {}


def marks_in(listings: list[dict[str, Any]]) -> dict[int, Mark]:
    found = {one["release_id"]: Mark(*(one[name] for name in Mark._fields)) for one in listings}
    return {number: mark for number, mark in found.items() if any(mark)}


@pytest.mark.usefixtures("me")
def test_every_answer_with_listings_carries_the_marks(
    cratewise: Cratewise, answered: Callable[..., Any]
) -> None:
    with served() as api:
        page = api.read("/api/v1/listings")["listings"]
        one = api.read(f"/api/v1/listings/{page[0]['id']}")
        copies = api.read(f"/api/v1/releases/{FIRST}")["copies"]

    assert marks_in(page) == MARKS
    assert marks_in([one]) == marks_in(page[:1])
    assert marks_in(copies) == {FIRST: MARKS[FIRST]}
    assert marks_in(answered("listings")["listings"]) == MARKS


def test_people_read_the_marks_below_a_listing(store: Engine, me: int) -> None:
    view = viewer(currency="EUR", rates=RATES, rule=DEFAULT, now=NOON)
    with reading(store) as db:
        stock = look_at(db, Wanted(), order="artist", limit=10)
        seen = {one.listing.release_id: one for one in marked(db, me, map(view, stock))}

    assert list(own_marks(seen[FIRST])) == ["wanted", "owned in another pressing"]
    assert list(own_marks(seen[SECOND])) == ["wanted in another pressing", "owned"]
    assert list(own_marks(seen[OTHER])) == []
