"""Each model behind the one contract: what it learns, and what it makes of bad input."""

import math
from typing import Any

import numpy as np
import pytest
from tests.taste.market import market, taste

from cratewise.errors import NotTrained, TooFewVerdicts, UnknownModel, UnreadableListing
from cratewise.taste import models
from cratewise.taste import stock as stocks

Listings = list[dict[str, Any]]

each_model = pytest.mark.parametrize("name", models.NAMES)


def unjudged(stock: Listings) -> Listings:
    """Listings by artists of whom none was judged."""
    judged = {one["artist"] for one in stock[:80]}
    return [one for one in market(600, seed=1) if one["artist"] not in judged]


def test_fit_returns_the_model_itself(stock: Listings) -> None:
    model = models.make("cratewise")

    assert model.fit(stock[:20], taste(stock[:20]), stock) is model


def test_artists_that_nobody_judged_are_ranked_by_their_style(
    stock: Listings, cratewise: models.Model
) -> None:
    strangers = unjudged(stock)

    chances = cratewise.predict_proba(strangers)

    keeps = np.array(taste(strangers))
    assert 0 < keeps.sum() < len(keeps)
    assert np.median(chances[keeps]) > np.quantile(chances[~keeps], 0.9)


def test_a_chance_lies_between_0_and_1(trained: models.Model, stock: Listings) -> None:
    chances = trained.predict_proba(stock)

    assert chances.shape == (len(stock),)
    assert ((chances > 0) & (chances < 1)).all()


def test_opinions_spread_about_the_chance(trained: models.Model, stock: Listings) -> None:
    opinions = trained.opinions(stock)

    assert opinions.shape[1] == len(stock)
    assert opinions.std(axis=0).min() > 0 or trained.name != "cratewise"
    gap = np.abs(opinions.mean(axis=0) - trained.predict_proba(stock))
    assert gap.mean() < 0.05


@each_model
def test_the_same_seed_gives_the_same_chances(name: str, stock: Listings) -> None:
    once, again = (
        models.make(name, seed=7).fit(stock[:50], taste(stock[:50]), stock) for _ in range(2)
    )

    assert (once.predict_proba(stock) == again.predict_proba(stock)).all()


@each_model
def test_one_listing_gets_the_chance_that_it_gets_among_others(name: str, stock: Listings) -> None:
    model = models.make(name).fit(stock[:60], taste(stock[:60]), stock[:200])

    alone = model.predict_proba(stock[300:301])

    assert alone[0] == pytest.approx(model.predict_proba(stock[250:350])[50], abs=1e-6)


@each_model
def test_no_listings_get_no_chances(name: str, stock: Listings) -> None:
    model = models.make(name).fit(stock[:30], taste(stock[:30]), stock)

    assert model.predict_proba([]).shape == (0,)
    assert model.explain([]) == []


@each_model
def test_three_verdicts_are_enough_to_begin_with(name: str, stock: Listings) -> None:
    model = models.make(name).fit(stock[:3], [True, False, False], stock)

    assert ((model.predict_proba(stock) > 0) & (model.predict_proba(stock) < 1)).all()


@each_model
@pytest.mark.parametrize(
    ("keep", "sentence"),
    [
        ([True] * 3, "All 3 verdicts are keeps"),
        ([False] * 3, "All 3 verdicts are skips"),
        ([], "no verdict yet"),
        ([True, False], "3 listings, 2 verdicts"),
        ([1, 0, 0.5], "keep (1) or skip (0)"),
        ([1, 0, math.nan], "keep (1) or skip (0)"),
    ],
)
def test_verdicts_that_tell_nothing_apart_are_refused_with_a_sentence(
    name: str, keep: list[Any], sentence: str, stock: Listings
) -> None:
    judged = stock[:3] if keep else []

    with pytest.raises(TooFewVerdicts) as refused:
        models.make(name).fit(judged, keep, stock)

    assert sentence in str(refused.value)


