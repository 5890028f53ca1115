"""The record of the day is drawn once a day, tells all its numbers, and listens to votes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, insert, update
from tests.builders import NOON, a_listing, a_seller, an_account

from cratewise.errors import NothingToPick, UnknownPick, VoteRefused
from cratewise.picks import thermo
from cratewise.picks.record_of_the_day import drawn_again, odds_of, redraw, todays_pick
from cratewise.picks.voting import vote
from cratewise.store.described import described
from cratewise.store.engine import reading, writing
from cratewise.store.hidden import hide
from cratewise.store.judgements import Verdict, record
from cratewise.store.picks import Vote, find_pick, picks_before, votes_on
from cratewise.store.predictions import Predictions, keep_predictions
from cratewise.store.tables import listings, owned

ACCOUNT = 1


@pytest.fixture
def stock(store: Engine) -> list[int]:
    """40 listings of one seller, the best-scored first."""
    dice = np.random.default_rng(4)
    with writing(store) as db:
        assert an_account(db) == ACCOUNT
        seller = a_seller(db)
        return [
            a_listing(
                db,
                seller,
                artist=f"Artist {dice.integers(12)}",
                label=f"Label {dice.integers(6)}",
                year=int(dice.integers(1960, 2020)),
                want=900 - 20 * n,
                have=100,
                price_minor=int(dice.integers(300, 6000)),
                score=100.0 - n,
            )
            for n in range(40)
        ]


def a_vote(desirability: int, novelty: int) -> Vote:
    return Vote(desirability, novelty, NOON)


def test_a_day_has_one_record_and_the_next_day_another(store: Engine, stock: list[int]) -> None:
    first = todays_pick(store, ACCOUNT, NOON)

    assert todays_pick(store, ACCOUNT, NOON + timedelta(hours=5)) == first
    tomorrow = todays_pick(store, ACCOUNT, NOON + timedelta(days=1))
    assert tomorrow.id != first.id
    assert tomorrow.release_id != first.release_id
    assert tomorrow.day == first.day + timedelta(days=1)


def test_every_number_of_a_draw_is_kept_and_the_draw_can_be_done_again(
    store: Engine, stock: list[int]
) -> None:
    pick = todays_pick(store, ACCOUNT, NOON)

    with reading(store) as db:
        kept = find_pick(db, ACCOUNT, pick.id)
    assert kept == pick
    assert pick.method == thermo.BY_FREE_ENERGY
    assert (pick.candidates, len(pick.landscape)) == (40, 40)
    assert pick.seed == thermo.seed_of(ACCOUNT, NOON.date())
    assert pick.keep_probability is None
    assert pick.temperature == pytest.approx(0.8)  # nothing is judged yet
    odds, ids = odds_of(pick), [point.listing_id for point in pick.landscape]
    place = ids.index(pick.listing_id or 0)
    assert drawn_again(pick) == pick.listing_id
    assert pick.free_energy == pytest.approx(-pick.utility - pick.temperature * pick.novelty)
    assert pick.free_energy == pytest.approx(odds.free_energy[place])
    assert pick.probability == pytest.approx(odds.probability[place])
    assert pick.effective == pytest.approx(odds.effective)
    assert pick.listing["score"] == pick.score == 100.0 - stock.index(pick.listing_id or 0)


def test_none_comes_back_within_thirty_days(store: Engine, stock: list[int]) -> None:
    days = [todays_pick(store, ACCOUNT, NOON + timedelta(days=n)) for n in range(15)]
    again = [redraw(store, ACCOUNT, NOON + timedelta(days=14)) for _ in range(15)]

    picked = [pick.release_id for pick in days + again]
    assert len(set(picked)) == 30
    # When so few are left that a draw would be none, the best of them is shown.
    last = [redraw(store, ACCOUNT, NOON + timedelta(days=14)) for _ in range(10)]
    assert last[0].candidates == 10
    assert [pick.method for pick in last[1:]] == [thermo.BY_SCORE] * 9
    with pytest.raises(NothingToPick, match="picked within 30 days"):
        redraw(store, ACCOUNT, NOON + timedelta(days=14))
    later = todays_pick(store, ACCOUNT, NOON + timedelta(days=46))
    assert later.candidates == 40


def test_of_two_that_look_at_once_both_see_the_same_record(store: Engine, stock: list[int]) -> None:
    with ThreadPoolExecutor(4) as threads:
        picks = list(threads.map(lambda _: todays_pick(store, ACCOUNT, NOON), range(4)))

    assert len({pick.id for pick in picks}) == 1


def test_a_redraw_is_another_record_of_the_same_day(store: Engine, stock: list[int]) -> None:
    first, second = todays_pick(store, ACCOUNT, NOON), redraw(store, ACCOUNT, NOON)

    assert (second.day, second.redraw) == (first.day, 1)
    assert second.seed != first.seed
    assert second.release_id != first.release_id
    assert todays_pick(store, ACCOUNT, NOON) == second


def test_votes_move_the_next_draw_by_what_is_told(store: Engine, stock: list[int]) -> None:
    pick = todays_pick(store, ACCOUNT, NOON)

    _, before, after = vote(store, ACCOUNT, pick.id, a_vote(5, 5))
    warmer = redraw(store, ACCOUNT, NOON)

    assert (before.temperature, before.novelty) == (0, 0)
    assert (after.temperature, after.novelty) == pytest.approx((0.2, 0.3))
    assert warmer.temperature == pytest.approx(pick.temperature * 1.2)
    assert warmer.temperature_moved == pytest.approx(0.2)
    _, _, back = vote(store, ACCOUNT, pick.id, a_vote(1, 1))
    assert (back.temperature, back.novelty) == pytest.approx((0, 0))
    with reading(store) as db:
        told = votes_on(db, [pick.id, warmer.id])
    assert told == {pick.id: [a_vote(5, 5), a_vote(1, 1)]}


def test_a_novelty_vote_moves_the_records_that_are_like_the_pick(
    store: Engine, stock: list[int]
) -> None:
    """Two draws of the same seed and day, one with a vote and one without, are compared."""
    pick = todays_pick(store, ACCOUNT, NOON)
    plain = {point.listing_id: point.novelty for point in redraw(store, ACCOUNT, NOON).landscape}
    vote(store, ACCOUNT, pick.id, a_vote(3, 1))

    voted = {point.listing_id: point.novelty for point in redraw(store, ACCOUNT, NOON).landscape}

    both = sorted(plain.keys() & voted.keys())
    moved = np.array([voted[one] - plain[one] for one in both])
    assert np.all(moved <= 1e-12)
    assert moved.min() < -0.001


@pytest.mark.parametrize(("desirability", "novelty"), [(0, 3), (6, 3), (3, 0), (3, 9)])
def test_a_vote_out_of_range_is_refused_with_a_sentence(
    store: Engine, stock: list[int], desirability: int, novelty: int
) -> None:
    pick = todays_pick(store, ACCOUNT, NOON)

    with pytest.raises(VoteRefused, match=r"is no vote; give 1, little, to 5, much\."):
        vote(store, ACCOUNT, pick.id, a_vote(desirability, novelty))
    with reading(store) as db:
        assert votes_on(db, [pick.id]) == {}
    with pytest.raises(UnknownPick):
        vote(store, ACCOUNT, 999, a_vote(3, 3))


def test_what_is_skipped_owned_hidden_or_gone_takes_no_part(
    store: Engine, stock: list[int]
) -> None:
    with writing(store) as db:
        told = described(db, stock)
        record(db, ACCOUNT, [Verdict("1", stock[0], "skip", NOON)])
        record(db, ACCOUNT, [Verdict("2", stock[4], "keep", NOON)])
        row = {"account_id": ACCOUNT, "release_id": told[stock[1]]["release_id"]}
        db.execute(insert(owned).values(**row, synced_at=NOON))
        hide(db, ACCOUNT, "listing", str(stock[2]), NOON)
        db.execute(update(listings).where(listings.c.id == stock[3]).values(gone_at=NOON))

    pick = todays_pick(store, ACCOUNT, NOON)

    assert {point.listing_id for point in pick.landscape} == set(stock) - set(stock[:4])
    assert pick.temperature == pytest.approx(0.5 + 0.3 * (1 - 2 / 39))


def test_a_live_model_decides_who_takes_part_and_how_warm_it_is(
    store: Engine, stock: list[int]
) -> None:
    chances = np.linspace(0.05, 0.95, len(stock)).astype(np.float32)
    told = Predictions(np.array(stock), chances, version=7, predicted_at=NOON)
    with writing(store) as db:
        keep_predictions(db, ACCOUNT, told)

    pick = todays_pick(store, ACCOUNT, NOON)

    best = pick.landscape[0]
    assert (best.listing_id, best.utility) == (stock[-1], 1.0)
    chance = chances[stock.index(pick.listing_id or 0)]
    assert pick.keep_probability == pytest.approx(float(chance))
    assert pick.predicted_by == 7
    assert pick.temperature == pytest.approx(0.8 + 0.2 * 2 * float(chances.std()))


def test_copies_of_one_release_take_part_once(store: Engine, stock: list[int]) -> None:
    with writing(store) as db:
        told = described(db, stock)[stock[5]]
        again = {"release_id": told["release_id"], "discogs_listing_id": 77, "score": 99.5}
        row: dict[str, Any] = {
            "seller_id": 1, "first_seen_at": NOON, "last_seen_at": NOON, "touched_at": NOON, **again
        }  # fmt: skip
        copy = db.execute(insert(listings).values(row).returning(listings.c.id)).scalar_one()

    ids = {point.listing_id for point in todays_pick(store, ACCOUNT, NOON).landscape}

    assert copy in ids
    assert stock[5] not in ids


def test_too_little_stock_shows_the_best_by_score_and_says_so(store: Engine) -> None:
    with writing(store) as db:
        an_account(db)
        seller = a_seller(db)
        best = [a_listing(db, seller, score=float(n)) for n in range(3)][-1]

    pick = todays_pick(store, ACCOUNT, NOON)

    assert (pick.listing_id, pick.method) == (best, thermo.BY_SCORE)


def test_listings_that_are_all_equal_and_tell_nothing_can_be_drawn(store: Engine) -> None:
    with writing(store) as db:
        an_account(db)
        seller = a_seller(db)
        for _ in range(12):
            a_listing(db, seller, title="", artist="", label="", format="", year=None,
                      want=None, have=None, price_minor=None, currency=None)  # fmt: skip

    pick = todays_pick(store, ACCOUNT, NOON)

    assert pick.method == thermo.BY_FREE_ENERGY
    assert pick.probability == pytest.approx(1 / 12)


def test_without_any_stock_it_says_what_to_do(store: Engine) -> None:
    with writing(store) as db:
        an_account(db)

    with pytest.raises(NothingToPick, match="Nothing has been read yet"):
        todays_pick(store, ACCOUNT, NOON)


def test_a_pick_outlives_its_listing(store: Engine, stock: list[int]) -> None:
    pick = todays_pick(store, ACCOUNT, NOON)
    with writing(store) as db:
        db.execute(listings.delete().where(listings.c.id == pick.listing_id))

    with reading(store) as db:
        (kept,) = picks_before(db, ACCOUNT, limit=5)
    assert kept.listing_id is None
    assert kept.listing == pick.listing
