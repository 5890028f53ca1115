"""What the commands that look answer, to people, pipes and programs, on both databases."""

import csv
import io
import json
import os
import stat
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert
from tests.builders import NOON, a_follow, a_listing, a_pull, a_seller, an_account
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.cli.export import whole_file
from cratewise.cli.looking import Asked, look
from cratewise.clock import Clock
from cratewise.errors import ExportFailed
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.rates import Rates
from cratewise.shelf.export import Form, export
from cratewise.shelf.exported import Currency
from cratewise.store import export_rows
from cratewise.store.accounts import Account
from cratewise.store.engine import reading, writing
from cratewise.store.export_rows import batches
from cratewise.store.rates import remember_rates
from cratewise.store.stock import Wanted
from cratewise.store.tables import listings, releases

DIGGER = Account(id=1, name="local", currency="EUR", country="DE")


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="cratewise")


def answered(*arguments: str) -> Any:
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(*arguments: str) -> list[int]:
    return [listing["listing_id"] - 5_000_000_000 for listing in answered(*arguments)["listings"]]


@pytest.fixture
def stock(store: Engine) -> dict[str, int]:
    """Two sellers' listings, by a name each; scores fall in this order, unknown last."""
    with writing(store) as db:
        account = an_account(db)
        alice, bob = a_seller(db, "Alice.Records"), a_seller(db, "bob")
        for seller in (alice, bob):
            a_follow(db, account, seller)
        a_pull(db, alice, coverage=0.9996, kind="full")
        a_pull(db, alice, kind="quick", state="stopped")
        return {
            "cheap": a_listing(db, alice, price_minor=500),
            "bobs": a_listing(db, bob, price_minor=900, format="CD", currency="GBP"),
            "dear": a_listing(db, alice, price_minor=9000, media_grade=4, title="Lanquidity"),
            "gone": a_listing(db, bob, gone_at=NOON, score=1.0),
            "unconvertible": a_listing(db, alice, currency="XAF"),
            "imported": a_listing(
                db, bob, want=None, have=None, discogs_listing_id=None, source="csv"
            ),
        }


def test_top_ranks_by_score_with_unknown_ones_last(stock: dict[str, int]) -> None:
    answer = answered("top")

    assert [listing["rank"] for listing in answer["listings"]] == [1, 2, 3, 4, 5]
    scores = [listing["score"] for listing in answer["listings"]]
    assert scores[:3] == sorted(scores[:3], reverse=True)
    assert scores[3:] == [None, None]
    assert answer["listings"][4]["listing_id"] is None
    assert answer["notices"] == [DATA_NOTICE, API_NOTICE]


def test_a_seller_is_found_whatever_the_case_of_the_name(stock: dict[str, int]) -> None:
    answer = answered("top", "ALICE.records")

    assert answer["seller"] == "Alice.Records"
    assert {listing["seller"] for listing in answer["listings"]} == {"Alice.Records"}


def test_a_seller_who_was_never_read_is_told_with_what_to_do(stock: dict[str, int]) -> None:
    result = cratewise("top", "alice.record")

    assert result.exit_code == 3
    assert "`cratewise pull alice.record`" in result.stderr
    assert "Did you mean Alice.Records?" in result.stderr
    assert result.stdout == ""


def test_options_narrow_what_is_shown(stock: dict[str, int]) -> None:
    by_format = answered("top", "--format", "cd")["listings"]
    by_grade = answered("top", "Alice.Records", "--grade", "vg")["listings"]

    assert [listing["format"] for listing in by_format] == ["CD"]
    assert "Lanquidity" not in {listing["title"] for listing in by_grade}
    assert len(answered("top", "--limit", "2")["listings"]) == 2


