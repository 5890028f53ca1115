"""`cratewise crate` answers people, pipes and programs, on both databases."""

import json
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, insert, select
from tests.builders import NOON, a_follow, a_listing, a_seller, an_account
from typer.testing import CliRunner, Result

from cratewise.cli.app import app
from cratewise.store.engine import writing
from cratewise.store.hidden import hide
from cratewise.store.judgements import Verdict, record
from cratewise.store.postage import keep_postage
from cratewise.store.predictions import Predictions, keep_predictions
from cratewise.store.tables import listings, owned, releases, wants


@pytest.fixture(autouse=True)
def _the_store_is_the_programs(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = store.url.render_as_string(hide_password=False)
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", url)
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["crate", *arguments], prog_name="cratewise")


def answered(*arguments: str) -> Any:
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def titles(answer: Any) -> set[str]:
    return {listing["title"] for listing in answer["listings"]}


@pytest.fixture
def stock(store: Engine) -> dict[str, int]:
    """What two sellers have, by title; Discogs' number of each."""
    with writing(store) as db:
        account = an_account(db)
        alice, bob = a_seller(db, "alice"), a_seller(db, "bob")
        a_follow(db, account, alice)
        told: dict[str, dict[str, Any]] = {
            "Sought": {"want": 900, "have": 100, "price_minor": 2000},
            "Sought in pounds": {"want": 800, "have": 100, "price_minor": 1500, "currency": "GBP"},
            "Cheap": {"want": 400, "have": 100, "price_minor": 400},
            "Poor": {"want": 900, "have": 100, "price_minor": 300, "media_grade": 1},
            "Ordinary": {"want": 10, "have": 900, "price_minor": 100},
            "Ordinary too": {"want": 11, "have": 900, "price_minor": 100},
            "Common": {"want": 9, "have": 900, "price_minor": 100},
            "Dear": {"want": 5000, "have": 10, "price_minor": 50_000},
            "No rate": {"currency": "XAF"},
            "Uncounted": {"want": None, "have": None},
        }
        ids = {title: a_listing(db, alice, title=title, **more) for title, more in told.items()}
        ids["Of bob"] = a_listing(db, bob, title="Of bob", want=950, have=100, price_minor=1800)
        rows = db.execute(releases.select().with_only_columns(releases.c.title, releases.c.id))
        by_title = {title: number for title, number in rows}  # noqa: C416 - rows are no pairs
        for table, title in ((owned, "Ordinary too"), (wants, "Common"), (wants, "Of bob")):
            row = {"account_id": account, "release_id": by_title[title], "synced_at": NOON}
            db.execute(insert(table).values(row))
        return {title: 5_000_000_000 + number for title, number in by_title.items()}


def test_a_crate_is_packed_within_the_budget_and_its_postage(stock: dict[str, int]) -> None:
    answer = answered("alice", "--budget", "55", "--postage", "6+1.50")

    assert titles(answer) == {"Sought", "Sought in pounds", "Poor"}
    assert answer["postage"] == {"alice": 6 + 1.5 * (len(answer["listings"]) - 1)}
    prices = sum(listing["own_price"] for listing in answer["listings"])
    assert answer["price"] == pytest.approx(prices)
    assert answer["total"] == pytest.approx(prices + answer["postage"]["alice"])
    assert answer["total"] <= 55
    assert answer["is_optimal"] is True
    assert answer["out_of_question"] == {
        "owned already": 1, "without a rate from XAF": 1, "without want and have": 1,
    }  # fmt: skip


def test_what_is_left_out_is_told_with_its_reason(stock: dict[str, int]) -> None:
    answer = answered("alice", "--budget", "25", "--without", str(stock["Sought"]))

    reasons = {one["title"]: one["left_out_because"] for one in answer["left_out"]}
    assert reasons["Dear"] == "€500.00 with postage is beyond the budget"
    assert reasons["Sought"] == "excluded"


def test_the_budget_may_be_two_words(stock: dict[str, int]) -> None:
    assert answered("alice", "--budget", "25", "GBP")["currency"] == "GBP"
    assert answered("alice", "--budget", "25GBP")["currency"] == "GBP"


def test_a_must_is_in_even_if_it_is_owned_and_everything_fits_around_it(
    stock: dict[str, int],
) -> None:
    answer = answered("alice", "--budget", "21", "--must", str(stock["Ordinary too"]))

    assert titles(answer) >= {"Ordinary too", "Sought"}


def test_a_must_is_meant_by_discogs_number_whatever_our_own_number_is(
    store: Engine, stock: dict[str, int]
) -> None:
    """`--must` of a number that is one listing's at Discogs and another's here took either."""
    with writing(store) as db:
        sought = db.scalar(select(listings.c.id).where(
            listings.c.discogs_listing_id == stock["Sought"]
        ))  # fmt: skip
        meant = listings.update().where(listings.c.discogs_listing_id == stock["Cheap"])
        db.execute(meant.values(discogs_listing_id=sought))

    assert titles(answered("alice", "--budget", "5", "--must", str(sought))) >= {"Cheap"}
    assert titles(answered("alice", "--budget", "20", "--without", str(sought))) == {"Sought"}
    bobs = cratewise("alice", "--budget", "50", "--must", str(stock["Of bob"]))
    assert bobs.exit_code == 1
    assert " – Of bob is not for sale from alice." in bobs.stderr


