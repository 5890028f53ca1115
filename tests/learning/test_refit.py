"""A refit is proved before it serves; what goes wrong leaves what served."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, insert, select, update
from tests.builders import NOON, an_account
from tests.conftest import HandClock
from tests.learning.stocked import judge, likes, stock_up

from cratewise.errors import ModelRefused, UnknownVersion
from cratewise.jobs import learn_all
from cratewise.learning.context import forget_stocks
from cratewise.learning.dataset import odds_weights, read_dataset
from cratewise.learning.likes import likes_of
from cratewise.learning.next_batch import next_batch
from cratewise.learning.refit import Learner, Refit, is_due, refit
from cratewise.learning.roll_back import heal, use_rule, use_version
from cratewise.learning.serving import newest_taste, serving
from cratewise.learning.tend import tend
from cratewise.learning.why import why
from cratewise.rates import Rates
from cratewise.store.described import described
from cratewise.store.engine import reading, writing
from cratewise.store.hidden import hide
from cratewise.store.judgements import last_judgement, standing_judgements, undo
from cratewise.store.model_parts import forget_model_files
from cratewise.store.models import TasteChoice, choose_taste, list_models, live_model
from cratewise.store.predictions import Predictions, predictions_of
from cratewise.store.tables import listings, owned, releases, wants
from cratewise.tools import Tools
from cratewise.worker import Running

LATER = NOON + timedelta(hours=12)


@pytest.fixture(autouse=True)
def _no_stock_is_remembered() -> None:
    forget_stocks()


@pytest.fixture
def account(store: Engine) -> int:
    with writing(store) as db:
        return an_account(db)


@pytest.fixture
def stock(store: Engine) -> list[int]:
    with writing(store) as db:
        return stock_up(db)


@pytest.fixture
def learner(store: Engine, account: int, tmp_path: Path) -> Learner:
    return Learner(store, account, tmp_path / "models")


def told(engine: Engine, account: int) -> Predictions | None:
    with reading(engine) as db:
        return predictions_of(db, account)


def live_version(engine: Engine, account: int) -> int | None:
    with reading(engine) as db:
        row = live_model(db, account)
    return row.version if row else None


def judged(learner: Learner, ids: list[int], start: int = 0) -> None:
    with writing(learner.engine) as db:
        judge(db, learner.account_id, ids, start=start)


def trained(learner: Learner, ids: list[int]) -> Refit:
    judged(learner, ids)
    return refit(learner, LATER)


def test_a_taste_that_beats_the_rule_score_serves_and_predicts_every_listing(
    learner: Learner, account: int, stock: list[int]
) -> None:
    outcome = trained(learner, stock[:150])

    assert outcome == Refit(1, True, "Promoted: it serves.")
    predicted = told(learner.engine, account)
    assert predicted is not None
    assert predicted.ids.tolist() == stock
    assert predicted.version == 1
    unseen = dict(zip(stock, predicted.probabilities, strict=True))
    liked = [chance for one, chance in unseen.items() if one > 150 and likes(one)]
    others = [chance for one, chance in unseen.items() if one > 150 and not likes(one)]
    assert np.mean(liked) > 3 * np.mean(others)


def test_the_report_measures_only_what_the_model_had_not_seen(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:150])
    with reading(learner.engine) as db:
        served = serving(db, account, learner.folder)
    assert served.row is not None
    report = json.loads(served.row.report)

    found = report["hold_out"]
    assert found["verdicts"] == 75
    assert found["gain"]["low"] > 0
    assert found["average_precision"]["low"] <= found["average_precision"]["value"]
    assert found["average_precision"]["rule"] < found["average_precision"]["value"]
    assert set(found["precision_at"]) == {"10", "20"}
    assert sum(one["verdicts"] for one in found["reliability"]) == 75
    assert report["prequential"] is None


def test_verdicts_by_dice_are_learnt_kept_and_not_promoted(
    learner: Learner, account: int, stock: list[int]
) -> None:
    with writing(learner.engine) as db:
        judge(db, account, stock[:150], dice=random.Random(5))

    outcome = refit(learner, LATER)

    assert (outcome.version, outcome.is_live) == (1, False)
    assert "does not beat the rule score yet" in outcome.outcome
    assert told(learner.engine, account) is None
    assert live_version(learner.engine, account) is None
    with reading(learner.engine) as db:
        assert [row.outcome for row in list_models(db, account)] == [outcome.outcome]


def test_before_twenty_of_each_it_says_how_many_are_missing(
    learner: Learner, account: int, stock: list[int]
) -> None:
    outcome = trained(learner, stock[:40])
    with reading(learner.engine) as db:
        reason = why(db, account, learner.folder, stock[-1])

    assert not outcome.is_live
    keeps = sum(map(likes, stock[:40]))
    assert f"{20 - keeps} keeps to come, 20 of each are needed." in outcome.outcome
    assert reason.chance is None
    assert reason.missing == f"{20 - keeps} keeps"
    assert "it costs $" in reason.sentence


@pytest.mark.parametrize("count", [0, 3])
def test_verdicts_of_one_kind_alone_are_too_little_to_learn_from(
    learner: Learner, stock: list[int], count: int
) -> None:
    skips = [one for one in stock if not likes(one)][:count]

    outcome = trained(learner, skips)

    assert outcome.version is None
    assert outcome.outcome.startswith("There is too little to learn from: ")


def test_nothing_new_makes_no_refit_and_an_undone_verdict_is_something_new(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:60])
    assert refit(learner, LATER).outcome == "Nothing new was told since the last refit."

    with writing(learner.engine) as db:
        last = last_judgement(db, account)
        assert last is not None
        undo(db, account, last.id, LATER)

    assert refit(learner, LATER).version == 2


def test_a_refit_is_due_after_ten_verdicts_and_later_after_a_tenth(
    learner: Learner, account: int, stock: list[int]
) -> None:
    def due() -> bool:
        with reading(learner.engine) as db:
            return is_due(db, account, LATER)

    judged(learner, stock[:9])
    assert not due()
    judged(learner, stock[9:200], 9)
    assert due()
    refit(learner, NOON + timedelta(minutes=300))
    judged(learner, stock[200:219], 500)
    assert not due()
    judged(learner, stock[219:220], 600)
    assert due()


def test_two_refits_at_once_leave_one_version(
    learner: Learner, account: int, stock: list[int]
) -> None:
    judged(learner, stock[:100])
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda _: refit(learner, LATER), range(2)))

    assert sorted(one.version or 0 for one in outcomes) == [0, 1]
    assert len(list(learner.folder.iterdir())) == 1
    assert live_version(learner.engine, account) == 1


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from cratewise.learning.refit import Learner, refit
from cratewise.rates import Rates
from cratewise.store.engine import open_engine
url, account, folder = sys.argv[1:]
learner = Learner(open_engine(url), int(account), Path(folder), lambda: os._exit(9))
refit(learner, datetime(2026, 11, 2, tzinfo=UTC))
"""


