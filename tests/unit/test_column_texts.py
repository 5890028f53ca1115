"""Exports read columns as long texts: each value must come out as it is stored."""

import pytest
from sqlalchemy import Engine, select, update
from tests.builders import a_listing, a_seller

from cratewise.store import export_rows
from cratewise.store.engine import reading, writing
from cratewise.store.export_rows import batches
from cratewise.store.stock import Wanted
from cratewise.store.tables import listings, releases

ODD = ("", " ", "Motörhead 東京 🎷", 'say "hi", \\ and\ttab\nline', "%s {} :id ?", "0", "NULL")
ASKED = (
    *("title", "comments", "ships_from", "currency", "price_minor", "score", "price_usd"),
    *("year", "master_id", "want", "country", "genres", "sleeve_grade"),
)


def stored(store: Engine) -> list[tuple[object, ...]]:
    """What plain SQL tells of all listings, by our own id."""
    told = (listings.c[name] if name in listings.c else releases.c[name] for name in ASKED)
    with reading(store) as db:
        rows = db.execute(select(*told).join_from(listings, releases).order_by(listings.c.id))
        return [tuple(row) for row in rows]


def exported(store: Engine) -> list[tuple[object, ...]]:
    with reading(store) as db:
        tables = [batch.table().to_pylist() for batch in batches(db, Wanted(with_gone=True))]
    return [tuple(row[name] for name in ASKED) for table in tables for row in table]


def test_what_is_read_for_an_export_is_what_is_stored(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_rows, "READ_AT_ONCE", 3)
    monkeypatch.setattr(export_rows, "AT_A_TIME", 2)
    with writing(store) as db:
        alice = a_seller(db)
        for odd in ODD:
            a_listing(db, alice, title=odd, comments=odd, score=-0.1, price_usd=19.999999)
        unknown = dict.fromkeys(("price_minor", "currency", "price_read_at", "score", "price_usd"))
        a_listing(db, alice, **unknown, year=None, want=None, have=None, sleeve_grade=None)
        a_listing(db, alice, price_minor=2**40, score=1e-9, price_usd=1e12, year=0)

    assert len(stored(store)) == len(ODD) + 2
    assert exported(store) == stored(store)


@pytest.mark.parametrize("mark", ["\x1f", "\x1f\x1f", "a\x1e\x1fb"])
def test_a_text_with_the_mark_between_rows_in_it_moves_no_row(store: Engine, mark: str) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        first, *_ = [a_listing(db, alice, comments=f"comment {n}") for n in range(3)]
        db.execute(update(listings).where(listings.c.id == first).values(comments=mark))

    assert [row[1] for row in exported(store)] == [mark, "comment 1", "comment 2"]
    assert exported(store) == stored(store)


def test_no_listings_are_no_batches(store: Engine) -> None:
    assert exported(store) == []
