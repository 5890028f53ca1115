"""An export can be read by the programs it is for, and by no spreadsheet be run."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cratewise.grades import Grade
from cratewise.notices import API_NOTICE, DATA_NOTICE
from cratewise.shelf.export import FORMS, write_csv, write_json, write_ndjson
from cratewise.shelf.record import FIELDS
from cratewise.store.stock import Listing

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_listing(**fields: Any) -> Listing:
    plain = Listing(
        id=1, discogs_listing_id=4_350_000_001, release_id=249504, seller="alice",
        artist="Rick Astley", title="Never Gonna Give You Up", label="RCA",
        catalog_number="PB 41447", format='7", Single', year=1987, price_minor=1250, currency="EUR",
        price_read_at=NOON, price_usd=13.965, shipping_minor=None, shipping_currency=None,
        media_grade=Grade.VERY_GOOD_PLUS, sleeve_grade=Grade.GENERIC, comments="",
        ships_from="Germany", allows_offers=False, posted_at=NOON, source="api", want=10, have=20,
        score=12.34567, first_seen_at=NOON, last_seen_at=NOON, changed_at=None, gone_at=None,
    )  # fmt: skip
    return plain._replace(**fields)


def written(form: str, *listings: Listing) -> str:
    file = io.StringIO(newline="")
    assert FORMS[form](listings, file) == len(listings)
    return file.getvalue()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_the_documented_columns_and_plain_values() -> None:
    (row,) = rows(written("csv", a_listing()))

    assert list(row) == [*FIELDS, "notice"]
    assert row["listing_id"] == "4350000001"
    assert (row["price"], row["currency"]) == ("12.50", "EUR")
    assert (row["media_grade"], row["sleeve_grade"]) == ("VG+", "generic")
    assert row["price_read_at"] == "2026-11-01T12:00:00Z"
    assert row["allows_offers"] == "false"
    assert row["url"] == "https://www.discogs.com/sell/item/4350000001"


def test_an_imported_listing_has_an_empty_listing_id_and_links_to_its_release() -> None:
    (row,) = rows(written("csv", a_listing(discogs_listing_id=None, want=None, score=None)))

    assert row["listing_id"] == row["want"] == row["score"] == ""
    assert row["url"] == "https://www.discogs.com/release/249504"


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_carries_both_notices_once(form: str) -> None:
    text = written(form, *[a_listing(id=number) for number in range(5)])

    assert text.count(DATA_NOTICE) == 1
    assert text.count(API_NOTICE) == 1


def test_json_is_one_document_and_ndjson_one_a_line() -> None:
    listings = [a_listing(discogs_listing_id=number) for number in (1, 2, None)]

    document = json.loads(written("json", *listings))
    lines = [json.loads(line) for line in written("ndjson", *listings).splitlines()]

    assert document["notices"] == [DATA_NOTICE, API_NOTICE]
    assert [listing["listing_id"] for listing in document["listings"]] == [1, 2, None]
    assert [line["listing_id"] for line in lines] == [1, 2, None]
    assert list(document["listings"][0]) == list(FIELDS)
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


def test_a_number_below_zero_stays_a_number() -> None:
    (row,) = rows(written("csv", a_listing(score=-4.66489)))

    assert row["score"] == "-4.6649"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(artist=TEXTS, title=TEXTS, comments=TEXTS)
def test_any_text_comes_back_from_every_form(artist: str, title: str, comments: str) -> None:
    listing = a_listing(artist=artist, title=title, comments=comments)
    texts = [artist, title, comments]

    (row,) = rows(_in(write_csv, listing))
    (line,) = map(json.loads, _in(write_ndjson, listing).split("\n")[:-1])
    (item,) = json.loads(_in(write_json, listing))["listings"]

    assert [row[name].removeprefix("'") for name in ("artist", "title", "comments")] == [
        text.removeprefix("'") for text in texts
    ]
    assert [line["artist"], line["title"], line["comments"]] == texts
    assert [item["artist"], item["title"], item["comments"]] == texts


def _in(write: Any, listing: Listing) -> str:
    file = io.StringIO(newline="")
    write([listing], file)
    return file.getvalue()