def test_a_refit_that_is_killed_leaves_what_served_and_the_next_one_succeeds(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:100])
    before = told(learner.engine, account)
    judged(learner, stock[100:200], 100)
    url = learner.engine.url.render_as_string(hide_password=False)

    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(account), str(learner.folder)], check=False
    )

    assert done.returncode == 9
    assert live_version(learner.engine, account) == 1
    after = told(learner.engine, account)
    assert before is not None
    assert after is not None
    assert after.probabilities.tolist() == before.probabilities.tolist()
    assert refit(learner, LATER).is_live
    assert live_version(learner.engine, account) == 2


def test_a_worse_refit_is_kept_and_not_promoted(
    learner: Learner, account: int, stock: list[int]
) -> None:
    """The first model knows the taste; the second, of another kind, has to guess it anew."""
    trained(learner, stock[:200])
    with writing(learner.engine) as db:
        choose_taste(db, account, TasteChoice("forest-basic", None), NOON)
    judged(learner, stock[200:], 800)

    outcome = refit(learner, LATER + timedelta(days=1))

    assert outcome.version == 2
    assert "it ranks worse than version 1" in outcome.outcome
    assert live_version(learner.engine, account) == 1


@pytest.mark.parametrize("spoilt", [b"", b"no model", None])
def test_a_spoilt_file_is_refused_and_the_last_good_version_serves(
    learner: Learner, account: int, stock: list[int], spoilt: bytes | None
) -> None:
    trained(learner, stock[:100])
    judged(learner, stock[100:200], 100)
    refit(learner, LATER)
    with reading(learner.engine) as db:
        live = live_model(db, account)
    assert live is not None
    assert live.version == 2
    path = learner.folder / live.file
    path.unlink() if spoilt is None else path.write_bytes(spoilt)
    with writing(learner.engine) as db:
        forget_model_files(db, [])

    with reading(learner.engine) as db:
        served = serving(db, account, learner.folder)
        reason = why(db, account, learner.folder, stock[-1])
    sentence = heal(learner.engine, account, learner.folder, now=LATER)

    assert served.row is not None
    assert served.row.version == reason.version == 1
    assert f"Version 2: {path} is not used as a model: " in served.refused[0]
    assert sentence == f"{served.refused[0]} Version 1 serves."
    assert live_version(learner.engine, account) == 1
    predicted = told(learner.engine, account)
    assert predicted is not None
    assert predicted.version == 1
    with pytest.raises(ModelRefused):
        use_version(learner.engine, account, learner.folder, 2, now=LATER)


