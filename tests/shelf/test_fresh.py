"""What is written shows on the shelf at the next question, whoever wrote it, in whatever order."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update
from tests.builders import NOON, a_follow, a_listing, a_seller, an_account
from tests.conftest import HandClock
from tests.shelf.plain import READER, compare_prices, every_row, in_order
from tests.shelf.stocked import a_mixed_stock

from cratewise.money import Money
from cratewise.shelf.find import Finder
from cratewise.shelf.query import SORTS, Filter, Order
from cratewise.store.engine import writing
from cratewise.store.following import forget
from cratewise.store.hidden import hidden_of, hide, unhide
from cratewise.store.shelf_rows import Batch, every_listing
from cratewise.store.tables import listings, owned, price_changes, releases, wants

Ask = Callable[..., list[int]]


@pytest.fixture
def finder(store: Engine, clock: HandClock) -> Finder:
    return Finder(store, clock)


@pytest.fixture
def ask(finder: Finder) -> Ask:
    """The ids that a search finds, by our own ids."""

    def asked(**terms: Any) -> list[int]:
        found = finder.numbered_page(Filter(**terms), Order(), READER, page=1, limit=100)
        return sorted(found.ids)

    return asked


def change(store: Engine, listing_id: int, at: datetime, **values: Any) -> None:
    with writing(store) as db:
        db.execute(
            update(listings).where(listings.c.id == listing_id).values(touched_at=at, **values)
        )


def change_all(db: Connection, at: datetime) -> None:
    db.execute(update(listings).values(touched_at=at))
    db.execute(update(releases).values(changed_at=at))


def test_a_new_listing_shows_at_the_next_question(store: Engine, ask: Ask) -> None:
    assert ask() == []

    with writing(store) as db:
        first = a_listing(db, a_seller(db))
    assert ask() == [first]

    with writing(store) as db:  # of a seller and a release that were not there either
        second = a_listing(db, a_seller(db, "bob"), artist="Moondog")
    assert ask() == [first, second]
    assert ask(artists=("moondog",)) == [second]


def test_a_changed_listing_shows_as_it_is_now(store: Engine, clock: HandClock, ask: Ask) -> None:
    with writing(store) as db:
        number = a_listing(db, a_seller(db), score=1.0)
    assert ask(score_from=5.0) == []

    clock.advance(1)
    change(store, number, clock.now(), score=9.0)
    assert ask(score_from=5.0) == [number]

    clock.advance(1)
    change(store, number, clock.now(), gone_at=clock.now())
    assert ask() == []
    assert ask(gone="only") == [number]


def test_a_release_that_is_described_shows_in_its_genres(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    with writing(store) as db:
        number = a_listing(db, a_seller(db))
    assert ask(genres=("Jazz",)) == []

    clock.advance(1)
    with writing(store) as db:
        db.execute(update(releases).values(genres='["Jazz"]', described_at=clock.now()))

    assert ask(genres=("Jazz",)) == [number]


def test_a_price_that_fell_shows_among_those_that_did(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    with writing(store) as db:
        number = a_listing(db, a_seller(db))
    assert ask(dropped_since=NOON) == []

    clock.advance(1)
    with writing(store) as db:
        told = {"old_currency": "EUR", "new_currency": "EUR", "changed_at": clock.now()}
        db.execute(insert(price_changes).values(
            listing_id=number, old_price_minor=500, new_price_minor=400, **told))  # fmt: skip
    change(store, number, clock.now(), price_minor=400)

    assert ask(dropped_since=NOON) == [number]


def test_what_was_slow_to_commit_shows_a_second_later(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    """A writer notes the time, another writes and commits, then the first commits behind it."""
    with writing(store) as db:
        alice = a_seller(db)
        slow, quick = a_listing(db, alice, score=1.0), a_listing(db, alice, score=1.0)
    noted_at = clock.now() + timedelta(seconds=1)
    clock.advance(5)
    change(store, quick, clock.now(), score=9.0)
    assert ask(score_from=5.0) == [quick]

    change(store, slow, noted_at, score=9.0)
    clock.advance(1)

    assert ask(score_from=5.0) == [slow, quick]


def test_what_was_all_written_a_moment_ago_is_read_once(
    store: Engine, clock: HandClock, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the first pull of a large stock, with a page open that asks all the while."""
    monkeypatch.setattr("cratewise.shelf.fresh.FEW_ROWS", 3)
    readings: list[Connection] = []

    def read_all(db: Connection) -> Iterator[Batch]:
        readings.append(db)
        return every_listing(db)

    monkeypatch.setattr("cratewise.shelf.fresh.every_listing", read_all)
    with writing(store) as db:
        seller = a_seller(db)
        stock = [a_listing(db, seller) for _ in range(20)]
        change_all(db, clock.now())
    assert ask() == stock
    assert len(readings) == 1

    for _ in range(3):
        clock.advance(1.5)
        assert ask() == stock
    assert len(readings) == 1

    change(store, stock[7], clock.now() - timedelta(seconds=1), gone_at=clock.now())
    clock.advance(1.5)
    assert ask() == [*stock[:7], *stock[8:]]
    assert len(readings) == 1

    with writing(store) as db:
        change_all(db, clock.now())
    assert ask() == [*stock[:7], *stock[8:]]
    assert len(readings) == 2
    clock.advance(1.5)
    assert ask() == [*stock[:7], *stock[8:]]
    assert len(readings) == 2


