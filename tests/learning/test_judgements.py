"""Verdicts are kept once, whatever comes twice, late, or after its listing has gone."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, delete, insert, select, update
from tests.builders import NOON, a_listing, a_seller, an_account

from cratewise.learning.next_batch import Batch, next_batch
from cratewise.store.choosable import choosable, count_choosable
from cratewise.store.engine import reading, writing
from cratewise.store.hidden import hide
from cratewise.store.judgements import (
    Tally,
    Verdict,
    judgements_before,
    last_judgement,
    record,
    standing_judgements,
    tally,
    undo,
    verdicts_on,
)
from cratewise.store.tables import listings, owned, releases, sellers


@pytest.fixture
def account(store: Engine) -> int:
    with writing(store) as db:
        return an_account(db)


@pytest.fixture
def stock(store: Engine) -> list[int]:
    """Sixty listings of twelve labels, by our own ids."""
    with writing(store) as db:
        alice, bob = a_seller(db), a_seller(db, "bob")
        return [
            a_listing(
                db,
                bob if number % 2 else alice,
                artist=f"Artist {number % 15}",
                label=f"Label {number % 12}",
                year=1960 + number,
            )
            for number in range(60)
        ]


def judged(engine: Engine, account: int, *verdicts: tuple[str, int, str, int]) -> list[str]:
    """Outcomes of verdicts: key, listing, keep or skip, minutes after noon."""
    given = [
        Verdict(key, listing, "keep" if kind == "keep" else "skip", NOON + timedelta(minutes=at))
        for key, listing, kind, at in verdicts
    ]
    with writing(engine) as db:
        return [one.outcome for one in record(db, account, given)]


def batch(engine: Engine, account: int, seed: int = 0, **more: object) -> Batch:
    random = np.random.default_rng(seed)
    return next_batch(engine, account, now=NOON, random=random, **more)  # type: ignore[arg-type]  # passed on as they are


def counted(engine: Engine, account: int) -> Tally:
    with reading(engine) as db:
        return tally(db, account)


def test_a_batch_that_waits_is_shown_without_loading_a_model(
    store: Engine, account: int, stock: list[int]
) -> None:
    first = batch(store, account)

    def nobody() -> None:
        pytest.fail("the model was loaded")

    again = batch(store, account, find_taste=nobody)

    assert [one.id for one in again.showings] == [one.id for one in first.showings]


def test_a_verdict_sent_twice_is_kept_once(store: Engine, account: int, stock: list[int]) -> None:
    first = judged(store, account, ("a", stock[0], "keep", 0), ("b", stock[1], "skip", 1))
    again = judged(store, account, ("a", stock[0], "keep", 2), ("b", stock[2], "skip", 2))

    assert (first, again) == (["stored", "stored"], ["known", "key_taken"])
    assert counted(store, account) == (1, 1)


def test_of_contradicting_verdicts_the_last_counts(
    store: Engine, account: int, stock: list[int]
) -> None:
    judged(store, account, ("late", stock[0], "skip", 9), ("early", stock[0], "keep", 3))
    judged(store, account, ("c", stock[1], "skip", 1), ("d", stock[1], "keep", 2))

    with reading(store) as db:
        assert verdicts_on(db, account, stock[:3]) == {stock[0]: "skip", stock[1]: "keep"}
        assert [one.key for one in standing_judgements(db, account)] == ["d", "late"]
        assert len(judgements_before(db, account, limit=10)) == 4
    assert counted(store, account) == (1, 1)


def test_an_undone_verdict_counts_no_longer_and_the_one_before_counts_again(
    store: Engine, account: int, stock: list[int]
) -> None:
    judged(store, account, ("a", stock[0], "keep", 0), ("b", stock[0], "skip", 1))

    with writing(store) as db:
        last = last_judgement(db, account)
        assert last is not None
        undone = undo(db, account, last.id, NOON)
        again = undo(db, account, last.id, NOON + timedelta(hours=1))
        stranger = undo(db, account + 1, last.id, NOON)

    assert undone == again
    assert undone is not None
    assert undone.undone_at == NOON
    assert stranger is None
    assert counted(store, account) == (1, 0)


def test_a_listing_that_goes_between_showing_and_judging_is_judged_all_the_same(
    store: Engine, account: int, stock: list[int]
) -> None:
    gone, deleted = (one.listing for one in batch(store, account).showings[:2])
    with writing(store) as db:
        db.execute(update(listings).where(listings.c.id == gone["id"]).values(gone_at=NOON))
        db.execute(delete(listings).where(listings.c.id == deleted["id"]))

    outcomes = judged(
        store, account, ("a", gone["id"], "keep", 0), ("b", deleted["id"], "skip", 1),
        ("c", 10**12, "keep", 2),
    )  # fmt: skip

    assert outcomes == ["stored", "stored", "unknown_listing"]
    with reading(store) as db:
        kept = standing_judgements(db, account)
    assert [one.listing for one in kept] == [gone, deleted]
    assert [one.listing_id for one in kept] == [gone["id"], None]
    assert all(one.shown_with for one in kept)
    assert counted(store, account) == (1, 1)


def test_a_verdict_outlives_the_seller(store: Engine, account: int, stock: list[int]) -> None:
    judged(store, account, ("a", stock[0], "keep", 0))
    with writing(store) as db:
        db.execute(delete(listings))

    with reading(store) as db:
        (kept,) = standing_judgements(db, account)

    assert kept.listing["artist"] == "Artist 0"
    assert counted(store, account) == (1, 0)


def test_what_waits_stays_the_same_until_it_is_judged_and_comes_back_when_undone(
    store: Engine, account: int, stock: list[int]
) -> None:
    first = batch(store, account, 1)
    assert batch(store, account, 2) == first
    keys = [(f"{number}", one.listing["id"], "skip", number)
            for number, one in enumerate(first.showings)]  # fmt: skip
    judged(store, account, *keys)

    second = batch(store, account, 3)
    with writing(store) as db:
        last = last_judgement(db, account)
        assert last is not None
        undo(db, account, last.id, NOON)
    third = batch(store, account, 4)

    shown = [[one.release_id for one in some.showings] for some in (first, second)]
    assert len(set(shown[0]) & set(shown[1])) == 0
    assert [one.release_id for one in third.showings] == [last.release_id, *shown[1]]


def test_nothing_is_shown_twice_nor_what_is_owned_hidden_or_gone(
    store: Engine, account: int, stock: list[int]
) -> None:
    with writing(store) as db:
        rows = db.execute(listings.select().order_by(listings.c.id)).all()
        db.execute(update(listings).where(listings.c.id == stock[0]).values(gone_at=NOON))
        db.execute(
            insert(owned).values(account_id=account, release_id=rows[1].release_id, synced_at=NOON)
        )
        db.execute(
            update(releases)
            .where(releases.c.id == rows[2].release_id)
            .values(styles='["Dub Techno", "House"]')
        )
        db.execute(
            update(releases)
            .where(releases.c.id == rows[3].release_id)
            .values(label="Ólafs Plötur 100%, Impulse!")
        )
        hide(db, account, "style", "dub techno", NOON)
        hide(db, account, "label", "Ólafs Plötur 100%", NOON)
        hide(db, account, "artist", "artist 4", NOON)
        hide(db, account, "seller", "BOB", NOON)
        hide(db, account, "listing", str(stock[6]), NOON)

    seen: list[int] = []
    while showings := batch(store, account, len(seen)).showings:
        ids = [one.listing["id"] for one in showings]
        judged(store, account, *((str(one), one, "skip", one) for one in ids))
        seen += ids

    expected = [
        listing
        for number, listing in enumerate(stock)
        if number % 2 == 0 and number not in {0, 2, 6} and number % 15 != 4
    ]
    assert sorted(seen) == expected


def test_what_is_hidden_while_it_waits_is_taken_back(
    store: Engine, account: int, stock: list[int]
) -> None:
    first = batch(store, account).showings[0]
    with writing(store) as db:
        hide(db, account, "listing", str(first.listing["id"]), NOON)

    later = batch(store, account)

    assert first.release_id not in {one.release_id for one in later.showings}
    assert len(later.showings) == 9


def test_what_went_or_was_bought_while_it_waits_is_taken_back(
    store: Engine, account: int, stock: list[int]
) -> None:
    gone, bought, *rest = batch(store, account).showings
    with writing(store) as db:
        db.execute(update(listings).where(listings.c.id == gone.listing_id).values(gone_at=NOON))
        db.execute(
            insert(owned).values(account_id=account, release_id=bought.release_id, synced_at=NOON)
        )

    assert batch(store, account).showings == rest


def test_a_batch_that_waits_is_shown_while_somebody_else_writes(
    store: Engine, account: int, stock: list[int]
) -> None:
    """It was looked through for what went in the writer's turn: each look waited for one."""
    first = batch(store, account)

    with writing(store) as db:
        db.execute(update(listings).where(listings.c.id == stock[0]).values(score=1.0))
        again = batch(store, account)

    assert again.showings == first.showings


