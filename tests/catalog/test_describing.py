"""Pages are described as they are stored; what nobody describes is asked for, best first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from tests.builders import a_listing, a_pull, a_seller
from tests.catalog.dumps import a_dump, a_release
from tests.conftest import HandClock
from tests.market import opened_discogs, pull_from

from cratewise.catalog.ask import Asked, describe_by_asking
from cratewise.catalog.describe import PageLookUp, describe_all
from cratewise.catalog.files import CatalogFiles
from cratewise.catalog.import_dump import Order, import_dump
from cratewise.errors import BrokenCatalog, NoCatalog
from cratewise.simulator import Simulator, World
from cratewise.simulator.dump import dump_of
from cratewise.store.engine import reading, writing
from cratewise.store.pulls import end
from cratewise.store.tables import listings, releases


@pytest.fixture(scope="module")
def world() -> World:
    return World(3, {"alice": 150})


@pytest.fixture(scope="module")
def catalog(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of the simulated world, from its own dump."""
    folder = tmp_path_factory.mktemp("catalog")
    dump = folder / "discogs_20261101_releases.xml.gz"
    dump.write_bytes(dump_of(world))
    masters = folder / "discogs_20261101_masters.xml.gz"
    masters.write_bytes(dump_of(world, "masters"))
    files = CatalogFiles(folder / "catalog.sqlite")
    import_dump(files, Order(dump, masters), clock=HandClock())
    return files.current


@pytest.fixture
def market(world: World) -> Iterator[Simulator]:
    with Simulator(world) as simulator:
        yield simulator


def described(engine: Engine) -> dict[int, dict[str, Any]]:
    columns = releases.c
    with reading(engine) as db:
        rows = db.execute(select(releases).where(columns.described_at.is_not(None))).mappings()
        return {row["id"]: dict(row) for row in rows}


def test_every_page_of_a_pull_is_described_with_what_the_world_knows(
    store: Engine, market: Simulator, catalog: Path, clock: HandClock
) -> None:
    pull_from(market, store, clock, "alice", look_up=PageLookUp(store, catalog))

    told = described(store)
    with reading(store) as db:
        assert db.scalar(select(func.count()).select_from(releases)) == len(told) > 100
    for number, row in told.items():
        row_number = market.world.catalogue.number_of(number)
        assert row_number is not None
        true = market.world.catalogue.release(row_number)
        assert row["master_id"] == true.master_id
        assert row["country"] == true.country
        assert row["described_by"] == "catalog"
        assert row["artist_ids"] == f"[{','.join(str(one.id) for one in true.artists)}]"
        assert true.genre in row["genres"]
        assert all(style in row["styles"] for style in true.styles)
        if true.master_id:
            rows = market.world.catalogue.pressings(true.master_id)
            years = [market.world.catalogue.release(one).year for one in rows]
            told_year = years[0] or min(filter(None, years), default=None)  # Discogs' 0: unknown
            assert row["original_year"] == told_year


def test_without_a_catalogue_or_with_a_broken_one_a_pull_is_as_before(
    store: Engine, market: Simulator, tmp_path: Path, clock: HandClock
) -> None:
    broken = tmp_path / "catalog.sqlite"
    broken.write_bytes(b"no catalogue" * 1_000)
    done = pull_from(market, store, clock, "alice", look_up=PageLookUp(store, broken))

    assert done.seen == 150
    assert not described(store)
    assert PageLookUp(store, tmp_path / "missing.sqlite")([1, 2]) == []


def test_a_worker_with_the_file_describes_what_one_without_it_has_read(
    store: Engine, market: Simulator, catalog: Path, tmp_path: Path, clock: HandClock
) -> None:
    pull_from(market, store, clock, "alice")
    with pytest.raises(NoCatalog):
        describe_all(store, tmp_path / "missing.sqlite", clock=clock)
    assert not described(store)

    count = describe_all(store, catalog, clock=clock, only_poorly=True)
    assert count == len(described(store)) > 100
    assert describe_all(store, catalog, clock=clock) == 0


