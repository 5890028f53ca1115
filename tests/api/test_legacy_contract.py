"""Every call of the earlier page over real HTTP: each field, each type, each status."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import numpy as np
import pytest
from sqlalchemy import Engine, delete, insert, select, update
from tests.api import earlier_shapes as shapes
from tests.api.earlier_shapes import exactly
from tests.api.serving import Api, served
from tests.builders import NOON, a_listing, a_seller

from cratewise.api.legacy.calls import EARLIER
from cratewise.api.legacy.paths import is_earlier
from cratewise.learning.evaluate import Report
from cratewise.learning.measures import Figure, Measures
from cratewise.simulator import Simulator
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import standing_judgements, verdicts_on
from cratewise.store.models import ModelRow, add_model, promote
from cratewise.store.predictions import Predictions, keep_predictions
from cratewise.store.tables import listings, releases, sellers
from cratewise.store.wants import count_wants
from cratewise.wants.outbox import deliver

Stock = dict[str, int]


@pytest.fixture
def stock(earlier: Api, store: Engine) -> Stock:
    """Listings of two sellers by a name each; scores fall in this order, unknown last."""
    with writing(store) as db:
        alice = a_seller(db, "alice", currency="EUR")
        bob = a_seller(db, "Bob_the%Seller")
        usd = {"currency": "USD"}
        made = {
            "wanted": a_listing(db, alice, want=900, have=10, price_minor=1250, year=1959, **usd),
            "jazz": a_listing(
                db,
                alice,
                artist="Ça Va",
                title="Blå 100%",
                label="ECM",
                year=None,
                price_minor=2500,
                **usd,
            ),
            "cheap": a_listing(
                db, bob, price_minor=124, media_grade=4, want=50, have=90, year=1999, **usd
            ),
            "plain": a_listing(db, bob, want=10, have=90, catalog_number="", title="Zone_1"),
            "unknown": a_listing(
                db, bob, want=None, have=None, price_minor=None, currency=None, media_grade=None
            ),
        }
        a_listing(db, bob, gone_at=NOON)
        told = {"jazz": ('["Jazz"]', '["Hard Bop"]'), "plain": ('["Folk, World, & Country"]', "[]")}
        for name, (genres, styles) in told.items():
            release = select(listings.c.release_id).where(listings.c.id == made[name])
            row = {"genres": genres, "styles": styles}
            db.execute(update(releases).where(releases.c.id.in_(release)).values(row))
    return made


def form(**fields: Any) -> list[tuple[str, tuple[None, str]]]:
    """A form as FormData sends it: each value in a part of its own."""
    return [
        (name, (None, str(value)))
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def post(api: Api, path: str, **fields: Any) -> httpx2.Response:
    return api.http.post(path, files=form(**fields))


def found(api: Api, **query: Any) -> list[int]:
    page = exactly(shapes.Page, api.read("/search/results/", **query))
    assert page.count == len(page.results)
    return [listing.id for listing in page.results]


def _of_seller(api: Api, seller: str) -> Any:
    answer = api.http.post("/by-seller/search/", json={"seller": seller})
    assert answer.status_code == 200
    return answer.json()


def refused(answer: httpx2.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return exactly(shapes.Refusal, answer.json()).error


# -- what there is -------------------------------------------------------------


def test_a_listing_is_told_with_every_field(earlier: Api, stock: Stock) -> None:
    page = exactly(shapes.Page, earlier.read("/search/results/", q="blå"))

    (listing,) = page.results
    assert listing.id == stock["jazz"]
    assert (listing.seller.name, listing.seller.currency) == ("alice", "EUR")
    assert (listing.record_price, listing.media_condition) == ("25.00", "Very Good Plus (VG+)")
    assert float(listing.score) > 0
    assert (listing.kept, listing.evaluated, listing.predicted_keeper) == (False, False, False)
    record = listing.record
    assert record.discogs_id == str(record.id)
    assert (record.artist, record.title, record.label) == ("Ça Va", "Blå 100%", "ECM")
    assert (record.genres, record.styles) == (["Jazz"], ["Hard Bop"])
    assert (record.wants, record.haves, record.year, record.catno) == (300, 100, None, "AS 9203")
    assert record.suggested_price == ""


def test_what_is_unknown_has_its_type_all_the_same(earlier: Api, stock: Stock) -> None:
    listing = exactly(list[shapes.Listing], _of_seller(earlier, "bob_the%seller"))[-1]

    assert listing.id == stock["unknown"]
    assert (listing.record_price, listing.score, listing.media_condition) == ("0.00", "0.00", "")
    assert (listing.record.wants, listing.record.haves) == (0, 0)
    assert listing.seller.currency == ""


SEARCHES: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["wanted", "cheap", "jazz", "plain", "unknown"]),
    ({"q": "ÇA v"}, ["jazz"]),
    ({"q": "100%"}, ["jazz"]),
    ({"q": "zone_"}, ["plain"]),
    ({"q": "ecm"}, ["jazz"]),
    ({"q": "nothing of the kind"}, []),
    ({"genre_style": "bop"}, ["jazz"]),
    ({"genre_style": "world, &"}, ["plain"]),
    ({"genre_style": '", "'}, []),
    ({"min_year": "1980"}, ["cheap"]),
    ({"max_year": "1959"}, ["wanted"]),
    ({"min_year": "1999", "max_year": "1999"}, ["cheap"]),
    ({"min_year": "2000", "max_year": "1950"}, []),
    ({"min_year": "soon", "q": "ecm"}, ["jazz"]),
    ({"min_price": "12.50", "max_price": "12.5"}, ["wanted"]),
    ({"max_price": "1.24"}, ["cheap"]),
    ({"max_price": "1.23"}, []),
    ({"min_price": "cheap", "max_price": "€2", "q": "ecm"}, ["jazz"]),
    ({"condition": "vg+"}, ["wanted", "jazz", "plain"]),
    ({"condition": "GOOD PLUS (g+)"}, ["cheap"]),
    ({"condition": "good"}, []),
    ({"condition": "shiny"}, []),
    ({"seller": "LIC"}, ["wanted", "jazz"]),
    ({"seller": "_the%"}, ["cheap", "plain", "unknown"]),
    ({"sort": "price_asc", "seller": "bob"}, ["cheap", "plain", "unknown"]),
    ({"sort": "price_desc", "seller": "bob"}, ["plain", "cheap", "unknown"]),
    ({"sort": "year_desc", "seller": "alice"}, ["wanted", "jazz"]),
    ({"sort": "year_asc", "seller": "alice"}, ["wanted", "jazz"]),
    ({"sort": "anything", "seller": "alice"}, ["wanted", "jazz"]),
]


def test_search_finds_what_is_asked_for_in_order(earlier: Api, stock: Stock) -> None:
    for query, names in SEARCHES:
        assert found(earlier, **query) == [stock[name] for name in names], query


def test_search_has_pages_of_twenty_and_true_counts(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ids = {a_listing(db, alice) for _ in range(45)}

    pages = [
        exactly(shapes.Page, earlier.read("/search/results", page=number))
        for number in ("0", "1", "2", "3", "4", "x", "99999999999999")
    ]

    assert [(page.count, page.next, page.previous) for page in pages] == [
        (45, 2, None), (45, 2, None), (45, 3, 1), (45, None, 2), (45, None, 3), (45, 2, None),
        (45, None, 3),
    ]  # fmt: skip
    assert [len(page.results) for page in pages] == [20, 20, 20, 5, 0, 20, 0]
    shown = [listing.id for page in pages[1:4] for listing in page.results]
    assert len(shown) == 45
    assert set(shown) == ids


def test_terms_are_suggested_sorted(earlier: Api, stock: Stock) -> None:
    expected = {
        ("genre", ""): ["Folk, World, & Country", "Hard Bop", "Jazz"],
        ("genre", "ha"): ["Hard Bop"],
        ("styles", ""): ["Hard Bop"],
        ("styles", "jazz"): [],
        ("condition", "very good"): ["Very Good (VG)", "Very Good Plus (VG+)"],
        ("seller", "o_"): [],  # a letter, and no sign for any letter
        ("seller", "b"): ["Bob_the%Seller"],
        ("seller", "%"): ["Bob_the%Seller"],
        ("seller", ""): ["Bob_the%Seller", "alice"],
    }

    assert {
        (what, term): earlier.read(f"/autocomplete/{what}/", term=term) for what, term in expected
    } == expected


def test_prices_are_told_in_dollars_at_todays_rate(earlier: Api, stock: Stock) -> None:
    (listing,) = exactly(shapes.Page, earlier.read("/search/results", q="zone_1")).results
    today = earlier.here.clock.now().date()

    dollars = earlier.here.rates().usd(2000, "EUR", today)
    assert dollars is not None
    assert listing.record_price == f"{dollars:.2f}"


def test_at_most_ten_are_suggested(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        for number in range(12):
            a_seller(db, f"seller{number:02}")

    assert earlier.read("/autocomplete/seller", term="sell") == [f"seller{n:02}" for n in range(10)]


def test_the_dashboard_shows_the_best_and_others_by_chance(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ids = [a_listing(db, alice, want=10 * n, have=7) for n in range(1, 31)]

    told = exactly(list[shapes.Listing], earlier.read("/api/dashboard/listings/"))

    shown = [listing.id for listing in told]
    assert shown[:10] == ids[:-11:-1]
    assert len(set(shown)) == 20


def test_a_small_stock_is_no_reason_to_repeat_itself(earlier: Api, stock: Stock) -> None:
    told = exactly(list[shapes.Listing], earlier.read("/api/dashboard/listings"))

    assert sorted(listing.id for listing in told) == sorted(stock.values())


def test_an_empty_installation_answers_everything(earlier: Api) -> None:
    dashboard = exactly(shapes.Dashboard, earlier.read("/dashboard/"))

    assert (dashboard.num_listings, dashboard.unevaluated, dashboard.accuracy) == (0, 0, 0)
    assert dashboard.record_of_the_day is None
    assert dashboard.breakdown.selection_method == "fallback_highest_score"
    assert dashboard.breakdown.error
    assert earlier.read("/api-dashboard/") == earlier.read("/dashboard", force_refresh=1)
    assert earlier.read("/api/dashboard/listings/") == []
    assert exactly(shapes.Page, earlier.read("/search/results/")).results == []
    assert _of_seller(earlier, "nobody") == []
    assert earlier.read("/records/seller/nobody/") == []
    assert earlier.http.post("/tune-scoring", json={"seller": "nobody"}).json() == []
    assert exactly(shapes.Performance, earlier.read("/model-performance-stats/")).sessions == []
    exactly(shapes.Stats, earlier.read("/api/scraper/stats"))


def test_a_sellers_stock_is_told_whole(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ids = [a_listing(db, alice) for _ in range(1_203)]
        release = db.scalar(select(listings.c.release_id).where(listings.c.id == ids[0]))
        db.execute(
            update(listings).where(listings.c.id == ids[-1]).values(release_id=release)
        )  # two copies of one release

    told = exactly(list[shapes.Listing], _of_seller(earlier, "ALICE"))
    records = exactly(list[shapes.Record], earlier.read("/records/seller/Alice/"))

    assert [listing.id for listing in told] == ids
    assert len(records) == len({record.id for record in records}) == 1_202


def test_everything_is_exported_newest_first(earlier: Api, stock: Stock, store: Engine) -> None:
    with writing(store) as db:
        formula = a_listing(db, a_seller(db, "carol"), title="=HYPERLINK(1)", artist='A "b", c')

    answer = earlier.get("/export-listings")

    assert answer.headers["content-type"].startswith("text/csv")
    assert 'attachment; filename="listings_export.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == [
        "Listing ID", "Record Artist", "Record Title", "Record Label", "Record Format",
        "Record Year", "Seller", "Record Price", "Media Condition", "Score", "Kept", "Evaluated",
    ]  # fmt: skip
    assert [int(row["Listing ID"]) for row in rows] == sorted([*stock.values(), formula])[::-1]
    assert (rows[0]["Record Artist"], rows[0]["Record Title"]) == ('A "b", c', "'=HYPERLINK(1)")
    assert rows[-1]["Record Price"] == "12.50"


# -- what is sent --------------------------------------------------------------


def test_verdicts_are_kept_and_told(earlier: Api, stock: Stock, store: Engine) -> None:
    ids = [stock["wanted"], stock["jazz"], stock["cheap"]]

    answer = post(
        earlier, "/submit-scoring-selections/", listing_ids=ids, keeper_ids=[stock["jazz"]]
    )

    assert [job.arguments["must_refit"] for job in earlier.here.desk.jobs(deed="learn")] == [True]
    assert exactly(shapes.Success, answer.json()).success
    account = earlier.here.account().id
    with reading(store) as db:
        assert verdicts_on(db, account, ids) == {
            stock["wanted"]: "skip", stock["jazz"]: "keep", stock["cheap"]: "skip"
        }  # fmt: skip
    told = {
        one.id: (one.kept, one.evaluated)
        for one in exactly(shapes.Page, earlier.read("/search/results/")).results
    }
    assert told[stock["jazz"]] == (True, True)
    assert told[stock["wanted"]] == (False, True)
    assert told[stock["plain"]] == (False, False)
    assert exactly(shapes.Dashboard, earlier.read("/dashboard/")).unevaluated == 2


def test_verdicts_are_kept_all_or_none(earlier: Api, stock: Stock, store: Engine) -> None:
    answer = post(earlier, "/submit-scoring-selections/", listing_ids=[stock["jazz"], 10**9])

    assert "1000000000" in refused(answer, 404)
    with reading(store) as db:
        assert standing_judgements(db, earlier.here.account().id) == []


def test_verdicts_that_make_no_sense_are_refused(earlier: Api) -> None:
    nonsense: list[dict[str, Any]] = [
        {},
        {"other": "1"},
        {"listing_ids": "x"},
        {"listing_ids": ["1", "1.5"]},
        {"keeper_ids": "-1"},
    ]
    for fields in nonsense:
        refused(post(earlier, "/submit-scoring-selections/", **fields), 400)


def test_what_to_judge_is_drawn_among_what_was_not_judged(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        ids = [a_listing(db, alice) for _ in range(15)]
    post(earlier, "/submit-scoring-selections/", listing_ids=ids[:4])

    drawn = [
        exactly(
            list[shapes.Listing],
            earlier.http.post("/tune-scoring/", json={"seller": "Alice"}).json(),
        )
        for _ in range(8)
    ]

    for batch in drawn:
        assert len({listing.id for listing in batch}) == 10
        assert not {listing.id for listing in batch} & set(ids[:4])
        assert all(not listing.evaluated for listing in batch)
    assert len({tuple(listing.id for listing in batch) for batch in drawn}) > 1


def test_nothing_is_predicted_while_no_model_has_learnt(earlier: Api, stock: Stock) -> None:
    ids = [stock["jazz"], stock["plain"]]

    answered = earlier.read("/recommendation-predictions/", listing_ids=ids)

    assert exactly(list[shapes.Prediction], answered) == []


def test_predictions_of_what_is_none_are_refused(earlier: Api, stock: Stock) -> None:
    refused(earlier.get("/recommendation-predictions/", listing_ids="seven"), 400)
    refused(earlier.get("/recommendation-predictions/", listing_ids=[stock["jazz"], 10**9]), 404)


@pytest.mark.parametrize("path", ["/by-seller/search/", "/tune-scoring"])
def test_a_body_without_a_seller_is_refused(earlier: Api, path: str) -> None:
    headers = {"Content-Type": "application/json"}

    for body in (b"", b"{}", b"[]", b'{"seller": ""}', b'{"seller": " "}', b'{"seller": 7}', b"{"):
        refused(earlier.http.post(path, content=body, headers=headers), 400)


FORMS: list[tuple[str, dict[str, Any], int]] = [
    ("/vote-record-of-the-day/1/", {"desirability": 3, "novelty": 4}, 404),
    ("/vote-record-of-the-day/1/", {"desirability": 6, "novelty": 4}, 422),
    ("/vote-record-of-the-day/1/", {"desirability": 3, "novelty": 0}, 422),
    ("/vote-record-of-the-day/1/", {"desirability": 3}, 400),
    ("/vote-record-of-the-day/1/", {"desirability": "much", "novelty": 4}, 400),
    ("/vote-record-of-the-day/1/", {"desirability": "nan", "novelty": 4}, 400),
    ("/vote-record-of-the-day/first/", {"desirability": 3, "novelty": 4}, 400),
    ("/vote-record-of-the-day/1/", {}, 400),
    ("/add-to-wantlist/", {}, 400),
    ("/add-to-wantlist/", {"record_id": "x"}, 400),
]


def test_a_form_that_makes_no_sense_is_refused(earlier: Api) -> None:
    for path, fields, status in FORMS:
        refused(post(earlier, path, **fields), status)


def test_a_record_of_the_day_cannot_be_picked_anew_before_there_is_one(earlier: Api) -> None:
    answer = earlier.http.post("/api/refresh-record-of-the-day/")

    assert answer.status_code == 200
    assert exactly(shapes.Message, answer.json()).message


def test_the_record_of_the_day_is_drawn_told_voted_on_and_drawn_anew(
    earlier: Api, store: Engine
) -> None:
    with writing(store) as db:
        alice = a_seller(db)
        for number in range(40):
            a_listing(db, alice, want=10 + number, artist=f"Artist {number}")

    first = exactly(shapes.Dashboard, earlier.read("/dashboard/"))
    drawn = first.record_of_the_day_obj
    assert drawn is not None
    assert first.record_of_the_day == drawn.listing
    assert first.breakdown.selection_method == drawn.selection_method == "thermodynamic_boltzmann"
    assert first.breakdown.error is msgspec.UNSET
    assert drawn.total_candidates == 40
    assert drawn.utility_term is not None
    assert drawn.entropy_term is not None
    assert drawn.free_energy == pytest.approx(drawn.utility_term - drawn.entropy_term)
    assert drawn.entropy_term == pytest.approx(drawn.system_temperature * drawn.entropy_measure)
    assert earlier.read("/api-dashboard") == earlier.read("/dashboard/")

    path = f"/vote-record-of-the-day/{drawn.id}/"
    for novelty in (2, 5):
        voted = post(earlier, path, desirability=4, novelty=novelty)
        assert exactly(shapes.Message, voted.json()).message
    refused(post(earlier, path, desirability=4, novelty=6), 422)
    after = exactly(shapes.Dashboard, earlier.read("/dashboard/")).record_of_the_day_obj
    assert after is not None
    assert (after.desirability_votes, after.average_desirability) == ([4.0, 4.0], 4.0)
    assert (after.novelty_votes, after.average_novelty) == ([2.0, 5.0], 3.5)

    anew = exactly(shapes.Dashboard, earlier.read("/dashboard/", force_refresh=1))
    assert anew.record_of_the_day_obj is not None
    assert anew.record_of_the_day_obj.id != drawn.id
    said = earlier.http.post("/api/refresh-record-of-the-day").json()["message"]
    last = exactly(shapes.Dashboard, earlier.read("/dashboard")).record_of_the_day
    assert last is not None
    assert last.record.artist in said


def test_a_record_of_the_day_outlives_its_listing(earlier: Api, store: Engine) -> None:
    with writing(store) as db:
        a_listing(db, a_seller(db), artist="Gone Soon")
    earlier.read("/dashboard/")
    with writing(store) as db:
        db.execute(delete(sellers))

    told = exactly(shapes.Dashboard, earlier.read("/dashboard/"))

    assert told.num_listings == 0
    assert told.record_of_the_day is not None
    assert told.record_of_the_day.record.artist == "Gone Soon"
    assert told.breakdown.selection_method == "fallback_highest_score"
    assert told.breakdown.error


def test_a_record_is_put_on_the_wantlist_at_discogs(
    earlier: Api, discogs: Simulator, store: Engine
) -> None:
    wanted = next(iter(discogs.world.listings("alice").values()))
    there = discogs.world.release(wanted.release).id
    with writing(store) as db:
        db.execute(
            insert(releases).values(
                id=there,
                artist="A",
                title="B",
                label="",
                catalog_number="",
                format="",
                changed_at=NOON,
            )
        )

    first = post(earlier, "/add-to-wantlist/", record_id=there)
    account = earlier.here.account().id
    with earlier.here.open_discogs(account) as client:
        told = deliver(store, client, account_id=account, clock=earlier.here.clock, only_due=False)
    assert told.problem == ""
    again = post(earlier, "/add-to-wantlist", record_id=there)

    assert (first.status_code, again.status_code) == (200, 200)
    assert exactly(shapes.Message, first.json()) != exactly(shapes.Message, again.json())
    digger = discogs.world.member("digger")
    assert digger is not None
    assert there in digger.wants
    assert earlier.here.desk.jobs(deed="deliver_outbox")
    refused(post(earlier, "/add-to-wantlist/", record_id=10**8), 404)


def test_nothing_is_wanted_while_no_account_is_connected(
    earlier: Api, stock: Stock, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRATEWISE_DISCOGS_TOKEN")
    with served(legacy=True) as anonymous:
        said = refused(post(anonymous, "/add-to-wantlist/", record_id=1), 409)

    assert "No Discogs account is connected" in said
    with reading(store) as db:
        assert count_wants(db, earlier.here.account().id) == 0


def test_a_model_that_serves_tells_keepers_and_how_good_it_is(
    earlier: Api, stock: Stock, store: Engine
) -> None:
    ids = sorted(stock.values())
    account, now = earlier.here.account().id, earlier.here.clock.now()
    chances = [0.9 if number == stock["jazz"] else 0.2 for number in ids]
    with writing(store) as db:
        add_model(db, account, a_model(now - timedelta(days=2)))
        version = add_model(db, account, a_model(now - timedelta(days=1)))
        promote(db, account, version, now)
        told = Predictions(np.array(ids), np.array(chances, np.float32), version, now)
        keep_predictions(db, account, told)

    predicted = exactly(
        list[shapes.Prediction],
        earlier.read("/recommendation-predictions", listing_ids=[stock["jazz"], stock["plain"]]),
    )
    performance = exactly(shapes.Performance, earlier.read("/model-performance-stats/"))
    found_ones = exactly(shapes.Page, earlier.read("/search/results/")).results

    assert [(one.id, one.prediction) for one in predicted] == [
        (stock["jazz"], True), (stock["plain"], False)
    ]  # fmt: skip
    assert predicted[0].probability == pytest.approx(0.9)
    assert [one.id for one in found_ones if one.predicted_keeper] == [stock["jazz"]]
    assert (performance.accuracy, performance.total_sessions) == (0.8, 2)
    dates = [session.session_date for session in performance.sessions]
    assert dates == sorted(dates, reverse=True)
    assert performance.sessions[0].num_samples == 50
    assert exactly(shapes.Dashboard, earlier.read("/dashboard/")).accuracy == pytest.approx(80)


def a_model(trained_at: datetime) -> ModelRow:
    figure = Figure(value=0.8, low=0.7, high=0.9)
    measured = Measures(
        verdicts=50, keeps=20, base_rate=0.4, average_precision=figure, gain=figure,
        precision_at={}, auc=figure, log_loss=figure, calibration_error=0.1, reliability=[],
        threshold=0.6, accuracy=figure, precision=figure,
    )  # fmt: skip
    report = Report(prequential=None, hold_out=measured, uniform=None)
    return ModelRow(
        version=0, kind="line", trained_at=trained_at, fingerprint="", keeps=20, skips=30,
        weak_keeps=0, file="", checksum="", report=msgspec.json.encode(report).decode(),
        threshold=0.6, outcome="", promoted_at=None, is_live=False,
    )  # fmt: skip


# -- what is asked of Discogs ----------------------------------------------------


def test_a_pull_begins_and_is_joined_by_who_asks_again(earlier: Api) -> None:
    first = earlier.http.post("/data/ALICE")
    again = earlier.http.post("/data/alice/")
    third = earlier.http.post("/api/scraper/go/alice")

    assert (first.status_code, again.status_code, third.status_code) == (201, 201, 200)
    assert "alice" in exactly(shapes.Message, first.json()).message.lower()
    scraped = exactly(shapes.Scraped, third.json())
    assert (scraped.success, scraped.username, scraped.total_records) == (True, "alice", 250)
    assert len(earlier.here.desk.jobs(deed="pull")) == 1


@pytest.mark.parametrize("path", ["/data/nobody-at-all", "/api/scraper/go/nobody-at-all/"])
def test_a_seller_whom_discogs_does_not_know_is_told(earlier: Api, path: str) -> None:
    assert "nobody-at-all" in refused(earlier.http.post(path), 404)


def test_the_scraper_tells_how_it_stands(earlier: Api, stock: Stock) -> None:
    told = exactly(shapes.Test, earlier.read("/api/scraper/test"))
    stats = exactly(shapes.Stats, earlier.read("/api/scraper/stats/"))

    assert told.success
    assert "digger" in told.message
    assert (stats.total_listings, stats.total_records) == (5, 6)
    assert stats.current_sleep_time >= 0


# -- the addresses ---------------------------------------------------------------


@pytest.mark.usefixtures("_settings")
def test_without_being_switched_on_none_of_it_is_there(tmp_path: Path) -> None:
    with served(web_folder=tmp_path) as api:  # our own page answers at every address
        assert api.get("/search/results/").status_code == 404
        assert api.http.post("/data/alice").status_code == 404
        assert "/search/results" not in api.read("/schema/openapi.json")["paths"]


def test_every_call_is_described_under_its_own_tag(earlier: Api) -> None:
    described = earlier.read("/schema/openapi.json")["paths"]

    calls = {
        path: call
        for path, methods in described.items()
        for call in methods.values()
        if "earlier page" in call.get("tags", ())
    }
    assert len(calls) == 22
    assert all(is_earlier(path.replace("{", "").replace("}", "")) for path in calls)
    assert sum(len(router.routes) for router in EARLIER) == len(calls)


def test_another_method_is_refused_in_the_same_form(earlier: Api) -> None:
    for method, path in (
        ("GET", "/data/a"),
        ("DELETE", "/dashboard/"),
        ("POST", "/search/results"),
    ):
        refused(earlier.http.request(method, path), 405)


def test_what_no_text_can_hold_is_refused(earlier: Api) -> None:
    for path in (
        "/search/results/?q=%00",
        "/autocomplete/seller?term=%00",
        "/records/seller/a%00/",
    ):
        refused(earlier.http.get(path), 400)


def test_our_own_addresses_keep_their_form_of_errors(earlier: Api) -> None:
    problem = earlier.get("/api/v1/listings/999").json()

    assert problem["type"] == "urn:cratewise:problem:unknown-listing"
