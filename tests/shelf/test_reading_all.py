"""A first start reads every row as columns, some thousand at a time, exactly as it is stored."""

import math
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, select
from tests.builders import a_listing, a_seller

from cratewise.store import shelf_rows
from cratewise.store.engine import reading, writing
from cratewise.store.shelf_rows import NEVER, NO_COUNT, Batch, every_listing, every_release
from cratewise.store.tables import listings, releases

Read = Callable[[Connection], Iterator[Batch]]

ODD = ("", " ", "Motörhead 東京 🎷", 'say "hi", \\ and\ttab\nline', "%s {} :id ?", "a\x1fb", "\x1f")
FLOATS = (0.0, 0.1, 1 / 3, 19.999999999999996, 1e-9, 2**-10 / 3, -7.3, 123456.7891, 1e17, 5e-324)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_rows, "BATCH", 3)


def column(store: Engine, read: Read, name: str) -> list[object]:
    with reading(store) as db:
        return [one for batch in read(db) for one in list(batch[name])]


def test_every_float_is_read_to_its_last_bit(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        for one in FLOATS:
            a_listing(db, alice, score=one, price_usd=-one)

    assert column(store, every_listing, "score") == list(FLOATS)
    assert column(store, every_listing, "price_usd") == [-one for one in FLOATS]


def test_what_is_unknown_is_told_as_unknown(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        unknown = dict.fromkeys(("price_minor", "currency", "price_read_at", "score", "price_usd"))
        a_listing(db, alice, score=1.5)
        a_listing(db, alice, **unknown, year=None, want=None)
        a_listing(db, alice, price_minor=2**40, score=2.5)

    known, lacking, other = column(store, every_listing, "score")
    assert (known, other) == (1.5, 2.5)
    assert lacking is None or math.isnan(float(str(lacking)))
    assert column(store, every_listing, "price_minor") == [2000, NO_COUNT, 2**40]
    assert column(store, every_listing, "price_read_at")[1] == NEVER
    assert column(store, every_listing, "currency") == ["EUR", "", "EUR"]
    assert column(store, every_release, "year") == [1971, 0, 1971]
    assert column(store, every_release, "want") == [300, NO_COUNT, 300]


@pytest.mark.parametrize("odd", ODD)
def test_a_text_moves_no_other_row(store: Engine, odd: str) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        for n in range(5):
            a_listing(db, alice, title=odd if n == 1 else f"Record {n}", artist=odd)
        told = {row.id: row.title for row in db.execute(select(releases.c.id, releases.c.title))}

    ids, titles = (column(store, every_release, name) for name in ("id", "title"))
    assert dict(zip(ids, titles, strict=True)) == told
    assert column(store, every_release, "artist") == [odd] * 5


def test_listings_come_by_our_own_id_each_once(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        for _ in range(10):
            a_listing(db, alice)
        kept = db.scalars(select(listings.c.id).order_by(listings.c.id)).all()

    assert column(store, every_listing, "id") == kept


def test_nothing_stored_is_nothing_read(store: Engine) -> None:
    assert column(store, every_listing, "id") == []
    assert column(store, every_release, "id") == []


def test_a_reader_that_stops_early_leaves_the_connection_usable(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        stock = [a_listing(db, alice) for _ in range(40)]
    with reading(store) as db:
        first = next(iter(every_listing(db)))

        assert list(first["id"]) == stock[:3]
        assert len(db.scalars(select(listings.c.id)).all()) == 40