def test_where_no_good_version_is_left_the_rule_score_serves(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:100])
    for path in learner.folder.iterdir():
        path.write_bytes(b"spoilt")

    tend(learner, LATER)

    assert live_version(learner.engine, account) is None
    assert told(learner.engine, account) is None


def test_any_version_can_serve_again_and_the_rule_too(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:100])
    judged(learner, stock[100:200], 100)
    refit(learner, LATER)

    use_version(learner.engine, account, learner.folder, 1, now=LATER)
    predicted = told(learner.engine, account)
    assert predicted is not None
    assert (live_version(learner.engine, account), predicted.version) == (1, 1)

    use_rule(learner.engine, account)
    assert live_version(learner.engine, account) is None
    assert told(learner.engine, account) is None
    with pytest.raises(UnknownVersion, match="no version 7 of your taste; there are 2, 1"):
        use_version(learner.engine, account, learner.folder, 7, now=LATER)


def test_new_changed_and_gone_listings_are_predicted_without_a_refit(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:150])
    with writing(learner.engine) as db:
        new = stock_up(db, 5, seed=3, first=1001)
        db.execute(update(listings).where(listings.c.id.in_(new)).values(touched_at=LATER))
        db.execute(
            update(listings)
            .where(listings.c.id == stock[0])
            .values(gone_at=LATER, touched_at=LATER)
        )

    assert tend(learner, LATER + timedelta(minutes=5)) is None

    predicted = told(learner.engine, account)
    assert predicted is not None
    assert predicted.ids.tolist() == [*stock[1:], *new]
    assert predicted.predicted_at == LATER + timedelta(minutes=5)


def test_contributions_add_up_to_the_log_odds(
    learner: Learner, account: int, stock: list[int]
) -> None:
    trained(learner, stock[:150])
    with reading(learner.engine) as db:
        reason = why(db, account, learner.folder, stock[-1])

    assert reason.explanation is not None
    assert reason.chance is not None
    odds = np.log(reason.chance / (1 - reason.chance))
    assert reason.explanation.log_odds == pytest.approx(odds, abs=1e-4)
    assert reason.is_exact


def test_what_is_liked_is_told_with_counts(
    learner: Learner, account: int, stock: list[int]
) -> None:
    judged(learner, stock[:100])
    with reading(learner.engine) as db:
        found = likes_of(db, account)

    assert found.styles[0].name == "Dub Techno"
    keeps = sum(map(likes, stock[:100]))
    assert found.styles[0].keeps <= keeps
    assert found.decades == [("1990s", keeps, 100 - keeps)]


