"""Faults on demand: each kind as a client meets it, the same for the same seed."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.conftest import HandClock

from cratewise.cli.simulate import simulate
from cratewise.errors import SettingError
from cratewise.simulator import Faults, Simulator, World
from cratewise.simulator.faults import KINDS, FaultError

SMALL = {"alice": 120}
Visit = Callable[..., httpx2.Client]


def served(**shares: float) -> Simulator:
    return Simulator(World(sellers=SMALL), faults=Faults(shares))


def test_a_burst_is_refused_though_the_minute_has_room(visit: Visit) -> None:
    with Simulator(World(sellers=SMALL), faults=Faults({"429": 1.0}), rate_limit=60) as discogs:
        refused = visit(discogs).get("/users/alice")

    assert refused.status_code == 429
    assert refused.json() == {"message": "You are making requests too quickly."}
    assert "X-Discogs-Ratelimit" not in refused.headers


def test_servers_fail_in_the_four_known_ways_mostly_with_a_page(visit: Visit) -> None:
    with served(**{"5xx": 1.0}) as discogs:
        client = visit(discogs)
        answers = [client.get("/users/alice") for _ in range(30)]

    assert {answer.status_code for answer in answers} == {500, 502, 503, 504}
    kinds = {answer.headers["Content-Type"].partition(";")[0] for answer in answers}
    assert kinds == {"application/json", "text/html"}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx2.ReadError),
        ("timeout", httpx2.ReadTimeout),
        ("cut", httpx2.RemoteProtocolError),
    ],
)
def test_a_connection_is_lost_in_three_ways(
    visit: Visit, kind: str, error: type[Exception]
) -> None:
    with served(**{kind: 1.0}) as discogs, pytest.raises(error):
        visit(discogs).get("/users/alice", timeout=1)

    assert [(logged.status, logged.fault) for logged in discogs.requests] == [(200, kind)]


def test_an_answer_that_never_comes_does_not_hold_up_the_end(visit: Visit) -> None:
    began = time.monotonic()
    with served(timeout=1.0) as discogs, pytest.raises(httpx2.ReadTimeout):
        visit(discogs).get("/users/alice", timeout=0.2)

    assert time.monotonic() - began < 60  # a silence is five minutes long


@pytest.mark.parametrize(("kind", "body"), [("html", "<html>"), ("empty", "")])
def test_a_200_may_be_no_json(visit: Visit, kind: str, body: str) -> None:
    with served(**{kind: 1.0}) as discogs:
        answer = visit(discogs).get("/users/alice")

    assert answer.status_code == 200
    assert answer.text[:6] == body


def test_errors_come_in_another_shape_too(visit: Visit) -> None:
    with served(odd=1.0) as discogs:
        answer = visit(discogs).get("/users/alice")

    assert answer.status_code == 500
    assert answer.json()["detail"][0]["loc"] == ["query", "page"]
    assert answer.json()["message"] == "Something went wrong."


def test_one_listing_of_a_page_makes_no_sense_and_the_others_do(visit: Visit) -> None:
    with served() as discogs:
        client = visit(discogs)
        whole = client.get("/users/alice/inventory?per_page=100").json()["listings"]
        discogs.faults.change({"listing": 1.0})
        broken = client.get("/users/alice/inventory?per_page=100").json()["listings"]

    different = [new for old, new in zip(whole, broken, strict=True) if old != new]
    assert len(different) == 1


def test_the_same_seed_meets_the_same_faults_in_the_shares_wished_for() -> None:
    shares = dict.fromkeys(KINDS, 0.01)
    first, second = Faults(shares, seed=4), Faults(shares, seed=4)
    met = [first.meet(0.0) for _ in range(20_000)]

    assert met == [second.meet(0.0) for _ in range(20_000)]
    counted = Counter(met)
    for kind in set(KINDS) - {"429"}:
        assert counted[kind] == pytest.approx(200, rel=0.3)
    assert counted["429"] == pytest.approx(500, rel=0.3)  # bursts of one to four


def test_an_outage_begins_after_some_requests_and_ends_by_the_clock(visit: Visit) -> None:
    clock = HandClock()
    faults = Faults.told("outage=3600@2")
    with Simulator(World(sellers=SMALL), faults=faults, clock=clock.monotonic) as discogs:
        client = visit(discogs)
        before = [client.get("/users/alice").status_code for _ in range(2)]
        during = client.get("/users/alice").status_code
        clock.advance(3_599)
        still = client.get("/users/alice").status_code
        clock.advance(2)
        after = client.get("/users/alice").status_code

    assert (before, during, still, after) == ([200, 200], 503, 503, 200)


def test_a_rival_takes_places_in_the_minute_of_the_same_address(visit: Visit) -> None:
    clock = HandClock()
    with Simulator(
        World(sellers=SMALL), faults=Faults(rival=20), rate_limit=60, clock=clock.monotonic
    ) as discogs:
        client = visit(discogs, token_of="digger")
        left = []
        for _ in range(50):
            clock.advance(60)
            left.append(int(client.get("/users/alice").headers["X-Discogs-Ratelimit-Remaining"]))

    rivals = [59 - remaining for remaining in left]
    assert sum(rivals) == pytest.approx(20 * 50, rel=0.1)
    assert len(set(rivals)) > 5  # Poisson, not evenly


def test_a_rival_may_come_in_bursts() -> None:
    faults = Faults(rival=20, rival_burst=5)
    faults.rivals(0.0, 60.0)

    arrivals = faults.rivals(6_000.0, 60.0)

    assert set(Counter(arrivals).values()) == {5}
    assert len(arrivals) == pytest.approx(2_000, rel=0.2)


def test_another_process_can_break_and_mend_it(visit: Visit) -> None:
    with Simulator(World(sellers=SMALL)) as discogs:
        client = visit(discogs)
        wished = client.post("/_simulator/faults", json={"5xx": 0.5, "html": 0.5, "rival": 20})
        broken = [client.get("/users/alice") for _ in range(10)]
        client.post("/_simulator/faults", json={"clear": True})
        mended = client.get("/users/alice")
        refused = client.post("/_simulator/faults", json={"gremlins": 1})

    assert wished.json() == {"5xx": 0.5, "html": 0.5, "rival": 20}
    assert all("html" in answer.text or answer.status_code == 500 for answer in broken)
    assert mended.json()["username"] == "alice"
    assert refused.status_code == 422
    assert "'gremlins' is no fault" in refused.json()["message"]


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ("gremlins=0.1", "'gremlins' is no fault; expected one of 429, 5xx"),
        ("5xx", "'5xx' is not like 5xx=0.01."),
        ("5xx=1.5", "5xx=1.5 is no share from 0 to 1."),
        ("all=0.5", "the shares of all faults come to more than 1."),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_in_a_sentence(wish: str, complaint: str) -> None:
    with pytest.raises(FaultError, match=complaint):
        Faults.told(wish)
    with pytest.raises(SettingError, match=f"--faults: .*{complaint[:12]}"):
        simulate(port=0, faults=wish)


def test_words_and_arguments_mean_the_same() -> None:
    told: Any = Faults.told("all=0.01, 5xx=0.2, rival=20x5", seed=9)
    given = Faults({**dict.fromkeys(KINDS, 0.01), "5xx": 0.2}, seed=9, rival=20, rival_burst=5)

    assert (told.shares, told.rival, told.rival_burst) == (given.shares, 20, 5)
    assert [told.meet(0) for _ in range(500)] == [given.meet(0) for _ in range(500)]