@each_model
def test_verdicts_without_weight_do_not_count(name: str, stock: Listings) -> None:
    judged, keep = stock[:60], taste(stock[:60])
    upside_down = [not one for one in keep]

    model = models.make(name).fit(judged + judged, keep + upside_down, stock, [1] * 60 + [0] * 60)

    fair = models.make(name).fit(judged, keep, stock)
    assert model.predict_proba(stock) == pytest.approx(fair.predict_proba(stock), abs=1e-9)
    with pytest.raises(TooFewVerdicts, match="weight of 0"):
        models.make(name).fit(judged, keep, stock, [0] * 60)
    with pytest.raises(TooFewVerdicts, match="0 and more"):
        models.make(name).fit(judged, keep, stock, [-1] + [1] * 59)


@each_model
def test_contradicting_verdicts_leave_a_doubt(name: str, stock: Listings) -> None:
    twice = [stock[0], stock[0]]

    model = models.make(name).fit(twice, [True, False], stock)

    assert model.predict_proba(twice) == pytest.approx([0.5, 0.5], abs=0.1)


@each_model
def test_listings_with_nothing_known_get_a_chance(name: str, stock: Listings) -> None:
    bare: Listings = [{}, {"artist": None, "price": math.nan, "styles": None, "want": "many"}]

    model = models.make(name).fit([*stock[:40], {}], [*taste(stock[:40]), False], [*stock, {}])

    assert np.isfinite(model.predict_proba(bare)).all()
    assert all(math.isfinite(one.log_odds) for one in model.explain(bare))


@each_model
def test_a_market_where_all_is_the_same_tells_nothing_and_breaks_nothing(name: str) -> None:
    same: Listings = [{"artist": "One", "title": "Two", "price": 5.0, "want": 1, "have": 1}] * 10

    chances = models.make(name).fit(same, [True, False] * 5, same).predict_proba(same)

    assert chances == pytest.approx(np.full(10, 0.5), abs=0.05)


def test_weights_restore_the_rate_at_which_somebody_keeps(stock: Listings) -> None:
    judged = stock[:100]
    keep = taste(judged)
    share = sum(keep) / len(keep)
    weights = [0.03 / share if kept else 0.97 / (1 - share) for kept in keep]

    model = models.make("cratewise").fit(judged, keep, stock, weights)

    assert model.predict_proba(judged) @ np.array(weights) / sum(weights) == pytest.approx(
        0.03, abs=0.02
    )


def test_a_model_asked_before_it_was_fitted_says_so() -> None:
    for name in models.NAMES:
        with pytest.raises(NotTrained, match=name):
            models.make(name).predict_proba([{}])


def test_an_unknown_model_names_those_that_there_are() -> None:
    with pytest.raises(UnknownModel, match="forest-basic"):
        models.make("oracle")


def test_a_listing_that_is_no_mapping_is_named_by_its_place(cratewise: models.Model) -> None:
    with pytest.raises(UnreadableListing, match="Listing 1 of those given is a str"):
        cratewise.predict_proba([{}, "a record"])  # type: ignore[list-item] # bad on purpose


def test_a_stock_is_read_once_while_it_lives() -> None:
    listings = market(60)

    first = stocks.read(listings)

    assert stocks.read(listings) is first
    assert stocks.read(list(listings)) is not first


def test_a_list_filled_anew_is_another_stock() -> None:
    listings = market(60)
    first = stocks.read(listings)

    listings[0] = {"artist": "Another"}

    assert stocks.read(listings) is not first


def test_a_link_to_its_reader_moves_a_listing_when_it_moved_the_verdicts() -> None:
    """Whoever knows the wants gives them with the listing; all else is the same here."""
    plain: Listings = [{"artist": f"A{number}", "title": "T"} for number in range(40)]
    wanted = [{**one, "relations": {"wanted": 1}} for one in plain]

    model = models.make("cratewise").fit(plain + wanted, [False] * 40 + [True] * 40, plain)

    one, other = model.predict_proba([plain[0], wanted[0]])
    assert other > one + 0.2
    assert "on your wantlist" in model.explain([wanted[0]])[0].sentence
