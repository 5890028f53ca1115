"""Searches over HTTP: every term of a filter, facets, tags, and what is refused by field."""

import json
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, insert, select, update
from tests.api.serving import Api
from tests.builders import NOON, a_listing, a_seller

from cratewise.notices import ONLY_SYMBOLS
from cratewise.store.engine import writing
from cratewise.store.predictions import Predictions, keep_predictions
from cratewise.store.tables import listings, price_changes, releases, wants

URL = "/api/v1/listings"


@pytest.fixture
def two(store: Engine) -> tuple[int, int]:
    """A described jazz LP of alice's and a techno 12" of bob's."""
    with writing(store) as db:
        jazz = a_listing(db, a_seller(db), year=1971, price_minor=2000, sleeve_grade=7,
                         ships_from="Germany", want=300, have=100, score=20.0)  # fmt: skip
        techno = a_listing(db, a_seller(db, "bob"), artist="Basic Channel", title="Phylyps Trak",
                           label="Basic Channel", format='12"', year=1993, price_minor=900,
                           catalog_number="BC-02", sleeve_grade=-1, media_grade=8,
                           ships_from="United Kingdom", want=50, have=200, score=5.0)  # fmt: skip
        for number, genre, style, country in (
            (jazz, "Jazz", "Modal", "US"),
            (techno, "Electronic", "Dub Techno", "Germany"),
        ):
            release = db.scalar(
                listings.select()
                .with_only_columns(listings.c.release_id)
                .where(listings.c.id == number)
            )
            db.execute(
                update(releases)
                .where(releases.c.id == release)
                .values(genres=json.dumps([genre]), styles=json.dumps([style]), country=country,
                        described_at=NOON)
            )  # fmt: skip
    return jazz, techno


def test_each_parameter_finds_what_it_says(api: Api, two: tuple[int, int]) -> None:
    jazz, techno = two

    def found(**query: Any) -> set[int]:
        return {one["id"] for one in api.read(URL, **query)["listings"]}

    for query in (
        *({"q": "impulse"}, {"q": "as9203"}, {"genre": "jazz"}, {"style": "Modal"}),
        *({"style_all": "modal"}, {"style_not": "Dub Techno"}, {"format": "LP"}),
        *({"label": "IMPULSE!"}, {"artist": "alice coltrane"}, {"country": "US"}),
        *({"max_year": 1980}, {"min_want": 100}, {"max_have": 100}, {"min_want_have": 1}),
        *({"seller": "Alice"}, {"ships_from": "germany"}, {"min_price": "10"}),
        *({"min_sleeve": "VG+"}, {"min_score": 10}),
    ):
        assert found(**query) == {jazz}, query
    assert found(genre=["Jazz", "Electronic"]) == {jazz, techno}
    assert found(format="Vinyl", min_grade="NM") == {techno}
    assert found(wanted="true") == found(judged="either") == found(predicted="true") == set()
    assert found(only_gone="true") == found(fresh="true") == found(min_landed="1") == set()
    assert found(hidden="only") == found(dropped_since="2026-11-01T00:00:00Z") == set()
    assert found(listed_since="2026-11-01T12:00:00Z") == {jazz, techno}
    assert found(back_since="2026-11-01T00:00:00Z") == set()


def test_what_came_back_is_found_and_counted(api: Api, store: Engine, two: tuple[int, int]) -> None:
    jazz, _ = two
    with writing(store) as db:
        db.execute(update(listings).where(listings.c.id == jazz).values(back_at=NOON))

    found = api.read(URL, back_since=(NOON - timedelta(hours=1)).isoformat())
    counted = api.read("/api/v1/facets", facet="state", news_since=NOON.replace(day=1, hour=0))

    assert [one["id"] for one in found["listings"]] == [jazz]
    [states] = counted["facets"]
    assert {"value": "back", "count": 1}.items() <= states["values"][-1].items()


def test_facets_are_counted_each_without_its_own_part(api: Api, two: tuple[int, int]) -> None:
    answer = api.read("/api/v1/facets", genre="Jazz", news_since="2026-11-01T11:00:00Z")

    counted = {
        one["facet"]: {value["value"]: value["count"] for value in one["values"]}
        for one in answer["facets"]
    }
    assert counted["genre"] == {"Jazz": 1, "Electronic": 1}
    assert counted["style"] == {"Modal": 1}
    assert counted["format"] == {"LP": 1, "Album": 1, "Vinyl": 1}
    assert counted["decade"] == {"1970s": 1}
    assert counted["seller"] == {"alice": 1}
    assert counted["state"] == {"for sale": 1, "new": 1}
    [band] = next(one["values"] for one in answer["facets"] if one["facet"] == "price")
    assert (band["low"]["amount"], band["high"]["amount"]) == ("20.00", "49.99")


def test_a_page_that_still_holds_is_not_sent_again(
    api: Api, store: Engine, two: tuple[int, int]
) -> None:
    for path in (URL, "/api/v1/facets", "/api/v1/sellers/alice/listings"):
        tags = {api.get(path).headers["etag"] for _ in range(3)}
        answers = [api.http.get(path, headers={"If-None-Match": tag}) for tag in tags]
        # A minute may end between two requests; only then is the same answer tagged anew.
        assert len(tags) <= 2
        assert 304 in [answer.status_code for answer in answers]
        assert all(not answer.content for answer in answers if answer.status_code == 304)


