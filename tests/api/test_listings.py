"""Listings over HTTP: pages of both kinds, in any order, priced in the reader's currency."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, insert
from tests.api.serving import Api
from tests.builders import NOON, a_follow, a_listing, a_seller

from cratewise.store.engine import writing
from cratewise.store.stock_pages import Sort
from cratewise.store.tables import price_changes


def a_stock(store: Engine, many: int = 12) -> list[int]:
    """Listings of few different scores, the unknown among them."""
    with writing(store) as db:
        alice = a_seller(db)
        scores = (None, 50.0, 50.0, 7.5)
        return [
            a_listing(
                db,
                alice,
                score=scores[n % 4],
                posted_at=NOON + timedelta(days=n % 3),
                price_minor=500 * (n % 5 + 1),
                year=1970 + n % 2,
            )
            for n in range(many)
        ]


def walk(api: Api, **query: Any) -> list[int]:
    """Every listing by key, from the first page to the last."""
    found: list[int] = []
    key: str | None = ""
    while key is not None:
        page = api.read("/api/v1/listings", key=key, limit=5, **query)
        assert page["count"] is None
        found += [listing["id"] for listing in page["listings"]]
        key = page["next_key"]
    return found


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_every_order_shows_every_listing_once_by_key_and_by_number(
    api: Api, store: Engine, direction: str
) -> None:
    ids = a_stock(store)

    for sort in get_args(Sort):
        order = {"sort": sort, "direction": direction}
        pages = [api.read("/api/v1/listings", page=n, limit=5, **order) for n in (1, 2, 3)]
        numbered = [listing["id"] for page in pages for listing in page["listings"]]
        assert sorted(numbered) == ids
        assert walk(api, **order) == numbered


def test_a_page_by_number_tells_its_place(api: Api, store: Engine) -> None:
    a_stock(store)

    places = [
        {name: page[name] for name in ("count", "pages", "page", "next", "previous")}
        for page in (api.read("/api/v1/listings", page=n, limit=5) for n in (1, 2, 3, 9))
    ]

    assert places == [
        {"count": 12, "pages": 3, "page": 1, "next": 2, "previous": None},
        {"count": 12, "pages": 3, "page": 2, "next": 3, "previous": 1},
        {"count": 12, "pages": 3, "page": 3, "next": None, "previous": 2},
        {"count": 12, "pages": 3, "page": 9, "next": None, "previous": 3},
    ]


def test_the_best_and_the_newest_come_first_and_all_else_upwards(api: Api, store: Engine) -> None:
    a_stock(store)

    def shown(sort: str, name: str) -> list[Any]:
        page = api.read("/api/v1/listings", sort=sort)
        return [listing[name] for listing in page["listings"] if listing[name] is not None]

    scores, moments = shown("score", "score"), shown("listed", "posted_at")
    assert scores == sorted(scores, reverse=True)
    assert moments == sorted(moments, reverse=True)
    assert shown("price", "price_usd") == sorted(shown("price", "price_usd"))


def test_filters_let_through_what_they_say(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        blue = a_listing(db, alice, title="Blue Train", price_minor=900, media_grade=4)
        single = a_listing(db, bob, format='7", Single', price_minor=2500)
        gone = a_listing(db, bob, gone_at=NOON, price_minor=9900)
        late = a_listing(db, bob, first_seen_at=NOON + timedelta(hours=2), price_minor=9900,
                         touched_at=NOON + timedelta(hours=2))  # fmt: skip

    def found(**query: Any) -> set[int]:
        return {one["id"] for one in api.read("/api/v1/listings", **query)["listings"]}

    assert found() == {blue, single, late}
    assert found(q="blue TRAIN") == {blue}
    assert found(seller="BOB") == {single, late}
    assert found(max_price="10EUR") == {blue}
    assert found(min_price="9.50USD", max_price="9EUR") == {blue}
    assert found(min_price="20EUR", max_price="5000JPY") == {single}
    assert found(format='7"') == {single}
    assert found(min_grade="VG+") == {single, late}
    assert found(gone="true") == {blue, single, gone, late}
    assert found(since="2026-11-01T13:00:00Z") == {late}
    assert {one["id"] for one in api.read("/api/v1/sellers/Alice/listings")["listings"]} == {blue}


def test_a_listing_is_shown_in_full_with_what_it_cost_before(api: Api, store: Engine) -> None:
    with writing(store) as db:
        number = a_listing(db, a_seller(db), price_minor=1250, currency="GBP", shipping_minor=400,
                           shipping_currency="GBP", gone_at=NOON)  # fmt: skip
        db.execute(insert(price_changes).values(
            listing_id=number, changed_at=NOON, old_price_minor=1500, old_currency="GBP",
            new_price_minor=1250, new_currency="GBP",
        ))  # fmt: skip

    listing = api.read(f"/api/v1/listings/{number}")

    assert listing["price"] == {"minor": 1250, "currency": "GBP", "amount": "12.50"}
    assert listing["shipping"] == {"minor": 400, "currency": "GBP", "amount": "4.00"}
    assert listing["own_price"]["currency"] == "EUR"
    assert listing["gone_at"] == "2026-11-01T12:00:00Z"
    assert listing["is_stale"]
    assert listing["reason"]
    assert [change["old_price"]["amount"] for change in listing["price_changes"]] == ["15.00"]
    release = api.read(f"/api/v1/releases/{listing['release_id']}")
    assert (release["want"], release["count"], release["copies"]) == (300, 0, [])


def test_a_release_shows_its_copies_the_cheapest_first(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_follow(db, api.here.account().id, alice)
        number = a_listing(db, alice)
    release_id = api.read(f"/api/v1/listings/{number}")["release_id"]

    release = api.read(f"/api/v1/releases/{release_id}")

    assert [copy["id"] for copy in release["copies"]] == [number]
    assert release["artist"] == "Alice Coltrane"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"sort": "colour"}, "query.sort"),
        ({"direction": "up"}, "query.direction"),
        ({"page": "0"}, "query.page"),
        ({"page": "many"}, "query.page"),
        ({"page": "9" * 30}, "query.page"),
        ({"limit": "101"}, "query.limit"),
        ({"limit": "-1"}, "query.limit"),
        ({"key": "nonsense"}, "query.key"),
        ({"key": "bm9uc2Vuc2U"}, "query.key"),
        ({"page": "1", "key": ""}, "query.key"),
        ({"min_grade": "shiny"}, "query.min_grade"),
        ({"since": "yesterday"}, "query.since"),
        ({"gone": "perhaps"}, "query.gone"),
        ({"formt": "LP"}, "query.formt"),
        ({"min_price": "20", "max_price": "10"}, "query.min_price"),
        ({"min_price": "20EUR", "max_price": "20USD"}, "query.min_price"),
        ({"min_landed": "20GBP", "max_landed": "20"}, "query.min_landed"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_field(
    api: Api, query: dict[str, str], field: str
) -> None:
    answer = api.get("/api/v1/listings", **query)

    problem = answer.json()
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["field"] == field
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_a_key_of_another_order_is_refused(api: Api, store: Engine) -> None:
    a_stock(store)
    key = api.read("/api/v1/listings", limit=1)["next_key"]

    answer = api.get("/api/v1/listings", key=key, sort="price")

    assert (answer.status_code, answer.json()["field"]) == (400, "query.key")


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("listings?max_price=cheap", 422, "bad-money"),
        ("listings?max_price=20XYZ", 422, "bad-money"),
        ("listings?seller=nobody", 404, "unread-seller"),
        ("listings/1", 404, "unknown-listing"),
        ("listings/99999999999999999999", 400, "bad-request"),
        ("listings/none", 404, "no-such-page"),
        ("releases/1", 404, "unknown-release"),
        ("sellers/nobody", 404, "unread-seller"),
        ("sellers/nobody/listings", 404, "unread-seller"),
        ("sellers/a%2Fb", 404, "no-such-page"),
        ("sellers/%00", 400, "bad-request"),
        ("listings?q=%00", 400, "bad-request"),
    ],
)
def test_what_is_not_there_is_told_with_its_kind(
    api: Api, path: str, status: int, name: str
) -> None:
    answer = api.http.get(f"/api/v1/{path}")

    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"urn:cratewise:problem:{name}"


def test_names_are_suggested_by_kind(api: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        a_listing(db, alice, artist="Alice Coltrane", label="Impulse!")
        a_listing(db, alice, artist="Alice Clark", label="Mainstream", have=900)

    api.here.suggestions.count()
    found = api.read("/api/v1/suggest", q="ali", kind=["artist", "seller"])["suggestions"]

    assert [(one["kind"], one["name"]) for one in found] == [
        ("artist", "Alice Clark"),
        ("artist", "Alice Coltrane"),
        ("seller", "alice"),
    ]
    assert api.read("/api/v1/suggest", q="';--")["suggestions"] == []
