"""A seller's official export becomes listings, and never undoes what a pull has read since."""

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, func, select, text
from tests.builders import NOON, RATES, a_listing, a_seller, an_account
from tests.conftest import HandClock
from tests.market import opened_discogs, pull_from

from cratewise.discogs.answers import Profile
from cratewise.errors import ImportRefused, ImpossibleName, UnknownCurrency
from cratewise.grades import Grade
from cratewise.inventory.csv_import import BATCH, ImportOutcome, import_csv
from cratewise.inventory.export_file import COLUMNS
from cratewise.shelf.export import export as write
from cratewise.shelf.exported import Currency
from cratewise.simulator import Simulator, World
from cratewise.store.engine import is_sqlite, reading, writing
from cratewise.store.export_rows import batches
from cratewise.store.listing_row import ListingRow, Reading, ReleaseRow
from cratewise.store.pulls import latest_pull
from cratewise.store.sellers import find_seller, import_seller, remember_seller
from cratewise.store.stock import Wanted
from cratewise.store.tables import follows, listings, price_changes, pulls, releases, sellers
from cratewise.store.upsert import upsert_page

EXPORTS = Path(__file__).parents[1] / "exports"
DAY = timedelta(days=1)
FIRST = 4332778344  # of the listings in EXPORTS, beyond 2^32

Import = Callable[..., ImportOutcome]


@pytest.fixture
def imported(store: Engine, clock: HandClock) -> Import:
    """`import_csv` for bob, who sells in euros, unless told otherwise."""
    with writing(store) as db:
        account_id = an_account(db)

    def run(path: Path, *, dated: datetime | None = NOON, **told: Any) -> ImportOutcome:
        if dated:
            os.utime(path, (dated.timestamp(), dated.timestamp()))
        wished = {"seller": "bob", "currency": "EUR", "account_id": account_id, **told}
        return import_csv(store, path, rates=RATES, clock=clock, **wished)

    return run


