"""An export can be read by the programs it is for, and by no spreadsheet be run."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, get_args
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cratewise.grades import Grade
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.rates import Rates
from cratewise.shelf import tables_of_listings
from cratewise.shelf.export import FORMS, Form, export
from cratewise.shelf.exported import COLUMNS, NAMES, Currency, Kind
from cratewise.store import export_rows

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOON_US = int(NOON.timestamp()) * 1_000_000
DAY = date(2026, 10, 30)
OWN = Currency("GBP", Rates({DAY: {"USD": 1.25, "GBP": 0.8, "JPY": 175.0}}), DAY)
TEXT_FORMS: tuple[Form, ...] = ("csv", "json", "ndjson")


def a_listing(**fields: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "discogs_listing_id": 4_350_000_001, "release_id": 249504, "seller": "alice",
        "artist": "Rick Astley", "title": "Never Gonna Give You Up", "label": "RCA",
        "catalog_number": "PB 41447", "format": '7", Single', "year": 1987, "price_minor": 1250,
        "currency": "EUR", "price_read_at": NOON_US, "price_usd": 13.965, "shipping_minor": None,
        "shipping_currency": None, "media_grade": int(Grade.VERY_GOOD_PLUS),
        "sleeve_grade": int(Grade.GENERIC), "comments": "", "ships_from": "Germany",
        "allows_offers": 0, "posted_at": NOON_US, "source": "api", "want": 10, "have": 20,
        "score": 12.34567, "first_seen_at": NOON_US, "changed_at": None,
        "gone_at": None, "genres": '["Electronic","Pop"]', "styles": '["Synth-pop"]',
        "country": "UK", "master_id": 96559, "original_year": 1987, "artist_ids": "[72872]",
        "label_ids": "[895,7]",
    }  # fmt: skip
    assert set(plain) == set(export_rows.COLUMNS)
    return plain | fields


class Told(NamedTuple):
    """Listings as a batch of the store tells them."""

    listings: Sequence[Mapping[str, Any]]

    def table(self) -> Any:
        types = {name: pa.type_for_alias(kind) for name, kind in export_rows.COLUMNS.items()}
        return pa.table(
            {
                name: pa.array([one[name] for one in self.listings], kind)
                for name, kind in types.items()
            }
        )


def exported(
    form: Form, *listings: Mapping[str, Any], at_a_time: int = 2, is_raw: bool = False
) -> bytes:
    """An export of the listings, handed over some at a time."""
    parts = [Told(listings[n : n + at_a_time]) for n in range(0, len(listings), at_a_time)]
    return b"".join(export(parts, form, OWN, is_raw=is_raw))


def written(form: Form, *listings: Mapping[str, Any]) -> str:
    return exported(form, *listings).decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_the_documented_columns_and_plain_values() -> None:
    (row,) = rows(written("csv", a_listing()))

    assert list(row) == [*NAMES, "notice"]
    assert row["listing_id"] == "4350000001"
    assert (row["price"], row["currency"]) == ("12.50", "EUR")
    assert (row["media_grade"], row["sleeve_grade"]) == ("VG+", "generic")
    assert row["price_read_at"] == "2026-11-01T12:00:00Z"
    assert row["allows_offers"] == "false"
    assert row["url"] == "https://www.discogs.com/sell/item/4350000001"
    assert (row["genres"], row["styles"]) == ("Electronic, Pop", "Synth-pop")
    assert (row["artist_ids"], row["label_ids"], row["master_id"]) == ("72872", "895, 7", "96559")
    assert (row["own_price"], row["own_currency"]) == ("10.00", "GBP")


def test_prices_are_exact_in_every_currency_and_converted_where_there_is_a_rate() -> None:
    prices = [(1250, "EUR"), (1250, "JPY"), (5, "USD"), (None, None), (99, "XAF"), (7, "???")]

    listings = rows(
        written("csv", *[a_listing(price_minor=minor, currency=code) for minor, code in prices])
    )

    assert [row["price"] for row in listings] == ["12.50", "1250", "0.05", "", "99", ""]
    assert [row["own_price"] for row in listings] == ["10.00", "5.71", "0.03", "", "", ""]


def test_an_imported_listing_has_an_empty_listing_id_and_links_to_its_release() -> None:
    (row,) = rows(written("csv", a_listing(discogs_listing_id=None, want=None, score=None)))

    assert row["listing_id"] == row["want"] == row["score"] == ""
    assert row["url"] == "https://www.discogs.com/release/249504"


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_every_form_carries_both_notices_once(form: Form) -> None:
    text = written(form, *[a_listing(release_id=number) for number in range(5)])

    assert text.count(DATA_NOTICE) == 1
    assert text.count(API_NOTICE) == 1


def test_json_is_one_document_and_ndjson_one_a_line() -> None:
    listings = [a_listing(discogs_listing_id=number) for number in (1, 2, None)]

    document = json.loads(written("json", *listings))
    lines = [json.loads(line) for line in written("ndjson", *listings).splitlines()]

    assert document["notices"] == [DATA_NOTICE, API_NOTICE]
    assert [listing["listing_id"] for listing in document["listings"]] == [1, 2, None]
    assert [line["listing_id"] for line in lines] == [1, 2, None]
    assert list(document["listings"][0]) == list(NAMES)
    assert document["listings"][0]["price"] == 12.5


def test_an_export_of_nothing_is_still_what_it_claims_to_be() -> None:
    assert rows(written("csv")) == []
    assert written("ndjson") == ""
    assert json.loads(written("json"))["listings"] == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("field", ["artist", "title", "comments", "seller", "format", "ships_from"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(field: str, text: str) -> None:
    (row,) = rows(written("csv", a_listing(**{field: text})))

    assert row[field] == "'" + text
    (as_it_is,) = rows(exported("csv", a_listing(**{field: text}), is_raw=True).decode())
    assert as_it_is[field] == text


def test_a_number_below_zero_stays_a_number() -> None:
    (row,) = rows(written("csv", a_listing(score=-4.66489)))

    assert row["score"] == "-4.6649"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(artist=TEXTS, title=TEXTS, comments=TEXTS)
def test_any_text_comes_back_from_every_form(artist: str, title: str, comments: str) -> None:
    listing = a_listing(artist=artist, title=title, comments=comments)
    texts = [artist, title, comments]

    (row,) = rows(written("csv", listing))
    (line,) = map(json.loads, written("ndjson", listing).split("\n")[:-1])
    (item,) = json.loads(written("json", listing))["listings"]

    assert [row[name].removeprefix("'") for name in ("artist", "title", "comments")] == [
        text.removeprefix("'") for text in texts
    ]
    assert [line["artist"], line["title"], line["comments"]] == texts
    assert [item["artist"], item["title"], item["comments"]] == texts


@settings(max_examples=20, deadline=None)
@given(comments=TEXTS, many=st.integers(0, 45))
def test_parquet_holds_typed_columns_and_both_notices(comments: str, many: int) -> None:
    listings = [a_listing(comments=comments, discogs_listing_id=n) for n in range(many)]

    file = pq.ParquetFile(io.BytesIO(exported("parquet", *listings)))
    table = file.read()

    assert file.schema_arrow.metadata[b"notice"].decode() == f"{DATA_NOTICE} {API_NOTICE}"
    assert table.column_names == list(NAMES)
    assert table["listing_id"].to_pylist() == list(range(many))
    assert set(table["comments"].to_pylist()) <= {comments}
    for row in table.slice(0, 1).to_pylist():
        assert (row["price"], row["own_price"], row["allows_offers"]) == (12.5, 10.0, False)
        assert (row["genres"], row["label_ids"]) == (["Electronic", "Pop"], [895, 7])
        assert row["posted_at"] == NOON
        assert row["changed_at"] is None


def sheets(workbook: bytes) -> dict[str, list[list[str]]]:
    """The cells of a workbook's sheets, as a program that knows XLSX alone reads them."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    read: dict[str, list[list[str]]] = {}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        names = [
            sheet.get("name", "")
            for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(
                f"{main}sheet"
            )
        ]
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{main}f")), "a formula"
            read[name] = [
                ["".join(cell.itertext()) for cell in row.iter(f"{main}c")]
                for row in sheet.iter(f"{main}row")
            ]
    return read


