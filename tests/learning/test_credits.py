"""People who made records that were kept speak for other records of theirs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from tests.builders import NOON, a_listing, a_seller, an_account
from tests.catalog.dumps import a_dump, a_release
from tests.conftest import HandClock

from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.learning.relate import Relating
from cratewise.store.described import described
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import Verdict, record
from cratewise.store.tables import listings, releases
from cratewise.taste.columns import read
from cratewise.taste.telling import Facts, clause

BASSIST, ENGINEER, VARIOUS = 77, 78, 194


def played(number: int, *credits: tuple[int, str, str]) -> str:
    """A release on which these did something: number, name, role."""
    told = "".join(
        f"<artist><id>{one}</id><name>{name}</name><role>{role}</role></artist>"
        for one, name, role in credits
    )
    return a_release(number).replace("<title>", f"<extraartists>{told}</extraartists><title>", 1)


def bass(number: int) -> str:
    return played(
        number,
        (BASSIST, "Ron Carter", "Bass"),
        (ENGINEER, "Rudy Van Gelder", "Mastered By"),
        (VARIOUS, "Various", "Producer"),
    )


@pytest.fixture
def account(store: Engine) -> int:
    with writing(store) as db:
        return an_account(db)


@pytest.fixture
def stock(store: Engine) -> list[int]:
    """Five listings, each of a release of its own."""
    with writing(store) as db:
        seller = a_seller(db)
        return [a_listing(db, seller, want=1, have=900) for _ in range(5)]


def catalog_of(store: Engine, stock: list[int], folder: Path, *records: Any) -> Path:
    """A catalogue of these releases, told for the numbers that the stock has."""
    numbers = releases_of(store, stock)
    dump = a_dump(
        folder / "discogs_20261101_releases.xml",
        [make(number) for make, number in zip(records, numbers, strict=False)],
    )
    files = CatalogFiles(folder / "catalog.sqlite")
    import_dump(files, Order(dump), clock=HandClock())
    return files.current


def releases_of(store: Engine, stock: list[int]) -> list[int]:
    with reading(store) as db:
        statement = select(listings.c.release_id).where(listings.c.id.in_(stock))
        return list(db.scalars(statement.order_by(listings.c.id)))


def keep(store: Engine, account: int, ids: list[int]) -> None:
    with writing(store) as db:
        record(
            db,
            account,
            [
                Verdict(f"{one}", one, "keep", NOON + timedelta(minutes=place))
                for place, one in enumerate(ids)
            ],
        )


def related(
    store: Engine, account: int, catalog: Path, ids: list[int], **how: Any
) -> list[dict[str, Any]]:
    with reading(store) as db:
        told = described(db, ids)
        relating = Relating.of(db, account, catalog)
        found = relating.related([told[one] for one in ids], **how)
    return [one["relations"] for one in found]


def test_the_bassist_of_records_that_were_kept_speaks_for_another(
    store: Engine, account: int, stock: list[int], tmp_path: Path
) -> None:
    catalog = catalog_of(store, stock, tmp_path, bass, bass, bass, bass, a_release)
    keep(store, account, stock[:3])

    shared, none = related(store, account, catalog, stock[3:], tells=True)

    assert shared["shared_credits"] == 1  # who masters, and Various, are nobody
    facts = Facts(read([{"relations": shared}]), 0)
    told = clause("relation: shared_credits", facts, is_good=True)
    assert told == "bassist Ron Carter of 3 records you kept"
    assert none == {}


def test_a_kept_record_shares_nobody_with_itself_nor_with_its_other_pressings(
    store: Engine, account: int, stock: list[int], tmp_path: Path
) -> None:
    catalog = catalog_of(store, stock, tmp_path, bass, bass, bass, bass)
    pressings = releases_of(store, stock[1:3])
    with writing(store) as db:
        db.execute(update(releases).where(releases.c.id.in_(pressings)).values(master_id=900))
    keep(store, account, stock[:2])

    links = related(store, account, catalog, stock[:4], tells=True)

    one, two = "bassist Ron Carter of a record you kept", "bassist Ron Carter of 2 records you kept"
    assert [link["told"]["shared_credits"] for link in links] == [one, one, one, two]


def test_a_verdict_is_linked_to_what_was_kept_before_it_alone(
    store: Engine, account: int, stock: list[int], tmp_path: Path
) -> None:
    catalog = catalog_of(store, stock, tmp_path, bass, bass, bass)
    keep(store, account, stock[:3])

    links = related(store, account, catalog, stock[:3], kept_before=[0, 1, 2])

    assert [one.get("shared_credits", 0) for one in links] == [0, 1, 1]


def test_without_a_catalogue_nobody_is_found_in_credits(
    store: Engine, account: int, stock: list[int], tmp_path: Path
) -> None:
    keep(store, account, stock[:3])

    assert related(store, account, tmp_path / "none.sqlite", stock[3:]) == [{}, {}]


def test_roles_are_told_by_the_catalogue_that_is_in_use_by_now(
    store: Engine, account: int, stock: list[int], tmp_path: Path
) -> None:
    """Each catalogue numbers roles in its own way."""
    catalog = catalog_of(store, stock, tmp_path, bass, bass)
    keep(store, account, stock[:1])
    with reading(store) as db:
        relating = Relating.of(db, account, catalog)

    def more(number: int) -> str:
        drums = (80, "Tony Williams", "Drums"), (81, "Miles Davis", "Trumpet")
        return played(number, *drums, (ENGINEER, "Rudy", "Mastered By"), (BASSIST, "Ron", "Bass"))

    catalog_of(store, stock, tmp_path, more, more)
    with reading(store) as db:
        told = described(db, stock)
        [link] = relating.related([told[stock[1]]], tells=True)

    assert link["relations"]["told"]["shared_credits"] == "bassist Ron of a record you kept"
