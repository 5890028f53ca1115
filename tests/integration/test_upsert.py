"""Storing a page: new, changed, back and unseen are told apart, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from tests.builders import NOON, RATES, a_seller

from cratewise.rates import Rates
from cratewise.score import score_of
from cratewise.store.engine import is_sqlite, reading, writing
from cratewise.store.listing_row import ListingRow, Reading, ReleaseRow
from cratewise.store.listings import count_for_sale, mark_gone, miss
from cratewise.store.one_of import one_of
from cratewise.store.tables import listings, price_changes, releases
from cratewise.store.upsert import Tally, upsert_page

LATER = NOON + timedelta(days=1)
BIG = 5_000_000_000  # beyond 2^32


def a_row(number: int = BIG, release: int = 1, **told: Any) -> ListingRow:
    about: dict[str, Any] = {
        "artist": "Alice Coltrane",
        "title": "Journey",
        "format": "LP",
        "year": 1971,
    }
    about |= {"want": 300, "have": 100}
    about |= {name: told.pop(name) for name in list(told) if name in ReleaseRow.__struct_fields__}
    terms: dict[str, Any] = {"price_minor": 2000, "currency": "EUR", "media_grade": 6}
    return ListingRow(number, ReleaseRow(release, **about), **(terms | told))


def store_rows(
    engine: Engine,
    rows: Sequence[ListingRow],
    *,
    seller: int = 1,
    pull: int | None = 1,
    at: datetime = NOON,
    now: datetime | None = None,
    rates: Rates = RATES,
    source: str = "api",
) -> Tally:
    with writing(engine) as db:
        return upsert_page(db, Reading(seller, pull, at, now or at, source), rows, rates)


def stored(engine: Engine, number: int = BIG) -> Any:
    with reading(engine) as db:
        statement = select(listings).where(listings.c.discogs_listing_id == number)
        return db.execute(statement).one()


@pytest.fixture
def shop(store: Engine) -> Engine:
    """A store that knows two sellers, 1 and 2."""
    with writing(store) as db:
        a_seller(db, "alice")
        a_seller(db, "bob")
    return store


def test_a_new_listing_is_stored_with_its_release_price_and_score(shop: Engine) -> None:
    tally = store_rows(shop, [a_row(price_minor=2000)])

    assert tally == Tally(seen=1, unseen=1, new=1)
    row = stored(shop)
    assert (row.discogs_listing_id, row.price_minor, row.currency) == (BIG, 2000, "EUR")
    assert row.price_usd == pytest.approx(25.0)
    assert row.score == pytest.approx(score_of(300, 100, 25.0))
    assert row.first_seen_at == row.last_seen_at == row.price_read_at == NOON


def test_a_listing_met_again_is_neither_new_nor_changed(shop: Engine) -> None:
    store_rows(shop, [a_row()])

    tally = store_rows(shop, [a_row()], pull=2, at=LATER)

    assert tally == Tally(seen=1, unseen=1)
    row = stored(shop)
    assert (row.first_seen_at, row.last_seen_at, row.price_read_at) == (NOON, LATER, LATER)
    assert row.last_pull_id == 2


def test_a_listing_on_two_pages_of_a_pull_is_unseen_once(shop: Engine) -> None:
    first = store_rows(shop, [a_row(BIG), a_row(BIG + 1, 2)])
    second = store_rows(shop, [a_row(BIG + 1, 2), a_row(BIG + 2, 3)])

    assert (first.unseen, second.unseen) == (2, 1)


def test_a_listing_twice_on_a_page_is_one(shop: Engine) -> None:
    assert store_rows(shop, [a_row(price_minor=1), a_row(price_minor=2)]).seen == 1
    assert stored(shop).price_minor == 2


def test_another_price_is_a_change_and_the_old_one_is_kept(shop: Engine) -> None:
    store_rows(shop, [a_row(price_minor=2000)])

    tally = store_rows(shop, [a_row(price_minor=1500)], pull=2, at=LATER)

    assert (tally.changed, tally.new) == (1, 0)
    with reading(shop) as db:
        change = db.execute(select(price_changes)).one()
    assert (change.old_price_minor, change.new_price_minor) == (2000, 1500)
    assert (change.changed_at, change.pull_id) == (LATER, 2)
    assert stored(shop).changed_at == LATER


def test_another_grade_is_a_change_but_no_price_change(shop: Engine) -> None:
    store_rows(shop, [a_row(media_grade=6)])

    assert store_rows(shop, [a_row(media_grade=5)], at=LATER).changed == 1
    with reading(shop) as db:
        assert db.execute(select(price_changes)).first() is None


def test_other_comments_are_stored_and_are_no_change(shop: Engine) -> None:
    store_rows(shop, [a_row(comments="sealed")])

    assert store_rows(shop, [a_row(comments="opened")], at=LATER).changed == 0
    assert stored(shop).comments == "opened"


def test_a_listing_that_was_gone_is_back(shop: Engine) -> None:
    store_rows(shop, [a_row()])
    with writing(shop) as db:
        mark_gone(db, stored(shop).id, NOON)

    tally = store_rows(shop, [a_row(price_minor=999)], pull=2, at=LATER)

    assert (tally.back, tally.new, tally.changed) == (1, 0, 0)
    row = stored(shop)
    assert (row.gone_at, row.back_at) == (None, LATER)


def test_a_page_read_earlier_but_stored_later_takes_nothing_back(shop: Engine) -> None:
    store_rows(shop, [a_row(price_minor=1500, want=9)], at=LATER)

    tally = store_rows(shop, [a_row(price_minor=2000, want=7)], at=NOON, now=LATER)

    assert (tally.seen, tally.changed) == (1, 0)
    assert stored(shop).price_minor == 1500
    assert stored(shop).last_seen_at == LATER
    with reading(shop) as db:
        assert db.scalar(select(releases.c.want)) == 9


def test_a_time_that_a_wrong_clock_left_in_the_future_does_not_shut_the_truth_out(
    shop: Engine,
) -> None:
    store_rows(shop, [a_row(price_minor=2000)], at=NOON + timedelta(days=3650))

    assert store_rows(shop, [a_row(price_minor=1500)], at=LATER).changed == 1
    assert stored(shop).last_seen_at == LATER


def test_another_rate_moves_no_price_in_dollars_and_no_score(shop: Engine) -> None:
    store_rows(shop, [a_row()])
    before = stored(shop)

    store_rows(shop, [a_row()], at=LATER, rates=Rates({LATER.date(): {"USD": 2.5}}))

    after = stored(shop)
    assert (after.price_usd, after.score) == (before.price_usd, before.score)


def test_another_price_is_counted_at_the_rate_of_its_own_day(shop: Engine) -> None:
    store_rows(shop, [a_row(price_minor=2000)])

    store_rows(shop, [a_row(price_minor=1000)], at=LATER, rates=Rates({LATER.date(): {"USD": 2.5}}))

    assert stored(shop).price_usd == pytest.approx(25.0)


def test_other_counts_score_every_copy_of_the_release_again(shop: Engine) -> None:
    store_rows(shop, [a_row(BIG, release=1), a_row(BIG + 1, release=2)], seller=1)

    store_rows(shop, [a_row(BIG + 2, release=1, want=900)], seller=2, at=LATER)

    assert stored(shop, BIG).score == pytest.approx(score_of(900, 100, 25.0))
    assert stored(shop, BIG).touched_at == LATER
    assert stored(shop, BIG).last_seen_at == NOON
    assert stored(shop, BIG + 1).score == pytest.approx(score_of(300, 100, 25.0))


def test_a_price_without_a_rate_is_kept_and_its_score_is_unknown(shop: Engine) -> None:
    store_rows(shop, [a_row(price_minor=900_000, currency="HUF")])

    row = stored(shop)
    assert (row.price_minor, row.currency, row.price_usd, row.score) == (900_000, "HUF", None, None)


def test_what_is_not_told_keeps_what_was(shop: Engine) -> None:
    store_rows(shop, [a_row(comments="sealed", ships_from="Germany", media_grade=7)])
    little = ListingRow(BIG, ReleaseRow(1))

    tally = store_rows(shop, [little], pull=2, at=LATER)

    assert tally == Tally(seen=1, unseen=1)
    row = stored(shop)
    assert (row.price_minor, row.comments, row.ships_from, row.media_grade) == (
        *(2000, "sealed", "Germany", 7),
    )
    assert row.price_read_at == NOON  # the price was not read again
    assert row.last_seen_at == LATER
    with reading(shop) as db:
        about = db.execute(select(releases)).one()
    assert (about.artist, about.year, about.want) == ("Alice Coltrane", 1971, 300)


def test_an_imported_row_gets_its_score_from_the_pull_that_follows(shop: Engine) -> None:
    exported = a_row(want=None, have=None)
    store_rows(shop, [exported], pull=None, source="csv")
    assert (stored(shop).source, stored(shop).score) == ("csv", None)

    tally = store_rows(shop, [a_row()], at=LATER)

    assert (tally.new, tally.changed) == (0, 0)
    assert stored(shop).source == "api"
    assert stored(shop).score == pytest.approx(score_of(300, 100, 25.0))


def test_an_import_is_no_pass_over_the_stock(shop: Engine) -> None:
    store_rows(shop, [a_row()], pull=7)
    store_rows(shop, [a_row(price_minor=1)], pull=None, at=LATER, source="csv")

    row = stored(shop)
    assert (row.last_pull_id, row.source, row.price_minor) == (7, "api", 1)


def test_discogs_knows_better_than_a_file_whose_a_listing_is(shop: Engine) -> None:
    store_rows(shop, [a_row()], seller=2, pull=None, source="csv")
    store_rows(shop, [a_row()], seller=1)
    assert stored(shop).seller_id == 1

    store_rows(shop, [a_row()], seller=2, pull=None, source="csv")
    assert stored(shop).seller_id == 1


def test_a_listing_is_gone_when_two_passes_missed_it(shop: Engine) -> None:
    store_rows(shop, [a_row(BIG), a_row(BIG + 1, 2)], pull=1)
    passes = []
    for pull in (2, 3):
        at = NOON + timedelta(days=pull)
        store_rows(shop, [a_row(BIG)], pull=pull, at=at)
        with writing(shop) as db:
            passes.append(miss(db, 1, pull, started_at=at, at=at))

    assert passes == [0, 1]
    assert stored(shop, BIG + 1).gone_at == NOON + timedelta(days=3)
    assert stored(shop, BIG).missed_passes == 0
    with reading(shop) as db:
        assert count_for_sale(db, 1) == 1


def test_a_listing_met_between_two_misses_is_not_gone(shop: Engine) -> None:
    store_rows(shop, [a_row(BIG)], pull=1)
    for pull, rows in ((2, []), (3, [a_row(BIG)]), (4, [])):
        at = NOON + timedelta(days=pull)
        store_rows(shop, rows, pull=pull, at=at)
        with writing(shop) as db:
            assert miss(db, 1, pull, started_at=at, at=at) == 0

    assert stored(shop, BIG).gone_at is None


def test_a_pass_misses_no_listing_of_another_seller(shop: Engine) -> None:
    store_rows(shop, [a_row(BIG)], seller=2)
    with writing(shop) as db:
        miss(db, 1, 9, started_at=LATER, at=LATER)

    assert stored(shop, BIG).missed_passes == 0


def test_a_page_costs_as_many_statements_with_a_hundred_listings_as_with_three(
    shop: Engine,
) -> None:
    few, many = ([a_row(BIG + n, n + 1) for n in range(count)] for count in (3, 100))
    store_rows(shop, many)

    def statements(rows: list[ListingRow]) -> int:
        count = 0

        def add(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(shop, "before_cursor_execute", add)
        repriced = [a_row(row.discogs_listing_id, row.release.id, price_minor=7) for row in rows]
        store_rows(shop, repriced, at=LATER)
        event.remove(shop, "before_cursor_execute", add)
        return count

    assert statements(few) == statements(many[3:])


def test_ids_years_and_times_at_their_limits_survive(shop: Engine) -> None:
    posted = datetime(2000, 1, 1, tzinfo=UTC)
    store_rows(shop, [a_row(2**63 - 1, release=2**63 - 1, year=9999, posted_at=posted)])

    assert stored(shop, 2**63 - 1).posted_at == posted


def test_a_page_of_rows_is_looked_up_and_not_looked_for(store: Engine) -> None:
    """Among a hundred thousand listings SQLite took twice as long when it read them all."""
    if not is_sqlite(store):
        pytest.skip("PostgreSQL plans by how many rows there are")
    asked = select(listings.c.id).where(one_of(listings.c.discogs_listing_id, "ids"))
    text = str(asked.compile(dialect=store.dialect))
    with reading(store) as db:
        plan = [row.detail for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("[]",))]

    assert plan[0].startswith("SEARCH listings"), plan
