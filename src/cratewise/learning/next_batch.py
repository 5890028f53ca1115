"""What to judge next: the open batch, or a new one chosen from the stock."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.learning.clusters import cluster
from cratewise.learning.relate import Relating
from cratewise.picks.triage import BATCH, Choice, Pool, choose
from cratewise.store.choosable import Choosable, choosable, count_choosable
from cratewise.store.described import Described, described
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import standing_judgements
from cratewise.store.predictions import predictions_of
from cratewise.store.showings import Showing, open_showings, show, spoiled, withdraw
from cratewise.taste.columns import folded
from cratewise.taste.models import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Engine

BEST = 1_000  # listings of a pool: those that the model, or the rule, likes most
ENOUGH_OF_ARTIST = 4  # verdicts; a fifth tells little of others (docs/LOG.md)
NOBODY = frozenset({"", "various", "various artists", "unknown artist"})
SAMPLED = 3_000  # and as many drawn evenly


@dataclass(frozen=True)
class Taste:
    """A model that learnt from this account, live or not yet."""

    version: int
    model: Model


@dataclass(frozen=True)
class Batch:
    """What waits for a verdict, in the order in which it is shown.

    left  how many listings may be asked about beside these
    """

    showings: list[Showing]
    left: int


@dataclass(frozen=True)
class _Candidates:
    """What a batch is chosen among; places in the stock of the best, and of those drawn evenly."""

    listings: list[Described]
    best: "NDArray[np.intp]"
    even: "NDArray[np.intp]"


def next_batch(
    engine: "Engine",
    account_id: int,
    *,
    now: datetime,
    random: "np.random.Generator",
    size: int = BATCH,
    seller: tuple[int, str] | None = None,
    find_taste: Callable[[], Taste | None] = lambda: None,
    catalog: Path | None = None,
) -> Batch:
    """What waits to be judged; when nothing does, a new batch is chosen and noted.

    size        of a new batch, 1 and more
    seller      our own id and the name of the one whose stock is asked about; None: all
    find_taste  tells what triage goes by, None: clusters and the rule score; asked for a new
                batch alone, since a model takes a while to load
    catalog     its file, which tells who is in the credits
    """
    seller_id, name = seller or (None, None)
    _withdraw(engine, account_id, now)
    with reading(engine) as db:
        waiting = open_showings(db, account_id, seller=name)
        if waiting:
            return Batch(waiting, count_choosable(db, account_id, seller_id=seller_id))
        stock = choosable(db, account_id, seller_id=seller_id)
    if not len(stock.ids):
        return Batch([], 0)
    taste = find_taste()
    with reading(engine) as db:
        among = _candidates(db, account_id, stock, random)
        listings = among.listings
        related = _related(db, account_id, listings, catalog) if taste else listings
        before = [one.listing for one in standing_judgements(db, account_id)]
    pool = _pool(stock, among, before, int(random.integers(2**31)))
    if taste is not None:
        pool = replace(pool, opinions=taste.model.opinions(related))
    chosen = _showings(listings, related, choose(pool, size, random), now, taste)
    with writing(engine) as db:
        shown = show(db, account_id, chosen, seller=name)
    return Batch(shown, max(0, len(stock.ids) - len(shown)))


def _withdraw(engine: "Engine", account_id: int, now: datetime) -> None:
    with reading(engine) as db:
        ids = spoiled(db, account_id)
    if ids:  # seldom: whoever only looks waits for nobody who writes
        with writing(engine) as db:
            withdraw(db, ids, now)


def _candidates(
    db: "Connection", account_id: int, stock: Choosable, random: "np.random.Generator"
) -> _Candidates:
    import numpy as np

    best, even = _places(stock, _worth(db, account_id, stock), random)
    told = described(db, stock.ids[np.union1d(best, even)].tolist())
    # A seller may be forgotten between two questions.
    return _Candidates([told[number] for number in sorted(told)], best, even)


def _related(
    db: "Connection", account_id: int, listings: list[Described], catalog: Path | None
) -> list[Described]:
    releases = [one["release_id"] for one in listings]
    return Relating.of(db, account_id, catalog, release_ids=releases).related(listings)


def _pool(stock: Choosable, among: _Candidates, before: list[Described], seed: int) -> Pool:
    """The candidates in numbers; no taste yet."""
    import numpy as np

    listings = among.listings
    places = np.searchsorted(stock.ids, [one["id"] for one in listings])
    clusters, covered = cluster(listings, before, seed)
    artist, is_met = _artists(listings, before)
    return Pool(
        release=stock.release_ids[places],
        artist=artist,
        is_met=is_met,
        cluster=clusters,
        covered=np.bincount(covered, minlength=int(clusters.max(initial=0)) + 1),
        score=stock.score[places],
        is_best=np.isin(places, among.best),
        is_sampled=np.isin(places, among.even),
        stock=len(stock.ids),
        opinions=None,
    )


def _artists(
    listings: list[Described], before: list[Described]
) -> "tuple[NDArray[np.int64], NDArray[np.bool_]]":
    """(n,) a number for each artist, and (n,) whether enough by them was judged before.

    A compilation, and whoever has no name, has a number of its own.
    """
    import numpy as np

    judged = Counter(folded(one["artist"]) for one in before)
    met = {name for name, count in judged.items() if count >= ENOUGH_OF_ARTIST} - NOBODY
    numbers: dict[str, int] = {}
    names = [folded(one["artist"]) for one in listings]
    alone = [name if name not in NOBODY else f"\n{place}" for place, name in enumerate(names)]
    codes = [numbers.setdefault(name, len(numbers)) for name in alone]
    return np.array(codes, np.int64), np.array([name in met for name in names], bool)


def _worth(db: "Connection", account_id: int, stock: Choosable) -> "NDArray[np.float64]":
    """(n,) by what the best of a stock are found: the live model's chances, else the rule."""
    import numpy as np

    said = predictions_of(db, account_id)
    if said is None or not len(said.ids):
        return stock.score
    place = np.minimum(np.searchsorted(said.ids, stock.ids), len(said.ids) - 1)
    return np.where(said.ids[place] == stock.ids, said.probabilities[place], np.nan)


def _places(
    stock: Choosable, worth: "NDArray[np.float64]", random: "np.random.Generator"
) -> "tuple[NDArray[np.intp], NDArray[np.intp]]":
    """Places in the stock: the best, and some drawn evenly."""
    import numpy as np

    count = len(stock.ids)
    best = np.argsort(-np.nan_to_num(worth, nan=-np.inf), kind="stable")[:BEST]
    return best, random.choice(count, min(SAMPLED, count), replace=False)


def _showings(
    listings: list[Described],
    related: list[Described],
    choices: list[Choice],
    now: datetime,
    taste: Taste | None,
) -> list[Showing]:
    """What is shown and noted; related: the listings as the model reads them."""
    chosen = [listings[choice.place] for choice in choices]
    seen = [related[choice.place] for choice in choices]
    said = taste.model.predict_proba(seen).tolist() if taste else [None] * len(chosen)
    return [
        Showing(
            id=0,  # given by the store
            listing_id=listing["id"],
            release_id=listing["release_id"],
            shown_at=now,
            because=choice.because,
            chance=choice.chance,
            predicted=chance,
            predicted_by=taste.version if taste else None,
            listing=listing,
        )
        for listing, choice, chance in zip(chosen, choices, said, strict=True)
    ]