def test_what_was_described_before_a_stop_stays_and_the_rest_is_described_later(
    store: Engine,
    market: Simulator,
    catalog: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pull_from(market, store, clock, "alice")
    monkeypatch.setattr("cratewise.catalog.describe.AT_ONCE", 10)
    asked = iter((False, False, True))

    assert describe_all(store, catalog, clock=clock, should_stop=lambda: next(asked)) == 20
    first = described(store)
    assert len(first) == 20

    rest = describe_all(store, catalog, clock=clock)
    assert len(described(store)) == 20 + rest > 100
    assert max(first) < min(set(described(store)) - set(first))


@pytest.mark.parametrize("damage", ["x'ff'", "'null'", "'1,1999,'"])
def test_a_catalogue_that_turns_out_broken_is_told_and_what_was_described_stays(
    store: Engine,
    *,
    market: Simulator,
    catalog: Path,
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    pull_from(market, store, clock, "alice")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(catalog.read_bytes())
    with reading(store) as db:
        tenth = sorted(db.scalars(select(releases.c.id)))[10]
    with closing(sqlite3.connect(broken, isolation_level=None)) as db:
        db.execute(f"UPDATE releases SET outline = {damage} WHERE id = ?", (tenth,))
    monkeypatch.setattr("cratewise.catalog.describe.AT_ONCE", 10)

    with pytest.raises(BrokenCatalog):
        describe_all(store, broken, clock=clock)
    assert len(described(store)) == 10


def test_a_newer_catalogue_corrects_what_an_older_one_told(
    store: Engine, tmp_path: Path, clock: HandClock
) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), id=7)
    files = CatalogFiles(tmp_path / "catalog.sqlite")
    for style in ("Techno", "House"):
        dump = a_dump(tmp_path / f"{style}.xml", [a_release(7, styles=[style])])
        import_dump(files, Order(dump), clock=clock)
        assert describe_all(store, files.current, clock=clock) == 1
        assert described(store)[7]["styles"] == f'["{style}"]'


def ask(store: Engine, market: Simulator, clock: HandClock, seconds: float = 1e9) -> Asked:
    with opened_discogs(market, store, clock) as discogs:
        return describe_by_asking(
            store, discogs, clock=clock, seconds=seconds, should_stop=lambda: False
        )


def asked_for(market: Simulator) -> list[int]:
    paths = [request.path for request in market.requests if "/releases/" in request.path]
    return [int(path.rpartition("/")[2]) for path in paths]


def test_what_nobody_describes_is_asked_for_the_best_scored_first_and_once(
    store: Engine, market: Simulator, clock: HandClock
) -> None:
    numbers = [market.world.catalogue.release_id(row) for row in (5, 6, 7, 8)]
    with writing(store) as db:
        seller = a_seller(db)
        for number, score in zip(numbers, (1.0, 9.0, None, 5.0), strict=True):
            a_listing(db, seller, id=number, score=score)
        a_listing(db, seller, id=numbers[3] + 1, score=7.0)  # which Discogs does not have
        a_listing(db, seller, id=numbers[3] + 2, score=8.0, gone_at=clock.now())

    assert ask(store, market, clock) == Asked(described=4, missing=1)
    assert asked_for(market) == [
        numbers[1], numbers[3] + 1, numbers[3], numbers[0], numbers[2]
    ]  # fmt: skip
    assert ask(store, market, clock) == Asked(0, 0)
    told = described(store)
    assert all(told[number]["genres"] for number in numbers)
    assert told[numbers[3] + 1]["genres"] is None


def test_an_answer_counts_want_and_have_too_and_scores_what_had_no_score(
    store: Engine, market: Simulator, clock: HandClock
) -> None:
    number = market.world.catalogue.release_id(5)
    with writing(store) as db:
        a_listing(db, a_seller(db), id=number, want=None, have=None, score=None, source="csv")

    ask(store, market, clock)

    true = market.world.release(5)
    with reading(store) as db:
        row = db.execute(select(releases.c.want, releases.c.have)).one()
        score = db.scalar(select(listings.c.score))
    assert tuple(row) == (true.want, true.have)
    assert score is not None


def test_while_a_pull_goes_on_nothing_else_is_asked(
    store: Engine, market: Simulator, clock: HandClock
) -> None:
    with writing(store) as db:
        seller = a_seller(db)
        a_listing(db, seller, id=market.world.catalogue.release_id(5))
        pull_id = a_pull(db, seller, state="running", heartbeat_at=clock.now())

    assert ask(store, market, clock, seconds=20) == Asked(0, 0)
    assert asked_for(market) == []
    with writing(store) as db:
        end(db, pull_id, "done", outcome="", at=clock.now())
    assert ask(store, market, clock, seconds=20) == Asked(1, 0)