def test_a_write_makes_another_tag(api: Api, store: Engine, two: tuple[int, int]) -> None:
    def tag() -> str:
        return str(api.get(URL).headers["etag"])

    first = tag()
    with writing(store) as db:
        a_listing(db, a_seller(db, "carol"))
    second = tag()
    account = api.here.account()
    with writing(store) as db:
        release = db.scalar(listings.select().with_only_columns(listings.c.release_id))
        row = {"account_id": account.id, "release_id": release, "synced_at": NOON}
        db.execute(insert(wants).values(row))

    assert len({first, second, tag()}) == 3
    answer = api.http.get(URL, headers={"If-None-Match": first})
    assert (answer.status_code, answer.json()["count"]) == (200, 3)


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ({"min_year": "1990", "max_year": "1980"}, "query.min_year", "swap the two"),
        ({"min_price": "20", "max_price": "10"}, "query.min_price", "swap the two"),
        ({"min_want_have": "2", "max_want_have": "1"}, "query.min_want_have", "swap the two"),
        ({"style": "Modl"}, "query.style", "did you mean Modal?"),
        ({"style_not": "Dub Tecno"}, "query.style_not", "did you mean Dub Techno?"),
        ({"style_all": "Modl"}, "query.style_all", "among its styles; did you mean Modal?"),
        ({"genre": "Jaz"}, "query.genre", "did you mean Jazz?"),
        ({"genre": "Zydeco"}, "query.genre", "'Zydeco'"),
        ({"min_sleeve": "shiny"}, "query.min_sleeve", "'shiny'"),
        ({"max_probability": "2"}, "query.max_probability", ""),
        ({"hidden": "maybe"}, "query.hidden", ""),
        ({"judged": "perhaps"}, "query.judged", ""),
        ({"min_year": "soon"}, "query.min_year", ""),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_by_field(
    api: Api, two: tuple[int, int], query: dict[str, str], field: str, sentence: str
) -> None:
    for path in (URL, "/api/v1/facets"):
        answer = api.get(path, **query)

        problem = answer.json()
        assert (answer.status_code, problem["field"]) == (400, field)
        assert sentence in problem["detail"]


def test_a_page_beyond_the_end_is_empty_and_says_why(api: Api, two: tuple[int, int]) -> None:
    page = api.read(URL, page=7, limit=1)

    assert page["listings"] == []
    assert page["remark"] == "page: there is no page 7; 2 listings are 2 pages."
    assert api.read(URL)["remark"] is None


def test_signs_alone_find_names_that_are_just_these_and_else_it_is_told(
    api: Api, store: Engine, two: tuple[int, int]
) -> None:
    page = api.read(URL, q="!!!")
    assert (page["count"], page["remark"]) == (0, ONLY_SYMBOLS)

    with writing(store) as db:
        band = a_listing(db, a_seller(db, "carol"), artist="!!!")
    page = api.read(URL, q="!!!")
    assert ([one["id"] for one in page["listings"]], page["remark"]) == ([band], None)


@pytest.mark.parametrize("sort", ["landed", "want_have", "probability", "discount"])
def test_more_orders_go_by_key_too(api: Api, two: tuple[int, int], sort: str) -> None:
    first = api.read(URL, sort=sort, limit=1, key="")
    second = api.read(URL, sort=sort, limit=1, key=first["next_key"])

    assert {page["listings"][0]["id"] for page in (first, second)} == set(two)
    assert second["next_key"] is None


def test_a_page_tells_what_each_listing_comes_to(api: Api, two: tuple[int, int]) -> None:
    jazz, techno = two
    with writing(api.here.engine) as db:
        release = db.scalar(select(listings.c.release_id).where(listings.c.id == jazz))
        carol = a_seller(db, "carol")
        for price in (3000, 5000):
            copy = a_listing(db, carol, price_minor=price)
            db.execute(update(listings).where(listings.c.id == copy).values(release_id=release))
        db.execute(
            insert(price_changes),
            [
                {"listing_id": jazz, "changed_at": NOON + timedelta(hours=hour),
                 "old_price_minor": old, "old_currency": "EUR",
                 "new_price_minor": new, "new_currency": "EUR"}
                for hour, old, new in ((1, 1500, 2600), (2, 2600, 2000))
            ],
        )  # fmt: skip
        told = Predictions(np.array([jazz]), np.array([0.75], np.float32), 1, NOON)
        keep_predictions(db, api.here.account().id, told)
    rule = {"seller": "alice", "currency": "EUR", "first_minor": 450, "further_minor": 0}
    api.http.post("/api/v1/postage", json=rule).raise_for_status()

    found = {one["id"]: one for one in api.read(URL)["listings"]}

    assert found[jazz]["landed"] == {"minor": 2450, "currency": "EUR", "amount": "24.50"}
    assert found[jazz]["keep_probability"] == pytest.approx(0.75)
    assert found[jazz]["discount"] == pytest.approx(0.5)  # 20 beside a median of 40
    assert (found[jazz]["was"]["amount"], found[jazz]["dropped_at"]) == (
        "26.00",
        "2026-11-01T14:00:00Z",
    )
    of_techno = (found[techno][name] for name in ("landed", "keep_probability", "discount", "was"))
    assert set(of_techno) == {None}


def test_a_price_that_rose_last_did_not_come_down(api: Api, two: tuple[int, int]) -> None:
    with writing(api.here.engine) as db:
        db.execute(
            insert(price_changes).values(
                listing_id=two[0], changed_at=NOON, old_price_minor=1500, old_currency="EUR",
                new_price_minor=2000, new_currency="EUR",
            )
        )  # fmt: skip

    assert {one["dropped_at"] for one in api.read(URL)["listings"]} == {None}
