"""How long a refit takes from the database to the promoted model, and how much memory.

    python -m benchmarks.refit_speed [--listings 100000] [--verdicts 5000]

A synthetic stock in an SQLite file of its own (see taste_speed.py), verdicts of a listener
who keeps a third of the artists when they are not too dear.  The first refit reads the
stock; the second, after some more verdicts, finds it read, which is what a person meets.

Promised: a refit on 5,000 verdicts takes 5 s and 500 MB, its predictions aside.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.taste_speed import market, verdicts
from sqlalchemy import Connection, insert

from cratewise.learning.context import stock_of
from cratewise.learning.predict import predict_all
from cratewise.learning.refit import Learner, refit
from cratewise.learning.serving import serving
from cratewise.score import score_of
from cratewise.store.accounts import local_account
from cratewise.store.engine import open_engine, reading, writing
from cratewise.store.judgements import Verdict, record
from cratewise.store.migrate import upgrade
from cratewise.store.tables import listings, releases, sellers

Made = TypeVar("Made")

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECONDS = 5.0
MEGABYTES = 500.0
MORE = 50  # verdicts before the second refit
AT_ONCE = 500  # verdicts a transaction


def main() -> int:
    asked = _arguments()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        kept = pool.apply(_measure, (asked.listings, asked.verdicts))
    return 0 if kept else 1


def _measure(count: int, given: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/index.sqlite")
        upgrade(engine)
        told = market(count)
        with writing(engine) as db:
            account = local_account(db, currency="USD", country="US", at=NOON)
            _stock_up(db, told)
        keep = verdicts(told)
        del told
        for start in range(0, given, AT_ONCE):
            with writing(engine) as db:
                some = range(start, min(start + AT_ONCE, given))
                record(db, account.id, [_verdict(place, keep[place]) for place in some])
        learner = Learner(engine, account.id, Path(folder) / "models")
        print(f"{count:,} listings, {given:,} verdicts; {_megabytes():.0f} MB before")
        now = NOON + timedelta(days=30)
        _timed("read the stock, once in six hours", lambda: stock_of(engine, now))
        first = _timed("first refit, predictions and all", lambda: refit(learner, now))
        print(f"  {first[0].outcome}")
        with writing(engine) as db:
            for place in range(MORE):  # somebody thinks again
                again = _verdict(place, not keep[place])
                record(db, account.id, [again._replace(key=f"again {place}", judged_at=now)])
        second, whole = _timed("second refit, predictions and all", lambda: refit(learner, now))
        with reading(engine) as db:
            model = serving(db, account.id, learner.folder).model
        assert model is not None, second.outcome
        _, told_all = _timed(
            f"predictions of {count:,} listings alone",
            lambda: predict_all(engine, account.id, model, 2, now=now),
        )
        engine.dispose()
    alone, megabytes = whole - told_all, _megabytes()
    is_kept = alone <= SECONDS and megabytes <= MEGABYTES
    print(
        f"refit without predictions {alone:.2f} s, {megabytes:.0f} MB; promised {SECONDS:.0f} s "
        f"and {MEGABYTES:.0f} MB: {'kept' if is_kept else 'BROKEN'}"
    )
    return is_kept


def _timed(what: str, work: Callable[[], Made]) -> tuple[Made, float]:
    """What the work makes, and the seconds that it took."""
    began, worked = time.perf_counter(), time.process_time()
    made = work()
    seconds = time.perf_counter() - began
    print(
        f"{what:42}{seconds:8.2f} s, of processors {time.process_time() - worked:6.2f} s"
        f"{_megabytes():8.0f} MB at most so far",
        flush=True,
    )
    return made, seconds


def _verdict(place: int, keeps: bool) -> Verdict:
    moment = NOON + timedelta(minutes=place)
    return Verdict(str(place), place + 1, "keep" if keeps else "skip", moment)


def _stock_up(db: Connection, told: list[dict[str, Any]]) -> None:
    seller = {"id": 1, "username": "alice", "username_key": "alice", "created_at": NOON}
    db.execute(insert(sellers), [seller])
    db.execute(insert(releases), [_release(number, one) for number, one in enumerate(told, 1)])
    db.execute(insert(listings), [_listing(number, one) for number, one in enumerate(told, 1)])


def _release(number: int, one: dict[str, Any]) -> dict[str, Any]:
    names = ("artist", "title", "label", "format", "country", "year", "want", "have")
    row = {"id": number, "catalog_number": "", "changed_at": NOON}
    lists = {"genres": json.dumps(one["genres"]), "styles": json.dumps(one["styles"])}
    return row | {name: one[name] for name in names} | lists


def _listing(number: int, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "discogs_listing_id": number,
        "seller_id": 1,
        "release_id": number,
        "price_minor": round(one["price"] * 100),
        "currency": "USD",
        "price_usd": one["price"],
        "media_grade": 6,
        "score": score_of(one["want"], one["have"], one["price"]),
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "touched_at": NOON,
    }


def _megabytes() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--verdicts", type=int, default=5_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