def test_a_price_limit_counts_in_the_readers_currency_or_in_the_one_typed(
    store: Engine, stock: dict[str, int]
) -> None:
    with writing(store) as db:  # 9 pounds are 10.00 euros
        remember_rates(db, {datetime.now(UTC).date(): {"GBP": 0.9, "USD": 1.25}})

    def prices(limit: str) -> list[float]:
        found = answered("top", "--max-price", limit)
        assert found["left_out_not_convertible"] == 1
        return sorted(listing["price"] for listing in found["listings"])

    assert prices("9.99") == [5.0]
    assert prices("10") == [5.0, 9.0]
    assert prices("9GBP") == [5.0, 9.0]
    assert prices("£8.99") == [5.0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["top", "--max-price", "cheap"], "'cheap' is not a price"),
        (["top", "--max-price", "20XBT"], "'XBT' is not a currency"),
        (["top", "--grade", "shiny"], "'shiny' is no grade; expected one of M, NM, VG+"),
        (["top", "--limit", "0"], "--limit"),
        (["listings", "--sort", "mood"], "expected score, price, newest or artist"),
        (["listings", "--page", "0"], "--page"),
        (["export", "--format", "docx"], "expected csv, json, ndjson, parquet, xlsx"),
        (["rates", "--on", "yesterday"], "--on"),
        (["rates", "12", "--to", "euros"], "'euros' is no currency"),
        (["keeper", "--grade", "shiny"], "'shiny' is no grade"),
    ],
)
def test_an_option_that_makes_no_sense_is_a_matter_of_usage(
    arguments: list[str], said: str
) -> None:
    result = cratewise(*arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_before_anything_was_read_the_way_to_begin_is_told() -> None:
    for command in ("top", "listings", "sellers"):
        result = cratewise(command)

        assert result.exit_code == 0
        assert result.stdout == ""
        assert "cratewise pull SELLER" in result.stderr


def test_a_pipe_gets_a_line_a_listing_and_the_notice_beside_it(stock: dict[str, int]) -> None:
    result = cratewise("top", "alice.records")

    header, *lines = result.stdout.splitlines()
    names = header.split("\t")
    first = dict(zip(names, lines[0].split("\t"), strict=True))
    assert len(lines) == 3
    assert first["price"] == "€5.00"
    assert first["stale"] == "stale"
    assert first["url"].startswith("https://www.discogs.com/sell/item/")
    assert f"{DATA_NOTICE} https://www.discogs.com/seller/Alice.Records/profile" in result.stderr
    assert "more than six hours ago: `cratewise pull Alice.Records`" in result.stderr


def test_a_price_read_within_six_hours_is_not_marked(store: Engine, clock: Clock) -> None:
    with writing(store) as db:
        an_account(db)
        a_listing(db, a_seller(db), price_read_at=NOON)

    def marks(hours: float) -> list[bool]:
        clock.sleep(hours * 3600)
        return [view.is_stale for view in look(store, DIGGER, Asked(), clock=clock).views]

    assert marks(5.9) == [False]
    assert marks(0.2) == [True]


def test_pages_follow_one_another_and_the_last_is_told(stock: dict[str, int]) -> None:
    first, second = (answered("listings", "--limit", "3", "--page", n) for n in ("1", "2"))

    assert [listing["rank"] for listing in first["listings"] + second["listings"]] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert (first["count"], first["pages"]) == (5, 2)
    assert "1 to 3 of 5 listings: page 1 of 2; `--page 2` is next." in (
        cratewise("listings", "--limit", "3").stderr
    )
    assert "no such page: 5 listings are 2 pages" in (
        cratewise("listings", "--limit", "3", "--page", "9").stderr
    )


def test_listings_are_searched_sorted_and_shown_with_what_is_gone(stock: dict[str, int]) -> None:
    found = answered("listings", "--search", "lanquid")["listings"]
    cheapest = answered("listings", "--sort", "price")["listings"]
    everything = answered("listings", "--gone")["listings"]

    assert [listing["title"] for listing in found] == ["Lanquidity"]
    assert cheapest[0]["price"] == 5.0
    assert len(everything) == 6
    assert [listing["gone_at"] for listing in everything if listing["gone_at"]] == [
        "2026-11-01T12:00:00Z"
    ]


def test_sellers_tells_what_is_kept_of_each(stock: dict[str, int]) -> None:
    alice, bob = answered("sellers")["sellers"]

    assert (alice["seller"], alice["for_sale"], alice["gone"]) == ("Alice.Records", 3, 0)
    assert (bob["seller"], bob["for_sale"], bob["gone"]) == ("bob", 2, 1)
    assert alice["coverage"] == 0.9996
    assert (alice["pull_kind"], alice["pull_state"]) == ("quick", "stopped")
    assert bob["pull_kind"] is None

    table = cratewise("sellers")
    row = table.stdout.splitlines()[1].split("\t")
    assert row[:4] == ["Alice.Records", "3", "0", "99.9 %"]
    assert row[4].endswith("quick, stopped")
    assert DATA_NOTICE in table.stderr


def test_the_keeper_rule_is_shown_and_changed(stock: dict[str, int]) -> None:
    assert (
        cratewise("keeper").stdout == "A keeper is: LP, G+ or better, wanted by more than own it.\n"
    )

    cratewise("keeper", "--format", "CD", "--any-grade")

    assert cratewise("keeper").stdout == "A keeper is: CD, wanted by more than own it.\n"
    kept = [one["format"] for one in answered("top")["listings"] if one["is_keeper"]]
    assert kept == ["CD"]
    cratewise("keeper", "--default")
    assert answered("keeper")["media_grade_at_least"] == 4


def test_keeper_rules_are_kept_under_names_and_used_in_turn(stock: dict[str, int]) -> None:
    cratewise("keeper", "--preset", "discs", "--format", "CD", "--any-grade")
    assert answered("keeper")["format_holds"] == ["CD"]

    cratewise("keeper", "--preset", "keeper")
    assert answered("keeper")["format_holds"] == ["LP"]
    cratewise("keeper", "--preset", "discs")
    cratewise("keeper", "--forget", "discs")

    assert answered("keeper")["format_holds"] == ["LP"]
    refused = cratewise("keeper", "--preset", "discs")
    assert (refused.exit_code, "There is no preset 'discs'." in refused.stderr) == (3, True)


def test_rates_are_shown_and_applied(store: Engine) -> None:
    with writing(store) as db:
        remember_rates(db, {date(2031, 5, 5): {"USD": 1.25, "JPY": 200.0}})

    shown = answered("rates", "--to", "USD")
    assert shown["day"] == "2031-05-05"
    assert shown["buys"]["EUR"] == 0.8
    assert answered("rates", "1500JPY")["converted"] == 7.5
    assert cratewise("rates", "20", "--to", "usd").stdout == "€20.00 = $25.00\n"
    assert cratewise("rates", "100EUR", "--to", "USD", "--on", "2014-03-28").stdout == (
        "€100.00 = $137.59\n"
    )


def test_an_amount_without_a_rate_is_told_to_be_not_convertible() -> None:
    result = cratewise("rates", "20XAF")

    assert result.exit_code == 1
    assert "20 XAF is not convertible to EUR" in result.stderr


def test_rates_that_are_switched_off_are_not_refreshed() -> None:
    result = cratewise("rates", "--refresh")

    assert result.exit_code == 2
    assert "CRATEWISE_RATES_URL" in result.stderr


def test_an_export_holds_every_listing_for_sale(stock: dict[str, int]) -> None:
    as_csv = list(csv.DictReader(io.StringIO(cratewise("export").stdout, newline="")))
    as_lines = [
        json.loads(line) for line in cratewise("export", "--format", "ndjson").stdout.splitlines()
    ]
    as_json = answered("export")["listings"]

    assert len(as_csv) == len(as_lines) == len(as_json) == 5
    assert [row["listing_id"] for row in as_csv] == [
        "" if line["listing_id"] is None else str(line["listing_id"]) for line in as_lines
    ]
    assert as_csv[-1]["listing_id"] == ""  # imported
    assert len(cratewise("export", "BOB").stdout.splitlines()) == 1 + 2
    assert len(cratewise("export", "bob", "--gone").stdout.splitlines()) == 1 + 3


def test_an_export_of_an_unknown_seller_writes_no_file(tmp_path: Path, store: Engine) -> None:
    result = cratewise("export", "nobody", "-o", str(tmp_path / "out.csv"))

    assert result.exit_code == 3
    assert not list(tmp_path.glob("*out.csv*"))


def test_an_export_goes_into_a_file_with_the_rights_of_any_new_file(
    stock: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / "listings.csv"
    (tmp_path / "plain").touch()

    result = cratewise("export", "-o", str(file))

    assert result.stdout == ""
    assert "5 listings" in result.stderr
    assert len(file.read_text("utf-8").splitlines()) == 6
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.parametrize("place", ["missing/out.csv", "."])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, place: str) -> None:
    result = cratewise("export", "-o", str(tmp_path / place))

    assert result.exit_code == 7
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("stopped_by", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_export_that_is_stopped_leaves_the_file_that_was_there(
    tmp_path: Path, stopped_by: BaseException
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    file = folder / "listings.csv"
    file.write_text("the last one")

    def export() -> None:
        with whole_file(file) as half:
            half.write(b"half of ")
            raise stopped_by

    with pytest.raises((KeyboardInterrupt, ExportFailed)):
        export()
    assert file.read_text() == "the last one"
    assert list(folder.iterdir()) == [file]


def test_an_export_through_a_link_writes_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)

    with whole_file(link) as file:
        file.write(b"new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_an_export_into_a_device_leaves_the_device(tmp_path: Path) -> None:
    with whole_file(Path(os.devnull)) as file:
        file.write(b"gone")

    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_a_long_export_streams(store: Engine, form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as many listings must not take more memory."""
    monkeypatch.setattr(export_rows, "READ_AT_ONCE", 2_000)
    monkeypatch.setattr(export_rows, "AT_A_TIME", 500)

    def fill(first: int, count: int) -> None:
        numbers = range(first, first + count)
        release = {"artist": "A", "title": "T", "label": "", "catalog_number": "", "format": "LP"}
        listing = {"seller_id": alice, "comments": "x" * 200, "first_seen_at": NOON}
        listing |= {"last_seen_at": NOON, "touched_at": NOON}
        with writing(store) as db:
            db.execute(
                insert(releases), [{**release, "id": n, "changed_at": NOON} for n in numbers]
            )
            db.execute(insert(listings), [{**listing, "release_id": n} for n in numbers])

    own = Currency("EUR", Rates({}), NOON.date())

    def peak() -> int:
        with reading(store) as db:
            tracemalloc.start()
            for _ in export(batches(db, Wanted()), form, own):
                pass
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return most

    with writing(store) as db:
        alice = a_seller(db)
    fill(1, 8_000)
    # How much is read ahead of what is written depends on threads, up to so many batches; an
    # export that kept what it has written would take four times as much each time.
    few = max(peak() for _ in range(4))
    fill(8_001, 24_000)

    assert any(peak() < 1.5 * few for _ in range(4))


def test_a_long_export_leaves_its_rows_at_the_server(store: Engine) -> None:
    cursors: list[str] = []
    event.listen(
        store, "before_cursor_execute", lambda *told: cursors.append(type(told[1]).__name__)
    )

    with reading(store) as db:
        list(batches(db, Wanted()))

    # SQLite's plain cursor hands out rows as they are asked for; PostgreSQL's would send all.
    assert cursors[-1] == {"sqlite": "Cursor", "postgresql": "ServerCursor"}[store.dialect.name]


def test_a_shell_completes_the_names_of_kept_sellers(stock: dict[str, int]) -> None:
    from cratewise.cli.choosing import complete_seller

    assert complete_seller("ALI") == ["Alice.Records"]
    assert complete_seller("") == ["Alice.Records", "bob"]


def test_a_shell_that_asks_before_the_first_start_gets_no_names_and_makes_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cratewise.cli.choosing import complete_seller

    monkeypatch.setenv("CRATEWISE_DATABASE_URL", f"sqlite:///{tmp_path / 'none' / 'x.sqlite'}")
    assert complete_seller("a") == []
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", "nonsense")
    assert complete_seller("a") == []


def test_what_is_older_than_a_day_is_told_in_days(store: Engine, clock: Clock) -> None:
    with writing(store) as db:
        an_account(db)
        a_listing(db, a_seller(db), price_read_at=NOON - timedelta(days=9))

    (view,) = look(store, DIGGER, Asked(), clock=clock).views

    assert view.price_age == timedelta(days=9)


def test_a_pull_that_died_without_a_word_is_told_as_stopped(store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_follow(db, an_account(db), alice)
        a_pull(db, alice, state="running", finished_at=None, worker="", seen=100)

    assert answered("sellers")["sellers"][0]["pull_state"] == "stopped"