def test_a_workbook_has_a_row_a_listing_and_runs_nothing() -> None:
    listing = a_listing(artist="=1+1", title="+cmd", comments="x" * 40_000, want=None)

    read = sheets(exported("xlsx", listing, a_listing()))

    header, first, second = read["Listings"]
    assert header == list(NAMES)
    assert {"=1+1", "+cmd", "12.5", "10", "x" * 32_767} <= set(first)
    assert "Rick Astley" in second
    assert [cells[0] for cells in read["Notices"]] == [DATA_NOTICE, API_NOTICE]


def test_a_workbook_begins_another_sheet_where_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_of_listings, "ROWS_A_SHEET", 3)

    read = sheets(exported("xlsx", *[a_listing() for _ in range(7)]))

    assert {name: len(rows) for name, rows in read.items()} == {
        "Listings": 4, "Listings 2": 4, "Listings 3": 2, "Notices": 2,
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_what_is_unknown_stays_unknown_in_every_form(form: Form) -> None:
    nothing = dict.fromkeys(export_rows.COLUMNS)
    known = {"release_id": 7, "seller": "alice", "allows_offers": 0, "source": "csv"}

    assert exported(form, {**nothing, **known})


def test_every_kind_of_column_is_there() -> None:
    assert {column.kind for column in COLUMNS} == set(get_args(Kind))