def test_a_newcomer_is_asked_by_what_they_own_before_the_first_verdict(
    learner: Learner, account: int, stock: list[int]
) -> None:
    mine = [one for one in stock if likes(one)][:30]
    with writing(learner.engine) as db:
        for place, one in enumerate(mine):
            table = wants if place % 2 else owned
            row = {"account_id": account, "release_id": one, "synced_at": NOON}
            db.execute(insert(table).values(row))

    outcome = tend(learner, LATER)
    assert outcome is not None
    with reading(learner.engine) as db:
        taste = newest_taste(db, account, learner.folder)
        known = read_dataset(db, account)
    assert outcome.version == 1
    assert not outcome.is_live
    assert taste is not None
    assert known.weak_keeps == 30
    assert known.rates == [0.0] * len(known.rates)

    batch = next_batch(
        learner.engine, account, now=LATER, random=np.random.default_rng(0), size=30,
        find_taste=lambda: taste,
    )  # fmt: skip

    exploited = [one for one in batch.showings if one.because == "exploit"]
    assert sum(likes(one.listing["id"]) for one in exploited) > len(exploited) / 2
    assert all(one.predicted_by == 1 for one in batch.showings)


def test_verdicts_weigh_by_the_odds_with_which_they_were_shown(
    learner: Learner, account: int, stock: list[int]
) -> None:
    batch = next_batch(learner.engine, account, now=NOON, random=np.random.default_rng(0))
    judged(learner, [one.listing["id"] for one in batch.showings])
    judged(learner, [stock[-1]], 50)

    with reading(learner.engine) as db:
        kept = standing_judgements(db, account)
    weights = dict(zip((one.shown_because for one in kept), odds_weights(kept, 0.01), strict=True))

    assert weights["uniform"] <= 1
    assert max(odds_weights(kept, 0.01)) == 1
    assert weights[""] == 0.3
    least = min(kept[:-1], key=lambda one: one.shown_with or 1)
    assert odds_weights(kept, 0.01)[kept.index(least)] == 1


def test_what_is_hidden_for_its_label_is_skipped_and_learnt_from(
    learner: Learner, account: int, stock: list[int]
) -> None:
    judged(learner, stock[:60])
    with reading(learner.engine) as db:
        before = read_dataset(db, account)
        label = described(db, [stock[-1]])[stock[-1]]["label"]
    with writing(learner.engine) as db:
        hide(db, account, "label", label.upper(), NOON)
        hide(db, account, "seller", "seller 1", NOON)

    with reading(learner.engine) as db:
        known = read_dataset(db, account)

    added = known.listings[len(before.listings) :]
    assert {one["label"] for one in added} == {label}
    assert 5 < len(added) <= 20
    assert not any(known.keep[len(before.listings) :])
    assert max(known.weights[len(before.listings) :]) <= 0.3
    assert known.rates[len(before.listings) :] == [0.0] * len(added)
    assert known.fingerprint != before.fingerprint
    assert (known.keeps, known.skips) == (before.keeps, before.skips)


def test_prices_that_are_all_the_same_and_missing_genres_do_no_harm(
    learner: Learner, account: int, stock: list[int]
) -> None:
    with writing(learner.engine) as db:
        db.execute(update(listings).values(price_usd=5.0, price_minor=500, score=None))
        db.execute(update(releases).values(genres=None, styles=None, year=None, want=None))

    outcome = trained(learner, stock[:150])

    assert outcome.version == 1
    with reading(learner.engine) as db:
        assert db.scalar(select(listings.c.id).limit(1)) == stock[0]
        assert why(db, account, learner.folder, stock[0]).sentence


def test_every_accounts_taste_is_looked_after_in_the_background(
    learner: Learner, account: int, stock: list[int], clock: HandClock
) -> None:
    judged(learner, stock[:150])
    clock.advance(86_400)
    tools = Tools(learner.engine, lambda _: None, Rates.shipped, clock, learner.folder)  # type: ignore[arg-type, return-value]  # asks nobody

    learn_all(tools, Running("a job"))

    assert live_version(learner.engine, account) == 1