@pytest.mark.parametrize("hides", [False, True], ids=["nothing hidden", "a label hidden"])
def test_what_is_left_is_counted_as_it_is_found(
    store: Engine, account: int, stock: list[int], hides: bool
) -> None:
    shown = [one.listing_id or 0 for one in batch(store, account).showings]
    judged(store, account, ("a", shown[0], "keep", 0), ("b", shown[1], "skip", 1))
    with writing(store) as db:
        db.execute(update(listings).where(listings.c.id == stock[0]).values(gone_at=NOON))
        if hides:
            hide(db, account, "label", "label 3", NOON)

    with reading(store) as db:
        alice = db.scalar(select(sellers.c.id).where(sellers.c.username == "alice"))
        for seller in (None, alice):
            found = choosable(db, account, seller_id=seller).ids
            assert count_choosable(db, account, seller_id=seller) == len(found)
            assert 0 < len(found) < len(stock) - len(shown) + 1


def test_two_sellers_batches_wait_side_by_side(
    store: Engine, account: int, stock: list[int]
) -> None:
    with reading(store) as db:
        ids = {row.username: row.id for row in db.execute(select(sellers))}
    alices = batch(store, account, seller=(ids["alice"], "alice"))
    bobs = batch(store, account, seller=(ids["bob"], "bob"))

    assert {one.listing["seller"] for one in alices.showings} == {"alice"}
    assert {one.listing["seller"] for one in bobs.showings} == {"bob"}
    assert batch(store, account, seller=(ids["alice"], "alice")).showings == alices.showings
    assert alices.left == 20
