"""What a filter let through is kept, and answers as if it were asked for the first time."""

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import Engine, delete, update
from tests.builders import NOON, a_listing, an_account
from tests.conftest import HandClock
from tests.shelf.plain import READER, every_row, lets_through, mark, plainly_counted
from tests.shelf.stocked import a_mixed_stock

from cratewise.money import Money
from cratewise.shelf import kept_hits
from cratewise.shelf.changes import Changes
from cratewise.shelf.columns import Columns
from cratewise.shelf.facets import FACETS, without_own
from cratewise.shelf.find import Finder
from cratewise.shelf.kept_hits import Bools, KeptHits, Rows
from cratewise.shelf.query import Filter, Order
from cratewise.store.engine import reading, writing
from cratewise.store.tables import listings, price_changes, releases

CHOSEN = (
    Filter(genres=("Jazz",)),
    Filter(genres=("Jazz",), formats=("LP",)),
    Filter(formats=("LP",), countries=("UK", "US"), year_from=1971),
    Filter(styles=("House", "Modal"), no_styles=("Acid House",), gone="with"),
    Filter(all_styles=("House", "Acid House"), want_have_from=0.5),
    Filter(labels=("4AD",), artists=("bjork", "The Fall"), genres=("Jazz", "Rock")),
    Filter(artists=("Nobody",), genres=("Jazz",)),
    Filter(genres=("Polka",)),
    Filter(year_from=1971, year_to=1990, gone="with"),
    Filter(year_to=1971, price_to=Money(1500, "EUR")),
    Filter(countries=("UK", "US"), words="blue", genres=("Jazz",)),
)


@pytest.fixture(params=[48, 2])
def finder(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    store: Engine,
    clock: HandClock,
) -> Iterator[Finder]:
    """Of a stock that changes little at a time; more terms are kept than asked, or fewer."""
    monkeypatch.setattr("cratewise.shelf.changes.MENDED", 1)
    monkeypatch.setattr(kept_hits, "MOST_KEPT", request.param)
    with writing(store) as db:
        an_account(db)
        a_mixed_stock(db, 80)
    finder = Finder(store, clock)
    yield finder
    finder.close()


def finds_what_plain_python_finds(finder: Finder, store: Engine) -> bool:
    with writing(store) as db:
        rows = every_row(db)
        mark(db, rows)
    for wanted in CHOSEN:
        found = finder.numbered_page(wanted, Order(), READER, page=1, limit=200)
        expected = {row["id"] for row in rows if lets_through(wanted, row)}
        assert (set(found.ids), len(found.ids)) == (expected, found.count), wanted
        counted = finder.facets(wanted, READER, FACETS, news_since=NOON, limit=500)
        for facet in FACETS:
            among = [row for row in rows if lets_through(without_own(wanted, facet), row)]
            told = {one.value: one.count for one in counted[facet]}
            assert told == plainly_counted(among, facet, news_since=NOON), (facet, wanted)
    return True


def test_terms_that_were_chosen_before_find_what_changed_since(
    finder: Finder, store: Engine, clock: HandClock
) -> None:
    def touch(number: int, **values: object) -> None:
        is_meant = listings.c.id == number
        db.execute(update(listings).where(is_meant).values(touched_at=clock.now(), **values))

    for _ in range(2):
        assert finds_what_plain_python_finds(finder, store)
    for step in range(2):
        clock.advance(2)
        with writing(store) as db:
            rows = sorted(every_row(db), key=lambda row: row["id"])
            moved, another, *others = rows[step * 10 : step * 10 + 10]
            # A release is described as another; a listing turns out to be of another release;
            # some come, of releases that are new or not.
            db.execute(
                update(releases)
                .where(releases.c.id.in_([row["release_id"] for row in others]))
                .values(genres='["Jazz", "Polka"]', styles='["Modal"]', country="UK", want=9,
                        have=1, year=1970 + step, artist=f"Nobody & {step}", changed_at=clock.now())
            )  # fmt: skip
            touch(moved["id"], release_id=another["release_id"])
            a_listing(db, 1, artist="Bjork", format="LP, Album", touched_at=clock.now())
        assert finds_what_plain_python_finds(finder, store)


def test_terms_that_were_chosen_before_find_nothing_that_was_thrown_away(
    finder: Finder, store: Engine, clock: HandClock
) -> None:
    assert finds_what_plain_python_finds(finder, store)
    with writing(store) as db:
        gone = [row["id"] for row in every_row(db)[::3]]
        db.execute(delete(price_changes).where(price_changes.c.listing_id.in_(gone)))
        db.execute(delete(listings).where(listings.c.id.in_(gone)))
    with reading(store) as db:
        shelf = finder._fresh.get(db)
    with shelf.lock:  # as when a seller is forgotten
        shelf.drop_listings(np.array(gone))

    assert finds_what_plain_python_finds(finder, store)


def test_a_term_is_asked_of_all_rows_once_and_then_of_those_that_changed() -> None:
    columns, changes = Columns({"id": "i4"}), Changes()
    columns.append({"id": np.arange(100, dtype=np.int32)})
    kept = KeptHits(columns, changes)
    asked: list[int] = []

    def is_even(rows: Rows) -> Bools:
        asked.append(len(columns["id"][rows]))
        hits: Bools = columns["id"][rows] % 2 == 0
        return hits

    assert "even" not in kept
    assert int(kept.hits("even", is_even).sum()) == 50
    assert "even" in kept
    kept.hits("even", is_even)[:] = False  # whoever asked may do with it what they like
    assert int(kept.hits("even", is_even).sum()) == 50

    columns.put(np.array([3, 4]), {"id": np.array([2, 5], np.int32)})
    changes.note(np.array([3, 4]))
    columns.append({"id": np.array([6, 8, 9], np.int32)})
    changes.note(np.arange(100, 103))
    hits = kept.hits("even", is_even)

    assert np.flatnonzero(hits[[2, 3, 4, 5, 100, 101, 102]]).tolist() == [0, 1, 4, 5]
    assert asked == [100, 5]
    changes.note_all()
    assert "even" not in kept
    assert int(kept.hits("even", is_even).sum()) == 52
    assert asked == [100, 5, 103]