def test_a_writer_whose_clock_runs_ahead_hides_nobody_elses_changes(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ahead, right = a_listing(db, alice, score=1.0), a_listing(db, alice, score=1.0)
    change(store, ahead, clock.now() + timedelta(days=1), score=9.0)
    assert ask(score_from=5.0) == [ahead]

    clock.advance(2)
    change(store, right, clock.now(), score=9.0)

    assert ask(score_from=5.0) == [ahead, right]


def test_a_seller_who_is_forgotten_leaves_with_their_listings(store: Engine, ask: Ask) -> None:
    with writing(store) as db:
        account, alice, bob = an_account(db), a_seller(db), a_seller(db, "bob")
        a_follow(db, account, alice)
        theirs, others = a_listing(db, alice), a_listing(db, bob)
    assert ask() == [theirs, others]

    with writing(store) as db:
        forget(db, account, alice)
    assert ask() == [others]

    with writing(store) as db:  # SQLite may give the same ids once more
        back = a_listing(db, a_seller(db, created_at=NOON + timedelta(hours=1)))
    assert ask() == sorted([others, back])
    assert ask(sellers=(bob,)) == [others]


def test_listings_that_change_hands_are_their_new_sellers(store: Engine, ask: Ask) -> None:
    """An imported shop is found on Discogs: its listings move over, and nothing touches them."""
    with writing(store) as db:
        imported, known = a_seller(db, "shop"), a_seller(db, "Shop", discogs_id=7)
        number = a_listing(db, imported)
    assert ask(sellers=(imported,)) == [number]

    with writing(store) as db:
        db.execute(update(listings).values(seller_id=known))
        db.exec_driver_sql(f"DELETE FROM sellers WHERE id = {imported}")

    assert ask(sellers=(known,)) == [number]


def test_what_an_account_says_marks_listings_at_the_next_question(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    with writing(store) as db:
        account = an_account(db)
        number = a_listing(db, a_seller(db), label="Impulse!")
        other = a_listing(db, a_seller(db, "bob"), label="ECM")
    assert ask(wanted=True) == ask(owned=True) == ask(hidden="only") == []

    with writing(store) as db:
        release = db.scalar(listings.select().with_only_columns(listings.c.release_id))
        row = {"account_id": account, "release_id": release, "synced_at": clock.now()}
        db.execute(insert(wants).values(row))
        db.execute(insert(owned).values({**row, "copies": 1}))
        hide(db, account, "label", "ECM", NOON)
    assert ask(wanted=True) == ask(owned=True) == [number]
    assert ask(hidden="only") == [other]

    with writing(store) as db:
        db.execute(wants.delete())
        unhide(db, account, hidden_of(db, account)[0].id)
    assert ask(wanted=True) == ask(hidden="only") == []
    assert ask() == [number, other]


@pytest.mark.parametrize("most_loose", [0, 40, 1000])
def test_every_order_is_mended_as_a_fresh_one_would_be(
    store: Engine, clock: HandClock, finder: Finder, monkeypatch: pytest.MonkeyPatch,
    most_loose: int,
) -> None:  # fmt: skip
    """Orders are kept: those asked for before a change must answer like new ones after it."""
    monkeypatch.setattr("cratewise.shelf.orders.MOST_LOOSE", most_loose)
    monkeypatch.setattr("cratewise.shelf.orders.FEW", 0)
    monkeypatch.setattr("cratewise.shelf.orders.MOST_KEPT", 100)
    monkeypatch.setattr("cratewise.shelf.changes.MENDED", 1)
    with writing(store) as db:
        ids = a_mixed_stock(db, 80)
    every = Filter(gone="with", hidden="with")

    def shown(order: Order) -> list[int]:
        pages = itertools.count(1)
        asked = (
            finder.numbered_page(every, order, READER, page=page, limit=17).ids for page in pages
        )
        return [*itertools.chain.from_iterable(itertools.takewhile(bool, asked))]

    orders = [Order(sort, way) for sort in SORTS for way in (False, True)]
    finder.make_orders(orders, READER)
    for step in range(3):
        for order in orders:
            shown(order)
        clock.advance(1)
        for number in ids[step * 5 : step * 5 + 8]:
            change(store, number, clock.now(), score=step * 3.0, price_usd=None, posted_at=NOON)
        with writing(store) as db:
            ids.append(a_listing(db, 1, artist=f"Bo Diddley {step}", touched_at=clock.now()))
            db.execute(update(releases).where(releases.c.title == "Blue").values(
                title=f"Cold {step}", want=step, have=7, changed_at=clock.now()))  # fmt: skip
            rows = every_row(db)
        compare_prices(rows)
        for order in orders:
            assert shown(order) == [row["id"] for row in in_order(rows, order)]


def test_what_other_copies_cost_is_told_as_it_is_now(
    store: Engine, clock: HandClock, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is worked out behind the scenes; what changed since then must not be told as before."""
    monkeypatch.setattr("cratewise.shelf.changes.MENDED", 1)
    with writing(store) as db:
        ids = a_mixed_stock(db, 80)
    finder.begin()

    def told() -> dict[int, float | None]:
        every = Filter(gone="with", hidden="with")
        found = finder.numbered_page(every, Order(), READER, page=1, limit=200).appraised
        return {number: one.discount for number, one in found.items()}

    def expected() -> dict[int, float | None]:
        with writing(store) as db:
            rows = every_row(db)
        compare_prices(rows)
        return {row["id"]: row["discount"] for row in rows}

    assert told() == expected()
    finder.settle()
    assert told() == expected()
    for most_behind in (1000, 0):
        monkeypatch.setattr("cratewise.shelf.discount.MOST_BEHIND", most_behind)
        clock.advance(1)
        for number in ids[most_behind % 7 :: 9]:
            change(store, number, clock.now(), price_usd=3.0, gone_at=None)
        with writing(store) as db:  # of the last one's release the other copies are fewer now
            first, last = (db.scalar(select(listings.c.release_id).where(listings.c.id == number))
                           for number in (ids[0], ids[-1]))  # fmt: skip
            db.execute(update(listings).where(listings.c.id == ids[-1]).values(
                release_id=first, touched_at=clock.now()))  # fmt: skip
        assert first != last
        assert told() == expected()
        finder.settle()
        assert told() == expected()
        ids.pop()
    finder.close()


def test_what_was_gone_and_came_back_shows_as_back_until_it_is_gone_again(
    store: Engine, clock: HandClock, ask: Ask
) -> None:
    with writing(store) as db:
        number = a_listing(db, a_seller(db), gone_at=NOON)
    before = clock.now()
    assert ask(back_since=before) == []

    clock.advance(60)
    change(store, number, clock.now(), gone_at=None, back_at=clock.now())
    assert ask(back_since=before) == [number]
    assert ask(back_since=clock.now()) == []

    clock.advance(60)
    change(store, number, clock.now(), gone_at=clock.now())
    assert ask(back_since=before) == []
    assert ask(back_since=before, gone="only") == [number]


def test_numbers_larger_than_any_before_find_room(store: Engine, ask: Ask) -> None:
    """Columns are as narrow as their values; what does not fit makes them wider."""
    with writing(store) as db:
        small = a_listing(db, a_seller(db), price_minor=1_000, currency="EUR")
    assert ask() == [small]

    with writing(store) as db:
        large = a_listing(
            db, a_seller(db, "bob"), id=5_000_000_000, price_minor=3_000_000_000,
            currency="EUR", media_grade=8,
        )  # fmt: skip

    assert ask(price_to=Money(1_000, "EUR")) == [small]
    assert ask(price_from=Money(2_000, "EUR")) == [large]
    assert ask(release_id=5_000_000_000) == [large]
    assert ask(price_to=Money(4_000_000_000, "EUR")) == [small, large]