def test_across_sellers_the_crate_serves_most_wants(stock: dict[str, int]) -> None:
    answer = answered("--budget", "50", "--by", "wants", "--postage", "5")

    assert titles(answer) == {"Common", "Of bob"}
    assert answer["postage"] == {"alice": 5, "bob": 5}


def test_people_read_the_sum_and_how_good_it_is(
    stock: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = cratewise("alice", "--budget", "45", "--records", "2")

    assert result.exit_code == 0
    assert "2 records from alice for €" in result.stderr
    assert "; no other crate is worth more." in result.stderr
    assert "What alice asks for postage is not known" in result.stderr
    assert len(result.stdout.splitlines()) == 3

    monkeypatch.setattr("cratewise.cli.crate_answer.is_terminal", lambda: True)
    told = cratewise("alice", "--budget", "45", "--records", "2").stdout
    assert "Worth much too, and not in it:" in told
    assert "Poor (€3.00): all that are in it are worth more" in told
    assert "Dear (€500.00): €500.00 with postage is beyond the budget" in told


def test_postage_that_was_noted_is_reckoned_with(store: Engine, stock: dict[str, int]) -> None:
    rule = {
        "country": "DE", "currency": "GBP", "first_minor": 800, "further_minor": 80, "tiers": (),
        "source": "", "told_on": NOON.date(),
    }  # fmt: skip
    with writing(store) as db:
        keep_postage(db, 1, rule, seller_id=1)

    counted = answered("alice", "--budget", "45", "--records", "2")
    assert counted["postage"]["alice"] == pytest.approx(8.8 / 0.8666, rel=0.1)  # in euros

    with writing(store) as db:
        by_weight = {"first_minor": None, "further_minor": None, "currency": "EUR",
                     "tiers": ((500, 400), (800, 600))}  # fmt: skip
        keep_postage(db, 1, rule | by_weight, seller_id=1)
    weighed = answered("alice", "--budget", "60")
    assert len(weighed["listings"]) == 2  # 250 g of mailer and 230 g a record
    assert weighed["postage"]["alice"] == 6
    assert answered("alice", "--budget", "60", "--postage", "1")["postage"]["alice"] == 1


def test_what_is_hidden_or_was_skipped_is_in_no_crate(store: Engine, stock: dict[str, int]) -> None:
    with writing(store) as db:
        ids = {row.discogs_listing_id: row.id for row in db.execute(select(listings))}
        hide(db, 1, "listing", str(ids[stock["Sought"]]), NOON)
        record(db, 1, [Verdict("1", ids[stock["Poor"]], "skip", NOON)])

    answer = answered("alice", "--budget", "60")

    assert not titles(answer) & {"Sought", "Poor"}
    assert answer["out_of_question"]["hidden"] == 1
    assert answer["out_of_question"]["skipped"] == 1


def test_a_live_model_says_which_records_are_worth_having(
    store: Engine, stock: dict[str, int]
) -> None:
    with writing(store) as db:
        ids = {row.discogs_listing_id: row.id for row in db.execute(select(listings))}
        kept = np.array(sorted(ids.values()), dtype=np.int64)
        chances = np.where(kept == ids[stock["Cheap"]], 0.9, 0.01).astype(np.float32)
        keep_predictions(db, 1, Predictions(kept, chances, 1, NOON))

    answer = answered("alice", "--budget", "5")

    assert "Cheap" in titles(answer)
    assert titles(answered("alice", "--budget", "21", "--by", "score", "--records", "1")) != {
        "Cheap"
    }


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["alice", "--budget", "0.50"], 1, "The cheapest order costs €1.00 with postage"),
        (["alice", "--budget", "20", "--must", "77"], 3, "No listing 77 is kept."),
        (["alice", "--budget", "20", "--without", "1"], 3, "No listing 1 is kept."),
        (["alice", "--budget", "soon"], 2, "'soon' is not a price"),
        (["alice", "--budget", "20", "--by", "colour"], 2, "none of demand, score, wants"),
        (["alice", "--budget", "20", "--postage", "6+1USD"], 2, "Give it in EUR"),
        (["alce", "--budget", "20"], 3, "Did you mean alice?"),
        (["alice", "--budget", "5", "--minimum", "40"], 1, "The cheapest order costs €40.00"),
    ],
)
def test_what_cannot_be_packed_is_told_in_a_sentence(
    stock: dict[str, int], arguments: list[str], code: int, sentence: str
) -> None:
    result = cratewise(*arguments)

    assert result.exit_code == code, result.output
    assert sentence in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_before_anything_was_read_it_says_what_to_do() -> None:
    result = cratewise("--budget", "20")

    assert result.exit_code == 1
    assert "Nothing has been read yet" in result.stderr