@pytest.fixture
def export(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one of EXPORTS, whose date may be changed."""

    def copied(name: str = "inventory_2026.csv") -> Path:
        copy = tmp_path / name
        copy.write_bytes((EXPORTS / name).read_bytes())
        return copy

    return copied


def test_what_our_own_export_wrote_is_read_back(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    """It was refused for the names of its columns, apostrophes and all."""
    with writing(store) as db:
        bob, carol = a_seller(db, "bob"), a_seller(db, "carol")
        a_listing(db, bob, discogs_listing_id=FIRST, title="=1+1", comments="-20 %")
        a_listing(db, bob, discogs_listing_id=FIRST + 1, gone_at=NOON)
        a_listing(db, bob, discogs_listing_id=FIRST + 2, currency="GBP")
        a_listing(db, carol, discogs_listing_id=FIRST + 3)
    own = Currency("EUR", RATES, NOON.date(), None)
    path = tmp_path / "listings.csv"
    with reading(store) as db:
        path.write_bytes(b"".join(write(batches(db, Wanted(with_gone=True)), "csv", own)))
    assert b'"\'=1+1"' in path.read_bytes()
    with writing(store) as db:
        db.execute(listings.delete())

    outcome = imported(path)

    assert (outcome.kept, outcome.new, outcome.not_for_sale) == (1, 1, 1)
    reasons = [reason for _, reason in outcome.bad]
    assert reasons == ["Its price is in GBP, not EUR.", "It is carol's, not bob's."]
    with reading(store) as db:
        columns = (listings.c.discogs_listing_id, listings.c.comments, listings.c.media_grade)
        assert db.execute(select(*columns)).all() == [(FIRST, "-20 %", Grade.VERY_GOOD_PLUS)]


def a_line(number: int, **told: object) -> str:
    fields = dict.fromkeys(COLUMNS, "") | {
        "listing_id": number, "artist": "Die Papierlaternen", "title": f"Record {number}",
        "format": "LP", "release_id": 70_000 + number, "status": "For Sale", "price": "20.0",
        "media_condition": "Mint (M)",
    }  # fmt: skip
    return ",".join(str(value) for value in (fields | told).values())


def written(folder: Path, *lines: str) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]), "utf-8")
    return path


def stored(engine: Engine, number: int = FIRST) -> Any:
    statement = select(listings, releases).join(releases)
    with reading(engine) as db:
        return db.execute(statement.where(listings.c.discogs_listing_id == number)).one()


def rows_in(engine: Engine, table: Table) -> int:
    with reading(engine) as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def a_profile(username: str, **told: Any) -> Profile:
    known: dict[str, Any] = {"discogs_id": 77, "for_sale": 3, "currency": "EUR", "location": ""}
    known |= {"is_suspended": False, "is_activated": True, "rating_percent": None, "ratings": None}
    return Profile(username=username, **(known | told))


def read_by_a_pull(db: Connection, seller_id: int, at: datetime, **told: Any) -> None:
    """What Discogs tells of the first listing of EXPORTS."""
    about = ReleaseRow(19066426, title="Übermorgen", year=1979, want=300, have=100)
    terms: dict[str, Any] = {"price_minor": 2000, "currency": "EUR"}
    row = ListingRow(FIRST, about, **(terms | told))
    upsert_page(db, Reading(seller_id, 1, at, at), [row], RATES)


@pytest.mark.parametrize("name", ["inventory_2020.csv", "inventory_2026.csv"])
def test_both_column_sets_are_kept_whole(
    store: Engine, imported: Import, export: Callable[[str], Path], name: str
) -> None:
    outcome = imported(export(name))

    assert (outcome.kept, outcome.new, outcome.changed, outcome.not_for_sale) == (3, 3, 0, 2)
    assert outcome.bad == []
    row = stored(store)
    assert (row.artist, row.title) == ("Die Papierlaternen", "Übermorgen")
    assert (row.label, row.catalog_number) == ("Kellerton, Blau", "KT 7, BL 012")
    assert (row.format, row.release_id) == ("LP, Album, RE", 19066426)
    assert (row.price_minor, row.currency, row.price_usd) == (2000, "EUR", 25.0)
    assert (row.media_grade, row.sleeve_grade) == (Grade.NEAR_MINT, Grade.VERY_GOOD_PLUS)
    assert row.comments.splitlines() == ["Light ring wear.", 'Plays "perfectly".']
    assert row.allows_offers
    assert row.posted_at == datetime(2026, 8, 25, 7, 4, 22, tzinfo=UTC)
    assert (row.source, row.price_read_at, row.last_pull_id) == ("csv", NOON, None)


def test_a_file_that_a_spreadsheet_saved_again_holds_the_same_listings(
    store: Engine, imported: Import, export: Callable[[str], Path]
) -> None:
    imported(export("inventory_2026.csv"))

    outcome = imported(export("inventory_saved_by_a_spreadsheet.csv"))

    assert (outcome.kept, outcome.new, outcome.changed) == (3, 0, 0)
    assert outcome.encoding == "cp1252"
    assert "cp1252" in outcome.sentence
    assert stored(store).title == "Übermorgen"


def test_a_price_in_yen_has_no_minor_digits(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    imported(written(tmp_path, a_line(1, price="1500.0")), currency="jpy")

    assert (stored(store, 1).price_minor, stored(store, 1).currency) == (1500, "JPY")


def test_again_changes_nothing(
    store: Engine, imported: Import, export: Callable[[], Path], clock: HandClock
) -> None:
    imported(export())
    clock.advance(3600)

    again = imported(export())

    assert (again.kept, again.new, again.changed) == (3, 0, 0)
    assert rows_in(store, listings) == rows_in(store, releases) == 3
    assert rows_in(store, sellers) == 1


def test_another_price_in_a_later_file_is_a_change(
    store: Engine, imported: Import, tmp_path: Path, clock: HandClock
) -> None:
    imported(written(tmp_path, a_line(1)))
    clock.advance(2 * 86_400)

    outcome = imported(written(tmp_path, a_line(1, price="18.5")), dated=NOON + DAY)

    assert (outcome.new, outcome.changed) == (0, 1)
    with reading(store) as db:
        change = db.execute(select(price_changes)).one()
    assert (change.old_price_minor, change.new_price_minor) == (2000, 1850)
    assert change.changed_at == NOON + DAY


def test_an_import_is_noted_as_a_pull_that_counts_for_no_pass(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    path = written(tmp_path, a_line(1), a_line(2, price="free"), a_line(3))

    outcome = imported(path)

    with reading(store) as db:
        noted = db.execute(select(pulls)).one()
        bob = find_seller(db, "bob")
        assert bob is not None
        assert latest_pull(db, bob.id) is None
    assert (noted.id, noted.kind, noted.state) == (outcome.pull_id, "csv", "done")
    assert (noted.seen, noted.new, noted.skipped) == (2, 2, 1)
    assert noted.outcome == outcome.sentence


def test_a_seller_never_pulled_is_made_by_name_and_followed(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    imported(export(), seller=" Bob ")
    imported(export(), seller="BOB")

    with reading(store) as db:
        bob = find_seller(db, "bob")
    assert bob is not None
    assert (bob.username, bob.discogs_id, bob.currency) == ("Bob", None, "EUR")
    assert rows_in(store, sellers) == rows_in(store, follows) == 1


def test_a_later_pull_joins_what_was_imported_and_tells_the_score(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    imported(export(), seller="bob")
    assert stored(store).score is None

    with writing(store) as db:
        bob = remember_seller(db, a_profile("Bob"), NOON + DAY)
        read_by_a_pull(db, bob, NOON + DAY)

    row = stored(store)
    assert (row.seller_id, row.year, row.want, row.have) == (bob, 1979, 300, 100)
    assert row.score is not None
    assert row.artist == "Die Papierlaternen"
    assert rows_in(store, sellers) == 1
    assert rows_in(store, listings) == 3


def exported(raw: dict[str, Any]) -> dict[str, Any]:
    """What the export would write of a listing that the API sends."""
    release = raw["release"]
    return {
        "listing_id": raw["id"], "artist": release["artist"], "title": release["title"],
        "label": release["label"], "catno": release["catalog_number"],
        "format": release["format"], "release_id": release["id"], "status": raw["status"],
        "price": raw["original_price"]["value"], "listed": raw["posted"],
        "comments": raw["comments"], "media_condition": raw["condition"],
        "sleeve_condition": raw["sleeve_condition"],
        "accept_offer": "Y" if raw["allow_offers"] else "N",
    }  # fmt: skip


def test_a_pull_finds_nothing_new_or_changed_in_what_was_imported_from_the_same_stock(
    store: Engine, imported: Import, tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "alice.csv"
    with Simulator(World(sellers={"alice": 100}, currencies={"alice": "GBP"})) as simulator:
        with opened_discogs(simulator, store, clock) as discogs, path.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(map(exported, discogs.inventory_page("alice").listings))
        outcome = imported(path, seller="Alice", currency="GBP")
        clock.advance(3600)
        pulled = pull_from(simulator, store, clock, "alice")

    assert (outcome.kept, outcome.new, list(outcome.bad)) == (100, 100, [])
    assert (pulled.seen, pulled.new, pulled.changed) == (100, 0, 0)
    with reading(store) as db:
        rows = db.execute(select(listings.c.source, listings.c.score, listings.c.posted_at)).all()
    assert len(rows) == 100
    assert {row.source for row in rows} == {"api"}
    assert all(row.score is not None and row.posted_at is not None for row in rows)


def test_a_release_that_is_known_keeps_what_the_file_lacks_and_scores_the_listing(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    with writing(store) as db:
        alice = a_seller(db, "alice")
        a_listing(db, alice, id=19066426, year=1979, want=300, have=100)

    imported(export())

    row = stored(store)
    assert (row.year, row.want, row.have) == (1979, 300, 100)
    assert row.score is not None


def test_a_file_older_than_a_pull_does_not_undo_it(
    store: Engine, imported: Import, export: Callable[[], Path], clock: HandClock
) -> None:
    with writing(store) as db:
        bob = remember_seller(db, a_profile("bob"), NOON)
        read_by_a_pull(db, bob, NOON, price_minor=1500)
    clock.advance(3600)

    outcome = imported(export(), dated=NOON - DAY)

    assert (outcome.kept, outcome.new, outcome.changed) == (3, 2, 0)
    assert outcome.read_at == NOON - DAY
    assert stored(store).price_minor == 1500
    assert stored(store).source == "api"


@pytest.mark.parametrize("dated", [datetime(1980, 1, 1, tzinfo=UTC), NOON + 9 * DAY])
def test_a_file_whose_date_cannot_be_true_counts_as_read_now(
    imported: Import, export: Callable[[], Path], dated: datetime
) -> None:
    assert imported(export(), dated=dated).read_at == NOON


def test_what_a_file_lacks_is_not_gone(
    store: Engine, imported: Import, tmp_path: Path, clock: HandClock
) -> None:
    imported(written(tmp_path, a_line(1), a_line(2)))
    for _ in range(3):
        clock.advance(86_400)
        imported(written(tmp_path, a_line(2)), dated=clock.now())

    assert stored(store, 1).gone_at is None
    assert stored(store, 1).missed_passes == 0


def test_bad_lines_are_told_by_number_and_the_good_ones_kept(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        a_line(1, comments='"two\nlines"'),
        a_line(2, listing_id="4.33E+09"),
        a_line(3, release_id=""),
        a_line(4, price="-1"),
        a_line(5, price="1.999"),
        a_line(6, comments="one, comma too many"),
        a_line(1, title="again"),
        a_line(2**63),
        a_line(7),
    )

    outcome = imported(path)

    assert [line for line, _ in outcome.bad] == [4, 5, 6, 7, 8, 9, 10]
    reasons = [reason for _, reason in outcome.bad]
    assert reasons[0] == "Its listing_id is '4.33E+09'; expected a number."
    assert reasons[1].startswith("Its release_id is ''")
    assert "expected a number of 0 or more" in reasons[2]
    assert "more digits than EUR counts" in reasons[3]
    assert "15 columns" in reasons[4]
    assert "stands in an earlier line" in reasons[5]
    assert outcome.kept == rows_in(store, listings) == 2
    assert stored(store, 1).title == "Record 1"
    assert "Left out: 7 bad lines." in outcome.sentence


def test_a_missing_grade_or_date_costs_no_listing(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    imported(written(tmp_path, a_line(1, media_condition="shiny", listed="25.08.2026 07:04")))

    row = stored(store, 1)
    assert (row.media_grade, row.sleeve_grade, row.posted_at) == (None, None, None)


def test_letters_that_no_database_takes_are_left_out(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    lines = [a_line(number) for number in range(1, 1000)]  # a NUL near the start is refused
    imported(written(tmp_path, *lines, a_line(5000, comments="scr\0atched")))

    assert stored(store, 5000).comments == "scratched"


def test_a_file_without_listings_says_so(imported: Import, tmp_path: Path) -> None:
    outcome = imported(written(tmp_path))

    assert (outcome.kept, outcome.bad) == (0, [])
    assert "0 listings" in outcome.sentence


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"currency": "EUROS"}, UnknownCurrency),
        ({"seller": "no/body"}, ImpossibleName),
        ({"path": Path("nowhere.csv")}, ImportRefused),
        ({"path": Path(__file__)}, ImportRefused),
    ],
)
def test_what_is_refused_stores_nothing(
    store: Engine, imported: Import, wrong: dict[str, Any], error: type[Exception]
) -> None:
    told = {"path": EXPORTS / "inventory_2026.csv"} | wrong

    with pytest.raises(error):
        imported(**told, dated=None)

    assert rows_in(store, sellers) == rows_in(store, listings) == rows_in(store, pulls) == 0


def test_a_file_imported_under_a_wrong_name_is_put_right_by_importing_it_again(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    imported(export(), seller="bbo")

    outcome = imported(export(), seller="bob")

    with reading(store) as db:
        bob = find_seller(db, "bob")
    assert bob is not None
    assert stored(store).seller_id == bob.id
    assert outcome.elsewhere == {}


def test_listings_that_discogs_says_are_anothers_stay_theirs_and_are_told(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    with writing(store) as db:
        alice = remember_seller(db, a_profile("alice"), NOON)
        read_by_a_pull(db, alice, NOON)

    outcome = imported(export(), seller="bob")

    assert stored(store).seller_id == alice
    assert outcome.elsewhere == {"alice": 1}
    assert "alice sells 1 of them on Discogs" in outcome.sentence


def test_a_currency_that_discogs_does_not_name_for_the_seller_is_told(
    store: Engine, imported: Import, export: Callable[[], Path]
) -> None:
    with writing(store) as db:
        remember_seller(db, a_profile("bob", currency="GBP"), NOON)

    outcome = imported(export(), currency="EUR")

    assert "bob sells in GBP, not EUR" in outcome.sentence


def test_an_interrupted_import_keeps_its_batches_and_is_completed_by_another(
    store: Engine, imported: Import, tmp_path: Path
) -> None:
    path = written(tmp_path, *(a_line(number) for number in range(1, 2 * BATCH + 2)))

    def interrupt(_kept: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(path, on_progress=interrupt)
    assert rows_in(store, listings) == BATCH

    told: list[int] = []
    outcome = imported(path, on_progress=told.append)

    assert (outcome.kept, outcome.new) == (2 * BATCH + 1, BATCH + 1)
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 1]
    assert rows_in(store, listings) == 2 * BATCH + 1


def test_two_first_imports_of_one_seller_at_once_make_one_seller(store: Engine) -> None:
    """On PostgreSQL each made a seller of its own, and half of the stock was the other's."""

    def import_again() -> None:
        with writing(store) as db:
            import_seller(db, "ALICE", "EUR", NOON)

    second = Thread(target=import_again)
    with writing(store) as db:
        import_seller(db, "alice", "EUR", NOON)
        second.start()
        while second.is_alive() and not is_sqlite(store) and not somebody_waits(store):
            pass
    second.join()

    with reading(store) as db:
        assert db.scalars(select(sellers.c.username)).all() == ["alice"]


def somebody_waits(store: Engine) -> bool:
    with reading(store) as db:
        return bool(db.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
