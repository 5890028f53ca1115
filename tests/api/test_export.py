"""Exports over HTTP: whole, streamed, and what was asked for."""

import csv
import io

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine
from tests.api.serving import Api
from tests.builders import NOON, a_listing, a_seller

from cratewise.notices import DATA_NOTICE
from cratewise.shelf.export import FORMS, MEDIA_TYPES, Form
from cratewise.store.engine import writing


@pytest.fixture
def stock(store: Engine) -> None:
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        for number in range(5):
            a_listing(db, alice, artist="Alice Coltrane", title=f"=Journey {number}")
        a_listing(db, bob, artist="Bob Marley")
        a_listing(db, alice, artist="Alice Clark", gone_at=NOON)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.usefixtures("stock")
def test_an_export_holds_what_was_asked_for(api: Api) -> None:
    def many(**query: object) -> int:
        return len(rows(api.get("/api/v1/export", **query).text))

    assert many() == 6
    assert many(gone=True) == 7
    assert many(seller="BOB") == 1
    assert many(q="coltr") == 5
    assert many(q="alice", gone=True) == 6
    assert many(q="nobody") == 0


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_file_of_its_kind(api: Api, form: Form) -> None:
    answer = api.get("/api/v1/export", form=form)

    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[form]
    assert answer.headers["content-disposition"] == f'attachment; filename="cratewise.{form}"'
    assert len(answer.content) > 500
    if form == "parquet":
        assert pq.read_table(io.BytesIO(answer.content)).num_rows == 6
    if form in {"csv", "json", "ndjson"}:
        assert answer.text.count(DATA_NOTICE) == 1


@pytest.mark.usefixtures("stock")
def test_csv_is_kept_from_running_unless_raw(api: Api) -> None:
    guarded = rows(api.get("/api/v1/export", q="journey 3").text)
    raw = rows(api.get("/api/v1/export", q="journey 3", raw=True).text)

    assert guarded[0]["title"] == "'=Journey 3"
    assert raw[0]["title"] == "=Journey 3"


def test_an_unknown_form_or_seller_is_refused(api: Api) -> None:
    assert api.get("/api/v1/export", form="docx").status_code == 400
    assert api.get("/api/v1/export", seller="nobody").status_code == 404
