"""What the earlier system knew is here afterwards: verdicts first, none twice, none invented."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, select, text
from tests.conftest import HandClock
from tests.earlier.longplaying import AT, build, listing, put, record
from tests.market import an_account_of, pull_from

from cratewise.earlier import rules
from cratewise.earlier.move import Moved, move
from cratewise.earlier.opening import opened_source
from cratewise.errors import ImportRefused
from cratewise.grades import Grade
from cratewise.simulator import Simulator, World
from cratewise.store.earlier import kept_of_listing
from cratewise.store.engine import open_engine, reading
from cratewise.store.judgements import standing_judgements
from cratewise.store.tables import (
    earlier_rows,
    follows,
    judgements,
    listings,
    price_changes,
    releases,
    sellers,
)


def moved_from(where: str, store: Engine, clock: HandClock, **options: Any) -> dict[str, Moved]:
    account_id = an_account_of(store, clock)
    with opened_source(where) as source:
        told = move(store, source, account_id=account_id, clock=clock, **options)
    return {one.noun: one for one in told}


def everything(store: Engine) -> dict[str, list[str]]:
    tables = (sellers, releases, listings, judgements, follows, earlier_rows)
    with reading(store) as db:
        return {
            table.name: sorted(repr(tuple(row)) for row in db.execute(select(table)))
            for table in tables
        }


def test_only_what_somebody_evaluated_is_a_verdict(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    """One program stored every row that it read as kept, though nobody had looked at it."""
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1), record(2), record(3))
    put(
        earlier, "listing",
        listing(1, 1, 1, kept=True, evaluated=True),
        listing(2, 1, 2, kept=False, evaluated=True),
        listing(3, 1, 3, kept=True, evaluated=False),
    )  # fmt: skip

    told = moved_from(earlier_url, store, clock)

    with reading(store) as db:
        kept = standing_judgements(db, an_account_of_reader(store))
    assert [(one.release_id, one.verdict, one.judged_at) for one in kept] == [
        (100, "keep", AT),
        (200, "skip", AT),
    ]
    assert kept[0].listing["styles"] == ["Dub Techno", "Ambient"]
    assert (told["verdicts"].there, told["verdicts"].new) == (2, 2)
    assert (told["listings"].there, told["listings"].here) == (3, 3)


def an_account_of_reader(store: Engine) -> int:
    with reading(store) as db:
        return int(db.execute(text("SELECT id FROM accounts")).scalar_one())


def test_moving_again_doubles_nothing_and_adds_what_is_new(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1), record(2))
    put(earlier, "listing", listing(1, 1, 1, evaluated=True), listing(2, 1, 2))
    moved_from(earlier_url, store, clock)
    first = everything(store)

    again = moved_from(earlier_url, store, clock)
    assert everything(store) == first
    assert {one.new for one in again.values()} == {0}

    put(earlier, "listing", listing(3, 1, 2, evaluated=True, kept=False))
    later = moved_from(earlier_url, store, clock)
    assert (later["listings"].new, later["verdicts"].new, later["listings"].here) == (1, 1, 3)


def test_a_verdict_that_was_changed_there_since_is_the_one_that_counts(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1))
    put(earlier, "listing", listing(1, 1, 1, evaluated=True, kept=True))
    moved_from(earlier_url, store, clock)
    with earlier.begin() as db:
        db.execute(
            text(
                "UPDATE discogs_listing SET kept = false, updated_at = '2025-04-01T00:00:00+00:00'"
            )
        )

    moved_from(earlier_url, store, clock)

    with reading(store) as db:
        kept = standing_judgements(db, an_account_of_reader(store))
    assert [one.verdict for one in kept] == ["skip"]


def test_prices_are_kept_as_they_were_and_neither_shown_nor_scored(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1))
    put(earlier, "listing", listing(1, 1, 1, record_price=7.25))

    told = moved_from(earlier_url, store, clock)

    with reading(store) as db:
        row = db.execute(select(listings)).one()
        kept = kept_of_listing(db, row.id)
    assert (row.price_minor, row.currency, row.price_usd, row.score) == (None, None, None, None)
    assert kept is not None
    assert float(kept["price"]) == 7.25
    assert told["listings"].because[rules.PRICE_UNSURE] == 1


def test_sellers_of_one_name_and_rows_of_one_record_become_one(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(
        earlier, "seller",
        {"id": 1, "name": "alice", "currency": "EUR"},
        {"id": 2, "name": "Alice ", "currency": ""},
        {"id": 3, "name": "", "currency": "EUR"},
    )  # fmt: skip
    put(earlier, "record", record(1, "77"), record(2, "77"), record(3, "none"))
    put(earlier, "listing", listing(1, 1, 1), listing(2, 2, 2), listing(3, 1, 3), listing(4, 3, 1))

    told = moved_from(earlier_url, store, clock)

    with reading(store) as db:
        assert db.scalars(select(sellers.c.username)).all() == ["alice"]
        assert sorted(db.scalars(select(releases.c.id))) == [-3, 77]
        assert len(db.execute(select(follows)).all()) == 1
    assert told["sellers"].because == {rules.SAME_NAME: 1, rules.NAMELESS: 1}
    assert told["records"].because[rules.SAME_RECORD] == 1
    assert told["records"].because[rules.NO_NUMBER] == 1
    assert told["listings"].because[rules.NO_SELLER] == 1
    assert told["listings"].here == 3


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["House"], ["House"]),
        (None, []),
        ('["House", null, "House"]', ["House"]),
        ("House, Deep House", ["House", "Deep House"]),
        ("null", []),
        ("", []),
        ('{House,"Deep House"}', ["House", "Deep House"]),
        ("[broken", ["broken"]),
    ],
)
def test_genres_are_read_however_they_were_written(written: object, read: list[str]) -> None:
    told = rules.record({"id": 1, "genres": written})

    assert told is not None
    assert told.genres == read


def test_columns_of_an_older_schema_have_their_defaults(
    store: Engine, earlier_url: str, clock: HandClock
) -> None:
    engine = open_engine(earlier_url)
    build(
        engine,
        without_columns=(
            "record.styles",
            "record.year",
            "listing.updated_at",
            "listing.created_at",
        ),
    )
    with engine.begin() as db:
        db.execute(text("ALTER TABLE discogs_listing RENAME COLUMN kept TO is_keeper"))
        for table in ("recordofthedayfeedback", "recommendationmetrics", "recordoftheday"):
            db.execute(text(f"DROP TABLE discogs_{table}"))
    put(engine, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    old_record = {n: v for n, v in record(1).items() if n not in ("styles", "year")}
    put(engine, "record", old_record)
    old_listing = {
        n: v for n, v in listing(1, 1, 1, evaluated=True).items() if not n.endswith("_at")
    }
    put(
        engine,
        "listing",
        {**{n: v for n, v in old_listing.items() if n != "kept"}, "is_keeper": True},
    )
    engine.dispose()

    moved_from(earlier_url, store, clock)

    with reading(store) as db:
        kept = standing_judgements(db, an_account_of_reader(store))
        row = db.execute(select(releases.c.styles, releases.c.year)).one()
    assert [(one.verdict, one.judged_at) for one in kept] == [("keep", clock.now())]
    assert tuple(row) == (None, None)


def test_the_table_of_models_is_never_read(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    """Its pickles could run code: a table that only its owner may look into changes nothing."""
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(
        earlier,
        "recommendationmodel",
        {"id": 1, "model_data": b"\x80\x04cos\nsystem\n", "last_accuracy": 0.99},
    )

    told = moved_from(earlier_url, store, clock)

    assert "models" not in told
    assert "0.99" not in repr(everything(store))


def test_records_of_the_day_keep_their_numbers_and_votes(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1))
    put(earlier, "listing", listing(1, 1, 1))
    day = {
        "id": 5,
        "date": "2025-02-01",
        "listing_id": 1,
        "model_score": 0.7,
        "desirability_votes": [4, 5],
        "selection_method": "thermodynamic_boltzmann",
    }
    put(earlier, "recordoftheday", day, {**day, "id": 6, "date": "2025-02-02", "listing_id": 99})
    vote = {"id": 1, "record_of_the_day_id": 5, "desirability_rating": 4, "novelty_rating": 2}
    put(earlier, "recordofthedayfeedback", vote, {**vote, "id": 2, "novelty_rating": 9})
    put(earlier, "recommendationmetrics", {"id": 1, "accuracy": 0.97, "num_samples": 40})

    told = moved_from(earlier_url, store, clock)

    with reading(store) as db:
        rows = db.execute(select(earlier_rows.c.noun, earlier_rows.c.kept)).all()
    kept = {noun: json.loads(said) for noun, said in rows if noun in ("day", "vote", "metrics")}
    assert kept["day"]["date"] == "2025-02-01"
    assert kept["day"]["desirability_votes"] == [4, 5]
    assert (kept["vote"]["desirability"], kept["vote"]["novelty"]) == (4, 2)
    assert kept["metrics"]["is_in_sample"] is True
    assert told["records of the day"].because == {rules.NO_LISTING: 1}
    assert told["votes"].because == {rules.NO_VOTE: 1}


def test_a_dry_run_counts_the_same_and_writes_nothing(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", record(1), record(2, "x"))
    put(earlier, "listing", listing(1, 1, 1, evaluated=True), listing(2, 1, 9))
    before = everything(store)

    dry = moved_from(earlier_url, store, clock, is_dry=True)

    assert {name: rows for name, rows in everything(store).items() if rows} == {
        name: rows for name, rows in before.items() if rows
    }
    wet = moved_from(earlier_url, store, clock)
    assert {n: (one.there, one.new, one.because) for n, one in dry.items()} == {
        n: (one.there, one.new, one.because) for n, one in wet.items()
    }


def test_a_move_that_was_broken_off_goes_on_without_doubling(
    store: Engine,
    earlier: Engine,
    earlier_url: str,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cratewise.earlier.move.BATCH", 2)
    put(earlier, "seller", {"id": 1, "name": "alice", "currency": "EUR"})
    put(earlier, "record", *(record(n) for n in range(1, 10)))
    put(earlier, "listing", *(listing(n, 1, n, evaluated=True) for n in range(1, 10)))

    def lose_power(noun: str, done: int, _total: int | None) -> None:
        if (noun, done) == ("listings", 4):
            raise PowerCutError

    with pytest.raises(PowerCutError):
        moved_from(earlier_url, store, clock, on_progress=lose_power)
    told = moved_from(earlier_url, store, clock)

    assert (told["listings"].new, told["listings"].here) == (7, 9)
    with reading(store) as db:
        assert len(standing_judgements(db, an_account_of_reader(store))) == 9


class PowerCutError(Exception):
    pass


def test_a_later_pull_joins_what_was_imported_and_keeps_its_verdicts(
    store: Engine, earlier: Engine, earlier_url: str, clock: HandClock
) -> None:
    with Simulator(World(sellers={"alice": 60})) as simulator:
        put(earlier, "seller", {"id": 1, "name": "Alice", "currency": "USD"})
        there = [
            said_of(simulator, number) for number in list(simulator.world.listings("alice"))[:20]
        ]
        put(earlier, "record", *(record(n, str(one["release"])) for n, one in enumerate(there, 1)))
        put(
            earlier, "listing",
            *(
                listing(n, 1, n, media_condition=one["condition"], evaluated=True, record_price=1.0)
                for n, one in enumerate(there, 1)
            ),
        )  # fmt: skip
        moved_from(earlier_url, store, clock)

        outcome = pull_from(simulator, store, clock, "alice", kind="full")

    assert outcome.seen == 60
    assert outcome.new == 40
    with reading(store) as db:
        assert len(db.execute(select(listings)).all()) == 60
        assert db.execute(select(price_changes)).all() == []
        judged = db.execute(
            select(listings.c.discogs_listing_id, listings.c.price_minor).join(
                judgements, judgements.c.listing_id == listings.c.id
            )
        ).all()
    assert sorted(row.discogs_listing_id for row in judged) == sorted(one["id"] for one in there)
    assert None not in {row.price_minor for row in judged}


def said_of(simulator: Simulator, number: int) -> dict[str, Any]:
    with httpx2.Client(headers={"User-Agent": "test/1.0"}) as client:
        answer = client.get(f"{simulator.url}/marketplace/listings/{number}").json()
    return {"id": number, "release": answer["release"]["id"], "condition": answer["condition"]}


def test_the_csv_export_moves_too_and_its_listings_are_joined_by_words(
    store: Engine, clock: HandClock, tmp_path: Path
) -> None:
    path = tmp_path / "listings_export.csv"
    path.write_text(
        "Listing ID,Record Artist,Record Title,Record Label,Record Format,Record Year,Seller,"
        "Record Price,Media Condition,Score,Kept,Evaluated\r\n"
        '7,"Basic, Channel",Q 1.1,BC,12",1993,alice,12.50,Mint (M),44.10,True,True\r\n'
        "8,'=cmd,Other,BC,LP,,alice,1.00,Very Good (VG),2.00,False,False\r\n",
        encoding="utf-8",
    )

    told = moved_from(str(path), store, clock)

    with reading(store) as db:
        rows = db.execute(select(releases.c.artist, releases.c.year, releases.c.id)).all()
        kept = standing_judgements(db, an_account_of_reader(store))
        grades = set(db.scalars(select(listings.c.media_grade)))
    assert {(row.artist, row.year) for row in rows} == {("Basic, Channel", 1993), ("=cmd", None)}
    assert all(row.id < 0 for row in rows)
    assert [one.verdict for one in kept] == ["keep"]
    assert grades == {Grade.MINT, Grade.VERY_GOOD}
    assert told["listings"].there == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("hello\n", "is neither a dump"),
        ("PGDMP\x01", "pg_restore"),
        ("Listing ID,Seller\n1,alice\n", "Record Artist"),
        (
            "COPY public.discogs_record (id) FROM stdin;\n1\n",
            "breaks off within the table discogs_record",
        ),
        ("COPY public.discogs_record (id) FROM stdin;\n1\n\\.\n", "no table discogs_seller"),
    ],
)
def test_a_file_that_is_none_of_them_is_refused_with_a_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="latin-1")

    with pytest.raises(ImportRefused, match=sentence), opened_source(str(path)):
        pass


def test_a_database_without_the_tables_is_refused_with_a_sentence(earlier_url: str) -> None:
    with (
        pytest.raises(ImportRefused, match="has no table discogs_record"),
        opened_source(earlier_url),
    ):
        pass
