"""The moving minute: how many requests an address may send, and what it is told."""

from typing import Any

from cratewise.simulator import Simulator, World
from cratewise.simulator.rate import MovingMinute

LIMIT = 12  # with a credential; 5 without
SMALL = {"alice": 3}


def statuses(client: Any, count: int) -> list[int]:
    return [client.get("/users/alice").status_code for _ in range(count)]


def test_a_stranger_gets_25_where_a_token_gets_60(visit: Any) -> None:
    with Simulator(World(sellers=SMALL), rate_limit=60) as discogs:
        stranger = visit(discogs).get("/users/alice")
        digger = visit(discogs, token_of="digger").get("/users/alice")

    assert stranger.headers["X-Discogs-Ratelimit"] == "25"
    assert digger.headers["X-Discogs-Ratelimit"] == "60"


def test_one_request_too_many_is_refused_without_a_word_about_when_to_come_back(
    visit: Any,
) -> None:
    with Simulator(World(sellers=SMALL), rate_limit=LIMIT) as discogs:
        client = visit(discogs, token_of="digger")
        let_in = statuses(client, LIMIT)
        refused = client.get("/users/alice")

    assert let_in == [200] * LIMIT
    assert refused.status_code == 429
    assert refused.json() == {"message": "You are making requests too quickly."}
    assert "Retry-After" not in refused.headers
    assert refused.headers["X-Discogs-Ratelimit-Remaining"] == "0"


def test_two_tokens_at_one_address_share_its_minute_and_another_address_has_its_own(
    visit: Any,
) -> None:
    with Simulator(World(sellers=SMALL), rate_limit=LIMIT) as discogs:
        both = statuses(visit(discogs, token_of="digger"), 8) + statuses(
            visit(discogs, token_of="hermit"), 5
        )
        elsewhere = statuses(visit(discogs, token_of="digger", address="127.0.0.2"), LIMIT)

    assert both == [200] * LIMIT + [429]
    assert elsewhere == [200] * LIMIT
    assert {logged.address for logged in discogs.requests} == {"127.0.0.1", "127.0.0.2"}


def test_remaining_is_true_while_used_falls_back_at_times(visit: Any) -> None:
    with Simulator(World(sellers=SMALL), rate_limit=LIMIT) as discogs:
        client = visit(discogs, token_of="digger")
        headers = [client.get("/users/alice").headers for _ in range(LIMIT)]

    used = [int(each["X-Discogs-Ratelimit-Used"]) for each in headers]
    remaining = [int(each["X-Discogs-Ratelimit-Remaining"]) for each in headers]
    assert remaining == list(range(LIMIT - 1, -1, -1))
    assert used != sorted(used)


def test_an_arrival_leaves_the_minute_a_minute_later() -> None:
    minute = MovingMinute(limit=2, seconds=60)

    at = [minute.take("127.0.0.1", True, now).is_refused for now in (0, 30, 59, 60, 61, 90)]

    assert at == [False, False, True, False, True, False]


def test_a_refused_request_takes_no_place_in_the_minute() -> None:
    minute = MovingMinute(limit=1, seconds=60)
    minute.take("127.0.0.1", True, 0)

    assert all(minute.take("127.0.0.1", True, now).is_refused for now in range(1, 60))
    assert not minute.take("127.0.0.1", True, 60).is_refused


def test_without_a_limit_the_headers_promise_plenty(stranger: Any) -> None:
    headers = stranger.get("/users/alice").headers

    assert int(headers["X-Discogs-Ratelimit-Remaining"]) >= 1_000_000
